"""A lottery that is run again is compared with the draw on the record: root, seed and tickets."""

import hashlib
import json

import pytest

from alongside.check.lottery import main
from alongside.core.lottery import METHOD, drawing_file, pool_root
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
        "tickets": "fewer",
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
        "rules is another check: verify record. "
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
