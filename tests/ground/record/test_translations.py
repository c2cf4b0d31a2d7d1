"""Every public text has its translations on a page: who made each, when, and whether a person reviewed it."""

import json

import pytest

from alongside.ground.record.models import Line, PublicText
from tests.cohort.seats import cast as seats
from tests.promises.attempts import as_
from tests.work.workplans.cast import QUESTION, Plan

pytestmark = pytest.mark.django_db


def held_meeting():
    """Give a thread whose leads published minutes, and the page of their translations."""
    thread = seats.program()
    seats.write(thread, seats.meet(thread))
    from alongside.cohort.seats import actions
    from alongside.cohort.seats.models import MinutesDraft

    held = actions.publish_minutes(draft=MinutesDraft.objects.get(), seat=thread.first_lead, now=thread.now)
    return thread, f"/riverbend/en/record/{held.index}/translations/"


def typed(page, words="Palabras.", **more):
    """Fill in every field that a page shows, from its form."""
    names = [one for one in page.context["form"].fields if one.startswith("words-")]
    return {"made_by": "person", "is_reviewed": "on"} | dict.fromkeys(names, words) | more


def test_a_lead_translates_minutes_and_the_meeting_says_so(db):
    thread, page = held_meeting()
    lead = as_(thread.first_lead.person)
    meeting = lead.get("/riverbend/en/meetings/first/").content.decode()
    assert page in meeting

    form = lead.get(f"{page}?into=es")
    assert form.context["form"]["words-minutes"].label == "Minutes"
    assert lead.post(f"{page}?into=es", typed(form)).status_code == 302
    spanish = as_(None).get("/riverbend/es/meetings/first/").content.decode()
    assert "Palabras." in spanish
    rows = {one.lang: one for one in PublicText.objects.filter(name="minutes")}
    assert {lang: (one.is_reviewed, one.made_by) for lang, one in rows.items()} == {
        "en": (True, "person"),
        "es": (True, "person"),
    }


def test_what_a_machine_made_waits_for_a_person_who_reads_it(db):
    thread, page = held_meeting()
    lead = as_(thread.first_lead.person)
    given = typed(lead.get(f"{page}?into=es"), made_by="machine")
    del given["is_reviewed"]
    lead.post(f"{page}?into=es", given)
    shown = lead.get(f"{page}?into=es")
    assert "not reviewed by a person yet" in shown.content.decode()
    assert shown.context["form"]["words-minutes"].value() == "Palabras."  # to correct, not to write anew


def test_a_resident_sees_the_list_and_no_form_and_the_unit_leaves_the_communitys_words_alone(db):
    thread, page = held_meeting()
    seen = as_(None).get(page)
    assert (seen.context["form"], seen.status_code) == (None, 200)
    assert as_(None).post(f"{page}?into=es", {}).status_code == 403
    staff = as_(thread.staff)
    refused = staff.post(f"{page}?into=es", typed(staff.get(f"{page}?into=es")))
    assert "a lead or the steward adds their translation" in refused.content.decode()
    assert "Palabras." in refused.content.decode()
    assert Line.objects.filter(kind="text.translated").count() == 0


def test_a_workplan_is_translated_row_by_row_and_its_choices_stay(db):
    plan = Plan().fill()
    plan.in_force()
    page = "/riverbend/en/workplans/libraries/translations/"
    lead = as_(plan.thread.first_lead.person)
    assert page in lead.get("/riverbend/en/workplans/libraries/").content.decode()
    form = lead.get(f"{page}?into=es")
    question = next(one.name for one in form.context["form"].pieces if one.words == QUESTION)
    assert (
        lead.post(f"{page}?into=es", typed(form, **{f"words-{question}": "¿Cuánto tiempo?"})).status_code
        == 302
    )
    first, second = (
        json.loads(one.words) for one in PublicText.objects.filter(name="plan").order_by("entry")
    )
    assert second["rows"]["question"] == [{**first["rows"]["question"][0], "words": "¿Cuánto tiempo?"}]
    chosen = {name: value for name, value in first["rows"]["activity"][0].items() if name != "what"}
    assert chosen.items() <= second["rows"]["activity"][0].items()
    assert "¿Cuánto tiempo?" in as_(None).get("/riverbend/es/workplans/libraries/").content.decode()
