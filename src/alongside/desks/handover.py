"""The handover: what one cohort leaves to the next, from the record: what it asked, where that stands, what is open."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind
from alongside.core.workflow.asks import ASK_KINDS, AskStep
from alongside.core.workflow.commitments import MilestoneStep
from alongside.core.workflow.engagements import CHANGES as TURNS
from alongside.core.workflow.engagements import EngagementState, EngagementStep
from alongside.core.workflow.open_steps import OpenStep
from alongside.desks import stage_words
from alongside.desks.lines import Lines, lines_of
from alongside.desks.thread_page import StandingLine
from alongside.ground.gate.roles import Role, ViewerRequest, by_name, from_the_record, open_to, or_404
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record.labels import where_it_stands
from alongside.ground.record.models import MilestoneStanding, Standing
from alongside.ground.record.queries import EntryView, TextView, Words
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.pages import page_of_many
from alongside.work.workplans.queries import PlanShown, plans_without_words, titled_plans

KINDS = (
    EntryKind.COHORT_SEATED,
    EntryKind.SEAT_TAKEN,
    EntryKind.ENGAGEMENT_PROMISED,
    *TURNS,
    EntryKind.FINDING_PUBLISHED,
    *ASK_KINDS,
    EntryKind.COMMITMENT_MADE,
)
#: What is said of each step that is open.
WHAT = {
    AskStep.ANSWER: _("%(unit)s owes an answer"),
    AskStep.REPLY: _("%(unit)s owes a reply"),
    MilestoneStep.CLAIM: _("%(unit)s promised this"),
    MilestoneStep.CHECK: _("%(unit)s says it is done. Two leads must go and look"),
    MilestoneStep.CLAIM_AGAIN: _(
        "Those who looked said that it is not done. %(unit)s must do it and say so again"
    ),
    EngagementStep.REPORT: _("People must hear back"),
}


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
    """Everything the brief shows, without words but those of workplans."""

    seated: EntryView
    asked: Sequence[Asked]
    findings: Sequence[EntryView]
    courses: Mapping[int, EngagementState]
    plans: Sequence[PlanShown]
    unanswered: Sequence[Unanswered]

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
    asks = [one for one in own if one.kind in ASK_KINDS]
    log = RowsLog.of(program)
    plans = titled_plans(program, [one for one in plans_without_words(log) if one.cohort == slug], lang)
    cited: dict[int, set[str]] = {}
    for one in lines.of(EntryKind.FINDING_PUBLISHED, *ASK_KINDS):
        for version in one.cites.get("workplan", ()):
            cited.setdefault(version, set()).update(map(str, one.data.get("driving_questions", ())))
    return Handover(
        seated=EntryView(seated),
        asked=asked_of(program, lines, asks),
        findings=[EntryView(one) for one in own if one.kind == EntryKind.FINDING_PUBLISHED],
        courses={index: one for index, one in lines.courses().items() if index in promises},
        plans=plans,
        unanswered=[one for plan in plans for one in _unanswered(plan, cited)],
    )


def asked_of(program: Program, lines: Lines, asks: Sequence[Entry]) -> list[Asked]:
    """Say where asks stand, by the day of what is owed, without their words. Two queries.

    They are looked for between the first and the last: of thousands, each by its number, a database would be told longer than it looks.
    """
    theirs = {one.index for one in asks}
    between = Q(ask__gte=min(theirs, default=0), ask__lte=max(theirs, default=-1))
    found = [one for one in record.standings(program, between) if one.ask in theirs]
    promised: dict[int, list[MilestoneStanding]] = {}
    for step in record.milestones(program, between):
        promised.setdefault(step.ask, []).append(step)
    shown = []
    for one in found:
        promise = lines.promise_of(lines.by_index[one.ask])
        own = promised.get(one.ask, ())
        shown.append(Asked(EntryView(lines.by_index[one.ask]), one, own, promise.index if promise else None))
    return shown


def _unanswered(plan: PlanShown, cited: Mapping[int, Collection[str]]) -> list[Unanswered]:
    """List the driving questions of a plan in force that nothing cites, in any version of the plan."""
    says, version = plan.says(plan.standing.in_force), plan.standing.in_force
    if says is None or version is None:
        return []
    answered = {name for version in plan.standing.versions for name in cited.get(version.proposed.index, ())}
    where = plan.original(version)
    return [
        Unanswered(one["words"], where, plan.slug, plan.title)
        for one in says["rows"]["question"]
        if one["id"] not in answered
    ]


@dataclass(frozen=True)
class Next:
    """Something the next cohort takes up, with its day where it has one."""

    step: OpenStep
    unit: str
    about: TextView | None
    href: str
    mark: tuple[str, str]

    @property
    def what(self) -> str:
        """Say what is owed, and by whom."""
        return WHAT[self.step.what] % {"unit": self.unit}


@from_the_record
@by_name
@open_to(Role.EVERYONE)
def handover(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show what a cohort leaves to the next one."""
    lang, today = lang_of(request), request.today
    found = or_404(handover_of(request.program, slug, lang, today))
    open_steps = ahead(found)
    parts = (open_steps, found.asked, found.findings, found.plans, found.unanswered)
    page, shown = page_of_many(request.GET.get("page"), *parts)
    named = {_named_by(one) for one in open_steps[shown]}
    named |= {one.index for one in (*(each.told for each in found.asked[shown]), *found.findings[shown])}
    words = record.texts_of(request.program, {found.seated.index, *named}, lang)
    context = {
        "found": found,
        "name": words.get(found.seated.index, {}).get("name"),
        "today": today,
        "is_over": found.until < today,
        "page": page,
        "before": shown.start,
        "lines": [_line(request, one, words, today) for one in found.asked[shown]],
        "ahead": [_next(request, found, one, words, today) for one in open_steps[shown]],
        "findings": [
            (EntryView(one.entry, words.get(one.index, {})), one.entry.cites["engagement"][0])
            for one in found.findings[shown]
        ],
        "plans": found.plans[shown],
        "unanswered": found.unanswered[shown],
        "record_head": record.head_of(request.program),
    }
    return render(request, "desks/handover.html", context)


