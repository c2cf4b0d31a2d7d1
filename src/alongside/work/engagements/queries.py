"""Read engagements: the public ones, drafts, their questions, and the words of the pack about them."""

import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.core.paginator import Page as ListPage
from django.db.models import Q, QuerySet
from django.utils.formats import time_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.seats import acting, sitting
from alongside.core.canonical import canonical
from alongside.core.clocks import after_decision, latest_kept, plus_months
from alongside.core.entries import Entry, unit_of
from alongside.core.grammar.bureaus import policies
from alongside.core.grammar.charter import entry_hash
from alongside.core.grammar.engagements import (
    LOCKS,
    PROMISE_TEXTS,
    is_recoverable,
    leads_of_today_hold,
    leads_who_correct,
    who_can_open,
)
from alongside.core.grammar.project_rules import MOVES, is_made_early
from alongside.core.grammar.recovery import READS
from alongside.core.grammar.ties import stake_since, told_of
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.questions import PASS_ON, SPOKEN, STATEMENTS, in_languages, may_be_spoken
from alongside.core.questions import worded as form_words
from alongside.core.readability import LANGUAGES, Fault, faults_of, grade
from alongside.core.sealing.voice import form_hash
from alongside.core.sessions import Offer, Session, session_of_data
from alongside.core.words import has_words, hash_of
from alongside.core.workflow.asks import ASK_KINDS
from alongside.core.workflow.engagements import (
    CHANGES,
    DATES,
    TESTERS,
    DraftState,
    EngagementStage,
    EngagementState,
    EngagementStep,
    course_of,
)
from alongside.core.workflow.offered_statements import OfferDecision
from alongside.core.workflow.open_steps import LEADS, OpenStep
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.programs.models import Office, Program
from alongside.ground.programs.queries import answers_today, pack_of
from alongside.ground.record.labels import moved_words
from alongside.ground.record.models import Citation, LogEntry, Standing
from alongside.ground.record.persons import people_in
from alongside.ground.record.queries import (
    EntryView,
    TextView,
    entries_at,
    entry_views,
    entry_views_where,
    indexes_citing,
    is_under_hold,
    without_words,
    worded,
)
from alongside.ground.record.rows import ASKED, RowsLog
from alongside.ground.search.queries import SaidBefore, said_before, seen_before
from alongside.ground.ui.context import Language, language
from alongside.ground.ui.days import day_in_words, late_by
from alongside.ground.ui.pages import page_of
from alongside.work.engagements import asking
from alongside.work.engagements.asking import (
    Phrase,
    Question,
    Statement,
    parts_of,
    questions_of,
    statements_of,
)
from alongside.work.engagements.models import Correction, Engagement, Signature
from alongside.work.invitations.queries import Invited
from alongside.work.projects.models import DecisionPoint
from alongside.work.projects.queries import EngagementShown, courses_of, worded_courses

#: The record takes no more of them.
MOST_CITED = 50
#: What an office says to be given a later day for its answer.
PUTS_OFF = (EntryKind.ASK_EXTENDED, EntryKind.ANSWER_GIVEN)
#: The texts that a draft may hold.
DRAFT_TEXTS = (*PROMISE_TEXTS, "asked_again")
#: What the texts of a draft are called where leads write and both sides sign them.
LABELS = {
    "title": gettext_lazy("What you ask, in one line"),
    "decision": gettext_lazy("What is decided"),
    "can_change": gettext_lazy("What can change"),
    "cannot_change": gettext_lazy("What cannot change, and why"),
    "reading": gettext_lazy("Who can read what people write"),
    "consent": gettext_lazy("What their words are used for"),
    "asked_again": gettext_lazy("Why you ask again"),
}


#: What a session has for who comes, as pages say it.
OFFERS = {
    Offer.STEP_FREE: gettext_lazy("No steps on the way in"),
    Offer.SOUND: gettext_lazy("Sound for hearing aids"),
    Offer.CHILDCARE: gettext_lazy("Childcare"),
    Offer.FOOD: gettext_lazy("Food"),
    Offer.TRAVEL: gettext_lazy("Bus fare"),
}


@dataclass(frozen=True)
class SessionShown:
    """A session on its day, with its hours in the program's own time."""

    of: Session
    on: date
    hours: str
    offers: Sequence[str | Promise]
    is_over: bool

    @property
    def day(self) -> str:
        """Give its day in words."""
        return day_in_words(self.on)


def sessions_of(engagement: Engagement) -> list[Session]:
    """List the sessions of an engagement, the first one first."""
    return _sessions(engagement.plan)


def _sessions(plan: Mapping[str, Any]) -> list[Session]:
    return sorted((session_of_data(one) for one in plan.get("sessions", ())), key=lambda one: one.starts)


def sessions_shown(found: Iterable[Session], pack: Pack, today: date) -> list[SessionShown]:
    """Lay sessions out, in the order given."""
    zone, shown = ZoneInfo(pack.time_zone), []
    for one in found:
        begins, ends = one.starts.astimezone(zone), one.ends.astimezone(zone)
        hours = f"{time_format(begins.time())} – {time_format(ends.time())}"
        offers = [OFFERS[each] for each in one.has]
        shown.append(SessionShown(one, begins.date(), hours, offers, begins.date() < today))
    return shown


def sessions_by_slug(program: Program, **which: Any) -> dict[str, list[Session]]:
    """Give the sessions of engagements that are promised, by their slugs. One query."""
    rows = Engagement.objects.filter(program=program, **which).exclude(promise=None)
    return {slug: _sessions(plan) for slug, plan in rows.values_list("slug", "plan")}


def listening_in(program: Program, slug: str) -> tuple[list[str], list[Session]]:
    """Give by which methods leads listen in an engagement that is promised, and its sessions. One query."""
    plan = Engagement.objects.filter(program=program, slug=slug).values_list("plan", flat=True).first() or {}
    return list(plan.get("methods", [])), _sessions(plan)


def to_come_to(found: Iterable[SessionShown]) -> list[SessionShown]:
    """List of sessions those that anybody may come to, or that were cancelled, until their day is over."""
    return [one for one in found if one.of.is_public and not one.is_over]


def came_to(found: Iterable[SessionShown]) -> list[SessionShown]:
    """List of sessions those that anybody could come to and of which leads said how many came."""
    return [one for one in found if one.of.came and one.of.is_public]


@dataclass(frozen=True)
class Before:
    """What was said before, what has no answer first; and the reason for asking again, by language."""

    said: list[SaidBefore]
    reasons: dict[str, str]

    @property
    def unanswered(self) -> list[SaidBefore]:
        """List what has no answer."""
        return [one for one in self.said if one.is_unanswered]

    @property
    def lacks_reason(self) -> bool:
        """Say whether something has no answer and nobody says why it is asked again."""
        return bool(self.unanswered) and not self.reasons

    @property
    def cited(self) -> list[int]:
        """Give the entries that the promise cites, where it says why it asks again."""
        return sorted(one.told.index for one in self.said[:MOST_CITED]) if self.reasons else []


