"""What the record holds of a register: a root over its rows, each under a salt of its own."""

from collections.abc import Iterable, Mapping

from alongside.core.canonical import canonical
from alongside.core.ledger.hashing import EMPTY_ROOT, LedgerError, leaf_hash, node_hash
from alongside.core.ledger.nodes import inclusion_proof
from alongside.core.ledger.reader import TileReader
from alongside.core.ledger.tiles import FetchTile, TileRef, grow


def leaf_of(key: str, cells: Mapping[str, str], salt: bytes) -> bytes:
    """Hash a row under its salt (16 bytes), as RFC 6962 hashes a leaf: its key and its cells as canonical JSON."""
    return leaf_hash(salt + canonical({"key": key, "cells": dict(cells)}))


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Give the RFC 6962 root over leaf hashes in the order of their bytes, so that the set alone decides it."""
    level = sorted(leaves)
    if not level:
        return EMPTY_ROOT
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        pairs = zip(level[0::2], level[1::2], strict=False)
        level = [node_hash(left, right) for left, right in pairs] + odd
    return level[0]


def tiles_over(leaves: Iterable[bytes]) -> dict[TileRef, bytes]:
    """Give the tiles (c2sp.org/tlog-tiles) over leaf hashes in the order of their bytes, from which ways to the root are read."""
    return grow(0, sorted(leaves), _none)


def _none(level: int, n: int, _width: int) -> bytes:
    raise LedgerError(f"A tree that is made whole has no tile {n} of level {level} before it.")


def way_of(place: int, size: int, fetch: FetchTile) -> list[bytes]:
    """Give the hashes that lead from the leaf at a place to the root over so many, lowest first."""
    return inclusion_proof(place, size, TileReader(size, fetch).read)
