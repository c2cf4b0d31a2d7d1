"""Search what is public: by words in any language, their forms and beginnings, and, where nothing fits, words like them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count

from alongside.core.findable import Term, can_be_mistyped, grams_of, steps_between, terms_in
from alongside.ground.record.models import Log, SearchDoc, SearchGram, SearchWord
from alongside.ground.record.queries.ranking import MOST, Hit, Narrowed, docs_of, ranked

__all__ = ["Hit", "Narrowed", "Results", "called_like", "search"]

#: How many steps of typing may lie between a word and the one that was meant, by its length.
NEAR, FAR, LONG = 1, 2, 7
LIKE = 60
LOOKED_AT = 200
#: A word that is in no more things than this, or in no more than one of twenty, tells things apart.
SOME = 25
#: Where not all words are held: how many of the rarest are looked for, and what counts as far more frequent.
RARE, ALWAYS, FAR_MORE = 6, 500, 20


@dataclass(frozen=True)
class Results:
    """What a search found, the best first. `meant` maps a mistyped word to the one that was looked for instead.

    `loosely` says that nothing holds all the words; `is_cut` that more fit than are ranked.
    """

    hits: Sequence[Hit] = ()
    meant: dict[str, str] = field(default_factory=dict)
    loosely: bool = False
    is_cut: bool = False


def search(log: Log, words: str, narrowed: Narrowed | None = None) -> Results:
    """Find what holds all the words, else words like them, else some of them. Five queries at most."""
    terms, narrow = terms_in(words), narrowed or Narrowed()
    if not terms:
        return Results()
    counts = _counts(log, terms)
    found = ranked(log, _all(terms), narrow, counts)
    if found:
        return Results(found[:MOST], is_cut=len(found) > MOST)
    meant = {one.word: other for one in terms if (other := _like(log, one, counts))}
    if meant:
        mended = [terms_in(meant[one.word])[0] if one.word in meant else one for one in terms]
        counts = _counts(log, mended)
        found = ranked(log, _all(mended), narrow, counts)
        if found:
            return Results(found[:MOST], meant, is_cut=len(found) > MOST)
        terms = mended
    some = _rarest(terms, counts)
    found = ranked(log, [some], narrow, counts) if some and len(terms) > 1 else []
    return Results(found[:MOST], meant if found else {}, loosely=True, is_cut=len(found) > MOST)


def called_like(log: Log, title: str, narrowed: Narrowed, most: int) -> list[Hit]:
    """List what is called by at least half of the words of a title that are not everywhere, and by two of them.

    Four queries.
    """
    terms = [one for one in terms_in(title, 40) if can_be_mistyped(one.word)]
    counts = _counts(log, terms)
    telling = _telling(log, terms, counts)
    found = ranked(log, [telling], narrowed, counts)[:LOOKED_AT] if telling else []
    every = [one for one in terms if one in telling or not docs_of(one, counts)]
    needed = max(2, -(-len(every) // 2))
    docs = SearchDoc.objects.filter(log=log, source="entry", about__in=[one.about for one in found])
    called = {about: set(heading.split()) for about, heading in docs.values_list("about", "heading")}
    return [one for one in found if _holds(called.get(one.about, set()), telling) >= needed][:most]


def _holds(words: set[str], terms: Sequence[Term]) -> int:
    return sum(1 for one in terms if words.intersection((one.word, *one.forms)))


def _telling(log: Log, terms: Sequence[Term], counts: Mapping[str, int]) -> list[Term]:
    """Give the words that tell things apart: long enough, and in few of them."""
    every = SearchDoc.objects.filter(log=log).count()
    limit = max(SOME, every // 20)
    return [one for one in terms if 0 < docs_of(one, counts) <= limit]


def _counts(log: Log, terms: Sequence[Term]) -> dict[str, int]:
    wanted = [one for term in terms for one in (term.word, *term.forms)]
    return dict(SearchWord.objects.filter(log=log, word__in=wanted).values_list("word", "docs"))


def _rarest(terms: Sequence[Term], counts: Mapping[str, int]) -> list[Term]:
    """Give the words that tell most; a word that is in far more things than the rarest one tells nothing beside it."""
    known = sorted((docs_of(one, counts), place) for place, one in enumerate(terms) if docs_of(one, counts))
    limit = max(ALWAYS, FAR_MORE * known[0][0]) if known else 0
    return [terms[place] for docs, place in known[:RARE] if docs <= limit]


def _like(log: Log, term: Term, counts: Mapping[str, int]) -> str | None:
    """Find the word that was meant by one that nothing holds: the nearest, and of those the one held most."""
    word = term.word
    if docs_of(term, counts) or not can_be_mistyped(word):
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
