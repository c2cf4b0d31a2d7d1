"""Words that a language has no translation for stand in English, and the page says of each that it is English.

While a page is made, Unicode's language tags stand around such words (U+E0001, then U+E007F, each with tags that chance gave
this process; nothing shows them). What leaves has a `lang` instead, or, where nothing can carry one, nothing. Whoever types
such signs does not know the chance, so their words stay as they are.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from gettext import NullTranslations
from typing import Final, override

from django.utils.translation import get_language
from django.utils.translation.trans_real import CONTEXT_SEPARATOR, translation

SOURCE: Final = "en"
OURS: Final = "".join(chr(0xE0000 + ord(one)) for one in secrets.token_hex(8))
BEGINS: Final = f"\U000e0001{OURS}"
ENDS: Final = f"{OURS}\U000e007f"
MARK: Final = re.compile(f"{BEGINS}|{ENDS}")
#: Two in a row are one: on a page that runs from right to left, their lines would stand in the wrong order.
JOINED: Final = re.compile(rf"{ENDS}(\s+){BEGINS}")
TAG: Final = re.compile(r"(<[^<>]*>)")
#: Elements that hold words and no other element; those of a picture have no `dir`.
PLAIN: Final = re.compile(r"<(title|option|textarea|script|style|text|desc)\b", re.IGNORECASE)
DRAWN: Final = frozenset({"text", "desc"})
NAME: Final = re.compile(r"<[a-zA-Z]+")

_marks: ContextVar[bool] = ContextVar("marks", default=False)


class Source(NullTranslations):
    """What is asked when no catalogue has a message: the English words, marked as English where a page in another language is made."""

    @override
    def gettext(self, message: str) -> str:
        """Give the words themselves."""
        return _marked(message)

    @override
    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Give the words for one or for several."""
        return _marked(msgid1 if n == 1 else msgid2)


def _marked(message: str) -> str:
    if not _marks.get() or get_language() == SOURCE:
        return message
    words = message.rpartition(CONTEXT_SEPARATOR)[2]
    return f"{BEGINS}{words}{ENDS}" if any(map(str.isalpha, words)) else words


@lru_cache(maxsize=4)  # once for each catalogue: Django begins anew where a setting changes
def _watch(english: NullTranslations) -> None:
    english.add_fallback(Source())


@contextmanager
def marking() -> Iterator[None]:
    """Mark words without a translation while a page is made."""
    _watch(translation(SOURCE))
    token = _marks.set(True)
    try:
        yield
    finally:
        _marks.reset(token)


def bare(text: str) -> str:
    """Take the marks out, where nothing can carry a `lang`."""
    return MARK.sub("", text)


def with_lang(html: str) -> str:
    """Give a page in which each marked word says by an attribute that it is English; in attributes the marks only go."""
    if BEGINS not in html:
        return html
    parts, inside, opened = TAG.split(html), "", 0
    for place, part in enumerate(parts):
        if place % 2:
            parts[place] = bare(part)
            name = PLAIN.match(part)
            if name:
                inside, opened = name.group(1).lower(), place
            elif inside and part.lower().startswith(f"</{inside}"):
                inside = ""
        elif inside:
            parts[place] = bare(part)
            if inside not in {"script", "style"} and part.strip().startswith(BEGINS):
                given = f' lang="{SOURCE}"' + ("" if inside in DRAWN else ' dir="ltr"')
                parts[opened] = NAME.sub(rf"\g<0>{given}", parts[opened], count=1)
        else:
            told = JOINED.sub(r"\1", part)
            parts[place] = told.replace(BEGINS, f'<span lang="{SOURCE}" dir="ltr">').replace(ENDS, "</span>")
    return "".join(parts)
