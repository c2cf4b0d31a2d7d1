"""Which language a column of an XLSForm is in, guessed from how people name it: a tag of BCP-47, or nothing."""

import re
from collections.abc import Collection

#: A tag in brackets at the end: English (en), Swahili(swa), Português (pt-BR).
IN_BRACKETS = re.compile(r"[(\[]\s*([A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8})*)\s*[)\]]\s*\Z")
BARE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*\Z")
#: A code of a language has two letters or three; a longer word in brackets is a place.
CODE = 3
#: What people call a column of no language.
NONE = frozenset({"", "default", "und", "mul", "zxx"})
#: A language by its tag: its codes of three letters (ISO 639-2, 639-3), its name in English and in itself, other spellings.
NAMES = {
    "am": "amh amharic አማርኛ",
    "ar": "ara arb arabic العربية عربي",
    "bn": "ben bengali bangla বাংলা",
    "chk": "chuukese",
    "de": "deu ger german deutsch",
    "en": "eng english",
    "es": "spa spanish español espanol castellano",
    "fa": "fas per persian farsi dari فارسی",
    "fr": "fra fre french français francais",
    "hi": "hin hindi हिन्दी",
    "hmn": "hmong hmoob",
    "ht": "hat haitian kreyòl kreyol",
    "it": "ita italian italiano",
    "ja": "jpn japanese 日本語",
    "km": "khm khmer ខ្មែរ",
    "ko": "kor korean 한국어",
    "lo": "lao ລາວ",
    "my": "mya bur burmese မြန်မာ",
    "ne": "nep npi nepali नेपाली",
    "om": "orm oromo oromoo",
    "pl": "pol polish polski",
    "ps": "pus pashto پښتو",
    "pt": "por portuguese português portugues",
    "ro": "ron rum romanian română romana",
    "ru": "rus russian русский",
    "rw": "kin kinyarwanda",
    "so": "som somali soomaali",
    "sw": "swa swh swahili kiswahili",
    "ti": "tir tigrinya ትግርኛ",
    "tl": "tgl fil tagalog filipino pilipino",
    "tr": "tur turkish türkçe turkce",
    "uk": "ukr ukrainian українська",
    "ur": "urd urdu اردو",
    "vi": "vie vietnamese tiếng việt",
    "zh": "zho chi cmn chinese mandarin 中文",
    "zh-hans": "简体中文",
    "zh-hant": "繁體中文 cantonese yue",
}
KNOWN = {word: tag for tag, words in NAMES.items() for word in (tag, *words.split())}
SOME_WORDS = re.compile(r"[^\W\d_]+", re.UNICODE)


def guess(name: str) -> str:
    """Guess the tag of the language that a column names, in small letters; empty where nothing is known of it."""
    name = name.strip()
    if name.lower() in NONE:
        return ""
    for found in (IN_BRACKETS.search(name), BARE.match(name)):
        if found:
            tag = found[found.lastindex or 0].replace("_", "-").lower()
            first, dash, rest = tag.partition("-")
            if first in KNOWN and first not in NONE:
                return f"{KNOWN[first]}{dash}{rest}"
            if found.re is IN_BRACKETS and first not in NONE and len(first) <= CODE:
                return tag
    words = [word.lower() for word in SOME_WORDS.findall(name)]
    return next((KNOWN[word] for word in words if word in KNOWN), "")


def nearest(tag: str, offered: Collection[str]) -> str:
    """Give which of the offered languages a tag stands for: itself, else the same language of another place; empty where none is."""
    if tag in offered:
        return tag
    first = tag.partition("-")[0]
    alike = [one for one in offered if one.partition("-")[0] == first] if first else []
    return first if first in alike else alike[0] if len(alike) == 1 else ""
