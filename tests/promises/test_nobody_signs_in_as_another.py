"""A steward prints a sign-in code for who has no other way in, and gets into nobody's place with one who has."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from alongside.cohort.calls.models import Invitee
from alongside.cohort.lotteries import actions as lotteries
from alongside.cohort.seats.models import Seat
from alongside.core.refusals import Refused
from alongside.ground.people.actions import make_person, print_code
from alongside.ground.people.models import Person, PrintedCode
from tests.cohort.calls import cast as calls
from tests.cohort.reviews import choosing
from tests.cohort.seats import cast
from tests.cohort.seats.care_cast import CANARY, hearer, raise_alarm
from tests.promises.attempts import BASE, as_, today
from tests.support.thread import Thread

DAY = timedelta(days=1)
PEOPLE = f"{BASE}/steward/people/"
SELECTION = f"{BASE}/steward/selection/second-cohort/"
CURE = "ask whoever runs the server to print a code for them"

pytestmark = pytest.mark.django_db


def printed(steward, address: str) -> tuple[str, bool, int]:
    """Press for a code, and give it, whether the page says what to do instead, and how many codes wait for use."""
    page = steward.post(address)
    assert page.status_code == 200
    return page.context["code"], CURE in " ".join(page.content.decode().split()), PrintedCode.objects.count()


def test_a_steward_does_not_sign_in_as_whoever_runs_another_program_on_the_server():
    here, there = Thread(now=today()).open_program(), Thread(now=today()).open_program(slug="delta")
    steward = as_(here.steward)
    post = {"email": there.steward.email, "post": here.office.public_id, "from_date": here.now.date()}
    assert steward.post(f"{PEOPLE}appoint/", post).status_code == 302

    Person.objects.filter(pk=there.steward.pk).update(called="Who runs delta")
    assert "Who runs delta" in steward.get(PEOPLE).content.decode()
    assert printed(steward, f"{PEOPLE}{there.steward.pk}/code/") == ("", True, 0)


def test_a_steward_does_not_sign_in_as_who_is_invited_to_help_to_read_or_to_witness_by_an_address():
    made = choosing.closed(count=3, selection="lottery", seats=2)
    thread, steward = made.thread, as_(made.thread.steward)
    other = Thread(now=thread.now).open_program(slug="delta")
    typed = {"called": "Someone", "email": other.boss.email, "organization": "A house"}
    assert steward.post(f"{SELECTION}helpers/", typed | {"does": ["types-in"]}).status_code == 302
    typed = {"called": "Someone", "email": other.staff.email, "kind": "community", "organizations": ""}
    assert steward.post(f"{SELECTION}readers/", typed).status_code == 302
    drawn_on = thread.now.date() + 3 * DAY
    lotteries.announce(call=made.call, seed_source="Numbers.", seed_day=drawn_on, lang="en", now=thread.now)
    typed = {"called": "Someone", "email": other.steward.email, "organization": "A house", "role": "Auditor"}
    assert steward.post(f"{SELECTION}lottery/witness/", typed).status_code == 302

    codes = [
        f"helpers/{Invitee.objects.get(person=other.boss).pk}/code/",
        f"readers/{Invitee.objects.get(person=other.staff).pk}/code/",
    ]
    assert [printed(steward, SELECTION + one) for one in codes] == [("", True, 0)] * 2


def test_no_witness_is_named_who_would_sign_in_with_what_the_steward_prints():
    made = choosing.closed(count=3, selection="lottery", seats=2)
    held = lotteries.announce(
        call=made.call,
        seed_source="Numbers.",
        seed_day=made.thread.now.date() + 3 * DAY,
        lang="en",
        now=made.thread.now,
    )
    typed = {"called": "Someone", "email": "", "organization": "A house", "role": "Auditor"}
    page = as_(made.thread.steward).post(f"{SELECTION}lottery/witness/", typed).content.decode()
    assert ("error" in page, Invitee.objects.filter(role="witness").count()) == (True, 0)
    nobody = make_person(email=None)
    with pytest.raises(Refused, match="A witness signs in with a code by email") as refused:
        lotteries.name_witness(
            lottery=held,
            person=nobody,
            organization="A house",
            role="Auditor",
            lang="en",
            now=made.thread.now,
        )
    assert refused.value.field == "email"


def test_a_steward_does_not_open_an_alarm_that_is_about_them():
    thread = cast.program()
    calls.published(thread)
    cast.adopt(thread)
    cast.sign(thread, *(one.public_id for one in thread.leads))
    named = hearer(thread)
    alarm = raise_alarm(thread, about=":steward")
    steward = as_(thread.steward)
    assert CANARY in as_(named).get(f"{BASE}/messages/raised/{alarm.key}/").content.decode()

    assert printed(steward, f"{PEOPLE}{named.pk}/code/") == ("", True, 0)
    typed = {"called": "Council", "email": named.email, "organization": "A house", "does": ["types-in"]}
    assert steward.post(f"{SELECTION}helpers/", typed).status_code == 302
    assert printed(steward, f"{SELECTION}helpers/{Invitee.objects.get().pk}/code/") == ("", True, 0)


def test_an_alarm_passes_whoever_signs_in_with_what_the_steward_prints():
    thread = cast.program()
    person = make_person(email=None, called="Without mail")
    seat = thread.seat(person)
    cast.adopt(thread, alarms_to=seat.public_id)
    cast.sign(thread, *(one.public_id for one in [*thread.leads, seat]))
    named = hearer(thread)

    alarm = raise_alarm(thread, about=":steward")

    assert (alarm.to, alarm.is_rerouted) == (cast.OFFICE, True)
    address = f"{BASE}/messages/raised/{alarm.key}/"
    assert [as_(one).get(address).status_code for one in (person, named)] == [404, 200]
    page = as_(thread.first_lead.person).get(address).content.decode()
    assert "or sign in with a code that the program coordinator prints" in page


def test_a_person_without_an_address_gets_a_code_on_paper_and_lands_at_their_own_desk(new_site_client):
    thread = Thread(now=today()).open_program()
    person = make_person(email=None, called="Without mail")
    thread.seat(person)
    page = as_(thread.steward).post(f"{PEOPLE}{person.pk}/code/")

    landed = new_site_client().post(
        f"{BASE}/sign-in/printed-code/", {"code": page.context["code"]}, follow=True
    )

    assert (landed.request["PATH_INFO"], landed.status_code) == (f"{BASE}/week/", 200)


def test_the_list_of_people_offers_a_code_for_who_has_no_address_and_for_nobody_else():
    thread = Thread(now=today()).open_program()
    person = make_person(email=None, called="Without mail")
    thread.seat(person)
    page = as_(thread.steward).get(PEOPLE).content.decode()

    offered = [one for one in Seat.objects.all() if f'{PEOPLE}{one.person_id}/code/"' in page]
    assert [one.person for one in offered] == [person]


def test_only_who_runs_the_server_prints_a_code_for_somebody_with_an_address():
    thread = Thread(now=today()).open_program()
    with pytest.raises(Refused, match=CURE):
        print_code(person=thread.boss, now=thread.now)
    assert PrintedCode.objects.count() == 0

    said = StringIO()
    call_command("program", "code", "riverbend", thread.boss.email, stdout=said)
    assert "It works once, for 14 days." in said.getvalue()
    assert PrintedCode.objects.get().person == thread.boss
