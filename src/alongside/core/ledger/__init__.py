"""A log anyone can check: RFC 6962 trees in the C2SP formats (tiles, notes, checkpoints, proofs, policies).

Nothing here reads files, the network or the clock. What is wrong is told as a LedgerError.
"""

from alongside.core.ledger.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from alongside.core.ledger.hashing import EMPTY_ROOT, HASH_SIZE, MAX_SIZE, LedgerError, leaf_hash, node_hash
from alongside.core.ledger.keys import (
    KeyFormatError,
    KeyKind,
    Signer,
    VerifierKey,
    parse_secret,
    parse_vkey,
    to_base64,
)
from alongside.core.ledger.nodes import RangeError, Read, consistency_proof, inclusion_proof, root_from
from alongside.core.ledger.note import Note, NoteError, Signature, open_note, sign_note, signature_line
from alongside.core.ledger.policy import Policy, PolicyError, parse_policy
from alongside.core.ledger.proof import ProofFile, parse_proof, verify_proof
from alongside.core.ledger.reader import TileReader
from alongside.core.ledger.tiles import (
    MAX_ENTRY,
    TILE_WIDTH,
    FetchTile,
    TileError,
    TileRef,
    bundles_of,
    decode_bundle,
    encode_bundle,
    grow,
    hash_tile,
    parse_tile_path,
    tiles_of,
)
from alongside.core.ledger.tree import Tree
from alongside.core.ledger.verify import ProofError, verify_consistency, verify_inclusion
from alongside.core.ledger.witness import check_growth, cosign, format_request, parse_request

__all__ = [
    "EMPTY_ROOT",
    "HASH_SIZE",
    "MAX_ENTRY",
    "MAX_SIZE",
    "TILE_WIDTH",
    "Checkpoint",
    "FetchTile",
    "KeyFormatError",
    "KeyKind",
    "LedgerError",
    "Note",
    "NoteError",
    "Policy",
    "PolicyError",
    "ProofError",
    "ProofFile",
    "RangeError",
    "Read",
    "Signature",
    "Signer",
    "TileError",
    "TileReader",
    "TileRef",
    "Tree",
    "VerifierKey",
    "bundles_of",
    "check_growth",
    "consistency_proof",
    "cosign",
    "decode_bundle",
    "encode_bundle",
    "format_request",
    "grow",
    "hash_tile",
    "inclusion_proof",
    "leaf_hash",
    "node_hash",
    "open_checkpoint",
    "open_note",
    "parse_checkpoint",
    "parse_policy",
    "parse_proof",
    "parse_request",
    "parse_secret",
    "parse_tile_path",
    "parse_vkey",
    "root_from",
    "sign_note",
    "signature_line",
    "tiles_of",
    "to_base64",
    "verify_consistency",
    "verify_inclusion",
    "verify_proof",
]
