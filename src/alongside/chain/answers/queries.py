"""Read what a unit answers: the ask or contest, its draft, and what stands around it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from alongside.chain.answers.models import AnswerDraft
from alongside.chain.asks.queries import Asked, LeftToOthers, asked, findings_of, offices_to_ask
from alongside.core.entries import unit_of
from alongside.core.grammar.answers import REASONED, days_that_stood_still
from alongside.core.grammar.bureaus import bureau_of
from alongside.core.grammar.keys import most_lost
from alongside.core.grammar.suspensions import first_day, idle_days, last_day
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.workflow.answer_drafts import OUTBOX, AnswerStage
from alongside.core.workflow.asks import ANSWER_OWED, REPLY_OWED, AskStage, Decision, is_past
from alongside.ground.gate.roles import Viewer
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import answers_today
from alongside.ground.record import queries as record
from alongside.ground.record.models import Citation, LogEntry, Standing
from alongside.ground.record.queries import EntryView
from alongside.ground.record.rows import RowsLog
from alongside.ground.search.queries import Answered, Tongue, answered_like


@dataclass(frozen=True)
class Answering:
    """What one answer is about: the ask, for a reply also the answer and its contest, and the draft so far."""

    asked: Asked
    about: int
    draft: AnswerDraft | None
    answer: EntryView | None
    contest: EntryView | None
    #: What other leads added to the contest.
    joined: list[EntryView]
    #: What was asked in words like these and answered.
    like: list[Answered]
    #: The promise or the brief on which it was asked, its project, and what smaller groups see differently there.
    place: EntryView | None = None
    project: EntryView | None = None
    smaller: Sequence[EntryView] = ()

    @property
    def is_reply(self) -> bool:
        """Say whether a contest is replied to."""
        return self.contest is not None

    @property
    def is_advice(self) -> bool:
        """Say whether a point of advice is answered, in the words of a change list."""
        return self.asked.told.entry.kind == EntryKind.ASK_ADVISED and not self.is_reply

    @property
    def is_question(self) -> bool:
        """Say whether a question is answered or replied to: it is told what it asked."""
        return self.asked.told.entry.kind == EntryKind.ASK_QUESTIONED

    @property
    def is_put_off(self) -> bool:
        """Say whether "not yet" was said to it once, so that an answer is all that can follow."""
        return self.asked.standing.is_put_off and not self.is_reply

    def days_late(self, today: date) -> int:
        """Count the days since the answer, or the reply, was due; 0 while it is not late in public."""
        standing = self.asked.standing
        if not self.is_reply:
            return standing.late_by_office(today).get(standing.office, 0)
        due = standing.reply_due
        return (today - due).days if due and is_past(due, standing.quiet, today) else 0

    @property
    def stage(self) -> AnswerStage:
        """Say where the answer stands in the unit."""
        return self.draft.stage if self.draft else AnswerStage.EMPTY


def owners(pack: Pack, unit: str, lang: str) -> list[tuple[str, str]]:
    """List the offices that a unit can promise for, as choices: those of its own bureau."""
    within = pack.within
    own = bureau_of(answers_today(pack, unit), within)
    return [
        (office, title)
        for office, title in offices_to_ask(pack, lang)
        if bureau_of(unit_of(office), within) == own
    ]


def answering(program: Program, viewer: Viewer, about: int, tongue: Tongue) -> Answering | None:
    """Give what the viewer's unit answers, by the ask or the contest; None where it owes nothing here.

    What a merged unit was asked is handed on, and then answered by who owes it; a reply is given in its place.
    """
    lang, rows = tongue.lang, Standing.objects.filter(log__program=program).select_related("log__program")
    answer = Q(ask=about, state__in=ANSWER_OWED, unit__in=sorted(viewer.units))
    reply = Q(contest=about, state__in=REPLY_OWED, unit__in=sorted(viewer.answers_for))
    standing = rows.filter(answer | reply).first()
    found = asked(program, standing.ask, lang, standing) if standing else None
    if standing is None or found is None:
        return None
    is_reply = standing.contest == about
    around = [standing.answer, standing.contest if is_reply else None]
    told = record.entry_views(program, [one for one in around if one is not None], lang)
    drafts = AnswerDraft.objects.filter(program=program, about=about, unit=standing.unit)
    drafts = drafts.select_related("saved_by", "sent_by", "noted_by", "signed_by")
    place, project, smaller = _around(program, found, lang)
    return Answering(
        asked=found,
        about=about,
        draft=drafts.first(),
        answer=told.get(standing.answer) if standing.answer is not None else None,
        contest=told.get(standing.contest) if is_reply and standing.contest is not None else None,
        joined=joined(program, standing.contest, lang) if is_reply else [],
        like=answered_like(standing.log, found.told, tongue),
        place=place,
        project=project,
        smaller=smaller,
    )


def _around(
    program: Program, found: Asked, lang: str
) -> tuple[EntryView | None, EntryView | None, list[EntryView]]:
    """Give the promise or the brief on which something was asked, its project, and the findings of smaller groups beside those it rests on.

    Nine queries at most; none where it was asked on nothing.
    """
    cites = found.told.entry.cites
    on = next((cites[role][0] for role in ("engagement", "consultation") if cites.get(role)), None)
    place = record.entry_views(program, [on], lang).get(on) if on is not None else None
    if place is None:
        return None, None, []
    decided = record.entries_at(program, place.entry.cites.get("decision", ()))
    about = [place.entry, *decided.values()]
    projects = [index for one in about for index in one.cites.get("project", ())]
    known = {one.index for one in found.findings}
    beside = [one for one in findings_of(program, place.index, lang) if one.index not in known]
    project = next(iter(record.entry_views(program, projects[:1], lang).values()), None)
    return place, project, [one for one in beside if one.entry.data["smaller"]]


def given(program: Program, viewer: Viewer, about: int) -> int | None:
    """Give the answer to an ask, or the reply to a contest, that is on the record; None where there is none, or of others."""
    rows = Standing.objects.filter(log__program=program, unit__in=sorted(viewer.answers_for))
    standing = rows.filter(ask=about).first() or rows.filter(contest=about).first()
    if standing is None:
        return None
    return standing.reply if standing.contest == about else standing.answer


def are_answered(program: Program, viewer: Viewer, asks: Collection[int]) -> bool:
    """Say whether the viewer's units answered all of these asks. One query."""
    rows = Standing.objects.filter(log__program=program, unit__in=sorted(viewer.units), ask__in=asks)
    return rows.exclude(answer=None).count() == len(set(asks))


