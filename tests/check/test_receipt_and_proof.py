"""A receipt is looked for without being told to anyone, and a proof file stands on its own."""

import base64
import hashlib
import json

import pytest

from alongside.core.canonical import canonical
from alongside.core.ledger.checkpoint import Checkpoint
from alongside.core.ledger.proof import ProofFile
from alongside.core.ledger.tree import Tree
from alongside.core.sealing import receipt
from tests.check.records import ANA, CODE, SIGNER, small

SEARCHED = (
    " {} entries of the record record.example/river-city were searched for it here; its head is signed with the key "
    "that this address itself gives out. Whether they keep the rules is another check: verify record. This does not show "
    "that what is written is true, nor that everyone is shown the same record. Compare these two with what others see, the "
    "number of entries and the root over them: {} {}"
)


COMPARE = "If you spoke in another engagement, it was put in the wrong one: tell the leads and a witness of the record."


def searched(size):
    """Give what is said of a search of the small record, or of its first entries."""
    raw = small().raw()[:size]
    return SEARCHED.format(size, size, base64.b64encode(Tree(raw).root()).decode())


@pytest.fixture
def look(verify, tmp_path):
    def run(record, typed=CODE):
        return verify("receipt", "--at", record.write(tmp_path / "record"), typed=typed + "\n")

    return run


def test_a_receipt_is_found_where_it_was_published_and_opened(look):
    assert look(small()) == (
        0,
        "This voice was published in entry 12 on 2026-02-01, in the engagement “meters”, and opened by the leads in entry 13 "
        f"on 2026-02-03, in the engagement “meters”. {COMPARE}" + searched(17),
        "",
    )


def test_a_receipt_may_be_published_and_not_yet_opened(look):
    record = small()
    del record.entries[13:]
    assert look(record) == (
        0,
        "This voice was published in entry 12 on 2026-02-01, in the engagement “meters”. "
        f"The leads have not signed yet that they opened it. {COMPARE}" + searched(13),
        "",
    )


def test_a_receipt_that_is_not_on_the_record_yet_is_promised(look):
    other = receipt.grouped(b"\x07" * 12)
    assert look(small(), other) == (
        0,
        "This receipt is not on the record yet. It is written right, and a voice that was taken in is promised: voices "
        "go on the record in groups, so that nobody can tell whose is whose, and the rest when the engagement closes. "
        "Where fewer people spoke than a group needs, no voice is listed, and the record says only that."
        + searched(17),
        "",
    )


def test_a_receipt_is_promised_nothing_once_every_engagement_has_ended(look):
    record = small()
    ended = {"voices": {"low": 3, "high": 3}, "withdrawn": "fewer"}
    record.add("voices.closed", "2027-06-02", ["clock"], ended, {"engagement": [11]})
    code, said, _ = look(record, receipt.grouped(b"\x07" * 12))
    assert code == 0
    assert said.startswith("This receipt is not on the record, and no engagement on it takes voices any more")


def test_a_receipt_that_was_published_under_another_engagement_names_that_one(look):
    record = small()
    record.entries[11]["data"]["engagement"] = "parks"
    assert "in the engagement “parks”" in look(record)[1]


def test_a_wrong_digit_is_told_before_anything_is_fetched(verify, serve, tmp_path):
    address, asked = serve(small().write(tmp_path / "record"))
    wrong = CODE[:-1] + str((int(CODE[-1]) + 1) % 10)
    assert verify("receipt", "--at", address, typed=wrong + "\n") == (
        2,
        "",
        "This could not be checked. One of the digits is different from your receipt; compare them, group by group.",
    )
    assert asked == []


