"""Whether people stand in groups at all, and in which: only groups that would be found again, and not by chance, are groups.

A group must be large enough; be found again in samples of the people (the mean Jaccard similarity of each is at least
0.75, and few samples dissolve it: Hennig, "Cluster-wise assessment of cluster stability", 2007); and the clusters must be
clearer than those of votes that were shuffled within each statement, which keeps who answered what and how statements
were received, and nothing else. What fails any of these is "no stable groups".

People who are spread out in one cloud can be cut in two in a stable way, and shuffled votes are no such cloud. So it is also told whether
groups are clearer than those of votes drawn from one normal cloud (Liu, Hayes, Nobel and Marron, "Statistical
significance of clustering", 2008): whether there is a gap between them, or they are the ends of a spread.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special

from alongside.core.opinions.axes import center, centered
from alongside.core.opinions.k_means import Clusters, split, splits
from alongside.core.opinions.positions import Positions, find
from alongside.core.opinions.predictions import from_one_cloud
from alongside.core.opinions.votes import Flags, Floats, Ints, Votes

NOBODY: Final = -1


@dataclass(frozen=True)
class Rules:
    """What makes a group. `answers` is how many a person must have given to be placed, `sure` how likely their side must be."""

    most: int = 5
    answers: int = 7
    people: int = 10
    share: float = 0.02
    resamples: int = 100
    kept: float = 0.8
    similar: float = 0.75
    dissolved: float = 0.5
    dissolving: float = 0.1
    shuffles: int = 100
    clouds: int = 39
    chance: float = 0.05
    sure: float = 0.8
    sampled: int = 4000

    def least(self, people: int) -> int:
        """Give how many people the smallest group must have, among so many."""
        return max(self.people, int(np.ceil(self.share * people)))


@dataclass(frozen=True, eq=False)
class Groups:
    """What was found. `side` (n) is -1 for whoever is in no group, or may well be in another; `count` is 0 without stable groups.

    `tried` is the number of clusters that was tried, `similarity` the mean Jaccard similarity of each, `dissolved` the share
    of samples that dissolved it, `clearness` how clear they are, `by_chance` the share of shuffles that were as clear, and
    `in_one_cloud` the share of draws from one cloud that were.
    """

    count: int
    side: Ints
    centers: Floats
    tried: int
    similarity: tuple[float, ...]
    dissolved: tuple[float, ...]
    clearness: float
    by_chance: float
    in_one_cloud: float

    def is_apart(self, rules: Rules) -> bool:
        """Say whether there is a gap between the groups."""
        return self.count > 0 and self.in_one_cloud <= rules.chance


def placed(votes: Votes, rules: Rules) -> Flags:
    """Mark who answered enough to be placed: 7 statements, or all where there are fewer."""
    return np.asarray(votes.given() >= min(rules.answers, max(1, len(votes.statements))))


def _best(points: Floats, rules: Rules, chance: np.random.Generator) -> Clusters | None:
    """Give the clearest clusters of which none is too small."""
    least = rules.least(len(points))
    counts = [k for k in range(2, rules.most + 1) if k * least <= len(points)]
    tried = splits(points, counts, chance) if counts else []
    fit = [one for one in tried if np.bincount(one.side, minlength=len(one.centers)).min() >= least]
    return max(fit, key=lambda one: one.clearness, default=None)


def _sides(found: Clusters, positions: Positions, who: Flags, sure: float) -> Ints:
    """Give the side of each person that is likely enough, against each other side in turn."""
    side = np.full(len(who), NOBODY)
    side[who] = found.side
    for own in range(len(found.centers)):
        mine = side == own
        for other in range(len(found.centers)):
            if other != own:
                mine &= _chance(positions, found.centers[own], found.centers[other]) >= sure
        side[(side == own) & ~mine] = NOBODY
    return side


def _chance(positions: Positions, one: Floats, other: Floats) -> Floats:
    """Give each person's chance to be nearer to one center than to another."""
    apart = one - other
    length = max(float(np.sqrt((apart**2).sum())), 1e-300)
    direction = apart / length
    beyond = ((positions.at - (one + other) / 2) * direction).sum(axis=1)
    return np.asarray(special.ndtr(beyond / np.maximum(positions.error(direction), 1e-300)))


