"""What happens by itself: the steward is told once, totals of quarters go on the record, notes and bills go in time."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from alongside.cohort.pay import tasks
from alongside.cohort.pay.actions.claims import send_back
from alongside.cohort.pay.actions.runs import correct, reject
from alongside.cohort.pay.models import Attachment, Claim, Payment
from alongside.cohort.pay.queries import claims, runs
from alongside.cohort.pay.queries.totals import public_pay
from alongside.core.clocks import pay_due
from alongside.ground.programs.queries import pack_of
from alongside.ground.texts.actions import lift_hold, place_hold
from tests.cohort.pay.cast import HOME, paid_by_the_hour, usd
from tests.cohort.pay.test_pages import PNG, text_of

START = datetime(2026, 7, 6, 20, 0, tzinfo=UTC)


def ticked(cast):
    told = []
    tasks.tick(program=cast.program, now=cast.now, tell=lambda _program, count, _unagreed: told.append(count))
    return told


def to(cast, day):
    cast.thread.now += timedelta(days=(day - cast.today).days)


def totals(cast):
    return [e["data"] for e in map(json.loads, cast.thread.entries()) if e["kind"] == "pay.totaled"]


def pay_all(cast, seats, pieces=1):
    for seat in seats:
        for piece in range(pieces):
            cast.approve(cast.log(seat, ago=piece))
    cast.run()
    cast.back()


def test_silence_past_the_packs_days_is_told_to_the_steward_once(both_databases):
    cast = paid_by_the_hour(START)
    waits, approved = cast.log(), cast.log(cast.second)
    cast.approve(approved)
    due = pay_due(waits.logged_on, pack_of(cast.program))
    to(cast, due)
    assert ticked(cast) == []
    assert cast.account().late == []

    to(cast, due + timedelta(days=1))
    assert ticked(cast) == [2]
    assert ticked(cast) == []
    assert Claim.objects.exclude(reminded_on=None).count() == 2
    assert [one.claim for one in cast.account().late] == [waits]
    assert cast.account().since == waits.logged_on


def test_what_was_sent_back_and_corrected_keeps_the_days_it_waited_but_those_with_the_lead(db):
    cast = paid_by_the_hour(START)
    first = cast.log()
    to(cast, first.logged_on + timedelta(days=9))
    send_back(claim=first, reason="Write more.", viewer=cast.viewer(), now=cast.now)
    to(cast, first.logged_on + timedelta(days=13))
    again = cast.log(ago=13, corrects=claims.correctable(cast.first, first.pk), note="All of it.")
    assert again.logged_on == first.logged_on + timedelta(days=4)
    due = pay_due(again.logged_on, pack_of(cast.program))
    to(cast, due)
    assert cast.account().late == []
    to(cast, due + timedelta(days=1))
    assert [one.claim for one in cast.account().late] == [again]


def test_pay_is_due_in_business_days(db):
    cast = paid_by_the_hour(START)  # a Monday; no holiday in these two weeks

    assert cast.account().claims == []
    cast.log()
    assert cast.account().claims[0].due == cast.today + timedelta(days=14)


def test_the_public_log_names_the_quarters_of_a_total(db, client):
    cast = paid_by_the_hour(START)
    pay_all(cast, (cast.first, cast.second, cast.third), pieces=4)
    to(cast, cast.today.replace(month=10, day=1))
    ticked(cast)
    called = "What a cohort was paid\N{NO-BREAK SPACE}· July 2026 to September 2026"
    assert called in client.get(f"{HOME}record/").content.decode()


def test_a_quarter_is_told_as_a_band_when_it_is_over_and_never_who(both_databases):
    cast = paid_by_the_hour(START)
    seats = (cast.first, cast.second, cast.third)
    pay_all(cast, seats, pieces=4)
    assert ticked(cast) == []
    assert totals(cast) == []  # the quarter is not over

    to(cast, cast.today.replace(month=10, day=1))
    ticked(cast)
    ticked(cast)
    (told,) = totals(cast)
    assert told == {
        "cohort": "first",
        "from": "2026-Q3",
        "until": "2026-Q3",
        "as_of": "2026-10-01",
        "low": "1000.00",
        "high": "2000.00",
        "currency": "USD",
        "median_days": 0,
    }
    whole = b"".join(cast.thread.entries()).decode()
    numbers = [seat.payee.number for seat in seats]
    for private in ("90.00", "360.00", "1080.00", *numbers):
        assert private not in whole


#: The months of which no total is told yet, by the day on which one asks; the term is over by 2028.
SINCE = {
    date(2027, 3, 31): None,
    date(2027, 4, 1): ("2027-01", "2027-03"),
    date(2027, 7, 1): ("2027-01", "2027-06"),
    date(2029, 1, 1): ("2027-01", "2027-12"),
}


def test_two_seats_are_not_told_and_wait_for_a_later_quarter(db, site_client):
    cast = paid_by_the_hour(START)
    pay_all(cast, (cast.first, cast.second))
    to(cast, cast.today.replace(month=10, day=2))
    ticked(cast)
    assert totals(cast) == []
    assert "No total can be told yet." in text_of(site_client.get(f"{HOME}about/pay/"))

    pay_all(cast, (cast.first, cast.second, cast.third))
    to(cast, cast.today.replace(year=2027, month=1, day=4))
    ticked(cast)
    (told,) = totals(cast)
    assert (told["from"], told["until"], told["low"], told["high"]) == (
        "2026-Q3",
        "2026-Q4",
        "200.00",
        "500.00",
    )
    assert "median_days" not in told  # fewer than k payments
    page = text_of(site_client.get(f"{HOME}about/pay/"))
    assert "July 2026 – December 2026 : between 200.00 USD and 500.00 USD" in page
    assert "450.00" not in page
    waits = {day: public_pay(cast.thread.program, "en", day)[0].waits for day in SINCE}
    assert waits == SINCE


@pytest.mark.parametrize("gives_back", ["a correction", "a payment that the bank sent back"])
def test_what_came_back_of_a_seat_that_is_paid_no_more_lowers_the_next_total_and_stops_none(db, gives_back):
    cast = paid_by_the_hour(START)
    others = (cast.second, cast.third, cast.thread.seat("fourth", cast.first.cohort))
    cast.agree(others[-1])
    pay_all(cast, (cast.first, *others), pieces=2)
    to(cast, cast.today.replace(month=10, day=2))
    ticked(cast)
    pay_all(cast, others, pieces=2)
    payment = Payment.objects.get(seat=cast.first)
    given = {"payment": payment, "viewer": cast.viewer(), "now": cast.now}
    if gives_back == "a correction":
        correct(amount=usd("179.99"), paid_on=cast.today, reason="A cent.", **given)
    else:
        reject(reason="No such account.", **given)
    to(cast, cast.today.replace(year=2027, month=1, day=4))
    ticked(cast)
    pay_all(cast, others, pieces=2)
    to(cast, cast.today.replace(month=4, day=2))
    ticked(cast)

    assert [(one["from"], one["until"], one["low"]) for one in totals(cast)] == [
        ("2026-Q3", "2026-Q3", "500.00"),
        ("2026-Q4", "2026-Q4", "500.00" if gives_back == "a correction" else "200.00"),
        ("2027-Q1", "2027-Q1", "500.00"),
    ]


def old_cost(cast):
    claim = cast.cost(note="From my sister", bill=("image/png", PNG))
    cast.approve(claim)
    cast.run()
    cast.back()
    return claim


def added():
    """Count the notes and the bills that are there."""
    rows = Attachment.objects
    return rows.exclude(words="").count(), rows.exclude(bill=None).count()


def test_notes_and_bills_go_when_their_time_is_over_and_sums_stay(both_databases):
    cast = paid_by_the_hour(START)
    old_cost(cast)
    cast.log(cast.second, note="Not paid yet")
    to(cast, cast.today.replace(year=2029))
    ticked(cast)
    assert added() == (2, 1)

    to(cast, cast.today + timedelta(days=1))
    ticked(cast)
    assert list(Attachment.objects.values_list("words", flat=True)) == [
        "Not paid yet"
    ]  # what is owed keeps its words
    assert added() == (1, 0)
    assert list(Claim.objects.exclude(erased_on=None).values_list("erased_by", flat=True)) == ["pay"]
    assert cast.account().paid == [usd("30.00")]


def test_a_legal_hold_keeps_everything(db):
    cast = paid_by_the_hour(START)
    old_cost(cast)
    hold = place_hold(program=cast.program, ground="A court asked", by="steward", now=cast.now)
    to(cast, cast.today.replace(year=2030))
    ticked(cast)
    assert added() == (1, 1)

    lift_hold(program=cast.program, hold=hold.index, by="steward", now=cast.now)
    ticked(cast)
    assert added() == (0, 0)


def test_what_is_sent_back_is_owed_no_more(db):
    cast = paid_by_the_hour(START)
    claim = cast.log()
    send_back(claim=claim, reason="No.", viewer=cast.viewer(), now=cast.now)
    to(cast, cast.today + timedelta(days=30))

    assert ticked(cast) == []
    assert runs.past_their_day(cast.program, pack_of(cast.program), cast.today) == []
    assert Claim.objects.count() == 1


def test_the_letter_to_the_steward_names_no_lead_and_no_sum(db, mailbox):
    from django.core.management import call_command

    from alongside.site.mail import tell_of_pay
    from tests.support.mail import text_of as letter_text

    cast = paid_by_the_hour()
    tell_of_pay(cast.program, 2, 0)
    call_command("db_worker", queue_name="*", batch=True, interval=0, verbosity=0, startup_delay=False)

    (letter,) = mailbox.to(cast.steward.email)
    text = letter_text(letter)
    assert "2 pieces of work are past the day on which they should be paid." in text
    assert f"{HOME}steward/pay/" in text
    assert "USD" not in text
    assert "seat-" not in text
