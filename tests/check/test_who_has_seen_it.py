"""Rules that name witnesses are demanded by the verifier: who cosigned the head is told, and too few are refused."""

import hashlib
import json
import subprocess
import sys
from datetime import date

import pytest

from alongside.core.canonical import canonical
from alongside.core.grammar.program import terms_of
from alongside.core.ledger.keys import KeyKind, Signer
from alongside.core.ledger.note import signature_line, split_note
from alongside.core.policy.load import load_pack
from alongside.core.policy.parts import parts_of
from alongside.core.policy.words import PackError
from alongside.ground.record import machine
from tests.check.records import CODE, HEX, LIBRARY, RULES, SIGNER, small

HERALD = Signer("herald.example", KeyKind.COSIGNATURE, b"h" * 32)
CLUB = Signer("club.example", KeyKind.COSIGNATURE_ML_DSA, b"c" * 32)
NAMED = f"""
witness City_library {LIBRARY.verifier.vkey} https://witness.library.example
witness Riverside_Herald {HERALD.verifier.vkey}
witness Garden_club {CLUB.verifier.vkey}
group outside 2 City_library Riverside_Herald Garden_club
quorum outside
"""


def rules(witnesses=NAMED):
    return f"witnesses = {json.dumps(witnesses.strip().splitlines())}\n{RULES}"


def named(folder, *cosigners, text=None, gives=True, later=lambda _record: ()):
    """Write a record whose rules name witnesses, with what `later` adds, which gives further rules."""
    record, text = small(), text or rules()
    record.entries[1]["data"] = adopted(text)
    texts = [text, *later(record)]
    record.write(folder, cosigners=cosigners)
    (folder / "rules").mkdir(exist_ok=True)
    for one in texts if gives else ():
        (folder / "rules" / f"{sha256_of(one)}.json").write_bytes(canonical(parts_of(load_pack(one))))
    return folder


def sha256_of(text):
    return hashlib.sha256(text.encode()).hexdigest()


def adopted(text):
    return terms_of(load_pack(text), sha256_of(text), date(2026, 1, 5))


def named_as_a_file(record):
    """Tell of a file that is called as the kind of an entry."""
    files = [{"name": "policy.adopted", "sha256": HEX}]
    record.add("site.released", "2026-03-02", ["clock"], {"version": "0.2.0", "files": files})
    return ()


def dropped_by_the_coordinator(record):
    """Adopt rules that name nobody, without a lead."""
    record.add("policy.adopted", "2026-03-02", ["steward"], adopted(RULES))
    return (RULES,)


def test_a_record_whose_rules_name_witnesses_holds_once_enough_of_them_cosigned_its_head(verify, tmp_path):
    folder, state = tmp_path / "record", ["--state", tmp_path / "seen.json"]
    code, _, said = verify("record", named(folder, LIBRARY), *state)
    assert (code, said.split(" The head of 17")[0]) == (
        1,
        "This does not hold. The rules of this record name who outside has to have seen its head, and too few have. Seen by: "
        "City library. Not seen by: Riverside Herald, Garden club. If it was signed just now, look again in a few minutes.",
    )
    for others in ((LIBRARY, HERALD), (LIBRARY, CLUB)):
        code, said, _ = verify("record", named(folder, *others), *state)
        shown = {HERALD: "Riverside Herald", CLUB: "Garden club"}[others[1]]
        listed = f"and cosigned by City library (on 2026-09-21), {shown} (on 2026-09-21);"
        assert (code, listed in said) == (0, True)


def test_the_policy_of_who_looks_is_demanded_beside_that_of_the_rules(verify, tmp_path):
    own = tmp_path / "policy"
    own.write_text(f"witness Garden_club {CLUB.verifier.vkey}\nquorum Garden_club\n")
    folder, asks = tmp_path / "record", ["--policy", own, "--state", tmp_path / "seen.json"]
    assert verify("record", named(folder, CLUB), *asks)[0] == 1
    assert verify("record", named(folder, LIBRARY, HERALD), *asks)[0] == 1
    assert verify("record", named(folder, LIBRARY, CLUB), *asks)[0] == 0


