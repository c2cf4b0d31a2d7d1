"""How hard a text is to read, as a school grade (English only), and whether a question asks two things or leads (four languages)."""

import re
from enum import StrEnum

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


class Fault(StrEnum):
    """What makes a question hard to answer as it is meant."""

    DOUBLE = "double"
    LEADING = "leading"
    LONG = "long"


#: A question of more words than these asks for a second reading.
MOST_WORDS = 30
#: Vietnamese writes each syllable apart: some three make two words.
SYLLABLES_A_WORD = {"vi": 1.5}
ASKS = re.compile(r"[?\u037e\u061f\uff1f]")
#: What joins a second question to a first one: "and how", "or do you".
JOINS = {
    "en": re.compile(
        r"\b(and|or) (also )?(how|what|why|when|where|who|which|whether|(do|did|are|have|can|would|should|will) (you|we|they|it|the|people)) ",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(y|e|o|u) (también )?(¿|(cómo|qué|por qué|cuándo|dónde|quién(es)?|cuál(es)?|cuánt[oa]s?) )",
        re.IGNORECASE,
    ),
    "vi": re.compile(
        r"\b(và|hay|hoặc) (tại sao|vì sao|như thế nào|khi nào|ở đâu|bao nhiêu|(bạn|quý vị) có) ",
        re.IGNORECASE,
    ),
    "ar": re.compile(r"(^|\s)(و|أو )(كيف|ماذا|لماذا|متى|أين|هل|كم)\s", re.IGNORECASE),
}
#: What puts an answer into the mouth of whoever reads.
LEADS = {
    "en": re.compile(
        r"\b((do|would|should|is|are|does|have)n['’]t (you|we|it|they|the)|(do|would) you (not )?agree|surely|obviously|clearly|of course|every(one|body) knows|as (you|we all) know)\b",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"¿\s*no (cree|piensa|opina|considera|le parece)|\bde acuerdo (en|con) que\b|\b(por supuesto|obviamente|claramente|sin duda|como (ya )?sabe|todos saben|todo el mundo sabe)\b",
        re.IGNORECASE,
    ),
    "vi": re.compile(
        r"chẳng phải|phải không\s*\?|đồng ý rằng|rõ ràng là|tất nhiên|ai cũng biết|như (bạn|quý vị) đã biết",
        re.IGNORECASE,
    ),
    "ar": re.compile(
        r"(^|\s)(ألا [تي]|أليس|هل توافقو?ن? على أن|بالطبع|من الواضح|كما تعلم|الجميع يعلم)", re.IGNORECASE
    ),
}


def faults_of(question: str, lang: str) -> list[Fault]:
    """Give what makes a question hard to answer as it is meant, so far as its words show it; a guess, for its writer to look at.

    Two question marks, or a second question word behind an "and", ask two things. Languages without patterns are read for
    their question marks and their length alone.
    """

    def has(patterns: dict[str, re.Pattern[str]]) -> bool:
        return lang in patterns and patterns[lang].search(question) is not None

    is_double = len(ASKS.findall(question)) > 1 or has(JOINS)
    is_long = len(question.split()) / SYLLABLES_A_WORD.get(lang, 1) > MOST_WORDS
    found = {Fault.DOUBLE: is_double, Fault.LEADING: has(LEADS), Fault.LONG: is_long}
    return [fault for fault, is_so in found.items() if is_so]