@dataclass(frozen=True)
class ToAnswer:
    """Something that a unit owes an answer to, and the draft of it where there is one."""

    told: EntryView
    standing: Standing
    draft: AnswerDraft | None

    @property
    def listed(self) -> int | None:
        """Give the list that the question stands on, or None."""
        return next(iter(self.told.entry.cites.get("list", ())), None)

    @property
    def can_be_signed(self) -> bool:
        """Say whether a draft waits for the manager."""
        return self.draft is not None and self.draft.is_sent

    @property
    def version(self) -> str:
        """Name what was asked and the very words of its draft, where it has one."""
        return f"{self.standing.ask} {self.draft.version if self.draft else ''}".strip()


def questions_to_answer(program: Program, viewer: Viewer, lang: str) -> list[ToAnswer]:
    """List the questions that the viewer's units owe an answer to and did not sign, by their day. Four queries."""
    rows = Standing.objects.filter(
        log__program=program, unit__in=sorted(viewer.units), kind=EntryKind.ASK_QUESTIONED
    )
    found = list(rows.filter(state__in=ANSWER_OWED).order_by("answer_due", "ask"))
    about = [one.ask for one in found]
    told = record.entry_views(program, about, lang)
    drafts = AnswerDraft.objects.filter(program=program, about__in=about).select_related("program")
    by_ask = {(one.about, one.unit): one for one in drafts}
    both = [ToAnswer(told[one.ask], one, by_ask.get((one.ask, one.unit))) for one in found]
    return [one for one in both if one.draft is None or not one.draft.is_signed]


