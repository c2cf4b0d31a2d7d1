"""Old entries stay valid under the rules they were written by, and nobody falls back to those rules unnoticed."""

import tarfile
from pathlib import Path

import pytest

from alongside.core.canonical import canonical
from alongside.core.entries import GrammarError
from alongside.core.grammar.log import check_log
from alongside.core.grammar.versions import GRAMMARS, KINDS, VERSION
from alongside.core.policy.load import load_pack
from alongside.core.policy.parts import LATER, parts_of
from tests.check.records import ANA, BEN, PACK, RULES, SIGNER, in_grammar, small


@pytest.fixture
def check(verify, tmp_path):
    return lambda address, *more: verify("record", address, "--state", tmp_path / "seen.json", *more)


def test_a_record_whose_last_entry_is_in_an_older_grammar_is_refused_and_told_how_to_check_it(
    check, tmp_path
):
    folder = small(v=1).write(tmp_path / "old")
    code, _, said = check(folder)
    assert (code, said) == (
        1,
        "This does not hold. The last entry is written in grammar 1; this check asks for grammar 5, which is stricter. "
        "If you know why this site still writes in the older one, check again with --grammar 1.",
    )


def test_a_record_in_an_older_grammar_holds_for_whoever_asks_for_that_grammar(check, tmp_path):
    assert check(small(v=1).write(tmp_path / "old"), "--grammar", "1")[0] == 0


def kept(v: int, tmp_path: Path) -> Path:
    """Unpack the mirrors of the demonstration's records as they were written before the house was rebuilt."""
    with tarfile.open(Path(__file__).with_name(f"record-grammar-{v}.tar.xz")) as file:
        file.extractall(tmp_path, filter="data")
    return tmp_path


@pytest.mark.parametrize(
    ("v", "mirror", "entries"),
    [
        (1, "mirror-v1", 420),
        (1, "mirror-v1-portland", 46),
        (2, "mirror-v2", 423),
        (2, "mirror-v2-portland", 46),
        (3, "mirror-v3", 440),
        (3, "mirror-v3-portland", 47),
        (4, "mirror-v4", 440),
        (4, "mirror-v4-portland", 47),
    ],
)
def test_the_demonstration_as_it_was_written_before_still_holds(check, tmp_path, v, mirror, entries):
    code, said, error = check(kept(v, tmp_path) / mirror, "--grammar", str(v))
    assert (code, error) == (0, "")
    assert f" holds {entries} entries, " in said


def test_a_record_that_went_on_in_the_newer_grammar_holds(check, tmp_path):
    record = small()
    record.entries[:9] = [in_grammar(1, value) for value in record.entries[:9]]
    code, said, _error = check(record.write(tmp_path / "mixed"))
    assert code == 0
    assert (
        "12 entries, up to number 11, were written in an older grammar and judged by its rules, which are milder."
        in said
    )


@pytest.mark.parametrize("untold", [LATER, {"sanctuary"}])
def test_a_record_of_this_grammar_holds_that_was_begun_before_its_rules_had_all_their_parts(
    check, tmp_path, untold
):
    record = small()
    told = record.entries[1]["data"]["parts"]
    record.entries[1]["data"]["parts"] = {name: one for name, one in told.items() if name not in untold}
    folder = record.write(tmp_path / "begun")
    (folder / "rules").mkdir()
    (folder / "rules" / f"{PACK}.json").write_bytes(canonical(parts_of(load_pack(RULES))))
    code, said, _error = check(folder)
    assert code == 0
    assert f"Entry 1 tells no hash of {', '.join(sorted(untold))}, so nothing compared these." in said
    record.add("policy.adopted", "2026-03-02", ["steward"], {**record.entries[1]["data"], "parts": told})
    with pytest.raises(GrammarError, match="this changes what people read in the rules"):
        check_log(record.raw(), origin=SIGNER.name)
    record.entries[-1]["by"] += [ANA, BEN]
    assert check_log(record.raw(), origin=SIGNER.name).entries == len(record.entries)


def test_a_record_whose_rules_lack_an_older_part_is_no_record():
    record = small()
    del record.entries[1]["data"]["parts"]["routes"]
    with pytest.raises(GrammarError, match="data.parts lacks routes"):
        check_log(record.raw(), origin=SIGNER.name)


def test_edges_of_ranges_that_older_rules_do_not_tell_are_first_told_with_the_leads():
    record = small()
    policy = record.entries[1]
    record.entries[:9] = [in_grammar(1, value) for value in record.entries[:9]]
    record.add("policy.adopted", "2026-03-02", ["steward"], policy["data"])
    with pytest.raises(GrammarError, match="more than half of the seated leads sign it"):
        check_log(record.raw(), origin=SIGNER.name)
    record.entries[-1]["by"] += [ANA, BEN]
    assert check_log(record.raw(), origin=SIGNER.name).entries == len(record.entries)


def test_the_version_never_falls_within_a_log():
    record = small()
    record.entries[9]["v"] = 1
    with pytest.raises(GrammarError, match="Entry 9: is written in grammar 1, after an entry in grammar 4"):
        check_log((canonical(value) for value in record.entries), origin=SIGNER.name)


def test_what_a_kind_says_came_later_is_a_part_of_it():
    groups = {
        "by": lambda kind: kind.by,
        "data": lambda kind: (*kind.data, *kind.may),
        "cites": lambda kind: kind.cites,
        "texts": lambda kind: (*kind.texts, *kind.may_text),
    }
    unknown = [
        f"{kind.name} says that {part} came later, and has no such part; take it out."
        for kind in KINDS.values()
        for part in kind.since
        if part.split(".", 1)[1] not in groups[part.split(".", 1)[0]](kind)
    ]
    assert unknown == []


def test_every_kind_that_came_later_is_unknown_before():
    for kind in KINDS.values():
        assert [version for version in GRAMMARS if kind.name in GRAMMARS[version]] == list(
            range(kind.first, VERSION + 1)
        )


def test_the_steward_may_have_ended_a_pause_of_the_leads_in_grammar_1():
    record = small(v=1)
    promise = next(at for at, one in enumerate(record.entries) if one["kind"] == "engagement.promised")
    cites = {"engagement": [promise]}
    record.add("engagement.paused", "2026-03-03", [ANA], {}, cites, ["ground"])
    record.add("engagement.resumed", "2026-03-03", ["steward"], {}, cites)
    assert check_log(record.raw(), origin=SIGNER.name).entries == len(record.entries)
