"""The signed heads that statements are made under, and what changes an old one."""

from alongside.core.kinds import EntryKind
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Head, LogEntry


def head_of_size(program: Program, size: int) -> Head | None:
    """Give the head that was signed first over so many entries, or None where none was. One query."""
    return Head.objects.filter(log__program=program, size=size).order_by("pk").first()


def last_taken_down(program: Program) -> int:
    """Give the entry that took a text down last, or -1: words of an old head change by this alone. One query."""
    erased = LogEntry.objects.filter(log__program=program, kind=EntryKind.TEXT_ERASED).order_by("-index")
    return next(iter(erased.values_list("index", flat=True)[:1]), -1)
