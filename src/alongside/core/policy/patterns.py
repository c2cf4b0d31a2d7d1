"""The small language in which a pack says what a forbidden topic sounds like.

Words in order, each a whole word:  `country of birth`
A star is any letters:              `citizen*`, `*جنسيه*`
Alternatives, which may be phrases: `(born|raised up) in`
A question mark makes one optional: `your? home address`
Two dots are up to four words:      `where .. born`
An equals sign first: accents count: `=thẻ xanh`
A bang first: nothing else stands there, as in a bare label or choice: `!employer`
Case, accents, hidden characters and look-alike letters never count otherwise.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from alongside.core.policy.folding import Folded, Spelled, fold, fold_lightly

PIECE = re.compile(r"\s*(\([^()]*\)\??|\.\.|[^\s()]+)")
WORD = re.compile(r"\*?[^\W_]+(?:-[^\W_]+)*\*?\Z")
MOST_BETWEEN = 4


@dataclass(frozen=True)
class Word:
    """A word of a pattern: these letters, and any before or after them where a star stood."""

    letters: str
    begins_open: bool = False
    ends_open: bool = False

    def fits(self, word: str) -> bool:
        """Say whether a word of a text is meant."""
        if self.begins_open:
            return self.letters in word if self.ends_open else word.endswith(self.letters)
        return word.startswith(self.letters) if self.ends_open else word == self.letters

    def places(self, text: Spelled) -> tuple[int, ...]:
        """List where it stands in a text."""
        if not (self.begins_open or self.ends_open):
            return text.places.get(self.letters, ())
        return tuple(place for word, many in text.places.items() if self.fits(word) for place in many)


@dataclass(frozen=True)
class Step:
    """One step of a pattern: one of some phrases, which may be left out; without phrases, a gap."""

    phrases: tuple[tuple[Word, ...], ...]
    is_optional: bool = False

    def after(self, text: Spelled, place: int) -> Iterator[int]:
        """Give where a text may go on after this step, what is liked most first: the phrase, and the shortest gap."""
        for phrase in self.phrases:
            here = text.words[place : place + len(phrase)]
            if len(here) == len(phrase) and all(map(Word.fits, phrase, here)):
                yield place + len(phrase)
        if self.is_optional or not self.phrases:
            yield place
        if not self.phrases:
            for passed in range(place, min(place + MOST_BETWEEN, len(text.words))):
                if passed in text.after_stops:
                    return
                yield passed + 1


@dataclass(frozen=True)
class Pattern:
    """A pattern as written in the pack, ready to search with. Goes word by word, so no text can tire it."""

    text: str
    steps: tuple[Step, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "steps", steps_of(self.text))

    @property
    def minds_accents(self) -> bool:
        """Say whether accents count."""
        return self.text.startswith("=")

    @property
    def stands_alone(self) -> bool:
        """Say whether nothing else may stand in the text."""
        return self.text.startswith("!")

    def spans(self, light: Folded, heavy: tuple[Folded, ...]) -> list[tuple[int, int]]:
        """Find all spans of the written text that this pattern matches in the folded readings."""
        readings = (light,) if self.minds_accents else heavy
        return [span for one in readings for span in self._spans_of(one)]

    def _spans_of(self, folded: Folded) -> Iterator[tuple[int, int]]:
        text = folded.spelled
        # What led nowhere from one beginning leads nowhere from the next: each step is tried once at each word.
        dead: set[tuple[int, int]] = set()
        for begin in self._begins(text):
            end = self._end(text, 0, begin, dead)
            if end is not None:
                yield folded.span(text.spans[begin][0], text.spans[end - 1][1])

    def _begins(self, text: Spelled) -> list[int]:
        found: set[int] = set()
        for step in self.steps:
            found.update(place for phrase in step.phrases for place in phrase[0].places(text))
            if step.phrases and not step.is_optional:
                break
        return sorted(found & {0} if self.stands_alone else found)

    def _end(self, text: Spelled, step: int, place: int, dead: set[tuple[int, int]]) -> int | None:
        if step == len(self.steps):
            return place if place == len(text.words) or not self.stands_alone else None
        if (step, place) in dead:
            return None
        for after in self.steps[step].after(text, place):
            end = self._end(text, step + 1, after, dead)
            if end is not None:
                return end
        dead.add((step, place))
        return None


@lru_cache(maxsize=4096)
def steps_of(text: str) -> tuple[Step, ...]:
    """Read a pattern; packs share their topics, so most are read again. Raises ValueError, which says the cure."""
    return tuple(_steps(text))


def _steps(text: str) -> Iterator[Step]:
    minds_accents = text.startswith("=")
    body = text[1:] if text.startswith(("=", "!")) else text
    pieces = PIECE.findall(body)
    if not pieces or "".join(pieces).replace(" ", "") != "".join(body.split()):
        raise ValueError("cannot be read; close every bracket, and write no bracket inside another.")
    if pieces[0] == ".." or pieces[-1] == ".." or all(one.endswith("?") for one in pieces):
        raise ValueError("would match anything; begin and end with a word that must be there.")
    for piece in pieces:
        if piece == "..":
            yield Step(())
        else:
            yield Step(_phrases(piece.removesuffix("?"), minds_accents), piece.endswith("?"))


def _phrases(piece: str, minds_accents: bool) -> tuple[tuple[Word, ...], ...]:  # noqa: FBT001 -- private, and read once above
    if not piece.startswith("("):
        return (tuple(_words(piece, minds_accents)),)
    phrases = [one.split() for one in piece[1:-1].split("|")]
    if not all(phrases):
        raise ValueError("has an empty choice in brackets; write a word on each side of |.")
    return tuple(tuple(each for word in phrase for each in _words(word, minds_accents)) for phrase in phrases)


def _words(word: str, minds_accents: bool) -> Iterator[Word]:  # noqa: FBT001 -- private, and read once above
    folded = fold_lightly(word).text if minds_accents else fold(word)
    if not WORD.match(folded):
        raise ValueError(f"has {word!r}, which is not a word; use letters, and a star at its start or end.")
    parts = folded.strip("*").split("-")
    for place, part in enumerate(parts):
        begins, ends = place == 0, place == len(parts) - 1
        yield Word(part, folded.startswith("*") and begins, folded.endswith("*") and ends)
