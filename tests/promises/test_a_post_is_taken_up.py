"""Promises 3 and 5: an appointment that its person never took up bars nobody, and no post is given past the leads."""

from datetime import timedelta
from html import unescape

import pytest

from alongside.cohort.seats import actions
from alongside.cohort.seats import actions as seats
from alongside.core.entries import GrammarError
from alongside.core.refusals import Refused
from alongside.ground.people.actions import make_person
from alongside.ground.people.models import Person
from alongside.ground.programs.actions import appoint, end_post, give_post, take_up
from alongside.ground.programs.models import Post
from alongside.ground.programs.queries import held_ever, holders_of, serving
from alongside.ground.record.persons import refuse_unless_different_people
from tests.promises.attempts import BASE, as_, today
from tests.promises.test_kept_means_verified import following
from tests.promises.test_nobody_sits_twice import NEW, form
from tests.support.thread import Thread

pytestmark = pytest.mark.django_db
PEOPLE = f"{BASE}/steward/people/"
POSTS = f"{BASE}/posts/"


@pytest.fixture
def thread(db):
    return Thread(now=today()).open_program()


def appointed(thread, email="new@riverbend.example", post=None):
    """Appoint an address from today on, on the page."""
    typed = {
        "email": email,
        "called": "",
        "from_date": thread.now.date(),
        "post": post or thread.manager.public_id,
    }
    assert as_(thread.steward).post(f"{PEOPLE}appoint/", typed).status_code == 302
    return Post.objects.select_related("person").latest("pk")


def ended(thread, post):
    reply = as_(thread.steward).post(f"{PEOPLE}posts/{post.pk}/end/", {"on": thread.now.date(), "sure": "on"})
    assert reply.status_code == 302


def different_people(thread, seat):
    """Judge a seat beside the office that signs."""
    log = thread.log
    return refuse_unless_different_people(thread.program, [seat.public_id], [thread.manager.public_id], log)


@pytest.mark.parametrize("is_ended", [True, False])
def test_a_post_that_was_never_taken_up_bars_no_lead(thread, is_ended):
    post = appointed(thread)
    if is_ended:
        ended(thread, post)
    days = {"from_date": thread.now.date(), "name": "Next"}
    assert as_(thread.steward).post(NEW, form(thread, post.person, **days)).status_code == 302
    seat = post.person.seats.get()
    day = thread.now.date()
    assert different_people(thread, seat)
    assert not serving(thread.program, {post.person_id}, day)
    assert as_(post.person).get(f"{BASE}/unit/").status_code == 403


def test_a_post_that_was_taken_up_was_held_also_where_it_ended_that_day(thread):
    post = appointed(thread)
    take_up(post=post, today=thread.now.date())
    assert held_ever(thread.program, thread.manager.public_id, thread.now.date()) >= {post.person_id}
    ended(thread, post)
    assert post.person_id in held_ever(thread.program, thread.manager.public_id, thread.now.date())


def test_whoever_is_appointed_takes_the_post_up_on_their_own_page_and_acts_from_then_on(thread):
    post = appointed(thread)
    person = as_(post.person)
    assert person.get(f"{BASE}/unit/").status_code == 403
    page = person.get(POSTS).content.decode()
    assert thread.manager.public_id not in page
    assert "You were appointed" in page
    assert POSTS in as_(post.person).get(f"{BASE}/messages/").content.decode()
    assert "has not taken it up yet" in as_(thread.steward).get(PEOPLE).content.decode()
    assert as_(thread.boss).post(f"{POSTS}{post.pk}/").status_code == 404, "nobody takes up another's post"
    assert person.post(f"{POSTS}{post.pk}/").status_code == 302
    assert person.get(f"{BASE}/unit/").status_code == 200
    assert post.person_id in {
        one.person_id for one in holders_of(thread.program, thread.manager.public_id, thread.now.date())
    }
    ended_later = thread.now.date() + timedelta(days=1)
    end_post(post=Post.objects.get(pk=post.pk), on=ended_later, today=thread.now.date())
    thread.later(30)
    with pytest.raises(GrammarError, match="nobody signs for both sides"):
        different_people(thread, thread.seat(post.person))


