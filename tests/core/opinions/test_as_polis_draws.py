"""What draws as Polis does gives what Polis gives, from the same votes.

Of the seven outputs of Polis that the method was checked with, one is in ../shared. What other conversations have there
is the output of red-dwarf 0.4.0, another engine of the same method, for its own groups.
"""

from dataclasses import replace

import numpy as np
import pytest

from alongside.core.opinions.votes import cast
from tests.core.opinions import as_polis_draws
from tests.core.opinions.conversations import real, reference

POLIS = "polis/scoop-hivemind.biodiversity/clojure/math_blob.json"
PEERED = ("brexit-consensus", "scoop-hivemind.biodiversity", "vtaiwan.uberx", "15-per-hour-seattle")
CLOSE = 1e-9


@pytest.fixture(scope="module")
def polis():
    return reference(POLIS)


@pytest.fixture(scope="module")
def ours(polis):
    votes = real("scoop-hivemind.biodiversity")
    votes = replace(
        votes,
        out=np.isin(votes.statements, polis["mod-out"]),
        meta=np.isin(votes.statements, polis["meta-tids"]),
    )
    base = np.full(len(votes.people), -1)
    for place, members in enumerate(polis["base-clusters"]["members"]):
        base[np.searchsorted(votes.people, members)] = place
    group_of = {
        polis["base-clusters"]["id"].index(member): group["id"]
        for group in polis["group-clusters"]
        for member in group["members"]
    }
    side = np.array([group_of.get(int(one), -1) for one in base])
    return votes, as_polis_draws.draw(votes, side, base)


def by_statement(votes, found):
    return [found[str(one)] for one in votes.statements]


def test_means_and_axes_are_those_of_polis(ours, polis):
    votes, drawn = ours
    order = np.searchsorted(votes.statements, polis["tids"])
    assert (
        np.abs(drawn.means[order] + polis["pca"]["center"]).max() < CLOSE
    )  # its database counts agreement as -1
    theirs = np.array(polis["pca"]["comps"])
    sign = np.sign((drawn.axes[:, order] * theirs).sum(axis=1))
    assert np.abs(drawn.axes[:, order] * sign[:, None] - theirs).max() < CLOSE
    assert np.abs(drawn.extremity[order] - polis["pca"]["comment-extremity"]).max() < CLOSE


def test_base_centers_are_those_of_polis(ours, polis):
    votes, drawn = ours
    order = np.searchsorted(votes.statements, polis["tids"])
    sign = -np.sign((drawn.axes[:, order] * polis["pca"]["comps"]).sum(axis=1))
    theirs = np.stack([polis["base-clusters"]["x"], polis["base-clusters"]["y"]], axis=1)
    assert np.abs(drawn.base_centers * sign - theirs).max() < CLOSE


def test_group_aware_consensus_and_priorities_are_those_of_polis(ours, polis):
    votes, drawn = ours
    assert np.abs(drawn.consensus - by_statement(votes, polis["group-aware-consensus"])).max() < CLOSE
    assert np.abs(drawn.priorities - by_statement(votes, polis["comment-priorities"])).max() < CLOSE


def test_the_lists_of_polis_are_the_same_in_their_order(ours, polis):
    _, drawn = ours
    theirs = [
        tuple(
            as_polis_draws.Listed(one["tid"], one["repful-for"] == "agree")
            for one in polis["repness"][str(group)]
        )
        for group in range(2)
    ]
    assert list(drawn.representative) == theirs
    assert list(drawn.agreed) == [one["tid"] for one in polis["consensus"]["agree"]]
    assert list(drawn.disagreed) == [one["tid"] for one in polis["consensus"]["disagree"]]


@pytest.mark.parametrize("name", PEERED)
def test_the_lists_of_another_engine_are_the_same_for_its_groups(name):
    votes, theirs = real(name), reference(f"polis-reference/{name}.reddwarf.json")
    side = np.array([theirs["groups"].get(str(one), -1) for one in votes.people])
    drawn = as_polis_draws.draw(votes, side, side)

    for group, listed in enumerate(drawn.representative):
        assert [(one.statement, one.agreed) for one in listed] == [
            (one["tid"], one["repful-for"] == "agree") for one in theirs["repness"][str(group)]
        ]
    assert list(drawn.agreed) == [one["tid"] for one in theirs["consensus"]["agree"]]
    assert list(drawn.disagreed) == [one["tid"] for one in theirs["consensus"]["disagree"]]
    assert np.abs(drawn.consensus - by_statement(votes, theirs["gac_agree"])).max() < CLOSE


def test_two_camps_are_found_from_nothing_but_votes():
    people, statements = np.divmod(np.arange(40 * 10), 10)
    answers = np.where((people < 20) == (statements < 5), 1, -1)
    drawn = as_polis_draws.draw(cast(people, statements, answers))

    assert len(set(drawn.side[:20].tolist())) == len(set(drawn.side[20:].tolist())) == 1
    assert drawn.side[0] != drawn.side[39]
