"""How hard an English text is to read, as a school grade."""

import re

SENTENCE_END = re.compile(r"(?<![.!?:;])[.!?:;]+(?:\s|$)|\n\s*\n")
WORD = re.compile(r"[a-z]+(?:['\u2019][a-z]+)?", re.IGNORECASE)
VOWELS = re.compile(r"[aeiouy]+")
SHORT = 3


def syllables(word: str) -> int:
    """Count the syllables of an English word, by its groups of vowels; a silent e does not count."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    if len(letters) <= SHORT:
        return 1
    letters = re.sub(r"(?:[^laeiouy]es|[^aeioutdy]ed|[^laeiouy]e)$", lambda end: end[0][0], letters)
    return max(1, len(VOWELS.findall(letters)))


def reading_grade(text: str) -> float:
    """Give the Flesch-Kincaid grade of an English text (Kincaid and others, 1975); 0.0 for no words.

    0.39 x words per sentence + 11.8 x syllables per word - 15.59. A rough guide: it knows nothing of sense.
    """
    words = WORD.findall(text)
    if not words:
        return 0.0
    sentences = sum(1 for part in SENTENCE_END.split(text) if WORD.search(part))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
