"""A record that holds is told in one paragraph; a copy in which anything was touched is refused."""

import json
import re
from base64 import b64decode, b64encode
from datetime import UTC, date, datetime

import pytest

from alongside.check.log import RecordError
from alongside.check.record import verify_record
from alongside.check.source import SourceError, open_source
from alongside.check.state import load
from alongside.check.trust import read_policy
from alongside.check.verdict import undrawn
from alongside.core.canonical import canonical
from alongside.core.entries import GrammarError
from alongside.core.grammar.check import parse
from alongside.core.grammar.log import check_log
from alongside.core.ledger.hashing import LedgerError
from alongside.core.ledger.keys import KeyKind, Signer
from alongside.core.ledger.tiles import encode_bundle
from alongside.core.ledger.tree import Tree
from tests.check.records import ANA, BEN, CODE, LIBRARY, OFFICE, PACK, SIGNER, small

ROOT = b64encode(Tree(small().raw()).root()).decode()
TODAY = datetime.now(tz=UTC).date()
FORKED = (
    "This does not hold. The record was rewritten or forked: its first 17 entries are not the ones that were signed "
    f"and seen on {TODAY}. Keep {{state}}: it holds the head signed then."
)
WRITTEN_DOWN = " The head of {} entries is signed and was written down: whatever this record shows later has to hold these entries."


@pytest.fixture
def folder(tmp_path):
    return small().write(tmp_path / "record")


@pytest.fixture
def state(tmp_path):
    return tmp_path / "seen.json"


@pytest.fixture
def check(verify, state):
    return lambda address, *more: verify("record", address, "--state", state, *more)


def test_a_record_that_holds_is_told_in_one_paragraph(check, folder):
    assert check(folder, "--vkey", SIGNER.verifier.vkey) == (
        0,
        "Nothing wrong was found in the record record.example/river-city. It holds 17 entries, written from 2026-01-05 to 2026-03-01. "
        "Its head is signed with the key you gave; this is the first time it is seen from here, so there was nothing "
        "to compare it with. "
        "All entries and 1 file of hashes were fetched, and they lead to the signed head. "
        "Every entry is in its one right form, cites only what stands before it, keeps the rules of its kind, "
        "and no date goes backwards. "
        "15 public texts fit their hashes. "
        "The words of its rules that people read fit their hashes. "
        "1 entry is reconstructed from older sources: dated the day of writing here, each carries the date of the "
        "event itself and its source, and no clocks run on it. "
        "3 entries that name leads stand under those leads' own signatures. 3 others that name leads the site entered for them. "
        "12 entries, up to number 11, were written in an older grammar and judged by its rules, which are milder. "
        f"No answer stands on the record for 1 ask whose day had passed by {TODAY}: entry 15 (due 2026-04-12). "
        "No entry says so of entry 15: the record ends on 2026-03-01. "
        "This does not show that what is written is true, nor that everyone is shown the same record. Compare these "
        f"two with what others see, the number of entries and the root over them: 17 {ROOT}",
        "",
    )


def test_a_key_is_believed_on_first_use_and_said_so_and_another_one_is_refused_later(check, tmp_path, folder):
    first = check(folder)
    assert (first[0], first[1].count("its first use from here"), first[1].count(SIGNER.verifier.vkey)) == (
        0,
        1,
        1,
    )
    second = check(folder)
    assert (second[0], second[1].count("the key remembered from the first time")) == (0, 1)
    small().write(folder, signer=Signer(SIGNER.name, KeyKind.ED25519, b"x" * 32))
    code, _, wrong = check(folder)
    assert (code, NO_LINK in wrong) == (1, True)


def test_growth_is_compared_with_what_was_seen(check, folder):
    check(folder)
    grown = small()
    grown.add("seat.left", "2026-03-02", [ANA], {"seat": ANA})
    grown.write(folder)
    code, said, _ = check(folder)
    assert (code, said.count(f"it still begins with the 17 entries seen on {TODAY}")) == (0, 1)


def at(source, state, day):
    """Check a record as on a day; give the paragraph."""
    return verify_record(open_source(str(source)), state=load(state), today=date.fromisoformat(day)).says


def grown(folder, day):
    """Let more, dated so, stand on the record in this folder: once an ask is late, that it is, and that the office above was told."""
    record, late = small(), (date.fromisoformat(day) - date(2026, 4, 12)).days
    if late > 0:
        silence = {"office": "water/director", "days": late, "stage": "silence-1"}
        record.add("ask.silent", day, ["clock"], silence, {"ask": [15]})
        above = {"office": "water/director", "to": "water/manager"}
        record.add("ask.escalated", day, ["clock"], above, {"ask": [15]})
    else:
        record.add("seat.left", day, [ANA], {"seat": ANA})
    record.write(folder)


BACK_DATED = (
    "Entry 17 is dated {}, but it was not on this record yet when it was seen here on 2026-12-01. "
    "It was dated back; or it was written in time and shown days later, because the log did not sign or an old copy "
    "of it was put back. Ask whoever runs the record. Keep {}: it holds the head that stood here then."
)


@pytest.mark.parametrize("day", ["2026-03-01", "2026-11-28"])
def test_an_entry_dated_before_the_visit_that_did_not_see_it_is_refused(folder, state, serve, day):
    address, _asked = serve(folder)
    at(address, state, "2026-12-01")
    grown(folder, day)
    for _again in range(2):
        with pytest.raises(RecordError, match=re.escape(BACK_DATED.format(day, state))):
            at(address, state, "2026-12-02")
    at(address, state.with_name("other.json"), "2026-12-02")  # who has seen nothing has nothing to compare


