"""Posts end: on a day, by page or command, or with the office; then no desk opens and no session holds."""

import re
from datetime import date, timedelta
from html import unescape
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from alongside.cohort.seats.actions import leave_seat
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.seats import sitting
from alongside.core.clocks import local_date
from alongside.core.refusals import Refused
from alongside.ground.people.actions import make_person, print_code
from alongside.ground.people.models import Person
from alongside.ground.programs.actions import (
    adopt_pack,
    appoint,
    end_post,
    give_office,
    make_steward,
    take_up,
)
from alongside.ground.programs.models import Post
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.programs.queries import holders_of, pack_of, signing_office, stewards_on
from alongside.site.ticking import tick_program
from tests.support.remembering import this_hour
from tests.support.thread import Thread

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SITS = "They give that up first"
PEOPLE = "/riverbend/en/steward/people/"
DAY = timedelta(days=1)


@pytest.fixture
def thread(db) -> Thread:
    return Thread(now=this_hour()).open_program()


@pytest.fixture
def as_(new_site_client):
    """Sign a person in, in a browser of their own."""

    def sign_in(person):
        client = new_site_client()
        client.force_login(person, backend=BACKEND)
        return client

    return sign_in


def today(thread) -> date:
    return local_date(thread.now, pack_of(thread.program))


def post_of(person) -> Post:
    return Post.objects.get(person=person)


def end(steward, thread, person, on: date):
    """End a person's post as a steward does, on its page."""
    return steward.post(f"{PEOPLE}posts/{post_of(person).pk}/end/", {"on": on.isoformat(), "sure": "on"})


def alongside(*words: str) -> str:
    """Run a command and give what it says."""
    said = StringIO()
    call_command(*words, stdout=said)
    return said.getvalue()


def with_another_manager(thread) -> str:
    """Give the pack in force with a director of the unit in place of its manager."""
    text = shipped_pack("neutral").replace(f"{thread.unit.slug}/manager", f"{thread.unit.slug}/director")
    before, mark, after = text.partition(f'slug = "{thread.unit.slug}"')
    return before + mark + after.replace('slug = "manager"', 'slug = "director"', 1)