def answers_to_sign(program: Program, viewer: Viewer, lang: str) -> list[ToAnswer]:
    """List the answers that wait for the viewer's signature, to whatever was asked, by their day. Three queries."""
    rows = Standing.objects.filter(log__program=program, unit__in=sorted(viewer.manages))
    owed = {one.ask: one for one in rows.filter(state__in=ANSWER_OWED).order_by("answer_due", "ask")}
    drafts = drafts_about(program, {ask: one.unit for ask, one in owed.items()}) if owed else {}
    sent = [ask for ask in owed if ask in drafts and drafts[ask].is_sent]
    told = record.entry_views(program, sent, lang) if sent else {}
    return [ToAnswer(told[ask], owed[ask], drafts[ask]) for ask in sent]


def lists_of(program: Program, owed: Sequence[ToAnswer], lang: str) -> list[tuple[EntryView, int]]:
    """List the lists that these questions stand on, each with how many of them do. Two queries; none without a list."""
    count = Counter(one.listed for one in owed if one.listed is not None)
    return (
        [(one, count[one.index]) for one in record.entry_views(program, count, lang).values()]
        if count
        else []
    )


def is_anything_ready(now: datetime) -> bool:
    """Say whether an answer of any program waited its time in the outbox. One query."""
    return AnswerDraft.objects.filter(signed_at__lte=now - OUTBOX).exists()


def drafts_about(program: Program, owed: Mapping[int, str]) -> dict[int, AnswerDraft]:
    """Give the drafts of what is owed, by what they answer, each with who has it. One query.

    `owed` names the unit that owes each: what another one drafted before it handed the ask on is no draft of this one.
    """
    rows = AnswerDraft.objects.filter(program=program, about__in=owed)
    found = rows.select_related("saved_by", "sent_by", "noted_by", "signed_by")
    return {one.about: one for one in found if one.unit == owed[one.about]}


def draft_of(program: Program, viewer: Viewer, about: int) -> AnswerDraft | None:
    """Give the draft of one of the viewer's units, or None. One query."""
    own = AnswerDraft.objects.filter(program=program, about=about, unit__in=sorted(viewer.answers_for))
    return own.select_related("program").first()


def without_reasons(program: Program) -> frozenset[int]:
    """Give the answers of which leads say that they give no reasons. One query."""
    lines = LogEntry.objects.filter(log__program=program, kind=EntryKind.ANSWER_UNREASONED)
    marks = Citation.objects.filter(log__program=program, role="answer", citing__in=lines.values("index"))
    return frozenset(marks.values_list("cited", flat=True))


@dataclass(frozen=True)
class ToContest:
    """An answer that a lead can contest, or whose contest they can join, until a day."""

    standing: Standing
    answer: int
    until: date

    @property
    def is_question(self) -> bool:
        """Say whether it answers a question."""
        return self.standing.kind == EntryKind.ASK_QUESTIONED


#: Answers that said no, not yet or yes in part: leads may contest each once.
CONTESTABLE = (Decision.DECLINED, Decision.DEFERRED, Decision.ACCEPTED_IN_PART)


def answered_lately(program: Program, log: RowsLog, today: date) -> list[Standing]:
    """List the asks whose answer came so lately that leads could contest it. One query, and those of the log."""
    first = first_day(today, record.packs_in(log).most_days_to_contest, idle_days(log, today)) - most_lost(
        log
    )
    return record.standings(program, state__in=(AskStage.ANSWERED, AskStage.DEFERRED), answered__gte=first)


def to_contest(
    program: Program, log: RowsLog, today: date, lately: Sequence[Standing] | None = None
) -> list[ToContest]:
    """List the answers that can still be contested, of those that came lately. One query, and those of the log."""
    lately = answered_lately(program, log, today) if lately is None else lately
    found = [one for one in lately if one.decision in CONTESTABLE]
    packs, asks = record.packs_in(log), log.some(one.ask for one in found)
    listed = []
    for one in found:
        days = packs.of(asks[one.ask]).clocks.contest_days
        until = last_day(one.answered or today, days, days_that_stood_still(log, asks[one.ask], today))
        if until >= today:
            listed.append(ToContest(one, one.answer or 0, until))
    return listed


