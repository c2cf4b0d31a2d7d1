"""What staff of a unit meet at their desk before they answer."""

import re

from alongside.ground.record.models import Line, Standing
from tests.support.thread import Thread

BASE = "/riverbend/en"


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
    assert Line.objects.filter(kind="ask.acknowledged").count() == 1


def test_the_calendar_of_staff_stands_under_dates_and_not_under_projects(db, client) -> None:
    asked(client)

    page = client.get(f"{BASE}/unit/").content.decode()

    above = page[: page.index("/seat/calendar/")]
    assert re.findall(r"<h2[^>]*>([^<]*)</h2>", above)[-1] == "Dates"
