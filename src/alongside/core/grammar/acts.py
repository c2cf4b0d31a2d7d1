"""What leads sign with their own keys: an act of one or more entries in a row, which nobody who holds the server can make."""

import base64
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from alongside.core.canonical import canonical, written_again
from alongside.core.entries import Entry, LogView
from alongside.core.grammar.keys import has_lost_key, signing_key
from alongside.core.grammar.shape import (
    Kind,
    check_fields,
    day,
    fail,
    fields,
    hex64,
    malformed,
    number,
    seat,
)
from alongside.core.ledger.hashing import LedgerError
from alongside.core.refusals import Named
from alongside.core.sealing.acts import act_bytes, act_statement, draft_of
from alongside.core.sealing.leads import is_signed

#: From this version on an entry may be a part of an act, and kinds say whether it has to be.
SIGNED = 4
#: From this version on each lead signs her own part of what leads sign apart, so that it can wait for who signs next; and nobody signs what follows.
OWN_PART = 5
#: So long after a lead signed, an act may still be entered; what leads sign apart says so itself (Kind.apart).
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


def keys_of(log: LogView, seats: Iterable[str]) -> dict[str, Entry]:
    """Give the keys of those of these seats that have one, by seat: each of them signs with it."""
    keys = {one: signing_key(log, one) for one in sorted(seats)}
    return {one: key for one, key in keys.items() if key}


def signers(log: LogView, seats: Iterable[str]) -> dict[str, str]:
    """Give the keys (64 hex digits) of those of these seats that have one."""
    return {one: str(key.data["sign_key"]) for one, key in keys_of(log, seats).items()}


def least_head(
    values: Sequence[Mapping[str, Any]],
    first: int,
    keys: Iterable[Entry],
    kinds: Mapping[str, Kind],
    log: LogView,
) -> int:
    """Give how many entries a head holds at least over which leads sign an act: all that it cites, these keys, and what changed the same before.

    The last, so that nobody enters what was overtaken since a lead signed it: by a correction, or by her own later word.
    """
    held = {one for value in values for cited in value["cites"].values() for one in cited}
    if values[-1]["v"] >= OWN_PART:
        held |= {one.index for value in values for one in kinds[value["kind"]].before(value, log)}
    return max({one for one in held if one < first} | {key.index for key in keys}, default=-1) + 1


def is_apart(values: Sequence[Mapping[str, Any]], kinds: Mapping[str, Kind]) -> bool:
    """Say whether leads sign these entries in a row at different times: each her own part, whoever signs beside her."""
    return bool(kinds[values[0]["kind"]].apart) and values[-1]["v"] >= OWN_PART


def without_what_follows(draft: Mapping[str, Any], kind: Kind) -> dict[str, Any]:
    """Give a draft without the fields that nobody signs, so that it stands on each day on which it may be entered."""
    data = draft["data"]
    if any(data.get(name) != held for name, held in kind.follows_where.items()):
        return dict(draft)
    return {**draft, "data": {name: one for name, one in data.items() if name not in kind.follows}}


def own_part(value: Mapping[str, Any], first: int, seat: str, kind: Kind) -> dict[str, Any]:
    """Give what one lead signs of an entry that leads sign apart: it, with herself alone in `by`, and of what each says her own."""
    draft = without_what_follows(draft_of(value, first), kind)
    if seat not in value["by"]:
        return draft
    place = list(value["by"]).index(seat)
    data = {
        name: {who: said for who, said in one.items() if who == seat} if name in kind.own_data else one
        for name, one in draft["data"].items()
    }
    texts = {name: one for name, one in value["texts"].items() if name not in kind.own_texts}
    for name in kind.own_texts[place : place + 1]:
        texts |= {kind.own_texts[0]: value["texts"][name]} if name in value["texts"] else {}
    return draft | {"by": [seat], "data": data, "texts": texts}


def act_of_seat(
    values: Sequence[Mapping[str, Any]],
    first: int,
    seat: str,
    kinds: Mapping[str, Kind],
    *,
    origin: str,
    nonce: str,
    write: Callable[[Any], bytes] = canonical,
) -> bytes:
    """Write the act that one lead signs of entries in a row, the first of which has the index `first`."""
    if is_apart(values, kinds):
        drafts = [own_part(one, first, seat, kinds[one["kind"]]) for one in values]
    else:
        drafts = [draft_of(one, first) for one in values]
        if values[-1]["v"] >= OWN_PART:
            drafts = [without_what_follows(one, kinds[one["kind"]]) for one in drafts]
    return act_bytes(v=values[-1]["v"], origin=origin, nonce=nonce, drafts=drafts, write=write)


