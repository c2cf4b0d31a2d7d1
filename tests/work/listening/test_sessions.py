"""Leads plan how they listen: methods, budget and sessions, which people find on the page and in the calendar, and of which no page keeps a place that is not told."""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from alongside.cohort.rules.actions import adopt_rules
from alongside.core.money import Money
from alongside.core.refusals import Refused
from alongside.core.sessions import Point, Session, Told
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.programs.queries import pack_of
from alongside.ground.ui.days import day_in_words
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries.sessions import sessions_of
from alongside.work.listening import actions
from tests.chain.pages.test_leaflets import said as read_pdf
from tests.promises.attempts import agree
from tests.support.remembering import this_hour
from tests.work import cast
from tests.work.engagements.test_drafting import as_, text_of

HOME = "/riverbend/en/"
PAGE = f"{HOME}engagements/library-computers/"
PLAN = f"{PAGE}plan/"
NEW = f"{PLAN}sessions/new/"


@pytest.fixture
def thread(db):
    return cast.opened()


@pytest.fixture
def lead(thread):
    return as_(thread.first_lead.person)


def of(thread) -> Engagement:
    return Engagement.objects.get(slug="library-computers")


def on(thread, days: int) -> date:
    return thread.now.date() + timedelta(days=days)


def typed(thread, **more):
    given = {
        "on": on(thread, 3),
        "begins": "17:30",
        "ends": "19:00",
        "told": "page",
        "place": "Eastbank Library, hall",
    }
    given |= {
        "languages": ["es"],
        "has": ["food", "childcare"],
        "room": "20",
        "thanks": "25",
        "agenda": "10 Welcome\nWhat people say",
    }
    return given | more


def planned(thread, days: int = 3, hour: int = 17, **more) -> Session:
    zone = ZoneInfo(pack_of(thread.program).time_zone)
    starts = datetime.combine(on(thread, days), time(hour), zone)
    one = Session("", starts, starts + timedelta(hours=2), **more)
    return actions.save_session(engagement=of(thread), session=one, now=min(thread.now, starts))


def test_a_resident_finds_a_session_on_the_page_and_in_the_calendar(site_client, thread, lead):
    sent = lead.post(NEW, typed(thread))
    assert sent.status_code == 302

    page = text_of(site_client.get(PAGE))
    assert "In person" in page
    assert (
        "Eastbank Library, hall Somebody interprets: Spanish · Childcare · Food · Thank-you money: 25.00 USD each"
        in page.replace("\xa0", " ")
    )
    spanish = site_client.get(PAGE.replace("/en/", "/es/")).content.decode()
    assert '<bdi lang="en" dir="ltr">Eastbank Library, hall</bdi>' in spanish  # as the lead wrote it
    feed = site_client.get(f"{HOME}calendar.ics").content.decode().replace("\r\n ", "")
    assert "Come and say it: What should library computers remember about you?" in feed
    assert "LOCATION:Eastbank Library\\, hall" in feed
    told = page.split("In person")[1].split("By phone or on paper")[0]
    assert [one for one in ("500.00", "20 people", "Welcome") if one in told] == []


def test_a_place_that_is_told_by_phone_is_kept_nowhere(site_client, thread, lead):
    refused = lead.post(NEW, typed(thread, told="phone"))
    assert "No page tells this place, so it is not kept here." in text_of(refused)
    assert sessions_of(of(thread)) == []

    lead.post(NEW, typed(thread, told="phone", place=""))
    assert "Call the number below to hear where." in text_of(site_client.get(PAGE))
    assert "LOCATION" not in site_client.get(f"{HOME}calendar.ics").content.decode()
    with pytest.raises(ValueError, match="do not keep it"):
        planned(thread, told=Told.PHONE, place="Somewhere")


