"""A code on paper signs one person in, once."""

import dataclasses
from datetime import UTC, datetime

from alongside.ground.gate.limits import Doorman
from alongside.ground.people import views
from alongside.ground.people.actions import print_code
from tests.support.thread import Thread


def test_a_printed_code_signs_its_person_in_once(db, client) -> None:
    thread = Thread().open_program()
    client.force_login(thread.steward)
    assert client.get("/riverbend/en/steward/people/").status_code == 200
    page = client.post(f"/riverbend/en/steward/people/{thread.first_lead.person.pk}/code/")
    code = page.context["code"]
    client.logout()
    used = client.post("/riverbend/en/sign-in/printed-code/", {"code": code.lower().replace("-", " ")})
    assert (used.status_code, int(client.session["_auth_user_id"])) == (302, thread.first_lead.person.pk)
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
        code = print_code(person=person, now=datetime.now(tz=UTC))
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
    code = print_code(person=thread.first_lead.person, now=datetime.now(tz=UTC))

    def type_in(typed: str, address: str) -> int:
        sent = {"X-Forwarded-For": address}
        return client.post("/riverbend/en/sign-in/printed-code/", {"code": typed}, headers=sent).status_code

    for _ in range(4):
        type_in("AAAA-AAAA-AAAA", "203.0.113.66")

    assert type_in(code, "203.0.113.66") == 200, "the stranger knocks too often"
    assert type_in(code, "203.0.113.77") == 302
