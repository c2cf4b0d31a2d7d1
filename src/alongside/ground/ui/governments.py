"""Our messages say "the City"; the pages of a program whose pack calls its government otherwise say what the pack says.

Only our own messages are changed, before anybody's words are put into them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from gettext import NullTranslations
from typing import Final

from django.utils.translation.trans_real import CONTEXT_SEPARATOR, translation

from alongside.core.policy.pack import Pack

type Names = Mapping[str, str]

#: A message that names the government.
NAMES_IT: Final = re.compile(r"(?<!own )(?<!another )\b[Cc]ity\b")
#: What our messages call it, by language. A language that is not here keeps its own words.
USUAL: Final[Names] = {"en": "the City", "es": "la Ciudad", "vi": "Thành phố", "ar": "المدينة"}
ARTICLE: Final = re.compile(r"(the|el|la|los|las) ", re.IGNORECASE)
ENGLISH: Final = re.compile(r"\b([Tt]he |[Aa] )?[Cc]ity\b")
VOWELS: Final = frozenset("AEIOU")
SPANISH: Final = re.compile(r"(?:\b(de|a) )?(?:\b([Ll]a) )?\bCiudad\b")
VIETNAMESE: Final = re.compile(r"\b[Tt]hành phố\b")
ARABIC: Final = re.compile(r"(لل|ال)مدينة")

_names: ContextVar[Names | None] = ContextVar("names", default=None)


def _bare(name: str) -> str:
    return ARTICLE.sub("", name, count=1)


def _first(name: str, *, is_capital: bool) -> str:
    return name[:1].upper() + name[1:] if is_capital else name


def _english(words: str, name: str) -> str:
    def called(found: re.Match[str]) -> str:
        article, bare = found[1] or "", _bare(name)
        if article.lower() == "a ":
            return f"{article[0]}{'n' if bare[0].upper() in VOWELS else ''} {bare}"
        return _first(name, is_capital=article[0] == "T") if article else bare

    return ENGLISH.sub(called, words)


def _spanish(words: str, name: str) -> str:
    def called(found: re.Match[str]) -> str:
        before, article = found.groups()
        if article is None:
            return f"{before} {_bare(name)}" if before else _bare(name)
        if before and name.startswith("el "):
            return f"{before.removesuffix('e')}{'e' if before == 'de' else ''}l {_bare(name)}"
        said = _first(name, is_capital=article[0] == "L")
        return f"{before} {said}" if before else said

    return SPANISH.sub(called, words)


def _arabic(words: str, name: str) -> str:
    def called(found: re.Match[str]) -> str:
        if found[1] == "ال":
            return name
        return f"لل{name.removeprefix('ال')}" if name.startswith("ال") else f"ل{name}"

    return ARABIC.sub(called, words)


#: How a message of a language is changed.
CHANGES: Final[Mapping[str, Callable[[str, str], str]]] = {
    "en": _english,
    "es": _spanish,
    "vi": lambda words, name: VIETNAMESE.sub(name, words),
    "ar": _arabic,
}


def renamed(words: str, lang: str, names: Names) -> str:
    """Give words of ours in a language as a program says them that calls its government so."""
    return CHANGES[lang](words, names[lang]) if lang in names else words


@lru_cache(maxsize=64)  # once for each catalogue: Django begins anew where a setting changes
def _listen(catalogue: NullTranslations, lang: str) -> None:
    """Have a catalogue say what the pack says while a page of a program is made."""
    one, many = catalogue.gettext, catalogue.ngettext

    def said(message: str) -> str:
        names, words = _names.get(), one(message)
        if names is None or not NAMES_IT.search(message):
            return words
        return renamed(words.rpartition(CONTEXT_SEPARATOR)[2], lang, names)

    def counted(msgid1: str, msgid2: str, n: int) -> str:
        names, words = _names.get(), many(msgid1, msgid2, n)
        if names is None or not NAMES_IT.search(msgid2):
            return words
        return renamed(words.rpartition(CONTEXT_SEPARATOR)[2], lang, names)

    catalogue.gettext, catalogue.ngettext = said, counted  # type: ignore[method-assign]  # one object for each language


@lru_cache(maxsize=256)
def _called(shorts: tuple[tuple[str, str], ...]) -> Names | None:
    names = {lang: short for lang, short in shorts if lang in USUAL}
    return None if all(USUAL[lang] == short for lang, short in names.items()) else names


def call(pack: Pack | None) -> None:
    """Call the government as this pack does, until `calling` ends."""
    names = _called(tuple(pack.government.short.by_lang.items())) if pack else None
    if names:
        for lang in names:
            _listen(translation(lang), lang)
    _names.set(names)


@contextmanager
def calling(pack: Pack | None = None) -> Iterator[None]:
    """Call the government as a pack does while something is made for its program; as usual without one."""
    token = _names.set(None)
    try:
        call(pack)
        yield
    finally:
        _names.reset(token)
