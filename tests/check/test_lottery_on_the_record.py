"""A lottery that is run again is compared with the draw on the record: root, seed and tickets; a sheet of panels with its rules."""

import hashlib
import json

import pytest

from alongside.check.lottery import main
from alongside.core.lottery import METHOD, drawing_file, pool_root
from alongside.core.quota_alternates import choose_alternates
from alongside.core.quota_sheets import sheet_file
from alongside.core.quotas import METHOD as PANELS_METHOD
from alongside.core.quotas import Quota, facts_leaf, facts_root, panels_tree
from tests.check.records import SIGNER, small

TICKETS = [hashlib.sha256(f"t{i}".encode()).hexdigest()[:32] for i in range(12)]
CALL = {
    "call": "second-cohort",
    "seats": 3,
    "alternates": 1,
    "hours_a_month": 10,
    "term": {"from": "2026-10-01", "until": "2027-09-30"},
    "languages": ["en"],
    "opens": "2026-01-10",
    "closes": "2026-03-01",
    "decides": "2026-06-01",
    "selection": "lottery",
    "rubric": [],
    "questions": ["why"],
    "sought": [],
    "budget": "1000.00",
    "not_to_exceed": "100.00",
    "currency": "USD",
}
TEXTS = ["title", "purpose", "doing", "seeks", "access", "choosing", "question-why"]
SALT, SEED = "ab" * 32, "05 12 33 41"


def drawn():
    """A record on which a lottery was announced (17) and drawn (18) as the drawing file says, and the file."""
    record = small()
    told = {
        "method": METHOD,
        "pool": pool_root(TICKETS, SALT),
        "tickets": {"low": 10, "high": 20},
        "seats": 3,
        "alternates": 1,
    }
    call = record.add("call.published", "2026-03-01", ["steward"], CALL, texts=TEXTS)
    announced = record.add(
        "lottery.announced",
        "2026-03-02",
        ["steward"],
        {**told, "seed_day": "2026-03-05"},
        {"call": [call]},
        ["seed_source"],
    )
    entries = {"announced": announced, "drawn": announced + 1}
    file = drawing_file(TICKETS, salt=SALT, seed=SEED, seats=3, alternates=1, entries=entries)
    result = json.loads(file)["result"]
    record.add("lottery.drawn", "2026-03-06", ["steward"], {"seed": SEED, **result}, {"lottery": [announced]})
    return record, file


@pytest.fixture
def again(tmp_path, capsys):
    def run(record, file, *more):
        path = tmp_path / "drawing.json"
        path.write_text(file)
        code = main(["rerun", str(path), "--record", str(record.write(tmp_path / "record")), *more])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_a_lottery_is_run_again_and_compared_with_the_record(again):
    record, file = drawn()
    code, said, _ = again(record, file, "--vkey", SIGNER.verifier.vkey)
    assert code == 0
    assert (
        "The record record.example/river-city holds this draw of the call second-cohort: entry 18 the pool's root, entry 19 "
        "this seed and these tickets, in this order. Its head is signed with the key you gave. Whether its entries keep the "
        "rules is another check: python3 alongside-verify.pyz record ADDRESS. "
    ) in said
    assert "Now look the seed up at its source" in said


def friends(record):
    record.entries[19]["data"]["seats"] = TICKETS[:3]


def other_seed(record):
    record.entries[19]["data"]["seed"] = "05 12 33 42"


def other_root(record):
    record.entries[18]["data"]["pool"] = "cd" * 32


def fewer(record):
    record.entries[18]["data"]["seats"] = 2


def more_applied(record):
    record.entries[18]["data"]["tickets"] = {"low": 401, "high": 600}


def below_k(record):
    record.entries[18]["data"]["tickets"] = "fewer"


def again_later(record):
    record.add("lottery.drawn", "2026-03-07", ["steward"], record.entries[19]["data"], {"lottery": [18]})


def another_kind(record):
    record.entries[19]["cites"]["lottery"] = [17]


@pytest.mark.parametrize(
    ("bend", "wrong"),
    [
        (friends, "entry 19 says that other tickets were drawn, or in another order"),
        (other_seed, "entry 19 holds another seed"),
        (other_root, "entry 18 holds another root of the pool"),
        (fewer, "entry 18 announces other numbers of seats or alternates"),
        (more_applied, "entry 18 tells another range of tickets"),
        (below_k, "entry 18 tells another range of tickets"),
        (again_later, "entry 20 is a later draw of this lottery"),
        (another_kind, "entries 18 and 19 are not the rules of one lottery and its draw"),
    ],
)
def test_a_file_that_is_not_the_draw_on_the_record_is_told(again, bend, wrong):
    record, file = drawn()
    bend(record)
    assert again(record, file)[::2] == (1, "")
    assert f"The record record.example/river-city does not hold this draw: {wrong}." in again(record, file)[1]


