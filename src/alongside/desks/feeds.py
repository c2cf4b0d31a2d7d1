"""Write dates as an iCalendar feed (RFC 5545): UTC hours or whole days, names that stay, nothing that changes by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event


@dataclass(frozen=True)
class Dated:
    """Something with a date: `starts` and `ends` are aware times, or `starts` alone a whole day. `key` names it for ever."""

    key: str
    summary: str
    starts: datetime | date
    entered: date
    ends: datetime | None = None
    description: str = ""
    place: str = ""
    href: str = ""
    changes: int = 0
    is_cancelled: bool = False


def write_calendar(*, name: str, product: str, origin: str, lang: str, dates: Iterable[Dated]) -> bytes:
    """Give the feed as bytes. The same dates give the same bytes, so that a calendar sees what really changed."""
    made = Calendar()
    made.add("prodid", product)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("refresh-interval", timedelta(hours=12), parameters={"value": "DURATION"})
    for one in sorted(dates, key=lambda each: (_day(each.starts), each.key)):
        made.add_component(_event(one, origin, lang))
    return bytes(made.to_ical())


def _day(when: datetime | date) -> date:
    return when.date() if isinstance(when, datetime) else when


def _event(one: Dated, origin: str, lang: str) -> Event:
    event = Event()
    event.add("uid", str(uuid5(NAMESPACE_URL, f"{origin}/{one.key}")))
    event.add("dtstamp", datetime.combine(one.entered, time(), UTC))
    event.add("summary", one.summary, parameters={"language": lang})
    if isinstance(one.starts, datetime):
        event.add("dtstart", one.starts.astimezone(UTC))
        event.add("dtend", (one.ends or one.starts).astimezone(UTC))
    else:
        event.add("dtstart", one.starts)
        event.add("dtend", one.starts + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    for prop, words in (("description", one.description), ("location", one.place), ("url", one.href)):
        if words:
            event.add(prop, words)
    event.add("sequence", one.changes)
    event.add("status", "CANCELLED" if one.is_cancelled else "CONFIRMED")
    return event
