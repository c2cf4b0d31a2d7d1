"""The pages before a program: the list of programs and the look-up of a receipt, in the reader's language."""

import dataclasses
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils.translation import gettext, override

import alongside
from alongside.site.languages import OUR_OWN, preferred
from alongside.site.middleware import NO_LANGUAGE
from tests.site.conftest import opened
from tests.support.browsers import axe

HEADINGS = {"/": "Programs", "/r": "Where is my voice?"}
ADDRESSES = {"/": "/{}/", "/r": "/r/{}"}
PAGES = [pytest.param(page, marks=pytest.mark.django_db) for page in sorted(NO_LANGUAGE - {"/demo/"})]


def heading(response) -> str:
    return re.search(r"<h1>(.*?)</h1>", response.content.decode()).group(1)


def words(text: str, lang: str) -> str:
    with override(lang):
        return gettext(text)


@pytest.mark.parametrize("place", PAGES)
@pytest.mark.parametrize("lang", OUR_OWN)
def test_a_browser_that_asks_for_one_of_our_languages_is_answered_in_it(client, place, lang):
    shown = client.get(place, headers={"accept-language": f"fr;q=0.9,{lang}-XX;q=0.8,en;q=0.1"})
    assert heading(shown) == words(HEADINGS[place], lang)
    assert f'<html lang="{lang}"' in shown.content.decode()
    assert (shown["Content-Language"], dict(shown.cookies)) == (lang, {})
    assert {one.strip() for one in shown["Vary"].split(",")} == {"Accept-Language", "Cookie"}


@pytest.mark.parametrize("place", PAGES)
@pytest.mark.parametrize("header", ["", "fr", "es;q=0", "garbage;;;,,"])
def test_a_browser_that_asks_for_none_of_ours_reads_english(client, place, header):
    assert heading(client.get(place, headers={"accept-language": header})) == HEADINGS[place]


@pytest.mark.parametrize("place", PAGES)
@pytest.mark.parametrize("lang", OUR_OWN)
def test_the_address_with_a_language_stands_above_the_browser(client, place, lang):
    shown = client.get(ADDRESSES[place].format(lang), headers={"accept-language": "vi, es;q=0.5"})
    assert heading(shown) == words(HEADINGS[place], lang)
    assert "Accept-Language" not in shown["Vary"]


@pytest.mark.parametrize("place", PAGES)
def test_each_leads_to_itself_in_every_language_and_tells_machines_so(client, place):
    html = client.get(place).content.decode()
    links = re.findall(r'<a lang="\w+" dir="\w+" hreflang="(\w+)" href="([^"]+)"', html)
    assert links == [(lang, ADDRESSES[place].format(lang)) for lang in OUR_OWN]
    alternates = re.findall(
        r'<link rel="alternate" hreflang="(\w+)" href="(?:http://testserver)?([^"]+)"', html
    )
    assert alternates == links


def test_the_first_page_is_the_home_of_the_only_program_in_the_language_of_the_browser(delta, client):
    shown = client.get("/", headers={"accept-language": "es"})
    assert (shown.status_code, shown["Location"]) == (302, "/delta/es/")
    assert "Accept-Language" in shown["Vary"]
    assert client.get("/vi/")["Location"] == "/delta/vi/"


def test_where_real_programs_are_several_the_first_page_lists_them(delta, clock, client):
    opened("real", clock, is_demonstration=False)
    page = client.get("/en/").content.decode()
    assert re.findall(r'<li><a href="(/\w+/en/)"', page) == ["/delta/en/", "/real/en/"]


def test_where_programs_are_several_the_first_page_leads_to_the_help_of_each_and_signing_in_to_that_of_one(
    delta, clock, site_client
):
    opened("real", clock, is_demonstration=False)
    page = site_client.get("/es/").content.decode()

    assert re.findall(r'<a href="([^"]+)" rel="help">', page) == ["#help", "#help"]
    assert re.findall(r'href="([^"]*/help/)"', page.partition('id="help"')[2]) == [
        "/delta/es/help/",
        "/real/es/help/",
    ]
    for there in ("/es/accounts/sign-in/", "/es/accounts/sign-in/?next=/real/es/"):
        site_client.get(there)
    assert '<a href="/es/" rel="help">' in site_client.get("/r/es").content.decode()


def test_the_demonstration_tells_a_resident_to_answer_a_question_that_is_open(demonstration, client):
    told = re.findall(r"Say what ([\w ]+) should remember about you", client.get("/demo/").content.decode())
    asked = client.get("/riverbend/en/").content.decode().partition("What came of what people said")[0]
    assert re.findall(r">What should ([\w ]+) remember about you\?<", asked) == told


