"""Entries with their words in a reader's language."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, Subquery, When

from alongside.core.grammar import Entry, parse
from alongside.core.grammar.shape import NO_LANGUAGE
from alongside.core.grammar.v1.texts import SIGNATURES
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Citation, Line, Log, PublicText


@dataclass(frozen=True)
class Shown:
    """Public words as a reader sees them: in their language if there is one, else as first written."""

    words: str
    lang: str
    original_lang: str
    is_original: bool
    is_reviewed: bool
    made_by: str
    name: str
    #: Who added a translation: lead, steward or office; empty for words as first written or signed by both sides.
    added_by: str = ""
    #: The day on which a translation was added; None for words as first written.
    added_on: date | None = None
    #: Whether somebody had signed the words as first written when this translation was added.
    is_after_signing: bool = False


#: What grammar 1 held in the entry itself, and is a text since.
IN_DATA = ("links", "link", "sources", "source", "license")


@dataclass(frozen=True)
class Told:
    """An entry together with its words in the reader's language. An erased text is missing from `texts`."""

    entry: Entry
    texts: Mapping[str, Shown] = field(default_factory=dict)

    @property
    def index(self) -> int:
        """Give the entry's number."""
        return self.entry.index

    def say(self, name: str) -> str:
        """Give the words of a text, or an empty string where it was taken down."""
        shown = self.texts.get(name)
        return shown.words if shown else ""

    def lang(self, name: str) -> str:
        """Give the language in which a text is shown."""
        shown = self.texts.get(name)
        return shown.lang if shown else ""

    def translated_from(self, name: str) -> str:
        """Give the language a text was first written in where it is shown in another, else an empty string."""
        shown = self.texts.get(name)
        return "" if shown is None or shown.is_original else shown.original_lang

    def is_reviewed(self, name: str) -> bool:
        """Say whether a person reviewed a text as it is shown; True where it was taken down."""
        shown = self.texts.get(name)
        return shown.is_reviewed if shown else True

    @property
    def ground(self) -> str:
        """Give the ground of a pause, a hold or a take-down; grammar 1 held it in the entry itself."""
        return self.say("ground") or str(self.entry.data.get("ground", ""))

    @property
    def lines(self) -> dict[str, list[str]]:
        """Give what is in no language, such as links and sources, by its name; grammar 1 held it in the entry itself."""
        old = {name: self.entry.data[name] for name in IN_DATA if name in self.entry.data}
        found = {name: [one] if isinstance(one, str) else list(one) for name, one in old.items()}
        return found | {
            name: one.words.splitlines() for name, one in self.texts.items() if one.lang == NO_LANGUAGE
        }

    @property
    def erased(self) -> list[str]:
        """List the names of texts that were taken down."""
        return [name for name in self.entry.texts if name not in self.texts]


def entries_at(program: Program, indexes: Iterable[int]) -> dict[int, Entry]:
    """Give entries by their numbers. One query."""
    lines = Line.objects.filter(log__program=program, index__in=list(indexes))
    return {line.index: parse(line.index, bytes(line.raw)) for line in lines}


def texts_of(
    program: Program, indexes: Iterable[int], lang: str, *, until: int | None = None
) -> dict[int, dict[str, Shown]]:
    """Give the words that belong to entries, in `lang` where they are translated, else as first written. One query.

    A later translation replaces an earlier one of the same language; with `until`, only what stood in a log of that
    size. An entry that is itself a translation shows its own words, whatever the reader's language.
    """
    wanted = set(indexes)
    here = PublicText.objects.filter(log__program=program)
    here = here if until is None else here.filter(entry__lt=until)
    abouts = here.filter(entry__in=wanted, is_original=False).values("about")
    lines = Line.objects.filter(log=OuterRef("log"), index=OuterRef("entry")).values("raw")
    signed = Citation.objects.filter(
        log=OuterRef("log"), cited=OuterRef("about"), citing__lt=OuterRef("entry"), kind__in=SIGNATURES
    )
    here = here.annotate(
        line=Case(When(is_original=False, then=Subquery(lines))),
        is_after_signing=Case(When(is_original=False, then=Exists(signed)), default=False),
    )
    rows = list(here.filter(Q(about__in=wanted) | Q(about__in=abouts)).order_by("entry", "pk"))
    originals = {(row.about, row.name): row for row in rows if row.is_original}
    chosen = {(row.about, row.name): row for row in rows if row.lang == lang}
    found: dict[int, dict[str, Shown]] = {}
    for (about, name), first in originals.items():
        if about in wanted:
            found.setdefault(about, {})[name] = _shown(chosen.get((about, name), first), first)
    for row in rows:
        if row.entry != row.about and row.entry in wanted:
            first = originals.get((row.about, row.name), row)
            found.setdefault(row.entry, {})[row.name] = _shown(row, first)
    return found


