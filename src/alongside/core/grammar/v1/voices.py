"""Voices as the public may see them: batches of seal marks, a band at the close, and what leads opened."""

from alongside.core.grammar.shape import (
    SERVED,
    Cites,
    Entry,
    Kind,
    LogView,
    band,
    fail,
    hex64,
    list_of,
    malformed,
    number,
    since,
)
from alongside.core.grammar.v1.cohort import one_sits_today
from alongside.core.grammar.v1.engagements import ENGAGEMENT

READERS = 2


def holds_at_least_k(entry: Entry, log: LogView) -> None:
    """Refuse a batch of seal marks below the k that was promised, or one out of order."""
    promise = log.get(entry.cites["engagement"][0])
    marks = entry.data["marks"]
    if promise is not None and entry.data["part"] == 1 and len(marks) < promise.data["k"]:
        fail("a batch below {k} would point at people; wait until there are more.", k=promise.data["k"])
    if sorted(set(marks)) != marks:
        malformed("seal marks are entered once each, in sorted order, so that their order tells nothing.")
    if log.citing(entry.cites["engagement"][0], "voices.closed"):
        fail("the last batch is out; no more voices are taken in. Open a new engagement to hear more.")


def closes_once(entry: Entry, log: LogView) -> None:
    """Refuse a second close of the intake."""
    if log.citing(entry.cites["engagement"][0], "voices.closed"):
        fail("the intake of this engagement is closed already; nothing more is needed.")


def two_leads_signed(entry: Entry, _log: LogView) -> None:
    """Refuse a list of opened receipts that fewer than two leads signed."""
    if len(set(entry.seats)) < READERS:
        fail("two leads sign the list of what was opened; ask a second lead.")
    if sorted(set(entry.data["marks"])) != entry.data["marks"]:
        malformed("seal marks are entered once each, in sorted order, so that their order tells nothing.")


KINDS = (
    Kind(
        name="voices.published",
        says="A batch of seal marks, one batch behind and never fewer than k. The order tells nothing.",
        pen="community",
        by=("clock",),
        data={"marks": list_of(hex64, 1, 900), "part": number(1, 1000)},
        cites=ENGAGEMENT,
        rules=(holds_at_least_k,),
    ),
    Kind(
        name="voices.closed",
        says="The intake has ended. Tells how many voices there are and how many were withdrawn, in bands.",
        pen="community",
        by=("clock",),
        data={"voices": band, "withdrawn": band},
        cites=ENGAGEMENT,
        rules=(closes_once,),
    ),
    Kind(
        name="voices.opened",
        says="The seal marks of the voices that the leads opened, signed by two leads.",
        pen="community",
        by=("seat",),
        data={"marks": list_of(hex64, 1, 800), "part": number(1, 1000)},
        may={"not_opened": band},
        cites={"engagement": Cites(("engagement.promised",))},
        rules=(two_leads_signed, since(2, one_sits_today)),
        seats=SERVED,
    ),
)
