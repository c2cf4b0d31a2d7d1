"""What a language is called in the reader's own language, as inside a sentence; and how that language lists things."""

from collections.abc import Iterable
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language_bidi, pgettext, pgettext_lazy

from alongside.ground.ui.context import language

TONGUES: Final[dict[str, Promise]] = {
    "en": pgettext_lazy("a language, inside a sentence", "English"),
    "es": pgettext_lazy("a language, inside a sentence", "Spanish"),
    "vi": pgettext_lazy("a language, inside a sentence", "Vietnamese"),
    "ar": pgettext_lazy("a language, inside a sentence", "Arabic"),
    "zh-hans": pgettext_lazy("a language, inside a sentence", "Simplified Chinese"),
    "zh-hant": pgettext_lazy("a language, inside a sentence", "Traditional Chinese"),
    "ru": pgettext_lazy("a language, inside a sentence", "Russian"),
    "uk": pgettext_lazy("a language, inside a sentence", "Ukrainian"),
    "so": pgettext_lazy("a language, inside a sentence", "Somali"),
    "ro": pgettext_lazy("a language, inside a sentence", "Romanian"),
    "ne": pgettext_lazy("a language, inside a sentence", "Nepali"),
    "fa": pgettext_lazy("a language, inside a sentence", "Persian"),
    "ja": pgettext_lazy("a language, inside a sentence", "Japanese"),
    "ko": pgettext_lazy("a language, inside a sentence", "Korean"),
    "my": pgettext_lazy("a language, inside a sentence", "Burmese"),
    "sw": pgettext_lazy("a language, inside a sentence", "Swahili"),
    "fr": pgettext_lazy("a language, inside a sentence", "French"),
    "am": pgettext_lazy("a language, inside a sentence", "Amharic"),
    "chk": pgettext_lazy("a language, inside a sentence", "Chuukese"),
    "hmn": pgettext_lazy("a language, inside a sentence", "Hmong"),
    "lo": pgettext_lazy("a language, inside a sentence", "Lao"),
    "om": pgettext_lazy("a language, inside a sentence", "Oromo"),
    "ps": pgettext_lazy("a language, inside a sentence", "Pashto"),
    "ti": pgettext_lazy("a language, inside a sentence", "Tigrinya"),
    "tl": pgettext_lazy("a language, inside a sentence", "Tagalog"),
}


def in_readers_words(code: str) -> str:
    """Name a language in the language of the page; by its own name where we have no other."""
    return str(TONGUES[code]) if code in TONGUES else language(code).name


def apart(words: str) -> str:
    """Keep words that people wrote in their own direction inside a sentence of a page that runs right to left."""
    return f"\u2068{words}\u2069" if get_language_bidi() else words


def listed(parts: Iterable[object]) -> str:
    """Write the parts of a list one after the other, with the comma of the language of the page."""
    return comma().join(str(one) for one in parts)


def dot() -> str:
    """Write the dot between what stands on one line. It stays beside what is before it, so no line begins with it."""
    return "\N{NO-BREAK SPACE}· "


def comma() -> str:
    """Give what stands between two parts of a list in the language of the page."""
    return pgettext("between the parts of a list", ", ")


def semicolon() -> str:
    """Give what stands between two longer parts of a list in the language of the page."""
    return pgettext("between the longer parts of a list", "; ")
