"""The two files of the finance office: the one that goes out, and the one that comes back. Text in, text out."""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from alongside.core.money import Money, MoneyError, read_plain
from alongside.core.refusals import UnusableInputError

MOST_ROWS = 5000
NEEDED = ("reference", "paid_on", "amount")


@dataclass(frozen=True)
class Expected:
    """A payment that was asked for; `paid_on` where it came back before, `rejected` where the bank sent it back."""

    reference: str
    money: Money
    asked_on: date
    paid_on: date | None = None
    rejected: bool = False


@dataclass(frozen=True)
class Matching:
    """A row that says what we expect. `number` is its line in the file; the headings are line 1."""

    number: int
    reference: str
    paid_on: date
    money: Money


@dataclass(frozen=True)
class RefusedRow:
    """A row that does not fit; why: unknown, twice, rejected, paid-already, currency, amount, sum, day, future or before."""

    number: int
    reference: str
    why: str
    says: str = ""
    expected: str = ""


@dataclass(frozen=True)
class Judged:
    """What a file holds: rows that match, and rows that do not."""

    matching: tuple[Matching, ...]
    refused: tuple[RefusedRow, ...]


def judge(
    text: str, known: Mapping[str, Expected], today: date, headings: Mapping[str, str] | None = None
) -> Judged:
    """Compare a file that came back with what was asked for, row by row.

    `headings` maps reference, paid_on, amount and currency to what the finance office calls them. A reference that
    stands twice is refused both times: which of the two is right, a person must say. Raises UnusableInputError.
    """
    rows = _rows(text, headings or {})
    times = Counter(row["reference"] for _number, row in rows)
    found = [_one(number, row, known.get(row["reference"]), times, today) for number, row in rows]
    return Judged(
        tuple(one for one in found if isinstance(one, Matching)),
        tuple(one for one in found if isinstance(one, RefusedRow)),
    )


def _unreadable(why: str, missing: Sequence[str] = ()) -> UnusableInputError:
    """Refuse a file as a whole: `why` is rows, columns or empty; `missing` names columns."""
    return UnusableInputError(
        why, f"The file cannot be read ({why} {', '.join(missing)}); save it again as CSV.", missing
    )


def _rows(text: str, headings: Mapping[str, str]) -> list[tuple[int, dict[str, str]]]:
    called = {headings.get(name, name).strip().casefold(): name for name in (*NEEDED, "currency")}
    try:
        lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff")), strict=True))
    except csv.Error as error:
        raise _unreadable("columns") from error
    first = [called.get(cell.strip().casefold(), "") for cell in lines[0]] if lines else []
    missing = [headings.get(name, name) for name in NEEDED if first.count(name) != 1]
    if missing:
        raise _unreadable("columns", missing)
    rows = [(number, line) for number, line in enumerate(lines[1:], 2) if any(cell.strip() for cell in line)]
    if not rows:
        raise _unreadable("empty")
    if len(rows) > MOST_ROWS:
        raise _unreadable("rows")
    return [(number, _cells(first, line)) for number, line in rows]


def _cells(names: Sequence[str], line: Sequence[str]) -> dict[str, str]:
    row = dict.fromkeys((*NEEDED, "currency"), "")
    return row | {name: cell.strip().lstrip("'") for name, cell in zip(names, line, strict=False) if name}


def _one(
    number: int, row: Mapping[str, str], expected: Expected | None, times: Mapping[str, int], today: date
) -> Matching | RefusedRow:
    if expected is None:
        return RefusedRow(number, row["reference"], "unknown", row["reference"])
    if times[expected.reference] > 1:
        return RefusedRow(number, expected.reference, "twice", expected.reference)
    if expected.rejected:
        return RefusedRow(number, expected.reference, "rejected")
    if expected.paid_on:
        return RefusedRow(number, expected.reference, "paid-already", "", expected.paid_on.isoformat())
    return _of_its_sum(number, row, expected) or _on_its_day(number, row, expected, today)


def _of_its_sum(number: int, row: Mapping[str, str], expected: Expected) -> RefusedRow | None:
    due = expected.money
    if row["currency"] and row["currency"] != due.currency:
        return RefusedRow(number, expected.reference, "currency", row["currency"], due.currency)
    try:
        money = read_plain(row["amount"], due.currency)
    except MoneyError:
        return RefusedRow(number, expected.reference, "amount", row["amount"], due.plain())
    return None if money == due else RefusedRow(number, expected.reference, "sum", money.plain(), due.plain())


def _on_its_day(
    number: int, row: Mapping[str, str], expected: Expected, today: date
) -> Matching | RefusedRow:
    try:
        paid_on = date.fromisoformat(row["paid_on"])
    except ValueError:
        return RefusedRow(number, expected.reference, "day", row["paid_on"])
    if paid_on > today:
        return RefusedRow(number, expected.reference, "future", row["paid_on"])
    if paid_on < expected.asked_on:
        return RefusedRow(number, expected.reference, "before", row["paid_on"], expected.asked_on.isoformat())
    return Matching(number, expected.reference, paid_on, expected.money)
