"""Whether people of the same leaning answer a statement otherwise in another language: then two people should read both texts.

Tests of questions in several languages ask the same, as differential item functioning: whether those who stand alike answer
alike (Holland and Thayer, "Differential item performance and the Mantel-Haenszel procedure", 1988). Where a person stands
is estimated from other statements, and drawn to the middle of those who read in the same language, or a
community with another opinion would seem to stand nearer to all others than it does (Shealy and Stout, 1993). People are put in cells of those
who stand alike, by what readers of the language show: whoever stands where none of these do is compared with nobody. Within cells languages are
dealt out anew, and the sum of squares of what differs is compared with that (Cochran, 1954; Mantel and Haenszel, 1959).

A statement that says the opposite in one language would move where its readers stand on all others, so what differs
most is put aside, and all is compared once more without it (purification: Holland and Thayer). What stands out must stand out from the other statements of the
same language, too: the sum is divided by how much the upper quarter of them exceeds chance (genomic control: Devlin and Roeder,
1999). Where more than one in twenty still do, it is rather what people of that language think. No vote can tell a
fault of a text from an opinion on that one statement: people must read both.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy import special

from alongside.core.opinions.answers import ANSWERS
from alongside.core.opinions.axes import center, leading, times
from alongside.core.opinions.positions import LEAST_SPREAD, ROUNDS
from alongside.core.opinions.votes import KINDS, Flags, Floats, Ints, Votes

VALUES: Final = np.array(ANSWERS, np.float64)
AXES: Final = 4
STATEMENTS: Final = 4  # for each axis: few statements tell of few
LEAST_PEOPLE: Final = 20  # what all spread out by counts as so many people of one language
RARE: Final = 0.01  # a chance above this, by its limit, is not looked at closer
AT_ONCE: Final = 4096  # deals that are held in memory


@dataclass(frozen=True)
class Reading:
    """What stands out: with a chance of `chance` over all statements together, and by `least`, where agree and disagree lie 2 apart.

    At least `people` must have read it in each language and stand alike; `in_a_cell` of the rarer one are in a cell. The chance is lower
    than the 1 in 20 that is promised, as cells leave something of how communities differ.
    """

    chance: float = 0.02
    people: int = 10
    in_a_cell: int = 6
    least: float = 0.4
    upper: float = 0.75
    deals: int = 20
    parts: int = 10
    one_in: int = 20


@dataclass(frozen=True, eq=False)
class Compared:
    """A statement (its place) as it was answered in `lang` beside `other`, the language in which most read it (places among the languages).

    `counts` is (layers, 2, 3): the answers of those who read it in `lang`, and of the others, in the order of ANSWERS;
    `due` (layers) how far the sum of the first would lie from the middle of the layer by where they stand in it.
    """

    statement: int
    lang: int
    other: int
    counts: Ints
    due: Floats
    stands_out: bool = False
    #: Whether so many do in this language that it is rather what its readers think, or all texts.
    is_one_of_many: bool = False


def _stands(votes: Votes, lang: Ints) -> Floats:
    """Give where people stand on the leading axes of votes (n x axes), each drawn to the middle of those of the same language.

    Noise, and the middle and the spread of each language, by expectation and maximization, as in `positions`.
    """
    centered = center(votes)
    axes = int(np.clip(len(votes.statements) // STATEMENTS, 1, AXES))
    loadings, sizes = leading(centered.matrix, axes)
    rows, columns = np.triu_indices(axes)
    known = np.zeros((len(lang), axes, axes))
    packed = np.asarray(centered.seen @ (loadings[:, rows] * loadings[:, columns]))
    known[:, rows, columns] = known[:, columns, rows] = packed
    pull = np.asarray(centered.matrix @ loadings)
    total, given, people = (
        float((centered.matrix.data**2).sum()),
        max(1, centered.matrix.nnz),
        max(1, len(lang)),
    )
    noise, pooled = max(total / given, LEAST_SPREAD), np.diag(np.maximum(sizes / people, LEAST_SPREAD))
    each = [(lang == one, pooled) for one in np.unique(lang)]
    at = np.zeros((len(lang), axes))
    for _ in range(ROUNDS):
        missed, within, found = total, np.zeros((axes, axes)), []
        for own, spread in each:
            ratio = noise * np.linalg.inv(spread)
            inverse = np.linalg.inv(known[own] + ratio)
            alone, weight = np.einsum("nij,nj->ni", inverse, pull[own]), inverse.mean(axis=0)
            middle = np.linalg.solve(np.eye(axes) * (1 + 1e-9) - weight @ ratio, alone.mean(axis=0))
            at[own] = alone + np.einsum("nij,j->ni", inverse, ratio @ middle)
            both = at[own][:, :, None] * at[own][:, None, :] + noise * inverse
            missed += float((known[own] * both).sum() - 2 * (pull[own] * at[own]).sum())
            apart = at[own] - middle
            found.append((own, times(apart, apart) + own.sum() * noise * weight))
            within += found[-1][1]
        noise, pooled = max(missed / given, LEAST_SPREAD), within / people + LEAST_SPREAD * np.eye(axes)
        each = [(own, (spread + LEAST_PEOPLE * pooled) / (own.sum() + LEAST_PEOPLE)) for own, spread in found]
    return at


def _expected(stands: Floats, said: Floats, own: Flags) -> Floats:
    """Give how answers change with where people stand, alike for `own` readers and the others, by least squares."""
    known = np.column_stack([own, ~own, stands])
    weights = np.linalg.solve(
        times(known, known) + 1e-6 * np.eye(known.shape[1]), times(known, said[:, None])
    )
    return np.asarray((stands * weights[2:, 0]).sum(axis=1))


def _cells(stands: Floats, own: Flags, least: int) -> Ints:
    """Give in which cell of those who stand alike each person is, -1 for whoever stands where no `own` reader does.

    Cells are cut in two where `own` readers are spread most, as long as each half has so many of them at least.
    """
    cell = np.full(len(own), -1)
    mine = stands[own]
    cell[((stands >= mine.min(axis=0)) & (stands <= mine.max(axis=0))).all(axis=1)] = 0
    left, count = [0], 1
    while left:
        one = left.pop()
        inside = cell == one
        mine = stands[inside & own]
        if len(mine) < 2 * least:
            continue
        axis = int(mine.var(axis=0).argmax())
        beyond = inside & (stands[:, axis] > np.median(mine[:, axis]))
        if (beyond & own).sum() < least:
            continue  # too many of them stand at the very same place
        cell[beyond] = count
        left += [one, count]
        count += 1
    return cell


def _layered(stands: Floats, own: Flags, said: Ints, rule: Reading) -> tuple[Ints, Floats]:
    """Count answers by cells of people who stand alike, of `own` readers and of the others, and give what is due; cells that hold no both are left out."""
    layer = _cells(stands, own, rule.in_a_cell)
    near, count = layer >= 0, int(layer.max()) + 1
    cell = ((layer * 2 + ~own) * len(ANSWERS) + KINDS[said])[near]
    counts = np.bincount(cell, minlength=count * 2 * len(ANSWERS)).reshape(count, 2, len(ANSWERS))
    people, score = counts.sum(axis=2), _expected(stands, said.astype(np.float64), own)
    mine = np.bincount(layer[near & own], score[near & own], minlength=count)
    middle = np.bincount(layer[near], score[near], minlength=count) / np.maximum(people.sum(axis=1), 1)
    both = (people > 0).all(axis=1)
    return counts[both], (mine - people[:, 0] * middle)[both]


def _parts(own: Ints, both: Ints) -> tuple[Floats, Floats, Floats]:
    """Give by layer how far the sum of `own` answers lies from what is expected, its variance, and the weight of the layer."""
    mine, all_of = own.sum(axis=-1), both.sum(axis=-1)
    mean = (both @ VALUES) / all_of
    spread = ((both @ VALUES**2) - all_of * mean**2) / np.maximum(all_of - 1, 1)
    weight = mine * (all_of - mine) / all_of
    return own @ VALUES - mine * mean, weight * np.maximum(spread, 0.0), weight


def _squares(own: Ints, both: Ints, due: Floats | float = 0.0) -> Floats:
    """Sum over layers how far `own` answers lie from what is expected, in squares of its standard error: 1 a layer by chance."""
    apart, variance, _weight = _parts(own, both)
    apart = apart - due
    some = variance > 1e-9  # noqa: PLR2004 -- where all say the same there is nothing to compare
    return np.asarray((apart**2 * some / np.where(some, variance, 1.0)).sum(axis=-1))


def _cells_that_tell(own: Ints, both: Ints) -> int:
    return int((_parts(own, both)[1] > 1e-9).sum())  # noqa: PLR2004 -- as above


def _size(one: Compared) -> float:
    """Give how far apart answers lie within layers, as the root of the mean square without what chance adds."""
    apart, variance, weight = _parts(one.counts[:, 0], one.counts.sum(axis=1))
    found = ((((apart - one.due) ** 2 - variance) / weight).sum()) / weight.sum()
    return float(np.sqrt(max(found, 0.0)))


def _chance_of(one: Compared, bar: float, deals: int, seed: int) -> float:
    """Give the chance to reach so much where languages are dealt out anew within layers."""
    both, mine = one.counts.sum(axis=1), one.counts[:, 0].sum(axis=1)
    deal = np.random.default_rng([seed, one.statement, one.lang])
    reached = 0
    for first in range(0, deals, AT_ONCE):
        some = min(AT_ONCE, deals - first)
        dealt = [
            deal.multivariate_hypergeometric(layer, count, some, method="marginals")
            for layer, count in zip(both, mine, strict=True)
        ]
        reached += int((_squares(np.stack(dealt, axis=1), both) >= bar * (1 - 1e-9)).sum())
    return (1 + reached) / (1 + deals)


def _languages(votes: Votes) -> Ints:
    """Give the language in which each person read most."""
    cell = votes.row * len(votes.langs) + votes.lang
    return (
        np.bincount(cell, minlength=len(votes.people) * len(votes.langs))
        .reshape(-1, len(votes.langs))
        .argmax(axis=1)
    )


def _beside(votes: Votes, who: Flags, rule: Reading, aside: Flags) -> Iterator[Compared]:
    """Give each statement with each language in which enough read it, beside the one in which most did; `aside` statements place nobody."""
    mostly, parts = _languages(votes), min(rule.parts, len(votes.statements))
    part = np.arange(len(votes.statements)) % parts
    told = who[votes.row] & np.array([bool(one) for one in votes.langs])[votes.lang]
    for one in range(parts):
        others = (part != one) & ~aside
        if not others.any():
            continue
        stands = _stands(votes.only(statements=others), mostly)
        for place in np.flatnonzero(part == one):
            yield from _of_statement(votes, int(place), told & (votes.column == place), stands, rule)


def _of_statement(votes: Votes, place: int, told: Flags, stands: Floats, rule: Reading) -> Iterator[Compared]:
    """Give a statement with each language in which enough read it."""
    at = np.flatnonzero(told)
    lang = votes.lang[at]
    readers = np.bincount(lang, minlength=len(votes.langs))
    other = int(readers.argmax())
    for one in np.flatnonzero(readers >= rule.people):
        if one == other:
            continue
        some = at[(lang == one) | (lang == other)]
        own, there = votes.lang[some] == one, stands[votes.row[some]]
        counts, due = _layered(there, own, votes.answer[some], rule)
        if (counts.sum(axis=(0, 2)) >= rule.people).all():
            yield Compared(place, int(one), other, counts, due)


def compare(votes: Votes, who: Flags, rule: Reading, seed: int) -> tuple[Compared, ...]:
    """Return each statement of votes (all of them live) with each language that could be compared, and whether it stands out there."""
    if len(votes.langs) < 2:  # noqa: PLR2004 -- one language alone stands beside none
        return ()
    most = max(1, len(votes.statements) // rule.one_in)
    aside = np.zeros(len(votes.statements), bool)
    first = _Sums.of(list(_beside(votes, who, rule, aside)))
    held = _hold(first.limits(), rule.chance)
    for place in np.argsort(-first.sums / first.free, kind="stable")[:most]:
        aside[first.each[place].statement] |= held[place]
    sums = _Sums.of(list(_beside(votes, who, rule, aside))) if aside.any() else first
    sums = sums.beside_others(aside, rule.upper)
    deals = int(np.ceil(rule.deals * len(sums.each) / rule.chance))
    chances = [
        _chance_of(one, bar, deals, seed) if limit <= RARE else 1.0
        for one, bar, limit in zip(sums.each, sums.sums, sums.limits(), strict=True)
    ]
    holds = [
        holds and _size(one) >= rule.least
        for one, holds in zip(sums.each, _hold(chances, rule.chance), strict=True)
    ]
    count = Counter(one.lang for one, differs in zip(sums.each, holds, strict=True) if differs)
    return tuple(
        replace(
            one,
            stands_out=bool(differs and count[one.lang] <= most),
            is_one_of_many=bool(differs and count[one.lang] > most),
        )
        for one, differs in zip(sums.each, holds, strict=True)
    )


@dataclass(frozen=True, eq=False)
class _Sums:
    """How far each of several compared statements lies from chance: the sum of squares, and how many cells it is of."""

    each: list[Compared]
    sums: Floats
    free: Ints

    @classmethod
    def of(cls, each: list[Compared]) -> "_Sums":
        """Sum up what was compared."""
        both = [one.counts.sum(axis=1) for one in each]
        sums = [
            float(_squares(one.counts[:, 0], all_of, one.due)) for one, all_of in zip(each, both, strict=True)
        ]
        free = [
            max(1, _cells_that_tell(one.counts[:, 0], all_of)) for one, all_of in zip(each, both, strict=True)
        ]
        return cls(each, np.array(sums), np.array(free, int))

    def limits(self) -> Floats:
        """Give the chance to reach so much, as it would be among very many people."""
        return np.asarray(special.chdtrc(self.free, self.sums))

    def beside_others(self, aside: Flags, upper: float) -> "_Sums":
        """Divide by how much the upper part of the statements of the same language exceeds chance, those that are put aside left out."""
        sums = self.sums.copy()
        for lang in {one.lang for one in self.each}:
            mine = np.array([one.lang == lang for one in self.each])
            some = mine & np.array([not aside[one.statement] for one in self.each])
            if some.any():
                usual = np.quantile(sums[some] / special.chdtri(self.free[some], 1 - upper), upper)
                sums[mine] /= max(1.0, float(usual))
        return replace(self, sums=sums)


def _hold(chances: Sequence[float] | Floats, most: float) -> Flags:
    """Mark what holds of many chances together (Holm, "A simple sequentially rejective multiple test procedure", 1979)."""
    order = np.argsort(chances, kind="stable")
    fit = np.asarray(chances)[order] <= most / np.arange(len(chances), 0, -1)
    held = np.zeros(len(chances), bool)
    held[order] = np.logical_and.accumulate(fit)
    return held
