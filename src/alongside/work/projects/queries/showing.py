"""A project's page: what the City says of it, its decisions, harm that communities see, what they said, who works on it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from alongside.cohort.seats.models import Seat
from alongside.core.grammar.facts import Facts, facts_of
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Head, Standing
from alongside.ground.record.queries import Told, head_of, indexes_citing, standings, told, told_where
from alongside.work.projects.queries.courses import EngagementShown, courses_of

ABOUT = (
    "project.described",
    "project.joined",
    "project.left",
    "harm.named",
    "decision.scheduled",
    "workplan.proposed",
    "consultation.opened",
)
ON_A_DECISION = ("engagement.promised", "decision.moved", "decision.made")
ASKS = ("ask.recommended", "ask.questioned", "ask.advised")


@dataclass(frozen=True)
class DecisionShown:
    """A decision point with its words, the engagements on it, and what became of it."""

    told: Told
    engagements: list[EngagementShown]
    moves: Sequence[Told] = ()
    made: Told | None = None

    @property
    def slug(self) -> str:
        """Give the name in its address."""
        return str(self.told.entry.data["decision"])

    @property
    def on(self) -> date:
        """Give the day on which it is decided, as moved, or was."""
        last = self.made or (self.moves[-1] if self.moves else self.told)
        return date.fromisoformat(last.entry.data["on"])

    @property
    def office(self) -> str:
        """Give the office that decides, as unit/office."""
        return str(self.told.entry.data["office"])

    @property
    def promise(self) -> Told:
        """Give the entry that promises how people take part: the last engagement on it, else the decision itself."""
        return self.engagements[-1].told if self.engagements else self.told

    @property
    def level(self) -> tuple[str, str] | None:
        """Give the level of participation that is promised, as (framework, level)."""
        level = self.promise.entry.data.get("level")
        return (level["framework"], level["level"]) if level else None

    @property
    def asked(self) -> str:
        """Say whether the public was asked: an engagement on it says so by itself."""
        return "asked" if self.engagements else str(self.told.entry.data.get("asked", ""))


@dataclass(frozen=True)
class Spoken:
    """What communities said on a project: a finding, and the asks that rest on it with where they stand."""

    finding: Told
    asks: list[tuple[Told, Standing | None]]


@dataclass(frozen=True)
class ProjectShown:
    """A project with its words, its facts, its decisions (the first one first) and what communities said."""

    told: Told
    decisions: list[DecisionShown]
    facts: Facts = field(default_factory=Facts)
    about: Mapping[int, Told] = field(default_factory=dict)
    harms: Sequence[Told] = ()
    seats: Sequence[Seat] = ()
    workplans: Sequence[Told] = ()
    reviews: Sequence[Told] = ()
    spoken: Sequence[Spoken] = ()
    head: Head | None = None

    @property
    def slug(self) -> str:
        """Give the name in its address."""
        return str(self.told.entry.data["project"])

    @property
    def unit(self) -> str:
        """Give the unit that owns it."""
        return str(self.told.entry.data["unit"])

    @property
    def summary(self) -> Told:
        """Give the entry that last said what it is."""
        return self.about.get(self.facts.texts.get("summary", -1), self.told)

    def decision(self, slug: str) -> DecisionShown | None:
        """Give one of its decisions, or None."""
        return next((one for one in self.decisions if one.slug == slug), None)


def project_page(program: Program, lang: str, slug: str, today: date) -> ProjectShown | None:
    """Give a project with everything its page shows, or None. Eighteen queries at most."""
    found = told_where(program, lang, kinds=["project.registered"], subject=slug)
    if not found:
        return None
    about = _citing(program, lang, [found[0].index], ABOUT)
    points = [one for one in about.values() if one.entry.kind == "decision.scheduled"]
    on_them = _citing(program, lang, [one.index for one in points], ON_A_DECISION)
    promises = [one for one in on_them.values() if one.entry.kind == "engagement.promised"]
    engagements = courses_of(program, promises, today)
    return ProjectShown(
        told=found[0],
        decisions=sorted((_point(one, on_them, engagements) for one in points), key=lambda one: one.on),
        facts=facts_of(one.entry for one in about.values() if one.entry.kind == "project.described"),
        about=about,
        harms=[one for one in about.values() if one.entry.kind == "harm.named"][::-1],
        seats=_working(program, about.values()),
        workplans=_plans(about.values()),
        reviews=[one for one in about.values() if one.entry.kind == "consultation.opened"][::-1],
        spoken=_spoken(program, lang, [one.index for one in promises]),
        head=head_of(program),
    )


def _citing(program: Program, lang: str, cited: Iterable[int], kinds: Sequence[str]) -> dict[int, Told]:
    rows = indexes_citing(program, cited, kinds)
    return told(program, [citing for citing, _kind, _cited in rows], lang)


def _point(point: Told, on_them: Mapping[int, Told], engagements: Iterable[EngagementShown]) -> DecisionShown:
    its = [one for one in on_them.values() if point.index in one.entry.cites.get("decision", ())]
    return DecisionShown(
        told=point,
        engagements=[one for one in engagements if point.index in one.told.entry.cites.get("decision", ())],
        moves=[one for one in its if one.entry.kind == "decision.moved"],
        made=next((one for one in its if one.entry.kind == "decision.made"), None),
    )


def _working(program: Program, about: Iterable[Told]) -> list[Seat]:
    """List the seats that work on a project, with the profile of whoever holds each. One query."""
    works: dict[str, bool] = {}
    for one in about:
        if one.entry.kind in {"project.joined", "project.left"}:
            works[one.entry.data["seat"]] = one.entry.kind == "project.joined"
    here = [seat for seat, still in works.items() if still]
    seats = Seat.objects.filter(cohort__program=program, public_id__in=here)
    return list(seats.select_related("person__profile").order_by("pk"))


def _plans(about: Iterable[Told]) -> list[Told]:
    latest: dict[str, Told] = {}
    for one in about:
        if one.entry.kind == "workplan.proposed":
            latest[one.entry.data["workplan"]] = one
    return list(latest.values())


def _spoken(program: Program, lang: str, promises: Sequence[int]) -> list[Spoken]:
    """Give what communities said in the engagements on a project. Five queries."""
    rows = indexes_citing(program, promises, ["finding.published"])
    findings = [citing for citing, _kind, _cited in rows]
    rests = indexes_citing(program, findings, ASKS)
    words = told(program, [*findings, *(citing for citing, _kind, _cited in rests)], lang)
    stand = {one.ask: one for one in standings(program, ask__in=[citing for citing, _kind, _cited in rests])}
    return [
        Spoken(words[one], [(words[ask], stand.get(ask)) for ask, _kind, cited in rests if cited == one])
        for one in dict.fromkeys(findings)
    ]


def facts_for_form(shown: ProjectShown) -> dict[str, Any]:
    """Give what stands of each fact, as a form shows it."""
    texts = {name: shown.about[index].say(name) for name, index in shown.facts.texts.items()}
    return dict(shown.facts.choices) | texts
