"""A witness cosigns what only grew, and says no to everything else: over HTTP, killed at any moment, asked twice at once."""

import hashlib
import random
import socket
import threading
import time
from base64 import b64encode
from contextlib import suppress
from http.client import HTTPException

import pytest

from alongside.check import serving
from alongside.core.ledger.checkpoint import Checkpoint, open_checkpoint
from alongside.core.ledger.hashing import EMPTY_ROOT
from alongside.core.ledger.keys import KeyKind, Signer, parse_vkey
from alongside.core.ledger.note import sign_note
from alongside.core.ledger.tree import Tree
from alongside.core.ledger.witness import format_request
from tests.support.witnesses import Program, ask, running

LOG = Signer("record.example/riverside", KeyKind.ED25519, b"r" * 32)
STRANGER = Signer("record.example/riverside", KeyKind.ED25519, b"s" * 32)
TREE = Tree(b"entry %d" % n for n in range(600))
FORKED = Tree(b"entry %d" % n if n < 50 else b"another %d" % n for n in range(600))
PLAIN, SIZE = "text/plain; charset=utf-8", "text/x.tlog.size"
HASH = hashlib.sha256(LOG.name.encode()).hexdigest()


def head(size, tree=TREE, signer=LOG):
    return Checkpoint(LOG.name, size, tree.root(size)).sign(signer)


def request(old, size, tree=TREE, signer=LOG, proof=None):
    steps = tree.consistency(old, size) if proof is None else proof
    return format_request(old, steps, head(size, tree, signer)).encode()


@pytest.fixture
def witness(tmp_path):
    with running(tmp_path / "witness", LOG.verifier) as server:
        yield server


def cosigned(witness, reply, size, tree=TREE):
    """Say whether a reply is a cosignature of this very head."""
    note = head(size, tree) + reply[2].decode()
    found, opened = open_checkpoint(note, [LOG.verifier, parse_vkey(witness.vkey)])
    assert (reply[:2], found.size, found.root) == ((200, PLAIN), size, tree.root(size))
    stamps = [one.timestamp for one in opened.signatures if one.timestamp]
    return len(stamps) == 1 and abs(stamps[0] - time.time()) < 60


def test_a_log_that_only_grew_is_cosigned_each_time(witness):
    port = witness.server_port
    for old, size in ((0, 1), (1, 1), (1, 256), (256, 257), (257, 600), (600, 600)):
        assert cosigned(witness, ask(port, request(old, size)), size)
    status, _, note = ask(port, None, f"/{HASH}/checkpoint", "GET")
    found, opened = open_checkpoint(note, [LOG.verifier, parse_vkey(witness.vkey)])
    assert (status, found.size, len(opened.signatures)) == (200, 600, 2)
    assert ask(port, None, "/", "GET")[2].decode().strip() == witness.vkey


def test_a_key_that_a_quantum_computer_does_not_break_cosigns_too(tmp_path):
    with running(tmp_path, LOG.verifier, kind=KeyKind.COSIGNATURE_ML_DSA) as witness:
        assert cosigned(witness, ask(witness.server_port, request(0, 300)), 300)


def test_a_line_that_the_log_adds_to_its_head_is_cosigned_with_it(witness):
    text = Checkpoint(LOG.name, 9, TREE.root(9)).text + "more of the log\n"
    note = sign_note(text, LOG)
    status, _, line = ask(witness.server_port, format_request(0, [], note).encode())
    _, opened = open_checkpoint(note + line.decode(), [LOG.verifier, parse_vkey(witness.vkey)])
    assert (status, len(opened.signatures)) == (200, 2)


def test_everything_else_is_refused_as_the_specification_says(witness):
    port = witness.server_port
    assert ask(port, request(0, 300))[0] == 200
    other = Signer("record.example/other", KeyKind.ED25519, b"o" * 32)
    elsewhere = Checkpoint(other.name, 300, TREE.root(300)).sign(other)
    broken = LOG.verifier.key_id + bytes(64)
    asked = {
        "old size above the head": (request(0, 200).replace(b"old 0", b"old 300"), 400),
        "no old size": (head(300).encode(), 400),
        "not a note": (b"old 300\n\nnothing\n", 400),
        "not UTF-8": (b"old 300\n\n\xff", 400),
        "64 steps": (format_request(300, [bytes(32)] * 64, head(400)).encode(), 400),
        "a log it does not know": (format_request(300, [], elsewhere).encode(), 404),
        "signed by a stranger": (request(300, 400, signer=STRANGER), 403),
        "a broken line of the log": (
            request(300, 400) + f"— {LOG.name} {b64encode(broken).decode()}\n".encode(),
            403,
        ),
        "another old size": (request(200, 400), 409),
        "old size zero": (request(0, 400), 409),
        "no proof": (request(300, 400, proof=[]), 422),
        "a proof of another history": (request(300, 400, FORKED), 422),
        "another root of the same size": (request(300, 300, FORKED), 422),
        "a proof where none is due": (request(300, 300, proof=[bytes(32)]), 422),
    }
    found = {name: ask(port, body)[0] for name, (body, _status) in asked.items()}
    assert found == {name: status for name, (_body, status) in asked.items()}
    assert ask(port, request(0, 400)) == (409, SIZE, b"300\n")
    assert cosigned(witness, ask(port, request(300, 400)), 400), "no refusal moved what it had seen"


