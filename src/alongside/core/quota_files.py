"""The two files of a lottery with quotas: the drawing, for everyone, and the sheet with what tickets have, for two witnesses."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, override

from alongside.core import lottery
from alongside.core.lottery import LotteryError, Rerun, Result, pool_root
from alongside.core.quotas import (
    METHOD,
    Facts,
    Picked,
    Quota,
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
    place: int
    panel_fits: bool

    @property
    @override
    def fits(self) -> bool:
        """Say whether pool, panel and result are what the file says."""
        return self.root_fits and self.panel_fits and self.result_fits


def _written(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def drawing_file(
    pool: Sequence[str],
    *,
    salt: str,
    seed: str,
    panels: Sequence[Sequence[str]],
    panels_salt: str,
    alternates: int,
    entries: Mapping[str, int],
) -> str:
    """Write all that one needs to check a draw with quotas, as JSON. It holds no fact of any ticket, and one panel only."""
    picked = pick(panels, salt=panels_salt, seed=seed)
    result = seated(picked, pool, salt=salt, seed=seed, alternates=alternates)
    listed = {
        "root": panels_tree(panels, panels_salt).root().hex(),
        "count": len(panels),
        "place": picked.place,
        "panel": list(picked.panel),
        "salt": picked.salt,
        "proof": list(picked.proof),
    }
    return _written(
        {
            "method": METHOD,
            "record": dict(entries),
            "root": pool_root(pool, salt),
            "salt": salt,
            "seed": seed,
            "seats": len(picked.panel),
            "alternates": alternates,
            "pool": sorted(pool),
            "panels": listed,
            "result": {"seats": list(result.seats), "alternates": list(result.alternates)},
        }
    )


def rerun(text: str) -> Rerun:
    """Run a lottery again from its drawing file, with quotas or without. Raises LotteryError for any other file."""
    try:
        value: dict[str, Any] = json.loads(text)
        with_panels = value["method"] == METHOD
    except (ValueError, KeyError, TypeError) as error:
        raise LotteryError(_NO_FILE) from error
    if not with_panels:
        return lottery.rerun(text)
    try:
        return _rerun(value)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LotteryError(_NO_FILE) from error


_NO_FILE = "This is no drawing file; download it again from the page of the draw."


def _rerun(value: dict[str, Any]) -> PanelRerun:
    pool, salt, seed = [str(one) for one in value["pool"]], str(value["salt"]), str(value["seed"])
    listed = value["panels"]
    root, count = str(listed["root"]), int(listed["count"])
    picked = Picked(int(listed["place"]), tuple(listed["panel"]), str(listed["salt"]), tuple(listed["proof"]))
    result = seated(picked, pool, salt=salt, seed=seed, alternates=int(value["alternates"]))
    told = Result(tuple(value["result"]["seats"]), tuple(value["result"]["alternates"]))
    own = pool_root(pool, salt)
    on_it = stood_on_the_list(picked, root=root, count=count)
    return PanelRerun(
        root=own,
        result=result,
        root_fits=own == value["root"],
        result_fits=result == told and len(picked.panel) == value["seats"],
        entries={name: int(number) for name, number in value["record"].items()},
        panels_root=root,
        place=picked.place,
        panel_fits=on_it and picked.place == place_of(seed, root, count),
    )


def sheet_file(
    *,
    seats: int,
    quotas: Sequence[Quota],
    facts: Facts,
    salts: Mapping[str, str],
    leaves: Mapping[str, bytes],
    panels: Sequence[Sequence[str]],
    panels_salt: str,
    entries: Mapping[str, int],
) -> str:
    """Write the sheet for the two witnesses, as JSON. A ticket whose facts were erased shows its leaf alone."""
    tickets: list[dict[str, Any]] = [
        {"ticket": one, "values": dict(facts[one]), "salt": salts[one]}
        if one in facts
        else {"ticket": one, "leaf": leaves[one].hex()}
        for one in sorted(leaves)
    ]
    rules = [vars(one) for one in quotas]
    return _written(
        {
            "method": METHOD,
            "record": dict(entries),
            "seats": seats,
            "quotas": rules,
            "facts_root": facts_root(leaves),
            "tickets": tickets,
            "panels_root": panels_tree(panels, panels_salt).root().hex(),
            "panels_salt": panels_salt,
            "panels": [sorted(one) for one in panels],
        }
    )


@dataclass(frozen=True)
class SheetCheck:
    """What a sheet shows. `unmet` counts panels that miss a quota, `unknown` those with a ticket whose facts were erased."""

    facts_root: str
    panels_root: str
    panels: int
    unmet: int
    unknown: int
    smallest: int
    largest: int

    @property
    def holds(self) -> bool:
        """Say whether every panel that can be checked meets every quota."""
        return self.unmet == 0


def check_sheet(text: str) -> SheetCheck:
    """Check a sheet: make both roots anew, and look at every panel. Raises LotteryError for any other file."""
    try:
        value: dict[str, Any] = json.loads(text)
        quotas = [Quota(**one) for one in value["quotas"]]
        facts = {one["ticket"]: one["values"] for one in value["tickets"] if "values" in one}
        leaves = {one["ticket"]: _leaf(one) for one in value["tickets"]}
        panels, seats = value["panels"], int(value["seats"])
        root = panels_tree(panels, value["panels_salt"]).root().hex()
        counts = chances(panels, leaves)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LotteryError("This is no sheet of a lottery; download it again from your page.") from error
    known = [one for one in panels if set(one) <= set(facts)]
    wrong = [one for one in panels if len(set(one)) != seats or not set(one) <= set(leaves)]
    missed = [one for one in known if one not in wrong and unmet(one, facts, quotas)]
    return SheetCheck(
        facts_root=facts_root(leaves),
        panels_root=root,
        panels=len(panels),
        unmet=len(wrong) + len(missed),
        unknown=len(panels) - len(known),
        smallest=min(counts.values(), default=0),
        largest=max(counts.values(), default=0),
    )


def _leaf(one: Mapping[str, Any]) -> bytes:
    if "values" in one:
        return facts_leaf(one["ticket"], one["values"], one["salt"])
    return bytes.fromhex(one["leaf"])
