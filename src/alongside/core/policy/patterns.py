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
from dataclasses import dataclass, field

from alongside.core.policy.folding import Folded, fold, fold_lightly

PIECE = re.compile(r"\s*(\([^()]*\)\??|\.\.|[^\s()]+)")
WORD = re.compile(r"\*?[^\W_]+(?:-[^\W_]+)*\*?\Z")
BETWEEN = r"[\W_]+"
GAP = r"(?:[^\w.?!]+\w+){0,4}?"


class PatternError(ValueError):
    """A pattern cannot be read; the message says how to mend it."""


@dataclass(frozen=True)
class Pattern:
    """A pattern as written in the pack, ready to search with."""

    text: str
    regex: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "regex", _compile(self.text))

    @property
    def minds_accents(self) -> bool:
        """Say whether accents count."""
        return self.text.startswith("=")

    def spans(self, light: Folded, heavy: tuple[Folded, ...]) -> list[tuple[int, int]]:
        """Find all spans of the written text that this pattern matches in the folded readings."""
        readings = (light,) if self.minds_accents else heavy
        return [one.span(*hit.span()) for one in readings for hit in self.regex.finditer(one.text)]


def _compile(text: str) -> re.Pattern[str]:
    minds_accents, stands_alone = text.startswith("="), text.startswith("!")
    body = text[1:] if minds_accents or stands_alone else text
    pieces = PIECE.findall(body)
    if not pieces or "".join(pieces).replace(" ", "") != re.sub(r"\s", "", body):
        raise PatternError("cannot be read; close every bracket, and write no bracket inside another.")
    if pieces[0] == ".." or pieces[-1] == ".." or all(one.endswith("?") for one in pieces):
        raise PatternError("would match anything; begin and end with a word that must be there.")
    regex, before = "", ""
    for piece in pieces:
        if piece == "..":
            regex += GAP
            continue
        part = _part(piece.removesuffix("?"), minds_accents)
        if piece.endswith("?"):
            regex += f"(?:{before}{part})?" if before else f"(?:{part}{BETWEEN})?"
        else:
            regex += before + part
            before = BETWEEN
    return re.compile(rf"\A[\W_]*{regex}[\W_]*\Z" if stands_alone else rf"(?<!\w){regex}(?!\w)")


def _part(piece: str, minds_accents: bool) -> str:  # noqa: FBT001 -- private, and read once above
    if not piece.startswith("("):
        return _word(piece, minds_accents)
    phrases = [one.split() for one in piece[1:-1].split("|")]
    if not all(phrases):
        raise PatternError("has an empty choice in brackets; write a word on each side of |.")
    joined = (BETWEEN.join(_word(word, minds_accents) for word in phrase) for phrase in phrases)
    return f"(?:{'|'.join(joined)})"


def _word(word: str, minds_accents: bool) -> str:  # noqa: FBT001 -- private, and read once above
    folded = fold_lightly(word).text if minds_accents else fold(word)
    if not WORD.match(folded):
        raise PatternError(f"has {word!r}, which is not a word; use letters, and a star at its start or end.")
    start, end = folded.startswith("*"), folded.endswith("*")
    inner = BETWEEN.join(re.escape(part) for part in folded.strip("*").split("-"))
    return (r"\w*" if start else "") + inner + (r"\w*" if end else "")
