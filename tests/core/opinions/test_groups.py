"""Groups are told only where there are any: found again in samples of the people, and not in shuffled votes."""

from dataclasses import replace

import numpy as np
import pytest

from alongside.core.opinions.axes import center
from alongside.core.opinions.groups import NOBODY, Rules, look
from alongside.core.opinions.positions import find
from alongside.core.opinions.votes import cast
from tests.core.opinions.conversations import REAL, planted, real, shuffled

QUICK = Rules(resamples=20, shuffles=19, clouds=0)


def groups_of(votes, rules, seed=1):
    votes = votes.only(statements=votes.live)
    return look(votes, find(center(votes)), rules, seed)


@pytest.mark.parametrize("name", ["15-per-hour-seattle", "brexit-consensus"])
def test_shuffled_votes_have_no_stable_groups(name):
    assert [groups_of(shuffled(real(name), seed), QUICK).count for seed in range(5)] == [0] * 5


@pytest.mark.soak
@pytest.mark.parametrize("name", REAL)
def test_shuffled_votes_have_no_stable_groups_in_95_of_100_runs(name):
    found = [groups_of(shuffled(real(name), seed), Rules(), seed).count for seed in range(100)]
    assert sum(count == 0 for count in found) >= 95


@pytest.mark.soak
def test_made_conversations_that_are_shuffled_have_none_either():
    found = [groups_of(shuffled(planted(seed).votes, seed), Rules(), seed).count for seed in range(100)]
    assert sum(count == 0 for count in found) >= 95


def test_camps_are_found_as_they_are():
    made = planted(4, share=0, camps=2, people=400, answers=40)
    groups = groups_of(made.votes, QUICK)
    sure = groups.side != NOBODY

    assert groups.count == 2
    same = (groups.side[sure] == made.camp[made.votes.people][sure]).mean()
    assert max(same, 1 - same) >= 0.95
    assert sure.mean() > 0.6


def test_camps_among_very_many_people_are_found_from_samples_of_them():
    made = planted(4, share=0, camps=2, people=5000, statements=40, answers=20)
    groups = groups_of(made.votes, Rules(resamples=3, shuffles=19, clouds=0))
    sure = groups.side != NOBODY

    assert groups.count == 2
    same = (groups.side[sure] == made.camp[made.votes.people][sure]).mean()
    assert max(same, 1 - same) >= 0.95


def test_whoever_answered_too_little_has_no_side_and_is_not_forced_to_one():
    made = planted(4, share=0, camps=2, people=400, answers=40)
    groups = groups_of(made.votes, QUICK)

    assert (groups.side[made.votes.given() < QUICK.answers] == NOBODY).all()


def test_a_surer_side_is_asked_of_fewer():
    made = planted(4, share=0, camps=2, people=400, answers=15)
    known = [
        (groups_of(made.votes, replace(QUICK, sure=sure)).side != NOBODY).sum() for sure in (0.5, 0.8, 0.99)
    ]
    assert known[0] > known[1] > known[2]


def test_a_group_of_nine_is_none():
    people, statements = np.divmod(np.arange(209 * 20), 20)
    answers = np.where((people < 9) == (statements < 10), 1, -1)
    assert groups_of(cast(people, statements, answers), QUICK).count == 0
    answers = np.where((people < 10) == (statements < 10), 1, -1)
    assert groups_of(cast(people, statements, answers), QUICK).count == 2


def test_a_group_that_samples_dissolve_is_none():
    votes = real("brexit-consensus")
    assert groups_of(votes, QUICK).count == 2
    assert groups_of(votes, replace(QUICK, similar=0.9999)).count == 0
    assert groups_of(votes, replace(QUICK, dissolved=1.0)).count == 0


def test_shuffles_alone_refuse_shuffled_votes_and_a_group_that_chance_makes_as_clear():
    by_shuffles = replace(QUICK, resamples=2, similar=0.0, dissolving=1.0)
    found = [
        groups_of(shuffled(real("15-per-hour-seattle"), seed), by_shuffles, seed).count for seed in range(8)
    ]

    assert sum(count > 0 for count in found) <= 2
    assert groups_of(real("15-per-hour-seattle"), by_shuffles).count == 2
    assert groups_of(real("15-per-hour-seattle"), replace(QUICK, chance=0.0)).count == 0


def spread(seed, people=400, statements=60):
    """Make people who stand anywhere along a line, and answer by where they stand."""
    chance = np.random.default_rng(seed)
    who, what = np.divmod(np.arange(people * statements), statements)
    kept = chance.random(len(who)) < 0.4
    who, what = who[kept], what[kept]
    at, leaning = chance.normal(0, 1, people), chance.normal(0, 1, statements)
    opinion = at[who] * leaning[what] + chance.normal(0, 1, len(who))
    return cast(who, what, np.where(opinion > 0, 1, -1), of=range(statements))


@pytest.mark.parametrize("seed", range(2))
def test_the_ends_of_a_spread_are_not_said_to_have_a_gap_between_them(seed):
    rules = Rules(resamples=10, shuffles=19, clouds=19)
    made = planted(seed, share=0, camps=2, people=400, answers=40)

    assert groups_of(made.votes, rules).is_apart(rules)
    assert not groups_of(spread(seed), rules).is_apart(rules)


def test_without_enough_people_nothing_is_tried():
    made = planted(1, people=19)
    assert groups_of(made.votes, QUICK).tried == 0