@pytest.mark.parametrize("day", ["2026-11-29", "2026-11-30", "2026-12-01", "2026-12-02"])
def test_an_entry_of_the_days_around_the_visit_holds_for_clocks_and_signatures_differ(
    folder, state, serve, day
):
    address, _asked = serve(folder)
    at(address, state, "2026-12-01")
    grown(folder, day)
    assert "it still begins with the 17 entries seen on 2026-12-01" in at(address, state, "2026-12-02")


def test_every_visit_moves_the_day_before_which_nothing_new_is_dated(folder, state, serve):
    address, _asked = serve(folder)
    for day in ("2026-03-02", "2026-12-01"):
        at(address, state, day)
    grown(folder, "2026-03-02")
    with pytest.raises(RecordError, match="when it was seen here on 2026-12-01"):
        at(address, state, "2026-12-02")


def test_a_visit_on_a_day_that_has_not_come_yet_counts_as_one_today(folder, state, serve):
    address, _asked = serve(folder)
    at(address, state, "2027-06-01")  # on a machine whose clock ran ahead
    grown(folder, "2026-12-01")
    assert "holds 19 entries" in at(address, state, "2026-12-01")


def test_a_mirror_that_was_behind_accuses_nobody(folder, state, serve, tmp_path):
    address, _asked = serve(folder)
    mirror = small().write(tmp_path / "mirror")
    at(address, state, "2026-03-02")
    at(mirror, state, "2026-12-01")
    grown(folder, "2026-06-01")
    grown(mirror, "2026-06-01")
    for place in (address, mirror):
        assert "holds 19 entries" in at(place, state, "2026-12-02")


def test_a_state_from_before_visits_were_kept_is_read(folder, state, serve):
    address, _asked = serve(folder)
    at(address, state, "2026-12-01")
    kept = json.loads(state.read_text())
    del kept["shown"]
    state.write_text(json.dumps(kept))
    grown(folder, "2026-03-01")
    assert "holds 18 entries" in at(address, state, "2026-12-02")


LATE = (
    "No answer stands on the record for 1 ask whose day had passed by 2026-12-02: entry 15 (due 2026-04-12). {}"
    "This does not show"
)
UNTOLD = "No entry says so of entry 15: the record ends on 2026-03-01. "


@pytest.mark.parametrize(
    ("told", "kept", "said"),
    [
        (False, "keeps the rules of its kind, and no date goes backwards.", LATE.format(UNTOLD)),
        (True, "keeps the rules of its kind and its clocks, and no date goes backwards.", LATE.format("")),
    ],
)
def test_an_ask_that_is_late_is_named_also_where_the_record_stopped_before_its_day(
    folder, state, told, kept, said
):
    if told:
        grown(folder, "2026-05-01")
    says = at(folder, state, "2026-12-02")
    assert (says.count(kept), says.count(said)) == (1, 1)


def test_no_ask_is_named_while_its_day_has_not_passed_everywhere(folder, state):
    assert "No answer stands" not in at(folder, state, "2026-04-13")
    assert "No answer stands" in at(folder, state, "2026-04-14")


def test_an_empty_record_holds_nothing_and_holds(check, tmp_path):
    empty = small()
    empty.entries = []
    code, said, _ = check(empty.write(tmp_path / "empty"))
    assert (code, said.split(". ")[:2]) == (
        0,
        ["Nothing wrong was found in the record record.example/river-city", "It holds 0 entries"],
    )


def rewrite(record, how):
    match how:
        case "changed":
            record.entries[5]["data"]["until"] = "2027-11-30"
        case "removed":
            del record.entries[16]
        case "swapped":
            record.entries[6], record.entries[7] = record.entries[7], record.entries[6]
        case "inserted":
            value = record.entries[5] | {"data": record.entries[5]["data"] | {"seat": "seat-dddddddd"}}
            record.entries.insert(16, value | {"date": "2026-02-12", "cites": {"cohort": [2]}})
        case "back-dated":
            record.entries[16]["date"] = "2026-02-28"
        case "forked":
            record.entries[16]["data"]["event_date"] = "2018"
            record.add("seat.left", "2026-03-02", [ANA], {"seat": ANA})
    return record


HOW = ["changed", "removed", "swapped", "inserted", "back-dated", "forked"]


@pytest.mark.parametrize("how", HOW)
def test_a_record_rewritten_by_someone_who_holds_its_key_is_refused_by_who_has_seen_it(
    check, folder, state, how
):
    assert check(folder)[0] == 0
    shown = rewrite(small(), how)
    shown.write(folder)
    said = FORKED.format(state=state)
    if how == "removed":
        said = (
            f"This does not hold. The record has shrunk: it held 17 entries when it was seen on {TODAY}, and this one "
            "holds 16. If this is an old copy, check it with a --state file of its own; "
            "a mirror, given as --save FOLDER, tells whether it is a fork."
        )
    said += WRITTEN_DOWN.format(len(shown.entries))
    for _again in range(2):
        assert check(folder) == (1, "", said)
    code, _, wrong = check(small().write(folder))
    assert (code, bool(wrong)) == ((0, False) if how == "removed" else (1, True)), "two histories were signed"


def test_a_fork_shown_at_another_address_is_refused_too(check, folder, tmp_path, state):
    check(folder)
    fork = rewrite(small(), "forked").write(tmp_path / "elsewhere")
    assert check(fork) == (1, "", FORKED.format(state=state) + WRITTEN_DOWN.format(18))


