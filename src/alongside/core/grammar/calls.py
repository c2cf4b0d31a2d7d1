"""The call as the record sees it: its rules, its selection, and who attests; never an applicant."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from alongside.core.entries import Entry, LogView, entry_at
from alongside.core.grammar.general import is_near
from alongside.core.grammar.quotas import QUOTAS, quotas_can_be_met
from alongside.core.grammar.shape import (
    OLD_LANGUAGES,
    Cites,
    Kind,
    cited,
    day,
    fail,
    fields,
    first_of,
    languages,
    list_of,
    malformed,
    number,
    one_of,
    since,
    slug,
)
from alongside.core.kinds import EntryKind
from alongside.core.words import gettext_noop as _
from alongside.core.workflow.calls import Selection, as_corrected
from alongside.core.workflow.pay import PROMISED_PER

CALL_TEXTS = ("title", "purpose", "doing", "seeks", "access", "choosing")
#: What a correction may be about. All but `words` carry the new value.
ABOUT = ("opens", "closes", "decides", "seats", "alternates", "words")
#: So long people can apply at least, from the day on which that is public.
TIME_TO_APPLY = timedelta(days=14)
AMOUNT = re.compile(r"(0|[1-9][0-9]{0,9})\.[0-9]{2}\Z")
CURRENCY = re.compile(r"[A-Z]{3}\Z")


def amount(where: str, value: Any) -> None:
    """Accept a sum of money as a decimal with two places, such as "45.00"; never a float."""
    if not isinstance(value, str) or not AMOUNT.match(value):
        malformed(f"{where} must be a sum with two places, such as 45.00.")


def currency(where: str, value: Any) -> None:
    """Accept the three letters of a currency."""
    if not isinstance(value, str) or not CURRENCY.match(value):
        malformed(f"{where} must be the three letters of a currency, such as USD.")


def dates_come_in_order(entry: Entry, _log: LogView) -> None:
    """Refuse a call whose days contradict one another."""
    data = entry.data
    if not data["opens"] <= data["closes"] <= data["decides"]:
        fail("the days must come in order: opens, closes, decides.")
    if data["term"]["until"] < data["term"]["from"]:
        fail("the term ends before it begins; move its end.")


def _first_close(days: Mapping[str, Any], today: date) -> date:
    """Give the first day on which a call may close, so that people have their time from its opening on, or from today."""
    return max(date.fromisoformat(days["opens"]), today) + TIME_TO_APPLY


def leaves_time_to_apply(entry: Entry, _log: LogView) -> None:
    """Refuse a call to which people can apply for too few days."""
    first = _first_close(entry.data, entry.date)
    if entry.data["closes"] < first.isoformat():
        fail("people need at least 14 days to apply; let the call close on {day} or later.", day=first)


def agreement_fits_the_budget(entry: Entry, _log: LogView) -> None:
    """Refuse an agreement that may cost more than the whole budget."""
    if Decimal(entry.data["not_to_exceed"]) > Decimal(entry.data["budget"]):
        fail("one agreement may cost more than the budget; lower it.")


is_published_once = first_of(
    "this call is published already; correct it with a dated correction, or write a new call.",
    "call",
    "Refuse a second call of one name.",
)


def says_every_question(entry: Entry, _log: LogView) -> None:
    """Refuse a call that lacks the words of something it names."""
    data = entry.data
    named = {f"question-{one}" for one in data["questions"]}
    named |= {f"criterion-{one['criterion']}" for one in data["rubric"]}
    named |= {f"sought-{one['sought']}" for one in data["sought"]}
    lacking = sorted(named - set(entry.texts))
    if lacking:
        fail("the call has a question, a line of its rubric or something it seeks without words; write them.")


def corrects_one_thing(entry: Entry, _log: LogView) -> None:
    """Refuse a correction that changes more, or something else, than it is about."""
    about, given = entry.data["about"], [name for name in ("day", "count") if name in entry.data]
    needs = {"words": [], "seats": ["count"], "alternates": ["count"]}.get(about, ["day"])
    if given != needs:
        fail("a correction changes the one thing that it is about; write another for more.")


def corrected_days_stay_in_order(entry: Entry, log: LogView) -> None:
    """Refuse a corrected day that is past, or that lies out of order with the others as they stand."""
    call = cited(entry, "call", log)
    if "day" not in entry.data:
        return
    days = as_corrected(call, [*log.citing(call.index, entry.kind), entry])
    if entry.data["day"] < entry.date.isoformat():
        fail("a corrected day is to come; name a day from today on.")
    if not days["opens"] <= days["closes"] <= days["decides"]:
        fail("the days must come in order: opens, closes, decides.")


def takes_no_time_to_apply(entry: Entry, log: LogView) -> None:
    """Refuse a corrected day that leaves people less time to apply than they had, and too little."""
    call = cited(entry, "call", log)
    before = log.citing(call.index, entry.kind)
    old, new = as_corrected(call, before), as_corrected(call, [*before, entry])
    was, first = _first_close(old, entry.date), _first_close(new, entry.date)
    closes, closed = date.fromisoformat(new["closes"]), date.fromisoformat(old["closes"])
    if closes < first and closes - first < closed - was:
        fail("people need at least 14 days to apply; let the call close on {day} or later.", day=first)


def call_is_open(entry: Entry, log: LogView) -> None:
    """Refuse to correct a call after the day on which it closed."""
    if entry.date.isoformat() > closing_day(entry.cites["call"][0], log):
        fail("this call has closed; its rules stand as they are.")


def closing_day(call: int, log: LogView) -> str:
    """Give the day on which a call closes, as corrected."""
    return _corrected_day("closes", call, log)


def deciding_day(call: int, log: LogView) -> str:
    """Give the day by which everyone has an answer, as corrected."""
    return _corrected_day("decides", call, log)


def _corrected_day(name: str, call: int, log: LogView) -> str:
    return str(as_corrected(entry_at(call, log), log.citing(call, EntryKind.CALL_CORRECTED))[name])


def places(call: Entry, log: LogView) -> dict[str, int]:
    """Give how many seats and alternates a call has, as corrected."""
    now = as_corrected(call, log.citing(call.index, EntryKind.CALL_CORRECTED))
    return {name: int(now[name]) for name in ("seats", "alternates")}


PAY = fields({"amount": amount, "currency": currency, "per": one_of(*PROMISED_PER)})
CALL = {"call": Cites((EntryKind.CALL_PUBLISHED,))}

KINDS: tuple[Kind, ...] = (
    Kind(
        name=EntryKind.CALL_PUBLISHED,
        heading=_("An open call"),
        says="An open call: seats, pay, time, term, how people are chosen, by what they are judged. Its rules stand.",
        pen="program",
        by=("steward",),
        data={
            "call": slug,
            "seats": number(1, 1000),
            "alternates": number(0, 1000),
            "hours_a_month": number(1, 400),
            "term": fields({"from": day, "until": day}),
            "languages": languages,
            "opens": day,
            "closes": day,
            "decides": day,
            "selection": one_of(*(one.value for one in Selection)),
            "rubric": list_of(fields({"criterion": slug, "points": number(1, 100)}), 0, 20),
            "questions": list_of(slug, 1, 20),
            "sought": list_of(fields({"sought": slug, "least": number(0, 1000)}), 0, 40),
            "budget": amount,
            "not_to_exceed": amount,
            "currency": currency,
        },
        may={"pay": PAY, "quotas": QUOTAS},
        was={"data": OLD_LANGUAGES},
        texts=CALL_TEXTS,
        any_text=r"(question|hint|criterion|means|sought)-[a-z0-9][a-z0-9-]{0,11}",
        subject="call",
        rules=(
            is_published_once,
            dates_come_in_order,
            since(5, leaves_time_to_apply),
            is_near("decides"),
            agreement_fits_the_budget,
            says_every_question,
            quotas_can_be_met,
        ),
    ),
    Kind(
        name=EntryKind.CALL_CORRECTED,
        heading=_("A correction of a call"),
        says="A dated correction of a call, before the first application came.",
        pen="program",
        by=("steward",),
        data={"about": one_of(*ABOUT)},
        may={"day": day, "count": number(0, 1000)},
        cites=CALL,
        texts=("correction",),
        rules=(
            call_is_open,
            corrects_one_thing,
            is_near("day"),
            since(2, corrected_days_stay_in_order),
            since(5, takes_no_time_to_apply),
        ),
    ),
)
