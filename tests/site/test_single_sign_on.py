"""Single sign-on: a group gives a post and takes it; what the provider did not say, or may not say, opens nothing.

Every test speaks over HTTP with a real provider (see tests/support/provider.py), and most of them as somebody who would
get in: with a group too few, an address that is not theirs, another provider, a token that somebody made up.
"""

import dataclasses
import json
import re
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import jwt
import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client, RequestFactory, override_settings
from django_tasks_db.models import DBTaskResult

from alongside.cohort.seats.actions import leave_seat
from alongside.ground.gate.limits import Doorman
from alongside.ground.people.actions import make_person, print_code
from alongside.ground.people.models import Person, Session
from alongside.ground.programs.actions import end_post, give_office
from alongside.ground.programs.models import Office, Post, Program, Unit
from alongside.site import account_urls, accounts, sso
from alongside.site.actions import correct_person, erase_person, stand_for
from alongside.site.config import Gives
from alongside.site.health import findings
from alongside.site.provider import OpenID
from alongside.site.sessions import kept_as
from alongside.site.standing import ask_provider
from alongside.site.ticking import tick
from tests.site.test_visits import signed_in
from tests.support.mail import send_what_waits
from tests.support.postgres import free_port
from tests.support.provider import (
    SECRET,
    come_back,
    leave_for,
    provider,
    running,
    said,
    sign_in,
    state_of,
)
from tests.support.thread import Thread

KEYS = "/en/accounts/keys/"
ANA = {"email": "ana@delta.example", "email_verified": True, "groups": ["permits-managers"]}
NO_POST = "None of your groups at City of Delta gives you a post here."
NOT_THEIRS = "Your account here is not one that City of Delta signs in."
NO_ADDRESS = "City of Delta tells no email address of yours that it checked."
NOT_IN = "City of Delta did not sign you in."


class Ears:
    """What a provider tells when it ends a session, kept instead of obeyed."""

    def __init__(self) -> None:
        heard = self.heard = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                heard.append(parse_qs(body)["logout_token"][0])
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_told):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture(scope="module")
def ears():
    made = Ears()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture(scope="module")
def at_city(ears):
    with running(free_port(), left=f"{ears.url}/left/") as real:
        yield real


@pytest.fixture
def city(delta, at_city, settings):
    """Give the city's provider, which knows nobody yet."""
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, sso=(provider(at_city.issuer, hours=240),))
    at_city.people.clear()
    at_city.tell()
    return at_city


def change(settings, **more):
    """Change the configuration of the provider."""
    told = dataclasses.replace(settings.ALONGSIDE.sso[0], **more)
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, sso=(told,))


def posts(email="ana@delta.example"):
    """Give the posts of a person as what, whether it is held, and whose group gave it."""
    held = Post.objects.filter(person__email=email).select_related("office__unit").order_by("pk")
    return [
        (one.public_id, one.until_date is None and one.taken_on is not None, one.given_by) for one in held
    ]


def is_in(client):
    return client.get(KEYS).status_code == 200


def arrived(city, sub="ana", **more):
    """Give a browser in which somebody signed in at the provider."""
    client = Client()
    page = sign_in(client, city, sub, **more)
    assert (page.status_code, is_in(client)) == (302, True), said(page)
    return client


def on(days):
    """Let the clock of the site tick so many days later, and the worker do what then waits."""
    tick(datetime.now(tz=UTC) + timedelta(days=days))
    send_what_waits()


def silent_on(days):
    """Give for how many people the page for the operator says that no provider answers."""
    found = {one.name: one for one in findings(datetime.now(tz=UTC) + timedelta(days=days))}[
        "providers_silent"
    ]
    assert found.well is not bool(found.value)
    return found.value


def permits(person, program, office="permits-desk/staff"):
    return give_office(
        person=person,
        program=program,
        office=office,
        from_date=datetime.now(tz=UTC).date() - timedelta(days=9),
    )


# Who is let in


def test_a_group_gives_a_post_and_the_account_is_made_at_the_first_sign_in(city):
    city.tell(ana=ANA)
    client = Client()
    page = sign_in(client, city, "ana", after="/delta/en/", lang="es")

    assert (page.status_code, page["Location"]) == (302, "/delta/en/")
    assert posts() == [("permits-desk/manager", True, "city")]
    assert client.get("/delta/en/desk/unit/").status_code in {200, 404}
    assert "with your account at work" in said(client.get(KEYS))


