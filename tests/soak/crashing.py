"""People who send sealed voices while everything is killed, and an observer outside who keeps every head it saw."""

import base64
import contextlib
import http.client
import itertools
import json
import threading
import time
import urllib.request
from dataclasses import dataclass, field

from alongside.check.log import fetch_log
from alongside.check.source import WebSource
from alongside.core.ledger.checkpoint import open_checkpoint
from alongside.core.ledger.keys import parse_vkey
from alongside.core.sealing import receipt
from alongside.core.sealing.envelope import seal
from alongside.core.sealing.voice import pad
from tests.check.records import recipient
from tests.soak.conftest import Instance

PATH = "/riverbend/en/engagements/library-computers/voices/"
SEALED = [base64.b64encode(seal(pad(b"{}"), recipient("somebody"))).decode() for _ in range(20)]
ADDRESSES = itertools.count()


def voice(sealed: str) -> tuple[str, str]:
    """Give a seal mark of somebody new, and the body that brings a sealed text under it."""
    secret = receipt.make()
    mark = receipt.seal_mark(receipt.read_secret(secret)).hex()
    act = receipt.act_hash(receipt.act_secret(secret)).hex()
    return mark, json.dumps({"mark": mark, "act": act, "sealed": sealed, "website": ""})


@dataclass
class Crowd:
    """Sends voices from several threads until the line breaks; keeps what was sent and what was acknowledged."""

    instance: Instance
    sent: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    first: threading.Event = field(default_factory=threading.Event)

    def speak(self, people: int) -> list[threading.Thread]:
        """Let some people speak at once; give their threads."""
        threads = [threading.Thread(target=self._one, daemon=True) for _ in range(people)]
        for thread in threads:
            thread.start()
        return threads

    def _one(self) -> None:
        place = next(ADDRESSES)
        source = (f"127.1.{place // 250 % 250}.{place % 250 + 1}", 0)
        port = self.instance.port
        with contextlib.closing(
            http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=source)
        ) as link:
            self._send(link, port)

    def _send(self, link: http.client.HTTPConnection, port: int) -> None:
        headers = {
            "Content-Type": "application/json",
            "Host": f"localhost:{port}",
            "Origin": f"http://localhost:{port}",
        }
        for count in itertools.count():
            mark, body = voice(SEALED[count % len(SEALED)])
            self.sent.add(mark)
            try:
                link.request("POST", PATH, body, headers)
                reply = link.getresponse()
                said = reply.read()
            except (OSError, http.client.HTTPException):
                return
            if reply.status != 200:
                self.wrong.append(f"{reply.status} {said!r}")
                return
            self.taken.add(mark)
            self.first.set()


@dataclass
class Observer:
    """Reads the record over HTTP as anyone can, and never forgets a head or an entry it saw."""

    instance: Instance
    heads: dict[int, bytes] = field(default_factory=dict)
    entries: tuple[bytes, ...] = ()
    notes: list[bytes] = field(default_factory=list)

    def watch(self, stop: threading.Event) -> threading.Thread:
        """Fetch the head over and over in a thread until told to stop."""
        thread = threading.Thread(target=self._watch, args=(stop,), daemon=True)
        thread.start()
        return thread

    def _watch(self, stop: threading.Event) -> None:
        while not stop.is_set():
            with contextlib.suppress(OSError, http.client.HTTPException):
                with urllib.request.urlopen(f"{self.instance.record}/checkpoint", timeout=5) as reply:
                    note = reply.read()
                if note not in self.notes[-1:]:
                    self.notes.append(note)
            time.sleep(0.01)

    def check(self) -> int:
        """Compare the record as it is now with everything seen before; give how many heads agree."""
        source = WebSource(self.instance.record)
        keys = [parse_vkey(source.get("vkey").decode().strip())]
        log = fetch_log(source, keys)
        assert log.entries[: len(self.entries)] == self.entries, (
            "an entry that was public is not there any more"
        )
        for note in self.notes:
            head, _ = open_checkpoint(note, keys)
            assert self.heads.setdefault(head.size, head.root) == head.root, (
                f"two heads of {head.size} entries"
            )
        self.notes.clear()
        self.heads[log.head.size] = log.head.root
        assert max(self.heads) == log.head.size, "a head that was published is ahead of the record"
        forked = [size for size, root in self.heads.items() if log.tree.root(size) != root]
        assert forked == [], f"the record is not a continuation of the heads at {forked}"
        self.entries = log.entries
        return len(self.heads)
