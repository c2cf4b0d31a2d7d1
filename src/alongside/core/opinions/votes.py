"""Votes on statements as a sparse matrix: who saw what, and agreed, passed or disagreed."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from alongside.core.canonical import canonical
from alongside.core.opinions.answers import AGREE, ANSWERS, DISAGREE, PASS

type Ints = NDArray[np.int64]
type Floats = NDArray[np.float64]
type Flags = NDArray[np.bool_]

KINDS: Final = np.array([2, 0, 1])  # the place of each answer in ANSWERS; that of -1 stands last
MOST_LANGUAGES: Final = 64
ROWS: Final = 1024  # people who are counted at a time


class VotesError(ValueError):
    """The arrays are no votes; the message says why and what to pass instead."""


@dataclass(frozen=True, eq=False)
class Votes:
    """Each person's last answer to each statement, by person and then by statement. Make one with `cast`.

    `people` (n) and `statements` (m) are the ids, rising. Row i holds `answer[start[i]:start[i + 1]]`, of the statements
    at the places `column[...]`. `out` marks the statements that moderators took out, `meta` those about the
    conversation itself or about the people; both have votes, but shape no map.
    """

    people: Ints
    statements: Ints
    start: Ints
    column: NDArray[np.int32]
    answer: NDArray[np.int8]
    out: Flags
    meta: Flags
    #: Marks the people (n) for whom a lead pressed. They shape the map as all others, and are counted apart.
    taken: Flags
    #: The language in which each answered statement was read, as a place among `langs`; both empty where nobody knows.
    lang: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))
    langs: tuple[str, ...] = ()

    @cached_property
    def row(self) -> Ints:
        """Give the place of the person of each answer."""
        return np.repeat(np.arange(len(self.people)), np.diff(self.start))

    @property
    def live(self) -> Flags:
        """Mark the statements that shape the map."""
        return ~(self.out | self.meta)

    def matrix(self, data: NDArray[np.float64] | None = None) -> sparse.csr_array:
        """Give the answers, or other data in their order, as an n x m matrix that holds nothing where nobody answered."""
        kept = self.answer.astype(np.float64) if data is None else data
        return sparse.csr_array(
            (kept, self.column, self.start), shape=(len(self.people), len(self.statements))
        )

    def given(self) -> Ints:
        """Count each person's answers."""
        return np.diff(self.start)

    def only(self, people: Flags | None = None, statements: Flags | None = None) -> "Votes":
        """Give the votes of some people on some statements; people who then have no answer stay."""
        who = np.ones(len(self.people), bool) if people is None else people
        which = np.ones(len(self.statements), bool) if statements is None else statements
        row = self.row
        kept = who[row] & which[self.column]
        place = np.cumsum(who) - 1
        counts = np.bincount(place[row[kept]], minlength=int(who.sum()))
        return Votes(
            self.people[who],
            self.statements[which],
            np.concatenate(([0], np.cumsum(counts))),
            (np.cumsum(which) - 1).astype(np.int32)[self.column[kept]],
            self.answer[kept],
            self.out[which],
            self.meta[which],
            self.taken[who],
            self.lang[kept] if self.langs else self.lang,
            self.langs,
        )

    def unread(self) -> "Votes":
        """Give the votes as if nobody knew in which language a statement was read, as it was before that was told."""
        return replace(self, lang=np.zeros(0, np.int8), langs=())

    def digest(self, salt: bytes) -> str:
        """Hash everything that went in, as SHA-256 in hexadecimal digits.

        Whoever knows all votes but one could guess the last from a bare hash, so `salt` must be 16 secret bytes or more.
        Raises VotesError for a shorter one.
        """
        if len(salt) < 16:  # noqa: PLR2004 -- as the line above says
            raise VotesError("Pass a salt of at least 16 random bytes; a bare hash of votes can be guessed.")
        found = hashlib.sha256(salt)
        parts: tuple[NDArray[Any], ...] = (
            self.people,
            self.statements,
            self.start,
            self.column,
            self.answer,
            self.out,
            self.meta,
            self.taken,
        )
        for name, part in zip(("<i8", "<i8", "<i8", "<i4", "<i1", "?", "?", "?"), parts, strict=True):
            found.update(len(part).to_bytes(8, "little"))
            found.update(part.astype(name).tobytes())
        if self.langs:
            found.update(canonical(list(self.langs)) + self.lang.astype("<i1").tobytes())
        return found.hexdigest()


def _keys(place: NDArray[Any], said: NDArray[Any], lang: Sequence[int], bits: int) -> NDArray[Any]:
    """Put the place of a statement, an answer and a language, where one is told, into one number for each vote."""
    key = place << bits
    key += said.astype(np.int8) + np.int8(1)
    if lang:
        key += np.asarray(lang, np.int32) << 2
    return key


