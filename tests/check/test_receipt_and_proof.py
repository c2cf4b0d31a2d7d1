"""A receipt is looked for without being told to anyone, and a proof file stands on its own."""

import base64
import hashlib
import json

import pytest

from alongside.core.canonical import canonical
from alongside.core.ledger.checkpoint import Checkpoint
from alongside.core.ledger.keys import KeyKind, Signer, to_base64
from alongside.core.ledger.proof import ProofFile
from alongside.core.ledger.tree import Tree
from alongside.core.registers.proving import RowProof
from alongside.core.registers.roots import leaf_of, root_of
from alongside.core.sealing import receipt
from tests.check.records import ANA, CODE, HEX, MARK, PACK, SIGNER, small

SEARCHED = (
    " {} entries of the public log record.example/river-city were searched for it here; its head is signed with the key "
    "that this address itself gives out. Whether they keep the rules is another check: python3 alongside-verify.pyz record ADDRESS. This does not show "
    "that what is written is true, nor that everyone is shown the same record. Compare these two with what others see, the "
    "number of entries and the root over them: {} {}"
)


COMPARE = "If you spoke in another engagement, it was put in the wrong one: tell the leads and a witness of the log."


COPY = " This is a copy, which may be behind: its last entry is of {}, and what came later cannot be told from it."


def searched(size):
    """Give what is said of a search of a copy of the small record, or of its first entries."""
    raw = small().raw()[:size]
    return COPY.format(small().entries[size - 1]["date"]) + SEARCHED.format(
        size, size, base64.b64encode(Tree(raw).root()).decode()
    )


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
        "This receipt is not on the public log yet. It is written right, and a voice that was taken in is promised: voices "
        "go on the public log in groups, so that nobody can tell whose is whose, and the rest when the engagement closes. "
        "Where fewer people spoke than a group needs, no voice is listed, and the public log says only that."
        + searched(17),
        "",
    )


def ended():
    """Give the small record, whose one engagement takes no voices any more."""
    record = small()
    low = {"voices": {"low": 3, "high": 3}, "withdrawn": "fewer"}
    record.add("voices.closed", "2027-06-02", ["clock"], low, {"engagement": [11]})
    return record


NO_MORE = (
    "This receipt is not on the public log, and no engagement that its entries tell of, the last of 2027-06-02, takes voices "
    "any more. If you spoke in one that opened since, look again later. If not, it will not come: either the voice"
)


def test_a_receipt_is_promised_nothing_once_every_engagement_has_ended(verify, serve, tmp_path):
    folder = ended().write(tmp_path / "record")
    for where in (folder, serve(folder)[0]):
        code, said, _ = verify("receipt", "--at", where, typed=receipt.grouped(b"\x07" * 12))
        assert (code, said.startswith(NO_MORE)) == (0, True)
        assert (COPY.format("2027-06-02") in said) == (where == folder)


@pytest.mark.parametrize("marks", [5, None, {"a": 1}])
def test_a_receipt_is_looked_for_in_entries_that_nobody_judged(look, marks):
    record = small()
    record.entries[13]["data"] = {"marks": marks, "beside": MARK}
    code, said, _ = look(record)
    assert (code, "published in entry 12" in said) == (0, True)


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
        f"/rules/{PACK}.json",
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
    assert (
        verify("record", address)[0] == 0
    )  # from then on the key is known, and looked at, and nothing is written
    before = (usual.read_bytes(), usual.stat().st_mtime_ns)
    assert verify("receipt", "--at", address, typed=CODE + "\n")[0] == 0
    assert (usual.read_bytes(), usual.stat().st_mtime_ns) == before


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


UNSEEN = (
    "A proof holds no rules: who outside had to see its head was not looked at. "
    "Name them with --policy, or check the whole public log: python3 alongside-verify.pyz record ADDRESS"
)
PROVEN = (
    "This is entry 14 of the public log record.example/river-city: finding.published, dated 2026-02-10.\n"
    "It is among the 17 entries whose head is signed by that log.\n"
    f"{UNSEEN}\n"
    "Its words were not compared with it; name their file with --texts.\n"
    "Whether the entry keeps the rules is another check, of the whole public log: python3 alongside-verify.pyz record ADDRESS"
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
        2,
        "",
        "This could not be checked. A proof is worth as much as the key it is checked with; name the log's key with --vkey.",
    )
    assert verify("proof", proof(extra=None), "--vkey", SIGNER.verifier.vkey) == (
        2,
        "",
        "This could not be checked. The proof file does not carry its entry; name the file of the entry with --entry.",
    )


def test_a_proof_file_with_a_policy_needs_its_witnesses(verify, proof, tmp_path):
    policy = tmp_path / "policy"
    policy.write_text(f"log {SIGNER.verifier.vkey}\nquorum none\n")
    code, said, _ = verify("proof", proof(), "--policy", policy)
    assert (code, said.count("and by enough witnesses for your policy"), UNSEEN in said) == (0, 1, False)
    other = Signer(SIGNER.name, KeyKind.ED25519, b"z" * 32).verifier.vkey
    assert verify("proof", proof(), "--policy", policy, "--vkey", other)[0] == 1


