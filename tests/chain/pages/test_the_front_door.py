"""A resident at the front door: what can I say now, what came of what people said, where do I get help."""

import re

import pytest

from alongside.cohort.seats import actions as seats
from tests.support.browsers import axe
from tests.support.thread import Thread
from tests.work import cast

HOME = "/riverbend/{lang}/"
#: Pixels that all that stands above a page's own part may take on a phone.
HEADER = 120
QUERIES = 10


@pytest.fixture
def answered(db) -> Thread:
    """Give a thread with an open engagement and an ask that was answered."""
    thread = Thread().to_open_engagement().later(40)
    thread.answer(thread.recommend(thread.find()))
    return thread


def above(page) -> int:
    """Give the pixels of what stands above a page's own part."""
    high = {
        one: page.evaluate("one => document.querySelector(one)?.offsetHeight || 0", one)
        for one in (".safety", ".masthead", ".masthead .demo")
    }
    # What says that nobody reviewed a translation is folded, and stands in the header too.
    return max(high[".masthead"], high[".safety"] + high[".masthead"] - high[".masthead .demo"])


def places_of(page) -> list[list[float]]:
    """Give the left, right, top and bottom edge of each link of the main navigation."""
    return page.locator("header nav a").evaluate_all(
        "all => all.map(a => a.getBoundingClientRect()).map(b => [b.left, b.right, b.top, b.bottom])"
    )


def test_the_home_page_answers_three_questions_in_their_order(site_client, answered):
    html = site_client.get(HOME.format(lang="en")).content.decode()

    assert re.findall(r"<h2[^>]*>(.*?)</h2>", html) == [
        "Take part now",
        "What came of what people said",
        "You can get help here",
    ]
    came = html[html.index('id="came"') : html.index('id="help"')]
    (row,) = re.findall(r'<a href="([^"]*/follow/\d+/)#(now-\d+)">', came)
    assert f'id="{row[1]}"' in site_client.get(row[0]).content.decode()
    assert 'href="tel:' in html[html.index('id="help"') :]


def test_the_home_page_asks_as_much_of_the_database_for_three_asks_as_for_one(
    site_client, db, django_assert_num_queries
):
    thread = Thread().to_open_engagement().later(40)
    finding = thread.find()
    thread.answer(thread.recommend(finding))
    site_client.get(HOME.format(lang="en"))
    with django_assert_num_queries(QUERIES):
        site_client.get(HOME.format(lang="en"), {"again": 1})
    for title in ("Say it on a sign", "Ask before keeping"):
        thread.answer(thread.recommend(finding, title, f"{title}."))
    site_client.get(HOME.format(lang="en"))
    with django_assert_num_queries(QUERIES):
        site_client.get(HOME.format(lang="en"), {"again": 2})


@pytest.mark.parametrize("lang", ["en", "es", "vi", "ar"])
def test_on_a_phone_the_first_open_question_stands_in_the_first_screen_below_a_small_header(
    browsing, db, lang
):
    cast.opened()
    page = browsing.person("Ana", phone=True, lang=lang)
    page.goto(HOME.format(lang=lang))

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    first = page.locator("#open h3 a").first.bounding_box()
    assert (above(page) <= HEADER, first["y"] + first["height"] <= 844) == (True, True), (above(page), first)
    places = page.locator("header nav a").evaluate_all("all => all.map(a => a.getBoundingClientRect().top)")
    assert len(set(places)) == 1
    assert page.locator("header .find").is_visible()
    other = page.locator("header .languages a:not([aria-current])").first
    name = other.get_attribute("hreflang")
    other.click()  # one tap changes the language
    page.wait_for_url(HOME.format(lang=name))


@pytest.mark.parametrize("lang", ["en", "es", "vi", "ar"])
def test_all_places_of_the_menu_stand_in_one_line_inside_the_screen_of_a_phone(browsing, db, lang):
    thread = cast.opened()
    left = thread.first_lead.person
    seats.leave_seat(seat=thread.first_lead, on=thread.now.date(), reason="", now=thread.now)
    menus = [
        (None, "owed/", 5),
        (thread.boss, "unit/", 3),
        (thread.boss, "follow/", 3),
        (left, "my-desk/", 3),
    ]
    for who, path, places in menus:
        page = browsing.person(f"{who} at {path}", phone=True, lang=lang, signed_in=who)
        page.goto(HOME.format(lang=lang) + path)
        boxes = places_of(page)
        inside = [0 <= left and right <= 390 for left, right, *_ends in boxes]
        lines = {top for _left, _right, top, _bottom in boxes}
        assert (inside, len(lines)) == ([True] * places, 1), (path, boxes)


@pytest.mark.parametrize("lang", ["en", "es", "vi", "ar"])
def test_a_lead_and_the_coordinator_have_five_places_at_the_bottom_of_a_phone_and_a_small_header(
    browsing, db, lang
):
    thread = cast.opened()
    for who, path in ((thread.first_lead.person, "week/"), (thread.steward, "steward/")):
        page = browsing.person(path, phone=True, lang=lang, signed_in=who)
        page.goto(HOME.format(lang=lang) + path)
        boxes = places_of(page)
        inside = [0 <= left and right <= 390 for left, right, *_ends in boxes]
        ends = {(top > 844 - HEADER, bottom <= 844) for _left, _right, top, bottom in boxes}
        lines = {top for _left, _right, top, _bottom in boxes}
        assert (inside, ends, len(lines)) == ([True] * 5, {(True, True)}, 1), (path, boxes)
        assert 0 < above(page) <= HEADER, (path, above(page))


def test_what_stands_at_the_top_of_a_phone_never_lies_over_its_neighbor(browsing, db):
    cast.opened()
    page = browsing.person("Ana", phone=True)
    page.goto(HOME.format(lang="en"))

    boxes = [page.locator(f"header {one}").bounding_box() for one in (".wordmark", ".languages", ".find")]
    ends = [(box["x"], box["x"] + box["width"]) for box in boxes]
    assert [left[1] <= right[0] for left, right in zip(ends, ends[1:], strict=False)] == [True, True], ends
