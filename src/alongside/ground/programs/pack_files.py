"""Read policy packs from files, each whole: what packs share, and days that a calendar of the world knows, are put in."""

import re
import warnings
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from holidays import country_holidays

from alongside.core.policy.purpose import PURPOSES
from alongside.core.policy.words import PackError

#: Where a pack names something that packs share; what follows on the next line shows whether it is the last key of its table.
SHARES = re.compile(r'^(patterns|purpose) *= *"([^"\n]*)" *\n?(\w*)', re.MULTILINE)
#: By the key that names it: where that stands in a pack, what it is, and the folder of those that are shared.
SHARED: Mapping[str, tuple[str, str, Traversable]] = {
    "patterns": ("forbidden.patterns", "topic", files("alongside.core.policy") / "topics"),
    "purpose": ("purpose", "purpose", PURPOSES),
}


#: Days of a holiday that a calendar of the world knows, as `days = "DE: Good Friday, 2027-2036"`.
KNOWN_DAYS = re.compile(r'^days *= *"([^"\n]*)"', re.MULTILINE)
CALENDAR = re.compile(r"([A-Z]{2})(?:-([A-Z0-9]{1,3}))?: (.+), (\d{4})-(\d{4})\Z")
MOST_YEARS = 30
#: What follows the name of a day that is not sure, or that moved from a weekend.
NOTE = re.compile(r" \((?:observed|estimated|observed, estimated)\)\Z")


def days_of(said: str) -> str:
    """Give the days of a holiday from 2027 to 2036, or other years, as a TOML list; as they fall, moved from no weekend.

    Raises PackError where the calendar of the country has no day of that name in one of the years.
    """
    found = CALENDAR.match(said)
    if found is None or not 0 <= int(found[5]) - int(found[4]) < MOST_YEARS:
        cure = f'is no list of days and names none; write it as "DE: Good Friday, 2027-2036", {MOST_YEARS} years at most.'
        raise PackError("holidays.days", cure)
    country, part, name, first, last = found.groups()
    years = range(int(first), int(last) + 1)
    given: dict[str, Any] = {"subdiv": part, "years": years, "observed": False, "language": "en_US"}
    try:
        with warnings.catch_warnings():  # it warns of years that it does not know; below they are refused
            warnings.simplefilter("ignore", UserWarning)
            calendar = country_holidays(country, **given)
    except NotImplementedError as error:
        raise PackError(
            "holidays.days", f"names {country}{f'-{part}' if part else ''}, which has no calendar."
        ) from error
    named = {day: {NOTE.sub("", one) for one in names.split("; ")} for day, names in calendar.items()}
    days = sorted(day for day, names in named.items() if name in names)
    if {day.year for day in days} != set(years):
        known = ", ".join(sorted({one for names in named.values() for one in names}))
        raise PackError("holidays.days", f"has no {name} in each of these years; {country} knows {known}.")
    return f"[{', '.join(day.isoformat() for day in days)}]"


def read_pack(file: Traversable) -> str:
    """Return the TOML text of a pack as it is adopted, so that its hash covers what is shared and no release changes that.

    Raises PackError where it shares a topic or a purpose that there is not, or names days that no calendar knows.
    """

    def whole(line: re.Match[str]) -> str:
        key, name, next_key = line.groups()
        where, what, folder = SHARED[key]
        shared = {one.name.removesuffix(".toml"): one for one in folder.iterdir()}
        if name not in shared:
            known = ", ".join(sorted(shared))
            raise PackError(where, f"is not a {what} that packs share; name one of {known}.")
        if next_key:
            raise PackError(where, f"is not the last line of {name}; move {next_key} above it.")
        return shared[name].read_text("utf-8")

    text = KNOWN_DAYS.sub(lambda line: f"days = {days_of(line[1])}", file.read_text("utf-8"))
    return SHARES.sub(whole, text)


def shipped_pack(name: str) -> str:
    """Return the text of a pack that ships with the program."""
    return read_pack(files("alongside.ground.programs") / "packs" / f"{name}.toml")
