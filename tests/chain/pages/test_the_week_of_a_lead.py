"""Where a lead listens, each engagement says where it stands today, with what was corrected since; the week says what waits."""

import re
from datetime import timedelta

from alongside.chain.reports import actions as reports
from alongside.ground.record.actions.entries import Text
from tests.support.remembering import this_hour
from tests.support.thread import Thread, enter_correction

WEEK = "/riverbend/en/week/"
LISTEN = "/riverbend/en/seat/listen/"


def week(client, thread: Thread, page: str = LISTEN) -> str:
    client.force_login(thread.second_lead.person)
    return " ".join(client.get(page).content.decode().split())


def opened() -> Thread:
    return Thread(now=this_hour()).to_open_engagement()


def test_nobody_is_sent_to_open_voices_whose_key_is_destroyed(db, client) -> None:
    thread = opened()
    assert week(client, thread).count("What they say comes in locked.") == 1
    thread.later(366).end_intake().enter(
        "key.destroyed",
        [thread.first_lead.public_id, thread.second_lead.public_id],
        cites={"engagement": [thread.promise]},
        texts={"ground": Text("en", "Kept long enough")},
    )

    told = week(client, thread)
    assert told.count("Its key was destroyed. What is still sealed can never be read.") == 1
    assert "What they say comes in locked." not in told
    assert "Unlock the reader to open them." not in week(client, thread, WEEK)


def test_a_closed_engagement_can_be_read_again_by_who_holds_its_key(db, client) -> None:
    thread = opened()
    assert "Closed: read again" not in week(client, thread)
    thread.later(31).end_intake().report()
    reports.close_engagement(
        program=thread.program, promise=thread.promise, seat=thread.first_lead, now=thread.now
    )

    closed = week(client, thread).partition("Closed: read again")[2]
    assert f'href="/riverbend/en/reader/{thread.engagement.slug}/">Open in the reader' in closed
    client.force_login(thread.third_lead.person)  # has no key
    assert "Closed: read again" not in client.get(LISTEN).content.decode()


def test_the_week_counts_with_the_corrected_last_day(db, client) -> None:
    thread = opened()
    enter_correction(
        engagement=thread.engagement,
        about="closes",
        words="The hall was closed.",
        lang="en",
        others={"es": "La sala cierra."},
        by=[thread.first_lead.public_id, thread.manager.public_id],
        now=thread.now,
        closes=thread.now.date() + timedelta(days=44),
    )
    day = thread.now.date() + timedelta(days=44)

    told = re.sub(r"<[^>]+>", "", week(client, thread))
    assert re.findall(r"People can speak until (.*?)\. What they say comes in locked", told) == [
        f"{day:%B} {day.day}, {day.year}"
    ]
