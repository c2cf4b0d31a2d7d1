"""The list of entries, page by page, filtered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from alongside.core.grammar import parse
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Line
from alongside.ground.record.queries.telling import Told, log_of, texts_of

PAGE = 100


@dataclass(frozen=True)
class EntryList:
    """One page of entries, newest first, and where the next older page begins."""

    told: list[Told]
    leaves: Mapping[int, str]
    size: int
    older: int | None


def entry_list(
    program: Program,
    lang: str,
    *,
    before: int | None = None,
    pen: str = "",
    kind: str = "",
    since: date | None = None,
    most: int = PAGE,
) -> EntryList:
    """Give a page of entries with their words, newest first, filtered. Three queries."""
    lines = Line.objects.filter(log__program=program)
    log = log_of(program)
    size = log.size if log else 0
    if before is not None:
        lines = lines.filter(index__lt=before)
    if pen:
        lines = lines.filter(pen=pen)
    if kind:
        lines = lines.filter(kind=kind)
    if since:
        lines = lines.filter(date__gte=since)
    found = list(lines.order_by("-index")[: most + 1])
    page = found[:most]
    texts = texts_of(program, [line.index for line in page], lang)
    return EntryList(
        told=[Told(parse(line.index, bytes(line.raw)), texts.get(line.index, {})) for line in page],
        leaves={line.index: bytes(line.leaf).hex() for line in page},
        size=size,
        older=page[-1].index if len(found) > most else None,
    )
