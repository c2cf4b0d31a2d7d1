"""Notes, checkpoints, proof files and policies: what is signed is believed, what is not is refused cleanly."""

import subprocess
import sys
from base64 import b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.core.ledger.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from alongside.core.ledger.hashing import EMPTY_ROOT, LedgerError, leaf_hash
from alongside.core.ledger.keys import KeyFormatError, KeyKind, Signer, parse_secret, parse_vkey
from alongside.core.ledger.note import open_note, sign_note
from alongside.core.ledger.policy import parse_policy
from alongside.core.ledger.proof import ProofFile, parse_proof, verify_proof
from alongside.core.ledger.tree import Tree
from alongside.core.ledger.verify import verify_consistency
from alongside.core.ledger.witness import check_growth, cosign, format_request, parse_request

LOG = Signer("log.example/riverside", KeyKind.ED25519, bytes(range(32)))
LIBRARY = Signer("library.example", KeyKind.COSIGNATURE, b"L" * 32)
NEWSROOM = Signer("newsroom.example", KeyKind.COSIGNATURE, b"N" * 32)
COLLEGE = Signer("college.example", KeyKind.COSIGNATURE_ML_DSA, b"C" * 32)
STRANGER = Signer("log.example/riverside", KeyKind.ED25519, b"S" * 32)
ALL = (LOG, LIBRARY, NEWSROOM, COLLEGE)
KEYS = [one.verifier for one in ALL]
TREE = Tree(f"entry {n}".encode() for n in range(300))
HEAD = Checkpoint(LOG.name, TREE.size, TREE.root())
NOTE = HEAD.sign(*ALL, timestamp=1_700_000_000)


def refusal(error, ask, *arguments):
    with pytest.raises(error) as caught:
        ask(*arguments)
    assert type(caught.value) is error
    return str(caught.value)


def test_a_checkpoint_reads_back_with_everyone_who_signed_it():
    head, opened = open_checkpoint(NOTE, KEYS)
    assert head == HEAD
    assert [(one.key.name, one.timestamp) for one in opened.signatures] == [
        (LOG.name, None),
        ("library.example", 1_700_000_000),
        ("newsroom.example", 1_700_000_000),
        ("college.example", 1_700_000_000),
    ]


def test_a_note_may_be_given_as_bytes_and_lines_of_unknown_keys_are_ignored():
    assert open_checkpoint(NOTE.encode(), [LOG.verifier])[0] == HEAD
    assert [one.key for one in open_note(NOTE, [LIBRARY.verifier]).signatures] == [LIBRARY.verifier]


def test_witnesses_alone_do_not_make_a_checkpoint():
    assert refusal(LedgerError, open_checkpoint, NOTE, KEYS[1:]) == (
        "The log log.example/riverside itself has not signed this checkpoint with a key you trust."
    )


def test_one_log_cannot_sign_for_another():
    other = Checkpoint("log.example/elsewhere", 0, EMPTY_ROOT).sign(LOG)
    assert refusal(LedgerError, open_checkpoint, other, KEYS) == (
        "The log log.example/elsewhere itself has not signed this checkpoint with a key you trust."
    )


def test_a_key_of_the_same_name_does_not_sign_for_the_log():
    assert refusal(LedgerError, open_checkpoint, HEAD.sign(STRANGER), KEYS) == (
        "No key that you trust has signed this note."
    )


def test_one_wrong_line_of_a_known_key_spoils_the_note():
    lines = NOTE.splitlines(keepends=True)
    other = Checkpoint(LOG.name, 299, TREE.root(299)).sign(*ALL, timestamp=5).splitlines(keepends=True)
    for at, signer in enumerate(ALL, 4):
        mixed = "".join([*lines[:at], other[at], *lines[at + 1 :]])
        assert refusal(LedgerError, open_checkpoint, mixed, KEYS) == (
            f"The signature of {signer.name} does not fit the text of the note."
        )


def test_a_cosignature_is_bound_to_its_time_and_its_signer():
    line = NOTE.splitlines()[7]
    other = Checkpoint(LOG.name, 300, TREE.root()).sign(LOG, COLLEGE, timestamp=1_700_000_001)
    assert open_checkpoint(other, KEYS)[1].signatures[1].timestamp == 1_700_000_001
    assert line not in other


