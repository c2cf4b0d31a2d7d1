"""Turn words into what an index keeps and a search asks: small letters, no accents, one form of each letter."""

import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise
from typing import Any

import snowballstemmer

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


#: Words that nearly every sentence has, by language.
_COMMON = {
    "en": (
        "a about after again all also am an and any are as at be because been before being between both "
        "but by can could did do does doing done down during each few for from further get gets got had "
        "has have having he her here hers him his how i if in into is it its just like me more most much "
        "my no nor not now of off on once only or other our ours out over own please same she should so "
        "some still such tell than that the their theirs them then there these they this those through to "
        "too under until up us very was we were what when where which while who whom whose why will with "
        "would you your yours anything something happened happening came come comes there's whats "
    ),
    "es": (
        "a al algo alguien algun alguna algunas alguno algunos ante antes aqui asi aun aunque cada como "
        "con contra cual cuales cuando cuanto de del desde donde dos e el ella ellas ellos en entre era "
        "eran es esa esas ese eso esos esta estaba estan estar estas este esto estos fue fueron ha haber "
        "habia hace hacen hacer hacia han hasta hay haya he hecho hizo hicieron hice la las le les lo los "
        "mas me mi mis mucho muy nada ni no nos nosotros nuestra nuestras nuestro nuestros o os otra "
        "otras otro otros para paso pero pasa por porque pueden puede podria que quien quienes se sea ser "
        "si sin sobre solo son su sus tambien tan te tiene tienen todo toda todas todos tras tu tus un "
        "una unas uno unos usted ustedes va van y ya yo "
    ),
    "vi": (
        "ai anh ay bao bi biet cac cai can cho chi chua chung chuyen co con cua cung da dang dau de den "
        "di do duoc duoi gi giua hay hon khi khong la lam len lai ma minh moi mot nao nay neu ngay nhieu "
        "nhu nhung no noi o phai qua quy ra rang rat roi sao sau se ta tai the thi theo thay tren trong "
        "tu tung va van vao ve vi viec voi xay xin "
    ),
    "ar": (
        "ما ماذا من في على عن الى إلى مع هذا هذه ذلك تلك التي الذي الذين هل كيف متى اين أين لماذا كم اي "
        "أي ان أن إن كان كانت يكون تكون قد لقد ثم او أو و لا لم لن ليس كل بعض بعد قبل عند هو هي هم نحن "
        "انا أنا انت أنت لي لنا له لها لهم به بها فيها فيه عليها عليه منها منه حول بشان بشأن حدث فعلت فعل "
        "تم يتم "
    ),
}
#: Languages whose words are stemmed, by the name of their stemmer.
STEMMED = {
    "en": "english",
    "es": "spanish",
    "ar": "arabic",
    "fr": "french",
    "ru": "russian",
    "pt": "portuguese",
}


@dataclass(frozen=True)
class Term:
    """One word of a search, or a phrase of the policy pack; what counts as the same; and whether what begins with it is found too."""

    word: str
    forms: tuple[str, ...] = ()
    begins: bool = False


def words_in(text: str) -> list[str]:
    """List the words of a text, folded, in their order; of scripts without spaces, pairs of letters."""
    return [word[:LONGEST] for run in _runs(text) for word in _words(run)]


def sentences_of(text: str, lang: str = "") -> str:
    """Give what people wrote in a text that is kept in parts, as JSON; names, days and ids in it are left out. Else the text.

    With `lang`, only the words in that language of what is written in it.
    """
    if not text.startswith(("{", "[")):
        return text
    try:
        return "\n".join(_sentences(json.loads(text), lang))
    except (ValueError, RecursionError):
        return text


def _sentences(part: object, lang: str) -> Iterator[str]:
    if isinstance(part, dict) and lang in part:
        part = part[lang]
    if isinstance(part, str) and " " in part.strip():
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _sentences(inner, lang)


def terms_in(
    text: str,
    most: int = 12,
    *,
    lang: str = "en",
    same: Iterable[Sequence[str]] = (),
    common: Iterable[str] = (),
) -> list[Term]:
    """List the words that a search asks for, each once, the first `most` of them.

    Words that every sentence of the language (or of English) has, and the words of `common`, are left out where others stand
    beside them. `same` lists words and phrases of which each finds the others.
    """
    words = words_in(text)
    usual = _common_words(lang) | _common_words("en") | {word for one in common for word in words_in(one)}
    telling = [one for one in words if one not in usual] or words
    folded = [[" ".join(words_in(one)) for one in group] for group in same]
    named = {one: tuple(other for other in group if other != one) for group in folded for one in group}
    found = dict.fromkeys(telling)
    sentence = f" {' '.join(words)} "
    phrases = [one for one in named if " " in one and f" {one} " in sentence]
    for phrase in phrases:
        for word in phrase.split():
            found.pop(word, None)
    return [
        Term(one, named.get(one, ()), begins=" " not in one and (len(one) >= BEGINS or _is_unspaced(one[0])))
        for one in [*phrases, *found][:most]
    ]


def holds_any(text: str, wanted: Iterable[str], langs: Iterable[str]) -> bool:
    """Say whether a text holds one of some words or phrases, in any form that one of the languages has of it."""
    words, phrases = words_in(text), [words_in(one) for one in wanted]
    return any(
        f" {' '.join(stem_of(one, lang) for one in phrase)} "
        in f" {' '.join(stem_of(one, lang) for one in words)} "
        for lang in langs
        for phrase in phrases
        if phrase
    )


def stem_of(word: str, lang: str) -> str:
    """Give the part of a word that its forms share in a language; the word itself where no stemmer is known for it."""
    stemmer = _stemmer(lang)
    return stemmer.stemWord(word) if stemmer and word.isalpha() else word


@cache
def _common_words(lang: str) -> frozenset[str]:
    return frozenset(words_in(_COMMON.get(lang.split("-", maxsplit=1)[0], "")))


@cache
def _stemmer(lang: str) -> Any:
    name = STEMMED.get(lang.split("-", maxsplit=1)[0])
    return snowballstemmer.stemmer(name) if name else None


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
