"""What roles, grounds and parts of a charter are called, and who an actor of the record is, in plain words."""

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from alongside.core.grammar.shape import OFFICE, SEAT
from alongside.core.policy import Pack
from alongside.ground.look.days import day_in_words

type Words = str | Promise

ROLES: dict[str, Words] = {
    "chair": later("Chair"),
    "co-chair": later("Co-chair"),
    "note-taker": later("Note-taker"),
    "peer-coach": later("Peer coach"),
}
LEFT: dict[str, Words] = {
    "by-choice": later("The lead chose to leave"),
    "moved": later("The lead moved away"),
    "no-time": later("The lead no longer has the time"),
    "not-said": later("No reason is told"),
}
PARTS: dict[str, Words] = {
    "purpose": later("What we are here for"),
    "decisions": later("How we decide"),
    "meetings": later("How we meet"),
    "conduct": later("How we treat each other, and when a seat ends"),
    "changes": later("How this charter changes"),
}


def too_new(first: date) -> str:
    """Say to a lead whose seat is new beside older ones from when on they do what needs a lead's weight."""
    return _(
        "Your place is new, and leads who have sat for longer do this. You can do it from %(day)s on; until then, ask one of them."
    ) % {"day": day_in_words(first)}


def who(actor: str, pack: Pack, lang: str) -> str:
    """Say who holds a pen: an office by its title, a seat by its number, or the steward."""
    if OFFICE.match(actor):
        return pack.office_title(actor, lang)
    if SEAT.match(actor):
        return _("Lead, seat %(id)s") % {"id": actor.removeprefix("seat-")}
    return _("The steward, for the program")
