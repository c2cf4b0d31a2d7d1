"""What of a map may leave whoever keeps the votes: ranges of counts, groups and statements; nobody's row, place or side."""

import hashlib
from dataclasses import replace
from typing import Any, Final

import numpy as np

from alongside.core.canonical import canonical
from alongside.core.disclosure import FEWER, Band, Fewer, band
from alongside.core.opinions.answers import WITHHELD
from alongside.core.opinions.consensus import lower
from alongside.core.opinions.groups import NOBODY
from alongside.core.opinions.maps import Map, Pair, Parameters, draw, versions
from alongside.core.opinions.minority import Minority
from alongside.core.opinions.tables import keeps_small_counts
from alongside.core.opinions.votes import Ints, Votes, tally
from alongside.core.policy.pack import Pack

NAMES: Final = ("agree", "disagree", "pass")
WAYS: Final = {1: "agree", -1: "disagree", 0: "none"}
TENTHS: Final = (5, 8)  # at least so many in ten are told between these
SURE: Final = 5  # times k: the answers of each group from which on tenths are told
type Range = Band | Fewer


class Ranges:
    """Counts as ranges, each with its lower and upper end; a count below k lies between 0 and k - 1."""

    def __init__(self, counts: Ints, pack: Pack) -> None:
        self.told: list[list[Range]] = [[band(int(count), pack) for count in row] for row in counts]
        ends = [
            [(one.low, one.high) if isinstance(one, Band) else (0, pack.k - 1) for one in row]
            for row in self.told
        ]
        both = np.array(ends, np.int64).reshape(*counts.shape, 2)
        self.low, self.high = both[..., 0], both[..., 1]


def _end(count: int, pack: Pack) -> int:
    """Give the upper end of the range of a count."""
    told = band(count, pack)
    return told.high if isinstance(told, Band) else pack.k - 1


def _row(told: list[Range], total: int, k: int) -> Any:
    """Give three counts by their names; where all together are below k, no more than that."""
    if total < k:
        return FEWER.as_data()
    return {name: one.as_data() for name, one in zip(NAMES, told, strict=True)}


def _table(found: Map, place: int, sizes: Ints, pack: Pack) -> dict[str, Any]:
    """Give the counts of a statement, those of groups only where no small count can be told from them."""
    counts, everybody = found.counts[:, place], found.everybody[place][None]
    shared, rows = Ranges(everybody, pack), Ranges(counts, pack)
    totals, k = counts.sum(axis=1), pack.k
    told = {"everybody": _row(shared.told[0], int(everybody.sum()), k)}
    if not len(counts):
        return {**told, "groups": []}
    few = totals < k
    low = np.where(few[:, None], 0, rows.low)
    high = np.where(few[:, None], k - 1, rows.high)
    unplaced = _end(int(len(found.votes.people) - sizes.sum()), pack)
    room = np.array([*np.where(few, k - 1, [_end(int(size), pack) for size in sizes]), unplaced])
    safe = everybody.sum() >= k and keeps_small_counts(
        np.vstack([low, np.zeros(3, np.int64)]),
        np.vstack([high, np.full(3, unplaced)]),
        np.vstack([high < k, np.zeros(3, bool)]),
        shared.low[0],
        shared.high[0],
        room,
        _end(len(found.votes.people), pack),
        k,
    )
    listed = [_row(row, int(total), k) for row, total in zip(rows.told, totals, strict=True)]
    return {**told, "groups": listed if safe else WITHHELD}


def _taken(counts: Ints, people: int, pack: Pack) -> Any:
    """Give the counts of those for whom a lead pressed, once where all of them are too few, or where a small one could be told.

    They are part of the counts of everybody, so their ranges narrow none of those; what is left is told nowhere.
    """
    told = Ranges(counts[None], pack)
    rest = _end(people, pack) - (told.low.sum() - told.low)  # as high as each count can be beside the others
    if (rest[told.high < pack.k] < pack.k - 1).any():
        return FEWER.as_data()
    return _row(told.told[0], int(counts.sum()), pack.k)


def _tenths(found: Map, place: int, pack: Pack) -> int | None:
    """Give in tenths what share at the least of each group agrees (or disagrees), where enough answered to say so."""
    judges = np.vstack([found.counts[:, place], found.everybody[place][None]])
    way = int(found.way[place])
    if not way or judges.sum(axis=1).min() < SURE * pack.k:
        return None
    least = lower(judges[:, 0 if way > 0 else 1], judges.sum(axis=1)).min()
    return int(min(TENTHS[1], np.floor(10 * least)))


def _statement(pair: Pair, place: int, sizes: Ints, taken: Ints, pack: Pack) -> dict[str, Any]:
    """Give all that is told of a statement."""
    found = pair.everybody
    live = bool(found.votes.live[place])
    known = live and bool(found.consensus.known[place])
    return {
        "id": int(found.votes.statements[place]),
        "meta": bool(found.votes.meta[place]),
        **_table(found, place, sizes, pack),
        "taken_in": _taken(taken[place], int(found.votes.taken.sum()), pack),
        "shared": WAYS[int(found.way[place])] if known else "not known yet",
        "tenths": _tenths(found, place, pack),
        "rejected_by_a_smaller_group": bool(found.contested[place]),
        "other_without_equal_answers": bool(pair.moved[place]),
        **_languages(found, place, pack),
    }


