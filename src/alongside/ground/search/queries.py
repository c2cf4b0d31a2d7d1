"""Search what is public, by words in any language, and what communities said before."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log as ln
from operator import itemgetter
from typing import Self

from django.db import connection
from django.db.models import Count, OuterRef, Q, Subquery

from alongside.core.grammar.again import SAID_BEFORE
from alongside.core.kinds import EntryKind, Group
from alongside.core.policy.pack import Pack
from alongside.core.search_words import Term, can_be_mistyped, grams_of, stem_of, steps_between, terms_in
from alongside.core.workflow.asks import ASK_KINDS
from alongside.ground.programs.models import Program
from alongside.ground.record.indexing import mark
from alongside.ground.record.models import (
    Citation,
    Log,
    LogEntry,
    SearchDoc,
    SearchGram,
    SearchWord,
    Standing,
)
from alongside.ground.record.queries import EntryView, entry_views, indexes_citing, log_of, standings

#: The newest things that fit are ranked; more than this say nothing to a reader.
MOST_HITS = 1000
#: How much more a word counts in a heading of a few words, and how many words make it count half as much.
IN_HEADING, FEW = 4, 10
#: From so many things on, what begins with a word is not looked for.
ENOUGH = 2000
#: Shorter stems say nothing; and so many words that begin with the stems are compared.
SHORTEST_STEM, MANY_FORMS = 3, 1000


@dataclass(frozen=True)
class Tongue:
    """How people of a program speak: the reader's language, words and phrases that stand for one another, words that say little.

    `known` are stems of words that are not mistyped, whether or not anything holds them.
    """

    lang: str = "en"
    same: Sequence[Sequence[str]] = ()
    common: Sequence[str] = ()
    known: frozenset[str] = frozenset()

    @classmethod
    def of(cls, pack: Pack, lang: str, known: frozenset[str] = frozenset()) -> Self:
        """Take it from a policy pack; what the government is called says little, for everything is about it."""
        return cls(lang, pack.same_words, tuple(pack.government.short.by_lang.values()), known)

    def terms(self, words: str, most: int = 12) -> list[Term]:
        """List what a search asks for."""
        return terms_in(words, most, lang=self.lang, same=self.same, common=self.common)


#: The first 4,000 letters of a text are weighed.
SQLITE = """
    SELECT doc.source, doc.about, doc."group", doc.heading, substr(doc.words, 1, 4000) FROM (
        SELECT rowid AS id FROM record_search WHERE record_search MATCH %s ORDER BY rowid DESC LIMIT %s
    ) found JOIN record_searchdoc doc ON doc.id = found.id
    WHERE doc.log_id = %s ORDER BY doc.id DESC
"""
POSTGRESQL = """
    SELECT source, about, "group", heading, substr(doc.words, 1, 4000) FROM record_searchdoc doc
    WHERE vector @@ %s::tsquery AND log_id = %s ORDER BY id DESC LIMIT %s
