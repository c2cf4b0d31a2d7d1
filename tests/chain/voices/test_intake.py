"""Sealed intake: what is taken in, what is refused, and what nobody can learn from it."""

import dataclasses
import json
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from time import sleep

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from alongside.chain.voices import actions as intake
from alongside.chain.voices import views as public
from alongside.chain.voices.models import ReachedCount, Voice, Withdrawal
from alongside.core.refusals import UnusableInputError
from alongside.ground.gate.limits import Doorman
from alongside.ground.texts import actions as record
from alongside.work.engagements import actions as engagements
from tests.chain.voices.cast import flood, say
from tests.support.house import ROOT
from tests.support.remembering import this_hour
from tests.support.thread import Thread, enter_correction

pytestmark = pytest.mark.django_db
POST = "/riverbend/en/engagements/library-computers/voices/"
TAKEN = b'{"taken": true}'


@pytest.fixture
def walked(monkeypatch):
    monkeypatch.setattr(public, "DOOR", Doorman(most=600))
    return Thread(now=this_hour()).to_open_engagement()


def send(client, body, *, post=POST, origin="http://testserver", kind="application/json"):
    return client.post(post, data=body, content_type=kind, headers={"Origin": origin})


def take(walked, voice, now=None):
    intake.take_in(
        program=walked.program,
        engagement="library-computers",
        mark=voice.mark,
        act=voice.act,
        sealed=voice.sealed,
        now=now or walked.now,
    )


def test_a_sealed_voice_is_taken_in_and_kept_as_it_was_sent(client, walked):
    voice = say()

    reply = send(client, voice.body())

    assert (reply.status_code, reply.content, dict(reply.cookies)) == (200, TAKEN, {})
    row = Voice.objects.get()
    kept = {f.attname: getattr(row, f.attname) for f in Voice._meta.fields}
    assert kept == {
        "id": row.id,
        "program_id": walked.program.pk,
        "engagement": "library-computers",
        "promise": walked.promise,
        "sealed": voice.sealed,
        "mark": voice.mark,
        "act_hash": voice.act,
        "bucket": 1024,
        "date": row.date,
    }
    assert type(row.date) is date


def test_a_second_try_with_the_same_bytes_is_taken_in_once(client, walked):
    voice = say()

    replies = [send(client, voice.body()) for _ in range(2)]

    assert [(r.status_code, r.content) for r in replies] == [(200, TAKEN)] * 2
    assert Voice.objects.count() == 1


def test_another_voice_under_a_receipt_that_was_used_is_refused(client, walked):
    voice, other = say(), say()
    send(client, voice.body())

    for one in (
        dataclasses.replace(other, mark=voice.mark),
        dataclasses.replace(other, act=voice.act),
        dataclasses.replace(other, mark=voice.mark, act=voice.act),
    ):
        assert send(client, one.body()).status_code == 422
    assert Voice.objects.count() == 1
    assert [(r.why, r.count) for r in ReachedCount.objects.all()] == [("used", 3)]


CANARY = "canary-words-that-nobody-may-keep"
STANZA = (
    b"-> X25519 TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc\nEmECAEcKN+n/Vs9SbWiV+Hu0r+E8R77DdWYyd83nw7U\n"
)


def unsealed() -> dict[str, bytes]:
    voice = say()
    two = voice.sealed.replace(b"---", STANZA + b"---", 1)
    scrypt = b"age-encryption.org/v1\n-> scrypt fZcMuyeZjmkwTsC7nXeFwA 18\n" + voice.sealed.split(b"\n", 2)[2]
    return {
        "plain words": CANARY.encode(),
        "plain JSON": json.dumps({"q2": CANARY}).encode(),
        "plain words the size of a voice": CANARY.encode().ljust(1224),
        "two stanzas": two,
        "two stanzas the size of a voice": two[:1224],
        "a passphrase": scrypt,
        "a passphrase the size of a voice": scrypt.ljust(1224, b"x"),
        "nothing": b"",
        "a cut": voice.sealed[:-1],
        "a tail": voice.sealed + b" ",
        "armor": b"-----BEGIN AGE ENCRYPTED FILE-----\n" + voice.sealed,
    }


