"""Leads choose what they are called among leads: leads and the steward read it, the City and the record never do."""

import secrets

import pytest
from django.test import Client

from alongside.cohort.seats import actions
from alongside.cohort.seats.queries.seats import free_id
from alongside.core.refusals import Refused
from alongside.ground.people.actions import forget_person
from alongside.ground.people.models import Profile
from alongside.ground.record.models import LogEntry
from tests.cohort.seats import cast
from tests.work.cast import draft
from tests.work.engagements.test_drafting import ROOM, as_, text_of
from tests.work.partners import cast as partners

COHORT = "/riverbend/en/cohort/"
NAME = "/riverbend/en/seat/name/"
PROFILE = "/riverbend/en/seat/profile/"
MINE = "Wren Heron"


@pytest.fixture
def thread(db):
    found = cast.program()
    as_(found.first_lead.person).post(NAME, {"name": MINE})
    return found


def number(thread) -> str:
    return f"Lead (place {thread.first_lead.public_id[5:9]})"


def test_leads_and_the_steward_read_the_name_where_others_read_the_place(thread):
    shown = {
        "lead": text_of(as_(thread.second_lead.person).get(COHORT)),
        "steward": text_of(as_(thread.steward).get(COHORT)),
        "manager": text_of(as_(thread.boss).get(COHORT)),
        "resident": text_of(Client().get(COHORT)),
    }

    assert {who for who, text in shown.items() if MINE in text} == {"lead", "steward"}
    assert {who for who, text in shown.items() if number(thread) in text} == {"manager", "resident"}


def test_in_a_partner_room_leads_read_the_name_staff_the_place_and_whoever_wrote_it_reads_you(db):
    thread = partners.joined()
    actions.choose_name(seat=thread.first_lead, name=MINE)
    partners.say(thread)
    shown = {
        "lead": text_of(as_(thread.second_lead.person).get(partners.ROOM)),
        "staff": text_of(as_(thread.staff).get(partners.ROOM)),
        "own": text_of(as_(thread.first_lead.person).get(partners.ROOM)),
    }

    assert {who for who, text in shown.items() if MINE in text} == {"lead"}
    assert {who for who, text in shown.items() if number(thread) in text} == {"staff"}
    assert [who for who, text in shown.items() if "You ·" in text] == ["own"]
    tasks = [as_(one).get(f"{partners.ROOM}tasks/") for one in (thread.second_lead.person, thread.staff)]
    assert [MINE in text_of(one) for one in tasks] == [True, False]


def test_staff_read_the_name_that_a_lead_shows_to_everyone_and_their_place_once_it_is_taken_down(db):
    thread = partners.joined()
    actions.choose_name(seat=thread.first_lead, name=MINE)
    partners.say(thread)
    words = {"about": "", "lang": "en", "languages": "", "links": [], "organization": ""}
    actions.show_profile(seat=thread.first_lead, shown_name="Wren of the river", **words)
    shown = text_of(as_(thread.staff).get(partners.ROOM))
    actions.take_down_profile(person=thread.first_lead.person, erase=False)
    after = text_of(as_(thread.staff).get(partners.ROOM))

    assert ["Wren of the river" in one for one in (shown, after)] == [True, False]
    assert [number(thread) in one for one in (shown, after)] == [False, True]
    assert MINE not in shown + after


def test_the_coordinator_who_was_asked_into_a_partner_room_is_called_so(db):
    thread = partners.joined()
    lead = as_(thread.first_lead.person)
    lead.post(f"{partners.ROOM}mark/", {"ask": "1"})

    assert "<bdi>The program coordinator</bdi>" in lead.get(partners.ROOM).content.decode()


def test_in_the_room_of_an_engagement_leads_read_the_name_and_staff_the_place(db):
    thread = draft()
    actions.choose_name(seat=thread.first_lead, name=MINE)
    lead = as_(thread.first_lead.person)
    assert lead.post(f"{ROOM}say/", {"words": "A word on the hours."}).status_code == 302
    shown = {
        "lead": text_of(as_(thread.second_lead.person).get(ROOM)),
        "staff": text_of(as_(thread.staff).get(ROOM)),
        "own": text_of(lead.get(ROOM)),
    }

    assert {who for who, text in shown.items() if MINE in text} == {"lead"}
    assert {who for who, text in shown.items() if number(thread) in text} == {"staff"}
    assert {who for who, text in shown.items() if "You · " in text.partition("Comments on the draft")[2]} == {
        "own"
    }


