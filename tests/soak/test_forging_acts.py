"""Acts of leads, changed at random by whoever holds the server and the log's own key, are all refused, and in words.

ALONGSIDE_SOAK_ACTS is how many in all (1,000,000); ALONGSIDE_SOAK_SEED repeats a run.
"""

import json
import os
import random
import string
from collections import Counter
from copy import deepcopy

import pytest

from alongside.core.canonical import canonical
from alongside.core.entries import GrammarError
from alongside.core.grammar.check import check_entry, parse
from alongside.core.grammar.log import MemoryLog, ends, follows
from alongside.core.ledger.tree import Tree
from tests.check.records import ANA, BEN, CAM, OFFICE, SIGNER, hand, small
from tests.support.acts import signed_act

pytestmark = pytest.mark.soak
ACTS = int(os.environ.get("ALONGSIDE_SOAK_ACTS", "1000000"))
SEED = int(os.environ.get("ALONGSIDE_SOAK_SEED", "7"))
DAY = "2026-03-02"
LETTERS = string.ascii_letters + string.digits + "+/"
#: What no signature covers: the day on which the log enters an act, within 14 days.
FREE = frozenset({"date"})


def values(size=None):
    """Give a record of leads with keys, and the act that the first of them adds, over a head of `size`, else of all but the last: a list with two questions, one over a finding."""
    record = small()
    before = [json.loads(one) for one in record.raw()]
    first = len(before)
    finding = next(at for at, one in enumerate(before) if one["kind"] == "finding.published")
    owed = {"office": OFFICE, "ack_due": "2026-03-09", "answer_due": "2026-05-01"}
    record.add("ask.listed", DAY, [ANA], {"office": OFFICE, "questions": 2}, {}, ["title"])
    for over in ({}, {"finding": [finding], **before[finding]["cites"]}):
        record.add("ask.questioned", DAY, [ANA], owed, {"list": [first], **over}, ["title", "ask"])
    tree = Tree(canonical(one) for one in before)
    more = {"first": first, "origin": SIGNER.name, "hands": {ANA: hand(ANA)}, "nonce": "5a" * 16}
    size = tree.size - 1 if size is None else size
    return before, signed_act(record.entries[first:], **more, size=size, root=tree.root(size)), finding


BEFORE, ACT, FINDING = values()
RAW = [canonical(one) for one in BEFORE]
PARSED = [parse(index, raw) for index, raw in enumerate(RAW)]


def judge(raws, below=None):
    """Judge an act behind the record as whoever checks a log does; `below` holds entries (by index) that were put in the place of its own."""
    log = MemoryLog(SIGNER.name)
    for index, one in enumerate(PARSED):
        swapped = (below or {}).get(index)
        log.add(parse(index, swapped) if swapped else one, swapped or RAW[index])
    last = PARSED[-1]
    for raw in raws:
        entry = parse(len(log), raw)
        follows(last, entry, log)
        check_entry(entry, log)
        log.add(entry, raw)
        last = entry
    ends(last, log)


def places(value, at=()):
    """List where something can be changed."""
    yield at
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inside:
        if at or name not in FREE:
            yield from places(one, (*at, name))


PLACES = [(number, at) for number, one in enumerate(ACT) for at in places(one) if at]
OTHERS = (
    BEN,
    ANA,
    OFFICE,
    "steward",
    "en",
    DAY,
    "2026-03-20",
    "ab" * 32,
    "5a" * 16,
    "A" * 86 + "==",
    0,
    1,
    16,
    17,
    18,
    True,
    None,
    [],
    {},
    "",
)


def other(draw, old):
    """Draw something else."""
    if isinstance(old, str) and old and draw.random() < 0.5:
        at = draw.randrange(len(old))
        return old[:at] + draw.choice("0189abcdefXYZ+/=- é") + old[at + 1 :]
    if isinstance(old, int) and draw.random() < 0.5:
        return old + draw.choice((-1, 1, 2**31, 2**53))
    return deepcopy(draw.choice(OTHERS))


def changed(draw):
    """Change an act at one to three places, or move or take whole entries of it."""
    act = deepcopy(ACT)
    if draw.random() < 0.1:
        sigs = act[0]["act"]["sigs"]
        move = draw.choice(("cut", "swap", "twice", "one less", "another seat", "one more seat", "spelled"))
        if move == "cut":
            del act[draw.randrange(1, 3) :]
        elif move == "swap":
            act[0], act[draw.randrange(1, 3)] = act[draw.randrange(1, 3)], act[0]
        elif move == "twice":
            act += deepcopy(act)
        elif move == "another seat":
            act[0]["act"]["sigs"] = {draw.choice((BEN, CAM)): sigs[ANA]}
        elif move == "one more seat":
            sigs[draw.choice((BEN, CAM))] = dict(sigs[ANA])
        elif move == "spelled":  # the bits that base64 leaves over say nothing, and stand for the same bytes
            sig = sigs[ANA]["sig"]
            sigs[ANA]["sig"] = sig[:-3] + draw.choice(LETTERS) + "=="
        else:
            del act[draw.randrange(3)]
        return act
    for _change in range(draw.randint(1, 3)):
        number, at = draw.choice(PLACES)
        inside = act[number]
        try:
            for name in at[:-1]:
                inside = inside[name]
            if draw.random() < 0.15:
                del inside[at[-1]]
            else:
                inside[at[-1]] = other(draw, inside[at[-1]])
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took it away
    return act


def swapped(draw):
    """Put other words into an entry that stood before the act, most often into the finding that it cites."""
    with_words = [at for at, one in enumerate(BEFORE[:-1]) if one["texts"]]
    at = FINDING if draw.random() < 0.5 else draw.choice(with_words)
    entry = deepcopy(BEFORE[at])
    entry["texts"][draw.choice(sorted(entry["texts"]))]["sha256"] = draw.randbytes(32).hex()
    return {at: canonical(entry)}


def test_every_act_that_its_lead_did_not_sign_is_refused_in_words():
    judge([canonical(one) for one in ACT])
    draw, taken, broke, refused = random.Random(SEED), [], Counter(), 0
    for _mutant in range(ACTS):
        below = swapped(draw) if draw.random() < 0.1 else None
        act = ACT if below else changed(draw)
        if act == ACT and not below:
            continue
        try:
            raws = [canonical(one) for one in act]
        except ValueError:
            continue
        try:
            judge(raws, below)
        except GrammarError:
            refused += 1
        except Exception as error:  # whatever else is raised is what this looks for
            broke[repr(error)[:200]] += 1
        else:
            taken.append((act, below))
    assert (taken[:3], broke) == ([], Counter())
    assert refused > ACTS * 0.9


@pytest.mark.parametrize("size", range(len(BEFORE) + 1))
def test_an_act_is_signed_over_a_head_that_holds_what_it_cites(size):
    _before, act, _finding = values(size)
    if size > FINDING:
        return judge([canonical(one) for one in act])
    with pytest.raises(GrammarError, match="which lacks what the act cites"):
        judge([canonical(one) for one in act])
