"""The sheet of a lottery with quotas, for its two witnesses alone: what tickets have, and every panel; written, and checked."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alongside.core.lottery import LotteryError
from alongside.core.quota_files import written
from alongside.core.quotas import METHOD, Facts, Quota, chances, facts_leaf, facts_root, panels_tree, unmet


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
    return written(
        {
            "method": METHOD,
            "record": dict(entries),
            "seats": seats,
            "quotas": [vars(one) for one in quotas],
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
