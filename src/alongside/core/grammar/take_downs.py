"""Texts and rows that are taken down: by two roles, on a legal ground, with the pen that wrote them."""

from alongside.core.entries import SEAT, Entry, LogView
from alongside.core.grammar.holds import no_hold_stands
from alongside.core.grammar.projects import MOST_ROWS
from alongside.core.grammar.seats import leads_have_standing, one_sat_before_any_change_of_cohorts
from alongside.core.grammar.shape import (
    Cites,
    Kind,
    cited,
    fail,
    first_of,
    hex64,
    list_of,
    malformed,
    number,
    since,
    slug,
    words,
)
from alongside.core.grammar.texts import BRINGS, FILE, owners_of
from alongside.core.grammar.ties import stands_beside_no_payer
from alongside.core.kinds import EntryKind
from alongside.core.ledger.hashing import LedgerError
from alongside.core.ledger.verify import verify_inclusion
from alongside.core.words import gettext_noop as _
from alongside.core.workflow.workplans import COMMUNITY, sides_of

ROLES = 2
#: More steps than the way to the root over MOST_ROWS rows takes.
MOST_STEPS = 30


def two_roles_signed(entry: Entry, _log: LogView) -> None:
    """Refuse an erasure that one role alone wants."""
    kinds = {"seat" if SEAT.match(one) else "office" if "/" in one else one for one in entry.by}
    if len(kinds) < ROLES:
        fail(
            "two roles take a text down together; ask another role, for example a lead and the program coordinator."
        )


def its_own_pen_agrees(entry: Entry, log: LogView) -> None:
    """Refuse to take down what the community wrote without a lead (promise 3)."""
    about = cited(entry, "of", log)
    if about.pen == "community" and not entry.seats:
        fail("the community wrote this; a lead takes it down together with another role.")


def its_own_side_agrees(entry: Entry, log: LogView) -> None:
    """Refuse to take down what leads wrote or signed without a lead, and the City's words without their unit (promises 1, 5).

    Nobody takes down alone what they are held to: where an office is bound by it, both agree (promise 4).
    """
    about = cited(entry, "of", log)
    owners = owners_of(about, log)
    agreed = owners & sides_of(entry)
    if len(owners) > 1 and COMMUNITY in owners and not (COMMUNITY in agreed and agreed - {COMMUNITY}):
        fail("an office is bound by these words; a lead and an office of its bureau take them down together.")
    if not owners or agreed:
        return
    if COMMUNITY in owners:
        fail("leads wrote or signed this; a lead takes it down together with another role.")
    fail(
        "the City wrote this; an office of the bureau that wrote it takes it down together with another role."
    )


def hashes_in(about: Entry) -> dict[str, str]:
    """Give the salted hashes of what can be taken down of an entry: its texts by their names, and what it brought as `file`."""
    texts = {name: str(text["sha256"]) for name, text in about.texts.items()}
    return texts | ({FILE: str(about.data["hash"])} if about.kind == BRINGS and "hash" in about.data else {})


def names_a_text(entry: Entry, log: LogView) -> None:
    """Refuse to erase what the cited entry does not hold: none of its texts, nor (since 2) the file that it brought for review."""
    about = cited(entry, "of", log)
    held = hashes_in(about)
    if entry.v < 2:  # noqa: PLR2004 -- grammar 1 took texts down alone
        held.pop(FILE, None)
    if entry.data["sha256"] not in held.values():
        malformed("the cited entry holds no text with this hash; cite the entry that holds it.")


def names_a_row(entry: Entry, log: LogView) -> None:
    """Refuse to erase a row that the cited import's root does not stand over, so that the gap is explained to anyone."""
    about, data = cited(entry, "of", log), entry.data
    if about.data["register"] != data["register"]:
        malformed("the cited entry is of another register; cite the import that brought the row.")
    path = [bytes.fromhex(one) for one in data["path"]]
    leaf, root = bytes.fromhex(data["leaf"]), bytes.fromhex(about.data["root"])
    try:
        verify_inclusion(data["place"], about.data["listed"], leaf, path, root)
    except LedgerError:
        malformed("the cited entry's root does not stand over this row; cite the import that brought it.")


is_not_gone = first_of(
    "this row was taken down already; nothing more is needed.", "leaf", "Refuse to take a row down twice."
)


KINDS = (
    Kind(
        name=EntryKind.TEXT_ERASED,
        heading=_("A text was taken down"),
        sentence=_(
            "A text, or a file, was taken down on a legal ground. Its hash stays and explains the gap."
        ),
        says="A text, or a file brought for review, was taken down by two roles on a legal ground. Its hash stays and explains the gap.",
        pen="program",
        by=("steward", "seat", "office"),
        data={"sha256": hex64},
        cites={"of": Cites(("*",))},
        texts=("ground",),
        subject="sha256",
        since={"texts.ground": 2},
        was={"data": {"ground": words(300)}},
        rules=(
            two_roles_signed,
            no_hold_stands,
            names_a_text,
            its_own_pen_agrees,
            since(2, its_own_side_agrees),
            since(2, leads_have_standing),
            since(2, one_sat_before_any_change_of_cohorts),
            since(2, stands_beside_no_payer),
        ),
        unsigned="faults",
    ),
    Kind(
        name=EntryKind.ROW_ERASED,
        heading=_("A row from a file was taken down"),
        sentence=_(
            "A row from a file was taken down on a legal ground. Its hash stays and explains the gap."
        ),
        says="A row of an imported register was taken down by two roles on a legal ground. Its hash stays under the root.",
        pen="program",
        by=("steward", "seat", "office"),
        data={
            "register": slug,
            "leaf": hex64,
            "place": number(0, MOST_ROWS),
            "path": list_of(hex64, 0, MOST_STEPS),
        },
        cites={"of": Cites((EntryKind.REGISTER_IMPORTED,))},
        texts=("ground",),
        subject="leaf",
        since={"texts.ground": 2},
        was={"data": {"ground": words(300)}},
        rules=(
            two_roles_signed,
            no_hold_stands,
            names_a_row,
            is_not_gone,
            since(2, its_own_side_agrees),
            since(2, leads_have_standing),
            since(2, one_sat_before_any_change_of_cohorts),
            since(2, stands_beside_no_payer),
        ),
        unsigned="faults",
    ),
)
