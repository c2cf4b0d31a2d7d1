"""Check proof files offline: an entry, the way to the root, the signed head; the words of such entries, or one row of a register."""

from collections.abc import Sequence
from pathlib import Path

from alongside.check.log import WHOLE, RecordError
from alongside.check.source import SourceError
from alongside.check.state import State
from alongside.check.texts import read_words
from alongside.check.trust import standing
from alongside.core.entries import Entry
from alongside.core.grammar.check import parse
from alongside.core.ledger.checkpoint import Checkpoint
from alongside.core.ledger.hashing import leaf_hash
from alongside.core.ledger.keys import parse_vkey, to_base64
from alongside.core.ledger.policy import Policy
from alongside.core.ledger.proof import parse_proof, verify_proof
from alongside.core.registers.proving import RowProof, is_row_proof

#: What no proof shows, where nobody is named who had to see its head.
UNSEEN = f"A proof holds no rules: who outside had to see its head was not looked at. Name them with --policy, or check the whole public log: {WHOLE}"


def verify_proof_file(
    file: Path,
    *,
    vkey: str | None,
    entry: Path | None = None,
    texts: Path | None = None,
    policy: Policy | None = None,
    state: State,
) -> str:
    """Say what a proof file proves, and whether words fit it. The entry is in a file of its own, or carried in the proof file."""
    if is_row_proof(content := _read(file)):
        if texts:
            raise SourceError("The proof of a row holds its words; leave out --texts.")
        return _row(RowProof.read(content), vkey, policy, state)
    head, said = _proved(content, vkey, _read(entry) if entry else None, policy, state)
    quorum = " and by enough witnesses for your policy" if policy else ""
    lines = [
        f"This is entry {said.index} of the public log {head.origin}: {said.kind}, dated {said.date}.",
        f"It is among the {head.size} entries whose head is signed by that log{quorum}.",
        "" if policy else UNSEEN,
        _words(said, texts),
        f"Whether the entry keeps the rules is another check, of the whole public log: {WHOLE}",
    ]
    return "\n".join(filter(None, lines))


def _words(said: Entry, texts: Path | None) -> str:
    """Say how the words of an entry fit, or that nobody compared them."""
    if not said.texts:
        return ""
    if texts is None:
        return "Its words were not compared with it; name their file with --texts."
    return _fitting(texts, [said])


def verify_proof_files(
    files: Sequence[Path],
    *,
    vkey: str | None,
    texts: Path | None = None,
    policy: Policy | None = None,
    state: State,
) -> str:
    """Say what many proof files of one log prove together, and which public words belong to their entries."""
    read = [_read(one) for one in files]
    if any(map(is_row_proof, read)):
        raise SourceError("The proof of a row is checked by itself; name one such file.")
    proved = [_proved(one, vkey, None, policy, state) for one in read]
    if len({head.origin for head, _said in proved}) > 1:
        raise RecordError("These proofs are of different public logs; check the files of each by themselves.")
    _refuse_forks(proved)
    heads = sorted({(head.size, to_base64(head.root)) for head, _said in proved})
    origin = proved[0][0].origin
    lines = [f"Entry {said.index}: {said.kind}, dated {said.date}." for _head, said in proved]
    if len(heads) == 1:
        lines.append(
            f"All {len(proved)} entries are in the public log {origin}, of {heads[0][0]} entries, whose head is signed by its log. "
            f"Compare its root with what others see: {heads[0][1]}"
        )
    else:
        lines = [
            f"{line} Under the head of {head.size} entries with the root {to_base64(head.root)}"
            for line, (head, _said) in zip(lines, proved, strict=True)
        ]
        lines.append(
            f"These proofs stand under {len(heads)} heads of the public log {origin}, each signed by its log. That these heads are of "
            f"one history is not shown: download all proofs again on one day, or check the whole public log: {WHOLE}"
        )
    if policy is None:
        lines.append(UNSEEN)
    if texts:
        lines.append(_fitting(texts, [said for _head, said in proved]))
    return "\n".join(lines)


def _refuse_forks(proved: Sequence[tuple[Checkpoint, Entry]]) -> None:
    """Refuse proofs that cannot be of one history: two roots over as many entries, or two entries with one number."""
    roots: dict[int, bytes] = {}
    entries: dict[int, Entry] = {}
    for head, said in proved:
        if roots.setdefault(head.size, head.root) != head.root:
            found = f"two heads of {head.size} entries with two roots"
        elif entries.setdefault(said.index, said) != said:
            found = f"two entries with the number {said.index}"
        else:
            continue
        raise RecordError(
            f"The log {head.origin} signed {found}: it was rewritten or forked. Keep these files; they show it."
        )


def _row(row: RowProof, vkey: str | None, policy: Policy | None, state: State) -> str:
    """Check a row against its entry, and the entry against the record."""
    head, said = _proved(row.proof.encode(), vkey, None, policy, state)
    row.check(said)
    return (
        f"This row ({row.key!r}) is one of the {said.data['listed']} rows of the register {said.data.get('register')} under the "
        f"root in entry {said.index} of the public log {head.origin}, dated {said.date}: its {len(row.cells)} cells "
        "are as they came in with that import. A later import may have changed or ended the row; its page says what stands "
        f"today. The entry is among the {head.size} whose head is signed by that log."
    ) + ("" if policy else f" {UNSEEN}")


def _proved(
    content: bytes, vkey: str | None, entry: bytes | None, policy: Policy | None, state: State
) -> tuple[Checkpoint, Entry]:
    if not vkey and not (policy and policy.logs):
        raise SourceError(
            "A proof is worth as much as the key it is checked with; name the log's key with --vkey."
        )
    proof = parse_proof(content)
    raw = proof.extra if entry is None else entry
    if raw is None:
        raise SourceError("The proof file does not carry its entry; name the file of the entry with --entry.")
    keys = standing([parse_vkey(vkey.strip())] if vkey else policy.logs if policy else [], state)
    head = verify_proof(proof, leaf_hash(raw), keys, policy)
    return head, parse(proof.index, raw)


def _fitting(texts: Path, said: Sequence[Entry]) -> str:
    """Compare words with the hashes that the entries hold, and name the entries whose words are not given."""
    given = read_words(str(texts), _read(texts), said)
    named = {text["sha256"]: one.index for one in said for text in one.texts.values()}
    if set(given) - set(named):
        raise RecordError(f"{texts} holds words that none of these entries names.")
    lacking = sorted({index for sha256, index in named.items() if sha256 not in given})
    if not lacking:
        return f"All {len(named)} texts of these entries fit their hashes."
    numbers = ", ".join(str(one) for one in lacking)
    return f"{len(given)} of {len(named)} texts fit their hashes. Not given are texts of entries {numbers}."


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise SourceError(f"{file} cannot be read ({error.strerror}).") from None
