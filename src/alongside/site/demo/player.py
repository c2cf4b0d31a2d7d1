"""Plays scenes from TOML: each act names its day, the action that people use, and what is given to it.

`[[60.projects.register_project]]` is an act of 60 days ago; a bare name (`[[30.answer]]`) is an act of this folder, which takes
keys, pictures or more than one action. `as` is the name that what comes of it goes by (else its slug), `also` lists more
days. The acts of one day are played in the order in which a scene first names them. All else are the action's own arguments,
and its signature says what they stand for: a lead, an office, something made earlier, by its name; a day as "in 30 days" or
"12 days ago", or "that day". Words are in English; translations.toml has the other languages.
"""

import inspect
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime, timedelta
from functools import partial
from importlib import import_module
from itertools import groupby
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeAliasType, get_args, get_origin

from django.apps import apps

from alongside.chain.asks.queries import Cited
from alongside.cohort.calls.models import Call
from alongside.cohort.seats.queries.seats import viewer_for
from alongside.core.materials import Paper, taken_in
from alongside.core.money import Money
from alongside.core.policy.purpose import usual_purpose
from alongside.ground.programs.models import Office, Unit
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.entries import Text
from alongside.site.demo import acts, calls, pay, sealed, translations, workplans
from alongside.site.demo.story import Story
from alongside.work.consultations.queries import place_of

SCENES = Path(__file__).with_name("scenes")
DAY = re.compile(r"in (?P<ahead>\d+) days|(?P<ago>\d+) days ago")
#: Where the acts are that take keys, pictures or more than one action.
ACTS = (acts, calls, pay, sealed, workplans)
#: What a scene need not say.
KNOWN = {
    "program": "riverbend",
    "cohort": "first-cohort",
    "lang": "en",
    "viewer": "steward",
    "pack": "neutral",
}


def acts_of(scene: str) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Give each act of a scene: the days since it was played, the name of its action, and what is given to it."""
    for ago, names in tomllib.loads((SCENES / f"{scene}.toml").read_text("utf-8")).items():
        for name, act in _named(names):
            for day in (int(ago), *act.pop("also", ())):
                yield day, name, act


def _named(names: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, inside in names.items():
        if isinstance(inside, list):
            yield from ((name, act) for act in inside)
        else:
            yield from ((f"{name}.{rest}", act) for rest, act in _named(inside))


@dataclass
class Days:
    """Runs things in the order of their days, and something each night after."""

    now: datetime
    at_night: Callable[[datetime], object]
    plan: list[tuple[int, int, Callable[[datetime], object]]] = field(default_factory=list)

    def on(self, ago: int, act: Callable[[datetime], object]) -> None:
        """Plan something for a day, counted back from the moment the demonstration is built."""
        self.plan.append((ago, len(self.plan), act))

    def run(self) -> None:
        """Do everything in order, oldest day first."""
        for ago, day in groupby(sorted(self.plan, key=lambda one: (-one[0], one[1])), lambda one: one[0]):
            for _ago, _place, act in day:
                act(self.now - timedelta(days=ago))
            self.at_night(self.now - timedelta(days=ago))


class Player:
    """Plays acts for one story."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.now: datetime
        #: The languages that the words of the act are given in.
        self.languages: Sequence[str] = translations.ALL

    def plan(self, scene: str, days: Days) -> None:
        """Plan each act of a scene on its day."""
        for ago, named, act in acts_of(scene):
            days.on(ago, partial(self.play, named, act))

    def play(self, named: str, act: Mapping[str, Any], now: datetime) -> None:
        """Call the action of an act, and remember what comes of it by its name."""
        action = action_of(named)
        self.now, self.languages = now, act.get("languages", translations.ALL)
        takes = inspect.signature(action).parameters
        kinds = {name: one.annotation for name, one in takes.items()}
        try:
            given = self._whole(act, takes)
            came = action(**{one: self.read(value, kinds.get(one, Any)) for one, value in given.items()})
        except Exception as error:
            error.add_note(f"{named}, on {now.date()}: {act}")
            raise
        names = act.get("as", act.get("slug"))
        for name, one in zip(names, came, strict=True) if isinstance(names, list) else [(names, came)]:
            self.story.made[type(one).__name__, name] = one

    def _whole(self, act: Mapping[str, Any], takes: Mapping[str, inspect.Parameter]) -> dict[str, Any]:
        """Give what an act gives to its action, with what a scene need not say; a thing that may be missing is None."""
        known = {**KNOWN, "story": self.story, "now": self.now}
        for name, one in takes.items():
            if one.default is one.empty and NoneType in get_args(one.annotation):
                known.setdefault(name, None)
        needed = {
            name: known[name] for name, one in takes.items() if one.default is one.empty and name in known
        }
        ours = {"as"} if "languages" in takes else {"as", "languages"}
        return {**needed, **{name: one for name, one in act.items() if name not in ours}}

    def read(self, value: Any, kind: Any) -> Any:
        """Read what a scene gives as what an action takes; `kind` is the annotation, or the name of a class."""
        kind = kind.__value__ if isinstance(kind, TypeAliasType) else kind
        origin, inside = get_origin(kind), get_args(kind)
        if origin is UnionType:
            return self.read(value, inside[0])
        if origin is Mapping:
            return self._mapping(value, inside[1])
        if origin is tuple and Ellipsis not in inside:
            return tuple(self.read(*each) for each in zip(value, inside, strict=True))
        if isinstance(value, list):
            return [self.read(one, inside[0] if inside else Any) for one in value]
        if isinstance(kind, type) and is_dataclass(kind) and isinstance(value, dict):
            kinds = {one.name: one.type for one in fields(kind)}
            return kind(**{name: self.read(one, kinds[name]) for name, one in value.items()})
        return self._one(value, getattr(kind, "__name__", str(kind))) if isinstance(value, str) else value

    def _day(self, value: str) -> date | None:
        """Read a day, which is told from today, or from the day of the act."""
        if found := DAY.fullmatch(value):
            return self.story.day(-int(found["ahead"]) if found["ahead"] else int(found["ago"]))
        today = self.now.date()
        return {"that day": today, "first of that month": today.replace(day=1)}.get(value)

    def _mapping(self, value: Any, kind: Any) -> Any:
        """Read words in every language of the act, from a sentence in English or from several by name."""
        if isinstance(value, str):
            return {lang: translations.of(value, lang) for lang in self.languages}
        if get_origin(kind) is Mapping:
            return {lang: translations.each_of(value, lang) for lang in self.languages}
        return {name: self.read(one, kind) for name, one in value.items()}

    def _one(self, value: str, kind: str) -> Any:
        """Read one thing by the name of its class."""
        made, seat = self.story.made, self.story.made.get(("Seat", value))
        if day := self._day(value):
            return day
        if kind in READ:
            return READ[kind](self.story, value)
        if kind == "Viewer":
            return viewer_for(made["Person", value], self.story.program, self.now.date())
        if seat and kind in {"str", "Person"}:
            return seat.public_id if kind == "str" else seat.person
        return value if kind in {"str", "Any"} else made[kind, value]


