"""Read invitations from the record: what units ask leads to help with, who answered, and what nobody answered."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from alongside.core.grammar.bureaus import answers_for
from alongside.core.grammar.ties import left_to_others
from alongside.core.kinds import EntryKind
from alongside.core.money import Money
from alongside.core.policy.pack import Pack
from alongside.core.workflow.invitations import ANSWERS, InvitationStage, stage_of
from alongside.ground.gate.roles import Viewer
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Log
from alongside.ground.record.queries import (
    EntryView,
    entries_at,
    entry_views,
    entry_views_where,
    indexes_citing,
)
from alongside.ground.record.rows import RowsLog
from alongside.work.projects.models import DecisionPoint

UNANSWERED = EntryKind.INVITATION_UNANSWERED
FOLLOWED = (EntryKind.ENGAGEMENT_PROMISED,)


@dataclass(frozen=True)
class Invited:
    """What a unit asks leads to help with, and what was said to it."""

    told: EntryView
    stage: InvitationStage
    #: The day by which leads answer, and that of the decision.
    answer_by: date
    needed_by: date
    #: How many days leads have left to answer; below zero the day has passed.
    days: int
    #: How many days before the decision the unit asked, where the policy asks for more.
    late: int | None
    answers: dict[str, EntryView] = field(default_factory=dict)
    followed: list[EntryView] = field(default_factory=list)
    project: str = ""
    decision: str = ""

    @property
    def slug(self) -> str:
        """Give the name in its address."""
        return str(self.told.entry.data["invitation"])

    @property
    def taken(self) -> EntryView | None:
        """Give the entry by which a lead took it, or None."""
        return self.answers.get(EntryKind.INVITATION_TAKEN)

    @property
    def declined(self) -> EntryView | None:
        """Give the entry by which leads declined, or None; a lead may still take it."""
        return self.answers.get(EntryKind.INVITATION_DECLINED)

    @property
    def withdrawn(self) -> EntryView | None:
        """Give the entry by which the unit took it back, or None."""
        return self.answers.get(EntryKind.INVITATION_WITHDRAWN)

    @property
    def waits(self) -> bool:
        """Say whether leads can still answer by their day."""
        return self.stage == InvitationStage.WAITS

    @property
    def is_over(self) -> bool:
        """Say whether its day passed and no lead took or declined it; a lead may still take it."""
        return self.stage == InvitationStage.OVER

    @property
    def pay(self) -> Money:
        """Give what is there to pay people."""
        return Money.of(self.told.entry.data["pay"], self.told.entry.data["currency"])

    @property
    def interpretation(self) -> Money:
        """Give what is there for interpreters."""
        return Money.of(self.told.entry.data["interpretation"], self.told.entry.data["currency"])

    @property
    def communities(self) -> list[str]:
        """Give the communities that it touches, by their ids in the pack."""
        return list(self.told.entry.data.get("communities", ()))


def is_left_to_others(program: Program, found: Invited, seat: str, today: date) -> bool:
    """Say whether a lead leaves an invitation to others today: its bureau pays or employs them, or did since."""
    rows, made = RowsLog(Log.objects.get(program=program)), found.told.entry
    units = {made.data["unit"], answers_for(made.data["unit"], rows)}
    return bool(left_to_others(rows, seat, today, units, made.index))


def invitations(program: Program, pack: Pack, lang: str, today: date, *, slug: str = "") -> list[Invited]:
    """List invitations: what waits first, by its day, then the newest. Six queries."""
    made = entry_views_where(program, lang, kinds=[EntryKind.INVITATION_MADE], subject=slug)
    rows = indexes_citing(program, [one.index for one in made], (*ANSWERS, *FOLLOWED))
    beside = entry_views(program, [citing for citing, _kind, _cited in rows], lang)
    cited = {
        index for one in made for role in ("project", "decision") for index in one.entry.cites.get(role, ())
    }
    near = entries_at(program, cited)
    of_each: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for citing, kind, about in rows:
        of_each[about].append((citing, kind))
    found = []
    for one in made:
        mine = of_each[one.index]
        places = {
            kind: near[index] for kind in ("project", "decision") for index in one.entry.cites.get(kind, ())
        }
        answers = {kind: beside[citing] for citing, kind in mine if kind in ANSWERS}
        answer_by, needed_by = (
            date.fromisoformat(one.entry.data[name]) for name in ("answer_by", "needed_by")
        )
        notice = (needed_by - one.entry.date).days
        found.append(
            Invited(
                told=one,
                stage=stage_of(one.entry, answers, today),
                answer_by=answer_by,
                needed_by=needed_by,
                days=(answer_by - today).days,
                late=notice if notice < pack.clocks.invitation_notice_days else None,
                answers=answers,
                followed=[beside[citing] for citing, kind in mine if kind in FOLLOWED],
                project=str(places["project"].data["project"]) if "project" in places else "",
                decision=str(places["decision"].data["decision"]) if "decision" in places else "",
            )
        )
    return sorted(found, key=lambda one: (not one.waits, one.answer_by if one.waits else one.told.entry.date))


def invitation(program: Program, pack: Pack, lang: str, today: date, slug: str) -> Invited | None:
    """Give one invitation, or None. Six queries."""
    return next(iter(invitations(program, pack, lang, today, slug=slug)), None)


def unanswered(program: Program, today: date) -> list[int]:
    """List the invitations that no lead took or declined by their day, and of which that is not told. Three queries."""
    made = {
        one.index: one.entry for one in entry_views_where(program, "en", kinds=[EntryKind.INVITATION_MADE])
    }
    ended = {cited for _citing, _kind, cited in indexes_citing(program, made, (*ANSWERS, UNANSWERED))}
    days = {index: date.fromisoformat(entry.data["answer_by"]) for index, entry in made.items()}
    return [index for index, day in days.items() if index not in ended and day < today]


def worked_on(program: Program, viewer: Viewer) -> set[str]:
    """List the projects that the viewer works on as a lead, by their names. Two queries."""
    rows = entry_views_where(program, "en", kinds=[EntryKind.PROJECT_JOINED, EntryKind.PROJECT_LEFT])
    mine: dict[str, bool] = {}
    for one in rows:
        if one.entry.data["seat"] == viewer.seat:
            mine[one.entry.data["project"]] = one.entry.kind == EntryKind.PROJECT_JOINED
    return {project for project, works in mine.items() if works}


def sorted_for(found: list[Invited], projects: Collection[str]) -> list[Invited]:
    """Put what is about these projects first; the rest stays in its order."""
    return sorted(found, key=lambda one: one.project not in projects)


def slugs_of(program: Program) -> list[str]:
    """List the names of all invitations, which no new one may have."""
    made = entry_views_where(program, "en", kinds=[EntryKind.INVITATION_MADE])
    return [one.entry.data["invitation"] for one in made]


def points_of(program: Program, viewer: Viewer, today: date) -> list[DecisionPoint]:
    """List the decisions to come on the projects of the viewer's units. One query."""
    rows = DecisionPoint.objects.filter(project__program=program, on__gte=today)
    return list(rows.filter(project__unit__slug__in=viewer.units).select_related("project").order_by("on"))