def test_a_note_takes_sixteen_signatures_of_the_longest_kind_and_refuses_a_hundred():
    many = [Signer(f"w{n}.example", KeyKind.COSIGNATURE_ML_DSA, bytes([n]) * 32) for n in range(16)]
    note = HEAD.sign(LOG, *many, timestamp=9)
    assert len(open_note(note, [one.verifier for one in (LOG, *many)]).signatures) == 17
    assert refusal(LedgerError, open_note, NOTE + NOTE.splitlines(keepends=True)[4] * 100, KEYS) == (
        "The note has more than 64 signatures."
    )
    assert refusal(LedgerError, open_note, "a" * 400_001, KEYS) == "The note is longer than 400,000 bytes."


def test_a_signature_that_is_repeated_counts_once():
    assert len(open_note(NOTE + NOTE.splitlines(keepends=True)[4], KEYS).signatures) == 4


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        "text\n\n",
        HEAD.text + "\n" + "— x\n",
        HEAD.text + "\n" + "- log.example/riverside AAAAAAAA\n",
        NOTE[:-1],
        NOTE.replace("300", "300\r"),
        NOTE.replace("300", "300\x00"),
        NOTE + "\n",
        NOTE.replace("=\n", "\n"),
        NOTE.replace("— log", "—  log"),
        NOTE.replace("— library.example", "— lib+rary.example"),
        "\ud800",
        b"\xff\xfe",
    ],
)
def test_a_note_out_of_form_is_refused(note):
    refusal(LedgerError, open_note, note, KEYS)


@pytest.mark.parametrize(
    "text", ["x\n1\n", "\n0\nAA==\n", "x\n01\n", "x\n-1\n", "x\n9223372036854775808\n", "x\n٣\n"]
)
def test_a_signed_text_that_is_no_checkpoint_is_refused(text):
    whole = text if text.count("\n") > 2 else text + "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    if text == "x\n1\n":
        whole = text
    refusal(LedgerError, parse_checkpoint, whole)


def test_an_empty_log_must_carry_the_empty_root():
    assert parse_checkpoint(Checkpoint("x", 0, EMPTY_ROOT).text) == Checkpoint("x", 0, EMPTY_ROOT)
    assert refusal(LedgerError, parse_checkpoint, Checkpoint("x", 0, bytes(32)).text) == (
        "The checkpoint of a log without entries must carry the root of the empty tree."
    )


def test_extension_lines_of_others_are_read_over_and_never_written():
    text = Checkpoint("x", 0, EMPTY_ROOT).text
    assert parse_checkpoint(text + "more\n") == Checkpoint("x", 0, EMPTY_ROOT)
    refusal(LedgerError, lambda: Checkpoint("x\nmore", 0, EMPTY_ROOT).text)


@settings(max_examples=3000)
@given(st.data())
def test_no_changed_note_says_anything_else_and_all_else_is_a_note_error(data):
    raw = bytearray(NOTE.encode()[: -len(NOTE.splitlines()[7])])
    at = data.draw(st.integers(0, len(raw) - 1))
    match data.draw(st.sampled_from(["flip", "cut", "put", "copy"])):
        case "flip":
            raw[at] ^= 1 << data.draw(st.integers(0, 7))
        case "cut":
            del raw[at : at + data.draw(st.integers(1, 9))]
        case "put":
            raw[at:at] = data.draw(st.binary(min_size=1, max_size=5))
        case "copy":
            other = data.draw(st.integers(0, len(raw) - 1))
            raw[at : at + 8] = raw[other : other + 8]
    try:
        head, _ = open_checkpoint(bytes(raw), KEYS)
    except LedgerError:
        return
    assert head == HEAD


@given(st.text(max_size=60))
def test_any_text_can_be_signed_and_read_back_or_is_refused_cleanly(words):
    try:
        note = sign_note(words + "\n", LOG)
    except LedgerError:
        assert any(one < " " and one != "\n" for one in words)
        return
    assert open_note(note, KEYS).text == words + "\n"


def test_keys_are_written_down_and_read_back():
    assert [parse_vkey(one.verifier.vkey) for one in ALL] == KEYS
    assert [parse_secret(one.secret) for one in ALL] == list(ALL)
    assert [one.seed.hex() in repr(one) or repr(one.seed) in repr(one) for one in ALL] == [False] * 4


@settings(max_examples=500)
@given(st.data())
def test_a_changed_key_is_refused_and_its_secret_is_not_repeated(data):
    vkey, secret = LOG.verifier.vkey, LOG.secret
    for text, read in ((vkey, parse_vkey), (secret, parse_secret)):
        at = data.draw(st.integers(0, len(text) - 1))
        mutant = text[:at] + data.draw(st.characters()) + text[at + 1 :]
        if mutant != text:
            said = refusal(KeyFormatError, read, mutant)
            assert text.rpartition("+")[2] not in said


