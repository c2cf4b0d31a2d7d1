"""Rank what fits a search, in the database's own way: FTS5 and bm25 on SQLite, a tsvector and its weights on PostgreSQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log as ln

from django.db import connection

from alongside.core.findable import Term
from alongside.ground.record.indexing import mark
from alongside.ground.record.models import Log

#: The newest things that fit are ranked; more than this say nothing to a reader.
MOST = 1000
SQLITE = """
    SELECT doc.source, doc.about, doc."group" FROM (
        SELECT rowid AS id, bm25(record_search, 5.0, 1.0, 0.0) AS score
        FROM record_search WHERE record_search MATCH %s ORDER BY rowid DESC LIMIT %s
    ) found JOIN record_searchdoc doc ON doc.id = found.id
    WHERE doc.log_id = %s ORDER BY found.score, doc.id DESC
"""
POSTGRESQL = """
    SELECT source, about, "group" FROM (
        SELECT id, source, about, "group", vector FROM record_searchdoc
        WHERE vector @@ %s::tsquery AND log_id = %s ORDER BY id DESC LIMIT %s
    ) found ORDER BY {scores} DESC, id DESC
"""
POSTGRESQL_SCORE = "%s * ((vector @@ %s::tsquery)::int + 4 * (vector @@ %s::tsquery)::int)"


@dataclass(frozen=True)
class Hit:
    """One thing that was found."""

    source: str
    about: int
    group: str


@dataclass(frozen=True)
class Narrowed:
    """What a search is narrowed to: the group and the unit of a thing, and other marks that the index knows."""

    group: str = ""
    unit: str = ""
    marks: tuple[str, ...] = ()

    def all_marks(self, log: Log) -> list[str]:
        """List every mark that a thing must carry."""
        named = (("group", self.group), ("unit", self.unit))
        return [mark("log", log.pk), *(mark(name, value) for name, value in named if value), *self.marks]


def docs_of(term: Term, counts: Mapping[str, int]) -> int:
    """Count in how many things a word or another form of it is."""
    return sum(counts.get(one, 0) for one in (term.word, *term.forms))


def ranked(
    log: Log, groups: Sequence[Sequence[Term]], narrowed: Narrowed, counts: Mapping[str, int]
) -> list[Hit]:
    """Find what holds a word of every group, the best first; one more than MOST where there is more. One query."""
    marks = narrowed.all_marks(log)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(SQLITE, [_fts(groups, marks), MOST + 1, log.pk])
        else:
            every = [one for group in groups for one in group]
            scores = " + ".join([POSTGRESQL_SCORE] * len(every))
            values = [value for one in every for value in _score(one, counts)]
            asked = _tsquery(groups, marks)
            cursor.execute(POSTGRESQL.format(scores=scores), [asked, log.pk, MOST + 1, *values])
        return [Hit(source, about, group) for source, about, group in cursor.fetchall()]


def _fts(groups: Sequence[Sequence[Term]], marks: Sequence[str]) -> str:
    """Write a search in the language of FTS5."""
    parts = [f'"{one}"' for one in marks]
    for group in groups:
        words = [f'"{one.word}"{"*" if one.begins else ""}' for one in group]
        words += [f'"{form}"' for one in group for form in one.forms]
        parts.append(f"({' OR '.join(words)})")
    return " AND ".join(parts)


def _tsquery(groups: Sequence[Sequence[Term]], marks: Sequence[str]) -> str:
    """Write a search in the language of PostgreSQL."""
    parts = [f"'{one}'" for one in marks]
    parts += [f"({' | '.join(_lexemes(one) for one in group)})" for group in groups]
    return " & ".join(parts)


def _lexemes(term: Term, weight: str = "") -> str:
    begins = f":*{weight}" if term.begins else f":{weight}" if weight else ""
    colon = f":{weight}" if weight else ""
    return " | ".join([f"'{term.word}'{begins}", *(f"'{form}'{colon}" for form in term.forms)])


def _score(term: Term, counts: Mapping[str, int]) -> tuple[float, str, str]:
    """Weigh a word the more, the fewer things hold it; in a heading it counts more."""
    return 1 / (1 + ln(1 + docs_of(term, counts))), _lexemes(term), _lexemes(term, "A")
