"""A lead's desk is a queue: by day, set aside until a day, and gone when it is done by anybody."""

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from alongside.cohort.meetings import actions as meetings_actions
from alongside.cohort.seats.models import PutOff
from alongside.desks.queue import queue_of
from alongside.ground.gate.roles import NOBODY, Role
from alongside.ground.ui.steps import Desk, Step
from tests.cohort.seats import cast
from tests.work.engagements.test_drafting import as_, text_of

WEEK = "/riverbend/en/week/"
ASIDE = "/riverbend/en/seat/set-aside/"
#: What the desk asks when an entry came, and after that until the next one.
FIRST, AGAIN = 22, 17
TODAY = date(2026, 11, 27)


@pytest.fixture
def thread(db):
    return cast.program()


def waits(client) -> list[str]:
    html = client.get(WEEK).content.decode()
    return re.findall(r'<li class="queue-row">.*?<h2><a [^>]*>(.*?)</a>', html, re.DOTALL)


def name_of(client, heading: str) -> str:
    html = client.get(WEEK).content.decode()
    row = next(one for one in html.split('<li class="queue-row">') if heading in one)
    found = re.search(r'name="step" value="([^"]+)"', row)
    return found[1] if found else ""


def test_a_step_is_set_aside_until_a_day_for_one_lead_and_comes_back_by_itself(thread):
    cast.meet(thread, days=-3)
    first, second = as_(thread.first_lead.person), as_(thread.second_lead.person)
    step, today = name_of(first, "Minutes"), thread.now.date()
    assert step.startswith("meetings:meetings/")

    sent = first.post(ASIDE, {"step": step, "until": today + timedelta(days=2)})
    assert (sent.status_code, sent["Location"]) == (302, f"{WEEK}?done=chosen")
    assert "Minutes: About first" not in waits(first)
    assert "Set aside: 1 thing" in text_of(first.get(WEEK))
    assert "Minutes: About first" in waits(second)

    PutOff.objects.update(until=today)
    assert "Minutes: About first" in waits(first)


def test_what_was_set_aside_is_put_back_with_one_press(thread):
    cast.meet(thread, days=-3)
    first = as_(thread.first_lead.person)
    step, today = name_of(first, "Minutes"), thread.now.date()
    first.post(ASIDE, {"step": step, "until": today + timedelta(days=2)})

    as_(thread.second_lead.person).post(f"{ASIDE}back/", {"step": step})
    assert "Minutes: About first" not in waits(first), "only the lead who set it aside puts it back"
    first.post(f"{ASIDE}back/", {"step": step})
    assert "Minutes: About first" in waits(first)


def test_nothing_is_set_aside_until_today_or_for_good(thread):
    cast.meet(thread, days=-3)
    first, today = as_(thread.first_lead.person), thread.now.date()
    step = name_of(first, "Minutes")

    told = [text_of(first.post(ASIDE, {"step": step, "until": today + timedelta(days=n)})) for n in (0, 95)]

    assert "Choose a day after today." in told[0]
    assert "Choose a day within the next three months." in told[1]
    assert PutOff.objects.count() == 0


def test_what_any_lead_did_leaves_the_queue_of_all_and_stands_among_what_is_done(thread):
    meeting = cast.meet(thread, days=-3)
    second = as_(thread.second_lead.person)
    assert "Minutes: About first" in waits(second)

    meetings_actions.publish_minutes(
        draft=cast.write(thread, meeting), seat=thread.first_lead, now=thread.now
    )

    assert "Minutes: About first" not in waits(second)
    done = second.get(WEEK).content.decode().partition('id="done"')[2]
    first_done = re.search(r'<li><a href="([^"]*)">(.*?)</a>', done)
    assert first_done
    assert first_done.groups() == (
        f"/riverbend/en/record/{len(thread.entries()) - 1}/",
        "Minutes of a meeting",
    )


