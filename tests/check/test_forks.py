"""A log that shows two people two histories of one size is caught: by the witness, by who asks for one, and by two heads."""

from contextlib import ExitStack

import pytest

from alongside.core.ledger.checkpoint import open_checkpoint
from alongside.core.ledger.keys import parse_vkey
from tests.check.records import SIGNER, small
from tests.support.witnesses import running


def forked():
    """Give another history of the same size: one day to answer more."""
    record = small()
    record.entries[15]["data"]["answer_due"] = "2026-04-13"
    return record


@pytest.fixture
def split(tmp_path, serve):
    """Serve one log to Ana and another of the same size to Ben; give both folders and addresses."""
    folders = [one.write(tmp_path / name) for one, name in ((small(), "ana"), (forked(), "ben"))]
    return [(folder, serve(folder)[0]) for folder in folders]


@pytest.fixture
def witness(tmp_path):
    """Give a function that runs the command of a witness as people do."""
    return lambda verify, *words: verify("witness", "--folder", tmp_path / "witness", *words)


def test_the_witness_refuses_the_second_history_and_keeps_the_first(verify, split, witness):
    (ana, for_ana), (_ben, for_ben) = split
    code, said, _ = witness(verify, "key", "library.example/witness")
    assert (code, said.splitlines()[1][:24]) == (0, "library.example/witness+")
    assert witness(verify, "log", for_ana, "--vkey", SIGNER.verifier.vkey)[0] == 0
    assert witness(verify, "pull", for_ana) == (
        0,
        f"{SIGNER.name}: 17 entries cosigned. This log takes in no cosignatures; the head is in the folder, for others to fetch.",
        "",
    )
    assert witness(verify, "pull", for_ben) == (
        1,
        "",
        "This does not hold. Nothing was signed. Two heads of 17 entries have different roots.",
    )
    assert witness(verify, "pull", for_ana)[0] == 0
    assert (ana / "checkpoint").exists()


def test_a_log_that_grew_is_pulled_with_its_tiles_and_one_that_shrank_is_not(
    verify, tmp_path, serve, witness
):
    record = small()
    address, _ = serve(record.write(tmp_path / "log"))
    witness(verify, "key", "library.example/witness")
    witness(verify, "log", address)
    assert witness(verify, "pull", address)[0] == 0
    for n in range(300):
        data = {"meeting": f"meeting-{n}", "cohort": "first", "on": "2026-04-01"}
        record.add("meeting.planned", "2026-03-02", ["steward"], data, {"cohort": [2]}, ["title", "agenda"])
    record.write(tmp_path / "log")
    code, said, _ = witness(verify, "pull", address)
    assert (code, said.split(". ")[0]) == (0, f"{SIGNER.name}: 317 entries cosigned")
    small().write(tmp_path / "log")
    code, _, complaint = witness(verify, "pull", address)
    assert (code, "has shrunk: 317 entries were cosigned, and it shows 17" in complaint) == (1, True)


def test_who_asks_for_the_witness_believes_only_the_history_that_it_cosigned(verify, split, tmp_path):
    (ana, for_ana), (ben, _for_ben) = split
    with ExitStack() as stack:
        server = stack.enter_context(running(tmp_path / "witness", SIGNER.verifier))
        policy = tmp_path / "policy"
        policy.write_text(f"witness City_library {server.vkey}\nquorum City_library\n")
        told = {}
        for folder in (ana, ben):
            assert verify("record", folder, "--policy", policy, "--state", tmp_path / "a")[0] == 1
            told[folder] = server.witness.add_checkpoint(b"old 0\n\n" + (folder / "checkpoint").read_bytes())
            if told[folder].status == 200:
                with (folder / "checkpoint").open("ab") as file:
                    file.write(told[folder].content)
        assert [one.status for one in told.values()] == [200, 409]
        code, said, _ = verify("record", ana, "--policy", policy, "--state", tmp_path / "b")
        assert (code, "and cosigned by City library (on 20" in said) == (0, True)
        code, _, said = verify("record", ben, "--policy", policy, "--state", tmp_path / "c")
        assert (code, "the policy asks for City_library, and there are none" in said) == (1, True)
        note = (ana / "checkpoint").read_bytes()
        assert len(open_checkpoint(note, [SIGNER.verifier, parse_vkey(server.vkey)])[1].signatures) == 2


def test_two_heads_of_one_size_prove_the_fork(verify, split, tmp_path):
    (ana, _), (ben, _) = split
    heads = [ana / "checkpoint", ben / "checkpoint"]
    key = ["--vkey", SIGNER.verifier.vkey]
    code, _, said = verify("fork", *heads, *key)
    assert (code, said.split(":")[0]) == (
        1,
        f"This does not hold. The log {SIGNER.name} signed two heads of 17 entries with two roots",
    )
    assert verify("fork", heads[0], heads[0], *key)[0] == 0
    assert verify("fork", *heads)[0] == 2, "without the key of the log anybody could have made them"
    heads[1].write_bytes(heads[1].read_bytes().replace(b"\n17\n", b"\n18\n"))
    assert verify("fork", *heads, *key)[0] == 2
    shorter = small()
    del shorter.entries[16:]
    shorter.write(tmp_path / "shorter")
    assert verify("fork", heads[0], tmp_path / "shorter" / "checkpoint", *key)[0] == 2
