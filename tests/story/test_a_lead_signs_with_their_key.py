"""A lead asks the City something under her own key, on a phone; a page that shows other words is signed by nobody."""

import json
import re
import subprocess
import sys
from html import escape

import pytest

from alongside.chain.keys.actions import report_lost_key
from alongside.chain.keys.queries import PASSPHRASE
from alongside.core.canonical import canonical
from alongside.core.entries import GrammarError
from alongside.core.grammar.log import check_log
from tests.story.steps import press, unfold
from tests.support.browsers import axe
from tests.support.remembering import this_hour
from tests.support.thread import Thread
from tests.work.workplans.cast import ACTIVITY, Plan

pytestmark = [pytest.mark.django_db, pytest.mark.story]
ASK = "Name each office that reads them."


def signed_here(file, ring):
    """Sign a file with the command, where nothing of the site runs; give what it shows."""
    command = [sys.executable, "-m", "alongside.site.cli", "key", "sign", str(file), "--keyring", str(ring)]
    done = subprocess.run(command, input=f"yes\n{PASSPHRASE}\n", capture_output=True, text=True, check=True)
    return done.stdout


def fill(page, thread):
    """Fill the form of a question in, and send it."""
    page.goto("/riverbend/en/asks/question/")
    page.get_by_label("Which office should answer?").select_option(thread.office.public_id)
    page.locator("[name=title]").fill("Who reads the records?")
    page.locator("[name=ask]").fill(ASK)
    page.locator("main form button.button").first.click()


def write(page, thread):
    """Fill the form of a question in, send it, and come to sign it."""
    fill(page, thread)
    page.get_by_role("heading", name="Sign it with your key").wait_for()


def test_a_question_goes_on_the_record_under_the_key_of_its_lead(browsing, live_site):
    # Given two leads with keys, one of them on a phone
    thread = Thread(now=this_hour()).open_program().found_keys(opens=True)
    before = len(list(thread.entries()))
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)

    # When she writes a question, reads what her key will sign, and types other words than her six
    write(ana, thread)
    ana.locator("[data-drafts]").get_by_text(ASK).wait_for()
    assert ana.locator("[data-drafts] dd").first.inner_text() == "Libraries and Halls Unit, Project staff"
    assert axe(ana) == []

    # When she wants to change a word, the form comes back as she left it
    press(ana, "Change it")
    assert ana.locator("[name=ask]").input_value() == ASK
    ana.locator("[name=title]").fill("Who reads our records?")
    ana.locator("main form button.button").first.click()
    ana.locator("[data-drafts]").get_by_text("Who reads our records?").wait_for()
    ana.get_by_label("Your six words").fill("one two three four five six")
    press(ana, "Sign it")
    ana.get_by_text("These are not the six words.").wait_for()
    assert len(list(thread.entries())) == before

    # Then her six words sign it, and it is on the record as she signed it
    ana.get_by_label("Your six words").fill(PASSPHRASE)
    press(ana, "Sign it")
    ana.get_by_role("heading", name="Who reads our records?").first.wait_for()
    entries = list(thread.entries())
    assert len(entries) == before + 1
    assert list(json.loads(entries[-1])["act"]["sigs"]) == [thread.first_lead.public_id]
    check_log(entries, origin=thread.program.origin)

    # And whoever changes a word of it afterwards is found out by anyone who checks
    changed = json.loads(entries[-1])
    changed["texts"]["ask"]["sha256"] = "ab" * 32
    with pytest.raises(GrammarError, match="does not stand under this act"):
        check_log([*entries[:-1], canonical(changed)], origin=thread.program.origin)


def test_another_language_takes_along_what_she_wrote_and_leaves_it_in_its_own(browsing, live_site):
    # Given a lead who wrote a question in English, and comes to sign it
    thread = Thread(now=this_hour()).open_program().found_keys(opens=True)
    before = len(list(thread.entries()))
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)
    write(ana, thread)

    # When she reads the page in Spanish, and in English and Spanish again
    for name, heading in (
        ("Español", "Firme con su llave"),
        ("English", "Sign it with your key"),
        ("Español", "Firme con su llave"),
    ):
        ana.get_by_role("button", name=name, exact=True).click()
        ana.get_by_role("heading", name=heading).wait_for()
    assert ana.locator("html").get_attribute("lang") == "es"
    said = ana.locator("[data-drafts] [data-said]", has_text=ASK)
    assert said.get_attribute("lang") == "en"
    assert axe(ana) == []

    # And leaves it for another page, and goes back
    ana.locator('[href$="keyring/lost/"]').click()
    ana.wait_for_url("**/keyring/lost/")
    ana.go_back()
    said.wait_for()
    assert len(list(thread.entries())) == before

    # Then she signs what she wrote, as it was written, once
    ana.get_by_label("Sus seis palabras").fill(PASSPHRASE)
    press(ana, "Firmar")
    ana.get_by_role("heading", name="Who reads the records?").first.wait_for()
    entries = [json.loads(one) for one in thread.entries()]
    assert len(entries) == before + 1
    assert {text["lang"] for text in entries[-1]["texts"].values()} == {"en"}
    where = ana.url

    # And Back from what came of it shows the page once more, where signing again leads to the same
    ana.go_back()
    said.wait_for()
    assert ana.get_by_label("Sus seis palabras").input_value() == ""
    ana.get_by_label("Sus seis palabras").fill(PASSPHRASE)
    press(ana, "Firmar")
    ana.wait_for_url(where)
    assert len(list(thread.entries())) == before + 1


