"""Which units are of one bureau, as the policy in force tells it."""

from collections.abc import Mapping

from alongside.core.grammar.shape import LogView


def bureau_of(unit: str, within: Mapping[str, str]) -> str:
    """Give the bureau of a unit: the unit above all others above it, or itself. `within` maps a unit to the one above it."""
    seen = {unit}
    while (above := within.get(unit)) and above not in seen:
        seen.add(above)
        unit = above
    return unit


def units_of(log: LogView) -> set[str]:
    """Give the units of the policy in force: those of its offices, and those that lie within another or hold one."""
    adopted = log.every("policy.adopted")
    data = adopted[-1].data if adopted else {}
    nested = {unit for pair in data.get("within", ()) for unit in (pair["unit"], pair["within"])}
    return {one.split("/", 1)[0] for one in data.get("offices", ())} | nested


def within_of(log: LogView) -> dict[str, str]:
    """Map each unit that lies within another to the one above it, as the policy in force has it."""
    adopted = log.every("policy.adopted")
    told = adopted[-1].data.get("within", ()) if adopted else ()
    return {pair["unit"]: pair["within"] for pair in told}


def in_one_bureau(one: str, other: str, log: LogView) -> bool:
    """Say whether two units are one, or stand above, below or beside each other in one bureau, as the policy in force has it."""
    within = within_of(log)
    return bureau_of(one, within) == bureau_of(other, within)