def test_a_file_that_names_no_entry_of_the_record_is_told(again):
    record, file = drawn()
    file = json.dumps(json.loads(file) | {"record": {"announced": 18, "drawn": 99}})
    assert "entries 18 and 99 are not the rules of one lottery and its draw" in again(record, file)[1]


def test_a_record_that_cannot_be_read_is_no_result(again, tmp_path, capsys):
    record, file = drawn()
    path = tmp_path / "drawing.json"
    path.write_text(file)
    assert main(["rerun", str(path), "--record", str(tmp_path / "nowhere")]) == 2
    assert "is neither a folder nor an address" in capsys.readouterr().err
    folder = record.write(tmp_path / "record")
    bundle = folder / "tile/entries/000.p/20"
    bundle.write_bytes(bundle.read_bytes().replace(b'"05 12 33 41"', b'"05 12 33 42"'))
    assert main(["rerun", str(path), "--record", str(folder)]) == 1
    assert "it was changed, swapped" in capsys.readouterr().err


def test_without_a_record_the_tickets_are_to_be_compared_by_hand(tmp_path, capsys):
    path = tmp_path / "drawing.json"
    path.write_text(drawn()[1])
    assert main(["rerun", str(path)]) == 0
    assert (
        "Compare the root with the entry that announced the lottery, the seed with its source, and these tickets, in this "
        "order, with the entry of the draw; or let --record ADDRESS compare them:\n"
        "  announced: entry 18 of the record\n  drawn: entry 19 of the record\n"
    ) in capsys.readouterr().out


FACTS = {one: {"part": "east" if place < 4 else "west"} for place, one in enumerate(TICKETS)}
SALTS = {one: hashlib.sha256(one.encode()).hexdigest() for one in TICKETS}
LEAVES = {one: facts_leaf(one, FACTS[one], SALTS[one]) for one in TICKETS}
FAIR = [Quota("part", "east", 1, 3), Quota("part", "west", 0, 2)]
LOOSE = [Quota("part", "east", 0, 3), Quota("part", "west", 0, 3)]
MIXED = [[TICKETS[place], *TICKETS[place + 4 : place + 6]] for place in range(4)]
ALL_WEST = [TICKETS[place + 4 : place + 7] for place in range(4)]


def sheet(panels=MIXED, rules=FAIR, alternates=1, leaves=LEAVES):
    """A sheet of panels, with the list of them and the alternates of each."""
    listed = [choose_alternates(one, FACTS, rules, alternates, lambda those: those[0]) for one in panels]
    return sheet_file(
        seats=3,
        quotas=rules,
        facts=FACTS,
        salts=SALTS,
        leaves=leaves,
        pool_salt=SALT,
        panels=panels,
        panels_salt=SALT,
        listed=listed,
        entries={"announced": 18},
    ), panels_tree(panels, SALT, listed).root().hex()


def balanced(root, leaves=LEAVES):
    """A record on which a lottery with quotas was announced (18): at least one of the east."""
    record, quotas = small(), [vars(one) for one in FAIR]
    call = record.add("call.published", "2026-03-01", ["steward"], {**CALL, "quotas": quotas}, texts=TEXTS)
    rules = {
        "method": PANELS_METHOD,
        "pool": pool_root(TICKETS, SALT),
        "tickets": {"low": 10, "high": 20},
        "seats": 3,
        "alternates": 1,
        "seed_day": "2026-03-05",
        "quotas": quotas,
        "facts": facts_root(leaves),
        "panels": root,
        "panel_count": 4,
    }
    record.add("lottery.announced", "2026-03-02", ["steward"], rules, {"call": [call]}, ["seed_source"])
    return record


@pytest.fixture
def looked_at(tmp_path, capsys):
    def run(file, record=None):
        path = tmp_path / "sheet.json"
        path.write_text(file)
        more = ["--record", str(record.write(tmp_path / "record"))] if record else []
        code = main(["panels", str(path), *more])
        return code, capsys.readouterr().out

    return run


def test_a_sheet_of_panels_is_compared_with_the_rules_on_the_record(looked_at):
    file, root = sheet()
    code, said = looked_at(file, balanced(root))
    assert code == 0
    assert (
        "The record record.example/river-city holds this list of the call second-cohort: entry 18 these quotas, seats and "
        "alternates, this method, as many panels, and all three roots. "
    ) in said
    assert (
        "Whether its entries keep the rules is another check: python3 alongside-verify.pyz record ADDRESS. "
        in said
    )


