"""The report of a year is counted from the record: what it says follows from entries, and it leaves nothing out."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from alongside.chain.answers import actions as answers
from alongside.chain.asks import actions as asks
from alongside.chain.asks.tasks import tick as clock_of_asks
from alongside.chain.commitments.tasks import tick as clock_of_commitments
from alongside.cohort.seats import actions as seats
from alongside.cohort.seats.tasks import tick as clock_of_seats
from alongside.core.grammar.versions import KINDS
from alongside.core.kinds import EntryKind
from alongside.desks.years import KINDS as READ
from alongside.desks.years import year_of
from alongside.ground.programs.models import Program
from alongside.ground.record.actions.entries import Text
from alongside.ground.record.actions.heads import sign_head
from alongside.ground.record.models import LogEntry
from alongside.ground.record.queries import standings, texts_of
from alongside.ground.record.rates import Rate, response_rate
from alongside.ground.ui.days import day_in_words
from tests.support.remembering import this_hour
from tests.support.thread import Thread
from tests.work.engagements.test_drafting import text_of

YEAR = 6  # queries of a report, however much there is
LAST = date(2026, 12, 31)


@pytest.fixture
def thread(db):
    return Thread().to_open_engagement()


@pytest.fixture
def thread_on_each(both_databases):
    return Thread().to_open_engagement()


def test_a_rate_in_percent_is_told_only_from_ten_on():
    assert [Rate(done=3, due=due).percent for due in (0, 4, 9, 10)] == [None, None, None, 30]


def report(thread, year=2026, today=LAST):
    return year_of(thread.program, "en", year, today)


def failed(found):
    program = Program.objects.get()
    words = texts_of(program, [one.about for one in found.failures if one.about is not None], "en")
    return [
        (one.what, "" if one.about is None else words[one.about][one.named].words) for one in found.failures
    ]


def close_with(thread, count):
    """End the intake with so many voices on the record, or with none."""
    told = {"low": count, "high": count} if count and thread.hear(count) else "fewer"
    thread.later(31)
    data = {"voices": told, "withdrawn": "fewer"}
    return thread.enter("voices.closed", ["clock"], data, {"engagement": [thread.promise]})


def silent(thread):
    """Ask, let the day pass, and let the clock run."""
    ask = thread.recommend(thread.find())
    thread.later(70)
    clock_of_asks(program=thread.program, now=thread.now, send=lambda *_told: None)
    return ask


def test_voices_are_told_as_the_record_tells_them_and_added_up(thread):
    close_with(thread, 75)

    found = report(thread)

    assert [(one.voices.low, one.voices.high) for one in found.heard] == [(75, 75)]
    assert (found.at_least, found.languages) == (75, ["en", "es"])


def test_fewer_voices_than_may_be_told_add_nothing(thread):
    close_with(thread, 0)

    assert report(thread).at_least == 0


def test_what_happened_in_another_year_is_not_counted(thread_on_each):
    thread = thread_on_each
    close_with(thread, 75)
    thread.find(smaller=True)
    thread.now = datetime(2027, 2, 1, 20, tzinfo=UTC)
    thread.find(smaller=True)

    first, second = report(thread), report(thread, 2027, date(2027, 2, 2))

    assert (len(first.smaller), len(second.smaller)) == (1, 1)
    assert (len(first.heard), second.heard) == (1, [])
    assert (first.counts["finding_published"], second.counts["finding_published"]) == (1, 1)


def test_silence_is_a_failure_and_stays_one_when_the_answer_comes_late(thread_on_each):
    thread = thread_on_each
    ask = silent(thread)
    assert failed(report(thread, today=thread.now.date())) == [("silent", "Keep for a day")]

    thread.answer(ask, "declined")

    assert failed(report(thread, today=thread.now.date())) == [("late", "Keep for a day")]


def test_silence_is_counted_to_the_last_day_of_the_report_or_to_the_answer(thread):
    ask = silent(thread)
    due = standings(thread.program, ask=ask.index)[0].answer_due
    thread.later(9)  # the clock tells silence in steps, and wrote nothing since
    today = thread.now.date()

    assert [one.days for one in report(thread, today=today).failures] == [(today - due).days]
    thread.answer(ask, "declined")
    assert [one.days for one in report(thread, today=today + timedelta(days=5)).failures[:1]] == [
        (today - due).days
    ]
    assert report(thread, today=today).failures[0].what == "late"


def test_each_office_that_let_a_day_pass_is_told_and_none_takes_the_silence_of_another(thread):
    ask, other = silent(thread), "city-manager/manager"
    told = report(thread, today=thread.now.date()).failures[0].days
    given = {"program": thread.program, "ask": ask.index, "office": thread.manager.public_id, "lang": "en"}
    until = thread.now.date() + timedelta(days=9)
    asks.take_more_time(until=until, words="We wait.", now=thread.now, **given)
    asks.transfer(to=other, words="Theirs.", now=thread.now, **given)
    thread.later(12)
    clock_of_asks(program=thread.program, now=thread.now, send=lambda *_told: None)

    found = [one for one in report(thread, today=thread.now.date()).failures if one.about == ask.index]

    assert [(one.what, one.who, one.days) for one in found] == [
        ("silent", thread.manager.public_id, told + 12),
        ("silent", other, 3),
    ]


def contested_and_raised(thread):
    """Let a question be declined, contested and raised, and let both days pass with nothing written."""
    ask = thread.question()
    answer = thread.answer(ask, "declined")[0]
    seats, said = [one.public_id for one in (thread.first_lead, thread.second_lead)], {"lang": "en"}
    answers.contest(
        program=thread.program, answer=answer.index, seat=seats[0], words="No.", now=thread.now, **said
    )
    asks.raise_question(
        program=thread.program, ask=ask.index, seat=seats[1], words="Please.", now=thread.now, **said
    )
    thread.later(70)
    clock_of_asks(program=thread.program, now=thread.now, send=lambda *_told: None)
    return ask


def test_a_contest_and_a_raised_question_that_met_silence_are_failures(thread):
    contested_and_raised(thread)
    title = texts_of(thread.program, [thread.log.every("ask.questioned")[-1].index], "en")
    (words,) = (one["title"].words for one in title.values())
    contest, above = thread.log.every("answer.contested")[-1], thread.log.every("ask.raised")[-1]
    today = thread.now.date()

    found = report(thread, today=today)

    told = [(one.what, one.who, one.days) for one in found.failures if one.about is not None]
    assert ("unreplied", thread.manager.public_id) in [one[:2] for one in told]
    assert ("unreplied", words) in failed(found)
    assert ("passed_over", words) in failed(found)
    late = [(today - date.fromisoformat(one.data["reply_due"])).days for one in (contest, above)]
    assert [one[2] for one in told if one[0] in {"unreplied", "passed_over"}] == late
    assert above.data["to"] in [one[1] for one in told]


def test_all_that_the_clock_calls_late_is_told_in_what_failed():
    late = {kind.name for kind in KINDS.values() if kind.marked == ("city", "late")}

    assert late - set(READ) == {EntryKind.ASK_ESCALATED}  # comes of an ask whose silence is told


def test_an_answer_put_off_before_its_silence_is_none_that_came_since(thread):
    ask = thread.recommend(thread.find())
    thread.answer(ask, "deferred", until=thread.now.date() + timedelta(days=9))
    thread.later(12)
    clock_of_asks(program=thread.program, now=thread.now, send=lambda *_told: None)

    assert [(one.what, one.days) for one in report(thread, today=thread.now.date()).failures] == [
        ("silent", 3)
    ]


def test_a_day_that_moved_after_its_silence_leaves_the_silence_running_from_its_first_day(thread):
    ask = silent(thread)
    told = report(thread, today=thread.now.date()).failures[0].days
    until = (thread.now.date() + timedelta(days=20)).isoformat()
    thread.enter(
        "ask.extended",
        [thread.manager.public_id],
        {"until": until},
        {"ask": [ask.index]},
        {"reason": Text("en", "More.")},
    )
    thread.later(9)

    assert report(thread, today=thread.now.date()).failures[0].days == told + 9


def test_a_disputed_milestone_is_a_failure_and_a_verified_one_is_none(thread_on_each):
    thread = thread_on_each
    _given, commitment = thread.answer(thread.recommend(thread.find()))
    claim = thread.claim(commitment)
    for seat in (thread.second_lead, thread.third_lead):
        thread.check(claim, seat, "disputed")
    disputed = failed(report(thread, today=thread.now.date()))
    again = thread.later(14).claim(commitment)
    for seat in (thread.second_lead, thread.third_lead):
        thread.check(again, seat)

    assert disputed == [("disputed", "Set it everywhere.")]
    assert report(thread).counts["delivery_verified"] == 1
    assert report(thread).rates.implementation == Rate(done=1, due=1)


def test_a_promise_that_is_disputed_and_late_fails_once_with_its_days(thread):
    _given, commitment = thread.answer(thread.recommend(thread.find()))
    due = date.fromisoformat(commitment.data["milestones"][0]["due"])
    claim = thread.claim(commitment)
    for seat in (thread.first_lead, thread.second_lead):
        thread.check(claim, seat, "disputed")
    thread.later((due - thread.now.date()).days + 62)
    clock_of_commitments(program=thread.program, now=thread.now)
    thread.later(5)
    found = [
        (one.what, one.days)
        for one in report(thread, due.year, thread.now.date()).failures
        if one.what != "unheard"
    ]
    again = thread.claim(commitment)
    thread.later(3)

    assert LogEntry.objects.filter(kind="commitment.late").count() == 1
    assert found == [("disputed", 67)]
    assert again.date == due + timedelta(days=67)
    assert [(one.what, one.days) for one in report(thread, due.year, thread.now.date()).failures][:1] == found


def test_a_year_counts_as_given_the_answers_that_its_rate_counts_as_written(thread):
    thread.answer(thread.recommend(thread.find()), "declined")
    thread.answer(thread.recommend(thread.find()), "deferred", until=thread.now.date() + timedelta(days=9))

    found = report(thread, thread.now.year, thread.now.date())

    assert (found.counts["answer_given"], found.rates.response.done, found.rates.timely.on_time) == (1, 1, 1)


def test_an_answer_put_off_is_not_due_before_its_new_day_and_every_page_counts_alike(db, site_client):
    thread = Thread(now=this_hour()).to_open_engagement()
    thread.answer(thread.recommend(thread.find()), "declined")
    put_off = thread.now.date() + timedelta(days=9)
    ask = thread.recommend(thread.find())
    thread.answer(ask, "deferred", until=put_off)
    size = sign_head(program=thread.program, now=thread.now).size
    statement = f"projects/library-computers-project/statement/{size}/"

    pages = ["owed/", f"years/{thread.now.year}/", statement]
    said = [text_of(site_client.get(f"/riverbend/en/{one}")) for one in pages]

    assert ["1 of 1 answer that was due or came early is written." in one for one in said] == [True] * 3
    found = standings(thread.program)
    assert response_rate(found, put_off) == Rate(done=1, due=1)
    assert response_rate(found, put_off + timedelta(days=1)) == Rate(done=1, due=2)


def test_an_answer_counts_in_one_year_where_it_was_due_or_came_early(thread):
    thread.now = datetime(2026, 12, 1, 20, tzinfo=UTC)
    asks = [thread.recommend(thread.find()) for _ in range(2)]  # both are due in 2027
    thread.answer(asks[0], "declined")
    due = standings(thread.program, ask=asks[1].index)[0].answer_due

    rates = [
        (report(thread, year, today).rates.response.done, report(thread, year, today).rates.response.due)
        for year, today in ((2026, LAST), (2027, due), (2027, due + timedelta(days=1)))
    ]

    assert rates == [(1, 1), (0, 0), (0, 1)]


def test_an_answer_due_on_the_last_day_of_a_year_is_missed_in_that_year(thread):
    thread.answer(thread.recommend(thread.find()), "deferred", until=LAST)

    due = [report(thread, 2026, today).rates.response.due for today in (LAST, LAST + timedelta(days=1))]

    assert due == [0, 1]


def test_a_seat_that_stayed_empty_past_its_alarm_is_a_failure(thread):
    seats.leave_seat(
        seat=thread.third_lead,
        on=thread.now.date(),
        reason="",
        now=thread.now,
    )
    thread.later(50)
    assert [one.what for one in report(thread, today=thread.now.date()).failures] == []
    clock_of_seats(program=thread.program, now=thread.now)

    assert [one.what for one in report(thread, today=thread.now.date()).failures] == ["empty"]
    shown = Client().get(f"/riverbend/en/years/{thread.now.year}/").content.decode()
    assert re.search(rf"Empty for \d+ days on {day_in_words(thread.now.date())}", shown)


def test_people_who_did_not_hear_back_by_the_day_are_a_failure(thread):
    back = thread.now.date() + timedelta(days=90)

    assert failed(report(thread, today=back)) == []
    assert failed(report(thread, today=back + timedelta(days=1))) == [("unheard", "title (en)")]


def test_a_workplan_that_one_side_signed_is_a_failure_until_the_other_signs(thread):
    plan = {
        "workplan": "counters",
        "cohort": "first",
        "units": [thread.unit.slug],
        "version": 1,
        "questions": ["q1"],
        "activities": ["a1"],
    }
    texts = {"title": Text("en", "Counters"), "plan": Text("en", '{"v": 1}')}
    first = thread.enter("workplan.proposed", [thread.first_lead.public_id], plan, texts=texts)
    before = failed(report(thread, today=thread.now.date()))
    data = {"workplan": "counters", "plan": first.texts["plan"]["sha256"]}
    thread.enter("workplan.signed", [thread.manager.public_id], data, {"version": [first.index]})

    assert before == [("unsigned", "Counters")]
    assert failed(report(thread, today=thread.now.date())) == []


def test_a_report_takes_as_many_queries_for_three_threads_as_for_one(thread, django_assert_num_queries):
    silent(thread)
    with django_assert_num_queries(YEAR):
        assert len(report(thread).failures) == 2  # silence, and people who did not hear back
    for number in (2, 3):
        thread.recommend(thread.find(smaller=bool(number % 2)))
        close = thread.later(70)
        clock_of_asks(program=close.program, now=close.now, send=lambda *_told: None)
    with django_assert_num_queries(YEAR):
        assert len(report(thread).failures) == 4


def test_the_year_counts_each_kind_that_was_asked_and_what_was_promised_by_itself(db, site_client):
    thread = Thread(now=this_hour()).to_open_engagement()
    thread.answer(
        thread.recommend(thread.find()), milestones=[("Done.", thread.now.date() + timedelta(days=9))]
    )
    page = site_client.get(f"/riverbend/en/years/{thread.now.year}/")

    assert "Recommendations: 1 thing was asked of the City: Accepted: 1." in text_of(page)
    assert "Questions: " not in text_of(page)
    assert "The City promised 1 thing: Not due yet: 1." in text_of(page)
    assert 'follow/promised/">The City promised' in page.content.decode()
    file = site_client.get(f"/riverbend/en/years/{thread.now.year}/report.csv").content.decode()
    assert f"{thread.now.year},asks,accepted,ask.recommended,1," in file


def test_the_page_and_its_rows_say_the_same(db, site_client):
    thread = Thread(now=this_hour()).to_open_engagement()
    year = thread.now.year
    finding = thread.find(smaller=True)
    thread.answer(thread.recommend(finding), "declined")
    thread.recommend(finding, "Say it on a sign", "Say it.")

    page = site_client.get(f"/riverbend/en/years/{year}/")
    rows = list(
        csv.reader(io.StringIO(site_client.get(f"/riverbend/en/years/{year}/report.csv").content.decode()))
    )

    assert "1 engagement was opened." in text_of(page)
    assert "People want short keeping." in text_of(page)
    assert [row[4] for row in rows if row[2] in {"engagements opened", "findings of smaller groups"}] == [
        "1",
        "1",
    ]
    assert {len(row) for row in rows} == {9}
    assert "2 things were asked of the City: Declined: 1; No answer yet: 1." in text_of(page)
    assert {row[2]: row[4] for row in rows if row[2] in {"recommendations", "declined", "no answer yet"}} == {
        "recommendations": "2",
        "declined": "1",
        "no answer yet": "1",
    }
    assert [row for row in rows if row[4:7] == ["", "", ""] and row[1] == "rates"] == []


def test_the_page_of_a_year_leads_to_itself_in_the_other_languages(db, site_client):
    thread = Thread(now=datetime.now(tz=UTC)).to_open_engagement()
    here = f"/years/{thread.now.year}/"

    page = site_client.get(f"/riverbend/en{here}").content.decode()

    assert set(re.findall(rf'href="/riverbend/([a-z]+){here}"', page)) == {"ar", "en", "es", "vi"}


def test_a_year_before_the_first_entry_and_one_to_come_have_no_report(db, site_client):
    thread = Thread(now=this_hour()).open_program()
    year = thread.now.year

    codes = [site_client.get(f"/riverbend/en/years/{one}/").status_code for one in (year - 1, year, year + 1)]

    assert codes == [404, 200, 404]
