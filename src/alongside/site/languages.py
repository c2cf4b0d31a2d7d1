"""The languages a program may choose from, with the names Django does not know."""

import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.conf import locale
from django.utils.translation.trans_real import parse_accept_lang_header

EXTRA: typing.Final = {
    "am": ("Amharic", "አማርኛ", False),
    "chk": ("Chuukese", "Chuuk", False),
    "hmn": ("Hmong", "Hmoob", False),
    "lo": ("Lao", "ລາວ", False),
    "om": ("Oromo", "Afaan Oromoo", False),
    "ps": ("Pashto", "پښتو", True),
    "so": ("Somali", "Soomaali", False),
    "ti": ("Tigrinya", "ትግርኛ", False),
    "tl": ("Tagalog", "Tagalog", False),
}

LANGUAGES: typing.Final = [
    ("en", "English"),
    ("es", "Español"),
    ("vi", "Tiếng Việt"),
    ("ar", "العربية"),
    ("zh-hans", "简体中文"),
    ("zh-hant", "繁體中文"),
    ("ru", "Русский"),
    ("uk", "Українська"),
    ("so", "Soomaali"),
    ("ro", "Română"),
    ("ne", "नेपाली"),
    ("fa", "فارسی"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("my", "မြန်မာ"),
    ("sw", "Kiswahili"),
    ("fr", "Français"),
    ("am", "አማርኛ"),
    ("chk", "Chuuk"),
    ("hmn", "Hmoob"),
    ("lo", "ລາວ"),
    ("om", "Afaan Oromoo"),
    ("ps", "پښتو"),
    ("ti", "ትግርኛ"),
    ("tl", "Tagalog"),
]

#: The languages that all of the house's own words are in.
OUR_OWN: typing.Final = ("en", "es", "vi", "ar")


#: So many of a hundred public messages must be there: a new sentence in a release takes no language away. The rest stands in English.
ENOUGH: typing.Final = 95


@dataclass(frozen=True, slots=True)
class Tongue:
    """How far a language is: whole percent of the public messages, and who read them on which day (an ISO day, or empty).

    `is_read` says that what was read is what is there now; `faults` keep a language out.
    """

    code: str
    name: str
    rtl: bool
    percent: int = 0
    read_on: str = ""
    read_by: str = ""
    is_read: bool = False
    faults: tuple[str, ...] = ()
    formats: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def is_spoken(self) -> bool:
        """Say whether next to all of the public messages are there."""
        return not self.faults and self.percent >= ENOUGH

    @property
    def is_ready(self) -> bool:
        """Say whether the language may be offered to people who did not ask for it by its address."""
        return self.is_read and self.is_spoken


def with_brought(tongues: Mapping[str, Tongue]) -> list[tuple[str, str]]:
    """Give code and own name of each language that addresses may name: those we know of, and those of an operator."""
    known = dict(LANGUAGES)
    return [*LANGUAGES, *((one.code, one.name) for one in tongues.values() if one.code not in known)]


def spoken(tongues: Mapping[str, Tongue]) -> tuple[str, ...]:
    """Give the codes of the languages that pages can be read in, read by a person or not."""
    own = (one.code for one in tongues.values() if one.is_spoken)
    return tuple(dict.fromkeys((*OUR_OWN, *own)))


def unread(tongues: Mapping[str, Tongue]) -> tuple[str, ...]:
    """Give the codes of the languages that hold words which no person has read."""
    read = {one.code for one in tongues.values() if one.is_read}
    begun = (*OUR_OWN[1:], *(one.code for one in tongues.values() if one.percent))
    return tuple(dict.fromkeys(code for code in begun if code not in read))


def ready(tongues: Mapping[str, Tongue]) -> tuple[str, ...]:
    """Give the codes of the languages that may be offered: English, in which all is written, and what a person has read."""
    return (OUR_OWN[0], *(one.code for one in tongues.values() if one.is_ready))


def preferred(header: str, spoken: Iterable[str]) -> str | None:
    """Give the language, of those that are spoken, that an Accept-Language header asks for first; None if it asks for none."""
    codes = tuple(spoken)
    asked = [tag for tag, weight in parse_accept_lang_header(header.replace("_", "-")) if weight]
    return next((code for tag in asked for code in codes if code in {tag, tag.split("-")[0]}), None)


def teach_django(found: Iterable[Tongue] = ()) -> None:
    """Add the names and directions of the languages that Django has no entry for, and of those that an operator brings."""
    for one in found:
        told = {"bidi": one.rtl, "code": one.code, "name": one.name, "name_local": one.name}
        locale.LANG_INFO.setdefault(one.code, told)
    for code, (name, local, rtl) in EXTRA.items():
        locale.LANG_INFO.setdefault(code, {"bidi": rtl, "code": code, "name": name, "name_local": local})