def test_a_sheet_says_which_quotas_it_was_checked_against(looked_at):
    _, said = looked_at(sheet(ALL_WEST, LOOSE)[0])
    assert "\nseats       3\n" in said
    assert "\nalternates  1\n" in said
    assert (
        "\nquota       part: east  at least 0, at most 3\nquota       part: west  at least 0, at most 3\n"
        in said
    )
    assert (
        "The quotas are those of this file. Compare them, the seats, the alternates, the panels and all three roots with the entry "
        "that announced the lottery; or let --record ADDRESS compare them:\n  announced: entry 18 of the record\n"
    ) in said


def bent(name, value):
    def bend(record):
        record.entries[18]["data"][name] = value

    return bend


@pytest.mark.parametrize(
    ("bend", "wrong"),
    [
        (bent("quotas", [vars(one) for one in LOOSE]), "entry 18 announces other quotas"),
        (bent("seats", 4), "entry 18 announces other numbers of seats or alternates"),
        (bent("alternates", 0), "entry 18 announces other numbers of seats or alternates"),
        (bent("method", "alongside/lottery/panels/v1"), "entry 18 announces another method"),
        (bent("panel_count", 5), "entry 18 announces another list of panels"),
        (bent("panels", "cd" * 32), "entry 18 announces another list of panels"),
        (bent("pool", "cd" * 32), "entry 18 holds another root of the pool"),
        (bent("tickets", {"low": 401, "high": 600}), "entry 18 tells another range of tickets"),
        (bent("tickets", {"low": 2, "high": 11}), "entry 18 tells another range of tickets"),
        (bent("tickets", "fewer"), "entry 18 tells another range of tickets"),
        (bent("facts", "cd" * 32), "entry 18 holds another root of what tickets have"),
    ],
)
def test_a_sheet_that_is_not_of_the_rules_on_the_record_is_told(looked_at, bend, wrong):
    file, root = sheet()
    record = balanced(root)
    bend(record)
    code, said = looked_at(file, record)
    assert (code, f"The record record.example/river-city does not hold this list: {wrong}." in said) == (
        1,
        True,
    )


def test_a_sheet_that_leaves_applicants_out_is_told(looked_at):
    on_it = {one: leaf for one, leaf in LEAVES.items() if any(one in panel for panel in MIXED)}
    file, root = sheet(leaves=on_it, alternates=0)
    record = balanced(root, on_it)
    record.entries[18]["data"]["alternates"] = 0
    code, said = looked_at(file, record)
    assert (code, "does not hold this list: entry 18 holds another root of the pool." in said) == (1, True)


def test_a_pool_below_k_is_told_as_fewer(looked_at):
    file, root = sheet()
    record = balanced(root)
    record.entries[1]["data"]["k"] = 13
    record.entries[18]["data"]["tickets"] = "fewer"
    assert looked_at(file, record)[0] == 0


def test_panels_without_anybody_of_the_east_do_not_pass_by_looser_quotas_of_their_own(looked_at):
    file, root = sheet(ALL_WEST, LOOSE)
    code, said = looked_at(file, balanced(root))
    assert (code, "does not hold this list: entry 18 announces other quotas." in said) == (1, True)


@pytest.mark.parametrize("entry", [17, 99, -1])
def test_a_sheet_that_names_no_rules_of_a_lottery_is_told(looked_at, entry):
    file, root = sheet()
    file = json.dumps(json.loads(file) | {"record": {"announced": entry}})
    code, said = looked_at(file, balanced(root))
    assert (code, f"entry {entry} is not the rules of a lottery" in said) == (1, True)


def test_a_sheet_without_a_record_that_can_be_read_is_no_result(tmp_path, capsys):
    path = tmp_path / "sheet.json"
    path.write_text(sheet()[0])
    assert main(["panels", str(path), "--record", str(tmp_path / "nowhere")]) == 2
    assert "is neither a folder nor an address" in capsys.readouterr().err


def test_a_ticket_that_stands_twice_on_a_sheet_cannot_have_other_facts_than_its_leaf(tmp_path, capsys):
    value = json.loads(sheet()[0])
    first = value["tickets"][0]
    other = {**first, "values": {"part": "west" if first["values"]["part"] == "east" else "east"}}
    value["tickets"][:1] = [other, {"ticket": first["ticket"], "leaf": LEAVES[first["ticket"]].hex()}]
    path = tmp_path / "sheet.json"
    path.write_text(json.dumps(value))
    assert main(["panels", str(path)]) == 2
    assert "download it again" in capsys.readouterr().err


def test_a_panel_with_fewer_alternates_than_others_is_told(looked_at):
    value = json.loads(sheet()[0])
    value["alternates"][0] = []
    code, said = looked_at(json.dumps(value))
    assert (code, "On 1 panels the alternates do not follow the rule." in said) == (1, True)