def test_a_session_by_invitation_is_on_no_page_and_in_no_calendar(site_client, thread, lead):
    before = site_client.get(f"{HOME}calendar.ics").content
    one = planned(thread, told=Told.INVITED)

    assert "In person" not in text_of(site_client.get(PAGE))
    assert site_client.get(f"{HOME}calendar.ics").content == before

    # Nor once leads say how many came
    pages = (PAGE, PAGE.replace("/en/", "/es/"), HOME)
    said = [text_of(site_client.get(page)) for page in pages]
    later = one.starts + timedelta(hours=1)
    actions.tell_headcount(engagement=of(thread), session=one.id, people=14, now=later)

    assert [text_of(site_client.get(page)) for page in pages] == said
    assert "Between 10 and 20 people came." in text_of(lead.get(PLAN))


def test_a_place_is_forgotten_once_its_day_is_over(thread):
    planned(thread, place="Eastbank Library")
    actions.forget_places(program=thread.program, now=thread.now)
    assert [one.place for one in sessions_of(of(thread))] == ["Eastbank Library"]

    actions.forget_places(program=thread.program, now=thread.now + timedelta(days=4))

    assert [one.place for one in sessions_of(of(thread))] == [""]


def test_how_many_came_is_kept_as_a_range_alone(site_client, thread, lead):
    many, few = planned(thread, hour=9), planned(thread, hour=12)
    later = few.starts + timedelta(hours=1)
    actions.tell_headcount(engagement=of(thread), session=many.id, people=14, now=later)
    actions.tell_headcount(engagement=of(thread), session=few.id, people=3, now=later)

    kept = str(of(thread).plan)
    assert "14" not in kept.replace("2026", "").split("'came'")[1][:40]
    page = text_of(site_client.get(PAGE))
    assert "Fewer than 10 people came." in page
    assert "Between 10 and" in page
    with pytest.raises(Refused, match="has not begun yet"):
        actions.tell_headcount(engagement=of(thread), session=planned(thread, 5).id, people=3, now=thread.now)


def test_how_many_came_is_told_by_the_k_of_the_promise_also_under_other_rules(site_client, thread, lead):
    ten, few = planned(thread, hour=9), planned(thread, hour=12)
    other = shipped_pack("neutral").replace("\nk = 10\n", "\nk = 15\n")
    adopt_rules(program=thread.program, text=other, now=thread.now)
    agree(thread.first_lead)
    agree(thread.second_lead)
    assert pack_of(thread.program).k == 15

    later = few.starts + timedelta(hours=1)
    actions.tell_headcount(engagement=of(thread), session=ten.id, people=10, now=later)
    actions.tell_headcount(engagement=of(thread), session=few.id, people=3, now=later)

    for page in (site_client.get(PAGE), lead.get(PLAN)):
        assert "Between 10 and 20 people came." in text_of(page)
        assert "Fewer than 10 people came." in text_of(page)


def test_nobody_is_asked_to_come_on_a_day_on_which_nobody_can_speak(thread, lead):
    refused = lead.post(NEW, typed(thread, on=on(thread, 400)))
    assert "People can speak only until the last day of this question." in text_of(refused)
    assert "This day has passed" in text_of(lead.post(NEW, typed(thread, on=on(thread, -1))))
    assert sessions_of(of(thread)) == []


def test_a_session_that_is_moved_or_cancelled_says_so_where_people_read_of_it(site_client, thread, lead):
    one = planned(thread, place="Eastbank Library")
    lead.post(f"{PLAN}sessions/{one.id}/", typed(thread, place="North Hall"))
    assert "North Hall" in text_of(site_client.get(PAGE))
    assert [each.changes for each in sessions_of(of(thread))] == [1]

    lead.post(f"{PLAN}sessions/{one.id}/", {"cancel": "1"})

    assert "North Hall" not in text_of(site_client.get(PAGE))
    assert "Cancelled" in text_of(site_client.get(PAGE))
    assert "STATUS:CANCELLED" in site_client.get(f"{HOME}calendar.ics").content.decode()
    with pytest.raises(Refused, match="was held or cancelled"):
        actions.save_session(engagement=of(thread), session=one, now=thread.now)


