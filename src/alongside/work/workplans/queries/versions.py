"""The versions of workplans on the record: what each says, who signed it, how far its activities are, what cites it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from alongside.core.grammar.plan import CHANGES, PlanStanding, Version, standing_of
from alongside.core.grammar.v1.project_rules import MOVES
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Head
from alongside.ground.record.queries import Told, head_of, indexes_citing, told, told_where

#: What may cite a driving question, in the order of the thread.
CITING = ("finding.published", "ask.recommended", "ask.questioned", "advice.published")
PROGRESS = "workplan.progressed"
#: No language's code: every text is then given as it was first written, so that versions can be compared.
AS_WRITTEN = ""


@dataclass(frozen=True)
class Progress:
    """How far an activity was said to be, on which day, by whom, and what shows it."""

    told: Told

    @property
    def completion(self) -> str:
        """Give the OGP word."""
        return str(self.told.entry.data["completion"])

    @property
    def on(self) -> date:
        """Give the day that is told of."""
        return date.fromisoformat(self.told.entry.data["on"])


@dataclass(frozen=True)
class PlanShown:
    """A workplan as the record tells it: its versions, and their entries with their words."""

    slug: str
    standing: PlanStanding
    told: Mapping[int, Told]
    progress: Mapping[str, list[Progress]] = field(default_factory=dict)

    def says(self, version: Version | None) -> dict[str, Any] | None:
        """Give what a version says, or None where there is none or its words were taken down."""
        words = self.told[version.proposed.index].say("plan") if version else ""
        return json.loads(words) if words else None

    def original(self, version: Version | None) -> str:
        """Give the language in which a version is shown."""
        return self.told[version.proposed.index].lang("plan") if version else ""

    @property
    def shown(self) -> Version:
        """Give the version in force, else the newest one-sided one."""
        return self.standing.in_force or self.standing.versions[-1]

    @property
    def title(self) -> str:
        """Give the title of the version in force, else of the newest one."""
        return self.told[self.shown.proposed.index].say("title")

    @property
    def lang(self) -> str:
        """Give the language of the title."""
        return self.told[self.shown.proposed.index].lang("title")

    @property
    def units(self) -> list[str]:
        """Name the units of the plan."""
        return list(self.shown.proposed.data["units"])

    @property
    def cohort(self) -> str:
        """Name the cohort of the plan."""
        return str(self.shown.proposed.data["cohort"])


def shown_plans(program: Program, lang: str, slug: str = "") -> list[PlanShown]:
    """List the workplans on the record with all their versions, the newest plan first. Two queries."""
    kinds = (*CHANGES, PROGRESS)
    by_plan: dict[str, list[Told]] = {}
    for one in told_where(program, lang, kinds=kinds, subject=slug):
        by_plan.setdefault(str(one.entry.data["workplan"]), []).append(one)
    return [_shown(name, found) for name, found in reversed(by_plan.items())]


def shown_plan(program: Program, lang: str, slug: str) -> PlanShown | None:
    """Give one workplan as the record tells it, or None before it was first signed. Two queries."""
    found = shown_plans(program, lang, slug)
    return found[0] if found else None


def _shown(slug: str, found: Iterable[Told]) -> PlanShown:
    rows = list(found)
    progress: dict[str, list[Progress]] = {}
    for one in rows:
        if one.entry.kind == PROGRESS:
            progress.setdefault(str(one.entry.data["activity"]), []).append(Progress(one))
    standing = standing_of(one.entry for one in rows)
    return PlanShown(slug, standing, {one.index: one for one in rows}, progress)


def answers_to(program: Program, plan: PlanShown, lang: str) -> dict[str, list[Told]]:
    """Give what cites each driving question of a plan, in any of its versions, by its id. Three queries."""
    versions = [one.proposed.index for one in plan.standing.versions]
    citing = [index for index, _kind, _cited in indexes_citing(program, versions, CITING)]
    found: dict[str, list[Told]] = {}
    for one in told(program, citing, lang).values():
        for question in one.entry.data.get("driving_questions", ()):
            found.setdefault(str(question), []).append(one)
    return found


@dataclass(frozen=True)
class Touched:
    """A project or a decision point that a plan touches, with its words."""

    index: int
    title: str
    lang: str
    slug: str
    project: str
    on: date | None = None


def register_of(program: Program, lang: str) -> dict[str, Touched]:
    """Give every project and decision of the register by its entry's number, as text. Two queries."""
    kinds = ("project.registered", "decision.scheduled", *MOVES)
    found = told_where(program, lang, kinds=kinds)
    names = {one.index: str(one.entry.data["project"]) for one in found if "project" in one.entry.data}
    moves = sorted((one for one in found if one.entry.kind in MOVES), key=lambda one: one.index)
    moved = {one.entry.cites["decision"][0]: str(one.entry.data["on"]) for one in moves}
    return {str(one.index): _touched(one, names, moved) for one in found if one.entry.kind not in MOVES}


def _touched(one: Told, names: Mapping[int, str], moved: Mapping[int, str]) -> Touched:
    data = one.entry.data
    if one.entry.kind == "project.registered":
        return Touched(one.index, one.say("title"), one.lang("title"), "", str(data["project"]))
    project = names.get(one.entry.cites["project"][0], "")
    on = date.fromisoformat(moved.get(one.index, data["on"]))
    return Touched(one.index, one.say("decision"), one.lang("decision"), str(data["decision"]), project, on)


def driving_questions(program: Program, lang: str) -> list[tuple[int, str, str, str]]:
    """List the driving questions of all plans in force as (version, id, words, language). Two queries."""
    found = []
    for plan in shown_plans(program, lang):
        version = plan.standing.in_force
        says = plan.says(version)
        if version and says:
            where = plan.original(version)
            found += [
                (version.proposed.index, one["id"], one["words"], where) for one in says["rows"]["question"]
            ]
    return found


def head(program: Program) -> Head | None:
    """Give the newest signed head."""
    return head_of(program)
