"""What leads are called on a page: by the name they chose where leads or the steward read it, by the one they show in public where staff do, by their place everywhere else."""

from collections.abc import Mapping
from contextvars import ContextVar

from django.utils.translation import gettext

from alongside.ground.ui.languages import apart

#: Names by the public id of a place, for the page that is being made; the site empties it before each request.
_CHOSEN: ContextVar[Mapping[str, str] | None] = ContextVar("chosen", default=None)


def name_leads(names: Mapping[str, str] | None) -> None:
    """Let this request call leads by these names; none for whoever is neither a lead, nor the steward, nor staff."""
    _CHOSEN.set(names)


def chosen_name(public_id: str) -> str:
    """Give the name that a lead chose, where this page calls leads by it; else nothing."""
    return (_CHOSEN.get() or {}).get(public_id, "")


def place_in_words(public_id: str) -> str:
    """Give what a place is called: how its id begins, as no other of its program does (seats.free_id)."""
    return public_id.removeprefix("seat-")[:4]


def lead_in_words(public_id: str, shown: str = "") -> str:
    """Give what a lead is called on this page: the name they chose, else the one they show in public, else their place."""
    name = chosen_name(public_id) or shown
    return apart(name) if name else gettext("Lead (place %(id)s)") % {"id": place_in_words(public_id)}


def lead_by_name(public_id: str, shown: str = "", *, with_place: bool = False) -> str:
    """Give what a lead is called where others write beside leads: a name that somebody chose says that it is a lead's.

    `with_place` tells the place, too, of leads whose names read alike.
    """
    called = {"name": lead_in_words(public_id, shown), "id": place_in_words(public_id)}
    if not (chosen_name(public_id) or shown):
        return called["name"]
    words = gettext("%(name)s (lead, place %(id)s)") if with_place else gettext("%(name)s (lead)")
    return words % called