def asked_before(engagement: Engagement, lang: str = "en") -> Before:
    """Give what communities said before on a draft's project, or in words like its title in any of its languages."""
    words: dict[str, dict[str, Any]] = engagement.words
    titles = dict.fromkeys(texts["title"] for texts in words.values() if texts.get("title"))
    project = engagement.decision.project.entry if engagement.decision else None
    reasons = {code: texts["asked_again"] for code, texts in words.items() if texts.get("asked_again")}
    return Before(said_before(engagement.program, lang, titles=titles, project=project), reasons)


def asked_of(engagement: Engagement) -> dict[str, Any]:
    """Give what is asked in the languages of the promise; a draft may hold words in one that was taken out."""
    return in_languages(engagement.form, engagement.languages)


def first_words(engagement: Engagement) -> str:
    """Hash the first words of a draft, its questions among them: who checks another language reads it beside exactly these."""
    first = engagement.languages[0]
    said = {name: words for name, words in engagement.words.get(first, {}).items() if name in DRAFT_TEXTS}
    for one in form_words(engagement.form):
        said |= {f"{one['id']}-{key}": part.get(first, "") for key, part in parts_of(one).items()}
    return hash_of(said)


def is_checked(engagement: Engagement, lang: str) -> bool:
    """Say whether a person checked the words in a language beside the first words as they stand now."""
    return bool(engagement.words.get(lang, {}).get("checked") == first_words(engagement))


def said_in(engagement: Engagement, lang: str) -> dict[str, str]:
    """Give all that a draft says in a language, by the field it is typed in."""
    parts = asking.parts_by_field(engagement.words, engagement.form)
    return {name: part[lang] for name, part in parts.items() if part.get(lang)}


def words_done(engagement: Engagement, lang: str) -> tuple[tuple[str, date] | None, tuple[str, date] | None]:
    """Give who wrote the words of a draft in a language, and who read them beside the first words as they stand, each with the day."""
    done = engagement.plan.get("words", {}).get(lang, {})
    return _done(done.get("written")), _done(done.get("read")) if is_checked(engagement, lang) else None


def _done(said: Sequence[str] | None) -> tuple[str, date] | None:
    return (said[0], date.fromisoformat(said[1])) if said else None


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


def level_of(engagement: Engagement) -> dict[str, str]:
    """Give the level of participation of a draft as a promise tells it."""
    return {"framework": engagement.framework, "level": engagement.level}


def parts_of_draft(engagement: Engagement) -> dict[str, str]:
    """Give the parts of a draft as words, by name and language, to compare one version of it with another."""
    days = {name: getattr(engagement, name) for name in (*DATES, "voices_kept_until")}
    parts = {name: on.isoformat() for name, on in days.items() if on}
    parts["decided_on"] = str(engagement.decision.on) if engagement.decision else ""
    parts["office"] = engagement.partner.public_id if engagement.partner else ""
    parts["level"] = f"{engagement.framework}/{engagement.level}"
    parts |= {SPOKEN: SPOKEN} if may_be_spoken(engagement.form) else {}
    for lang in engagement.languages:
        texts = engagement.words.get(lang, {})
        parts |= {f"{name}:{lang}": str(texts.get(name) or "") for name in texts_of(engagement)}
        for one in form_words(engagement.form):
            said = [part.get(lang, "") for part in parts_of(one).values()]
            parts[f"{one['id']}:{lang}"] = " · ".join(said)
    return parts


def offices_that_sign(engagement: Engagement) -> list[str]:
    """List the offices that sign for the unit of a draft; none of a community engagement. One query."""
    if engagement.partner is None:
        return []
    found = Office.objects.filter(unit=engagement.partner.unit_id, signs=True).select_related("unit")
    return [one.public_id for one in found]


def signing_now(engagement: Engagement, today: date) -> list[str]:
    """List who signed the draft exactly as it stands and can sign today: offices, and leads of neither side's other."""
    rows = Signature.objects.filter(engagement=engagement, draft=draft_hash(engagement)).order_by("signed_at")
    signed = [one.actor for one in rows.select_related("post") if one.stands(today)]
    offices = [one for one in signed if "/" in one]
    log = RowsLog.of(engagement.program).read(*ASKED)
    seats = [one for one in signed if "/" not in one and not employer_beside(engagement, one, log)]
    return [*acting(engagement.program, seats, today, against=offices), *offices]


def _rows(program: Program) -> QuerySet[Engagement]:
    related = ("program", "lead", "partner__unit", "decision__project", "decision__office__unit")
    return (
        Engagement.objects.filter(program=program)
        .select_related(*related)
        .prefetch_related("signatures__post")
    )


def _theirs(program: Program, viewer: Viewer) -> QuerySet[Engagement]:
    """Give the engagements an viewer works on: all for leads, those with their own units for staff."""
    rows = _rows(program)
    return rows if viewer.has(Role.LEAD) else rows.filter(partner__unit__slug__in=viewer.units)


def drafts_for(program: Program, viewer: Viewer) -> list[Engagement]:
    """List the engagements that the viewer works on: drafts first, then the newest. Two queries."""
    found = list(_theirs(program, viewer).order_by("-pk"))
    return sorted(found, key=lambda one: one.promise is not None)


def rows_for(program: Program, viewer: Viewer) -> tuple[list[int], list[int]]:
    """Give the viewer's own engagements and those of others, by their rows: drafts first, then the newest. One query."""
    found = _theirs(program, viewer).order_by("-pk").values_list("pk", "lead", "promise")
    rows = sorted(found, key=lambda one: one[-1] is not None)
    own = [pk for pk, lead, _promise in rows if lead == viewer.seat_id]
    return own, [pk for pk, lead, _promise in rows if lead != viewer.seat_id]


def planned(
    program: Program, found: Sequence[int], today: date
) -> list[tuple[Engagement, EngagementShown | None]]:
    """Give engagements by their rows, in the order given, each with where it stands if it was promised. Five queries."""
    rows = _rows(program).in_bulk(found)
    promised = [one.promise for one in rows.values() if one.promise is not None]
    promises = [EntryView(one) for one in entries_at(program, promised).values()]
    stands = {one.told.index: one for one in courses_of(program, promises, today)}
    shown = [rows[pk] for pk in found]
    return [(one, None if one.promise is None else stands.get(one.promise)) for one in shown]


def waiting_for(program: Program, viewer: Viewer) -> list[Engagement]:
    """List the drafts whose partner is one of the viewer's units. Two queries."""
    rows = _rows(program).filter(partner__unit__slug__in=viewer.units, promise=None)
    return list(rows.order_by("-pk"))


def draft_for(program: Program, viewer: Viewer, slug: str) -> Engagement | None:
    """Give a draft that is not open yet and that the viewer works on, or None. Two queries."""
    return _theirs(program, viewer).filter(slug=slug, promise=None).first()


def draft_to_sign(program: Program, viewer: Viewer, slug: str) -> Engagement | None:
    """Give a draft whose partner is one of the viewer's units, or None. Two queries."""
    return _rows(program).filter(slug=slug, promise=None, partner__unit__slug__in=viewer.units).first()


