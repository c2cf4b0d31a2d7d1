"""What staff of a unit meet at their desk before they answer."""

import re
from datetime import UTC, datetime, timedelta

from alongside.chain.answers.models import AnswerDraft
from alongside.ground.record.models import LogEntry, PublicText, Standing
from tests.support.remembering import CITY, this_hour
from tests.support.thread import Thread

BASE = "/riverbend/en"
NEXT_YEAR = f"{datetime.now(tz=UTC).year + 1}-01-31"


def asked(client) -> tuple[Thread, int]:
    """Walk to an ask, and sign in as staff of its unit."""
    thread = Thread().to_open_engagement().later(40)
    ask = thread.recommend(thread.find()).index
    client.force_login(thread.staff)
    return thread, ask


def test_more_time_asks_for_a_day_after_the_one_that_stands_and_keeps_the_reason(db, client) -> None:
    _thread, ask = asked(client)
    due = Standing.objects.get().answer_due

    page = client.post(
        f"{BASE}/asks/{ask}/more-time/", {"until": due.isoformat(), "words": "The list is not made."}
    ).content.decode()

    day = f"{due:%B} {due.day}, {due.year}"
    assert page.count(f"Choose a day after {day}: that is the day by which you answer now.") == 2
    assert "ask.extended" not in page
    assert "The list is not made.</textarea>" in page


def test_a_unit_reads_what_was_said_between_the_ask_and_its_answer(db, client) -> None:
    thread, ask = asked(client)
    client.post(f"{BASE}/asks/{ask}/unclear/", {"words": "Do you mean machines?"})
    client.force_login(thread.first_lead.person)
    client.post(f"{BASE}/asks/{ask}/clarify/", {"words": "Machines too."})
    client.force_login(thread.staff)

    page = client.get(f"{BASE}/answers/{ask}/").content.decode()

    found = [page.find(words) for words in ("Do you mean machines?", "said what they mean", "Machines too.")]
    assert found == sorted(found)
    assert found[0] > 0


def test_a_second_press_of_we_have_it_says_nothing_new(db, client) -> None:
    _thread, ask = asked(client)

    said = [client.post(f"{BASE}/asks/{ask}/acknowledge/").status_code for _press in range(2)]

    assert said == [302, 302]
    assert LogEntry.objects.filter(kind="ask.acknowledged").count() == 1


def test_we_have_it_keeps_the_answer_that_is_being_typed(db, client) -> None:
    _thread, ask = asked(client)
    page = client.get(f"{BASE}/answers/{ask}/").content.decode()
    (button,) = re.findall(r"<button[^>]*>We have it</button>", page)
    assert 'form="answer" name="have"' in button
    assert re.findall(r'<form[^>]* id="answer" method="post"', page)
    first = next(one for one in re.findall(r"<button[^>]*>", page) if 'form="answer"' in one)
    assert 'name="keep"' in first, "Enter in a field presses the first button of the form"

    after = client.post(f"{BASE}/answers/{ask}/", {"reasons": "We looked, and", "have": "1"}, follow=True)

    page = after.content.decode()
    assert LogEntry.objects.filter(kind="ask.acknowledged").count() == 1
    assert "We looked, and</textarea>" in page
    assert "The public log says that you have it. Your draft is kept." in page
    assert "We have it</button>" not in page


def test_we_have_it_begins_no_draft_where_nothing_is_typed(db, client) -> None:
    _thread, ask = asked(client)
    empty = {"decision": "", "reasons": "", "owner": "", "evidence": "", "milestone_1": "", "due_1": ""}

    said = [client.post(f"{BASE}/answers/{ask}/", empty | {"have": "1"}).url for _press in range(2)]

    assert said == [f"{BASE}/unit/?at={ask}&done=recorded"] * 2
    assert (LogEntry.objects.filter(kind="ask.acknowledged").count(), AnswerDraft.objects.count()) == (1, 0)


