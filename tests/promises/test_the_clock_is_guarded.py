"""Promises 4 and 8: a machine whose clock is wrong writes nobody's silence into the record, and nobody stops the clock."""

import dataclasses
import html
import shlex
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread as Background

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from alongside.chain.answers import actions as answers
from alongside.chain.asks import actions as asks
from alongside.core.entries import GrammarError
from alongside.core.grammar.log import check_log
from alongside.ground.record.actions import days as record_days
from alongside.ground.record.actions import entries
from alongside.ground.record.actions import folded as record_folded
from alongside.ground.record.models import Citation, DayConfirmed, Log, LogEntry, MilestoneStanding, Standing
from alongside.ground.record.signing import DoubtedClockError
from alongside.site import clocks, ticking
from alongside.site.children import tick_once
from tests.promises.attempts import BASE, as_, city, size, today
from tests.support.thread import Thread

pytestmark = pytest.mark.django_db
AHEAD = 75


@pytest.fixture
def thread(db, settings, tmp_path) -> Thread:
    """Give a thread with an ask that is owed in sixty days, whose clock went on yesterday."""
    settings.DATA = tmp_path
    made = Thread(now=today()).to_open_engagement()
    made.ask = made.recommend(made.find())
    tick_once(made.now)
    return made


def wrong(thread: Thread):
    return thread.now + timedelta(days=AHEAD)


def told() -> list[str]:
    return list(
        LogEntry.objects.filter(pen="clock").exclude(kind="clock.agreed").values_list("kind", flat=True)
    )


def test_a_clock_that_jumped_ahead_tells_no_silence_and_no_escalation(thread):
    before = size()
    tick_once(wrong(thread))
    assert size() == before
    tick_once(thread.now + timedelta(days=1))
    assert Log.objects.get().agreed_day == thread.now.date() + timedelta(days=1)


def test_nothing_is_appended_by_anyone_while_the_clock_waits(thread):
    now, before = thread.now, size()
    thread.now = wrong(thread)
    with pytest.raises(DoubtedClockError, match="the last day that was sure is"):
        thread.find()
    thread.now = now
    thread.find()
    assert size() == before + 1


def test_health_and_everyone_who_can_confirm_are_told_that_the_clock_waits(thread):
    assert clocks.waiting(thread.now) == 0
    assert clocks.waiting(wrong(thread)) == 1
    Log.objects.update(agreed_day=thread.now.date() - timedelta(days=AHEAD))
    words = "This site is not sure which day it is. Please confirm it."
    shown = {
        page or name: words in as_(person).get(f"{BASE}/{page}").content.decode()
        for name, person, page in (
            ("lead", thread.first_lead.person, ""),
            ("lead", thread.first_lead.person, "week/"),
            ("steward", thread.steward, ""),
            ("steward", thread.steward, "steward/"),
            ("nobody", None, ""),
        )
    }
    assert shown == {"lead": True, "week/": True, "steward": True, "steward/": True, "nobody": False}
    told = as_(None).get("/health")
    assert (told.status_code, told.json()["clock_waits"]["value"]) == (503, 1)
    assert "confirm the day at record/clock/" in told.json()["clock_waits"]["cure"]
    Log.objects.update(agreed_day=thread.now.date())
    assert as_(None).get("/health").json()["clock_waits"] == {"value": 0, "unit": "programs", "well": True}


@pytest.fixture
def stopped(thread) -> Thread:
    """Give the thread after its machine stood still for as long as the jump is."""
    Log.objects.update(agreed_day=thread.now.date() - timedelta(days=AHEAD))
    return thread


def confirm(person) -> int:
    return as_(person).post(f"{BASE}/record/clock/", {"day": today().date().isoformat()}).status_code


def last() -> tuple[str, list[str]]:
    from alongside.core.grammar.check import parse

    line = LogEntry.objects.order_by("-index")[0]
    entry = parse(line.index, bytes(line.raw))
    return entry.kind, list(entry.by)


def test_a_lead_and_the_steward_let_the_clock_go_on_and_the_gap_is_told(stopped):
    before = size()
    assert confirm(stopped.steward) == 302
    assert confirm(stopped.steward) == 302
    with pytest.raises(DoubtedClockError):
        stopped.find()
    assert size() == before
    confirm(stopped.first_lead.person)
    assert last() == ("clock.agreed", [stopped.first_lead.public_id, "steward"])
    stopped.find()


def test_the_city_cannot_stop_the_clock_two_leads_let_it_go_on(stopped):
    confirm(stopped.first_lead.person)
    assert Log.objects.get().agreed_day < today().date()
    confirm(stopped.second_lead.person)
    assert last() == ("clock.agreed", sorted([stopped.first_lead.public_id, stopped.second_lead.public_id]))


def test_a_day_that_a_row_confirms_for_a_lead_is_confirmed_by_nobody(stopped):
    lead = stopped.first_lead
    said = {"log": Log.objects.get(), "day": today().date(), "person": lead.person, "by": lead.public_id}
    DayConfirmed.objects.create(**said)
    assert confirm(stopped.steward) == 302
    assert last()[0] != "clock.agreed"
    confirm(lead.person)
    assert last() == ("clock.agreed", [lead.public_id, "steward"])


