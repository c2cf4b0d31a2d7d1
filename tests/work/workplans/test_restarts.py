"""Two server processes keep one draft: what one took in the other gives, and a restart loses nothing."""

import base64
import functools
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from pycrdt import Doc, Text

from tests.work.workplans.cast import Plan

TITLE, TOKEN = "plan.title", "t" * 32


class Process:
    """A server process, and the way to stop it in the middle of its work."""

    def __init__(self) -> None:
        name = str(connection.settings_dict["NAME"])
        command = [sys.executable, "-m", "tests.work.workplans.process", name, settings.SECRET_KEY]
        self.running = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ}
        )

    @functools.cached_property
    def url(self) -> str:
        """Wait until it serves; give where."""
        return f"http://localhost:{int(self.running.stdout.readline())}"

    def kill(self) -> None:
        self.running.kill()
        self.running.communicate()


@pytest.fixture
def two(db) -> Iterator[list[Process]]:
    processes = [Process(), Process()]
    yield processes
    for one in processes:
        one.kill()


class Page:
    """A page that is open in a browser: a document of its own, and a session that outlives the server."""

    def __init__(self, person) -> None:
        client = Client()
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"
        self.cookie += f"; {settings.CSRF_COOKIE_NAME}={TOKEN}"
        self.document, self.after, self.unsent = Doc(), 0, []
        self.document.observe(lambda event: self.unsent.append(event.update))

    def type(self, words: str) -> None:
        self.document.get(TITLE, type=Text).insert(0, words)

    def meet(self, process: Process) -> None:
        """Send everything through one process and take in what it has."""
        for update in [*self.unsent, b""]:
            body = {"after": self.after, "update": base64.b64encode(update).decode()}
            headers = {"Cookie": self.cookie, "X-CSRFToken": TOKEN, "Origin": process.url}
            address = f"{process.url}/riverbend/en/workplans/libraries/draft/live/"
            request = urllib.request.Request(address, json.dumps(body).encode(), headers, method="POST")
            with urllib.request.urlopen(request, timeout=30) as reply:
                told = json.loads(reply.read())
            for one in told["updates"]:
                self.document.apply_update(base64.b64decode(one))
            self.after = told["number"]
        self.unsent.clear()

    @property
    def says(self) -> str:
        return str(self.document.get(TITLE, type=Text))


def test_a_killed_and_restarted_process_loses_no_word_of_a_draft(two):
    plan = Plan()
    lead, boss = Page(plan.thread.first_lead.person), Page(plan.thread.boss)
    lead.type("Libraries ")
    lead.meet(two[0])
    boss.meet(two[1])
    assert boss.says == "Libraries "

    two[0].kill()  # no goodbye: what it had answered must be there
    lead.type("Public ")  # typed while the lead's process is gone
    boss.type("Open ")
    boss.meet(two[1])
    two[0] = Process()
    for page, process in ((lead, two[0]), (boss, two[1]), (lead, two[0])):
        page.meet(process)
    assert lead.says == boss.says == plan.draft.say(TITLE)
    assert all(word in lead.says for word in ("Libraries ", "Public ", "Open "))
