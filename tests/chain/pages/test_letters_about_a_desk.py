"""Letters about a desk name no topic, come once a day at most, tell on Mondays what is due, and stop with one press."""

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.management import call_command

from alongside.chain.answers.letters import desks_to_tell, due_soon
from alongside.chain.answers.models import AnswerDraft
from alongside.chain.asks.actions import raise_question
from alongside.ground.people.actions import make_person
from alongside.ground.people.models import Person
from alongside.ground.programs.actions import give_office
from alongside.ground.record.models import PublicText, Standing
from alongside.site.mail import tick_days
from tests.promises.attempts import BASE, as_
from tests.work import cast


@pytest.fixture
def thread(db):
    return cast.opened()


def run(thread) -> list[str]:
    """Let the clock run once, and the queue; give to whom letters about desks went."""
    mail.outbox.clear()
    tick_days(program=thread.program, now=thread.now)
    call_command("db_worker", queue_name="*", batch=True, interval=0, verbosity=0, startup_delay=False)
    return sorted(one.to[0] for one in mail.outbox if "desk" in one.subject)


def asked(thread) -> int:
    return thread.recommend(thread.find()).index


def test_who_holds_the_office_that_was_asked_gets_one_letter_a_day_that_names_no_topic(thread):
    ask = asked(thread)
    office = Standing.objects.get(ask=ask).office
    thread.question()

    first, again = run(thread), run(thread)

    assert (first, again) == ([thread.boss.email], [])
    assert office == thread.manager.public_id


def test_what_is_raised_to_the_office_above_comes_to_its_desk_and_is_due_there(thread):
    ask = thread.question("Cameras", "Where are they?").index
    thread.answer(ask, "declined")
    raised = raise_question(
        program=thread.program,
        ask=ask,
        seat=thread.first_lead.public_id,
        words="We need it.",
        lang="en",
        now=thread.now,
    )
    above = make_person(email="above@riverbend.example")
    office = raised.data["to"]
    give_office(person=above, program=thread.program, office=office, from_date=raised.date)
    came = run(thread)
    due = date.fromisoformat(raised.data["reply_due"])

    assert above.email in came
    assert due_soon(thread.program, [office.partition("/")[0]], due) == [due]


def test_a_letter_about_a_desk_says_where_and_nothing_of_what(thread):
    ask = asked(thread)
    mail.outbox.clear()
    tick_days(program=thread.program, now=thread.now)
    call_command("db_worker", queue_name="*", batch=True, interval=0, verbosity=0, startup_delay=False)
    (letter,) = [one for one in mail.outbox if "desk" in one.subject]

    words = f"{letter.subject} {letter.body}"
    title = PublicText.objects.get(entry=ask, name="title").words
    assert f"{BASE}/unit/\n" in words
    assert [one for one in (title, f"/{ask}/", "recommend") if one in words] == []


def test_a_draft_that_waits_tells_the_manager_and_one_that_is_handed_back_whoever_wrote_it(thread):
    page, typed = (
        f"{BASE}/answers/{asked(thread)}/",
        {"decision": "declined", "reasons": "It costs too much."},
    )
    later = thread.now + timedelta(days=3)
    as_(thread.staff).post(page, typed | {"send": "1"})
    AnswerDraft.objects.update(sent_at=later)

    sent = [one.people[0] for one in desks_to_tell(thread.program, later)]
    as_(thread.boss).post(f"{page}hand-back/", {"note": "Say what it costs."})
    AnswerDraft.objects.update(noted_at=later)
    back = [one.people[0] for one in desks_to_tell(thread.program, later)]

    assert (sent, back) == ([thread.boss], [thread.staff])


def test_on_mondays_a_letter_says_how_much_is_due_and_by_when_and_on_no_other_day(thread):
    ask = asked(thread)
    thread.later(3)
    thread.later(6 - thread.now.date().weekday())
    Standing.objects.filter(ask=ask).update(answer_due=thread.now.date() + timedelta(days=4))
    sunday = run(thread)
    thread.later(1)
    monday = run(thread)
    bodies = [one.body for one in mail.outbox if "owes this week" in one.subject]

    assert (sunday, set(monday)) == ([], {thread.boss.email, thread.staff.email})
    assert all("1 answer of your bureau is late or due within a week." in one for one in bodies)
    assert run(thread) == []


def test_no_letter_counts_what_was_answered_before_it_went(thread):
    ask = asked(thread)
    run(thread)
    thread.later(8 - thread.now.isoweekday())
    Standing.objects.filter(ask=ask).update(answer_due=thread.now.date() + timedelta(days=4))
    mail.outbox.clear()
    tick_days(program=thread.program, now=thread.now)
    Standing.objects.filter(ask=ask).update(answer_due=thread.now.date() + timedelta(days=40))
    call_command("db_worker", queue_name="*", batch=True, interval=0, verbosity=0, startup_delay=False)

    assert [one.subject for one in mail.outbox if "owes this week" in one.subject] == []


@pytest.mark.parametrize("language", ["fr", "xx"])
def test_who_reads_a_language_that_the_program_does_not_speak_can_stop_the_letters_too(thread, language):
    Person.objects.filter(pk=thread.boss.pk).update(language=language)
    asked(thread)

    assert run(thread) == [thread.boss.email]
    (letter,) = [one for one in mail.outbox if "desk" in one.subject]
    (stop,) = re.findall(r"https?://[^/\s]+(/\S+/unit/letters/stop/\S+)", letter.body)
    assert as_(None).get(stop).status_code == 200


def test_letters_about_a_desk_stop_with_one_press_without_signing_in_and_come_again_from_the_desk(thread):
    asked(thread)
    run(thread)
    (letter,) = [one for one in mail.outbox if "desk" in one.subject]
    (stop,) = re.findall(r"https?://[^/\s]+(/\S+/unit/letters/stop/\S+)", letter.body)
    reader = as_(None)

    assert Person.objects.get(pk=thread.boss.pk).desk_letters
    opened = reader.get(stop)
    assert (opened.status_code, Person.objects.get(pk=thread.boss.pk).desk_letters) == (200, True), (
        "a link changes nothing"
    )
    assert reader.post(stop).status_code == 200
    assert not Person.objects.get(pk=thread.boss.pk).desk_letters
    assert reader.post(stop[:-3] + "/").status_code == 404
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    thread.later(2)
    thread.question()
    assert run(thread) == []

    as_(thread.boss).post(f"{BASE}/unit/letters/", {"on": "1"})
    assert Person.objects.get(pk=thread.boss.pk).desk_letters


def test_the_dates_of_a_bureau_stand_month_by_month_and_each_leads_to_where_it_is_done(thread):
    ask = asked(thread)
    due = Standing.objects.get(ask=ask).answer_due

    page = as_(thread.staff).get(f"{BASE}/unit/dates/").content.decode()

    assert f"<h2>{due:%B %Y}</h2>" in page
    assert f'href="{BASE}/unit/?at={ask}#thing"' in page
    assert as_(thread.first_lead.person).get(f"{BASE}/unit/dates/").status_code == 403