def engagement_for(program: Program, viewer: Viewer, slug: str) -> Engagement | None:
    """Give an engagement, a draft or an open one, that the viewer works on, or None. Two queries."""
    rows = _rows(program)
    if not viewer.has(Role.LEAD):
        rows = rows.filter(partner__unit__slug__in=viewer.answers_for)
    return rows.filter(slug=slug).first()


def may_throw_away(engagement: Engagement, person: int | None, today: date) -> bool:
    """Say whether a draft is this lead's to throw away: its writer's; any lead's once its writer sits no more. One query."""
    writers = Seat.objects.filter(sitting(today), person=engagement.lead.person_id)
    return (
        person == engagement.lead.person_id
        or not writers.filter(cohort__program=engagement.program_id).exists()
    )


def open_for(program: Program, viewer: Viewer, slug: str) -> Engagement | None:
    """Give an engagement whose promise is frozen, for its leads, its unit and the steward, or None."""
    rows = _rows(program)
    if not viewer.has(Role.STEWARD, Role.LEAD):
        rows = rows.filter(partner__unit__slug__in=viewer.answers_for)
    return rows.filter(slug=slug).exclude(promise=None).first()


def signers(engagement: Engagement, today: date, log: RowsLog | None = None) -> list[str]:
    """List who signed the draft as it stands and holds the office still, or does not work for the partner, from signatures already read."""
    now = draft_hash(engagement)
    signed = [one.actor for one in engagement.signatures.all() if one.draft == now and one.stands(today)]
    return [one for one in signed if "/" in one or not employer_beside(engagement, one, log)]


def texts_of(engagement: Engagement) -> tuple[str, ...]:
    """Name the texts that a draft needs in every language: the reason for asking again only where one is given."""
    again = any(words.get("asked_again") for words in engagement.words.values())
    return DRAFT_TEXTS if again else PROMISE_TEXTS


@dataclass(frozen=True)
class Gap:
    """Words that are missing in a language: of the promise, or of a question (its id)."""

    lang: str
    question: str
    names: tuple[str, ...]


def gaps(engagement: Engagement) -> list[Gap]:
    """List what a draft lacks in its languages before it can be signed."""
    found = []
    needed = texts_of(engagement)
    for lang in engagement.languages:
        words = engagement.words.get(lang, {})
        missing = tuple(name for name in needed if not has_words(words.get(name) or ""))
        if missing:
            found.append(Gap(lang, "", missing))
        found += [
            Gap(lang, question["id"], ("words",))
            for question in form_words(engagement.form)
            if not all(
                has_words(part.get(lang) or "") for key, part in parts_of(question).items() if key != "hint"
            )
        ]
    return found


def late_days(engagement: Engagement) -> dict[str, date]:
    """Give the days of a draft that come after its decision, by their names."""
    decided = engagement.decision.on if engagement.decision else None
    answer_by = engagement.answer_by if engagement.partner else None
    return after_decision(decided, closes=engagement.closes, answer_by=answer_by)


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


def promise_data(engagement: Engagement, pack: Pack, recipient: str) -> dict[str, Any]:
    """Give the data of the promise that a draft would become."""
    data: dict[str, Any] = {
        "engagement": engagement.slug,
        "community": engagement.partner is None,
        "level": level_of(engagement),
        "languages": list(engagement.languages),
        "readers": "any-lead-with-the-key",
        "retention": engagement.retention,
        "closes": engagement.closes.isoformat(),
        "report_back": engagement.report_back.isoformat(),
        "k": pack.k,
        "cap": engagement.cap,
        "recipient": recipient,
        "form": form_hash(asked_of(engagement)),
        "backup_days": pack.clocks.backup_days,
    }
    if engagement.partner and engagement.answer_by:
        data["unit"] = engagement.partner.unit.slug
        data["office"] = engagement.partner.public_id
        data["answer_by"] = engagement.answer_by.isoformat()
    if engagement.decision:
        data["decided_on"] = engagement.decision.on.isoformat()
    if engagement.voices_kept_until:
        data["voices_kept_until"] = engagement.voices_kept_until.isoformat()
    return data


def slug_for(program: Program) -> str:
    """Draw a name for an address that no engagement of the program has or had a key for.

    It says nothing of the title: the public log tells it when a key is made, and nobody has signed the draft by then.
    """
    made = LogEntry.objects.filter(
        log__program=program, kind=EntryKind.KEY_MADE
    )  # the key of a draft that was thrown away stays
    while True:
        slug = f"q-{secrets.token_hex(3)}"
        drafts = Engagement.objects.filter(program=program, slug=slug)
        if not (drafts.exists() or made.filter(subject=slug).exists()):
            return slug


