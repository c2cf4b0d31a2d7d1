"""Leads ask five questions in one go; the unit refuses one; it is raised to the office above, which tells it in public."""

import re

import pytest

from alongside.core.grammar.log import check_log
from alongside.ground.people import actions as people
from alongside.ground.programs import actions as programs
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.models import Standing
from tests.story.steps import HOME, click, press, to_desk
from tests.support.browsers import axe
from tests.support.outbox import send_out
from tests.support.thread import Thread

pytestmark = [pytest.mark.django_db, pytest.mark.story]

QUESTIONS = [f"{place}. How long does camera {place} keep pictures?" for place in range(1, 5)]
COST = "What did the cameras cost?"


def words(page):
    return re.sub(r"\s+", " ", page.locator("main").inner_text())


def test_a_refused_question_is_told_by_the_office_above(browsing, live_site, calendar):
    # Given a unit with staff and a manager, and the office that the policy pack names above it
    thread = Thread(now=calendar.now()).open_program()
    above = people.make_person(email="above@riverbend.example")
    programs.give_office(
        person=above, program=thread.program, office="city-manager/manager", from_date=calendar.day(thread)
    )
    lead = browsing.person("the lead", phone=True, signed_in=thread.first_lead.person)
    staff = browsing.person("the staff", signed_in=thread.staff)
    manager = browsing.person("the manager", signed_in=thread.boss)
    city_manager = browsing.person("the city manager", signed_in=above)
    resident = browsing.person("the resident", phone=True)

    # When a lead pastes five questions, reads them once more and sends them
    to_desk(lead, "Recommend")
    click(lead, "Ask many questions")
    lead.get_by_label("Which office should answer?").select_option(thread.office.public_id)
    lead.get_by_label("What are the questions about").fill("Cameras")
    lead.get_by_label("Your questions, one on each line").fill("\n".join([*QUESTIONS, COST]))
    press(lead, "Read them")
    assert "We read 5 questions" in words(lead)
    assert axe(lead) == []
    press(lead, "Put 5 questions on the public log")
    lead.get_by_role("heading", name="Cameras", exact=True).wait_for()

    # And the unit tells four with the same words, and refuses the fifth
    to_desk(staff, "Our desk")
    click(staff, "Cameras")
    for place in range(1, 5):
        staff.get_by_label(f"How long does camera {place} keep pictures?").check()
    staff.get_by_label("Told: here is the answer").check()
    staff.get_by_label("Words for all of them").fill("Every camera keeps pictures for three days.")
    press(staff, "Send for sign-off")
    to_desk(manager, "Our desk")
    click(manager, "Cameras")
    assert axe(manager) == []
    for place in range(1, 5):
        manager.locator("li", has=manager.locator("[name=waiting]")).get_by_label(
            f"How long does camera {place} keep pictures?"
        ).check()
    press(manager, "Sign off and publish those that are checked")
    manager.get_by_label(COST).check()
    manager.get_by_label("Declined: we do not tell it").check()
    manager.get_by_label("Words for all of them").fill("The contract is secret.")
    press(manager, "Sign off and publish")
    manager.get_by_text("No question waits for your bureau.").wait_for()
    assert send_out(thread.program, calendar.now()) == 5

    # Then the lead raises what was refused, with a reason that is public
    lead.goto(f"{HOME}questions/?state=refused")
    click(lead, COST)
    click(lead, "Raise it to the office above")
    lead.get_by_label("Why does the office above need to see this?").fill("People pay for them.")
    press(lead, "Put it on the public log")
    lead.get_by_text("the office above. A reply is due").first.wait_for()

    # And the office above finds it on its desk and tells it
    to_desk(city_manager, "Our desk")
    click(city_manager, f"Reply: {COST}")
    city_manager.get_by_label("We tell it: here is the answer").check()
    city_manager.get_by_label("In words your neighbor would use").fill("They cost 90,000 dollars.")
    assert axe(city_manager) == []
    press(city_manager, "Put it on the public log")
    city_manager.wait_for_url(f"**{HOME}unit/**")

    # So that anyone reads, without an account, what was asked, refused, raised and told
    resident.goto(f"{HOME}questions/")
    click(resident, COST)
    said = words(resident)
    places = [
        said.index(one) for one in ("The contract is secret.", "People pay for them.", "90,000 dollars.")
    ]
    assert places == sorted(places)
    pack = pack_of(thread.program)
    first, last = (pack.office_title(one, "en") for one in (thread.office.public_id, "city-manager/manager"))
    assert said.index(f"{last}, the office above, told it on") < said.index(
        f"Asked of {first}; Manager answered · Declined."
    )
    assert (said.count(last), said.count("The City")) == (2, 0)
    assert axe(resident) == []
    assert list(Standing.objects.order_by("ask").values_list("decision", flat=True)) == ["told"] * 5
    assert check_log(thread.entries(), origin=thread.program.origin).kinds["raise.replied"] == 1