def cast(
    people: ArrayLike,
    statements: ArrayLike,
    answers: ArrayLike,
    *,
    moments: ArrayLike | None = None,
    of: Iterable[int] | None = None,
    out: Iterable[int] = (),
    meta: Iterable[int] = (),
    taken: Iterable[int] = (),
    langs: Sequence[str] = (),
) -> Votes:
    """Return the votes in three arrays of equal length: ids of people and statements, and answers of 1, 0 or -1.

    The order of the arrays does not matter. Where a person answered a statement more than once, the answer with the largest of
    `moments` counts. `of` lists all statements, also those without votes; `out` and `meta` are ids among them, `taken` ids of people for whom a lead pressed;
    `langs`, where it is known, the language in which each statement was read. Raises VotesError for other answers, negative ids, and two answers at one moment that differ.
    """
    who, what = (_whole(np.asarray(part).ravel()) for part in (people, statements))
    said = np.asarray(answers).ravel()
    _refuse(who, what, said)
    spoken = sorted(set(langs))
    if len(spoken) > MOST_LANGUAGES or (spoken and len(langs) != len(said)):
        raise VotesError(f"Pass one language a vote, and {MOST_LANGUAGES} languages at most.")
    names, row = _places(who)
    listed = what if of is None else np.concatenate((what, np.fromiter(of, what.dtype)))
    ids, place = _places(listed)
    bits = 2 + max(len(spoken) - 1, 0).bit_length()  # of a key: the answer, and the language above it
    key = _keys(place[: len(what)], said, [spoken.index(one) for one in langs], bits)
    found = _sorted(row, key, len(names), len(ids), bits)
    if found is None:
        found = _last(row, key, len(names), None if moments is None else np.asarray(moments).ravel(), bits)
    starts, key = found
    lang = ((key >> 2) & ((1 << (bits - 2)) - 1)).astype(np.int8) if spoken else np.zeros(0, np.int8)
    return Votes(
        names,
        ids,
        starts.astype(np.int64),
        (key >> bits).astype(np.int32, copy=False),
        (key.astype(np.int8) & np.int8(3)) - np.int8(1),
        np.isin(ids, np.fromiter(out, np.int64)),
        np.isin(ids, np.fromiter(meta, np.int64)),
        np.isin(names, np.fromiter(taken, np.int64)),
        lang,
        tuple(spoken),
    )


def _whole(ids: NDArray[Any]) -> NDArray[Any]:
    """Give ids as whole numbers; those of 4 bytes stay so, as millions of votes need the room."""
    return ids if ids.dtype == np.int32 else ids.astype(np.int64, copy=False)


def _refuse(who: NDArray[Any], what: NDArray[Any], said: NDArray[np.generic]) -> None:
    """Raise VotesError where the arrays are no votes."""
    if not len(who) == len(what) == len(said):
        raise VotesError(
            f"{len(who)} people, {len(what)} statements, {len(said)} answers: pass one of each a vote."
        )
    if len(who) and (who.min() < 0 or what.min() < 0):
        raise VotesError("An id is below 0; number people and statements from 0.")
    if not ((said == AGREE) | (said == PASS) | (said == DISAGREE)).all():
        raise VotesError("An answer is none of 1 (agree), 0 (pass) and -1 (disagree).")


def _places(ids: NDArray[Any]) -> tuple[Ints, NDArray[Any]]:
    """Give the different ids, rising, and the place of each among them, in 4 bytes."""
    if len(ids) and ids.max() < 4 * len(ids) + 1024:
        there = np.zeros(int(ids.max()) + 1, bool)
        there[ids] = True
        found = np.flatnonzero(there)
        if len(found) == len(there):  # each is its own place
            return found, ids.astype(np.int32, copy=False)
        return found, (np.cumsum(there) - 1).astype(np.int32)[ids]
    found, place = np.unique(ids, return_inverse=True)
    return found.astype(np.int64), place.astype(np.int32)


def _sorted(
    row: NDArray[Any], key: NDArray[Any], people: int, width: int, bits: int
) -> tuple[Ints, NDArray[Any]] | None:
    """Sort keys (a statement's place above `bits` for what was said) by person; None where a person answered a statement twice.

    Two passes that count, one by key and one by person, as a sparse matrix is turned: no comparing sort is as fast.
    """
    turned = sparse.coo_array((np.ones(len(key), np.int8), (key, row)), shape=(width << bits, people))
    turned.has_canonical_format = True  # or those that are there twice would be added
    ordered = turned.tocsr().tocsc()
    start, key = ordered.indptr, ordered.indices
    again = (key[1:] >> bits) == (key[:-1] >> bits)
    edges = start[1:-1]
    again[edges[(edges > 0) & (edges < len(key))] - 1] = False
    return None if again.any() else (start, key)


def _last(
    row: NDArray[Any], key: NDArray[Any], people: int, moments: NDArray[np.generic] | None, bits: int
) -> tuple[Ints, NDArray[Any]]:
    """Sort keys by person and statement, and keep the last answer of each."""
    cell = (row.astype(np.int64) << 32) + (key >> bits)
    by = np.lexsort((key,) + (() if moments is None else (moments,)) + (cell,))
    cell, key, row = cell[by], key[by], row[by]
    same, other = cell[1:] == cell[:-1], key[1:] != key[:-1]
    if moments is None and (same & other).any():
        raise VotesError("A person answered a statement in two ways; pass the moment of each vote.")
    last = np.concatenate((~same, [True]))
    if moments is not None:
        when = moments[by]
        if (same & (when[1:] == when[:-1]) & last[1:] & other).any():
            raise VotesError(
                "A person answered a statement in two ways at one moment; pass moments that differ."
            )
    starts = np.concatenate(([0], np.cumsum(np.bincount(row[last], minlength=people))))
    return starts, key[last]


def tally(votes: Votes, side: Ints, sides: int) -> Ints:
    """Count answers as (sides, m, 3), in the order of ANSWERS; a person of side -1 counts nowhere."""
    width = len(votes.statements)
    counts = np.zeros((sides + 1) * width * len(ANSWERS), np.int64)
    given = votes.given()
    for first in range(0, len(side), ROWS):  # some people at a time, whose cells stay in the cache
        part = slice(first, first + ROWS)
        kept = slice(votes.start[first], votes.start[min(first + ROWS, len(side))])
        # whoever counts nowhere is counted first, and then left out
        cell = np.repeat(side[part] + 1, given[part]) * width
        cell += votes.column[kept]
        cell *= len(ANSWERS)
        cell += KINDS[votes.answer[kept]]
        counts += np.bincount(cell, minlength=len(counts))
    return counts.reshape(sides + 1, width, len(ANSWERS))[1:]
