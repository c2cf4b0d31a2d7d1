"""A draft that nobody signed can be thrown away; one that somebody signed, or that is open, cannot."""

import pytest

from alongside.cohort.seats.actions import leave_seat
from alongside.core.refusals import Refused
from alongside.ground.texts import actions as record
from alongside.work.engagements import actions
from alongside.work.engagements.models import Engagement
from alongside.work.remarks.models import Remark
from tests.support.pages import nonce_of
from tests.work import cast
from tests.work.engagements.test_drafting import BASE, DRAFT, ROOM, as_, lead, text_of

THROW = f"{DRAFT}throw-away/"


@pytest.fixture
def thread(db):
    return cast.draft()


def test_a_lead_throws_a_draft_away_after_a_page_that_asks(thread):
    client = lead(thread)
    assert f'href="{THROW}"' in client.get(ROOM).content.decode()
    assert "Throw this draft away?" in text_of(client.get(THROW))
    assert Engagement.objects.count() == 1

    thrown = client.post(THROW)

    assert thrown.url == f"{BASE}?done=thrown-away"
    assert "The draft is gone." in text_of(client.get(thrown.url))
    assert Engagement.objects.count() == 0


def test_a_second_press_says_too_that_the_draft_is_gone(thread):
    client = lead(thread)
    sent = {"nonce": nonce_of(client.get(THROW))}

    assert [client.post(THROW, sent).url for _press in range(2)] == [f"{BASE}?done=thrown-away"] * 2


def test_a_draft_that_somebody_signed_stays_and_its_page_says_so(thread):
    actions.sign(engagement=thread.engagement, actor=thread.first_lead.public_id, now=thread.now)
    client = lead(thread)

    assert THROW not in client.get(ROOM).content.decode()
    assert "Somebody signed this draft, so it stays." in text_of(client.post(THROW))
    assert Engagement.objects.count() == 1


def test_a_draft_whose_signature_is_void_stays_too(thread):
    actions.sign(engagement=thread.engagement, actor=thread.manager.public_id, now=thread.now)
    actions.save_draft(engagement=thread.engagement, changes={"cap": 400})

    with pytest.raises(Refused, match="Somebody signed this draft"):
        actions.throw_away(
            engagement=thread.engagement, by=thread.first_lead.person_id, today=thread.now.date()
        )


def test_under_a_legal_hold_no_draft_is_thrown_away_and_what_was_said_of_it_stays(thread):
    as_(thread.boss).post(f"{ROOM}say/", {"words": "We promised that to nobody."})
    record.place_hold(program=thread.program, ground="Case 7", by="steward", now=thread.now)

    assert "nothing be deleted for now" in text_of(lead(thread).post(THROW))
    assert [one.words for one in Remark.objects.all()] == ["We promised that to nobody."]


def test_an_open_engagement_is_not_thrown_away(db):
    thread = cast.opened()

    assert lead(thread).post(THROW).url == "/riverbend/en/engagements/library-computers/?done=already"
    assert Engagement.objects.count() == 1
    with pytest.raises(Refused, match="This engagement is open and its promise is frozen"):
        actions.throw_away(
            engagement=thread.engagement, by=thread.first_lead.person_id, today=thread.now.date()
        )


def test_no_city_role_throws_a_draft_away(thread):
    assert [as_(one).post(THROW).status_code for one in (thread.staff, thread.boss, thread.steward)] == [
        403
    ] * 3
    assert Engagement.objects.count() == 1


def test_another_lead_throws_a_draft_away_only_once_its_writer_sits_no_more(thread):
    other = as_(thread.second_lead.person)
    assert THROW not in other.get(ROOM).content.decode()
    assert "Another lead wrote this draft; ask that lead" in text_of(other.post(THROW))
    assert Engagement.objects.count() == 1
    leave_seat(seat=thread.first_lead, on=thread.now.date(), reason="", now=thread.now)
    assert THROW in other.get(ROOM).content.decode()
    other.post(THROW)
    assert Engagement.objects.count() == 0