def test_without_a_group_there_is_no_account(city):
    city.tell(
        ana=ANA | {"groups": ["everyone", "Permits-Managers", "permits-managers "]},
        ben=ANA | {"groups": "all"},
    )
    for sub in ("ana", "ben"):
        page = sign_in(Client(), city, sub)
        assert (page.status_code, NO_POST in said(page)) == (409, True)
        assert "<h1>You are not signed in</h1>" in page.content.decode()
    assert (Person.objects.count(), SocialAccount.objects.count()) == (0, 0)


def test_a_group_that_gives_a_post_of_another_pack_or_of_the_community_body_makes_no_account(
    city, delta, settings
):
    body = Office.objects.create(
        unit=Unit.objects.create(program=delta, slug="body", outside=True), slug="chair"
    )
    given = tuple(
        Gives("permits-managers", "delta", post) for post in (body.public_id, "permits-desk/king", "king")
    )
    change(settings, posts=(*given, Gives("permits-managers", "epsilon", "steward")))
    city.tell(ana=ANA)

    page = sign_in(Client(), city, "ana")

    assert (page.status_code, NO_POST in said(page)) == (409, True)
    assert (Person.objects.count(), Post.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "told",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": "ana@delta.example.evil.example"},
        {"email": "ana@sub.delta.example"},
        {"email": "steward@example.org"},
        {"email": "ana@evil.example@delta.example"},
        {"email": "ana@delta.exampl\u0435"},
        {"email": ["ana@delta.example"]},
        {"email": None},
    ],
    ids=str,
)
def test_an_address_that_is_not_verified_or_not_the_providers_to_say_makes_and_joins_no_account(
    city, steward, told
):
    Person.objects.create_user(email="ana@delta.example")
    city.tell(ana={name: value for name, value in (ANA | told).items() if value is not None})

    page = sign_in(Client(), city, "ana")

    assert (page.status_code, NO_ADDRESS in said(page)) == (409, True)
    assert (Person.objects.count(), SocialAccount.objects.count()) == (2, 0)


def test_a_provider_that_says_nothing_of_its_addresses_is_believed_where_the_configuration_says_so(
    city, settings
):
    change(settings, verified="domain")
    unsaid = {"email": "ana@delta.example", "groups": ["permits-staff"]}
    city.tell(ana=unsaid, ben=unsaid | {"email": "ben@delta.example", "email_verified": False})

    arrived(city)
    assert NO_ADDRESS in said(sign_in(Client(), city, "ben"))


def test_a_verified_address_joins_the_account_of_staff_and_keeps_what_the_steward_gave(city, delta):
    ana = make_person(email="Ana@delta.example")
    permits(ana, delta)
    city.tell(ana=ANA)

    arrived(city)
    assert posts() == [("permits-desk/staff", True, ""), ("permits-desk/manager", True, "city")]

    city.tell(ana=ANA | {"groups": []})
    arrived(city)
    assert posts() == [("permits-desk/staff", True, ""), ("permits-desk/manager", False, "city")]


def test_who_is_joined_is_signed_out_where_a_code_had_let_them_in_for_longer(city, delta):
    ana = make_person(email="ana@delta.example")
    permits(ana, delta)
    before = signed_in(ana)
    assert is_in(before)
    city.tell(ana=ANA)
    after = arrived(city)
    assert [is_in(before), is_in(after)] == [False, True]
    again = arrived(city)
    assert [is_in(after), is_in(again)] == [True, True], "a second device signs nobody out"


def test_no_verified_address_takes_over_the_account_of_a_lead_a_former_lead_or_anyone_who_is_not_staff(
    city, settings
):
    thread = Thread().open_program()
    change(settings, posts=(Gives("permits-managers", thread.program.slug, "steward"),))
    for name, person in {
        "lead": thread.first_lead.person,
        "former": thread.third_lead.person,
        "stranger": make_person(email=None),
    }.items():
        Person.objects.filter(pk=person.pk).update(email=f"{name}@delta.example")
        city.tell(**{name: ANA | {"email": f"{name}@delta.example"}})
    thread.third_lead.left_on = thread.today
    thread.third_lead.save()
    before = Post.objects.count()

    for name in ("lead", "former", "stranger"):
        client = Client()
        page = sign_in(client, city, name)
        assert (page.status_code, NOT_THEIRS in said(page), is_in(client)) == (409, True, False), name
    assert (SocialAccount.objects.count(), Post.objects.count()) == (0, before)