def _shown(row: Any, first: PublicText) -> Shown:
    added = json.loads(bytes(row.line)) if row.line else {}
    return Shown(
        words=row.words,
        lang=row.lang,
        original_lang=first.lang,
        is_original=row.pk == first.pk,
        is_reviewed=row.is_reviewed,
        made_by=row.made_by,
        name=row.name,
        added_by=_added_by(added["by"]) if added else "",
        added_on=date.fromisoformat(added["date"]) if added else None,
        is_after_signing=row.is_after_signing,
    )


def _added_by(by: Sequence[str]) -> str:
    """Name the role of whoever holds the pen of a translation: lead, steward or office; none where both sides signed it."""
    if any(one.startswith("seat-") for one in by) and any("/" in one for one in by):
        return ""
    if any(one.startswith("seat-") for one in by):
        return "lead"
    return "steward" if "steward" in by else "office"


def told(program: Program, indexes: Iterable[int], lang: str) -> dict[int, Told]:
    """Give entries with their words in a language, by number. Two queries."""
    wanted = list(indexes)
    entries = entries_at(program, wanted)
    texts = texts_of(program, wanted, lang)
    return {index: Told(entry, texts.get(index, {})) for index, entry in sorted(entries.items())}


def told_where(program: Program, lang: str, *, kinds: Sequence[str] = (), subject: str = "") -> list[Told]:
    """Give entries of some kinds, or about a subject, oldest first, with their words. Two queries."""
    lines = Line.objects.filter(log__program=program).order_by("index")
    if kinds:
        lines = lines.filter(kind__in=kinds)
    if subject:
        lines = lines.filter(subject=subject)
    entries = [parse(line.index, bytes(line.raw)) for line in lines]
    texts = texts_of(program, [entry.index for entry in entries], lang)
    return [Told(entry, texts.get(entry.index, {})) for entry in entries]


#: Which of its texts names an entry where another one is about it.
NAMES = ("title", "name", "decision", "statement")


def titles_of(program: Program, wanted: Iterable[str | int], lang: str) -> dict[str | int, Shown]:
    """Give what names each of these; none for one without such words. Two queries.

    An engagement is named by its slug, and found by its promise; any entry by its index. A promise is found by both.
    """
    asked = set(wanted)
    slug_of = Q(subject__in=sorted(one for one in asked if isinstance(one, str)), kind="engagement.promised")
    placed = Q(index__in=sorted(one for one in asked if isinstance(one, int)))
    lines = Line.objects.filter(slug_of | placed, log__program=program)
    found = {index: (kind, subject) for index, kind, subject in lines.values_list("index", "kind", "subject")}
    texts = texts_of(program, found, lang)
    names = {
        index: next((words[one] for one in NAMES if one in words), None) for index, words in texts.items()
    }
    titles: dict[str | int, Shown] = {index: name for index, name in names.items() if name}
    slugs = {index: subject for index, (kind, subject) in found.items() if kind == "engagement.promised"}
    return titles | {slugs[index]: titles[index] for index in slugs if index in titles}


def told_where_latest(program: Program, lang: str, kinds: Sequence[str], most: int) -> list[Told]:
    """Give the newest entries of some kinds, newest first, with their words. Two queries."""
    lines = Line.objects.filter(log__program=program, kind__in=kinds).order_by("-index")[:most]
    entries = [parse(line.index, bytes(line.raw)) for line in lines]
    texts = texts_of(program, [entry.index for entry in entries], lang)
    return [Told(entry, texts.get(entry.index, {})) for entry in entries]


def indexes_citing(
    program: Program, cited: Iterable[int], kinds: Sequence[str] = ()
) -> list[tuple[int, str, int]]:
    """List (citing entry, its kind, cited entry) for entries that cite any of these, oldest first. One query."""
    rows = Citation.objects.filter(log__program=program, cited__in=list(cited))
    if kinds:
        rows = rows.filter(kind__in=kinds)
    return list(rows.order_by("citing", "cited").values_list("citing", "kind", "cited"))


def log_of(program: Program) -> Log | None:
    """Give the log of a program, or None before it is opened."""
    return Log.objects.filter(program=program).first()
