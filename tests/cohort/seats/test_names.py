"""Leads choose what they are called among leads: leads and the steward read it, the City and the record never do."""

import pytest
from django.test import Client

from alongside.cohort.seats import actions
from alongside.core.refusals import Refused
from alongside.ground.people.actions import forget_person
from alongside.ground.record.models import LogEntry
from tests.cohort.seats import cast
from tests.work.engagements.test_drafting import as_, text_of

COHORT = "/riverbend/en/cohort/"
NAME = "/riverbend/en/seat/name/"
MINE = "Wren Heron"


@pytest.fixture
def thread(db):
    found = cast.program()
    as_(found.first_lead.person).post(NAME, {"name": MINE})
    return found


def number(thread) -> str:
    return f"Lead, place {thread.first_lead.public_id.removeprefix('seat-')}"


def test_leads_and_the_steward_read_the_name_where_others_read_the_place(thread):
    shown = {
        "lead": text_of(as_(thread.second_lead.person).get(COHORT)),
        "steward": text_of(as_(thread.steward).get(COHORT)),
        "manager": text_of(as_(thread.boss).get(COHORT)),
        "resident": text_of(Client().get(COHORT)),
    }

    assert {who for who, text in shown.items() if MINE in text} == {"lead", "steward"}
    assert {who for who, text in shown.items() if number(thread) in text} == {"manager", "resident"}


def test_a_name_of_one_request_is_in_no_later_one(thread):
    lead, resident = as_(thread.second_lead.person), Client()
    seen = [MINE in text_of(one.get(COHORT)) for one in (lead, resident, lead, resident)]

    assert seen == [True, False, True, False]


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


def test_a_name_goes_with_the_account(thread):
    person = thread.first_lead.person
    forget_person(person=person)
    person.refresh_from_db()

    assert person.known_as == ""
