"""The leads' own keys: founded by two, then vouched for by two who compared them."""

from datetime import date, timedelta

from alongside.core.clocks import REPORTED_AGAIN, STANDS_STILL
from alongside.core.entries import Entry, LogView
from alongside.core.grammar.seats import (
    can_act,
    former_leads_sat,
    is_gone_for_good,
    is_in_force,
    leads_have_standing,
    one_sits_today,
    seat_is_known,
    seated,
    sits_until,
)
from alongside.core.grammar.shape import (
    SERVED,
    Cites,
    Kind,
    cited,
    fail,
    fields,
    hex64,
    list_of,
    seat,
    since,
    words,
)
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Named
from alongside.core.sealing.bech32 import KeyTextError
from alongside.core.sealing.keys import recipient_bytes
from alongside.core.sealing.leads import is_signed, vouch_statement
from alongside.core.words import gettext_noop as _

#: How many keys found the set, and how many vouch for each later one.
FOUNDERS = 2
#: From this version on, keys found the set only when both leads have signed each other's.
COMPARED = 2


def public_keys(entry: Entry) -> dict[str, str]:
    """Give the seat and the two public keys of an entry that brings them."""
    return {name: entry.data[name] for name in ("seat", "recipient", "sign_key")}


def founding(log: LogView) -> tuple[Entry, ...]:
    """Give the two keys that found the set; nothing until each of the two leads has compared and signed the other's.

    Where the set was lost and founded anew, these are the newest two.
    """
    told = log.every(EntryKind.KEY_FOUNDED)
    second = next((one for one in reversed(told) if "certs" in one.data), None)
    if second:
        return cited(second, "key", log), second
    before = [one for one in told if one.v < COMPARED]
    return tuple(before[:FOUNDERS]) if len(before) >= FOUNDERS else ()


def first_key(log: LogView) -> Entry | None:
    """Give the first founding key, which waits for a second lead to compare it; None before, and once the set is founded."""
    told, founded = log.every(EntryKind.KEY_FOUNDED), founding(log)
    return told[-1] if told and (not founded or told[-1].index > founded[-1].index) else None


def may_found(log: LogView, one: str, on: date) -> bool:
    """Say whether a seat may bring the first founding key on a day: its lead again, or another once that seat is over or waited long.

    Where a set is founded anew and a lead who has a key sits, also a suspended one, that lead brings the first one.
    """
    if first := first_key(log):
        of = str(first.data["seat"])
        return of == one or not is_in_force(log, of, on) or _waits_since(log, of) + NOT_COMPARED <= on
    able = seats_with_key(log) & set(seated(log, on))
    return not founding(log) or (is_set_lost(log, on) and (not able or one in able))


#: So long a first founding key waits to be compared; then another lead may bring one, so that nobody holds up the others.
NOT_COMPARED = timedelta(days=30)


def _waits_since(log: LogView, one: str) -> date:
    """Give the day from which the first founding key is this seat's; its lead, who made another one, begins no new wait."""
    since = date.max - NOT_COMPARED
    for key in reversed(log.every(EntryKind.KEY_FOUNDED)):
        if key.data["seat"] != one or "certs" in key.data:
            break
        since = key.date
    return since


#: So long after their last day a lead with a key still counts as one who could vouch for another key.
LOST_AFTER = timedelta(days=90)


def is_set_lost(log: LogView, on: date) -> bool:
    """Say whether fewer than two seats with a key are left that can vouch: others were removed for good, or have not sat for long."""
    left = [one for one in seats_with_key(log) if not is_gone_for_good(log, one, on)]
    return sum(sits_until(log, one) + LOST_AFTER > on for one in left) < FOUNDERS


def seats_with_key(log: LogView) -> set[str]:
    """Name the seats that have a key in force."""
    two = founding(log)
    later = [one for one in log.every(EntryKind.KEY_CERTIFIED) if two and one.index > two[-1].index]
    return {str(key.data["seat"]) for key in (*two, *later)}


def key_of(log: LogView, one: str) -> Entry | None:
    """Give the key entry in force for a seat, or None if the seat has none: of a set that is founded anew, no older one counts."""
    two = founding(log)
    keys = [key for key in two if key.data["seat"] == one]
    keys += [key for key in log.about(EntryKind.KEY_CERTIFIED, one) if two and key.index > two[-1].index]
    return max(keys, key=lambda entry: entry.index) if keys else None