def test_a_former_lead_who_is_erased_is_signed_in_by_no_provider_and_former_staff_as_the_same_person(
    city, delta, settings
):
    thread = Thread().open_program()
    change(settings, posts=(Gives("permits-managers", "delta", "permits-desk/staff"),))
    lead, ana = thread.third_lead.person, make_person(email="ana@delta.example")
    permits(ana, delta)
    Post.objects.filter(person=ana).update(until_date=datetime.now(tz=UTC).date())
    Person.objects.filter(pk=lead.pk).update(email="lead@delta.example")
    leave_seat(seat=thread.third_lead, on=thread.today, reason="", now=thread.now)
    for person in (lead, ana):
        erase_person(person=Person.objects.get(pk=person.pk), now=datetime.now(tz=UTC) + timedelta(days=1))
    city.tell(lead=ANA | {"email": "lead@delta.example"}, ana=ANA)

    assert NOT_THEIRS in said(sign_in(Client(), city, "lead"))
    assert is_in(arrived(city))
    assert Person.objects.get(email="ana@delta.example").pk == ana.pk


def test_an_address_that_was_corrected_opens_nothing_for_a_provider(city, delta):
    ana = make_person(email="ana@delta.example")
    permits(ana, delta)
    correct_person(person=ana, email="ana@other.example", now=datetime.now(tz=UTC))
    city.tell(ana=ANA)

    assert NOT_THEIRS in said(sign_in(Client(), city, "ana"))


def test_who_becomes_a_lead_is_signed_in_by_the_provider_no_more_and_in_the_houses_way_again(city, settings):
    thread = Thread().open_program()
    change(settings, posts=(Gives("permits-managers", thread.program.slug, "city-manager/manager"),))
    city.tell(ana=ANA)
    arrived(city)
    ana = Person.objects.get(email="ana@delta.example")
    end_post(
        post=Post.objects.get(person=ana), on=datetime.now(tz=UTC).date(), today=datetime.now(tz=UTC).date()
    )
    thread.seat(ana)

    assert NOT_THEIRS in said(sign_in(Client(), city, "ana"))
    assert accounts.signs_in_at_work(ana) is None
    assert posts() == [("city-manager/manager", False, "city")]


def seated_since(city, settings, **more):
    """Let somebody who signed in at work, and holds a post of a group in Delta, be seated in another program; give their browser."""
    thread = Thread().open_program()
    city.tell(ana=ANA)
    arrived(city)
    change(settings, **more)
    ana = Person.objects.get(email="ana@delta.example")
    thread.seat(ana)
    Post.objects.filter(person=ana).update(until_date=datetime.now(tz=UTC).date())
    Person.objects.filter(pk=ana.pk).update(sessions_ended_on=datetime.now(tz=UTC).date())
    ana.sessions.all().delete()
    return ana, signed_in(ana)


def test_a_lead_who_was_staff_is_signed_out_by_no_provider_however_long_it_says_nothing(city, settings):
    ana, there = seated_since(city, settings, days=1, issuer="http://localhost:9")
    print_code(person=ana, now=datetime.now(tz=UTC), by_operator=True)
    on(1)
    on(3)

    assert (is_in(there), ana.printed_codes.count()) == (True, 1)
    assert SocialAccount.objects.count() == 0, "nobody of the community has an account at work"


def test_a_provider_that_ends_the_sessions_of_a_lead_ends_none_but_its_own(city, ears, settings):
    ana, there = seated_since(city, settings)
    Session.objects.create(
        session_key="of the provider", person=ana, way="provider", expire_date=datetime.now(tz=UTC)
    )

    Client().post(LEFT, {"logout_token": heard(city, ears)})

    assert (is_in(there), ana.sessions.filter(way="provider").count()) == (True, 0)


def test_the_daily_question_gives_no_lead_a_post_in_any_program_and_ends_what_they_had(city, delta, settings):
    ana, there = seated_since(city, settings)
    provider, account = sso.providers()["city"], SocialAccount.objects.get()
    Post.objects.filter(person=ana).delete()
    claims = sso.Claims("ana", "", frozenset({"permits-managers"}))
    for program in (delta, Program.objects.exclude(pk=delta.pk).get()):
        change(settings, posts=(Gives("permits-managers", program.slug, "permits-desk/staff"),))
        provider = sso.providers()["city"]
        stand_for(account=account, provider=provider, claims=claims, refresh="", now=datetime.now(tz=UTC))
    assert (posts(), is_in(there)) == ([], True)

    held = permits(make_person(email="other@delta.example"), delta)
    Post.objects.filter(pk=held.pk).update(person=ana, given_by="city")
    stand_for(account=account, provider=provider, claims=claims, refresh="", now=datetime.now(tz=UTC))
    assert posts() == [("permits-desk/staff", False, "city")]


def test_what_a_provider_gave_ends_once(city, settings):
    city.tell(ana=ANA)
    arrived(city)
    change(settings, days=1, issuer="http://localhost:9")
    on(2)
    ana = Person.objects.get(email="ana@delta.example")
    assert posts() == [("permits-desk/manager", False, "city")]
    print_code(person=ana, now=datetime.now(tz=UTC), by_operator=True)
    on(1)
    on(3)
    assert ana.printed_codes.count() == 1