def chosen(program: Program, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Turn what a lead chose in step 1 into the office, the decision and the level of a draft."""
    unit, _, office = typed["partner"].partition("/")
    offices = Office.objects.filter(unit__program=program, unit__slug=unit, slug=office)
    points = DecisionPoint.objects.filter(project__program=program, pk=typed["point"] or 0)
    framework, level = typed["level"]
    return {
        "partner": offices.select_related("unit").first() if office else None,
        "decision": points.first() if typed["point"] else None,
        "framework": framework,
        "level": level,
    }


#: How long from today people speak, the unit answers and people hear back, where no decision comes sooner.
CLOSES, ANSWER, REPORT_BACK = timedelta(days=30), timedelta(days=75), timedelta(days=90)
KEPT = timedelta(days=455)


def first_days(pack: Pack, decision: DecisionPoint | None, today: date) -> dict[str, Any]:
    """Give the days that a draft begins with: people have spoken, and the unit has answered, before the decision.

    A lead changes them; what is kept is kept for as long as the first rule of the pack says.
    """
    span = (decision.on - today) if decision else ANSWER
    closes = today + max(timedelta(days=1), min(CLOSES, span * 2 // 5))
    answer_by = max(closes, today + min(ANSWER, span))
    report_back = answer_by + (REPORT_BACK - ANSWER)
    rule = next((one for one in pack.retention if one.verified), None)
    kept = (
        plus_months(report_back, 12 * rule.years) if rule and rule.years else report_back + KEPT - REPORT_BACK
    )
    return {
        "closes": closes,
        "answer_by": answer_by,
        "report_back": report_back,
        "retention": rule.id if rule else "",
        "voices_kept_until": min(kept, latest_kept(today)),
    }


def begins_with(program: Program, invited: Invited) -> dict[str, Any]:
    """Give what step 1 begins with where a unit asked leads for help. One query."""
    texts, data = invited.told, invited.told.entry.data
    points = DecisionPoint.objects.filter(project__program=program, project__slug=invited.project)
    point = points.filter(slug=invited.decision).first() if invited.decision else None
    return {
        "title": texts.say("title"),
        "decision": texts.say("decision"),
        "can_change": texts.say("open"),
        "partner": data["office"],
        "point": str(point.pk) if point else "",
        "level": f"{data['level']['framework']}/{data['level']['level']}",
    }


#: For so long the other side can sign a correction; then it says what its writer wanted once.
WAITS = timedelta(days=14)


def promise_of(engagement: Engagement) -> int:
    """Give the entry of the promise of an open engagement."""
    if engagement.promise is None:
        raise LookupError(f"Engagement {engagement.slug} is not open.")
    return engagement.promise


def _promise(engagement: Engagement, rows: RowsLog) -> Entry:
    promise = rows.get(promise_of(engagement))
    if promise is None:
        raise LookupError(f"Entry {engagement.promise} is not in the log; check the record.")
    return promise


def leads_to_correct(engagement: Engagement, today: date, log: RowsLog | None = None) -> set[str]:
    """Name the seats that correct an open engagement: who holds its key, else any lead. Four queries, two where the log is at hand."""
    rows = log or RowsLog.of(engagement.program).read(*ASKED)
    return leads_who_correct(_promise(engagement, rows), rows, today)


def is_by_ones_side(correction: Correction, by: str) -> bool:
    """Say whether a pen's own side wrote a correction; of a community engagement, that lead."""
    if correction.engagement.partner_id is None:
        return by == correction.by
    return ("/" in by) == ("/" in correction.by)


def told_by(engagement: Engagement, pack: Pack) -> Pack:
    """Give the pack by which counts of an engagement are told: once it is promised, with the k of its promise."""
    if engagement.promise is None:
        return pack
    return replace(pack, k=_promise(engagement, RowsLog.of(engagement.program)).data["k"])


def course_now(engagement: Engagement) -> EngagementState:
    """Say where an open engagement stands, from the record."""
    rows = RowsLog.of(engagement.program)
    promise = _promise(engagement, rows)
    return course_of(promise, [one for kind in CHANGES for one in rows.citing(promise.index, kind)])


def waiting_corrections(engagement: Engagement) -> list[Correction]:
    """List the corrections that wait for the other side, oldest first."""
    return list(Correction.objects.filter(engagement=engagement, entry=None).order_by("pk"))


def unsigned(pack: Pack, today: date) -> QuerySet[Correction]:
    """Give the corrections that wait for the other side, and are not older than WAITS."""
    since = datetime.combine(today - WAITS, time.min, ZoneInfo(pack.time_zone))
    return Correction.objects.filter(entry=None, proposed_at__gte=since)


def still_to_sign(log: RowsLog, pack: Pack, today: date, **which: Any) -> list[Correction]:
    """List the corrections that can be signed, oldest first: not older than WAITS, of a part not corrected since, and as their side pressed them.

    Whether it was corrected the record says, no row: what stands on it is entered no second time where its row waits again.
    Two queries at most.
    """
    rows = unsigned(pack, today).filter(**which).order_by("pk")
    found = list(rows.select_related("engagement__partner__unit", "post"))
    if found:
        log.read(EntryKind.ENGAGEMENT_CORRECTED)
    stands = [one for one in found if last_corrected(one.engagement, one.about, log) <= one.beside]
    return [one for one in stands if one.stands(today)]


def last_corrected(engagement: Engagement, about: str, log: RowsLog) -> int:
    """Give the last entry that corrects a part of a promise; 0 where it was never corrected."""
    told = log.citing(promise_of(engagement), EntryKind.ENGAGEMENT_CORRECTED)
    return max((one.index for one in told if one.data["about"] == about), default=0)


def is_entered(engagement: Engagement, pk: int) -> bool:
    """Say whether a correction of an engagement is on the record."""
    return Correction.objects.filter(engagement=engagement, pk=pk).exclude(entry=None).exists()


def correction_for(engagement: Engagement, pk: int) -> Correction | None:
    """Give a correction of an engagement that waits for the other side, or None."""
    rows = Correction.objects.filter(engagement=engagement, entry=None, pk=pk)
    return rows.select_related("engagement__program", "engagement__partner").first()


#: An engagement that closes within so many days is coming to a close.
SOON = 14


def standings(program: Program, today: date) -> dict[str, EngagementShown]:
    """Say where every promised engagement stands, by its slug, without its words. Three queries."""
    promises = without_words(program, kinds=[EntryKind.ENGAGEMENT_PROMISED])
    return {one.slug: one for one in courses_of(program, promises, today)}


#: How a list of engagements groups them, in this order.
GROUPS = ("open", "closing", "paused", "over")


def listing(program: Program, lang: str, today: date, number: str | None) -> ListPage[EngagementShown]:
    """Give a page of the engagements of a program: open, closing soon, paused, and over. Four queries."""
    found: dict[str, list[EngagementShown]] = {name: [] for name in GROUPS}
    for one in standings(program, today).values():
        found[group_of(one, today)].append(one)
    for name in ("open", "closing", "over"):
        found[name].sort(key=lambda one: one.course.closes, reverse=name == "over")
    page = page_of([one for name in GROUPS for one in found[name]], number)
    page.object_list = worded_courses(program, page.object_list, lang)
    return page


def group_of(one: EngagementShown, today: date) -> str:
    """Say in which group of a list an engagement stands."""
    soon = one.course.days_left(today) < SOON
    names = {EngagementStage.PAUSED: "paused", EngagementStage.OPEN: "closing" if soon else "open"}
    return names.get(one.state, "over")


@dataclass(frozen=True)
class PutOff:
    """So many answers that a bureau put off from a day to a later one, by "not yet" or by more time."""

    was: str
    until: str
    unit: str
    is_not_yet: bool
    n: int


@dataclass(frozen=True)
class Page:
    """An engagement as residents see it, whether its promise is on the record or still a draft."""

    slug: str
    data: Mapping[str, Any]
    texts: Mapping[str, TextView]
    questions: list[Question]
    closes: date
    report_back: date
    answer_by: date | None
    entry: int | None = None
    #: The hash of its leaf in the log: what a voice names that somebody agreed to.
    leaf: str = ""
    on: date | None = None
    #: How many leads who sit today hold the key, and how many held it whose seat is over.
    readers: int = 0
    former: int = 0
    #: Whether enough of the leads' recovery papers open it, too.
    papers: bool = False
    state: EngagementStage = EngagementStage.OPEN
    course: EngagementState | None = None
    #: The promised day on which the key should have been destroyed, where that has passed; and whether a legal hold stands.
    overdue: date | None = None
    is_held: bool = False
    #: The entry that paused it, while it is paused.
    paused: EntryView | None = None
    decision: EntryView | None = None
    #: What moved or made the decision, oldest first.
    moves: list[EntryView] = field(default_factory=list)
    project: EntryView | None = None
    corrections: list[EntryView] = field(default_factory=list)
    #: What communities said before, where the promise says why it asks again.
    before: list[SaidBefore] = field(default_factory=list)
    #: What offices put off past the promised day.
    put_off: list[PutOff] = field(default_factory=list)
    #: What leads asked of which the answer is late.
    unanswered: list[Standing] = field(default_factory=list)
    #: Whether people may answer by voice, as was frozen with the questions.
    spoken: bool = False
    #: What people judge, where they are asked to.
    statements: list[Statement] = field(default_factory=list)

    @property
    def title(self) -> TextView | None:
        """Give the title, or None where it was taken down."""
        return self.texts.get("title")

    @property
    def decided_on(self) -> date | None:
        """Give the day of the decision as it was promised, where the promise cites one."""
        if self.decision is None:
            return None
        before = [one for one in self.moves if self.entry is not None and one.index < self.entry]
        was = (before[-1] if before else self.decision).entry.data["on"]
        return date.fromisoformat(self.data.get("decided_on", was))

    @property
    def moved(self) -> EntryView | None:
        """Give what changed the day of the decision since it was promised: that it was moved, or made on another day."""
        last = self.moves[-1] if self.moves else None
        is_moved = last is not None and date.fromisoformat(last.entry.data["on"]) != self.decided_on
        return last if is_moved else None

    @property
    def decision_day(self) -> date | None:
        """Give the day of the decision as it stands now, where the promise cites one."""
        return date.fromisoformat(self.moved.entry.data["on"]) if self.moved else self.decided_on

    @property
    def hear_back(self) -> list[tuple[str, date]]:
        """Give who says by which day what came of it, the earlier day first."""
        days = [("leads", self.report_back), *([("bureau", self.answer_by)] if self.answer_by else [])]
        return sorted(days, key=lambda one: one[1])

    @property
    def backups_until(self) -> date | None:
        """Give the day by which the last locked copies in backups are gone, where a promise or its draft says so."""
        if self.course:
            return self.course.backups_until
        kept, days = self.data.get("voices_kept_until"), self.data.get("backup_days")
        return date.fromisoformat(kept) + timedelta(days=days) if kept and days else None

    @property
    def may_pass_on(self) -> bool:
        """Say whether people are asked if leads may pass on what they say."""
        return any(one.id == PASS_ON for one in self.questions)

    @property
    def is_decided_early(self) -> bool:
        """Say whether the decision was made before the last day to speak was over."""
        last = self.moves[-1].entry if self.moves else None
        return bool(last and is_made_early(last, self.closes))

    @property
    def late(self) -> dict[str, date]:
        """Give the days, as corrected, that come after the decision, by their names."""
        decided = self.decision_day
        late = after_decision(decided, closes=self.closes, answer_by=self.answer_by)
        return {**late, "decided": decided} if late and decided else {}

    @property
    def is_reported_late(self) -> bool:
        """Say whether the leads may report after the decision what people said before it."""
        return bool(after_decision(self.decision_day, report_back=self.report_back))

    @property
    def was(self) -> Mapping[str, date]:
        """Give the days as first promised, by their names, where they were corrected since."""
        return self.course.as_promised if self.course else {}

    @property
    def corrected(self) -> EntryView | None:
        """Give the last correction, or None."""
        return self.corrections[-1] if self.corrections else None

    @property
    def translated(self) -> TextView | None:
        """Give a text that is a translation, if any shown text is one."""
        return next((one for one in self.texts.values() if not one.is_original), None)

    @property
    def is_reviewed(self) -> bool:
        """Say whether a person reviewed every translation shown."""
        return all(one.is_reviewed for one in self.texts.values())


def still_asked(program: Program, promise: int) -> list[Standing]:
    """Give what leads asked on a promise of which the answer is still owed. One query."""
    told = Citation.objects.filter(log__program=program, cited=promise, role="engagement", kind__in=ASK_KINDS)
    rows = Standing.objects.filter(log__program=program, ask__in=told.values("citing"))
    return [one for one in rows.order_by("ask") if one.runs]


def late_words(found: Iterable[Standing], pack: Pack, lang: str, today: date) -> list[str]:
    """Say which bureau is late with answers, by how much, and that more time was taken since. Asks nothing."""
    said = Counter(
        (
            pack.unit_name(unit_of(office), lang),
            late_by(days),
            moved_words(one, office),
        )
        for one in found
        for office, days in one.late_by_office(today).items()
    )
    return [
        " ".join(
            filter(
                None,
                [
                    ngettext(
                        "%(office)s: %(n)d answer is %(late)s.", "%(office)s: %(n)d answers are %(late)s.", n
                    )
                    % {"office": office, "n": n, "late": late},
                    moved,
                ],
            )
        )
        for (office, late, moved), n in said.items()
    ]


def put_off(program: Program, asks: Collection[int], promised: date | None) -> list[PutOff]:
    """List of what was asked what was put off past a promise's answer-by day. Two queries at most."""
    if not asks:
        return []
    moved = Citation.objects.filter(log__program=program, cited__in=asks, role="ask", kind__in=PUTS_OFF)
    rows = LogEntry.objects.filter(log__program=program, index__in=moved.values("citing")).order_by("index")
    last = {one.cites["ask"][0]: one for row in rows if "until" in (one := row.parsed).data}
    late = {ask: one for ask, one in last.items() if promised and one.data["until"] > str(promised)}
    was = entries_at(program, late) if late else {}
    found = Counter(
        (
            was[ask].data["answer_due"],
            one.data["until"],
            unit_of(one.by[0]),
            one.kind == EntryKind.ANSWER_GIVEN,
        )
        for ask, one in late.items()
    )
    return [PutOff(*key, n) for key, n in sorted(found.items())]


def put_off_words(found: Iterable[PutOff], pack: Pack, lang: str) -> list[str]:
    """Say which bureau put off answers, from which day to which, and how. Asks nothing."""
    return [
        (
            ngettext(
                "%(n)d thing that leads asked was due by %(was)s. %(office)s said “not yet”, and answers by %(day)s.",
                "%(n)d things that leads asked were due by %(was)s. %(office)s said “not yet”, and answers by %(day)s.",
                one.n,
            )
            if one.is_not_yet
            else ngettext(
                "%(n)d thing that leads asked was due by %(was)s. %(office)s took more time, until %(day)s.",
                "%(n)d things that leads asked were due by %(was)s. %(office)s took more time, until %(day)s.",
                one.n,
            )
        )
        % {
            "n": one.n,
            "was": day_in_words(date.fromisoformat(one.was)),
            "office": pack.unit_name(one.unit, lang),
            "day": day_in_words(date.fromisoformat(one.until)),
        }
        for one in found
    ]


def stands_now(page: Page, about: Sequence[tuple[str, str | Promise]]) -> list[dict[str, Any]]:
    """List what stands now of a promise, under the names that its corrections give; no day that it does not promise.

    Each is a day and the one first promised, or words.
    """
    days = {"closes": page.closes, "report_back": page.report_back, "answer_by": page.answer_by}
    return [
        {
            "name": name,
            "day": days.get(key),
            "was": page.was.get(key),
            "text": page.texts.get(key),
            "corrections": [one for one in page.corrections if one.entry.data["about"] == key],
        }
        for key, name in about
        if key not in days or days[key]
    ]


def engagement_page(program: Program, lang: str, slug: str, today: date) -> Page | None:
    """Give an engagement as the record has it, or None where nothing is promised. Ten queries at most."""
    found = entry_views_where(program, lang, kinds=[EntryKind.ENGAGEMENT_PROMISED], subject=slug)
    if (promise := next(iter(found), None)) is None:
        return None
    near, rows = _near(program, promise, lang)
    decision = next(iter(_cited(promise, "decision", near)), None)
    projects = entry_views(program, decision.entry.cites["project"] if decision else (), lang)
    changes = [near[citing] for citing, kind, _cited in rows if kind in CHANGES]
    course = course_of(promise.entry, [one.entry for one in changes])
    overdue = course.overdue_since(today)
    asked = still_asked(program, promise.index)
    late = [one for one in asked if one.is_answer_past(today)]
    readers, former = holders_today(program, _holders(near.values()), today)
    return Page(
        slug=slug,
        data=promise.entry.data,
        texts=promise.texts,
        **_frozen(promise, lang, list(near.values())),
        closes=course.closes,
        report_back=course.report_back,
        answer_by=course.answer_by,
        entry=promise.index,
        leaf=entry_hash(promise.entry),
        on=promise.entry.date,
        readers=readers,
        former=former,
        papers=any(kind == EntryKind.RECOVERY_LOCKED for _citing, kind, _cited in rows),
        state=course.state(today),
        course=course,
        overdue=overdue,
        paused=near[course.paused.index] if course.paused else None,
        is_held=overdue is not None and is_under_hold(program),
        decision=decision,
        moves=[near[citing] for citing, kind, _cited in rows if kind in MOVES],
        project=next(iter(projects.values()), None),
        before=seen_before(program, _cited(promise, "before", near)),
        corrections=[one for one in changes if one.entry.kind == EntryKind.ENGAGEMENT_CORRECTED],
        put_off=put_off(program, {one.ask for one in asked} - {one.ask for one in late}, course.answer_by),
        unanswered=late,
    )


def released_of(decided: Iterable[EntryView], lang: str) -> list[Statement]:
    """Give, of some entries, the statements that people offered and leads released, in a language or the first of theirs; none whose words were taken down."""
    found = []
    for one in decided:
        is_released = (
            one.entry.kind == EntryKind.OFFER_DECIDED and one.entry.data["decision"] == OfferDecision.RELEASED
        )
        if is_released and one.texts:
            text = one.texts.get(lang) or next(iter(one.texts.values()))
            found.append(Statement(one.entry.data["statement"], Phrase(text.words, text.lang), one.index))
    return found


def _frozen(promise: EntryView, lang: str, near: Sequence[EntryView]) -> dict[str, Any]:
    """Give what is asked, whether people may answer by voice, and what they judge, as the promise froze it and leads added to it."""
    form, first = frozen_form(promise), promise.lang("form")
    return {
        "questions": questions_of(form, lang, first),
        "spoken": may_be_spoken(form),
        "statements": [*statements_of(form, lang, first), *released_of(near, lang)],
    }


def _cited(promise: EntryView, role: str, near: Mapping[int, EntryView]) -> list[EntryView]:
    return [near[one] for one in promise.entry.cites.get(role, ()) if one in near]


def _holders(near: Iterable[EntryView]) -> set[str]:
    return {seat for one in near for seat in one.entry.data.get("wrapped_to", ())}


def _near(
    program: Program, promise: EntryView, lang: str
) -> tuple[dict[int, EntryView], list[tuple[int, str, int]]]:
    """Give the entries around a promise: its key, its decision, what changed it, with whom the key was shared."""
    key = promise.entry.cites["key"]
    decision = promise.entry.cites.get("decision", ())
    rows = indexes_citing(
        program,
        [promise.index, *key, *decision],
        [*CHANGES, *MOVES, *LOCKS, EntryKind.RECOVERY_LOCKED, EntryKind.OFFER_DECIDED],
    )
    wanted = {*(citing for citing, _kind, _cited in rows), *key}
    wanted.update(index for role in ("decision", "before") for index in promise.entry.cites.get(role, ()))
    return entry_views(program, wanted, lang), rows


def holders_today(program: Program, seats: Collection[str], today: date) -> tuple[int, int]:
    """Count the people behind these seats who sit today, be it in another seat, and those who do not. One query."""
    behind = Seat.objects.filter(cohort__program=program, public_id__in=seats).values("person")
    theirs = Seat.objects.filter(cohort__program=program, person__in=behind)
    people: dict[int, bool] = {}
    for person, sits in theirs.annotate(sits=sitting(today)).values_list("person", "sits"):
        people[person] = people.get(person, False) or bool(sits)
    sit = sum(people.values())
    return sit, len(people) - sit


def frozen_form(promise: EntryView) -> dict[str, Any]:
    """Give the form that was promised; an empty one where the words are not those whose hash is in the promise."""
    words = promise.say("form")
    if hashlib.sha256(words.encode()).hexdigest() != promise.entry.data["form"]:
        return {}
    form: dict[str, Any] = json.loads(words)
    return form


def has_statements(promise: EntryView) -> bool:
    """Say whether people judge statements under a promise, of an entry with its words."""
    return bool(frozen_form(promise).get(STATEMENTS))


def promised_questions(program: Program, slug: str) -> tuple[dict[str, Any], list[str], str] | None:
    """Give the form that was promised, its languages and its title in the first one; None where nothing is promised. Two queries."""
    told = without_words(program, kinds=[EntryKind.ENGAGEMENT_PROMISED], subject=slug)[:1]
    for promise in worded(program, told, told[0].entry.data["languages"][0] if told else ""):
        return frozen_form(promise), promise.entry.data["languages"], promise.say("title") or slug
    return None


#: Words should read at this school grade, or below it.
GRADE = 8


@dataclass(frozen=True)
class Progress:
    """How far a draft is: what it lacks, who holds and tested its key, and who signed it as it stands."""

    draft: Engagement
    gaps: list[Gap]
    holders: list[str] = field(default_factory=list)
    testers: list[str] = field(default_factory=list)
    has_key: bool = False
    is_held: bool = False
    #: Whether the recovery papers of the leads are checked, and open this key too.
    is_recoverable: bool = False
    #: Whether the lead who began it sits today; else any lead goes on.
    lead_sits: bool = True
    #: Of the lead who began it and the viewer, who signs nothing beside this bureau, as they work for it, or did.
    employed: Collection[str] = ()
    #: Everyone who signed the draft as it stands.
    signers: list[str] = field(default_factory=list)
    #: Who can open it, once all else is there.
    openers: list[str] = field(default_factory=list)

    def steps(self, today: date) -> tuple[OpenStep, ...]:
        """Give what is open, each with who takes it."""
        lead = self.draft.lead.public_id if self.lead_sits else LEADS
        is_written = self.is_written and self.draft.closes >= today
        state = DraftState(
            lead=lead,
            signer=LEADS if lead in self.employed else lead,
            is_begun=is_written or bool(self.waits_for(today)),
            is_written=is_written,
            has_key=self.has_key,
            is_held=self.is_held,
            testers=len(self.testers),
            is_recoverable=self.is_recoverable,
            lead_signed=self.lead_signed,
            unit_signed=self.unit_signed,
        )
        return state.steps

    def waits_for(self, today: date) -> list[str]:
        """Name the languages whose words any lead can write, once its first words are all there and its last day is to come."""
        lacking = list(dict.fromkeys(one.lang for one in self.gaps))
        waits = self.has_questions and self.draft.languages[0] not in lacking and self.draft.closes >= today
        return lacking if waits else []

    @property
    def lead_signed(self) -> bool:
        """Say whether a lead signed the draft as it stands."""
        return any(one.startswith("seat-") for one in self.signers)

    @property
    def unit_signed(self) -> bool:
        """Say whether the unit signed the draft as it stands; nobody needs to for a community engagement."""
        return self.draft.partner is None or any("/" in one for one in self.signers)

    @property
    def has_questions(self) -> bool:
        """Say whether there is a question."""
        return bool(self.draft.form.get("questions"))

    @property
    def is_written(self) -> bool:
        """Say whether every word is there in every language."""
        return self.has_questions and not self.gaps

    @property
    def to_test(self) -> list[str]:
        """List the seats that hold its key and have not opened the test voice."""
        return [one for one in self.holders if one not in self.testers]

    def keyholders(self, step: OpenStep) -> list[str]:
        """List the seats that hold its key and can take a step: who have not opened the test voice, or can sign and open it."""
        return self.openers if step.what == EngagementStep.START else self.to_test

    @property
    def is_tested(self) -> bool:
        """Say whether two leads opened a test voice."""
        return len(self.testers) >= TESTERS

    @property
    def is_left(self) -> bool:
        """Say whether there is a key, and two leads of today do not hold it any more."""
        return self.has_key and not self.is_held

    @property
    def can_open(self) -> bool:
        """Say whether everything is there that opening needs."""
        is_ready = self.is_tested and self.is_held and self.is_recoverable
        return self.is_written and is_ready and self.lead_signed and self.unit_signed


#: What is read of the record to tell whether a key can be recovered.
RECOVERY = (*READS, EntryKind.RECOVERY_LOCKED)


def progress_of(draft: Engagement, today: date) -> Progress:
    """Say how far a draft is on a day."""
    made, tests = key_of(draft)
    log = RowsLog.of(draft.program).read(*ASKED, *RECOVERY)
    found = Progress(
        draft,
        gaps(draft),
        list(made.data["wrapped_to"]) if made else [],
        sorted({seat for one in tests for seat in one.seats}),
        has_key=made is not None,
        is_held=made is not None and leads_of_today_hold(made.index, log, today),
        is_recoverable=made is not None and is_recoverable(made.index, log, today),
        lead_sits=Seat.objects.filter(sitting(today), pk=draft.lead_id).exists(),
        employed=_employed(draft, {draft.lead.public_id}, log),
        signers=signers(draft, today, log),
    )
    return _with_openers(found, made, log, today)


def _with_openers(found: Progress, made: Entry | None, log: RowsLog, today: date) -> Progress:
    """Say of a draft that can open who opens it; nobody looks before."""
    if made is None or not found.can_open:
        return found
    able = who_can_open(made.index, log, today)
    return replace(found, openers=[one for one in able if not employer_beside(found.draft, one, log)])


def _employed(draft: Engagement, seats: Collection[str], log: RowsLog) -> set[str]:
    """Of these seats, name those that sign nothing beside the partner of a draft."""
    return {one for one in seats if one and employer_beside(draft, one, log)}


class Keys(NamedTuple):
    """The last key that was made for each of some engagements, by its name, and who tested these keys or was given them."""

    made: Mapping[str, Entry]
    about: Sequence[Entry]


def keys_of_many(program: Program, slugs: Sequence[str]) -> Keys:
    """Give the keys of engagements as the record tells them. Three queries at most."""
    lines = LogEntry.objects.filter(log__program=program, kind=EntryKind.KEY_MADE, subject__in=slugs)
    made = {one.subject: one.parsed for one in lines.order_by("index")}
    keys = [one.index for one in made.values()]
    about = indexes_citing(program, keys, (EntryKind.KEY_TESTED, *LOCKS)) if keys else ()
    told = entries_at(program, {citing for citing, _kind, _cited in about}) if about else {}
    return Keys(made, list(told.values()))


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
    sits = {one.public_id for one in seated}
    return [_progress(one, keys.made.get(one.slug), keys.about, sits, today, log, viewer) for one in drafts]


def _progress(
    draft: Engagement,
    made: Entry | None,
    about: Sequence[Entry],
    sits: Collection[str],
    today: date,
    log: RowsLog,
    viewer: Viewer,
) -> Progress:
    mine = [one for one in about if made and made.index in one.cites["key"]]
    tests = [one for one in mine if one.kind == EntryKind.KEY_TESTED]
    given = [one for one in [made, *mine] if one and one.kind != EntryKind.KEY_TESTED]
    held = {seat for one in given for seat in one.data["wrapped_to"]}
    found = Progress(
        draft,
        gaps(draft),
        list(made.data["wrapped_to"]) if made else [],
        sorted({seat for one in tests for seat in one.seats}),
        has_key=made is not None,
        is_held=len(held.intersection(sits)) >= TESTERS,
        is_recoverable=made is not None and is_recoverable(made.index, log, today),
        lead_sits=draft.lead.public_id in sits,
        employed=_employed(draft, {draft.lead.public_id, viewer.seat or ""}, log),
        signers=signers(draft, today, log),
    )
    return _with_openers(found, made, log, today)


def preview(draft: Engagement, pack: Pack, lang: str, today: date) -> Page:
    """Show a draft with the same parts as the page of a promise. Seven queries at most."""
    first = draft.languages[0]
    key, _tests = key_of(draft)
    decision, project = _decision(draft, lang)
    before = asked_before(draft, lang)
    return Page(
        slug=draft.slug,
        data=promise_data(draft, pack, ""),
        texts=_texts(draft, lang if lang in draft.languages else first),
        questions=questions_of(asked_of(draft), lang, first),
        closes=draft.closes,
        report_back=draft.report_back,
        answer_by=draft.answer_by if draft.partner else None,
        readers=holders_today(draft.program, key.data["wrapped_to"], today)[0] if key else 0,
        papers=True,
        decision=decision,
        project=project,
        before=before.said if before.reasons else [],
        spoken=may_be_spoken(asked_of(draft)),
        statements=statements_of(asked_of(draft), lang, first),
    )


@dataclass(frozen=True)
class InLanguage:
    """All that a signature stands for in one language, each text with what it is called, and whether a person checked it."""

    lang: str
    is_checked: bool
    texts: list[tuple[Promise, TextView]]
    questions: list[Question]
    statements: list[Statement]


def in_each_language(draft: Engagement, but: str = "") -> list[InLanguage]:
    """Give the words of a draft in each of its languages but the one that is shown already."""
    first = draft.languages[0]
    return [
        InLanguage(
            lang,
            lang == first or is_checked(draft, lang),
            [(LABELS[name], text) for name, text in _texts(draft, lang).items()],
            questions_of(asked_of(draft), lang, first),
            statements_of(asked_of(draft), lang, first),
        )
        for lang in draft.languages
        if lang != but
    ]


def moves_of(
    draft: Engagement, lang: str, *, since: date | None = None
) -> list[tuple[EntryView, date, date]]:
    """Say how the decision of a draft moved since a day, oldest first: the entry, from which day and to which. Three queries at most.

    Without a day the newest move alone: nothing says when a draft was tied to its decision.
    """
    if draft.decision is None:
        return []
    cited = draft.decision.entry
    moves = [one for one, *_rest in indexes_citing(draft.program, [cited], [EntryKind.DECISION_MOVED])]
    found = entry_views(draft.program, [cited, *moves], lang) if moves else {}
    days = [date.fromisoformat(found[one].entry.data["on"]) for one in (cited, *moves) if moves]
    told = [(found[one], was, on) for one, was, on in zip(moves, days, days[1:], strict=False)]
    return [one for one in told if one[0].entry.date >= since] if since else told[-1:]


def _decision(draft: Engagement, lang: str) -> tuple[EntryView | None, EntryView | None]:
    if draft.decision is None:
        return None, None
    entries = (draft.decision.entry, draft.decision.project.entry)
    found = entry_views(draft.program, entries, lang)
    return found[entries[0]], found[entries[1]]


def _texts(draft: Engagement, lang: str) -> dict[str, TextView]:
    found, words, first = {}, draft.words, draft.languages[0]
    for name in texts_of(draft):
        here = lang if words.get(lang, {}).get(name) else first
        text = words.get(here, {}).get(name, "")
        checked = here == first or is_checked(draft, here)
        maker = "person" if checked else "machine"
        found[name] = TextView(text, here, first, here == first, checked, maker, name)
    return found


def remarks(text: str, lang: str) -> list[str]:
    """Say what makes a question hard to read or to answer as it is meant; whoever writes it decides."""
    found = grade(text, fewest=1) if lang in LANGUAGES else None
    said = {
        Fault.DOUBLE: _(
            "This may ask two things at once. Two questions get two answers that you can tell apart."
        ),
        Fault.LEADING: _(
            "This may put an answer into people’s mouths. Ask it so that both yes and no are easy to say."
        ),
        Fault.LONG: _("This is long. People answer short questions more often."),
    }
    hard = _("This reads like school grade %(grade)d. Shorter words and sentences help.")
    reads = [hard % {"grade": round(found)}] if found and found >= GRADE + 0.5 else []
    return [*reads, *(said[fault] for fault in faults_of(text, lang))]


def remarks_on(question: Mapping[str, Any], first: str) -> list[str]:
    """Say what makes a question hard in each of its languages; those that are not the first by their name."""
    elsewhere = {lang: words for lang, words in question["words"].items() if lang != first}
    return remarks(question["words"].get(first, ""), first) + [
        f"{language(lang).name}: {one}" for lang, words in elsewhere.items() for one in remarks(words, lang)
    ]


def title_of(draft: Engagement, lang: str) -> tuple[str, str]:
    """Give a draft's title and its language: the reader's where it is written, else the first."""
    for code in (lang, draft.languages[0]):
        if title := draft.words.get(code, {}).get("title"):
            return str(title), code
    return draft.slug, "en"


def decision_choices(
    program: Program, lang: str, today: date, kept: int | None = None
) -> list[tuple[str, str]]:
    """List the decisions that an engagement can still be about, the next one first, and the one it is about already.

    Two queries.
    """
    points = list(
        DecisionPoint.objects.filter(Q(on__gte=today) | Q(pk=kept), project__program=program).order_by("on")
    )
    words = {one.index: one for one in entry_views_where(program, lang, kinds=[EntryKind.DECISION_SCHEDULED])}
    return [
        (str(one.pk), f"{words[one.entry].say('decision') or one.slug} ({day_in_words(one.on)})")
        for one in points
    ]


def reading_words(government: str) -> str:
    """Say who can read, in the language in force, as every promise begins to say it."""
    return _("Any one of the leads chosen for this can read what you write. %(government)s cannot.") % {
        "government": government
    }


def says_who_reads(words: str, lang: str) -> bool:
    """Say whether a promise's own words begin with the rule of who reads, so that a page need not say it twice."""
    with override(lang):
        rule = reading_words("").partition(".")[0]
    return words.startswith(rule)


@dataclass(frozen=True)
class Wording:
    """What the pack says about one engagement. An empty string is something the pack no longer has."""

    #: What pages call the government at the beginning of a sentence; inside one a message says "the City" (ground/ui/governments.py).
    government: str
    unit: str = ""
    office: str = ""
    decider: str = ""
    level: str = ""
    means: str = ""
    kept: str = ""
    rule: str = ""
    rule_lang: str = ""
    languages: list[Language] = field(default_factory=list)
    ways: list[dict[str, str]] = field(default_factory=list)


def wording(data: Mapping[str, Any], decider: str, pack: Pack, lang: str, *, now: Pack) -> Wording:
    """Say a promise's units, level and retention as people read them. `decider` is an office, or empty.

    `pack` is the one in force when it was promised: its words are frozen with it. The ways to speak are of the one in
    force `now`, since whoever calls needs the number that rings today.
    """
    level = None if data["community"] else pack.level(data["level"])  # a level is the City's to promise
    kept = next((one for one in pack.retention if one.id == data["retention"]), None)
    rule, rule_lang = kept.rule_in(lang) if kept else ("", "")
    office = data.get("office", "")
    return Wording(
        government=government(pack, lang),
        unit=pack.unit_name(data.get("unit", ""), lang),
        office=pack.office_title(office, lang) if office else "",
        decider=pack.office_title(decider, lang) if decider else "",
        level=level.name.say(lang) if level else "",
        means=level.means.say(lang) if level and level.means else "",
        kept=kept.period.say(lang) if kept else "",
        rule=rule,
        rule_lang=rule_lang,
        languages=[language(code) for code in data["languages"]],
        ways=ways_of(now, lang),
    )


def government(pack: Pack, lang: str) -> str:
    """Give what pages call the government, ready to begin a sentence."""
    return str(capfirst(pack.government.short.say(lang)))


def ways_of(pack: Pack, lang: str) -> list[dict[str, str]]:
    """List the pack's ways to speak without this page: by phone or on paper, and who answers."""
    return [
        {
            "kind": one.kind,
            "words": one.words.say(lang),
            "answered_by": one.answered_by.say(lang),
            "tel": one.tel or "",
            "tel_shown": one.tel_shown or one.tel or "",
        }
        for one in pack.routes
    ]


@dataclass(frozen=True)
class Item:
    """One engagement of a list: its promise, the unit that promised (empty where none did), and days left to speak."""

    shown: EngagementShown
    unit: str
    days: int
    languages: list[Language]
    has_statements: bool


def items_of(found: Iterable[EngagementShown], pack: Pack, lang: str, today: date) -> list[Item]:
    """Word a list of engagements for a page."""
    return [
        Item(
            shown=one,
            unit=pack.unit_name(one.told.entry.data.get("unit", ""), lang),
            days=one.course.days_left(today),
            languages=[language(code) for code in one.told.entry.data["languages"]],
            has_statements=has_statements(one.told),
        )
        for one in found
    ]
