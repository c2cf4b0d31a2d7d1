"""Promises 1, 3 and 5: nobody says in another language what a lead or the City did not say, or takes another's words down."""

import json

import pytest
from django.core.management import CommandError, call_command

from alongside.ground.people.actions import make_person
from alongside.ground.programs.actions import give_office
from alongside.ground.programs.models import Office
from alongside.ground.record.actions import entries
from alongside.ground.record.models import PublicText
from alongside.ground.record.take_down_codes import agree
from alongside.ground.texts import actions as texts_actions
from alongside.work.engagements.models import Correction
from tests.promises.attempts import (
    BASE,
    accepted,
    as_,
    city,
    is_caught,
    knock,
    size,
    today,
    translation,
    without_rule,
)
from tests.support.thread import Thread, enter_correction
from tests.work.workplans.cast import Plan

pytestmark = pytest.mark.django_db
HOW = (
    {"made_by": "person", "is_reviewed": "on"},
    {"made_by": "machine"},
    {"made_by": "machine", "is_reviewed": "on"},
)
NAMES = ("title", "decision", "can_change", "cannot_change", "reading", "consent")
LIE = "La Ciudad no promete nada."


def promised():
    return Thread(now=today()).to_open_engagement()


def kept():
    """Give a thread with a promise that two leads checked, and the entry of their check."""
    thread = promised()
    commitment = thread.answer(thread.recommend(thread.find()), "accepted")[1]
    claim = thread.claim(commitment)
    thread.check(claim, thread.first_lead)
    return thread, thread.check(claim, thread.second_lead)


def say(thread, entry, names, into="es", people=None):
    """Let each of these people put other words over an entry by its page, in every way that a form knows."""
    page = f"{BASE}/record/{entry}/translations/?into={into}"
    for person in people or city(thread).values():
        for how in HOW:
            knock(as_(person), "POST", page, how | {f"words-{name}": LIE for name in names})


def everyone(thread):
    return [thread.first_lead.person, thread.second_lead.person, *city(thread).values()]


def stranger(thread):
    """Give a member of staff of another unit."""
    office = Office.objects.exclude(unit=thread.unit).filter(unit__program=thread.program).first()
    person = make_person(email="other@example.com")
    give_office(person=person, program=thread.program, office=office.public_id, from_date=thread.now.date())
    return person


def test_nobody_puts_other_words_over_a_promise(db):
    thread = promised()
    before = size()
    for into in ("es", "vi", "ar"):
        say(thread, thread.promise, NAMES, into, everyone(thread))
    assert size() == before
    page = as_(None).get("/riverbend/es/engagements/library-computers/").content.decode()
    assert ("consent (es)" in page, LIE in page) == (True, False)


def test_the_page_of_a_promises_translations_offers_nobody_a_form_and_says_why(db):
    thread = promised()
    for person in everyone(thread):
        page = as_(person).get(f"{BASE}/record/{thread.promise}/translations/?into=es").content.decode()
        assert ("Its words in every language are frozen." in page, 'name="words-' in page) == (True, False)


def test_no_action_puts_other_words_over_a_promise_or_its_correction(db):
    thread = promised()
    lead, manager = thread.first_lead.public_id, thread.manager.public_id
    correction = enter_correction(
        engagement=thread.engagement,
        about="title",
        words="One more.",
        lang="en",
        others={"es": "Una más."},
        by=[lead, manager],
        now=thread.now,
    )

    def translated(of, by, lang, name):
        return lambda: texts_actions.translate_text(
            program=thread.program,
            entry=of,
            by=by,
            lang=lang,
            texts={name: LIE},
            made_by="person",
            reviewed=True,
            now=thread.now,
        )

    def both(of, names):
        drafted = translation(of, [lead, manager], "vi", dict.fromkeys(names, LIE))
        return lambda: entries.append(program=thread.program, drafts=[drafted], now=thread.now)

    attempts = {
        f"{by} in {lang} over {of}": translated(of, by, lang, name)
        for of, name in ((thread.promise, "consent"), (correction.index, "correction"))
        for by in (lead, manager, "steward")
        for lang in ("es", "vi")
    }
    attempts |= {
        "both, later": both(thread.promise, NAMES),
        "both, alone": both(correction.index, ["correction"]),
    }
    assert accepted(attempts) == []