def somebody_signs(log: LogView, seats: Iterable[str], kind: Kind) -> None:
    """Refuse what a seat whose key was lost does without a lead beside it who signs: nobody acts for it by reporting its key.

    What leads sign apart rests on the word of each, so nobody signs it for them; nor what has one pen.
    """
    lost = sorted(Named(one) for one in seats if has_lost_key(log, one))
    if lost and kind.apart:
        fail(
            "{seats} reported their key lost, and this takes the key of each; another lead does it.",
            seats=lost,
        )
    if lost and kind.alone:
        fail(
            "{seats} reported their key lost, and this takes their own. It can wait until two leads have confirmed a new one.",
            seats=lost,
        )
    if lost and not signers(log, seats):
        fail(
            "{seats} reported their key lost; another lead whose key is on the public log signs this with them.",
            seats=lost,
        )


def leads_signed(entry: Entry, kinds: Mapping[str, Kind], log: LogView) -> None:
    """Refuse an entry that leads with a key have to sign and did not, and an act whose signatures do not hold."""
    if entry.v < SIGNED:
        return
    if 0 < kinds[entry.kind].signed <= entry.v:
        somebody_signs(log, entry.seats, kinds[entry.kind])
    if not entry.act:
        lacking = signers(log, entry.seats) if 0 < kinds[entry.kind].signed <= entry.v else {}
        if lacking:
            malformed(f"lacks the signature of {' and '.join(lacking)}, whose key is on the record.")
        return
    if not entry.act["place"] and log.act(entry.act["nonce"]) is not None:
        fail("its act was entered before; load the page again, it stands on the public log.")
    if is_whole(entry):
        act_holds(entry, kinds, log)


def good_for(values: Sequence[Mapping[str, Any]], kinds: Mapping[str, Kind]) -> timedelta:
    """Give how long after a lead signed these entries may be entered."""
    return timedelta(days=kinds[values[0]["kind"]].apart) if is_apart(values, kinds) else GOOD_FOR


def act_holds(last: Entry, kinds: Mapping[str, Kind], log: LogView) -> None:
    """Rebuild the act that ends with this entry from those before it, and hold each signature against it; the log holds none after it.

    `kinds` are those of its grammar.
    """
    first = last.index - last.act["place"]
    before = [log.get(index) for index in range(first, last.index)]
    entries = [*(one for one in before if one is not None), last]
    keys = keys_of(log, {one for entry in entries for one in entry.seats})
    told: Mapping[str, Mapping[str, Any]] = entries[0].act.get("sigs", {})
    if set(told) != set(keys):
        malformed(
            f"its act is signed by {' and '.join(sorted(told)) or 'nobody'}, and "
            f"{' and '.join(keys) or 'nobody'} has a key and has to sign."
        )
    values = [vars(one) for one in entries]
    good, apart = good_for(values, kinds), is_apart(values, kinds)
    for one, signed in sorted(told.items()):
        if not timedelta(0) <= last.date - date.fromisoformat(signed["day"]) <= good:
            malformed(
                f"{one} signed its act on {signed['day']}; it is entered from that day on, within {good.days} days."
            )
        least = least_head(values, first, [keys[one]] if apart else keys.values(), kinds, log)
        if signed["size"] < least:
            malformed(
                f"{one} signed its act over a head of {signed['size']} entries, which lacks what the act cites, "
                f"what changed the same before, or the key that signs it; the head has to hold {least} at least."
            )
        if not _is_head(log, first, signed["size"], signed["root"]):
            malformed(
                f"{one} signed its act over a head of {signed['size']} entries that this record never had."
            )
        head = {name: signed[name] for name in ("day", "size", "root")}
        drawn = {"origin": log.origin, "nonce": last.act["nonce"], "write": written_again}
        act = act_of_seat(values, first, one, kinds, **drawn)
        statement = act_statement(origin=log.origin, seat=one, act=act, **head)
        if not is_signed(keys[one].data["sign_key"], statement, signed["sig"]):
            malformed(f"the signature of {one} does not stand under this act.")


def _is_head(log: LogView, first: int, size: int, root: str) -> bool:
    """Say whether this was the root over so many entries before the act."""
    try:
        return size <= first and log.root(size).hex() == root
    except LedgerError:
        return False
