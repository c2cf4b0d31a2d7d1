"""Which units are of one bureau, as the policy in force tells it."""

from collections.abc import Mapping
from typing import Any

from alongside.core.grammar.shape import LogView


def bureau_of(unit: str, within: Mapping[str, str]) -> str:
    """Give the bureau of a unit: the unit above all others above it, or itself. `within` maps a unit to the one above it."""
    seen = {unit}
    while (above := within.get(unit)) and above not in seen:
        seen.add(above)
        unit = above
    return unit


def above_in(told: Mapping[str, Any]) -> dict[str, str]:
    """Map each unit that lies within another to the one above it, as `policy.adopted` tells it."""
    return {pair["unit"]: pair["within"] for pair in told.get("within", ())}


def bureaus_in(told: Mapping[str, Any]) -> dict[str, str]:
    """Give the bureau of every unit that `policy.adopted` tells: of its offices, and those that lie within another or hold one."""
    within = above_in(told)
    units = {one.split("/", 1)[0] for one in told.get("offices", ())} | {*within, *within.values()}
    return {unit: bureau_of(unit, within) for unit in units}


def units_of(log: LogView) -> set[str]:
    """Give the units of the policy in force."""
    return set(bureaus_in(_in_force(log)))


def within_of(log: LogView) -> dict[str, str]:
    """Map each unit that lies within another to the one above it, as the policy in force has it."""
    return above_in(_in_force(log))


def _in_force(log: LogView) -> Mapping[str, Any]:
    adopted = log.every("policy.adopted")
    return adopted[-1].data if adopted else {}


def in_one_bureau(one: str, other: str, log: LogView) -> bool:
    """Say whether two units are one, or stand above, below or beside each other in one bureau, as the policy in force has it."""
    within = within_of(log)
    return bureau_of(one, within) == bureau_of(other, within)
