"""What a site gives to a browser is compared with its log: a server that gives another page or script is found."""

import dataclasses
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from alongside.ground.record import actions
from alongside.site.actions import tell_files
from tests.support.remembering import this_hour
from tests.support.thread import Thread

PAGE = "/riverbend/en/engagements/library-computers/"


@pytest.fixture
def thread(db, settings, tmp_path):
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, keys=tmp_path / "keys")
    thread = Thread(now=this_hour() - timedelta(days=2)).to_open_engagement()
    tell_files(program=thread.program, now=thread.now)
    actions.sign_head(program=thread.program, now=thread.now)
    return thread


@pytest.fixture
def through(live_site, thread):
    """Serve the site through a server that changes what it gives: `change` takes path, body and policy, and gives the last two."""
    running = []

    def start(change):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                try:
                    with urlopen(f"{live_site}{self.path}") as reply:
                        body, policy = change(
                            self.path, reply.read(), reply.headers.get("Content-Security-Policy", "")
                        )
                    status = 200
                except HTTPError as error:
                    status, body, policy = error.code, b"", ""
                self.send_response(status)
                self.send_header("Content-Security-Policy", policy)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_words):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        running.append(server)
        threading.Thread(target=server.serve_forever).start()
        return f"http://127.0.0.1:{server.server_port}/{thread.program.slug}/record"

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


@pytest.fixture
def compare(verify, tmp_path):
    return lambda address: verify("site", address, "--state", tmp_path / "seen.json")


def test_a_site_that_gives_what_its_log_names_holds(compare, through, thread):
    code, said, wrong = compare(through(lambda _path, body, policy: (body, policy)))
    assert (code, wrong) == (0, "")
    assert "Compared with the site, as it answered here and now: 2 pages on which people can speak" in said


def other_key(path, body, policy):
    swapped = b"age1" + b"q" * 58
    if "/engagements/" in path:
        at = body.index(b'recipient="') + len(b'recipient="')
        body = body[:at] + swapped + body[body.index(b'"', at) :]
    return body, policy


def other_script(path, body, policy):
    return (body + b"\n//" if path.endswith("/seal.js") else body), policy


def script_in_the_page(path, body, policy):
    return (body.replace(b"</body>", b"<script>steal()</script></body>")), policy


def handler_in_the_page(path, body, policy):
    return (body.replace(b"<main", b'<main onclick="steal()"', 1)), policy


def script_from_elsewhere(path, body, policy):
    return (
        body.replace(b"</body>", b'<script src="https://elsewhere.example/x.js"></script></body>')
    ), policy


def looser_policy(path, body, policy):
    return body, policy.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")


def no_policy(path, body, policy):
    return body, ""


def other_promise(path, body, policy):
    at = body.find(b'notice="')
    return (body if at < 0 else body[: at + 8] + b"0" * 64 + body[at + 72 :]), policy


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (other_key, "does not lock answers as entry "),
        (other_promise, "its notice is another"),
        (other_script, "which is no script that entry "),
        (script_in_the_page, "holds a script without an address, which could run what no entry names"),
        (handler_in_the_page, "holds onclick, which could run what no entry names"),
        (script_from_elsewhere, "which is not of this site"),
        (looser_policy, "does not keep browsers from running other scripts"),
        (no_policy, "does not keep browsers from running other scripts"),
    ],
)
def test_a_server_that_gives_something_else_than_its_log_says_is_refused(
    compare, through, thread, change, says
):
    code, said, wrong = compare(through(change))
    assert (code, said) == (1, "")
    assert says in wrong


def test_scripts_are_told_once_and_again_only_when_they_are_others(thread):
    before = len(thread.entries())
    tell_files(program=thread.program, now=thread.now)
    assert len(thread.entries()) == before


def test_a_log_that_names_no_scripts_cannot_be_compared_and_says_so(
    verify, live_site, db, settings, tmp_path
):
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, keys=tmp_path / "keys")
    bare = Thread(now=this_hour() - timedelta(days=2)).to_open_engagement()
    actions.sign_head(program=bare.program, now=bare.now)
    code, said, wrong = verify(
        "site", f"{live_site}/{bare.program.slug}/record", "--state", tmp_path / "seen.json"
    )
    assert (code, said) == (2, "")
    assert "The record does not say which scripts the site gives" in wrong
