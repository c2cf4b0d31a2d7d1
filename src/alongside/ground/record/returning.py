"""What comes back with an entry that is taken back from a mirror: the rows that were made beside it, or that went with it.

A take-down lets an app's rows go in this same way when it is made: each app that keeps a copy of public words empties it,
as long as `queries.texts_going` still gives the words by which it knows them.

What the clock told is known again here; an app with other rows that follow from entries names its action with `also`,
when it is ready.
"""

from collections.abc import Sequence
from typing import Protocol

from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind
from alongside.ground.programs.models import Program


class MakesAgain(Protocol):
    """An action that does again what follows from entries of its kinds, given oldest first."""

    def __call__(self, *, program: Program, entries: Sequence[Entry]) -> None:
        """Make the rows again or let them go, as far as this database still knows what they are about."""


_MAKES: list[tuple[tuple[str, ...], MakesAgain]] = []


def register(kinds: str | tuple[str, ...], makes: MakesAgain) -> None:
    """Call this action once for all entries of a kind, or of several, that are taken back."""
    _MAKES.append(((kinds,) if isinstance(kinds, str) else kinds, makes))


def made_again(program: Program, entries: Sequence[Entry]) -> None:
    """Let every app make its rows again for the entries of its kinds."""
    for kinds, makes in _MAKES:
        if found := [entry for entry in entries if entry.kind in kinds]:
            makes(program=program, entries=found)


#: What stands beside an entry and is in no mirror, by kind: what that means, and what to do.
LOST: dict[str, str] = {
    EntryKind.SEAT_TAKEN: "who took the seat is on no record. Nobody can use it here, and it counts until its term is over. Say so to its lead.",
    EntryKind.SEAT_DECLARED: "let the steward, or the lead, say again who pays the seat and for whom its lead works.",
    EntryKind.COHORT_SEATED: "the cohort has no pages here. Its leads cannot work before a cohort of another name is seated.",
    EntryKind.CHARTER_ADOPTED: "the record holds the charter; drafts of it that are still here can be thrown away.",
    EntryKind.KEY_FOUNDED: "the leads' keys are lost. They make new ones.",
    EntryKind.KEY_CERTIFIED: "the lead's key is lost. They make a new one.",
    EntryKind.KEY_MADE: "the key of this engagement is lost: nobody can open what was sealed to it. Close it, and ask anew.",
    EntryKind.KEY_SHARED: "the leads whom it names cannot open here what was sealed to this key. Let a lead who holds it share it with them again.",
    EntryKind.KEY_RECOVERED: "the leads whom it names cannot open here what was sealed to this key. Let a lead open it with the recovery papers again.",
    EntryKind.KEY_TESTED: "let the lead test the key of the engagement again.",
    EntryKind.ENGAGEMENT_PROMISED: "nobody can speak there: the site knows it as a draft. Close it, and ask anew under another address.",
    EntryKind.ENGAGEMENT_CORRECTED: "look whether the page asks what the entry says.",
    EntryKind.VOICES_PUBLISHED: "voices that were sealed after the backup are lost, and their receipts say published. Say in public that whoever spoke since then speaks again.",
    EntryKind.VOICES_OPENED: "the list of what was opened waits for its signature again. It stands on the record.",
    EntryKind.CALL_PUBLISHED: "nobody can apply: the site knows the call as a draft. Publish another one.",
    EntryKind.CALL_CORRECTED: "look whether the page of the call says what the entry says.",
    EntryKind.LOTTERY_ANNOUNCED: "the lottery cannot be drawn here. Publish another call.",
    EntryKind.LOTTERY_DRAWN: "who was drawn is in no mirror. Ask whoever drew for the list, and publish another call.",
    EntryKind.LOTTERY_ATTESTED: "the witness is asked again. What they said stands on the record.",
    EntryKind.SELECTION_CLOSED: "who was chosen is in no mirror. Ask the readers.",
    EntryKind.PAY_BUDGETED: "let the steward enter the budget again.",
    EntryKind.MEETING_PLANNED: "hour and place are in no mirror. Let a lead plan the meeting again, under another name.",
    EntryKind.MEETING_CHANGED: "let a lead or the steward move or cancel the meeting again.",
    EntryKind.MEETING_HELD: "the minutes are on the record. Let nobody publish them twice.",
    EntryKind.COURSE_OFFERED: "the course is not on offer here. Offer it again.",
    EntryKind.COURSE_REWORDED: "let the steward put the words of the course in again.",
    EntryKind.CONSULTATION_OPENED: "the consultation has no page here. Let the unit open another one.",
    EntryKind.MATERIAL_ENTERED: "the file is in no mirror. Let the unit bring it in again.",
    EntryKind.SOUND_GIVEN: "the recording is in no mirror. Let a lead send it again.",
    EntryKind.REGISTER_IMPORTED: "the rows are in no mirror. Let the unit bring the file in again.",
    EntryKind.DECISION_SCHEDULED: "the decision stands on the record alone. Let the unit schedule another one.",
    EntryKind.PROJECT_REGISTERED: "the project has no page here. Register it under another address.",
}


def lost(entries: Sequence[Entry]) -> list[str]:
    """Say by name what stood beside these entries and did not come back, each with what to do."""
    found: dict[str, list[int]] = {}
    for entry in entries:
        if entry.kind in LOST:
            found.setdefault(entry.kind, []).append(entry.index)
    return [
        f"{kind} ({'entry' if len(at) == 1 else 'entries'} {', '.join(map(str, at))}): {LOST[kind]}"
        for kind, at in sorted(found.items())
    ]
