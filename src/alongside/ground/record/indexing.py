"""Make what a search looks in from the public entries and texts, and from nothing else. It can always be made anew."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Case, F, IntegerField, When

from alongside.core.entries import Entry, unit_of
from alongside.core.grammar.shape import NO_LANGUAGE
from alongside.core.grammar.versions import KINDS
from alongside.core.kinds import EntryKind
from alongside.core.search_words import can_be_mistyped, grams_of, sentences_of, words_in
from alongside.ground.record.models import Citation, Log, LogEntry, PublicText, SearchDoc, SearchWord

#: More words of one thing are not kept; the heading is never cut.
MOST_WORDS = 20_000
STEP = 500
#: Texts that hold no words for people: the form of an engagement as it was frozen.
NO_WORDS = frozenset({"form"})
ADD_GRAM = "INSERT INTO record_searchgram (log_id, gram, word_id) VALUES (%s, %s, %s)"
COUNT = (
    "INSERT INTO record_searchword (log_id, word, docs) VALUES {}"
    " ON CONFLICT (log_id, word) DO UPDATE SET docs = record_searchword.docs + excluded.docs RETURNING id, word, docs"
)
#: Entries whose words are found as the one entry that they cite.
BELONGS = (EntryKind.PROJECT_DESCRIBED,)
HEADINGS = ("title", "name", "decision", "statement", "ask")


@dataclass(frozen=True)
class Thing:
    """Something public to be found: what it is called, and its words in every language."""

    about: int
    group: str
    unit: str
    headings: Sequence[str]
    texts: Sequence[str]
    marks: Sequence[str] = ()


def mark(name: str, value: str | int) -> str:
    """Make the word by which the index finds a group, a unit or a log; nobody's words look like it."""
    return f"zq{name}{''.join(char for char in str(value).lower() if char.isalnum())}"


def index_entries(log: Log, abouts: Iterable[int]) -> None:
    """Make what is found of these entries anew, from the texts that are public now."""
    wanted = _owners(log, set(abouts))
    belong = Citation.objects.filter(log=log, cited__in=wanted, kind__in=BELONGS)
    parts = {one: one for one in wanted} | dict(belong.values_list("citing", "cited"))
    texts: dict[int, dict[tuple[str, str], str]] = {}
    rows = PublicText.objects.filter(log=log, about__in=parts).order_by("entry", "pk")
    for about, name, lang, words in rows.values_list("about", "name", "lang", "words"):
        if name not in NO_WORDS and lang != NO_LANGUAGE:
            texts.setdefault(parts[about], {})[name, lang] = sentences_of(words)
    lines = LogEntry.objects.filter(log=log, index__in=texts).order_by("index")
    things = [_thing(line.parsed, texts[line.index]) for line in lines]
    index_things(log, "entry", things, gone=sorted(wanted.difference(texts)))


def index_written(log: Log, written: Sequence[Entry], texts: Sequence[PublicText]) -> None:
    """Index entries that were just written, with these texts: what is new needs no look at what is there."""
    words: dict[int, dict[tuple[str, str], str]] = {}
    for one in texts:
        if one.entry == one.about and one.name not in NO_WORDS and one.lang != NO_LANGUAGE:
            words.setdefault(one.about, {})[one.name, one.lang] = sentences_of(one.words)
    parts = {one.index for one in written if one.kind in BELONGS}
    again = {one.about for one in texts if one.entry != one.about or one.entry in parts}
    new = [one for one in written if one.index in words and one.index not in again]
    index_things(log, "entry", [_thing(one, words[one.index]) for one in new], are_new=True)
    index_entries(log, again)


def _owners(log: Log, abouts: set[int]) -> set[int]:
    """Put what an entry belongs to in its place: what is told of a project is found as the project."""
    rows = Citation.objects.filter(log=log, citing__in=abouts, kind__in=BELONGS).values_list(
        "citing", "cited"
    )
    owners = dict(rows)
    return {owners.get(one, one) for one in abouts}


def _thing(entry: Entry, texts: Mapping[tuple[str, str], str]) -> Thing:
    heading = next((name for name in HEADINGS if any(one == name for one, _lang in texts)), "")
    return Thing(
        about=entry.index,
        group=KINDS[entry.kind].group,
        unit=_unit_of(entry),
        headings=[words for (name, _lang), words in texts.items() if name == heading],
        texts=[words for (name, _lang), words in texts.items() if name != heading],
        marks=[mark("pen", entry.pen)],
    )