def test_an_address_that_the_provider_gave_to_somebody_new_does_not_open_the_account_of_who_had_it(city):
    city.tell(ana=ANA)
    arrived(city)
    city.tell(ana=None, other=ANA)

    page = sign_in(Client(), city, "other")

    assert (page.status_code, NOT_THEIRS in said(page)) == (409, True)
    assert SocialAccount.objects.get().uid == "ana"


def test_a_closed_account_stays_closed(city, delta):
    ana = make_person(email="ana@delta.example")
    permits(ana, delta)
    Person.objects.update(is_active=False)
    city.tell(ana=ANA)

    assert NOT_THEIRS in said(sign_in(Client(), city, "ana"))


def test_whom_the_provider_signs_in_comes_in_no_other_way(city, mailbox):
    city.tell(ana=ANA)
    arrived(city)
    ana = Person.objects.get()
    client = Client()
    client.post("/en/accounts/sign-in/", {"email": "ana@delta.example"})
    send_what_waits()
    by_code = client.post("/en/accounts/sign-in/code/", {"code": mailbox.code("ana@delta.example")})
    paper = print_code(person=ana, now=datetime.now(tz=UTC), by_operator=True)
    by_paper = client.post("/delta/en/sign-in/printed-code/", {"code": paper})

    for page in (by_code, by_paper):
        assert (page.status_code, "is one that City of Delta signs in" in said(page)) == (409, True)
    assert not is_in(client)


def test_who_has_a_passkey_is_asked_for_it_after_the_provider(city, delta):
    ana = make_person(email="ana@delta.example")
    permits(ana, delta)
    Authenticator.objects.create(user=ana, type=Authenticator.Type.WEBAUTHN, data={})
    Authenticator.objects.create(
        user=ana, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x", "used_mask": 0}
    )
    city.tell(ana=ANA)
    client = Client()

    page = sign_in(client, city, "ana")

    assert (page["Location"].split("?")[0], is_in(client)) == ("/en/accounts/sign-in/second/", False)


def test_a_provider_signs_out_whoever_was_signed_in_in_this_browser(city, delta):
    city.tell(ana=ANA, ben=ANA | {"email": "ben@delta.example"})
    client = arrived(city)
    sign_in(client, city, "ben")

    assert client.get(KEYS).wsgi_request.user.email == "ben@delta.example"
    assert [one.way for one in Session.objects.filter(person__email="ben@delta.example")] == ["provider"]


# What a group gave ends with it


def test_a_post_ends_at_the_next_sign_in_without_the_group_and_the_person_is_not_let_in(city):
    city.tell(ana=ANA | {"groups": ["permits-managers", "runs-the-program"]})
    there = arrived(city)
    city.tell(ana=ANA | {"groups": ["permits-staff"]})
    arrived(city)
    assert posts() == [
        ("permits-desk/manager", False, "city"),
        ("steward", False, "city"),
        ("permits-desk/staff", True, "city"),
    ]
    assert not is_in(there), "who lost a post signs in again"

    city.tell(ana=ANA | {"groups": []})
    page = sign_in(Client(), city, "ana")
    assert (page.status_code, NO_POST in said(page)) == (409, True)
    assert posts()[-1] == ("permits-desk/staff", False, "city")


def test_the_provider_is_asked_once_a_day_and_a_post_ends_on_the_day_its_group_is_gone(city):
    city.tell(ana=ANA | {"groups": ["permits-managers", "permits-staff"]})
    there = arrived(city)
    on(0)
    kept = SocialToken.objects.get().token_secret
    assert is_in(there)

    city.tell(ana=ANA | {"groups": ["permits-staff"]})
    on(0)
    assert posts()[0] == ("permits-desk/manager", True, "city"), "it was asked today"
    on(1)

    assert posts() == [("permits-desk/manager", False, "city"), ("permits-desk/staff", True, "city")]
    assert SocialToken.objects.get().token_secret != kept, "the provider gave another token to ask with"
    assert not is_in(there)
    on(2)
    assert posts()[1] == ("permits-desk/staff", True, "city")


def test_a_manager_who_left_yesterday_has_no_post_and_no_session_today(both_databases, city, delta):
    city.tell(ana=ANA, ben=ANA | {"email": "ben@delta.example"})
    ana, ben = arrived(city), arrived(city, "ben")
    city.tell(ana=None)
    print_code(
        person=Person.objects.get(email="ana@delta.example"), now=datetime.now(tz=UTC), by_operator=True
    )
    on(1)

    assert (posts(), is_in(ana)) == ([("permits-desk/manager", False, "city")], False)
    assert (posts("ben@delta.example"), is_in(ben)) == ([("permits-desk/manager", True, "city")], True)
    assert SocialToken.objects.count() == 1


