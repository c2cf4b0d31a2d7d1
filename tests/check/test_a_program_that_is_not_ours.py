"""The Go program of docs/how-to finds what nobody signed, without a line of ours; where Go and its packages are at hand (Debian: golang-go, golang-golang-x-mod-dev)."""

import json
import os
import shutil
import subprocess
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from alongside.core.canonical import canonical
from tests.check.records import ANA, CAM, SIGNER, small

SOURCE = Path(__file__).parents[2] / "docs/how-to/check-record.go"
PACKAGES = Path("/usr/share/gocode")
pytestmark = pytest.mark.skipif(
    not shutil.which("go") or not (PACKAGES / "src/golang.org/x/mod/sumdb").is_dir(),
    reason="Go or its package mod is not installed",
)


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """Build the program once."""
    folder = tmp_path_factory.mktemp("go")
    where = {"GO111MODULE": "off", "GOPATH": str(PACKAGES), "GOCACHE": str(folder / "cache")}
    command = ["go", "build", "-o", str(folder / "check"), str(SOURCE)]
    subprocess.run(command, check=True, env=os.environ | where, timeout=600)
    return folder / "check"


@pytest.fixture
def check(program, tmp_path):
    """Give a function that serves a log with these entries, and checks it; its exit status and what it said."""

    def run(record, raw):
        folder = record.write(tmp_path / "record", raw=raw)
        handler = partial(SimpleHTTPRequestHandler, directory=folder)
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            Thread(target=server.serve_forever, daemon=True).start()
            address = f"http://127.0.0.1:{server.server_port}"
            command = [program, address, SIGNER.verifier.vkey]
            done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
            server.shutdown()
        return done.returncode, done.stdout + done.stderr

    return run


SPOILT = {
    "a word": lambda one: one["texts"]["ask"].update(sha256="ab" * 32),
    "the office": lambda one: one["data"].update(office="libraries/manager"),
    "what it is about": lambda one: one["cites"].update(finding=[4]),
    "the head": lambda one: one["act"]["sigs"][ANA].update(root="ab" * 32),
    "whose signature it is": lambda one: one["act"].update(sigs={CAM: one["act"]["sigs"][ANA]}),
    "all signatures": lambda one: one["act"].update(sigs={}),
    "the end of the act": lambda one: one["act"].update(of=2),
}


def test_what_leads_signed_holds_for_a_program_that_is_not_ours(check):
    record = small()
    code, said = check(record, record.raw())
    assert (code, "17 entries, all under the head" in said) == (0, True), said
    assert said.endswith("1 acts under the keys of their leads\n")


@pytest.mark.parametrize("what", SPOILT)
def test_what_they_did_not_sign_it_refuses(check, what):
    record = small()
    raw = record.raw()
    at = next(at for at, one in enumerate(raw) if b'"sigs"' in one)
    spoilt = json.loads(raw[at])
    SPOILT[what](spoilt)
    code, said = check(record, [*raw[:at], canonical(spoilt), *raw[at + 1 :]])
    assert (code, "entry" in said or "cut off" in said) == (1, True), said