def look(votes: Votes, positions: Positions, rules: Rules, seed: int) -> Groups:
    """Return the groups among the people of `votes` (live statements only), who stand at `positions`."""
    who = placed(votes, rules)
    chance = np.random.default_rng([seed, 0])
    found = _best(positions.at[who], rules, chance) if who.any() else None
    if found is None:
        return Groups(0, np.full(len(who), NOBODY), np.zeros((0, 2)), 0, (), (), 0.0, 1.0, 1.0)
    k = len(found.centers)
    fewer = _sampled(votes.only(people=who), rules, np.random.default_rng([seed, 1]))
    by_chance = _share(found, _shuffled(fewer, rules, np.random.default_rng([seed, 2])))
    similar = np.array(
        [
            _similar(found, one, at)
            for one, at in _resampled(votes, who, k, rules, np.random.default_rng([seed, 3]))
        ]
    )
    mean, dissolved = similar.mean(axis=0), (similar <= rules.dissolved).mean(axis=0)
    stable = (
        bool((mean >= rules.similar).all())
        and bool((dissolved <= rules.dissolving).all())
        and by_chance <= rules.chance
    )
    side = _sides(found, positions, who, rules.sure) if stable else np.full(len(who), NOBODY)
    return Groups(
        k if stable else 0,
        side,
        found.centers if stable else np.zeros((0, 2)),
        k,
        tuple(mean.tolist()),
        tuple(dissolved.tolist()),
        found.clearness,
        by_chance,
        _share(found, _clouds(fewer, rules, np.random.default_rng([seed, 5]))) if stable else 1.0,
    )


def _share(found: Clusters, others: Iterator[float]) -> float:
    """Give the share of others that are as clear, the clusters themselves among them."""
    clear = [one >= found.clearness for one in others]
    return (1 + sum(clear)) / (1 + len(clear))


def _sampled(votes: Votes, rules: Rules, chance: np.random.Generator) -> Votes:
    """Give the votes of as many people as are worth looking at many times."""
    if len(votes.people) <= rules.sampled:
        return votes
    some = np.zeros(len(votes.people), bool)
    some[chance.permutation(len(votes.people))[: rules.sampled]] = True
    return votes.only(people=some)


def _shuffled(votes: Votes, rules: Rules, chance: np.random.Generator) -> Iterator[float]:
    """Give how clear the clusters are when answers are shuffled within each statement, many times over."""
    order = np.argsort(votes.column, kind="stable")
    by_column = votes.column[order].astype(np.float64)
    for _ in range(rules.shuffles):
        values = np.empty(len(order))
        values[order] = votes.answer[order][np.argsort(by_column + chance.random(len(order)))]
        best = _best(find(centered(votes, values)).at, rules, chance)
        yield best.clearness if best else 0.0


def _clouds(votes: Votes, rules: Rules, chance: np.random.Generator) -> Iterator[float]:
    """Give how clear the clusters of people are who stand in one cloud, many times over."""
    positions = find(center(votes))
    for _ in range(rules.clouds):
        best = _best(find(center(from_one_cloud(votes, positions, chance))).at, rules, chance)
        yield best.clearness if best else 0.0


def _resampled(
    votes: Votes, who: Flags, k: int, rules: Rules, chance: np.random.Generator
) -> Iterator[tuple[Clusters, Ints]]:
    """Give the clusters of samples of the people, with their places among those who are placed."""
    people = np.flatnonzero(who)
    size = min(int(rules.kept * len(people)), rules.sampled)
    for _ in range(rules.resamples):
        at = np.sort(chance.permutation(len(people))[:size])
        some = np.zeros(len(who), bool)
        some[people[at]] = True
        points = find(center(votes.only(people=some))).at
        yield split(points, k, chance), at


def _similar(found: Clusters, again: Clusters, at: Ints) -> Floats:
    """Give, for each cluster found, the Jaccard similarity of the most similar one found again, among whom both have."""
    k = len(found.centers)
    both = np.bincount(found.side[at] * k + again.side, minlength=k * k).reshape(k, k)
    union = both.sum(axis=1)[:, None] + both.sum(axis=0)[None] - both
    return np.asarray((both / np.maximum(union, 1)).max(axis=1))
