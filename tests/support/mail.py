"""Mail through a real socket: a small SMTP server that keeps what it is sent."""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.core.management import call_command

from tests.support.postgres import free_port


class Mailbox:
    """Letters in the order they came; also aiosmtpd's handler."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep one letter."""
        self.letters.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 kept"

    def to(self, address: str) -> list[EmailMessage]:
        """Give the letters to one person."""
        return [letter for letter in self.letters if address in str(letter["to"])]

    def code(self, address: str) -> str:
        """Give the sign-in code in the last letter to this person."""
        found = re.findall(
            r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})*)\s*$", text_of(self.to(address)[-1]), re.MULTILINE
        )
        assert len(found) == 1, f"One code on a line of its own was expected, not {found}."
        return found[0]


def text_of(letter: EmailMessage) -> str:
    """Give the plain words of a letter."""
    body = letter.get_body(preferencelist=("plain",))
    assert body is not None
    return body.get_content()


def send_what_waits() -> None:
    """Do what is in the queue, as the worker does: letters leave from there."""
    call_command("db_worker", queue_name="*", batch=True, interval=0, verbosity=0, startup_delay=False)


@pytest.fixture(autouse=True)
def rested_doormen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every test ask for codes as if it were the first."""
    from alongside.ground.gate.limits import Doorman
    from alongside.site import account_urls

    for name in ("CODES", "FIRST", "MAILBOXES"):
        held = getattr(account_urls, name)
        monkeypatch.setattr(account_urls, name, Doorman(most=held.most, name=held.name))


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    """Send all mail through SMTP to this mailbox."""
    box = Mailbox()
    port = free_port()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 10},
        }
    }
    yield box
    server.stop()