def _languages(found: Map, place: int, pack: Pack) -> dict[str, Any]:
    """Give in which languages it could be compared with the one in which most read it, and in which of them it stands out.

    Only where all that this tells of counts is told anyway: at least 2k people answered, and not all of them the same.
    """
    if not found.votes.langs:
        return {}
    told = Ranges(found.everybody[place][None], pack)
    if told.low.sum() < 2 * pack.k or (told.low >= pack.k).sum() < 2:  # noqa: PLR2004 -- as above
        return {"languages": []}
    names, live = found.votes.langs, np.flatnonzero(found.votes.live)
    return {
        "languages": [
            {
                "lang": names[one.lang],
                "beside": names[one.other],
                "stands_out": one.stands_out,
                "one_of_many": one.is_one_of_many,
            }
            for one in found.compared
            if live[one.statement] == place
        ]
    }


def _places(found: Map, withheld: set[int], pack: Pack) -> dict[str, list[int]]:
    """Give where statements stand on the axes, in hundredths, for those that k people judged, but for what is told of no group."""
    counts = found.everybody[found.votes.live].sum(axis=1)
    scaled = np.rint(100 * found.positions.loadings * np.sqrt(found.positions.prior)).astype(int)
    ids = found.votes.statements[found.votes.live]
    return {
        str(one): place
        for one, place, count in zip(ids.tolist(), scaled.tolist(), counts.tolist(), strict=True)
        if count >= pack.k and one not in withheld
    }


def _group(found: Map, group: int, size: int, withheld: set[int], pack: Pack) -> dict[str, Any]:
    """Give all that is told of a group: its range of people, its middle in tenths, and what sets it apart, but for what is told of no group."""
    apart = found.telling[group]
    return {
        "people": band(size, pack).as_data(),
        "middle": np.rint(10 * found.groups.centers[group]).astype(int).tolist(),
        "apart": [
            {"statement": int(found.votes.statements[place]), "answer": WAYS[int(apart[place])]}
            for place in np.flatnonzero(apart)
            if int(found.votes.statements[place]) not in withheld
        ],
    }


def _minority(found: Map, one: Minority, pack: Pack) -> dict[str, Any]:
    """Give all that is told of a block: its range of people, and what it rejects."""
    ids = found.votes.statements[found.votes.live]
    return {
        "people": band(round(one.people), pack).as_data(),
        "rejects": [int(ids[place]) for place in one.statements],
    }


def _why(found: Map) -> str:
    """Say why there are no stable groups, or that there are."""
    if found.groups.count:
        return "stable"
    return "too few people" if not found.groups.tried else "not stable"


def result(pair: Pair, pack: Pack) -> dict[str, Any]:
    """Return what may be told of a map, as plain data that has a canonical form; counts are ranges of `disclosure.band`."""
    found = pair.everybody
    sizes = np.bincount(found.groups.side[found.groups.side != NOBODY], minlength=found.groups.count)
    seen = np.flatnonzero(~found.votes.out)
    without = pair.without
    (taken,) = tally(found.votes, np.where(found.votes.taken, 0, -1), 1)
    statements = [_statement(pair, int(place), sizes, taken, pack) for place in seen]
    withheld = {int(one["id"]) for one in statements if one["groups"] == WITHHELD}
    return {
        "people": band(len(found.votes.people), pack).as_data(),
        "taken_in": band(int(found.votes.taken.sum()), pack).as_data(),
        "groups": {
            "count": found.groups.count,
            "why": _why(found),
            "gap": found.groups.is_apart(pair.parameters.rules),
            "each": [_group(found, group, int(size), withheld, pack) for group, size in enumerate(sizes)],
            "not_known_yet": band(int(len(found.votes.people) - sizes.sum()), pack).as_data(),
        },
        "statements": statements,
        "places": _places(found, withheld, pack),
        "smaller_groups": [_minority(found, one, pack) for one in found.minorities],
        "equal_answers": {
            "people": band(int(pair.copied.sum()), pack).as_data(),
            "groups_without": None if without is None else without.groups.count,
        },
    }


def sha256(data: Any) -> str:
    """Return the hash of plain data, by its canonical form."""
    return hashlib.sha256(canonical(data)).hexdigest()


def computed(votes: Votes, pack: Pack, salt: bytes, parameters: Parameters | None = None) -> dict[str, Any]:
    """Return the result with what anyone who has the votes and the salt needs to compute it again, and compare.

    The hash of the votes is salted, as votes can be guessed; the salt stays with the votes. Raises VotesError for a salt
    of fewer than 16 bytes.
    """
    chosen = parameters or Parameters()
    reading = replace(chosen.reading, people=pack.k) if chosen.reading and votes.langs else None
    chosen = replace(chosen, reading=reading)
    told = result(draw(votes, chosen), pack)
    return {
        "result": told,
        "computed_by": versions(votes),
        "votes": votes.digest(salt),
        "parameters": {**chosen.as_data(), "k": pack.k, "bands": list(pack.bands)},
        "hash": sha256(told),
    }
