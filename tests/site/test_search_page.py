"""The search page shows what fits in the reader's language, leads to where it is read, and keeps nothing."""

import re

from alongside.core.search_words import sentences_of
from alongside.ground.record.actions import entries
from alongside.ground.record.models import LogEntry
from alongside.ground.record.queries import entry_views
from alongside.ground.texts import actions as texts_actions
from tests.support.thread import Thread
from tests.work.workplans.cast import Plan


def links(page: str) -> list[str]:
    return re.findall(r'<h[34] class="found"[^>]*><a href="([^"]+)"', page)


def walked() -> tuple[Thread, int, int]:
    thread = Thread().to_open_engagement().later(40)
    finding = thread.find()
    ask = thread.recommend(finding)
    given, _commitment = thread.answer(ask)
    return thread, finding.index, ask.index


def test_what_is_found_is_read_in_its_place_and_in_the_readers_language(db, client) -> None:
    thread, finding, ask = walked()
    texts_actions.translate_text(
        program=thread.program,
        entry=finding,
        by=thread.first_lead.public_id,
        lang="es",
        texts={"statement": "La gente quiere plazos cortos."},
        made_by="person",
        reviewed=True,
        now=thread.now,
    )
    promise = thread.promise
    assert links(client.get("/riverbend/en/search/?q=plazos").content.decode()) == [
        f"/riverbend/en/follow/{promise}/"  # the question it was said on, which is closed
    ]
    spanish = client.get("/riverbend/es/search/?q=short").content.decode()
    assert "La gente quiere plazos cortos." in re.sub(r"</?mark>", "", spanish)
    assert f"/riverbend/en/follow/{promise}/#ask-{ask}" in links(
        client.get("/riverbend/en/search/?q=everywhere&what=answer").content.decode()
        + client.get("/riverbend/en/search/?q=one+day").content.decode()
    )
    projects = client.get("/riverbend/en/search/?q=computers&never=on").content.decode()
    assert links(projects) == []  # people were asked about it
    assert links(client.get("/riverbend/en/search/?q=what+is+kept&what=project").content.decode()) == [
        "/riverbend/en/projects/library-computers-project/"
    ]


def test_a_question_that_is_closed_says_what_came_of_it_in_the_language_of_the_page(db, client) -> None:
    thread, _finding, _ask = walked()
    form = entry_views(thread.program, [thread.promise], "en")[thread.promise].say("form")
    assert sentences_of(form, "es").startswith("¿Usa la biblioteca?\n¿Qué debe cambiar?")
    assert "biblioteca" not in sentences_of(form, "en")
    assert "biblioteca" in sentences_of(form, "vi"), (
        "what has no words in a language is shown in those it has"
    )
    english = client.get("/riverbend/en/search/?q=short").content.decode()
    assert "The report is to come. 1 thing was asked of the City: Accepted: 1." in english
    assert "The City promised 1 thing: " in english


def test_a_search_is_kept_by_nobody_and_says_when_nothing_fits(db, client) -> None:
    walked()
    page = client.get("/riverbend/en/search/?q=zzzzzz&what=nonsense&page=99")
    assert page["Cache-Control"] == "private, no-store"
    assert "No page of this site has these words." in page.content.decode()
    assert page.cookies == {}


def test_the_pages_about_this_site_are_found_by_their_titles_and_by_what_people_call_them(db, client) -> None:
    Thread().to_open_engagement()

    def found(words: str) -> list[str]:
        page = client.get("/riverbend/en/search/", {"q": words}).content.decode()
        own = page.partition('id="own-h"')[2].partition("</section>")[0]
        assert own == "" or "No page of this site has these words." not in page
        return re.findall(r'href="(?:/riverbend/en)?/([^"]*)"', own)

    assert {
        words: found(words)
        for words in (
            "accessibility",
            "pay",
            "how do I complain",
            "contact",
            "what are leads paid",
            "withdraw",
            "copies",
            "backup",
            "proof",
            "receipt",
            "how do I withdraw my answers",
            "are there copies in a backup",
            "library computers",
            "",
        )
    } == {
        "accessibility": ["about/accessibility/"],
        "pay": ["about/pay/"],
        "how do I complain": ["help/"],
        "contact": ["help/"],
        "what are leads paid": ["about/pay/"],
        "withdraw": ["r/en"],
        "copies": ["about/keeps/", "record/#check"],
        "backup": ["about/keeps/"],
        "proof": ["record/#check"],
        "receipt": ["r/en"],
        "how do I withdraw my answers": ["r/en"],
        "are there copies in a backup": ["about/keeps/"],
        "library computers": [],
        "": [],
    }


def test_a_lost_phone_leads_everyone_to_help_and_leads_to_their_keys_and_recovery_papers(db, client) -> None:
    thread = Thread().to_open_engagement()

    def found(words: str) -> list[str]:
        page = client.get("/riverbend/en/search/", {"q": words}).content.decode()
        own = page.partition('id="own-h"')[2].partition("</section>")[0]
        return re.findall(r'href="/riverbend/en/([^"]*)"', own)

    asked = ("lost phone", "lost my phone", "recovery papers", "recovery paper")
    assert [found(one) for one in asked] == [["help/"], ["help/"], [], []]
    client.force_login(thread.first_lead.person)
    phone = ["help/", "reader/keyring/", "reader/keyring/lost/"]
    assert [found(one) for one in asked] == [phone, phone, ["reader/"], ["reader/"]]
    everywhere = 'href="/en/accounts/keys/"'
    for page in ("help/", "reader/keyring/", "reader/keyring/lost/"):
        assert everywhere in client.get(f"/riverbend/en/{page}").content.decode(), page


