"""Legal holds: while one stands, nothing is erased and no key is destroyed."""

from alongside.core.entries import Entry, LogView, unit_of
from alongside.core.grammar.program import signs_for_its_unit
from alongside.core.grammar.shape import Cites, Kind, cited, fail, since, words
from alongside.core.kinds import EntryKind
from alongside.core.words import gettext_noop as _


def hold_stands(log: LogView) -> bool:
    """Say whether a legal hold was placed that nobody lifted."""
    lifted = {index for one in log.every(EntryKind.HOLD_LIFTED) for index in one.cites["hold"]}
    return any(one.index not in lifted for one in log.every(EntryKind.HOLD_PLACED))


def no_hold_stands(_entry: Entry, log: LogView) -> None:
    """Refuse to erase while a legal hold stands."""
    if hold_stands(log):
        fail("a legal hold stands; nothing is erased until it is lifted.")


def office_signs_for_its_unit(entry: Entry, log: LogView) -> None:
    """Refuse a hold that an office places or lifts which does not sign for its unit: it would keep keys and names for good."""
    for one in entry.offices:
        signs_for_its_unit(unit=unit_of(one), offices=(one,), log=log)


def is_lifted_once_by_its_side(entry: Entry, log: LogView) -> None:
    """Let the steward lift a hold, or the unit that placed it, once."""
    placed = cited(entry, "hold", log)
    if log.citing(placed.index, entry.kind):
        fail("this hold was lifted already; nothing more is needed.")
    units = {unit_of(one) for one in placed.offices}
    if any(unit_of(one) not in units for one in entry.offices):
        fail("another bureau placed this hold; the program coordinator or that bureau lifts it.")


KINDS = (
    Kind(
        name=EntryKind.HOLD_PLACED,
        heading=_("A legal hold"),
        sentence=_("Nothing is erased and no key is destroyed until this hold is lifted."),
        says="A legal hold: nothing is erased and no key is destroyed until it is lifted.",
        pen="program",
        by=("steward", "office"),
        texts=("ground",),
        rules=(since(2, office_signs_for_its_unit),),
        since={"texts.ground": 2},
        was={"data": {"ground": words(300)}},
    ),
    Kind(
        name=EntryKind.HOLD_LIFTED,
        heading=_("The legal hold was lifted"),
        sentence=_("A legal hold no longer stands."),
        says="The legal hold is lifted.",
        pen="program",
        by=("steward", "office"),
        cites={"hold": Cites((EntryKind.HOLD_PLACED,))},
        rules=(since(2, office_signs_for_its_unit), since(2, is_lifted_once_by_its_side)),
    ),
)
