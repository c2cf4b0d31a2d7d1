"""One year of a program, counted from the record: whom it reached, what came of it, and what failed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from alongside.cohort.pay.queries import CohortPay, public_pay
from alongside.core.disclosure import Band, Fewer, band_of_data
from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind
from alongside.core.workflow.engagements import CHANGES as TURNS
from alongside.core.workflow.engagements import EngagementState
from alongside.core.workflow.workplans import CHANGES as VERSIONS
from alongside.desks.queries.failing import Failure, failures
from alongside.desks.queries.lines import Lines, lines_of
from alongside.desks.queries.owing import Rates
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record.queries import EntryView

#: What a report counts. Batches of voices are not among them: a year costs the same with few voices and with many.
KINDS = (
    EntryKind.ENGAGEMENT_PROMISED,
    *TURNS,
    EntryKind.FINDING_PUBLISHED,
    EntryKind.ASK_RECOMMENDED,
    EntryKind.ASK_QUESTIONED,
    EntryKind.ADVICE_PUBLISHED,
    EntryKind.ASK_ADVISED,
    EntryKind.ASK_SILENT,
    EntryKind.ANSWER_GIVEN,
    EntryKind.ANSWER_CONTESTED,
    EntryKind.ANSWER_UNREASONED,
    EntryKind.COMMITMENT_MADE,
    EntryKind.COMMITMENT_LATE,
    EntryKind.DELIVERY_CLAIMED,
    EntryKind.DELIVERY_VERIFIED,
    EntryKind.DELIVERY_DISPUTED,
    EntryKind.DELIVERY_UNCHECKED,
    EntryKind.SEAT_TAKEN,
    EntryKind.SEAT_LEFT,
    EntryKind.SEAT_REMOVED,
    EntryKind.VACANCY_OPENED,
    EntryKind.VACANCY_LATE,
    EntryKind.COURSE_OFFERED,
    EntryKind.TRAINING_COMPLETED,
    *VERSIONS,
)


@dataclass(frozen=True)
class Heard:
    """An engagement that was opened in the year, or whose voices were counted in it. `voices` is None while open."""

    promise: EntryView
    course: EngagementState
    languages: Sequence[str]
    voices: Band | Fewer | None


@dataclass(frozen=True)
class Learned:
    """How many people completed a track, as a range, and the courses it is made of."""

    told: EntryView
    courses: Sequence[EntryView]
    people: Band | Fewer


@dataclass(frozen=True)
class Year:
    """Everything the report of a year shows. `until` is its last day, or today in the year that runs."""

    number: int
    until: date
    is_over: bool
    heard: Sequence[Heard]
    counts: Mapping[str, int]
    findings: Sequence[EntryView]
    learned: Sequence[Learned]
    offered: Sequence[EntryView]
    pay: Sequence[CohortPay]
    rates: Rates
    failures: Sequence[Failure]
    #: The promise of each finding, for a link to its thread.
    promises: Mapping[int, int]

    @property
    def languages(self) -> list[str]:
        """List every language in which people could take part, by code."""
        return sorted({code for one in self.heard for code in one.languages})

    @property
    def at_least(self) -> int:
        """Count the voices that there were at least: the lower ends of all ranges."""
        return sum(one.voices.low for one in self.heard if isinstance(one.voices, Band))

    @property
    def smaller(self) -> list[EntryView]:
        """List the findings of smaller groups."""
        return [one for one in self.findings if one.entry.data["smaller"]]


def year_of(program: Program, lang: str, year: int, today: date) -> Year:
    """Count a year from the record. Six queries, however much there is."""
    first, until = date(year, 1, 1), min(today, date(year, 12, 31))
    lines = lines_of(program, KINDS, until)
    own = [one for one in lines.by_index.values() if one.date >= first]
    texts = record.texts_of(program, _spoken(lines), lang)
    told = {index: EntryView(entry, texts.get(index, {})) for index, entry in lines.by_index.items()}
    asks, steps = record.standings(program), record.milestones(program)
    findings = [told[one.index] for one in own if one.kind == EntryKind.FINDING_PUBLISHED]
    return Year(
        number=year,
        until=until,
        is_over=today > until,
        heard=_heard(lines, told, first),
        counts=_counts(own),
        findings=findings,
        learned=[_learned(told[one.index], told) for one in own if one.kind == EntryKind.TRAINING_COMPLETED],
        offered=[told[one.index] for one in own if one.kind == EntryKind.COURSE_OFFERED],
        pay=_pay(public_pay(program, lang), year),
        rates=Rates(
            record.response_rate([one for one in asks if record.counts_in(one) == year], today),
            record.implementation_rate([one for one in steps if one.due.year == year], until),
            record.on_time([one for one in asks if record.counts_in(one) == year], today),
        ),
        failures=failures(lines, told, own, {one.ask: one for one in asks}, until),
        promises={one.index: one.entry.cites["engagement"][0] for one in findings},
    )


def _spoken(lines: Lines) -> list[int]:
    """Name the entries whose words are shown: of workplans, which are long, only those that wait for a signature."""
    waiting = [one.one_sided.proposed.index for one in lines.plans().values() if one.one_sided]
    return [*(index for index, one in lines.by_index.items() if one.kind not in VERSIONS), *waiting]


def _heard(lines: Lines, told: Mapping[int, EntryView], first: date) -> list[Heard]:
    found = []
    for index, course in lines.courses().items():
        ended = course.ended
        if course.promise.date < first and (ended is None or ended.date < first):
            continue
        voices = band_of_data(ended.data["voices"]) if ended else None
        found.append(Heard(told[index], course, course.promise.data["languages"], voices))
    return found


def _counts(own: Sequence[Entry]) -> dict[str, int]:
    """Count the entries of the year by kind; what the templates name, they find there."""
    found = {kind.replace(".", "_"): 0 for kind in KINDS}
    for one in own:
        found[one.kind.replace(".", "_")] += 1
    return found


def _learned(one: EntryView, told: Mapping[int, EntryView]) -> Learned:
    courses = [told[index] for index in one.entry.cites["courses"] if index in told]
    return Learned(one, courses, band_of_data(one.entry.data["people"]))


def _pay(cohorts: Sequence[CohortPay], year: int) -> list[CohortPay]:
    """Keep the totals that end in a year: a total over two years is told with the later one."""
    kept = [
        CohortPay(
            one.seated,
            one.budget,
            one.budget_entry,
            [total for total in one.totals if str(total.told.entry.data["until"]).startswith(f"{year}-")],
        )
        for one in cohorts
    ]
    return [one for one in kept if one.totals]
