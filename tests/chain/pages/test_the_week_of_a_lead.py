"""Where a lead listens, each engagement says where it stands today, with what was corrected since; the week says what waits."""

import re
from datetime import timedelta

from alongside.chain.reports import actions as reports
from alongside.cohort.seats.models import Seat
from alongside.ground.record.actions.entries import Text
from alongside.site.demo.sealed import make_engagement_key
from tests.chain.pages.test_the_desk_of_a_bureau import question
from tests.cohort.seats.care_cast import write
from tests.support.remembering import this_hour
from tests.support.thread import Thread, enter_correction
from tests.work import cast

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
    assert f'href="/riverbend/en/follow/{thread.promise}/">What came of it' in closed
    client.force_login(thread.third_lead.person)  # has no key
    assert "Closed: read again" not in client.get(LISTEN).content.decode()


def test_where_nothing_was_heard_yet_no_link_says_that_something_came_of_it(db, client) -> None:
    thread = opened()
    link = f'href="/riverbend/en/follow/{thread.promise}/">What came of it'
    assert link not in week(client, thread)
    thread.later(40).find()

    assert link in week(client, thread)


def test_a_message_stands_right_behind_what_ends_tomorrow_and_says_that_nobody_else_can_read_it(
    db, client
) -> None:
    thread = cast.opened(Thread(now=this_hour() - timedelta(days=30)).open_program())
    for title, after in (("Today", 1), ("Tomorrow", 5), ("Later", 24)):
        thread.answer(question(thread, title), "declined")
        thread.later(after)
    write(thread, thread.second_lead)
    told = week(client, thread, WEEK)
    rows = re.findall(r'<li class="queue-row">.*?</li>', told)
    lines = [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in rows]

    at = [next(place for place, one in enumerate(lines) if name in one) for name in ORDER]
    assert at == sorted(at)
    assert at[2] - at[1] == 1
    assert ["Only you" in lines[place] for place in at] == [False, False, True, False]
    assert "Another lead can take what waits here, too, except where it says “Only you”." in told


#: What ends today and tomorrow, what was written, and what ends later.
ORDER = ("Today", "Tomorrow", "Read a message", "Later")


def test_where_nobody_else_can_take_anything_no_line_says_that_somebody_can(db, client) -> None:
    thread = Thread(now=this_hour()).open_program()
    write(thread, thread.second_lead)
    told = week(client, thread, WEEK)

    assert ("<b>Only you</b>" in told, "Another lead can take" in told) == (True, False)


def test_what_of_a_draft_its_lead_alone_does_says_so_and_what_waits_for_any_holder_does_not(
    db, client
) -> None:
    thread = Thread(now=this_hour()).open_program().draft_engagement().found_keys()

    def own(lead: Seat) -> dict[str, bool]:
        client.force_login(lead.person)
        told = " ".join(client.get(WEEK).content.decode().split())
        rows = re.findall(r'<li class="queue-row">.*?</li>', told)
        return {step: "Only you" in one for one in rows for step in STEPS if step in one}

    assert own(thread.first_lead) == {"Make its key": True, "Read and sign": True}
    given = {"engagement": thread.engagement, "seats": [thread.first_lead], "now": thread.now}
    make_engagement_key(story=thread, **given)
    assert own(thread.second_lead) == {"Test the key": False}


STEPS = ("Make its key", "Read and sign", "Test the key")


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
