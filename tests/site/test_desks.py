"""Desks lead to what their person begins there."""

import re

import pytest

from tests.support.thread import Thread

REGISTER = "/riverbend/en/projects/new/"


@pytest.mark.parametrize(("who", "desk"), [("staff", "unit"), ("boss", "unit"), ("steward", "steward")])
def test_a_desk_leads_to_the_register_of_projects(db, client, who, desk):
    thread = Thread().open_program()
    client.force_login(getattr(thread, who))

    page = client.get(f"/riverbend/en/{desk}/")
    links = re.findall(r'href="([^"]*)"', page.content.decode().split("<main")[1].split("</main>")[0])

    assert (page.status_code, links.count(REGISTER)) == (200, 1)
    assert client.get(REGISTER).status_code == 200
