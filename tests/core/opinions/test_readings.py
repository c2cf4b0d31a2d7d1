"""A statement that people of the same leaning answer otherwise in another language stands out; a community with another opinion does not."""

from dataclasses import replace

import numpy as np
import pytest

from alongside.core.opinions.groups import Rules, placed
from alongside.core.opinions.maps import METHOD, WITHOUT_LANGUAGES, Parameters, draw, seed_of
from alongside.core.opinions.minority import Scan
from alongside.core.opinions.published import computed, result
from alongside.core.opinions.readings import Reading, compare
from alongside.core.opinions.votes import VotesError, cast
from tests.core.packs import pack

PACK = pack("neutral")
SALT = bytes(32)
QUICK = Parameters(Rules(resamples=10, shuffles=19, clouds=2), Scan(draws=19))
FEW, MANY = 12, 200


def conversation(
    seed, *, people=600, statements=20, tilt=0.0, turned=(), own=0, third=0.0, given=15, share=0.3
):
    """Make a conversation of two camps in which `share` read in Spanish, `tilt` of them by camp.

    Readers of Spanish answer `turned` statements the other way round, and `own` statements by an opinion of their own;
    `third` is how far they stand apart on an axis that has nothing to do with the camps, in standard deviations.
    """
    chance = np.random.default_rng(seed)
    camp = chance.integers(0, 2, people)
    spanish = chance.random(people) < np.where(camp == 0, share * (1 + tilt), share * (1 - tilt))
    opinion = chance.normal(0.4, 0.6, statements) + chance.normal(0, 1, (2, statements))
    for one in turned:  # what nobody has an opinion on cannot be turned round
        opinion[:, one] = np.where(opinion[:, one] < 0, -1, 1) * np.maximum(np.abs(opinion[:, one]), 1.0)
    stands = chance.normal(0, 1, people) + third * spanish
    loading = chance.normal(0, 0.5, statements) * bool(third)
    special = np.isin(np.arange(statements), chance.permutation(statements)[:own])
    apart = chance.choice([-1.5, 1.5], statements) * special
    counts = np.minimum(chance.geometric(1 / given, people), statements)
    who = np.repeat(np.arange(people), counts)
    what = np.concatenate([chance.permutation(statements)[:count] for count in counts])
    said = opinion[camp[who], what] + stands[who] * loading[what] + apart[what] * spanish[who]
    said = np.where(np.isin(what, turned) & spanish[who], -said, said) + chance.normal(0, 1, len(who))
    answers = np.where(said > 0.3, 1, np.where(said < -0.3, -1, 0))
    return cast(who, what, answers, of=range(statements), langs=np.where(spanish[who], "es", "en").tolist())


def told(votes, seed=0):
    """Give the statements that stand out, and those that are of many."""
    found = compare(votes, placed(votes, Rules()), Reading(), seed)
    return {one.statement for one in found if one.stands_out}, {
        one.statement for one in found if one.is_one_of_many
    }


def false_alarms(runs, **how):
    """Give the share of conversations in which anything stands out."""
    return np.mean([bool(told(conversation(seed, **how), seed)[0]) for seed in range(runs)])


LEANING = [
    {"tilt": 0.0},
    {"tilt": 0.6},
    {"tilt": 1.0},
    {"third": 2.0, "tilt": 0.5, "statements": 40, "given": 25},
    {"tilt": 0.5, "people": 150, "statements": 8, "given": 12},
]


@pytest.mark.parametrize("how", LEANING, ids=str)
def test_a_community_that_leans_another_way_in_another_language_is_not_told_as_a_fault_of_the_text(how):
    assert false_alarms(FEW, **how) <= 2 / FEW


@pytest.mark.soak
@pytest.mark.parametrize("how", LEANING, ids=str)
def test_in_one_conversation_of_twenty_at_most_anything_stands_out_by_chance(how):
    assert false_alarms(MANY, **how) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / MANY)


def test_a_community_with_an_opinion_of_its_own_on_many_statements_makes_none_of_them_stand_out():
    found = [told(conversation(seed, own=12, statements=40, given=25), seed) for seed in range(6)]
    assert sum(bool(out) for out, _many in found) <= 1


