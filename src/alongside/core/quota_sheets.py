"""Quotas of a lottery as files: the drawing file, and the sheet that witnesses run again."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, override

from alongside.core import lottery
from alongside.core.canonical import read_json
from alongside.core.lottery import LotteryError, Rerun, Result, pool_root
from alongside.core.quota_alternates import are_chosen_so, with_an_alternate
from alongside.core.quotas import (
    FIRST_METHOD,
    METHOD,
    METHODS,
    Facts,
    Picked,
    Quota,
    Tickets,
    chances,
    facts_leaf,
    facts_root,
    panels_tree,
    pick,
    place_of,
    seated,
    stood_on_the_list,
    unmet,
)


@dataclass(frozen=True)
class PanelRerun(Rerun):
    """What running a lottery with quotas again gave; `panels_root` is the list that its panel stood on."""

    panels_root: str
    panel_count: int
    place: int
    panel_fits: bool

    @property
    @override
    def fits(self) -> bool:
        """Say whether pool, panel and result are what the file says."""
        return self.root_fits and self.panel_fits and self.result_fits


def written(value: Mapping[str, Any]) -> str:
    """Write a file of a lottery as JSON that people can read too."""
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _as_data(picked: Picked) -> dict[str, Any]:
    """Give a picked panel as the file holds it."""
    panel, proof = list(picked.panel), list(picked.proof)
    held: dict[str, Any] = {"place": picked.place, "panel": panel, "salt": picked.salt, "proof": proof}
    if picked.alternates is not None:
        held["alternates"] = list(picked.alternates)
    return held


def drawing_file(
    pool: Tickets,
    *,
    salt: str,
    seed: str,
    panels: Sequence[Tickets],
    panels_salt: str,
    listed: Sequence[Tickets] | None,
    alternates: int,
    entries: Mapping[str, int],
) -> str:
    """Write all that one needs to check a draw with quotas, as JSON. It holds no fact of any ticket, and one panel only.

    `listed` are the alternates of each panel on the list; None in the first method.
    """
    picked = pick(panels, salt=panels_salt, seed=seed, alternates=listed)
    result = seated(picked, pool, salt=salt, seed=seed, alternates=alternates)
    root = panels_tree(panels, panels_salt, listed).root().hex()
    return written(
        {
            "method": picked.method,
            "record": dict(entries),
            "root": pool_root(pool, salt),
            "salt": salt,
            "seed": seed,
            "seats": len(picked.panel),
            "alternates": alternates,
            "pool": sorted(pool),
            "panels": {"root": root, "count": len(panels), **_as_data(picked)},
            "result": {"seats": list(result.seats), "alternates": list(result.alternates)},
        }
    )


def rerun(text: str) -> Rerun:
    """Run a lottery again from its drawing file, with quotas or without. Raises LotteryError for any other file."""
    try:
        value: dict[str, Any] = read_json(text)
        with_panels = value["method"] in METHODS
    except (ValueError, KeyError, TypeError) as error:
        raise LotteryError(_NO_FILE) from error
    if not with_panels:
        return lottery.rerun(text)
    try:
        return _rerun(value)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise LotteryError(_NO_FILE) from error


_NO_FILE = "This is no drawing file; download it again from the page of the draw."


def _rerun(value: dict[str, Any]) -> PanelRerun:
    pool, salt, seed = [str(one) for one in value["pool"]], str(value["salt"]), str(value["seed"])
    listed = value["panels"]
    root, count = str(listed["root"]), int(listed["count"])
    picked = Picked(
        place=int(listed["place"]),
        panel=tuple(listed["panel"]),
        salt=str(listed["salt"]),
        proof=tuple(listed["proof"]),
        alternates=tuple(listed["alternates"]) if value["method"] == METHOD else None,
    )
    result = seated(picked, pool, salt=salt, seed=seed, alternates=int(value["alternates"]))
    told = Result(tuple(value["result"]["seats"]), tuple(value["result"]["alternates"]))
    own = pool_root(pool, salt)
    on_it = stood_on_the_list(picked, root=root, count=count)
    return PanelRerun(
        root=own,
        result=result,
        root_fits=own == value["root"],
        result_fits=result == told and value["seats"] == len(result.seats) and not _names_one_twice(picked),
        entries={name: int(number) for name, number in value["record"].items()},
        method=value["method"],
        seed=seed,
        tickets=len(pool),
        panels_root=root,
        panel_count=count,
        place=picked.place,
        panel_fits=on_it and picked.place == place_of(seed, root, count, picked.method),
    )


def _names_one_twice(picked: Picked) -> bool:
    """Say whether a ticket stands twice on a panel or among its alternates: it would count twice for the quotas and sit once."""
    return any(len(set(those)) != len(those) for those in (picked.panel, picked.alternates or ()))


def sheet_file(
    *,
    seats: int,
    quotas: Sequence[Quota],
    facts: Facts,
    salts: Mapping[str, str],
    leaves: Mapping[str, bytes],
    pool_salt: str,
    panels: Sequence[Tickets],
    panels_salt: str,
    listed: Sequence[Tickets] | None,
    entries: Mapping[str, int],
) -> str:
    """Write the sheet for the two witnesses, as JSON. A ticket whose facts were erased shows its leaf alone.

    `listed` are the alternates of each panel; None in the first method.
    """
    tickets = [_ticket(one, facts, salts, leaves) for one in sorted(leaves)]
    return written(
        {
            "method": FIRST_METHOD if listed is None else METHOD,
            "record": dict(entries),
            "seats": seats,
            "quotas": [vars(one) for one in quotas],
            "facts_root": facts_root(leaves),
            "pool_salt": pool_salt,
            "tickets": tickets,
            "panels_root": panels_tree(panels, panels_salt, listed).root().hex(),
            "panels_salt": panels_salt,
            "panels": [sorted(one) for one in panels],
            **({} if listed is None else {"alternates": [list(one) for one in listed]}),
        }
    )


def _ticket(one: str, facts: Facts, salts: Mapping[str, str], leaves: Mapping[str, bytes]) -> dict[str, Any]:
    if one in facts:
        return {"ticket": one, "values": dict(facts[one]), "salt": salts[one]}
    return {"ticket": one, "leaf": leaves[one].hex()}


@dataclass(frozen=True)
class SheetCheck:
    """What a sheet shows. `unmet` counts panels that miss a quota, `unknown` those with a ticket whose facts were erased.

    `strays` counts panels whose alternates do not follow the rule; `covered` says how many of the seats have a stand-in
    on the panel where fewest have one. It and `alternates` are None in the first method. `differing` counts the panels that
    are not the same as another one, and `left_out` the tickets on none of them; `is_fixed` says that all are one though
    somebody else could take a place on it, so that the seed chose nothing. What it was checked against
    (`method`, `quotas`, `seats`) is the sheet's own word: only the entry `announced` says what was promised.
    """

    announced: int
    method: str
    quotas: Sequence[Quota]
    alternates: int | None
    pool_root: str
    facts_root: str
    panels_root: str
    panels: int
    unmet: int
    unknown: int
    smallest: int
    largest: int
    seats: int
    differing: int
    tickets: int
    left_out: int
    is_fixed: bool
    strays: int = 0
    covered: int | None = None

    @property
    def holds(self) -> bool:
        """Say whether every panel that can be checked meets every quota, its alternates follow the rule, and a seed can choose."""
        return self.unmet == 0 and self.strays == 0 and not self.is_fixed


_NO_SHEET = "This is no sheet of a lottery; download it again from your page."


def _tickets_of(listed: Sequence[Mapping[str, Any]], pool_salt: str) -> tuple[Facts, dict[str, bytes], str]:
    """Give what the tickets of a sheet have, the leaf of each, and the root of the pool that they are."""
    leaves = {one["ticket"]: _leaf(one) for one in listed}
    if len(leaves) != len(listed):
        raise LotteryError(_NO_SHEET)
    facts = {one["ticket"]: one["values"] for one in listed if "values" in one}
    return facts, leaves, pool_root(list(leaves), pool_salt)


def _quota(one: Mapping[str, Any]) -> Quota:
    return Quota(**{**one, "least": int(one["least"]), "most": int(one["most"])})


def check_sheet(text: str) -> SheetCheck:
    """Check a sheet: make all three roots anew, and look at every panel. Raises LotteryError for any other file."""
    try:
        value: dict[str, Any] = read_json(text)
        quotas = [_quota(one) for one in value["quotas"]]
        facts, leaves, own = _tickets_of(value["tickets"], value["pool_salt"])
        announced, method = int(value["record"]["announced"]), str(value["method"])
        panels, seats = value["panels"], int(value["seats"])
        listed = value["alternates"] if method == METHOD else None
        root = panels_tree(panels, value["panels_salt"], listed).root().hex()
        counts = chances(panels, leaves)
        rows = list(zip(panels, listed or [[]] * len(panels), strict=True))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError) as error:
        raise LotteryError(_NO_SHEET) from error
    different = {tuple(sorted(one)) for one in panels}
    alternates = max((len(after) for _panel, after in rows), default=0)
    known = [(panel, after) for panel, after in rows if {*panel, *after} <= set(facts)]
    wrong = [one for one in panels if not len(one) == len(set(one)) == seats or not set(one) <= set(leaves)]
    missed = [one for one, _after in known if one not in wrong and unmet(one, facts, quotas)]
    sound = [row for row in known if row[0] not in wrong and row[0] not in missed]
    return SheetCheck(
        announced=announced,
        method=method,
        quotas=quotas,
        alternates=None if listed is None else alternates,
        pool_root=own,
        facts_root=facts_root(leaves),
        panels_root=root,
        panels=len(panels),
        unmet=len(wrong) + len(missed),
        unknown=len(rows) - len(known),
        smallest=min(counts.values(), default=0),
        largest=max(counts.values(), default=0),
        seats=seats,
        differing=len(different),
        tickets=len(leaves),
        left_out=sum(not count for count in counts.values()),
        is_fixed=len(different) == 1 and _has_room_for_others(different.pop(), facts, quotas),
        strays=_strays(rows, sound, alternates, facts, quotas) if listed else 0,
        covered=min((with_an_alternate(*row, facts, quotas) for row in sound), default=0) if listed else None,
    )


def _strays(
    rows: Sequence[tuple[Tickets, Tickets]],
    sound: Sequence[tuple[Tickets, Tickets]],
    alternates: int,
    facts: Facts,
    quotas: Sequence[Quota],
) -> int:
    """Count the panels whose alternates are fewer than elsewhere, or are not chosen by the rule."""
    even = [row for row in sound if len(row[1]) == alternates]
    uneven = sum(len(after) != alternates for _panel, after in rows)
    return uneven + sum(not are_chosen_so(*row, facts, quotas) for row in even)


def _has_room_for_others(panel: Tickets, facts: Facts, quotas: Sequence[Quota]) -> bool:
    """Say whether the panel meets every quota also with somebody else in the place of one who stands on it."""
    if not set(panel) <= set(facts):
        return False
    others = {tuple(sorted(facts[one].items())): one for one in facts if one not in panel}
    return any(
        not unmet([*(one for one in panel if one != leaves), comes], facts, quotas)
        for leaves in panel
        for comes in others.values()
    )


def _leaf(one: Mapping[str, Any]) -> bytes:
    if "values" in one:
        return facts_leaf(one["ticket"], one["values"], one["salt"])
    return bytes.fromhex(one["leaf"])
