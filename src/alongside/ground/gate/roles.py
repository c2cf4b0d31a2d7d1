"""Roles, who asks, and the mark that says to whom a page is open."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from alongside.core.entries import unit_of

type View = Callable[..., HttpResponseBase]


class Role(StrEnum):
    """What a person is here, from seats and unit posts; kept in alphabetical order."""

    EVERYONE = "everyone"  # residents, auditors, journalists: no account
    LEAD = "lead"  # holds a seat in a cohort of this program
    MANAGER = "manager"  # signs for a unit
    OPERATOR = "operator"  # keeps the machine running
    PERSON = "person"  # anyone signed in
    STAFF = "staff"  # works for a unit of this program
    STEWARD = "steward"  # runs the program


@dataclass(frozen=True)
class Viewer:
    """Who asks, in this program, today. Nobody in particular by default."""

    person_id: int | None = None
    roles: frozenset[Role] = field(default_factory=lambda: frozenset({Role.EVERYONE}))
    seat_id: int | None = None
    seat: str | None = None
    #: The name of the cohort in which they sit.
    cohort: str | None = None
    #: Public ids of the offices the person holds, as "unit/office"; those that sign come first.
    offices: tuple[str, ...] = ()
    #: Slugs of the units the person works for, and of those the person signs for.
    units: frozenset[str] = frozenset()
    manages: frozenset[str] = frozenset()
    #: Units that were merged away and for which the person's unit answers today, each with that unit.
    merged: Mapping[str, str] = field(default_factory=dict)
    #: The public id of the community body in which the person holds a post; it is no office of the government.
    body: str = ""
    #: Whether a post waits that the person was given and did not take up.
    is_appointed: bool = False

    def has(self, *roles: Role) -> bool:
        """Say whether the viewer has any of these roles."""
        return bool(self.roles.intersection(roles))

    @property
    def pens(self) -> tuple[str, ...]:
        """Give the actors as which the viewer writes: their seat, the steward, their offices."""
        steward = ["steward"] if self.has(Role.STEWARD) else []
        return (*([self.seat] if self.seat else []), *steward, *self.offices)

    @property
    def answers_for(self) -> frozenset[str]:
        """Give the units that the viewer works for, and those that were merged away and for which one of these answers."""
        return self.units | self.merged.keys()

    def works_for(self, unit: str) -> bool:
        """Say whether the viewer works for this unit."""
        return unit in self.units

    def signs_for(self, unit: str) -> bool:
        """Say whether the viewer signs for this unit, or for the one that answers for it."""
        return self.merged.get(unit, unit) in self.manages

    def office_in(self, unit: str, *, signing: bool = False) -> str | None:
        """Give the office as which the viewer acts for a unit, one that signs if asked for, or None."""
        if signing and not self.signs_for(unit):
            return None
        mine = self.merged.get(unit, unit)
        return next((office for office in self.offices if unit_of(office) == mine), None)


NOBODY = Viewer()


class ViewerRequest(HttpRequest):
    """A request after the middleware: it knows the program, its pack, where its log stands, and who asks."""

    program: Any
    pack: Any
    stand: Any
    #: The last day that was sure, and whether the clock waits for somebody to confirm today.
    agreed_day: date | None
    clock_waits: bool
    lang: str
    viewer: Viewer
    #: The account of whoever is signed in.
    user: Any
    #: When it came, in UTC, and which day that is where the program is.
    now: datetime
    today: date


class NotOpenToYou(PermissionDenied):
    """The page is for other roles; the page that tells so says who can open it and how to sign in."""

    def __init__(self, roles: frozenset[Role]) -> None:
        self.roles = roles
        super().__init__("This page is for " + ", ".join(sorted(roles)) + ".")


class NothingHere(Http404):
    """Whoever asks may not even learn that something is here: answered as an address that does not exist."""


def or_404[T](found: T | None) -> T:
    """Give what a query found for the viewer; the page says that nothing is here where it found nothing."""
    if found is None:
        raise Http404
    return found


def open_to(*roles: Role) -> Callable[[View], View]:
    """Open a view to these roles and to no one else. Every view carries this mark; a test reads the addresses.

    Raises NotOpenToYou for anyone else.
    """
    allowed = frozenset(roles)

    def mark(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            viewer: Viewer = getattr(request, "viewer", NOBODY)
            if Role.EVERYONE not in allowed and not viewer.roles & allowed:
                raise NotOpenToYou(allowed)
            return view(request, *args, **kwargs)

        asked.open_to = allowed  # type: ignore[attr-defined]  # the mark that the house test reads
        return asked

    return mark


def unseen(view: View) -> View:
    """Mark an address that answers with NothingHere to all but its own people, whatever is asked of it and how.

    No check may answer before the view does, so the mark also turns off those of form tokens and of origins. Only for
    views that change nothing, and for those that a token opens: a cookie must not be enough to change anything here.
    """

    @wraps(view)
    def asked(*args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(*args, **kwargs)
        except NotOpenToYou:
            raise NothingHere from None

    asked.unseen = True  # type: ignore[attr-defined]  # the mark that the origin check reads
    return csrf_exempt(asked)


def from_the_record[**P, R](view: Callable[P, R]) -> Callable[P, R]:
    """Mark a page for everyone that shows nothing but the record, the day and the pack: it may be kept until one changes."""
    view.from_the_record = True  # type: ignore[attr-defined]  # the mark that the page cache of the site reads
    return view


def by_name[**P, R](view: Callable[P, R]) -> Callable[P, R]:
    """Mark a page that calls leads by the names they chose, where a lead or the steward reads it, and for staff by those they show."""
    view.by_name = True  # type: ignore[attr-defined]  # the mark that the middleware of the site reads
    return view


def for_no_one[**P, R](view: Callable[P, R]) -> Callable[P, R]:
    """Mark a door that is the same for all: no session is looked at there, whoever's browser asks."""
    view.for_no_one = True  # type: ignore[attr-defined]  # the mark that the middleware of the site reads
    return view
