"""Every public text has its translations on a page: who made each, when, and whether a person reviewed it."""

import json

import pytest
from django.utils import translation
from django.utils.translation import gettext

from alongside.ground.record.models import LogEntry, PublicText
from alongside.ground.ui.days import day_in_words
from tests.cohort.seats import cast as seats
from tests.promises.attempts import as_
from tests.support.remembering import this_hour
from tests.support.thread import Thread
from tests.work.engagements.test_drafting import text_of
from tests.work.workplans.cast import QUESTION, Plan

pytestmark = pytest.mark.django_db


def held_meeting(**more):
    """Give a thread whose leads published minutes, and the page of their translations."""
    thread = seats.program()
    seats.write(thread, seats.meet(thread), **more)
    from alongside.cohort.meetings import actions
    from alongside.cohort.meetings.models import MinutesDraft

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


def test_minutes_as_long_as_they_may_be_can_be_translated(db):
    thread, page = held_meeting(minutes="We spoke. " * 2_000)
    lead = as_(thread.first_lead.person)
    longer = "Hablamos de todo. " * 1_300
    given = typed(lead.get(f"{page}?into=es"), **{"words-minutes": longer})
    assert lead.post(f"{page}?into=es", given).status_code == 302
    assert longer.strip() in as_(None).get("/riverbend/es/meetings/first/").content.decode()


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
    assert "a lead or the program coordinator adds their translation" in refused.content.decode()
    assert "Palabras." in refused.content.decode()
    assert LogEntry.objects.filter(kind="text.translated").count() == 0


def found_in_spanish(**told):
    """Give a thread whose lead put a finding into Spanish, and the page of the finding's translations."""
    thread = Thread(now=this_hour()).to_open_engagement()
    finding = thread.find().index
    lead = as_(thread.first_lead.person)
    page = f"/riverbend/en/record/{finding}/translations/"
    given = typed(lead.get(f"{page}?into=es"), "Palabras de vecinos.") | told
    lead.post(f"{page}?into=es", {name: value for name, value in given.items() if value})
    return thread, page


LEFT = "a lead wrote or reviewed these words in this language; ask a lead to change them."


def test_the_steward_leaves_a_leads_reviewed_words_alone_and_loses_nothing_typed(db):
    thread, page = found_in_spanish()
    steward = as_(thread.steward)
    there = steward.get(f"{page}?into=es")
    assert "A lead wrote or reviewed these words, so only leads change them." in text_of(there)
    assert 'name="words-statement"' not in there.content.decode()

    refused = steward.post(
        f"{page}?into=es",
        {"words-statement": "Palabras de otros.", "made_by": "person", "is_reviewed": "on"},
    )

    assert refused.status_code == 200
    assert (LEFT in text_of(refused).lower(), "Palabras de otros." in refused.content.decode()) == (
        True,
        True,
    )
    follow = text_of(as_(None).get(f"/riverbend/es/follow/{thread.promise}/"))
    assert ("Palabras de vecinos." in follow, "Palabras de otros." in follow) == (True, False)
    lead = as_(thread.second_lead.person)
    assert lead.post(f"{page}?into=es", typed(lead.get(f"{page}?into=es"), "Mejor.")).status_code == 302


def test_the_steward_reads_what_a_machine_made_and_translates_what_nobody_did(db):
    thread, page = found_in_spanish(made_by="machine", is_reviewed="")
    steward = as_(thread.steward)
    for into in ("es", "vi"):
        form = steward.get(f"{page}?into={into}")
        assert steward.post(f"{page}?into={into}", typed(form, "Leído.")).status_code == 302


@pytest.mark.parametrize(
    ("by", "said"),
    [("lead", "Added by a lead on %(day)s."), ("steward", "Added by the program coordinator on %(day)s.")],
)
def test_a_translation_says_who_added_it_and_when_where_it_is_read(db, by, said):
    thread = Thread(now=this_hour()).to_open_engagement()
    finding = thread.find().index
    page = f"/riverbend/en/record/{finding}/translations/?into=vi"
    person = as_(thread.first_lead.person if by == "lead" else thread.steward)
    assert person.post(page, typed(person.get(page))).status_code == 302
    for at, times in (
        (f"follow/{thread.promise}", 1),
        (f"record/{finding}", 1),
    ):  # in full once a page, and in short where the same is true again
        with translation.override("vi"):
            told = gettext(said) % {"day": day_in_words(thread.now.date())}
        shown = text_of(as_(None).get(f"/riverbend/vi/{at}/"))
        assert shown.count(told) == times


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
