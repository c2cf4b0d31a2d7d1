"""Write days in words: the month is never a number and never cut short in English."""

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import get_language

type Day = dt.date | str | None

ENGLISH = {"full": "F j, Y", "day": "F j"}
NAMED = {"full": "DATE_FORMAT", "day": "MONTH_DAY_FORMAT"}


def day_of(day: Day) -> dt.date | None:
    """Give a date from a date or an ISO day; None for nothing."""
    if not day:
        return None
    return dt.date.fromisoformat(day[:10]) if isinstance(day, str) else day


def day_in_words(day: Day, form: str = "full") -> str:
    """Write a day in the reader's language; form 'day' leaves out the year; nothing for no day."""
    value = day_of(day)
    if value is None:
        return ""
    english = (get_language() or "en").startswith("en")
    return date_format(value, ENGLISH[form] if english else NAMED[form])
