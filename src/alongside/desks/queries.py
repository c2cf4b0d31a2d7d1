"""What the desks show: home, owed, a lead's week, a unit's desk, the steward's desk. Each in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from alongside.chain.answers.models import AnswerDraft
from alongside.chain.commitments.models import Check
from alongside.cohort.seats.models import Seat
from alongside.core.policy import Pack
from alongside.desks import saying
from alongside.ground.gate import Asker
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record.models import MilestoneStanding, Standing
from alongside.ground.record.queries import Told
from alongside.work.engagements.models import Engagement, Signature

OWING = ("asked", "acknowledged", "deferred", "contested")


@dataclass(frozen=True)
class Open:
    """An engagement that people can take part in now."""

    slug: str
    promise: int
    title: str
    lang: str
    decision: str
    decision_lang: str
    closes: date
    languages: int
    is_community: bool


def open_now(program: Program, lang: str, today: date) -> list[Open]:
    """List the engagements that are open, those that close first in front."""
    promises = record.told_where(program, lang, kinds=("engagement.promised",))
    ended = {
        cited
        for _citing, _kind, cited in record.indexes_citing(
            program, [one.index for one in promises], ("engagement.closed", "voices.closed")
        )
    }
    paused = _paused(program, [one.index for one in promises])
    found = [
        Open(
            slug=one.entry.data["engagement"],
            promise=one.index,
            title=one.say("title"),
            lang=one.lang("title"),
            decision=one.say("decision"),
            decision_lang=one.lang("decision"),
            closes=date.fromisoformat(one.entry.data["closes"]),
            languages=len(one.entry.data["languages"]),
            is_community=one.entry.data["community"],
        )
        for one in promises
        if one.index not in ended | paused and date.fromisoformat(one.entry.data["closes"]) >= today
    ]
    return sorted(found, key=lambda one: (one.closes, one.promise))


def _paused(program: Program, promises: Sequence[int]) -> set[int]:
    kinds = ("engagement.paused", "engagement.resumed")
    turns = {cited: kind for _citing, kind, cited in record.indexes_citing(program, promises, kinds)}
    return {cited for cited, kind in turns.items() if kind == "engagement.paused"}


@dataclass
class UnitTally:
    """What one unit owes and has answered."""

    unit: str
    name: str
    marks: list[tuple[str, str]] = field(default_factory=list)
    late: int = 0
    owed: int = 0
    longest: int = 0


def tallies(found: Sequence[Standing], pack: Pack, lang: str, today: date) -> list[UnitTally]:
    """Sum up the units, those with the longest silence first."""
    by_unit: dict[str, UnitTally] = {}
    for one in sorted(found, key=lambda standing: standing.ask):
        tally = by_unit.setdefault(one.unit, UnitTally(one.unit, unit_name(pack, one.unit, lang)))
        due = due_of(one)
        if one.state not in OWING or due is None:
            tally.marks.append(("city", ""))
        elif today > due:
            tally.marks.append(("city", "late"))
            tally.late += 1
            tally.longest = max(tally.longest, (today - due).days)
        else:
            tally.marks.append(("city", "owed"))
            tally.owed += 1
    return sorted(by_unit.values(), key=lambda one: (-one.longest, one.name))


def due_of(standing: Standing) -> date | None:
    """Give the day of what is owed next, or None where nothing is."""
    if standing.state == "contested":
        return standing.reply_due
    return standing.answer_due if standing.state in OWING else None


def unit_name(pack: Pack, unit: str, lang: str) -> str:
    """Give a unit's name in a language, or its slug where the pack no longer has it."""
    try:
        return pack.words(f"units.{unit}.name", lang)
    except KeyError:
        return unit


@dataclass(frozen=True)
class Owed:
    """An ask that is owed an answer or a reply, as lists show it."""

    ask: int
    about: int
    title: str
    lang: str
    unit: str
    office: str
    due: date
    days: int
    is_reply: bool
    is_acknowledged: bool
    promise: int | None
    status: str


