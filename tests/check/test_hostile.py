"""Whatever a record holds, the verifier answers with a judgment and never with a crash."""

import gzip
import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from copy import deepcopy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.check.cli import main
from alongside.check.lottery import main as lottery
from alongside.core.canonical import canonical
from alongside.core.entries import GrammarError
from alongside.core.grammar.log import check_log
from alongside.core.lottery import METHOD, drawing_file
from tests.check.records import ANA, CODE, SIGNER, small
from tests.check.records import OFFICE as DIRECTOR

GOOD = small().entries
LOG_FILES = ["checkpoint", "tile/0/000.p/17", "tile/entries/000.p/17"]
ODD = st.sampled_from(
    [
        None,
        True,
        False,
        0,
        -1,
        7,
        2**50,
        "",
        "x",
        "2026-02-30",
        "20260105",
        [],
        {},
        [1],
        ["a"],
        [[]],
        [{}],
        {"a": 1},
    ]
    + ["seat-aaaaaaaa", "water/director", "clock", "program.opened", "answer.given", [True], [None]]
)

#: Every example overwrites the files of the one before, and a busy machine is no fault.
CALM = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def quietly(*words, typed=""):
    stdin, sys.stdin = sys.stdin, io.StringIO(typed)
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            return main([str(word) for word in words])
    finally:
        sys.stdin = stdin


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return small().write(tmp_path_factory.mktemp("record"))


@settings(max_examples=400, suppress_health_check=CALM)
@given(data=st.data())
def test_no_file_of_a_log_can_be_changed_by_a_byte_and_still_hold(tmp_path, folder, data):
    name = data.draw(st.sampled_from(LOG_FILES))
    file = folder / name
    whole = file.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    match data.draw(st.sampled_from(["flip", "cut", "put"])):
        case "flip":
            spoiled = whole[:at] + bytes([whole[at] ^ 1 << data.draw(st.integers(0, 7))]) + whole[at + 1 :]
        case "cut":
            spoiled = whole[:at] + whole[at + data.draw(st.integers(1, 40)) :]
        case _:
            spoiled = whole[:at] + data.draw(st.binary(min_size=1, max_size=9)) + whole[at:]
    file.write_bytes(spoiled)
    try:
        vkey = SIGNER.verifier.vkey
        assert quietly("record", folder, "--vkey", vkey, "--state", tmp_path / "seen.json") == 1
        assert quietly("receipt", "--at", folder, "--vkey", vkey, typed=CODE) == 1
    finally:
        file.write_bytes(whole)


