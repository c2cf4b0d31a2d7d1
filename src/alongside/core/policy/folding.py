"""Fold text so that case, accents, hidden characters and look-alike letters cannot hide a word."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from alongside.core.words import ARABIC, LOOK_ALIKES, TATWEEL

APOSTROPHES = frozenset("'\u2019\u2018\u02bc\u00b4`")
DIGIT_LETTERS = str.maketrans("013457@$", "oieastas")
SPACED_OUT = re.compile(r"(?<!\w)\w(?:[\W_]{1,3}\w(?!\w)){2,}")
HYPHENATED = re.compile(r"[-\u2010\u2011][ \t]*[\r\n]+[ \t]*")
BROKEN = re.compile(r"(?:(?<![ \t])[ \t]+)?[\r\n]+[ \t]*")
WORD = re.compile(r"[^\W_]+")
ROW = re.compile(r"[\w@$]+")
LETTER = re.compile(r"[^\W\d_]")
STOP = re.compile(r"[.?!]")


@dataclass(frozen=True)
class Spelled:
    """The words of a folded text, where each stands, which of them follow the end of a sentence, and where to find each."""

    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    after_stops: frozenset[int]
    places: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Folded:
    """Folded text; `places[i]` is where its character i stood in the text as written."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the span of the written text that a span of the folded text came from."""
        return self.places[start], self.places[end - 1] + 1

    @cached_property
    def spelled(self) -> Spelled:
        """Give the words of the text. An underscore parts words, as a space does."""
        found = list(WORD.finditer(self.text))
        places: dict[str, list[int]] = {}
        for place, one in enumerate(found):
            places.setdefault(one[0], []).append(place)
        between = enumerate(pairwise(found), 1)
        return Spelled(
            words=tuple(one[0] for one in found),
            spans=tuple(one.span() for one in found),
            after_stops=frozenset(n for n, (a, b) in between if STOP.search(self.text, a.end(), b.start())),
            places={word: tuple(many) for word, many in places.items()},
        )


def fold(text: str) -> str:
    """Fold text: small letters, no accents, no hidden characters, look-alikes as Latin letters."""
    return _heavy(text).text


def _hidden(char: str) -> bool:
    return unicodedata.category(char) in {"Cf", "Mn", "Me"} or char == TATWEEL or char in APOSTROPHES


def _heavy(text: str) -> Folded:
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for part in unicodedata.normalize("NFKD", char):
            if _hidden(part):
                continue
            folded = part.translate(LOOK_ALIKES).casefold().translate(LOOK_ALIKES).translate(ARABIC)
            letters.extend(folded)
            places.extend([place] * len(folded))
    return Folded("".join(letters), tuple(places))


def fold_lightly(text: str) -> Folded:
    """Fold text but keep its accents, for words that only their accents tell apart."""
    letters: list[str] = []
    places: list[int] = []
    for place, cluster in _clusters(text):
        folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", cluster).casefold())
        letters.extend(folded)
        places.extend([place] * len(folded))
    return Folded("".join(letters), tuple(places))


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    """Give each letter with the accents that follow it, and where it stands; skip hidden characters."""
    here, cluster = 0, ""
    for place, char in enumerate(text):
        if unicodedata.category(char) == "Cf" or char in APOSTROPHES:
            continue
        if cluster and unicodedata.category(char) == "Mn":
            cluster += char
            continue
        if cluster:
            yield here, cluster
        here, cluster = place, char
    if cluster:
        yield here, cluster


def ways_to_read(text: str) -> tuple[Folded, ...]:
    """Give the folded readings of a text: as it stands, with broken lines joined, digits as letters, l e t t e r s joined."""
    heavy = _heavy(text)
    found = [heavy]
    found.extend(_without(heavy, pattern) for pattern in (HYPHENATED, BROKEN))
    found.append(Folded(_digits_as_letters(heavy.text), heavy.places))
    found.append(_spaced_out(heavy))
    return tuple(dict.fromkeys(found))


def _without(folded: Folded, pattern: re.Pattern[str]) -> Folded:
    gaps = [match.span() for match in pattern.finditer(folded.text)]
    return _cut(folded, gaps)


def _cut(folded: Folded, gaps: list[tuple[int, int]]) -> Folded:
    edges = [0, *(edge for gap in gaps for edge in gap), len(folded.text)]
    keep = [slice(edges[i], edges[i + 1]) for i in range(0, len(edges), 2)]
    text = "".join(folded.text[part] for part in keep)
    return Folded(text, tuple(place for part in keep for place in folded.places[part]))


def _digits_as_letters(text: str) -> str:
    """Read digits as letters only inside words that also hold letters."""
    return ROW.sub(
        lambda row: row[0].translate(DIGIT_LETTERS) if LETTER.search(row[0]) else row[0],
        text,
    )


def _spaced_out(folded: Folded) -> Folded:
    """Join letters that were written one by one, as in v i s a."""
    gaps: list[tuple[int, int]] = []
    for match in SPACED_OUT.finditer(folded.text):
        letters = [match.start() + i for i, char in enumerate(match[0]) if char.isalnum()]
        gaps.extend((a + 1, b) for a, b in pairwise(letters) if b > a + 1)
    return _cut(folded, gaps)
