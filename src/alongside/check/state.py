"""What was seen before: the key of each record, the last head under each key and at each address, in one small file."""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from alongside.check.log import FetchedLog, RecordError, SignedHead
from alongside.check.source import Source, SourceError
from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind
from alongside.core.ledger.checkpoint import Checkpoint, parse_checkpoint
from alongside.core.ledger.keys import VerifierKey, parse_vkey, to_base64

#: An entry carries the day of its own place, which may be the day before ours, and may be signed after a midnight.
GRACE = timedelta(days=2)


@dataclass
class State:
    """Keys by address, the last seen head (signed note and day) by key, and what each address showed last."""

    file: Path
    keys: dict[str, str] = field(default_factory=dict)
    heads: dict[str, dict[str, str]] = field(default_factory=dict)
    #: Signed note, day, key and losses told then by address. A mirror is not here: it may lag, so what it lacks says nothing of the day.
    shown: dict[str, dict[str, str]] = field(default_factory=dict)
    #: SHA-256 of the entries, by key, that told of a loss when the record was last seen: they explain no later one.
    losses: dict[str, list[str]] = field(default_factory=dict)
    #: Size and root, by key, of every head that was seen and that the record last seen held, smallest first.
    past: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    #: The same, the address and the head known by then (`known`) of each look that ended before all was compared, until
    #: its address is seen whole. Once a record is (`held`), its day still counts, and the head is compared no more.
    #: `until` is the largest size of `past` at which it was like the record, where all under it was given out.
    glimpsed: list[dict[str, Any]] = field(default_factory=list)
    #: Which entry gave up a key, by the key: it signs nothing more, at any address.
    given_up: dict[str, str] = field(default_factory=dict)
    #: Whether the file follows; a copy on which something is tried has none.
    is_kept: bool = True

    def key_of(self, address: str) -> VerifierKey | None:
        """Give the key that this address had when it was first seen."""
        return parse_vkey(self.keys[address]) if address in self.keys else None

    def followed(self, old: str, new: str, why: str) -> "State":
        """Give a copy in which all that was seen under one key stands under another, and why the first was given up; it is written nowhere."""
        moved = deepcopy(self)
        moved.is_kept = False
        moved.keys = {address: new if one == old else one for address, one in self.keys.items()}
        last = moved.heads.pop(old, None)
        if last and moved.heads.setdefault(new, last) is not last:
            moved.glimpsed.append(last | {"key": new, "address": ""})
        for one in (*moved.glimpsed, *moved.shown.values()):
            one["key"] = new if one["key"] == old else one["key"]
        moved.losses[new] = [*moved.losses.get(new, []), *moved.losses.pop(old, [])]
        moved.past[new] = sorted({*moved.past.get(new, []), *moved.past.pop(old, [])})
        moved.given_up = {key: said for key, said in moved.given_up.items() if key != new} | {old: why}
        return moved

    def holds(self, key: str) -> bool:
        """Say whether anything was seen under a key."""
        seen = [one["key"] for one in (*self.glimpsed, *self.shown.values())]
        return key in {*self.heads, *self.keys.values(), *seen} or bool(self.past.get(key))

    def drop(self, log: FetchedLog, key: VerifierKey) -> list[str]:
        """Forget the heads under a key that a log does not hold, and name each; write nothing."""
        seen = [one for one in (*self.glimpsed, *self.shown.values()) if one["key"] == key.vkey]
        seen += [self.heads[key.vkey]] if key.vkey in self.heads else []
        days = dict.fromkeys(self.past.get(key.vkey, []), "") | {_place_of(one): one["day"] for one in seen}
        lost = {head: day for head, day in sorted(days.items()) if _root(log, head[0]) != head[1]}
        for places in (self.heads, self.shown):
            for name in [name for name, one in places.items() if one in seen and _place_of(one) in lost]:
                del places[name]
        self.glimpsed = [one for one in self.glimpsed if one not in seen or _place_of(one) not in lost]
        self.past[key.vkey] = [one for one in self.past.get(key.vkey, []) if one not in lost]
        return [
            f"{size} entries with the root {to_base64(bytes.fromhex(root))}"
            + (f", seen on {day}" if day else "")
            for (size, root), day in lost.items()
        ]

    def take(self, moved: "State") -> None:
        """Be from now on as another state is, and write it down."""
        vars(self).update({**vars(moved), "is_kept": True})
        self._write()

    def check_growth(
        self, log: FetchedLog, key: VerifierKey, losses: Sequence[Entry] = (), accepted: int | None = None
    ) -> str:
        """Refuse a log that does not hold everything seen before, and say in a clause what was compared.

        Of `losses`, the entries of the log that say that it went on without signed ones, the `accepted` one is believed.
        """
        seen = [self.heads[key.vkey]] if key.vkey in self.heads else []
        seen += [one for one in self.glimpsed if one["key"] == key.vkey and "held" not in one]
        if not seen:
            return "this is the first time it is seen from here, so there was nothing to compare it with"
        compared = [self._check_holds(log, key, last, losses, accepted) for last in seen]
        return compared[0]

    def _check_holds(
        self,
        log: FetchedLog,
        key: VerifierKey,
        last: Mapping[str, Any],
        losses: Sequence[Entry],
        accepted: int | None,
    ) -> str:
        seen = _head(last["note"])
        holds = log.head.size >= seen.size and log.tree.root(seen.size) == seen.root
        known = self.losses.get(key.vkey, [])
        fresh = [one for one in losses if hash_of(log, one) not in known]
        lost = [one.index for one in losses if one not in fresh and _loses(one, seen)]
        if not holds and last.get("until") in lost:
            return f"it went on without some of the {seen.size} entries seen on {last['day']}, as was known"
        loss = None if holds else next((one for one in fresh if _loses(one, seen)), None)
        if loss is not None:
            return self._accepted_loss(log, key, last, loss, accepted)
        forked = self._forked(log, key) if log.head.size < seen.size else 0 if holds else seen.size
        if forked:
            raise RecordError(
                f"The record was rewritten or forked: its first {forked} entries are not the ones "
                f"that were signed and seen on {last['day']}. Keep {self.file}: it holds the head signed then."
            )
        if not holds:
            raise RecordError(
                f"The record has shrunk: it held {seen.size} entries when it was seen on {last['day']}, "
                f"and this one holds {log.head.size}. If this is an old copy, check it with a --state file of its own; "
                "a mirror, given as --save FOLDER, tells whether it is a fork."
            )
        return f"it still begins with the {seen.size} entries seen on {last['day']}"

    def _forked(self, log: FetchedLog, key: VerifierKey) -> int:
        """Give the first size at which a shorter record differs from what was seen by then; 0 where it does not."""
        seen = sorted(self.past.get(key.vkey, []))
        return next((at for at, root in seen if _root(log, at) not in ("", root)), 0)

    def _accepted_loss(
        self, log: FetchedLog, key: VerifierKey, last: Mapping[str, Any], loss: Entry, accepted: int | None
    ) -> str:
        """Believe a loss that was accepted, if all that was seen before it still stands; say in a clause what was compared."""
        size = _head(last["note"]).size
        before = [one for one in self.past.get(key.vkey, []) if one[0] <= loss.index]
        kept, root = before[-1] if before else (0, "")
        if before and log.tree.root(kept).hex() != root:
            raise RecordError(
                f"The record was rewritten or forked: entry {loss.index} says that all from number {loss.index} on were lost, "
                f"but the first {kept} entries, seen before, are not the ones that were signed. Keep {self.file}."
            )
        if loss.index != accepted:
            raise RecordError(
                f"The record held {size} entries when it was seen on {last['day']}, and entry {loss.index} says that all "
                f"from number {loss.index} on were lost and that it goes on without them ({' and '.join(loss.by)} stand for "
                f"that). If a mirror has them, give it to whoever runs the record, and keep {self.file}. "
                f"To accept the loss and check on from here: --resumed {loss.index}."
            )
        begins = (
            f"still begins with {kept} that were seen before"
            if before
            else f"whether its first {loss.index} are the ones that stood there could not be compared from here"
        )
        return f"it went on without some of the {size} entries seen on {last['day']}, as entry {loss.index} says, and {begins}"

    def check_dates(
        self, source: Source, log: FetchedLog, entries: Sequence[Entry], key: VerifierKey, today: date
    ) -> None:
        """Refuse an entry dated well before the visit here that did not see it: a late answer could be dated in time.

        A loss that was not told then, and all behind it, was not seen either, whatever stood in its place.
        """
        losses = [one for one in entries if one.kind == EntryKind.RECORD_RESUMED]
        size = log.head.size
        visits = [self.shown[source.address]] if source.address in self.shown else []
        for last in [*visits, *(one for one in self.glimpsed if one["address"] == source.address)]:
            if last["key"] == key.vkey:
                visit = min(
                    date.fromisoformat(last["day"]), today
                )  # the clock here may have run ahead that day
                told = last["losses"].split() if "losses" in last else self.losses.get(key.vkey, [])
                lost = next((one.index for one in losses if hash_of(log, one) not in told), size)
                heads = [_head(last[name]) for name in ("note", "known") if name in last]
                held = [one.size for one in heads if one.size <= size and log.tree.root(one.size) == one.root]
                self._check_dates_since(max(held or [min(heads[0].size, lost)]), visit, entries)

    def _check_dates_since(self, size: int, visit: date, entries: Sequence[Entry]) -> None:
        for entry in entries[size:]:
            if entry.date < visit - GRACE:
                raise RecordError(
                    f"Entry {entry.index} is dated {entry.date}, but it was not on this record yet when it was seen "
                    f"here on {visit}. It was dated back; or it was written in time and shown days later, because the "
                    "log did not sign or an old copy of it was put back. Ask whoever runs the record. "
                    f"Keep {self.file}: it holds the head that stood here then."
                )

    def glimpse(self, source: Source, signed: SignedHead, key: VerifierKey, today: date) -> None:
        """Write down a signed head before what is under it is looked at, so that nothing is put in its place unseen."""
        address = "" if source.is_mirror else source.address
        before = [
            one
            for one in self.glimpsed
            if (_head(one["note"]), one["key"], one["address"]) != (signed.head, key.vkey, address)
        ]
        one = {"note": signed.note, "day": today.isoformat(), "key": key.vkey, "address": address}
        one["losses"] = " ".join(self.losses.get(key.vkey, []))
        if key.vkey in self.heads:
            one["known"] = self.heads[key.vkey]["note"]
        self.glimpsed = [*before, one]
        self.keys[source.address] = key.vkey
        self._write()

    def compare(self, log: FetchedLog, key: VerifierKey) -> None:
        """Write down with a glimpse how far it is like the record last seen: a loss explains what differs from it on."""
        until = max((at for at, root in self.past.get(key.vkey, []) if _root(log, at) == root), default=0)
        self.glimpsed = [
            one | ({"until": until} if (_head(one["note"]), one["key"]) == (log.head, key.vkey) else {})
            for one in self.glimpsed
        ]
        self._write()

    def remember(
        self, source: Source, log: FetchedLog, key: VerifierKey, today: date, losses: Sequence[Entry]
    ) -> None:
        """Write down what was seen."""
        self.keys[source.address] = key.vkey
        self.heads[key.vkey] = {"note": log.note, "day": today.isoformat()}
        self.losses[key.vkey] = [hash_of(log, one) for one in losses]
        glimpsed = [_head(one["note"]) for one in self.glimpsed if one["key"] == key.vkey]
        here = ("", source.address)
        self.glimpsed = [
            one | ({"held": self.heads[key.vkey]["day"]} if one["key"] == key.vkey else {})
            for one in self.glimpsed
            if one["key"] != key.vkey or one["address"] not in here
        ]
        heads = [(one.size, one.root.hex()) for one in (*glimpsed, log.head)]
        # what stands just before a loss and with it: an old copy differs from the record between these two
        heads += [(at, _root(log, at)) for one in losses for at in (one.index, one.index + 1)]
        self.past[key.vkey] = [
            (size, root)
            for size, root in sorted({*self.past.get(key.vkey, ()), *heads})
            if _root(log, size) == root
        ]
        if not source.is_mirror:
            told = " ".join(self.losses[key.vkey])
            self.shown[source.address] = self.heads[key.vkey] | {"key": key.vkey, "losses": told}
        self._write()

    def _write(self) -> None:
        """Write the file; a crash leaves the old one or the new one."""
        if not self.is_kept:
            return
        value = {"v": 1, "keys": self.keys, "heads": self.heads, "shown": self.shown}
        value |= {
            "losses": self.losses,
            "past": self.past,
            "glimpsed": self.glimpsed,
            "given_up": self.given_up,
        }
        beside = self.file.with_name(self.file.name + ".new")
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps(value, indent=1, ensure_ascii=False), encoding="utf-8")
            beside.replace(self.file)
        except OSError as error:
            raise SourceError(
                f"{self.file} cannot be written ({error.strerror}); name another --state file."
            ) from None