def test_a_promise_does_not_open_without_its_words_in_every_language(db):
    thread = Thread(now=today()).open_program().draft_engagement().make_keys()
    thread.open()
    rows = PublicText.objects.filter(about=thread.promise, lang="es")
    assert sorted(rows.values_list("name", flat=True)) == sorted(NAMES)
    promise, spanish = thread.entries()[thread.promise], thread.entries()[thread.promise + 1]
    assert (
        json.loads(promise)["by"]
        == json.loads(spanish)["by"]
        == [thread.first_lead.public_id, thread.manager.public_id]
    )


def test_a_correction_is_signed_in_every_language_and_the_other_side_reads_all_of_them(db):
    thread = promised()
    page = f"{BASE}/engagements/library-computers/correct/"
    lead, boss = as_(thread.first_lead.person), as_(thread.boss)
    before = size()
    lacking = lead.post(page, {"about": "title", "words": "Also at night."})
    assert (lacking.status_code, size(), Correction.objects.count()) == (200, before, 0)
    lead.post(page, {"about": "title", "words": "Also at night.", "words-es": "También de noche."})
    waits = Correction.objects.get()
    assert "También de noche." in boss.get(f"{page}{waits.pk}/").content.decode()
    boss.post(f"{page}{waits.pk}/")
    shown = as_(None).get("/riverbend/es/engagements/library-computers/").content.decode()
    assert "También de noche." in shown


def test_no_office_translates_a_check_of_leads(db):
    thread, check = kept()
    before = size()
    for person in (thread.staff, thread.boss, stranger(thread)):
        say(thread, check.index, list(check.texts), people=[person])
    assert size() == before
    form = as_(thread.staff).get(f"{BASE}/record/{check.index}/translations/?into=es").content.decode()
    assert "A lead or the program coordinator translates them." in form
    assert 'name="words-check"' not in form


def test_no_office_translates_a_workplan(db):
    plan = Plan().fill()
    plan.in_force()
    before = size()
    page = "/riverbend/en/workplans/libraries/translations/?into=es"
    client = as_(plan.thread.boss)
    names = [one.name for one in client.get(page).context["form"].pieces]
    knock(client, "POST", page, HOW[0] | {f"words-{name}": LIE for name in names})
    assert size() == before


def listed(thread, entry, **people):
    """Say on whose list of translations to do an entry is."""
    pages = {
        who: as_(one).get(f"{BASE}/translations/?into=vi").context["rows"] for who, one in people.items()
    }
    return {who: any(one.row.index == entry for one in rows) for who, rows in pages.items()}


def test_only_its_unit_and_the_steward_translate_what_the_city_wrote(db):
    thread = promised()
    project, other = thread.project.entry, stranger(thread)
    before = size()
    names = ["title", "summary"]
    say(thread, project, names, people=[thread.first_lead.person, other])
    assert size() == before
    say(thread, project, names, people=[thread.staff])
    say(thread, project, names, people=[thread.steward])
    assert size() == before + 2 * len(HOW)
    page = f"{BASE}/record/{project}/translations/?into=es"
    assert "the program coordinator translates them" in as_(other).get(page).content.decode()
    people = {
        "lead": thread.first_lead.person,
        "staff": thread.staff,
        "other": other,
        "steward": thread.steward,
    }
    on_list = listed(thread, project, **people)
    assert on_list == {"lead": False, "staff": True, "other": False, "steward": True}


def bound(thread):
    """Give, with a text of theirs, the entries by which a unit is bound: a no, and a yes with its commitment and claim."""
    finding = thread.find()
    no = thread.answer(thread.recommend(finding), "declined", reasons="Not this year.")[0]
    yes, commitment = thread.answer(thread.recommend(finding, "Keep for a week"), "accepted")
    claim = thread.claim(commitment)
    texts = (
        (no, "reasons"),
        (yes, "reasons"),
        (commitment, "evidence"),
        (commitment, "m1"),
        (claim, "claim"),
    )
    return [(entry.index, name) for entry, name in texts]