@pytest.mark.parametrize("name", list(unsealed()))
def test_what_is_not_one_sealed_voice_is_refused_and_not_kept(client, walked, name, caplog):
    wrong = dataclasses.replace(say(), sealed=unsealed()[name])

    reply = send(client, wrong.body())

    assert reply.status_code == 422
    assert reply.json() == {
        "taken": False,
        "words": "What arrived was not locked, so we did not keep it. Reload the page and send it again.",
    }
    assert Voice.objects.count() == 0
    assert [(r.why, r.count) for r in ReachedCount.objects.all()] == [("unsealed", 1)]
    assert CANARY not in caplog.text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (CANARY, "text/plain"),
        (json.dumps({"answers": {"q2": CANARY}}), "application/json"),
        (f"q2={CANARY}", "application/x-www-form-urlencoded"),
        ("[" * 100_000, "application/json"),
        ("{", "application/json"),
        ("[]", "application/json"),
        ("", "application/json"),
        ("x" * 10_000_000, "application/json"),
        (json.dumps({"mark": "0" * 64, "act": "1" * 64, "sealed": "***", "website": ""}), "application/json"),
        (json.dumps({"mark": "0" * 64, "act": "1" * 64, "sealed": 7, "website": ""}), "application/json"),
    ],
)
def test_a_body_that_is_no_sealed_voice_is_refused(client, walked, body, kind):
    assert send(client, body, kind=kind).status_code == 422
    assert Voice.objects.count() == 0


@pytest.mark.parametrize("mark", ["0" * 63, "G" * 64, "A" * 64, "", "0" * 65, "0" * 64 + "\n"])
def test_a_mark_that_is_no_hash_is_refused(client, walked, mark):
    assert send(client, dataclasses.replace(say(), mark=mark).body()).status_code == 422


def test_a_filled_hidden_field_is_refused_kindly_and_counted(client, walked):
    body = json.loads(say().body()) | {"website": "https://pills.example"}

    reply = send(client, json.dumps(body))

    assert reply.status_code == 422
    assert (
        reply.json()["words"]
        == "Something filled in a hidden field. Turn off automatic filling and send it again."
    )
    assert [(r.why, r.count) for r in ReachedCount.objects.all()] == [("hidden-field", 1)]


def test_a_page_of_another_site_cannot_send_a_voice(client, walked):
    assert send(client, say().body(), origin="https://elsewhere.example").status_code == 403
    assert Voice.objects.count() == 0


def test_an_engagement_that_is_not_there_takes_nothing_and_counts_nothing(client, walked):
    reply = send(client, say().body(), post="/riverbend/en/engagements/nowhere/voices/")

    assert reply.status_code == 404
    assert (Voice.objects.count(), ReachedCount.objects.count()) == (0, 0)


def test_the_last_day_is_still_open_and_the_next_is_not(walked):
    closes = walked.engagement.closes
    last = datetime(closes.year, closes.month, closes.day, 20, tzinfo=UTC)
    take(walked, say(), last)

    with pytest.raises(UnusableInputError, match="takes in no more voices") as refused:
        take(walked, say(), last + timedelta(days=1))

    assert refused.value.why == "closed"
    assert [row.date for row in Voice.objects.all()] == [closes]


def test_a_corrected_day_is_the_one_that_counts(walked):
    sooner = walked.now.date() + timedelta(days=7)
    enter_correction(
        engagement=walked.engagement,
        about="closes",
        words="It closes sooner.",
        others={"es": "Cierra antes."},
        lang="en",
        by=[walked.first_lead.public_id, walked.manager.public_id],
        now=walked.now,
        closes=sooner,
    )
    walked.later(8)

    with pytest.raises(UnusableInputError, match="takes in no more voices"):
        take(walked, say())


def test_a_paused_engagement_takes_nothing_until_it_is_resumed(walked):
    engagements.pause(engagement=walked.engagement, ground="A flood.", by="steward", now=walked.now)
    with pytest.raises(UnusableInputError, match="is paused"):
        take(walked, say())

    engagements.resume(engagement=walked.engagement, by="steward", now=walked.now)
    take(walked, say())

    assert Voice.objects.count() == 1


def test_nobody_is_turned_away_because_others_sent_more_than_leads_planned_to_read(client, walked):
    flood(walked, walked.engagement.cap)

    reply = send(client, say().body())

    assert (reply.status_code, reply.content) == (200, TAKEN)
    assert Voice.objects.count() == walked.engagement.cap + 1
    assert ReachedCount.objects.count() == 0


def test_a_full_disk_refuses_before_it_acknowledges(client, walked, full_disk):
    reply = send(client, say().body())

    assert reply.status_code == 507
    assert Voice.objects.count() == 0


