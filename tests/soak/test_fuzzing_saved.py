"""Files of what people sealed are changed at random, and opened as `alongside key open` opens them: a lead reads what was promised and said, or nothing.

ALONGSIDE_SOAK_MUTANTS says how many: a twentieth (50,000) of the first line's bytes, a twentieth of its structure, and a tenth (100,000) of what stands in
it under a head that the log's own key signed anew, so that only what leads signed is left to refuse them. ALONGSIDE_SOAK_SEED repeats a run.
"""

import hashlib
import json
import random
from collections import Counter
from copy import deepcopy
from pathlib import Path

import pytest

from alongside.check import voices
from alongside.check.leads import read_own
from alongside.core.entries import GrammarError
from alongside.core.ledger.checkpoint import Checkpoint
from alongside.core.ledger.hashing import LedgerError
from alongside.core.ledger.keys import KeyKind, Signer
from alongside.core.ledger.tree import Tree
from alongside.core.sealing import receipt
from alongside.core.sealing.envelope import seal
from alongside.core.sealing.header import SealedError
from alongside.core.sealing.saved import SavedError, read_saved
from alongside.core.sealing.voice import Voice, plaintext
from tests.soak.test_forging_acts import other, places
from tests.soak.test_fuzzing import SEED, mutant
from tests.soak.test_fuzzing import share as rounds

pytestmark = pytest.mark.soak
REFUSALS = (SavedError, SealedError, GrammarError, LedgerError)  # what the command tells in words
VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "saved.json").read_text())
#: All that stands in these true leads signed, but not in this order: in another one it holds, so they are no ghosts' work.
IN_ANOTHER_ORDER = {
    "made by one who became a lead later",
    "a promise before its lead had a key",
    "a ghost who founds with one who was only vouched for makes it",
}
CASES = [one for one in VECTORS["cases"] if one["name"] not in IN_ANOTHER_ORDER]
FILES = [one["file"] for one in CASES]
#: The log of the vectors.
LOG = Signer(FILES[0]["origin"], KeyKind.ED25519, hashlib.sha256(b"log/1").digest())
#: Files that whoever holds the log's key can write, in which something stands that no lead signed.
FORGED = [one for one in CASES if one["why"] in {"forged", "other-own", "not-signed"}]
#: Files that open, with keyrings that remember who founded the set; one of before takes others, too (decision 94).
WHOLE = [one for one in CASES if not one["why"] and "founders" in VECTORS["rings"][one["ring"]]]
WHOLE = [one for one in WHOLE if one["file"]["title"]]
WHOLE = [one for one in WHOLE if all(each["index"] == at for at, each in enumerate(one["file"]["entries"]))]
JUNK = (None, True, 0, 1, -1, 2**70, 1.5, 1e999, "", "x", "é", "\ud800", [], {}, ["x"], [[]], [{}], {"x": []})


class Case:
    """A file that opens for a lead with this keyring, one voice in it, and what the lead reads."""

    def __init__(self, case):
        self.file, self.own = case["file"], read_own(json.dumps(VECTORS["rings"][case["ring"]]).encode())
        self.forged = [one["file"] for one in FORGED if one["ring"] == case["ring"]]
        saved, _voices = read_saved(iter([self.line(self.file)]))
        about, read = saved.entry["data"], receipt.read_secret(b"twelve bytes")
        agreed = {"notice": saved.notice, "how": "screen", "on": "2026-12-01"}
        said = {"r": read.hex(), "lang": "en", "quote": True, "answers": {"q1": "More."}, "taken": "self"}
        voice = Voice(engagement=about["engagement"], form=about["form"], consent=agreed, **said)
        self.voice = receipt.seal_mark(read).hex(), seal(plaintext(voice), about["recipient"])
        self.reads = self.reading(self.line(self.file))
        assert LOG.verifier.vkey == self.file["vkey"]
        assert "More." in self.reads[-1]

    def line(self, found):
        return json.dumps(found).encode()

    def reading(self, line):
        """Give all that a lead reads of a file; raise one of the refusals."""
        saved, _voices = read_saved(iter([line]))
        found = voices.open_all(saved, [self.voice], self.own)
        title = (saved.title.get("words"), saved.title.get("lang"))
        table = voices.as_csv(saved, found, saved.entry["data"]["languages"][0])
        return title, saved.notice, voices.compare(saved), saved.kept_until, saved.form, table

    def is_read_alike(self, reading, way):
        """Say whether a lead reads what was promised and said; a file may lack the title, as it does where that was taken down.

        Whoever holds the log's key can write a promise under another number; page and command show it, to be compared.
        """
        (title, notice, number, *rest), (own, told, shown, *said) = reading, self.reads
        is_numbered = number == shown or (way is signed_anew and LOG.verifier.vkey in number)
        return title in (own, (None, None)) and is_numbered and (notice, rest) == (told, said)


def in_bytes(draw, case):
    """Change the first line in one to four ways, in its bytes."""
    line = case.line(case.file)
    at = draw.choice([0, draw.randrange(len(line))])
    return line[:at] + mutant(draw, line[at : at + 400]) + line[at + 400 :]


