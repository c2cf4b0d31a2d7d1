"""Read how far a draft is: who signed it, who made and tested its key, and what comes next."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.seats import acting, sitting
from alongside.core.canonical import canonical
from alongside.core.entries import Entry
from alongside.core.grammar.bureaus import policies
from alongside.core.grammar.engagements import LOCKS, is_recoverable, leads_of_today_hold, who_can_open
from alongside.core.grammar.recovery import READS
from alongside.core.grammar.ties import stake_since, told_of
from alongside.core.kinds import EntryKind
from alongside.core.workflow.engagements import TESTERS, DraftState, EngagementStep
from alongside.core.workflow.open_steps import LEADS, OpenStep
from alongside.ground.gate.roles import Viewer
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import answers_today, pack_of
from alongside.ground.record.models import LogEntry
from alongside.ground.record.persons import people_in
from alongside.ground.record.queries import entries_at, indexes_citing
from alongside.ground.record.rows import ASKED, RowsLog
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries.drafts import Gap, gaps


def draft_hash(engagement: Engagement) -> str:
    """Hash everything a signature stands for, in hexadecimal."""
    value = {
        "slug": engagement.slug,
        "partner": engagement.partner.public_id if engagement.partner else "",
        "decision": engagement.decision.entry if engagement.decision else -1,
        "decided_on": str(engagement.decision.on) if engagement.decision else "",
        "invitation": -1 if engagement.invitation is None else engagement.invitation,
        "level": [engagement.framework, engagement.level],
        "languages": engagement.languages,
        "retention": engagement.retention,
        "dates": [str(engagement.closes), str(engagement.report_back), str(engagement.answer_by)],
        "cap": engagement.cap,
        "kept_until": str(engagement.voices_kept_until),
        "words": engagement.words,
        "form": engagement.form,
    }
    return hashlib.sha256(canonical(value)).hexdigest()


def signing_now(engagement: Engagement, today: date) -> list[str]:
    """List who signed the draft exactly as it stands and can sign today: offices, and leads of neither side's other."""
    signed = signers(engagement, today, RowsLog.of(engagement.program).read(*ASKED))
    offices = [one for one in signed if "/" in one]
    seats = [one for one in signed if "/" not in one]
    return [*acting(engagement.program, seats, today, against=offices), *offices]


def signers(engagement: Engagement, today: date, log: RowsLog | None = None) -> list[str]:
    """List who signed the draft as it stands and holds the office still, or does not work for the partner, the first one first."""
    now, rows = draft_hash(engagement), sorted(engagement.signatures.all(), key=lambda one: one.signed_at)
    signed = [one.actor for one in rows if one.draft == now and one.stands(today)]
    return [one for one in signed if "/" in one or not employer_beside(engagement, one, log)]


def key_of(engagement: Engagement) -> tuple[Entry | None, Sequence[Entry]]:
    """Give the key of an engagement made last, None before it is made, and the entries by which it was tested."""
    rows = RowsLog.of(engagement.program)
    made = rows.about(EntryKind.KEY_MADE, engagement.slug)
    return (made[-1], rows.citing(made[-1].index, EntryKind.KEY_TESTED)) if made else (None, [])


def employer_beside(engagement: Engagement, seat: str, log: RowsLog | None = None) -> str:
    """Give the unit for which the lead of a seat works, or did since the key was made, beside the partner's; else nothing.

    The grammar takes no promise that such a lead signs. Who pays a lead's place keeps nobody from signing. What they said of it in any place of theirs counts. Six queries at most, two where the log was read ahead.
    """
    if engagement.partner is None:
        return ""
    rows, slug = log or RowsLog.of(engagement.program), engagement.partner.unit.slug
    told = _jobs_told(rows, seat)
    if not told:
        return ""
    made = rows.about(EntryKind.KEY_MADE, engagement.slug)
    start = made[-1].index if made else max((one.index + 1 for one in told), default=0)
    units = {slug, answers_today(pack_of(engagement.program), slug)}
    return stake_since(told, start, units, policies(rows), names=("works_for",))


def _jobs_told(log: RowsLog, seat: str) -> list[Entry]:
    """List what was told of whom the lead of a seat works for, oldest first: of the seat, and by the lead in any place."""
    told = [one for one in told_of(log, seat) if "works_for" in one.data]
    own = [one for one in log.every(EntryKind.SEAT_DECLARED) if one.by == (one.data["seat"],)]
    elsewhere = [one for one in own if "works_for" in one.data and one.data["seat"] != seat]
    people = people_in([seat, *(one.data["seat"] for one in elsewhere)]) if elsewhere else {}
    same = [one for one in elsewhere if people.get(one.data["seat"]) == people.get(seat)]
    return sorted((*told, *same), key=lambda one: one.index)