@given(st.text(max_size=60))
def test_anything_else_read_as_a_key_is_refused_cleanly(text):
    refusal(KeyFormatError, parse_vkey, text)
    refusal(KeyFormatError, parse_secret, text)


PROOF = ProofFile(42, tuple(TREE.inclusion(42)), NOTE, extra=b"finding")
LEAF = leaf_hash(b"entry 42")


def test_a_proof_file_reads_back_and_proves_its_entry():
    assert parse_proof(PROOF.text) == PROOF
    assert parse_proof(PROOF.text.encode()) == PROOF
    assert parse_proof(ProofFile(42, PROOF.path, NOTE).text).extra is None
    assert verify_proof(PROOF, LEAF, [LOG.verifier]) == HEAD


def test_a_log_of_one_entry_has_a_proof_file_without_steps():
    one = Tree([b"x"])
    proof = ProofFile(0, (), Checkpoint(LOG.name, 1, one.root()).sign(LOG))
    assert verify_proof(parse_proof(proof.text), leaf_hash(b"x"), KEYS).size == 1


def test_a_proof_file_does_not_prove_another_entry():
    assert refusal(LedgerError, verify_proof, PROOF, leaf_hash(b"entry 41"), KEYS) == (
        "The proof of entry 42 does not lead to the root of 300 entries."
    )


@settings(max_examples=2000)
@given(st.data())
def test_no_changed_proof_file_proves_anything_else(data):
    raw = bytearray(PROOF.text.encode()[:1500])
    at = data.draw(st.integers(0, len(raw) - 1))
    match data.draw(st.sampled_from(["flip", "cut", "put"])):
        case "flip":
            raw[at] ^= 1 << data.draw(st.integers(0, 7))
        case "cut":
            del raw[at : at + data.draw(st.integers(1, 60))]
        case "put":
            raw[at:at] = data.draw(st.binary(min_size=1, max_size=5))
    try:
        proof = parse_proof(bytes(raw) + PROOF.text.encode()[1500:])
        head = verify_proof(proof, LEAF, KEYS)
    except LedgerError as error:
        assert type(error) in {LedgerError}
        return
    assert (proof.index, proof.path, head) == (42, PROOF.path, HEAD)


@given(st.binary(max_size=80) | st.text(max_size=80))
def test_anything_else_read_as_a_proof_file_is_refused_cleanly(file):
    refusal(LedgerError, parse_proof, file)


POLICY = f"""# who must have seen a head
log {LOG.verifier.vkey} https://log.example/riverside
witness library {LIBRARY.verifier.vkey}
witness newsroom\t{NEWSROOM.verifier.vkey}
witness college {COLLEGE.verifier.vkey} https://college.example/witness

group press any newsroom
group all-of-them 2 library college press
quorum all-of-them
"""


def test_a_quorum_of_witnesses_is_enough_and_fewer_are_not():
    policy = parse_policy(POLICY)
    assert policy.check(NOTE) == HEAD
    assert policy.check(HEAD.sign(LOG, LIBRARY, NEWSROOM, timestamp=1)) == HEAD
    assert refusal(LedgerError, policy.check, HEAD.sign(LOG, LIBRARY, timestamp=1)) == (
        "Too few witnesses have cosigned the checkpoint: the policy asks for all-of-them, and there are library."
    )
    assert refusal(LedgerError, policy.check, HEAD.sign(LOG)) == (
        "Too few witnesses have cosigned the checkpoint: the policy asks for all-of-them, and there are none."
    )
    assert verify_proof(PROOF, LEAF, policy=policy) == HEAD


def test_a_policy_without_witnesses_asks_for_the_log_alone():
    policy = parse_policy(f"log {LOG.verifier.vkey}\nquorum none\n")
    assert policy.check(HEAD.sign(LOG)) == HEAD
    assert (
        refusal(LedgerError, policy.check, HEAD.sign(STRANGER))
        == "No key that you trust has signed this note."
    )
    assert parse_policy("quorum none").check(HEAD.sign(LOG), [LOG.verifier]) == HEAD


def test_a_fork_that_only_its_log_signed_lacks_the_quorum():
    fork = Tree(f"entry {n}".encode() if n != 7 else b"forged" for n in range(300))
    refusal(LedgerError, parse_policy(POLICY).check, Checkpoint(LOG.name, 300, fork.root()).sign(LOG))