def test_the_last_who_runs_a_program_by_a_group_runs_it_no_more_without_it(city):
    city.tell(ana=ANA | {"groups": ["runs-the-program"]})
    arrived(city)
    city.tell(ana=ANA | {"groups": []})
    on(1)

    assert posts() == [("steward", False, "city")]


def test_a_provider_that_says_nothing_ends_nothing_until_the_days_are_over(city, settings):
    city.tell(ana=ANA)
    there = arrived(city)
    change(settings, issuer="http://localhost:9", days=3)
    on(1)
    asked = DBTaskResult.objects.filter(task_path=ask_provider.module_path)
    assert asked.count() == 1
    on(1)
    assert asked.count() == 1, "once a day"
    assert [silent_on(days) for days in (0, 2, 3)] == [0, 0, 1]
    on(3)
    assert asked.count() == 2
    assert (posts(), is_in(there)) == ([("permits-desk/manager", True, "city")], True)
    on(4)
    assert (posts(), is_in(there)) == ([("permits-desk/manager", False, "city")], False)


def test_a_provider_that_gives_nothing_to_ask_with_stands_for_nobody_longer_than_the_days(city, settings):
    city.tell(ana=ANA)
    arrived(city)
    SocialToken.objects.all().delete()
    change(settings, days=3)
    on(3)
    assert posts() == [("permits-desk/manager", True, "city")]
    on(4)
    assert posts() == [("permits-desk/manager", False, "city")]


def test_what_a_provider_gave_ends_where_it_is_taken_out_of_the_configuration(city, delta, settings):
    ana = make_person(email="ana@delta.example")
    permits(ana, delta)
    city.tell(ana=ANA)
    there = arrived(city)
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, sso=())
    on(0)

    assert posts() == [("permits-desk/staff", True, ""), ("permits-desk/manager", False, "city")]
    assert not is_in(there)


def test_a_session_of_the_provider_lasts_the_hours_of_the_configuration_however_much_it_is_used(
    city, settings
):
    change(settings, hours=2)
    city.tell(ana=ANA)
    there = arrived(city)
    there.post("/en/accounts/sign-in/again/", {})
    left = Session.objects.get(person__email="ana@delta.example").expire_date - datetime.now(tz=UTC)
    assert timedelta(hours=1, minutes=58) < left <= timedelta(hours=2)


# What is kept, and what others see


def test_the_coordinator_sees_which_posts_a_group_gives_and_that_they_come_back(city, delta, steward):
    permits(make_person(email="cam@delta.example"), delta)
    city.tell(ana=ANA)
    arrived(city)
    desk = signed_in(steward)
    assert (
        said(desk.get("/delta/en/steward/people/")).count("given by a group at work, with which they sign in")
        == 1
    )
    warned = [
        "Have that person taken out of the group first"
        in said(desk.get(f"/delta/en/steward/people/posts/{one.pk}/end/"))
        for one in Post.objects.order_by("pk").exclude(office=None)
    ]
    assert warned == [False, True]


def test_of_the_account_at_work_we_keep_its_name_a_day_and_a_sealed_token(city):
    city.tell(ana=ANA | {"name": "Ana Q.", "picture": "https://pictures.example/ana.png"})
    arrived(city)
    account, token = SocialAccount.objects.get(), SocialToken.objects.get()
    today = datetime.now(tz=UTC).date()

    assert account.extra_data == {"stood_on": today.isoformat()}
    midnight = datetime(today.year, today.month, today.day, tzinfo=UTC)
    assert (account.last_login, account.date_joined) == (midnight, midnight)
    assert (token.token, token.expires_at) == ("", None)
    asks_with = sso.opened(token.token_secret)
    assert asks_with and asks_with not in token.token_secret
    with override_settings(SECRET_KEY="a secret of another server, long enough to be one"):
        assert sso.opened(token.token_secret) == ""
    assert (Person.objects.get().called, Person.objects.get().last_login) == ("", None)


def test_nothing_is_loaded_from_the_provider_and_residents_pages_know_nothing_of_it(city):
    page = Client().get("/en/accounts/sign-in/")
    assert ("City of Delta" in said(page), city.issuer in page.content.decode()) == (True, False)
    client = Client()
    sent = client.post("/en/accounts/sign-in/at/city/")
    assert city.issuer not in sent["Content-Security-Policy"]
    assert sent["Cache-Control"] == "private, no-store"
    assert [client.get(f"/en/accounts/sign-in/at/{one}/").status_code for one in ("city", "county")] == [
        405,
        405,
    ]
    assert client.post("/en/accounts/sign-in/at/county/").status_code == 404
    front = Client().get("/delta/en/")
    assert (front.cookies.output(), city.issuer in front.content.decode()) == ("", False)


