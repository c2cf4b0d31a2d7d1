"""Blocks of people whose answers are suspiciously equal.

Around each person a pattern is made: the answers that those give who agree with this person nearly everywhere. Whoever
gives at least 15 answers to what the pattern answers, and at least 95% of them the same, follows it, if that is surprising: where everybody agrees,
equal answers say nothing. Five or more who follow one pattern are a block. Copies are found even where each answered other statements.
It is no proof of anything about anyone, so nobody is left out: results are told with and without the block, and only its size is told.
"""

from typing import Final

import numpy as np
from scipy import sparse, special

from alongside.core.opinions.answers import ANSWERS
from alongside.core.opinions.votes import Flags, Floats, Ints, Votes

COMMON: Final = 15
EQUAL: Final = 0.95
PEOPLE: Final = 5
NEAR: Final = 6  # common answers with whoever shapes a pattern
SHARE: Final = 0.7  # of those who shape a pattern must give its answer
CHANCE: Final = 0.01  # how many people chance may show to follow any pattern, in the whole conversation
ROWS: Final = 512
DENSE: Final = (
    4000  # people up to whom everybody is compared with everybody; more are first chosen by shared signatures
)


def _matches(votes: Votes) -> tuple[sparse.csr_array, sparse.csr_array, Floats]:
    """Give the answers as indicators (n x 3m), with each one's weight of surprise, and who saw what (n x m)."""
    width = len(votes.statements)
    kind = np.select([votes.answer == answer for answer in ANSWERS], range(len(ANSWERS)))
    shape = (len(votes.people), width * len(ANSWERS))
    indicators = sparse.csr_array(
        (np.ones(len(kind)), votes.column.astype(np.int64) * len(ANSWERS) + kind, votes.start), shape=shape
    )
    counts = np.bincount(indicators.indices, minlength=shape[1]).reshape(width, len(ANSWERS))
    shares = counts / np.maximum(counts.sum(axis=1), 1)[:, None]
    return indicators, votes.matrix(np.ones(len(kind))), np.asarray((shares**2).sum(axis=1))


def _patterns(indicators: sparse.csr_array, seen: sparse.csr_array, some: Ints) -> sparse.csr_array:
    """Give the pattern around each of some people, as indicators (3m): what most of those answer who agree with them."""
    width = seen.shape[1]
    all_answers, all_seen = indicators[some], seen[some]
    back, back_seen = all_answers.T.tocsc(), all_seen.T.tocsc()
    found = []
    for first in range(0, len(some), ROWS):
        part = slice(first, first + ROWS)
        same, common = (all_answers[part] @ back).toarray(), (all_seen[part] @ back_seen).toarray()
        near = sparse.csr_array(((common >= NEAR) & (same >= EQUAL * common)).astype(np.float64))
        counts = (near @ all_answers).toarray().reshape(near.shape[0], width, len(ANSWERS))
        total = counts.sum(axis=2, keepdims=True)
        found.append(sparse.csr_array(((counts >= SHARE * total) & (total >= 2)).reshape(near.shape[0], -1)))  # noqa: PLR2004 -- one is no pattern
    return sparse.vstack(found).astype(np.float64).tocsr()


def block(votes: Votes) -> Flags:
    """Mark the people in blocks of suspiciously equal answers."""
    indicators, seen, equal = _matches(votes)
    able = np.flatnonzero(votes.given() >= COMMON)
    some = able if len(able) <= DENSE else _signed_alike(votes, able)
    flagged = np.zeros(len(votes.people), bool)
    if len(some) < PEOPLE:
        return flagged
    patterns = _patterns(indicators, seen, some)
    covered = sparse.csr_array(
        (patterns.data, patterns.indices // len(ANSWERS), patterns.indptr), shape=(len(some), seen.shape[1])
    )
    expected = seen[some].copy()
    expected.data = equal[expected.indices]
    back, back_seen, back_expected = (part.T.tocsc() for part in (indicators[some], seen[some], expected))
    bar = CHANCE / len(some) ** 2
    for first in range(0, len(some), ROWS):
        part = slice(first, first + ROWS)
        same, common = (patterns[part] @ back).toarray(), (covered[part] @ back_seen).toarray()
        mean = (covered[part] @ back_expected).toarray() / np.maximum(common, 1)
        follows = (common >= COMMON) & (same >= EQUAL * common)
        follows[follows] = _chance_of(same[follows], common[follows], mean[follows]) <= bar
        together = follows[follows.sum(axis=1) >= PEOPLE].any(axis=0)
        flagged[some[together]] = True
    return flagged


def _chance_of(hits: Floats, trials: Floats, share: Floats) -> Floats:
    """Give the chance of so many equal answers or more, if each were equal with the mean chance (no less likely than with its own: Hoeffding, 1956)."""
    return np.asarray(
        special.betainc(np.maximum(hits, 1), trials - hits + 1, np.clip(share, 1e-12, 1 - 1e-12))
    )


def _signed_alike(votes: Votes, able: Ints) -> Ints:
    """Give the people who share one of several short signatures of their answers with four others at least (min-wise hashing: Broder, 1997)."""
    width = len(votes.statements)
    token = votes.column.astype(np.int64) * 3 + votes.answer + 1
    kept = np.zeros(len(votes.people), bool)
    chance = np.random.default_rng(0)
    filled = votes.given() > 0
    for _ in range(12):
        signature = np.zeros(len(votes.people), np.int64)
        for _ in range(4):
            rank = chance.permutation(width * 3)
            least = np.full(len(votes.people), width * 3)
            least[filled] = np.minimum.reduceat(rank[token], votes.start[:-1][filled])
            signature = signature * (width * 3 + 1) + least
        _, place, count = np.unique(signature[able], return_inverse=True, return_counts=True)
        kept[able[count[place] >= PEOPLE]] = True
    return np.flatnonzero(kept)
