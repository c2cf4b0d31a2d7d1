"""Which keys to believe: given on the line, listed in a policy, remembered, or taken on first use."""

from dataclasses import dataclass
from pathlib import Path

from alongside.check.log import RecordError, SignedHead
from alongside.check.nearby import is_record, no_record
from alongside.check.source import MissingError, Source, SourceError
from alongside.check.state import State
from alongside.core.ledger.hashing import LedgerError
from alongside.core.ledger.keys import KeyKind, VerifierKey, parse_vkey
from alongside.core.ledger.policy import Policy, parse_policy

FIRST_USE = (
    "This key is believed because this is its first use from here; from now on another one is refused. "
    "Compare it with a key you got in another way: "
)


@dataclass(frozen=True)
class Trust:
    """The keys that may have signed the head, where they come from, and what to do about it if anything."""

    keys: tuple[VerifierKey, ...]
    says: str
    advice: str = ""


def read_policy(file: Path | None) -> Policy | None:
    """Read a policy file where one is named."""
    if file is None:
        return None
    try:
        return parse_policy(file.read_bytes())
    except LedgerError as error:
        raise SourceError(f"{file} is not a policy. {error}") from None
    except OSError as error:
        raise SourceError(f"{file} cannot be read ({error.strerror}).") from None


def choose_keys(source: Source, vkey: str | None, state: State | None, policy: Policy | None) -> Trust:
    """Choose the keys of a record: the given one, else the remembered unless a policy names others, else those, else its own."""
    if vkey:
        return Trust((parse_vkey(vkey.strip()),), "the key you gave")
    listed = policy.logs if policy else []
    remembered = state.key_of(source.address) if state else None
    if remembered and (not listed or remembered in listed):
        return Trust((remembered,), "the key remembered from the first time")
    if listed:
        return Trust(tuple(listed), "a key in your policy")
    try:
        found = source.get("vkey").decode().strip()
    except (MissingError, UnicodeDecodeError):
        raise RecordError(
            f"{source.address} does not give out its key; ask for it and name it with --vkey."
            if is_record(source)
            else no_record(source)
        ) from None
    return Trust((parse_vkey(found),), "the key that this address itself gives out", FIRST_USE + found)


def signed_by(log: SignedHead) -> VerifierKey:
    """Give the key with which the log itself signed its head."""
    return next(
        one.key
        for one in log.opened.signatures
        if one.key.kind is KeyKind.ED25519 and one.key.name == log.head.origin
    )
