"""Where a milestone of a commitment stands: claimed, checked, and how far it is."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from alongside.core.clocks import claim_again_from
from alongside.core.entries import Entry, unit_of
from alongside.core.kinds import EntryKind
from alongside.core.workflow.asks import is_past
from alongside.core.workflow.open_steps import LEADS, OpenStep

CHECKS = (EntryKind.DELIVERY_VERIFIED, EntryKind.DELIVERY_DISPUTED)
#: What may change where a milestone stands.
CHANGES = (EntryKind.DELIVERY_CLAIMED, *CHECKS)


class Completion(StrEnum):
    """How far something is, in the words of the OGP, the least first."""

    NO_EVIDENCE = "no_evidence"
    NOT_STARTED = "not_started"
    LIMITED = "limited"
    SUBSTANTIAL = "substantial"
    COMPLETE = "complete"


#: What counts as kept, and what may be said without anything that shows it.
KEPT = (Completion.SUBSTANTIAL, Completion.COMPLETE)
BARE = (Completion.NO_EVIDENCE, Completion.NOT_STARTED)


class MilestoneStage(StrEnum):
    """Where a milestone stands on a day; late: its day has passed in public, and it is not claimed."""

    OWED = "owed"
    LATE = "late"
    CLAIMED = "claimed"
    DISPUTED = "disputed"
    KEPT = "kept"


class MilestoneStep(StrEnum):
    """What is next of a milestone: its office does it and says so, two leads look, or its office does it again."""

    CLAIM = "claim"
    CHECK = "check"
    CLAIM_AGAIN = "claim-again"


class MilestoneState:
    """What follows from where a milestone stands; of the fold, and of the rows that pages read."""

    office: str
    due: date
    completion: str
    claim: int | None
    claimed: date | None
    verify_due: date | None
    check_entry: int | None
    checked: date | None
    quiet: date | None
    disputed: date | None

    @property
    def is_kept(self) -> bool:
        """Say whether those who checked agree that it is done."""
        return self.completion in KEPT

    @property
    def is_disputed(self) -> bool:
        """Say whether those who checked do not agree that it is done."""
        return self.check_entry is not None and not self.is_kept

    @property
    def stands_disputed(self) -> bool:
        """Say whether a check that did not agree stands: that of its last claim, or of one before that nobody has checked since."""
        return self.is_disputed or (self.disputed is not None and not self.is_kept)

    @property
    def is_unchecked(self) -> bool:
        """Say whether it is claimed and nobody checked the claim."""
        return self.claim is not None and self.check_entry is None

    @property
    def is_claimed(self) -> bool:
        """Say whether it counts as claimed: while leads do not dispute its last claim."""
        return self.claim is not None and not self.is_disputed

    def is_late(self, today: date) -> bool:
        """Say whether it is late in public: its day has passed, and it does not count as claimed."""
        return not self.is_claimed and is_past(self.due, self.quiet, today)

    def days_late(self, today: date) -> int | None:
        """Count the days from its day to that of the claim that counts, or to today where none does; None where it is not late.

        A claim ends its lateness and does not undo it: what was called done late stays so, also once it is kept.
        """
        until = self.claimed if self.is_claimed and self.claimed else today
        return (until - self.due).days if is_past(self.due, self.quiet, until) else None

    def stage(self, today: date) -> MilestoneStage:
        """Say where it stands on a day."""
        if self.is_kept:
            return MilestoneStage.KEPT
        if self.stands_disputed:
            return MilestoneStage.DISPUTED
        if self.is_claimed:
            return MilestoneStage.CLAIMED
        return MilestoneStage.LATE if self.is_late(today) else MilestoneStage.OWED

    @property
    def step(self) -> OpenStep | None:
        """Give what is next, or None once it is kept."""
        if self.is_kept:
            return None
        if self.is_unchecked:
            return OpenStep(MilestoneStep.CHECK, LEADS, self.verify_due)
        if self.checked is not None:
            return OpenStep(MilestoneStep.CLAIM_AGAIN, self.office, None, claim_again_from(self.checked))
        return OpenStep(MilestoneStep.CLAIM, self.office, self.due)


@dataclass(frozen=True)
class MilestoneStanding(MilestoneState):
    """Where one milestone stands."""

    commitment: int
    milestone: str
    ask: int
    office: str
    due: date
    completion: str = Completion.NOT_STARTED
    claim: int | None = None
    claimed: date | None = None
    verify_due: date | None = None
    check_entry: int | None = None
    checked: date | None = None
    quiet: date | None = None
    #: The day on which those who looked did not agree, until others look and agree: another claim alone ends no dispute.
    disputed: date | None = None
    #: The units with a stake in the promise, apart by spaces: nobody whom their bureaus pay or employ checks it.
    behind: str = ""
    #: Those of them through which its ask only went: they keep nobody from saying that it was not kept.
    passed: str = ""

    @property
    def unit(self) -> str:
        """Give the unit that promised."""
        return unit_of(self.office)


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
                completion=Completion.NO_EVIDENCE,
                check_entry=None,
                checked=None,
            )
        case EntryKind.DELIVERY_VERIFIED | EntryKind.DELIVERY_DISPUTED:
            completion = entry.data["completion"]
            return replace(
                standing,
                check_entry=entry.index,
                completion=completion,
                checked=entry.date,
                disputed=None if completion in KEPT else entry.date,
            )
        case _:
            return standing
