"""How the program is doing stands on one page: charts that are tables, small groups untold, and the glance on the desk."""

import re
from datetime import timedelta

import pytest

from alongside.cohort.applications.models import Application, Event
from alongside.cohort.calls.models import Call
from alongside.cohort.seats import actions as seats
from alongside.core.workflow.applications import EventKind
from alongside.desks import translations
from alongside.ground.texts.queries import WantingCount
from alongside.ground.ui.days import day_in_words
from tests.cohort.calls import cast as calls
from tests.cohort.pay.cast import paid_by_the_hour
from tests.cohort.seats import cast
from tests.promises.attempts import as_
from tests.support.remembering import this_hour
from tests.support.thread import Thread
from tests.work.engagements.test_drafting import text_of

PAGE = "/riverbend/en/steward/overview/"


def charts(thread):
    return {one.name: one for one in as_(thread.steward).get(PAGE).context["charts"]}


def rows(chart):
    return [(one.name, *(number.replace("\xa0", " ") for number in one.numbers)) for one in chart.bars]


def test_only_whoever_runs_the_program_reads_the_page(db):
    thread = Thread().open_program()
    others = (thread.first_lead.person, thread.staff, thread.boss)
    assert [as_(one).get(PAGE).status_code for one in others] == [403] * 3
    assert as_(thread.steward).get(PAGE).status_code == 200


def test_every_chart_is_a_table_with_its_numbers_and_a_bar_in_each_line(db):
    thread = Thread(now=this_hour()).to_open_engagement()
    thread.answer(thread.recommend(thread.find()))

    assert charts(thread)["promises"].says == "Nothing was due yet."
    html = as_(thread.steward).get(PAGE).content.decode()

    tables = re.findall(r'<table class="bars".*?</table>', html, re.DOTALL)
    assert len(tables) == 5
    for table in tables:
        lines = re.findall(r"<tr><th scope=\"row\".*?</tr>", table, re.DOTALL)
        assert lines
        assert [one for one in lines if "<svg" not in one or 'class="number"' not in one] == []
    assert "<script" not in "".join(tables)


def test_answers_are_counted_in_the_month_in_which_they_came_or_were_due(db):
    thread = Thread(now=this_hour() - timedelta(days=80)).to_open_engagement()
    finding = thread.find()
    thread.question()
    thread.answer(thread.recommend(finding))
    month = f"{thread.now:%B %Y}"
    thread.later(80)

    found = charts(thread)["answers"]

    assert {name: (done, late) for name, done, late in rows(found)}[month] == ("1", "0")
    assert sum(int(late) for _name, _done, late in rows(found)) == 1
    assert (
        found.says == "1 answer is late today. Longest: Libraries and Halls Unit, Manager, late by 20 days."
    )


def test_places_pay_and_hours_say_what_the_steward_has_to_know(db):
    paid = paid_by_the_hour()
    paid.approve(paid.log(hours=2))
    paid.run()
    paid.log(seat=paid.second, hours=3)
    thread = paid.thread
    seats.leave_seat(seat=thread.third_lead, on=thread.now.date(), reason="", now=thread.now)

    found = charts(thread)

    assert rows(found["places"]) == [("The first cohort", "2", "1")]
    assert rows(found["pay"]) == [
        ("Paid, or sent to finance", "90.00 USD"),
        ("Approved, not paid yet", "0.00 USD"),
        ("Not approved yet", "135.00 USD"),
        ("Left", "4,775.00 USD"),
    ]
    used = "225.00 USD of 5,000.00 USD for pay is paid or owed (4%)."
    assert found["pay"].says.replace("\xa0", " ").startswith(f"{used} Of the time up to ")
    assert [filled + hollow for _bar, filled, hollow in found["pay"].lines] == [1, 0, 2, 95]
    assert (rows(found["hours"])[-1][1], found["hours"].says) == ("5:00", "5:00 hours in six months.")


def applied(call, lang, many):
    for number in range(many):
        one = Application.objects.create(
            call=call,
            reference=f"{lang}{number}",
            code_hash=f"{lang}{number}",
            lang=lang,
            begun_on=call.opens,
        )
        Event.objects.create(application=one, kind=EventKind.SENT, on=call.opens)


def test_applications_are_told_in_ranges_so_that_no_small_group_stands_there(db):
    thread = calls.program()
    call = calls.published(thread)
    yesterday = thread.now.date() - timedelta(days=1)
    Call.objects.filter(pk=call.pk).update(opens=yesterday, closes=yesterday)
    applied(call, "en", 11)
    applied(call, "es", 2)

    found = charts(thread)["applications"]

    assert dict(rows(found)) == {"English": "10 to 20", "Spanish": "fewer than 10"}
    drawn = {bar.name: (filled, hollow) for bar, filled, hollow in found.lines}
    assert drawn["Spanish"] == (0, 0), "a small group has no bar either"


