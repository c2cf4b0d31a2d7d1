"""The map as Polis draws it, to compare with: Small et al., "Polis: Scaling deliberation by mapping high dimensional opinion spaces", 2021.

It is written from the published outputs of Polis, and gives them again. It keeps what was measured to be unfair there:
people who answered less stand nearer to the middle, and groups are always found. `core/opinions/maps.py` is what a program uses.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from alongside.core.opinions.votes import Flags, Floats, Ints, Votes, tally

ANSWERS_TO_COUNT: Final = 7
PEOPLE_TO_CLUSTER: Final = 15
BASE_CLUSTERS: Final = 100
MOST_GROUPS: Final = 5
SIGNIFICANT: Final = 1.2816  # one-sided 90%
LISTED: Final = 5
META_PRIORITY: Final = 49.0


@dataclass(frozen=True)
class Listed:
    """A statement in a list, by its id, with the answer that it stands for."""

    statement: int
    agreed: bool


@dataclass(frozen=True, eq=False)
class PolisMap:
    """What Polis shows: `means` (m), `axes` (2 x m), `points` (n x 2), `base` and `side` (n; -1 for nobody's), and the rest."""

    means: Floats
    axes: Floats
    points: Floats
    extremity: Floats
    base: Ints
    base_centers: Floats
    side: Ints
    consensus: Floats
    representative: tuple[tuple[Listed, ...], ...]
    agreed: tuple[int, ...]
    disagreed: tuple[int, ...]
    priorities: Floats


def dense(votes: Votes) -> Floats:
    """Give the n x m matrix with NaN where nobody answered, and 0 for everybody in what was taken out."""
    full = np.full((len(votes.people), len(votes.statements)), np.nan)
    full[votes.row, votes.column] = votes.answer
    full[:, ~votes.live] = 0.0
    return full


def means_of(full: Floats) -> Floats:
    """Give the mean of the answers of each statement; 0 where there is none."""
    seen = ~np.isnan(full)
    return np.asarray(np.where(seen, full, 0.0).sum(axis=0) / np.maximum(seen.sum(axis=0), 1))


def axes_of(full: Floats, means: Floats) -> Floats:
    """Give the two principal components, with means in place of missing answers; the largest loading of each is positive."""
    centered = np.where(np.isnan(full), 0.0, full - means)
    _, vectors = np.linalg.eigh(centered.T @ centered)
    axes = vectors[:, ::-1][:, :2].T
    sign = np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])
    return np.asarray(axes * np.where(sign == 0, 1.0, sign)[:, None])


def points_of(full: Floats, means: Floats, axes: Floats) -> Floats:
    """Project each person's answers, stretched by the root of statements over answers, both with those taken out."""
    seen = ~np.isnan(full)
    stretch = np.sqrt(full.shape[1] / np.maximum(seen.sum(axis=1), 1))
    return np.asarray((np.where(seen, full - means, 0.0) @ axes.T) * stretch[:, None])


def extremity_of(means: Floats, axes: Floats) -> Floats:
    """Give how far a person would stand who only ever agreed, with this one statement."""
    length = np.sqrt((axes**2).sum(axis=0))
    return np.asarray(np.abs(1.0 - means) * length * np.sqrt(len(means)))


def counted(votes: Votes) -> Flags:
    """Mark who is clustered: 7 answers, or as many as there are statements; the 15 most active where fewer have them."""
    given = votes.given()
    active = given >= min(ANSWERS_TO_COUNT, len(votes.statements))
    if active.sum() < PEOPLE_TO_CLUSTER:
        active[np.argsort(-given, kind="stable")[:PEOPLE_TO_CLUSTER]] = True
    return np.asarray(active)


def k_means(points: Floats, weights: Floats, k: int, rounds: int) -> tuple[Ints, Floats]:
    """Cluster points from the first k different ones on; give each point's cluster and the centers that have points."""
    _, first = np.unique(points, axis=0, return_index=True)
    centers = points[np.sort(first)[:k]]
    side = np.zeros(len(points), np.int64)
    for _ in range(rounds):
        side = ((points[:, None, :] - centers[None]) ** 2).sum(axis=2).argmin(axis=1)
        moved = centers_of(points, weights, side, len(centers))
        there = np.bincount(side, minlength=len(centers)) > 0
        still = there.all() and np.abs(moved - centers).max() < 0.01
        centers, side = moved[there], (np.cumsum(there) - 1)[side]
        if still:
            break
    return side, centers


