"""The log agrees with other people's: merkle test cases, Certificate Transparency, Tessera, C2SP."""

import json
import re
from base64 import b64decode

import pytest

from alongside.core.ledger.checkpoint import open_checkpoint
from alongside.core.ledger.hashing import EMPTY_ROOT, LedgerError, leaf_hash, node_hash
from alongside.core.ledger.keys import VerifierKey, parse_vkey
from alongside.core.ledger.nodes import consistency_proof, root_from
from alongside.core.ledger.note import open_note
from alongside.core.ledger.reader import TileReader
from alongside.core.ledger.tiles import TileRef, decode_bundle, tiles_of
from alongside.core.ledger.tree import Tree
from alongside.core.ledger.verify import verify_consistency, verify_inclusion
from tests.core.ledger_vectors import vectors


def cases(kind):
    for file in sorted(vectors(f"merkle/testdata/{kind}").rglob("*.json")):
        case = json.loads(file.read_text())
        yield {
            k: b64decode(v) if k in {"root", "root1", "root2", "leafHash"} and v else v
            for k, v in case.items()
        }


def refuses(check, *arguments):
    try:
        check(*arguments)
    except LedgerError:
        return True
    return False


def proof_of(case):
    return [b64decode(step) for step in case["proof"] or []]


def test_every_inclusion_case_is_judged_as_its_authors_judge_it():
    judged = [
        refuses(
            verify_inclusion, c["leafIdx"], c["treeSize"], c["leafHash"] or b"", proof_of(c), c["root"] or b""
        )
        == c["wantErr"]
        for c in cases("inclusion")
    ]
    assert judged == [True] * 98


def test_every_consistency_case_is_judged_as_its_authors_judge_it():
    judged = [
        refuses(verify_consistency, c["size1"], c["size2"], proof_of(c), c["root1"] or b"", c["root2"] or b"")
        == c["wantErr"]
        for c in cases("consistency")
    ]
    assert judged == [True] * 98


def test_hashes_are_those_of_rfc_6962():
    source = vectors("merkle/rfc6962/rfc6962_test.go").read_text()
    empty, empty_leaf, leaf, node = re.findall(r'want: "([0-9a-f]{64})"', source)
    made = [EMPTY_ROOT, leaf_hash(b""), leaf_hash(b"L123456"), node_hash(b"N123", b"N456")]
    assert [one.hex() for one in made] == [empty, empty_leaf, leaf, node]


CT_LEAVES = [
    b"",
    b"\0",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    bytes(range(0x50, 0x58)),
    bytes(range(0x60, 0x70)),
]
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_roots_are_those_of_certificate_transparency():
    tree = Tree(CT_LEAVES)
    assert [tree.root(size).hex() for size in range(1, 9)] == CT_ROOTS


TESSERA_KEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"


def test_a_log_written_by_tessera_is_accepted_at_every_size():
    log = vectors("tessera/testdata/log")
    key = parse_vkey(TESSERA_KEY)
    heads = [open_checkpoint((log / f"checkpoint.{size}").read_bytes(), [key])[0] for size in range(16)]
    tree = Tree(decode_bundle((log / "tile/entries/000.p/15").read_bytes(), 15))
    assert [(head.size, head.root) for head in heads] == [(size, tree.root(size)) for size in range(16)]
    for head in heads:
        reader = TileReader(head.size, lambda *ref: (log / TileRef(*ref).path).read_bytes())
        assert root_from(reader.read, head.size) == head.root
        assert [(log / ref.path).read_bytes() for ref in tiles_of(head.size)] == [
            tree.tile(*ref) for ref in tiles_of(head.size)
        ]
        for old in heads[1 : head.size]:
            verify_consistency(
                old.size, head.size, consistency_proof(old.size, head.size, reader.read), old.root, head.root
            )


def fenced(name, start):
    text = vectors(f"c2sp/{name}").read_text()
    return next(block for block in re.findall(r"```\n(.*?)```", text, re.S) if block.startswith(start))


def test_the_note_in_the_specification_is_accepted():
    key = parse_vkey("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    assert (
        open_note(fenced("signed-note.md", "This is an example"), [key]).text
        == "This is an example message.\n"
    )


def test_the_checkpoint_in_the_specification_can_be_read_and_is_not_trusted_without_its_key():
    note = fenced("tlog-cosignature.md", "example.com/behind")
    stranger = VerifierKey("example.com/behind-the-sofa", 1, bytes(32))
    with pytest.raises(LedgerError) as refusal:
        open_checkpoint(note, [stranger])
    assert str(refusal.value) == "No key that you trust has signed this note."
