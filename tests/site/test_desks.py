"""Desks lead to what their person begins there."""

import re

import pytest

from alongside.chain.reports.actions import close_engagement
from tests.support.house import SRC
from tests.support.remembering import this_hour
from tests.support.thread import Thread

REGISTER = "/riverbend/en/projects/new/"


@pytest.mark.parametrize(("who", "desk"), [("staff", "unit"), ("boss", "unit"), ("steward", "steward/tasks")])
def test_a_desk_leads_to_the_register_of_projects(db, client, who, desk):
    thread = Thread().open_program()
    client.force_login(getattr(thread, who))

    page = client.get(f"/riverbend/en/{desk}/")
    links = re.findall(r'href="([^"]*)"', page.content.decode().split("<main")[1].split("</main>")[0])

    assert (page.status_code, links.count(REGISTER)) == (200, 1)
    assert client.get(REGISTER).status_code == 200


def test_a_lead_recommends_from_what_was_heard_also_after_the_engagement_is_closed(db, client):
    thread = Thread().to_open_engagement()
    thread.hear()
    thread.later(60).end_intake().find()
    client.force_login(thread.first_lead.person)
    form = f"/riverbend/en/asks/recommend/{thread.promise}/"
    assert client.get("/riverbend/en/seat/recommend/").content.decode().count(f'href="{form}"') == 1

    thread.report()
    close_engagement(program=thread.program, promise=thread.promise, seat=thread.first_lead, now=thread.now)
    page = client.get("/riverbend/en/seat/recommend/").content.decode()
    assert (page.count(f'href="{form}"'), page.count("Nothing to recommend from yet")) == (1, 0)
    assert client.get(form).status_code == 200


def test_what_leads_did_on_a_draft_is_told_by_its_title(db, client):
    thread = Thread(now=this_hour()).open_program()
    thread.draft_engagement()
    thread.make_keys()
    client.force_login(thread.first_lead.person)

    done = (
        client.get("/riverbend/en/week/")
        .content.decode()
        .partition('id="done"')[2]
        .partition("</details>")[0]
    )
    title = thread.engagement.words["en"]["title"]
    assert ("library-computers" in done, f">{title}<" in done) == (False, True)


#: A template that says without a script that it needs one: what the accessibility page says of it.
NEED_A_SCRIPT = {
    "engagements/parts/ask.html": "Sending what you say.",
    "engagements/parts/front.html": "Sending what you say.",
    "engagements/parts/take_in.html": "taking in what others say",
    "engagements/waits_here.html": "taking in what others say",
    "engagements/stubs.html": "forms with stubs",
    "opinions/parts/needs_script.html": "Sending what you say.",
    "voices/follow.html": "Looking up a receipt, and withdrawing an answer.",
    "keys/parts/new_keyring.html": "all that opens voices",
    "reader/parts/locked.html": "the organizing strategies",
    "site/sign.html": "signing what they ask or contest",
    "mfa/webauthn/snippets/scripts.html": "Signing in with a passkey.",
}


def test_the_accessibility_page_tells_everything_that_needs_javascript(db, client):
    found = {
        path.as_posix().split("/templates/")[1]
        for path in SRC.rglob("*.html")
        if re.search(r"<noscript>(?:(?!</noscript>).)*JavaScript", path.read_text(), re.DOTALL)
    }
    assert found == set(NEED_A_SCRIPT), "Say on the accessibility page what else needs JavaScript."

    Thread().open_program()
    page = client.get("/riverbend/en/about/accessibility/").content.decode()
    assert [words for words in NEED_A_SCRIPT.values() if words not in page] == []