def test_the_plan_is_for_leads_and_the_coordinator_reads_it(site_client, thread, lead):
    lead.post(PLAN, {"methods": ["session", "paper"], "host": "Friends of the library", "budget": "900"})

    steward = text_of(as_(thread.steward).get(PLAN))
    assert "900.00" in steward
    assert "At sessions" in steward
    assert "Save the plan" not in steward
    assert site_client.get(PLAN).status_code in {302, 403}
    assert "900" not in text_of(site_client.get(PAGE))


def test_a_promise_that_is_frozen_lets_its_plan_change_and_nothing_else(thread):
    Engagement.objects.filter(slug="library-computers").update(plan={"methods": ["paper"]})
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        Engagement.objects.filter(slug="library-computers").update(plan={}, cap=7)


def test_the_points_of_an_agenda_have_their_minutes():
    now = this_hour()
    one = Session("s1", now, now + timedelta(hours=1), agenda="10 Welcome\n\nWhat people say\n 5  Home ")
    assert one.points == [Point(10, "Welcome"), Point(0, "What people say"), Point(5, "Home")]


def test_a_lead_reads_what_became_public_by_a_press_and_is_led_there(thread, lead):
    unseen = lead.post(NEW, typed(thread, told="invited", place="", on=on(thread, 4)), follow=True)
    assert "It is kept. No public page shows it." in text_of(unseen)
    assert "#meet-h" not in unseen.content.decode()

    shown = lead.post(NEW, typed(thread), follow=True)
    assert "The session is public now: it is on the page of the question and in the calendar." in text_of(
        shown
    )
    assert f'href="{PAGE}#meet-h"' in shown.content.decode()
    gone = lead.post(f"{PLAN}sessions/s2/", {"cancel": "1"}, follow=True)
    assert "The session is cancelled. The page of the question and the calendar say so." in text_of(gone)
    kept = lead.post(PLAN, {"methods": ["session"], "host": "", "budget": ""}, follow=True)
    assert "It is kept. No public page shows it." in text_of(kept)


@pytest.mark.parametrize(
    ("told", "form", "then"),
    [
        (Told.PAGE, "Everyone sees that range.", "How many came is public now, as a range"),
        (Told.INVITED, "No public page shows it.", "It is kept. No public page shows it."),
    ],
)
def test_a_lead_who_counts_reads_who_sees_the_range(thread, lead, told, form, then):
    one = planned(thread, told=told)
    stands = Engagement.objects.get(slug="library-computers")
    begun = replace(one, starts=thread.now - timedelta(hours=2), ends=thread.now - timedelta(hours=1))
    Engagement.objects.filter(pk=stands.pk).update(plan={"sessions": [begun.as_data()]})

    at = f"{PLAN}sessions/{one.id}/people/"
    assert form in text_of(lead.get(at))
    assert then in text_of(lead.post(at, {"people": "14"}, follow=True))


def test_a_session_is_in_the_leads_week_on_its_day_and_leads_to_the_notes(thread, lead):
    one = planned(thread, place="Eastbank Library")
    week, said = f"{HOME}week/", "Hold the session: What should library computers remember about you?"
    assert said not in text_of(lead.get(week))
    assert f'href="{PAGE}in-person/"' in lead.get(PLAN).content.decode()

    today = replace(one, starts=thread.now + timedelta(minutes=1), ends=thread.now + timedelta(hours=2))
    Engagement.objects.filter(slug="library-computers").update(plan={"sessions": [today.as_data()]})

    assert said in text_of(lead.get(week))
    assert f'href="{PLAN}#s1"' in lead.get(week).content.decode()