def signing_key(log: LogView, one: str) -> Entry | None:
    """Give the key with which a seat signs, or None where it has none, or where its lead reported it lost."""
    key = last_key(log, one)
    return key if key and not _is_reported(key, log) else None


def has_lost_key(log: LogView, one: str) -> bool:
    """Say whether the lead of a seat reported its key lost, and has no new one yet."""
    key = last_key(log, one)
    return key is not None and _is_reported(key, log)


def seats_without(log: LogView) -> set[str]:
    """Name the seats whose lead reported the key lost, and has no new one yet."""
    told = {str(one.data["seat"]) for one in log.every(EntryKind.KEY_LOST)}
    return {one for one in told if has_lost_key(log, one)}


def _is_reported(key: Entry, log: LogView) -> bool:
    told = log.about(EntryKind.KEY_LOST, key.data["seat"])
    return bool(told) and told[-1].cites["key"] == (key.index,)


def days_without_key(log: LogView, one: str, today: date) -> list[tuple[date, date]]:
    """List the times until today in which the clocks of a seat's lead stood still: from a report on until the new key, 14 days at most."""
    reported = log.about(EntryKind.KEY_LOST, one)
    if not reported:
        return []
    brought = [*log.about(EntryKind.KEY_FOUNDED, one), *log.about(EntryKind.KEY_CERTIFIED, one)]
    found = []
    for told in reported:
        later = [key.date for key in brought if key.index > told.index and _is_in(key, log)]
        found.append((told.date, min([told.date + STANDS_STILL, today + timedelta(days=1), *later])))
    return [(first, over) for first, over in found if first < over]


def most_lost(log: LogView) -> timedelta:
    """Give for how long clocks can have stood still over keys that were reported lost."""
    return STANDS_STILL if log.every(EntryKind.KEY_LOST) else timedelta()


def _is_in(key: Entry, log: LogView) -> bool:
    """Say whether a key counts: certified, or compared at the founding."""
    return key.kind == EntryKind.KEY_CERTIFIED or _is_compared(key, log)


def last_key(log: LogView, one: str) -> Entry | None:
    """Give the key of a seat, lost or not: the one in force, or its last one where the set was founded anew since."""
    if own := key_of(log, one):
        return own
    founded = (key for key in log.about(EntryKind.KEY_FOUNDED, one) if _is_compared(key, log))
    older = [*founded, *log.about(EntryKind.KEY_CERTIFIED, one)]
    return max(older, key=lambda entry: entry.index, default=None)


def _is_compared(key: Entry, log: LogView) -> bool:
    """Say whether a founding key came in with the other one: it was not brought and left waiting."""
    return key.v < COMPARED or "certs" in key.data or bool(log.citing(key.index, EntryKind.KEY_FOUNDED))


def founds_the_set(entry: Entry, log: LogView) -> None:
    """Let only the first two keys of a program found the set, and two others once it is lost."""
    told = log.every(EntryKind.KEY_FOUNDED)
    if founding(log) and not is_set_lost(log, entry.date):
        fail("two leads brought the first keys already; two leads with a key must vouch for this one.")
    if entry.v < COMPARED and any(one.data["seat"] == entry.data["seat"] for one in told):
        fail("this place has a key; two other leads must vouch for a new one.")


def founders_signed(entry: Entry, log: LogView) -> None:
    """Let a second key found the set only where each of the two leads signed the other's key as it stands now (promise 2)."""
    first, certs = first_key(log), entry.data.get("certs")
    if certs is None:
        if entry.cites or not may_found(log, entry.data["seat"], entry.date):
            fail(
                "the first two leads meet, compare the digits of both keys, and sign each other's; then the second key comes in."
            )
        return
    if first is None or entry.cites.get("key") != (first.index,) or first.data["seat"] == entry.data["seat"]:
        fail("the first key is another one now; load the reader again, and compare it.")
    can_act(entry, log, first.data["seat"])
    compared_each_other(first, entry, log)


