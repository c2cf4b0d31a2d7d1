import pytest
from django.template import Context, Template
from django.utils import translation
from justhtml import JustHTML

from alongside.ground.directory import queries
from alongside.site.demo.acts import open_with_record
from tests.core.packs import pack
from tests.support.pages import words_of

FOUR = ("en", "es", "vi", "ar")


@pytest.fixture
def two_programs(db, clock):
    """Open a demonstration program on each pack."""
    for slug, name in (("portland", "portland"), ("riverbend", "neutral")):
        open_with_record(slug=slug, pack=name, now=clock)


def page_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return JustHTML(response.content.decode(), sanitize=False)


@pytest.mark.parametrize("lang", FOUR)
@pytest.mark.parametrize("program", ["portland", "riverbend"])
def test_every_number_can_be_called_with_a_tap(two_programs, site_client, program, lang):
    here = pack({"portland": "portland", "riverbend": "neutral"}[program])
    page = page_of(site_client, f"/{program}/{lang}/help/")
    assert [a.attrs["href"] for a in page.query('.helpline a[href^="tel:"]')] == [
        f"tel:{line.tel}" for kind in queries.KINDS for line in here.help_shown if line.kind == kind
    ]


@pytest.mark.parametrize("lang", FOUR)
def test_what_becomes_of_what_a_person_tells_them_stands_with_each_number(two_programs, site_client, lang):
    page = page_of(site_client, f"/portland/{lang}/help/")
    lines = {line.slug: line for line in pack("portland").help_shown}
    for card in page.query("article.helpline"):
        line = lines.pop(card.attrs["id"])
        assert words_of(card.query(".told p")[0]) == line.what_happens.say(lang)
        assert [words_of(dd) for dd in card.query("dd")][:2] == [
            line.hours.say(lang),
            line.languages.say(lang),
        ]
        assert card.query("time")[0].attrs["datetime"] == "2026-11-24"
    assert lines == {}


def test_the_help_page_and_the_first_page_have_the_number_of_those_who_know_the_questions(
    two_programs, site_client
):
    phone = pack("neutral").phone
    for address in ("/riverbend/en/help/", "/riverbend/en/"):
        (main,) = page_of(site_client, address).query("main")
        assert len(main.query(f'a[href="tel:{phone.tel}"]')) == 1
        assert "About a question on this site" in words_of(main)


def test_a_made_up_number_does_not_stand_among_real_ones(two_programs, site_client):
    phone = pack("portland").phone
    for address in ("/portland/en/help/", "/portland/en/"):
        (main,) = page_of(site_client, address).query("main")
        assert main.query(f'a[href="tel:{phone.tel}"]') == []


def test_a_number_that_nobody_checked_is_not_shown(two_programs, site_client):
    page = site_client.get("/portland/en/help/").content.decode()
    hidden = [line for line in pack("portland").help if not line.verified]
    assert [line.slug for line in hidden] == ["state-civil-rights"]
    assert [line.tel_shown for line in hidden if line.tel_shown in page or line.tel in page] == []


def test_real_numbers_in_a_demonstration_are_not_called_made_up(two_programs, site_client):
    said = {}
    for program in ("portland", "riverbend"):
        page = site_client.get(f"/{program}/en/help/").content.decode()
        said[program] = ("numbers here are made up" in page, "numbers on this page are real" in page)
    assert said == {"portland": (False, True), "riverbend": (True, False)}


def test_the_page_asks_the_database_nothing_of_its_own(two_programs, site_client, django_assert_num_queries):
    site_client.get("/portland/en/help/")
    with django_assert_num_queries(0):
        queries.help_of(pack("portland"))


def test_links_away_do_not_say_where_a_person_came_from(two_programs, site_client):
    page = page_of(site_client, "/portland/en/help/")
    away = [a for a in page.query("main a[href]") if a.attrs["href"].startswith("http")]
    assert away
    assert [a.attrs["href"] for a in away if a.attrs.get("rel") != "noreferrer"] == []


def test_words_without_a_translation_are_marked_as_english():
    [(_kind, _heading, [line, *_more]), *_others] = queries.help_of(pack("portland"))
    page = Template("{% load ui %}<b{% in_words name %}>{{ name|say }}</b>")
    with translation.override("so"):
        assert page.render(Context({"name": line.name})) == '<b lang="en" dir="ltr">Emergency</b>'


def test_the_steps_for_the_door_are_the_packs_in_every_language_and_say_where_they_were_read(
    two_programs, site_client
):
    for lang in FOUR:
        page = page_of(site_client, f"/portland/{lang}/help/")
        (door,) = page.query("#door")
        assert [words_of(one) for one in door.query("ol li")] == [
            step.say(lang) for step in pack("portland").sanctuary.door
        ]
        assert [one.attrs["href"] for one in door.query(".byline a")] == [
            pack("portland").sanctuary.door_source
        ]
        assert [one.attrs["href"] for one in door.query('a[href^="tel:"]')] == ["tel:+18886221510"], (
            "and not the police"
        )