def owed(
    program: Program, pack: Pack, lang: str, today: date, *, units: Sequence[str] | None = None
) -> list[Owed]:
    """List what is owed, by date, late ones first. Three queries."""
    where = {"state__in": OWING, **({"unit__in": list(units)} if units is not None else {})}
    found = record.standings(program, **where)
    told = record.told(program, [one.ask for one in found], lang)
    rows = [_owed(one, told[one.ask], pack, lang, today) for one in found]
    return sorted(rows, key=lambda row: (row.due, row.ask))


def _owed(one: Standing, told: Told, pack: Pack, lang: str, today: date) -> Owed:
    due = due_of(one) or one.answer_due
    is_reply = one.state == "contested"
    promises = told.entry.cites.get("engagement", ())
    return Owed(
        ask=one.ask,
        about=one.contest if is_reply and one.contest is not None else one.ask,
        title=told.say("title"),
        lang=told.lang("title"),
        unit=unit_name(pack, one.unit, lang),
        office=pack.office_title(one.office, lang),
        due=due,
        days=(due - today).days,
        is_reply=is_reply,
        is_acknowledged=one.acknowledged is not None,
        promise=promises[0] if promises else None,
        status=saying.where_it_stands(one, [], today),
    )


@dataclass(frozen=True)
class Rates:
    """The two measures, in the auditors' words."""

    response: record.Rate
    implementation: record.Rate


def rates(program: Program, today: date) -> tuple[Rates, list[Standing], list[MilestoneStanding]]:
    """Give the two rates and the rows they are counted from. Two queries."""
    asks, steps = record.standings(program), record.milestones(program)
    found = Rates(record.response_rate(asks, today), record.implementation_rate(steps, today))
    return found, asks, steps


LATEST_KINDS = (
    "finding.published",
    "ask.recommended",
    "ask.questioned",
    "ask.silent",
    "answer.given",
    "answer.contested",
    "contest.replied",
    "delivery.verified",
    "delivery.disputed",
    "report.published",
    "engagement.promised",
)


@dataclass(frozen=True)
class ToCheck:
    """A claim that a lead may check."""

    claim: int
    ask: int
    words: str
    lang: str
    unit: str
    verify_due: date | None


def to_check(program: Program, pack: Pack, lang: str, seat_id: int, paid_by: str | None) -> list[ToCheck]:
    """List the claims this lead may check and has not. Four queries."""
    mine = set(Check.objects.filter(program=program, seat=seat_id).values_list("claim", flat=True))
    found = [
        one
        for one in record.milestones(program, verdict=None, claim__isnull=False)
        if one.claim not in mine and one.unit != paid_by
    ]
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


@dataclass(frozen=True)
class Answered:
    """An answer that leads may still contest, or a question they are asked."""

    ask: int
    answer: int
    title: str
    lang: str
    decision: str
    until: date


def to_contest(program: Program, pack: Pack, lang: str, today: date) -> list[Answered]:
    """List the answers that said no or not yet and can still be contested. Three queries."""
    first = today - timedelta(days=pack.clocks.contest_days)
    found = record.standings(
        program,
        state__in=("answered", "deferred"),
        decision__in=("declined", "deferred", "accepted_in_part"),
        answered__gte=first,
    )
    told = record.told(program, [one.ask for one in found], lang)
    return [
        Answered(
            ask=one.ask,
            answer=one.answer or 0,
            title=told[one.ask].say("title"),
            lang=told[one.ask].lang("title"),
            decision=saying.decision(one.decision),
            until=(one.answered or today) + timedelta(days=pack.clocks.contest_days),
        )
        for one in found
    ]


def to_clarify(program: Program, lang: str) -> list[Told]:
    """List the asks of which an office asked what is meant. Three queries."""
    found = record.standings(program, unclear__isnull=False, state__in=OWING)
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


def under_way(program: Program, lang: str, today: date) -> list[Course]:
    """List the promised engagements that are not closed, with how far they are. Three queries."""
    promises = record.told_where(program, lang, kinds=("engagement.promised",))
    steps: dict[int, list[str]] = defaultdict(list)
    kinds = ("voices.closed", "voices.opened", "finding.published", "report.published", "engagement.closed")
    for _citing, kind, cited in record.indexes_citing(program, [one.index for one in promises], kinds):
        steps[cited].append(kind)
    return [
        _course(one, steps[one.index], today)
        for one in promises
        if "engagement.closed" not in steps[one.index]
    ]


