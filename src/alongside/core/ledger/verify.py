"""Check proofs against roots; a proof that does not hold is refused with what is wrong."""

from collections.abc import Sequence
from hashlib import sha256

from alongside.core.ledger.hashing import HASH_SIZE, MAX_SIZE, LedgerError


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Refuse unless `proof` leads from the leaf hash at `index` to the root of `size` entries (RFC 6962, 2.1.1).

    `leaf`, `root` and every step of the proof are 32-byte hashes; the steps run from the leaf up.
    """
    if not 0 <= index < size < MAX_SIZE:
        raise LedgerError(f"A tree of {size} entries has no entry {index}.")
    split = (index ^ (size - 1)).bit_length()
    steps = split + (index >> split).bit_count()
    if len(proof) != steps:
        raise LedgerError(f"The proof has {len(proof)} steps; entry {index} of {size} takes {steps}.")
    if len(leaf) != HASH_SIZE or not {HASH_SIZE}.issuperset(map(len, proof)):
        raise LedgerError("A step of the proof is not a hash of 32 bytes.")
    node, left = leaf, index
    for step in proof[:split]:
        node = sha256(b"\1" + step + node if left & 1 else b"\1" + node + step).digest()
        left >>= 1
    for step in proof[split:]:
        node = sha256(b"\1" + step + node).digest()
    if node != root:
        raise LedgerError(f"The proof of entry {index} does not lead to the root of {size} entries.")


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Refuse unless `proof` shows that the tree of `new` entries begins with the tree of `old` (RFC 6962, 2.1.2).

    An old size of 0 is refused here, because such a check would say nothing about the new root; whoever keeps
    a last seen head (a witness, the verifier) treats "nothing seen yet" by itself. See `witness.check_growth`.
    """
    if not 0 < old <= new < MAX_SIZE:
        raise LedgerError(f"A tree of {old} entries cannot grow into one of {new}.")
    if old == new:
        if proof:
            raise LedgerError(
                f"Two heads of {old} entries need no proof, but this one has {len(proof)} steps."
            )
        if old_root != new_root:
            raise LedgerError(f"Two heads of {old} entries have different roots.")
        return
    if len(old_root) != HASH_SIZE or not {HASH_SIZE}.issuperset(map(len, proof)):
        raise LedgerError("A step of the proof is not a hash of 32 bytes.")
    height = (old & -old).bit_length() - 1
    index, last = (old - 1) >> height, (new - 1) >> height
    # A complete old tree is the start of the proof by itself and is not repeated in it.
    chain = proof if index else [old_root, *proof]
    split = (index ^ last).bit_length()
    steps = 1 + split + (index >> split).bit_count()
    if len(chain) != steps:
        raise LedgerError(
            f"The proof has {len(proof)} steps; growth from {old} to {new} entries takes another number."
        )
    before, after = _climb(chain, index, split)
    if before != old_root:
        raise LedgerError(f"The proof does not lead to the earlier root of {old} entries.")
    if after != new_root:
        raise LedgerError(f"The proof does not lead to the root of {new} entries.")


def _climb(chain: Sequence[bytes], index: int, split: int) -> tuple[bytes, bytes]:
    """Rebuild the earlier and the later root from the steps of a consistency proof."""
    before = after = chain[0]
    for step in chain[1 : split + 1]:
        if index & 1:
            before = sha256(b"\1" + step + before).digest()
            after = sha256(b"\1" + step + after).digest()
        else:
            after = sha256(b"\1" + after + step).digest()
        index >>= 1
    for step in chain[split + 1 :]:
        before = sha256(b"\1" + step + before).digest()
        after = sha256(b"\1" + step + after).digest()
    return before, after
