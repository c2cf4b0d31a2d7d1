"""The log in the database, as the rules of the grammar look at it."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from django.db.models import F, Q, QuerySet

from alongside.core.entries import Entry
from alongside.ground.record.models import Citation, Log, LogEntry


class RowsLog:
    """Answers the questions of the grammar from the rows of one log. Remembers what it parsed, and what it answered.

    The rules ask the same again and again: who sits, for each seat. An answer holds until this process writes an entry.
    """

    #: How many entries this process wrote, to whatever log.
    written: ClassVar[int] = 0

    def __init__(self, log: Log) -> None:
        self._log = log
        self._seen: dict[int, Entry] = {}
        self._answers: dict[tuple[str | int, ...], list[Entry]] = {}
        self._since = RowsLog.written

    @property
    def origin(self) -> str:
        """Give the name under which the log signs its heads."""
        return self._log.program.origin

    def remember(self, entry: Entry) -> None:
        """Take in an entry that was just written."""
        self._seen[entry.index] = entry
        RowsLog.written += 1

    def _lines(self) -> QuerySet[LogEntry]:
        """Give the lines of the log; a row beyond its size, as this process or the database has it, is none."""
        is_there = Q(index__lt=self._log.size) | Q(index__lt=F("log__size"))
        return LogEntry.objects.filter(is_there, log=self._log).order_by("index")

    def get(self, index: int) -> Entry | None:
        """Give the entry at this index, or None."""
        if index not in self._seen:
            line = self._lines().filter(index=index).first()
            if line is None:
                return None
            self._seen[index] = line.parsed
        return self._seen[index]

    def _once(self, *asked: str | int, of: Callable[[], QuerySet[LogEntry]]) -> list[Entry]:
        """Parse these lines, or give what was answered before."""
        if self._since != RowsLog.written:
            self._answers, self._since = {}, RowsLog.written
        if asked not in self._answers:
            self._answers[asked] = self._parsed(list(of()))
        return self._answers[asked]

    def _parsed(self, lines: Sequence[LogEntry]) -> list[Entry]:
        for line in lines:
            if line.index not in self._seen:
                self._seen[line.index] = line.parsed
        return [self._seen[line.index] for line in lines]

    def citing(self, index: int, kind: str) -> Sequence[Entry]:
        """Give the entries of this kind that cite this index, oldest first."""

        def lines() -> QuerySet[LogEntry]:
            cites = Citation.objects.filter(log=self._log, cited=index, kind=kind)
            return self._lines().filter(index__in=cites.values("citing"))

        return self._once("citing", index, kind, of=lines)

    def about(self, kind: str, subject: str) -> Sequence[Entry]:
        """Give the entries of this kind about this subject, oldest first."""
        return self._once("about", kind, subject, of=lambda: self._lines().filter(kind=kind, subject=subject))

    def every(self, kind: str) -> Sequence[Entry]:
        """Give all entries of this kind, oldest first."""
        return self._once("every", kind, of=lambda: self._lines().filter(kind=kind))
