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


def in_one_bureau(one: str, other: str, log: LogView) -> bool:
    """Say whether two units are one, or stand above, below or beside each other in one bureau, as the policy in force has it."""
    adopted = log.every("policy.adopted")
    told = adopted[-1].data.get("within", ()) if adopted else ()
    within = {pair["unit"]: pair["within"] for pair in told}
    return bureau_of(one, within) == bureau_of(other, within)
