"""Every step that a desk can show: the one who takes it sees it, nobody else does, and nobody does once it is taken."""

import ast
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client

from alongside.chain.voices import actions as voices
from alongside.chain.voices.models import EngagementKey
from alongside.cohort.seats import actions as seats
from alongside.core.clocks import local_date
from alongside.ground.people.actions import make_person
from alongside.ground.people.models import Person
from alongside.ground.programs.actions import give_office
from alongside.ground.texts import actions as texts
from tests.support.house import SRC
from tests.support.remembering import remembered, this_hour
from tests.support.thread import Thread

pytestmark = pytest.mark.django_db
BASE = "/riverbend/en"
LEADS = {"first", "second", "third"}
UNIT = {"boss", "staff"}
ABOVE, BESIDE = "city-manager/manager", "streets-and-signals/manager"


@remembered
def house(days: int = 0) -> Thread:
    """Open a program so many days ago, with other bureaus, a lead who is suspended, and one who left."""
    thread = Thread(now=this_hour() - timedelta(days=days)).open_program()
    thread.above, thread.beside = posted(thread, ABOVE), posted(thread, BESIDE)
    gone, away = thread.seat("gone"), thread.seat("away")
    seats.leave_seat(seat=gone, on=thread.today, reason="resigned", now=thread.now)
    seats.suspend_seat(seat=away, ground="A complaint is looked at.", now=thread.now)
    thread.gone, thread.away = gone.person, away.person
    return thread


def posted(thread: Thread, office: str) -> Person:
    person = make_person(email=f"{office.replace('/', '.')}@riverbend.example")
    give_office(person=person, program=thread.program, office=office, from_date=date(2026, 1, 1))
    return person


def desks(thread: Thread) -> dict[str, tuple[Person, str]]:
    """Give everybody with the desk at which they sit, or sat."""
    leads = {name: getattr(thread, f"{name}_lead").person for name in sorted(LEADS)}
    week = leads | {"gone": thread.gone, "away": thread.away}
    staff = {name: getattr(thread, name) for name in ("boss", "staff", "above", "beside")}
    return {
        **{name: (one, "week") for name, one in week.items()},
        **{name: (one, "unit") for name, one in staff.items()},
        "steward": (thread.steward, "steward"),
    }


@dataclass
class Seen:
    """What waits on everybody's desk: by whose it is, each line with where it leads."""

    lines: dict[str, list[tuple[str, str]]]
    browsers: dict[str, Client]

    def who(self, heading: str) -> set[str]:
        """Name those on whose desk a line begins with these words; for the first of each desk it leads to a page that opens."""
        found = {
            name: href for name, own in self.lines.items() for href, words in own if words.startswith(heading)
        }
        for href, name in {re.sub(r"[0-9a-f]{3,}", "", href): name for name, href in found.items()}.items():
            there = found[name]
            opened = self.browsers[name].get(there.partition("#")[0], follow=True)
            assert opened.status_code == 200, (name, href)
        return set(found)


def look(thread: Thread) -> Seen:
    """Open everybody's desk."""
    seen = Seen({}, {})
    for name, (person, where) in desks(thread).items():
        seen.browsers[name] = browser = Client()
        browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        page = browser.get(f"{BASE}/{where}/").content.decode()
        found = re.findall(r'<h[23][^>]*><a href="([^"]+)"[^>]*>(.*?)</a></h[23]>', page, re.DOTALL)
        seen.lines[name] = [
            (href, " ".join(html.unescape(re.sub(r"<[^>]+>", "", words)).split())) for href, words in found
        ]
    return seen


def kept_until(thread: Thread, slug: str, day: date) -> EngagementKey:
    """Open an engagement whose voices are kept until a day; give its key."""
    words = {
        lang: {
            name: f"{slug} {name}"
            for name in ("title", "decision", "can_change", "cannot_change", "reading", "consent")
        }
        for lang in ("en", "es")
    }
    thread.draft_engagement(slug, words=words, voices_kept_until=day).make_keys().open()
    return EngagementKey.objects.get(engagement=slug)


def destroy(thread: Thread, key: EngagementKey, name: str) -> None:
    seat = getattr(thread, f"{name}_lead")
    voices.destroy_key(program=thread.program, key=key, seat=seat, ground="Kept long enough", now=thread.now)


def test_a_key_waits_on_its_promised_day_for_two_who_hold_it_until_both_asked():
    thread = house(92)
    late, today, early = (
        kept_until(thread, slug, thread.today + timedelta(days=days))
        for slug, days in (("late", 91), ("today", 92), ("early", 93))
    )
    thread.later(92).end_intake()
    seen = look(thread)
    assert seen.who("Destroy the key: late") == {"first", "second"}
    assert seen.who("Destroy the key: today") == {"first", "second"}
    assert seen.who("Destroy the key: early") == set()
    week = seen.browsers["first"].get(f"{BASE}/week/").content.decode()
    assert week.count("The key should have been destroyed on") == 1

    destroy(thread, late, "second")
    seen = look(thread)
    assert seen.who("Destroy the key: late") == {"first"}
    assert seen.who("Be the second lead") == set()  # which stands by itself

    destroy(thread, late, "first")
    hold = texts.place_hold(program=thread.program, ground="Case 12", by="steward", now=thread.now)
    assert look(thread).who("Destroy the key: ") == set()

    texts.lift_hold(program=thread.program, hold=hold.index, by="steward", now=thread.now)
    seen = look(thread)
    assert seen.who("Destroy the key: late") == set()
    assert seen.who("Destroy the key: today") == {"first", "second"}