def compared_each_other(first: Entry, entry: Entry, log: LogView) -> None:
    """Refuse a second founding key unless each of the two leads signed the other's key, as it says."""
    signed = {one["seat"]: one["signature"] for one in entry.data.get("certs", ())}
    for by, of in ((first, entry), (entry, first)):
        statement = vouch_statement(origin=log.origin, **public_keys(of))
        if not is_signed(by.data["sign_key"], statement, signed.get(by.data["seat"], "")):
            fail(
                "the signature of {seat} does not stand under this key; ask that lead to sign it.",
                seat=Named(by.data["seat"]),
            )


def founding_is_in_force(_entry: Entry, log: LogView) -> None:
    """Refuse to build on founding keys that the two leads did not compare in person (promise 2)."""
    if not founding(log) or first_key(log):
        fail(
            "the first two keys of the leads do not count yet; the two leads meet, compare the digits of both keys, and sign each other's."
        )


def is_vouched_for(entry: Entry, log: LogView) -> None:
    """Let a later key in only if two other seats whose keys are on the record vouch for it."""
    new = entry.data["seat"]
    vouchers = {cert["seat"] for cert in entry.data["certs"]}
    strangers = sorted(Named(one) for one in vouchers if one == new or key_of(log, one) is None)
    if lost := sorted(Named(one) for one in vouchers if has_lost_key(log, one)):
        fail("{seats} reported their own key lost, so it vouches for none; ask other leads.", seats=lost)
    if strangers:
        fail(
            "{seats} cannot vouch for a key; ask two leads whose keys are on the public log.", seats=strangers
        )
    if len(vouchers) < FOUNDERS:
        fail("a key needs two leads to vouch for it; ask a second lead.")
    if set(entry.seats) != vouchers:
        fail("exactly the leads who vouch sign this; ask each of them to sign.")


def is_of_a_seat_in_force(entry: Entry, log: LogView) -> None:
    """Refuse a key for a seat that cannot act: its holder would read as a lead and is none."""
    can_act(entry, log, entry.data["seat"])


def is_its_own_key(entry: Entry, _log: LogView) -> None:
    """Let a seat bring its own founding key, and no other seat's."""
    if entry.by != (entry.data["seat"],):
        fail("a lead brings their own key; ask the lead of this place.")


def each_has_a_key(entry: Entry, log: LogView) -> None:
    """Refuse whoever signs without a key: nobody is put beside a lead in whose name the site could enter it."""
    lacking = [one for one in entry.seats if signing_key(log, one) is None]
    if lacking:
        fail(
            "{seats} cannot sign this without a key on the public log; ask a lead who has one.",
            seats=[Named(one) for one in lacking],
        )


def is_a_new_key(entry: Entry, log: LogView) -> None:
    """Refuse what is no key, and a key that stands on the record already, of a lead or of an engagement."""
    is_a_key(entry.data["recipient"])
    for one in [*log.every(EntryKind.KEY_FOUNDED), *log.every(EntryKind.KEY_CERTIFIED)]:
        if entry.data["recipient"] == one.data["recipient"] or entry.data["sign_key"] == one.data["sign_key"]:
            fail("this key is on the public log already; make a new one.")


def signs_itself(entry: Entry, log: LogView) -> None:
    """Refuse a key whose signing half did not sign it: whoever brings a key can sign with it (promise 2)."""
    statement = vouch_statement(origin=log.origin, **public_keys(entry))
    if not is_signed(entry.data["sign_key"], statement, entry.data["signature"]):
        fail(
            "the signature of {seat} does not stand under this key; ask that lead to sign it.",
            seat=Named(entry.data["seat"]),
        )


def is_the_key_of_today(entry: Entry, log: LogView) -> None:
    """Refuse to report a key that is not the one with which this place signs now."""
    own = signing_key(log, entry.data["seat"])
    if own is None:
        fail(
            "this place has no key that it signs with, or it is reported lost already; nothing more is needed."
        )
    if entry.cites["key"] != (own.index,):
        fail("another key took the place of this one; open the page again.")


def is_not_reported_again(entry: Entry, log: LogView) -> None:
    """Refuse a second report within 90 days: nobody moves their days by losing keys."""
    told = log.about(EntryKind.KEY_LOST, entry.data["seat"])
    if told and entry.date < (again := told[-1].date + REPORTED_AGAIN):
        fail(
            "a lost key was reported within the last 90 days; this can be done again from {again} on. A new key needs no report.",
            again=again,
        )


