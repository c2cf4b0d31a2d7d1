"""A small signed record in a folder, written the way a server would serve it; tests break copies of it."""

import base64
import hashlib
import json
import re
from copy import deepcopy
from datetime import date
from types import MappingProxyType

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from alongside.core.canonical import canonical
from alongside.core.grammar.program import terms_of
from alongside.core.grammar.versions import GRAMMARS, KINDS, VERSION
from alongside.core.ledger.checkpoint import Checkpoint
from alongside.core.ledger.keys import KeyKind, Signer
from alongside.core.ledger.tiles import TILE_WIDTH, bundles_of, encode_bundle, tiles_of
from alongside.core.ledger.tree import Tree
from alongside.core.policy.load import load_pack
from alongside.core.policy.parts import parts_of
from alongside.core.sealing import receipt
from alongside.core.sealing.keys import recipient_text
from alongside.core.sealing.leads import (
    checked_statement,
    joined_statement,
    locked_statement,
    papers_statement,
    vouch_statement,
)
from alongside.core.sealing.voice import form_hash
from alongside.ground.programs.pack_files import shipped_pack
from tests.support.acts import HANDS, with_acts

SIGNER = Signer("record.example/river-city", KeyKind.ED25519, b"r" * 32)
LIBRARY = Signer("library.example", KeyKind.COSIGNATURE, b"l" * 32)
ANA, BEN, CAM = "seat-aaaaaaaa", "seat-bbbbbbbb", "seat-cccccccc"
OFFICE = "water/director"
CODE = receipt.grouped(bytes(range(12)))
MARK = receipt.seal_mark(receipt.read_secret(bytes(range(12)))).hex()
HEX = "ab" * 32


def fake(n):
    return hashlib.sha256(str(n).encode()).hexdigest()


def hand(seat):
    """Give the signing key of a seat, and keep it by its public one."""
    drawn = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seat.encode()).digest())
    HANDS[drawn.public_key().public_bytes_raw().hex()] = drawn
    return drawn


def recipient(name):
    """Give the age recipient of a name."""
    secret = X25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())
    return recipient_text(secret.public_key().public_bytes_raw())


def key_of(seat):
    """Give the public keys of a seat, as key.founded and key.certified hold them."""
    sign_key = hand(seat).public_key().public_bytes_raw().hex()
    return {"seat": seat, "recipient": recipient(seat), "sign_key": sign_key}


def cert(voucher, seat, origin):
    """Give what a lead signs to vouch for the key of a seat, as key.certified holds it."""
    signed = hand(voucher).sign(vouch_statement(origin=origin, **key_of(seat)))
    return {"seat": voucher, "signature": base64.b64encode(signed).decode()}


def founded(first, second, origin, at):
    """Give what the second founding key holds, and cites: the keys of a seat, and what both leads signed."""
    certs = [cert(first, second, origin), cert(second, first, origin)]
    return {**key_of(second), "certs": certs}, {"key": [at]}


def recovery(origin, leads, engagement, key, at, name=str):
    """Give the entries, from index `at` on, by which a lead makes two recovery papers, a second one checks both, and a key is locked to them.

    `name` gives that of the hand with which a seat signs.
    """
    to, known = recipient(f"papers {at}"), [fake(f"paper {at} {one}") for one in (1, 2)]
    said = {"recipient": to, "needed": 2, "papers": known}

    def sign(seat, statement):
        return base64.b64encode(hand(name(seat)).sign(statement)).decode()

    maker, seat = leads
    signed = {
        maker: papers_statement(origin=origin, **said),
        seat: joined_statement(origin=origin, **said),
    }
    certs = [{"seat": one, "signature": sign(one, signed[one])} for one in leads]
    yield "recovery.made", leads, {"maker": maker, **said, "certs": certs}, {}
    for paper in (1, 2):
        checked = checked_statement(origin=origin, recipient=to, paper=paper, known_by=known[paper - 1])
        yield "recovery.checked", [seat], {"paper": paper, "signature": sign(seat, checked)}, {"papers": [at]}
    named = {"engagement": engagement, "recipient": recipient(engagement)}
    locked = locked_statement(origin=origin, keys={"papers": to}, **named)
    signature = {"signature": sign(leads[0], locked)}
    yield "recovery.locked", leads[:1], {**named, **signature}, {"key": [key], "papers": [at]}


def with_what_they_saw(kind, by, data):
    """Give what an entry holds; who checks a delivery saw what counts, where nothing else is said."""
    if kind not in {"delivery.verified", "delivery.disputed"}:
        return data
    return {"saw": dict.fromkeys(by, data["completion"]), **data}


def signed(kind, by, data, keys, origin, rings=MappingProxyType({})):
    """Give what an entry holds, with what the lead who brings, makes or shares a key signs; `keys` are the leads' by seat.

    Another name signs for a lead whose signing key was neither drawn here nor is in `rings`.
    """
    data = with_what_they_saw(kind, by, data)
    if "signature" in data:
        return data
    if kind in {"key.founded", "key.certified"}:
        own, names = data, ("seat", "recipient", "sign_key")
        statement = vouch_statement(origin=origin, **{name: data[name] for name in names})
    elif kind in {"key.made", "key.shared"}:
        own = keys.get(by[0], {})
        to = {one: keys[one]["recipient"] for one in data["wrapped_to"] if one in keys}
        named = {name: data[name] for name in ("engagement", "recipient")}
        statement = locked_statement(origin=origin, keys=to, **named)
    else:
        return data
    if by[0] in rings:
        return {**data, "signature": rings[by[0]].sign(statement)}
    signer = HANDS.get(own.get("sign_key")) or hand("nobody")
    return {**data, "signature": base64.b64encode(signer.sign(statement)).decode()}


