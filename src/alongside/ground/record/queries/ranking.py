"""Find what fits a search with the database's own index, FTS5 or a tsvector, and rank it the same way on both."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log as ln

from django.db import connection

from alongside.core.findable import Term
from alongside.ground.record.indexing import mark
from alongside.ground.record.models import Log

#: The newest things that fit are ranked; more than this say nothing to a reader.
MOST = 1000
#: How much more a word counts in a heading of a few words, and how many words make it count half as much.
IN_HEADING, FEW = 4, 10
#: From so many things on, what begins with a word is not looked for.
ENOUGH = 2000
#: So much of a text is looked at where some of the words do.
LOOKED_AT = 4000
SQLITE = """
    SELECT doc.source, doc.about, doc."group", doc.heading, {body} FROM (
        SELECT rowid AS id FROM record_search WHERE record_search MATCH %s ORDER BY rowid DESC LIMIT %s
    ) found JOIN record_searchdoc doc ON doc.id = found.id
    WHERE doc.log_id = %s ORDER BY doc.id DESC
"""
POSTGRESQL = """
    SELECT source, about, "group", heading, {body} FROM record_searchdoc doc
    WHERE vector @@ %s::tsquery AND log_id = %s ORDER BY id DESC LIMIT %s
"""


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
    """Find what holds a word of every group, the best first; one more than MOST where there is more. One query.

    A word counts the more, the fewer things hold it, and more in a short heading. Of equals the newest comes first.
    """
    groups = [[_as_it_stands(one, counts) for one in group] for group in groups]
    marks, is_some = narrowed.all_marks(log), any(len(group) > 1 for group in groups)
    body = f"substr(doc.words, 1, {LOOKED_AT})" if is_some else "''"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(SQLITE.format(body=body), [_fts(groups, marks), MOST + 1, log.pk])
        else:
            cursor.execute(POSTGRESQL.format(body=body), [_tsquery(groups, marks), log.pk, MOST + 1])
        rows = cursor.fetchall()
    weighed = [(one, 1 / (1 + ln(1 + docs_of(one, counts)))) for group in groups for one in group]
    scored = [
        (-_score(weighed, heading, text, is_some=is_some), place, Hit(source, about, group))
        for place, (source, about, group, heading, text) in enumerate(rows)
    ]
    return [hit for _score_of, _place, hit in sorted(scored, key=lambda one: one[:2])]


def _as_it_stands(term: Term, counts: Mapping[str, int]) -> Term:
    """Look for a word that is in many things as it stands: putting all that begins with it together would take long."""
    return replace(term, begins=False) if counts.get(term.word, 0) > ENOUGH else term


def _score(weighed: Sequence[tuple[Term, float]], heading: str, text: str, *, is_some: bool) -> float:
    """Add up the weights of the words that are there; in a heading they count more, the shorter it is."""
    called, said = f" {heading} ", f" {heading} {text} "
    more = IN_HEADING * FEW / (FEW + heading.count(" ") + 1)
    found = 0.0
    for term, weight in weighed:
        if any(one in called for one in _as_held(term)):
            found += weight * (1 + more)
        elif not is_some or any(one in said for one in _as_held(term)):
            found += weight
    return found


def _as_held(term: Term) -> Iterator[str]:
    """Give how a word and its forms stand among folded words, with the spaces around them."""
    yield f" {term.word}" if term.begins else f" {term.word} "
    for form in term.forms:
        yield f" {form} "


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


def _lexemes(term: Term) -> str:
    return " | ".join([f"'{term.word}'{':*' if term.begins else ''}", *(f"'{form}'" for form in term.forms)])