@dataclass(frozen=True)
class Progress:
    """How far a draft is: what it lacks, who holds and tested its key, and who signed it as it stands."""

    draft: Engagement
    state: DraftState
    gaps: list[Gap]
    holders: list[str]
    testers: list[str]
    #: Of the lead who began it and the viewer, who signs nothing beside this bureau, as they work for it, or did.
    employed: Collection[str]
    #: Everyone who signed the draft as it stands.
    signers: list[str]
    #: Who can open it, once all else is there.
    openers: list[str] = field(default_factory=list)

    @property
    def lacking(self) -> list[str]:
        """Name the languages in which words are missing."""
        return list(dict.fromkeys(one.lang for one in self.gaps))

    @property
    def waits_for(self) -> list[str]:
        """Name the languages whose words any lead can write, once its first words are all there and its last day is to come."""
        return self.lacking if self.state.is_begun else []

    @property
    def has_questions(self) -> bool:
        """Say whether there is a question."""
        return bool(self.draft.form.get("questions"))

    @property
    def is_written(self) -> bool:
        """Say whether every word is there in every language, be its last day to come or not."""
        return self.has_questions and not self.gaps

    @property
    def to_test(self) -> list[str]:
        """List the seats that hold its key and have not opened the test voice."""
        return [one for one in self.holders if one not in self.testers]

    def keyholders(self, step: OpenStep) -> list[str]:
        """List the seats that hold its key and can take a step: who have not opened the test voice, or can sign and open it."""
        return self.openers if step.what == EngagementStep.START else self.to_test

    @property
    def can_open(self) -> bool:
        """Say whether everything is there that opening needs."""
        return self.state.steps[0].what == EngagementStep.START


#: What is read of the record to tell whether a key can be recovered.
RECOVERY = (*READS, EntryKind.RECOVERY_LOCKED)


def progress_of(draft: Engagement, today: date) -> Progress:
    """Say how far a draft is on a day."""
    made, tests = key_of(draft)
    log = RowsLog.of(draft.program).read(*ASKED, *RECOVERY)
    is_held = made is not None and leads_of_today_hold(made.index, log, today)
    lead_sits = Seat.objects.filter(sitting(today), pk=draft.lead_id).exists()
    return _progress(draft, made, tests, log, today, is_held=is_held, lead_sits=lead_sits)


#: The last key that was made for each of some engagements, by its name, and the entries by which it was tested or given on.
type Keys = Mapping[str, tuple[Entry, Sequence[Entry]]]


def keys_of_many(program: Program, slugs: Sequence[str]) -> Keys:
    """Give the keys of engagements as the record tells them. Three queries at most."""
    lines = LogEntry.objects.filter(log__program=program, kind=EntryKind.KEY_MADE, subject__in=slugs)
    made = {one.subject: one.parsed for one in lines.order_by("index")}
    keys = [one.index for one in made.values()]
    about = indexes_citing(program, keys, (EntryKind.KEY_TESTED, *LOCKS)) if keys else ()
    told = entries_at(program, {citing for citing, _kind, cited_as in about}) if about else {}
    return {
        slug: (key, [one for one in told.values() if key.index in one.cites["key"]])
        for slug, key in made.items()
    }


def progress_of_many(
    viewer: Viewer,
    drafts: Sequence[Engagement],
    seated: Iterable[Seat],
    today: date,
    log: RowsLog,
    keys: Keys,
) -> list[Progress]:
    """Say how far some drafts are on a day, for the viewer's desk. More queries where a lead told of a job.

    Whoever is `seated` today and was given a key counts as holding it: opening looks whether it is their key still.
    """
    sits, found = {one.public_id for one in seated}, []
    for draft in drafts:
        made, about = keys.get(draft.slug, (None, ()))
        tests = [one for one in about if one.kind == EntryKind.KEY_TESTED]
        given = [one for one in [made, *about] if one and one.kind != EntryKind.KEY_TESTED]
        is_held = len(sits.intersection(seat for one in given for seat in one.data["wrapped_to"])) >= TESTERS
        lead_sits, seat = draft.lead.public_id in sits, viewer.seat or ""
        found.append(
            _progress(draft, made, tests, log, today, is_held=is_held, lead_sits=lead_sits, viewer=seat)
        )
    return found


def _progress(
    draft: Engagement,
    made: Entry | None,
    tests: Sequence[Entry],
    log: RowsLog,
    today: date,
    *,
    is_held: bool,
    lead_sits: bool,
    viewer: str = "",
) -> Progress:
    """Say how far a draft is; who opens it only where it can open, as nobody looks before."""
    lacks, signed = gaps(draft), signers(draft, today, log)
    employed = {one for one in (draft.lead.public_id, viewer) if one and employer_beside(draft, one, log)}
    lead = draft.lead.public_id if lead_sits else LEADS
    begun = bool(draft.form.get("questions")) and draft.closes >= today
    testers = sorted({seat for one in tests for seat in one.seats})
    state = DraftState(
        lead=lead,
        signer=LEADS if lead in employed else lead,
        is_begun=begun and all(one.lang != draft.languages[0] for one in lacks),
        is_written=begun and not lacks,
        has_key=made is not None,
        is_held=is_held,
        testers=len(testers),
        is_recoverable=made is not None and is_recoverable(made.index, log, today),
        lead_signed=any("/" not in one for one in signed),
        unit_signed=draft.partner is None or any("/" in one for one in signed),
    )
    holders = list(made.data["wrapped_to"]) if made else []
    found = Progress(draft, state, lacks, holders, testers, employed, signed)
    if made is None or not found.can_open:
        return found
    able = who_can_open(made.index, log, today)
    return replace(found, openers=[one for one in able if not employer_beside(draft, one, log)])
