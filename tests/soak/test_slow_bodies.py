"""500 connections begin to send a body and stop, and 500 more never end their headers, while pages answer."""

import contextlib
import socket
import time
import urllib.request

import pytest

from tests.soak.conftest import Instance, kill
from tests.soak.crashing import PATH, Crowd

pytestmark = pytest.mark.soak
VOICE = (
    "POST /riverbend/en/engagements/library-computers/voices/ HTTP/1.1\r\nHost: localhost\r\n"
    "Origin: http://localhost\r\nContent-Type: application/json\r\n"
)
SLOW = {"a body": f"{VOICE}Content-Length: 90000\r\n\r\n12345678", "headers": VOICE}


@pytest.mark.parametrize("what", SLOW)
def test_pages_answer_while_500_send_slowly_and_all_of_them_are_sent_away(instance: Instance, what: str):
    crowd, page = Crowd(instance), f"http://localhost:{instance.port}{PATH.removesuffix('voices/')}"
    instance.run("alongside.site.cli", "manage", "collectstatic", "--no-input")
    web = instance.start("alongside.site.cli", "child", "web")
    try:
        instance.wait(web)
        with contextlib.ExitStack() as links:
            held = []
            for _ in range(500):
                link = links.enter_context(socket.create_connection(("127.0.0.1", instance.port), timeout=90))
                link.sendall(SLOW[what].encode())
                held.append(link)
            waited = []
            for _ in range(50):
                began = time.monotonic()
                for address in (f"{instance.record}/vkey", page):
                    with urllib.request.urlopen(address, timeout=20) as reply:
                        assert reply.status == 200
                waited.append(time.monotonic() - began)
            assert sorted(waited)[45] < 2, waited
            crowd.speak(1)
            assert crowd.first.wait(20), f"no voice was taken in: {crowd.wrong}"
            ends = [link.recv(12) for link in held]
        assert set(ends) <= {b"HTTP/1.1 408", b""}
    finally:
        kill(web)