def test_a_site_without_a_provider_says_nothing_of_one(delta, client):
    assert "account at work" not in said(client.get("/en/accounts/sign-in/"))


# Who would get in with what is not theirs


def test_what_a_provider_sends_back_opens_once_and_in_the_browser_that_left(city):
    city.tell(ana=ANA)
    mine, theirs = Client(), Client()
    there = city.walk(leave_for(mine), "ana")
    leave_for(theirs)

    assert (come_back(theirs, there).status_code, is_in(theirs)) == (409, False)
    assert come_back(mine, there).status_code == 302
    mine.post("/en/accounts/sign-out/")
    page = come_back(mine, there)
    assert (page.status_code, NOT_IN in said(page), is_in(mine)) == (409, True, False)


def test_a_code_of_somebody_else_opens_nothing_beside_ones_own_state(city):
    city.tell(ana=ANA, eve=ANA | {"email": "eve@delta.example"})
    victim, eve = Client(), Client()
    stolen = city.walk(leave_for(victim), "ana")
    mine = city.walk(leave_for(eve), "eve")
    mixed = stolen.replace(state_of(stolen), state_of(mine))

    page = come_back(eve, mixed)
    assert (page.status_code, is_in(eve)) == (409, False), (
        "the code belongs to the verifier of another browser"
    )


def test_a_token_of_another_sign_in_opens_nothing_though_a_provider_forgets_the_verifier(city):
    """A provider that does not look at verifiers would give us the token of whoever's code comes."""
    city.tell(ana=ANA)
    mine, other = (parse_qs(leave_for(Client()).partition("?")[2])["nonce"][0] for _each in range(2))
    assert mine != other
    city.walk(leave_for(Client()), "ana")
    told, stolen = sso.providers()["city"], city.issue(nonce=other)
    assert sso.claims_of(told, stolen, nonce=other).subject == "ana"
    for nonce in (mine, ""):
        with pytest.raises(sso.ProviderSilentError, match="another sign-in"):
            sso.claims_of(told, stolen, nonce=nonce)
    way = OpenID(RequestFactory().get("/"), "city")
    token = SocialToken(token_secret="")
    way.nonce = other
    assert way.complete_login(way.request, None, token, response=stolen).claims.subject == "ana"
    way.nonce = mine
    with pytest.raises(sso.ProviderSilentError, match="another sign-in"):
        way.complete_login(way.request, None, token, response=stolen)
    with pytest.raises(sso.ProviderSilentError, match="another sign-in"):
        sso.claims_of(told, city.issue(), nonce=mine)


def test_no_address_widens_what_is_asked_of_the_provider_or_leads_out_of_the_house(city):
    city.tell(ana=ANA)
    client = Client()
    plain = leave_for(client)
    asked = client.post(
        "/en/accounts/sign-in/at/city/?scope=admin&auth_params=redirect_uri%3Dhttps%3A%2F%2Fevil.example&process=connect"
        "&next=https://evil.example/",
    )["Refresh"].removeprefix("0; url=")
    told, widened = ({**parse_qs(one.partition("?")[2])} for one in (plain, asked))
    for one in (told, widened):
        del one["state"], one["code_challenge"], one["nonce"]
        one["scope"] = sorted(one["scope"][0].split())
    assert told == widened
    assert told["code_challenge_method"] == ["S256"]
    page = come_back(client, city.walk(asked, "ana"))
    assert (page.status_code, page["Location"]) == (302, "/")


def test_who_turns_back_at_the_provider_is_told_and_not_signed_in(city):
    client = Client()
    state = state_of(leave_for(client))
    page = client.get(f"/en/accounts/sign-in/at/city/back/?error=access_denied&state={state}")
    assert (page.status_code, NOT_IN in said(page), is_in(client)) == (409, True, False)


def test_a_provider_that_does_not_answer_is_told_in_words(city, settings):
    change(settings, issuer="http://localhost:9")
    page = Client().post("/en/accounts/sign-in/at/city/")
    assert (page.status_code, NOT_IN in said(page)) == (409, True)


def test_a_provider_under_another_name_is_not_asked(city, settings):
    change(settings, issuer=city.issuer.replace("localhost", "127.0.0.1"))
    page = Client().post("/en/accounts/sign-in/at/city/")
    assert (page.status_code, NOT_IN in said(page)) == (409, True)