def _unit_of(entry: Entry) -> str:
    """Give the unit an entry is about, where it names one."""
    office = str(entry.data.get("office", "")) or next(iter(entry.offices), "")
    return str(entry.data.get("unit", "")) or unit_of(office)


def index_things(
    log: Log, source: str, things: Sequence[Thing], gone: Sequence[int] = (), *, are_new: bool = False
) -> None:
    """Put things into the index, or put them in anew, and take out what is gone; the words are counted along."""
    docs = [_doc(log, source, one) for one in things]
    old = {} if are_new else _old(log, source, [*(one.about for one in docs), *gone])
    counts: Counter[str] = Counter()
    for words in old.values():
        counts.subtract(words)
    for doc in docs:
        counts.update(_all_words(doc))
    SearchDoc.objects.bulk_create(
        docs,
        update_conflicts=True,
        unique_fields=["log", "source", "about"],
        update_fields=["group", "unit", "heading", "words", "marks"],
        batch_size=STEP,
    )
    SearchDoc.objects.filter(log=log, source=source, about__in=gone).delete()
    _count(log, {word: change for word, change in counts.items() if change})


def _old(log: Log, source: str, abouts: Sequence[int]) -> dict[int, set[str]]:
    rows = SearchDoc.objects.filter(log=log, source=source, about__in=abouts)
    return {one.about: _all_words(one) for one in rows}


def _all_words(doc: SearchDoc) -> set[str]:
    return {*doc.heading.split(), *doc.words.split()}


def _doc(log: Log, source: str, thing: Thing) -> SearchDoc:
    words = [word for text in thing.texts for word in words_in(text)]
    marks = [mark("log", log.pk), mark("source", source), mark("group", thing.group), *thing.marks]
    return SearchDoc(
        log=log,
        source=source,
        about=thing.about,
        group=thing.group,
        unit=thing.unit,
        heading=" ".join(word for text in thing.headings for word in words_in(text)),
        words=" ".join(words[:MOST_WORDS]),
        marks=" ".join([*marks, mark("unit", thing.unit)] if thing.unit else marks),
    )


def _count(log: Log, changes: Mapping[str, int]) -> None:
    """Count in how many things each word is found; keep no word that is in none. The log's row is locked by then."""
    rows = SearchWord.objects.filter(log=log)
    fewer = sorted(word for word, change in changes.items() if change < 0)
    for words in _steps(fewer):
        lost = [When(word=one, then=-changes[one]) for one in words]
        rows.filter(word__in=words).update(docs=F("docs") - Case(*lost, output_field=IntegerField()))
    if fewer:
        rows.filter(docs=0).delete()
    for words in _steps(sorted(word for word, change in changes.items() if change > 0)):
        given = [one for word in words for one in (log.pk, word, changes[word])]
        with connection.cursor() as cursor:
            cursor.execute(COUNT.format(", ".join(["(%s, %s, %s)"] * len(words))), given)
            counted = cursor.fetchall()
        _add_grams(log, [(pk, word) for pk, word, docs in counted if docs == changes[word]])


def _add_grams(log: Log, new: Sequence[tuple[int, str]]) -> None:
    grams = [
        (log.pk, gram, pk) for pk, word in new if can_be_mistyped(word) for gram in sorted(grams_of(word))
    ]
    if grams:
        with connection.cursor() as cursor:
            cursor.executemany(ADD_GRAM, grams)


def _steps(listed: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut a list into pieces that fit into one query."""
    for start in range(0, len(listed), STEP):
        yield listed[start : start + STEP]


def index_anew(log: Log) -> None:
    """Make what a search looks in again from the public texts; what an app shows beside the record stays."""
    rows = SearchDoc.objects.filter(log=log, source="entry")
    index_things(log, "entry", [], gone=list(rows.values_list("about", flat=True)))
    abouts = sorted(set(PublicText.objects.filter(log=log).values_list("about", flat=True)))
    for start in range(0, len(abouts), STEP):
        index_entries(log, abouts[start : start + STEP])


@transaction.atomic
def fill_search() -> None:
    """Make what a search looks in for every log that has none yet, as after an upgrade."""
    empty = Log.objects.filter(size__gt=0, search_docs=None).values_list("pk", flat=True)
    for log in Log.objects.select_for_update().filter(pk__in=list(empty)):
        index_anew(log)
