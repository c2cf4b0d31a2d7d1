"""Search what is public: by words in any language, their forms and beginnings, and, where nothing fits, words like them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log as ln

from django.db import connection
from django.db.models import Count

from alongside.core.findable import Term, can_be_mistyped, grams_of, steps_between, terms_in
from alongside.ground.record.indexing import mark
from alongside.ground.record.models import Log, SearchDoc, SearchGram, SearchWord

#: The newest things that fit are ranked; more than this say nothing to a reader.
MOST = 1000
#: How many steps of typing may lie between a word and the one that was meant, by its length.
NEAR, FAR, LONG = 1, 2, 7
LIKE = 60
LOOKED_AT = 200
#: Where not all words are held: how many of the rarest are looked for, and what counts as far more frequent.
RARE, ALWAYS, FAR_MORE = 6, 500, 20
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
class Results:
    """What a search found, the best first. `meant` maps a mistyped word to the one that was looked for instead.

    `loosely` says that nothing holds all the words; `is_cut` that more fit than are ranked.
    """

    hits: Sequence[Hit] = ()
    meant: dict[str, str] = field(default_factory=dict)
    loosely: bool = False
    is_cut: bool = False


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


def search(log: Log, words: str, narrowed: Narrowed | None = None) -> Results:
    """Find what holds all the words, else words like them, else some of them. Five queries at most."""
    terms, narrow = terms_in(words), narrowed or Narrowed()
    if not terms:
        return Results()
    counts = _counts(log, terms)
    found = _ranked(log, _all(terms), narrow, counts)
    if found:
        return Results(found[:MOST], is_cut=len(found) > MOST)
    meant = {one.word: other for one in terms if (other := _like(log, one, counts))}
    if meant:
        mended = [terms_in(meant[one.word])[0] if one.word in meant else one for one in terms]
        counts = _counts(log, mended)
        found = _ranked(log, _all(mended), narrow, counts)
        if found:
            return Results(found[:MOST], meant, is_cut=len(found) > MOST)
        terms = mended
    some = _rarest(terms, counts)
    found = _ranked(log, [some], narrow, counts) if some and len(terms) > 1 else []
    return Results(found[:MOST], meant if found else {}, loosely=True, is_cut=len(found) > MOST)


def holding_some(log: Log, words: str, narrowed: Narrowed, most: int) -> list[Hit]:
    """List what holds at least half of the words that are not everywhere, and two of them unless there is one only.

    Four queries.
    """
    terms = [one for one in terms_in(words, 40) if can_be_mistyped(one.word)]
    counts = _counts(log, terms)
    telling = _telling(log, terms, counts)
    found = _ranked(log, [telling], narrowed, counts)[:LOOKED_AT] if telling else []
    least = len([one for one in terms if one in telling or not _docs(one, counts)])
    needed = min(least, max(2, -(-least // 2)))
    docs = SearchDoc.objects.filter(log=log, source="entry", about__in=[one.about for one in found])
    held = {
        about: {*heading.split(), *body.split()}
        for about, heading, body in docs.values_list("about", "heading", "words")
    }
    return [one for one in found if _holds(held.get(one.about, set()), telling) >= needed][:most]


def _holds(words: set[str], terms: Sequence[Term]) -> int:
    return sum(1 for one in terms if words.intersection((one.word, *one.forms)))


def _telling(log: Log, terms: Sequence[Term], counts: Mapping[str, int]) -> list[Term]:
    """Give the words that tell things apart: long enough, and in few of them."""
    every = SearchDoc.objects.filter(log=log).count()
    limit = max(12, every // 20)
    return [one for one in terms if 0 < _docs(one, counts) <= limit]


def _docs(term: Term, counts: Mapping[str, int]) -> int:
    return sum(counts.get(one, 0) for one in (term.word, *term.forms))


def _counts(log: Log, terms: Sequence[Term]) -> dict[str, int]:
    wanted = [one for term in terms for one in (term.word, *term.forms)]
    return dict(SearchWord.objects.filter(log=log, word__in=wanted).values_list("word", "docs"))


def _rarest(terms: Sequence[Term], counts: Mapping[str, int]) -> list[Term]:
    """Give the words that tell most; a word that is in far more things than the rarest one tells nothing beside it."""
    known = sorted((_docs(one, counts), place) for place, one in enumerate(terms) if _docs(one, counts))
    limit = max(ALWAYS, FAR_MORE * known[0][0]) if known else 0
    return [terms[place] for docs, place in known[:RARE] if docs <= limit]


def _like(log: Log, term: Term, counts: Mapping[str, int]) -> str | None:
    """Find the word that was meant by one that nothing holds: the nearest, and of those the one held most."""
    word = term.word
    if _docs(term, counts) or not can_be_mistyped(word):
        return None
    if SearchWord.objects.filter(log=log, word__startswith=word).exists():
        return None
    rows = SearchGram.objects.filter(log=log, gram__in=sorted(grams_of(word))).values("word")
    alike = rows.annotate(shared=Count("pk")).order_by("-shared", "word")[:LIKE]
    found = SearchWord.objects.filter(pk__in=[one["word"] for one in alike]).values_list("word", "docs")
    most = NEAR if len(word) < LONG else FAR
    steps = [(steps_between(word, other, most), -docs, other) for other, docs in found]
    close = [one for one in steps if one[0] <= most]
    return min(close)[2] if close else None


def _all(terms: Sequence[Term]) -> list[list[Term]]:
    """Ask for every word."""
    return [[one] for one in terms]


def _ranked(
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
    return 1 / (1 + ln(1 + _docs(term, counts))), _lexemes(term), _lexemes(term, "A")