"""


@dataclass(frozen=True)
class Hit:
    """One thing that was found."""

    source: str
    about: int
    group: str
    #: How much of what was looked for it holds, by word: 0 where a word is not in it.
    weights: tuple[float, ...] = ()

    @property
    def score(self) -> float:
        """Say how well it fits."""
        return sum(self.weights)


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
    """Say in about how many things a word is: that of its forms which is in most, for a thing holds them in every language."""
    return max(counts.get(one, 0) for one in (term.word, *term.forms))


def worth(term: Term, counts: Mapping[str, int]) -> float:
    """Say how much a word tells: the more, the fewer things hold it (the inverse document frequency). `""` counts all."""
    return ln(1 + counts[""] / (1 + docs_of(term, counts)))


def ranked(
    log: Log,
    groups: Sequence[Sequence[Term]],
    narrowed: Narrowed,
    counts: Mapping[str, int],
    terms: Sequence[Term] = (),
) -> list[Hit]:
    """Find what holds a word of every group, the best first by these and the other terms; one more than MOST where there is more.

    One query.

    A word counts the more, the fewer things hold it, and more in a short heading; what only begins with it counts half. Of
    equals the newest comes first.
    """
    groups = [[_as_it_stands(one, counts) for one in group] for group in groups]
    marks = narrowed.all_marks(log)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(SQLITE, [_fts(groups, marks), MOST_HITS + 1, log.pk])
        else:
            cursor.execute(POSTGRESQL, [_tsquery(groups, marks), log.pk, MOST_HITS + 1])
        rows = cursor.fetchall()
    weighed = [(one, worth(one, counts)) for one in terms or [one for group in groups for one in group]]
    hits = [
        Hit(source, about, group, _weights(weighed, heading, text))
        for source, about, group, heading, text in rows
    ]
    return sorted(hits, key=lambda one: -one.score)


def _as_it_stands(term: Term, counts: Mapping[str, int]) -> Term:
    """Look for a word that is in many things as it stands: putting all that begins with it together would take long."""
    return replace(term, begins=False) if counts.get(term.word, 0) > ENOUGH else term


def _weights(weighed: Sequence[tuple[Term, float]], heading: str, text: str) -> tuple[float, ...]:
    """Weigh each word that is there; in a heading it counts more, the shorter that is."""
    called, said = f" {heading} ", f" {heading} {text} "
    more = IN_HEADING * FEW / (FEW + heading.count(" ") + 1)
    return tuple(weight * (_held(term, said) + more * _held(term, called)) for term, weight in weighed)


def _held(term: Term, words: str) -> float:
    """Say how surely folded words hold a word: 1 itself or what counts as the same, a half what begins with it, 0 not at all."""
    if any(f" {one} " in words for one in (term.word, *term.forms)):
        return 1
    return 0.5 if term.begins and f" {term.word}" in words else 0


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
    begins = [f"'{term.word}':*"] if term.begins else []
    return " | ".join([*begins, *(f"({' <-> '.join(one.split())})" for one in (term.word, *term.forms))])


#: How many steps of typing may lie between a word and the one that was meant, by its length.
NEAR, FAR, LONG = 1, 2, 7
LIKE = 60
LOOKED_AT_WORDS = 200
#: A word that is in no more things than this, or in no more than one of twenty, tells things apart.
SOME = 25
#: Where fewer things hold all the words than a page shows, what holds some of them is looked for too: so many of the rarest,
#: and none that is in far more things than the rarest is.
A_PAGE, RARE, ALWAYS, FAR_MORE = 20, 6, 500, 20


@dataclass(frozen=True)
class Results:
    """What a search found, the best first. `meant` maps a mistyped word to the one that was looked for instead.

    `terms` is what was looked for, and `worth` how much each tells; `is_cut` says that more fit than are ranked.
    """

    hits: Sequence[Hit] = ()
    meant: dict[str, str] = field(default_factory=dict)
    terms: Sequence[Term] = ()
    worth: Sequence[float] = ()
    is_cut: bool = False


def search(log: Log, words: str, narrowed: Narrowed | None = None, tongue: Tongue = Tongue()) -> Results:
    """Find what holds the words, or words like them; what holds more of them comes first. Seven queries at most."""
    narrow = narrowed or Narrowed()
    terms, counts = _known(log, tongue.terms(words), tongue.lang)
    if not terms:
        return Results()
    doubted = [one for one in terms if stem_of(one.word, tongue.lang) not in tongue.known]
    meant = {one.word: other for one in doubted if (other := _like(log, one, counts))}
    if meant:
        mended = [terms_in(meant[one.word])[0] if one.word in meant else one for one in terms]
        terms, counts = _known(log, mended, tongue.lang)
    found = ranked(log, [[one] for one in terms], narrow, counts)
    some = _rarest(terms, counts)
    if some and len(terms) > 1 and len(found) < A_PAGE:
        found = ranked(log, [some], narrow, counts, terms)
    told = [worth(one, counts) for one in terms]
    return Results(found[:MOST_HITS], meant, terms, told, is_cut=len(found) > MOST_HITS)


def _known(log: Log, terms: Sequence[Term], lang: str) -> tuple[list[Term], dict[str, int]]:
    """Give words with their other forms that are there, in the reader's language and in English, and in how many things each is.

    Under "" stands how many entries there are: nearly as many as things, and known without counting. Two queries.
    """
    langs = {lang, "en"}
    stems = {
        one.word: {stem_of(one.word, each) for each in langs} for one in terms if can_be_mistyped(one.word)
    }
    begins = {stem for found in stems.values() for stem in found if len(stem) >= SHORTEST_STEM}
    rows = SearchWord.objects.filter(log=log)
    looked_at = (
        rows.filter(_begins_with(begins)).values_list("word", flat=True)[:MANY_FORMS] if begins else ()
    )
    alike = [(one, {stem_of(one, each) for each in langs}) for one in looked_at]
    grown = [
        replace(
            term,
            forms=(
                *term.forms,
                *(one for one, of in alike if one != term.word and _is_form(one, of, term.word, stems)),
            ),
        )
        for term in terms
    ]
    wanted = [one for term in grown for one in (term.word, *term.forms)]
    counts = dict(rows.filter(word__in=wanted).values_list("word", "docs"))
    return grown, counts | {"": log.size}


def _begins_with(stems: Iterable[str]) -> Q:
    """Ask for the words that begin with a stem; an English y that a stem turned into an i is let go."""
    asked = Q()
    for stem in sorted(stems):
        asked |= Q(word__startswith=stem.removesuffix("i") if len(stem) > SHORTEST_STEM else stem)
    return asked


def _is_form(word: str, stems_of_word: set[str], term: str, stems: Mapping[str, set[str]]) -> bool:
    """Say whether two words are forms of one: they share a stem, or one is the stem of the other."""
    of_term = stems.get(term, set())
    return bool(of_term & {*stems_of_word, word}) or term in stems_of_word


#: What people mostly look for, and how much less other things count beside it.
MAIN = frozenset({EntryKind.ENGAGEMENT_PROMISED, *ASK_KINDS, EntryKind.PROJECT_REGISTERED})
BESIDE, LEAST = 0.6, 0.3
#: A question that only its list names stands just behind it.
BEHIND = 0.99
#: Of so many words a thing may hold either.
EITHER = 2
#: What has a page of its own; every other entry is found as the nearest of these that it belongs to.
ON_PAGES = MAIN | frozenset(
    {
        EntryKind.ASK_LISTED,
        EntryKind.CONSULTATION_OPENED,
        EntryKind.WORKPLAN_PROPOSED,
        EntryKind.INVITATION_MADE,
        EntryKind.CALL_PUBLISHED,
        EntryKind.RECONSTRUCTED_PROMISE,
    }
)
#: By which roles an entry belongs to what it cites, the nearest first; and how far that goes.
BELONGS = (
    *(
        "ask",
        "answer",
        "contest",
        "commitment",
        "claim",
        "engagement",
        "consultation",
        "version",
        "invitation",
    ),
    *("decision", "project", "list", "call", "lottery", "draw", "follows"),
)
HIGHEST = 8


@dataclass(frozen=True)
class Thing:
    """What people know by its page, with everything on it that fits; an entry of the log, or a line of a file, where it is on none.

    `kind` is the kind of the entry that the page is about, and empty for a line of a file. `best` is what fits best of it.
    """

    best: Hit
    about: int
    kind: str
    score: float

    @property
    def is_on_a_page(self) -> bool:
        """Say whether it has a page of its own that is no entry of the log and no line of a file."""
        return self.kind in ON_PAGES


def things(log: Log, results: Results) -> list[Thing]:
    """Put what was found together by the page that it is read on, the best first; what has no page comes last.

    What holds much less of the words than the best does is left out, but of two words either will do. Eleven queries at most.
    """
    entries = [one.about for one in results.hits if one.source == "entry"]
    kinds = dict(LogEntry.objects.filter(log=log, index__in=entries).values_list("index", "kind"))
    pages = _pages(log, kinds)
    grouped: dict[tuple[str, int], list[Hit]] = defaultdict(list)
    for one in results.hits:
        grouped[one.source, pages[one.about][0] if one.source == "entry" else one.about].append(one)
    whole = sum(results.worth)
    found = []
    for (source, about), hits in grouped.items():
        weights = [max(each) for each in zip(*(one.weights for one in hits), strict=True)]
        held = sum(worth for worth, weight in zip(results.worth, weights, strict=True) if weight) / whole
        kind = pages[hits[0].about][1] if source == "entry" else ""
        counts = 1 if kind in MAIN else LEAST if kind == EntryKind.CALL_PUBLISHED else BESIDE
        score = sum(weights) * held**2 * counts
        found.append((held, Thing(max(hits, key=lambda one: one.score), about, kind, score)))
    most = max((held for held, _thing in found), default=0)
    least = 0 if len(results.worth) == EITHER else most / 2
    kept = [thing for held, thing in found if held > least]
    kept += _on_lists(log, kept)
    return sorted(kept, key=lambda one: (not one.is_on_a_page, not one.kind, -one.score, -one.about))


def _on_lists(log: Log, found: Sequence[Thing]) -> list[Thing]:
    """Give the questions on the lists that were found, each behind its list, where they were not found themselves. One query."""
    lists = {one.about: one for one in found if one.kind == EntryKind.ASK_LISTED}
    there = {one.about for one in found if one.kind}
    rows = Citation.objects.filter(log=log, cited__in=lists, role="list").order_by("citing") if lists else ()
    return [
        replace(
            lists[one.cited],
            about=one.citing,
            kind=EntryKind.ASK_QUESTIONED,
            score=lists[one.cited].score * BEHIND,
        )
        for one in rows
        if one.citing not in there
    ]


def _pages(log: Log, kinds: Mapping[int, str]) -> dict[int, tuple[int, str]]:
    """Give the entry on whose page each of these is read, and its kind; the entry itself where it is on none."""
    above = LogEntry.objects.filter(log=log, index=OuterRef("cited")).values("kind")
    pages = {index: (index, kind) for index, kind in kinds.items()}
    at = {index: index for index, kind in kinds.items() if kind not in ON_PAGES}
    for _step in range(HIGHEST):
        if not at:
            break
        rows = Citation.objects.filter(log=log, citing__in=set(at.values()), role__in=BELONGS)
        cited: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
        for citing, role, up, kind in rows.annotate(above=Subquery(above)).values_list(
            "citing", "role", "cited", "above"
        ):
            cited[citing].append((BELONGS.index(role), up, kind))
        nearest = {start: min(cited[place])[1:] for start, place in at.items() if cited[place]}
        pages |= {start: step for start, step in nearest.items() if step[1] in ON_PAGES}
        at = {start: up for start, (up, kind) in nearest.items() if kind not in ON_PAGES}
    return pages


def called_like(log: Log, title: str, narrowed: Narrowed, most: int, lang: str) -> list[Hit]:
    """List what is called by at least half of the words of a title that are not everywhere, and by two of them.

    Five queries.
    """
    asked = [one for one in terms_in(title, 40, lang=lang) if can_be_mistyped(one.word)]
    terms, counts = _known(log, asked, lang)
    telling = _telling(terms, counts)
    found = ranked(log, [telling], narrowed, counts)[:LOOKED_AT_WORDS] if telling else []
    every = [one for one in terms if one in telling or not docs_of(one, counts)]
    needed = max(2, -(-len(every) // 2))
    docs = SearchDoc.objects.filter(log=log, source="entry", about__in=[one.about for one in found])
    called = {about: set(heading.split()) for about, heading in docs.values_list("about", "heading")}
    return [one for one in found if _holds(called.get(one.about, set()), telling) >= needed][:most]


def _holds(words: set[str], terms: Sequence[Term]) -> int:
    return sum(1 for one in terms if words.intersection((one.word, *one.forms)))


def _telling(terms: Sequence[Term], counts: Mapping[str, int]) -> list[Term]:
    """Give the words that tell things apart: long enough, and in few of them."""
    limit = max(SOME, counts[""] // 20)
    return [one for one in terms if 0 < docs_of(one, counts) <= limit]


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


#: How many things in words like these are looked at; and how much of the words a question like another one holds.
MOST, LIKE_ENOUGH = 30, 0.4


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
    Nine queries, and five for each title.
    """
    log = log_of(program)
    if log is None:
        return []
    about = _on_project(program, project) if project is not None else set[int]()
    for title in titles:
        about.update(
            one.about for one in called_like(log, title, Narrowed(), MOST, lang) if one.source == "entry"
        )
    words = {
        index: one
        for index, one in entry_views(program, about, lang).items()
        if one.entry.kind in SAID_BEFORE
    }
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
    words = entry_views(program, {index for row in rows for index in row}, lang)
    return [(words[ask], words[answer]) for ask, answer in reversed(rows)]