def test_a_second_provider_speaks_for_its_own_people_alone(city, settings):
    with running(free_port(), ids=("county",)) as county:
        ours = settings.ALONGSIDE.sso[0]
        theirs = provider(
            county.issuer,
            id="county",
            name="County",
            domains="county.example",
            posts=(Gives("permits", "delta", "permits-desk/staff"),),
        )
        settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, sso=(ours, theirs))
        city.tell(ana=ANA)
        arrived(city)
        groups = ["permits", "permits-managers", "runs-the-program"]
        # With the same name for a person, and an address of the city
        county.tell(ana={"email": "ana@delta.example", "email_verified": True, "groups": groups})
        page = sign_in(Client(), county, "ana", at="county")
        assert (page.status_code, "County tells no email address" in said(page)) == (409, True)
        # With an address of its own, and groups that are called like the city's
        county.tell(ana={"email": "eve@county.example", "email_verified": True, "groups": groups})
        arrived(county, at="county")
        assert posts("eve@county.example") == [("permits-desk/staff", True, "county")]
        assert posts() == [("permits-desk/manager", True, "city")]
        # With the answer of one provider at the address of the other
        client = Client()
        there = county.walk(leave_for(client, at="county"), "ana")
        leave_for(client)
        page = come_back(client, there.replace("/county/", "/city/"))
        assert (page.status_code, is_in(client)) == (409, False)


def test_a_provider_in_a_table_of_the_database_is_none(city):
    SocialApp.objects.create(
        provider="openid_connect",
        provider_id="evil",
        name="Evil",
        client_id="x",
        settings={"server_url": city.issuer},
    )
    assert Client().post("/en/accounts/sign-in/at/evil/").status_code == 404
    assert "Evil" not in said(Client().get("/en/accounts/sign-in/"))


def test_who_only_starts_leaves_little_and_not_for_long(city, monkeypatch):
    monkeypatch.setattr(account_urls, "STARTS", Doorman(most=2, name="ways of this test"))
    client = Client()
    leave_for(client)
    left = Session.objects.get()
    assert (left.person, left.began_on, left.way) == (None, None, "")
    assert left.expire_date - datetime.now(tz=UTC) <= timedelta(minutes=15)
    leave_for(Client())
    page = Client().post("/en/accounts/sign-in/at/city/")
    assert (page.status_code, "tried too many times from here" in said(page)) == (409, True)


def test_who_starts_and_then_signs_in_by_a_code_stays_as_long_as_ever(city, steward, mailbox):
    client = Client()
    leave_for(client)
    client.post("/en/accounts/sign-in/", {"email": "steward@example.org"})
    send_what_waits()
    client.post("/en/accounts/sign-in/code/", {"code": mailbox.code("steward@example.org")})
    left = Session.objects.get(person=steward).expire_date - datetime.now(tz=UTC)
    assert left > timedelta(days=13)


# A provider ends sessions


LEFT = "/accounts/provider/city/left/"


def heard(city, ears, sub="ana", sid=""):
    """Let the provider end sessions, and give the token that it told it with."""
    ears.heard.clear()
    assert city.end(sub, sid) == ""
    return ears.heard[-1]


def sid_of(client):
    """Give what we keep of the provider's name of the session in which it signed somebody in."""
    return Session.objects.get(session_key=kept_as(client.session.session_key)).provider_session


def test_a_provider_ends_all_sessions_of_a_person_and_nobody_elses(city, ears):
    city.tell(ana=ANA, ben=ANA | {"email": "ben@delta.example"})
    first, second, ben = arrived(city), arrived(city), arrived(city, "ben")
    token = heard(city, ears)

    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(LEFT, {"logout_token": token}).status_code == 200
    assert [is_in(one) for one in (first, second, ben)] == [False, False, True]
    assert posts() == [("permits-desk/manager", True, "city")], "signing out takes no post"


def test_a_provider_ends_the_one_session_that_it_names(city, ears):
    city.tell(ana=ANA)
    first, second = arrived(city), arrived(city)
    assert sid_of(first) != sid_of(second)
    signed = jwt.decode(city.issue()["id_token"], options={"verify_signature": False})

    Client().post(LEFT, {"logout_token": heard(city, ears, sid=signed["sid"])})

    assert [is_in(first), is_in(second)] == [True, False]


def forged(city, **more):
    """Give a token that says what the provider's would, signed by somebody else's key under the provider's name of it."""
    mine = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    kid = requests.get(f"{city.issuer}/jwks", timeout=5).json()["keys"][0]["kid"]
    return jwt.encode(said_by(city, **more), mine, "RS256", headers={"kid": kid})


def said_by(city, **more):
    now = int(time.time())
    told = {
        "iss": city.issuer,
        "aud": "alongside",
        "sub": "ana",
        "iat": now,
        "exp": now + 120,
        "jti": "one",
        "events": {sso.LOGOUT: {}},
    }
    return {name: value for name, value in (told | more).items() if value is not None}


