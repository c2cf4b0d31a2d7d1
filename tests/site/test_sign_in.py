"""Signing in: a code by mail or a passkey; no password, no stranger, no trace of where from."""

import hashlib
import re
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from alongside.core.clocks import local_date
from alongside.ground.gate.limits import CODES_AN_HOUR, CODES_TO_A_MAILBOX, MOST_CODES_TO_A_MAILBOX
from alongside.ground.gate.roles import Role
from alongside.ground.people.actions import hash_code, make_person, print_code
from alongside.ground.people.models import PrintedCode, Session
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.site import account_urls
from alongside.site.account_urls import asks_too_often
from alongside.site.ticking import tick
from tests.site.test_visits import signed_in
from tests.support.mail import send_what_waits

PAGE = "/en/accounts/sign-in/"
TOO_MANY = "Too many codes were asked for. Sign in with a passkey or a printed code, or wait an hour."


def ask(client: Client, email: str):
    """Ask for a code, and let the worker send what waits."""
    asked = client.post(PAGE + "?next=/delta/en/", {"email": email, "next": "/delta/en/"})
    send_what_waits()
    return asked


def test_a_code_from_the_mail_signs_in_and_leads_back(steward, mailbox):
    client = Client()
    assert ask(client, "steward@example.org")["Location"].startswith("/en/accounts/sign-in/code/")
    code = mailbox.code("steward@example.org")
    done = client.post("/en/accounts/sign-in/code/?next=/delta/en/", {"code": code, "next": "/delta/en/"})
    assert (done.status_code, done["Location"], "_auth_user_id" in client.session) == (
        302,
        "/delta/en/",
        True,
    )


def test_who_signs_in_at_the_foot_of_a_page_comes_to_their_own_desk(steward, mailbox):
    client = Client()
    foot = client.get("/delta/en/").content.decode()
    at = re.search(r'href="([^"]+)">Leads and staff: sign in<', foot)[1].partition("?next=")[2]
    client.post(PAGE, {"email": "steward@example.org", "next": at})
    send_what_waits()
    code = mailbox.code("steward@example.org")
    done = client.post("/en/accounts/sign-in/code/", {"code": code, "next": at}, follow=True)
    assert [one[0] for one in done.redirect_chain] == ["/delta/en/my-desk/", "/delta/en/steward/"]


def test_a_wrong_code_does_not_sign_in(steward, mailbox):
    client = Client()
    ask(client, "steward@example.org")
    done = client.post("/en/accounts/sign-in/code/", {"code": "NOPE42"})
    assert (done.status_code, "_auth_user_id" in client.session) == (200, False)


def test_a_stranger_sees_the_same_and_gets_no_letter(steward, mailbox):
    known, stranger = ask(Client(), "steward@example.org"), ask(Client(), "stranger@example.org")
    assert (known.status_code, known["Location"]) == (stranger.status_code, stranger["Location"])
    assert [letter["to"] for letter in mailbox.letters] == ["steward@example.org"]


def test_the_site_does_the_same_work_for_an_address_it_knows_and_one_it_does_not(steward, mailbox):
    counted = []
    for address in ("steward@example.org", "stranger@example.org"):
        with CaptureQueriesContext(connection) as asked:
            Client().post(PAGE, {"email": address})
        counted.append(len(asked))
    assert counted[0] == counted[1]
    assert mailbox.letters == [], "a letter takes long, so no page waits for one"
    assert DBTaskResult.objects.count() == 2, (
        "something waits for either, and only the worker learns which it is"
    )
    send_what_waits()
    assert [letter["to"] for letter in mailbox.letters] == ["steward@example.org"]


def test_the_queue_holds_neither_the_code_nor_whom_it_is_for(steward, mailbox):
    ask(Client(), "steward@example.org")
    code, kept = mailbox.code("steward@example.org"), repr(list(DBTaskResult.objects.values()))
    assert [one for one in (code, "steward@", f"[{steward.pk}") if one in kept] == []


def test_a_code_that_is_too_old_is_sent_to_nobody(steward, mailbox, settings):
    settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT = -1
    ask(Client(), "steward@example.org")
    assert mailbox.letters == []


def test_there_is_no_way_to_sign_up_or_to_set_a_password(steward):
    client = signed_in(steward)
    names = [pattern.name for pattern in account_urls.urlpatterns]
    assert [name for name in names if "password" in name and "reset" not in name] == []
    closed = ("account_signup", "account_email", "account_email_verification_sent", "account_reset_password")
    assert [client.post(reverse(name)).status_code for name in closed] == [404] * 4


def test_every_page_of_an_account_carries_a_mark():
    marks = {pattern.name: getattr(pattern.callback, "open_to", None) for pattern in account_urls.urlpatterns}
    assert [name for name, mark in marks.items() if mark not in ({Role.EVERYONE}, {Role.PERSON})] == []