CHANGED = (
    "This does not hold. Entry {} is not the entry that was put on the record there: "
    "it was changed, swapped, or another one was removed or put in before it."
)
NUMBER = (
    "This does not hold. The file of entries 0 to 16 does not hold exactly 17 entries: "
    "one was removed, put in or cut off."
)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("changed", CHANGED.format(5)),
        ("removed", NUMBER),
        ("swapped", CHANGED.format(6)),
        ("inserted", NUMBER),
        ("back-dated", CHANGED.format(16)),
        ("forked", NUMBER),
    ],
)
def test_a_copy_in_which_entries_were_touched_is_refused(check, folder, how, said):
    (folder / "tile/entries/000.p/17").write_bytes(encode_bundle(rewrite(small(), how).raw()))
    assert check(folder) == (1, "", said + WRITTEN_DOWN.format(17))


@pytest.mark.parametrize("how", ["changed", "swapped", "back-dated"])
def test_a_copy_whose_hashes_were_made_anew_is_refused(check, folder, how):
    raw = rewrite(small(), how).raw()
    (folder / "tile/entries/000.p/17").write_bytes(encode_bundle(raw))
    (folder / "tile/0/000.p/17").write_bytes(Tree(raw).tile(0, 0, 17))
    assert check(folder) == (
        1,
        "",
        "This does not hold. The 17 entries do not lead to the head that the log signed: an entry was changed, "
        "removed, put in or swapped, and the tiles were made anew to hide it." + WRITTEN_DOWN.format(17),
    )


def test_one_entry_taken_out_for_another_of_the_same_number_is_found(check, folder):
    raw = small().raw()
    del raw[3]
    (folder / "tile/entries/000.p/17").write_bytes(encode_bundle([*raw, raw[-1]]))
    assert check(folder) == (1, "", CHANGED.format(3) + WRITTEN_DOWN.format(17))


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("tile/0/000.p/17", "The file tile/0/000.p/17 is missing, although the signed head needs it."),
        (
            "tile/entries/000.p/17",
            "The file tile/entries/000.p/17 is missing, although the signed head needs it.",
        ),
        ("vkey", "{} does not give out its key; ask for it and name it with --vkey."),
        (
            "checkpoint",
            "There is no record at {}: it has no checkpoint. "
            "The address of a record ends with /record, such as https://example.org/riverside/record.",
        ),
    ],
)
def test_a_file_that_is_missing_is_named(check, folder, file, said):
    (folder / file).unlink()
    more = ["--vkey", SIGNER.verifier.vkey] if file == "checkpoint" else []
    told = WRITTEN_DOWN.format(17) if file.startswith("tile") else ""
    assert check(folder, *more) == (1, "", f"This does not hold. {said.format(folder)}{told}")


def test_a_tile_cut_short_is_refused(check, folder):
    tile = folder / "tile/0/000.p/17"
    tile.write_bytes(tile.read_bytes()[:-1])
    assert check(folder) == (
        1,
        "",
        "This does not hold. The file tile/0/000.p/17 has 543 bytes instead of 544."
        + WRITTEN_DOWN.format(17),
    )


def test_a_head_that_was_touched_is_refused(check, folder):
    head = folder / "checkpoint"
    head.write_text(head.read_text().replace("\n17\n", "\n16\n"))
    assert check(folder) == (
        1,
        "",
        "This does not hold. The head of the record cannot be believed. "
        "The signature of record.example/river-city does not fit the text of the note.",
    )


def translated(record, day, by, *, made_by="machine", reviewed=False, name="statement"):
    """Put a translation of the finding into Spanish on a record."""
    data = {"lang": "es", "reviewed": reviewed, "made_by": made_by}
    index = record.add("text.translated", day, by, data, {"of": [14]}, texts=[name])
    record.entries[index]["texts"][name]["lang"] = "es"


@pytest.mark.parametrize(
    ("v", "before"),
    [
        (2, []),
        (2, [([ANA], {"made_by": "machine"})]),
        (1, [([ANA], {"made_by": "person", "reviewed": True})]),  # written before there was the rule
    ],
)
def test_the_steward_fills_a_gap_and_what_was_written_before_the_rule_holds(v, before):
    record = small(v)
    for by, told in before:
        translated(record, "2026-11-25", by, **told)
    translated(record, "2026-11-25", ["steward"], made_by="person", reviewed=True)
    assert check_log(record.raw(), origin=SIGNER.name).kinds["text.translated"] == len(before) + 1


@pytest.mark.parametrize(
    "before",
    [
        [(["steward"], {"made_by": "person", "reviewed": True})],
        [([ANA], {"made_by": "person"}), ([BEN], {"made_by": "machine"})],
    ],
)
def test_the_steward_changes_no_words_of_a_finding_for_which_a_person_stands(before):
    record = small()
    for by, told in before:
        translated(record, "2026-11-25", by, **told)
    translated(record, "2026-11-25", ["steward"], made_by="person", reviewed=True)
    with pytest.raises(GrammarError, match="a person stands for these words"):
        check_log(record.raw(), origin=SIGNER.name)


@pytest.mark.parametrize("told", [{"made_by": "person"}, {"reviewed": True}])
def test_the_steward_takes_no_leads_place_also_where_the_leads_words_were_taken_down(told):
    record = small()
    translated(record, "2026-11-25", [ANA], **told)
    gone = {"sha256": record.entries[17]["texts"]["statement"]["sha256"]}
    record.add("text.erased", "2026-11-25", [BEN, "steward"], gone, {"of": [17]}, texts=["ground"])
    translated(record, "2026-11-25", ["steward"])
    with pytest.raises(GrammarError, match="ask a lead"):
        check_log(record.raw(), origin=SIGNER.name)


