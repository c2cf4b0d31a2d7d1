"""The drawing file of a lottery with quotas, for everyone: written, and run again. It holds no fact of any ticket."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, override

from alongside.core import lottery
from alongside.core.lottery import LotteryError, Rerun, Result, pool_root
from alongside.core.quotas import (
    METHOD,
    METHODS,
    Picked,
    Tickets,
    panels_tree,
    pick,
    place_of,
    seated,
    stood_on_the_list,
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
        value: dict[str, Any] = json.loads(text)
        with_panels = value["method"] in METHODS
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
        result_fits=result == told and len(picked.panel) == value["seats"],
        entries={name: int(number) for name, number in value["record"].items()},
        panels_root=root,
        place=picked.place,
        panel_fits=on_it and picked.place == place_of(seed, root, count, picked.method),
    )
