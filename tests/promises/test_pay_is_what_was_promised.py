"""Pay is what was promised: no less than the call that gave the place and than what a lead had, agreed in time, and asked for until it is paid."""

from datetime import date, timedelta

import pytest

from alongside.cohort.applications import actions as applications
from alongside.cohort.lotteries import actions as lotteries
from alongside.cohort.pay.models import Agreement, Proposal
from alongside.cohort.pay.queries.terms import agreement_of
from alongside.cohort.pay.tasks import tick
from alongside.cohort.seats.models import Cohort
from alongside.core.refusals import Refused
from tests.cohort.calls import cast
from tests.cohort.lotteries.drawing import offered, over
from tests.cohort.pay.cast import Cast, paid_by_the_hour, usd
from tests.cohort.pay.test_paying import called, seated_again
from tests.cohort.reviews.choosing import UNTIL_CLOSED, closed
from tests.support.remembering import this_hour

pytestmark = pytest.mark.django_db


def test_a_call_promises_its_pay_in_a_cohort_over_twice_as_long_as_it_too():
    made = closed(count=2, thread=cast.program(now=this_hour() - UNTIL_CLOSED), seats=1, selection="lottery")
    now = made.thread.now
    applications.withdraw(application=made.applications[1], now=now)
    lotteries.seat_everyone(call=made.call, reasons="So.", now=now)
    over(made)
    made.call.refresh_from_db()
    call, cohort = made.call, Cohort.objects.get()
    assert cohort.until_date - cohort.from_date > 2 * (call.term_until - call.term_from)
    (offer,) = offered(made)
    seat = lotteries.accept(application=offer.application, now=now)
    pay = Cast(made.thread)
    pay.budget("90000.00")

    whole = {"from_date": seat.from_date, "until_date": seat.until_date}
    for less in ({"rate": "44.99"}, {"per": "month"}, {"until_date": seat.from_date + timedelta(days=7)}):
        with pytest.raises(Refused, match=r"[Tt]he call promised"):
            pay.agree(seat, **{**whole, **less})
    assert pay.agree(seat, **whole).money == usd("45.00") == usd(str(call.pay_amount))


#: What the call of a next term promises, and what the lead had before is 45 dollars an hour: each with terms of the whole place that pay it.
NEXT = {
    "a month, which is more": ({"per": "month", "amount": "1500.00"}, {"per": "month", "rate": "1500.00"}),
    "an hour, as before": ({"per": "hour", "amount": "45.00"}, {"rate": "45.00"}),
    "an hour, which is less": ({"per": "hour", "amount": "40.00"}, {"rate": "45.00"}),
}


@pytest.mark.parametrize("promised", NEXT)
def test_a_lead_who_serves_again_is_paid_the_better_of_the_new_call_and_what_they_had(promised):
    pay = paid_by_the_hour()
    first, last = date(2028, 1, 1), date(2028, 12, 31)
    again, whole = seated_again(pay, first, last)
    told, enough = NEXT[promised]
    term = {"from": first.isoformat(), "until": last.isoformat()}
    called(pay.thread, call="next", term=term, pay={**told, "currency": "USD"}, hours_a_month=30)
    nine = {"from_date": first + timedelta(days=31), "until_date": first + timedelta(days=40)}
    for days in (nine, {**whole, "from_date": last}, {**whole, "until_date": first}):
        with pytest.raises(Refused, match="all days of this place"):
            pay.agree(again, limit="4000.00", **enough, **days)
    if enough.get("per"):
        with pytest.raises(Refused, match="by another measure"):
            pay.agree(again, **whole)
    elif told["amount"] == "40.00":
        assert isinstance(pay.agree(again, **whole, rate="44.99"), Proposal)
        assert isinstance(pay.agree(again, **whole, limit="899.99"), Proposal)
    assert agreement_of(again) is None
    assert pay.agree(again, limit="4000.00", **enough, **whole) == agreement_of(again)


def test_a_month_that_pays_less_than_the_hours_a_lead_had_is_only_proposed():
    pay = paid_by_the_hour()
    again, whole = seated_again(pay, date(2028, 1, 1), date(2028, 12, 31))
    term = {"from": "2028-01-01", "until": "2028-12-31"}
    month = {"per": "month", "amount": "1349.99", "currency": "USD"}
    called(pay.thread, call="next", term=term, pay=month, hours_a_month=30)
    for rate, kind in (("1349.99", Proposal), ("1350.00", Agreement)):
        assert type(pay.agree(again, per="month", rate=rate, limit="4000.00", **whole)) is kind


def test_without_a_call_no_day_of_a_next_place_goes_unpaid_unless_the_lead_agrees():
    pay = paid_by_the_hour()
    again, whole = seated_again(pay, date(2028, 1, 1), date(2028, 12, 31))
    assert isinstance(pay.agree(again, **{**whole, "from_date": date(2028, 12, 1)}), Proposal)
    assert agreement_of(again) is None
    assert pay.agree(again, **whole) == agreement_of(again)


def test_what_was_late_before_its_run_gets_a_second_letter_where_finance_says_nothing():
    pay = paid_by_the_hour(now=this_hour() - timedelta(days=90))
    claims, told = [pay.log(), pay.log(pay.second)], []

    def clock(days):
        pay.thread.later(days)
        tick(program=pay.program, now=pay.now, tell=lambda _program, *count: told.append(count))

    clock(20)
    assert told == [(2,)], "late, and not approved"
    pay.approve(*claims)
    pay.run()
    clock(7)
    assert told == [(2,)], "the finance office has a week"
    clock(1)
    clock(30)
    assert told == [(2,), (2,)], "in a run, and nobody heard of it: once more, and only once"
