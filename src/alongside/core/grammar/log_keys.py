"""The key of the log: who changes it, and that everything before the change stands under the new one."""

import re
from base64 import b64decode
from collections.abc import Iterable
from datetime import date
from typing import Any

from alongside.core.entries import Entry, LogView
from alongside.core.grammar.acts import is_signature
from alongside.core.grammar.seats import leads_have_standing
from alongside.core.grammar.shape import Kind, day, fail, hex64, malformed, number
from alongside.core.grammar.ties import stands_beside_no_payer
from alongside.core.kinds import EntryKind
from alongside.core.ledger.hashing import LedgerError
from alongside.core.ledger.keys import KeyFormatError, KeyKind, VerifierKey, parse_vkey
from alongside.core.words import gettext_noop as _

#: The kinds of entries that change the key; together they are the chain of its keys.
KEY_CHANGES = (EntryKind.RECORD_REKEYED, EntryKind.RECORD_DISTRUSTED)
VKEY = re.compile(r"[^\s+]{1,150}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}\Z")


def change_statement(*, origin: str, size: int, root: str, old: str, new: str, since: str = "") -> bytes:
    """Write what the keys sign: that the new one signs from here on, below the root over all entries before.

    `since` is the day from which the old key is not trusted; empty where both sign.
    """
    return "\n".join(("alongside log key", origin, str(size), root, old, new, since, "")).encode()


def changed(entries: Iterable[Entry]) -> list[Entry]:
    """List the entries that change the key of the log, oldest first."""
    return [one for one in entries if one.kind in KEY_CHANGES]


def _told(log: LogView) -> list[Entry]:
    return sorted((one for kind in KEY_CHANGES for one in log.every(kind)), key=lambda one: one.index)


def keys_sign_it(entry: Entry, log: LogView) -> None:
    """Refuse a change that the new key, or where it is trusted the old one, did not sign below what stands here."""
    data = entry.data
    try:
        keys = [parse_vkey(data[name]) for name in ("old", "new")]
    except KeyFormatError as error:
        malformed(f"old and new are keys of the log: {error}")
    if any(one.kind is not KeyKind.ED25519 or one.name != log.origin for one in keys):
        malformed("old and new are keys of the log, under its origin.")
    try:
        is_all = data["size"] == entry.index and log.root(entry.index).hex() == data["root"]
    except LedgerError:
        is_all = False
    if not is_all:
        malformed("size and root tell the head over all entries before this one.")
    said = change_statement(
        origin=log.origin,
        since=data.get("since", ""),
        **{name: data[name] for name in ("size", "root", "old", "new")},
    )
    for name, key in zip(("old_sig", "new_sig"), keys, strict=True):
        if name in data and not _is_signed(key, said, data[name]):
            malformed(f"{name} does not stand under this change.")


def _is_signed(key: VerifierKey, said: bytes, signature: str) -> bool:
    return key.verifies(b64decode(signature), said)


def follows_the_last(entry: Entry, log: LogView) -> None:
    """Refuse a change from another key than the one in force, and one back to a key that was given up."""
    told = _told(log)
    if told and told[-1].data["new"] != entry.data["old"]:
        malformed("old is the key that the last change named.")
    if entry.data["new"] in {entry.data["old"], *(one.data[name] for one in told for name in ("old", "new"))}:
        malformed("new is a key that this log had already.")


def distrusts_no_day_to_come(entry: Entry, _log: LogView) -> None:
    """Refuse to distrust a key from a day on that has not come."""
    if date.fromisoformat(entry.data["since"]) > entry.date:
        malformed("since is the first day on which the old key is not trusted, today at the latest.")


def a_lead_and_the_city_stand_for_it(entry: Entry, _log: LogView) -> None:
    """Refuse to distrust a key without a lead, or without the coordinator or an office."""
    if not entry.seats or len(entry.by) == len(entry.seats):
        fail("a lead and the program coordinator, or an office, say this together; ask the other side.")


def vkey(where: str, value: Any) -> None:
    """Accept the line of a public key, as the log gives out its own."""
    if not isinstance(value, str) or not VKEY.match(value):
        malformed(f"{where} must be the line of a key: its name, its id and the key, with + between.")


KEYS = {
    "old": vkey,
    "new": vkey,
    "size": number(1, 2**53),
    "root": hex64,
    "new_sig": is_signature,
}

KINDS = (
    Kind(
        name=EntryKind.RECORD_REKEYED,
        heading=_("The log has a new key"),
        sentence=_(
            "A new key signs this log from here on. The old key and the new one both signed this change, so whoever knew the old key can trust the new one."
        ),
        marked=("both", ""),
        says="A new key signs the log from here on. Both keys signed the change, below the root over all entries before it: whoever trusts the old key finds the new one here. A head over this entry that the old key alone signed is refused.",
        pen="clock",
        by=("clock",),
        data={**KEYS, "old_sig": is_signature},
        rules=(keys_sign_it, follows_the_last),
        first=4,
    ),
    Kind(
        name=EntryKind.RECORD_DISTRUSTED,
        heading=_("The old key of the log is not trusted"),
        says="Somebody else may hold the key of the log, or may have held it, from a day on: what it signed since counts only where this log holds it. A new key signs from here on, below the root over all entries before. No old key can vouch for it, so the verifier asks for the new one to be given by hand.",
        pen="program",
        by=("seat", "steward", "office"),
        data={**KEYS, "since": day},
        texts=("reason",),
        rules=(
            keys_sign_it,
            follows_the_last,
            distrusts_no_day_to_come,
            a_lead_and_the_city_stand_for_it,
            leads_have_standing,
            stands_beside_no_payer,
        ),
        first=4,
    ),
)
