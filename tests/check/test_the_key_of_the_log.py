"""The log has a new key: who knew the old one finds the new one in the log or from a person, and whoever holds the old one signs for nothing any more."""

import base64
import json
from copy import deepcopy
from datetime import date

import pytest

from alongside.check.log import RecordError
from alongside.check.record import verify_record
from alongside.check.source import open_source
from alongside.check.state import load
from alongside.core.entries import GrammarError
from alongside.core.grammar.log_keys import change_statement
from alongside.core.ledger.checkpoint import Checkpoint
from alongside.core.ledger.hashing import LedgerError
from alongside.core.ledger.keys import KeyKind, Signer
from alongside.core.ledger.nodes import inclusion_proof
from alongside.core.ledger.proof import ProofFile
from alongside.core.ledger.tree import Tree
from tests.check.records import ANA, CAM, CODE, OFFICE, SIGNER, small

SECOND, THIRD, THIEFS = (Signer(SIGNER.name, KeyKind.ED25519, one * 32) for one in (b"2", b"3", b"t"))
DAY = "2026-03-02"
NEW, OLD = SECOND.verifier.vkey, SIGNER.verifier.vkey


def rekeyed(record, old=SIGNER, new=SECOND, signs=None):
    """Let both keys sign that a new one signs from here on; somebody else may sign for the old one."""
    told = {"old": old.verifier.vkey, "new": new.verifier.vkey, "root": Tree(record.raw()).root().hex()}
    said = change_statement(origin=SIGNER.name, **told)
    sigs = {"old_sig": signs or old, "new_sig": new}
    told |= {name: base64.b64encode(one.sign(said)).decode() for name, one in sigs.items()}
    record.add("record.rekeyed", DAY, ["clock"], told)
    return record


def distrusted(record, old=SIGNER, new=SECOND, by=(ANA, OFFICE)):
    """Let a lead, who signs it, and an office say that the old key is not trusted."""
    told = {"old": old.verifier.vkey, "new": new.verifier.vkey}
    record.add("record.distrusted", DAY, list(by), told, texts=["reason"])
    return record


def grown(record, more=1, thread="another"):
    """Let something else be told."""
    for n in range(more):
        data = {"thread": f"{thread}-{n}", "whose": "city", "event_date": "2019-06"}
        record.add("reconstructed.promise", DAY, ["steward"], data, texts=["title", "statement", "sources"])
    return record


class Checks:
    """Somebody who checks, and remembers what they saw."""

    def __init__(self, file):
        self.file = file

    def __call__(self, folder, vkey=None, **more):
        """Give whether a folder holds, and what is said."""
        source = open_source(str(folder))
        self.state = load(self.file)
        self.before = deepcopy(self.state)
        try:
            checked = verify_record(
                source, state=self.state, today=date.fromisoformat(DAY), vkey=vkey, **more
            )
        except (RecordError, GrammarError, LedgerError) as error:
            return False, str(error)
        return True, checked.says

    @property
    def seen(self):
        return self.file.read_bytes()


@pytest.fixture
def check(tmp_path):
    return Checks(tmp_path / "seen.json")


@pytest.fixture
def known(check, tmp_path):
    """Let the record be seen under its first key, at the address at which the others are shown."""
    folder = tmp_path / "log"
    assert check(small().write(folder))[0]
    return folder


def refused(check, folder, words, *more, **options):
    """Check that a folder is refused in these words, and that nothing is written down of it."""
    before = check.seen
    holds, said = check(folder, *more, **options)
    assert (holds, words in said or said) == (False, True)
    assert (check.seen, check.state) == (before, check.before)


# A planned change.


def test_who_knew_the_old_key_finds_the_new_one_in_the_log(check, known):
    holds, said = check(grown(rekeyed(small())).write(known, SECOND))
    assert (holds, "the key that took the place of the one you knew, as entry 17 says" in said) == (
        True,
        True,
    )
    assert "it still begins with the 17 entries seen on" in said
    assert check(grown(rekeyed(small()), 2).write(known, SECOND))[0]


