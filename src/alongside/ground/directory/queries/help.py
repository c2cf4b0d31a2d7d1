"""Read the help lines of a pack as one page shows them. Asks the database nothing."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alongside.core.policy import HelpLine, Pack, Words

#: The kinds of help in the order in which a page shows them, each with its heading.
KINDS: dict[str, str | Promise] = {
    "urgent": _("If it is happening now"),
    "legal": _("Free legal help"),
    "bias": _("Report hate or bias"),
    "sanctuary": _("Report that an office broke sanctuary rules"),
    "discrimination": _("Report unfair treatment"),
    "other": _("More help"),
}


@dataclass(frozen=True)
class Said:
    """Words of the pack with the language they are in, which is English where they are not translated."""

    words: str
    lang: str


@dataclass(frozen=True)
class Line:
    """One help line as people read it."""

    slug: str
    name: Said
    offers: Said
    tel: str
    tel_shown: str
    hours: Said
    languages: Said
    what_happens: Said
    web: str
    web_host: str
    checked_on: date
    checked_at: str


@dataclass(frozen=True)
class Group:
    """Help lines of one kind."""

    kind: str
    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Help:
    """Everything the page says. `is_real` means that no number on it was made up for a demonstration."""

    title: Said
    words: Said
    sources: tuple[tuple[str, str], ...]
    groups: tuple[Group, ...]
    is_real: bool


def help_of(pack: Pack, lang: str) -> Help:
    """Give the help page of a pack in a language; what was not checked is left out."""
    shown = pack.help_shown
    titles = {one.address: one.title for one in pack.sources}
    groups = (
        Group(kind, str(heading), tuple(_line(one, lang) for one in shown if one.kind == kind))
        for kind, heading in KINDS.items()
    )
    return Help(
        title=_said(pack.sanctuary.title, lang),
        words=_said(pack.sanctuary.words, lang),
        sources=tuple((one, titles.get(one, _host(one))) for one in pack.sanctuary.sources),
        groups=tuple(one for one in groups if one.lines),
        is_real=not any(one.demonstration for one in shown),
    )


def _line(line: HelpLine, lang: str) -> Line:
    return Line(
        slug=line.slug,
        name=_said(line.name, lang),
        offers=_said(line.offers, lang),
        tel=line.tel,
        tel_shown=line.tel_shown,
        hours=_said(line.hours, lang),
        languages=_said(line.languages, lang),
        what_happens=_said(line.what_happens, lang),
        web=line.web or "",
        web_host=_host(line.web or ""),
        checked_on=line.checked_on,
        checked_at=_host(line.source),
    )


def _said(words: Words, lang: str) -> Said:
    return Said(words.say(lang), words.lang_of(lang))


def _host(address: str) -> str:
    """Give the name of the site an address is on, as people read it."""
    return (urlsplit(address).hostname or "").removeprefix("www.")
