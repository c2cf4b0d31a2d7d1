"""One name for one place: the table of docs/reference/words.md, the links, and the heading of the page they lead to."""

import html
import re

import pytest
from django.utils import translation

from alongside.ground.ui import links
from tests.support.house import table
from tests.support.thread import Thread

HEAD = "| English | Spanish | Vietnamese | Arabic | in the one line of a phone |"
EVERY = (
    links.PUBLIC,
    *(places for _role, places in links.BY_ROLE),
    (links.BODY, links.OTHERS, links.APPOINTED),
    links.FOOT,
)
#: Their heading says what waits, whose page it is, or which cohort.
OWN_HEADING = {"This week", "Our desk", "My desk", "The community leads"}


def test_every_link_has_the_name_of_the_table_and_on_a_phone_the_short_one():
    named = {name: phone.partition(" / ")[0] for name, *_others, phone in table(HEAD)}
    with translation.override("en"):
        said = {str(words): str(links.SHORT.get(page, "")) for places in EVERY for page, words in places}

    assert len(said) > 20
    assert {one: named.get(one) for one in said} == said


def heading_of(page) -> str:
    return html.unescape(re.search(r"<h1[^>]*>(.*?)</h1>", page.content.decode(), re.DOTALL)[1].strip())


def headings(client) -> dict[str, str]:
    """Give for each link at the top and the foot of a page the heading of the page that it leads to."""
    page = client.get("/riverbend/en/record/").content.decode()
    parts = (page.partition('aria-label="Main"')[2].partition("</nav>")[0], page.partition("<footer")[2])
    places = {str(words) for every in EVERY for _page, words in every}
    found = re.findall(
        r'<a href="(/riverbend/en/[^"]*)"[^>]*>(?:<span class="long">)?([^<]+)<', "".join(parts)
    )
    return {words: heading_of(client.get(href)) for href, words in found if words in places - OWN_HEADING}


@pytest.mark.parametrize("who", ["anyone", "lead", "staff", "steward"])
def test_a_page_is_headed_as_the_link_to_it_says(site_client, db, who):
    thread = Thread().to_open_engagement()
    person = {"lead": thread.first_lead.person, "staff": thread.staff, "steward": thread.steward}.get(who)
    if person:
        site_client.force_login(person)

    found = headings(site_client)

    assert len(found) > 10
    assert {words: words for words in found} == found


def test_the_pages_that_a_desk_leads_to_are_headed_so_too(site_client, db):
    site_client.force_login(Thread().open_program().first_lead.person)

    for page, name in (("pay/", "My pay, hours and costs"), ("consultations/", "Advise on a project")):
        assert heading_of(site_client.get(f"/riverbend/en/{page}")) == name