def test_we_have_it_takes_no_draft_back_from_the_manager(db, client) -> None:
    thread, ask = asked(client)
    typed = {"decision": "accepted", "reasons": "We\r\ncan.", "owner": thread.manager.public_id}
    typed |= {"milestone_1": "Set it.", "due_1": NEXT_YEAR, "evidence": "A public page."}
    client.post(f"{BASE}/answers/{ask}/", typed | {"send": "1"})

    client.post(f"{BASE}/answers/{ask}/", typed | {"have": "1"})

    assert AnswerDraft.objects.get().sent_at


def test_we_have_it_beside_a_day_that_cannot_be_read_keeps_the_words_in_the_form(db, client) -> None:
    _thread, ask = asked(client)

    page = client.post(f"{BASE}/answers/{ask}/", {"reasons": "We looked.", "until": "soon", "have": "1"})

    assert page.status_code == 200
    assert "We looked.</textarea>" in page.content.decode()
    assert LogEntry.objects.filter(kind="ask.acknowledged").count() == 1


def test_the_calendar_of_staff_stands_under_dates_and_not_under_projects(db, client) -> None:
    asked(client)

    page = client.get(f"{BASE}/unit/").content.decode()

    above = page[: page.index("/seat/calendar/")]
    assert re.findall(r"<h2[^>]*>([^<]*)</h2>", above)[-1] == "Messages, dates and people"


def test_all_that_an_answer_lacks_is_told_at_once_and_each_at_its_field(db, client) -> None:
    _thread, ask = asked(client)

    page = client.post(
        f"{BASE}/answers/{ask}/", {"decision": "accepted", "due_1": "2020-01-31", "send": "1"}
    ).content.decode()

    lacks = {
        "id_reasons": "Write the reasons, in words your neighbor would use.",
        "id_owner": "Choose the office that owns this.",
        "id_evidence": "Say what people can look at to see that it is done.",
        "id_milestone_1": "Say what will be done by this day.",
        "id_due_1": "Write the day of this milestone; it is today or later.",
    }
    listed = dict(re.findall(r'<a href="#(id_\w+)">([^<]+)</a>', page))
    assert listed == lacks
    assert {words: page.count(words) for words in lacks.values()} == dict.fromkeys(lacks.values(), 2)


def test_the_manager_reads_what_to_sign_is_about_and_the_record_says_what_was_decided(db, client) -> None:
    thread, ask = asked(client)
    given = {"decision": "deferred", "reasons": "We count first.", "until": "2027-01-31"}
    client.post(f"{BASE}/answers/{ask}/", given | {"send": "1"})
    client.force_login(thread.boss)

    desk = client.get(f"{BASE}/unit/").content.decode()
    signed = client.post(f"{BASE}/answers/{ask}/", given | {"sign": "1"}, follow=True)

    title = PublicText.objects.get(entry=ask, name="title").words
    assert f"Sign off the answer: {title}" in desk
    assert re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", signed.content.decode()) == [
        ("Decision", "Not yet"),
        ("Answer by", "January 31, 2027"),
    ]


def test_an_answer_that_is_late_says_so_where_it_is_written(db, client) -> None:
    thread = Thread(now=this_hour() - timedelta(days=80)).to_open_engagement().later(40)
    ask = thread.recommend(thread.find()).index
    client.force_login(thread.staff)
    due = Standing.objects.get().answer_due
    late = (datetime.now(tz=CITY).date() - due).days

    page = " ".join(client.get(f"{BASE}/answers/{ask}/").content.decode().split())

    assert late > 0
    assert f"<strong>late by {late} days</strong>" in page


def test_an_answer_that_is_not_late_does_not_say_so(db, client) -> None:
    thread = Thread(now=this_hour() - timedelta(days=40)).to_open_engagement().later(40)
    ask = thread.recommend(thread.find()).index
    client.force_login(thread.staff)
    assert "late by" not in client.get(f"{BASE}/answers/{ask}/").content.decode()
