"""Which days a government does not work, from the rules of its pack."""

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

from alongside.core.policy.shapes import Holiday

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
PLACES = ("first", "second", "third", "fourth", "last")
SATURDAY, SUNDAY = 5, 6
ON_WEEKDAY = re.compile(rf"({'|'.join(PLACES)}) ({'|'.join(WEEKDAYS)}) of ({'|'.join(MONTHS)})\Z")
ON_DAY = re.compile(rf"({'|'.join(MONTHS)}) (\d{{1,2}})\Z")


def is_rule(rule: str) -> bool:
    """Say whether a rule can be read: "third monday of january", "last monday of may" or "july 4"."""
    if ON_WEEKDAY.match(rule):
        return True
    found = ON_DAY.match(rule)
    # Not February 29: a holiday comes every year.
    return found is not None and 1 <= int(found[2]) <= monthrange(2025, MONTHS.index(found[1]) + 1)[1]


def day_of_rule(rule: str, year: int) -> date:
    """Give the day on which a rule falls in a year. Raises ValueError where the rule cannot be read."""
    if found := ON_WEEKDAY.match(rule):
        place, month = PLACES.index(found[1]), MONTHS.index(found[3]) + 1
        first, length = monthrange(year, month)
        day = 1 + (WEEKDAYS.index(found[2]) - first) % 7
        fits = range(day, length + 1, 7)
        return date(year, month, fits[-1] if found[1] == "last" else fits[place])
    if found := ON_DAY.match(rule):
        return date(year, MONTHS.index(found[1]) + 1, int(found[2]))
    raise ValueError(
        f"{rule!r} is not a rule for a holiday; write it as 'third monday of january' or 'july 4'."
    )


def observed(holiday: Holiday, year: int) -> frozenset[date]:
    """Give the days off for a holiday of this year; one on a weekend moves to Friday or Monday."""
    days = {one for one in holiday.days if one.year == year}
    if holiday.rule:
        days.add(day_of_rule(holiday.rule, year))
    return frozenset(_moved(one) if holiday.moves_from_weekend else one for one in days)


def _moved(day: date) -> date:
    return day + timedelta(days={SATURDAY: -1, SUNDAY: 1}.get(day.weekday(), 0))


@lru_cache(maxsize=256)
def days_off(holidays: tuple[Holiday, ...], year: int) -> frozenset[date]:
    """Give all days off that fall in a year, also one that moved into it from a neighbor year."""
    found = {day for near in (year - 1, year, year + 1) for one in holidays for day in observed(one, near)}
    return frozenset(day for day in found if day.year == year)