def test_a_flood_from_one_address_is_refused_and_only_its_beginning_is_counted(client, walked, monkeypatch):
    monkeypatch.setattr(public, "DOOR", Doorman(most=2))

    statuses = [send(client, say().body()).status_code for _ in range(5)]

    assert statuses == [200, 200, 429, 429, 429]
    assert [(r.why, r.count) for r in ReachedCount.objects.all()] == [("too-many", 1)]


def test_taking_in_needs_at_most_ten_queries_and_answers_with_the_same_bytes(client, walked):
    send(client, say().body())
    voice = say()
    with CaptureQueriesContext(
        connection,
    ) as few:
        first = send(client, voice.body())
    flood(walked, 5000)
    with CaptureQueriesContext(connection) as later:
        second = send(client, say("Longer. " * 400).body())

    assert len(few) == len(later) <= 10, [q["sql"][:90] for q in few]
    assert first.content == second.content == TAKEN
    assert dict(first.headers) == dict(second.headers)


def test_on_postgres_a_voice_is_kept_in_one_way_there_and_back(both_databases):
    walked = Thread(now=this_hour()).to_open_engagement()
    take(walked, say())
    with CaptureQueriesContext(connection) as seen:
        take(walked, say())
    written = [one["sql"] for one in seen if not one["sql"].strip().startswith("SELECT")]
    assert len(written) == {"sqlite": 2, "postgresql": 1}[connection.vendor], written
    assert Voice.objects.count() == 2


def test_the_door_that_a_crowd_knocks_at_is_found_among_the_first():
    assert len(resolve(POST).tried or ()) < 30


def test_a_receipt_withdraws_its_own_voice_and_nothing_else(client, walked):
    voice, other = say(), say()
    send(client, voice.body())
    send(client, other.body())

    reply = client.post(
        "/riverbend/record/withdraw",
        voice.withdrawal,
        "application/json",
        headers={"Origin": "http://testserver"},
    )

    assert (reply.status_code, reply.json()) == (200, {"withdrawn": str(Withdrawal.objects.get().date)})
    assert [row.mark for row in Voice.objects.all()] == [other.mark]
    assert [row.mark for row in Withdrawal.objects.all()] == [voice.mark]


def test_who_withdraws_again_is_told_the_day_on_which_the_voice_went(walked):
    from alongside.core.sealing import receipt

    voice = say()
    take(walked, voice)

    def withdrawn(now):
        return intake.withdraw(program=walked.program, act=receipt.act_secret(voice.secret), now=now)

    gone = withdrawn(walked.now)
    assert (gone, withdrawn(walked.now + timedelta(days=3))) == (Withdrawal.objects.get().date, gone)


def test_what_was_withdrawn_cannot_be_sent_again(client, walked):
    voice = say()
    send(client, voice.body())
    client.post(
        "/riverbend/record/withdraw",
        voice.withdrawal,
        "application/json",
        headers={"Origin": "http://testserver"},
    )

    assert send(client, voice.body()).status_code == 422


def test_what_a_reader_sees_cannot_withdraw(client, walked):
    """A lead who opened the voice knows r, not w."""
    from alongside.core.sealing import receipt

    voice = say()
    send(client, voice.body())
    r = receipt.read_secret(voice.secret).hex()

    for guess in (r, voice.mark, voice.act, "0" * 64, "", "zz"):
        body = json.dumps({"act": guess})
        reply = client.post(
            "/riverbend/record/withdraw", body, "application/json", headers={"Origin": "http://testserver"}
        )
        assert (reply.status_code, reply.json()) == (404, {"withdrawn": False})
    assert Voice.objects.count() == 1


def test_a_legal_hold_pauses_withdrawal(walked):
    from alongside.core.sealing import receipt

    voice = say()
    take(walked, voice)
    hold = record.place_hold(program=walked.program, ground="Case 12", by="steward", now=walked.now)

    with pytest.raises(record.LegalHoldError, match="nothing be deleted for now"):
        intake.withdraw(program=walked.program, act=receipt.act_secret(voice.secret), now=walked.now)

    record.lift_hold(program=walked.program, hold=hold.index, by="steward", now=walked.now)
    assert intake.withdraw(program=walked.program, act=receipt.act_secret(voice.secret), now=walked.now)
    assert intake.withdraw(program=walked.program, act=receipt.act_secret(voice.secret), now=walked.now)


