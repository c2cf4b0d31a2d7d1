"""A call is kept to its end: what was sent stays until it is decided and answered, its days are told as they are, and hold."""

from datetime import date, datetime, timedelta

import pytest

from alongside.cohort.applications import actions as applications
from alongside.cohort.applications.models import Answer
from alongside.cohort.applications.tasks import tick
from alongside.cohort.calls.actions import correct_call
from alongside.cohort.calls.models import Call
from alongside.cohort.lotteries import actions as lotteries
from alongside.cohort.lotteries.models import Offer
from alongside.cohort.lotteries.queries import is_long_enough, next_steps
from alongside.cohort.reviews import actions as reviews
from alongside.cohort.reviews.models import Reading
from alongside.cohort.seats.models import Cohort
from alongside.core.entries import Entry, GrammarError
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Refused
from alongside.core.workflow.calls import CallStep
from alongside.core.workflow.open_steps import STEWARD, OpenStep
from alongside.ground.programs.actions import adopt_pack
from alongside.ground.programs.queries import pack_of, pack_version
from alongside.ground.record.queries import entry_views_where
from alongside.ground.ui.days import day_in_words
from tests.cohort.calls import cast
from tests.cohort.reviews.choosing import UNTIL_CLOSED, Closed, closed, reader, with_readers
from tests.promises.test_no_seat_is_filled_alone import words
from tests.support.remembering import this_hour
from tests.support.thread import Thread

pytestmark = pytest.mark.django_db


def keep_for_a_day(thread: Thread) -> None:
    """Let rules come into force by which applications are kept for one day."""
    text = pack_version(thread.program).text.replace("kept_days = 730", "kept_days = 1", 1)
    adopt_pack(program=thread.program, text=text, on=thread.now.date())
    assert pack_of(thread.program).calls.kept_days == 1


def after(made: Closed, days: int) -> int:
    """Let some days pass and the clock do its work; give how many applications still count."""
    made.thread.now += timedelta(days=days)
    tick(program=made.thread.program, now=made.thread.now)
    return made.call.applications.live().count()


def decided(*outcomes: str, thread: Thread | None = None) -> Closed:
    """Let a panel give each application one of these, and the selection end."""
    terms = {"count": len(outcomes), "seats": 1, "alternates": outcomes.count("alternate")}
    made = with_readers(closed(thread=thread, **terms), 2)
    made.read_all(5)
    made.line()
    for one, outcome in zip(made.applications, outcomes, strict=True):
        reviews.decide(application=one, outcome=outcome, reasons="So.", now=made.thread.now)
    lotteries.close_selection(call=made.call, reasons="So.", lang="en", now=made.thread.now)
    made.call.refresh_from_db()
    return made


def offered(made: Closed, days: int) -> None:
    """Offer the free place."""
    by = made.thread.now.date() + timedelta(days=days)
    cohort = Cohort.objects.get()
    lotteries.make_offers(call=made.call, cohort=cohort, answer_by=by, now=made.thread.now)


def pages(made: Closed, client) -> list[str]:
    """Give what the page of a call, that of how people are chosen, and an applicant's own say, as text."""
    phone = cast.Phone(client)
    phone.code = made.codes[made.applications[0].pk]
    base = f"/riverbend/en/calls/{made.call.slug}/"
    return [words(client.get(base)), words(client.get(f"{base}selection/")), phone.post("status")]


def test_what_people_sent_is_kept_while_their_call_is_not_decided():
    made = with_readers(closed(count=11, seats=1), 2)
    made.read_all(5, 2)
    made.line()
    keep_for_a_day(made.thread)

    assert after(made, 62) == 11, "two days after everyone was to have an answer"
    assert after(made, 800) == 11, "nor two years later"
    assert (Answer.objects.exists(), Reading.objects.exclude(read_on=None).exists()) == (True, True)

    reviews.decide(application=made.applications[0], outcome="no", reasons="So.", now=made.thread.now)
    lotteries.close_selection(call=made.call, reasons="Nobody fits.", lang="en", now=made.thread.now)
    (told,) = entry_views_where(made.thread.program, "en", kinds=[EntryKind.SELECTION_CLOSED])
    assert told.entry.data["applications"] == {"low": 10, "high": 20}


def test_applications_are_kept_after_the_choice_as_the_rules_said_when_the_call_was_published():
    made = decided("no", "no", "no")
    keep_for_a_day(made.thread)

    assert after(made, 730) == 3
    assert after(made, 1) == 0


