"""How a language that an operator brings writes days and numbers, from CLDR (by Babel), in Django's terms."""

import re
import sys
from collections.abc import Mapping
from types import ModuleType
from typing import Final

from babel import Locale, UnknownLocaleError

#: A part of a CLDR pattern (UTS 35): words in quotes, a run of one letter, or what stands as it is.
PART: Final = re.compile(r"'((?:[^']|'')*)'|([a-zA-Z])\2*|[^a-zA-Z']+")
#: Django's letter for each of CLDR's.
LETTERS: Final = {
    "d": "j",
    "dd": "d",
    "M": "n",
    "MM": "m",
    "MMM": "M",
    "MMMM": "E",
    "LLLL": "F",
    "y": "Y",
    "yyyy": "Y",
    "EEEE": "l",
    "cccc": "l",
    "H": "G",
    "HH": "H",
    "h": "g",
    "hh": "h",
    "mm": "i",
    "ss": "s",
    "a": "A",
}
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _locale(code: str) -> Locale | None:
    try:
        return Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def in_djangos(pattern: str) -> str:
    """Write a CLDR pattern of days or times as Django does."""
    out = []
    for match in PART.finditer(pattern):
        quoted, letter = match.group(1), match.group(2)
        if letter:
            out.append(LETTERS.get(match.group(), ""))
        else:
            words = match.group() if quoted is None else quoted or "'"
            out.append("".join(f"\\{one}" if one.isalpha() else one for one in words))
    return "".join(out)


def formats(code: str) -> dict[str, str | int]:
    """Give how a language writes days, times and numbers, by Django's names; none where CLDR does not know it."""
    locale = _locale(code)
    if locale is None:
        return {}
    skeletons = locale.datetime_skeletons
    patterns = {
        "DATE_FORMAT": locale.date_formats["long"].pattern,
        "MONTH_DAY_FORMAT": skeletons["MMMMd"].pattern if "MMMMd" in skeletons else "MMMM d",
        "YEAR_MONTH_FORMAT": skeletons["yMMMM"].pattern if "yMMMM" in skeletons else "MMMM y",
        "TIME_FORMAT": locale.time_formats["short"].pattern,
    }
    latin = locale.number_symbols.get("latn", {})
    return {
        **{name: in_djangos(pattern) for name, pattern in patterns.items()},
        "DECIMAL_SEPARATOR": str(latin.get("decimal", ".")),
        "THOUSAND_SEPARATOR": str(latin.get("group", ",")),
        "NUMBER_GROUPING": 3,
    }


def names(code: str) -> dict[tuple[str, str], str]:
    """Give the names of months and days of the week, by the context and the words that Django asks for."""
    locale = _locale(code)
    if locale is None:
        return {}
    alone, inside = locale.months["stand-alone"]["wide"], locale.months["format"]["wide"]
    week = locale.days["stand-alone"]["wide"]
    return {
        **{("", name): alone[number] for number, name in enumerate(MONTHS, 1)},
        **{("alt. month", name): inside[number] for number, name in enumerate(MONTHS, 1)},
        **{("", name): week[number] for number, name in enumerate(DAYS)},
    }


def teach_django(locale_name: str, told: Mapping[str, str | int]) -> None:
    """Let Django find how a language writes days and numbers where it looks for a module of ours."""
    name = f"alongside.site.formats.{locale_name}.formats"
    module = ModuleType(name, "Made from CLDR.")
    vars(module).update(told)
    sys.modules[name] = module
