"""What comes back with an entry that is taken back from a mirror: the rows that were made beside it, or that went with it.

A take-down lets an app's rows go in this same way when it is made.

What the clock told is known again here; an app with other rows that follow from entries names its action with `also`,
when it is ready.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Protocol

from alongside.core.entries import Entry
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
LOST = {
    "seat.taken": "who took the seat is on no record. Nobody can use it here, and it counts until its term is over. Say so to its lead.",
    "seat.declared": "let the steward, or the lead, say again who pays the seat and for whom its lead works.",
    "cohort.seated": "the cohort has no pages here. Its leads cannot work before a cohort of another name is seated.",
    "charter.adopted": "the record holds the charter; drafts of it that are still here can be thrown away.",
    "key.founded": "the leads' keys are lost. They make new ones.",
    "key.certified": "the lead's key is lost. They make a new one.",
    "key.made": "the key of this engagement is lost: nobody can open what was sealed to it. Close it, and ask anew.",
    "key.tested": "let the lead test the key of the engagement again.",
    "engagement.promised": "nobody can speak there: the site knows it as a draft. Close it, and ask anew under another address.",
    "engagement.corrected": "look whether the page asks what the entry says.",
    "voices.opened": "the list of what was opened waits for its signature again. It stands on the record.",
    "call.published": "nobody can apply: the site knows the call as a draft. Publish another one.",
    "call.corrected": "look whether the page of the call says what the entry says.",
    "lottery.announced": "the lottery cannot be drawn here. Publish another call.",
    "lottery.drawn": "who was drawn is in no mirror. Ask whoever drew for the list, and publish another call.",
    "lottery.attested": "the witness is asked again. What they said stands on the record.",
    "selection.closed": "who was chosen is in no mirror. Ask the readers.",
    "pay.budgeted": "let the steward enter the budget again.",
    "meeting.planned": "hour and place are in no mirror. Let a lead plan the meeting again, under another name.",
    "meeting.changed": "let a lead or the steward move or cancel the meeting again.",
    "meeting.held": "the minutes are on the record. Let nobody publish them twice.",
    "course.offered": "the course is not on offer here. Offer it again.",
    "course.reworded": "let the steward put the words of the course in again.",
    "consultation.opened": "the consultation has no page here. Let the unit open another one.",
    "material.entered": "the file is in no mirror. Let the unit bring it in again.",
    "register.imported": "the rows are in no mirror. Let the unit bring the file in again.",
    "decision.scheduled": "the decision stands on the record alone. Let the unit schedule another one.",
    "project.registered": "the project has no page here. Register it under another address.",
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


def _once(_entry: Entry) -> str:
    return "once"


def _stage(entry: Entry) -> str:
    return str(entry.data["stage"])


def _silence(entry: Entry) -> str:
    """Name the day that passed, too: after more time was given, the same stages are told again."""
    return f"{entry.date - timedelta(days=entry.data['days'])} {entry.data['stage']}"


#: Which entry a kind is told about, by the role in which it is cited, and at which stage: as the tasks of each app tell it.
#: How many completed a track is told by numbers of rows; training knows it again by itself.
TOLD: dict[str, tuple[str, Callable[[Entry], str]]] = {
    "ask.silent": ("ask", _silence),
    "ask.escalated": ("ask", _once),
    "raise.silent": ("raise", _once),
    "contest.silent": ("contest", _once),
    "commitment.late": ("commitment", lambda entry: f"{entry.data['milestone']} {entry.data['stage']}"[:40]),
    "delivery.unchecked": ("claim", _once),
    "invitation.unanswered": ("invitation", lambda entry: str(entry.data.get("stage", "once"))),
    "vacancy.late": ("vacancy", _stage),
    "pay.totaled": ("cohort", lambda entry: f"{entry.data['currency']} {entry.data['until']}"),
}


def told_as(entry: Entry) -> tuple[int, str] | None:
    """Say about which entry the clock told this one and at which stage; None for what is not told once."""
    if entry.kind not in TOLD:
        return None
    role, stage = TOLD[entry.kind]
    return entry.cites[role][0], stage(entry)