def test_who_knew_the_first_key_finds_the_third(check, known):
    record = rekeyed(grown(rekeyed(small())), SECOND, THIRD)
    holds, said = check(record.write(known, THIRD))
    assert (holds, "as entry 19 says" in said) == (True, True)
    for vkey, index in ((OLD, 17), (NEW, 19)):
        refused(check, known, f"The key {vkey} was given up: entry {index}", vkey)


def test_who_comes_new_with_the_old_key_on_paper_finds_the_new_one(check, tmp_path):
    assert check(rekeyed(small()).write(tmp_path / "log", SECOND), OLD)[0]


def test_the_old_key_signs_no_head_over_its_own_end(check, tmp_path):
    holds, wrong = check(grown(rekeyed(small())).write(tmp_path / "log", SIGNER))
    assert (holds, "Entry 17 of 2026-03-02 gave this record another key" in wrong) == (False, True)


def test_once_followed_the_old_key_signs_nothing_at_any_address(check, known, tmp_path):
    assert check(rekeyed(small()).write(known, SECOND))[0]
    refused(check, grown(small(), 3).write(known, SIGNER), f"The key {OLD} was given up: entry 17")
    refused(check, known, "use a --state file other than", OLD, drops=True)
    refused(check, small().write(tmp_path / "mirror"), f"The key {OLD} was given up: entry 17")
    refused(check, rekeyed(small(), new=THIEFS).write(known, THIEFS), "leads to it")


def test_the_old_key_given_a_second_time_is_refused_with_the_way_out(check, known):
    folder = rekeyed(small()).write(known, SECOND)
    assert check(folder)[0]
    refused(check, folder, "Leave it out of --vkey or your policy, or name the new key", OLD)
    assert check(folder)[0]
    assert check(folder, NEW)[0]


def test_a_change_that_the_old_key_did_not_sign_is_not_followed(check, known):
    folder = rekeyed(small(), new=THIEFS, signs=THIEFS).write(known, THIEFS)
    refused(check, folder, "old_sig does not stand under this change")


def test_a_change_over_another_past_is_not_followed(check, known):
    record = rekeyed(grown(small()))
    del record.entries[16]
    refused(check, record.write(known, SECOND), "root is the root over all entries before this one")


def test_a_change_from_a_key_that_is_not_in_force_or_back_to_one_that_was_is_refused(check, known):
    record = rekeyed(grown(rekeyed(small())), SIGNER, THIRD)
    refused(check, record.write(known, THIRD), "old is the key that the last change named")
    record = rekeyed(grown(rekeyed(small())), SECOND, SIGNER)
    holds, wrong = check(record.write(known, SIGNER))
    assert (holds, "new is a key that this log had already" in wrong) == (False, True)


def test_a_rewritten_past_does_not_come_in_with_a_new_key(check, known):
    record = small()
    record.entries[16]["data"]["thread"] = "lead-pumps"
    refused(check, rekeyed(record).write(known, SECOND), "The record was rewritten or forked")


def test_a_change_is_followed_only_once_days_and_rules_held_too(check, known):
    record = rekeyed(small(), new=THIEFS)
    record.entries[-1]["date"] = "2026-06-02"
    refused(check, record.write(known, THIEFS), "which is after today")
    folder = rekeyed(small(), new=THIEFS).write(known, THIEFS)
    (rules,) = folder.glob("rules/*.json")
    rules.write_text("{}")
    refused(check, folder, "adopts other rules")
    assert check(grown(small()).write(known))[0]


def test_what_was_seen_under_the_old_key_is_held_against_a_new_one_at_any_address(check, known, tmp_path):
    assert check(grown(small(), 2).write(known))[0]
    fork = grown(rekeyed(grown(small(), 2, thread="other"))).write(tmp_path / "mirror", SECOND)
    for vkey in (None, NEW):
        holds, wrong = check(fork, vkey)
        assert (holds, "The record was rewritten or forked" in wrong) == (False, True)