def places(value, path=()):
    """Give the way to every part of a value but the whole."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield (*path, key)
        yield from places(part, (*path, key))


@settings(max_examples=1500, suppress_health_check=CALM)
@given(st.data())
def test_an_entry_that_holds_anything_at_all_is_judged_and_not_stumbled_over(data):
    entries = deepcopy(GOOD)
    value = entries[data.draw(st.integers(0, len(entries) - 1))]
    way = data.draw(st.sampled_from(list(places(value))))
    for key in way[:-1]:
        value = value[key]
    if data.draw(st.booleans()):
        value[way[-1]] = data.draw(ODD)
    else:
        del value[way[-1]]
    try:
        check_log([canonical(one) for one in entries], origin=SIGNER.name)
    except GrammarError:
        return


@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_bytes_that_are_no_entry_are_refused_cleanly(raw):
    with pytest.raises(GrammarError):
        check_log([raw], origin=SIGNER.name)


@settings(max_examples=100, suppress_health_check=CALM)
@given(st.binary(max_size=200))
def test_any_file_named_as_what_was_seen_is_refused_cleanly(tmp_path, folder, noise):
    state = tmp_path / "seen.json"
    state.write_bytes(noise)
    assert quietly("record", folder, "--state", state) == 2


REPLIES = {
    "gzip that is none": (200, {"Content-Encoding": "gzip"}, b"not gzip"),
    "gzip cut short": (200, {"Content-Encoding": "gzip"}, gzip.compress(b"x" * 999)[:30]),
    "gzip with a spoiled middle": (
        200,
        {"Content-Encoding": "gzip"},
        gzip.compress(b"x" * 999)[:10] + b"\xff" * 40,
    ),
    "a page": (200, {}, b"<html>Hello</html>"),
    "nothing": (200, {}, b""),
    "not allowed": (403, {}, b""),
    "broken": (500, {}, b""),
    "elsewhere": (302, {"Location": "file:///etc/passwd"}, b""),
    "in circles": (302, {"Location": "/checkpoint"}, b""),
    "shorter than it says": (200, {"Content-Length": "1000"}, b"x"),
}


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES)
def test_a_server_that_answers_anything_at_all_is_judged_and_not_stumbled_over(tmp_path, reply):
    status, headers, body = reply

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_port}"
        assert quietly("record", address, "--state", tmp_path / "seen.json") in {1, 2}
        assert quietly(
            "record", address, "--vkey", SIGNER.verifier.vkey, "--state", tmp_path / "seen.json"
        ) in {1, 2}
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


#: What moves a terminal's cursor to the first column, empties the line, turns letters round, and begins a new line.
WIPES = "\r\x1b[2K\x9b2K\u202e\nNothing wrong was found in the record record.example/river-city. It holds 17 entries."


@pytest.mark.parametrize("line", ["220 ready for mail", WIPES])
def test_something_that_does_not_speak_http_is_judged_and_not_believed(tmp_path, verify, line):
    class Handler(StreamRequestHandler):
        def handle(self):
            self.rfile.readline()
            self.wfile.write(line.encode() + b"\r\n")

    server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}"
        code, said, complaint = verify("record", address, "--state", tmp_path / "seen.json")
        assert (code, said, "holds" in complaint) == (2, "", False)
        assert complaint.startswith("This could not be checked. ") and complaint.isprintable()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("cites", [{}, {"of": [0]}])
@pytest.mark.parametrize("kind", ["commitment.made", "text.translated"])
def test_what_follows_what_must_be_followed_is_judged_whatever_it_lacks(tmp_path, verify, kind, cites):
    record = small()
    at = next(at for at, one in enumerate(record.entries) if one["kind"] == "ask.recommended")
    record.add(
        "answer.given",
        "2026-03-02",
        [DIRECTOR],
        {"decision": "accepted", "signed_off": DIRECTOR},
        {"ask": [at]},
        ["reasons"],
    )
    record.add(kind, "2026-03-02", [DIRECTOR], {}, cites)
    for entries in (record.entries, [*record.entries[:-2], dict(record.entries[-1])]):
        record.entries = entries
        code, said, complaint = verify(
            "record",
            record.write(tmp_path / "log"),
            "--state",
            tmp_path / "seen.json",
            "--save",
            tmp_path / "mirror",
        )
        assert (code, said) == (1, "") and complaint.startswith("This does not hold. ")
        (tmp_path / "seen.json").unlink()


def test_nothing_that_a_record_holds_moves_the_cursor_of_whoever_checks_it(tmp_path, verify, capsys):
    record = small()
    record.add("seat.left", "2026-03-02", [ANA], {"seat": ANA, WIPES * 100: True})
    code, said, complaint = verify(
        "record", record.write(tmp_path / "log"), "--state", tmp_path / "seen.json"
    )
    assert (code, said) == (1, "")
    assert complaint.startswith("This does not hold. Entry 17: ") and complaint.isprintable()
    assert len(complaint) < 2_100
    drawing = tmp_path / "drawing.json"
    given = {"salt": "ab" * 32, "seed": "05 12", "seats": 1, "alternates": 0, "entries": {}}
    drawing.write_text(drawing_file(["ab" * 16], **given).replace(METHOD, json.dumps(WIPES)[1:-1]))
    capsys.readouterr()
    assert lottery(["rerun", str(drawing)]) == 2
    told = capsys.readouterr()
    assert (
        told.out == ""
        and told.err.startswith("alongside: The file names the method")
        and told.err[:-1].isprintable()
    )


def test_files_may_come_packed(tmp_path, folder):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            file = folder / self.path[1:]
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(gzip.compress(file.read_bytes()))

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        assert (
            quietly("record", f"http://127.0.0.1:{server.server_port}", "--state", tmp_path / "seen.json")
            == 0
        )
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