def broken(how):
    record = small()
    match how:
        case "back-dated":
            record.add("seat.left", "2026-02-28", [ANA], {"seat": ANA})
        case "future":
            record.add("seat.restored", "2099-01-01", ["steward"], {"seat": ANA})
            record.entries[15]["data"] |= {"answer_due": "2026-04-12"}
        case "silent":
            record.add("seat.left", "2026-04-14", [ANA], {"seat": ANA})
        case "office writes a finding":
            record.entries[14]["by"] = ["water/director"]
        case "long clock":
            record.entries[15]["data"]["answer_due"] = "2026-12-24"
        case "no source":
            del record.entries[16]["texts"]["sources"]
        case "cites forward":
            record.entries[14]["cites"]["engagement"] = [15]
        case "over a lead":
            translated(record, "2026-11-25", [ANA], made_by="person")
            translated(record, "2026-11-25", ["steward"], made_by="person")
        case "few voices":
            record.entries[12]["data"]["marks"] = record.entries[12]["data"]["marks"][:1]
    return record


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("back-dated", "Entry 17: is dated 2026-02-28, before the entry in front of it (2026-03-01)."),
        ("future", f"The last entry is dated 2099-01-01, which is after today ({TODAY})."),
        (
            "silent",
            "Entry 15 asks for an answer by 2026-04-12. No answer is on the record, and no entry says that none came.",
        ),
        (
            "office writes a finding",
            "Entry 14: finding.published: water/director does not write entries of this kind; it takes seat.",
        ),
        (
            "long clock",
            "Entry 15: ask.recommended: the answer is due by 2026-04-12 at the latest; set that day.",
        ),
        ("no source", "Entry 16: reconstructed.promise: lacks the text sources; write it."),
        (
            "cites forward",
            "Entry 14: finding.published: cites entry 15, which is not before it; "
            "a link may look back, never forward.",
        ),
        (
            "over a lead",
            "Entry 18: text.translated: a lead wrote or reviewed these words in this language; ask a lead to change them.",
        ),
        (
            "few voices",
            "Entry 12: voices.published: a batch below 2 would point at people; wait until there are more.",
        ),
    ],
)
def test_a_record_that_breaks_its_own_rules_is_refused_though_it_is_well_signed(check, tmp_path, how, said):
    assert check(broken(how).write(tmp_path / "broken")) == (1, "", f"This does not hold. {said}")


def test_the_day_in_which_the_clock_has_yet_to_tell_a_silence_is_no_fault(check, tmp_path):
    record = small()
    record.add("seat.left", "2026-04-13", [ANA], {"seat": ANA})
    assert check(record.write(tmp_path / "night"))[0] == 0


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda raw: raw.replace(b'"v":4', b'"v": 4'), "the bytes are not canonical JSON."),
        (
            lambda raw: b'{"zz":0,' + raw[1:],
            "an entry has exactly these fields: by, cites, data, date, kind, pen, texts, v.",
        ),
        (
            lambda raw: raw.replace(b'"v":4', b'"v":6'),
            "this grammar knows versions 1 to 5; use a newer verifier.",
        ),
        (lambda raw: b"not an entry", "the entry is not JSON."),
    ],
)
def test_an_entry_in_another_form_is_refused(check, tmp_path, spoil, said):
    raw = small().raw()
    raw[9] = spoil(raw[9])
    said = f"This does not hold. Entry 9: {said}{WRITTEN_DOWN.format(17)}"
    assert check(small().write(tmp_path / "form", raw=raw)) == (1, "", said)


def long_record():
    record = small()
    for n in range(600):
        record.add("hold.placed", "2026-03-02", ["steward"], texts=["ground"])
    return record


def test_a_record_of_many_files_is_checked_to_the_last_one(check, tmp_path):
    folder = long_record().write(tmp_path / "long")
    code, said, _ = check(folder)
    assert (code, said.count("All entries and 4 files of hashes were fetched")) == (0, 1)
    upper = folder / "tile/1/000.p/2"
    upper.write_bytes(bytes(64))
    assert check(folder) == (
        1,
        "",
        "This does not hold. The file tile/1/000.p/2 does not fit the entries below it: the hashes in it were changed."
        + WRITTEN_DOWN.format(617),
    )


def test_a_partial_file_may_be_gone_once_its_full_successor_is_there(check, tmp_path):
    short = long_record()
    short.entries = short.entries[:500]
    folder = short.write(tmp_path / "grown")
    for file in ("tile/0/001.p/244", "tile/entries/001.p/244"):
        (folder / file).unlink()
    head = (folder / "checkpoint").read_bytes()
    upper = (folder / "tile/1/000.p/1").read_bytes()
    long_record().write(folder)
    (folder / "checkpoint").write_bytes(head)
    (folder / "tile/1/000.p/1").write_bytes(upper)
    assert check(folder)[0] == 0


def policy(tmp_path, *lines):
    file = tmp_path / "policy"
    file.write_text("\n".join([f"log {SIGNER.verifier.vkey}", *lines]))
    return file


def test_a_policy_asks_for_witnesses(check, tmp_path, folder):
    demanding = policy(tmp_path, f"witness library {LIBRARY.verifier.vkey}", "quorum library")
    assert check(folder, "--policy", demanding) == (
        1,
        "",
        "This does not hold. The head of the record cannot be believed. Too few witnesses have cosigned the "
        "checkpoint: the policy asks for library, and there are none. The head of 17 entries is signed and was written "
        "down: whatever this record shows later has to hold these entries.",
    )
    small().write(folder, cosigners=[LIBRARY])
    code, said, _ = check(folder, "--policy", demanding)
    assert (code, said.count("and cosigned by library (on 2026-09-21);")) == (0, 1)