def test_a_name_of_one_request_is_in_no_later_one(thread):
    lead, resident = as_(thread.second_lead.person), Client()
    seen = [MINE in text_of(one.get(COHORT)) for one in (lead, resident, lead, resident)]

    assert seen == [True, False, True, False]


def test_no_two_places_of_a_program_begin_alike_for_pages_call_them_by_that(thread, monkeypatch):
    drawn = [
        thread.first_lead.public_id[5:9] + "0000",
        thread.second_lead.public_id[5:9] + "ffff",
        "0a1b2c3d",
    ]
    begins = {one.public_id[5:9] for one in thread.leads}
    assert (len(begins), "0a1b" in begins) == (3, False)
    monkeypatch.setattr(secrets, "token_hex", lambda _size: drawn.pop(0))
    assert (free_id(thread.program), drawn) == ("seat-0a1b2c3d", [])


def test_no_name_is_ever_in_the_log(thread):
    cast.adopt(thread)
    cast.sign(thread, thread.first_lead.public_id)

    assert [one for one in LogEntry.objects.all() if MINE.encode() in bytes(one.raw)] == []


def test_two_leads_have_two_names_and_a_lead_may_have_none(thread):
    for same in (MINE, MINE.upper(), "Wren Ｈeron"):
        with pytest.raises(Refused, match="Another lead has this name"):
            actions.choose_name(seat=thread.second_lead, name=same)
    with pytest.raises(Refused, match="signs that can be seen"):
        actions.choose_name(seat=thread.second_lead, name="Wren\u202eHeron")

    as_(thread.first_lead.person).post(NAME, {"name": ""})
    assert number(thread) in text_of(as_(thread.second_lead.person).get(COHORT))


@pytest.mark.parametrize(
    "name",
    [
        "The program coordinator",
        "From the Program  Coordinator",
        "La coordinación del programa",
        "Libraries and Halls Unit, Manager",
        "libraries–and halls unit",
        "Oficina de Bibliotecas y Salones",
        "Example City",
        "Lead (place bd5d)",
        "Lead, place bd5d806e",
        "Líder, lugar bd5d806e",
        "Usted",
    ],
)
def test_no_lead_is_called_like_an_office_the_coordinator_or_a_place(thread, name):
    lead = as_(thread.first_lead.person)
    for page, field in ((NAME, "name"), (PROFILE, "shown_name")):
        assert "This reads like a bureau, an office," in text_of(lead.post(page, {field: name}))
    thread.first_lead.person.refresh_from_db()

    assert thread.first_lead.person.known_as == MINE
    assert not Profile.objects.exists()


def test_a_lead_may_have_a_word_of_an_office_in_a_name(thread):
    for name in ("Hall Unity", "Lead Belly", "Streets", "Ana Manager"):
        actions.choose_name(seat=thread.second_lead, name=name)


def test_no_lead_shows_the_name_of_another_lead(thread):
    second, third = thread.second_lead, thread.third_lead
    said = text_of(as_(second.person).post(PROFILE, {"shown_name": MINE.upper()}))
    assert "Another lead has this name." in said
    as_(second.person).post(PROFILE, {"shown_name": "Blue Heron"})

    with pytest.raises(Refused, match="Another lead has this name"):
        actions.choose_name(seat=third, name="blue heron")


def test_a_chosen_name_says_in_rooms_and_messages_that_it_is_a_leads(db):
    thread = partners.joined()
    actions.choose_name(seat=thread.first_lead, name=MINE)
    partners.say(thread)
    lead, other = as_(thread.first_lead.person), as_(thread.second_lead.person)
    lead.post("/riverbend/en/messages/write/", {"to": "all", "words": "The meeting is moved."})

    assert f"{MINE} (lead) ·" in text_of(other.get(partners.ROOM))
    assert f"From {MINE} (lead), " in text_of(other.get("/riverbend/en/messages/"))
    assert f"{MINE} (lead) wrote it on " in text_of(other.get("/riverbend/en/week/"))


def test_two_leads_of_one_name_are_told_apart_in_a_room_by_their_places(db):
    thread = partners.joined()
    for seat in (thread.first_lead, thread.second_lead):
        Profile.objects.create(person=seat.person, shown_name=MINE, is_public=True)

    page = text_of(as_(thread.staff).get(partners.ROOM))

    for seat in (thread.first_lead, thread.second_lead):
        assert f"{MINE} (lead, place {seat.public_id[5:9]})" in page


def test_a_name_and_a_number_go_with_the_account(thread):
    person = thread.first_lead.person
    person.text_number = "+15035550100"
    person.save(update_fields=["text_number"])
    forget_person(person=person)
    person.refresh_from_db()

    assert (person.known_as, person.text_number) == ("", "")
