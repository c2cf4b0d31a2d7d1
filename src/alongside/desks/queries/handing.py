"""What one cohort leaves to the next, from the record: what it asked, where that stands, what is open, what it learned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind
from alongside.core.workflow.engagements import CHANGES as TURNS
from alongside.core.workflow.engagements import EngagementState
from alongside.desks.queries.lines import Lines, lines_of
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record.models import MilestoneStanding, Standing
from alongside.ground.record.queries import EntryView
from alongside.work.workplans.queries import PlanShown, shown_plans

ASKS = (EntryKind.ASK_RECOMMENDED, EntryKind.ASK_QUESTIONED, EntryKind.ASK_ADVISED)
KINDS = (
    EntryKind.COHORT_SEATED,
    EntryKind.SEAT_TAKEN,
    EntryKind.ENGAGEMENT_PROMISED,
    *TURNS,
    EntryKind.FINDING_PUBLISHED,
    *ASKS,
    EntryKind.COMMITMENT_MADE,
)


@dataclass(frozen=True)
class Asked:
    """Something a cohort asked for, where it stands, and the steps that were promised for it."""

    told: EntryView
    standing: Standing
    steps: Sequence[MilestoneStanding]
    #: The promise of its engagement, or None for a question that belongs to none.
    promise: int | None


@dataclass(frozen=True)
class Unanswered:
    """A driving question of a workplan in force that no finding and no ask cites."""

    words: str
    lang: str
    plan: str
    title: str


@dataclass(frozen=True)
class Handover:
    """Everything the brief shows. `told` holds the entries with their words."""

    seated: EntryView
    asked: Sequence[Asked]
    findings: Sequence[EntryView]
    courses: Mapping[int, EngagementState]
    plans: Sequence[PlanShown]
    unanswered: Sequence[Unanswered]
    told: Mapping[int, EntryView]

    @property
    def slug(self) -> str:
        """Give the cohort's name in addresses."""
        return str(self.seated.entry.data["cohort"])

    @property
    def until(self) -> date:
        """Give the last day of its term."""
        return date.fromisoformat(self.seated.entry.data["until"])


def handover_of(program: Program, slug: str, lang: str, today: date) -> Handover | None:
    """Gather what a cohort leaves, or None where no cohort has that name. Six queries."""
    lines = lines_of(program, KINDS, today)
    seated = next((one for one in lines.of(EntryKind.COHORT_SEATED) if one.data["cohort"] == slug), None)
    if seated is None:
        return None
    seats = {str(one.data["seat"]) for one in lines.of(EntryKind.SEAT_TAKEN) if one.data["cohort"] == slug}
    own = [one for one in lines.by_index.values() if seats & set(one.seats)]
    promises = {one.index for one in own if one.kind == EntryKind.ENGAGEMENT_PROMISED}
    asks = [one for one in own if one.kind in ASKS]
    steps = record.milestones(program, ask__in=[one.index for one in asks])
    wanted = {seated.index, *promises, *(one.index for one in own), *(one.commitment for one in steps)}
    texts = record.texts_of(program, wanted, lang)
    told = {one: EntryView(lines.by_index[one], texts.get(one, {})) for one in wanted}
    plans = [one for one in shown_plans(program, lang) if one.cohort == slug]
    return Handover(
        seated=told[seated.index],
        asked=asked_of(program, lines, asks, steps, told),
        findings=[told[one.index] for one in own if one.kind == EntryKind.FINDING_PUBLISHED],
        courses={index: one for index, one in lines.courses().items() if index in promises},
        plans=plans,
        unanswered=[one for plan in plans for one in _unanswered(plan, lines)],
        told=told,
    )


def asked_of(
    program: Program,
    lines: Lines,
    asks: Sequence[Entry],
    steps: Sequence[MilestoneStanding],
    told: Mapping[int, EntryView],
) -> list[Asked]:
    """Say where asks stand, by the day of what is owed. One query."""
    found = record.standings(program, ask__in=[one.index for one in asks])
    shown = []
    for one in found:
        promise = lines.promise_of(lines.by_index[one.ask])
        own = [step for step in steps if step.ask == one.ask]
        shown.append(Asked(told[one.ask], one, own, promise.index if promise else None))
    return shown


def _unanswered(plan: PlanShown, lines: Lines) -> list[Unanswered]:
    """List the driving questions of a plan in force that nothing cites, in any version of the plan."""
    says, version = plan.says(plan.standing.in_force), plan.standing.in_force
    if says is None or version is None:
        return []
    versions = {one.proposed.index for one in plan.standing.versions}
    cited = {
        str(name)
        for one in lines.of(EntryKind.FINDING_PUBLISHED, *ASKS)
        if versions & set(one.cites.get("workplan", ()))
        for name in one.data.get("driving_questions", ())
    }
    where = plan.original(version)
    return [
        Unanswered(one["words"], where, plan.slug, plan.title)
        for one in says["rows"]["question"]
        if one["id"] not in cited
    ]