def test_a_head_without_its_witnesses_was_a_visit(tmp_path, folder):
    demanding = policy(tmp_path, f"witness library {LIBRARY.verifier.vkey}", "quorum library")
    small().write(folder, cosigners=[LIBRARY])
    looked(folder, tmp_path, 2, demanding)
    small().write(folder)
    with pytest.raises(RecordError, match="Too few witnesses"):
        looked(folder, tmp_path, 20, demanding)
    dated_back().write(folder, cosigners=[LIBRARY])
    with pytest.raises(RecordError, match="It was dated back"):
        looked(folder, tmp_path, 25, demanding)


def test_a_head_that_was_signed_twice_and_once_wrongly_was_a_visit(tmp_path, folder):
    looked(folder, tmp_path, 2)
    head = folder / "checkpoint"
    dash, name, signature = head.read_text().rstrip("\n").split("\n")[-1].split(" ")
    wrong = b64encode(b64decode(signature)[:4] + bytes(64)).decode()
    head.write_text(f"{head.read_text()}{dash} {name} {wrong}\n")
    with pytest.raises(RecordError, match="cannot be believed"):
        looked(folder, tmp_path, 20)
    dated_back().write(folder)
    with pytest.raises(RecordError, match="It was dated back"):
        looked(folder, tmp_path, 25)


def looked(folder, tmp_path, day, listed=None):
    """Look at a record on a day in March, as at an address on the web."""
    source = open_source(str(folder))
    source.is_mirror = False
    seen = {"state": load(tmp_path / "seen.json"), "policy": listed and read_policy(listed)}
    return verify_record(source, today=date(2026, 3, day), **seen)


def dated_back():
    record = small()
    record.add("ask.acknowledged", "2026-03-05", [OFFICE], {}, {"ask": [15]})
    return record


TWIN = Signer(SIGNER.name, KeyKind.ED25519, b"z" * 32)
NO_LINK = "no entry that a known key signed leads to it"


def test_a_policy_adds_no_key_to_the_one_that_was_given(check, tmp_path, folder):
    listed = policy(tmp_path, "quorum none")
    code, _, wrong = check(folder, "--vkey", TWIN.verifier.vkey, "--policy", listed)
    assert (code, NO_LINK in wrong) == (1, True)
    assert check(folder, "--vkey", SIGNER.verifier.vkey, "--policy", listed)[0] == 0


def test_a_policy_of_two_logs_lets_neither_stand_where_the_other_was(check, tmp_path, folder):
    listed = policy(tmp_path, f"log {TWIN.verifier.vkey}", "quorum none")
    code, said, _ = check(folder, "--policy", listed)
    assert (code, "signed with a key in your policy" in said) == (0, True)
    fork().write(folder, signer=TWIN)
    code, _, wrong = check(folder, "--policy", listed)
    assert (code, NO_LINK in wrong) == (1, True)


def test_a_policy_that_names_another_key_than_was_remembered_is_believed_once_a_person_names_the_key(
    check, tmp_path, folder
):
    small().write(folder, signer=TWIN)
    assert check(folder)[0] == 0
    listed = policy(tmp_path, "quorum none")
    code, _, wrong = check(folder, "--policy", listed)
    assert (code, "No key that you trust has signed this note." in wrong) == (1, True)
    code, _, wrong = check(small().write(folder), "--policy", listed)
    assert (code, NO_LINK in wrong) == (1, True)
    by_hand = ("--vkey", SIGNER.verifier.vkey, "--drop-seen")
    assert check(folder, "--policy", listed, *by_hand)[0] == 0
    assert check(folder, "--policy", listed)[0] == 0


def test_a_policy_that_cannot_be_read_is_no_judgment_on_the_record(check, tmp_path, folder):
    broken_policy = policy(tmp_path, "quorum nobody")
    assert check(folder, "--policy", broken_policy) == (
        2,
        "",
        f"This could not be checked. {broken_policy} is not a policy. "
        "Line 2 of the policy: asks for nobody, which no line before it defines.",
    )


def test_what_cannot_be_reached_or_read_is_said_and_nothing_is_judged(check, verify, state, tmp_path, folder):
    assert check("http://127.0.0.1:9")[0] == 2
    assert check(tmp_path / "nowhere") == (
        2,
        "",
        f"This could not be checked. {tmp_path / 'nowhere'} is neither a folder nor an address that begins with "
        "http:// or https://.",
    )
    assert check(folder, "--vkey", "nonsense")[0] == 2
    assert verify("record")[0] == 2
    state.write_text("{}")
    assert check(folder) == (
        2,
        "",
        f"This could not be checked. {state} is not readable as what was seen before. "
        "Put it aside and keep it, or name another --state file.",
    )


def test_a_record_is_checked_over_http_and_its_mirror_checks_too(check, serve, folder, tmp_path):
    address, asked = serve(folder)
    assert check(address + "/", "--save", tmp_path / "mirror")[0] == 0
    assert sorted(line.split()[1] for line in asked) == [
        "/checkpoint",
        f"/rules/{PACK}.json",
        "/texts/0.json",
        "/tile/0/000.p/17",
        "/tile/entries/000.p/17",
        "/vkey",
    ]
    assert check(tmp_path / "mirror")[0] == 0
    (folder / "texts/0.json").unlink()
    assert check(address) == (
        1,
        "",
        "This does not hold. Entry 0: the words of its text name are not given out, and no entry says that they were "
        "taken down. If that was done a moment ago, its entry is not signed yet: check again later.",
    )