def test_no_office_says_in_another_language_what_it_is_bound_by(db):
    thread = promised()
    told = bound(thread)
    people = {"staff": thread.staff, "boss": thread.boss, "other": stranger(thread)}
    before = size()
    for entry, name in told:
        say(thread, entry, [name], people=people.values())
    assert size() == before
    for entry, _name in told:
        page = as_(thread.boss).get(f"{BASE}/record/{entry}/translations/?into=es").content.decode()
        assert ("An office is bound by these words." in page, 'name="words-' in page) == (True, False)
        assert listed(thread, entry, **people) == dict.fromkeys(people, False)


def test_a_lead_or_the_steward_translates_an_answer_and_the_page_says_who_and_when(db):
    thread = promised()
    answer, name = bound(thread)[0]
    assert listed(thread, answer, lead=thread.first_lead.person, steward=thread.steward) == {
        "lead": True,
        "steward": True,
    }
    page = f"{BASE}/record/{answer}/translations/?into=es"
    knock(as_(thread.steward), "POST", page, HOW[1] | {f"words-{name}": "Este año no."})
    spanish = f"/riverbend/es/record/{answer}/"
    assert "Este año no." in as_(None).get(spanish).content.decode()
    knock(as_(thread.first_lead.person), "POST", page, HOW[0] | {f"words-{name}": "No este año."})
    shown = as_(None).get(spanish).context["shown"].texts[name]
    assert (shown.words, shown.added_by, shown.added_on) == ("No este año.", "lead", thread.now.date())
    before = size()
    say(thread, answer, [name], people=[thread.steward])
    assert size() == before
    assert "only leads change them" in as_(thread.steward).get(page).content.decode()


# Nobody takes another's words down


def gone(thread, entry, name, by):
    """Take a text down with these two roles."""
    text = PublicText.objects.get(entry=entry, name=name)
    given = {"entry": entry, "sha256": text.sha256, "ground": "Order 12", "by": by}
    return lambda: texts_actions.erase_text(program=thread.program, now=thread.now, **given)


def test_two_city_roles_take_down_no_words_of_a_promise_or_a_check(db):
    thread, check = kept()
    cities = (["steward", thread.manager.public_id], [thread.manager.public_id, "steward"])
    places = [(thread.promise, name) for name in NAMES] + [
        (thread.promise + 1, "consent"),
        (check.index, "check"),
    ]
    attempts = {
        f"{name} of {entry} by {by}": gone(thread, entry, name, by) for by in cities for entry, name in places
    }
    before = PublicText.objects.count()
    assert accepted(attempts) == []
    assert PublicText.objects.count() == before


def test_two_city_roles_take_down_no_translation_of_a_lead(db):
    thread = promised()
    finding = thread.find().index
    page = f"{BASE}/record/{finding}/translations/?into=es"
    knock(as_(thread.first_lead.person), "POST", page, HOW[0] | {"words-statement": "Plazos cortos."})
    spanish = PublicText.objects.get(words="Plazos cortos.").entry
    by = ["steward", thread.manager.public_id]
    assert accepted({"the lead's Spanish": gone(thread, spanish, "statement", by)}) == []
    assert accepted(
        {"with a lead": gone(thread, spanish, "statement", ["steward", thread.second_lead.public_id])}
    ) == ["with a lead"]


def test_a_lead_and_the_steward_take_none_of_the_citys_words_down_without_its_unit(db):
    thread = promised()
    lead, unit = ["steward", thread.first_lead.public_id], ["steward", thread.manager.public_id]
    attempts = {
        "a lead and the program coordinator": gone(thread, thread.project.entry, "summary", lead),
        "the unit and the steward": gone(thread, thread.project.entry, "summary", unit),
    }
    assert accepted(attempts) == ["the unit and the steward"]