def lines(*more):
    return "\n".join([f"witness library {LIBRARY.verifier.vkey}", *more])


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("", "The policy has no quorum line; end it with 'quorum NAME' or 'quorum none'."),
        ("quorum a", "Line 1 of the policy: asks for a, which no line before it defines."),
        ("quorum none\nquorum none", "Line 2 of the policy: names a second quorum; keep one."),
        (
            lines("group g 2 library"),
            "Line 2 of the policy: asks for 2 of 1 members; ask for 1 to 1, any or all.",
        ),
        (
            lines("group g 0 library"),
            "Line 2 of the policy: asks for 0 of 1 members; ask for 1 to 1, any or all.",
        ),
        (
            lines("group g 01 library"),
            "Line 2 of the policy: asks for 01 of 1 members; ask for 1 to 1, any or all.",
        ),
        (
            lines("group g any g"),
            "Line 2 of the policy: puts g into a group, which no line before it defines.",
        ),
        (
            lines("group g any none"),
            "Line 2 of the policy: puts none into a group, which no line before it defines.",
        ),
        (
            lines("group g any library", "group h any library"),
            "Line 3 of the policy: puts library into a group for the second time; once is allowed.",
        ),
        (
            lines("group library any library"),
            "Line 2 of the policy: uses the name library, which is taken; choose another.",
        ),
        (
            lines(f"witness twice {LIBRARY.verifier.vkey}"),
            "Line 2 of the policy: repeats the key of library.example; list each key once.",
        ),
        (
            f"log {LIBRARY.verifier.vkey}",
            "Line 1 of the policy: gives library.example a key of another kind; ask them for the right one.",
        ),
        (
            f"witness none {LIBRARY.verifier.vkey}",
            "Line 1 of the policy: uses the name none, which is taken; choose another.",
        ),
        ("log x", "Line 1 of the policy: The verifier key of x is not readable; copy all of it again."),
        ("hello", "Line 1 of the policy: is neither log, witness, group nor quorum with what belongs to it."),
        (
            "group g any",
            "Line 1 of the policy: is neither log, witness, group nor quorum with what belongs to it.",
        ),
        ("quorum none\r\n", "The policy holds a control character; leave it out."),
    ],
)
def test_a_policy_out_of_form_is_refused_with_its_line(file, said):
    assert refusal(LedgerError, parse_policy, file) == said


def test_names_in_other_letters_and_a_policy_of_32_groups_are_read():
    witnesses = [Signer(f"w{n}", KeyKind.COSIGNATURE, bytes([n + 1]) * 32) for n in range(32)]
    text = "".join(
        f"witness Zähler{n} {one.verifier.vkey}\ngroup g{n} all Zähler{n}\n"
        for n, one in enumerate(witnesses)
    )
    policy = parse_policy(
        text.encode() + b"group \xff 31 " + " ".join(f"g{n}" for n in range(32)).encode() + b"\nquorum \xff"
    )
    assert policy.check(HEAD.sign(LOG, *witnesses[1:], timestamp=1), [LOG.verifier]) == HEAD


@given(st.binary(max_size=60) | st.text(max_size=60))
def test_any_file_read_as_a_policy_is_read_or_refused_cleanly(file):
    try:
        parse_policy(file)
    except LedgerError:
        return


def test_a_witness_takes_growth_and_refuses_a_rewritten_a_shrunk_and_a_forked_log():
    seen = Checkpoint(LOG.name, 200, TREE.root(200))
    check_growth(seen, HEAD, TREE.consistency(200, 300))
    check_growth(None, HEAD, [])
    check_growth(Checkpoint(LOG.name, 0, EMPTY_ROOT), HEAD, [])
    entries = [f"entry {n}".encode() for n in range(300)]
    bad = {
        "rewritten": [*entries[:42], b"forged", *entries[43:]],
        "removed": [*entries[:42], *entries[43:]],
        "swapped": [*entries[:10], entries[11], entries[10], *entries[12:]],
        "inserted": [*entries[:7], b"new", *entries[7:]],
    }
    for forged in map(Tree, bad.values()):
        head = Checkpoint(LOG.name, forged.size, forged.root())
        for proof in (forged.consistency(200), TREE.consistency(200, 299), []):
            refusal(LedgerError, check_growth, seen, head, proof)
    assert refusal(LedgerError, check_growth, HEAD, seen, []) == (
        "The log has shrunk: 300 entries were seen before, and now it has 200."
    )
    assert refusal(LedgerError, check_growth, Checkpoint("other", 1, bytes(32)), HEAD, []) == (
        "The head is of the log log.example/riverside, and other was seen before."
    )
    refusal(LedgerError, check_growth, None, HEAD, [bytes(32)])
    refusal(LedgerError, check_growth, None, Checkpoint(LOG.name, 0, bytes(32)), [])


