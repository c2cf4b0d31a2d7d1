"""What is published tells no small count, not even to whoever puts all of it together, and nothing of any one person."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from alongside.core.canonical import canonical
from alongside.core.disclosure import Band, band
from alongside.core.opinions.answers import WITHHELD
from alongside.core.opinions.groups import Rules
from alongside.core.opinions.maps import Parameters, draw
from alongside.core.opinions.minority import Scan
from alongside.core.opinions.published import computed, result, sha256
from alongside.core.opinions.tables import keeps_small_counts
from alongside.core.opinions.votes import VotesError, cast
from tests.core.opinions.conversations import REAL, planted, real
from tests.core.packs import pack

PACK = pack("neutral")
K = PACK.k
QUICK = Parameters(Rules(resamples=10, shuffles=19, clouds=2), Scan(draws=19))
ANSWERS = ("agree", "disagree", "pass")
SALT = bytes(32)


def ends(told):
    return (0, K - 1) if told == "fewer" else (told["low"], told["high"])


def bounds(least, most, variables, cell):
    """Give the least and the most that a cell can be, by linear programming over all sums."""
    rows = np.vstack([-least[0], most[0]])
    limits = np.concatenate([-least[1], most[1]])
    found = []
    for sign in (1, -1):
        goal = np.zeros(variables)
        goal[cell] = sign
        solved = linprog(goal, A_ub=rows, b_ub=limits, bounds=(0, None))
        assert solved.success
        found.append(round(sign * solved.fun, 6))
    return tuple(found)


def system(statement, told):
    """Write down everything that is published of a statement, as rows of sums between a lower and an upper end.

    The unknowns are the counts by group and answer; the last group is everybody who is in none.
    """
    groups = statement["groups"] if statement["groups"] != WITHHELD else []
    width = 3 * (len(told["groups"]["each"]) + 1)
    sums, low, high = [], [], []

    def add(cells, ends_of):
        row = np.zeros(width)
        row[cells] = 1
        sums.append(row)
        low.append(ends_of[0])
        high.append(ends_of[1])

    for group, cells in enumerate(groups):
        if cells == "fewer":
            add([3 * group + at for at in range(3)], ends("fewer"))
        else:
            for at, name in enumerate(ANSWERS):
                add([3 * group + at], ends(cells[name]))
    for group, each in enumerate(told["groups"]["each"]):
        add([3 * group + at for at in range(3)], (0, ends(each["people"])[1]))
    add([width - 3, width - 2, width - 1], (0, ends(told["groups"]["not_known_yet"])[1]))
    add(list(range(width)), (0, ends(told["people"])[1]))
    everybody = statement["everybody"]
    if everybody == "fewer":
        add(list(range(width)), ends("fewer"))
    else:
        for at, name in enumerate(ANSWERS):
            add(list(range(at, width, 3)), ends(everybody[name]))
    sums, low, high = np.array(sums), np.array(low, float), np.array(high, float)
    return (sums, low), (sums, high), width


def small_cells(statement):
    """Give the places of cells of groups of which no more is told than that they are below k."""
    if statement["groups"] == WITHHELD:
        return []
    return [
        3 * group + at
        for group, cells in enumerate(statement["groups"])
        for at, name in enumerate(ANSWERS)
        if cells == "fewer" or cells[name] == "fewer"
    ]


def assert_nothing_can_be_recovered(told, statements):
    for statement in statements:
        for cell in small_cells(statement):
            assert bounds(*system(statement, told), cell) == (0, K - 1), (statement, cell)


def counts_in(data):
    """Walk all that looks like a count: a range, or a number beside people's answers."""
    if isinstance(data, dict):
        if set(data) == {"low", "high"}:
            yield data
        for value in data.values():
            yield from counts_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from counts_in(value)


SMALL = ("brexit-consensus", "15-per-hour-seattle", "london.youth.policing")


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=() if name in SMALL else pytest.mark.soak) for name in REAL],
)
def told(request):
    return result(draw(real(request.param), QUICK), PACK)


def test_no_count_below_k_is_published_and_no_range_is_narrower_than_k(told):
    assert [one for one in counts_in(told) if one["low"] < K or one["high"] - one["low"] + 1 < K] == []


def test_no_small_count_can_be_recovered_from_all_sums_together(told):
    some = told["statements"] if len(told["statements"]) < 36 else told["statements"][::7]
    assert_nothing_can_be_recovered(told, some)


@pytest.mark.soak
def test_no_small_count_can_be_recovered_from_any_statement(told):
    assert_nothing_can_be_recovered(told, told["statements"])


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20))
def test_nor_from_made_conversations(seed):
    told = result(draw(planted(seed, people=60 + 20 * seed, camps=2 + seed % 3).votes, QUICK), PACK)
    assert_nothing_can_be_recovered(told, told["statements"])


def test_what_is_published_is_canonical_and_comes_back_as_it_was(told):
    assert json.loads(canonical(told)) == told


def test_nothing_is_told_of_what_was_taken_out():
    votes = real("15-per-hour-seattle")
    told = result(draw(votes, QUICK), PACK)
    assert {one["id"] for one in told["statements"]} == set(votes.statements[~votes.out].tolist())


def test_no_person_is_in_what_is_published():
    votes = planted(3, people=200).votes
    pair = draw(replace(votes, people=votes.people * 7919 + 10**9), QUICK)
    told = canonical(result(pair, PACK)).decode()

    assert [one for one in pair.everybody.votes.people.tolist() if str(one) in told] == []
    assert longest(json.loads(told)) < 200


def longest(data):
    """Give the length of the longest list: one with a line for each person would be as long as there are people."""
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    own = len(data) if isinstance(data, list) else 0
    return max([own, *(longest(one) for one in inner)])


