"""The charter of a cohort as the record sees it."""

import hashlib

from alongside.core.canonical import canonical
from alongside.core.entries import Entry, LogView
from alongside.core.grammar.seats import sits_in
from alongside.core.grammar.shape import (
    Check,
    Cites,
    Kind,
    cited,
    either,
    fail,
    hex64,
    office,
    seat,
    slug,
)
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Named
from alongside.core.words import gettext_noop as _

#: The parts of a charter, in their order.
CHARTER_TEXTS = ("purpose", "decisions", "meetings", "conduct", "changes")
#: Who is heard when something is wrong: an office of the policy, or a seat. Never the steward, who may be the cause.
named: Check = either(office, seat)


def entry_hash(entry: Entry) -> str:
    """Give the hash of an entry as the log holds it: SHA-256 over a zero byte and its canonical bytes (RFC 6962)."""
    return hashlib.sha256(b"\x00" + canonical(entry.value)).hexdigest()


def names_known_people(entry: Entry, log: LogView) -> None:
    """Refuse a charter that names an office or a seat that does not exist."""
    adopted = log.every(EntryKind.POLICY_ADOPTED)
    offices = adopted[-1].data["offices"] if adopted else ()
    for name in ("appeals_to", "alarms_to"):
        one = entry.data[name]
        if one not in offices and not log.about(EntryKind.SEAT_TAKEN, one):
            fail("{one} is neither an office of the policy nor a place; name who hears it.", one=Named(one))


def follows_the_last_one(entry: Entry, log: LogView) -> None:
    """Let a new charter of a cohort replace the last one, and no other."""
    before = log.about(EntryKind.CHARTER_ADOPTED, entry.data["cohort"])
    if entry.cites.get("replaces", ()) != tuple(one.index for one in before[-1:]):
        fail(
            "a new group agreement takes the place of the last one of its cohort; read that one first, then put up yours."
        )


def signs_the_same_words(entry: Entry, log: LogView) -> None:
    """Refuse a signature over anything but the charter that stands, by anyone but the cohort, or twice."""
    charter = cited(entry, "charter", log)
    if entry.data["hash"] != entry_hash(charter):
        fail(
            "these are not the words of the group agreement; read the group agreement again and sign what stands there."
        )
    if log.about(EntryKind.CHARTER_ADOPTED, charter.data["cohort"])[-1].index != charter.index:
        fail("a newer group agreement has taken its place; sign that one.")
    if len(entry.by) != 1:
        fail("each signs alone; sign one after the other.")
    if any(one.by == entry.by for one in log.citing(charter.index, EntryKind.CHARTER_SIGNED)):
        fail("{who} has signed this group agreement; once is enough.", who=Named(entry.by[0]))
    for one in entry.seats:
        sits_in(one, charter.data["cohort"], entry, log)


KINDS = (
    Kind(
        name=EntryKind.CHARTER_ADOPTED,
        heading=_("A group agreement to sign"),
        says="The charter of a cohort, to be signed by all. Names who hears appeals and alarms, an office or a seat.",
        pen="program",
        by=("steward",),
        data={"cohort": slug, "appeals_to": named, "alarms_to": named},
        cites={
            "cohort": Cites((EntryKind.COHORT_SEATED,)),
            "replaces": Cites((EntryKind.CHARTER_ADOPTED,), 0, 1),
        },
        texts=CHARTER_TEXTS,
        subject="cohort",
        rules=(names_known_people, follows_the_last_one),
    ),
    Kind(
        name=EntryKind.CHARTER_SIGNED,
        heading=_("The group agreement was signed"),
        sentence=_("One side signed the words of the group agreement."),
        says="A lead, or the steward for the program, signs the charter: the hash is that of the charter's entry.",
        pen="both",
        by=("seat", "steward"),
        data={"hash": hex64},
        cites={"charter": Cites((EntryKind.CHARTER_ADOPTED,))},
        rules=(signs_the_same_words,),
        unsigned="agreement",
    ),
)