def test_where_every_group_is_small_one_sentence_says_so(db):
    thread = calls.program()
    call = calls.published(thread)
    yesterday = thread.now.date() - timedelta(days=1)
    Call.objects.filter(pk=call.pk).update(opens=yesterday, closes=yesterday)
    applied(call, "en", 2)

    found = charts(thread)["applications"]

    assert (rows(found), found.says.endswith("In no language did 10 people or more apply.")) == ([], True)


def test_each_call_says_what_is_next_and_leads_to_where_it_is_done(db):
    thread = calls.program()
    call = calls.published(thread)
    (bar,) = charts(thread)["calls"].bars
    yesterday = thread.now.date() - timedelta(days=1)
    Call.objects.filter(pk=call.pk).update(opens=yesterday, closes=yesterday)

    (closed,) = charts(thread)["calls"].bars

    assert bar.note == f"People apply until {day_in_words(call.closes, 'day')}"
    assert closed.note == f"Choose by {day_in_words(call.decides_by, 'day')}"
    home = "/riverbend/en/steward/"
    assert (bar.href, closed.href) == (f"{home}calls/{call.slug}/", f"{home}selection/{call.slug}/")


@pytest.mark.parametrize(("leads", "ends"), [(1, "less than the budget."), (3, "more than the budget.")])
def test_the_pace_of_the_budget_is_told_in_plain_words_once_it_says_something(db, leads, ends):
    paid = paid_by_the_hour(this_hour() - timedelta(days=60))
    assert "If it goes on like this" not in charts(paid.thread)["pay"].says
    for seat in (paid.first, paid.second, paid.third)[:leads]:
        paid.log(seat=seat, hours=20)

    assert charts(paid.thread)["pay"].says.endswith(f"by then: {ends}")


def test_applications_are_not_told_while_anybody_can_still_apply(db):
    thread = calls.program()
    applied(calls.published(thread), "en", 11)

    found = charts(thread)["applications"]

    assert (rows(found), found.says[:27]) == ([], "No call has closed yet. Unt")
    counted = charts(thread)["calls"]
    assert [numbers[:2] for _name, *numbers in rows(counted)] == [["11", "4"]]


def test_the_glance_on_the_desk_says_in_words_what_is_not_well(db):
    thread = cast.program()
    steward = as_(thread.steward)
    assert "Every place is taken." in text_of(steward.get("/riverbend/en/steward/"))
    seats.leave_seat(seat=thread.third_lead, on=thread.now.date(), reason="", now=thread.now)

    page = steward.get("/riverbend/en/steward/")

    assert {one.words: one.is_bad for one in page.context["glance"]}["1 place is empty."] is True
    assert f'href="{PAGE}#places"' in page.content.decode()


def test_a_late_promise_leads_to_where_it_stands_and_the_overview_counts_what_is_kept_of_what_was_due(db):
    thread = Thread(now=this_hour() - timedelta(days=99)).to_open_engagement()
    thread.answer(thread.recommend(thread.find()))
    thread.later(99)
    steward = as_(thread.steward)

    fact = next(
        one
        for one in steward.get("/riverbend/en/steward/").context["glance"]
        if one.words == "1 promise is late."
    )

    page, _mark, part = fact.href.partition("#")
    stands = steward.get(page).content.decode().partition(f'id="{part}"')[2].partition("</section>")[0]
    assert "Set it everywhere." in stands
    found = charts(thread)["promises"]
    assert (found.says, found.href) == ("Kept of what was due: 0 of 1. 1 promise is late.", page)


@pytest.mark.parametrize(
    ("missing", "unread", "says"),
    [
        (0, 0, "Every text has a translation."),
        (0, 3, "Every text has a translation. No person has read 3 of them."),
        (2, 3, "2 texts have no translation."),
    ],
)
def test_a_translation_that_no_person_read_is_told_apart_from_one_that_is_missing(
    db, monkeypatch, missing, unread, says
):
    thread = Thread().open_program()
    monkeypatch.setattr(translations, "counted", lambda *_: {"es": WantingCount(missing, unread)})

    page = as_(thread.steward).get("/riverbend/en/steward/")

    assert page.context["glance"][-1].words == says


@pytest.mark.parametrize("cohorts", [1, 3])
def test_the_page_takes_as_many_queries_for_three_cohorts_as_for_one(db, cohorts, django_assert_num_queries):
    thread = cast.program()
    today = thread.now.date()
    for number in range(cohorts - 1):
        thread.seat_cohort(f"circle-{number}", today, today + timedelta(days=90))
    steward = as_(thread.steward)
    steward.get(PAGE)
    with django_assert_num_queries(QUERIES):
        steward.get(PAGE)


#: Of the whole page, signed in, roles included.
QUERIES = 27
