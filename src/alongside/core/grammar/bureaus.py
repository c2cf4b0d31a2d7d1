"""Which units are of one bureau, and who answers for a unit today, as the policy in force tells it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from alongside.core.entries import Entry, LogView, unit_of
from alongside.core.kinds import EntryKind

#: From this version of the grammar on, the office above acts for a unit that was merged away.
OUTLIVES = 2


def who_answers(unit: str, offices: Iterable[str], above: str) -> str:
    """Give the unit that answers for a unit today: itself while the rules have an office of it, else that of the office above."""
    if not above or any(unit_of(one) == unit for one in offices):
        return unit
    return unit_of(above)


def answers_for(unit: str, log: LogView) -> str:
    """Give the unit that answers for a unit under the policy in force; one of grammar 1 names no office above."""
    told = _in_force(log)
    return who_answers(unit, told.get("offices", ()), told.get("escalate_to", ""))


def in_place_of(unit: str, entry: Entry, log: LogView) -> str:
    """Give the unit that answers for a unit, as the grammar of an entry judges it."""
    return answers_for(unit, log) if entry.v >= OUTLIVES else unit


def acts_for(unit: str, entry: Entry, log: LogView) -> bool:
    """Say whether an office of the unit writes this, or of the one that answers for it where it was merged away."""
    mine = in_place_of(unit, entry, log)
    return any(unit_of(one) == mine for one in entry.offices)


def is_in_place_of(named: str, entry: Entry, log: LogView) -> bool:
    """Say whether an entry names this office, or one of the unit that answers for it where the rules have that office no more."""
    name = entry.data["office"]
    is_gone = named not in _in_force(log).get("offices", ())
    mine = in_place_of(unit_of(named), entry, log)
    return name == named or (entry.v >= OUTLIVES and is_gone and unit_of(name) == mine)


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
    units = {unit_of(one) for one in told.get("offices", ())} | {*within, *within.values()}
    return {unit: bureau_of(unit, within) for unit in units}


def units_of(log: LogView) -> set[str]:
    """Give the units of the policy in force."""
    return set(bureaus_in(_in_force(log)))


def within_of(log: LogView) -> dict[str, str]:
    """Map each unit that lies within another to the one above it, as the policy in force has it."""
    return above_in(_in_force(log))


def policies(log: LogView) -> Sequence[Entry]:
    """List the policies adopted, oldest first."""
    return log.every(EntryKind.POLICY_ADOPTED)


def _in_force(log: LogView) -> Mapping[str, Any]:
    adopted = log.every(EntryKind.POLICY_ADOPTED)
    return adopted[-1].data if adopted else {}


def in_one_bureau(one: str, other: str, log: LogView) -> bool:
    """Say whether two units are one, or stand above, below or beside each other in one bureau, as the policy in force has it."""
    within = within_of(log)
    return bureau_of(one, within) == bureau_of(other, within)


#: Since the first rules: so counts an office that somebody had.
EVER = 0


def is_beside(tie: str, since: int, units: Collection[str], rules: Sequence[Entry]) -> bool:
    """Say whether a unit that somebody was tied to is of one bureau with one of these, or was at any time since the entry `since`.

    `rules` are the policies adopted, oldest first. Each unit is of every bureau in which rules of that time have it, so
    that no merge and no new name frees anybody; one that was merged away is of the bureau that answers for it, too.
    """
    last = max((n for n, one in enumerate(rules) if one.index < since), default=0)
    told = [one.data for one in rules[last:]]
    mine = _bureaus_of(tie, told) | _answers_of(tie, told)
    return any(mine & (_bureaus_of(one, told) | _answers_of(one, told)) for one in units)


def were_one_bureau(one: str, other: str, rules: Sequence[Entry]) -> bool:
    """Say whether two units are, or ever were, of one bureau, whatever its name; not because one answers for the other."""
    told = [each.data for each in rules]
    return bool(_bureaus_of(one, told) & _bureaus_of(other, told))


def _bureaus_of(unit: str, told: Sequence[Mapping[str, Any]]) -> set[str]:
    """Give the bureaus of a unit by each of these rules, the newest last; a unit that none of them has is its own.

    A bureau that lies within another by the newest rules is that one, too; one that they lack is every bureau in which a
    unit of it lies today.
    """
    by_rules = [bureaus_in(one) for one in told]
    found = {one[unit] for one in by_rules if unit in one}
    today = by_rules[-1] if by_rules else {}
    gone = found.difference(today)
    found |= {today[one] for one in found if one in today}
    found |= {
        today[one] for each in by_rules for one, bureau in each.items() if bureau in gone and one in today
    }
    return found or {unit}


def _answers_of(unit: str, told: Sequence[Mapping[str, Any]]) -> set[str]:
    """Give the bureau that answers for a unit which some of these rules have and the newest do not."""
    if not told or unit in bureaus_in(told[-1]) or not any(unit in bureaus_in(one) for one in told):
        return set()
    answers = who_answers(unit, told[-1].get("offices", ()), told[-1].get("escalate_to", ""))
    return {bureau_of(answers, above_in(told[-1]))}