def hash_of(log: FetchedLog, entry: Entry) -> str:
    """Give the SHA-256 of an entry as it was written."""
    return hashlib.sha256(log.entries[entry.index]).hexdigest()


def _root(log: FetchedLog, size: int) -> str:
    """Give the root over the first entries of a log; nothing where it has fewer."""
    return log.tree.root(size).hex() if size <= log.head.size else ""


def _loses(loss: Entry, seen: Checkpoint) -> bool:
    """Say whether an entry tells that a head seen before is lost: the very one, or one before the one that it names."""
    lost, root = loss.data.get("lost"), loss.data.get("root")  # of an entry that nobody judged yet
    if lost == seen.size:
        return bool(root == seen.root.hex())
    return loss.index < seen.size and (lost is None or (isinstance(lost, int) and seen.size < lost))


def _place_of(seen: Mapping[str, Any]) -> tuple[int, str]:
    """Give size and root of a head that was seen."""
    head = _head(seen["note"])
    return head.size, head.root.hex()


def _head(note: str) -> Checkpoint:
    """Read the head in a signed note that was believed when it was seen."""
    return parse_checkpoint(note.partition("\n\n")[0] + "\n")


def default_file(environment: Mapping[str, str]) -> Path:
    """Give the place where people keep such files: $XDG_STATE_HOME, or ~/.local/state."""
    home = environment.get("XDG_STATE_HOME") or os.path.join(environment.get("HOME", "."), ".local", "state")  # noqa: PTH118 -- both parts come from the environment as text
    return Path(home) / "alongside" / "seen.json"


