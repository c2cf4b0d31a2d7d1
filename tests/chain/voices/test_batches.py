"""Seal marks go on the record one batch behind, never fewer than k; at closing the rest goes out as one."""

from datetime import timedelta
from secrets import token_bytes, token_hex

import pytest
from django.utils.translation import override

from alongside.chain.voices import actions as intake
from alongside.chain.voices.models import Voice
from alongside.chain.voices.queries import mark_list, received_list
from alongside.core.clocks import local_date
from alongside.core.sealing import marks, receipt
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.days import day_in_words
from alongside.work.engagements.models import Engagement
from tests.chain.voices.cast import say
from tests.support.thread import Thread

pytestmark = pytest.mark.django_db
K = 10


@pytest.fixture
def walked():
    return Thread().to_open_engagement()


def speak(walked, count):
    voices = [say() for _ in range(count)]
    for one in voices:
        intake.take_in(
            program=walked.program,
            engagement="library-computers",
            mark=one.mark,
            act=one.act,
            sealed=one.sealed,
            now=walked.now,
        )
    return voices


def publish(walked):
    return intake.publish_batches(program=walked.program, now=walked.now)


def told(walked, kind):
    return RowsLog.of(walked.program).citing(walked.promise, kind)


def marks_of(voices):
    return sorted(one.mark for one in voices)


def test_a_batch_waits_until_the_next_one_is_full(walked):
    first = speak(walked, K)
    assert publish(walked) == 0, "voices of today are not told today"
    walked.later(1)
    assert publish(walked) == 0, "the first batch is held"
    speak(walked, K - 1)
    walked.later(1)
    assert publish(walked) == 0, "the next batch is not full"
    speak(walked, 1)
    walked.later(1)

    assert publish(walked) == 1
    assert publish(walked) == 0, "a second run does no harm"

    (entry,) = told(walked, "voices.published")
    assert dict(entry.data) == {"marks": marks_of(first), "part": 1}


def test_at_closing_the_rest_goes_out_as_one_batch_with_counts_in_bands(walked):
    first = speak(walked, K)
    walked.later(1)
    publish(walked)
    second = speak(walked, 3)
    walked.later(30)

    assert publish(walked) == 2
    assert publish(walked) == 0

    (entry,) = told(walked, "voices.published")
    assert entry.data["marks"] == marks_of([*first, *second])
    (closed,) = told(walked, "voices.closed")
    assert closed.data["voices"]["low"] <= 13 <= closed.data["voices"]["high"]
    assert closed.data["withdrawn"] == "fewer"


@pytest.mark.parametrize("count", [0, 1, K - 1])
def test_fewer_than_k_in_all_says_only_that(walked, count):
    speak(walked, count)
    walked.later(31)

    assert publish(walked) == 1

    assert told(walked, "voices.published") == []
    (closed,) = told(walked, "voices.closed")
    assert dict(closed.data) == {"voices": "fewer", "withdrawn": "fewer"}
    rows = marks.unpack(mark_list(walked.program))
    assert [(row.state, row.mark, row.entry) for row in rows] == [
        (marks.MarkState.FEWER, bytes(8), closed.index)
    ]


def test_withdrawing_never_makes_a_batch_smaller_than_k(walked):
    first = speak(walked, K)
    walked.later(1)
    publish(walked)
    for one in first[:3]:
        intake.withdraw(program=walked.program, act=receipt.act_secret(one.secret), now=walked.now)
    walked.later(30)

    publish(walked)

    (entry,) = told(walked, "voices.published")
    assert entry.data["marks"] == marks_of(first)
    assert Voice.objects.count() == K - 3
    (closed,) = told(walked, "voices.closed")
    # Anyone can count the marks; another number beside them would tell how many were withdrawn.
    assert dict(closed.data) == {"voices": {"low": K, "high": K}, "withdrawn": "fewer"}


def test_what_was_withdrawn_before_any_batch_is_never_told(walked):
    first = speak(walked, K + 2)
    for one in first[:2]:
        intake.withdraw(program=walked.program, act=receipt.act_secret(one.secret), now=walked.now)
    walked.later(31)

    publish(walked)

    assert told(walked, "voices.published")[0].data["marks"] == marks_of(first[2:])


def test_a_large_batch_goes_out_in_parts_that_fit_an_entry(walked, monkeypatch):
    monkeypatch.setattr("alongside.core.grammar.voices.MOST_PUBLISHED", 12)
    speak(walked, 30)
    walked.later(31)

    assert publish(walked) == 4

    parts = told(walked, "voices.published")
    assert [one.data["part"] for one in parts] == [1, 2, 3]


def test_a_browser_finds_its_mark_in_the_list(walked, client):
    voices = speak(walked, 12)
    walked.later(31)
    publish(walked)

    raw = client.get("/riverbend/record/marks").content

    (entry,) = told(walked, "voices.published")
    assert raw == mark_list(walked.program)
    assert len(raw) == 13 * 12
    found = marks.find(marks.unpack(raw), bytes.fromhex(voices[0].mark))
    assert [(row.state, row.entry) for row in found] == [(marks.MarkState.PUBLISHED, entry.index)]


