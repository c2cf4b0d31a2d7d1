"""The log has a new key: who knew the old one finds the new one in the log, and whoever holds the old one signs for nothing any more."""

import base64
from datetime import date

import pytest

from alongside.check.log import RecordError
from alongside.check.record import verify_record
from alongside.check.source import open_source
from alongside.check.state import load
from alongside.core.entries import GrammarError
from alongside.core.grammar.log_keys import change_statement
from alongside.core.ledger.hashing import LedgerError
from alongside.core.ledger.keys import KeyKind, Signer
from alongside.core.ledger.tree import Tree
from tests.check.records import ANA, OFFICE, SIGNER, small

SECOND, THIRD, THIEFS = (Signer(SIGNER.name, KeyKind.ED25519, one * 32) for one in (b"2", b"3", b"t"))
DAY = "2026-03-02"


def signed_change(record, old, new, *, since="", signs=None):
    """Give what an entry that changes the key holds; somebody else may sign for the old key."""
    tree = Tree(record.raw())
    told = {"size": tree.size, "root": tree.root().hex(), "old": old.verifier.vkey, "new": new.verifier.vkey}
    said = change_statement(origin=SIGNER.name, since=since, **told)
    sigs = {"new_sig": new} | ({} if since else {"old_sig": signs or old})
    told |= {name: base64.b64encode(one.sign(said)).decode() for name, one in sigs.items()}
    return told | ({"since": since} if since else {})


def rekeyed(record, old=SIGNER, new=SECOND, **more):
    """Let both keys sign that a new one signs from here on."""
    record.add("record.rekeyed", DAY, ["clock"], signed_change(record, old, new, **more))
    return record


def distrusted(record, since, old=SIGNER, new=SECOND):
    """Let a lead and an office say that the old key is not trusted."""
    data = signed_change(record, old, new, since=since)
    record.add("record.distrusted", DAY, [ANA, OFFICE], data, texts=["reason"])
    return record


def grown(record, days=1, kind="reconstructed.promise"):
    """Let something else be told."""
    for n in range(days):
        data = {"thread": f"another-{n}", "whose": "city", "event_date": "2019-06"}
        record.add(kind, DAY, ["steward"], data, texts=["title", "statement", "sources"])
    return record


@pytest.fixture
def check(tmp_path):
    """Give a function that checks a folder as somebody does who remembers what they saw; it gives what is said, and whether it holds."""

    def run(folder, vkey=None, on=DAY):
        state = load(tmp_path / "seen.json")
        try:
            today = date.fromisoformat(on)
            return True, verify_record(open_source(str(folder)), state=state, today=today, vkey=vkey).says
        except (RecordError, GrammarError, LedgerError) as error:
            return False, str(error)

    return run


@pytest.fixture
def known(check, tmp_path):
    """Let the record be seen under its first key, at the address at which the others are shown."""
    folder = tmp_path / "log"
    assert check(small().write(folder))[0]
    return folder


def test_who_knew_the_old_key_finds_the_new_one_in_the_log(check, known):
    holds, said = check(grown(rekeyed(small())).write(known, SECOND))
    assert (holds, "the key that took the place of the one you know, as entry 17 says" in said) == (
        True,
        True,
    )
    assert "it still begins with the 17 entries seen on" in said
    assert check(grown(rekeyed(small()), 2).write(known, SECOND))[0]  # and remembers it


def test_who_knew_the_first_key_finds_the_third(check, known):
    record = rekeyed(grown(rekeyed(small())), SECOND, THIRD)
    holds, said = check(record.write(known, THIRD))
    assert (holds, "as entry 19 says" in said) == (True, True)


def test_who_comes_new_with_the_old_key_on_paper_finds_the_new_one(check, tmp_path):
    folder = rekeyed(small()).write(tmp_path / "log", SECOND)
    assert check(folder, SIGNER.verifier.vkey)[0]


def test_while_both_sign_the_head_the_old_key_is_not_enough_to_write_on(check, known):
    assert check(rekeyed(small()).write(known, SECOND, [SIGNER]))[0]
    holds, wrong = check(grown(rekeyed(small())).write(known, SIGNER))
    assert (holds, "signed with a key that was given up: entry 17 of 2026-03-02 names another" in wrong) == (
        False,
        True,
    )


def test_the_old_key_signs_no_head_over_its_own_end_for_who_comes_new_either(check, tmp_path):
    forged = grown(rekeyed(small())).write(tmp_path / "log", SIGNER)
    holds, wrong = check(forged)
    assert (holds, "Entry 17 of 2026-03-02 gave this record another key" in wrong) == (False, True)
    # and what it signed is no reason to refuse the true one
    assert check(grown(rekeyed(small()), 2).write(tmp_path / "log", SECOND))[0]