def test_no_role_of_the_city_lets_the_clock_go_on_without_a_lead(stopped):
    replies = {name: confirm(person) for name, person in city(stopped).items()}
    assert replies == {"staff": 403, "manager": 403, "steward": 302}
    data = {"from": str(today().date() - timedelta(days=9)), "until": str(today().date())}
    Log.objects.update(agreed_day=today().date())
    for by in (["steward"], ["steward", stopped.manager.public_id], [stopped.first_lead.public_id]):
        with pytest.raises(GrammarError, match="a lead says this together with"):
            stopped.enter("clock.agreed", by, data)


class Shows(BaseHTTPRequestHandler):
    """A machine whose answers carry the time, as every web server's do."""

    def do_HEAD(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def another_machine(settings, monkeypatch):
    """Serve a machine of today, and name it as another clock."""
    server = HTTPServer(("127.0.0.1", 0), Shows)
    Background(target=server.serve_forever, daemon=True).start()
    asked = dataclasses.replace(settings.ALONGSIDE.clock, ask=f"http://127.0.0.1:{server.server_port}/")
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, clock=asked)
    monkeypatch.setattr(clocks, "_ask_from", 0.0)
    yield
    server.shutdown()
    server.server_close()


def test_another_machine_that_shows_the_same_day_lets_the_clock_go_on(stopped, another_machine):
    assert list(clocks.held(wrong(stopped))) == [stopped.program.slug]
    assert clocks.held(today()) == {}
    assert last() == ("clock.agreed", ["clock"])


@pytest.mark.postgres
def test_the_clock_of_a_database_on_another_machine_lets_the_clock_go_on(stopped, monkeypatch):
    monkeypatch.setattr(clocks, "_ask_from", 0.0)
    assert list(clocks.held(today())) == [stopped.program.slug], "a database on this machine has its clock"
    monkeypatch.setitem(connection.settings_dict, "HOST", "database.riverbend.example")
    assert list(clocks.held(wrong(stopped))) == [stopped.program.slug]
    assert clocks.held(today()) == {}
    assert last() == ("clock.agreed", ["clock"])


def test_nothing_is_entered_while_another_machine_shows_a_later_day(thread, another_machine):
    thread.now = today() - timedelta(days=2)
    assert list(clocks.held(thread.now)) == [thread.program.slug]
    with pytest.raises(DoubtedClockError):
        thread.find()
    assert clocks.waiting(thread.now) == 1
    thread.now = today()
    assert clocks.held(thread.now) == {}
    assert last() == ("clock.agreed", ["clock"])
    thread.find()


def test_office_and_steward_are_warned_before_a_silence_is_told(thread, mailoutbox):
    due = Standing.objects.get(ask=thread.ask.index).answer_due
    day_before = thread.later((due - thread.now.date()).days - 1).now
    Log.objects.update(agreed_day=day_before.date())
    ticking.tick(day_before)
    call_command("db_worker", queue_name="*", batch=True, interval=0, verbosity=0, startup_delay=False)
    letters = {one.to[0]: one.body for one in mailoutbox if f"entry {thread.ask.index} " in one.body}
    assert "The office that was asked owes an answer" in letters[thread.steward.email]
    assert "Your office owes an answer" in letters[thread.boss.email]


# A wrong clock that was believed


@pytest.fixture
def ahead(thread) -> Thread:
    """Give the thread after a clock that was ahead told silences, and was set right again."""
    Log.objects.update(agreed_day=wrong(thread).date())
    ticking.tick(wrong(thread))
    assert {"ask.silent", "ask.escalated"} <= set(told())
    return thread


WHY = "The machine's battery was empty, and it started in another month."


def a_lead_agrees(thread: Thread) -> list[str]:
    page = as_(thread.first_lead.person).post(f"{BASE}/record/clock/", {"reason": WHY}).content.decode()
    return shlex.split(html.unescape(page.split('tabindex="0">')[1].split("</pre>")[0]))[3:]


def test_what_a_wrong_clock_told_counts_for_nothing_and_is_told_again_when_its_day_comes(ahead):
    thread = ahead
    assert Standing.objects.get(ask=thread.ask.index).silences == 1
    call_command("record_fault", *a_lead_agrees(thread))
    standing = Standing.objects.get(ask=thread.ask.index)
    assert (last()[0], standing.silences, standing.escalated) == ("clock.faulted", 0, False)
    assert (
        Citation.objects.filter(cited=thread.ask.index, kind__in=("ask.silent", "ask.escalated")).count() == 0
    )
    assert LogEntry.objects.order_by("-index")[0].date == thread.now.date()
    thread.later(1)
    assert thread.find().date == thread.now.date()
    before = told().count("ask.silent")
    ticking.tick(thread.now)
    assert told().count("ask.silent") == before
    Log.objects.update(agreed_day=(thread.now + timedelta(days=62)).date())
    ticking.tick(thread.later(61).now)
    assert told().count("ask.silent") == before + 1
    check_log(thread.entries(), origin=thread.program.origin)