def to_join(program: Program, log: RowsLog, seat: str, contested: Sequence[Standing]) -> list[ToContest]:
    """List the answers that another lead contested and to whose contest this one can add words until its reply. Two queries."""
    found = [one for one in contested if one.contest is not None and one.answer]
    contests = [one.contest or 0 for one in found]
    if not contests:
        return []
    joined = record.indexes_citing(program, contests, (EntryKind.CONTEST_JOINED,))
    made = [*((one, one) for one in contests), *((contest, index) for index, _kind, contest in joined)]
    entries = log.some(index for _contest, index in made)
    own = {contest for contest, index in made if seat in entries[index].by}
    return [
        ToContest(one, one.answer or 0, one.reply_due or one.answer_due)
        for one in found
        if one.contest not in own
    ]


@dataclass(frozen=True)
class Contestable:
    """An answer that leads may contest, with the ask it answers."""

    asked: Asked
    answer: EntryView
    #: The entry by which a lead said that it gives no reasons.
    mark: int | None

    @property
    def may_lack_reasons(self) -> bool:
        """Say whether this answer owes reasons, and no lead said yet that it gives none."""
        return self.answer.entry.data["decision"] in REASONED and self.mark is None


def contestable(program: Program, answer: int, lang: str) -> Contestable | None:
    """Give an answer that no one contested yet, or None."""
    standing = Standing.objects.filter(log__program=program, answer=answer, contest=None).first()
    found = asked(program, standing.ask, lang, standing) if standing else None
    told = record.entry_views(program, [answer], lang).get(answer)
    marks = record.indexes_citing(program, [answer], (EntryKind.ANSWER_UNREASONED,))
    return Contestable(found, told, marks[0][0] if marks else None) if found and told else None


@dataclass(frozen=True)
class Contested:
    """An answer that a lead contested, the contest, and what other leads added to it."""

    asked: Asked
    answer: EntryView
    contest: EntryView
    joined: list[EntryView]

    def by(self, seat: str) -> EntryView | None:
        """Give what a seat said of it, or None."""
        return next((one for one in (self.contest, *self.joined) if seat in one.entry.by), None)

    @property
    def is_open(self) -> bool:
        """Say whether the contest still waits for its reply."""
        return self.asked.standing.owes_reply or self.asked.standing.reply is None


def contested(program: Program, answer: int, lang: str) -> Contested | None:
    """Give the contest of an answer, or None."""
    standing = Standing.objects.filter(log__program=program, answer=answer).exclude(contest=None).first()
    found = asked(program, standing.ask, lang, standing) if standing else None
    if standing is None or standing.contest is None or found is None:
        return None
    told = record.entry_views(program, [answer, standing.contest], lang)
    return Contested(found, told[answer], told[standing.contest], joined(program, standing.contest, lang))


def contestable_by(program: Program, log: RowsLog, viewer: Viewer, today: date) -> dict[int, date]:
    """Give the answers that a lead can contest, or to whose contest they can add words, today, each with its last day. Five queries at most, and those of the log."""
    contested = record.standings(program, state=AskStage.CONTESTED)
    found = [*to_contest(program, log, today), *to_join(program, log, viewer.seat or "", contested)]
    left = LeftToOthers(log, viewer, today)
    return {one.answer: one.until for one in found if not left.ask(one.standing.ask)}


def joined(program: Program, contest: int | None, lang: str) -> list[EntryView]:
    """List what other leads added to a contest. Three queries at most."""
    if contest is None:
        return []
    rows = record.indexes_citing(program, [contest], (EntryKind.CONTEST_JOINED,))
    return list(record.entry_views(program, [citing for citing, _kind, _cited in rows], lang).values())