@pytest.mark.parametrize("name", ["mfa_index", "mfa_list_webauthn", "account_logout"])
def test_pages_about_keys_are_in_our_look(steward, name):
    said = signed_in(steward).get(reverse(name), follow=True)
    page = said.content.decode()
    assert (said.status_code, page.count("<h1"), 'id="main"' in page) == (200, 1, True)


def test_a_page_of_an_account_shows_the_program_one_came_from(delta, steward, client):
    page = client.get(PAGE + "?next=/delta/en/").content.decode()
    assert delta.slug in page


def test_signing_in_keeps_no_address_and_no_browser(steward, mailbox):
    client = Client(headers={"user-agent": "canary-browser"}, REMOTE_ADDR="203.0.113.9")
    ask(client, "steward@example.org")
    code = mailbox.code("steward@example.org")
    client.post("/en/accounts/sign-in/code/", {"code": code})
    kept = [repr(session.get_decoded()) for session in Session.objects.all()]
    assert len(kept) == 1
    assert [text for text in kept if "203.0.113.9" in text or "canary" in text] == []


def test_the_time_of_a_sign_in_is_not_written_down(steward):
    signed_in(steward)
    steward.refresh_from_db()
    assert steward.last_login is None


def test_who_shows_again_that_it_is_them_is_asked_for_a_passkey_or_a_spare_code(steward):
    for kind in (Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user=steward, type=kind, data={})

    ways = get_adapter().get_reauthentication_methods(steward)

    assert [str(way["description"]) for way in ways] == ["Use a spare code", "Use a passkey"]


def test_what_the_database_keeps_of_a_session_or_a_code_on_paper_signs_nobody_in(steward, client):
    known = signed_in(steward)
    code = print_code(person=steward, now=datetime.now(tz=UTC), by_operator=True)
    stolen = [Session.objects.get().session_key, known.cookies["sessionid"].value]
    found = []
    for cookie in stolen:
        client.cookies["sessionid"] = cookie
        found.append(client.get("/delta/en/steward/").status_code)
    assert found == [403, 200], "only the cookie that the person holds opens the desk"
    plain = code.replace("-", "")
    kept = PrintedCode.objects.get().code_hash
    assert kept not in {hashlib.new(name, plain.encode()).hexdigest() for name in ("sha256", "sha1")}
    assert kept != hashlib.sha256(b"alongside/printed-code/v1\n" + plain.encode()).hexdigest(), (
        "codes are short: without the secret of the server they could be tried until one fits"
    )


def test_what_the_database_keeps_of_spare_codes_gives_none_of_them(steward):
    mine = RecoveryCodes.activate(steward).get_unused_codes()

    def read_by_whoever_has_the_row() -> list[str]:
        return RecoveryCodes(Authenticator.objects.get(user=steward)).get_unused_codes()

    assert (len(mine), read_by_whoever_has_the_row()) == (10, mine), "the site gives the same codes again"
    with override_settings(SECRET_KEY="a secret of another server, long enough to be one"):
        assert not set(read_by_whoever_has_the_row()) & set(mine)
    with override_settings(MFA_ADAPTER="allauth.mfa.adapter.DefaultMFAAdapter"):
        assert not set(read_by_whoever_has_the_row()) & set(mine)


def test_signing_out_ends_the_session_in_the_database(steward):
    client = signed_in(steward)
    client.post(reverse("account_logout"))
    assert Session.objects.count() == 0


def test_sessions_that_are_over_and_codes_that_were_used_are_forgotten_by_the_next_tick(delta, steward):
    now, client = datetime.now(tz=UTC), Client()
    used, waits = (print_code(person=steward, now=now, by_operator=True) for _each in range(2))
    client.post("/delta/en/sign-in/printed-code/", {"code": used})
    signed_in(steward)

    tick(now)
    assert (Session.objects.count(), PrintedCode.objects.count()) == (2, 1)
    assert PrintedCode.objects.get().code_hash == hash_code(waits)
    tick(now + timedelta(days=15))
    assert (Session.objects.count(), PrintedCode.objects.count()) == (0, 0)


def ask_from(network: str, address: str) -> str:
    """Ask for a code from a network; give what the page says against it, or where it leads."""
    asked = Client(REMOTE_ADDR=network).post(PAGE, {"email": address})
    return TOO_MANY if TOO_MANY in asked.content.decode() else asked.get("Location", "").partition("?")[0]


CODE_PAGE = "/en/accounts/sign-in/code/"


@pytest.mark.parametrize("address", ["steward@example.org", "stranger@example.org"])
def test_a_stranger_who_asks_for_somebodys_codes_keeps_nobody_but_their_own_network_out(steward, address):
    asked = [ask_from("203.0.113.9", address.upper()) for _time in range(CODES_AN_HOUR + 2)]
    assert asked == [*[CODE_PAGE] * CODES_AN_HOUR, TOO_MANY, TOO_MANY], (
        "the same, whether anybody has the address"
    )
    assert ask_from("203.0.113.9", "somebody.else@example.org") == CODE_PAGE
    assert [ask_from("198.51.100.7", address) for _time in range(3)] == [CODE_PAGE] * 3


