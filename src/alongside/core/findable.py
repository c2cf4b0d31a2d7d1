"""Turn words into what an index keeps and a search asks: small letters, no accents, one form of each letter."""

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

#: Longer words are cut: nobody types more, and an index has its limits.
LONGEST = 40
#: From this length on, a word also finds what begins with it.
BEGINS = 4
#: What Arabic typing mixes up, after accents are gone; and Latin letters that no accent makes.
SAME = str.maketrans(
    {
        "ٱ": "ا",
        "ة": "ه",
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "ø": "o",
        "ı": "i",
        "ħ": "h",
    }
    | {"æ": "ae", "œ": "oe", "þ": "th"}
)
HIDDEN = frozenset("ـ'’‘ʼ´`·")
#: The Arabic article, alone and behind the small words that are written together with it.
ARTICLES = ("وال", "بال", "كال", "فال", "ال", "لل")
#: Scripts that write no spaces between words; their text is kept as pairs of letters.
UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3040, 0x30FF),  # Hiragana, Katakana
    (0x3400, 0x9FFF),  # Han
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
#: Combining classes that carry meaning of their own, such as the vowels of Devanagari and Thai.
KEPT_MARKS = frozenset({0, 7, 8, 9, 84, 91, 103, 107, 118, 122})


@dataclass(frozen=True)
class Term:
    """One word of a search: the word, other forms of it, and whether it also finds what begins with it."""

    word: str
    forms: tuple[str, ...]
    begins: bool


def words_in(text: str) -> list[str]:
    """List the words of a text, folded, in their order; of scripts without spaces, pairs of letters."""
    return [word[:LONGEST] for run in _runs(text) for word in _words(run)]


def sentences_of(text: str) -> str:
    """Give what people wrote in a text that is kept in parts, as JSON; names, days and ids in it are left out. Else the text."""
    if not text.startswith(("{", "[")):
        return text
    try:
        return "\n".join(_sentences(json.loads(text)))
    except (ValueError, RecursionError):
        return text


def _sentences(part: object) -> Iterator[str]:
    if isinstance(part, str) and " " in part.strip():
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _sentences(inner)


def terms_in(text: str, most: int = 12) -> list[Term]:
    """List the words that a search asks for, each once, the first `most` of them."""
    found = dict.fromkeys(words_in(text))
    return [_term(word) for word in list(found)[:most]]


def _fold(text: str) -> Iterator[str]:
    """Give the letters of a text, folded; a space stands where nothing of a word stands."""
    for char in unicodedata.normalize("NFKD", text):
        category = unicodedata.category(char)
        if char in HIDDEN or category == "Cf":
            continue
        if category[0] == "M":
            if unicodedata.combining(char) in KEPT_MARKS:
                yield char
            continue
        if category == "Nd":
            yield str(unicodedata.digit(char))
        elif char.isalnum():
            yield from char.casefold().translate(SAME)
        else:
            yield " "


def _runs(text: str) -> list[str]:
    return "".join(_fold(text)).split()


def _words(run: str) -> Iterator[str]:
    """Split a run of letters where its script changes between spaced and unspaced."""
    for unspaced, letters in groupby(run, _is_unspaced):
        part = "".join(letters)
        if not unspaced:
            yield _bare(part)
        elif len(part) == 1:
            yield part
        else:
            yield from (one + other for one, other in pairwise(part))


def _is_unspaced(char: str) -> bool:
    place = ord(char)
    return place >= UNSPACED[0][0] and any(first <= place <= last for first, last in UNSPACED)


def _bare(word: str) -> str:
    """Take the Arabic article off, where three letters are left."""
    if "ا" <= word[0] <= "ي" or word[0] == "و":
        for article in ARTICLES:
            if word.startswith(article) and len(word) >= len(article) + 3:
                return word[len(article) :]
    return word


def _term(word: str) -> Term:
    forms: list[str] = []
    if word.isascii() and len(word) >= BEGINS and word.endswith("s") and not word.endswith("ss"):
        forms.append(word[:-1])
        if word.endswith("ies"):
            forms.append(word[:-3] + "y")
        elif word.endswith("es"):
            forms.append(word[:-2])
    return Term(word, tuple(forms), len(word) >= BEGINS or _is_unspaced(word[0]))


def grams_of(word: str) -> frozenset[str]:
    """Give the groups of three letters of a word, with its edges, by which words like it are found."""
    padded = f"  {word} "
    return frozenset(padded[place : place + 3] for place in range(len(padded) - 2))


def can_be_mistyped(word: str) -> bool:
    """Say whether a word is worth comparing by its letters: at least four, no digits, of a script with spaces."""
    return len(word) >= BEGINS and word.isalpha() and not _is_unspaced(word[0])


def steps_between(one: str, other: str, most: int) -> int:
    """Count the letters to add, drop, change or swap to get from one word to another; `most` + 1 where it is more.

    The optimal string alignment distance.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, right in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
