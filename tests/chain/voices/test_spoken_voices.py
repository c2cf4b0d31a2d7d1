"""Voices with sound: taken in where the promise says that people may speak, and nowhere else; leads get the text first."""

import base64
import dataclasses
import json

import pytest

from alongside.chain.reader import queries as reader
from alongside.chain.voices import actions as intake
from alongside.chain.voices import views as public
from alongside.chain.voices.models import ReachedCount, Voice, Withdrawal
from alongside.core.refusals import UnusableInputError
from alongside.core.sealing import leads, receipt
from alongside.core.sealing.envelope import seal
from alongside.core.sealing.opening import open_sealed
from alongside.core.sealing.voice import SOUND_BUCKETS, parse, plaintext
from alongside.core.sealing.voice import Voice as Spoken
from alongside.ground.gate import limits
from alongside.ground.gate.limits import Doorman
from alongside.work.engagements.actions import save_questions
from tests.chain.voices.cast import Said, form_of, holders, say
from tests.support.remembering import remembered, this_hour
from tests.support.thread import QUESTIONS, Thread

pytestmark = pytest.mark.django_db
POST = "/riverbend/en/engagements/library-computers/voices/"
API = "/riverbend/en/reader/api/"
READ = f"{API}engagements/library-computers/voices"
HERE = {"Origin": "http://testserver"}
SOUND = b"\x1a\x45\xdf\xa3" + b"a voice that somebody knows " * 3000


@remembered
def opened(now, spoken):
    """An open engagement of which two leads hold the key; people may answer by voice, or not."""
    walked = Thread(now=now).open_program().draft_engagement()
    save_questions(engagement=walked.engagement, questions=QUESTIONS, spoken=spoken)
    return walked.make_keys().open()


@pytest.fixture
def walked(monkeypatch):
    monkeypatch.setattr(public, "DOOR", Doorman(most=600))
    return opened(this_hour(), spoken=True)


def speak(walked, sound=SOUND, **more):
    """Seal a voice with a sound as the page does."""
    secret = receipt.make()
    r = receipt.read_secret(secret)
    voice = Spoken(
        engagement="library-computers",
        form=form_of(walked),
        r=r.hex(),
        lang="es",
        quote=True,
        answers={"q2": {"bytes": len(sound), "kind": "webm", "seconds": 42, "words": ""}},
        taken="self",
        consent={"notice": "0f" * 32, "how": "screen", "on": "2026-12-01"},
        sounds={"q2": sound},
    )
    sealed = seal(more.get("plain") or plaintext(voice), walked.recipient)
    act = receipt.act_hash(receipt.act_secret(secret)).hex()
    return Said(secret, receipt.seal_mark(r).hex(), act, sealed)


def send(client, body):
    return client.post(POST, body, "application/json", headers=HERE)


def take(walked, voice):
    sent = {"mark": voice.mark, "act": voice.act, "sealed": voice.sealed, "now": walked.now}
    intake.take_in(program=walked.program, engagement="library-computers", **sent)


@pytest.fixture
def ask(client, walked):
    """Ask at a door of the reader as a lead who holds the key."""
    holder = holders(walked)[0]
    challenge = client.get(API + "challenge", {"seat": holder.seat.public_id}).json()["challenge"]
    said = leads.challenge_statement(
        origin=walked.program.origin, seat=holder.seat.public_id, challenge=challenge
    )
    body = json.dumps({"challenge": challenge, "signature": holder.sign(said)})
    token = client.post(API + "session", body, "application/json", headers=HERE).json()["token"]
    return lambda path: client.get(path, headers={"Authorization": f"Bearer {token}"}).json()


def test_a_spoken_voice_is_kept_as_it_was_sent_and_counts_once(client, walked):
    voice = speak(walked)

    replies = [send(client, voice.body()) for _ in range(2)]

    assert [(one.status_code, one.content) for one in replies] == [(200, public.TAKEN)] * 2
    row = Voice.objects.get()
    assert (row.sealed, row.mark, row.act_hash, row.bucket) == (
        voice.sealed,
        voice.mark,
        voice.act,
        SOUND_BUCKETS[0],
    )
    assert parse(open_sealed(bytes(row.sealed), [walked.identity])).sounds == {"q2": SOUND}


