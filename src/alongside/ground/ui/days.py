"""Write days in words: the month is never a number and never cut short in English."""

import datetime as dt
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from alongside.ground.ui.numbers import counted

type Day = dt.date | str | None

#: A day that comes within so long is understood without its year.
SOON = dt.timedelta(days=183)

OWN = {
    # Django's own Arabic form has a comma in it, and so runs on into what stands beside it.
    "ar": {"full": "j F Y", "day": "j F", "weekday": "l"},
    "en": {"full": "F j, Y", "day": "F j", "weekday": "l"},
    # Django's own Vietnamese form begins with a capital, which is wrong inside a sentence.
    "vi": {"full": r"\n\gà\y j \t\há\n\g n, Y", "day": r"\n\gà\y j \t\há\n\g n", "weekday": "l"},
}
NAMED = {"full": "DATE_FORMAT", "day": "MONTH_DAY_FORMAT", "weekday": "l"}


def day_of(day: Day) -> dt.date | None:
    """Give a date from a date or an ISO day; None for nothing."""
    if not day:
        return None
    return dt.date.fromisoformat(day[:10]) if isinstance(day, str) else day


def is_soon(day: Day, today: dt.date) -> bool:
    """Say whether a day comes within half a year from today."""
    value = day_of(day)
    return value is not None and today <= value <= today + SOON


def day_in_words(day: Day, form: str = "full") -> str:
    """Write a day in the reader's language; form 'day' leaves out the year, 'weekday' names the weekday; nothing for no day."""
    value = day_of(day)
    if value is None:
        return ""
    return _in_words(value, get_language() or "en", form)


@lru_cache(maxsize=4096)  # a long list names the same few days again and again
def _in_words(value: dt.date, lang: str, form: str) -> str:
    """Write a day in the language that is active."""
    return date_format(value, OWN.get(lang.split("-", maxsplit=1)[0], NAMED)[form])


def about_in_words(day: str) -> str:
    """Write what an old source gives, a day, a month or only a year, in the reader's language."""
    if len(day) == len("2026-01"):
        return date_format(dt.date.fromisoformat(f"{day}-01"), "YEAR_MONTH_FORMAT")
    return day_in_words(day) if len(day) > len("2026-01") else day


def months_in_words(first: dt.date, last: dt.date) -> str:
    """Write a span of months in the reader's language."""
    ends = (date_format(one, "YEAR_MONTH_FORMAT") for one in (first, last))
    return gettext("{} to {}").format(*ends)


def late_by(days: int, today: dt.date | None = None) -> str:
    """Say by how many days something is late; with `today` also since which day, without its year in the last half year."""
    late = ngettext("late by %(days)d day", "late by %(days)d days", days) % {"days": days}
    if today is None:
        return late
    since, form = today - dt.timedelta(days=days), "day" if days <= SOON.days else "full"
    return gettext("%(late)s, since %(day)s") % {"late": late, "day": day_in_words(since, form)}


def days_left(days: int) -> str:
    """Say in words how far a date is: days left, due today, or late by so many days."""
    if days == 0:
        return gettext("due today")
    if days > 0:
        return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": counted(days)}
    return ngettext("late by %(days)s day", "late by %(days)s days", -days) % {"days": counted(-days)}