def test_a_witness_cosigns_with_a_time_and_its_line_joins_the_note():
    line = cosign(HEAD.text, LIBRARY, 1_800_000_000)
    assert open_checkpoint(HEAD.sign(LOG) + line, KEYS)[1].signatures[1].timestamp == 1_800_000_000
    refusal(LedgerError, cosign, HEAD.text, LIBRARY, 0)
    refusal(LedgerError, cosign, HEAD.text, LOG, 1_800_000_000)
    refusal(LedgerError, HEAD.sign, LIBRARY)


def test_a_request_to_a_witness_reads_back_and_holds():
    old, proof, note = parse_request(format_request(200, TREE.consistency(200), NOTE))
    verify_consistency(old, HEAD.size, proof, TREE.root(200), HEAD.root)
    assert note == NOTE
    for body in (
        "",
        "old 200\n",
        "old 01\n\n" + NOTE,
        "old 1\nAA\n\n" + NOTE,
        "new 1\n\n" + NOTE,
        f"old {2**63}\n\n{NOTE}",
    ):
        refusal(LedgerError, parse_request, body)


def line_of(signer, message, stamp=b""):
    raw = signer.verifier.key_id + stamp + signer.sign(message)
    return f"— {signer.name} {b64encode(raw).decode()}\n"


def test_a_note_with_a_control_character_is_refused_even_if_its_signature_holds():
    for text in ("one\ttwo\n", "one\x00\n", "one\x1b[31m\n"):
        assert refusal(LedgerError, open_note, text + "\n" + line_of(LOG, text.encode()), KEYS) == (
            "The note holds a control character."
        )


def test_a_signature_has_one_spelling():
    note = HEAD.sign(LOG)
    assert note.endswith("=\n")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = note[:-3] + letters[letters.index(note[-3]) ^ 1] + "=\n"
    assert refusal(LedgerError, open_note, other, KEYS).startswith("A signature line is not readable")


def test_a_witness_that_bears_the_name_of_the_log_is_not_the_log():
    double = Signer(LOG.name, KeyKind.COSIGNATURE, b"D" * 32)
    note = HEAD.sign(double, timestamp=1)
    assert refusal(LedgerError, open_checkpoint, note, [LOG.verifier, double.verifier]) == (
        "The log log.example/riverside itself has not signed this checkpoint with a key you trust."
    )


def test_a_cosignature_from_beyond_all_time_is_refused():
    message = f"cosignature/v1\ntime {2**63}\n{HEAD.text}".encode()
    note = HEAD.text + "\n" + line_of(LIBRARY, message, (2**63).to_bytes(8, "big"))
    assert refusal(LedgerError, open_note, note, KEYS) == (
        "The cosignature of library.example carries a time that cannot be."
    )


def test_a_proof_file_with_a_short_step_or_more_steps_than_any_tree_is_refused():
    short = ProofFile(0, (b"short",), NOTE).text
    assert refusal(LedgerError, parse_proof, short) == "A step of the proof is not a hash of 32 bytes."
    long = ProofFile(0, (bytes(32),) * 64, NOTE).text
    assert refusal(LedgerError, parse_proof, long) == (
        "The proof file lacks its index, or has more steps than any tree."
    )


def test_an_older_cryptography_reads_all_but_keys_of_ml_dsa():
    # As Debian's own package is, with which people check a record
    code = """
import sys
sys.modules["cryptography.hazmat.primitives.asymmetric.mldsa"] = None
import alongside.check.cli
from alongside.core.ledger.keys import KeyFormatError, KeyKind, Signer
signer = Signer("log", KeyKind.ED25519, bytes(32))
assert signer.verifier.verifies(signer.sign(b"head"), b"head")
try:
    Signer("log", KeyKind.COSIGNATURE_ML_DSA, bytes(32)).verifier
except KeyFormatError as error:
    assert "install a newer one" in str(error)
else:
    raise AssertionError
"""
    subprocess.run([sys.executable, "-c", code], check=True)
