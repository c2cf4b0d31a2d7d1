"""Where a page cannot take what somebody typed, they get their words back; codes, choices and sealed things never."""

import re

import pytest
from django.test import Client
from django.urls import resolve

from alongside.ground.record.models import LogEntry
from alongside.site.words_typed import are_words
from tests.support.pages import CheckingClient
from tests.support.thread import Thread

BASE = "/riverbend/en"
SAID = "This is what you typed. Copy it before you go on."
WORDS = 'Who made the cameras? "Nobody" knows </textarea><b>why</b> & when.'


def given_back(response) -> list[str]:
    """Give what stands in the boxes of a page, as it is written there."""
    return re.findall(
        r"<textarea[^>]* readonly[^>]*>\n(.*?)</textarea>", response.content.decode(), re.DOTALL
    )


@pytest.fixture
def thread(db):
    return Thread().to_open_engagement().later(40)


def question(thread, **more) -> dict:
    return {"title": "Name the vendors", "ask": WORDS, "office": thread.office.public_id} | more


def test_whoever_was_signed_out_meanwhile_gets_their_words_back(thread):
    page = CheckingClient().post(f"{BASE}/asks/question/", question(thread))

    assert page.status_code == 403
    assert SAID in page.content.decode()
    assert given_back(page) == [
        "Name the vendors",
        "Who made the cameras? &quot;Nobody&quot; knows &lt;/textarea&gt;&lt;b&gt;why&lt;/b&gt; &amp; when.",
    ]
    assert page.headers["Cache-Control"] == "private, no-store"
    assert not LogEntry.objects.filter(kind="ask.questioned").exists()


def test_a_page_that_is_only_looked_at_gives_nothing_back(thread):
    page = CheckingClient().get(f"{BASE}/asks/question/", {"ask": WORDS})

    assert page.status_code == 403
    assert SAID not in page.content.decode()


def test_words_for_a_page_that_is_gone_are_given_back(thread):
    client = CheckingClient()
    client.force_login(thread.staff, backend="allauth.account.auth_backends.AuthenticationBackend")

    page = client.post(f"{BASE}/answers/9999/", {"reasons": "We looked and saw.", "decision": "declined"})

    assert page.status_code == 404
    assert given_back(page) == ["We looked and saw."]
    assert "the link is wrong" not in page.content.decode()


@pytest.mark.parametrize(
    ("header", "back"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, ["Name the vendors", "We ask."]),
        ({"Origin": "http://testserver"}, ["Name the vendors", "We ask."]),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}, []),
        ({"Origin": "null"}, []),
        ({}, []),
    ],
    ids=["from here", "from here, an older browser", "from elsewhere", "from nowhere", "from who knows"],
)
def test_a_form_without_its_token_gives_words_back_only_if_it_comes_from_here(thread, header, back):
    page = Client(enforce_csrf_checks=True).post(
        f"{BASE}/asks/question/", question(thread, ask="We ask."), headers=header
    )

    assert page.status_code == 403
    assert "<h1>This page was open too long</h1>" in page.content.decode()
    assert given_back(page) == back


@pytest.mark.parametrize(
    "address",
    [
        "/en/accounts/sign-in/",
        "/en/accounts/sign-in/code/",
        "/riverbend/en/sign-in/printed-code/",
        "/riverbend/en/calls/second/apply/",
        "/riverbend/en/federal/requests/new/",
        "/riverbend/en/messages/raise/",
        "/riverbend/en/pay/log/",
        "/riverbend/en/record/1/agree/",
        "/riverbend/en/engagements/library-computers/voices/",
        "/riverbend/en/reader/api/keyring",
        "/riverbend/en/strategies",
        "/r/en",
    ],
)
def test_no_other_room_gives_anything_back(thread, address):
    secret = "correct horse battery staple"
    client = Client(enforce_csrf_checks=True)

    resolve(address)
    for one in (client, Client()):
        page = one.post(address, {"code": secret, "words": secret}, headers={"Sec-Fetch-Site": "same-origin"})
        assert given_back(page) == []


def test_a_body_of_a_machine_is_never_given_back(thread):
    page = Client().post(f"{BASE}/asks/question/", {"ask": WORDS}, content_type="application/json")

    assert page.status_code == 403
    assert given_back(page) == []


def test_a_hidden_field_and_a_code_are_never_given_back_even_there(thread):
    secret = "six words that open a key"

    page = Client().post(
        f"{BASE}/asks/question/", question(thread, code=secret, phrase=secret, ask="We ask.")
    )

    assert given_back(page) == ["Name the vendors", "We ask."]


@pytest.mark.parametrize(
    "value",
    [
        "works/clerk",
        "2027-01-31",
        "12345 67890 12345 67890 12345 67890",
        "AB12 CD34 5678",
        "Yes",
        "",
        "a1 " * 9,
    ],
)
def test_choices_days_and_codes_are_no_words(value):
    assert not are_words(value)


@pytest.mark.parametrize(
    "value", ["We cannot.", "Again.", "¿Por qué?", "谁做了这些相机?", "لماذا", "Stop 14: why?"]
)
def test_words_are_words_in_every_language(value):
    assert are_words(value)
