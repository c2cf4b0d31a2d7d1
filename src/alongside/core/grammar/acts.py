"""What leads sign with their own keys: an act of one or more entries in a row, which nobody who holds the server can make."""

import base64
import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from alongside.core.canonical import written_again
from alongside.core.entries import Entry, LogView
from alongside.core.grammar.keys import signing_key
from alongside.core.grammar.shape import (
    Kind,
    check_fields,
    day,
    fields,
    hex64,
    malformed,
    number,
    seat,
)
from alongside.core.ledger.hashing import LedgerError
from alongside.core.sealing.acts import act_bytes, act_statement, draft_of
from alongside.core.sealing.leads import is_signed

#: From this version on an entry may be a part of an act, and kinds say whether it has to be.
SIGNED = 4
#: So long after a lead signed, an act may still be entered.
GOOD_FOR = timedelta(days=14)
NONCE = re.compile(r"[0-9a-f]{32}\Z")
SIGNATURE = re.compile(r"[A-Za-z0-9+/]{86}==\Z")
MOST_ENTRIES = 1_000


def is_signature(where: str, value: Any) -> None:
    """Accept an Ed25519 signature in the one way in which base64 writes its 64 bytes."""
    try:
        is_so = isinstance(value, str) and base64.b64encode(base64.b64decode(value)).decode() == value
    except ValueError:
        is_so = False
    if not is_so or not SIGNATURE.match(value):
        malformed(f"{where} must be the 64 bytes of a signature in base64.")


def nonce(where: str, value: Any) -> None:
    """Accept 16 bytes in small hexadecimal letters."""
    if not isinstance(value, str) or not NONCE.match(value):
        malformed(f"{where} must be 32 hexadecimal digits.")


PART = {"nonce": nonce, "of": number(1, MOST_ENTRIES), "place": number(0, MOST_ENTRIES - 1)}
SIGNED_BY = {"day": day, "size": number(0, 2**53), "root": hex64, "sig": is_signature}


def sigs(where: str, value: Any) -> None:
    """Accept what one lead or several signed, by seat."""
    if not isinstance(value, dict) or not value:
        malformed(f"{where} names who signed, by seat.")
    for one, signed in value.items():
        seat(where, one)
        fields(SIGNED_BY)(f"{where}.{one}", signed)


def shape_of_act(value: Any) -> None:
    """Refuse what is no part of an act: its nonce, of how many entries it is, which of them this is, and in the first who signed."""
    if not isinstance(value, dict):
        malformed("act is an object.")
    check_fields("act", value, PART | ({"sigs": sigs} if value.get("place") == 0 else {}), {})
    if value["place"] >= value["of"]:
        malformed("act.place is counted from 0, and less than act.of.")


def goes_on(before: Entry, entry: Entry) -> None:
    """Refuse an act that is cut in two, and a part of one that stands alone."""
    told, lacks = entry.act, before.act and before.act["place"] + 1 < before.act["of"]
    if lacks:
        same = all(told.get(name) == before.act[name] for name in ("nonce", "of"))
        if not same or told["place"] != before.act["place"] + 1 or entry.date != before.date:
            malformed("another entry of the act before it has to follow; what leads sign is entered whole.")
    elif told and told["place"]:
        malformed("the first entries of its act do not stand before it.")


def is_whole(last: Entry) -> bool:
    """Say whether no entry of an act has to follow."""
    return not last.act or last.act["place"] + 1 == last.act["of"]


def signers(log: LogView, seats: Iterable[str]) -> dict[str, str]:
    """Give the keys (64 hex digits) of those of these seats that have one: each of them signs with it."""
    keys = {one: signing_key(log, one) for one in seats}
    return {one: str(key.data["sign_key"]) for one, key in sorted(keys.items()) if key}


def least_head(log: LogView, values: Iterable[Mapping[str, Any]], first: int) -> int:
    """Give how many entries a head holds at least over which leads sign an act: all that it cites, and the keys that sign it."""
    held: set[int] = set()
    for value in values:
        held |= {one for cited in value["cites"].values() for one in cited if one < first}
        held |= {key.index for one in value["by"] if (key := signing_key(log, one))}
    return max(held, default=-1) + 1


def leads_signed(entry: Entry, kind: Kind, log: LogView) -> None:
    """Refuse an entry that leads with a key have to sign and did not, and an act whose signatures do not hold."""
    if entry.v < SIGNED:
        return
    if not entry.act:
        lacking = signers(log, entry.seats) if 0 < kind.signed <= entry.v else {}
        if lacking:
            malformed(f"lacks the signature of {' and '.join(lacking)}, whose key is on the record.")
        return
    if not entry.act["place"] and log.act(entry.act["nonce"]) is not None:
        malformed("its act was entered before: each act has a nonce of its own.")
    if is_whole(entry):
        act_holds(entry, log)


def act_holds(last: Entry, log: LogView) -> None:
    """Rebuild the act that ends with this entry from those before it, and hold each signature against it; the log holds none after it."""
    first = last.index - last.act["place"]
    before = [log.get(index) for index in range(first, last.index)]
    entries = [*(one for one in before if one is not None), last]
    keys = signers(log, {one for entry in entries for one in entry.seats})
    told: Mapping[str, Mapping[str, Any]] = entries[0].act.get("sigs", {})
    if set(told) != set(keys):
        malformed(
            f"its act is signed by {' and '.join(sorted(told)) or 'nobody'}, and "
            f"{' and '.join(keys) or 'nobody'} has a key and has to sign."
        )
    values = [vars(one) for one in entries]
    least = least_head(log, values, first)
    drafts = [draft_of(one, first) for one in values]
    act = act_bytes(v=last.v, origin=log.origin, nonce=last.act["nonce"], drafts=drafts, write=written_again)
    for one, signed in sorted(told.items()):
        if not timedelta(0) <= last.date - date.fromisoformat(signed["day"]) <= GOOD_FOR:
            malformed(
                f"{one} signed its act on {signed['day']}; it is entered from that day on, within {GOOD_FOR.days} days."
            )
        if signed["size"] < least:
            malformed(
                f"{one} signed its act over a head of {signed['size']} entries, which lacks what the act cites "
                f"or the key that signs it; the head has to hold {least} at least."
            )
        if not _is_head(log, first, signed["size"], signed["root"]):
            malformed(
                f"{one} signed its act over a head of {signed['size']} entries that this record never had."
            )
        statement = act_statement(
            origin=log.origin, seat=one, act=act, **{name: signed[name] for name in ("day", "size", "root")}
        )
        if not is_signed(keys[one], statement, signed["sig"]):
            malformed(f"the signature of {one} does not stand under this act.")


def _is_head(log: LogView, first: int, size: int, root: str) -> bool:
    """Say whether this was the root over so many entries before the act."""
    try:
        return size <= first and log.root(size).hex() == root
    except LedgerError:
        return False