def test_a_mailbox_is_not_filled_from_many_networks_and_its_owner_still_gets_a_code(steward, mailbox):
    strangers = [f"203.0.113.{one}" for one in range(10)]
    for network in strangers * (CODES_AN_HOUR + 1):
        ask_from(network, "steward@example.org")
    assert ask_from("198.51.100.7", "steward@example.org") == CODE_PAGE
    assert ask_from("198.51.100.7", "steward@example.org") == TOO_MANY
    send_what_waits()
    assert len(mailbox.letters) == CODES_TO_A_MAILBOX + 1


def letters(networks, now=datetime(2026, 11, 28, 12, 0, tzinfo=UTC)) -> int:
    """Count the letters that one mailbox gets in an hour where each of these addresses asks once."""
    return sum(not asks_too_often(one, "steward@example.org", now) for one in networks)


def test_one_customer_of_a_provider_fills_no_mailbox_and_keeps_no_other_out():
    mine = [f"2001:db8:1:{one:x}::1" for one in range(5000)]
    assert letters(mine) == CODES_TO_A_MAILBOX
    assert (letters(["2001:db8:2::1"]), letters(["198.51.100.7"] * 2)) == (1, 1)


def test_no_mailbox_gets_more_than_so_many_letters_in_an_hour_from_wherever_they_are_asked_for():
    assert letters(f"2001:db8:{one:x}::1" for one in range(5000)) == MOST_CODES_TO_A_MAILBOX


@pytest.mark.parametrize("written", ["STEWARD@EXAMPLE.ORG", "\u017fteward@example.org"])
def test_an_address_that_is_written_in_other_letters_is_no_other_mailbox(steward, written):
    for _time in range(CODES_AN_HOUR):
        ask_from("203.0.113.9", "steward@example.org")
    assert ask_from("203.0.113.9", written) == TOO_MANY


KEYS = "/en/accounts/keys/"


def sessions_told(client: Client) -> list[str]:
    """Read the list of where somebody is signed in."""
    page = client.get(KEYS).content.decode()
    return re.findall(r"<li>((?:Since|The day)[^\n]*?)</li>", page)


def by_code(mailbox) -> Client:
    """Sign the steward in by a code from the mail."""
    client = Client()
    ask(client, "steward@example.org")
    client.post("/en/accounts/sign-in/code/", {"code": mailbox.code("steward@example.org")})
    return client


def test_a_person_sees_where_they_are_signed_in_by_day_and_way_and_nobody_elses(steward, mailbox):
    signed_in(make_person(email="other@example.org"))
    here = by_code(mailbox)
    there = Client()
    there.post(
        "/delta/en/sign-in/printed-code/",
        {"code": print_code(person=steward, now=datetime.now(tz=UTC), by_operator=True)},
    )

    here, there = ([re.sub(r"<[^>]+>", "", told) for told in sessions_told(one)] for one in (here, there))
    day = re.match(r"Since \w+ \d+, \d{4}", here[0]).group()
    now = "This is the device you are using now."
    assert sorted(here) == sorted([f"{day}, with a code by email. {now}", f"{day}, with a printed code"])
    assert sorted(there) == sorted([f"{day}, with a code by email", f"{day}, with a printed code. {now}"])


def test_signing_out_everywhere_ends_every_session_and_every_unused_paper_of_that_person_alone(
    steward, mailbox
):
    other, here, there = (
        signed_in(make_person(email="other@example.org")),
        by_code(mailbox),
        signed_in(steward),
    )
    print_code(person=steward, now=datetime.now(tz=UTC), by_operator=True)

    assert here.get(KEYS + "leave/").status_code == 405
    left = here.post(KEYS + "leave/")

    assert (left.status_code, left["Location"]) == (302, PAGE)
    assert [one.get(KEYS).status_code for one in (here, there, other)] == [403, 403, 200]
    assert (Session.objects.filter(person=steward).count(), PrintedCode.objects.count()) == (0, 0)


def test_what_is_kept_of_a_session_is_a_day_and_a_way(steward, mailbox):
    by_code(mailbox).get("/delta/en/", headers={"user-agent": "Netscape", "x-forwarded-for": "203.0.113.9"})
    kept = Session.objects.get()
    fields = [one.name for one in Session._meta.get_fields()]
    assert fields == [
        "session_key",
        "session_data",
        "expire_date",
        "person",
        "began_on",
        "way",
        "provider_session",
    ]
    here = local_date(datetime.now(tz=UTC), pack_of(Program.objects.get(slug="delta")))
    assert (kept.way, kept.began_on, kept.provider_session) == ("code", here, "")
    assert not [one for one in ("Netscape", "203.0.113.9") if one in repr(kept.get_decoded())]
