"""The log in the database, as the rules of the grammar look at it."""

from collections.abc import Sequence

from django.db.models import F, Q, QuerySet

from alongside.core.entries import Entry
from alongside.ground.record.models import Citation, Log, LogEntry


class RowsLog:
    """Answers the questions of the grammar from the rows of one log. Remembers what it parsed."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._seen: dict[int, Entry] = {}

    @property
    def origin(self) -> str:
        """Give the name under which the log signs its heads."""
        return self._log.program.origin

    def remember(self, entry: Entry) -> None:
        """Take in an entry that was just written."""
        self._seen[entry.index] = entry

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

    def _parsed(self, lines: Sequence[LogEntry]) -> list[Entry]:
        for line in lines:
            if line.index not in self._seen:
                self._seen[line.index] = line.parsed
        return [self._seen[line.index] for line in lines]

    def citing(self, index: int, kind: str) -> Sequence[Entry]:
        """Give the entries of this kind that cite this index, oldest first."""
        citing = Citation.objects.filter(log=self._log, cited=index, kind=kind).values("citing")
        return self._parsed(list(self._lines().filter(index__in=citing)))

    def about(self, kind: str, subject: str) -> Sequence[Entry]:
        """Give the entries of this kind about this subject, oldest first."""
        return self._parsed(list(self._lines().filter(kind=kind, subject=subject)))

    def every(self, kind: str) -> Sequence[Entry]:
        """Give all entries of this kind, oldest first."""
        return self._parsed(list(self._lines().filter(kind=kind)))
