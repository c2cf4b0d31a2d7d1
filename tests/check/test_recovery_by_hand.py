"""`alongside key recover`: enough papers open the locked keys of a file, offline; anything else writes nothing."""

import base64
import json
import random

import pytest

from alongside.check.keys import main
from alongside.core.sealing.envelope import seal
from alongside.core.sealing.keys import identity_text, recipient_of
from alongside.core.sealing.opening import open_sealed
from alongside.core.sealing.recovery_papers import KEYS_FILE, check_of, rows, split

DICE = random.Random(3)


def identity():
    return identity_text(DICE.randbytes(32))


@pytest.fixture
def locked(tmp_path):
    """Give a file of two keys, of which one is locked to the papers; the papers, the key, and who it is for."""
    secret, key, own = DICE.randbytes(32), identity(), identity()
    shares = split(secret, 5, 3, DICE.randbytes)
    recovery = recipient_of(identity_text(secret))
    made = {"recipient": recovery, "needed": 3, "papers": [check_of(one) for one in shares]}

    def wrapped(what, to):
        return {"recipient": to, "sealed": base64.b64encode(seal(what.encode(), to)).decode()}

    told = {
        "kind": KEYS_FILE,
        "origin": "riverbend.example/record",
        "made": [made],
        "keys": [
            {
                "slug": "computers",
                "recipient": recipient_of(key),
                "wraps": [wrapped(identity(), recovery), wrapped(key, recovery)],
            },
            {
                "slug": "parks",
                "recipient": recipient_of(identity()),
                "wraps": [wrapped(key, recipient_of(own))],
            },
        ],
    }
    file = tmp_path / "locked.json"
    file.write_text(json.dumps(told))
    return file, shares, key, own


def recover(monkeypatch, file, own, *papers):
    """Run the command on what is typed, row by row; give what it returns and where it writes."""
    typed = iter([row for paper in papers for row in rows(paper)] + [""] * 8)
    monkeypatch.setattr("sys.stdin", Typed(typed))
    return main(["recover", str(file), "--to", recipient_of(own)]), file.with_suffix(".opened.age")


class Typed:
    """What somebody hands to the program line by line."""

    def __init__(self, lines):
        self.lines = lines

    def isatty(self):
        return False

    def readline(self):
        return next(self.lines) + "\n"


def test_three_papers_of_five_open_what_was_locked_to_them_and_nothing_else(locked, monkeypatch, capsys):
    file, shares, key, own = locked
    code, where = recover(monkeypatch, file, own, shares[4], shares[4], shares[0], shares[2])
    assert (code, open_sealed(where.read_bytes(), [own]).decode()) == (0, f"# computers\n{key}\n")
    assert "Keys that are open: 1." in capsys.readouterr().out


def test_two_papers_open_nothing(locked, monkeypatch, capsys):
    file, shares, _key, own = locked
    code, where = recover(monkeypatch, file, own, shares[1], shares[3])
    assert (code, where.exists()) == (2, False)
    assert capsys.readouterr().err == "Nothing is opened. There are too few papers.\n"


def test_a_paper_of_another_cut_is_told_and_counts_for_nothing(locked, monkeypatch, capsys):
    file, shares, _key, own = locked
    other = split(bytes(32), 3, 2, DICE.randbytes)[0]
    code, where = recover(monkeypatch, file, own, shares[1], other, shares[3])
    assert (code, where.exists()) == (2, False)
    assert "This paper is of none of these recovery keys" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "[]", '{"kind": "something"}', '{"kind": "alongside locked keys 1"}'])
def test_another_file_is_refused(locked, monkeypatch, capsys, text):
    file, shares, _key, own = locked
    file.write_text(text)
    assert recover(monkeypatch, file, own, *shares)[0] == 2
    assert "This is no file of locked keys" in capsys.readouterr().err


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.update(made={}),
        lambda told: told["made"][0].pop("papers"),
        lambda told: told["made"][0].update(needed="3"),
        lambda told: told["made"][0].update(needed=1),
        lambda told: told["made"][0]["papers"].append([]),
        lambda told: told["keys"][0].update(slug=f"parks\n{identity()}"),
        lambda told: told["keys"][0].update(slug="\ud800"),
        lambda told: told["keys"][0].update(wraps=None),
        lambda told: told["keys"][0]["wraps"][1].update(sealed=7),
        lambda told: told["keys"].append(2**70),
        lambda told: told.update(more=1),
    ],
)
def test_a_file_that_is_not_whole_is_refused_before_anybody_types_a_paper(
    locked, monkeypatch, capsys, change
):
    file, shares, _key, own = locked
    told = json.loads(file.read_text())
    change(told)
    file.write_text(json.dumps(told))
    code, where = recover(monkeypatch, file, own, *shares[:3])
    said = capsys.readouterr()
    assert (code, where.exists(), said.out) == (2, False, "")
    assert said.err == "Nothing is opened. This is no file of locked keys; save it again from the reader.\n"
