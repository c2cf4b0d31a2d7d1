"""Check a proof file offline: one entry, the way to the root, the signed head."""

from pathlib import Path

from alongside.check.log import RecordError
from alongside.check.source import SourceError
from alongside.core.grammar import parse
from alongside.core.ledger import Policy, leaf_hash, parse_proof, parse_vkey, verify_proof


def verify_proof_file(
    file: Path, *, vkey: str | None, entry: Path | None = None, policy: Policy | None = None
) -> str:
    """Say what a proof file proves. The entry is in a file of its own, or carried in the proof file."""
    if not vkey and not (policy and policy.logs):
        raise RecordError(
            "A proof is worth as much as the key it is checked with; name the log's key with --vkey."
        )
    proof = parse_proof(_read(file))
    raw = _read(entry) if entry else proof.extra
    if raw is None:
        raise RecordError("The proof file does not carry its entry; name the file of the entry with --entry.")
    keys = [parse_vkey(vkey.strip())] if vkey else []
    head = verify_proof(proof, leaf_hash(raw), keys, policy)
    said = parse(proof.index, raw)
    quorum = " and by enough witnesses for your policy" if policy else ""
    return (
        f"This is entry {proof.index} of the record {head.origin}: {said.kind}, dated {said.date}. "
        f"It is in the record of {head.size} entries whose head is signed by its log{quorum}. "
        "Whether the entry keeps the rules of the record is checked with: verify record."
    )


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise SourceError(f"{file} cannot be read ({error.strerror}).") from None