def test_an_entry_of_the_log_is_found_by_its_title_and_a_lead_finds_the_page_of_the_rules(db, client) -> None:
    thread, finding, _ask = walked()

    def found(words: str, lang: str = "en") -> list[str]:
        page = client.get(f"/riverbend/{lang}/search/", {"q": words}).content.decode()
        own = page.partition('id="own-h"')[2].partition("</section>")[0]
        return [one.partition(f"/riverbend/{lang}/")[2] for one in re.findall(r'href="([^"]*)"', own)]

    (rules,) = LogEntry.objects.filter(kind="policy.adopted").values_list("index", flat=True)
    entry = f"record/{rules}/"
    assert (found("rules of the program"), found("reglas del programa", "es")) == ([entry], [entry])
    assert found("a place was taken") == ["record/?kind=seat.taken"]  # there are three
    assert found("taken") == []  # half a title is none
    client.force_login(thread.first_lead.person)
    assert found("rules of the program") == ["cohort-rules/", entry]
    assert found("proposed rules") == ["cohort-rules/"]
    assert found("punished for speaking up") == found("raise an alarm") == ["messages/raise/"]
    client.force_login(thread.steward)
    assert (found("change a rule"), found("punished")) == (["cohort-rules/"], [])
    there = client.get("/riverbend/en/cohort-rules/").content.decode()
    assert "brings in a changed file of rules" in there
    assert "/cohort-rules/" in client.get("/riverbend/en/steward/tasks/").content.decode()


def test_a_word_that_names_a_page_of_this_site_is_not_taken_for_a_mistyped_one(db, client) -> None:
    thread = Thread().open_program()
    texts = {name: entries.Text("en", "A list that the City promised") for name in ("title", "summary")}
    data = {"project": "list", "unit": thread.unit.slug}
    thread.enter("project.registered", [thread.manager.public_id], data, texts=texts)

    def told(words: str) -> list[str]:
        page = client.get("/riverbend/en/search/", {"q": words}).content.decode()
        return re.findall(r"We looked for “([^”]+)”", page)

    asked = ("lost key", "lost my key", "rules proposed", "lisst promissed")
    assert {words: told(words) for words in asked} == {
        "lost key": [],
        "lost my key": [],
        "rules proposed": [],
        "lisst promissed": ["list", "promised"],
    }


def test_who_looks_for_help_finds_a_number_to_call_above_every_result(db, client) -> None:
    Thread().to_open_engagement()

    def offered(lang: str, words: str) -> tuple[bool, bool]:
        page = client.get(f"/riverbend/{lang}/search/", {"q": words}).content.decode()
        help_now = page.partition('id="help"')[2].partition("</section>")[0]
        return 'href="tel:+15035550101"' in help_now, f'href="/riverbend/{lang}/help/#door"' in help_now

    for lang, words in {
        "en": (
            "ICE",
            "stop ice help number",
            "la migra",
            "redadas",
            "agents at my door",
            "الهجرة",
            "they deported him",
        ),
        "es": ("la migra", "redada", "inmigracion", "se llevaron a un indocumentado"),
        "vi": ("di trú", "di tru bat toi"),
        "ar": ("الهجرة", "مداهمات", "ICE"),
    }.items():
        assert {one: offered(lang, one) for one in words} == dict.fromkeys(words, (True, True))
    for words in ("library computers", "sealed voices", "price of a notice", "diets"):
        assert offered("en", words) == (False, False)


def test_a_search_asks_the_database_as_often_for_one_thing_as_for_many(
    db, client, django_assert_num_queries
) -> None:
    thread = Thread().open_program()

    def projects(count: int) -> None:
        for place in range(count):
            texts = {name: entries.Text("en", f"Cameras on street {place}") for name in ("title", "summary")}
            data = {"project": f"p-{thread.now:%d}-{place}-{count}", "unit": thread.unit.slug}
            thread.enter("project.registered", [thread.manager.public_id], data, texts=texts)

    projects(1)
    with django_assert_num_queries(COUNT):
        client.get("/riverbend/en/search/?q=cameras")
    projects(30)
    with django_assert_num_queries(COUNT):
        page = client.get("/riverbend/en/search/?q=cameras&page=2").content.decode()
    assert len(links(page)) == 11


COUNT = 9


def test_a_workplan_is_found_by_what_people_wrote_in_it_and_shown_without_its_inner_names(db, client) -> None:
    plan = Plan().fill()
    plan.propose()
    found = client.get("/riverbend/en/search/?q=libraries+listen").content.decode()
    assert links(found) == ["/riverbend/en/workplans/libraries/"]
    shown = re.sub(r"</?mark>", "", found.split("<h3", 1)[1].split("</li>", 1)[0])
    assert ("Listen in three libraries" in shown, "{" in shown, "activity" in shown) == (True, False, False)
    assert links(client.get("/riverbend/en/search/?q=rows+activity").content.decode()) == []