def _course(told: Told, steps: Sequence[str], today: date) -> Course:
    closes = date.fromisoformat(told.entry.data["closes"])
    return Course(
        slug=told.entry.data["engagement"],
        promise=told.index,
        title=told.say("title"),
        lang=told.lang("title"),
        closes=closes,
        report_back=date.fromisoformat(told.entry.data["report_back"]),
        is_taking="voices.closed" not in steps and closes >= today,
        is_opened="voices.opened" in steps,
        findings=steps.count("finding.published"),
        is_reported="report.published" in steps,
        is_closed="engagement.closed" in steps,
    )


@dataclass(frozen=True)
class Drafted:
    """An engagement that is not open yet, named in the reader's language if it is written in it."""

    pk: int
    slug: str
    title: str
    title_lang: str
    unit: str


def drafts_of_leads(program: Program, lang: str) -> list[Drafted]:
    """List the engagements that are not open yet. One query."""
    found = Engagement.objects.filter(program=program, opening=None).select_related("partner__unit")
    return [_drafted(one, lang) for one in found.order_by("pk")]


def _drafted(one: Engagement, lang: str) -> Drafted:
    spoken = lang if one.words.get(lang, {}).get("title") else next(iter(one.words), lang)
    title = one.words.get(spoken, {}).get("title") or one.slug
    return Drafted(one.pk, one.slug, title, spoken, one.partner.unit.slug if one.partner else "")


def signed_by(program: Program) -> set[tuple[int, str]]:
    """List which engagement was signed by whom, some draft of it. One query."""
    rows = Signature.objects.filter(engagement__program=program, engagement__opening=None)
    return set(rows.values_list("engagement", "actor"))


def drafts_of_unit(program: Program, units: Sequence[str]) -> dict[int, AnswerDraft]:
    """Give the drafts of answers in some units, by what they answer. One query."""
    rows = AnswerDraft.objects.filter(program=program, unit__in=list(units)).select_related("sent")
    return {one.about: one for one in rows}


@dataclass(frozen=True)
class Duty:
    """A milestone that a unit owes."""

    commitment: int
    milestone: str
    ask: int
    words: str
    lang: str
    due: date
    days: int
    mark: tuple[str, str]
    is_claimed: bool
    verdict: str


def duties(program: Program, lang: str, today: date, units: Sequence[str]) -> list[Duty]:
    """List the milestones of some units, by date. Three queries."""
    found = record.milestones(program, unit__in=list(units))
    told = record.told(program, {one.commitment for one in found}, lang)
    return [
        Duty(
            commitment=one.commitment,
            milestone=one.milestone,
            ask=one.ask,
            words=told[one.commitment].say(one.milestone),
            lang=told[one.commitment].lang(one.milestone),
            due=one.due,
            days=(one.due - today).days,
            mark=saying.milestone_mark(one, today),
            is_claimed=one.claim is not None,
            verdict=one.verdict or "",
        )
        for one in found
    ]


@dataclass(frozen=True)
class Past:
    """A thread from old sources."""

    slug: str
    told: list[Told]


def past_threads(program: Program, lang: str) -> list[Past]:
    """List the threads that were reconstructed from old sources. Two queries."""
    by_slug: dict[str, list[Told]] = defaultdict(list)
    for one in record.told_where(program, lang, kinds=RECONSTRUCTED):
        by_slug[one.entry.data["thread"]].append(one)
    return [
        Past(slug, sorted(found, key=lambda one: (one.entry.data["event_date"], one.index)))
        for slug, found in by_slug.items()
    ]


RECONSTRUCTED = tuple(
    f"reconstructed.{step}"
    for step in ("promise", "voices", "finding", "ask", "answer", "commitment", "delivery", "report", "gap")
)


def paid_by_of(asker: Asker) -> str | None:
    """Give the unit that pays the asker's seat, or None. One query."""
    return Seat.objects.filter(pk=asker.seat_id or 0).values_list("paid_by__slug", flat=True).first()
