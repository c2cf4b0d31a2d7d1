"""Quarters, and which side has said of one which level of participation was reached."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from alongside.core.entries import Entry, unit_of
from alongside.core.kinds import EntryKind
from alongside.core.workflow.workplans import COMMUNITY

#: The kinds that say which level was reached: on a project, and in a workplan.
ASSESSED = (EntryKind.PROJECT_ASSESSED, EntryKind.WORKPLAN_ASSESSED)
QUARTER = re.compile(r"(?P<year>[0-9]{4})-Q(?P<number>[1-4])\Z")
MONTHS = 3


def quarter_of(day: date) -> str:
    """Name the quarter of a day, as 2026-Q3."""
    return f"{day.year:04}-Q{(day.month - 1) // MONTHS + 1}"


def first_day(quarter: str) -> date:
    """Give the first day of a quarter. Raises ValueError where no calendar has it."""
    found = QUARTER.match(quarter)
    if found is None:
        raise ValueError(quarter)
    return date(int(found["year"]), (int(found["number"]) - 1) * MONTHS + 1, 1)


def last_day(quarter: str) -> date:
    """Give the last day of a quarter."""
    first = first_day(quarter)
    after = first.month + MONTHS
    return date(first.year + after // 13, after % 12, 1) - timedelta(days=1)


def last_over(today: date) -> str:
    """Name the quarter that was over last on a day."""
    return quarter_of(first_day(quarter_of(today)) - timedelta(days=1))


def is_over(quarter: str, on: date) -> bool:
    """Say whether a quarter is over on a day."""
    return first_day(quarter) < first_day(quarter_of(on))


def by_quarter(entries: Iterable[Entry]) -> Mapping[str, Mapping[str, Entry]]:
    """Fold what was said of the quarters, the newest quarter first, into one entry a side; other kinds are passed over."""
    found: dict[str, dict[str, Entry]] = {}
    for one in entries:
        if one.kind in ASSESSED:
            found.setdefault(one.data["quarter"], {})[side_of(one)] = one
    return dict(sorted(found.items(), reverse=True))


def side_of(entry: Entry) -> str:
    """Name the side that says it: the community for a seat, the unit for an office."""
    return COMMUNITY if entry.seats else unit_of(entry.by[0])
