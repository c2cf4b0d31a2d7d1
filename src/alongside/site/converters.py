"""The two parts that start every address: a program and a language."""

import re
import typing
from functools import cache

from django.conf import settings
from django.urls import register_converter

CODES: typing.Final = frozenset(code for code, _ in settings.LANGUAGES)
#: First words of addresses that belong to the site, so no program may be called so.
RESERVED: typing.Final = CODES | {
    "r",
    "static",
    "accounts",
    "health",
    "live",
    "ready",
    "metrics",
    "demo",
    "demonstration",
    "marks.json",
    "api",
    "robots.txt",
}


class LanguageConverter:
    """A language of the house; whether the program speaks it is asked of its pack."""

    regex = "|".join(sorted(map(re.escape, CODES), key=len, reverse=True))

    def to_python(self, value: str) -> str:
        """Return the code as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """Return the code as it stands."""
        return value


class ProgramConverter(LanguageConverter):
    """The slug of a program; never a word that the site needs for itself."""

    regex = "(?!(?:" + "|".join(sorted(map(re.escape, RESERVED), key=len, reverse=True)) + ")/)[-a-z0-9]+"


@cache
def register() -> None:
    """Let addresses name the two parts; once a process, also where an import of the addresses failed before."""
    register_converter(LanguageConverter, "lang")
    register_converter(ProgramConverter, "program")


def language_of(path: str) -> str | None:
    """Give the language that an address is in: its first or second part, or None."""
    return next((part for part in path.split("/")[1:3] if part in CODES), None)