def test_a_mirror_that_was_known_under_a_key_in_between_goes_on(check, known, tmp_path):
    mirror = tmp_path / "mirror"
    assert check(rekeyed(small()).write(mirror, SECOND))[0]
    record = rekeyed(grown(rekeyed(small())), SECOND, THIRD)
    assert check(record.write(known, THIRD))[0]
    holds, said = check(grown(record).write(mirror, THIRD))
    assert (holds, "it still begins with the 20 entries" in said) == (True, True), said


def test_who_comes_after_the_change_learns_that_the_old_key_was_given_up(check, tmp_path):
    for name, record in (("planned", rekeyed(small())), ("not trusted", distrusted(small()))):
        one = Checks(tmp_path / name / "seen.json")
        assert one(record.write(tmp_path / name, SECOND))[0]
        refused(one, small().write(tmp_path / name / "mirror"), f"The key {OLD} was given up: entry 17")


def test_a_policy_may_list_the_old_key_beside_the_new_one(verify, tmp_path):
    log, state, listed = tmp_path / "log", tmp_path / "seen.json", tmp_path / "policy"
    listed.write_text(f"log {OLD}\nlog {NEW}\nquorum none\n")
    assert looked(verify, state, "record", rekeyed(small()).write(log, SECOND))[0] == 0
    mirror = rekeyed(small()).write(tmp_path / "mirror", SECOND)
    assert looked(verify, state, "record", mirror, "--policy", listed)[0] == 0
    code, _, wrong = looked(verify, state, "record", small().write(mirror), "--policy", listed)
    assert code == 1, wrong


# A key that nothing leads to.


def test_an_address_that_names_another_key_by_itself_is_not_followed(check, known):
    refused(check, grown(small()).write(known, THIEFS), "An address can name any key")
    assert check(grown(small()).write(known, SIGNER))[0]


def test_a_key_that_a_person_names_is_refused_where_nothing_leads_to_it(check, known):
    refused(check, grown(small()).write(known, THIEFS), "add --drop-seen", THIEFS.verifier.vkey)


def test_two_keys_given_in_turn_are_two_histories_of_which_one_has_to_be_dropped(check, known):
    assert check(known, OLD)[0]
    other = grown(small(), thread="other").write(known, THIEFS)
    refused(check, other, "add --drop-seen", THIEFS.verifier.vkey)
    assert check(other, THIEFS.verifier.vkey, drops=True)[0]
    refused(check, small().write(known), "was given up: you let it go with --drop-seen", OLD)
    assert check(known, OLD, drops=True)[0]


def test_what_is_in_the_log_is_kept_and_all_else_is_dropped_head_by_head(check, known):
    assert check(grown(small(), 2).write(known))[0]
    assert check(grown(small(), 4).write(known))[0]
    lost = [Tree(grown(small(), one).raw()) for one in (2, 4)]
    record = grown(small(), thread="other")
    holds, said = check(record.write(known, THIRD), THIRD.verifier.vkey, drops=True)
    assert holds, said
    dropped = said.split("Dropped, as you said, because they are not in it: ")[1].split(".")[0].split("; ")
    roots = [base64.b64encode(one.root()).decode() for one in lost]
    assert [one.split(", seen")[0] for one in dropped] == [
        f"{tree.size} entries with the root {root}" for tree, root in zip(lost, roots, strict=True)
    ]
    # what stayed is held against the record from then on
    forged = small()
    forged.entries[16]["data"]["thread"] = "lead-pumps"
    holds, wrong = check(grown(forged, 5).write(known, THIRD))
    assert (holds, "rewritten or forked" in wrong) == (False, True)


# A key that somebody else may have.


def test_a_key_that_is_not_trusted_vouches_for_no_other(check, known):
    folder = distrusted(small()).write(known, SECOND)
    refused(
        check,
        folder,
        f"the old one is not trusted: entry 17 says so ({ANA} and {OFFICE} stand for that), and the head is signed with {NEW} instead",
    )
    holds, said = check(folder, NEW)
    assert (holds, "it still begins with the 17 entries seen on" in said) == (True, True)
    assert check(grown(distrusted(small())).write(known, SECOND))[0]
    refused(check, small().write(known.parent / "mirror"), "was given up: entry 17")


