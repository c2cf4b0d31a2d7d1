"""How leads listen beside the promise: the methods they plan, and sessions, which are dated meetings with people."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from alongside.core.disclosure import Band, Fewer, band_of_data
from alongside.core.money import Money
from alongside.core.sealing.voice import Way

#: The longest point of an agenda, in minutes.
LONGEST_POINT = 240


class Method(StrEnum):
    """A way in which leads listen."""

    ONLINE = "online"
    SESSION = "session"
    DOORSTEP = "doorstep"
    PAPER = "paper"


#: The way in which a voice comes where leads listen so; online it comes from its person. By phone it can always come.
BRINGS = {Method.SESSION: Way.SESSION, Method.DOORSTEP: Way.DOOR, Method.PAPER: Way.PAPER}


def is_planned(method: Method, methods: Collection[str]) -> bool:
    """Say whether leads listen in a way; until they choose any, in every one."""
    return not methods or method in methods


def ways_planned(methods: Collection[str]) -> frozenset[Way]:
    """Give the ways in which leads take voices in where they listen by these methods."""
    return frozenset(way for method, way in BRINGS.items() if is_planned(method, methods)) | {Way.PHONE}


class Told(StrEnum):
    """How people learn where a session is: from its page, by phone, or from whoever invites them. Only the first keeps a place."""

    PAGE = "page"
    PHONE = "phone"
    INVITED = "invited"


class Offer(StrEnum):
    """What a session has for who comes."""

    STEP_FREE = "step-free"
    SOUND = "sound"
    CHILDCARE = "childcare"
    FOOD = "food"
    TRAVEL = "travel"


@dataclass(frozen=True)
class Point:
    """A point of an agenda: its words, and for how many minutes; 0 where nobody said."""

    minutes: int
    words: str


@dataclass(frozen=True)
class Session:
    """One dated meeting with people. Nothing of who came is in it but a range.

    `languages` are those into which somebody interprets, `thanks` what each person gets, `room` for how many there is room,
    `agenda` a point a line, its minutes in front. `lang` is the language of place and agenda, where somebody said. `changes` counts how often day, hour or place changed.
    Raises ValueError where a place is kept that people hear by phone or from who invites them.
    """

    id: str
    starts: datetime
    ends: datetime
    told: Told = Told.PAGE
    place: str = ""
    languages: tuple[str, ...] = ()
    has: tuple[Offer, ...] = ()
    thanks: Money | None = None
    room: int = 0
    agenda: str = ""
    lang: str = ""
    changes: int = 0
    cancelled: date | None = None
    came: Band | Fewer | None = None

    def __post_init__(self) -> None:
        if self.place and self.told is not Told.PAGE:
            raise ValueError("This place is not told on a page; do not keep it.")
        if self.ends <= self.starts:
            raise ValueError("A session ends after it begins; choose a later hour.")

    @property
    def is_public(self) -> bool:
        """Say whether anybody may read that it is held."""
        return self.told is not Told.INVITED

    @property
    def points(self) -> list[Point]:
        """List the points of its agenda."""
        return [_point(line.strip()) for line in self.agenda.splitlines() if line.strip()]

    @property
    def float(self) -> Money | None:
        """Give the money that thanks everyone there is room for; None where nobody is thanked, or nobody said for how many there is room."""
        return (
            Money(self.thanks.minor * self.room, self.thanks.currency) if self.thanks and self.room else None
        )

    def as_data(self) -> dict[str, Any]:
        """Give it as JSON holds it."""
        return {
            "id": self.id,
            "starts": self.starts.isoformat(),
            "ends": self.ends.isoformat(),
            "told": self.told.value,
            "place": self.place,
            "languages": list(self.languages),
            "has": [one.value for one in self.has],
            "thanks": [self.thanks.minor, self.thanks.currency] if self.thanks else None,
            "room": self.room,
            "agenda": self.agenda,
            "lang": self.lang,
            "changes": self.changes,
            "cancelled": self.cancelled.isoformat() if self.cancelled else None,
            "came": self.came.as_data() if self.came else None,
        }


def session_of_data(data: Mapping[str, Any]) -> Session:
    """Read a session from JSON, as `as_data` wrote it."""
    return Session(
        id=data["id"],
        starts=datetime.fromisoformat(data["starts"]),
        ends=datetime.fromisoformat(data["ends"]),
        told=Told(data["told"]),
        place=data["place"],
        languages=tuple(data["languages"]),
        has=tuple(Offer(one) for one in data["has"]),
        thanks=Money(*data["thanks"]) if data["thanks"] else None,
        room=data["room"],
        agenda=data["agenda"],
        lang=data.get("lang", ""),  # none before 0.2.0
        changes=data["changes"],
        cancelled=date.fromisoformat(data["cancelled"]) if data["cancelled"] else None,
        came=band_of_data(data["came"]) if data["came"] else None,
    )


def _point(line: str) -> Point:
    number, _space, words = line.partition(" ")
    if number.isdecimal() and 0 < int(number) <= LONGEST_POINT and words.strip():
        return Point(int(number), words.strip())
    return Point(0, line)
