"""How hard an English text is to read, as a school grade."""

import re
from dataclasses import dataclass

from alongside.core.policy.folding import Folded, fold_lightly, ways_to_read
from alongside.core.policy.pack import Pack
from alongside.core.policy.shapes import Topic
from alongside.core.policy.words import Words

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


@dataclass(frozen=True)
class Hit:
    """A forbidden topic in a question. `where` is the span in the text as written, `found` what stands there."""

    topic: str
    name: Words
    statute: str
    reason: Words
    where: tuple[int, int]
    found: str


def lint_question(text: str, pack: Pack) -> list[Hit]:
    """Tell which forbidden topics of a pack a text asks about: one hit a topic, where it first stands.

    Read every text a person will see in a form with it: question, hint and each choice. Patterns of all
    languages are tried, so that a question in two languages is read too. No hits means that the text may
    be asked; a clever writer can still ask around it, which is why two people sign a promise.
    """
    light, heavy = fold_lightly(text), ways_to_read(text)
    hits = [_hit(topic, text, light, heavy) for topic in pack.forbidden]
    return [hit for hit in hits if hit is not None]


def _hit(topic: Topic, text: str, light: Folded, heavy: tuple[Folded, ...]) -> Hit | None:
    spans = [span for many in topic.patterns.values() for one in many for span in one.spans(light, heavy)]
    if not spans:
        return None
    fine = [span for many in topic.unless.values() for one in many for span in one.spans(light, heavy)]
    left = [span for span in spans if not any(a <= span[0] and span[1] <= b for a, b in fine)]
    if not left:
        return None
    start, end = min(left)
    return Hit(topic.id, topic.name, topic.statute, topic.reason, (start, end), text[start:end])