def proof_of(record, index, file):
    """Write the proof of an entry under the head over a whole record."""
    raw = record.raw()
    tree = Tree(raw)
    note = Checkpoint(SIGNER.name, tree.size, tree.root()).sign(SIGNER)
    file.write_text(ProofFile(index, tuple(tree.inclusion(index)), note, raw[index]).text)
    return file


def forked():
    """The same record with another ask in entry 15."""
    record = small()
    record.entries[15]["data"]["answer_due"] = "2026-04-13"
    return record


def longer(record):
    record.add("seat.left", "2026-03-02", [ANA], {"seat": ANA})
    return record


def test_several_proofs_under_one_head_are_said_to_be_in_one_record_with_its_root(verify, tmp_path):
    files = [proof_of(small(), index, tmp_path / f"{index}.tlog-proof") for index in (14, 15)]
    root = to_base64(Tree(small().raw()).root())
    assert verify("proof", *files, "--vkey", SIGNER.verifier.vkey) == (
        0,
        "Entry 14: finding.published, dated 2026-02-10.\nEntry 15: ask.recommended, dated 2026-02-11.\n"
        "All 2 entries are in the public log record.example/river-city, of 17 entries, whose head is signed by its log. "
        f"Compare its root with what others see: {root}\n{UNSEEN}",
        "",
    )


def test_proofs_under_several_heads_are_told_with_their_heads_and_not_said_to_be_one_record(verify, tmp_path):
    other = longer(small())
    files = [proof_of(small(), 14, tmp_path / "a"), proof_of(other, 15, tmp_path / "b")]
    roots = [to_base64(Tree(one.raw()).root()) for one in (small(), other)]
    assert verify("proof", *files, "--vkey", SIGNER.verifier.vkey) == (
        0,
        f"Entry 14: finding.published, dated 2026-02-10. Under the head of 17 entries with the root {roots[0]}\n"
        f"Entry 15: ask.recommended, dated 2026-02-11. Under the head of 18 entries with the root {roots[1]}\n"
        "These proofs stand under 2 heads of the public log record.example/river-city, each signed by its log. That these heads "
        "are of one history is not shown: download all proofs again on one day, or check the whole public log: python3 alongside-verify.pyz record ADDRESS\n"
        f"{UNSEEN}",
        "",
    )


@pytest.mark.parametrize(
    ("one", "at", "other", "wrong"),
    [
        (small, 14, forked, "two heads of 17 entries with two roots"),
        (small, 15, lambda: longer(forked()), "two entries with the number 15"),
    ],
)
def test_proofs_of_two_histories_under_one_key_are_refused(verify, tmp_path, one, at, other, wrong):
    files = [proof_of(one(), at, tmp_path / "a"), proof_of(other(), 15, tmp_path / "b")]
    assert verify("proof", *files, "--vkey", SIGNER.verifier.vkey) == (
        1,
        "",
        f"This does not hold. The log record.example/river-city signed {wrong}: it was rewritten or forked. "
        "Keep these files; they show it.",
    )


EVIL = "A-7) is one of the 1 rows.\nThis is the record as it stands today: nothing was changed.\n\x1b[8m("


def test_a_row_says_that_a_later_import_may_have_changed_it_and_writes_no_words_of_the_verifier(
    verify, tmp_path
):
    record, salt, cells = small(), b"1" * 16, {"status": "pilot"}
    data = {"register": "cameras", "file": HEX, "mapping": HEX, "rows": 1, "listed": 1, "added": 1}
    data |= {
        "root": root_of([leaf_of(EVIL, cells, salt)]).hex(),
        "changed": 0,
        "same": 0,
        "wrong": 0,
        "gone": 0,
    }
    index = record.add("register.imported", "2026-03-02", ["steward"], data, texts=["title"])
    proof = proof_of(record, index, tmp_path / "entry").read_text()
    file = tmp_path / "row.row-proof.json"
    file.write_text(RowProof(EVIL, cells, salt, 0, [], proof).text)
    assert verify("proof", file, "--vkey", SIGNER.verifier.vkey) == (
        0,
        f"This row ({EVIL!r}) is one of the 1 rows of the register cameras under the root in entry 17 of the public log "
        "record.example/river-city, dated 2026-03-02: its 1 cells are as they came in with that import. A later import "
        "may have changed or ended the row; its page says what stands today. The entry is among the 18 "
        f"whose head is signed by that log. {UNSEEN}",
        "",
    )


@pytest.mark.parametrize("data", [{}, {"root": 5}, {"root": "no"}, {"root": HEX, "listed": "x"}])
def test_a_row_under_an_entry_that_nobody_judged_is_refused(verify, tmp_path, data):
    record = small()
    index = record.add("register.imported", "2026-03-02", ["steward"], data, texts=["title"])
    proof = proof_of(record, index, tmp_path / "entry").read_text()
    file = tmp_path / "row.row-proof.json"
    file.write_text(RowProof("A-1", {"status": "pilot"}, b"1" * 16, 0, [], proof).text)
    code, _, wrong = verify("proof", file, "--vkey", SIGNER.verifier.vkey)
    assert (code, "does not stand over this row" in wrong) == (1, True)
