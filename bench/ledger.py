"""Append, proof and verify against the same work in bare hashlib (goals: 1.5 times the floor, 0.5 ms, 15 µs)."""

import hashlib
import time

from alongside.core.ledger.tree import Tree
from alongside.core.ledger.hashing import leaf_hash
from alongside.core.ledger.verify import verify_inclusion

SIZE = 1_000_000
BATCH = 100_000
LEAF = bytes(200)


def clock(act, times: int = 1) -> float:
    """Give the seconds of CPU that one call takes."""
    start = time.process_time()
    for _ in range(times):
        act()
    return (time.process_time() - start) / times


def floor() -> None:
    """Hash the same leaves and the same inner nodes with nothing around them."""
    sha = hashlib.sha256
    row = [sha(b"\0" + LEAF).digest() for _ in range(BATCH)]
    while len(row) > 1:
        row = [sha(b"\1" + row[at] + row[at + 1]).digest() for at in range(0, len(row) - 1, 2)]


def ours() -> None:
    """Append the same leaves to a tree and ask for its root."""
    tree = Tree()
    tree.extend(LEAF for _ in range(BATCH))
    tree.root(BATCH)


def main() -> None:
    """Print three ratios."""
    bare = min(clock(floor) for _ in range(3))
    mine = min(clock(ours) for _ in range(3))
    print(
        f"append {BATCH:,} entries and the root: {mine:.3f} s, {mine / bare:.2f} times bare hashlib (goal 1.5)"
    )
    tree = Tree()
    tree.extend(index.to_bytes(4) for index in range(SIZE))
    root = tree.root(SIZE)
    at = 654_321
    path = tree.inclusion(at, SIZE)
    made = clock(lambda: tree.inclusion(at, SIZE), 200)
    print(f"a proof at {SIZE:,} entries: {made * 1000:.3f} ms (goal 0.5)")
    leaf = leaf_hash(at.to_bytes(4))
    checked = clock(lambda: verify_inclusion(at, SIZE, leaf, path, root), 5_000)
    steps = clock(lambda: [hashlib.sha256(b"\1" + root + root).digest() for _ in path], 5_000)
    print(
        f"verify a proof: {checked * 1e6:.1f} µs, {checked / steps:.2f} times its {len(path)} hashes (goal 15 µs)"
    )


if __name__ == "__main__":
    main()
