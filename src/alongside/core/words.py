"""Whether somebody said something: words that a person can see, not blanks that only look like an empty page."""

import unicodedata

#: What Unicode calls a letter or a symbol and every font draws as nothing: the braille blank, the fillers of Hangul, a
#: note without a head, and two Egyptian blanks.
BLANK = frozenset("\u2800\u115f\u1160\u3164\uffa0\U0001d159\U00013441\U00013442")
#: Letters, numbers and symbols; marks that only sit on a letter, signs between words and what steers a line say nothing alone.
SAYS = frozenset("LNS")


def gettext_noop(words: str) -> str:
    """Mark words that people read for translation; whoever shows them translates them."""
    return words


def has_words(text: str) -> bool:
    """Say whether a text holds a letter, a number or a symbol that can be seen."""
    return any(unicodedata.category(one)[0] in SAYS and one not in BLANK for one in text)