def test_a_key_named_by_hand_stands_where_a_distrusted_key_names_another(check, known):
    # the thief says that the old key is not trusted, and names their own; the person got the true one on paper
    refused(check, distrusted(small(), new=THIEFS).write(known, THIEFS), "No key that you trust", NEW)
    refused(check, distrusted(small(), new=THIEFS).write(known, SECOND), "holds an old key", NEW)


def test_a_chain_with_a_distrusted_link_is_no_planned_one(check, known):
    record = rekeyed(grown(distrusted(small())), SECOND, THIRD)
    refused(check, record.write(known, THIRD), "the old one is not trusted: entry 17")
    assert check(known, THIRD.verifier.vkey)[0]


def test_no_word_of_distrust_takes_away_what_was_seen(check, known):
    assert check(grown(small(), 3).write(known))[0]
    folder = distrusted(small()).write(known, SECOND)
    refused(check, folder, "the new key with --vkey, and add --drop-seen", NEW)
    holds, said = check(folder, NEW, drops=True)
    assert (holds, "Dropped, as you said, because they are not in it: 20 entries" in said) == (True, True)


def test_nobody_distrusts_a_key_without_a_leads_own_signature_and_the_city(tmp_path):
    for by, words in (
        ((OFFICE,), "say this together"),
        ((ANA,), "say this together"),
        ((CAM, OFFICE), "only a lead with a key"),
    ):
        at = tmp_path / by[0].replace("/", "-")
        holds, wrong = Checks(at / "seen.json")(distrusted(small(), by=by).write(at, SECOND))
        assert (holds, words in wrong or wrong) == (False, True)
    record = distrusted(small())
    raw = record.raw()
    forged = json.loads(raw[-1])
    del forged["act"]
    raw[-1] = json.dumps(forged, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    at = tmp_path / "forged"
    holds, wrong = Checks(at / "seen.json")(record.write(at, SECOND, raw=raw))
    assert (holds, f"lacks the signature of {ANA}" in wrong or wrong) == (False, True)


# Everyone who looks asks the same.


def looked(verify, state, *words, **more):
    return verify(*words, "--state", state, **more)


def test_receipts_follow_a_change_and_refuse_an_old_key_and_one_that_was_not_followed(verify, tmp_path):
    log, state = tmp_path / "log", tmp_path / "seen.json"
    small().write(log)
    receipt = ("receipt", "--at", log)
    typed = {"typed": f"{CODE}\n"}
    assert looked(verify, state, "record", log)[0] == 0
    before = state.read_bytes()
    rekeyed(small()).write(log, SECOND)
    assert looked(verify, state, *receipt, **typed)[0] == 0
    assert state.read_bytes() == before  # of a look-up nothing is written
    rekeyed(small()).write(log, SIGNER)
    code, _, wrong = looked(verify, state, *receipt, **typed)
    assert (code, "gave this record another key" in wrong) == (1, True)
    distrusted(small()).write(log, SECOND)
    code, _, wrong = looked(verify, state, *receipt, **typed)
    assert (code, "the old one is not trusted" in wrong) == (1, True)
    grown(small()).write(log, THIEFS)
    code, _, wrong = looked(verify, state, *receipt, **typed)
    assert (code, "An address can name any key" in wrong) == (1, True)
    assert looked(verify, state, "record", rekeyed(small()).write(log, SECOND))[0] == 0
    code, _, wrong = looked(verify, state, *receipt, "--vkey", OLD, **typed)
    assert (code, "was given up" in wrong) == (1, True)


def test_proofs_are_refused_under_a_key_that_was_given_up(verify, tmp_path):
    log, state, file = tmp_path / "log", tmp_path / "seen.json", tmp_path / "proof"
    raw = small().raw()
    tree = Tree(raw)
    head = Checkpoint(SIGNER.name, tree.size, tree.root())
    path = inclusion_proof(3, tree.size, lambda level, at: Tree(raw[at << level : (at + 1) << level]).root())
    file.write_text(ProofFile(3, tuple(path), checkpoint=head.sign(SIGNER), extra=raw[3]).text)
    assert looked(verify, state, "record", small().write(log))[0] == 0
    assert looked(verify, state, "proof", file, "--vkey", OLD)[0] == 0
    assert looked(verify, state, "record", rekeyed(small()).write(log, SECOND))[0] == 0
    code, _, wrong = looked(verify, state, "proof", file, "--vkey", OLD)
    assert (code, "for a proof or a copy from before, fetch it anew" in wrong) == (1, True)
    code, _, wrong = looked(verify, state, "proof", file, file, "--vkey", OLD)
    assert (code, "was given up" in wrong) == (1, True)
    file.write_text(ProofFile(3, tuple(path), checkpoint=head.sign(SECOND), extra=raw[3]).text)
    assert looked(verify, state, "proof", file, "--vkey", NEW)[0] == 0


def test_a_mirror_goes_on_under_the_new_key_and_refuses_what_the_old_one_signs(verify, tmp_path):
    log, mirror, state = tmp_path / "log", tmp_path / "mirror", tmp_path / "seen.json"
    save = ("--save", mirror)
    assert looked(verify, state, "record", small().write(log), *save)[0] == 0
    assert looked(verify, state, "record", grown(rekeyed(small())).write(log, SECOND), *save)[0] == 0
    head = (mirror / "checkpoint").read_bytes()
    code, _, wrong = verify(
        "record", grown(small(), 3).write(log), *save, "--state", tmp_path / "another.json"
    )
    assert (code, (mirror / "checkpoint").read_bytes() == head) == (2, True), wrong


def test_to_drop_what_was_seen_a_person_names_the_key(verify, tmp_path):
    code, _, wrong = verify(
        "record", small().write(tmp_path / "log"), "--drop-seen", "--state", tmp_path / "seen"
    )
    assert (code, "--drop-seen goes with --vkey" in wrong) == (2, True)


# Witnesses.


@pytest.fixture
def witness(verify, tmp_path, serve):
    """Give a witness that cosigned the record under its first key, what runs its commands, and the folder of the log."""
    address, _ = serve(small().write(tmp_path / "log"))

    def run(what, *more):
        return verify("witness", "--folder", tmp_path / "witness", what, address, *more)

    verify("witness", "--folder", tmp_path / "witness", "key", "library.example/witness")
    assert [run("log")[0], run("pull")[0]] == [0, 0]
    return run, tmp_path / "log"


def test_a_witness_follows_a_planned_change_by_itself(witness):
    run, log = witness
    grown(rekeyed(small())).write(log, SECOND)
    assert run("pull")[0] == 0
    rekeyed(small(), new=THIEFS).write(log, THIEFS)
    code, _, wrong = run("pull")
    assert (code, "no entry that a known key signed leads to it" in wrong) == (1, True)
    code, _, wrong = run("log")
    assert (code, "make a new key under another name" in wrong) == (1, True)


def test_a_witness_takes_the_key_after_a_distrusted_one_from_a_person_alone(witness):
    run, log = witness
    distrusted(small()).write(log, SECOND)
    for what in ("pull", "log"):
        code, _, wrong = run(what)
        assert (code, "the old one is not trusted" in wrong) == (1, True)
    assert [run("log", "--vkey", NEW)[0], run("pull")[0]] == [0, 0]


def test_a_witness_drops_nothing_that_it_cosigned(witness):
    run, log = witness
    grown(small(), 2).write(log)
    assert run("pull")[0] == 0
    distrusted(small()).write(log, SECOND)
    code, _, wrong = run("log", "--vkey", NEW)
    assert (code, "The 19 entries that were cosigned last are not in this log" in wrong) == (1, True)
    assert "make a new key under another name" in wrong
