"""The key of the log: it changes by an entry, which the old and the new key both sign, or a lead with the coordinator."""

import re
from base64 import b64decode
from collections.abc import Iterable
from typing import Any

from alongside.core.entries import Entry, LogView
from alongside.core.grammar.acts import is_signature, signers
from alongside.core.grammar.seats import leads_have_standing
from alongside.core.grammar.shape import Kind, fail, hex64, malformed
from alongside.core.grammar.ties import stands_beside_no_payer
from alongside.core.kinds import EntryKind
from alongside.core.ledger.keys import KeyFormatError, KeyKind, VerifierKey, parse_vkey
from alongside.core.words import gettext_noop as _

#: The kinds of entries that change the key; together they are the chain of its keys.
KEY_CHANGES = (EntryKind.RECORD_REKEYED, EntryKind.RECORD_DISTRUSTED)
VKEY = re.compile(r"[^\s+]{1,150}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}\Z")


def change_statement(*, origin: str, root: str, old: str, new: str) -> bytes:
    """Write what both keys sign: that the new one signs from here on, below the root over all entries before."""
    return f"alongside/log-key/v1\n{origin}\n{root}\n{old}\n{new}\n".encode()


def key_changes(entries: Iterable[Entry]) -> list[Entry]:
    """List the entries that change the key of the log, oldest first."""
    return [one for one in entries if one.kind in KEY_CHANGES]


def names_two_keys_of_the_log(entry: Entry, log: LogView) -> None:
    """Refuse what names no keys of this log, and a change from another key than the one in force or to one that was in force."""
    if any(one.name != log.origin or one.kind is not KeyKind.ED25519 for one in _keys(entry)):
        malformed("old and new are keys of the log, under its origin.")
    told = sorted((one for kind in KEY_CHANGES for one in log.every(kind)), key=lambda one: one.index)
    if told and told[-1].data["new"] != entry.data["old"]:
        malformed("old is the key that the last change named.")
    if entry.data["new"] in {entry.data["old"], *(one.data["old"] for one in told)}:
        malformed("new is a key that this log had already.")


def _keys(entry: Entry) -> list[VerifierKey]:
    try:
        return [parse_vkey(entry.data[name]) for name in ("old", "new")]
    except KeyFormatError as error:
        malformed(f"old and new are keys of the log: {error}")


def both_keys_sign_it(entry: Entry, log: LogView) -> None:
    """Refuse a change that the old key and the new one did not both sign below what stands here."""
    data = entry.data
    if data["root"] != log.root(entry.index).hex():
        malformed("root is the root over all entries before this one.")
    said = change_statement(origin=log.origin, **{name: data[name] for name in ("root", "old", "new")})
    for name, key in zip(("old_sig", "new_sig"), _keys(entry), strict=True):
        if not key.verifies(b64decode(data[name]), said):
            malformed(f"{name} does not stand under this change.")


def a_lead_with_a_key_and_the_city_stand_for_it(entry: Entry, log: LogView) -> None:
    """Refuse to distrust a key without the own key of a lead, or without the coordinator or an office."""
    if not entry.seats or len(entry.by) == len(entry.seats):
        fail("a lead and the program coordinator, or an office, say this together; ask the other side.")
    if set(signers(log, entry.seats)) != set(entry.seats):
        fail("only a lead with a key can say this; ask one who has it.")


def key_line(where: str, value: Any) -> None:
    """Accept the line of a public key, as the log gives out its own."""
    if not isinstance(value, str) or not VKEY.match(value):
        malformed(f"{where} must be the line of a key: its name, its id and the key, with + between.")


KEYS = {"old": key_line, "new": key_line}

KINDS = (
    Kind(
        name=EntryKind.RECORD_REKEYED,
        heading=_("The log has a new key"),
        sentence=_(
            "A new key signs this log from here on. The old key and the new one both signed this change, so whoever knew the old key can trust the new one."
        ),
        marked=("both", ""),
        says="A new key signs the log from here on. Both keys signed the change, below the root over all entries before it: whoever trusts the old key finds the new one here. The old one signs nothing that counts any more.",
        pen="clock",
        by=("clock",),
        data={**KEYS, "root": hex64, "old_sig": is_signature, "new_sig": is_signature},
        rules=(names_two_keys_of_the_log, both_keys_sign_it),
        first=5,
    ),
    Kind(
        name=EntryKind.RECORD_DISTRUSTED,
        heading=_("The old key of the log is not trusted"),
        says="Somebody else may hold the key of the log: a new one signs from here on, and the old one signs nothing that counts any more. The own key of a lead signs this. No old key can vouch for the new one, so a verifier takes it from a person alone; nothing that was seen before is forgotten for it.",
        pen="program",
        by=("seat", "steward", "office"),
        data=KEYS,
        texts=("reason",),
        rules=(
            names_two_keys_of_the_log,
            a_lead_with_a_key_and_the_city_stand_for_it,
            leads_have_standing,
            stands_beside_no_payer,
        ),
        first=5,
        signed=5,
    ),
)