def said_after(page: str) -> str:
    """Give what a page says was done; empty where it says nothing."""
    found = re.search(r'role="status"[^>]*>(.*?)</(?:div|p)>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found.group(1)).split()) if found else ""


def test_a_predecessor_whose_post_ended_today_no_longer_opens_the_desk_and_the_successor_does(thread, as_):
    predecessor, steward = as_(thread.boss), as_(thread.steward)
    assert predecessor.get("/riverbend/en/unit/").status_code == 200

    typed = {"email": "new@riverbend.example", "post": thread.manager.public_id, "from_date": today(thread)}
    assert steward.post(f"{PEOPLE}appoint/", typed).status_code == 302
    assert end(steward, thread, thread.boss, today(thread)).status_code == 302

    given = Post.objects.get(office=thread.manager, until_date=None)
    successor = given.person
    assert as_(successor).post(f"/riverbend/en/posts/{given.pk}/").url == "/riverbend/en/unit/"
    assert predecessor.get("/riverbend/en/unit/").status_code == 403
    assert "_auth_user_id" not in predecessor.session
    assert as_(thread.boss).get("/riverbend/en/unit/").status_code == 403
    assert as_(successor).get("/riverbend/en/unit/").status_code == 200


def test_a_post_that_ends_later_is_held_until_that_day_and_the_tick_of_that_day_signs_its_person_out_once(
    thread, as_
):
    last = today(thread) + 10 * DAY
    client = as_(thread.boss)
    end(as_(thread.steward), thread, thread.boss, last)
    manager = thread.manager.public_id

    assert [one.person for one in holders_of(thread.program, manager, last - DAY)] == [thread.boss]
    assert [one.person for one in holders_of(thread.program, manager, last)] == []
    tick_program(thread.program, thread.now + 9 * DAY)
    assert client.get("/riverbend/en/unit/").status_code == 200
    tick_program(thread.program, thread.now + 10 * DAY)
    assert (client.get("/riverbend/en/week/").status_code, "_auth_user_id" in client.session) == (403, False)

    again = as_(type(thread.boss).objects.get(pk=thread.boss.pk))
    tick_program(thread.program, thread.now + 11 * DAY)
    again.get("/riverbend/en/")
    assert "_auth_user_id" in again.session, "who signed in after the post ended stays signed in"


def test_a_printed_code_that_waits_for_use_ends_with_the_post(thread, as_, client):
    code = print_code(person=thread.boss, now=thread.now, by_operator=True)
    end(as_(thread.steward), thread, thread.boss, today(thread))
    sent = client.post("/riverbend/en/sign-in/printed-code/", {"code": code})
    assert (sent.status_code, "_auth_user_id" in client.session) == (200, False)


def test_a_pack_that_drops_an_office_ends_its_posts_and_nobody_signs_for_it(thread, as_):
    client, office = as_(thread.boss), thread.manager.public_id
    adopt_pack(program=thread.program, text=with_another_manager(thread), on=today(thread))
    assert client.get("/riverbend/en/unit/").status_code == 403
    assert "_auth_user_id" not in client.session
    assert post_of(thread.boss).until_date == today(thread)
    assert [one.person for one in holders_of(thread.program, office, today(thread))] == []
    assert signing_office(thread.program, thread.unit.slug) == f"{thread.unit.slug}/director"
    assert post_of(thread.staff).until_date is None, "other offices go on"


def test_the_last_steward_cannot_end_their_own_post_before_there_is_a_successor(thread, as_):
    steward = as_(thread.steward)
    refused = end(steward, thread, thread.steward, today(thread))
    assert "Appoint another program coordinator first" in refused.content.decode()
    assert post_of(thread.steward).until_date is None

    given = appoint(
        program=thread.program,
        email="next@riverbend.example",
        post="steward",
        from_date=today(thread) + 5 * DAY,
    )
    take_up(post=given, today=today(thread))
    assert (
        "Appoint another program coordinator first"
        in end(steward, thread, thread.steward, today(thread) + 4 * DAY).content.decode()
    )
    assert end(steward, thread, thread.steward, today(thread) + 5 * DAY).status_code == 302
    assert steward.get(PEOPLE).status_code == 200
    tick_program(thread.program, thread.now + 5 * DAY)
    assert steward.get(PEOPLE).status_code == 403


def test_a_steward_whose_own_post_ends_is_no_successor(thread):
    first, day = post_of(thread.steward), today(thread)
    second = make_person(email="second@riverbend.example")
    post = make_steward(person=second, program=thread.program, from_date=day)
    end_post(post=post, on=day + 3 * DAY, today=day)
    with pytest.raises(Refused, match="Appoint another program coordinator first"):
        end_post(post=first, on=day, today=day)


def test_stewards_leads_and_office_holders_stand_in_one_list_with_their_days(thread, as_):
    page = as_(thread.steward).get(PEOPLE).content.decode()
    people = (thread.steward, thread.first_lead.person, thread.staff, thread.boss)
    found = [one.called in page for one in people]
    assert found == [True] * 4
    assert page.count("End this post<") == 3
    assert alongside("program", "people", "riverbend").splitlines() == [
        f"{thread.steward.email}: steward, from 2026-01-01",
        f"{thread.boss.email}: {thread.manager.public_id}, from 2026-01-01",
        f"{thread.staff.email}: {thread.office.public_id}, from 2026-01-01",
    ]


def test_the_list_says_that_somebody_was_appointed_and_that_a_post_was_ended(thread, as_):
    steward = as_(thread.steward)
    typed = {"email": "new@riverbend.example", "post": thread.manager.public_id, "from_date": today(thread)}
    appointed = steward.post(f"{PEOPLE}appoint/", typed, follow=True).content.decode()
    assert said_after(appointed) == "This person is appointed, from the day that you chose."

    ending = f"{PEOPLE}posts/{post_of(thread.boss).pk}/end/"
    ended = steward.post(
        ending, {"on": today(thread).isoformat(), "sure": "on"}, follow=True
    ).content.decode()
    assert (
        said_after(ended)
        == "This post is ended, from the day that you chose. What stands on the public log stays."
    )
    assert said_after(steward.get(PEOPLE).content.decode()) == ""


def test_one_press_ends_no_post_and_the_page_says_whose_it_is_what_they_hold_and_what_stops(thread, as_):
    steward, held = as_(thread.steward), post_of(thread.boss)
    other = give_office(
        person=thread.boss,
        program=thread.program,
        office=thread.office.public_id,
        from_date=today(thread),
    )
    page = f"{PEOPLE}posts/{held.pk}/end/"
    shown = said_by(steward, page)
    pack = pack_of(thread.program)
    title, stays = (pack.office_title(one.office.public_id, "en") for one in (held, other))
    assert f"What this person holds now {thread.boss.email} · {title} · since January 1, 2026" in shown
    assert f"{stays} · this post stays" in shown
    assert thread.boss.called == title  # so the address says who it is
    assert f"I want to end this post of {thread.boss.email}: {title}. I have read what stops." in shown
    Person.objects.filter(pk=thread.boss.pk).update(called="Rosa")
    assert f"I want to end this post of Rosa: {title}. I have read what stops." in said_by(steward, page)
    typed = {"on": today(thread).isoformat()}
    pressed = steward.post(page, typed).content.decode()
    assert "Tick the box if this is the post that you want to end." in pressed
    assert Post.objects.get(pk=held.pk).until_date is None
    assert steward.post(page, typed | {"sure": "on"}).status_code == 302
    assert Post.objects.get(pk=held.pk).until_date == today(thread)


def test_only_the_steward_appoints_and_ends(thread, as_):
    for person in (thread.first_lead.person, thread.boss, thread.staff):
        client = as_(person)
        assert client.get(f"{PEOPLE}appoint/").status_code == 403
        assert end(client, thread, thread.boss, today(thread)).status_code == 403
    assert post_of(thread.boss).until_date is None


def test_a_post_cannot_end_in_the_past_nor_be_given_twice(thread, as_):
    steward = as_(thread.steward)
    assert "This day is past." in end(steward, thread, thread.boss, today(thread) - DAY).content.decode()
    typed = {
        "email": thread.boss.email.replace("manager", "MANAGER"),
        "post": thread.manager.public_id,
        "from_date": today(thread),
    }
    twice = steward.post(f"{PEOPLE}appoint/", typed)
    assert "This person holds this post already." in twice.content.decode()
    assert Post.objects.filter(office=thread.manager).count() == 1


def test_a_steward_who_ends_their_own_post_now_is_led_out(thread, as_):
    make_steward(person=thread.staff, program=thread.program, from_date=today(thread))
    client = as_(thread.steward)
    left = client.post(
        f"{PEOPLE}posts/{post_of(thread.steward).pk}/end/",
        {"on": today(thread).isoformat(), "sure": "on"},
        follow=True,
    )
    assert (left.status_code, "_auth_user_id" in client.session) == (200, False)


def test_the_operator_ends_a_post_by_command(thread, as_):
    client, manager = as_(thread.boss), thread.manager.public_id
    with pytest.raises(CommandError, match="Appoint another program coordinator first"):
        alongside("program", "end", "riverbend", "steward@riverbend.example", "steward")
    with pytest.raises(CommandError, match="does not hold"):
        alongside("program", "end", "riverbend", thread.staff.email, manager)

    said = alongside("program", "end", "riverbend", thread.boss.email, manager)

    assert said.strip() == f"{thread.boss.email} does not hold {manager} from {today(thread)} on."
    assert client.get("/riverbend/en/unit/").status_code == 403


def test_whoever_stands_behind_an_actor_is_told_by_day(thread):
    day, seat = today(thread), thread.first_lead
    assert [post.person for post in stewards_on(thread.program, day)] == [thread.steward]
    assert list(Seat.objects.filter(sitting(day), pk=seat.pk)) == [seat]
    assert not Seat.objects.filter(sitting(date(2025, 1, 1)), pk=seat.pk).exists()
    assert holders_of(thread.program, "nothing/here", day) == []


def test_no_page_gives_a_post_to_somebody_who_sits_in_a_cohort(thread, as_):
    lead = thread.second_lead.person
    form = {"email": lead.email, "post": thread.office.public_id, "from_date": today(thread).isoformat()}
    for post in (thread.office.public_id, "steward"):
        page = as_(thread.steward).post(f"{PEOPLE}appoint/", form | {"post": post})
        assert page.status_code == 200
        assert SITS in unescape(page.content.decode())
    later = thread.second_lead.until_date + DAY
    assert not Post.objects.filter(person=lead).exists()
    page = as_(thread.steward).post(f"{PEOPLE}appoint/", form | {"from_date": later.isoformat()})
    assert (page.status_code, post_of(lead).from_date) == (302, later)


@pytest.mark.parametrize("command", ["office", "steward"])
def test_no_command_gives_a_post_to_somebody_who_sits_in_a_cohort(thread, command):
    lead = thread.second_lead.person
    office = [thread.office.public_id] if command == "office" else []
    with pytest.raises(CommandError, match="They give that up first"):
        alongside("program", command, thread.program.slug, lead.email, *office)
    assert not Post.objects.filter(person=lead).exists()


def test_somebody_whose_seat_is_to_come_gets_no_post_and_gets_one_after_leaving_it(thread):
    lead, seat = thread.second_lead.person, thread.second_lead
    given = {"program": thread.program, "email": lead.email, "post": thread.office.public_id}
    with pytest.raises(Refused, match="They give that up first"):
        appoint(**given, from_date=seat.from_date - DAY)
    leave_seat(seat=seat, on=today(thread), reason="", now=thread.now)
    assert appoint(**given, from_date=today(thread)).person == lead


def test_who_ends_the_last_post_of_an_office_reads_that_nobody_else_holds_it(thread, as_):
    steward, warns = as_(thread.steward), "Nobody else is sure to hold this office after that day."
    page = f"{PEOPLE}posts/{post_of(thread.boss).pk}/end/"
    assert warns in steward.get(page).content.decode()
    other = make_person(email="other@riverbend.example")
    office = thread.manager.public_id
    given = give_office(person=other, program=thread.program, office=office, from_date=today(thread))
    assert warns not in steward.get(page).content.decode()
    end_post(post=given, on=today(thread) + 3 * DAY, today=today(thread))
    assert warns in steward.get(page).content.decode()
    assert warns not in steward.get(f"{PEOPLE}posts/{post_of(thread.steward).pk}/end/").content.decode()


def test_the_warning_stays_until_somebody_else_has_taken_the_office_up_and_says_who_has_not(thread, as_):
    steward, warns = as_(thread.steward), "Nobody else is sure to hold this office after that day."
    page = f"{PEOPLE}posts/{post_of(thread.boss).pk}/end/"
    waits = "Other Person was appointed and has not taken it up yet."
    assert "has not taken it up yet" not in said_by(steward, page)
    given = appoint(
        program=thread.program,
        email="other@riverbend.example",
        called="Other Person",
        post=thread.manager.public_id,
        from_date=today(thread),
    )
    assert warns in said_by(steward, page)
    assert waits in said_by(steward, page)
    assert "Appoint someone first." not in said_by(steward, page)
    take_up(post=given, today=today(thread))
    assert warns not in said_by(steward, page)
    assert "has not taken it up yet" not in said_by(steward, page)


def said_by(client, page: str) -> str:
    """Read a page as a person does: without its marks."""
    return " ".join(re.sub(r"<[^>]+>", "", unescape(client.get(page).content.decode())).split())
