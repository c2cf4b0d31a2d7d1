"""What is kept beside the record under a hash in an entry, and is compared with it each night: an app names its own with `also`."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from alongside.core.grammar import Entry
from alongside.ground.programs.models import Program


class Looks(Protocol):
    """A query that compares with entries of one kind what this database keeps of them."""

    def __call__(self, *, program: Program, entries: Sequence[Entry]) -> Iterable[int]:
        """Give the entries of which the database keeps something else than they hash; what is not here says nothing else."""


_LOOKS: dict[str, Looks] = {}


def also(kind: str, looks: Looks) -> None:
    """Look with this query at entries of a kind."""
    _LOOKS[kind] = looks


def kept_otherwise(program: Program, entries: Sequence[Entry]) -> set[int]:
    """Let every app compare what it keeps of these entries; give those that differ."""
    wrong: set[int] = set()
    for kind, looks in _LOOKS.items():
        if found := [entry for entry in entries if entry.kind == kind]:
            wrong.update(looks(program=program, entries=found))
    return wrong