def _office(story: Story, name: str) -> Office:
    unit, slug = name.split("/")
    offices = Office.objects.select_related("unit")
    return offices.get(unit__program=story.program, unit__slug=unit, slug=slug)


def _entry(story: Story, name: str) -> int:
    index: int = story.made["int", name] if ("int", name) in story.made else story.made["Entry", name].index
    return index


def _cited(story: Story, name: str) -> Cited:
    comment = story.made["Comment", name]
    return Cited(comment, place_of(comment, usual_purpose().product("dataset")))


def _paper(_story: Story, text: str) -> Paper:
    return taken_in(text.encode(), "paper.csv" if "," in text.splitlines()[0] else "paper.txt")


#: How a name is read where it stands for a thing of this class; any other class is something made earlier.
READ: Mapping[str, Callable[[Story, str], Any]] = {
    "int": _entry,
    "Call": lambda story, slug: Call.objects.select_related("program").get(program=story.program, slug=slug),
    "Unit": lambda story, slug: Unit.objects.get(program=story.program, slug=slug),
    "Office": _office,
    "Pack": lambda story, _name: pack_of(story.program),
    "Text": lambda _story, words: Text("en", words),
    "Money": lambda _story, amount: Money.of(amount, "USD"),
    "Paper": _paper,
    "Cited": _cited,
}


def action_of(named: str) -> Callable[..., Any]:
    """Give the action of an app by its name ("projects.register_project", "pay.runs.close_run"), or an act of this folder by its own."""
    *path, action = named.split(".")
    if not path:
        ours: Callable[..., Any] = next(vars(one)[action] for one in ACTS if action in vars(one))
        return ours
    app, *within = path
    module = ".".join([apps.get_app_config(app).name, "actions", *within])
    of_app: Callable[..., Any] = vars(import_module(module))[action]
    return of_app
