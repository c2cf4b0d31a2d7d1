"""The cohort as the record sees it: cohorts, seats without names, and the leads' certified keys."""

from alongside.core.grammar.shape import (
    Cites,
    Entry,
    Kind,
    LogView,
    day,
    fail,
    fields,
    hex64,
    list_of,
    seat,
    slug,
    words,
)

#: How many keys found the set, and how many vouch for each later one.
FOUNDERS = 2


def key_of(log: LogView, one: str) -> Entry | None:
    """Give the key entry in force for a seat, or None if the seat has no key on the record."""
    keys = [*log.about("key.founded", one), *log.about("key.certified", one)]
    return max(keys, key=lambda entry: entry.index) if keys else None


def founds_the_set(entry: Entry, log: LogView) -> None:
    """Let only the first two keys of a program found the set."""
    if len(log.every("key.founded")) >= FOUNDERS:
        fail("the founding keys are complete; two leads with a key must certify this one.")
    if key_of(log, entry.data["seat"]):
        fail("this seat has a key; two other leads must certify a new one.")


def is_vouched_for(entry: Entry, log: LogView) -> None:
    """Let a later key in only if two other seats whose keys are on the record vouch for it."""
    new = entry.data["seat"]
    vouchers = {cert["seat"] for cert in entry.data["certs"]}
    strangers = sorted(one for one in vouchers if one == new or key_of(log, one) is None)
    if strangers:
        fail(f"{', '.join(strangers)} cannot vouch for a key; ask two leads whose keys are on the record.")
    if len(vouchers) < FOUNDERS:
        fail("a key needs two leads to vouch for it; ask a second lead.")
    if set(entry.seats) != vouchers:
        fail("the leads who vouch hold the pen of this entry; name exactly them.")


def seat_is_new(entry: Entry, log: LogView) -> None:
    """Refuse a seat id that is taken."""
    if log.about("seat.taken", entry.data["seat"]):
        fail("this seat id is on the record already; draw a new one.")


def seat_is_known(entry: Entry, log: LogView) -> None:
    """Refuse to speak of a seat that nobody took."""
    if not log.about("seat.taken", entry.data["seat"]):
        fail("this seat is not on the record; enter who took it first.")


CERT = fields({"seat": seat, "signature": words(200)})
KEY = {"seat": seat, "recipient": words(80), "sign_key": hex64}

KINDS = (
    Kind(
        name="cohort.seated",
        says="A cohort begins its term.",
        pen="program",
        by=("steward",),
        data={"cohort": slug, "from": day, "until": day},
        texts=("name",),
        subject="cohort",
    ),
    Kind(
        name="cohort.ended",
        says="A cohort has ended; what it asked is watched by the next one.",
        pen="program",
        by=("steward", "clock"),
        data={"cohort": slug},
        cites={"cohort": Cites(("cohort.seated",))},
        subject="cohort",
    ),
    Kind(
        name="seat.taken",
        says="Someone sits in the cohort. No name: a seat has an id. Says which unit pays the seat, if one does.",
        pen="program",
        by=("steward",),
        data={"seat": seat, "cohort": slug, "from": day, "until": day},
        may={"paid_by": slug},
        cites={"cohort": Cites(("cohort.seated",))},
        subject="seat",
        rules=(seat_is_new,),
    ),
    Kind(
        name="seat.left",
        says="A seat is empty from this day on.",
        pen="program",
        by=("steward", "seat"),
        data={"seat": seat},
        subject="seat",
        rules=(seat_is_known,),
    ),
    Kind(
        name="seat.suspended",
        says="A seat cannot act until it is restored; the ground is told.",
        pen="program",
        by=("steward",),
        data={"seat": seat, "ground": words(200)},
        subject="seat",
        rules=(seat_is_known,),
    ),
    Kind(
        name="seat.restored",
        says="A suspended seat can act again.",
        pen="program",
        by=("steward",),
        data={"seat": seat},
        subject="seat",
        rules=(seat_is_known,),
    ),
    Kind(
        name="key.founded",
        says="One of the two keys that found the leads' set; read aloud when the set is founded.",
        pen="community",
        by=("seat",),
        data=KEY,
        subject="seat",
        rules=(seat_is_known, founds_the_set),
    ),
    Kind(
        name="key.certified",
        says="Two leads vouch that this key is the key of this seat. Readers lock only to such keys.",
        pen="community",
        by=("seat",),
        data={**KEY, "certs": list_of(CERT, 2, 10)},
        subject="seat",
        rules=(seat_is_known, is_vouched_for),
    ),
)