def test_what_is_folded_after_a_fault_is_what_a_rebuild_folds(ahead):
    call_command("record_fault", *a_lead_agrees(ahead))

    def folded():
        return [
            sorted(
                model.objects.values_list(*(one.name for one in model._meta.fields if one.name != "id")),
                key=repr,
            )
            for model in (Citation, Standing, MilestoneStanding)
        ]

    before = folded()
    record_folded.rebuild(program=ahead.program)
    assert folded() == before


def ask_much(thread: Thread, number: int) -> list[int]:
    """List so many questions to the office, and give their entries."""
    seat, office = [thread.first_lead.public_id], thread.manager.public_id
    text = entries.Text("en", "What is kept, and why?")
    data = {"office": office, "questions": number}
    listed = thread.enter("ask.listed", seat, data, texts={"title": text})
    due = {name: (thread.now.date() + timedelta(days)).isoformat() for name, days in DUE.items()}
    draft = entries.Draft(
        kind="ask.questioned",
        by=seat,
        data={"office": office, **due},
        cites={"list": [listed.index]},
        texts={"title": text, "ask": text},
    )
    asked = entries.append(program=thread.program, drafts=[draft] * number, now=thread.now)
    return [one.index for one in asked]


DUE = {"ack_due": 5, "answer_due": 60}
STAGES = ("silence-1", "silence-30", "silence-60")


def test_more_than_one_entry_can_cite_of_what_a_wrong_clock_told_is_told_in_parts_at_once(thread, capsys):
    asks, day = ask_much(thread, 310), thread.now
    thread.now = wrong(thread)
    Log.objects.update(agreed_day=thread.now.date())
    silent = {"office": thread.manager.public_id, "days": AHEAD - DUE["answer_due"]}
    drafts = [
        entries.Draft(kind="ask.silent", by=["clock"], data=silent | {"stage": stage}, cites={"ask": [ask]})
        for stage in STAGES
        for ask in asks
    ]
    entries.append(program=thread.program, drafts=drafts, now=thread.now)
    thread.now, before = day, size()
    call_command("record_fault", *a_lead_agrees(thread))
    assert f"{len(drafts)} entries count for nothing" in capsys.readouterr().out
    parts = LogEntry.objects.filter(index__gte=before).order_by("index")
    assert list(parts.values_list("kind", flat=True)) == ["clock.faulted"] * 2
    assert not Standing.objects.filter(ask__in=asks, silences__gt=0).exists()
    check_log(thread.entries(), origin=thread.program.origin)


def test_the_city_alone_cannot_say_that_the_clock_was_wrong(ahead):
    before = size()
    program, reason, code = a_lead_agrees(ahead)
    for given in ((program, reason, "no code"), (program, "Another reason.", code)):
        with pytest.raises(CommandError, match="This code does not stand for"):
            call_command("record_fault", *given)
    for by in (["steward"], ["steward", ahead.manager.public_id]):
        with pytest.raises(GrammarError, match="a lead says this together with"):
            record_days.tell_fault(
                program=ahead.program, reason=entries.Text("en", WHY), by=by, now=ahead.now
            )
    assert size() == before


def test_a_silence_that_was_told_rightly_is_nobodys_fault(thread):
    Log.objects.update(agreed_day=wrong(thread).date())
    thread.now = wrong(thread)
    ticking.tick(thread.now)
    reason, by = entries.Text("en", WHY), [thread.first_lead.public_id, "steward"]
    with pytest.raises(ValueError, match="Nothing was told on a day that is still to come"):
        record_days.tell_fault(program=thread.program, reason=reason, by=by, now=thread.now)
    silent = list(LogEntry.objects.filter(kind="ask.silent").values_list("index", flat=True))
    with pytest.raises(
        GrammarError, match="wrong cites all that the clock told on days that had not come yet"
    ):
        thread.enter("clock.faulted", by, cites={"wrong": silent}, texts={"reason": reason})


def test_leads_ask_contest_and_raise_also_on_a_record_that_is_a_day_ahead(db):
    thread = Thread(now=today()).to_open_engagement()
    first, second = thread.question(), thread.question("How many work?")
    thread.answer(first, "declined")
    (told,) = thread.answer(second, "declined")
    thread.later(1).question("How many stand?")
    thread.later(-1)
    given = {"seat": thread.second_lead.public_id, "words": "Why?", "lang": "en", "now": thread.now}

    asked = thread.question("How many are there?")
    raised = asks.raise_question(program=thread.program, ask=first.index, **given)
    contested = answers.contest(program=thread.program, answer=told.index, **given)

    ahead = thread.now.date() + timedelta(days=1)
    days = [asked.data["answer_due"], raised.data["reply_due"], contested.data["reply_due"]]
    assert {one.date for one in (asked, raised, contested)} == {ahead}
    assert days == [(ahead + timedelta(days=count)).isoformat() for count in (60, 30, 30)]
