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
from tests.check.records import ANA, BEN, SIGNER, small

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


def checked_by_two():
    """Give a record whose last entry two leads signed, each her own part; the program judges no rule of a kind."""
    record = small()
    saw = {ANA: "complete", BEN: "substantial"}
    data = {"milestone": "m1", "completion": "substantial", "saw": saw}
    record.add("delivery.verified", "2026-03-02", [ANA, BEN], data, {"claim": [3]}, ["check", "check-2"])
    return record


SPOILT = {
    "a word of the second": lambda one: one["texts"]["check-2"].update(sha256="ab" * 32),
    "what the first saw": lambda one: one["data"]["saw"].update({ANA: "substantial"}),
    "what they looked at": lambda one: one["cites"].update(claim=[4]),
    "the head": lambda one: one["act"]["sigs"][ANA].update(root="ab" * 32),
    "whose signature it is": lambda one: one["act"]["sigs"].update({ANA: one["act"]["sigs"][BEN]}),
    "one signature": lambda one: one["act"]["sigs"].pop(BEN),
    "all signatures": lambda one: one["act"].update(sigs={}),
    "the end of the act": lambda one: one["act"].update(of=2),
}


def test_what_leads_signed_holds_for_a_program_that_is_not_ours(check):
    record = checked_by_two()
    code, said = check(record, record.raw())
    assert (code, "18 entries, all under the head" in said) == (0, True), said
    assert said.endswith(
        "4 acts under the keys of their leads\n"
    )  # what is older than grammar 5 the site entered


@pytest.mark.parametrize("what", SPOILT)
def test_what_they_did_not_sign_it_refuses(check, what):
    record = checked_by_two()
    raw = record.raw()
    last = json.loads(raw[-1])
    SPOILT[what](last)
    code, said = check(record, [*raw[:-1], canonical(last)])
    assert (code, "entry 17: " in said or "the last act is cut off" in said) == (1, True), said


def test_whoever_lost_a_key_need_not_sign_with_it_and_another_signs_beside_them(check):
    record = small()
    own = next(at for at, one in enumerate(record.entries) if one["kind"] == "key.founded")
    record.add("key.lost", "2026-03-02", [ANA], {"seat": ANA}, {"key": [own]})
    record.add("engagement.closed", "2026-03-03", [ANA, BEN], {}, {"engagement": [3], "report": [4]})
    raw = record.raw()
    assert list(json.loads(raw[-1])["act"]["sigs"]) == [BEN]
    code, said = check(record, raw)
    assert code == 0, said
    code, said = check(record, [*raw[:-2], raw[-1]])
    assert (code, f"{ANA} has a key and did not sign" in said) == (1, True), said