def test_the_demonstration_offers_six_people_each_with_a_job_and_folds_the_others(demonstration, client):
    page = client.get("/demo/").content.decode()
    folded = page.rpartition("<details><summary>")[2]
    tried = page.split('class="list listings tries"')[1].split("</ul>")[0]
    assert tried.count("<h2>") == 6
    assert len(re.findall(r'name="person"', tried)) == 3
    assert "demonstration words only never for real" in tried
    assert len(re.findall(r'name="person"', folded)) > 10


def test_the_languages_of_the_house_are_those_with_a_catalogue():
    catalogues = {
        found.parent.parent.name for found in Path(alongside.__file__).parent.glob("locale/*/*/*.po")
    }
    assert set(OUR_OWN) == catalogues | {"en"}


@pytest.mark.parametrize("header", ["es", "es-MX,es;q=0.9", "en;q=0.4, es;q=0.5", "fr, es_US"])
def test_spanish_is_heard_however_a_browser_asks_for_it(header):
    assert preferred(header, OUR_OWN) == "es"


def test_whoever_closed_a_receipt_is_led_to_be_told_by_email(delta, client):
    page, receipt = client.get("/r/en").content.decode().split("<template data-receipt>")
    assert '<a href="/delta/en/news/">Email me news of this site</a>' in page.split("Done. Thank you.")[1]
    assert "/news/" not in receipt


@pytest.mark.django_db
def test_whoever_took_their_voice_back_is_not_told_to_wait_for_it(client):
    """The page cannot know: no list says which voice was taken back, and the server is never asked."""
    html = client.get("/r").content.decode()
    waiting, not_here = (
        " ".join(
            re.sub(
                r"<[^>]+>", " ", html.split(f'<template data-state="{state}">')[1].split("</template>")[0]
            ).split()
        )
        for state in ("received", "not-here")
    )
    assert "data-days" in html.split('data-state="received"')[1].split("</template>")[0]
    assert "We publish no words of yours unless you let the leads quote you" in waiting
    assert "If you withdrew your answers, they are gone." in not_here
    assert "hear back" not in not_here


@pytest.mark.django_db
def test_beside_the_button_that_withdraws_and_on_the_receipt_stands_what_withdrawing_tells(client):
    html = client.get("/r").content.decode()
    tells = "If you withdraw, the site and the leads together could work out which words were yours."
    for part in ("<template data-withdraw>", "<template data-receipt>"):
        assert html.split(part)[1].split("</template>")[0].count(tells) == 1, part
    assert html.count(tells) == 2
    assert "See where it stands" in html.split('data-state="received"')[1].split("</template>")[0]
    assert "See what came of it" in html.split('data-state="opened"')[1].split("</template>")[0]


def around(html: str) -> str:
    """Give the page of a receipt without the look-up: what stands there with a script and without, before an answer and after."""
    return html.split("</follow-receipt>")[1]


@pytest.mark.parametrize("lang", OUR_OWN)
def test_the_page_of_a_receipt_leads_on_to_all_questions_and_to_a_number_and_says_no_program(
    delta, client, lang
):
    html = client.get(f"/r/{lang}").content.decode()
    on = re.findall(r'<a [^>]*href="([^"]+)">([^<]+)</a>', around(html))
    words_on = words("See what came of every question, without a receipt", lang)
    home = (f"/delta/{lang}/", words("To the first page", lang))
    assert on == [("tel:+15035550142", "503-555-0142"), (f"/delta/{lang}/follow/", words_on), home]
    assert client.get(on[1][0]).status_code == 200
    assert "delta" not in re.sub(r"<[^>]+>", " ", html).lower()


def test_the_page_of_a_receipt_has_each_way_on_once_also_after_the_receipt_is_closed(delta, client):
    page = client.get(
        "/r/en"
    ).content.decode()  # where no script runs, one of two links to the same place is hidden
    html = re.sub(r"<(template|noscript).*?</\1>", "", page, flags=re.DOTALL)
    main = html.partition("<h1")[2]
    on = [href for href in re.findall(r'href="([^"]+)"', main) if href.startswith("/delta/")]
    assert sorted(on) == ["/delta/en/", "/delta/en/follow/", "/delta/en/news/"]


def test_where_no_program_is_the_first_the_page_of_a_receipt_leads_to_all_of_them(delta, clock, client):
    opened("real", clock, is_demonstration=False)
    on = re.findall(r'<a [^>]*href="([^"]+)"', around(client.get("/r/en").content.decode()))
    assert on == ["/"]