def test_nobody_takes_down_alone_what_an_office_is_bound_by(db):
    thread = promised()
    lead, office = thread.first_lead.public_id, thread.manager.public_id
    attempts = {
        f"{name} of {entry} by {', '.join(by)}": gone(thread, entry, name, by)
        for entry, name in bound(thread)
        for by in (["steward", office], ["steward", lead], [office, "steward"])
    }
    assert accepted(attempts) == []


@pytest.mark.parametrize("what", ["promise", "translation", "check", "project"])
def test_only_a_side_whose_words_they_are_gets_the_code_that_agrees(db, what):
    thread, check = kept()
    entry, name = {
        "promise": (thread.promise, "consent"),
        "translation": (thread.promise + 1, "consent"),
        "check": (check.index, "check"),
        "project": (thread.project.entry, "summary"),
    }[what]
    typed = {"name": name, "ground": "Order 12"}
    page = f"{BASE}/record/{entry}/agree/"
    lines = {
        who: as_(person).post(page, typed).context["line"] != ""
        for who, person in (("lead", thread.first_lead.person), ("manager", thread.boss))
    }
    assert lines == {"lead": what != "project", "manager": what == "project"}
    other = thread.manager.public_id if what != "project" else thread.first_lead.public_id
    code = agree(program="riverbend", entry=entry, name=name, ground="Order 12", by=other)
    with pytest.raises(CommandError, match="takes it down together with another role"):
        call_command("text", "take-down", "riverbend", str(entry), name, "Order 12", code)


def test_what_an_office_promised_goes_only_with_the_codes_of_a_lead_and_its_manager(db):
    thread, _check = kept()
    entry, name = PublicText.objects.get(name="evidence").entry, "evidence"
    typed = {"name": name, "ground": "Order 12"}
    page = f"{BASE}/record/{entry}/agree/"
    codes = []
    for person in (thread.boss, thread.first_lead.person):
        shown = as_(person).post(page, typed)
        assert "Put the code of the other side at the end of the line, too." in shown.content.decode()
        codes.append(shown.context["line"].split()[-1])
    take_down = ["text", "take-down", "riverbend", str(entry), name, "Order 12"]
    for alone in codes:
        with pytest.raises(CommandError, match="a lead and an office of its bureau take them down together"):
            call_command(*take_down, alone)
    assert PublicText.objects.filter(entry=entry, name=name).exists()
    call_command(*take_down, *codes)
    assert not PublicText.objects.filter(entry=entry, name=name).exists()


@pytest.mark.parametrize(
    ("kind", "rule", "test", "says"),
    [
        (
            "text.translated",
            "is_signed_with_its_promise",
            test_no_action_puts_other_words_over_a_promise_or_its_correction,
            "in es over",
        ),
        (
            "text.translated",
            "comes_from_its_own_side",
            test_no_office_translates_a_check_of_leads,
            "= size()",
        ),
        (
            "text.translated",
            "comes_from_its_own_side",
            test_only_its_unit_and_the_steward_translate_what_the_city_wrote,
            "= size()",
        ),
        (
            "text.translated",
            "comes_from_its_own_side",
            test_no_office_says_in_another_language_what_it_is_bound_by,
            "= size()",
        ),
        (
            "text.translated",
            "leaves_what_needs_a_lead",
            test_a_lead_or_the_steward_translates_an_answer_and_the_page_says_who_and_when,
            "= size()",
        ),
        (
            "text.erased",
            "its_own_side_agrees",
            test_two_city_roles_take_down_no_words_of_a_promise_or_a_check,
            "title of",
        ),
        (
            "text.erased",
            "its_own_side_agrees",
            test_two_city_roles_take_down_no_translation_of_a_lead,
            "the lead's Spanish",
        ),
        (
            "text.erased",
            "its_own_side_agrees",
            test_nobody_takes_down_alone_what_an_office_is_bound_by,
            "reasons of",
        ),
    ],
)
def test_a_planted_violation_is_caught(db, monkeypatch, kind, rule, test, says):
    without_rule(monkeypatch, kind, rule)
    is_caught(says, test, None)