def is_a_key(recipient: str) -> None:
    """Refuse what nobody could lock anything to."""
    try:
        recipient_bytes(recipient)
    except KeyTextError:
        fail("this is not a whole key; make it again.")


def vouchers_signed(entry: Entry, log: LogView) -> None:
    """Refuse a certificate whose signature is not by the key in force of the lead who vouches, under exactly these keys."""
    statement = vouch_statement(origin=log.origin, **public_keys(entry))
    for cert in entry.data["certs"]:
        own = key_of(log, cert["seat"])
        if own is None or not is_signed(own.data["sign_key"], statement, cert["signature"]):
            fail(
                "the signature of {seat} does not stand under this key; ask that lead to sign it.",
                seat=Named(cert["seat"]),
            )
    if len(entry.data["certs"]) != len({cert["seat"] for cert in entry.data["certs"]}):
        fail("a lead vouches twice; once is enough.")


def replaces_no_key_without_a_lead_of_today(entry: Entry, log: LogView) -> None:
    """Refuse another key for a lead who has one, by former leads alone (promise 2)."""
    if key_of(log, entry.data["seat"]) is not None:
        one_sits_today(entry, log)


def founders(entry: Entry, log: LogView) -> set[str]:
    """Give the other seats that bring founding keys: two people found the set, not one in two seats."""
    return {
        one
        for told in log.every(EntryKind.KEY_FOUNDED)
        for one in told.seats
        if is_in_force(log, one, entry.date)
    }


def whose_key(entry: Entry, _log: LogView) -> set[str]:
    """Give the seat that others vouch for: nobody vouches for themselves."""
    return {entry.data["seat"]}


CERT = fields({"seat": seat, "signature": words(200)})
KEY = {"seat": seat, "recipient": words(80), "sign_key": hex64, "signature": words(200)}
KINDS = (
    Kind(
        name=EntryKind.KEY_FOUNDED,
        heading=_("A first key of the leads"),
        sentence=_("A lead brought one of the two first keys of the leads."),
        says="One of the two keys that found the leads' set; it signed itself. The second holds what each of the two leads signed, after comparing the other's key in person.",
        pen="community",
        by=("seat",),
        data=KEY,
        may={"certs": list_of(CERT, 2, 2)},
        cites={"key": Cites((EntryKind.KEY_FOUNDED,), 0, 1)},
        subject="seat",
        rules=(
            seat_is_known,
            founds_the_set,
            since(2, leads_have_standing),
            since(2, is_its_own_key),
            since(2, is_a_new_key),
            since(2, founders_signed),
            since(3, signs_itself),
        ),
        beside=founders,
        since={"data.certs": 2, "cites.key": 2, "data.signature": 3},
        unsigned="own",
    ),
    Kind(
        name=EntryKind.KEY_CERTIFIED,
        heading=_("Two leads vouched for a key"),
        sentence=_("Two leads say that this is the key of this place."),
        says="Two leads vouch that this key, which signed itself, is the key of this seat. Readers lock only to such keys.",
        pen="community",
        by=("seat",),
        data={**KEY, "certs": list_of(CERT, 2, 10)},
        subject="seat",
        rules=(
            seat_is_known,
            since(2, founding_is_in_force),
            since(2, former_leads_sat),
            since(2, leads_have_standing),
            is_vouched_for,
            since(2, replaces_no_key_without_a_lead_of_today),
            since(2, is_of_a_seat_in_force),
            since(2, is_a_new_key),
            since(2, vouchers_signed),
            since(3, signs_itself),
        ),
        beside=whose_key,
        seats=SERVED,
        since={"data.signature": 3},
        unsigned="own",
    ),
    Kind(
        name=EntryKind.KEY_LOST,
        heading=_("A lead reported a key lost"),
        sentence=_("A lead lost the key of this place. Nothing is signed with it from now on."),
        says="A lead reports the key of their seat lost. It signs nothing from then on; until two leads vouched for a new one, another lead signs beside this seat, and for 14 days at most the days to contest what it asked stand still.",
        pen="community",
        by=("seat",),
        data={"seat": seat},
        cites={"key": Cites((EntryKind.KEY_FOUNDED, EntryKind.KEY_CERTIFIED))},
        subject="seat",
        rules=(seat_is_known, is_its_own_key, is_the_key_of_today, is_not_reported_again),
        first=5,
        unsigned="faults",
    ),
)
