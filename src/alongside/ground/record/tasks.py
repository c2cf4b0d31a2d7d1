"""What happens to the record by itself after a head was signed: witnesses that the rules name are asked to cosign it, each at its own address and nowhere else (c2sp.org/tlog-witness)."""

import logging
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Thread, Timer
from urllib.parse import urlsplit

from django.conf import settings
from django.tasks import task

from alongside.core.ledger.nodes import consistency_proof
from alongside.core.ledger.policy import as_read
from alongside.core.ledger.tiles import MAX_ENTRY
from alongside.core.ledger.witness import format_request
from alongside.ground.programs.models import Program
from alongside.ground.record import queries
from alongside.ground.record.actions.heads import keep_cosignatures
from alongside.ground.record.models import Head, Log
from alongside.ground.record.tiles import tile_reader

logger = logging.getLogger(__name__)
#: Seconds that a witness may be silent, and seconds after which it is left alone, whatever it sends.
PATIENCE_SECONDS = 5
MOST_SECONDS = 15

#: Witnesses that did not answer are asked again after so long, and when each was asked last by this process.
AGAIN = timedelta(minutes=10)
_asked: dict[str, datetime] = {}


@dataclass(frozen=True)
class Asked:
    """What a witness answered."""

    status: int
    content: bytes
    content_type: str


def ask_all(program: Program) -> str:
    """Ask each witness that has an address and has not cosigned the newest head; give the lines that came, as they came. A copy asks nobody.

    All are asked at once, so that one who is slow keeps nobody waiting; nothing here is believed yet. Reads the database
    in this thread alone.
    """
    head = queries.head_of(program)
    policy = queries.witnesses_at(program, head.size) if head else None
    if head is None or policy is None or settings.ALONGSIDE.copy_of:
        return ""
    urls = {
        name: policy.urls[key.public]
        for name, key in policy.witnesses.items()
        if key.public in policy.urls and as_read(name) not in head.seen.get("by", ())
    }
    prove = _prover(program, head)
    first = queries.size_seen_before(program, head)
    answers = _at_once({name: format_request(first, prove(first), head.note) for name in urls}, urls)
    again = {
        name: format_request(size, prove(size), head.note)
        for name, one in answers.items()
        if (size := _size_in(name, one, head)) is not None
    }
    answers |= _at_once(again, urls)
    for name, one in answers.items():
        if one.status != HTTPStatus.OK:
            logger.warning(
                "The witness %s answered %s; it did not cosign %s entries.", name, one.status, head.size
            )
    return "".join(_lines(one.content) for one in answers.values() if one.status == HTTPStatus.OK)


def _prover(program: Program, head: Head) -> Callable[[int], Sequence[bytes]]:
    """Give what proves that a head holds all of an earlier size."""
    reader = tile_reader(Log.objects.get(program=program), head.size)
    return lambda old: consistency_proof(old, head.size, reader.read)


def _size_in(name: str, answer: Asked, head: Head) -> int | None:
    """Give the size that a witness saw last, where it asks for a proof from there; None where it does not, or cannot be shown one."""
    if answer.status != HTTPStatus.CONFLICT:
        return None
    said = answer.content.strip()
    if not said.isdigit() or len(said) > 19 or int(said) > head.size:  # noqa: PLR2004 -- 2**63 has 19 digits
        logger.error(
            "The witness %s saw another size of this log than any that is here: %r.", name, said[:40]
        )
        return None
    return int(said)


def _lines(content: bytes) -> str:
    text = content.decode(errors="replace")
    return text if text.endswith("\n") else f"{text}\n"


def _at_once(bodies: dict[str, str], urls: dict[str, str]) -> dict[str, Asked]:
    """Ask many in threads of their own, and give the answers that came in time."""
    answers: dict[str, Asked] = {}

    def one(name: str) -> None:
        try:
            answers[name] = ask(urls[name], bodies[name].encode())
        except (OSError, HTTPException, ValueError) as error:
            logger.warning("The witness %s could not be asked: %s.", name, type(error).__name__)

    threads = [Thread(target=one, args=(name,), daemon=True) for name in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(MOST_SECONDS + PATIENCE_SECONDS)
    return dict(answers)


def ask(url: str, body: bytes) -> Asked:
    """Post one add-checkpoint request below an address, and nowhere it points to. Raises OSError or HTTPException."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=PATIENCE_SECONDS)
    connection.connect()
    over = Timer(MOST_SECONDS, _cut, (connection.sock,))
    over.daemon = True
    over.start()
    try:
        headers = {"Content-Type": "text/plain; charset=utf-8", "User-Agent": "alongside"}
        connection.request("POST", f"{parts.path.rstrip('/')}/add-checkpoint", body, headers)
        reply = connection.getresponse()
        return Asked(reply.status, reply.read(MAX_ENTRY), reply.headers.get("Content-Type", ""))
    finally:
        over.cancel()
        connection.close()


def _cut(line: socket.socket) -> None:
    """End a connection that goes on for too long, however little it sends."""
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def seek_cosignatures(program: Program, now: datetime, *, signed: bool) -> bool:
    """Let witnesses be asked where some of those with an address have not cosigned the newest head; say whether they will be.

    At once where it was `signed` just now, else each ten minutes.
    """
    if not signed and now - _asked.get(program.slug, now - AGAIN) < AGAIN:
        return False
    _asked[program.slug] = now
    head = queries.head_of(program)
    if head is None or not is_unseen(program, head):
        return False
    collect.enqueue(program.pk, now.isoformat())
    return True


def is_unseen(program: Program, head: Head) -> bool:
    """Say whether a witness that can be asked has not cosigned a head; of a copy none can."""
    if settings.ALONGSIDE.copy_of:
        return False
    policy = queries.witnesses_at(program, head.size)
    seen = head.seen.get("by", ())
    return policy is not None and any(
        key.public in policy.urls and as_read(name) not in seen for name, key in policy.witnesses.items()
    )


@task
def collect(program_id: int, asked: str) -> None:
    """Ask witnesses, and keep what fits and is of about the time `asked`. The network is asked before anything is locked."""
    program = Program.objects.get(pk=program_id)
    head = queries.head_of(program)
    if head and (lines := ask_all(program)):
        keep_cosignatures(program=program, text=head.text, lines=lines, now=datetime.fromisoformat(asked))
