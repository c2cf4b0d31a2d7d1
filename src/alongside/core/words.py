"""Whether somebody said something: words that a person can see, not blanks that only look like an empty page; and how much."""

import hashlib
import json
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from alongside.core.canonical import canonical

#: Letters that look like a Latin one, small and capital, from Cyrillic, Greek and others (after Unicode TR 39).
LOOK_ALIKES = str.maketrans(
    "аеорсухіїјѕһԁԛԝквмнтгпЬзАВЕЗКМНОРСТУХІЇЈЅԚԜαβειίκνορτυχωηγΑΒΕΖΗΙΚΜΝΟΡΤΥΧıłøđðħŋɡɑɩʏʙɪʀʜɴᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢ",
    "aeopcyxiijshdqwkbmhtrnb3abe3kmhopctyxiijsqwabeiiknoptuxwnyabezhikmnoptyxilodohngaiybirhnacdejkmoptuvwz",
)
#: Persian and other forms of Arabic letters, and what Arabic typing mixes up.
ARABIC = str.maketrans("یىکةٱ", "ييكها")
TATWEEL = "ـ"
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


def without(value: Any, gone: Collection[str]) -> Any:
    """Give JSON in which every text that is among `gone` is empty."""
    if isinstance(value, dict):
        return {key: without(one, gone) for key, one in value.items()}
    if isinstance(value, list):
        return [without(one, gone) for one in value]
    return "" if isinstance(value, str) and value in gone else value


#: Signs of a sentence, quotes and brackets: two answers that differ in these alone read alike. What counts or measures stays.
OF_A_SENTENCE = frozenset(".,:;!?\u00bf\u00a1\u2026\u00b7\"'\u060c\u061b\u061f\u3001\u3002\u2022\u2023")
BRACKETS = frozenset({"Pd", "Ps", "Pe", "Pi", "Pf", "Pc"})
#: Marks that nobody sees: they choose how the sign before them is drawn.
UNSEEN_MARKS = frozenset(
    chr(one)
    for first, last in (
        (0x34F, 0x34F),
        (0x17B4, 0x17B5),
        (0x180B, 0x180F),
        (0xFE00, 0xFE0F),
        (0xE0100, 0xE01EF),
    )
    for one in range(first, last + 1)
)


def as_seen(words: str) -> str:
    """Give words as whoever chooses among them sees them: two that are the same here read alike.

    Without capitals, blanks, unseen signs and signs of a sentence, and with letters of other scripts that look Latin as
    Latin ones. Accents stay, and what stands before a digit: 1.5 is not 15, and -5 not 5.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", words).casefold())
    seen = [one for one in folded if not _is_unseen(one)]
    after = [*seen, ""][1:]
    return "".join(
        one if unicodedata.name(one, "").startswith("LATIN") else one.translate(LOOK_ALIKES).translate(ARABIC)
        for one, then in zip(seen, after, strict=True)
        if then.isdigit() or not (one in OF_A_SENTENCE or unicodedata.category(one) in BRACKETS)
    )


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char)[0] in "ZC" or char in BLANK or char in UNSEEN_MARKS or char == TATWEEL


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
