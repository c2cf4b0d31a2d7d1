"""What a pack says to people, in each language, and the error that a bad pack raises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

FALLBACK = "en"
#: Languages that part the things they list in a way of their own.
COMMAS = {"ar": "، ", "fa": "، ", "ps": "، ", "ur": "، ", "zh": "，", "ja": "、"}


class PackError(ValueError):
    """A policy pack is wrong; the message names the key, as a dotted path, and the cure. `every` lists all that is wrong, this first."""

    def __init__(self, key: str, cure: str, others: Sequence["PackError"] = ()) -> None:
        self.key = key
        self.cure = cure
        self.every = (self, *others)
        super().__init__(f"{key}: {cure}")

    @classmethod
    def of(cls, found: Sequence["PackError"]) -> "PackError":
        """Give one error for all that is wrong with a pack."""
        every = [each for one in found for each in one.every]
        return cls(every[0].key, every[0].cure, every[1:])


def comma(lang: str) -> str:
    """Give what stands between two parts of a list in a language."""
    return COMMAS.get(lang.split("-", maxsplit=1)[0], ", ")


@dataclass(frozen=True)
class Words:
    """One thing said to people, by language code. English is always there."""

    by_lang: Mapping[str, str] = field(default_factory=dict)

    def say(self, lang: str) -> str:
        """Give the words in a language, else in English. `es-MX` falls back to `es` first."""
        return self.by_lang[self.lang_of(lang)]

    def lang_of(self, lang: str) -> str:
        """Give the code of the language that `say` uses, for the `lang` of what is shown."""
        for code in (lang, lang.split("-", maxsplit=1)[0]):
            if code in self.by_lang:
                return code
        return FALLBACK

    def __str__(self) -> str:
        return self.by_lang[FALLBACK]