@pytest.mark.parametrize("there", ["/nope/", "/delta/en/nope/", "/delta/es/nope", "/zz/en/follow/"])
def test_where_nothing_is_there_is_help_and_a_number_to_call(delta, client, there):
    page = client.get(there)
    html = page.content.decode()
    assert page.status_code == 404
    assert re.findall(r'href="(/delta/\w+/help/)"', html.split("<main")[0])
    assert re.findall(r'href="(tel:[^"]+)"', html) == ["tel:+15035550142"]


def test_the_demonstration_has_help_in_a_language_that_its_program_speaks(delta, client):
    help_in = re.compile(r'href="(/delta/\w+/help/)"')
    pages = [client.get(f"/{lang}demo/").content.decode().split("<main")[0] for lang in ("", "es/")]
    assert [help_in.findall(page) for page in pages] == [["/delta/en/help/"], ["/delta/es/help/"]]


def test_the_page_of_receipts_and_the_receipt_can_be_left_at_once_and_have_help(delta, client):
    html = client.get("/r/en").content.decode()
    page, _template, receipt = html.partition("<template data-receipt>")

    assert [part.count('class="leave"') for part in (page, receipt)] == [1, 1]
    assert [part.count('href="/delta/en/help/"') for part in (page, receipt)] == [1, 1]


def test_beside_the_choice_of_a_code_stands_what_its_finder_would_know(delta, client):
    _page, _template, receipt = client.get("/r/en").content.decode().partition("<template data-receipt>")

    about = re.search(r'data-does="code"[^>]* aria-describedby="([\w-]+)"', receipt)[1]
    told = re.search(rf'id="{about}">([^<]+)<', receipt)[1]
    assert "Whoever finds it sees which question you answered and what came of it" in told
    assert "could withdraw your answers. They cannot read them, but for a statement" in told


def test_a_receipt_says_before_it_leads_on_that_its_digits_are_not_kept(delta, client):
    html = client.get("/r/en").content.decode()
    for state in ("opened", "published", "received"):
        told = re.search(rf'<template data-state="{state}">(.*?)<a data-thread>', html, re.DOTALL)[1]
        assert "This page does not keep your digits. Have them at hand" in told


@pytest.mark.django_db
def test_where_no_script_runs_no_digits_are_asked_for_and_what_works_comes_first(delta, browsing):
    page = browsing.person("Resident", phone=True, java_script_enabled=False)
    page.goto("/r/en")

    assert (
        page.locator("textarea, input").evaluate_all("all => all.some(one => one.checkVisibility())") is False
    )
    links = page.locator("main .slip-body a[href*='/follow/']").filter(visible=True)
    assert [one.get_attribute("class") for one in links.all()] == ["button"]
    links.click()
    assert page.url.endswith("/delta/en/follow/")


@pytest.mark.django_db
@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_all_digits_of_a_receipt_can_be_read_where_they_are_typed(browsing, width, lang):
    page = browsing.person("Resident", lang=lang, viewport={"width": width, "height": 844})
    page.goto(f"/r/{lang}")
    field = page.locator("#code")
    for typed in ("40718 99032 55174 20863 71590 86421", "407189903255174208637159086421"):
        field.fill(typed)
        assert field.evaluate("e => [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight]") == [
            0,
            0,
        ]
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert axe(page) == []


def test_a_search_finds_public_pages_of_a_real_site_and_nothing_of_a_demonstration(db, client, settings):
    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, mode="production")
    said = client.get("/robots.txt").content.decode().splitlines()
    assert said == ["User-agent: *", "Disallow: /r$", "Disallow: /r/", "Disallow: /*/accounts/"]


def test_whom_to_tell_of_a_weakness_stands_where_machines_look(db, client, settings):
    assert client.get("/.well-known/security.txt").status_code == 404
    contact = "mailto:security@example.org"
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, security_contact=contact)
    said = client.get("/.well-known/security.txt")
    told = dict(line.split(": ", 1) for line in said.content.decode().splitlines())
    assert (said["Content-Type"], told["Contact"]) == ("text/plain; charset=utf-8", contact)
    assert told["Canonical"] == f"{settings.ALONGSIDE.address}/.well-known/security.txt"
    days = (datetime.fromisoformat(told["Expires"]) - datetime.now(tz=UTC)).days
    assert 170 < days < 366  # RFC 9116 asks for less than a year
