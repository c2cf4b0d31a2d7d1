"""The file of what people sealed: read as it was written, and refused where it is not whole, or where its log did not sign what it rests on."""

import hashlib
import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from alongside.core.canonical import canonical
from alongside.core.ledger.checkpoint import Checkpoint
from alongside.core.ledger.keys import KeyKind, Signer
from alongside.core.ledger.tree import Tree
from alongside.core.sealing.saved import FORMAT, Saved, SavedError, lines_of, read_saved

CASES = json.loads((Path(__file__).parents[2] / "vectors" / "saved.json").read_text())["cases"]
GOOD = next(one["file"] for one in CASES if one["name"] == "a title in the other language, too")
LOG = Signer(GOOD["origin"], KeyKind.ED25519, hashlib.sha256(b"log/1").digest())
VOICES = [("ab" * 32, b"sealed"), ("cd" * 32, b"")]
NOT_WHOLE = "This file is not whole; save it again from the site."
CUT_SHORT = "This file was cut short; save it again from the site."


def first(found):
    """Read a first line; no voice follows."""
    return read_saved(iter([json.dumps(found).encode()]))[0]


def lines():
    """Write a file with two voices."""
    saved = Saved(**{name: one for name, one in GOOD.items() if name != "kind"})
    return [one.encode() for one in lines_of(saved, VOICES)]


def voices_in(written):
    """Read the voices of a file."""
    return list(read_saved(iter(written))[1])


def promising(**data):
    """Give a file whose promise says more, under a head of the same log."""
    values = [json.loads(one["entry"]) for one in GOOD["entries"]]
    values[GOOD["promise"]]["data"] |= data
    raw = [canonical(one) for one in values]
    tree = Tree(raw)
    entries = [
        {"index": at, "entry": one.decode(), "path": [step.hex() for step in tree.inclusion(at)]}
        for at, one in enumerate(raw)
    ]
    return {**GOOD, "entries": entries, "head": Checkpoint(LOG.name, len(raw), tree.root()).sign(LOG)}


def test_a_file_is_read_as_it_was_written():
    saved, voices = read_saved(iter(lines()))
    assert {"kind": FORMAT} | asdict(saved) == GOOD
    assert list(voices) == VOICES


def test_until_when_voices_are_kept_is_what_the_promise_says():
    assert first(GOOD).kept_until is None
    assert first(promising(voices_kept_until="2027-01-31")).kept_until == date(2027, 1, 31)


@pytest.mark.parametrize("day", ["soon", "2027-02-30", 7])
def test_a_promise_that_names_no_day_is_refused_before_anything_opens(day):
    with pytest.raises(SavedError) as error:
        first(promising(voices_kept_until=day))
    assert str(error.value) == NOT_WHOLE


@pytest.mark.parametrize("kind", ["alongside sealed voices 2", "alongside act 1", "", None, 1])
def test_a_file_of_another_kind_is_none_of_these(kind):
    with pytest.raises(SavedError, match="This file holds no sealed voices"):
        first({**GOOD, "kind": kind})


@pytest.mark.parametrize(
    "wrong", [{"keyring": "?"}, {"keyring": "é"}, {"wraps": ["AAAA", "A"]}, {"wraps": "AAAA"}]
)
def test_what_opens_a_file_is_base64(wrong):
    with pytest.raises(SavedError) as error:
        first(GOOD | wrong)
    assert str(error.value) == NOT_WHOLE


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda one: one[:-1], CUT_SHORT),
        (lambda one: one[:1], CUT_SHORT),
        (lambda one: [*one[:2], *one[3:]], NOT_WHOLE),  # a voice less than it says
        (lambda one: [*one[:-1], *one[2:]], NOT_WHOLE),  # a voice more
        (lambda one: [*one, one[1]], NOT_WHOLE),  # a voice behind the last line
        (lambda one: [*one, b"\n"], NOT_WHOLE),
        (lambda one: [*one[:-1], b'{"voices": 2, "more": 1}\n'], NOT_WHOLE),
        (lambda one: [one[0], one[1].replace(b"abab", b"ABAB"), *one[2:]], NOT_WHOLE),  # no seal mark
        (lambda one: [one[0], one[1].replace(b"abab", b"ab"), *one[2:]], NOT_WHOLE),
        (lambda one: [one[0], one[1].replace(b'"c2VhbGVk"', b'"c2VhbGVk?"'), *one[2:]], NOT_WHOLE),
        (lambda one: [one[0], one[1].replace(b"mark", b"other"), *one[2:]], NOT_WHOLE),
        (lambda one: [one[0], b"[]\n", *one[2:]], NOT_WHOLE),
        (lambda one: [one[0], b"\xff\n", *one[2:]], NOT_WHOLE),
    ],
)
def test_a_file_that_lacks_or_adds_anything_is_refused_where_it_is_read(change, says):
    assert voices_in(lines()) == VOICES
    with pytest.raises(SavedError) as error:
        voices_in(change(lines()))
    assert str(error.value) == says


def test_only_the_key_that_the_file_names_signs_its_head():
    other = Signer(LOG.name, KeyKind.ED25519, bytes(32))
    head = Checkpoint(
        LOG.name, len(GOOD["entries"]), Tree([one["entry"].encode() for one in GOOD["entries"]]).root()
    )
    assert first({**GOOD, "head": head.sign(LOG, other)}).vkey == LOG.verifier.vkey
    assert first({**GOOD, "head": head.sign(other), "vkey": other.verifier.vkey}).vkey == other.verifier.vkey
    with pytest.raises(SavedError, match="does not stand in the public log"):
        first({**GOOD, "head": head.sign(other)})
