"""Acts of leads, changed at random by whoever holds the server and the log's own key, are all refused, and in words.

Among them are acts that the leads signed themselves, over a log that lacked what they are about, or their own later word on the same.
ALONGSIDE_SOAK_ACTS is how many in all (1,000,000); ALONGSIDE_SOAK_SEED repeats a run.
"""

import json
import os
import random
import string
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from copy import deepcopy
from multiprocessing import get_context

import pytest

from alongside.core.canonical import canonical
from alongside.core.entries import GrammarError
from alongside.core.grammar.check import check_entry, parse
from alongside.core.grammar.log import MemoryLog, ends, follows
from alongside.core.ledger.tree import Tree
from tests.check.records import ANA, BEN, CAM, OFFICE, SIGNER, fake, hand, recipient, small
from tests.check.test_seats_in_force import signed_plan
from tests.check.test_who_checks import declare, find, promised
from tests.support.acts import signed_act

pytestmark = pytest.mark.soak
ACTS = int(os.environ.get("ALONGSIDE_SOAK_ACTS", "1000000"))
SEED = int(os.environ.get("ALONGSIDE_SOAK_SEED", "7"))
DAY = "2026-03-02"
#: So many processes in turn take a part of the mutants, each with a seed of its own.
PORTIONS = 64
LETTERS = string.ascii_letters + string.digits + "+/"
#: What no signature covers (docs/reference/sealing.md): the day on which the log enters an act, within 14 days, or 90 where leads sign
#: it apart; and the day by which an office says that it has an ask, which follows from that day and from holidays that no log holds.
FREE = frozenset({"date", "ack_due"})


class Case:
    """An act behind a record: its entries before, the act, the entry that it is about, and the last one that whoever signs has to have seen."""

    def __init__(self, record, first, about, hands, size=None, *, seen=None):
        size, self.seen = first if size is None else size, about if seen is None else seen
        self.before = [json.loads(one) for one in record.raw()[:first]]
        self.raw = [canonical(one) for one in self.before]
        self.parsed = [parse(index, raw) for index, raw in enumerate(self.raw)]
        self.about, tree = about, Tree(self.raw)
        more = {"first": first, "origin": SIGNER.name, "hands": {one: hand(one) for one in hands}}
        more |= {"nonce": "5a" * 16}
        self.signed_over = lambda at: signed_act(record.entries[first:], **more, size=at, root=tree.root(at))
        self.act = self.signed_over(size)
        self.log = MemoryLog(SIGNER.name)
        for one, raw in zip(self.parsed, self.raw, strict=True):
            self.log.add(one, raw)
        raws = [canonical(one) for one in self.act]
        self.known = {(place, raw): parse(first + place, raw) for place, raw in enumerate(raws)}
        self.places = [(number, at) for number, one in enumerate(self.act) for at in places(one) if at]

    def judge(self, raws, below=None):
        """Judge an act behind the record as whoever checks a log does; `below` holds entries (by index) that were put in the place of its own."""
        log, last = self.log_over(below), self.parsed[-1]
        same = True
        for place, raw in enumerate(raws):
            entry = self.known.get((place, raw)) or parse(len(log), raw)
            same = same and not below and (place, raw) in self.known
            follows(last, entry, log)
            if not same or place == len(self.act) - 1:  # as it stood before: what differs comes after it
                check_entry(entry, log)
            log.add(entry, raw)
            last = entry
        ends(last, log)

    def log_over(self, below):
        """Give the record as the rules look at it, to which an act is added; one in which nothing was swapped is read once."""
        if not below:
            return Behind(self.log)
        log = MemoryLog(SIGNER.name)
        for index, one in enumerate(self.parsed):
            raw = below.get(index, self.raw[index])
            log.add(parse(index, raw) if index in below else one, raw)
        return log


class Behind:
    """A log behind another that stays as it is, as the rules look at both."""

    def __init__(self, before):
        self.before, self.own, self.origin = before, MemoryLog(before.origin), before.origin

    def __len__(self):
        return len(self.before) + len(self.own)

    def add(self, entry, raw):
        self.own.add(entry, raw)

    def get(self, index):
        return self.before.get(index) or self.own.get(index)

    def citing(self, index, kind):
        return [*self.before.citing(index, kind), *self.own.citing(index, kind)]

    def about(self, kind, subject):
        return [*self.before.about(kind, subject), *self.own.about(kind, subject)]

    def every(self, kind):
        return [*self.before.every(kind), *self.own.every(kind)]

    def act(self, nonce):
        first = self.before.act(nonce)
        return self.own.act(nonce) if first is None else first

    def root(self, size):
        """Give a root of the record before; behind it a second act is signed over no head of ours."""
        return self.before.root(size)


def places(value, at=()):
    """List where something can be changed."""
    yield at
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inside:
        if name not in FREE:
            yield from places(one, (*at, name))