def test_nobody_is_erased_who_has_an_offer_or_waits_for_one():
    thread = cast.program()
    keep_for_a_day(thread)
    made = decided("seat", "alternate", "no", thread=thread)
    offered(made, 14)

    assert after(made, 5) == 2
    assert list(Offer.objects.values_list("answered_on", "ground")) == [(None, None)]

    Offer.objects.update(ground="said-no", answered_on=made.thread.now.date())
    assert after(made, 1) == 1, "who waits is kept, who said no is not"
    assert after(made, 400) == 0, "the term is over"


def test_a_call_that_nobody_decided_by_its_day_is_late_and_not_over(site_client):
    made = closed(count=1, thread=cast.program(now=this_hour() - UNTIL_CLOSED - timedelta(days=60)), seats=1)
    made.thread.now += timedelta(days=60)
    day = day_in_words(made.call.decides_by)

    late = pages(made, site_client)
    assert [f"Late: everyone was to have an answer by {day}" in one for one in late] == [True, False, True]
    assert f"This is late: everyone was to have an answer by {day}" in late[1]
    assert f"This is late: you were to have an answer by {day}" in late[2]
    assert [
        one for one in late if "is over" in one or "has an answer by" in one or "have an answer, " in one
    ] == []

    reader(made)
    reader(made)
    reviews.spread(call=made.call, now=made.thread.now)
    made.read_all(5)
    made.line()
    reviews.decide(application=made.applications[0], outcome="no", reasons="So.", now=made.thread.now)
    lotteries.close_selection(call=made.call, reasons="So.", lang="en", now=made.thread.now)
    assert ["This call is over" in one for one in pages(made, site_client)] == [True, False, True]


def corrected(call: Call, about: str, day: date, now: datetime) -> Entry:
    """Correct a day of a call."""
    return correct_call(call=call, about=about, words="Moved.", lang="en", day=day, count=None, now=now)


def test_people_have_fourteen_days_to_apply_from_the_day_on_which_they_can_know():
    thread = cast.program()
    today = thread.now.date()
    for opens, closes in ((today, today), (today - timedelta(days=30), today + timedelta(days=13))):
        with pytest.raises(GrammarError, match="people need at least 14 days to apply"):
            cast.published(thread, f"call-{closes.day}", opens=opens, closes=closes)

    opens = today + timedelta(days=9)
    with pytest.raises(GrammarError, match="people need at least 14 days to apply"):
        cast.published(thread, "later", opens=opens, closes=opens + timedelta(days=13))

    first = today + timedelta(days=14)
    assert cast.published(thread, opens=today - timedelta(days=30), closes=first).entry is not None


def test_no_correction_takes_the_days_to_apply():
    thread = cast.program()
    today = thread.now.date()
    call = cast.published(thread, closes=today + timedelta(days=50))

    for about, days in (("closes", 0), ("closes", 13), ("opens", 37)):
        with pytest.raises(GrammarError, match="people need at least 14 days to apply"):
            corrected(call, about, today + timedelta(days=days), thread.now)

    corrected(call, "closes", today + timedelta(days=14), thread.now)
    soon = thread.now + timedelta(days=13)
    corrected(call, "closes", today + timedelta(days=17), soon)
    assert Call.objects.get().closes == today + timedelta(days=17), (
        "three days more, on the day before the last"
    )


def test_a_draw_is_announced_for_soon_after_the_day_of_the_answers():
    made = closed(count=3, selection="lottery", seats=1, alternates=1)
    given = {"call": made.call, "seed_source": "The evening numbers.", "lang": "en"}
    last = made.call.decides_by + timedelta(days=14)

    for day in (date(2046, 1, 1), last + timedelta(days=1)):
        with pytest.raises(GrammarError, match="name a day of the seed that is .* at the latest"):
            lotteries.announce(**given, seed_day=day, now=made.thread.now)

    made.thread.now += timedelta(days=90)
    last = made.thread.now.date() + timedelta(days=14)
    with pytest.raises(GrammarError, match="at the latest"):
        lotteries.announce(**given, seed_day=last + timedelta(days=1), now=made.thread.now)
    assert lotteries.announce(**given, seed_day=last, now=made.thread.now).seed_day == last