@pytest.mark.parametrize("seed", [1037, 1081])
def test_what_differs_hardly_more_than_the_other_statements_of_the_language_does_not_stand_out(seed):
    assert told(conversation(seed, **LEANING[-1]), seed) == (set(), set())


@pytest.mark.parametrize("size", [{"people": 600}, {"people": 600, "tilt": 0.5}], ids=str)
def test_a_text_that_says_the_opposite_is_found_and_no_other_one_is_blamed(size):
    found = [told(conversation(seed, turned=(3,), **size), seed)[0] for seed in range(FEW)]
    assert sum(3 in one for one in found) >= FEW - 1
    assert sum(bool(one - {3}) for one in found) <= 1


@pytest.mark.soak
def test_a_text_that_says_the_opposite_is_found_in_95_of_100_conversations_of_600_people():
    found = [told(conversation(seed, turned=(3,), tilt=0.5), seed)[0] for seed in range(MANY)]
    assert np.mean([3 in one for one in found]) >= 0.95
    assert np.mean([bool(one - {3}) for one in found]) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / MANY)


def test_fewer_than_k_people_of_a_language_are_compared_with_nobody():
    votes = conversation(1, people=100, share=0.08)
    spanish = len({one for one, lang in zip(votes.row, votes.lang, strict=True) if votes.langs[lang] == "es"})
    assert 0 < spanish < 10
    assert compare(votes, placed(votes, Rules()), Reading(), 0) == ()


def test_one_language_alone_is_compared_with_none():
    votes = conversation(1)
    assert (
        compare(replace(votes, lang=votes.lang * 0, langs=("en",)), placed(votes, Rules()), Reading(), 0)
        == ()
    )


def test_the_same_votes_say_the_same_in_any_order():
    votes = conversation(2, turned=(3,))
    order = np.random.default_rng(0).permutation(len(votes.answer))
    langs = [votes.langs[one] for one in votes.lang[order]]
    again = cast(
        votes.people[votes.row][order], votes.column[order], votes.answer[order], of=range(20), langs=langs
    )

    assert again.digest(SALT) == votes.digest(SALT)
    assert told(again) == told(votes)


def test_what_is_told_names_languages_and_no_count_where_the_counts_of_everybody_tell_as_much():
    votes = conversation(3, turned=(3,))
    said = result(draw(votes, QUICK), PACK)["statements"]

    assert said[3]["languages"] == [{"lang": "es", "beside": "en", "stands_out": True, "one_of_many": False}]
    assert [one["id"] for one in said if any(each["stands_out"] for each in one["languages"])] == [3]


def test_nothing_is_told_of_languages_where_nearly_all_say_the_same():
    votes = conversation(3)
    alike = replace(votes, answer=np.where(votes.column == 5, 1, votes.answer).astype(np.int8))
    said = result(draw(alike, QUICK), PACK)["statements"]

    assert said[5]["everybody"]["disagree"] == "fewer"
    assert said[5]["languages"] == []
    assert said[4]["languages"] != []


def test_votes_of_which_nobody_knows_the_language_make_the_map_of_before_to_the_last_byte():
    votes = conversation(4)
    before, now = computed(votes.unread(), PACK, SALT, QUICK), computed(votes, PACK, SALT, QUICK)

    assert (before["computed_by"]["method"], now["computed_by"]["method"]) == (WITHOUT_LANGUAGES, METHOD)
    assert "reading" not in before["parameters"]
    assert now["parameters"]["reading"]["people"] == PACK.k
    assert not any("languages" in one for one in before["result"]["statements"])
    for one in now["result"]["statements"]:
        del one["languages"]
    assert now["result"] == before["result"]
    assert now["votes"] != before["votes"]
    assert seed_of(votes) == seed_of(votes.unread())


def test_a_vote_has_one_language_or_none():
    with pytest.raises(VotesError, match="one language a vote"):
        cast([0, 1], [0, 0], [1, 1], langs=["en"])
