"""A thread as it is shown: items with their words, whose pen, their proof, and the stretches between them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.workflow.asks import Decision
from alongside.desks.gathering import Gathered
from alongside.ground.record.queries import EntryView
from alongside.ground.ui.addresses import to


@dataclass(frozen=True)
class Milestone:
    """One milestone as it is shown."""

    heading: str
    pen: str
    state: str
    support: str
    said: str = ""
    lang: str = ""
    translated_from: str = ""
    is_reviewed: bool = True


@dataclass(frozen=True)
class TimelineItem:
    """One place on the thread; the fields are the arguments of the look's knot."""

    pen: str
    state: str = ""
    who: str = ""
    did: str = ""
    on: date | None = None
    more: str = ""
    heading: str = ""
    said: str = ""
    lang: str = ""
    text: str = ""
    days: int | None = None
    due: date | None = None
    facts: list[tuple[str, str]] = field(default_factory=list)
    support: str = ""
    proof: dict[str, Any] | None = None
    milestones: list[Milestone] = field(default_factory=list)
    anchor: str = ""
    translated_from: str = ""
    added_by: str = ""
    added_on: date | None = None
    is_reviewed: bool = True


@dataclass(frozen=True)
class Stretch:
    """A heading and the knots below it."""

    heading: str
    knots: list[TimelineItem]
    anchor: str = ""
    lang: str = ""
    pen: str = ""
    state: str = ""
    status: str = ""


@dataclass(frozen=True)
class StandingLine:
    """One line of the summary above a thread."""

    number: int
    heading: str
    lang: str
    href: str
    marks: list[tuple[str, str]]
    status: str
    is_late: bool


class TimelineBuilder:
    """What every part of a thread is tied with, for one request."""

    def __init__(self, request: HttpRequest, pack: Pack, gathered: Gathered, lang: str, today: date) -> None:
        self.request, self.pack, self.thread, self.lang, self.today = request, pack, gathered, lang, today

    def proof(self, told: EntryView) -> dict[str, Any]:
        """Give what the proof of an entry needs."""
        href = to(self.request, "record:entry", index=told.index)
        return {"index": told.index, "kind": told.entry.kind, "href": href}

    def knot(self, told: EntryView, name: str, who: str, did: str, **more: Any) -> TimelineItem:
        """Tie a knot around the words of an entry, with its proof."""
        shown = told.texts.get(name)
        pen = more.pop("pen", told.entry.pen)
        state = more.pop("state", "")
        return TimelineItem(
            pen=pen,
            state=state,
            who=who,
            did=did,
            on=told.entry.date,
            said=shown.words if shown else _("This text was taken down on a legal ground."),
            lang=shown.lang if shown else "",
            translated_from=told.translated_from(name),
            added_by=shown.added_by if shown else "",
            added_on=shown.added_on if shown else None,
            is_reviewed=told.is_reviewed(name),
            proof=self.proof(told),
            **more,
        )

    def raised(self, ask: int) -> list[TimelineItem]:
        """Tie what came of raising a question to the office above."""
        knots = []
        for told in self.thread.citing(ask, EntryKind.ASK_RAISED):
            knots.append(self.knot(told, "reason", self.leads, _("raised this to the office above")))
            for reply in self.thread.citing(told.index, EntryKind.RAISE_REPLIED):
                who, is_told = self.unit(told.entry.data["to"]), reply.entry.data["decision"] == Decision.TOLD
                heading = _("Told by the office above") if is_told else _("It stands as it is")
                knots.append(self.knot(reply, "reply", who, _("replied"), heading=heading))
        return knots

    def unit(self, office: str) -> str:
        """Give the name of an office's unit in the reader's language."""
        return self.pack.unit_name(office.split("/", 1)[0], self.lang)

    @property
    def leads(self) -> str:
        """Give what the leads are called on the thread."""
        return _("Community leads")