def test_each_place_of_a_lead_leads_only_to_pages_that_open_for_them(thread):
    lead = as_(thread.first_lead.person)
    pages = [lead.get(f"/riverbend/en/seat/{one}/") for one in ("listen", "recommend", "plan", "me")]
    links = {href for one in pages for href in re.findall(r'href="(/[^"]*)"', _main(one.content.decode()))}

    assert [one.status_code for one in pages] == [200] * 4
    assert {href: lead.get(href, follow=True).status_code for href in links} == dict.fromkeys(links, 200)
    assert as_(thread.steward).get("/riverbend/en/seat/plan/").status_code == 403
    among = pages[2].content.decode().partition("Among leads")[2]
    first = re.search(r'<a href="([^"]*)">(.*?)</a>', among)  # under its own name, before all others
    assert first
    assert first.groups() == ("/riverbend/en/seat/seconds/", "What waits for a second lead")


def _main(html: str) -> str:
    return html.partition("<main")[2].partition("</main>")[0]


def test_what_waits_stands_by_its_day_and_last_what_has_none_and_a_day_of_today_is_marked(thread):
    desk = Desk(
        SimpleNamespace(program=thread.program, pack=None, viewer=NOBODY, today=TODAY, resolver_match=None),
        Role.LEAD,
    )
    days = {"far": 9, "today": 0, "no day": None, "late": -3, "near": 2}
    found = [
        (
            "asks",
            Step(name, "", f"/riverbend/en/{name}/", due=None if n is None else TODAY + timedelta(days=n)),
        )
        for name, n in days.items()
    ]

    news = [("won", 3), ("said today", 0), ("told yesterday", 1)]
    found += [
        ("answers", Step(name, "", f"/riverbend/en/{name}/", is_news=True, came=TODAY - timedelta(days=ago)))
        for name, ago in news
    ]
    found.append(("seats", Step("first day", "", "/riverbend/en/cohort/", is_first=True)))
    queue = queue_of(desk, found)

    assert [one.step.heading for one in queue.waits] == [
        "first day",
        "late",
        "today",
        "near",
        "far",
        "no day",
    ]
    assert [one.step.heading for one in queue.waits if one.is_today] == ["today"]
    assert [one.step.heading for one in queue.waits if one.state == "late"] == ["late"]
    assert [one.step.heading for one in queue.news] == ["said today", "told yesterday", "won"]


def test_what_was_kept_is_not_told_a_second_time_as_accepted(thread):
    desk = Desk(
        SimpleNamespace(program=thread.program, pack=None, viewer=NOBODY, today=TODAY, resolver_match=None),
        Role.LEAD,
    )
    found = [
        (app, Step(heading, "", href, is_news=True, came=TODAY))
        for app, heading, href in (
            ("answers", "accepted", "/a/#ask-1"),
            ("commitments", "kept", "/a/#ask-1"),
            ("answers", "another accepted", "/a/#ask-2"),
        )
    ]
    assert {one.step.heading for one in queue_of(desk, found).news} == {"kept", "another accepted"}


def test_a_desk_with_three_things_asks_as_much_as_one_with_one(thread, django_assert_num_queries):
    lead = as_(thread.first_lead.person)
    for days in ([3], [4, 5]):
        for one in days:
            cast.meet(thread, slug=f"held-{one}", days=-one)
        with django_assert_num_queries(FIRST):
            lead.get(WEEK)
        with django_assert_num_queries(AGAIN):
            lead.get(WEEK)


def test_what_there_is_seldom_any_of_is_asked_for_only_where_there_is(thread, django_assert_num_queries):
    lead = as_(thread.first_lead.person)
    cast.meet(thread, days=-3)
    step = name_of(lead, "Minutes")
    lead.post(ASIDE, {"step": step, "until": thread.now.date() + timedelta(days=2)})
    with django_assert_num_queries(AGAIN + 1):
        lead.get(WEEK)
