"""Pay is what was promised: no less than the call that gave the place and than what a lead had, agreed in time, and asked for until it is paid."""

from datetime import date, timedelta

import pytest
from django.db import connection

from alongside.cohort.applications import actions as applications
from alongside.cohort.lotteries import actions as lotteries
from alongside.cohort.pay.models import Agreement, Proposal
from alongside.cohort.pay.queries.terms import agreement_of, unagreed, unagreed_since
from alongside.cohort.pay.tasks import tick
from alongside.cohort.seats import actions as seats
from alongside.cohort.seats.models import Cohort
from alongside.core.clocks import pay_due
from alongside.core.refusals import Refused
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.days import day_in_words
from alongside.site.mail import pay_letter
from tests.cohort.calls import cast
from tests.cohort.lotteries.drawing import offered, over
from tests.cohort.pay.cast import HOME, Cast, paid_by_the_hour, usd
from tests.cohort.pay.test_pages import text_of
from tests.cohort.pay.test_paying import called, seated_again
from tests.cohort.reviews.choosing import UNTIL_CLOSED, closed
from tests.promises.attempts import as_
from tests.support.remembering import this_hour
from tests.support.thread import Thread

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
    assert told == [(2, 0)], "late, and not approved"
    pay.approve(*claims)
    pay.run()
    clock(7)
    assert told == [(2, 0)], "the finance office has a week"
    clock(1)
    clock(30)
    assert told == [(2, 0), (2, 0)], "in a run, and nobody heard of it: once more, and only once"


def clocked(pay, to):
    """Let the clock of pay run on a day; give what the coordinator is told: of how much work, and how many leads without an agreement."""
    told = []
    pay.thread.later((to - pay.today).days)
    tick(program=pay.program, now=pay.now, tell=lambda _program, *counts: told.append(counts))
    return told


def waits(person, where, heading):
    """Give what stands on a desk under a heading: in which state, by which day, in which words, and where it leads."""
    items = as_(person).get(f"{HOME}{where}/").context["queue"].waits
    found = [
        (one.state, one.step.due, one.step.text, one.step.href)
        for one in items
        if one.step.heading == heading
    ]
    assert len(found) < 2
    return next(iter(found), None)


def test_pay_that_nobody_agrees_is_late_for_the_coordinator_and_on_the_leads_week():
    pay = Cast(Thread(now=this_hour() - timedelta(days=40)).open_program())
    pay.budget()
    pay.agree(pay.second)
    seats.declare_payer(seat=pay.third, paid_by="nobody", now=pay.now)
    pack = pack_of(pay.program)
    due = pay_due(pay.today, pack)
    assert due - pay.today >= timedelta(days=pack.clocks.pay_business_days)
    assert clocked(pay, due) == []
    assert clocked(pay, due + timedelta(days=1)) == [(0, 1)]
    assert clocked(pay, due + timedelta(days=2)) == []

    heading, asks = "Ask for your pay to be agreed", f"{HOME}messages/write/?to=steward"
    words = f"This was due on {day_in_words(due)}. You can log no hours before it is written."
    state, day, text, href = waits(pay.first.person, "week", heading)
    assert (state, day, text.startswith(words), href) == ("late", due, True, asks)
    assert [waits(one.person, "week", heading) for one in (pay.second, pay.third)] == [None, None]
    page = text_of(as_(pay.first.person).get(f"{HOME}pay/"))
    assert f"It was due on {day_in_words(due)} . You can log no hours before it is written" in page
    one = "1 lead can log no hours before it is written. For 1 place it should be written already."
    page = f"{HOME}steward/pay/agreements/#cohort-{pay.first.cohort_id}"
    assert waits(pay.steward, "steward", "Agree on pay") == ("late", due, one, page)
    _subject, letter = pay_letter(pay.program, 0, 1, "en")
    assert "No pay is agreed yet with 1 lead" in letter
    assert (f"{HOME}steward/pay/agreements/" in letter, "past the day on which" in letter) == (True, False)

    pay.agree(pay.first)
    assert waits(pay.first.person, "week", heading) is None
    assert waits(pay.steward, "steward", "Agree on pay") is None


def test_pay_of_a_place_that_an_unpaid_call_offered_is_late_for_nobody():
    made = closed(count=2, thread=cast.program(now=this_hour() - UNTIL_CLOSED), seats=1, selection="lottery")
    applications.withdraw(application=made.applications[1], now=made.thread.now)
    lotteries.seat_everyone(call=made.call, reasons="So.", now=made.thread.now)
    over(made)
    (offer,) = offered(made)
    seat = lotteries.accept(application=offer.application, now=made.thread.now)
    rows, pack = RowsLog.of(made.thread.program), pack_of(made.thread.program)
    day = pay_due(seat.from_date, pack) + timedelta(days=1)
    assert unagreed_since(seat, pack, day, rows) == day - timedelta(days=1)
    assert seat in [one for _due, one in unagreed(made.thread.program, pack, day, rows)]
    with connection.cursor() as cursor:  # as where a pack allows unpaid calls
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'calls_call'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute("UPDATE calls_call SET pay_amount = NULL")
    assert unagreed_since(seat, pack, day, rows) is None
    assert seat not in [one for _due, one in unagreed(made.thread.program, pack, day, rows)]


def test_who_need_not_agree_to_less_reads_that_no_hour_can_be_logged_and_loses_no_day_by_waiting():
    pay = paid_by_the_hour(now=this_hour() - timedelta(days=40))
    begins, lead = pay.today, as_(pay.first.person)
    seats.leave_seat(seat=pay.first, on=begins, reason="", now=pay.now)
    again, whole = seated_again(pay, begins, date(2027, 12, 31))
    proposal = pay.agree(again, rate="40.00", **whole)
    assert isinstance(proposal, Proposal)
    due = pay_due(begins, pack_of(pay.program))

    told = waits(pay.first.person, "week", "Read the terms of pay that are proposed to you")
    assert "you can log no hours in your new place before something is agreed" in told[2]
    assert waits(pay.first.person, "week", "Ask for your pay to be agreed")[1] == due
    page = lead.get(f"{HOME}pay/")
    assert "you can log no hours there before it is" in text_of(page)
    assert page.content.decode().count("?to=steward") == 2
    assert clocked(pay, due + timedelta(days=1)) == [(0, 1)]

    assert lead.post(f"{HOME}pay/proposals/{proposal.pk}/agree/").status_code == 302
    assert agreement_of(again).from_date == begins
    assert pay.log(again, ago=1).money == usd("80.00")