def test_money_that_nobody_asked_for_is_told_once_its_session_has_begun(thread, lead):
    one = planned(thread, thanks=Money(2500, "USD"), room=20)
    said = "No lead had this money. It is asked for before the session begins."
    assert said not in text_of(lead.get(PLAN))
    begun = replace(one, starts=thread.now - timedelta(hours=2))
    Engagement.objects.filter(slug="library-computers").update(plan={"sessions": [begun.as_data()]})
    assert said in text_of(lead.get(PLAN))


@pytest.mark.parametrize(
    ("told", "place", "said"),
    [
        (Told.PAGE, "Eastbank Library", "Eastbank Library"),
        (Told.PHONE, "", "call to hear where"),
        (Told.INVITED, "", ""),
    ],
)
def test_what_invites_people_tells_the_next_session_as_far_as_pages_tell_it(
    site_client, thread, told, place, said
):
    planned(thread, 5, place="North Hall")
    one = planned(thread, 3, told=told, place=place)
    page = site_client.get(f"{HOME}poster/library-computers/").content.decode()
    words = page.split("data-words>")[1].split("</p>")[0]

    first = day_in_words(on(thread, 3 if said else 5))
    line = f"In person: {first}, 5 p.m. - 7 p.m., {said or 'North Hall'}"
    assert words.split("\n")[2] == line
    assert f"{first}, \u20685 p.m. – 7 p.m.\u2069, " in page
    assert ("North Hall" in page) == (not said)
    pdf = site_client.get(f"{HOME}poster/library-computers/flyers-4-letter.pdf")
    assert (said or "North Hall") in read_pdf(pdf.content)

    if said:
        actions.cancel_session(engagement=of(thread), session=one.id, now=thread.now)
        assert "North Hall" in site_client.get(f"{HOME}poster/library-computers/").content.decode()


def test_the_poster_of_a_question_leads_to_its_page(site_client, thread):
    page = site_client.get(f"{HOME}poster/library-computers/").content.decode()
    assert f'href="{PAGE}">The page of the question</a>' in page


def plan_by(thread, *methods):
    given = {"engagement": of(thread), "host": "", "budget": "", "now": thread.now}
    actions.save_plan(methods=methods, **given)


def ways_offered(lead):
    """Give how a voice can have come, as the page on which leads take in offers it, and whether it has the notes of a session."""
    html = lead.get(f"{PAGE}in-person/").content.decode()
    return re.findall(r'name="taken" value="([a-z]+)"', html), "data-notes" in html, "/paper/stubs/" in html


def test_the_ways_of_the_plan_decide_what_leads_are_offered(thread, lead):
    assert ways_offered(lead) == (["paper", "session", "door", "phone"], True, True)

    plan_by(thread, "doorstep")
    assert ways_offered(lead) == (
        ["paper", "door", "phone"],
        False,
        False,
    )  # the program takes paper from anyone
    room = lead.get(f"{PAGE}room/").content.decode()
    assert "Paper forms with stubs" not in room
    assert "Plan a session" not in text_of(lead.get(PLAN))
    assert "To plan a session, choose “At sessions” below." in text_of(lead.get(PLAN))

    plan_by(thread, "session", "paper")
    assert ways_offered(lead) == (["paper", "session", "phone"], True, True)
    assert "Paper forms with stubs" in lead.get(f"{PAGE}room/").content.decode()
    assert "Plan a session" in text_of(lead.get(PLAN))


def test_nobody_plans_a_session_where_the_plan_has_none_and_none_is_dropped_that_is_ahead(thread):
    plan_by(thread, "paper")
    with pytest.raises(Refused, match="The plan has no sessions"):
        planned(thread)
    plan_by(thread, "session")
    one = planned(thread)
    with pytest.raises(Refused, match="A session is planned"):
        plan_by(thread, "paper")
    actions.cancel_session(engagement=of(thread), session=one.id, now=thread.now)
    plan_by(thread, "paper")
    assert of(thread).plan["methods"] == ["paper"]
