"""Every list ends: a page asks no more and gives no more bytes with 300 rows of everything than with 3."""

import dataclasses
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from alongside.cohort.messages.actions import write_message
from alongside.core.money import Money
from alongside.ground.gate.roles import Role
from alongside.ground.programs.queries import pack_of
from alongside.site.demo import acts, workplans
from alongside.work.consultations.actions import open_consultation
from alongside.work.invitations.actions import invite
from bench.growing import grow
from tests.house.test_addresses import PARAMETER, addresses
from tests.support.databases import pointed_at, sqlite_copy, with_name
from tests.support.remembering import this_hour
from tests.support.thread import Thread

FEW, MANY = 3, 300
#: What one page may ask, and how many bytes it may have.
QUERIES, BYTES = 49, 80_000
#: What can be chosen in a form stands there whole; and a file is as long as what it holds, and asks anew for each of its parts.
CHOICE = re.compile(rb"<option\b.*?</option>", re.DOTALL)
#: One of each noun is at this address; the rest are those that need no name.
NAMED = {"<slug:slug>": "library-computers", "<int:year>": str(this_hour().year)}


def one_of_each() -> Thread:
    """Build one of everything that there are lists of: a thread to a claim, an open question, a plan, a meeting."""
    thread = Thread(now=this_hour() - timedelta(days=8)).to_open_engagement()
    day = thread.now.date()
    finding = thread.find()
    thread.answer(thread.recommend(finding, "No records", "Keep nothing."), "declined")
    thread.claim(thread.answer(thread.recommend(finding))[1])
    thread.question()
    common = {"program": thread.program, "slug": "counters", "now": thread.now}
    words = {"title": "Help us count", "decision": "What they record", "open": "All of it"}
    invite(
        **common,
        office=thread.office.public_id,
        needed_by=day + timedelta(days=60),
        level=("iap2", "involve"),
        pay=Money.of("1500", "USD"),
        interpretation=Money.of("400", "USD"),
        words=words,
        lang="en",
    )
    asked = {"title": "A register", "what": "Its columns", "decision": "Which columns it has"}
    open_consultation(
        project=thread.project,
        slug="register",
        of="dataset",
        office=thread.manager.public_id,
        by=thread.manager.public_id,
        days=(day + timedelta(days=20), day + timedelta(days=50)),
        words={"en": {**asked, "can_change": "Every column", "cannot_change": "That it is there"}},
        now=thread.now,
    )
    cohort = thread.first_lead.cohort
    plan = workplans.begin_plan(
        program=thread.program,
        cohort=cohort,
        slug="libraries",
        unit=thread.unit,
        decision=thread.decision,
        first=day,
        last=day + timedelta(days=100),
        title="What computers remember",
        about="Libraries",
        rows={
            "question": ["What is kept?"],
            "goal": ["Few records"],
            "activity": [
                {"what": "Listen", "seat": thread.first_lead.public_id, "office": thread.manager.public_id}
            ],
        },
        now=thread.now,
    )
    version = workplans.propose_plan(plan=plan, actor=thread.first_lead.public_id, now=thread.now)
    workplans.sign_plan(plan=plan, version=version, actor=thread.manager.public_id, now=thread.now)
    acts.plan_meeting(
        cohort=cohort,
        name="first",
        on=day + timedelta(days=20),
        words={"en": {"title": "We meet", "agenda": "All"}},
        pack=pack_of(thread.program),
        now=thread.now,
    )
    write_message(
        cohort=cohort, seats=thread.leads, words="Come.", lang="en", by=thread.steward, now=thread.now
    )
    return thread


def pages() -> Iterator[tuple[str, frozenset[Role]]]:
    """Give the addresses that take a program and a language alone, or one of the things that were built."""
    for route, _name, pattern in addresses(get_resolver()):
        place = route.replace("<program:program>", "riverbend").replace("<lang:lang>", "en")
        for parameter, one in NAMED.items():
            place = place.replace(parameter, one)
        if place.startswith("/riverbend/") and not PARAMETER.search(place):
            yield place, pattern.callback.open_to


def look(thread: Thread) -> dict[str, tuple[int, int]]:
    """Fetch every page as each role that it is open to; give how much it asked, and its bytes."""
    people = {
        Role.EVERYONE: None,
        Role.PERSON: thread.first_lead.person,
        Role.LEAD: thread.first_lead.person,
        Role.STAFF: thread.staff,
        Role.MANAGER: thread.boss,
        Role.STEWARD: thread.steward,
    }
    found = {}
    for role, person in people.items():
        client = Client()
        if person:
            client.force_login(person)
        for place, roles in pages():
            if role in roles:
                with CaptureQueriesContext(connection) as asked:
                    answer = client.get(f"{place}?not-kept=1")
                    body = answer.getvalue()
                if answer.status_code == 200:
                    is_page = answer["Content-Type"].startswith("text/html")
                    size = len(CHOICE.sub(b"", body)) if is_page else 0
                    found[f"{place} ({role})"] = (0 if answer.streaming else len(asked), size)
    return found


@pytest.fixture
def looked(db, sqlite_template, settings, tmp_path) -> list[dict[str, tuple[int, int]]]:
    """Look at a program with few rows of everything, and at one with many."""
    thread = one_of_each()
    source = connections.settings["default"]
    connections.settings["source"] = with_name(source, source["NAME"])
    found = []
    for times in (FEW, MANY):
        settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, keys=tmp_path / str(times))
        with sqlite_copy(sqlite_template, Path(tmp_path)) as here, pointed_at(here):
            grow("source", times, thread.keyrings, this_hour())
            found.append(look(thread))
    connections["source"].close()
    del connections["source"]
    return found


def test_no_list_grows_without_end(looked):
    few, many = looked
    grown = [
        f"{place} asks {few[place][0]} times with {FEW} rows and {asked} with {MANY}, and has {size} bytes then;"
        " page it with page_of_many, and read the words of what is shown."
        for place, (asked, size) in many.items()
        if asked > min(QUERIES, few[place][0]) or size > BYTES
    ]

    assert grown == []
    assert len(many) > 100
