"""A small signed record in a folder, written the way a server would serve it; tests break copies of it."""

import hashlib
import json
from copy import deepcopy

from alongside.core.canonical import canonical
from alongside.core.grammar import KINDS, VERSION
from alongside.core.ledger import (
    TILE_WIDTH,
    Checkpoint,
    KeyKind,
    Signer,
    Tree,
    bundles_of,
    encode_bundle,
    tiles_of,
)
from alongside.core.sealing import receipt

SIGNER = Signer("record.example/river-city", KeyKind.ED25519, b"r" * 32)
LIBRARY = Signer("library.example", KeyKind.COSIGNATURE, b"l" * 32)
ANA, BEN, CAM = "seat-aaaaaaaa", "seat-bbbbbbbb", "seat-cccccccc"
OFFICE = "water/director"
CODE = receipt.grouped(bytes(range(12)))
MARK = receipt.seal_mark(receipt.read_secret(bytes(range(12)))).hex()
HEX = "ab" * 32


def fake(n):
    return hashlib.sha256(str(n).encode()).hexdigest()


class Words:
    """The public words of a record by the index of the entry that names them."""

    def __init__(self):
        self.rows = {}

    def keep(self, index, text):
        salt = hashlib.sha256(f"{index}{text}".encode()).digest()[:16]
        sha256 = hashlib.sha256(salt + text.encode()).hexdigest()
        self.rows.setdefault(index, []).append({"sha256": sha256, "salt": salt.hex(), "text": text})
        return sha256


class Record:
    """Entries as values, in order, with their words."""

    def __init__(self, v=VERSION):
        self.v = v
        self.entries = []
        self.words = Words()

    def add(self, kind, on, by, data=None, cites=None, texts=(), lang="en"):
        index = len(self.entries)
        self.entries.append(
            {
                "v": self.v,
                "kind": kind,
                "date": on,
                "pen": KINDS[kind].pen,
                "by": by,
                "data": data or {},
                "cites": cites or {},
                "texts": {
                    name: {"lang": lang, "sha256": self.words.keep(index, f"{name} of {index}")}
                    for name in texts
                },
            }
        )
        return index

    def copy(self):
        return deepcopy(self)

    def raw(self):
        return [canonical(value) for value in self.entries]

    def write(self, folder, signer=SIGNER, cosigners=(), raw=None):
        """Write checkpoint, tiles, bundles, words and key into a folder."""
        raw = self.raw() if raw is None else raw
        tree = Tree(raw)
        files = {"vkey": signer.verifier.vkey.encode() + b"\n"}
        head = Checkpoint(signer.name, tree.size, tree.root())
        files["checkpoint"] = head.sign(signer, *cosigners, timestamp=1_790_000_000).encode()
        for ref in tiles_of(tree.size):
            files[ref.path] = tree.tile(*ref)
        for ref in bundles_of(tree.size):
            start = ref.n * TILE_WIDTH
            files[ref.path] = encode_bundle(raw[start : start + ref.width])
            rows = [row for at in range(start, start + ref.width) for row in self.words.rows.get(at, [])]
            files[f"texts/{start}.json"] = json.dumps(rows).encode()
        for path, data in files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        return folder


def small(v=VERSION):
    """A record in which one voice was published and opened, one ask is owed, and one old event is told."""
    record = Record(v)
    record.add(
        "program.opened",
        "2026-01-05",
        ["steward"],
        {"program": "river-city", "time_zone": "America/Los_Angeles", "demonstration": False},
        texts=["name"],
    )
    clocks = {
        "acknowledge_business_days": 5,
        "answer_days": 60,
        "contest_days": 30,
        "reply_days": 30,
        "verify_days": 90,
        "monitor_years": 5,
    }
    policy = {
        "pack": HEX,
        "k": 2,
        "clocks": clocks,
        "languages": ["en"],
        "offices": [OFFICE, "water/manager"],
    }
    if v > 1:
        policy |= {"topics": [], "within": []}
    record.add("policy.adopted", "2026-01-05", ["steward"], policy)
    cohort = record.add(
        "cohort.seated",
        "2026-01-06",
        ["steward"],
        {"cohort": "first", "from": "2026-01-06", "until": "2027-12-31"},
        texts=["name"],
    )
    for seat in (ANA, BEN, CAM):
        record.add(
            "seat.taken",
            "2026-01-06",
            ["steward"],
            {
                "seat": seat,
                "cohort": "first",
                "from": "2026-01-06",
                "until": "2027-12-31",
                "paid_by": "outside",
            },
            {"cohort": [cohort]},
        )
    for seat in (ANA, BEN):
        record.add("key.founded", "2026-01-07", [seat], {"seat": seat, "recipient": "age1x", "sign_key": HEX})
    key = record.add(
        "key.made",
        "2026-01-08",
        [ANA],
        {"engagement": "meters", "recipient": "age1e", "wrapped_to": [ANA, BEN]},
    )
    tested = [record.add("key.tested", "2026-01-08", [seat], cites={"key": [key]}) for seat in (ANA, BEN)]
    promise = record.add(
        "engagement.promised",
        "2026-01-09",
        [ANA, OFFICE],
        {
            "engagement": "meters",
            "community": False,
            "level": {"framework": "iap2", "level": "involve"},
            "languages": ["en"],
            "readers": "any-lead-with-the-key",
            "retention": "standard",
            "closes": "2026-02-20",
            "report_back": "2026-06-01",
            "k": 2,
            "cap": 1000,
            "recipient": "age1e",
            "form": HEX,
            "unit": "water",
            "office": OFFICE,
            "answer_by": "2026-05-01",
        },
        {"key": [key], "tested": tested},
        texts=["title", "decision", "can_change", "cannot_change", "reading", "consent"],
    )
    marks = sorted([MARK, fake(1), fake(2)])
    record.add(
        "voices.published", "2026-02-01", ["clock"], {"marks": marks, "part": 1}, {"engagement": [promise]}
    )
    record.add(
        "voices.opened", "2026-02-03", [ANA, BEN], {"marks": marks, "part": 1}, {"engagement": [promise]}
    )
    finding = record.add(
        "finding.published",
        "2026-02-10",
        [ANA],
        {"smaller": False, "voices": {"low": 2, "high": 9}, "root": HEX},
        {"engagement": [promise]},
        texts=["statement"],
    )
    record.add(
        "ask.recommended",
        "2026-02-11",
        [ANA],
        {"office": OFFICE, "ack_due": "2026-02-18", "answer_due": "2026-04-12"},
        {"finding": [finding], "engagement": [promise]},
        texts=["title", "ask"],
    )
    record.add(
        "reconstructed.promise",
        "2026-03-01",
        ["steward"],
        {
            "thread": "lead-pipes",
            "whose": "city",
            "event_date": "2019-06",
            "sources": ["Minutes of the council, June 2019"],
        },
        texts=["title", "statement"],
    )
    return record
