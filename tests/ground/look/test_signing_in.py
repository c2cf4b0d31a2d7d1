"""Signing in: by a code that is mailed, in our words."""

import re

import pytest
from django.core import mail

from alongside.ground.people.actions import make_person
from tests.support.mail import send_what_waits
from tests.support.pages import CheckingClient

SIGN_IN = "/en/accounts/sign-in/"


@pytest.fixture
def lea(delta):
    return make_person(email="lea@example.org", called="Lea")


def test_a_person_signs_in_with_the_code_from_their_mail(lea):
    client = CheckingClient()
    reply = client.post(SIGN_IN, {"email": "lea@example.org"})
    send_what_waits()
    (letter,) = mail.outbox
    code = re.search(r"^[A-Z0-9-]{6,}$", letter.body, re.M).group()
    asked = client.get(reply.url)
    done = client.post(reply.url, {"code": code})

    assert letter.subject == "Your sign-in code"
    assert "<h1>Type the code from your email</h1>" in asked.content.decode()
    assert (done.status_code, client.session["_auth_user_id"]) == (302, str(lea.pk))


def test_a_wrong_code_is_told_with_its_cure(lea):
    client = CheckingClient()
    reply = client.post(SIGN_IN, {"email": "lea@example.org"})
    html = client.post(reply.url, {"code": "nothing"}).content.decode()

    assert html.count("This is not the code. Type the newest one we sent, or start again.") == 2
    assert "<title>Problem: Type the code from your email" in html


def test_an_address_nobody_knows_gets_the_same_page_and_no_letter(lea):
    known, unknown = CheckingClient(), CheckingClient()
    pages = [
        client.get(client.post(SIGN_IN, {"email": address}).url).content.decode().replace(address, "")
        for client, address in ((known, "lea@example.org"), (unknown, "leo@example.org"))
    ]
    tokens = [re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", page) for page in pages]

    send_what_waits()
    assert tokens[0] == tokens[1]
    assert [letter.to for letter in mail.outbox] == [["lea@example.org"]]


@pytest.mark.parametrize("path", ["keys/", "keys/passkeys/", "keys/passkeys/add/", "sign-out/"])
def test_a_signed_in_person_finds_their_keys_on_good_pages(lea, path):
    client = CheckingClient()
    client.force_login(lea, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert client.get(f"/en/accounts/{path}", follow=True).status_code == 200


def test_the_specimen_is_a_good_page(delta):
    assert CheckingClient().get("/delta/en/specimen/").status_code == 200