def test_someone_who_names_the_site_or_the_program_is_led_to_the_record(verify, serve, tmp_path):
    small().write(tmp_path / "riverside" / "record")
    (tmp_path / "index.html").write_text('<a href="/health">Up</a> <a href="/riverside/en/">Riverside</a>')
    site, _asked = serve(tmp_path)
    words = f"Name {site}/riverside/record."

    record = verify("record", site)
    receipt = verify("receipt", "--at", site, typed=f"{CODE}\n")
    program = verify("receipt", "--at", f"{site}/riverside", typed=f"{CODE}\n")

    assert [one[0] for one in (record, receipt, program)] == [1, 1, 1]
    assert [words in one[2] for one in (record, receipt, program)] == [True, True, True]


# A told loss explains the heads that it lost, and nothing else


def told_loss(record, **told):
    """Let a record go on without entries that had been signed, and say so."""
    kept = len(record.entries)
    record.add("record.resumed", "2026-03-02", [ANA, "steward"], {"kept": kept, **told}, texts=["reason"])
    return kept


def test_a_loss_that_was_seen_explains_no_later_rewriting(check, folder, tmp_path):
    lost = small()
    kept = told_loss(lost)
    first, second = lost.copy(), lost.copy()
    first.add("seat.left", "2026-03-03", [ANA], {"seat": ANA})
    second.add("seat.left", "2026-03-03", [BEN], {"seat": BEN})
    assert check(first.write(folder))[0] == 0
    second.write(folder)
    for more in ((), ("--resumed", kept)):
        code, _, said = check(folder, *more)
        assert (code, "The record was rewritten or forked" in said) == (1, True)


def test_what_stands_before_a_told_loss_must_be_what_was_seen(check, folder):
    assert check(folder)[0] == 0
    grown = small()
    grown.add("seat.left", "2026-03-02", [ANA], {"seat": ANA})
    assert check(grown.write(folder))[0] == 0
    for forks in (True, False):
        lost = rewrite(small(), "changed") if forks else small()
        kept = told_loss(lost)
        code, said, error = check(lost.write(folder), "--resumed", kept)
        if forks:
            assert (code, f"the first {kept} entries, seen before, are not the ones" in error) == (1, True)
        else:
            assert (code, f"still begins with {kept} that were seen before" in said) == (0, True)


@pytest.mark.parametrize(
    ("on", "says"),
    [
        (
            "2026-03-01",
            "Entry 17 is dated 2026-03-01, but it was not on this record yet when it was seen here",
        ),
        ("2026-05-10", "No answer is on the record, and no entry says that none came"),
    ],
)
def test_a_loss_is_not_dated_before_the_visit_that_saw_what_it_says_is_lost(folder, state, serve, on, says):
    grown(folder, "2026-04-30")
    address = serve(folder)[0] + "/"
    at(address, state, "2026-04-30")
    lost = small()
    kept = told_loss(lost)
    lost.entries[kept]["date"] = on
    if on < "2026-04-30":
        data = {"decision": "declined", "signed_off": OFFICE}
        lost.add("answer.given", on, [OFFICE], data, {"ask": [15]}, ["reasons"])
    lost.write(folder)
    with pytest.raises(RecordError, match=re.escape(says)):
        verify_record(open_source(address), state=load(state), today=date(2026, 5, 10), resumed=kept)


@pytest.mark.parametrize("beside", ["another address", "a folder"])
def test_a_loss_that_was_accepted_elsewhere_is_not_dated_before_the_visit_here(folder, state, serve, beside):
    address, _asked = serve(folder)
    grown(folder, "2026-05-01")
    at(address, state, "2026-05-01")
    kept = len(small().entries)
    lossy = small()
    lossy.add("record.resumed", "2026-03-02", [ANA, "steward"], {"kept": kept}, texts=["reason"])
    data = {"decision": "declined", "signed_off": OFFICE}
    lossy.add("answer.given", "2026-04-12", [OFFICE], data, {"ask": [15]}, ["reasons"])
    lossy.write(folder)
    other = serve(folder)[0] if beside == "another address" else str(folder)
    verify_record(open_source(other), state=load(state), today=date(2026, 5, 10), resumed=kept)
    with pytest.raises(
        RecordError, match="it was not on this record yet when it was seen here on 2026-05-01"
    ):
        at(address, state, "2026-05-11")


@pytest.mark.parametrize("refused_for", ["a missing text", "a hidden silence"])
def test_what_was_signed_and_refused_is_not_rewritten_unseen(check, folder, refused_for):
    assert check(folder)[0] == 0
    shown = small()
    silent = {"office": "water/director", "days": 1, "stage": "silence-1"}
    if refused_for == "a missing text":
        shown.add("ask.silent", "2026-04-13", ["clock"], silent, {"ask": [15]})
        shown.words.rows.pop(11)
    else:
        shown.add("seat.left", "2026-05-01", [ANA], {"seat": ANA})
    assert check(shown.write(folder))[0] == 1

    rewritten = small()
    data = {"decision": "declined", "signed_off": OFFICE}
    rewritten.add("answer.given", "2026-04-12", [OFFICE], data, {"ask": [15]}, ["reasons"])
    code, _, said = check(rewritten.write(folder))
    assert (code, "was rewritten or forked: its first 18 entries" in said) == (1, True)


GONE = ["tile/0/000.p/18", "tile/entries/000.p/18"]


def left(on="2026-03-02"):
    """Give the small record with one entry more."""
    record = small()
    record.add("seat.left", on, [ANA], {"seat": ANA})
    return record


def answered():
    """Give the same with another entry in its place."""
    record = small()
    data = {"decision": "declined", "signed_off": OFFICE}
    record.add("answer.given", "2026-04-12", [OFFICE], data, {"ask": [15]}, ["reasons"])
    return record