def test_a_history_without_the_change_that_the_old_key_signs_is_refused(check, known):
    assert check(rekeyed(small()).write(known, SECOND))[0]
    holds, wrong = check(grown(small(), 3).write(known, SIGNER))
    assert (holds, "was given up: entry 17" in wrong) == (False, True)


def test_a_second_change_by_the_old_key_is_refused(check, known):
    assert check(rekeyed(small()).write(known, SECOND))[0]
    holds, wrong = check(rekeyed(small(), new=THIEFS).write(known, THIEFS))
    assert (holds, "cannot be believed" in wrong) == (False, True)


def test_a_change_that_the_old_key_did_not_sign_is_refused(check, known):
    holds, wrong = check(rekeyed(small(), new=THIEFS, signs=THIEFS).write(known, THIEFS))
    assert (holds, "old_sig does not stand under this change" in wrong) == (False, True)


def test_a_change_back_to_a_key_that_was_given_up_is_refused(check, known):
    record = rekeyed(grown(rekeyed(small())), SECOND, SIGNER)
    holds, wrong = check(record.write(known, SIGNER))
    assert (holds, "new is a key that this log had already" in wrong or "another key" in wrong) == (
        False,
        True,
    )


def test_a_rewritten_past_does_not_come_in_with_a_new_key(check, known):
    record = small()
    record.entries[16]["data"]["thread"] = "lead-pumps"
    holds, wrong = check(rekeyed(record).write(known, SECOND))
    assert (holds, "rewritten or forked" in wrong) == (False, True)


def test_a_key_that_is_not_trusted_vouches_for_no_other(check, known):
    folder = distrusted(small(), DAY).write(known, SECOND)
    holds, wrong = check(folder)
    assert (holds, "the old one is not trusted from 2026-03-02 on: entry 17 says so" in wrong) == (
        False,
        True,
    )
    assert f"Here it is: {SECOND.verifier.vkey}" in wrong
    holds, said = check(folder, SECOND.verifier.vkey)
    assert (holds, "it still begins with the 17 entries seen on" in said) == (True, True)
    assert check(grown(distrusted(small(), DAY)).write(known, SECOND))[0]


def test_what_a_thief_signed_since_is_no_reason_to_refuse_the_record(check, known):
    # the thief shows another history under the stolen key, after the day
    assert check(grown(small(), 3).write(known, SIGNER))[0]
    folder = distrusted(small(), DAY).write(known, SECOND)
    holds, said = check(folder, SECOND.verifier.vkey)
    assert holds, said


def test_what_was_signed_before_the_day_still_has_to_be_there(check, known):
    # whoever says that a key is not trusted from tomorrow on explains nothing that it signed today
    assert check(grown(small(), 3).write(known, SIGNER))[0]
    record = distrusted(small(), DAY)
    record.entries[-1]["data"]["since"] = "2099-01-01"
    holds, wrong = check(record.write(known, SECOND), SECOND.verifier.vkey)
    assert (holds, "since is the first day" in wrong or "does not stand under this change" in wrong) == (
        False,
        True,
    )


def test_nobody_distrusts_a_key_alone(check, tmp_path):
    record = small()
    data = signed_change(record, SIGNER, SECOND, since=DAY)
    record.add("record.distrusted", DAY, [OFFICE], data, texts=["reason"])
    holds, wrong = check(record.write(tmp_path / "log", SECOND))
    assert (holds, "say this together" in wrong) == (False, True)


def test_a_witness_learns_the_new_key_from_the_log_and_from_nothing_else(verify, tmp_path, serve):
    def witness(*words):
        return verify("witness", "--folder", tmp_path / "witness", *words)

    address, _ = serve(small().write(tmp_path / "log"))
    witness("key", "library.example/witness")
    assert witness("log", address)[0] == 0
    assert witness("pull", address)[0] == 0
    grown(rekeyed(small())).write(tmp_path / "log", SECOND)
    assert witness("pull", address)[0] == 1  # it does not know who signed this
    assert witness("log", address)[0] == 0
    assert witness("pull", address)[0] == 0
    # a thief with the old key cannot bring another one in
    rekeyed(small(), new=THIEFS).write(tmp_path / "log", THIEFS)
    code, _said, wrong = witness("log", address)
    assert (code, "no entry of this log leads from it to this one" in wrong) == (1, True)
