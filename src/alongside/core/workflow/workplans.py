"""Where a workplan stands: its versions, who signed each, and which one is in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from alongside.core.entries import Entry, unit_of
from alongside.core.kinds import EntryKind

COMMUNITY = "community"


def sides_of(entry: Entry) -> frozenset[str]:
    """Name the sides that hold the pen of an entry: the community for a seat, the unit for an office."""
    return frozenset([COMMUNITY] * bool(entry.seats) + [unit_of(one) for one in entry.offices])


def parties_of(proposed: Entry) -> frozenset[str]:
    """Name every side that must sign a version: the community and each unit of the plan."""
    return frozenset([COMMUNITY, *proposed.data["units"]])


#: What may change where a workplan stands.
CHANGES = (EntryKind.WORKPLAN_PROPOSED, EntryKind.WORKPLAN_SIGNED)


@dataclass(frozen=True)
class Version:
    """A version with the entries that sign it; the first of them is the version itself."""

    proposed: Entry
    signed: tuple[Entry, ...]

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """Name the sides that have not signed it, the community first, then units by name."""
        there = frozenset[str]().union(*(sides_of(one) for one in self.signed))
        return tuple(sorted(parties_of(self.proposed) - there, key=lambda one: (one != COMMUNITY, one)))

    @property
    def signers(self) -> tuple[str, ...]:
        """Name the seats and offices that signed it, in order."""
        return tuple(actor for one in self.signed for actor in one.by)

    @property
    def is_complete(self) -> bool:
        """Say whether every side signed the same hash."""
        return not self.missing


@dataclass(frozen=True)
class PlanStanding:
    """All versions of one workplan, oldest first."""

    versions: tuple[Version, ...]

    @cached_property
    def in_force(self) -> Version | None:
        """Give the newest version that every side signed, or None."""
        return next((one for one in reversed(self.versions) if one.is_complete), None)

    @property
    def one_sided(self) -> Version | None:
        """Give the newest version where some side has not signed it, or None."""
        return self.versions[-1] if self.versions and not self.versions[-1].is_complete else None

    @property
    def waits_since(self) -> Entry | None:
        """Give the oldest version since the one in force: from its day on, something waits for a signature."""
        later = [
            one.proposed
            for one in self.versions
            if not self.in_force or one.proposed.index > self.in_force.proposed.index
        ]
        return later[0] if later else None


def standing_of(entries: Iterable[Entry]) -> PlanStanding:
    """Fold the entries about one workplan, oldest first; other kinds are passed over."""
    signed: dict[int, list[Entry]] = {}
    for one in entries:
        if one.kind == EntryKind.WORKPLAN_PROPOSED:
            signed[one.index] = [one]
        elif one.kind == EntryKind.WORKPLAN_SIGNED:
            signed[one.cites["version"][0]].append(one)
    return PlanStanding(tuple(Version(found[0], tuple(found)) for found in signed.values()))
