"""An entry as one line of a list: its label, its mark, and what it is about in a few words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf.locale import LANG_INFO

from alongside.core.policy import Pack
from alongside.ground.look.tags.words import as_seat
from alongside.ground.record.labels import KINDS, PENS, mark_of
from alongside.ground.record.queries import EntryList, Shown, Told

#: Which text says best, in a list, what an entry is about.
HEADINGS = (
    "title",
    "name",
    "decision",
    "statement",
    "ask",
    "reasons",
    "contest",
    "reply",
    "claim",
    "check",
    "reason",
)
LONGEST = 140


@dataclass(frozen=True)
class Row:
    """One line of a list of entries."""

    index: int
    date: date
    kind: str
    label: str
    pen: str
    mark: tuple[str, str]
    about: str
    lang: str
    leaf: str
    is_signed: bool

    @classmethod
    def of(
        cls, told: Told, leaf: str, pack: Pack, lang: str, *, signed: bool, titles: Mapping[str | int, Shown]
    ) -> "Row":
        """Make the line of an entry; `titles` names what entries without words are about."""
        entry = told.entry
        about, about_lang = about_of(told, pack, lang, titles)
        return cls(
            index=entry.index,
            date=entry.date,
            kind=entry.kind,
            label=str(KINDS[entry.kind]),
            pen=str(PENS[entry.pen]),
            mark=mark_of(entry.kind, entry.pen),
            about=about,
            lang=about_lang,
            leaf=leaf,
            is_signed=signed,
        )


def about_of(told: Told, pack: Pack, lang: str, titles: Mapping[str | int, Shown]) -> tuple[str, str]:
    """Say in a few words what an entry is about, with the language of the words."""
    heading = heading_of(told)
    if heading[0]:
        return heading
    title = titles.get(_engagement_of(told))
    if title:
        return _short(title.words), title.lang
    office = told.entry.data.get("office") or next(iter(told.entry.offices), "")
    if office:
        return pack.office_title(office, lang), lang
    if told.entry.kind == "text.translated":
        code = told.entry.data["lang"]
        return str(LANG_INFO.get(code, {}).get("name_local", code)), code
    cited = titles.get(_cited_by(told))
    if cited:
        return _short(cited.words), cited.lang
    subject = next(
        (told.entry.data[name] for name in ("engagement", "seat", "cohort") if name in told.entry.data), ""
    )
    named = as_seat(str(subject))
    return named, "en" if named == subject else lang


def heading_of(told: Told) -> tuple[str, str]:
    """Give the words by which an entry is best known, cut short, with their language; empty where it has none."""
    name = next((one for one in HEADINGS if told.say(one)), "")
    return _short(told.say(name)), told.lang(name)


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"


def named_in(told: Iterable[Told]) -> set[str | int]:
    """Name what entries are about: an engagement by its slug or its promise, else the first entry that they cite."""
    return {name for one in told for name in (_engagement_of(one), _cited_by(one))} - {""}


def _engagement_of(told: Told) -> str | int:
    slug = told.entry.data.get("engagement", "")
    return slug or next(iter(told.entry.cites.get("engagement", ())), "")


def _cited_by(told: Told) -> str | int:
    return next((index for cited in told.entry.cites.values() for index in cited), "")


def rows_of(
    found: EntryList, pack: Pack, lang: str, signed: int, titles: Mapping[str | int, Shown]
) -> list[Row]:
    """Make the lines of a page of entries; those at or above the signed head are not yet signed."""
    return [
        Row.of(told, found.leaves[told.index], pack, lang, signed=told.index < signed, titles=titles)
        for told in found.told
    ]
