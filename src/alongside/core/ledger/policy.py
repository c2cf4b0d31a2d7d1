"""Who must have signed a checkpoint before it counts: logs, witnesses, quorum (c2sp.org/tlog-policy)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from alongside.core.ledger.checkpoint import Checkpoint, open_checkpoint
from alongside.core.ledger.hashing import LedgerError
from alongside.core.ledger.keys import KeyKind, VerifierKey, parse_vkey
from alongside.core.ledger.note import Note

NO_WITNESS = "none"
_WITNESS_KINDS = (KeyKind.COSIGNATURE, KeyKind.COSIGNATURE_ML_DSA)
_NOT_ALLOWED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Group:
    """Counts as a witness once at least `least` of its members have witnessed."""

    least: int
    members: tuple[str, ...]


@dataclass
class Policy:
    """Known logs, named witnesses and groups of them, and the one name whose witnessing is demanded."""

    logs: list[VerifierKey] = field(default_factory=list)
    witnesses: dict[str, VerifierKey] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    quorum: str = ""
    urls: dict[bytes, str] = field(default_factory=dict)

    def check(self, note: str | bytes, logs: Iterable[VerifierKey] = ()) -> Checkpoint:
        """Open a signed checkpoint, and refuse it unless one of `logs`, or of those here if there are none, and a quorum signed it.

        Raises LedgerError.
        """
        head, opened = open_checkpoint(note, [*(list(logs) or self.logs), *self.witnesses.values()])
        if not self.has_quorum(opened):
            there = sorted(name for name, _when in self.seen_by(opened))
            raise LedgerError(
                f"Too few witnesses have cosigned the checkpoint: the policy asks for {self.quorum}, "
                f"and there are {', '.join(there) or 'none'}."
            )
        return head

    def seen_by(self, opened: Note) -> list[tuple[str, int]]:
        """List the witnesses whose checked signatures a note has, in the order of the policy, and when, in seconds since 1970."""
        when = {one.key: one.timestamp or 0 for one in opened.signatures}
        return [(name, when[key]) for name, key in self.witnesses.items() if key in when]

    def has_quorum(self, opened: Note) -> bool:
        """Tell whether the checked signatures of a note make the quorum."""
        return self.quorum == NO_WITNESS or self._witnessed(self.quorum, opened)

    def _witnessed(self, name: str, opened: Note) -> bool:
        group = self.groups.get(name)
        if group is None:
            return self._cosigned(self.witnesses[name], opened)
        return sum(self._witnessed(member, opened) for member in group.members) >= group.least

    @staticmethod
    def _cosigned(key: VerifierKey, opened: Note) -> bool:
        return any(one.key == key for one in opened.signatures)


def as_read(name: str) -> str:
    """Write the name of a witness, which has no spaces in a policy, as people read it."""
    return name.replace("_", " ")


@lru_cache(maxsize=64)
def policy_in(lines: tuple[str, ...]) -> Policy | None:
    """Read the lines of a policy as rules hold them, once a process; None where there are none. Nobody changes what this gives."""
    return parse_policy("\n".join(lines)) if lines else None


def parse_policy(file: str | bytes) -> Policy:
    """Read a policy file; the error names the line and the cure."""
    # Bytes above 127 are opaque in the format: latin-1 keeps each of them as it is, names then become UTF-8.
    text = (file.encode() if isinstance(file, str) else file).decode("latin-1")
    if _NOT_ALLOWED.search(text):
        raise LedgerError("The policy holds a control character; leave it out.")
    policy, grouped = Policy(), set[str]()
    for number, line in enumerate(text.split("\n"), 1):
        words = [word for word in re.split(r"[ \t]+", line) if word]
        try:
            if words and not words[0].startswith("#"):
                _read(policy, grouped, words)
        except LedgerError as error:
            raise LedgerError(f"Line {number} of the policy: {error}") from None
    if not policy.quorum:
        raise LedgerError("The policy has no quorum line; end it with 'quorum NAME' or 'quorum none'.")
    return policy


def _read(policy: Policy, grouped: set[str], words: list[str]) -> None:
    match words:
        case ["log", vkey, *url] if len(url) <= 1:
            key = _key(vkey, (KeyKind.ED25519,), policy.logs)
            policy.logs.append(key)
            policy.urls |= dict.fromkeys([key.public], *url) if url else {}
        case ["witness", name, vkey, *url] if len(url) <= 1:
            key = _key(vkey, _WITNESS_KINDS, policy.witnesses.values())
            policy.witnesses[_new_name(policy, name)] = key
            policy.urls |= dict.fromkeys([key.public], *url) if url else {}
        case ["group", name, least, *members] if members:
            group = _group(policy, grouped, least, members)
            policy.groups[_new_name(policy, name)] = group
        case ["quorum", name]:
            if policy.quorum:
                raise LedgerError("names a second quorum; keep one.")
            if name != NO_WITNESS and not _is_known(policy, name):
                raise LedgerError(f"asks for {name}, which no line before it defines.")
            policy.quorum = name
        case _:
            raise LedgerError("is neither log, witness, group nor quorum with what belongs to it.")


def _key(vkey: str, kinds: tuple[KeyKind, ...], others: Iterable[VerifierKey]) -> VerifierKey:
    try:
        key = parse_vkey(vkey.encode("latin-1").decode())
    except UnicodeDecodeError:
        raise LedgerError("holds a key whose name is not valid UTF-8.") from None
    if key.kind not in kinds:
        raise LedgerError(f"gives {key.name} a key of another kind; ask them for the right one.")
    if any(key.public == other.public for other in others):
        raise LedgerError(f"repeats the key of {key.name}; list each key once.")
    return key


def _is_known(policy: Policy, name: str) -> bool:
    return name in policy.witnesses or name in policy.groups


def _new_name(policy: Policy, name: str) -> str:
    if name == NO_WITNESS or _is_known(policy, name):
        raise LedgerError(f"uses the name {name}, which is taken; choose another.")
    return name


def _group(policy: Policy, grouped: set[str], least: str, members: list[str]) -> Group:
    for member in members:
        if not _is_known(policy, member):
            raise LedgerError(f"puts {member} into a group, which no line before it defines.")
        if member in grouped:
            raise LedgerError(f"puts {member} into a group for the second time; once is allowed.")
        grouped.add(member)
    word = {"any": "1", "all": str(len(members))}.get(least, least)
    count = int(word) if re.fullmatch(r"[1-9][0-9]{0,3}", word) else 0
    if not 1 <= count <= len(members):
        raise LedgerError(
            f"asks for {least} of {len(members)} members; ask for 1 to {len(members)}, any or all."
        )
    return Group(count, tuple(members))