def test_the_code_and_its_mark_never_leave_the_process(verify, serve, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    address, asked = serve(small().write(tmp_path / "record"))
    code, out, err = verify("receipt", "--at", address, typed=CODE + "\n")
    assert code == 0
    assert sorted(line.split()[1] for line in asked) == [
        "/checkpoint",
        "/tile/0/000.p/17",
        "/tile/entries/000.p/17",
        "/vkey",
    ]
    secret = bytes(range(12))
    for one in (
        CODE,
        CODE.replace(" ", ""),
        receipt.seal_mark(receipt.read_secret(secret)).hex(),
        secret.hex(),
    ):
        assert [one in text for text in (out, err, *asked)] == [False] * (2 + len(asked))
    assert not (tmp_path / "home").exists()
    usual = tmp_path / "home/.local/state/alongside/seen.json"
    usual.parent.mkdir(parents=True)
    usual.write_text("not looked at either")
    assert verify("receipt", "--at", address, typed=CODE + "\n") == (code, out, err)


def test_a_code_on_the_line_is_not_taken(verify, tmp_path):
    folder = small().write(tmp_path / "record")
    assert verify("receipt", CODE.replace(" ", ""), "--at", folder)[0] == 2


def test_a_receipt_is_not_looked_for_in_a_record_that_was_touched(verify, tmp_path):
    folder = small().write(tmp_path / "record")
    bundle = folder / "tile/entries/000.p/17"
    bundle.write_bytes(bundle.read_bytes().replace(b"voices.opened", b"voices.closed"))
    assert verify("receipt", "--at", folder, typed=CODE)[0] == 1


def test_a_receipt_is_refused_in_a_fork_of_what_was_seen(verify, tmp_path):
    folder, state = small().write(tmp_path / "record"), tmp_path / "seen.json"
    assert verify("record", folder, "--state", state)[0] == 0
    fork = small()
    del fork.entries[13:]
    fork.write(folder)
    code, _, said = verify("receipt", "--at", folder, "--state", state, typed=CODE)
    assert (code, said.startswith("This does not hold. The record has shrunk: it held 17 entries")) == (
        1,
        True,
    )


@pytest.fixture
def proof(tmp_path):
    raw = small().raw()
    tree = Tree(raw)
    note = Checkpoint(SIGNER.name, tree.size, tree.root()).sign(SIGNER)

    def write(index=14, extra=raw[14]):
        file = tmp_path / "finding.tlog-proof"
        file.write_text(ProofFile(index, tuple(tree.inclusion(index)), note, extra).text)
        return file

    return write


PROVEN = (
    "This is entry 14 of the record record.example/river-city: finding.published, dated 2026-02-10. "
    "It is in the record of 17 entries whose head is signed by its log. "
    "Its words were not compared with it; name their file with --texts. "
    "Whether the entry keeps the rules of the record is checked with: verify record."
)


def test_a_proof_file_that_carries_its_entry_stands_on_its_own(verify, proof):
    assert verify("proof", proof(), "--vkey", SIGNER.verifier.vkey) == (0, PROVEN, "")


def test_words_beside_a_proof_are_compared_with_the_entry(verify, proof, tmp_path):
    words = tmp_path / "14.texts.json"
    rows = small().words.rows[14]
    words.write_text(json.dumps(rows))
    code, said, _ = verify("proof", proof(), "--texts", words, "--vkey", SIGNER.verifier.vkey)
    assert (code, "All 1 texts of these entries fit their hashes." in said) == (0, True)
    words.write_text(json.dumps([rows[0] | {"text": "People want nothing."}]))
    code, _, wrong = verify("proof", proof(), "--texts", words, "--vkey", SIGNER.verifier.vkey)
    assert (code, "they were changed" in wrong) == (1, True)
    salt = bytes(16)
    made = hashlib.sha256(salt + b"People want nothing.").hexdigest()
    words.write_text(json.dumps([{"sha256": made, "salt": salt.hex(), "text": "People want nothing."}]))
    code, _, wrong = verify("proof", proof(), "--texts", words, "--vkey", SIGNER.verifier.vkey)
    assert (code, "holds words that none of these entries names" in wrong) == (1, True)


def test_an_entry_may_come_in_a_file_of_its_own_and_another_one_is_refused(verify, proof, tmp_path):
    entry = tmp_path / "entry.json"
    entry.write_bytes(small().raw()[14])
    assert verify("proof", proof(extra=None), "--entry", entry, "--vkey", SIGNER.verifier.vkey) == (
        0,
        PROVEN,
        "",
    )
    value = small().entries[14]
    value["by"] = [ANA, "seat-bbbbbbbb"]
    entry.write_bytes(canonical(value))
    assert verify("proof", proof(), "--entry", entry, "--vkey", SIGNER.verifier.vkey) == (
        1,
        "",
        "This does not hold. The proof of entry 14 does not lead to the root of 17 entries.",
    )


def test_a_proof_needs_a_key_and_its_entry(verify, proof):
    assert verify("proof", proof()) == (
        1,
        "",
        "This does not hold. A proof is worth as much as the key it is checked with; name the log's key with --vkey.",
    )
    assert verify("proof", proof(extra=None), "--vkey", SIGNER.verifier.vkey) == (
        1,
        "",
        "This does not hold. The proof file does not carry its entry; name the file of the entry with --entry.",
    )


def test_a_proof_file_with_a_policy_needs_its_witnesses(verify, proof, tmp_path):
    policy = tmp_path / "policy"
    policy.write_text(f"log {SIGNER.verifier.vkey}\nquorum none\n")
    code, said, _ = verify("proof", proof(), "--policy", policy)
    assert (code, said.count("and by enough witnesses for your policy")) == (0, 1)
