"""What waits for leads: checks, contests, questions, and engagements on their way."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from alongside.chain.commitments.models import Check
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries import ties_in
from alongside.core.entries import Entry, LogView
from alongside.core.grammar.asks import who_had
from alongside.core.grammar.cohort import left_to_others, ties_since, told_of
from alongside.core.grammar.engagements import who_promised
from alongside.core.grammar.suspensions import Span, first_day, idle_days, last_day
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.workflow.asks import OWED, PROMISES
from alongside.desks import saying
from alongside.desks.queries.owing import unit_name
from alongside.ground.gate.roles import Viewer
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record.models import Log
from alongside.ground.record.queries import EntryView
from alongside.ground.record.rows import RowsLog
from alongside.work.projects.queries import EngagementShown, courses_of

#: Answers that say yes or tell what was asked; any other is read where it can be contested.
TO_SEE = ("accepted", "told", "told_in_part")


@dataclass(frozen=True)
class ToCheck:
    """A claim that a lead may check."""

    claim: int
    ask: int
    words: str
    lang: str
    unit: str
    verify_due: date | None


def to_check(program: Program, pack: Pack, lang: str, seat: Seat | None) -> list[ToCheck]:
    """List the claims this lead may check and has not. Five queries at most."""
    if seat is None:
        return []
    mine = set(Check.objects.filter(program=program, seat=seat).values_list("claim", flat=True))
    waiting = [
        one for one in record.milestones(program, verdict=None, claim__isnull=False) if one.claim not in mine
    ]
    ties = ties_in(program, pack) if waiting else None
    found = [one for one in waiting if ties and ties.may_look(seat, one)]
    told = record.told(program, {one.commitment for one in found}, lang)
    return [
        ToCheck(
            claim=one.claim or 0,
            ask=one.ask,
            words=told[one.commitment].say(one.milestone),
            lang=told[one.commitment].lang(one.milestone),
            unit=unit_name(pack, one.unit, lang),
            verify_due=one.verify_due,
        )
        for one in found
    ]


class LeftToOthers:
    """What a lead leaves to other leads, as the grammar rules: a bureau that it is about pays or employs them, or did.

    Three queries for a lead whom no unit pays or employs.
    """

    def __init__(self, program: Program, seat: str | None, today: date) -> None:
        self._log, self._seat, self._today = RowsLog(Log.objects.get(program=program)), seat or "", today
        told = told_of(self._log, self._seat)
        self._is_tied = bool(ties_since(told, -1, firm=True))

    def _leaves(self, index: int, units: Callable[[Entry, LogView], set[str]]) -> bool:
        begun = self._log.get(index) if self._is_tied else None
        if begun is None:
            return False
        return bool(left_to_others(self._log, self._seat, self._today, units(begun, self._log), index))

    def ask(self, index: int) -> bool:
        """Say whether others contest an answer to this ask, clear up what was asked of it, raise it and follow up."""
        return self._leaves(index, who_had)

    def report(self, promise: int) -> bool:
        """Say whether others report back on this promise."""
        return self._leaves(promise, lambda one, log: who_promised(one, log) if "unit" in one.data else set())


def idle_in(program: Program, today: date) -> list[Span]:
    """List the times until today in which no lead could act: they count in no clock of the leads. Eight queries."""
    return idle_days(RowsLog(Log.objects.get(program=program)), today)


@dataclass(frozen=True)
class Answered:
    """An answer that leads may still contest, or a question they are asked."""

    ask: int
    answer: int
    title: str
    lang: str
    decision: str
    until: date
    is_question: bool = False


def to_contest(program: Program, lang: str, today: date) -> list[Answered]:
    """List the answers that said no or not yet and can still be contested. Twelve queries."""
    packs, idle = record.packs_of(program), idle_in(program, today)
    first = first_day(today, packs.most_days_to_contest, idle)
    found = record.standings(
        program,
        state__in=("answered", "deferred"),
        decision__in=("declined", "deferred", "accepted_in_part"),
        answered__gte=first,
    )
    told = record.told(program, [one.ask for one in found], lang)
    listed = [
        Answered(
            ask=one.ask,
            answer=one.answer or 0,
            title=told[one.ask].say("title"),
            lang=told[one.ask].lang("title"),
            decision=saying.decision(one.decision),
            until=last_day(one.answered or today, packs.of(told[one.ask].entry).clocks.contest_days, idle),
            is_question=one.kind == EntryKind.ASK_QUESTIONED,
        )
        for one in found
    ]
    return [one for one in listed if one.until >= today]


def to_join(program: Program, seat: str, lang: str) -> list[Answered]:
    """List the answers that another lead contested and to whose contest this one can add words until its reply. Six queries."""
    found = [
        one for one in record.standings(program, state="contested") if one.contest is not None and one.answer
    ]
    joined = record.indexes_citing(program, [one.contest or 0 for one in found], (EntryKind.CONTEST_JOINED,))
    made = [(one.contest or 0, one.contest or 0) for one in found]
    made += [(contest, index) for index, _kind, contest in joined]
    entries = record.entries_at(program, {index for _contest, index in made})
    own = {contest for contest, index in made if seat in entries[index].by}
    told = record.told(program, [one.ask for one in found], lang)
    return [
        Answered(
            ask=one.ask,
            answer=one.answer or 0,
            title=told[one.ask].say("title"),
            lang=told[one.ask].lang("title"),
            decision=saying.decision(one.decision),
            until=one.reply_due or one.answer_due,
            is_question=one.kind == EntryKind.ASK_QUESTIONED,
        )
        for one in found
        if one.contest not in own
    ]


@dataclass(frozen=True)
class ToRead:
    """An answer that says yes or tells what was asked, or a reply to a contest: leads have to see it, and no more."""

    ask: int
    title: str
    lang: str
    on: date
    is_yes: bool
    is_question: bool
    promise: int | None
    #: The consultation whose change list tells what came of a point of advice; empty for any other ask.
    consultation: str = ""


def to_read(program: Program, pack: Pack, lang: str, today: date) -> list[ToRead]:
    """List what leads were told or promised, for as many days as an answer can be contested. Thirteen queries."""
    first = first_day(today, pack.clocks.contest_days, idle_in(program, today))
    answered = record.standings(program, state="answered", decision__in=TO_SEE, answered__gte=first)
    replied = record.standings(program, state="replied")
    places = [(one, one.answer or 0) for one in answered]
    places += [(one, one.raise_reply or 0 if one.reply is None else one.reply) for one in replied]
    told = record.told(program, [index for one, place in places for index in (one.ask, place)], lang)
    briefs = record.entries_at(
        program, {index for one, _ in places for index in told[one.ask].entry.cites.get("consultation", ())}
    )
    return [
        ToRead(
            ask=one.ask,
            title=told[one.ask].say("title"),
            lang=told[one.ask].lang("title"),
            on=told[place].entry.date,
            is_yes=one.decision in PROMISES,
            is_question=one.kind == EntryKind.ASK_QUESTIONED,
            promise=next(iter(told[one.ask].entry.cites.get("engagement", ())), None),
            consultation="".join(
                briefs[index].data["consultation"]
                for index in told[one.ask].entry.cites.get("consultation", ())
            ),
        )
        for one, place in places
        if told[place].entry.date >= first
    ]


def to_clarify(program: Program, lang: str) -> list[EntryView]:
    """List the asks of which an office asked what is meant. Three queries."""
    found = record.standings(program, unclear__isnull=False, state__in=OWED)
    return list(record.told(program, [one.ask for one in found], lang).values())


@dataclass(frozen=True)
class Course:
    """An engagement on its way: what its leads do next."""

    slug: str
    promise: int
    title: str
    lang: str
    closes: date
    report_back: date
    is_taking: bool
    is_opened: bool
    findings: int
    is_reported: bool
    is_closed: bool
    is_destroyed: bool
    is_community: bool


def under_way(program: Program, lang: str, today: date) -> list[Course]:
    """List the promised engagements that are not closed, with how far they are as corrected. Five queries."""
    promises = record.told_where(program, lang, kinds=(EntryKind.ENGAGEMENT_PROMISED,))
    steps: dict[int, list[str]] = defaultdict(list)
    kinds = (
        EntryKind.VOICES_OPENED,
        EntryKind.FINDING_PUBLISHED,
        EntryKind.REPORT_PUBLISHED,
        EntryKind.ENGAGEMENT_CLOSED,
    )
    for _citing, kind, cited in record.indexes_citing(program, [one.index for one in promises], kinds):
        steps[cited].append(kind)
    return [
        _course(one, steps[one.told.index])
        for one in courses_of(program, promises, today)
        if EntryKind.ENGAGEMENT_CLOSED not in steps[one.told.index]
    ]


def _course(shown: EngagementShown, steps: Sequence[str]) -> Course:
    told = shown.told
    return Course(
        slug=told.entry.data["engagement"],
        promise=told.index,
        title=told.say("title"),
        lang=told.lang("title"),
        closes=shown.course.closes,
        report_back=shown.course.report_back,
        is_taking=shown.state in {"open", "paused"},
        is_opened=EntryKind.VOICES_OPENED in steps,
        findings=steps.count(EntryKind.FINDING_PUBLISHED),
        is_reported=EntryKind.REPORT_PUBLISHED in steps,
        is_closed=EntryKind.ENGAGEMENT_CLOSED in steps,
        is_destroyed=shown.course.key_destroyed is not None,
        is_community=told.entry.data["community"],
    )


def seat_of(viewer: Viewer) -> Seat | None:
    """Give the viewer's seat with the units that pay and employ its lead, or None. One query."""
    return Seat.objects.filter(pk=viewer.seat_id or 0).select_related("paid_by", "works_for").first()
