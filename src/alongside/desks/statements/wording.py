"""What every part of a statement is worded with: people's words with their language, entries as links, units and offices."""

from collections.abc import Callable, Iterable
from datetime import date

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from alongside.desks import saying
from alongside.desks.statements.blocks import Block, Cell, Line, Run, hint
from alongside.desks.statements.queries import Stated
from alongside.ground.record.queries import EntryView, Packs, TextView
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.languages import in_readers_words
from alongside.ground.ui.templatetags.ui import counted

#: Gives the address of an entry's page by its number.
type EntryPage = Callable[[int], str]


class Wording:
    """Words the parts of one statement, and remembers which entries they cite."""

    def __init__(self, stated: Stated, packs: Packs, lang: str, entry_page: EntryPage) -> None:
        self.stated, self.packs, self.lang, self.entry_page = stated, packs, lang, entry_page
        #: The pack in force at the head: one adopted later changes no word of the statement.
        self.pack = packs.at(stated.head.size)
        self.today: date = stated.head.signed_on
        self.cited: set[int] = set()
        self.blocks: list[Block] = []

    def cite(self, *told: EntryView) -> Line:
        """Name entries, each with its page."""
        runs: list[Run] = []
        for one in told:
            self.cited.add(one.index)
            words = _("Entry %(number)s") % {"number": counted(one.index)}
            runs += [Run(" · "), Run(words, href=self.entry_page(one.index))]
        return tuple(runs[1:])

    def said(self, told: EntryView, name: str, *, is_strong: bool = False) -> list[Line]:
        """Give the words of a text in lines, with its language told where it is another or translated."""
        shown = told.texts.get(name)
        if shown is None:
            return [hint(_("These words were taken down. The record says why."))]
        lines: list[Line] = [(self.run(shown, is_strong=is_strong),)]
        return lines + self.about_language(shown)

    def run(self, shown: TextView, *, is_strong: bool = False) -> Run:
        """Give public words with the language they are in."""
        return Run(shown.words.strip(), "" if shown.lang == self.lang else shown.lang, is_strong=is_strong)

    def about_language(self, shown: TextView) -> list[Line]:
        """Say from which language words were translated, or in which they stand, where that is not the reader's."""
        if shown.lang != self.lang:
            said = {"name": in_readers_words(shown.lang)}
            return [hint(_("These words are in %(name)s. There is no translation yet.") % said)]
        if shown.is_original:
            return []
        words = _("Translated from %(name)s.") % {"name": in_readers_words(shown.original_lang)}
        if not shown.is_reviewed:
            words += " " + _("No person has reviewed this translation yet.")
        return [hint(words)]

    def title(self, told: EntryView, name: str = "title") -> Run:
        """Give a short text for a heading or the first cell of a row."""
        shown = told.texts.get(name)
        return self.run(shown, is_strong=True) if shown else Run(_("Words taken down"), is_strong=True)

    def labelled(self, label: str, told: EntryView, name: str) -> list[Line]:
        """Give a text behind a label; nothing where the entry has none."""
        if name not in told.entry.texts:
            return []
        first, *rest = self.said(told, name)
        return [(Run(f"{label} ", is_strong=True), *first), *rest]

    def unit(self, office: str) -> str:
        """Give the name of an office's unit."""
        return self.pack.unit_name(office.split("/", 1)[0], self.lang)

    def office(self, office: str) -> str:
        """Give the name of an office with its unit."""
        return self.pack.office_title(office, self.lang)

    def level(self, told: EntryView) -> str:
        """Give the level of participation that an entry promises, in the words of its day."""
        level = told.entry.data.get("level")
        framework = self.packs.at(told.index).framework(level["framework"]) if level else None
        found = [one for one in framework.levels if one.id == level["level"]] if framework and level else []
        if not framework or not found:
            return str(level["level"]) if level else ""
        return f"{framework.name.say(self.lang)}: {found[0].name.say(self.lang)}"

    @staticmethod
    def languages(codes: Iterable[str]) -> str:
        """Name languages in the reader's language."""
        return get_text_list([in_readers_words(one) for one in codes], _("and"))

    @staticmethod
    def rests_on(band: object) -> str:
        """Say on how many voices a finding rests, never a count below what may be shown."""
        if band == "fewer":
            return _("Rests on fewer voices than we show. Two leads attest it.")
        return _("Rests on %(range)s voices.") % {"range": saying.band_words(band).lower()}


def day(value: date | str | None) -> str:
    """Write a day in the reader's language; from a date, or from an ISO day."""
    return day_in_words(date.fromisoformat(value) if isinstance(value, str) else value)


def cell(*lines: Line | list[Line]) -> Cell:
    """Put lines into a cell."""
    found: list[Line] = []
    for one in lines:
        found += one if isinstance(one, list) else [one]
    return tuple(line for line in found if line)