def test_a_receipt_is_looked_up_only_under_a_head_that_enough_saw(verify, tmp_path):
    asked = ("receipt", "--at", tmp_path / "record")
    named(tmp_path / "record", LIBRARY)
    code, _, said = verify(*asked, typed=CODE)
    assert (code, "and too few have" in said) == (1, True)
    named(tmp_path / "record", LIBRARY, HERALD)
    assert verify(*asked, typed=CODE)[0] == 0


def test_a_receipt_says_who_saw_the_head(verify, tmp_path):
    named(tmp_path / "record", LIBRARY, HERALD)
    _code, said, _ = verify("receipt", "--at", tmp_path / "record", typed=CODE)
    assert ", and cosigned by City library (on 2026-09-21), Riverside Herald (on 2026-09-21)." in said


@pytest.mark.parametrize(
    ("later", "why"),
    [
        (named_as_a_file, "and too few have"),
        (dropped_by_the_coordinator, "Entry 17"),
    ],
)
def test_nothing_that_comes_later_without_leads_lets_a_receipt_forget_the_witnesses(
    verify, tmp_path, later, why
):
    named(tmp_path / "record", later=later)
    code, said, wrong = verify("receipt", "--at", tmp_path / "record", typed=CODE)
    assert (code, said) == (1, "")
    assert why in wrong


def test_a_witness_whose_clock_is_out_of_all_bounds_breaks_no_check(verify, tmp_path):
    folder = named(tmp_path / "record", LIBRARY)
    head = (folder / "checkpoint").read_text()
    (folder / "checkpoint").write_text(head + signature_line(split_note(head)[0], HERALD, 2**63 - 1))
    code, said, _ = verify("record", folder, "--state", tmp_path / "seen.json")
    assert (code, "Riverside Herald (on 9999-12-31)" in said) == (0, True)


def test_rules_that_are_given_out_without_their_witnesses_are_refused(verify, tmp_path):
    folder = named(tmp_path / "record")
    (given,) = (folder / "rules").iterdir()
    given.write_bytes(canonical(parts_of(load_pack(RULES))))
    code, _, said = verify("record", folder, "--state", tmp_path / "seen.json")
    assert (code, "adopts other rules than those that are given out for it: witnesses." in said) == (1, True)


def test_a_copy_without_the_rules_says_that_nothing_compared_them(verify, tmp_path):
    folder = named(tmp_path / "record", text=RULES, gives=False)
    (folder / "rules" / f"{sha256_of(RULES)}.json").unlink(missing_ok=True)
    code, said, _ = verify("record", folder, "--state", tmp_path / "seen.json")
    assert (code, "does not hold the rules that 1 entry adopts, so nothing compared their words" in said) == (
        0,
        True,
    )


def test_a_copy_that_lacks_whom_its_rules_name_as_witnesses_is_refused(verify, tmp_path):
    folder = named(tmp_path / "record", LIBRARY, HERALD, gives=False)
    archive = tmp_path / machine.VERIFIER
    archive.write_bytes(machine.archive())
    alone = subprocess.run(
        [sys.executable, "-I", archive, "record", folder, "--state", tmp_path / "alone.json"],
        capture_output=True,
        text=True,
        check=False,
    )
    for code, said, wrong in (
        verify("record", folder, "--state", tmp_path / "seen.json"),
        verify("receipt", "--at", folder, typed=CODE),
        (alone.returncode, alone.stdout, alone.stderr),
    ):
        assert (code, said) == (1, "")
        assert (
            "The rules that entry 1 adopts name who outside has to have seen the head, and this copy" in wrong
        )


@pytest.mark.parametrize(
    ("witnesses", "why"),
    [
        ("quorum nobody\n", "Line 1 of the policy: asks for nobody"),
        (f"log {SIGNER.verifier.vkey}\nquorum none\n", "names a log"),
        (f"witness A {LIBRARY.verifier.vkey} http://library.example\nquorum A\n", "begins with https://"),
        (f"witness A {LIBRARY.verifier.vkey} https://a@b.example\nquorum A\n", "begins with https://"),
        (f"witness A {SIGNER.verifier.vkey}\nquorum A\n", "a key of another kind"),
        (f"witness A {LIBRARY.verifier.vkey}\nquorum none\n", "asks for none of those that it names"),
        ("quorum none\n", "asks for none"),
    ],
)
def test_a_pack_names_witnesses_as_it_can_be_read_or_not_at_all(witnesses, why):
    with pytest.raises(PackError, match=why):
        load_pack(rules(witnesses))