@dataclass(frozen=True)
class Answered:
    """Something that was asked, where it stands, and its answer."""

    ask: EntryView
    standing: Standing
    answer: EntryView


def answered_like(log: Log, asked: EntryView, tongue: Tongue, most: int = 3) -> list[Answered]:
    """List what was asked in words like those of an ask and has its answer, the likest first. Nine queries at most.

    What holds less of the words than `LIKE_ENOUGH` says is left out.
    """
    program, found = log.program, search(log, asked.say("title"), Narrowed(group=Group.ASK), tongue)
    hits = [one for one in found.hits if one.source == "entry" and one.about != asked.index]
    near = [one.about for one in hits if _held_of(one, found.worth) >= LIKE_ENOUGH][:MOST]
    stand = {one.ask: one for one in standings(program, ask__in=near) if one.is_answered} if near else {}
    kept = [stand[one] for one in near if one in stand][:most]
    words = entry_views(program, [index for one in kept for index in (one.ask, one.answer or 0)], tongue.lang)
    return [Answered(words[one.ask], one, words[one.answer or 0]) for one in kept]


def _held_of(hit: Hit, told: Sequence[float]) -> float:
    """Say how much of what was looked for a thing holds, by what each word tells."""
    held = sum(worth for worth, weight in zip(told, hit.weights, strict=True) if weight)
    return held / (sum(told) or 1)


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