def test_an_offer_is_of_a_place_as_long_as_the_call_promised_and_says_its_days(new_site_client):
    made = decided("seat", "no", thread=cast.program(now=this_hour() - UNTIL_CLOSED))
    today, whole = made.thread.now.date(), Cohort.objects.get()
    short = made.thread.seat_cohort("short", today, today + timedelta(days=95))
    given = {"call": made.call, "answer_by": today + timedelta(days=10), "now": made.thread.now}
    with pytest.raises(Refused, match="this cohort does not sit so long"):
        lotteries.make_offers(**given, cohort=short)
    assert Offer.objects.count() == 0

    steward = new_site_client()
    steward.force_login(made.thread.steward)
    page = steward.get(f"/riverbend/en/steward/selection/{made.call.slug}/offers/").content.decode()
    assert [f'value="{one.pk}"' in page for one in (whole, short)] == [True, False]

    lotteries.make_offers(**given, cohort=whole)
    first, last = day_in_words(whole.from_date), day_in_words(whole.until_date)
    assert f"The place is from {first} to {last} ." in pages(made, new_site_client())[2]


def test_a_call_waits_for_its_coordinator_until_its_places_are_offered_and_is_late_past_the_day_of_the_answers(
    new_site_client,
):
    early = this_hour() - UNTIL_CLOSED - timedelta(days=60)
    made = decided("seat", "alternate", "no", thread=cast.program(now=early))
    today, desk, day = made.thread.now.date(), new_site_client(), day_in_words(made.call.decides_by)
    ((call, step),) = next_steps(made.thread.program, today)
    assert (call, step) == (made.call, OpenStep(CallStep.OFFER, STEWARD, made.call.decides_by))
    assert next_steps(made.thread.program, today + timedelta(days=900)) == [(call, step)]

    desk.force_login(made.thread.steward)
    offers = f'href="/riverbend/en/steward/selection/{made.call.slug}/offers/"'
    home = desk.get("/riverbend/en/steward/").content.decode()
    late = pages(made, new_site_client())
    assert offers in home
    assert f"Late: people were chosen, and the places were to be offered by {day}" in late[1]
    assert f"This is late: the offer was to come by {day}" in late[2]

    offered(made, 10)
    assert next_steps(made.thread.program, today) == []
    assert "were to be offered" not in pages(made, new_site_client())[1]


def test_nothing_waits_of_a_call_that_chose_nobody_who_is_still_in(new_site_client):
    made = decided("seat", "no", thread=cast.program(now=this_hour() - UNTIL_CLOSED))
    assert (
        f"The offer comes to this page by {day_in_words(made.call.decides_by)}"
        in pages(made, new_site_client())[2]
    )
    applications.withdraw(application=made.applications[0], now=made.thread.now)
    assert next_steps(made.thread.program, made.thread.now.date()) == []


@pytest.mark.parametrize("when", ["in the last week", "after its end"])
def test_a_place_that_is_offered_late_is_as_long_as_the_call_said(when, new_site_client):
    early = this_hour() - UNTIL_CLOSED - timedelta(days=300)
    made = decided("seat", "no", thread=cast.program(now=early))
    whole, cohort = made.call.term_until - made.call.term_from, Cohort.objects.get()
    last = this_hour().date() + timedelta(days=6 if when == "in the last week" else -9)
    Cohort.objects.filter(pk=cohort.pk).update(until_date=last)
    cohort.refresh_from_db()
    made.thread.now = this_hour()
    by = made.thread.now.date() + timedelta(days=5)
    with pytest.raises(Refused, match="this cohort does not sit so long"):
        lotteries.make_offers(call=made.call, cohort=cohort, answer_by=by, now=made.thread.now)

    desk = new_site_client()
    desk.force_login(made.thread.steward)
    desk.post(f"/riverbend/en/steward/selection/{made.call.slug}/offers/", {"name": "Late", "answer_by": by})
    seat = lotteries.accept(application=Offer.objects.get().application, now=made.thread.now)
    assert (seat.from_date, seat.until_date - seat.from_date) == (made.thread.now.date(), whole)


@pytest.mark.parametrize("late", [0, 20, 200])
def test_a_place_loses_two_weeks_of_its_term_at_most_however_late_the_selection_ends(late):
    made = decided("seat", "no")
    first = made.call.term_from
    made.call.decided_on = made.call.decides_by + timedelta(days=late)
    cohort = made.thread.seat_cohort("term", first, made.call.term_until)
    offered_on = [first + timedelta(days=n) for n in (-1, 0, 14, 15)]
    assert [is_long_enough(made.call, cohort, one) for one in offered_on] == [True, True, True, False]