def test_the_largest_that_fits_is_taken_in_and_nothing_larger(client, walked):
    largest = speak(walked, plain=b"x".ljust(SOUND_BUCKETS[-1]))
    larger = speak(walked, plain=b"x".ljust(2 * SOUND_BUCKETS[-1]))

    assert [send(client, one.body()).status_code for one in (largest, larger)] == [200, 422]
    assert Voice.objects.get().mark == largest.mark


def test_nothing_with_sound_is_taken_in_where_the_promise_does_not_say_so(client, monkeypatch):
    monkeypatch.setattr(public, "DOOR", Doorman(most=600))
    silent = opened(this_hour(), spoken=False)

    reply = send(client, speak(silent).body())

    assert (reply.status_code, Voice.objects.count()) == (422, 0)
    assert list(ReachedCount.objects.values_list("why", "count")) == [("unsealed", 1)]
    with pytest.raises(UnusableInputError, match="was not locked"):
        take(silent, speak(silent))
    assert send(client, say(recipient=silent.recipient).body()).status_code == 200


def test_nothing_but_a_bucket_for_sounds_is_taken_in(client, walked):
    bare = speak(walked, plain=b"x" * (SOUND_BUCKETS[0] - 1))
    plain = dataclasses.replace(bare, sealed=plaintext_of(walked))

    assert [send(client, one.body()).status_code for one in (bare, plain)] == [422, 422]
    assert Voice.objects.count() == 0


def plaintext_of(walked):
    return open_sealed(speak(walked).sealed, [walked.identity])


def test_a_voice_with_sound_counts_as_ten_at_the_door(client, walked, monkeypatch):
    monkeypatch.setattr(public, "DOOR", Doorman(most=20))

    statuses = [send(client, speak(walked).body()).status_code for _ in range(3)]

    assert statuses == [200, 200, 429]
    assert Voice.objects.count() == 2


def test_sounds_leave_the_room_of_written_voices(client, walked, monkeypatch):
    least = limits.settings.ALONGSIDE.health.disk_free_mb * limits.MEGABYTE
    usage = limits.shutil.disk_usage(limits.settings.ALONGSIDE.data)._replace(free=least + 1)
    monkeypatch.setattr(limits.shutil, "disk_usage", lambda _where: usage)

    sent = [speak(walked), say(recipient=walked.recipient)]

    assert [send(client, one.body()).status_code for one in sent] == [507, 200]


def test_leads_get_the_text_first_and_the_sound_of_the_one_they_name(client, walked, ask):
    voice, other = speak(walked), say(recipient=walked.recipient)
    for one in (voice, other):
        take(walked, one)

    listed = {one["mark"]: one for one in ask(READ)["voices"]}

    assert {mark: one["spoken"] for mark, one in listed.items()} == {voice.mark: True, other.mark: False}
    assert base64.b64decode(listed[voice.mark]["sealed"]) == voice.sealed[: 65_536 + 200]
    assert base64.b64decode(listed[other.mark]["sealed"]) == other.sealed
    assert base64.b64decode(ask(f"{READ}?whole={voice.mark}")["sealed"]) == voice.sealed
    assert ask(f"{READ}?whole={'0' * 64}") == {"sealed": ""}


def test_who_withdraws_takes_the_sound_back_too(client, walked):
    voice = speak(walked)
    take(walked, voice)

    reply = client.post("/riverbend/record/withdraw", voice.withdrawal, "application/json", headers=HERE)

    assert (reply.json(), Voice.objects.count()) == (
        {"withdrawn": Withdrawal.objects.get().date.isoformat()},
        0,
    )


@pytest.mark.usefixtures("both_databases")
def test_each_database_gives_the_beginning_of_a_sound():
    walked = opened(this_hour(), spoken=True)
    voice = speak(walked)
    take(walked, voice)

    listed = reader.voices_page(walked.program, walked.promise, "")

    assert listed == [(voice.mark, voice.sealed[: 65_536 + 200], True)]
