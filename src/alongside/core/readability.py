"""How hard a text is to read, as a school grade. English only: other languages count otherwise."""

import re

WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")
END = re.compile(r"(?<![.!?:;])[.!?:;]+(?=\s|$)|\n+")
VOWELS = re.compile(r"[aeiouy]+")
FEWEST = 20
#: Languages whose texts the grade fits.
LANGUAGES = ("en",)


def syllables(word: str) -> int:
    """Guess the syllables of an English word: runs of vowels, less a silent e at the end."""
    low = word.lower()
    count = len(VOWELS.findall(low))
    silent = low.endswith("e") and not low.endswith(("le", "ee", "ye")) and count > 1
    return max(1, count - silent)


def grade(text: str, fewest: int = FEWEST) -> float | None:
    """Give the Flesch-Kincaid grade of an English text; None where it has fewer words, too few to tell.

    0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid, Fishburne, Rogers and Chissom, 1975), at least 0.
    A sentence ends with its mark or with its line, so that a list of questions is not one long sentence.
    """
    words = WORD.findall(text)
    if len(words) < fewest:
        return None
    sentences = sum(1 for one in END.split(text) if WORD.search(one))
    per_word = sum(map(syllables, words)) / len(words)
    return max(0.0, round(0.39 * len(words) / sentences + 11.8 * per_word - 15.59, 1))