def test_without_stable_groups_the_page_is_told_so_and_there_are_none():
    told = result(draw(planted(1, people=15).votes, QUICK), PACK)
    assert told["groups"]["count"] == 0
    assert told["groups"]["why"] == "too few people"
    assert told["groups"]["each"] == []


def rows_of(counts):
    ranges = [[band(int(one), PACK) for one in row] for row in counts]
    low = np.array([[one.low if isinstance(one, Band) else 0 for one in row] for row in ranges])
    high = np.array([[one.high if isinstance(one, Band) else K - 1 for one in row] for row in ranges])
    return low, high


def test_counts_of_groups_are_withheld_where_they_would_tell_a_small_one_and_told_elsewhere():
    votes = [
        (person, statement, 1 if (person < 30) == (statement < 10) else -1)
        for person in range(70)
        for statement in range(20)
    ]
    votes += [(person, 20, 1) for person in range(35)] + [(person, 20, -1) for person in range(50, 70)]
    votes += [(person, 20, 1) for person in range(70, 76)]  # who answered nothing else
    told = result(draw(cast(*zip(*votes, strict=True)), QUICK), PACK)

    assert told["groups"]["count"] == 2
    assert told["groups"]["not_known_yet"] == "fewer"
    assert told["statements"][20]["everybody"]["agree"] == {"low": 41, "high": 50}
    # 30 at the most of one group and 9 of nobody's leave at least 2 for the other, of which 5 agreed
    assert told["statements"][20]["groups"] == WITHHELD
    assert told["statements"][0]["groups"][1]["agree"] == {"low": 21, "high": 30}


tables = st.lists(
    st.lists(st.one_of(st.integers(0, 14), st.integers(0, 90)), min_size=3, max_size=3),
    min_size=1,
    max_size=4,
)


def test_a_table_that_would_tell_a_small_count_is_withheld():
    everybody = np.array([40, 40, 40])
    groups = np.array([[10, 10, 10]] * 4)
    low, high = rows_of(groups)
    room = np.array([60, 60, 60, 60, 9])

    def kept(rows_low, rows_high, most):
        rest = np.zeros((1, 3), int)
        small = np.vstack([rows_high < K, rest > 0])
        return keeps_small_counts(
            np.vstack([rows_low, rest]),
            np.vstack([rows_high, rest + 9]),
            small,
            everybody,
            most,
            room,
            400,
            K,
        )

    four = np.where(np.arange(4)[:, None] == 3, 0, low), np.where(np.arange(4)[:, None] == 3, K - 1, high)
    assert kept(*four, np.array([60, 60, 60]))
    assert not kept(*four, np.array([35, 60, 60]))  # three have 30 at the least: the fourth 5 at most

    two = np.array([[10, 10, 10], [0, 10, 10]]), np.array([[20, 20, 20], [K - 1, 60, 60]])
    room, most = np.array([60, 100, 9]), np.array([60, 60, 60])
    everybody = np.array([29, 20, 20])
    assert kept(*two, most)
    everybody = np.array([31, 20, 20])
    assert not kept(*two, most)  # of 31 others have 29 at the most: 2 or more are left


@given(tables, st.lists(st.integers(0, 25), min_size=3, max_size=3), st.integers(0, 8))
@settings(max_examples=12)
def test_what_the_flow_rule_lets_through_no_linear_program_can_narrow(groups, rest, silent):
    counts = np.array(groups)
    low, high = rows_of(counts)
    everybody_low, everybody_high = rows_of([counts.sum(axis=0) + rest])
    room = np.array([rows_of([[int(row.sum()) + silent] * 3])[1][0, 0] for row in [*counts, np.array(rest)]])
    people = int(rows_of([[int(counts.sum() + sum(rest)) + silent * len(room)] * 3])[1][0, 0])
    small = high < K
    kept = keeps_small_counts(
        np.vstack([low, np.zeros(3, int)]),
        np.vstack([high, np.full(3, room[-1])]),
        np.vstack([small, np.zeros(3, bool)]),
        everybody_low[0],
        everybody_high[0],
        room,
        people,
        K,
    )
    width = 3 * len(room)
    sums = [np.eye(width)[cell] for cell in range(width - 3)]
    lows, highs = list(low.ravel()), list(high.ravel())
    for row in range(len(room)):
        sums.append(np.isin(np.arange(width), range(3 * row, 3 * row + 3)).astype(float))
        lows.append(0), highs.append(room[row])
    sums.append(np.ones(width))
    lows.append(0), highs.append(people)
    for at in range(3):
        sums.append((np.arange(width) % 3 == at).astype(float))
        lows.append(everybody_low[0, at]), highs.append(everybody_high[0, at])
    least, most = (np.array(sums), np.array(lows, float)), (np.array(sums), np.array(highs, float))
    cells = [3 * row + at for row, at in zip(*np.nonzero(small), strict=True)]
    free = all(bounds(least, most, width, cell) == (0, K - 1) for cell in cells)
    assert free or not kept


def test_the_result_stands_with_hashes_of_all_that_made_it():
    votes = planted(2, people=120).votes
    one = computed(votes, PACK, SALT, QUICK)
    other = computed(votes, PACK, b"another salt of thirty-two bytes", QUICK)

    assert one["hash"] == sha256(one["result"]) == other["hash"]
    assert one["votes"] != other["votes"]
    assert one["computed_by"]["method"] == "alongside/opinions/v2"
    canonical(one)
    votes.answer[0] = 1 if votes.answer[0] < 1 else -1
    assert computed(votes, PACK, SALT, QUICK)["votes"] != one["votes"]


def test_the_hash_of_votes_is_refused_without_a_salt():
    with pytest.raises(VotesError, match="salt"):
        computed(cast([0], [0], [1]), PACK, b"", QUICK)
