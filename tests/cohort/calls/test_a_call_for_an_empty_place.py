"""An empty place names the call that is running for it, so that nobody opens a second one."""

from datetime import timedelta

import pytest

from alongside.cohort.seats import actions as seats
from alongside.ground.ui.days import day_in_words
from tests.cohort.calls import cast
from tests.promises.attempts import as_
from tests.work.engagements.test_drafting import text_of

DESK, PLACES = "/riverbend/en/steward/", "/riverbend/en/steward/seats/"
RUNS = "A call was made for it: choose by"


@pytest.fixture
def thread(db):
    thread = cast.program()
    seats.open_vacancy(cohort=thread.third_lead.cohort, on=thread.now.date(), now=thread.now)
    return thread


def called(thread, **other):
    """Publish a call for one place of the cohort's own term."""
    term = {
        "term_from": thread.now.date() + timedelta(days=61),
        "term_until": thread.third_lead.cohort.until_date,
    }
    return cast.published(thread, **{"seats": 1, "alternates": 0, "sought": [], **term, **other})


def shown(thread) -> list[int]:
    return [text_of(as_(thread.steward).get(page)).count(RUNS) for page in (DESK, PLACES)]


def test_the_row_and_the_page_of_an_empty_place_name_the_call_that_is_running_for_it(thread):
    before = shown(thread)
    call = called(thread)
    desk, places = (text_of(as_(thread.steward).get(page)) for page in (DESK, PLACES))

    assert (before, shown(thread)) == ([0, 0], [1, 1])
    says = f"{RUNS} {day_in_words(call.decides_by)}."
    assert [says in page.replace(" .", ".") for page in (desk, places)] == [True, True]
    assert "Give it to an alternate, or open a call." not in desk
    choose = f'href="/riverbend/en/steward/selection/{call.slug}/"'
    linked = [choose in as_(thread.steward).get(page).content.decode() for page in (DESK, PLACES)]
    assert linked == [False, True]  # the row leads to the page that has both ways
    assert "steward/seats/?cohort=" in as_(thread.steward).get(DESK).content.decode()


def test_who_calls_an_alternate_up_reads_that_a_call_runs_for_the_place(thread):
    steward, cohort = as_(thread.steward), thread.third_lead.cohort
    seats.add_alternate(cohort=cohort, email=None, called="Al", language="en", now=thread.now)
    step = "Ask the next person on the list."
    before = (step in text_of(steward.get(DESK)), "Next on the list: Al" in text_of(steward.get(PLACES)))
    call = called(thread)
    says = f"{RUNS} {day_in_words(call.decides_by)}."

    place = steward.get(PLACES).content.decode().split('<li id="empty-')[1].split("</li>")[0]
    desk = text_of(steward.get(DESK)).replace(" .", ".")
    assert before == (True, True)
    assert "Or give it to the next person on the list:" in place
    assert "Or ask the next person on the list." in desk
    assert says in desk
    assert says in text_of(steward.get(f"{PLACES}call-up/"))


def test_two_places_of_one_call_are_set_aside_each_by_itself(thread):
    seats.open_vacancy(cohort=thread.third_lead.cohort, on=thread.now.date(), now=thread.now)
    called(thread, seats=2)

    waits = as_(thread.steward).get(DESK).context["queue"].waits
    names = [one.name for one in waits if one.step.heading == "Fill an empty place"]
    assert len(set(names)) == 2


def test_a_call_names_no_more_places_than_it_brings(thread):
    seats.open_vacancy(cohort=thread.third_lead.cohort, on=thread.now.date(), now=thread.now)
    called(thread)

    assert shown(thread) == [1, 1]


def test_a_call_for_the_next_term_is_not_for_a_place_of_this_one(thread):
    until = thread.third_lead.cohort.until_date
    called(thread, term_from=until + timedelta(days=1), term_until=until + timedelta(days=300))

    assert shown(thread) == [0, 0]


def test_a_call_that_was_published_before_the_place_was_empty_is_for_another(db):
    thread = cast.program()
    called(thread)
    seats.open_vacancy(cohort=thread.third_lead.cohort, on=thread.now.date(), now=thread.now)

    assert shown(thread) == [0, 0]