def test_a_successor_who_has_not_taken_the_post_up_runs_nothing_yet(thread):
    day = thread.now.date()
    post = appoint(program=thread.program, email="next@riverbend.example", post="steward", from_date=day)
    own = Post.objects.get(person=thread.steward)
    with pytest.raises(Refused, match="Appoint another program coordinator first"):
        end_post(post=own, on=day, today=day)
    take_up(post=post, today=day)
    end_post(post=own, on=day, today=day)


def stands_for_leads(thread, how):
    """Give somebody who has no seat of today, and whom a post would keep from being a lead or from stepping in."""
    person = make_person(email=f"{how}@riverbend.example")
    if how == "removed":
        person = thread.third_lead.person
        seats.remove_seat(
            seat=thread.third_lead,
            ground="absent",
            reasons="Away.",
            appeal_to=thread.manager.public_id,
            by=thread.steward,
            now=thread.now,
        )
    elif how == "suspended":
        person = thread.third_lead.person
        seats.suspend_seat(seat=thread.third_lead, ground="harm", now=thread.now)
    elif how == "alternate":
        seats.make_alternate(cohort=thread.first_lead.cohort, person=person, place=1)
    elif how == "agreed":
        person = thread.third_lead.person
        seats.leave_seat(seat=thread.third_lead, on=thread.now.date(), reason="", now=thread.now)
        actions.stay_in_reach(
            person=person,
            program=thread.program,
            name="checks",
            reach="503-555-0100",
            offers="",
            until=thread.now.date() + timedelta(days=30),
            now=thread.now,
        )
    return Person.objects.get(pk=person.pk)


@pytest.mark.parametrize("how", ["removed", "suspended", "alternate", "agreed"])
def test_no_post_is_given_to_who_can_still_be_a_lead_or_agreed_to_step_in(thread, how):
    person = stands_for_leads(thread, how)
    typed = {
        "email": person.email,
        "called": "",
        "from_date": thread.now.date(),
        "post": thread.manager.public_id,
    }
    page = as_(thread.steward).post(f"{PEOPLE}appoint/", typed)
    assert page.status_code == 200
    assert "They give that up first; then give them the post." in unescape(page.content.decode())
    assert not Post.objects.filter(person=person).exists()


def test_whoever_became_a_lead_meanwhile_takes_no_post_up(thread):
    post = appointed(thread)
    thread.seat(post.person, following(thread, "next"))
    page = as_(post.person).post(f"{POSTS}{post.pk}/")
    assert page.status_code == 200
    assert "They give that up first" not in unescape(page.content.decode())
    assert "You give that up first; then take up the post." in unescape(page.content.decode())
    assert Post.objects.get(pk=post.pk).taken_on is None


def test_the_steward_and_the_lead_read_of_a_post_that_bars_a_lead_who_is_seated(thread):
    person = make_person(email="was.staff@riverbend.example")
    post = give_post(
        person=person,
        program=thread.program,
        post=thread.office.public_id,
        from_date=thread.now.date() - timedelta(days=90),
    )
    take_up(post=post, today=thread.now.date() - timedelta(days=80))
    Post.objects.filter(pk=post.pk).update(until_date=thread.now.date() - timedelta(days=10))
    shown = as_(thread.steward).post(NEW, form(thread, person, confirmed="")).content.decode()
    assert "holds or held an office" in shown
    assert as_(thread.steward).post(NEW, form(thread, person)).status_code == 302
    assert "You hold or held an office" in as_(person).get(f"{BASE}/seat/job/").content.decode()
    other = as_(thread.first_lead.person).get(f"{BASE}/seat/job/").content.decode()
    assert "You hold or held an office" not in other
