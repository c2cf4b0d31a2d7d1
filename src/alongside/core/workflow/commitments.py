"""Where a milestone of a commitment stands: claimed, checked, and how far it is."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind


@dataclass(frozen=True)
class MilestoneStanding:
    """Where one milestone stands. `completion` is one of the five OGP words."""

    commitment: int
    milestone: str
    ask: int
    office: str
    due: date
    completion: str = "not_started"
    claim: int | None = None
    claimed: date | None = None
    verify_due: date | None = None
    check: int | None = None
    verdict: str | None = None
    checked: date | None = None
    quiet: date | None = None
    #: The units with a stake in the promise, apart by spaces: nobody whom their bureaus pay or employ checks it.
    behind: str = ""
    #: Those of them through which its ask only went: they keep nobody from saying that it was not kept.
    passed: str = ""


def open_milestones(entry: Entry, ask: int) -> list[MilestoneStanding]:
    """Start the standing of each milestone of a commitment."""
    return [
        MilestoneStanding(
            commitment=entry.index,
            milestone=one["id"],
            ask=ask,
            office=entry.data["office"],
            due=date.fromisoformat(one["due"]),
        )
        for one in entry.data["milestones"]
    ]


def fold_milestone(standing: MilestoneStanding, entry: Entry, verify_days: int) -> MilestoneStanding:
    """Give the standing of a milestone after one more entry about it."""
    match entry.kind:
        case EntryKind.DELIVERY_CLAIMED:
            return replace(
                standing,
                claim=entry.index,
                claimed=entry.date,
                verify_due=entry.date + timedelta(days=verify_days),
                completion="no_evidence",
                check=None,
                verdict=None,
                checked=None,
            )
        case EntryKind.DELIVERY_VERIFIED:
            completion = entry.data["completion"]
            return replace(
                standing, check=entry.index, verdict="verified", completion=completion, checked=entry.date
            )
        case EntryKind.DELIVERY_DISPUTED:
            completion = entry.data["completion"]
            return replace(
                standing, check=entry.index, verdict="disputed", completion=completion, checked=entry.date
            )
        case _:
            return standing