#: A step that is open, with the ask or the promise of the engagement that it is of, and its milestone where it has one.
type Open = tuple[OpenStep, Asked | int, MilestoneStanding | None]


def ahead(found: Handover) -> list[Open]:
    """List what is still to be done, by date; what has no date comes first, because it is late already."""
    rows: list[Open] = []
    for one in found.asked:
        rows += [(each.step, one, each) for each in one.steps if each.step]
        if one.standing.step:
            rows.append((one.standing.step, one, None))
    rows += [
        (course.report_owed, index, None) for index, course in found.courses.items() if course.report_owed
    ]
    return sorted(rows, key=lambda row: (row[0].due is not None, row[0].due or date.min))


def _named_by(row: Open) -> int:
    """Give the entry whose words name a step that is open."""
    _step, one, milestone = row
    return milestone.commitment if milestone else one if isinstance(one, int) else one.told.index


def _next(request: ViewerRequest, found: Handover, row: Open, words: Words, today: date) -> Next:
    step, one, milestone = row
    about = words.get(_named_by(row), {}).get(milestone.milestone if milestone else "title")
    if isinstance(one, int):
        mark = ("community", "late" if found.courses[one].report_back < today else "owed")
        return Next(step, "", about, to(request, "desks:thread", promise=one), mark)
    unit, href = request.pack.unit_name(one.standing.unit, lang_of(request)), _href(request, one)
    if milestone:
        return Next(step, unit, about, href, stage_words.milestone_mark(milestone, today))
    mark = ("city", "late" if one.standing.is_late(today) else "owed")
    return Next(step, unit, about, href, mark)


def _href(request: ViewerRequest, one: Asked) -> str:
    if one.promise is None:
        return to(request, "record:entry", index=one.told.index)
    return f"{to(request, 'desks:thread', promise=one.promise)}#ask-{one.told.index}"


def _line(request: ViewerRequest, one: Asked, words: Words, today: date) -> StandingLine:
    title = words.get(one.told.index, {}).get("title")
    return StandingLine(
        number=0,
        heading=title.words if title else "",
        lang=title.lang if title else "",
        href=_href(request, one),
        marks=stage_words.marks_of(one.standing, one.steps, today),
        status=where_it_stands(one.standing, one.steps, today),
        is_late=one.standing.is_late(today),
    )
