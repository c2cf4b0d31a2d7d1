"""A request is read whole before a thread is taken: in its time, within bounds, and told to Django as WSGI says."""

import asyncio
import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from alongside.cohort.applications.visits import ROOM_FOR_WORDS
from alongside.ground.gate.limits import LARGEST_RECORDING
from alongside.site.doorway import BUSY, IN_MEMORY, MB, SMALL, TOO_LARGE, TOO_SLOW, Doorway, environ_of
from tests.support.house import ROOT

CHUNKS = {"transfer-encoding": "chunked"}


class Headers(dict[str, str]):
    """Headers in which one name may stand twice, as Granian gives them."""

    def items(self) -> Any:
        return [(name, one) for name, value in super().items() for one in value.split("|")]


class Door:
    """The server's side of one request: gives parts of a body, the last never where it is None, and keeps what is sent."""

    def __init__(self, *parts: bytes | None) -> None:
        self.parts, self.status, self.headers, self.sent = parts, 0, [], b""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            if part is None:
                await asyncio.sleep(3600)
            yield part or b""

    def response_bytes(self, status, headers, body):
        self.status, self.headers, self.sent = status, headers, body

    def response_stream(self, status, headers):
        self.status, self.headers = status, headers
        return self

    async def send_bytes(self, part):
        self.sent += part


def asked(**headers: str) -> SimpleNamespace:
    headers = headers if "content-length" in headers else {**CHUNKS, **headers}
    return SimpleNamespace(
        headers=Headers(headers), method="POST", path="/é/", query_string="q=é", scheme="http",
        client="[::1]:1234", server="127.0.0.1:8000", http_version="1.1",
    )  # fmt: skip


def echo(environ, start):
    start("201 Created", [("x-size", environ["CONTENT_LENGTH"])])
    yield environ["wsgi.input"].read()


@contextlib.contextmanager
def doorway(answer=echo, **bounds: Any) -> Iterator[Doorway]:
    made = Doorway(threads=1, answer=answer, **bounds)
    yield made
    made.__rsgi_del__(None)


def knock(made: Doorway, *doors: Door, **headers: str) -> list[int]:
    async def all_at_once():
        await asyncio.gather(*(made.__rsgi__(asked(**headers), door) for door in doors))

    asyncio.run(all_at_once())
    return [door.status for door in doors]


def test_a_body_in_parts_arrives_whole_and_nothing_is_held_afterwards():
    door = Door(b"one ", b"two")
    with doorway() as made:
        assert knock(made, door) == [201]

    assert (door.sent, door.headers, made.held) == (b"one two", [("x-size", "7")], 0)


def test_who_sent_all_that_was_said_or_nothing_at_all_is_answered_at_once():
    nothing = SimpleNamespace(**vars(asked()) | {"headers": Headers()})
    with doorway(seconds=0.5) as made:
        assert knock(made, Door(b"one ", b"two", None), **{"content-length": "7"}) == [201]
        door = Door(None)
        asyncio.run(made.__rsgi__(nothing, door))

        assert knock(made, both := Door(b"one ", b"two"), **{"content-length": "4", **CHUNKS}) == [201]

    assert (door.status, door.sent, both.sent, made.held) == (201, b"", b"one two", 0)


def test_those_who_send_slowly_take_no_thread_and_are_sent_away_in_time():
    slow = [Door(b"12345678", None) for _ in range(500)]
    with doorway(seconds=0.5) as made:
        assert knock(made, *slow, Door(b"quick")) == [TOO_SLOW] * 500 + [201]

    assert slow[0].sent.startswith(b"This came too slowly")
    assert made.held == 0


def test_who_reads_does_not_wait_for_those_who_write():
    may_end = threading.Event()

    def answer(environ, start):
        if environ["REQUEST_METHOD"] == "POST":
            assert may_end.wait(20)
        start("200 OK", [])
        return [b""]

    async def a_reader_beside_five_writers(made):
        writers = [asyncio.ensure_future(made.__rsgi__(asked(), Door())) for _ in range(5)]
        reader = asked()
        reader.method = "GET"
        await asyncio.wait_for(made.__rsgi__(reader, Door()), 20)
        told = [one.done() for one in writers]
        may_end.set()
        await asyncio.gather(*writers)
        return told

    with doorway(answer) as made:
        assert asyncio.run(a_reader_beside_five_writers(made)) == [False] * 5


def test_a_body_that_goes_on_coming_is_given_more_time():
    class Steady(Door):
        async def __aiter__(self):
            for _ in range(6):
                await asyncio.sleep(0.1)
                yield b"x" * 1000

    with doorway(seconds=0.3, slowest=5000) as made:
        assert knock(made, Steady()) == [201]


@pytest.mark.parametrize("headers", [{"content-length": "1001"}, CHUNKS])
def test_too_large_a_body_is_sent_away_before_it_is_read_whole(headers):
    door = Door(*[b"x" * 100] * 11)
    with doorway(most=1000) as made:
        assert knock(made, door, **headers) == [TOO_LARGE]

    assert made.held == 0


def test_a_long_body_waits_in_a_file_and_only_a_few_do():
    whole = [b"x" * 1000] * 5
    with doorway(seconds=0.5, slowest=10 * MB, in_memory=2000, filed=2) as made:
        waiting = [Door(*whole, None) for _ in range(2)]
        assert knock(made, *waiting, Door(*whole), Door(b"small")) == [TOO_SLOW, TOO_SLOW, BUSY, 201]
        door = Door(*whole)
        assert knock(made, door) == [201]

    assert (len(door.sent), made.held, made.filed) == (5000, 0, 2)


