"""Alternates of a lottery with quotas stand on its list, step in by quota, and read what became of their wait."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command

from alongside.cohort.applications import actions as applications
from alongside.cohort.applications.models import Balance, Contact
from alongside.cohort.calls.models import Call
from alongside.cohort.lotteries import actions as lotteries
from alongside.cohort.lotteries.models import Offer, Ticket
from alongside.cohort.lotteries.tasks import tick
from alongside.cohort.reviews.models import Decision
from alongside.cohort.seats.actions import call_up, leave_seat
from alongside.cohort.seats.models import Cohort, Vacancy
from alongside.cohort.seats.queries.cohorts import line_of
from alongside.core.refusals import Refused
from alongside.ground.ui.days import day_in_words
from tests.cohort.calls import cast
from tests.cohort.lotteries.test_a_lottery_is_balanced import (
    PART,
    applied,
    asked,
    data,
    drawn,
    open_call,
    steward,
    words,
)
from tests.cohort.reviews.choosing import outsider

pytestmark = pytest.mark.django_db
OFFERS = "/riverbend/en/steward/selection/second-cohort/offers/"


def offered(made):
    """Draw with two seats and two alternates, end the selection, offer both seats."""
    asked(made)
    held = drawn(made)
    for number in (1, 2):
        one = lotteries.name_witness(
            lottery=held,
            person=outsider(number),
            organization=f"House {number}",
            role="A librarian",
            lang="en",
            now=made.thread.now,
        )
        lotteries.attest(witness=one, agrees=True, now=made.thread.now)
    made.call = Call.objects.get()
    lotteries.close_selection(call=made.call, reasons="By lot.", lang="en", now=made.thread.now)
    lotteries.make_offers(
        call=made.call,
        cohort=Cohort.objects.get(),
        answer_by=(made.thread.now + timedelta(days=10)).date(),
        now=made.thread.now,
    )
    return held


@pytest.fixture
def made():
    found = applied(open_call(*PART, alternates=2))
    for place, one in enumerate(Contact.objects.order_by("pk")):
        Contact.objects.filter(pk=one.pk).update(email=f"{place}@example.org")
    return found


def side(application):
    return Balance.objects.get(application=application).value


def alternates():
    return [one.application for one in Decision.objects.filter(outcome="alternate").order_by("place")]


def sitting_on(which):
    """Give the offer of whoever has one side."""
    return next(one for one in Offer.objects.standing() if side(one.application) == which)


def test_the_alternates_of_a_draw_stood_on_the_list_with_their_panel(made):
    held = offered(made)

    place = data(held.draw_entry)["panel"]
    listed = [held.panel_list.members[one] for one in held.panel_list.alternates[place]]
    assert {str(one.pk) for one in alternates()} == set(listed)
    assert sorted(side(one) for one in alternates()) == ["hill-side", "river-side"]
    assert data(held.entry)["method"] == "alongside/lottery/panels/v2"


def test_a_seat_that_comes_free_goes_to_the_first_alternate_with_whom_every_quota_is_still_met(made):
    offered(made)
    _first, second = alternates()

    lotteries.decline(application=sitting_on(side(second)).application, now=made.thread.now)

    standing = Offer.objects.standing()
    assert sorted(side(one.application) for one in standing) == ["hill-side", "river-side"]
    assert {one.application for one in standing} & set(alternates()) == {second}


def test_where_no_alternate_keeps_the_balance_the_first_in_order_gets_the_seat(made):
    offered(made)
    first, fits = alternates()
    gone = sitting_on(side(fits)).application
    applications.withdraw(application=fits, now=made.thread.now)

    lotteries.decline(application=gone, now=made.thread.now)

    assert Offer.objects.order_by("-pk")[0].application == first


def test_two_seats_that_come_free_at_once_are_offered_to_two_who_keep_the_balance_together(made):
    offered(made)
    for one in Offer.objects.all():
        applications.withdraw(application=one.application, now=made.thread.now)

    tick(program=made.thread.program, now=made.thread.now)

    assert {one.application for one in Offer.objects.standing()} == set(alternates())


def test_it_is_the_turn_of_the_first_with_whom_every_quota_is_still_met_in_few_queries(
    made, new_site_client, django_assert_num_queries
):
    offered(made)
    for one in Offer.objects.all():
        lotteries.accept(application=one.application, now=made.thread.now)
    first, fits = (one.carried.alternate for one in alternates())
    gone = sitting_on(side(fits.carried.application))
    leave_seat(seat=gone.seat, on=made.thread.now.date(), ground="moved", reason="", now=made.thread.now)
    cohort, given = Cohort.objects.get(), {"paid_by": "outside", "now": made.thread.now}

    assert "with whom every quota is still met" in words(steward(new_site_client, made).get(OFFERS))
    with django_assert_num_queries(6):
        line = line_of(cohort)
    assert (line.next, list(line.waiting)) == (fits, [first, fits])
    with pytest.raises(Refused, match="It is the turn of"):
        call_up(alternate=first, vacancy=Vacancy.objects.get(), **given)
    assert call_up(alternate=fits, vacancy=Vacancy.objects.get(), **given).pk


def test_an_alternate_reads_by_which_rule_and_until_when_then_that_they_were_called_up(made, new_site_client):
    offered(made)
    first, second = alternates()
    tick(program=made.thread.program, now=made.thread.now)
    phone = cast.Phone(new_site_client())
    phone.code = made.codes[first.pk]
    waiting = phone.post("open")
    for one in Offer.objects.all():
        lotteries.accept(application=one.application, now=made.thread.now)
    leave_seat(
        seat=sitting_on(side(first)).seat,
        on=made.thread.now.date(),
        ground="moved",
        reason="",
        now=made.thread.now,
    )
    made.thread.now += timedelta(days=1)
    call_up(
        alternate=first.carried.alternate,
        vacancy=Vacancy.objects.get(),
        paid_by="outside",
        now=made.thread.now,
    )
    lotteries.leave_the_list(application=second, seat=None, on=made.thread.now.date())

    assert "the first alternate in order with whom the balance of the draw is kept" in waiting
    assert "You wait until" in waiting
    assert "You were called up to a place that fell empty." in phone.post("open")
    phone.code = made.codes[second.pk]
    assert "You do not wait for a place any more." in phone.post("open")


def sent(made):
    """Let the clock run, and give the letters that it sent."""
    tick(program=made.thread.program, now=made.thread.now)
    call_command("db_worker", queue_name="*", batch=True, interval=0, verbosity=0, startup_delay=False)
    letters = list(mail.outbox)
    mail.outbox.clear()
    return letters


def test_who_is_offered_a_seat_and_does_not_answer_gets_a_second_letter_two_days_before_the_last_day(made):
    offered(made)
    made_offers = list(Offer.objects.open())
    last = made_offers[0].answer_by
    first = sent(made)
    by_day = {}
    while made.thread.now.date() <= last:
        made.thread.now += timedelta(days=1)
        by_day[(last - made.thread.now.date()).days] = [
            one.to for one in sent(made) if "It waits" in one.body
        ]

    owners = sorted(one.application.contact.email for one in made_offers)
    asked = [one for one in first if "It waits for an answer from you until" in one.body]
    assert sorted(one.to[0] for one in asked) == owners
    assert day_in_words(last) in asked[0].body
    assert sorted(to[0] for to in by_day.pop(2)) == owners
    assert [to for day, found in by_day.items() if day >= 0 for to in found] == []


def test_a_letter_goes_again_when_a_seat_is_offered_and_when_the_wait_is_over(made):
    offered(made)
    told = len(sent(made))
    made.thread.now += timedelta(days=1)
    lotteries.leave_the_list(application=alternates()[0], seat=None, on=made.thread.now.date())
    after = len(sent(made))
    again = len(sent(made))

    assert (told, after, again) == (Ticket.objects.count(), 1, 0)
