"""Whether somebody said something: words that a person can see, not blanks that only look like an empty page; and how much."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping

from alongside.core.canonical import canonical

#: What Unicode calls a letter or a symbol and every font draws as nothing: the braille blank, the fillers of Hangul, a
#: note without a head, and two Egyptian blanks.
BLANK = frozenset("\u2800\u115f\u1160\u3164\uffa0\U0001d159\U00013441\U00013442")
#: Signs that turn the letters behind them round, whatever script they are of: what is read is not what is written. No
#: language needs them; marks of direction, embeddings and isolates steer a line that has two.
TURNED = frozenset("\u202d\u202e")
#: Letters, numbers and symbols; marks that only sit on a letter, signs between words and what steers a line say nothing alone.
SAYS = frozenset("LNS")


def gettext_noop(words: str) -> str:
    """Mark words that people read for translation; whoever shows them translates them."""
    return words


def ngettext_noop(one: str, many: str) -> tuple[str, str]:
    """Mark words for one and for many for translation, as `gettext_noop` does."""
    return one, many


def has_words(text: str) -> bool:
    """Say whether a text holds a letter, a number or a symbol that can be seen."""
    return any(unicodedata.category(one)[0] in SAYS and one not in BLANK for one in text)


def is_turned(text: str) -> bool:
    """Say whether a text holds a sign that turns letters round."""
    return not TURNED.isdisjoint(text)


def hash_of(words: Mapping[str, str]) -> str:
    """Hash words by their names, in hexadecimal: whoever checked a translation beside them read exactly these."""
    return hashlib.sha256(canonical(words)).hexdigest()


#: The texts of one entry fill no more bytes where they are given out: a report of 12,000 signs in ten languages does not, nor
#: does advice that quotes a hundred long comments in letters of one byte. Whoever checks a record reads 256 entries at once.
MOST_WORDS = 500_000
#: What stands beside a text where it is given out: its entry and name, its salt and its hash.
BESIDE_A_TEXT = 300


def bytes_given_out(texts: Iterable[str]) -> int:
    """Count the bytes that texts fill at most in the file that gives them out."""
    return sum(len(json.dumps(one, ensure_ascii=False).encode()) + BESIDE_A_TEXT for one in texts)
