"""What the stories share: a calendar that moves every view's clock, the tick, and people who speak over HTTP."""

import dataclasses
import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from alongside.core.clocks import local_date
from alongside.core.policy.load import load_pack
from alongside.core.sealing.voice import form_hash
from alongside.ground.programs.pack_files import shipped_pack
from alongside.ground.programs.queries import pack_of
from alongside.site.ticking import tick
from alongside.work.engagements.models import Engagement
from tests.chain.voices.cast import Said, say
from tests.support.thread import Thread

CLOCKS = (".views", ".middleware", ".page_cache", ".roles")


class Calendar:
    """Gives the time of the story; it starts some days ago and moves forward, up to the real today.

    Its days are those of the program: a day back is the same time by the program's clocks one date earlier, and that
    is 23 or 25 hours where summer time begins or ends. ALONGSIDE_TEST_NOW=2026-06-10T05:50Z lets a story end at
    another moment than now, one that has passed.
    """

    def __init__(self, until: datetime | None = None) -> None:
        self.ago = timedelta()
        self.zone = ZoneInfo(load_pack(shipped_pack("neutral")).time_zone)
        started = datetime.now(tz=UTC)
        self.behind = started - (until or started)

    def now(self) -> datetime:
        """Give the moment it is in the story."""
        local = (datetime.now(tz=UTC) - self.behind).astimezone(self.zone)
        return (local - self.ago).astimezone(UTC)

    def day(self, thread: Thread, days: int = 0) -> date:
        """Give the day it is for a program in the story, or one some days later."""
        return local_date(self.now(), pack_of(thread.program)) + timedelta(days=days)

    def turn_to(self, thread: Thread, *, ago: int) -> None:
        """Let every day pass up to the one so many days ago; the clock of the house ticks on each, and letters go out."""
        before = self.ago.days
        for days in range(before - 1, ago - 1, -1):
            self.ago = timedelta(days=days)
            tick(self.now())
        thread.now = self.now()
        call_command("db_worker", queue_name="*", batch=True, interval=0, verbosity=0, startup_delay=False)


def clocks() -> list[ModuleType]:
    """List the modules of the site that look at the clock while they answer a visitor."""
    return [
        module
        for name, module in sorted(sys.modules.items())
        if name.startswith("alongside.")
        and any(f"{one}." in f"{name}." for one in CLOCKS)
        and getattr(module, "datetime", None) is datetime
    ]


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what moves the calendar, so that the soak finds it."""
    if "calendar" in getattr(item, "fixturenames", ()):
        item.add_marker("calendar")


@pytest.fixture
def calendar(live_site: Any, monkeypatch: pytest.MonkeyPatch) -> Calendar:
    """Let the views of the site read the time from a calendar that the test turns.

    Views are the one place where the house looks at the clock (a house test holds that), so this is the one port.
    """
    until = os.environ.get("ALONGSIDE_TEST_NOW")
    made = Calendar(datetime.fromisoformat(until) if until else None)

    class Told(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return made.now().astimezone(tz)

    import alongside.site.urls  # noqa: F401 -- loads every view

    found = clocks()
    names = {module.__name__ for module in found}
    assert "alongside.site.middleware" in names, "The request's clock was not found; look at CLOCKS."
    for module in found:
        monkeypatch.setattr(module, "datetime", Told)
    return made


@pytest.fixture(autouse=True)
def _keys(settings: Any, tmp_path: Any) -> Iterator[None]:
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, keys=tmp_path / "keys")
    yield


def send(site: Any, said: Said, slug: str, lang: str = "en") -> int:
    """Send one sealed voice to the public intake over HTTP, as the page does; give the status of the answer."""
    address = urlsplit(site.url)
    connection = HTTPConnection(address.netloc, timeout=30)
    headers = {"Content-Type": "application/json", "Origin": site.url}
    connection.request("POST", f"/riverbend/{lang}/engagements/{slug}/voices/", said.body(), headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status >= 300 or json.loads(body) == {"taken": True}
    return answer.status


def speak(site: Any, engagement: Engagement, recipient: str, words: list[str], answer: str) -> list[Said]:
    """Let one person after the other say something, sealed and sent over HTTP; `answer` is the question's id."""
    form = form_hash(engagement.form)
    made = [
        say(engagement=engagement.slug, form=form, recipient=recipient, answers={answer: one})
        for one in words
    ]
    assert [send(site, one, engagement.slug) for one in made] == [200] * len(made)
    return made


@pytest.fixture
def computer(browsing):
    """Give a browser that has never seen the site and has no connection; what goes wrong in it is kept."""
    context = browsing.browser.new_context(accept_downloads=True)
    context.set_offline(True)
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.troubles = []
    page.on("console", lambda said: page.troubles.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    yield page
    context.close()
