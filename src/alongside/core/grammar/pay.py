"""Pay as the record sees it: budgets and totals; never who was paid."""

import re
from decimal import Decimal
from typing import Any

from alongside.core.entries import Entry, LogView
from alongside.core.grammar.shape import Cites, Kind, Once, day, fail, malformed, number, since, slug
from alongside.core.kinds import EntryKind
from alongside.core.words import gettext_noop as _

CURRENCY = re.compile(r"[A-Z]{3}\Z")
AMOUNT = re.compile(r"(0|[1-9][0-9]{0,11})(\.[0-9]{1,3})?\Z")
QUARTER = re.compile(r"[0-9]{4}-Q[1-4]\Z")


def currency(where: str, value: Any) -> None:
    """Accept an ISO 4217 code."""
    if not isinstance(value, str) or not CURRENCY.match(value):
        malformed(f"{where} must be a currency, as USD.")


def amount(where: str, value: Any) -> None:
    """Accept an exact amount, written as text so that no reader rounds it."""
    if not isinstance(value, str) or not AMOUNT.match(value):
        malformed(f'{where} must be an amount in quotes, as "1234.50".')


def quarter(where: str, value: Any) -> None:
    """Accept a quarter of a year."""
    if not isinstance(value, str) or not QUARTER.match(value):
        malformed(f"{where} must be a quarter, as 2026-Q3.")


def quarters_follow(entry: Entry, log: LogView) -> None:
    """Tell each quarter of a cohort once: two totals of overlapping times could be subtracted."""
    if entry.data["from"] > entry.data["until"]:
        fail("the first quarter lies after the last; swap them.")
    for earlier in log.about(EntryKind.PAY_TOTALED, entry.data["cohort"]):
        is_same = earlier.data["currency"] == entry.data["currency"]
        if is_same and earlier.data["until"] >= entry.data["from"]:
            fail("pay to {until} is on the public log; begin after it.", until=earlier.data["until"])


def band_is_in_order(entry: Entry, _log: LogView) -> None:
    """Refuse a band upside down."""
    low, high = (Decimal(entry.data[name]) for name in ("low", "high"))
    if low > high:
        fail("the lower edge of the total is above the upper one; swap them.")


def quarters_are_over(entry: Entry, _log: LogView) -> None:
    """Refuse a total of days to come: what changes day by day tells on single people."""
    year, nth = entry.data["until"].split("-Q")
    over = f"{year}-{int(nth) * 3:02d}-31"
    if entry.data["as_of"] > entry.date.isoformat() or over >= entry.date.isoformat():
        fail("a total is told when its quarters are over; wait until then.")


OF_COHORT = {"cohort": Cites((EntryKind.COHORT_SEATED,))}

KINDS: tuple[Kind, ...] = (
    Kind(
        name=EntryKind.PAY_BUDGETED,
        heading=_("What a cohort may be paid"),
        sentence=_("This is what a cohort may be paid in all."),
        says="What a cohort may be paid in all, in one currency. A later one takes its place.",
        pen="program",
        by=("steward",),
        data={"cohort": slug, "amount": amount, "currency": currency},
        cites=OF_COHORT,
        subject="cohort",
    ),
    Kind(
        name=EntryKind.PAY_TOTALED,
        heading=_("What a cohort was paid"),
        sentence=_("This is what a cohort was paid in whole quarters. It never says who."),
        once=Once("cohort", lambda data, _on: f"{data['currency']} {data['until']}"),
        says="What a cohort was paid in one or more whole quarters. Both edges are the sum where enough seats were paid, else a band; never who.",
        pen="clock",
        by=("clock",),
        data={
            "cohort": slug,
            "from": quarter,
            "until": quarter,
            "as_of": day,
            "low": amount,
            "high": amount,
            "currency": currency,
        },
        may={"median_days": number(0, 3650)},
        cites=OF_COHORT,
        subject="cohort",
        rules=(quarters_follow, band_is_in_order, since(2, quarters_are_over)),
    ),
)