def test_an_empty_log_has_the_root_of_nothing_and_no_proof(witness):
    port = witness.server_port
    wrong = f"{LOG.name}\n0\n{b64encode(bytes(32)).decode()}\n"
    assert ask(port, format_request(0, [], sign_note(wrong, LOG)).encode())[0] == 422
    assert ask(port, request(0, 5, proof=[bytes(32)]))[0] == 422
    empty = Checkpoint(LOG.name, 0, EMPTY_ROOT).sign(LOG)
    assert ask(port, format_request(0, [], empty).encode())[0] == 200
    assert cosigned(witness, ask(port, request(0, 5)), 5)


def test_other_addresses_and_long_requests_get_nothing(witness):
    port = witness.server_port
    assert ask(port, b"", "/other")[0] == 404
    assert ask(port, None, f"/{HASH}/checkpoint", "GET")[0] == 404, "nothing was cosigned yet"
    assert ask(port, None, "/../key", "GET")[0] == 404
    assert ask(port, None, f"/{'../' * 2}key/checkpoint", "GET")[0] == 404
    assert ask(port, b"")[0] == 413
    assert ask(port, b"", **{"Content-Length": "600000"})[0] == 413


def test_strangers_who_send_a_byte_at_a_time_or_nothing_hold_a_witness_for_seconds(
    witness, monkeypatch, capfd
):
    monkeypatch.setattr(serving, "MOST_SECONDS", 1)
    port, over = witness.server_port, threading.Event()
    begun = (b"GET / HTTP/1.1\r\nX: ", b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 900\r\n\r\n", b"")
    strangers = [socket.create_connection(("127.0.0.1", port)) for _ in range(serving.MOST_AT_ONCE)]

    def drip():
        while not over.wait(0.1):
            for place, one in enumerate(strangers):
                with suppress(OSError):
                    one.sendall(b"a" if place % 3 < 2 else b"")

    for place, one in enumerate(strangers):
        one.sendall(begun[place % 3])
    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        assert cosigned(witness, ask(port, request(0, 300)), 300)
    finally:
        over.set()
        dripping.join()
        for one in strangers:
            one.close()
    for _ in strangers:  # until each line has ended, and said so
        assert witness._free.acquire(timeout=30)
    assert "127.0.0.1" not in capfd.readouterr().err


def test_a_connection_is_for_one_request(witness):
    with socket.create_connection(("127.0.0.1", witness.server_port), timeout=5) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        said = b"".join(iter(lambda: line.recv(4096), b""))
    assert (said.count(b"HTTP/1.1 200"), b"Connection: close" in said) == (1, True)


def test_a_folder_that_was_damaged_signs_nothing(witness):
    port, place = witness.server_port, witness.witness.folder / "logs" / HASH / "checkpoint"
    assert ask(port, request(0, 300))[0] == 200
    for damage in (b"", b"riverside\n", b"\xff"):
        place.write_bytes(damage)
        assert ask(port, request(0, 300, FORKED))[0] == 500


def test_of_two_histories_asked_at_once_one_is_cosigned(witness):
    for start in range(8):
        replies, gate = [], threading.Barrier(8)

        def one(tree, size):
            gate.wait()
            old = witness.witness.seen(LOG.name)
            replies.append(ask(witness.server_port, request(old.size if old else 0, size, tree))[0])

        size = 51 + start
        threads = [threading.Thread(target=one, args=((TREE, FORKED)[n % 2], size)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert set(replies) <= {200, 409, 422}
    root = witness.witness.seen(LOG.name).root
    assert root in {TREE.root(58), FORKED.root(58)}


class Pusher(threading.Thread):
    """Pushes one history forward at a witness that is killed again and again, and keeps what was cosigned."""

    def __init__(self, program, tree, seed, over):
        super().__init__()
        self.program, self.tree, self.over = program, tree, over
        self.draw = random.Random(seed)
        self.cosigned, self.wrong = [], []

    def run(self):
        old = 0
        while not self.over.is_set():
            size = min(600, old + self.draw.randint(0, 2))
            try:
                status, _, reply = ask(self.program.port, request(old, size, self.tree))
            except (OSError, HTTPException):
                time.sleep(0.01)
                continue
            if status == 200:
                self.cosigned.append((size, self.tree.root(size)))
                old = size
            elif status == 409:
                old = int(reply)
            elif status != 422:
                self.wrong.append(status)


def kill_while_it_signs(folder, kills):
    """Push two histories at a witness that is killed at random moments; fail where it signed two heads of a size, or both."""
    with running(folder, LOG.verifier) as first:
        assert ask(first.server_port, request(0, 50))[0] == 200
    program, draw, over = Program(folder).start(), random.Random(11), threading.Event()
    pushers = [Pusher(program, (TREE, FORKED)[n % 2], n, over) for n in range(4)]
    for pusher in pushers:
        pusher.start()
    for _ in range(kills):
        time.sleep(draw.uniform(0.02, 0.4))
        program.kill()
        program.start()
    time.sleep(0.2)
    over.set()
    for pusher in pushers:
        pusher.join()
    program.kill()
    said = [one for pusher in pushers for one in pusher.cosigned]
    assert [one for pusher in pushers for one in pusher.wrong] == []
    roots = {size: {root for at, root in said if at == size} for size, _root in said}
    assert [size for size, found in roots.items() if len(found) > 1] == []
    histories = {
        tree for tree in (TREE, FORKED) for size, root in said if size > 50 and tree.root(size) == root
    }
    assert (len(histories), max(roots) > 50) == (1, True)


def test_a_witness_that_is_killed_while_it_signs_never_signs_two_heads_of_one_size(tmp_path):
    kill_while_it_signs(tmp_path / "witness", kills=6)