@pytest.mark.parametrize("gone", GONE)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_signed_head_of_which_not_all_was_given_out_is_not_rewritten_unseen(
    check, folder, state, gone, is_first
):
    if not is_first:
        assert check(folder)[0] == 0
    left().write(folder)
    (folder / gone).rename(folder / "kept")
    code, said, wrong = check(folder)
    assert (code, said, wrong.endswith(WRITTEN_DOWN.format(18))) == (1, "", True)
    seen = state.read_bytes()
    code, _, said = check(answered().write(folder))
    assert (code, "was rewritten or forked: its first 18 entries" in said) == (1, True)
    left().write(folder)
    assert check(folder)[0] == 1, "two histories were signed"
    state.write_bytes(seen)
    assert check(folder)[0] == 0
    assert check(folder)[0] == 0


@pytest.mark.parametrize("gone", GONE)
def test_a_signed_head_of_which_not_all_was_given_out_makes_nobody_forget_what_was_seen(check, folder, gone):
    check(folder)
    forked = small()
    forked.entries[15]["data"]["answer_due"] = "2026-04-13"
    forked.add("seat.left", "2026-03-02", [ANA], {"seat": ANA})
    forked.write(folder)
    (folder / gone).rename(folder / "kept")
    assert check(folder)[0] == 1
    (folder / "kept").rename(folder / gone)
    code, _, said = check(folder)
    assert (code, "its first 17 entries are not the ones" in said) == (1, True)


def test_what_was_signed_after_a_visit_that_could_not_fetch_all_is_not_dated_before_it(folder, state, serve):
    address, _asked = serve(folder)
    (folder / "tile/0/000.p/17").rename(folder / "kept")
    with pytest.raises(RecordError, match="is missing"):
        at(address, state, "2026-12-01")
    (folder / "kept").rename(folder / "tile/0/000.p/17")
    grown(folder, "2026-03-01")
    with pytest.raises(RecordError, match=re.escape(BACK_DATED.format("2026-03-01", state))):
        at(address, state, "2026-12-02")


@pytest.mark.parametrize("broken", [SourceError, LedgerError])
def test_a_head_is_remembered_where_the_rest_could_not_be_reached(folder, state, broken):
    class Broken:
        """A record of which some files cannot be read today."""

        address, is_mirror = "https://record.example/record", False

        def get(self, path):
            if path.startswith("tile"):
                raise broken("It answers with 503; try again later.")
            return open_source(str(folder)).get(path)

    left().write(folder)
    with pytest.raises(broken, match=r"answers with 503.*and was written down"):
        verify_record(Broken(), state=load(state), today=TODAY)
    answered().write(folder)
    with pytest.raises(RecordError, match="was rewritten or forked: its first 18 entries"):
        at(folder, state, TODAY.isoformat())


SPOILT = {
    "of a newer grammar": lambda raw: raw.replace(b'"v":5', b'"v":6'),
    "in another form": lambda raw: raw.replace(b'"v":5', b'"v": 5'),
    "no entry": lambda _raw: b"not an entry",
}


def spoilt(how):
    """Give the bytes of the small record with one entry more, which does not parse."""
    *others, last = left().raw()
    return [*others, SPOILT[how](last)]


@pytest.mark.parametrize("how", SPOILT)
def test_a_signed_head_over_what_does_not_parse_is_not_rewritten_unseen(check, folder, how):
    assert check(folder)[0] == 0
    left().write(folder, raw=spoilt(how))
    code, _, wrong = check(folder)
    assert (code, wrong.endswith(WRITTEN_DOWN.format(18))) == (1, True)
    code, _, said = check(answered().write(folder))
    assert (code, "was rewritten or forked: its first 18 entries" in said) == (1, True)


def fork():
    """Give another history of the small record, longer than it."""
    record = small()
    record.entries[15]["data"]["answer_due"] = "2026-04-13"
    record.add("seat.left", "2026-03-02", [ANA], {"seat": ANA})
    return record


def older():
    """Give the small record before its last entry."""
    record = small()
    del record.entries[-1]
    return record


@pytest.mark.parametrize("shown", [*SPOILT, "an older head", "a fork", "the same"])
def test_every_visit_counts_as_one_whatever_is_refused(folder, state, serve, shown):
    address, _asked = serve(folder)
    at(address, state, "2026-04-10")
    if shown in SPOILT:
        left().write(folder, raw=spoilt(shown))
    else:
        {"an older head": older, "a fork": fork, "the same": small}[shown]().write(folder)
    if shown == "the same":
        at(address, state, "2026-05-20")
    else:
        with pytest.raises((RecordError, GrammarError), match="written down"):
            at(address, state, "2026-05-20")
    says = "when it was seen here on 2026-05-20" if shown in ("an older head", "the same") else "or forked"
    answered().write(folder)
    with pytest.raises(RecordError, match=says):
        at(address, state, "2026-05-21")


def test_what_was_seen_before_an_older_head_was_shown_is_not_called_dated_back(folder, state, serve):
    address, _asked = serve(folder)
    at(address, state, "2026-04-10")
    older().write(folder)
    with pytest.raises(RecordError, match="has shrunk"):
        at(address, state, "2026-04-12")
    small().write(folder)
    assert "holds 17 entries" in at(address, state, "2026-04-12")


def test_a_visit_that_is_refused_excuses_nothing_that_was_dated_back_before_it(
    folder, state, serve, tmp_path
):
    address, _asked = serve(folder)
    at(address, state, "2026-04-10")
    left("2026-03-02").write(folder)
    with pytest.raises(RecordError, match="dated back"):
        at(address, state, "2026-04-11")
    at(left("2026-03-02").write(tmp_path / "mirror"), state, "2026-04-11")
    with pytest.raises(RecordError, match="when it was seen here on 2026-04-10"):
        at(address, state, "2026-04-12")


