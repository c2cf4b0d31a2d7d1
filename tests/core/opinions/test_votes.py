"""Votes come in any order, and the last one of a person on a statement counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.core.opinions.votes import VotesError, cast, tally

votes_lists = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 500), st.sampled_from((-1, 0, 1))), min_size=1, max_size=60
)
SALT = b"a salt of thirty-two secret bytes"


def parts(listed):
    return [list(column) for column in zip(*listed, strict=True)]


@given(votes_lists, st.randoms())
def test_the_order_of_votes_changes_nothing_and_the_last_one_counts(listed, chance):
    people, statements, answers = parts(listed)
    votes = cast(people, statements, answers, moments=range(len(listed)))
    last = {(who, what): said for who, what, said in listed}

    assert dict(
        zip(
            zip(votes.people[votes.row].tolist(), votes.statements[votes.column].tolist(), strict=True),
            votes.answer.tolist(),
            strict=True,
        )
    ) == dict(sorted(last.items()))

    order = list(range(len(listed)))
    chance.shuffle(order)
    shuffled = [[column[at] for at in order] for column in (people, statements, answers)]
    assert cast(*shuffled, moments=order).digest(SALT) == votes.digest(SALT)


@given(votes_lists)
def test_counts_are_those_of_plain_counting(listed):
    people, statements, answers = parts(listed)
    votes = cast(people, statements, answers, moments=range(len(listed)))
    side = (votes.people % 3 - 1).astype(np.int64)
    counted = tally(votes, side, 2)

    last = {(who, what): said for who, what, said in listed}
    for group in (0, 1):
        for place, statement in enumerate(votes.statements):
            said = [a for (who, what), a in last.items() if what == statement and who % 3 - 1 == group]
            assert counted[group, place].tolist() == [said.count(1), said.count(-1), said.count(0)]


@given(votes_lists)
def test_the_votes_of_some_are_those_that_were_cast_by_some(listed):
    people, statements, answers = parts(listed)
    votes = cast(people, statements, answers, moments=range(len(listed)))
    who, which = votes.people % 2 == 0, votes.statements % 3 > 0
    full = votes.matrix().toarray()
    assert (votes.only(who, which).matrix().toarray() == full[who][:, which]).all()


def test_a_statement_without_votes_is_there():
    votes = cast([0], [3], [1], of=[3, 5, 9], out=[5], meta=[9])
    assert (votes.statements.tolist(), votes.live.tolist()) == ([3, 5, 9], [True, False, False])


@pytest.mark.parametrize(
    ("arrays", "moments", "said"),
    [
        (([1, 1], [0, 0], [1, -1]), None, "in two ways; pass the moment"),
        (([1, 1], [0, 0], [1, -1]), [4, 4], "at one moment"),
        (([1], [0], [2]), None, "none of 1 \\(agree\\)"),
        (([-1], [0], [1]), None, "below 0"),
        (([1, 2], [0], [1]), None, "one of each"),
    ],
)
def test_what_is_no_vote_is_refused(arrays, moments, said):
    with pytest.raises(VotesError, match=said):
        cast(*arrays, moments=moments)


def test_the_same_answer_twice_is_one_vote():
    assert cast([1, 1], [0, 0], [1, 1]).answer.tolist() == [1]


def test_a_hash_of_votes_needs_a_salt_and_changes_with_every_vote():
    votes = cast([0, 1], [0, 0], [1, -1])
    with pytest.raises(VotesError, match="salt"):
        votes.digest(b"short")
    assert cast([0, 1], [0, 0], [1, 0]).digest(SALT) != votes.digest(SALT)
    assert cast([0, 1], [0, 0], [1, -1], meta=[0]).digest(SALT) != votes.digest(SALT)


def test_people_are_counted_alike_however_many_they_are():
    chance, people = np.random.default_rng(0), 20_000
    who, what, said = np.arange(people), chance.integers(0, 3, people), chance.integers(-1, 2, people)
    side = chance.integers(-1, 2, people)
    counted = tally(cast(who, what, said, of=range(3)), side, 2)

    assert counted.tolist() == [
        [
            [int(((side == one) & (what == place) & (said == way)).sum()) for way in (1, -1, 0)]
            for place in range(3)
        ]
        for one in range(2)
    ]
