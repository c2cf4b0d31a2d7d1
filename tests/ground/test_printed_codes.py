"""A code on paper signs one person in, once."""

import dataclasses
from datetime import UTC, datetime
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError

from alongside.ground.gate.limits import Doorman
from alongside.ground.people import views
from alongside.ground.people.actions import make_person, print_code
from tests.support.mail import send_what_waits
from tests.support.thread import Thread


def test_a_printed_code_signs_its_person_in_once(db, client) -> None:
    thread = Thread().open_program()
    person = make_person(email=None, called="Without mail")
    thread.seat(person)
    client.force_login(thread.steward)
    assert client.get("/riverbend/en/steward/people/").status_code == 200
    page = client.post(f"/riverbend/en/steward/people/{person.pk}/code/")
    code = page.context["code"]
    client.logout()
    used = client.post("/riverbend/en/sign-in/printed-code/", {"code": code.lower().replace("-", " ")})
    assert (used.status_code, int(client.session["_auth_user_id"])) == (302, person.pk)
    client.logout()
    again = client.post("/riverbend/en/sign-in/printed-code/", {"code": code})
    assert "This code does not fit." in again.content.decode()


def test_only_the_steward_prints_codes(db, client) -> None:
    thread = Thread().open_program()
    for person in (thread.boss, thread.first_lead.person):
        client.force_login(person)
        assert client.post(f"/riverbend/en/steward/people/{thread.steward.pk}/code/").status_code == 403


def test_whoever_signs_in_with_a_printed_code_lands_on_their_own_desk(db, client) -> None:
    thread = Thread().open_program()
    people = [thread.first_lead.person, thread.boss, thread.steward]

    landed = []
    for person in people:
        code = print_code(person=person, now=datetime.now(tz=UTC), by_operator=True)
        sent = client.post("/riverbend/en/sign-in/printed-code/", {"code": code}, follow=True)
        landed.append((sent.status_code, sent.request["PATH_INFO"]))
        client.logout()

    assert landed == [(200, f"/riverbend/en/{desk}/") for desk in ("week", "unit", "steward")]


def test_a_stranger_who_tries_codes_shuts_nobody_out_but_themselves_also_behind_a_proxy(
    db, client, settings, monkeypatch
) -> None:
    serve = dataclasses.replace(settings.ALONGSIDE.serve, behind_proxy=True)
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, serve=serve)
    monkeypatch.setattr(views, "DOOR", Doorman(most=3))
    thread = Thread().open_program()
    code = print_code(person=thread.first_lead.person, now=datetime.now(tz=UTC), by_operator=True)

    def type_in(typed: str, address: str) -> int:
        sent = {"X-Forwarded-For": address}
        return client.post("/riverbend/en/sign-in/printed-code/", {"code": typed}, headers=sent).status_code

    for _ in range(4):
        type_in("AAAA-AAAA-AAAA", "203.0.113.66")

    assert type_in(code, "203.0.113.66") == 200, "the stranger knocks too often"
    assert type_in(code, "203.0.113.77") == 302


def test_a_printed_code_does_not_stand_in_for_a_passkey(db, client) -> None:
    thread = Thread().open_program()
    lead = thread.first_lead.person
    Authenticator.objects.create(user=lead, type=Authenticator.Type.WEBAUTHN, data={})
    RecoveryCodes.activate(lead)
    spare = RecoveryCodes(Authenticator.objects.get(user=lead, type="recovery_codes")).get_unused_codes()[0]
    code = print_code(person=lead, now=datetime.now(tz=UTC), by_operator=True)

    sent = client.post("/riverbend/en/sign-in/printed-code/", {"code": code})

    assert (sent["Location"], "_auth_user_id" in client.session) == ("/en/accounts/sign-in/second/", False)
    assert client.get("/riverbend/en/week/").status_code == 403
    done = client.post("/en/accounts/sign-in/second/", {"code": spare}, follow=True)
    assert (done.status_code, done.request["PATH_INFO"]) == (200, "/riverbend/en/week/")


def test_whoever_lost_passkey_and_spare_codes_is_let_in_anew_by_the_operator_and_told_so(db, client) -> None:
    thread = Thread().open_program()
    lead = thread.first_lead.person
    Authenticator.objects.create(user=lead, type=Authenticator.Type.WEBAUTHN, data={})
    client.force_login(lead)

    call_command("program", "lost-keys", "riverbend", lead.email, stdout=StringIO())
    send_what_waits()

    assert client.get("/riverbend/en/week/").status_code == 403, "what was signed in is signed out"
    code = print_code(person=lead, now=datetime.now(tz=UTC), by_operator=True)
    assert client.post("/riverbend/en/sign-in/printed-code/", {"code": code}, follow=True).status_code == 200
    assert client.session["_auth_user_id"] == str(lead.pk)
    assert [(one.to, one.subject) for one in mail.outbox] == [
        ([lead.email], "Your passkeys and spare codes were taken away")
    ]


def test_a_lead_without_an_address_who_lost_their_passkey_is_named_by_their_seat(db, client) -> None:
    thread = Thread().open_program()
    person = make_person(email=None, called="Without mail")
    seat = thread.seat(person)
    Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data={})

    call_command("program", "lost-keys", "riverbend", seat.public_id, stdout=StringIO())
    said = StringIO()
    call_command("program", "code", "riverbend", seat.public_id, stdout=said)

    sent = client.post("/riverbend/en/sign-in/printed-code/", {"code": said.getvalue().split()[0]})
    assert (sent.status_code, client.session["_auth_user_id"]) == (302, str(person.pk))


def test_a_seat_of_another_program_is_nobody_to_a_command(db) -> None:
    Thread().open_program()
    seat = Thread().open_program(slug="delta").first_lead
    for word in ("code", "lost-keys"):
        with pytest.raises(CommandError, match="Nobody here"):
            call_command("program", word, "riverbend", seat.public_id, stdout=StringIO())