def test_a_voice_is_told_as_received_from_the_first_moment_until_it_is_published_or_withdrawn(walked, client):
    def waiting():
        reply = client.get("/riverbend/record/received")
        assert reply["Cache-Control"] == "no-store"
        assert (len(reply.content) - 16) / 8 in {1536, 2048}, "how many there are is never told"
        acts = [receipt.act_hash(receipt.act_secret(one.secret)) for one in (*first, *second)]
        other = [marks.is_received(reply.content, marks.answering(act, walked.promise + 1)) for act in acts]
        assert other == [False] * len(acts), "it is told only with the engagement that it answers"
        return [marks.is_received(reply.content, marks.answering(act, walked.promise)) for act in acts]

    first, second = speak(walked, 12), []
    assert waiting() == [True] * 12
    assert (
        client.get("/riverbend/record/received").content[:16]
        != (client.get("/riverbend/record/received").content[:16])
    ), "two lists have nothing in common"
    intake.withdraw(program=walked.program, act=receipt.act_secret(first[0].secret), now=walked.now)
    assert waiting() == [False] + [True] * 11
    walked.later(1)
    publish(walked)
    second = speak(walked, 10)
    walked.later(1)
    assert waiting() == [False] + [True] * 21, "a batch that is held is not published"
    publish(walked)
    assert waiting() == [False] * 12 + [True] * 10


def test_whoever_fills_the_list_of_what_waits_learns_neither_how_many_wait_nor_when_one_comes(
    walked, settings
):
    today = local_date(walked.now, pack_of(walked.program))
    speak(walked, 1)
    one = Voice.objects.get()
    secrets = ["one secret", "another", "a third", "a fourth", "a fifth", "a sixth"]
    grew: dict[str, int] = {}

    def rows(secret: str) -> int:
        settings.SECRET_KEY = secret
        return (len(received_list(walked.program, today)) - 16) // 8

    def fill(many: int) -> list[bytes]:
        acts = [token_bytes(32) for _one in range(many)]
        same = {"program": walked.program, "engagement": one.engagement, "promise": one.promise}
        same |= {"sealed": bytes(one.sealed), "bucket": one.bucket, "date": today}
        hashed = [receipt.act_hash(act).hex() for act in acts]
        Voice.objects.bulk_create(Voice(**same, mark=token_hex(32), act_hash=act) for act in hashed)
        return acts

    first = {secret: rows(secret) for secret in secrets}
    acts: list[bytes] = []
    while len(grew) < len(secrets):
        acts = fill(64)
        grew |= {
            secret: Voice.objects.count()
            for secret in secrets
            if secret not in grew and rows(secret) > first[secret]
        }
    assert min(grew.values()) > 512, "a day's voices move nothing"
    assert len(set(grew.values())) > 1, "where the edge is goes by the secret of the server"
    before = [rows(secret) for secret in secrets]
    for act in acts:
        intake.withdraw(program=walked.program, act=act, now=walked.now)
    assert [rows(secret) for secret in secrets] == before, "nobody goes back to the edge"
    fill((256 - Voice.objects.count()) % 512)  # in the middle between edges
    tomorrow = [received_list(walked.program, today + timedelta(days=one)) for one in range(1, 30)]
    assert len({len(raw) for raw in tomorrow}) > 1, "and by the day"


def test_the_list_of_lists_names_every_program_and_what_people_were_asked_there(walked, client):
    (promised,) = RowsLog.of(walked.program).every("engagement.promised")
    with override("es"):
        days = f"La gente debía saber qué pasó a más tardar el {day_in_words(promised.data['report_back'])}."
    title = Engagement.objects.get().words["es"]["title"]
    asked = {"promise": walked.promise, "title": title, "lang": "es", "days": days}
    assert client.get("/marks.json?lang=es").json() == [
        {
            "program": "riverbend",
            "marks": "/riverbend/record/marks",
            "follow": "/riverbend/es/follow/",
            "offers": "/riverbend/es/offers.json",
            "asked": [asked],
        }
    ]
    elsewhere = client.get("/marks.json?lang=xx").json()[0]
    assert (elsewhere["follow"], elsewhere["asked"][0]["lang"]) == ("/riverbend/en/follow/", "en")


def test_random_days_and_random_withdrawals_never_tell_fewer_than_k(walked):
    import random

    draw = random.Random(7)
    spoken, gone = [], set()
    for _ in range(30):
        spoken += speak(walked, draw.choice([0, 0, 1, 3, 5, 11]))
        if spoken and draw.random() < 0.6:
            one = draw.choice(spoken)
            intake.withdraw(program=walked.program, act=receipt.act_secret(one.secret), now=walked.now)
            gone.add(one.mark)
        publish(walked)
        walked.later(1)
    walked.later(2)
    publish(walked)

    batches = [entry.data["marks"] for entry in told(walked, "voices.published")]
    out = [mark for batch in batches for mark in batch]
    assert min(map(len, batches)) >= K
    assert len(out) == len(set(out))
    assert {one.mark for one in spoken} - set(out) <= gone, "whoever did not withdraw is on the record"