#: What grammar 1 held in the entry itself, and is a text since.
OLD = {"ground": "Case 7", "sources": ["An old paper"]}


def in_grammar(v, value):
    """Give an entry as an older grammar would hold it, without the data that came later."""
    came = KINDS[value["kind"]].since
    data = {name: one for name, one in value["data"].items() if came.get(f"data.{name}", 1) <= v}
    texts = {name: one for name, one in value["texts"].items() if came.get(f"texts.{name}", 1) <= v}
    was = GRAMMARS[v][value["kind"]].data
    data |= {name: one for name, one in OLD.items() if v == 1 and name in was and name not in data}
    cites = {role: one for role, one in value["cites"].items() if came.get(f"cites.{role}", 1) <= v}
    return {**value, "v": v, "data": data, "cites": cites, "texts": texts}


def questions(languages):
    """Give the form of a promise: one question, in each of its languages."""
    words = {lang: f"What is hard for you at the counter? ({lang})" for lang in languages}
    return {"v": 1, "questions": [{"id": "q1", "kind": "text", "words": words}]}


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
        data = signed(kind, by, data or {}, self.keys(), SIGNER.name)
        self.entries.append(
            in_grammar(
                self.v,
                {
                    "kind": kind,
                    "date": on,
                    "pen": KINDS[kind].pen,
                    "by": by,
                    "data": data,
                    "cites": cites or {},
                    "texts": {
                        name: {
                            "lang": "zxx" if name == "sources" else lang,
                            "sha256": self.words.keep(index, self.said(name, index, data)),
                        }
                        for name in texts
                    },
                },
            )
        )
        return index

    def recover(self, on, engagement, key, leads=(ANA, BEN)):
        """Let two leads make and check recovery papers, which open a key too; before grammar 5 there were none."""
        if self.v >= 5:
            for kind, by, data, cites in recovery(
                SIGNER.name, list(leads), engagement, key, len(self.entries)
            ):
                self.add(kind, on, list(by), data, cites)

    def keys(self):
        """Give the newest key of each seat."""
        brought = [one["data"] for one in self.entries if one["kind"] in {"key.founded", "key.certified"}]
        return {one["seat"]: one for one in brought}

    def said(self, name, index, data):
        """Give the words of a text: of a promise's questions, those that it asks."""
        is_form = name == "form" and "languages" in data
        return canonical(questions(data["languages"])).decode() if is_form else f"{name} of {index}"

    def copy(self):
        return deepcopy(self)

    def raw(self):
        return [canonical(value) for value in with_acts(self.entries, origin=SIGNER.name, hands=HANDS)]

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
        if canonical(small().entries[1]) in raw:
            files[f"rules/{PACK}.json"] = canonical(parts_of(load_pack(RULES)))
        for path, data in files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        return folder


def _rules():
    """Give the neutral pack with a water bureau, k of 2, and the zone of these records."""
    text = shipped_pack("neutral").replace('"libraries-and-halls"', '"water"')
    water = text[text.index('slug = "water"') :].split("[[units]]")[0]
    renamed = water.replace('"manager"', '"director"').replace('"staff"', '"manager"')
    changed = {"k": "2", "escalate_to": '"water/manager"', "time_zone": '"America/Los_Angeles"'}
    text = text.replace(water, renamed)
    for name, value in changed.items():
        text = re.sub(rf"(?m)^{name} = .*$", f"{name} = {value}", text, count=1)
    return text


RULES = _rules()
PACK = hashlib.sha256(RULES.encode()).hexdigest()


def small(v=VERSION):
    """A record in which one voice was published and opened, one ask is owed, and one old event is told.

    People were promised something before there were recovery papers, in grammar 4 at most.
    """
    record = Record(min(v, 4))
    record.add(
        "program.opened",
        "2026-01-05",
        ["steward"],
        {"program": "river-city", "time_zone": "America/Los_Angeles", "demonstration": False},
        texts=["name"],
    )
    record.add(
        "policy.adopted", "2026-01-05", ["steward"], terms_of(load_pack(RULES), PACK, date(2026, 1, 5))
    )
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
    first = record.add("key.founded", "2026-01-07", [ANA], key_of(ANA))
    record.add("key.founded", "2026-01-07", [BEN], *founded(ANA, BEN, SIGNER.name, first))
    key = record.add(
        "key.made",
        "2026-01-08",
        [ANA],
        {"engagement": "meters", "recipient": recipient("meters"), "wrapped_to": [ANA, BEN]},
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
            "closes": "2027-06-01",
            "report_back": "2027-06-01",
            "voices_kept_until": "2027-06-01",
            "k": 2,
            "cap": 1000,
            "recipient": recipient("meters"),
            "form": form_hash(questions(["en"])),
            "unit": "water",
            "office": OFFICE,
            "answer_by": "2027-06-01",
        },
        {"key": [key], "tested": tested},
        texts=["title", "decision", "can_change", "cannot_change", "reading", "consent", "form"],
    )
    record.v = v
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
        {"smaller": False, "voices": {"low": 2, "high": 3}, "root": HEX},
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
        },
        texts=["title", "statement", "sources"],
    )
    return record