def test_who_chooses_a_lead_to_sign_beside_them_can_do_so_in_another_language(browsing, live_site):
    # Given a lead who lost their key, and comes to choose who signs beside them
    thread = Thread(now=this_hour()).open_program().found_keys(3, opens=True)
    report_lost_key(program=thread.program, seat=thread.first_lead.public_id, now=thread.now)
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)
    fill(ana, thread)
    ana.get_by_role("heading", name="Another lead signs beside you").wait_for()

    # When they choose in Spanish, then the next page is in Spanish, about the same words
    ana.get_by_role("button", name="Español", exact=True).click()
    ana.get_by_role("heading", name="Otro líder firma junto a usted").wait_for()
    ana.locator(f"input[value={thread.second_lead.public_id}]").check()
    ana.locator("main form button.button").first.click()
    said = ana.locator("[data-drafts] [data-said]", has_text=ASK)
    said.wait_for()
    assert (ana.locator("html").get_attribute("lang"), said.get_attribute("lang")) == ("es", "en")


def test_a_page_that_shows_other_words_than_it_would_sign_signs_nothing(browsing, live_site):
    # Given a server that has other words signed than it shows
    thread = Thread(now=this_hour()).open_program().found_keys(opens=True)
    before = len(list(thread.entries()))
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)

    def lie(route):
        answer = route.fetch()
        shown = answer.text().replace(escape(json.dumps(ASK)), escape(json.dumps("Something harmless.")))
        route.fulfill(response=answer, body=shown)

    ana.route(
        "**/asks/question/", lambda route: lie(route) if route.request.method == "POST" else route.continue_()
    )

    # When a lead comes to sign, then her device signs nothing and says so
    write(ana, thread)
    ana.get_by_text("These are not the words that your key would sign.").wait_for()
    assert not ana.get_by_role("button", name="Sign it").is_visible()
    assert len(list(thread.entries())) == before


def contested(browsing, thread, path):
    """Let a lead come to sign what they contest: an answer that no signed head holds yet. Give the answer and the page."""
    given = thread.answer(thread.question(), "declined")[0]
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)
    if path:
        ana.route("**/contest/", path)
    ana.goto(f"/riverbend/en/answers/{given.index}/contest/")
    ana.locator("main form textarea").first.fill("This is no answer.")
    ana.locator("main form button.button").first.click()
    ana.get_by_role("heading", name="Sign it with your key").wait_for()
    return given, ana


def test_who_contests_sees_which_answer_and_signs_over_it(browsing, live_site):
    # Given an answer of this minute, and a lead who contests it
    thread = Thread(now=this_hour()).open_program().found_keys(opens=True)
    given, ana = contested(browsing, thread, None)

    # When she follows the entry that she signs about, and signs
    link = ana.locator("[data-drafts]").get_by_role("link", name=f"Entry {given.index}")
    assert link.get_attribute("href") == f"/riverbend/en/record/{given.index}/"
    assert axe(ana) == []
    ana.get_by_label("Your six words").fill(PASSPHRASE)
    press(ana, "Sign it")
    ana.get_by_role("heading", name="Sign it with your key").wait_for(state="detached")

    # Then nobody can put another answer below it
    entries = [json.loads(one) for one in thread.entries()]
    assert entries[-1]["cites"]["answer"] == [given.index]
    entries[given.index]["texts"]["reasons"]["sha256"] = "ab" * 32
    with pytest.raises(GrammarError, match="that this record never had"):
        check_log([canonical(one) for one in entries], origin=thread.program.origin)


def test_a_page_that_would_have_her_sign_over_a_log_without_the_answer_signs_nothing(browsing, live_site):
    # Given a server that wants to swap the answer later
    thread = Thread(now=this_hour()).open_program().found_keys(opens=True)

    def lie(route):
        if route.request.method != "POST":
            return route.continue_()
        answer = route.fetch()
        route.fulfill(response=answer, body=re.sub(r' size="\d+"', ' size="0"', answer.text(), count=1))

    # When a lead comes to sign, then her device signs nothing and says so
    _given, ana = contested(browsing, thread, lie)
    ana.get_by_text("does not hold all that this is about").wait_for()
    assert not ana.get_by_role("button", name="Sign it").is_visible()


