"""The lead who opens a question reads on the page to sign what people will be asked, as people read it, and all that a server put beside it."""

import json
import re
from hashlib import sha256
from html import escape, unescape

import pytest

from alongside.chain.keys.queries import PASSPHRASE
from alongside.core.canonical import canonical
from alongside.work.engagements import actions as engagements
from tests.story.steps import sign, unfold
from tests.story.test_a_lead_reads_and_signs_without_the_site import opens, save, without_the_site
from tests.support.browsers import axe
from tests.support.remembering import this_hour
from tests.support.thread import QUESTIONS, Thread

pytestmark = [pytest.mark.django_db, pytest.mark.story]
SCALE = {
    "id": "q3",
    "kind": "scale",
    "words": {"en": "How clear are the rules?", "es": "¿Qué tan claras son las reglas?"},
    "ends": [{"en": "Not at all", "es": "Nada"}, {"en": "Very", "es": "Mucho"}],
}
STATEMENT = {"id": "s1", "words": {"en": "Records go after a day.", "es": "Los registros duran un día."}}


def ready():
    """Give a draft that both sides signed, with a tested key: three questions, and a statement to judge."""
    thread = Thread(now=this_hour()).open_program().draft_engagement(questions=[*QUESTIONS, SCALE])
    engagements.save_statements(engagement=thread.engagement, statements=[STATEMENT])
    thread.found_keys(opens=True).make_keys()
    for actor in (thread.first_lead, thread.manager):
        engagements.sign(engagement=thread.engagement, actor=actor.public_id, now=thread.now)
    return thread


def to_sign(page, lang="en"):
    """Come to sign the promise."""
    page.goto(f"/riverbend/{lang}/engagements/library-computers/room/")
    page.locator("button[name=open]").click()
    page.locator("[data-drafts] [data-questions] > li").first.wait_for()


def drawn(page, at=0):
    """Give a question as it is drawn: its first line, then what it says in each language."""
    item = page.locator("[data-drafts] [data-questions] > li").nth(at)
    said = {one.get_attribute("lang"): one.inner_text().split() for one in item.locator("[data-in]").all()}
    return item.locator(".byline").first.inner_text(), {lang: " ".join(said[lang]) for lang in said}


def test_the_questions_are_read_as_people_read_them_in_each_language(browsing, live_site):
    thread = ready()
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)
    to_sign(ana)

    assert drawn(ana) == (
        "1 They choose one answer",
        {
            "en": "English Do you use the library? Yes yes No no",
            "es": "Español ¿Usa la biblioteca? Sí yes No no",
        },
    )
    assert drawn(ana, 1) == (
        "2 In their own words",
        {"en": "English What should change?", "es": "Español ¿Qué debe cambiar?"},
    )
    assert drawn(ana, 2)[1]["es"] == "Español ¿Qué tan claras son las reglas? 1: Nada 5: Mucho"
    judged = ana.locator("[data-drafts] [data-statements] [data-in]")
    assert [one.inner_text().split("\n")[-1] for one in judged.all()] == list(STATEMENT["words"].values())
    assert ana.locator("[data-drafts] [data-rest]:visible").count() == 0
    assert axe(ana) == []

    sign(ana, PASSPHRASE)
    ana.wait_for_url("**/?done=opened")


def test_the_reader_as_one_file_draws_the_questions_as_the_site_does(browsing, live_site, computer, tmp_path):
    thread = ready()
    ana, reader = without_the_site(browsing, thread, tmp_path)
    to_sign(ana)
    unfold(ana, "Sign it on another device")
    file = save(ana, ana.get_by_role("button", name="Save it as a file"), tmp_path)

    opens(computer, reader)
    computer.get_by_label("The file that you saved").set_input_files(file)
    computer.locator("[data-drafts] [data-questions] > li").first.wait_for()
    assert [drawn(computer, at) for at in range(3)] == [drawn(ana, at) for at in range(3)]
    assert computer.locator("[data-drafts] [data-rest]:visible").count() == 0
    assert axe(computer) == []


def test_what_a_promise_holds_is_said_in_words(browsing, live_site):
    thread = ready()
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)
    to_sign(ana)

    facts = ana.locator("[data-drafts] [data-facts]").first
    held = dict(
        zip(facts.locator("dt").all_inner_texts(), facts.locator("dd").all_inner_texts(), strict=True)
    )
    assert held["Voices that the leads plan to read"] == "5000"
    assert held["Rule for how long voices are kept"].startswith("Locked voices: ")
    assert "Entry" in held["The leads made a key"] and "Entry" in held["A decision with a date"]
    assert "Based on" not in held


def test_a_translation_that_nobody_read_says_so_above_its_words_and_the_warning_stands_before_the_button(
    browsing, live_site
):
    thread = ready()
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)
    to_sign(ana)

    unread = "No person has reviewed this translation yet."
    first, spanish = ana.locator("[data-drafts] > .sheet").all()
    assert first.get_by_text(unread).count() == 0
    assert spanish.locator("[data-words] > *").first.inner_text() == unread
    below = "(one, other) => one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING"
    warning = ana.get_by_text("whoever runs this site could change it").element_handle()
    assert ana.evaluate(
        f"([one, other]) => ({below})(one, other)", [warning, ana.locator("[data-form]").element_handle()]
    )


def lying(page, change):
    """Let the server show and sign another form than the leads wrote, its hash in order."""

    def lie(route):
        answer = route.fetch()
        body = answer.text()
        act, said = (
            json.loads(unescape(re.search(rf' {name}="([^"]*)"', body)[1])) for name in ("act", "said")
        )
        for one in said:
            if one[1] == "form":
                one[3] = change(one[3])
                salted = bytes.fromhex(one[2]) + one[3].encode()
                act["drafts"][one[0]]["texts"]["form"]["sha256"] = sha256(salted).hexdigest()
        for name, held in (("act", canonical(act).decode()), ("said", json.dumps(said))):
            body = re.sub(
                rf' {name}="[^"]*"', lambda _at, new=f' {name}="{escape(held)}"': new, body, count=1
            )
        route.fulfill(response=answer, body=body)

    page.route(
        "**/finish/", lambda route: lie(route) if route.request.method == "POST" else route.continue_()
    )


def test_what_a_server_adds_to_the_questions_and_what_it_changes_stand_on_the_page(browsing, live_site):
    thread = ready()
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)

    def change(form):
        held = json.loads(form)
        held["questions"][1]["leads_to"] = {"office": "police"}
        held["questions"][2]["words"]["es"] = "¿Dónde vive?"
        held["after"] = "Nobody answers."
        return canonical(held).decode()

    lying(ana, change)
    to_sign(ana)

    rest = [one.inner_text() for one in ana.locator("[data-drafts] [data-rest]:visible").all()]
    assert rest == ["leads_to:\noffice: police", "after: Nobody answers."]
    assert drawn(ana, 2)[1]["es"].startswith("Español ¿Dónde vive?")
    assert ana.get_by_role("button", name="Sign it").is_visible()


def test_a_question_that_is_written_in_no_language_stands_as_it_is(browsing, live_site):
    thread = ready()
    ana = browsing.person("Ana", phone=True, signed_in=thread.first_lead.person)

    def change(form):
        held = json.loads(form)
        held["questions"][1]["words"] = "Where do you live?"
        return canonical(held).decode()

    lying(ana, change)
    to_sign(ana)
    assert ana.locator("[data-drafts] [data-rest]:visible").all_inner_texts() == ["words: Where do you live?"]
