"""Fetch a whole log and rebuild its tree: every entry, every tile, the signed root."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from alongside.check.nearby import no_record
from alongside.check.source import MissingError, Source
from alongside.core.ledger.checkpoint import Checkpoint, open_checkpoint
from alongside.core.ledger.hashing import HASH_SIZE, LedgerError, leaf_hash
from alongside.core.ledger.keys import VerifierKey
from alongside.core.ledger.note import Note, split_note
from alongside.core.ledger.policy import Policy
from alongside.core.ledger.tiles import TILE_WIDTH, TileRef, bundles_of, decode_bundle, tiles_of
from alongside.core.ledger.tree import Tree

#: What checks a whole public log, as its page says.
WHOLE = "python3 alongside-verify.pyz record ADDRESS"


class RecordError(ValueError):
    """The first thing that is wrong with a record, in plain words."""


@dataclass(frozen=True)
class SignedHead:
    """A head that a log signed; what is under it may not be fetched yet."""

    head: Checkpoint
    note: str
    opened: Note


@dataclass(frozen=True)
class FetchedLog(SignedHead):
    """A log whose entries are known to be the ones under its signed head."""

    tree: Tree
    entries: tuple[bytes, ...]
    tiles: int


def fetch_log(source: Source, keys: Sequence[VerifierKey], policy: Policy | None = None) -> FetchedLog:
    """Fetch the head, all entries and all tiles; raise RecordError at the first fault."""
    return fetch_under(source, fetch_head(source, keys, policy))


def fetch_head(source: Source, keys: Sequence[VerifierKey], policy: Policy | None = None) -> SignedHead:
    """Fetch the head alone; raise RecordError where it cannot be believed."""
    return believed(fetch_note(source), keys, policy)


def fetch_note(source: Source) -> bytes:
    """Fetch the note of the head; raise RecordError where there is none."""
    try:
        return source.get("checkpoint")
    except MissingError:
        raise RecordError(no_record(source)) from None


def signed_alone(note: bytes, keys: Collection[VerifierKey]) -> SignedHead | None:
    """Give the head of a note by the first line with which the log signed it, whatever the others hold; else None."""
    try:
        text, lines = split_note(note)
    except LedgerError:
        return None
    for alone in (f"{text}\n{line}\n" for line in lines):
        try:
            head, opened = open_checkpoint(alone, keys)
        except LedgerError:
            continue
        return SignedHead(head, alone, opened)
    return None


def believed(note: bytes, keys: Sequence[VerifierKey], policy: Policy | None = None) -> SignedHead:
    """Give the head of a note; raise RecordError where a line does not fit, or too few witnesses signed."""
    known = [*(keys or policy.logs), *policy.witnesses.values()] if policy else list(keys)
    try:
        head, opened = open_checkpoint(note, known)
        if policy:
            policy.check(note, keys)
    except LedgerError as error:
        raise RecordError(f"The head of the record cannot be believed. {error}") from None
    return SignedHead(head, note.decode(), opened)


def fetch_under(source: Source, signed: SignedHead) -> FetchedLog:
    """Fetch all entries and tiles under a head; raise RecordError at the first fault."""
    head = signed.head
    tree, entries = Tree(), list[bytes]()
    for ref in bundles_of(head.size):
        entries += _bundle(source, ref, tree)
    _upper_tiles(source, tree)
    if tree.root() != head.root:
        raise RecordError(
            f"The {head.size} entries do not lead to the head that the log signed: "
            "an entry was changed, removed, put in or swapped, and the tiles were made anew to hide it."
        )
    return FetchedLog(head, signed.note, signed.opened, tree, tuple(entries), len(list(tiles_of(head.size))))


def _upper_tiles(source: Source, tree: Tree) -> None:
    """Compare the tiles above the lowest with the ones that the entries make."""
    for ref in tiles_of(tree.size):
        if ref.level and fetch_tile(source, ref) != tree.tile(ref.level, ref.n, ref.width):
            raise RecordError(
                f"The file {ref.path} does not fit the entries below it: the hashes in it were changed."
            )


def _bundle(source: Source, ref: TileRef, tree: Tree) -> list[bytes]:
    """Fetch one bundle and the tile of its hashes, compare them entry by entry, and grow the tree."""
    first = ref.n * TILE_WIDTH
    last = first + ref.width - 1
    raw, width = _fetch(source, ref)
    try:
        entries = decode_bundle(raw, width)[: ref.width]
    except LedgerError:
        raise RecordError(
            f"The file of entries {first} to {last} does not hold exactly {width} entries: "
            "one was removed, put in or cut off."
        ) from None
    tile = fetch_tile(source, TileRef(0, ref.n, ref.width))
    hashes = [leaf_hash(entry) for entry in entries]
    for place, hash_ in enumerate(hashes):
        if hash_ != tile[place * HASH_SIZE : (place + 1) * HASH_SIZE]:
            raise RecordError(
                f"Entry {first + place} is not the entry that was put on the record there: "
                "it was changed, swapped, or another one was removed or put in before it."
            )
    tree.extend_hashes(hashes)
    return entries


def fetch_tile(source: Source, ref: TileRef) -> bytes:
    """Fetch one tile of hashes; raise RecordError where it is missing or has another width."""
    raw, width = _fetch(source, ref)
    if len(raw) != width * HASH_SIZE:
        raise RecordError(f"The file {ref.path} has {len(raw)} bytes instead of {width * HASH_SIZE}.")
    return raw[: ref.width * HASH_SIZE]


def _fetch(source: Source, ref: TileRef) -> tuple[bytes, int]:
    """Fetch a file at its width, or its full successor where the log has grown and dropped the partial one."""
    full = ref._replace(width=TILE_WIDTH)
    attempts: list[TileRef] = [ref] if ref == full else [ref, full]
    return _first(source.get, attempts)


def _first(get: Callable[[str], bytes], attempts: Sequence[TileRef]) -> tuple[bytes, int]:
    for ref in attempts:
        try:
            return get(ref.path), ref.width
        except MissingError:
            continue
    raise RecordError(f"The file {attempts[0].path} is missing, although the signed head needs it.")