def of_one():
    """Give a record of leads with keys, and the act that the first of them adds, over a head of all but the last: a list with two questions, one over a finding."""
    record = small()
    first = len(record.entries)
    finding = find(record, "finding.published")
    owed = {"office": OFFICE, "ack_due": "2026-03-09", "answer_due": "2026-05-01"}
    record.add("ask.listed", DAY, [ANA], {"office": OFFICE, "questions": 2}, {}, ["title"])
    for over in ({}, {"finding": [finding], **record.entries[finding]["cites"]}):
        record.add("ask.questioned", DAY, [ANA], owed, {"list": [first], **over}, ["title", "ask"])
    return Case(record, first, finding, [ANA], first - 1)


def of_two():
    """Give a record with a claim, and the check of it that two leads signed, each her own part."""
    record = promised()
    first = len(record.entries)
    data = {"milestone": "m1", "completion": "substantial", "saw": {ANA: "complete", BEN: "substantial"}}
    cites = {"claim": [record.claim]}
    record.add("delivery.verified", "2026-03-05", [ANA, BEN], data, cites, ["check", "check-2"])
    return Case(record, first, record.claim, [ANA, BEN])


def of_one_pen():
    """Give a record with a promise, and the pause of it by the lead who holds its key."""
    record = promised()
    first = len(record.entries)
    promise = find(record, "engagement.promised")
    record.add("engagement.paused", "2026-03-05", [ANA], {}, {"engagement": [promise]}, ["ground"])
    return Case(record, first, promise, [ANA])


def after_a_pause():
    """Give a record with a pause, and that the lead who paused lets people speak again."""
    record = promised()
    promise = find(record, "engagement.promised")
    cites = {"engagement": [promise]}
    paused = record.add("engagement.paused", "2026-03-05", [ANA], {}, cites, ["ground"])
    declare(record, BEN, on="2026-03-05", by=BEN, works_for="parks")
    first = record.add("engagement.resumed", "2026-03-06", [ANA], {}, cites)
    return Case(record, first, promise, [ANA], seen=paused)


def after_her_word():
    """Give a record in which a lead says for whom she works, and another lead the same of herself, and that the first works for nobody."""
    record = promised()
    declare(record, ANA, on="2026-03-05", by=ANA, works_for="parks")
    told = len(record.entries) - 1
    declare(record, BEN, on="2026-03-05", by=BEN, works_for="parks")
    first = len(record.entries)
    declare(record, ANA, on="2026-03-06", by=ANA, works_for="nobody")
    return Case(record, first, told, [ANA])


def after_she_left():
    """Give a record in which a lead worked on a project and left it, and that she works on it again."""
    record = promised()
    data = {"project": "bus", "unit": "water"}
    project = record.add("project.registered", DAY, ["water/manager"], data, {}, ["title", "summary"])
    own = {"project": "bus", "seat": ANA}
    for kind in ("project.joined", "project.left"):
        left = record.add(kind, "2026-03-05", [ANA], own, {"project": [project]})
    record.add("project.joined", "2026-03-05", [BEN], own | {"seat": BEN}, {"project": [project]})
    first = record.add("project.joined", "2026-03-06", [ANA], own, {"project": [project]})
    return Case(record, first, project, [ANA], seen=left)


def after_how_far():
    """Give a record in which a lead says how far an activity of a workplan is, and says it again."""
    record = promised()
    plan = signed_plan(record, on="2026-03-05")
    data = {"workplan": "plan", "activity": "a", "completion": "limited", "on": "2026-03-05"}
    told = [record.add("workplan.progressed", "2026-03-05", [ANA], data, {"version": [plan]}, ["evidence"])]
    record.add("workplan.progressed", "2026-03-05", [OFFICE], data, {"version": [plan]}, ["evidence"])
    data |= {"completion": "substantial", "on": "2026-03-06"}
    first = record.add("workplan.progressed", "2026-03-06", [ANA], data, {"version": [plan]}, ["evidence"])
    return Case(record, first, plan, [ANA], seen=told[0])


def of_a_key():
    """Give a record with the key of another engagement, and that a lead tested it."""
    record = promised()
    data = {"engagement": "parks", "recipient": recipient("parks"), "wrapped_to": [ANA, BEN]}
    key = record.add("key.made", "2026-03-05", [ANA], data)
    declare(record, BEN, on="2026-03-05", by=BEN, works_for="parks")
    first = record.add("key.tested", "2026-03-05", [ANA], cites={"key": [key]})
    return Case(record, first, key, [ANA])


def of_a_list():
    """Give a record with a second batch of voices, and the list of them that two leads opened."""
    record = promised()
    cites = {"engagement": [find(record, "engagement.promised")]}
    data = {"marks": sorted([fake(7), fake(8)]), "part": 1}
    record.add("voices.published", "2026-03-05", ["clock"], data, cites)
    first = record.add("voices.opened", "2026-03-05", [ANA, BEN], data, cites)
    return Case(record, first, cites["engagement"][0], [ANA, BEN])


