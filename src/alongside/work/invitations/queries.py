"""Read invitations from the record: what units ask leads to help with, who answered, and what nobody answered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from alongside.core.entries import Entry
from alongside.core.grammar.bureaus import answers_for
from alongside.core.grammar.invitations import stage_at
from alongside.core.kinds import EntryKind
from alongside.core.money import Money
from alongside.core.policy.pack import Pack
from alongside.core.workflow.invitations import ANSWERS, InvitationStage
from alongside.ground.gate.roles import Viewer
from alongside.ground.programs.models import Program
from alongside.ground.record.persons import BoundLead
from alongside.ground.record.queries import (
    EntryView,
    indexes_citing,
    without_words,
    worded,
)
from alongside.ground.record.rows import ASKED, RowsLog
from alongside.work.projects.models import DecisionPoint
from alongside.work.projects.queries import working_on

UNANSWERED = EntryKind.INVITATION_UNANSWERED
FOLLOWED = EntryKind.ENGAGEMENT_PROMISED


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
    def is_held(self) -> bool:
        """Say whether the lead who took it goes on with it."""
        return self.stage == InvitationStage.TAKEN

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


def is_left_to_others(program: Program, found: Invited, viewer: Viewer, today: date) -> bool:
    """Say whether a lead leaves an invitation to others today: its bureau pays or employs them, or did."""
    rows, made = RowsLog.of(program), found.told.entry
    units = {made.data["unit"], answers_for(made.data["unit"], rows)}
    return BoundLead(rows, viewer, today).leaves(units, made.index)


#: What an invitation stands in, and what it is about.
SAID = (EntryKind.INVITATION_MADE, *ANSWERS, FOLLOWED, *ASKED)


def invitations(log: RowsLog, pack: Pack, today: date, *, slug: str = "") -> list[Invited]:
    """List invitations without their words: what waits first, by its day, then the newest. A query, and one for what is near."""
    log.read(*SAID)
    made = [EntryView(one) for one in (log.about(SAID[0], slug) if slug else log.every(SAID[0]))]
    log.some(
        index for one in made for name in ("project", "decision") for index in one.entry.cites.get(name, ())
    )
    found = []
    for one in made:
        near = {
            name: log.get(index)
            for name in ("project", "decision")
            for index in one.entry.cites.get(name, ())
        }
        answers: dict[str, EntryView] = {
            kind: EntryView(said) for kind in ANSWERS for said in log.citing(one.index, kind)
        }
        answer_by, needed_by = (
            date.fromisoformat(one.entry.data[name]) for name in ("answer_by", "needed_by")
        )
        notice = (needed_by - one.entry.date).days
        found.append(
            Invited(
                told=one,
                stage=stage_at(one.entry, log, today),
                answer_by=answer_by,
                needed_by=needed_by,
                days=(answer_by - today).days,
                late=notice if notice < pack.clocks.invitation_notice_days else None,
                answers=answers,
                project=_name(near.get("project"), "project"),
                decision=_name(near.get("decision"), "decision"),
            )
        )
    return sorted(found, key=lambda one: (not one.waits, one.answer_by if one.waits else one.told.entry.date))


def _name(near: Entry | None, name: str) -> str:
    return str(near.data[name]) if near else ""


def with_words(program: Program, found: Sequence[Invited], lang: str) -> list[Invited]:
    """Give invitations, and what was said to them, with their words. One query."""
    views = [view for one in found for view in (one.told, *one.answers.values(), *one.followed)]
    words = {one.index: one for one in worded(program, views, lang)}
    return [
        replace(
            one,
            told=words[one.told.index],
            answers={kind: words[view.index] for kind, view in one.answers.items()},
            followed=[words[view.index] for view in one.followed],
        )
        for one in found
    ]


def invitation(program: Program, pack: Pack, lang: str, today: date, slug: str) -> Invited | None:
    """Give one invitation with its words and what followed, or None. Eight queries."""
    log = RowsLog.of(program)
    found = [
        replace(one, followed=[EntryView(each) for each in log.citing(one.told.index, FOLLOWED)])
        for one in invitations(log, pack, today, slug=slug)
    ]
    return next(iter(with_words(program, found, lang)), None)


def unanswered(program: Program, today: date) -> list[int]:
    """List the invitations that no lead took or declined by their day, and of which that is not told. Two queries."""
    made = {one.index: one.entry for one in without_words(program, kinds=[EntryKind.INVITATION_MADE])}
    ended = {cited for _citing, _kind, cited in indexes_citing(program, made, (*ANSWERS, UNANSWERED))}
    days = {index: date.fromisoformat(entry.data["answer_by"]) for index, entry in made.items()}
    return [index for index, day in days.items() if index not in ended and day < today]


def worked_on(log: RowsLog, viewer: Viewer) -> set[str]:
    """List the projects that the viewer works on as a lead, by their names. One query."""
    return {project for project, seats in working_on(log).items() if viewer.seat in seats}


def sorted_for(found: list[Invited], projects: Collection[str]) -> list[Invited]:
    """Put what is about these projects first; the rest stays in its order."""
    return sorted(found, key=lambda one: one.project not in projects)


def slugs_of(program: Program) -> list[str]:
    """List the names of all invitations, which no new one may have."""
    made = without_words(program, kinds=[EntryKind.INVITATION_MADE])
    return [one.entry.data["invitation"] for one in made]


def points_of(program: Program, viewer: Viewer, today: date) -> list[DecisionPoint]:
    """List the decisions to come on the projects of the viewer's units. One query."""
    rows = DecisionPoint.objects.filter(project__program=program, on__gte=today)
    return list(
        rows.filter(project__unit__slug__in=viewer.units).select_related("project__unit").order_by("on")
    )
