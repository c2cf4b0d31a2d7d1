"""The reader's doors: opened by a signature and a token, never by a cookie; no reply is kept by anyone."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import get_resolver

from alongside.chain.keys.models import LeadKey
from alongside.chain.reader import actions as reader
from alongside.cohort.seats import actions as seats
from alongside.core.sealing import leads
from alongside.ground.gate import tokens
from alongside.ground.ui.actions import forget_presses
from alongside.ground.ui.models import Press
from tests.chain.voices.cast import Holder, holders, offer
from tests.support.remembering import this_hour
from tests.support.thread import Thread

pytestmark = pytest.mark.django_db
API = "/riverbend/en/reader/api/"
HERE = {"Origin": "http://testserver"}


@pytest.fixture
def walked():
    return Thread(now=this_hour()).open_program().draft_engagement()


@pytest.fixture
def ana(walked):
    holder = Holder.make(walked.first_lead)
    offer(walked.program, holder, walked.now)
    return holder


def answer(client, walked, holder, *, seat=None, signer=None, origin=None):
    """Answer a challenge as the reader does."""
    seat = seat or holder.seat.public_id
    challenge = client.get(API + "challenge", {"seat": seat}).json()["challenge"]
    statement = leads.challenge_statement(
        origin=origin or walked.program.origin, seat=seat, challenge=challenge
    )
    body = json.dumps({"challenge": challenge, "signature": (signer or holder).sign(statement)})
    return client.post(API + "session", body, "application/json", headers=HERE)


def ask(client, token, path="desk"):
    return client.get(API + path, headers={"Authorization": f"Bearer {token}"})


def test_a_signed_challenge_gives_a_token_that_opens_the_desk(client, walked, ana):
    token = answer(client, walked, ana).json()["token"]

    reply = ask(client, token)

    assert (reply.status_code, reply.json()["seat"]) == (200, walked.first_lead.public_id)
    assert reply.headers["Cache-Control"] == "no-store"
    assert dict(reply.cookies) == {}


def test_an_answered_challenge_opens_nothing_a_second_time(both_databases, client):
    walked = Thread(now=this_hour()).open_program().draft_engagement()
    ana = Holder.make(walked.first_lead)
    offer(walked.program, ana, walked.now)
    seat = walked.first_lead.public_id
    made = [client.get(API + "challenge", {"seat": seat}).json()["challenge"] for _ in range(2)]
    assert made[0] != made[1]  # two readers of one lead in one second each get their own
    bodies = []
    for challenge in made:
        statement = leads.challenge_statement(origin=walked.program.origin, seat=seat, challenge=challenge)
        bodies.append(json.dumps({"challenge": challenge, "signature": ana.sign(statement)}))

    sent = [bodies[0], bodies[0], bodies[1]]
    replies = [client.post(API + "session", body, "application/json", headers=HERE) for body in sent]

    assert [reply.status_code for reply in replies] == [200, 401, 200]
    assert replies[1].json() == {"words": "This sign-in was used already. Unlock your key again."}


def test_used_challenges_are_forgotten_when_they_are_too_old_to_be_sent_again(db):
    now = datetime.now(tz=UTC)
    for days, challenge in ((5, "old"), (1, "yesterday"), (0, "now")):
        assert reader.spend_challenge(challenge=challenge, now=now - timedelta(days=days))
    forget_presses(today=now.date())
    kept = Press.objects.order_by("on").values_list("on", flat=True)
    assert list(kept) == [(now - timedelta(days=1)).date(), now.date()]


def test_another_key_another_seat_or_another_log_gives_no_token(client, walked, ana):
    ben = Holder.make(walked.second_lead)

    replies = [
        answer(client, walked, ana, signer=ben),
        answer(client, walked, ben),
        answer(client, walked, ana, seat=walked.second_lead.public_id),
        answer(client, walked, ana, origin="another.example/record"),
        client.post(API + "session", "{}", "application/json", headers=HERE),
        client.post(
            API + "session",
            json.dumps({"challenge": "made up", "signature": "AAAA"}),
            "application/json",
            headers=HERE,
        ),
    ]

    assert [(r.status_code, r.json()) for r in replies] == [
        (401, {"words": "This key is not on the public log yet, or it is not yours."})
    ] * 6


def test_a_key_that_no_entry_tells_signs_nobody_in(client, walked):
    ana, _ben = holders(walked.found_keys())
    thief = Holder.make(ana.seat)
    LeadKey.objects.create(seat=ana.seat, **thief.keys, signature="none", entry=999)

    assert [answer(client, walked, one).status_code for one in (thief, ana)] == [401, 200]


def test_a_lead_who_is_signed_in_by_cookie_gets_nothing_without_a_token(client, walked, ana):
    client.force_login(walked.first_lead.person)

    for path in ("desk", "engagements/library-computers/key", "engagements/library-computers/voices"):
        assert client.get(API + path).status_code == 401
    assert ask(client, "nonsense").status_code == 401


def test_a_token_is_for_one_use_one_program_and_half_an_hour(client, walked, ana, monkeypatch):
    seat = walked.first_lead.public_id
    wrong = [
        tokens.give_token(program="riverbend", seat=seat, use=tokens.ENROL),
        tokens.give_token(program="elsewhere", seat=seat, use=tokens.READ),
        tokens.give_token(program="riverbend", seat="seat-00000000", use=tokens.READ),
    ]
    assert [ask(client, token).status_code for token in wrong] == [401] * 3
    good = tokens.give_token(program="riverbend", seat=seat, use=tokens.READ)
    assert ask(client, good).status_code == 200

    monkeypatch.setattr(tokens, "MINUTES", -1)

    assert ask(client, good).status_code == 401


def test_a_lead_who_was_suspended_is_shut_out_at_once(client, walked, ana):
    token = answer(client, walked, ana).json()["token"]
    seats.suspend_seat(seat=walked.first_lead, ground="Broke the charter", now=walked.now)

    assert ask(client, token).status_code == 401


def test_staff_and_strangers_do_not_see_the_reader(client, walked):
    assert client.get("/riverbend/en/reader/").status_code == 403
    for person in (walked.boss, walked.staff, walked.steward):
        client.force_login(person)
        assert client.get("/riverbend/en/reader/").status_code == 403
        assert client.get("/riverbend/en/reader/keyring/").status_code == 403


def test_a_reader_at_another_address_is_answered_only_where_it_is_configured(client, walked, ana, settings):
    elsewhere = {"Origin": "https://reader.example"}
    body = json.dumps({"challenge": "", "signature": ""})
    assert client.post(API + "session", body, "application/json", headers=elsewhere).status_code == 403

    settings.READER_ORIGIN = "https://reader.example"
    reply = client.post(API + "session", body, "application/json", headers=elsewhere)

    assert reply.status_code == 401
    assert reply.headers["Access-Control-Allow-Origin"] == "https://reader.example"
    assert "Access-Control-Allow-Origin" not in ask(client, "x").headers


def test_every_door_of_the_reader_asks_for_a_token(client, walked):
    """Read from the addresses, so that a new door is tried too."""
    from tests.house.test_addresses import addresses

    free = {"api_challenge", "api_session"}
    tried = 0
    for route, name, _pattern in addresses(get_resolver()):
        if "/reader/api/" not in route or name.split(":")[-1] in free | {"api"}:
            continue
        path = route.replace("<program:program>", "riverbend").replace("<lang:lang>", "en")
        path = path.replace("<slug:slug>", "library-computers").replace("<int:pk>", "1")
        path = re.sub(r"<uuid:\w+>", "12345678-1234-5678-1234-567812345678", path)
        codes = {
            client.get(path).status_code,
            client.post(path, "{}", "application/json", headers=HERE).status_code,
        }
        # Without a token there is no strategy at all, so its doors do not even refuse (tests/work/strategies).
        assert codes <= ({404} if "/strategies" in route else {401, 405}), path
        tried += 1
    assert tried >= 15


@pytest.mark.postgres
def test_a_challenge_for_what_is_no_seat_is_refused_on_postgresql_too(client, walked):
    made = client.get(API + "challenge", {"seat": "seat-\x00"}).json()["challenge"]
    body = json.dumps({"challenge": made, "signature": "00" * 64})
    assert client.post(API + "session", body, "application/json", headers=HERE).status_code == 401
