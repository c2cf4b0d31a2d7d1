"""The lottery: anyone who has the pool, the salt and the seed comes to the same result, by the written method alone."""

import hashlib
import hmac
import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.check.lottery import main
from alongside.core.lottery import (
    LotteryError,
    Result,
    draw,
    drawing_file,
    pool_root,
    rerun,
    seed_as_written,
    seed_bytes,
)

VECTORS = json.loads((Path(__file__).parents[2] / "vectors/lottery.json").read_text())
POOL = [hashlib.md5(str(n).encode(), usedforsecurity=False).hexdigest() for n in range(12)]
SALT = "5a" * 32
ENTRIES = {"announced": 4, "drawn": 7}
tickets = st.lists(st.binary(min_size=16, max_size=16).map(bytes.hex), min_size=3, max_size=40, unique=True)


def by_hand(pool, salt, seed):
    """Order a pool with nothing but hashlib and hmac, after the words of docs/reference/lottery.md."""

    def tree(leaves):
        if len(leaves) == 1:
            return leaves[0]
        cut = 1
        while cut * 2 < len(leaves):
            cut *= 2
        return hashlib.sha256(b"\1" + tree(leaves[:cut]) + tree(leaves[cut:])).digest()

    leaves = [hashlib.sha256(b"\0" + bytes.fromhex(salt) + one.encode()).digest() for one in sorted(pool)]
    root = tree(leaves).hex()
    place = {
        one: hmac.new(seed.encode(), f"alongside/lottery/v1\n{root}\n{one}".encode(), "sha256").digest()
        for one in pool
    }
    return root, sorted(pool, key=place.get)


@pytest.mark.parametrize("one", VECTORS["draws"], ids=lambda one: one["seed"])
def test_the_vectors_hold(one):
    result = draw(
        one["pool"], salt=one["salt"], seed=one["seed"], seats=one["seats"], alternates=one["alternates"]
    )

    assert pool_root(one["pool"], one["salt"]) == one["root"]
    assert {"seats": list(result.seats), "alternates": list(result.alternates)} == one["result"]


@given(pool=tickets, salt=st.binary(min_size=32, max_size=32).map(bytes.hex))
def test_a_stranger_comes_to_the_same_order_by_hand(pool, salt):
    root, order = by_hand(pool, salt, "07 14 22")

    drawn = draw(pool[::-1], salt=salt, seed="  07  14\n22 ", seats=2, alternates=1)

    assert (pool_root(pool, salt), drawn) == (root, Result(tuple(order[:2]), (order[2],)))


def test_a_seed_is_the_same_however_it_is_typed():
    assert seed_bytes(" Caf\u0065\u0301  9 ") == seed_bytes("Caf\u00e9 9") == "Café 9".encode()


def test_every_ticket_wins_about_as_often_as_every_other():
    wins = dict.fromkeys(POOL, 0)
    for seed in range(1200):
        for one in draw(POOL, salt=SALT, seed=str(seed), seats=3, alternates=0).seats:
            wins[one] += 1

    assert (sum(wins.values()), 230 < min(wins.values()), max(wins.values()) < 370) == (3600, True, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"tickets": []},
        {"tickets": [*POOL, POOL[0]]},
        {"tickets": [*POOL[:-1], "rosa@example.org"]},
        {"salt": "short"},
        {"seed": " \n"},
        {"seats": 12, "alternates": 1},
        {"seats": 0},
    ],
)
def test_what_cannot_be_drawn_is_refused(wrong):
    given = {"tickets": POOL, "salt": SALT, "seed": "1", "seats": 2, "alternates": 1, **wrong}

    with pytest.raises(LotteryError):
        draw(given.pop("tickets"), **given)


def _file(tmp_path, **changed):
    value = json.loads(drawing_file(POOL, salt=SALT, seed="07 14", seats=3, alternates=2, entries=ENTRIES))
    path = tmp_path / "draw.json"
    path.write_text(json.dumps({**value, **changed}))
    return path


def test_a_witness_runs_it_again_from_the_command_line(tmp_path, capsys):
    assert main(["rerun", str(_file(tmp_path))]) == 0

    told = capsys.readouterr().out
    assert pool_root(POOL, SALT) in told
    assert told.endswith("  announced: entry 4 of the record\n  drawn: entry 7 of the record\n")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"seed": "07 15"}, "The result in the file does not follow from its pool and seed."),
        ({"pool": [*POOL[:-1], "f" * 32]}, "The pool is not the one that the file's root stands for."),
        ({"result": {"seats": POOL[:3], "alternates": POOL[3:5]}}, "does not follow"),
    ],
)
def test_a_changed_file_is_told(tmp_path, capsys, changed, says):
    assert main(["rerun", str(_file(tmp_path, **changed))]) == 1
    assert says in capsys.readouterr().out


def test_a_file_that_is_none_is_told(tmp_path, capsys):
    path = tmp_path / "draw.json"
    path.write_text("[]")

    assert main(["rerun", str(path)]) == 2
    assert capsys.readouterr().err == (
        "alongside: This is no drawing file; download it again from the page of the draw.\n"
    )
    with pytest.raises(LotteryError):
        rerun('{"method": "another"}')


def test_a_number_without_end_is_no_drawing_file(tmp_path, capsys):
    path = _file(tmp_path)
    path.write_text(path.read_text().replace('"alternates": 2', '"alternates": 1e999'))
    assert (main(["rerun", str(path)]), "no drawing file" in capsys.readouterr().err) == (2, True)


def test_the_order_of_the_pool_in_a_file_does_not_matter(tmp_path):
    assert all(a < b for a, b in pairwise(json.loads(_file(tmp_path).read_text())["pool"]))
    assert main(["rerun", str(_file(tmp_path, pool=POOL[::-1]))]) == 0


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("5, 12,33: 41 + 60-9", "05 12 33 41 60 09"),
        ("05 12 33 41 60 09", "05 12 33 41 60 09"),
        ("005\t12", "05 12"),
        ("0 0 7", "0 0 7"),
        ("00AF09", "af09"),
    ],
)
def test_a_seed_is_written_in_one_way_however_it_is_typed(typed, written):
    assert seed_as_written(typed) == seed_as_written(written) == written


@pytest.mark.parametrize("typed", ["", " - ", "twelve", "12 ؛ 13", "1" * 301])
def test_what_is_no_seed_is_refused_with_the_cure(typed):
    with pytest.raises(LotteryError, match="write those that the public source gave"):
        seed_as_written(typed)