def centers_of(points: Floats, weights: Floats, side: Ints, k: int) -> Floats:
    """Give the weighted mean of each cluster; 0 where it has no points."""
    mass = np.bincount(side, weights, minlength=k)
    sums = [np.bincount(side, weights * points[:, axis], minlength=k) for axis in range(points.shape[1])]
    return np.asarray(np.stack(sums, axis=1) / np.maximum(mass, 1e-300)[:, None])


def silhouette(points: Floats, side: Ints) -> float:
    """Give the mean silhouette, unweighted; a point alone in its cluster has 0."""
    k = int(side.max()) + 1
    away = np.sqrt(((points[:, None, :] - points[None]) ** 2).sum(axis=2))
    size = np.bincount(side, minlength=k)
    total = np.stack([away[:, side == one].sum(axis=1) for one in range(k)], axis=1)
    own = total[np.arange(len(points)), side] / np.maximum(size[side] - 1, 1)
    others = np.where(np.arange(k) == side[:, None], np.inf, total / size).min(axis=1)
    found = np.where(size[side] == 1, 0.0, (others - own) / np.maximum(np.maximum(others, own), 1e-300))
    return float(found.mean())


def cluster(points: Floats, who: Flags) -> tuple[Ints, Floats, Ints]:
    """Put people into base clusters and those into groups; give each person's base cluster, their centers, and the groups.

    Polis carries clusters over from one update to the next and keeps no trace of it, so its groups cannot be had again
    from the votes alone; these are what it would find if it had all votes at once.
    """
    weights = np.ones(int(who.sum()))
    within, centers = k_means(points[who], weights, BASE_CLUSTERS, 100)
    base = np.full(len(points), -1)
    base[who] = within
    sizes = np.bincount(within, minlength=len(centers)).astype(float)
    most = min(MOST_GROUPS, 2 + len(centers) // 12, len(centers))
    tried = [k_means(centers, sizes, k, 20)[0] for k in range(2, most + 1)]
    best = max(tried, key=lambda side: silhouette(centers, side), default=np.zeros(len(centers), np.int64))
    side = np.full(len(points), -1)
    side[who] = best[within]
    return base, centers, side


def z_of(successes: Ints, trials: Ints) -> Floats:
    """Give how many standard errors a share lies above a half, with one success and one trial more."""
    return np.asarray(2 * np.sqrt(trials + 1) * ((successes + 1) / (trials + 1) - 0.5))


def z_between(successes: Ints, trials: Ints, others: Ints, of: Ints) -> Floats:
    """Give how many standard errors two shares differ, with one more on each count; 0 where all are successes."""
    one, two = trials + 1, of + 1
    pooled = (successes + others + 2) / (one + two)
    spread = np.sqrt(np.maximum(pooled * (1 - pooled) * (1 / one + 1 / two), 1e-300))
    return np.where(pooled == 1, 0.0, ((successes + 1) / one - (others + 1) / two) / spread)


def representative(votes: Votes, counts: Ints) -> tuple[tuple[Listed, ...], ...]:
    """List, for each group, at most 5 statements that stand for it; `counts` are of `tally`."""
    return tuple(
        _representative(votes, counts[side], counts.sum(axis=0) - counts[side]) for side in range(len(counts))
    )


def _representative(votes: Votes, mine: Ints, rest: Ints) -> tuple[Listed, ...]:
    """List what stands for one group against the rest, most telling first, agreement before disagreement."""
    seen, others = mine.sum(axis=1), rest.sum(axis=1)
    share = (mine[:, :2] + 1) / (seen + 2)[:, None]
    z = np.stack([z_of(mine[:, way], seen) for way in (0, 1)], axis=1)
    ratio = share / ((rest[:, :2] + 1) / (others + 2)[:, None])
    beyond = np.stack([z_between(mine[:, way], seen, rest[:, way], others) for way in (0, 1)], axis=1)
    way = np.where(beyond[:, 0] > beyond[:, 1], 0, 1)
    every = np.arange(len(way))
    score = (ratio * beyond * share * z)[every, way]
    telling = ((beyond > SIGNIFICANT) & (z > SIGNIFICANT)).any(axis=1) & votes.live
    best = _best_agreed(votes, share[:, 0], z[:, 0], ratio[:, 0], beyond[:, 0])
    ordered = sorted(np.flatnonzero(telling).tolist(), key=lambda at: (-score[at], at))
    if not ordered and best is None:
        live = np.flatnonzero(votes.live).tolist()
        ordered = [max(live, key=lambda at: score[at])] if len(live) else []
    first = [best] if best is not None else []
    kept = [*first, *(at for at in ordered if at != best)][:LISTED]
    listed = [Listed(int(votes.statements[at]), bool(at == best or way[at] == 0)) for at in kept]
    return tuple(sorted(listed, key=lambda one: not one.agreed))


def _best_agreed(votes: Votes, share: Floats, z: Floats, ratio: Floats, beyond: Floats) -> int | None:
    """Give the place of the statement that a group most agrees with, where there is one.

    It is found by going once through the statements, and so depends on their order: as long as the one found so far is
    no more agreed with here than elsewhere, only how sure the agreement is counts; after that, how much it sets the
    group apart counts as well.
    """
    found: int | None = None
    sure, apart = share * z, ratio * beyond * share * z
    for at in np.flatnonzero(votes.live):
        if found is None:
            better = z[at] > SIGNIFICANT or (ratio[at] > 1 and share[at] > 0.5)
        else:
            better = bool(apart[at] > apart[found] if ratio[found] > 1 else sure[at] > sure[found])
        if better:
            found = int(at)
    return found


def agreed_by_all(votes: Votes, counts: Ints, way: int) -> tuple[int, ...]:
    """List at most 5 statements that everybody together agrees (way 0) or disagrees (way 1) with."""
    everybody = counts.sum(axis=0)
    seen = everybody.sum(axis=1)
    share, z = (everybody[:, way] + 1) / (seen + 2), z_of(everybody[:, way], seen)
    fit = np.flatnonzero((share > 0.5) & (z > SIGNIFICANT) & votes.live)
    return tuple(
        int(votes.statements[at]) for at in sorted(fit, key=lambda at: (-share[at] * z[at], at))[:LISTED]
    )


def group_aware_consensus(counts: Ints) -> Floats:
    """Give the product over groups of (agrees + 1) / (answers + 2), for each statement."""
    return np.asarray(((counts[:, :, 0] + 1) / (counts.sum(axis=2) + 2)).prod(axis=0))


def priorities_of(votes: Votes, counts: Ints, extremity: Floats) -> Floats:
    """Give how often a statement is shown next, relative to others, from the counts of all groups."""
    everybody = counts.sum(axis=0)
    seen = everybody.sum(axis=1)
    passed, agreed = (everybody[:, 2] + 1) / (seen + 2), (everybody[:, 0] + 1) / (seen + 2)
    found = ((1 - passed) * (extremity + 1) * agreed * (1 + 8 * 2 ** (-seen / 5))) ** 2
    return np.where(votes.meta, META_PRIORITY, found)


def draw(votes: Votes, side: Ints | None = None, base: Ints | None = None) -> PolisMap:
    """Return the map; with `side` and `base` (n; -1 for nobody's) that an earlier update left, as they are."""
    full = dense(votes)
    means = means_of(full)
    axes = axes_of(full, means)
    points, extremity = points_of(full, means, axes), extremity_of(means, axes)
    if side is None or base is None:
        base, centers, side = cluster(points, counted(votes))
    else:
        held = base >= 0
        centers = centers_of(points[held], np.ones(int(held.sum())), base[held], int(base.max()) + 1)
    counts = tally(votes, side, int(side.max()) + 1)
    everybody = tally(votes, np.zeros(len(votes.people), np.int64), 1)
    return PolisMap(
        means,
        axes,
        points,
        extremity,
        base,
        centers,
        side,
        group_aware_consensus(counts),
        representative(votes, counts),
        agreed_by_all(votes, everybody, 0),
        agreed_by_all(votes, everybody, 1),
        priorities_of(votes, counts, extremity),
    )