def test_the_page_of_a_receipt_says_of_a_legal_hold_what_the_server_says(client, walked):
    """The page speaks the reader's language; the address that takes a voice back names none."""
    voice = say()
    take(walked, voice)
    record.place_hold(program=walked.program, ground="Case 12", by="steward", now=walked.now)

    reply = client.post(
        "/riverbend/record/withdraw",
        voice.withdrawal,
        "application/json",
        headers={"Origin": "http://testserver"},
    )

    assert reply.status_code == 423
    html = client.get("/r/en").content.decode()
    assert f'<template data-trouble="held">{reply.json()["words"]}</template>' in html
    told = re.findall(r'<template data-(?:state|trouble)="([-a-z]+)">', html)
    readme = (ROOT / "islands/README.md").read_text().split("## `<follow-receipt>`")[1]
    assert told == re.findall(r'<template data-(?:state|trouble)="([-a-z]+)">', readme)


def test_an_unsealed_word_is_in_no_table(client, walked):
    send(client, say(CANARY).body())
    for body in unsealed().values():
        send(client, dataclasses.replace(say(), sealed=body).body())

    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT * FROM "{table}"')
            assert CANARY not in str(cursor.fetchall()), table


def test_a_voice_that_waits_in_line_while_its_engagement_closes_is_refused_and_not_kept(
    both_databases, monkeypatch
):
    walked = Thread(now=this_hour()).to_open_engagement()
    ended = walked.now + timedelta(days=60)
    take(walked, say())

    def meanwhile(_size) -> None:
        intake.publish_batches(program=walked.program, now=ended)

    monkeypatch.setattr(intake, "_refuse_without_room", meanwhile)
    with pytest.raises(UnusableInputError, match="closed and takes in no more voices") as refused:
        take(walked, say())

    assert refused.value.why == "closed"
    assert Voice.objects.count() == 1


def test_a_voice_that_is_sent_again_while_its_engagement_closes_is_told_that_it_is_here(
    both_databases, monkeypatch
):
    walked = Thread(now=this_hour()).to_open_engagement()
    voice, ended = say(), walked.now + timedelta(days=60)
    take(walked, voice)
    monkeypatch.setattr(
        intake,
        "_refuse_without_room",
        lambda _size: intake.publish_batches(program=walked.program, now=ended),
    )

    take(walked, voice)

    assert Voice.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_voice_that_is_sent_many_times_at_one_moment_is_taken_in_once(both_databases, monkeypatch):
    walked = Thread().to_open_engagement()
    voice, together = say(), Barrier(4)

    def sent(_place: int) -> None:
        together.wait(10)
        try:
            take(walked, voice)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as hands:
        list(hands.map(sent, range(4)))

    assert Voice.objects.count() == 1


def test_voices_that_come_at_one_moment_are_kept_in_one_transaction_and_each_is_told_its_own(monkeypatch):
    together, done = intake.Together(), []
    monkeypatch.setattr(transaction, "atomic", lambda: done.append("begin") or nullcontext())
    monkeypatch.setattr(intake, "_keep", lambda voice: done.append(voice) or voice != "b")
    with ThreadPoolExecutor(3) as hands:
        with together._turn:  # somebody keeps theirs; three come meanwhile
            came = [hands.submit(together.keep, voice) for voice in "abc"]
            while len(together._waiting) < 3:
                sleep(0.001)

        assert [one.result(10) for one in came] == [True, False, True]
    assert (done[0], sorted(done[1:])) == ("begin", ["a", "b", "c"])


def test_what_keeps_one_transaction_from_the_disk_is_told_to_each_and_the_next_is_kept(monkeypatch):
    together = intake.Together()

    def full(_voice):
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr(intake, "_keep", full)
    with pytest.raises(DatabaseError, match="full"):
        together.keep(["a"])
    monkeypatch.setattr(intake, "_keep", lambda _voice: True)

    assert together.keep(["a"])


def test_a_voice_cannot_be_changed_after_sealing(both_databases, monkeypatch):
    """Not even by whoever holds the database's password and writes SQL."""
    walked = Thread().to_open_engagement()
    voice = say()
    take(walked, voice)
    statements = [
        "UPDATE voices_voice SET sealed = %s",
        "UPDATE voices_voice SET mark = 'x' || substr(mark, 2)",
    ]
    if both_databases == "sqlite":
        columns = "id, program_id, engagement, promise, sealed, mark, act_hash, bucket, date"
        statements.append(
            f"REPLACE INTO voices_voice ({columns}) SELECT {columns.replace('sealed', '%s')} FROM voices_voice"
        )

    for sql in statements:
        with (
            pytest.raises(DatabaseError, match="a voice cannot be changed after sealing"),
            transaction.atomic(),
        ):
            with connection.cursor() as cursor:
                cursor.execute(sql, [b"forged"] if "%s" in sql else [])

    assert bytes(Voice.objects.get().sealed) == voice.sealed