def load(file: Path) -> State:
    """Read what was seen before; a file that is not there yet means nothing was."""
    try:
        value: Any = json.loads(file.read_text(encoding="utf-8"))
        losses = {vkey: [str(one) for one in told] for vkey, told in dict(value.get("losses", {})).items()}
        past = {
            vkey: [(int(size), str(root)) for size, root in heads]
            for vkey, heads in dict(value.get("past", {})).items()
        }
        shown = dict(value.get("shown", {}))
        glimpsed = [dict(one) for one in value.get("glimpsed", [])]
        given_up = {vkey: str(why) for vkey, why in dict(value.get("given_up", {})).items()}
        state = State(
            file, dict(value["keys"]), dict(value["heads"]), shown, losses, past, glimpsed, given_up
        )
        visits = (*state.shown.values(), *state.glimpsed)
        for last in (*state.heads.values(), *visits):
            _head(last["note"])
            _head(last.get("known", last["note"]))
            date.fromisoformat(last["day"])
        for vkey in (*state.heads, *state.keys.values(), *(last["key"] for last in visits)):
            parse_vkey(vkey)
    except FileNotFoundError:
        return State(file)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise SourceError(
            f"{file} is not readable as what was seen before. Put it aside and keep it, or name another --state file."
        ) from None
    return state