def test_no_token_that_somebody_made_up_ends_a_session(city, ears):
    city.tell(ana=ANA)
    there = arrived(city)
    genuine = heard(city, ears)
    head, body, sign = genuine.split(".")
    public = requests.get(f"{city.issuer}/jwks", timeout=5).json()["keys"][0]
    made_up = {
        "nothing": "",
        "no token": "x.y.z",
        "too long": "x" * 100_000,
        "another's key": forged(city),
        "unsigned": jwt.encode(said_by(city), None, "none"),
        "the secret that we share": jwt.encode(said_by(city), SECRET, "HS256"),
        "the public key as a secret": jwt.encode(
            said_by(city), public["n"], "HS256", headers={"kid": public["kid"]}
        ),
        "another signature": f"{head}.{body}.{sign[::-1]}",
        "another body": f"{head}.{body[:-4]}AAAA.{sign}",
    }
    for name, token in made_up.items():
        assert Client().post(LEFT, {"logout_token": token}).status_code == 400, name
    assert is_in(there)
    assert [Client().get(LEFT).status_code, Client().post(LEFT).status_code] == [405, 400]
    assert Client().post(LEFT, {"logout_token": genuine}).status_code == 200
    assert not is_in(there), "the genuine one does"


@pytest.mark.parametrize(
    "told",
    [
        {"iss": "https://evil.example"},
        {"aud": "somebody-else"},
        {"aud": ["alongside", "somebody-else"]},
        {"aud": ["alongside", "somebody-else"], "azp": "somebody-else"},
        {"iat": int(time.time()) - 3600, "exp": None},
        {"iat": int(time.time()) + 3600},
        {"iat": "noon"},
        {"exp": int(time.time()) - 3600},
        {"jti": None},
        {"events": None},
        {"events": "logout"},
        {"events": {"https://evil.example/": {}}},
        {"nonce": "of a sign-in"},
        {"sub": None},
        {"sub": ["ana"]},
    ],
    ids=lambda told: re.sub(r"\d{9,}", "a moment", str(told)),
)
def test_no_token_that_the_provider_signed_for_something_else_ends_a_session(
    city, told, keys_of_the_provider
):
    city.tell(ana=ANA)
    there = arrived(city)
    with keys_of_the_provider(city) as sign:
        assert Client().post(LEFT, {"logout_token": sign(said_by(city, **told))}).status_code == 400
        assert is_in(there)
        assert Client().post(LEFT, {"logout_token": sign(said_by(city))}).status_code == 200
        assert not is_in(there)


@pytest.fixture
def keys_of_the_provider():
    """Let a test sign as the provider does: with a key that we read as one of the provider's."""
    from contextlib import contextmanager

    mine = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @contextmanager
    def as_of(city):
        told = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(mine.public_key())) | {
            "kid": "mine",
            "use": "sig",
        }
        address = f"{city.issuer}/jwks"
        sso._kept[address] = (time.monotonic(), {"keys": [told]})
        yield lambda said: jwt.encode(said, mine, "RS256", headers={"kid": "mine"})
        sso._kept.clear()

    return as_of


def test_a_token_that_signs_in_ends_no_session_and_one_that_ends_a_session_signs_nobody_in(city, ears):
    city.tell(ana=ANA)
    there = arrived(city)
    assert Client().post(LEFT, {"logout_token": city.issue()["id_token"]}).status_code == 400
    assert is_in(there)
    told = sso.providers()["city"]
    with pytest.raises(sso.ProviderSilentError):
        sso.claims_of(told, {"id_token": heard(city, ears) + "x"})


def test_a_sign_in_that_the_provider_did_not_sign_or_that_speaks_of_two_people_is_none(city):
    city.tell(ana=ANA, ben=ANA | {"email": "ben@delta.example"})
    told = sso.providers()["city"]
    arrived(city)
    ana = city.issue()
    arrived(city, "ben")
    ben = city.issue()

    assert sso.claims_of(told, ana).subject == "ana"
    for token in (
        forged(city),
        jwt.encode(said_by(city), None, "none"),
        jwt.encode(said_by(city), SECRET, "HS256"),
        None,
    ):
        with pytest.raises(sso.ProviderSilentError):
            sso.claims_of(told, ana | {"id_token": token})
    with pytest.raises(sso.ProviderSilentError, match="two people"):
        sso.claims_of(told, ana | {"access_token": ben["access_token"]})
    with pytest.raises(sso.ProviderSilentError, match="another person"):
        sso.claims_of(told, ben, "ana")