def test_a_question_is_signed_on_another_device_and_brought_back(browsing, live_site, tmp_path):
    # Given a lead who would not type her words into the site
    thread = Thread(now=this_hour()).open_program().found_keys(opens=True)
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)

    # When she saves what she would sign, and her keyring
    write(ana, thread)
    unfold(ana, "Sign it on another device")
    assert axe(ana) == []
    with ana.expect_download() as saved:
        press(ana, "Save it as a file")
    saved.value.save_as(file := tmp_path / saved.value.suggested_filename)
    with ana.expect_download() as kept:
        ana.get_by_role("link", name="Your key", exact=True).click()
    kept.value.save_as(ring := tmp_path / kept.value.suggested_filename)

    # And signs it with the command, where nothing of the site runs
    assert ASK in signed_here(file, ring)

    # When she brings it back, then she sees it once more, and it is on the record under her key
    ana.get_by_role("link", name="Bring back what you signed", exact=True).click()
    ana.get_by_label("The signed file").set_input_files(file.with_suffix(".signed.json"))
    assert axe(ana) == []
    press(ana, "Show what it holds")
    ana.get_by_text(ASK).wait_for()
    assert axe(ana) == []
    press(ana, "Send it")
    ana.get_by_role("heading", name="Who reads the records?").first.wait_for()
    ana.get_by_text("signed by the lead").first.wait_for()
    entries = list(thread.entries())
    assert list(json.loads(entries[-1])["act"]["sigs"]) == [thread.first_lead.public_id]
    check_log(entries, origin=thread.program.origin)

    # And Back shows her what she brought, and sends nothing
    ana.go_back()
    ana.get_by_role("heading", name="What you signed").wait_for()
    assert list(thread.entries()) == entries


def test_a_lead_who_lost_their_key_asks_with_another_beside_them(browsing, live_site, tmp_path):
    # Given three leads with keys, one of whom lost the paper
    thread = Thread(now=this_hour()).open_program().found_keys(3, opens=True)
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)
    ben = browsing.person("Ben", signed_in=thread.second_lead.person)
    ana.goto("/riverbend/en/reader/keyring/")
    ana.get_by_role("link", name="I lost my six words").click()
    assert axe(ana) == []
    ana.get_by_label("My six words are lost. This key is over for good.").check()
    press(ana, "Say that I lost my key")
    ana.get_by_role("heading", name="You lost your key").wait_for()

    # When she asks, then she chooses who signs beside her, and saves it for him
    fill(ana, thread)
    ana.get_by_role("heading", name="Another lead signs beside you").wait_for()
    assert axe(ana) == []
    ana.locator(f"input[value={thread.second_lead.public_id}]").check()
    press(ana, "Go on")
    ana.get_by_text("This goes on the public log for both of you").wait_for()
    assert ana.get_by_label("Your six words").count() == 0
    assert axe(ana) == []
    with ana.expect_download() as saved:
        press(ana, "Save it as a file")
    saved.value.save_as(file := tmp_path / saved.value.suggested_filename)

    # And he signs it on his computer, with his own keyring
    ben.goto("/riverbend/en/reader/keyring/")
    unfold(ben, "Files, other devices and recovery papers")
    with ben.expect_download() as kept:
        ben.get_by_role("link", name="Save your key as a file").click()
    kept.value.save_as(ring := tmp_path / kept.value.suggested_filename)
    signed_here(file, ring)

    # When she brings it back, then it stands on the record for both, under his key
    ana.get_by_role("link", name="Bring back what you signed", exact=True).click()
    ana.get_by_label("The signed file").set_input_files(file.with_suffix(".signed.json"))
    press(ana, "Show what it holds")
    press(ana, "Send it")
    ana.get_by_role("heading", name="Who reads the records?").first.wait_for()
    entries = list(thread.entries())
    last = json.loads(entries[-1])
    assert last["by"] == [thread.first_lead.public_id, thread.second_lead.public_id]
    assert list(last["act"]["sigs"]) == [thread.second_lead.public_id]
    check_log(entries, origin=thread.program.origin)


def test_a_lead_reads_every_line_of_the_workplan_that_her_key_signs(browsing, live_site):
    # Given a draft of a workplan
    thread = Thread(now=this_hour()).open_program().found_keys(opens=True)
    Plan(thread=thread).fill()
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)

    # When a lead signs it
    ana.goto("/riverbend/en/workplans/libraries/sign/")
    ana.locator("[name=sure]").check()
    ana.locator("main form button.button").first.click()
    ana.get_by_role("heading", name="Sign it with your key").wait_for()

    # Then the page draws all of it from what she signs, and her key stands under it
    lines = ana.locator("[data-drafts] [data-said]").last.inner_text().split("\n")
    assert f"what: {ACTIVITY}" in lines
    assert [one for one in lines if re.search(r'[{}\[\]"]', one)] == []
    assert axe(ana) == []
    ana.get_by_label("Your six words").fill(PASSPHRASE)
    press(ana, "Sign it")
    ana.get_by_role("heading", name="Sign it with your key").wait_for(state="detached")
    entries = list(thread.entries())
    last = json.loads(entries[-1])
    assert (last["kind"], list(last["act"]["sigs"])) == ("workplan.proposed", [thread.first_lead.public_id])
    check_log(entries, origin=thread.program.origin)