def put(draw, inside, at):
    """Put something else at a place, or take it away."""
    for name in at[:-1]:
        inside = inside[name]
    old = inside[at[-1]]
    way = draw.random()
    if way < 0.15:
        del inside[at[-1]]
    elif way < 0.4:
        inside[at[-1]] = deepcopy(draw.choice(JUNK))
    elif isinstance(old, list):
        inside[at[-1]] = draw.choice([old[::-1], old + old[:1], old[1:], draw.sample(old, len(old))])
    else:
        inside[at[-1]] = other(draw, old)


def in_structure(draw, case):
    """Change fields, entries, their places and the steps of their paths, or take parts of another file."""
    found = deepcopy(case.file)
    entries, way = found["entries"], draw.randrange(8)
    one, two = draw.sample(range(len(entries)), 2)
    if way == 0:  # a part of each of two entries stands in the other
        name = draw.choice(("index", "entry", "path"))
        entries[one][name], entries[two][name] = entries[two][name], entries[one][name]
    elif way == 1:
        entries[one]["path"] = [
            draw.randbytes(32).hex() if draw.random() < 0.5 else step for step in entries[one]["path"]
        ]
    elif way == 2:
        entries.append(deepcopy(entries[one]) | {"index": draw.randrange(-1, len(entries) + 1)})
    elif way == 3:  # of another file, also of a forged one
        name = draw.choice(sorted(found))
        found[name] = deepcopy(draw.choice(FILES).get(name))
    elif way == 4:
        entries[one] = deepcopy(draw.choice(draw.choice(FILES)["entries"]))
    else:
        for _change in range(draw.randint(1, 2)):
            try:
                put(draw, found, draw.choice([at for at in places(found) if at]))
            except (KeyError, IndexError, TypeError):
                continue  # an earlier change took it away
    return case.line(found)


#: All entries of the vectors, the forged ones, too.
BROUGHT = [json.loads(one["entry"]) for file in FILES for one in file["entries"]]


def signed_anew(draw, case):
    """Change the entries, also of a file that is forged already, and give them under a head that the log's key signed over them."""
    file = case.file if draw.random() < 0.5 else draw.choice(case.forged)
    values = [json.loads(one["entry"]) for one in file["entries"]]
    one, two = draw.sample(range(len(values)), 2)
    more, way = {}, draw.randrange(8)
    if way == 0:
        values[one], values[two] = values[two], values[one]
        more = {draw.choice(("made", "promise")): draw.choice((one, two))} if draw.random() < 0.5 else {}
    elif way == 1:
        values[one] = deepcopy(draw.choice(BROUGHT))
    elif way == 2:
        values = [deepcopy(draw.choice(BROUGHT)) if draw.random() < 0.6 else was for was in values]
    elif way == 3:
        values[file["promise"]]["data"]["recipient"] = draw.choice(PUBLIC)
    elif way == 4:  # of the keys or signatures of an entry those of another
        theirs = deepcopy(draw.choice(BROUGHT)["data"])
        name = draw.choice(sorted(theirs))
        values[one]["data"][name] = theirs[name]
    elif way == 5:
        pass  # as it is forged, or as it is
    else:
        for _change in range(draw.randint(1, 2)):
            at = draw.randrange(len(values))
            try:
                put(draw, values[at], draw.choice([one for one in places(values[at]) if one]))
            except (KeyError, IndexError, TypeError):
                continue  # an earlier change took it away
    return case.line(under_a_head(file, values) | more)


PUBLIC = sorted({one["data"]["recipient"] for one in BROUGHT if "recipient" in one["data"]})


def under_a_head(file, values):
    """Give the file with these entries, as whoever holds the log's key can write it."""
    raw = [
        json.dumps(one, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "replace")
        for one in values
    ]
    tree = Tree(raw)
    head = Checkpoint(LOG.name, len(raw), tree.root()).sign(LOG)
    entries = [
        {"index": at, "entry": one.decode(), "path": [step.hex() for step in tree.inclusion(at)]}
        for at, one in enumerate(raw)
    ]
    return {**file, "head": head, "entries": entries}


#: What is said where only what leads signed, or did not, stood against a file.
BY_LEADS = ("No lead ", "By this file, other keys than yours")


@pytest.mark.parametrize(("way", "part"), [(in_bytes, 0.05), (in_structure, 0.05), (signed_anew, 0.1)])
def test_a_lead_reads_of_a_changed_file_what_was_promised_and_said_or_nothing(way, part):
    draw, cases, told = random.Random(SEED), [Case(one) for one in WHOLE], Counter()
    for turn in rounds(part):
        case = cases[turn % len(cases)]
        line = way(draw, case)
        try:
            reading = case.reading(line)
        except REFUSALS as error:
            told[str(error)] += 1
            continue
        told["read"] += 1
        differ = [both for both in zip(case.reads, reading, strict=True) if both[0] != both[1]]
        assert case.is_read_alike(reading, way), (differ, line)
    by_leads = sum(count for words, count in told.items() if words.startswith(BY_LEADS))
    assert by_leads > 0.4 * told.total() or way is not signed_anew, told
    assert told["read"] < told.total() / 4, told
