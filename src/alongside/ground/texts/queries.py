"""Read the texts of an entry in every language, and what wants a translation."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from alongside.core.entries import Entry
from alongside.core.grammar import texts as rules
from alongside.core.grammar.shape import NO_LANGUAGE
from alongside.core.grammar.sounds import AS_A_WHOLE, BY_QUESTION
from alongside.core.grammar.texts import FORM, STANDING, may_translate
from alongside.core.kinds import EntryKind
from alongside.core.questions import read_questions
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Log, LogEntry, PublicText
from alongside.ground.record.queries import EntryView, entries_at, entry_views
from alongside.ground.record.rows import RowsLog
from alongside.ground.texts.models import DIGEST, Sound

#: Texts that are kept in parts, each by the app that writes it.
IN_PARTS = frozenset({"form", "plan"})


@dataclass(frozen=True)
class Translation:
    """The newest translation into one language: by whom, when, made by a person or a machine, reviewed or not."""

    lang: str
    entry: Entry
    made_by: str
    is_reviewed: bool
    words: Mapping[str, str]

    @property
    def on(self) -> date:
        """Give the day on which it was added."""
        return self.entry.date

    @property
    def by(self) -> str:
        """Give the seat, the office or the role that added it."""
        return self.entry.by[0]


@dataclass(frozen=True)
class Texts:
    """The texts of an entry as first written, and their translations by language."""

    entry: Entry
    lang: str
    originals: Mapping[str, str]
    translations: Mapping[str, Translation]
    #: Every language in which it has words as first written: one, and of a report each of its own.
    langs: frozenset[str]

    def wanting(self, languages: tuple[str, ...]) -> list[str]:
        """List the languages, of those given, that lack a translation which a person reviewed."""
        good = {one.lang for one in self.translations.values() if one.is_reviewed} | self.langs
        return [one for one in languages if one not in good]


def texts_in_all(program: Program, index: int) -> Texts | None:
    """Give the texts of an entry in all languages, or None where it holds none that can be read. Three queries."""
    rows = list(PublicText.objects.filter(log__program=program, about=index).order_by("entry", "pk"))
    first = [row for row in rows if row.is_original and row.lang != NO_LANGUAGE]
    if not first:
        return None
    entries = entries_at(program, {index, *(row.entry for row in rows)})
    found: dict[str, Translation] = {}
    for row in rows:
        if not row.is_original:
            earlier = found[row.lang].words if row.lang in found else {}
            words = {**earlier, row.name: row.words}
            found[row.lang] = Translation(row.lang, entries[row.entry], row.made_by, row.is_reviewed, words)
    originals = {row.name: row.words for row in first}
    return Texts(entries[index], first[0].lang, originals, found, frozenset(row.lang for row in first))


def who_must_agree(program: Program, about: Entry) -> frozenset[str]:
    """Name the sides of which one must agree before a text of an entry is taken down. Four queries at most."""
    return rules.owners_of(about, RowsLog.of(program))


def needs_a_lead(program: Program, about: Entry) -> bool:
    """Say whether only leads change what a person said of an entry in another language. Four queries at most."""
    return rules.needs_a_lead(about, RowsLog.of(program))


def sounds_of(program: Program, about: int, lang: str) -> dict[str, Sound]:
    """Give what people hear of an entry in a language, by its part, without the sounds themselves. One query."""
    found = Sound.objects.filter(program=program, about=about, lang=lang)
    return {one.part: one for one in found.defer("content")}


def sounds_by_language(program: Program, about: int) -> dict[str, dict[str, Sound]]:
    """Give what people hear of an entry, by language and part, without the sounds themselves. One query."""
    found: dict[str, dict[str, Sound]] = {}
    for one in Sound.objects.filter(program=program, about=about).defer("content"):
        found.setdefault(one.lang, {})[one.part] = one
    return found


def sound_at(program: Program, about: int, digest: str, kind: str) -> Sound | None:
    """Give a recording by what its address names, where its bytes are those whose hash the log tells. Two queries."""
    named = {"program": program, "about": about, "kind": kind, "sha256__startswith": digest}
    found = Sound.objects.filter(**named).first() if len(digest) == DIGEST else None
    given = entries_at(program, [found.entry]).get(found.entry) if found else None
    if found is None or given is None:
        return None
    return found if given.data.get("sha256") == hashlib.sha256(found.content).hexdigest() else None


@dataclass(frozen=True)
class ToSay:
    """Words of the log to say aloud in a language: a question with what it offers to choose from, or a report-back."""

    part: str
    words: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Aloud:
    """An entry whose words leads say aloud, the promise that it is of, and its words in one language."""

    about: Entry
    promise: EntryView
    to_say: list[ToSay]


def aloud(program: Program, index: int, lang: str) -> Aloud | None:
    """Give what there is to say aloud of an entry in a language; None where it holds no such words. Two queries."""
    told = entry_views(program, [index], lang).get(index)
    if (
        told is None
        or told.entry.kind not in {BY_QUESTION, AS_A_WHOLE}
        or lang not in told.entry.data["languages"]
    ):
        return None
    if told.entry.kind == AS_A_WHOLE:
        words = told.texts.get(lang)
        promise = told.entry.cites["engagement"][0]
        of = entry_views(program, [promise], lang)[promise]
        return Aloud(told.entry, of, [ToSay("", words.words)]) if words else None
    form = told.texts.get(FORM)
    return Aloud(told.entry, told, _questions(read_questions(form.words), lang)) if form else None


def _questions(form: Mapping[str, Any], lang: str) -> list[ToSay]:
    return [
        ToSay(one["id"], one["words"][lang], tuple(each["words"][lang] for each in one.get("options", ())))
        for one in form["questions"]
    ]


#: A page of a list of texts.
MOST = 50
#: Every language of a report and of a released statement is written by its leads, of a promise signed by both sides, of a call published with it;
#: the name of a program stands in its pack.
NO_NEED = (
    EntryKind.REPORT_PUBLISHED,
    EntryKind.OFFER_DECIDED,
    EntryKind.PROGRAM_OPENED,
    *sorted(STANDING),
)
#: Kinds of which only the newest of a subject is read.
NEWER_STANDS = (EntryKind.COURSE_OFFERED, EntryKind.COURSE_REWORDED)


@dataclass(frozen=True)
class Wanting:
    """An entry whose texts have no translation into a language, or one that no person reviewed."""

    told: EntryView
    is_there: bool


@dataclass(frozen=True)
class WantingList:
    """One page of entries that want a translation, newest first, and where the next older page begins."""

    rows: list[Wanting]
    older: int | None


@dataclass(frozen=True)
class WantingCount:
    """How many entries want a translation into a language, and how many want a person who reads one."""

    missing: int
    unread: int


def untranslated(
    program: Program,
    lang: str,
    into: str,
    *,
    is_there: bool | None = None,
    before: int | None = None,
    passed: Collection[int] = (),
    most: int = MOST,
) -> WantingList:
    """Give a page of what wants a translation into a language, with its words in the reader's. Four queries.

    `is_there` keeps only those that have a translation, or have none; `passed` are entries that others took the place
    of, or that are not the reader's to translate.
    """
    rows = _wanting(program, into, passed)
    if is_there is not None:
        rows = rows.filter(state__isnull=not is_there)
    if before is not None:
        rows = rows.filter(about__lt=before)
    # The numbers alone: with what is there beside them, PostgreSQL sorts the whole log before it gives the first page.
    found = list(rows.values_list("about", flat=True).distinct().order_by("-about")[: most + 1])
    page = found[:most]
    translated = PublicText.objects.filter(log__program=program, about__in=page, lang=into, is_original=False)
    there = set(translated.values_list("about", flat=True))
    words = entry_views(program, page, lang)
    shown = [Wanting(words[about], about in there) for about in page]
    return WantingList(shown, page[-1] if len(found) > most else None)


def wanting_counts(
    program: Program, languages: Sequence[str], *, passed: Collection[int] = ()
) -> dict[str, WantingCount]:
    """Count what wants a translation into each of these languages. Two queries."""
    first = _first_words(program, passed)
    own = {f"own_{place}": Q(lang=into) for place, into in enumerate(languages)}
    count = first.aggregate(
        every=Count("about", distinct=True),
        **{name: Count("about", distinct=True, filter=is_own) for name, is_own in own.items()},
    )
    said = PublicText.objects.filter(log=OuterRef("log"), about=OuterRef("about"), lang=OuterRef("lang"))
    later = Q(entry__gt=OuterRef("entry")) | Q(entry=OuterRef("entry"), pk__gt=OuterRef("pk"))
    added = _needed(PublicText.objects.filter(log__program=program, is_original=False), program, passed)
    newest = added.exclude(Exists(said.filter(Q(is_original=True) | later)))
    # Of the texts of an entry in a language, one row is the newest.
    by = newest.values_list("lang", "is_reviewed").annotate(n=Count("pk")).order_by()
    there = {(lang, is_read): n for lang, is_read, n in by}
    found = {}
    for name, into in zip(own, languages, strict=True):
        read, unread = there.get((into, True), 0), there.get((into, False), 0)
        found[into] = WantingCount(count["every"] - count[name] - read - unread, unread)
    return found


def _wanting(program: Program, into: str, passed: Collection[int]) -> QuerySet[Any]:
    """Give the first words of all that is not first written in a language and has no reviewed translation into it."""
    here = PublicText.objects.filter(log=OuterRef("log"), about=OuterRef("about"), lang=into)
    newest = here.filter(is_original=False).order_by("-entry", "-pk").values("is_reviewed")[:1]
    first = _first_words(program, passed)
    first = first.exclude(Exists(here.filter(is_original=True))).annotate(state=Subquery(newest))
    return first.filter(Q(state=None) | Q(state=False))


def _first_words(program: Program, passed: Collection[int]) -> QuerySet[PublicText]:
    """Give the first words of all that is translated here, but of what others took the place of."""
    # One value, so that PostgreSQL walks its index.
    log = Log.objects.filter(program=program).values("pk")[:1]
    first = PublicText.objects.filter(log=log, is_original=True).exclude(lang=NO_LANGUAGE)
    return _needed(first.exclude(name__in=IN_PARTS - {"plan"}), program, passed)


def _needed(rows: QuerySet[PublicText], program: Program, passed: Collection[int]) -> QuerySet[PublicText]:
    """Leave out the texts of what needs no translation, or what others took the place of."""
    return rows.exclude(about__in=passed).exclude(about__in=_no_need(program))


def not_theirs(program: Program, pens: Sequence[str]) -> list[int]:
    """List the entries whose words none of these seats and offices may translate; the steward may all. One query."""
    if "steward" in pens:
        return []
    worded = PublicText.objects.filter(log__program=program, is_original=True).values("about")
    entries = [line.parsed for line in LogEntry.objects.filter(log__program=program, index__in=worded)]
    return [one.index for one in entries if not any(may_translate(pen, one) for pen in pens)]


def _no_need(program: Program) -> QuerySet[LogEntry, int]:
    lines = LogEntry.objects.filter(log__program=program)
    newer = LogEntry.objects.filter(
        log=OuterRef("log"), kind__in=NEWER_STANDS, subject=OuterRef("subject"), index__gt=OuterRef("index")
    )
    out = Q(kind__in=NO_NEED) | Q(Exists(newer), kind__in=NEWER_STANDS)
    return lines.filter(out).values_list("index", flat=True)
