"""Search what is public, by words in any language, and what communities said before."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log as ln
from operator import itemgetter

from django.db import connection
from django.db.models import Count

from alongside.core.findable import Term, can_be_mistyped, grams_of, steps_between, terms_in
from alongside.core.grammar.again import SAID_BEFORE
from alongside.core.kinds import EntryKind
from alongside.ground.programs.models import Program
from alongside.ground.record.indexing import mark
from alongside.ground.record.models import Log, SearchDoc, SearchGram, SearchWord, Standing
from alongside.ground.record.queries import EntryView, indexes_citing, log_of, standings, told

#: The newest things that fit are ranked; more than this say nothing to a reader.
MOST_HITS = 1000
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
            cursor.execute(SQLITE.format(body=body), [_fts(groups, marks), MOST_HITS + 1, log.pk])
        else:
            cursor.execute(POSTGRESQL.format(body=body), [_tsquery(groups, marks), log.pk, MOST_HITS + 1])
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


#: How many steps of typing may lie between a word and the one that was meant, by its length.
NEAR, FAR, LONG = 1, 2, 7
LIKE = 60
LOOKED_AT_WORDS = 200
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
        return Results(found[:MOST_HITS], is_cut=len(found) > MOST_HITS)
    meant = {one.word: other for one in terms if (other := _like(log, one, counts))}
    if meant:
        mended = [terms_in(meant[one.word])[0] if one.word in meant else one for one in terms]
        counts = _counts(log, mended)
        found = ranked(log, _all(mended), narrow, counts)
        if found:
            return Results(found[:MOST_HITS], meant, is_cut=len(found) > MOST_HITS)
        terms = mended
    some = _rarest(terms, counts)
    found = ranked(log, [some], narrow, counts) if some and len(terms) > 1 else []
    return Results(found[:MOST_HITS], meant if found else {}, loosely=True, is_cut=len(found) > MOST_HITS)


def called_like(log: Log, title: str, narrowed: Narrowed, most: int) -> list[Hit]:
    """List what is called by at least half of the words of a title that are not everywhere, and by two of them.

    Four queries.
    """
    terms = [one for one in terms_in(title, 40) if can_be_mistyped(one.word)]
    counts = _counts(log, terms)
    telling = _telling(log, terms, counts)
    found = ranked(log, [telling], narrowed, counts)[:LOOKED_AT_WORDS] if telling else []
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


#: How many things in words like these are looked at.
MOST = 30


@dataclass(frozen=True)
class SaidBefore:
    """Something a community said or asked, and where it stands if it was asked of the City."""

    told: EntryView
    standing: Standing | None
    is_unanswered: bool

    @property
    def name(self) -> str:
        """Name the text that says what it is."""
        return next((one for one in ("title", "statement", "advice", "words") if one in self.told.texts), "")

    @property
    def said(self) -> str:
        """Give what was said, or an empty string where it was taken down."""
        return self.told.say(self.name)

    @property
    def lang(self) -> str:
        """Give the language that it is shown in."""
        return self.told.lang(self.name)


def said_before(
    program: Program, lang: str, *, titles: Iterable[str], project: int | None = None
) -> list[SaidBefore]:
    """List what communities said on a project, by its entry, or in words like these titles: what has no answer first.

    A thing is like a title if it is called by half of the words of it that are not everywhere, and by two of them.
    Nine queries, and four for each title.
    """
    log = log_of(program)
    if log is None:
        return []
    about = _on_project(program, project) if project is not None else set[int]()
    for title in titles:
        about.update(one.about for one in called_like(log, title, Narrowed(), MOST) if one.source == "entry")
    words = {index: one for index, one in told(program, about, lang).items() if one.entry.kind in SAID_BEFORE}
    found = seen_before(program, list(words.values()))
    return sorted(found, key=lambda one: (not one.is_unanswered, -one.told.index))


def seen_before(program: Program, found: Sequence[EntryView]) -> list[SaidBefore]:
    """Say where stands what a promise cites as said before. Two queries; none where it cites nothing."""
    if not found:
        return []
    stand = {one.ask: one for one in standings(program, ask__in=[one.index for one in found])}
    answers = indexes_citing(program, [one.index for one in found], [EntryKind.RECONSTRUCTED_ANSWER])
    replied = {cited for _citing, _kind, cited in answers}
    return [_said(one, stand.get(one.index), one.index in replied) for one in found]


def answered_on(program: Program, lang: str, project: int, most: int) -> list[tuple[EntryView, EntryView]]:
    """List what was asked on a project, each with its answer or what the office above replied, the newest first.

    Eight queries at most.
    """
    near = indexes_citing(
        program, _on_project(program, project), [EntryKind.ANSWER_GIVEN, EntryKind.ASK_RAISED]
    )
    raised = {citing: ask for citing, kind, ask in near if kind == EntryKind.ASK_RAISED}
    above = indexes_citing(program, raised, [EntryKind.RAISE_REPLIED])
    rows = [(ask, answer) for answer, kind, ask in near if kind == EntryKind.ANSWER_GIVEN]
    rows = sorted([*rows, *((raised[one], reply) for reply, _kind, one in above)], key=itemgetter(1))[-most:]
    words = told(program, {index for row in rows for index in row}, lang)
    return [(words[ask], words[answer]) for ask, answer in reversed(rows)]


def _said(one: EntryView, standing: Standing | None, is_replied: bool) -> SaidBefore:  # noqa: FBT001 -- a fact beside two others
    old = one.entry.kind == EntryKind.RECONSTRUCTED_ASK and not is_replied
    return SaidBefore(one, standing, old or (standing is not None and standing.owes))


def _on_project(program: Program, project: int) -> set[int]:
    """Find what was said in the engagements and consultations on a project, and the harm that was named. Three queries."""
    kinds = (EntryKind.DECISION_SCHEDULED, EntryKind.CONSULTATION_OPENED, EntryKind.HARM_NAMED)
    near = indexes_citing(program, [project], kinds)
    points = [citing for citing, _kind, _cited in near]
    held = _citing(program, points, (EntryKind.ENGAGEMENT_PROMISED, EntryKind.CONSULTATION_OPENED))
    said = _citing(program, [*points, *held], SAID_BEFORE)
    return {*points, *held, *said, *_citing(program, said, SAID_BEFORE)}


def _citing(program: Program, cited: Sequence[int], kinds: Sequence[str]) -> list[int]:
    return [citing for citing, _kind, _cited in indexes_citing(program, cited, kinds)]