def of_an_end():
    """Give a record in which the last voices are in, and that two leads destroyed their key."""
    record = promised()
    cites, day = {"engagement": [find(record, "engagement.promised")]}, "2027-06-02"
    told = {"voices": {"low": 3, "high": 3}, "withdrawn": "fewer"}
    record.add("voices.closed", day, ["clock"], told, cites)
    first = record.add("key.destroyed", day, [ANA, BEN], {}, cites, ["ground"])
    return Case(record, first, cites["engagement"][0], [ANA, BEN])


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


def moved(draw, act):
    """Move or take whole entries of an act, or whole signatures."""
    sigs = act[0]["act"]["sigs"]
    move = draw.choice(("cut", "swap", "twice", "one less", "another seat", "one more seat", "spelled"))
    if move in {"cut", "swap", "one less"} and len(act) == 1:
        sigs.pop(draw.choice(sorted(sigs)))
    elif move == "cut":
        del act[draw.randrange(1, len(act)) :]
    elif move == "swap":
        at = draw.randrange(1, len(act))
        act[0], act[at] = act[at], act[0]
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
        del act[draw.randrange(len(act))]
    return act


def changed(draw, case):
    """Change an act at one to three places, or move or take whole entries or signatures of it."""
    act = deepcopy(case.act)
    if draw.random() < 0.1:
        return moved(draw, act)
    for _change in range(draw.randint(1, 3)):
        number, at = draw.choice(case.places)
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


def swapped(draw, case):
    """Put other words into an entry that stood before the act, most often into the one that it is about."""
    with_words = [at for at, one in enumerate(case.before[:-1]) if one["texts"]]
    at = case.about if case.about in with_words and draw.random() < 0.5 else draw.choice(with_words)
    entry = deepcopy(case.before[at])
    entry["texts"][draw.choice(sorted(entry["texts"]))]["sha256"] = draw.randbytes(32).hex()
    return {at: canonical(entry)}


CASES = {
    "of one lead": of_one,
    "of two leads": of_two,
    "of one pen": of_one_pen,
    "after a pause": after_a_pause,
    "after her word": after_her_word,
    "after she left": after_she_left,
    "after how far": after_how_far,
    "of a key": of_a_key,
    "of a list": of_a_list,
    "of an end": of_an_end,
}


def too_early(draw, case):
    """Let one of its leads, or each, sign the act over a head before what they have to have seen."""
    act, early = deepcopy(case.act), case.signed_over(draw.randrange(case.seen + 1))
    sigs = act[0]["act"]["sigs"]
    for seat in draw.sample(sorted(sigs), draw.randint(1, len(sigs))):
        sigs[seat] = early[0]["act"]["sigs"][seat]
    return act


def is_of_no_lead(act):
    """Say whether nothing of an act is left but what an office or the coordinator says, who sign nothing."""
    return not any("act" in one or "seat-" in str(one.get("by")) for one in act)


def forge(name, seed, many):
    """Judge so many mutants; give what was taken, what broke in other ways, and how many were refused in words."""
    case = CASES[name]()
    case.judge([canonical(one) for one in case.act])
    draw, taken, broke, refused = random.Random(f"{SEED} {seed}"), [], Counter(), 0
    while refused < many and not taken and not broke:
        below = swapped(draw, case) if draw.random() < 0.1 else None
        act = case.act if below else too_early(draw, case) if draw.random() < 0.1 else changed(draw, case)
        if (act == case.act and not below) or is_of_no_lead(act):
            continue
        try:
            raws = [canonical(one) for one in act]
        except ValueError:
            continue
        try:
            case.judge(raws, below)
        except GrammarError:
            refused += 1
        except Exception as error:  # whatever else is raised is what this looks for
            broke[repr(error)[:200]] += 1
        else:
            taken.append((act, below))
    return taken[:3], broke, refused


@pytest.mark.parametrize("name", CASES)
def test_every_act_that_its_leads_did_not_sign_is_refused_in_words(name):
    each = -(-ACTS // len(CASES) // PORTIONS)
    with ProcessPoolExecutor(mp_context=get_context("fork")) as several:
        told = list(several.map(forge, [name] * PORTIONS, range(PORTIONS), [each] * PORTIONS))
    assert [one[:2] for one in told if one[0] or one[1]] == []
    assert sum(refused for *_rest, refused in told) == each * PORTIONS


@pytest.mark.parametrize("name", CASES)
def test_an_act_is_signed_over_a_head_that_holds_what_it_cites_and_her_last_word(name):
    case = CASES[name]()
    for size in range(len(case.before) + 1):
        raws = [canonical(one) for one in case.signed_over(size)]
        if size > case.seen:
            case.judge(raws)
            continue
        with pytest.raises(GrammarError, match="which lacks what the act cites"):
            case.judge(raws)
