"""A flood of sealed nonsense: leads see it, set aside what does not open, and nobody who speaks is turned away."""

import json
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.chain.keys.models import EngagementKey
from alongside.chain.reader import actions as reader_actions
from alongside.chain.reader import queries as reader
from alongside.chain.voices import actions as intake
from alongside.chain.voices.models import SetAside, Voice
from alongside.cohort.seats.actions import leave_seat
from alongside.cohort.seats.models import Cohort, Seat
from alongside.core.refusals import Refused
from alongside.core.sealing import leads
from tests.chain.voices.cast import flood, holders, say
from tests.support.remembering import remembered, this_hour
from tests.support.thread import Thread

pytestmark = pytest.mark.django_db
API = "/riverbend/en/reader/api/"
ONE = "engagements/library-computers/"
HERE = {"Origin": "http://testserver"}


@pytest.fixture
def walked():
    return spoken(this_hour())


@remembered
def spoken(now):
    """An open engagement whose key two leads hold; three people spoke, and two sent what does not open."""
    walked = Thread(now=now).open_program().draft_engagement()
    walked.make_keys().found_keys(3).open()
    *walked.holders, walked.keyless = holders(walked)
    walked.good, walked.bad = [say() for _ in range(3)], [say() for _ in range(2)]
    for voice in [*walked.good, *walked.bad]:
        intake.take_in(
            program=walked.program,
            engagement="library-computers",
            mark=voice.mark,
            act=voice.act,
            sealed=voice.sealed,
            now=walked.now,
        )
    return walked


@pytest.fixture
def knock(client, walked):
    """Ask at a door of the reader as one of the leads who hold the key, or as one who does not; give what is answered."""

    def token(holder):
        asked = client.get(API + "challenge", {"seat": holder.seat.public_id}).json()["challenge"]
        statement = leads.challenge_statement(
            origin=walked.program.origin, seat=holder.seat.public_id, challenge=asked
        )
        body = json.dumps({"challenge": asked, "signature": holder.sign(statement)})
        return client.post(API + "session", body, "application/json", headers=HERE).json()["token"]

    tokens = [token(one) for one in (*walked.holders, walked.keyless)]

    def asked(who, path, body=None):
        headers = HERE | {"Authorization": f"Bearer {tokens[who]}"}
        if body is None:
            return client.get(API + path, headers=headers)
        return client.post(API + path, json.dumps(body), "application/json", headers=headers)

    return asked


def marks(voices):
    return sorted(one.mark for one in voices)


def set_aside(walked, seat, voices):
    about = {"program": walked.program, "promise": walked.promise, "now": walked.now}
    reader_actions.set_aside(seat=seat, marks=marks(voices), **about)


def read(knock, who, more=""):
    return [one["mark"] for one in knock(who, f"{ONE}voices?after={more}").json()["voices"]]


def test_what_two_leads_set_aside_is_left_out_and_nothing_is_deleted(walked, knock):
    everything = marks([*walked.good, *walked.bad])
    first = knock(0, f"{ONE}aside", {"marks": marks(walked.bad)})
    assert (first.status_code, first.json()) == (200, {"aside": 0})
    assert read(knock, 0) == read(knock, 1) == everything

    again = knock(0, f"{ONE}aside", {"marks": marks(walked.bad)})
    assert again.json() == {"aside": 0}
    second = knock(1, f"{ONE}aside", {"marks": [walked.bad[0].mark, walked.good[0].mark]})

    assert second.json() == {"aside": 1}
    left = [one for one in everything if one != walked.bad[0].mark]
    assert read(knock, 0) == read(knock, 1) == left
    assert read(knock, 1, "&aside=1") == everything
    assert knock(0, f"{ONE}read").json()["aside"] == 1
    assert Voice.objects.count() == 5


def test_one_person_never_sets_a_voice_aside_alone_not_even_from_two_seats(walked, knock):
    seat, cohort = walked.first_lead, walked.first_lead.cohort
    days = {"from_date": seat.from_date, "until_date": seat.until_date}
    first = Cohort.objects.create(program=walked.program, slug="before", entry=cohort.entry, **days)
    before = Seat.objects.create(cohort=first, person=seat.person, public_id="L-BEFORE", **days)
    set_aside(walked, walked.first_lead, walked.good)
    said = SetAside.objects.values_list("voice", flat=True)
    SetAside.objects.bulk_create(SetAside(voice_id=voice, seat=before) for voice in list(said))

    assert SetAside.objects.count() == 2 * len(walked.good)
    assert read(knock, 0) == marks([*walked.good, *walked.bad])


def test_who_is_a_lead_no_more_is_none_of_the_two_who_set_aside(walked):
    first, second, third = walked.leads
    set_aside(walked, first, walked.bad)
    set_aside(walked, first, walked.good[:1])
    set_aside(walked, second, walked.good[:1])
    leave_seat(seat=first, on=walked.today, reason="Moved.", now=walked.now)
    walked.later(1)
    with pytest.raises(Refused, match="Your place is over"):
        set_aside(walked, Seat.objects.get(pk=first.pk), walked.bad)
    set_aside(walked, second, walked.bad)
    assert reader.left_out(walked.program, walked.promise).count() == 1
    set_aside(walked, third, walked.bad)
    assert reader.left_out(walked.program, walked.promise).count() == 3


def test_only_a_lead_who_holds_the_key_sets_aside_and_only_voices_of_this_engagement(walked, knock):
    refused = knock(2, f"{ONE}aside", {"marks": marks(walked.bad)})
    assert (refused.status_code, refused.json()["words"]) == (
        409,
        "This key is not locked to you. Ask a lead who has it to share it.",
    )
    other = Voice(program=walked.program, engagement="other", promise=walked.promise + 1, sealed=b"x")
    other.mark, other.act_hash, other.bucket, other.date = "1" * 64, "2" * 64, 1024, walked.now.date()
    other.save()

    knock(0, f"{ONE}aside", {"marks": ["0" * 64, other.mark, walked.bad[1].mark]})

    assert Counter(SetAside.objects.values_list("voice__mark", flat=True)) == {walked.bad[1].mark: 1}


def test_a_voice_that_was_set_aside_can_still_be_withdrawn(walked, knock, client):
    for who in (0, 1):
        knock(who, f"{ONE}aside", {"marks": marks(walked.bad)})

    reply = client.post(
        "/riverbend/record/withdraw", walked.bad[0].withdrawal, "application/json", headers=HERE
    )

    assert reply.status_code == 200
    assert (Voice.objects.count(), SetAside.objects.count()) == (4, 2)


def test_leads_see_on_their_desk_that_more_came_in_than_they_planned_to_read(walked, knock):
    def seen():
        (one,) = knock(0, "desk").json()["engagements"]
        return one["taken"], one["cap"]

    assert seen() == (5, walked.engagement.cap)
    flood(walked, walked.engagement.cap)
    assert seen() == (walked.engagement.cap + 5, walked.engagement.cap)


def test_a_page_of_voices_takes_the_same_queries_with_many_set_aside(walked, knock):
    with CaptureQueriesContext(connection) as few:
        reader.voices_page(walked.program, walked.promise, "")
    for who in (0, 1):
        knock(who, f"{ONE}aside", {"marks": marks(walked.bad)})
    with CaptureQueriesContext(connection) as many:
        page = reader.voices_page(walked.program, walked.promise, "")

    assert (len(few), len(many), len(page)) == (1, 1, 3)
    assert EngagementKey.objects.count() == 1