def test_many_large_bodies_leave_room_for_small_ones():
    large = [Door(b"x" * (MB // 2), None) for _ in range(3)]
    with doorway(seconds=0.5, slowest=10 * MB, together=2 * MB) as made:
        assert knock(made, *large, Door(b"x" * SMALL)) == [TOO_SLOW, TOO_SLOW, BUSY, 201]


def test_a_long_answer_goes_out_whole_and_its_connection_to_the_database_ends_in_its_own_thread():
    ended = []

    class Long:
        def __iter__(self):
            return iter([b"y" * IN_MEMORY, b"z"])

        def close(self):
            ended.append(True)

    def long(_environ, start):
        start("200 OK", [])
        return Long()

    door = Door()
    with doorway(answer=long) as made:
        assert knock(made, door) == [200]

    assert (door.sent, ended) == (b"y" * IN_MEMORY + b"z", [True])


def test_a_request_is_told_as_wsgi_says_and_no_header_passes_for_another():
    given = {"host": "a.example", "cookie": "a=1|b=2", "x-forwarded-for": "1|2", "x_forwarded_for": "3"}
    environ = environ_of(
        asked(**given, **{"content-type": "text/x", "transfer-encoding": "chunked"}), io.BytesIO(b"abc"), 3
    )

    told = {key: value for key, value in environ.items() if not key.startswith("wsgi.")}
    assert told == {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/Ã©/",
        "QUERY_STRING": "q=Ã©",
        "REMOTE_ADDR": "::1",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "a.example",
        "HTTP_COOKIE": "a=1; b=2",
        "HTTP_X_FORWARDED_FOR": "1,2",
        "CONTENT_TYPE": "text/x",
        "CONTENT_LENGTH": "3",
    }


# The proxy that ships in deploy/


def shipped() -> str:
    """Give the configuration of nginx as it ships."""
    return (ROOT / "deploy/nginx.conf").read_text("utf-8")


def test_the_shipped_proxy_stands_before_the_doorway_and_sends_nobody_away_whom_it_would_take():
    block, _first, places = shipped().partition("    location ")
    upload, inner = re.search(r"~ (\S+import\S+) {(.*?)}", places, re.DOTALL).groups()
    said = dict(re.findall(r"^ *(\w+) +([^;{]+);", block, re.MULTILINE))
    within = dict(re.findall(r"^ *(\w+) +([^;{]+);", inner, re.MULTILINE))

    assert (said["proxy_request_buffering"], said["access_log"].split()[1:]) == ("on", ["alongside"])
    told = re.search(r"log_format alongside escape=json '([^']*)'", shipped())[1]
    assert re.findall(r"\$\w+", told) == ["$minute", "$status", "$kind"]
    assert 0 < int(said["client_header_timeout"].removesuffix("s")) <= Doorway.seconds
    assert 0 < int(said["client_body_timeout"].removesuffix("s")) <= Doorway.seconds
    zone, most = said["limit_conn"].split()
    assert f"zone={zone}:" in said["limit_conn_zone"]
    assert said["limit_conn_zone"].startswith("$binary_remote_addr ")
    assert 0 < int(most) <= 100
    assert re.findall(r"X-Forwarded-For +([^;]+);", block) == ["$remote_addr"], "or visitors name themselves"
    assert LARGEST_RECORDING + ROOM_FOR_WORDS <= int(said["client_max_body_size"].removesuffix("m")) * MB
    assert int(within["client_max_body_size"].removesuffix("m")) * MB == Doorway.most
    assert re.search(upload, reverse("registers:upload", kwargs={"program": "riverbend", "lang": "en"}))


def test_nginx_itself_takes_the_shipped_proxy(tmp_path):
    if not (shutil.which("nginx") and shutil.which("openssl")):
        pytest.skip("There is no nginx here, so the shipped configuration was NOT put to it; install nginx.")
    key, signed = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = ["openssl", "req", "-x509", "-nodes", "-newkey", "rsa:2048", "-subj", "/CN=localhost"]
    subprocess.run([*made, "-keyout", key, "-out", signed], check=True, capture_output=True)
    block = re.sub(r"/etc/letsencrypt/\S+/privkey.pem", str(key), shipped())
    block = re.sub(r"/etc/letsencrypt/\S+/fullchain.pem", str(signed), block)
    block = block.replace("/var/log/nginx/", f"{tmp_path}/")
    whole = tmp_path / "nginx.conf"
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    own = " ".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in kinds)
    whole.write_text(f"pid {tmp_path}/pid; events {{}} http {{ {own} {block} }}")
    told = subprocess.run(
        ["nginx", "-t", "-c", whole, "-p", tmp_path, "-e", tmp_path / "log"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr


def test_a_server_that_begins_with_the_doorway_finds_django_ready(tmp_path):
    told = {"DJANGO_SETTINGS_MODULE": "alongside.site.settings", "ALONGSIDE_DATA": str(tmp_path)}
    begins = [sys.executable, "-c", "from alongside.site.doorway import doorway"]
    done = subprocess.run(begins, env={**os.environ, **told}, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
