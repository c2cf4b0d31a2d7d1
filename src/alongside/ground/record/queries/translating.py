"""The texts of one entry in every language: what was first written, who translated it, when, and whether it was reviewed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from alongside.core.grammar import Entry
from alongside.core.grammar.shape import NO_LANGUAGE
from alongside.core.grammar.v1 import texts as rules
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Log, PublicText
from alongside.ground.record.queries.telling import entries_at
from alongside.ground.record.rows import RowsLog

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
    return rules.owners_of(about, RowsLog(Log.objects.get(program=program)))


def needs_a_lead(program: Program, about: Entry) -> bool:
    """Say whether only leads change what a person said of an entry in another language. Four queries at most."""
    return rules.needs_a_lead(about, RowsLog(Log.objects.get(program=program)))
