"""What comes back with an entry that is taken back from a mirror: the rows that were made beside it, or that went with it.

A take-down lets an app's rows go in this same way when it is made.

What the clock told is known again here; an app with other rows that follow from entries names its action with `also`,
when it is ready.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Protocol

from alongside.core.grammar import Entry
from alongside.ground.programs.models import Program


class MakesAgain(Protocol):
    """An action that does again what follows from entries of one kind, given oldest first."""

    def __call__(self, *, program: Program, entries: Sequence[Entry]) -> None:
        """Make the rows again or let them go, as far as this database still knows what they are about."""


_MAKES: dict[str, MakesAgain] = {}


def also(kind: str, makes: MakesAgain) -> None:
    """Call this action for all entries of a kind that are taken back."""
    _MAKES[kind] = makes


def made_again(program: Program, entries: Sequence[Entry]) -> None:
    """Let every app make its rows again for the entries of its kinds."""
    for kind, makes in _MAKES.items():
        if found := [entry for entry in entries if entry.kind == kind]:
            makes(program=program, entries=found)


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
