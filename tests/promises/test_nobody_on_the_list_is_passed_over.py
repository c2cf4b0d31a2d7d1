"""What a call promises: an empty place goes to those who wait in their order, and nobody passes over who said neither no nor nothing."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from alongside.cohort.applications.models import Contact
from alongside.cohort.lotteries import actions as lotteries
from alongside.cohort.lotteries.models import Offer
from alongside.cohort.lotteries.tasks import tick
from alongside.cohort.reviews.models import Decision
from alongside.cohort.seats import actions as seats
from alongside.cohort.seats.models import Alternate, Cohort, Seat, Vacancy
from alongside.cohort.seats.queries.cohorts import line_of
from alongside.core.refusals import Refused
from alongside.ground.people.actions import make_person
from alongside.ground.programs import actions as programs
from alongside.ground.programs.models import Act
from alongside.ground.record.models import LogEntry
from tests.cohort.calls import cast
from tests.cohort.lotteries.drawing import attest, drawn, offered, over, panel_with_alternates
from tests.cohort.reviews.choosing import UNTIL_CLOSED, plant
from tests.promises.attempts import BASE, as_
from tests.support.remembering import this_hour

pytestmark = pytest.mark.django_db
PLACES = f"{BASE}/steward/seats/"
SHOWN = re.compile(r'name="alternate" value="(\d+)"')


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def chosen():
    """Draw two leads and three who wait in their order, all reached by a letter; no place is offered yet."""
    early = cast.program(now=this_hour() - UNTIL_CLOSED - timedelta(days=4))
    found = drawn(selection_="lottery", alternates=3, thread=early)
    assert found.thread.now <= this_hour(), "pages look at the day of today"
    for place, one in enumerate(Contact.objects.order_by("pk")):
        Contact.objects.filter(pk=one.pk).update(email=f"{place}@example.org", name=f"Zebrina {place}")
    attest(found, True, True)
    over(found)
    return found


@pytest.fixture
def made(chosen):
    """Seat both whom the draw chose; then one lead of before leaves."""
    found = chosen
    for one in offered(found):
        lotteries.accept(application=one.application, now=found.thread.now)
    given = {"reason": "", "ground": "moved", "now": found.thread.now}
    seats.leave_seat(seat=found.thread.first_lead, on=found.thread.now.date(), **given)
    return found


def in_line() -> list[Alternate]:
    """Give who waits, as the draw put them."""
    rows = Decision.objects.filter(outcome="alternate", by_lottery=True).order_by("place")
    return [one.application.carried.alternate for one in rows]


def asked(made, alternate, days=7, vacancy=None):
    given = {"answer_by": made.thread.now.date() + timedelta(days=days), "now": made.thread.now}
    return lotteries.ask_next(alternate=alternate, vacancy=vacancy or Vacancy.objects.get(), **given)


def second_steward(made):
    """Let a second person run the program."""
    today, email = made.thread.now.date(), "other@riverbend.example"
    person = make_person(email=email)
    given = {"program": made.thread.program, "email": email, "from_date": today}
    programs.take_up(post=programs.appoint(post="steward", **given), today=today)
    return person


def posts(alternate) -> dict[str, dict[str, object]]:
    """Give by page what a coordinator can post to let an alternate step in, whatever the page shows."""
    chosen = {"vacancy": Vacancy.objects.get().pk, "alternate": alternate.pk}
    return {
        f"{PLACES}call-up/": {**chosen, "paid_by": "outside", "asked": "on"},
        f"{PLACES}ask/": {**chosen, "answer_by": "2099-01-01"},
    }


def test_no_coordinator_lets_the_second_step_in_before_the_first_was_asked(made):
    first, second, _third = in_line()
    before = (Seat.objects.count(), LogEntry.objects.count(), Offer.objects.count())
    for person in (made.thread.steward, second_steward(made)):
        for page, typed in posts(second).items():
            assert SHOWN.search(as_(person).get(page).content.decode())[1] == str(first.pk)
            told = words(as_(person).post(page, typed))
            assert f"It is the turn of {first.person.called}" in re.sub("[⁦-⁩]", "", told)
    given = {"vacancy": Vacancy.objects.get(), "paid_by": "outside", "now": made.thread.now}
    with pytest.raises(Refused, match="nobody on the list is passed over"):
        seats.call_up(alternate=second, **given)
    assert (Seat.objects.count(), LogEntry.objects.count(), Offer.objects.count()) == before


def test_no_coordinator_takes_whom_a_selection_chose_off_the_list(made):
    first = in_line()[0]
    page = as_(made.thread.steward).get(PLACES)
    told = as_(made.thread.steward).post(f"{PLACES}alternates/{first.pk}/stand-down/")

    assert f"/alternates/{first.pk}/stand-down/" not in page.content.decode()
    assert "so only they leave it" in words(told)
    first.refresh_from_db()
    assert first.stood_down_on is None


def test_whom_the_coordinator_put_on_the_list_and_took_off_before_the_offers_waits_as_the_draw_chose(chosen):
    steward, drawn_here = as_(chosen.thread.steward), []
    for place in (3, 1, 2):
        contact = Decision.objects.get(place=place).application.contact
        drawn_here.insert(place - 1, contact.email)
        steward.post(f"{PLACES}alternates/", {"called": contact.name, "email": contact.email})
        row = Alternate.objects.get(person__email=contact.email)
        steward.post(f"{PLACES}alternates/{row.pk}/stand-down/")
    steward.post(f"{PLACES}alternates/", {"called": "A friend", "email": "friend@example.org"})

    offered(chosen)
    line = line_of(Cohort.objects.get())
    assert [one.person.email for one in line.waiting] == [*drawn_here, "friend@example.org"]
    assert line.chosen == {one.pk for one in in_line()}
    assert "so only they leave it" in words(steward.post(f"{PLACES}alternates/{line.next.pk}/stand-down/"))


def test_who_said_no_to_an_earlier_call_waits_again_where_a_later_one_chose_them(made):
    first = in_line()[0]
    asked(made, first)
    lotteries.decline(application=first.carried.application, now=made.thread.now)
    later, (one, other, *_rest) = panel_with_alternates(thread=made.thread, slug="later")
    Contact.objects.filter(application=other).update(email=first.person.email)
    offered(later)
    assert Alternate.objects.get(person=first.person).pk in line_of(Cohort.objects.get()).chosen
    assert Alternate.objects.get(person=first.person).carried.application == other


def test_whoever_is_asked_answers_alone_and_a_no_asks_the_next_by_itself(made):
    first, second, third = in_line()
    asked(made, first)
    page, typed = next(iter(posts(first).items()))
    told = words(as_(made.thread.steward).post(page, typed))
    assert "No place is empty for the next person on the list." in told
    for one, says in (
        (first, "and can answer until"),
        (second, "Somebody is asked whether they want this place"),
    ):
        with pytest.raises(Refused, match=says):
            seats.call_up(alternate=one, vacancy=Vacancy.objects.get(), paid_by="", now=made.thread.now)

    lotteries.decline(application=first.carried.application, now=made.thread.now)
    made.thread.now += timedelta(days=8)
    tick(program=made.thread.program, now=made.thread.now)
    seat = lotteries.accept(application=third.carried.application, now=made.thread.now)

    offers = Offer.objects.filter(vacancy__isnull=False).order_by("pk")
    assert [(one.application.carried.alternate, one.ground) for one in offers] == [
        (first, "said-no"),
        (second, "no-answer"),
        (third, None),
    ]
    assert Vacancy.objects.get().filled_by == seat
    taken = LogEntry.objects.get(kind="seat.taken", subject=seat.public_id).parsed
    assert taken.cites["vacancy"] == (Vacancy.objects.get().entry,)


def test_who_is_asked_has_days_to_answer(made):
    first = in_line()[0]
    with pytest.raises(Refused, match="People need time to answer: 5 days at least"):
        asked(made, first, days=4)
    assert asked(made, first, days=5).application == first.carried.application


def test_no_place_waits_for_who_is_silent_longer_than_two_weeks_or_than_its_term(made):
    first, second, third = in_line()
    with pytest.raises(Refused, match="Others wait for a place too. Choose .* or a day before it"):
        asked(made, first, days=15)
    cohort = Cohort.objects.get()
    made.thread.now += timedelta(days=(cohort.until_date - made.thread.now.date()).days - 6)
    with pytest.raises(Refused, match="Others wait for a place too"):
        asked(made, first, days=7)
    asked(made, first, days=6)
    made.thread.now += timedelta(days=2)
    lotteries.decline(application=first.carried.application, now=made.thread.now)
    assert Offer.objects.open().get().answer_by == cohort.until_date
    made.thread.now += timedelta(days=4)
    lotteries.decline(application=second.carried.application, now=made.thread.now)
    assert not Offer.objects.open().exists()
    with pytest.raises(Refused, match="This cohort sits until .*, and people need 5 days to answer"):
        asked(made, third, days=5)


def test_a_call_fills_no_empty_place_while_somebody_waits_for_it_on_the_list(made):
    thread, cohort = made.thread, Cohort.objects.get()
    day = thread.now.date()
    days = {"term_from": day + timedelta(days=90), "term_until": day + timedelta(days=190)}
    later = cast.published(thread, "later", selection="lottery", seats=1, alternates=1, **days)
    for place in range(2):
        plant(cast.begun(later, thread.now).application, thread.now, 70 + place)
    thread.now += timedelta(days=31)
    for one, outcome in zip(later.applications.order_by("reference"), ("seat", "alternate"), strict=True):
        place = 1 if outcome == "alternate" else None
        given = {"outcome": outcome, "place": place, "reasons": "So.", "on": thread.now.date()}
        Decision.objects.create(application=one, call=later, **given)
    lotteries.close_selection(call=later, reasons="So.", lang="en", now=thread.now)
    later.refresh_from_db()
    given = {"answer_by": thread.now.date() + timedelta(days=7), "now": thread.now}
    (offer,) = lotteries.make_offers(call=later, cohort=cohort, **given)

    assert [one.carried.application.call for one in line_of(cohort).waiting] == [made.call] * 3 + [later]
    seat = lotteries.accept(application=offer.application, now=thread.now)
    assert (seat.cohort, Vacancy.objects.get().filled_by) == (cohort, None), (
        "the call brought a place of its own"
    )
    assert asked(made, in_line()[0]).vacancy == Vacancy.objects.get()


def test_who_is_called_up_reads_on_their_page_until_when_and_for_how_long(made, new_site_client):
    first = in_line()[0]
    asked(made, first)
    phone = cast.Phone(new_site_client())
    phone.code = made.codes[first.carried.application_id]
    told = phone.post("open")
    assert "A place fell empty, and it is your turn." in told
    assert "You took the place. Welcome." in phone.post("accept")
    assert Vacancy.objects.get().filled_by.person == first.person


def test_who_let_the_day_pass_reads_that_and_is_thanked_for_no_answer(made, new_site_client):
    first = in_line()[0]
    asked(made, first)
    tick(program=made.thread.program, now=made.thread.now + timedelta(days=8))
    phone = cast.Phone(new_site_client())
    phone.code = made.codes[first.carried.application_id]
    told = phone.post("open")
    assert ("No answer came" in told, "Thank you for telling us" in told) == (True, False)


def test_whom_the_coordinator_adds_waits_behind_whom_a_draw_chose_and_leads_read_of_it(made):
    thread, drawn_here = made.thread, in_line()
    steward, cohort = as_(thread.steward), Cohort.objects.get()
    steward.post(f"{PLACES}alternates/", {"called": "A friend", "email": "friend@example.org"})
    friend = Alternate.objects.get(person__email="friend@example.org")
    page, typed = next(iter(posts(friend).items()))
    assert "It is the turn of" in words(steward.post(page, typed))
    for one in drawn_here:
        lotteries.leave_the_list(application=one.carried.application, seat=None, on=thread.now.date())
    steward.post(f"{PLACES}alternates/{friend.pk}/stand-down/")

    assert list(Act.objects.order_by("pk").values_list("did", flat=True)) == ["listed", "unlisted"]
    read = words(as_(thread.second_lead.person).get(f"{BASE}/acts/"))
    assert "took someone off the list of those who step in" in read
    assert cohort.alternates.get(pk=friend.pk).stood_down_on is not None


def test_who_said_no_and_is_put_back_waits_behind_all_whom_the_draw_chose(made):
    first, second, third = in_line()
    asked(made, first)
    lotteries.decline(application=first.carried.application, now=made.thread.now)
    lotteries.decline(application=second.carried.application, now=made.thread.now)
    given = {"email": first.person.email, "called": "-", "language": "en", "now": made.thread.now}
    seats.add_alternate(cohort=Cohort.objects.get(), **given)

    place = {"vacancy": Vacancy.objects.get(), "now": made.thread.now}
    with pytest.raises(Refused, match="Somebody is asked whether they want this place"):
        seats.call_up(alternate=first, paid_by="outside", **place)
    lotteries.decline(application=third.carried.application, now=made.thread.now)
    line = line_of(Cohort.objects.get())
    assert (line.next, line.chosen) == (first, frozenset())
    with pytest.raises(Refused, match="This person has no page to answer on"):
        asked(made, first)
    assert seats.call_up(alternate=first, paid_by="outside", **place).person == first.person


def test_of_two_empty_places_the_second_goes_to_the_second_while_the_first_is_asked(made):
    first, second, _third = in_line()
    seats.leave_seat(seat=made.thread.second_lead, on=made.thread.now.date(), reason="", now=made.thread.now)
    one, other = Vacancy.objects.order_by("pk")
    asked(made, first, vacancy=one)
    with pytest.raises(Refused, match="This person is asked whether they want a place, and can answer until"):
        asked(made, first, vacancy=other)
    assert asked(made, second, vacancy=other).application == second.carried.application
    for alternate, vacancy in ((second, other), (first, one)):
        seat = lotteries.accept(application=alternate.carried.application, now=made.thread.now)
        vacancy.refresh_from_db()
        assert vacancy.filled_by == seat


@pytest.mark.usefixtures("both_databases")
def test_the_database_offers_an_empty_place_to_one_at_a_time(request):
    made = request.getfixturevalue("made")
    first, second, _third = in_line()
    offer = asked(made, first)
    given = {
        "call": offer.call,
        "cohort": offer.cohort,
        "made_on": offer.made_on,
        "answer_by": offer.answer_by,
    }
    with pytest.raises(DatabaseError, match="one_at_a_time|answered once|UNIQUE"), transaction.atomic():
        Offer.objects.create(application=second.carried.application, vacancy=offer.vacancy, **given)
    lotteries.decline(application=first.carried.application, now=made.thread.now)
    assert Offer.objects.open().get().application == second.carried.application
