"""A block of suspiciously equal answers is found, its size is told, and it moves nothing unseen."""

from dataclasses import replace

import numpy as np
import pytest

from alongside.core.opinions.copies import block
from alongside.core.opinions.groups import Rules
from alongside.core.opinions.maps import Parameters, draw, drawn
from alongside.core.opinions.minority import Scan
from alongside.core.opinions.votes import cast
from tests.core.opinions.conversations import planted, real, with_copies

QUICK = Parameters(Rules(resamples=10, shuffles=19, clouds=2), Scan(draws=19))
FLAGGED = ("brexit-consensus", "15-per-hour-seattle", "scoop-hivemind.biodiversity")


def live(votes):
    return votes.only(statements=votes.live)


@pytest.mark.parametrize("name", FLAGGED)
@pytest.mark.parametrize("seed", range(2))
def test_a_twentieth_who_answer_by_one_pattern_are_found(name, seed):
    votes = real(name)
    found = block(live(with_copies(votes, 0.05, seed)))[len(votes.people) :]
    assert found.mean() >= 0.9


@pytest.mark.parametrize("seed", range(3))
def test_nobody_is_flagged_where_all_answer_for_themselves(seed):
    assert not block(planted(seed).votes).any()


def test_among_very_many_people_a_block_is_found_by_its_signatures():
    votes = planted(0, people=4600, statements=60, answers=30).votes
    found = block(with_copies(votes, 0.01, 1))

    assert found[: len(votes.people)].sum() == 0
    assert found[len(votes.people) :].mean() >= 0.9


def test_to_agree_with_what_everybody_agrees_with_is_not_suspicious():
    people, statements = np.divmod(np.arange(300 * 40), 40)
    answers = np.where(np.random.default_rng(0).random(len(people)) < 0.97, 1, -1)
    assert not block(cast(people, statements, answers)).any()


@pytest.mark.parametrize("name", ["brexit-consensus", "15-per-hour-seattle"])
def test_whatever_a_block_moves_is_told(name):
    votes = real(name)
    before = draw(votes, QUICK).everybody
    pair = draw(with_copies(votes, 0.05, 3), QUICK)
    moved = pair.everybody.way != before.way

    assert pair.copied.sum() > 0
    assert pair.copied[: len(votes.people)].sum() == 0
    assert (pair.without.way == before.way).all()
    assert (pair.moved == moved).all()


def test_the_map_without_a_block_agrees_with_the_whole_map_of_those_people():
    votes = with_copies(planted(3, people=300).votes, 0.05, 3)
    pair = draw(votes, QUICK)
    whole = drawn(votes.only(people=~pair.copied), QUICK.rules, QUICK.scan)

    assert pair.copied.any()
    assert pair.without.groups.count == whole.groups.count > 0
    assert (pair.without.way == whole.way).all()
    assert (pair.without.groups.side == whole.groups.side).all()


def test_a_block_that_agrees_with_a_near_miss_moves_it_and_is_seen():
    people, statements = np.divmod(np.arange(200 * 40), 40)
    chance = np.random.default_rng(5)
    answers = np.where(chance.random(len(people)) < 0.3, 1, -1)
    answers[statements == 0] = np.where(np.arange(200) < 108, 1, -1)
    fakes, asked = np.divmod(np.arange(20 * 40), 40)
    pattern = np.where(np.arange(40) % 2 == 0, 1, -1)
    votes = cast(
        np.concatenate([people, fakes + 200]),
        np.concatenate([statements, asked]),
        np.concatenate([answers, pattern[asked]]),
    )
    pair = draw(
        votes, replace(QUICK, rules=replace(QUICK.rules, people=300))
    )  # in a group of its own it moves nothing

    assert pair.copied.tolist() == [False] * 200 + [True] * 20
    assert (int(pair.everybody.way[0]), int(pair.without.way[0]), bool(pair.moved[0])) == (1, 0, True)