def test_a_mirror_makes_nobody_forget_a_visit_at_which_a_file_was_missing(folder, state, serve, tmp_path):
    mirror = small().write(tmp_path / "mirror")
    address, _asked = serve(folder)
    at(address, state, "2026-04-10")
    (folder / "tile/0/000.p/17").rename(folder / "kept")
    with pytest.raises(RecordError, match="is missing"):
        at(address, state, "2026-05-20")
    (folder / "kept").rename(folder / "tile/0/000.p/17")
    at(mirror, state, "2026-05-20")
    answered().write(folder)
    with pytest.raises(RecordError, match="when it was seen here on 2026-05-20"):
        at(address, state, "2026-05-21")


def went_on_after_a_loss(folder):
    """Let the record in a folder say that it went on, and tell the silence anew; give the entry that says so."""
    lost = small()
    kept = told_loss(lost)
    lost.entries[kept]["date"] = "2026-05-01"
    silence = {"office": "water/director", "days": 19, "stage": "silence-1"}
    lost.add("ask.silent", "2026-05-01", ["clock"], silence, {"ask": [15]})
    lost.add(
        "ask.escalated", "2026-05-01", ["clock"], {"office": OFFICE, "to": "water/manager"}, {"ask": [15]}
    )
    lost.write(folder)
    return kept


def test_a_loss_that_was_refused_and_then_accepted_was_there_at_that_visit(folder, state, serve):
    address, _asked = serve(folder)
    grown(folder, "2026-04-30")
    at(address, state, "2026-04-30")
    kept = went_on_after_a_loss(folder)
    with pytest.raises(RecordError, match="--resumed 17"):
        at(address, state, "2026-05-05")
    loss = verify_record(open_source(address), state=load(state), today=date(2026, 5, 5), resumed=kept)
    assert "it went on without some" in loss.says


def test_a_loss_that_was_accepted_at_a_mirror_is_asked_about_no_more(folder, state, serve):
    address, _asked = serve(folder)
    grown(folder, "2026-04-30")
    (folder / "tile/0/000.p/19").unlink()
    with pytest.raises(RecordError, match="is missing"):
        at(address, state, "2026-04-30")
    kept = went_on_after_a_loss(folder)
    verify_record(open_source(str(folder)), state=load(state), today=date(2026, 5, 5), resumed=kept)
    assert "holds 20 entries" in at(address, state, "2026-05-06")


@pytest.mark.parametrize("names", [True, False])
@pytest.mark.parametrize("beside", ["another address", "a folder", "the same address"])
@pytest.mark.parametrize("saw", [17, 18])
def test_an_old_copy_from_before_a_loss_that_was_accepted_accuses_nobody(
    verify, folder, state, serve, tmp_path, beside, names, saw
):
    address, _asked = serve(folder)
    mirror = left().write(tmp_path / "mirror")
    (left if saw == 18 else small)().write(folder)
    at(address, state, "2026-03-02")
    lost = small()
    told = {"lost": 18, "root": Tree(left().raw()).root().hex()} if names else {}
    kept = told_loss(lost, **told)
    lost.write(folder)
    verify_record(open_source(address), state=load(state), today=date(2026, 3, 3), resumed=kept)
    if beside == "the same address":
        left().write(folder)
    old = {"another address": serve(mirror)[0], "a folder": mirror, "the same address": address}[beside]
    with pytest.raises(RecordError, match="rewritten or forked"):
        at(old, state, "2026-03-03")
    lost.write(folder)
    assert verify("receipt", "--at", address, "--state", state, typed=CODE)[0] == 0
    for day in ("2026-03-03", "2026-03-04"):
        assert "holds 18 entries" in at(address, state, day)


@pytest.mark.parametrize("forks", ["before the loss", "after the loss", "where nobody sees"])
def test_a_fork_is_explained_by_no_loss_that_was_accepted(folder, state, tmp_path, forks):
    at(left().write(folder), state, "2026-03-02")
    lost = small()
    kept = told_loss(lost)
    forked = fork() if forks == "before the loss" else lost.copy()
    forked.add("seat.left", "2026-03-02", [BEN], {"seat": BEN})
    if forks != "where nobody sees":
        lost.add("seat.left", "2026-03-02", [ANA], {"seat": ANA})
    lost.write(folder)
    verify_record(open_source(str(folder)), state=load(state), today=date(2026, 3, 3), resumed=kept)
    elsewhere = forked.write(tmp_path / "elsewhere")
    if forks == "where nobody sees":
        (elsewhere / "tile/0/000.p/19").unlink()
        lost.add("seat.left", "2026-03-02", [ANA], {"seat": ANA})
        lost.write(folder)
    with pytest.raises(RecordError, match="written down"):
        at(elsewhere, state, "2026-03-03")
    for more in ({}, {"resumed": kept}):
        with pytest.raises(RecordError, match="rewritten or forked: its first 19 entries"):
            verify_record(open_source(str(folder)), state=load(state), today=date(2026, 3, 4), **more)


@pytest.mark.parametrize(("selection", "tells"), [("panel", False), ("lottery", True)])
def test_a_selection_that_ends_without_the_draw_that_its_call_named_is_told(selection, tells):
    call = {"v": 2, "kind": "call.published", "date": "2026-01-02", "data": {"selection": selection}}
    ends = {"v": 2, "kind": "selection.closed", "date": "2026-02-02", "cites": {"call": [0]}}
    whole = {"pen": "program", "by": ["steward"], "data": {}, "cites": {}, "texts": {}}
    entries = [parse(index, canonical(whole | one)) for index, one in enumerate((call, ends))]
    said = "Entry 1 ends a selection whose call, entry 0, named a lottery, and none was drawn."
    assert undrawn(entries) == (said if tells else "")
