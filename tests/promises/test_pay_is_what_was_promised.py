"""Pay is what was promised: no less than the call that gave the place and than what a lead had, agreed in time, and asked for until it is paid."""

from datetime import timedelta

import pytest

from alongside.cohort.applications import actions as applications
from alongside.cohort.lotteries import actions as lotteries
from alongside.cohort.seats.models import Cohort
from alongside.core.refusals import Refused
from tests.cohort.calls import cast
from tests.cohort.lotteries.drawing import offered, over
from tests.cohort.pay.cast import Cast, usd
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
