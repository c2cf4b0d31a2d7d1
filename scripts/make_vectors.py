"""Writes vectors/*.json, on which Python and TypeScript must agree. Usage: python scripts/make_vectors.py"""

import base64
import hashlib
import json
import sys
import unicodedata
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from alongside.core.canonical import canonical
from alongside.core.disclosure import band, beside
from alongside.core.ledger.checkpoint import Checkpoint
from alongside.core.ledger.keys import KeyKind, Signer
from alongside.core.ledger.tree import Tree
from alongside.core.policy.load import load_pack
from alongside.core.refusals import UnusableInputError
from alongside.core.salted import salted_hash
from alongside.core.sealing import (
    acts,
    bech32,
    devices,
    envelope,
    keys,
    leads,
    marks,
    recovery_papers,
    receipt,
    saved,
    strategy,
    voice,
)
from alongside.ground.programs.pack_files import shipped_pack

OUT = Path(__file__).parents[1] / "vectors"


def stream(seed: str):
    """Return random(n) that gives the same bytes every time: SHA-256 of seed and a count."""
    count = 0

    def random(size: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.sha256(f"{seed}/{count}".encode()).digest()[:size]

    return random


def canonical_cases():
    values = [
        None,
        {"b": 1, "a": [True, False, None], "ñ": "خ"},
        {"\U00010000": 1, "\uffff": 2, "": 3, "a\u0000b": 4},
        '"\\/\n\r\t\b\f\x00\x1f\x7f\u2028é e\u0301 🐟',
        [2**53, -(2**53), 0],
        {"v": 1, "questions": [{"id": "q1", "kind": "scale", "steps": 5}]},
    ]
    return [{"value": value, "bytes": canonical(value).hex()} for value in values]


def receipt_cases():
    secrets = [bytes(12), b"\xff" * 12, bytes(range(12)), *(stream(f"receipt {n}")(12) for n in range(20))]
    good = []
    for secret in secrets:
        read, act = receipt.read_secret(secret), receipt.act_secret(secret)
        good.append(
            {
                "secret": secret.hex(),
                "grouped": receipt.grouped(secret),
                "read": read.hex(),
                "act": act.hex(),
                "seal_mark": receipt.seal_mark(read).hex(),
                "act_hash": receipt.act_hash(act).hex(),
                "offer_tag": receipt.offer_tag(read).hex(),
            }
        )
    return good


def typed_cases():
    secret = stream("typed")(12)
    row = receipt.digits(secret)
    zeros = [chr(c) for c in range(0x110000) if unicodedata.decimal(chr(c), None) == 0]
    cases = [
        {"typed": "".join(chr(ord(zero) + int(d)) for d in row), "secret": secret.hex()} for zero in zeros
    ]
    for between in (" ", "-", "\u00a0", "\u2013", "\u2011", "\u200f", "\u2066", " / ", ".", "\n", "\ufeff"):
        cases.append({"typed": between.join(row[n : n + 5] for n in range(0, 30, 5)), "secret": secret.hex()})
    swapped = row[:28] + row[29] + row[28]
    wrong = str((int(row[0]) + 1) % 10) + row[1:]
    number = str((1 << 96) + 5).zfill(29)
    beyond = number + str(receipt.damm(number))
    for typed in (
        "",
        row[:28],
        row + "0",
        row[:10] + "x" + row[10:],
        wrong,
        swapped,
        beyond,
        "½" + row,
        "²" * 30,
    ):
        try:
            receipt.parse(typed)
        except UnusableInputError as error:
            cases.append({"typed": typed, "error": error.why})
    return cases


def envelope_cases():
    cases = []
    for n, size in enumerate((0, 1, 1024, 4096, 16384, 65536, 65537, 131072)):
        secret = stream(f"identity {n}")(32)
        identity = keys.identity_text(secret)
        recipient = keys.recipient_of(identity)
        text = bytes(i * 7 % 251 for i in range(size))
        sealed = envelope.seal(text, recipient, random=stream(f"seal {n}"))
        cases.append(
            {
                "identity": identity,
                "recipient": recipient,
                "size": size,
                "random": [stream_bytes.hex() for stream_bytes in drawn(f"seal {n}")],
                "sha256": hashlib.sha256(sealed).hexdigest(),
                "head": base64.b64encode(sealed[:200]).decode(),
            }
        )
    return cases


def bent(text: str) -> str:
    """Spell a recipient with a padding bit set and a checksum that fits: another spelling of the same key."""
    values = [bech32.LETTERS.index(letter) for letter in text[4:-6]]
    values[-1] |= 1
    check = bech32._polymod([*bech32._expanded("age"), *values, *[0] * 6]) ^ 1
    tail = [(check >> 5 * (5 - place)) & 31 for place in range(6)]
    return "age1" + "".join(bech32.LETTERS[value] for value in [*values, *tail])


def key_cases():
    good = keys.recipient_of(keys.identity_text(stream("key")(32)))
    wrong = good[:10] + ("q" if good[10] != "q" else "p") + good[11:]
    others = [
        "",
        "age1",
        good[:-1],
        good + "q",
        good.upper(),
        good.capitalize(),
        wrong,
        bent(good),
        " " + good,
    ]
    others += [
        bech32.encode("age", bytes(31)),
        bech32.encode("age", bytes(33)),
        bech32.encode("agf", bytes(32)),
    ]
    return {"good": good, "bad": others}


def point_cases():
    """List, lowest byte first, every way to write a point that is no key, and keys beside them."""
    prime, top = 2**255 - 19, 2**255
    y8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
    u8 = [
        0xB8495F16056286FDB1329CEB8D09DA6AC49FF1FAE35616AEB8413B7C7AEBE0,
        0x57119FD0DD4E22D8868E1C58C45C44045BEF839C55B1D0B1248C50A3BC959C5F,
    ]
    coordinates = [0, 1, prime - 1, *range(prime, top)]
    rows = {
        "not_signing": [one for y in [*coordinates, y8, prime - y8] for one in (y, y + top)],
        "not_locked_to": [*coordinates, *u8, *(u + top for u in [*coordinates, *u8, 9])],
        "keys": [2, 9, prime - 2, prime - y8 + 1],
    }
    return {name: [one.to_bytes(32, "little").hex() for one in found] for name, found in rows.items()}


def drawn(seed: str) -> list[bytes]:
    random = stream(seed)
    return [random(16), random(32), random(16)]


def voice_cases():
    form = {"v": 1, "questions": [{"id": "q1", "kind": "text"}]}
    said = [
        {"q1": "daily", "q2": ["a", "b"], "q3": 3},
        {},
        {"q1": 'Quiero que no guarden nada. لا شيء. 🐟 "\\\n'},
        {"q1": "ñ" * 2000, "ﬀ": "x", "🐟": "y"},
        {"q1": "x" * 60000},
    ]
    out = []
    for n, answers in enumerate(said):
        read = receipt.read_secret(stream(f"voice {n}")(12)).hex()
        spoken = voice.Voice("library-computers", voice.form_hash(form), read, "es", n % 2 == 0, answers)
        text = voice.plaintext(spoken)
        plain = {
            name: value for name, value in vars(spoken).items() if name not in {*voice.TAKEN_IN, "sounds"}
        }
        out.append({"voice": plain, "size": len(text), "sha256": hashlib.sha256(text).hexdigest()})
    for place, way in enumerate(voice.WAYS):
        how = voice.SHOWN[place % len(voice.SHOWN)]
        agreed = {"notice": "ab" * 32, "how": how, "on": "2026-11-29"}
        read = receipt.read_secret(stream(f"voice {way}")(12)).hex()
        spoken = voice.Voice(
            "library-computers", voice.form_hash(form), read, "vi", True, {"q1": way}, way, agreed
        )
        text = voice.plaintext(spoken)
        said = {"v": 2, **vars(spoken)}
        del said["sounds"]
        out.append({"voice": said, "size": len(text), "sha256": hashlib.sha256(text).hexdigest()})
    return {
        "buckets": voice.BUCKETS,
        "ways": voice.WAYS,
        "form": form,
        "form_hash": voice.form_hash(form),
        "voices": out,
        "not_taken_in": wrong_ways(said),
        "sound_buckets": voice.SOUND_BUCKETS,
        "most_head": voice.MOST_HEAD,
        "longest": voice.LONGEST,
        **spoken_cases(said),
    }


def spoken_cases(said):
    """List voices with sounds, of which each reader finds the same; and texts that both refuse: what is before the line, what is behind."""
    begins = {
        "webm": "1a45dfa3",
        "ogg": b"OggS".hex(),
        "m4a": (b"\0\0\0\x1c" + b"ftyp").hex(),
    }
    good = []
    for kinds in (["webm"], ["m4a", "ogg"], ["ogg", "webm", "m4a"]):
        sounds = {f"q{n}": begins[kind] + "5e" * (9000 * n) for n, kind in enumerate(kinds, 1)}
        answers = {
            f"q{n}": {
                "bytes": len(sounds[f"q{n}"]) // 2,
                "kind": kind,
                "seconds": 60 * n,
                "words": "y más" * (n - 1),
            }
            for n, kind in enumerate(kinds, 1)
        }
        spoken = {**said, "v": 3, "answers": {**answers, "q9": "typed"}}
        bytes_of = {name: bytes.fromhex(sound) for name, sound in sounds.items()}
        told = {name: value for name, value in spoken.items() if name != "v"}
        text = voice.plaintext(voice.Voice(**told, sounds=bytes_of))
        good.append(
            {
                "voice": spoken,
                "fills": {
                    name: [begins[answers[name]["kind"]], len(sound)] for name, sound in bytes_of.items()
                },
            }
            | {"size": len(text), "sha256": hashlib.sha256(text).hexdigest()}
        )
    sound = bytes.fromhex(begins["webm"]) + b"x" * 6
    one = {"bytes": len(sound), "kind": "webm", "seconds": 3, "words": ""}
    return {
        "spoken": good,
        "not_spoken": [
            {"head": canonical(head).decode(), "behind": behind.hex()}
            for head, behind in wrong_sounds(said, one, sound)
        ],
    }


def wrong_sounds(said, one, sound):
    """List what is not a voice with sound: each is wrong in one part."""

    def with_one(**change):
        kept = {name: value for name, value in {**one, **change}.items() if value is not ...}
        return {**said, "v": 3, "answers": {"q1": kept}}

    changes = [
        {"bytes": 0},
        {"bytes": -1},
        {"bytes": True},
        {"bytes": "10"},
        {"bytes": voice.SOUND_BUCKETS[0]},
        {"bytes": len(sound) - 1},
        {"bytes": 2**40},
        {"kind": "wav"},
        {"kind": "ogg"},
        {"kind": "m4a"},
        {"kind": None},
        {"kind": ["webm"]},
        {"kind": "constructor"},
        {"seconds": 0},
        {"seconds": 181},
        {"seconds": True},
        {"seconds": None},
        {"words": None},
        {"words": ["x"]},
        {"words": ...},
        {"seconds": ...},
        {"more": "x"},
    ]
    heads = [with_one(**change) for change in changes]
    heads += [{**with_one(), "v": version} for version in (1, 2, 4, True)]
    heads += [
        {**with_one(), "answers": answers}
        for answers in ({}, {"q1": "typed"}, {"q1": [one]}, {"q1": one, "q2": one})
    ]
    heads += [{**with_one(), "taken": "fax"}]
    heads += [
        {name: value for name, value in with_one().items() if name != gone}
        for gone in ("taken", "consent", "r")
    ]
    wrong = [(head, sound) for head in heads]
    return [
        *wrong,
        (with_one(), sound + b"x"),
        (with_one(), b" " + sound),
        (with_one(), b"y" + sound[1:]),
    ]


def wrong_ways(said):
    """List voices of a lead's that both readers refuse: each is wrong in one part."""
    agreed = said["consent"]
    wrong = [
        {"v": 1},
        {"v": True},
        {"v": 3},
        {"taken": ""},
        {"taken": "fax"},
        {"taken": None},
        {"consent": {}},
        {"consent": None},
        {"consent": "yes"},
        {"consent": {**agreed, "name": "Ana"}},
        {"consent": {**agreed, "how": "told"}},
        {"consent": {**agreed, "notice": "AB" * 32}},
        {"consent": {**agreed, "notice": "ab"}},
        {"consent": {**agreed, "on": "2026-02-30"}},
        {"consent": {**agreed, "on": "20261129"}},
        {"consent": {**agreed, "on": "2026-11-29T10:00"}},
        {"consent": {**agreed, "on": 20261129}},
        {"by": "a lead"},
    ]
    without = [{name: value for name, value in said.items() if name != gone} for gone in said]
    return [{**said, **one} for one in wrong] + without


def mark_cases():
    own = receipt.seal_mark(stream("mark")(32))
    other = receipt.seal_mark(stream("other")(32))
    rows = [
        (marks.MarkState.PUBLISHED, other, 7),
        (marks.MarkState.PUBLISHED, own, 70000),
        (marks.MarkState.OPENED, own, 2**32 - 1),
        (marks.MarkState.FEWER, own, 9),
    ]
    found = [
        {"state": int(row.state), "entry": row.entry}
        for row in marks.find(marks.unpack(marks.pack(rows)), own)
    ]
    act = receipt.act_hash(receipt.act_secret(stream("received")(12)))
    waiting = marks.pack_received(stream("salt")(16), [act, other], pad_to=4, random=stream("padding"))
    received = {"bytes": waiting.hex(), "act": act.hex()}
    return {
        "bytes": marks.pack(rows).hex(),
        "mark": own.hex(),
        "found": found,
        "fewer": [9],
        "received": received,
    }


def leads_cases():
    origin, seat = "riverbend.example/record", "seat-1a2b3c4d"
    seed = Ed25519PrivateKey.from_private_bytes(stream("seed")(32))
    recipient = keys.recipient_of(keys.identity_text(stream("lead")(32)))
    sign_key = seed.public_key().public_bytes_raw().hex()
    marks = [receipt.seal_mark(stream(f"finding {n}")(32)).hex() for n in range(13)]
    salt = stream("salt")(32)
    locked_to = {
        one: keys.recipient_of(keys.identity_text(stream(one)(32))) for one in ("seat-5e6f7a8b", seat)
    }
    vouch = leads.vouch_statement(origin=origin, seat=seat, recipient=recipient, sign_key=sign_key)
    finding = {
        "promise": 12,
        "smaller": False,
        "voices": {"low": 10, "high": 25},
        "root": "ab" * 32,
        "words": {"es": {"statement": "Más cerca. 🐟", "quote": "“Lejos”"}},
        "beside": [14, 15],
        "answers": [21],
        "driving": "9:touch",
        "languages": [],
    }
    pack = load_pack(shipped_pack("neutral"))
    counts = [0, pack.k - 1, pack.k, *pack.bands, *(edge + 1 for edge in pack.bands), 9999]
    return {
        "keys": {"recipient": recipient, "sign_key": sign_key},
        "seat": seat,
        "challenge": "signed:words",
        "promise": 12,
        "marks": marks,
        "salt": salt.hex(),
        "finding": finding,
        "k": pack.k,
        "edges": list(pack.bands),
        "vouch": vouch.hex(),
        "engagement": "library-computers",
        "locked_to": locked_to,
        "locked": leads.locked_statement(
            origin=origin, engagement="library-computers", recipient=recipient, keys=locked_to
        ).hex(),
        "sign_in": leads.challenge_statement(origin=origin, seat=seat, challenge="signed:words").hex(),
        "fingerprint": leads.fingerprint(origin=origin, seat=seat, recipient=recipient, sign_key=sign_key),
        "key_digits": leads.key_digits(recipient),
        "finding_hash": hashlib.sha256(canonical(finding)).hexdigest(),
        "roots": [
            {"count": n, "root": leads.finding_root(salt, marks[:n]).hex()} for n in (0, 1, 2, 3, 7, 8, 13)
        ],
        "bands": [{"count": count, "band": band(count, pack).as_data()} for count in counts],
        "beside": [
            {
                "band": band(count, pack).as_data(),
                "of": of,
                "told": beside(band(count, pack), pack.k, of).as_data(),
            }
            for count in (pack.k - 1, pack.k, 52, 76)
            for of in (pack.k, pack.k + 3, 52, 65, 76, 80, 500)
        ],
        "signature": base64.b64encode(seed.sign(vouch)).decode(),
    }


def paper_cases():
    """Draw the papers of the shares that the reader's library cut, and what leads sign of them."""
    cut = json.loads((OUT / "shamir.json").read_text())["cut"]
    shares = [bytes.fromhex(share) for one in cut for share in one["shares"]]
    known = [recovery_papers.check_of(share) for share in shares[:3]]
    named = {
        "origin": "riverbend.example/record",
        "recipient": keys.recipient_of(keys.identity_text(bytes(32))),
    }
    made = leads.papers_statement(**named, needed=2, papers=known)
    joined = leads.joined_statement(**named, needed=2, papers=known)
    checked = leads.checked_statement(**named, paper=2, known_by=known[1])
    return {
        "papers": [
            {
                "share": share.hex(),
                "rows": recovery_papers.rows(share),
                "known_by": recovery_papers.check_of(share),
            }
            for share in shares
        ],
        "statements": [
            {
                **named,
                "needed": 2,
                "papers": known,
                "made": made.hex(),
                "joined": joined.hex(),
                "checked": checked.hex(),
                "paper": 2,
            }
        ],
    }


def device_cases():
    named = {"origin": "riverbend.example/record", "seat": "seat-1a2b3c4d"}
    keyring = {"v": 1, "identity": keys.identity_text(stream("lead")(32)), "founders": ["ab" * 32, "cd" * 32]}
    keyring["seed"] = stream("seed")(32).hex()
    named_key = {**named, "recipient": keys.recipient_of(keyring["identity"])}
    text = json.dumps(keyring, separators=(",", ":"))
    given = stream("device")(32)
    sealed = devices.lock_to_device(text.encode(), given, **named_key, random=stream("device lock"))
    return {
        **named_key,
        "salt": devices.device_salt(**named).hex(),
        "given": given.hex(),
        "random": stream("device lock")(16).hex(),
        "text": text,
        "sealed": base64.b64encode(sealed).decode(),
    }


def act_cases():
    origin, seat, nonce, first = "riverbend.example/record", "seat-1a2b3c4d", "0f" * 16, 40
    words = {(0, "title"): "Cámaras 🐟", (1, "title"): "خ؟", (1, "ask"): "How long?"}
    said = [
        [place, name, stream(f"salt {place} {name}")(16).hex(), text] for (place, name), text in words.items()
    ]
    hashes = {
        (place, name): salted_hash(bytes.fromhex(salt), text.encode()) for place, name, salt, text in said
    }
    langs = {0: "es", 1: "ar"}
    entries = [
        {
            "kind": kind,
            "by": [seat],
            "data": data,
            "cites": cites,
            "texts": {
                name: {"lang": langs[at], "sha256": one} for (at, name), one in hashes.items() if at == place
            },
        }
        for place, (kind, data, cites) in enumerate(
            [
                ("ask.listed", {"office": "libraries/manager", "questions": 1}, {"project": [3]}),
                (
                    "ask.questioned",
                    {"office": "libraries/manager", "list": ["a", "B"]},
                    {"list": [40], "before": [39, 12]},
                ),
            ]
        )
    ]
    drafts = [acts.draft_of(one, first) for one in entries]
    raw = acts.act_bytes(v=4, origin=origin, nonce=nonce, drafts=drafts)
    head = {"day": "2026-11-29", "size": 40, "root": "ab" * 32}
    statement = acts.act_statement(origin=origin, seat=seat, act=raw, **head)
    seed = Ed25519PrivateKey.from_private_bytes(stream("seed")(32))
    return {
        "v": 4,
        "origin": origin,
        "seat": seat,
        "nonce": nonce,
        "first": first,
        "entries": entries,
        "said": said,
        "act": raw.hex(),
        "head": head,
        "statement": statement.hex(),
        "sign_key": seed.public_key().public_bytes_raw().hex(),
        "signature": base64.b64encode(seed.sign(statement)).decode(),
    }


def saved_cases():
    """Say of first lines of what people sealed, good and forged, why a lead opens nothing with them; empty where she does."""
    origin, slug, day = "riverbend.example/record", "library-computers", "2026-11-30"
    seats = {one: f"seat-{one * 4}" for one in ("a1", "b2", "c3", "d4", "e5")}
    held = {one: keys.identity_text(stream(f"saved {one}")(32)) for one in (*seats, "box", "trap")}
    seeds = {one: Ed25519PrivateKey.from_private_bytes(stream(f"seed {one}")(32)) for one in seats}
    public = {one: keys.recipient_of(identity) for one, identity in held.items()}
    signing = {one: seed.public_key().public_bytes_raw().hex() for one, seed in seeds.items()}
    form = {"questions": [{"id": "q1", "kind": "text", "words": {"en": "What should change?"}}]}
    other = {"questions": [{"id": "q1", "kind": "text", "words": {"en": "Should it close?"}}]}
    salt, title = stream("title")(16), "The library"

    def signed(by: str, statement: bytes) -> str:
        return base64.b64encode(seeds[by].sign(statement)).decode()

    def vouched(by: str, of: str, at: str = origin) -> str:
        about = {"seat": seats[of], "recipient": public[of], "sign_key": signing[of]}
        return signed(by, leads.vouch_statement(origin=at, **about))

    def entry(kind: str, by: list[str], data: dict, **cites: list[int]) -> dict:
        framed = {"v": 5, "kind": kind, "date": day, "pen": "community", "texts": {}}
        return framed | {"by": [seats.get(one, one) for one in by], "data": data, "cites": cites}

    def brings(kind: str, of: str, by: tuple[str, ...], signers: tuple[str, ...] = (), **cites) -> dict:
        """Bring a key; `signers` sign in the name of `by`."""
        pairs = list(zip(by, signers or by, strict=True))
        whom = {one: next(each for each in by if each != one) if kind == "key.founded" else of for one in by}
        certs = [{"seat": seats[one], "signature": vouched(with_key, whom[one])} for one, with_key in pairs]
        data = {"seat": seats[of], "recipient": public[of], "sign_key": signing[of]}
        data |= {"signature": vouched(of, of)} | ({"certs": certs} if by else {})
        return entry(kind, [of] if kind == "key.founded" else list(by), data, **cites)

    def founded(one: str, two: str, at: int, *signers: str) -> list[dict]:
        return [brings("key.founded", one, ()), brings("key.founded", two, (one, two), signers, key=[at])]

    def made(by: str, box: str, signer: str = "", engagement: str = slug, to: tuple = ("a1", "b2")) -> dict:
        about = {"engagement": engagement, "recipient": public[box]}
        locked = leads.locked_statement(origin=origin, keys={seats[one]: public[one] for one in to}, **about)
        named = about | {"wrapped_to": [seats[one] for one in to], "signature": signed(signer or by, locked)}
        return entry("key.made", [by], named)

    def promised(box: str, asked: dict, by: str = "a1") -> dict:
        data = {
            "engagement": slug,
            "form": voice.form_hash(asked),
            "recipient": public[box],
            "languages": ["en"],
            "k": 10,
        }
        text = {"title": {"lang": "en", "sha256": salted_hash(salt, title.encode())}}
        return entry("engagement.promised", [by], data) | {"texts": text}

    def act_of(told: list[dict], signer: str) -> list[dict]:
        """Give the promise that stands last, and its words in another language, as one act that a lead signed."""
        first, promise = len(told) - 1, {**told[-1], "cites": {"key": [len(told) - 2]}}
        text = {"title": {"lang": "es", "sha256": salted_hash(salt, b"La biblioteca")}}
        words = entry("text.translated", [], {"lang": "es"}, of=[first]) | {
            "by": promise["by"],
            "texts": text,
        }
        part, head = {"nonce": "5" * 32, "of": 2}, {"day": day, "size": first, "root": "6" * 64}
        drafts = [acts.draft_of(one, first) for one in (promise, words)]
        raw = acts.act_bytes(v=5, origin=origin, nonce=part["nonce"], drafts=drafts)
        seat = next((one for one in promise["by"] if one in seats.values()), seats["a1"])
        said = acts.act_statement(origin=origin, seat=seat, act=raw, **head)
        sigs = {seat: head | {"sig": signed(signer, said)}}
        return [promise | {"act": part | {"place": 0, "sigs": sigs}}, words | {"act": part | {"place": 1}}]

    def line(
        told: list[dict],
        box: str = "box",
        asked: dict = form,
        reader: str = "a1",
        signer: str = "a1",
        then: tuple = (),
        change=lambda _told: None,
        write=canonical,
    ) -> dict:
        """Write the first line of a file; what is told ends with the key of the engagement and its promise, which a lead signed; `change` is made after."""
        told = [*told[:-1], *act_of(told, signer), *then]
        change(told)
        raw = [write(one) for one in told]
        tree = Tree(raw)
        head = Checkpoint(origin, len(raw), tree.root())
        signer = Signer(origin, KeyKind.ED25519, stream("log")(32))
        wrap = envelope.seal(held[box].encode(), public[reader], random=stream("saved wrap"))
        return {
            "kind": saved.FORMAT,
            "origin": origin,
            "seat": seats[reader],
            "keyring": "",
            "wraps": [base64.b64encode(wrap).decode()],
            "head": head.sign(signer),
            "vkey": signer.verifier.vkey,
            "entries": [
                {"index": at, "entry": one.decode(), "path": [step.hex() for step in tree.inclusion(at)]}
                for at, one in enumerate(raw)
            ],
            "made": len(raw) - 3 - len(then),
            "promise": len(raw) - 2 - len(then),
            "form": asked,
            "title": {"lang": "en", "salt": salt.hex(), "words": title},
        }

    def vouched_with(recipient: str, sign: str, of: str = "c3") -> dict:
        """Let two leads vouch for these keys as those of one."""
        data = {"seat": seats[of], "recipient": public[recipient], "sign_key": signing[sign]}
        own = leads.vouch_statement(origin=origin, **data)
        certs = [{"seat": seats[by], "signature": signed(by, own)} for by in ("a1", "b2")]
        return entry("key.certified", ["a1", "b2"], {**data, "signature": signed(sign, own), "certs": certs})

    set_of, box = founded("a1", "b2", 0), [made("b2", "box"), promised("box", form)]
    later = brings("key.certified", "c3", ("a1", "b2"))
    good = line([*set_of, *box])
    ghosts = [*founded("d4", "e5", 0), brings("key.certified", "a1", ("d4", "e5"))]
    trap = [made("d4", "trap"), promised("trap", other)]

    def without(one: dict, name: str) -> dict:
        return {**one, "data": {held: said for held, said in one["data"].items() if held != name}}

    def made_anew() -> dict:
        """Make a key in the place of b2, with the keys of d4."""
        about = {"engagement": slug, "recipient": public["trap"]}
        to = {seats["a1"]: public["a1"], seats["b2"]: public["d4"]}
        statement = leads.locked_statement(origin=origin, keys=to, **about)
        return entry("key.made", ["b2"], {**about, "wrapped_to": [*to], "signature": signed("d4", statement)})

    def head_of(line: dict, *, at: str = origin, kind: bytes = b"\x01", number: bytes = b"") -> dict:
        """Write the head of a file anew: as the log `at`, whose key is of another kind, or has another number."""
        own = Ed25519PrivateKey.from_private_bytes(stream("log")(32))
        key = kind + own.public_key().public_bytes_raw()
        number = number or hashlib.sha256(f"{origin}\n".encode() + key).digest()[:4]
        text = f"{at}\n" + line["head"].partition("\n\n")[0].partition("\n")[2] + "\n"
        sig = base64.b64encode(number + own.sign(text.encode())).decode()
        vkey = f"{origin}+{number.hex()}+{base64.b64encode(key).decode()}"
        return {"head": f"{text}\n\u2014 {origin} {sig}\n", "vkey": vkey, "origin": at}

    def to_ghosts(one: dict) -> dict:
        return {**one, "data": {**one["data"], "wrapped_to": [*one["data"]["wrapped_to"], seats["d4"]]}}

    forged = {
        "founders who did not compare": line([*founded("a1", "b2", 0, "a1", "d4"), *box]),
        "made by nobody": line([*set_of, made("b2", "box", "d4"), box[1]]),
        "made by one who is no lead": line([*set_of, made("d4", "box"), box[1]]),
        "made for another engagement": line([*set_of, made("b2", "box", engagement="hall"), box[1]]),
        "made before any key": line([*set_of, *box]) | {"made": 0},
        "another key, which the leads never made": line(
            [*set_of, box[0], promised("trap", other)], "trap", other
        ),
        "a ghost whom one lead vouched for makes it": line(
            [*set_of, brings("key.certified", "d4", ("a1", "b2"), ("a1", "e5")), *trap], "trap", other
        ),
        "a ghost for whom one lead signed alone makes it": line(
            [*set_of, brings("key.certified", "d4", ("a1",)), *trap], "trap", other
        ),
        "a ghost who founds with one who was only vouched for makes it": line(
            [
                *set_of,
                later,
                brings("key.founded", "d4", ("c3", "d4"), key=[2]),
                made("d4", "trap", to=("c3", "d4")),
                trap[1],
            ],
            "trap",
            other,
            "c3",
        ),
        "made by one who became a lead later": line(
            [*set_of, made("c3", "trap"), later, promised("trap", other)], "trap", other
        )
        | {"made": 2},
        "made by nobody's signature": line([*set_of, without(box[0], "signature"), box[1]]),
        "a key that was shared in the place of the one that was made": line(
            [*set_of, {**box[0], "kind": "key.shared"}, box[1]]
        ),
        "a second founder who names no first one": line(
            [brings("key.founded", "a1", ()), brings("key.founded", "b2", ("a1", "b2")), *box]
        ),
        "locked to a ghost, too": line([*set_of, to_ghosts(box[0]), box[1]]),
        "a second founder who compared nothing": line(
            [brings("key.founded", "a1", ()), brings("key.founded", "b2", (), key=[0]), *box]
        ),
        "made with new keys for which their lead vouched herself, beside another": line(
            [*set_of, vouched_with("d4", "d4", "b2"), made_anew(), promised("trap", other)], "trap", other
        ),
    }
    others = {
        "no keys": line([box[0], box[1]]),
        "only ghosts": line([*founded("d4", "e5", 0), *trap], "trap", other),
        "ghosts who vouched for her own key": line([*ghosts, *trap], "trap", other),
        "founders called old": line(
            [{**one, "v": 1} for one in (brings("key.founded", "a1", ()), brings("key.founded", "b2", ()))]
            + box
        ),
        "a key that did not sign itself": line(
            [*set_of, {**later, "data": {**later["data"], "signature": vouched("d4", "c3")}}, *box],
            reader="c3",
        ),
        "another place": good | {"seat": seats["b2"]},
        "founders of whom one is remembered": line(
            [*founded("a1", "d4", 0), brings("key.certified", "c3", ("a1", "d4")), *trap],
            "trap",
            other,
            "c3",
        ),
        "her own signing key and another recipient": line(
            [*set_of, vouched_with("d4", "c3"), *box], reader="c3"
        ),
        "her own recipient and another signing key": line(
            [*set_of, vouched_with("c3", "d4"), *box], reader="c3"
        ),
        "a key that two vouched for, and is called a founding one": line(
            [*set_of, {**later, "kind": "key.founded"}, *box], reader="c3"
        ),
    }
    outside = {
        "another root": good | {"head": line([*set_of, later, *box])["head"]},
        "a head of another key": good
        | {"vkey": Signer(origin, KeyKind.ED25519, stream("x")(32)).verifier.vkey},
        "an entry in another place": good
        | {"entries": [{**one, "index": one["index"] ^ 1} for one in good["entries"]]},
        "another log": good | {"origin": "elsewhere.example/record"},
        "a step of a path less": good
        | {"entries": [{**one, "path": one["path"][1:]} for one in good["entries"]]},
        "an entry behind the head": good
        | {"entries": [good["entries"][0] | {"index": 8}, *good["entries"][1:]]},
        "a head with the signature of another": (another := line([*set_of, later, *box]))
        | {"head": another["head"].partition("\n\n")[0] + "\n\n" + good["head"].partition("\n\n")[2]},
        "a key of the log under another number": good | head_of(good, number=bytes(4)),
        "a key of another kind": good | head_of(good, kind=b"\x02"),
        "a head that another log's key signed": good | head_of(good, at="elsewhere.example/record"),
        "another step of a path": good
        | {"entries": [{**one, "path": [*one["path"][:-1], "ab" * 32]} for one in good["entries"]]},
    }
    library = {"lang": "es", "salt": salt.hex(), "words": "La biblioteca"}
    later_words = entry("text.translated", ["a1"], {"lang": "vi"}, of=[3]) | {
        "texts": {"title": {"lang": "vi", "sha256": salted_hash(salt, b"La biblioteca")}}
    }
    unasked = {
        "other questions": good | {"form": other},
        "another title": good | {"title": good["title"] | {"words": "The hall"}},
        "a title in another language": good | {"title": good["title"] | {"lang": "es"}},
        "another title in the other language": good | {"titles": [library | {"words": "El parque"}]},
        "a title in a language that nobody signed": good | {"titles": [library | {"lang": "vi"}]},
        "a title of a translation that came later": line([*set_of, *box], then=(later_words,))
        | {"titles": [library | {"lang": "vi"}]},
        "a title of which a letter stands in the salt": good
        | {"title": good["title"] | {"salt": salt.hex() + title[:1].encode().hex(), "words": title[1:]}},
    }
    broken = {
        "an entry twice": good | {"entries": [*good["entries"], good["entries"][0]]},
        "a step of a path that is no hash": good
        | {"entries": [{**one, "path": ["x" * 64, *one["path"][1:]]} for one in good["entries"]]},
        "a title that is none": good | {"title": title},
        "a promise that is none": line([*set_of, box[0], {**box[1], "kind": "engagement.corrected"}]),
        "a promise as no log writes it": line(
            [*set_of, *box], write=lambda one: canonical(one).replace(b'"languages":', b'"languages": ')
        ),
        "words that are written in another way than the one": line(
            [*set_of, *box], write=lambda one: canonical(one).replace(b'"lang":"es"}', b'"lang":"es" }')
        ),
    }
    goods = {
        "founded": good,
        "vouched for": line([*set_of, later, *box], reader="c3"),
        "entries in another order": good | {"entries": good["entries"][::-1]},
        "one who would found waits beside the set": line([*set_of, brings("key.founded", "c3", ()), *box]),
        "a title that was taken down": good | {"title": {}},
        "a title in the other language, too": good | {"titles": [library]},
        "another key, sealed to her beside the right one": good
        | {"wraps": [*line([*set_of, *box], "trap")["wraps"], *good["wraps"]]},
    }

    def by(one: str) -> list[dict]:
        return [*set_of, box[0], promised("box", form, one)]

    unsigned = {
        "a promise that another key signed": line([*set_of, *box], signer="d4"),
        "a promise that nobody signed": line([*set_of, *box], change=lambda told: told[-2].pop("act")),
        "a promise that was changed after it was signed": line(
            [*set_of, *box], change=lambda told: told[-2]["data"].update(k=2)
        ),
        "words of it that were changed after they were signed": line(
            [*set_of, *box], change=lambda told: told[-1]["texts"]["title"].update(sha256="7" * 64)
        ),
        "a promise without the rest of its act": good | {"entries": good["entries"][:-1]},
        "a promise of another key": line(
            [*set_of, later, *box], change=lambda told: told[-2].update(cites={"key": [2]})
        ),
        "an act in two versions": line([*set_of, *box], change=lambda told: told[-1].update(v=4)),
        "an act whose second part is of another one": line(
            [*set_of, *box], change=lambda told: told[-1]["act"].update(nonce="8" * 32)
        ),
        "a promise of a version in which nobody signed it": line(
            [*set_of, *box], change=lambda told: [one.update(v=4) for one in told[-2:]]
        ),
        "a promise of one who is no lead": line(by("d4"), signer="d4"),
        "a promise before its lead had a key": line(by("c3"), signer="c3", then=(later,)),
        "a promise in the name of an office alone": line(by("libraries/manager")),
        "a promise under which one more signed who has no key": line(
            [*set_of, *box],
            change=lambda told: told[-2]["act"]["sigs"].update(
                {seats["d4"]: told[-2]["act"]["sigs"][seats["a1"]]}
            ),
        ),
        "a promise of an office, called a later part of an act": line(
            by("libraries/manager"),
            change=lambda told: told[-2].update(act={"nonce": "5" * 32, "of": 2, "place": 1}),
        ),
    }
    said = {"": goods, "forged": forged, "other-own": others, "other-log": outside}
    said |= {"not-signed": unsigned, "other-questions": unasked, "not-whole": broken}
    rings = {
        seats[one]: {"identity": held[one], "seed": seeds[one].private_bytes_raw().hex()}
        | {"founders": [] if one in {"a1", "b2"} else [signing["a1"], signing["b2"]]}
        for one in ("a1", "b2", "c3")
    }
    rings["of before"] = {name: rings[seats["c3"]][name] for name in ("identity", "seed")}
    return {
        "rings": rings,
        "opens": held["box"],
        "cases": [
            {
                "name": name,
                "why": why,
                "ring": seats["c3"] if file["seat"] == seats["c3"] else seats["a1"],
                "file": file,
            }
            for why, cases in said.items()
            for name, file in cases.items()
        ]
        + [
            {
                "name": "a keyring that remembers no founders",
                "why": "",
                "ring": "of before",
                "file": goods["vouched for"],
            }
        ],
    }


def strategy_cases():
    seed = Ed25519PrivateKey.from_private_bytes(stream("strategist")(32))
    identities = [keys.identity_text(stream(f"member {n}")(32)) for n in range(2)]
    out = []
    for n, words in enumerate(("Más cerca. لا شيء. 🐟", 'x"\\\n' * 2400, "")):
        own = {
            "strategy": f"00000000-0000-4000-8000-00000000000{n}",
            "version": n + 1,
            "seat": "seat-1a2b3c4d",
            "members": ["seat-1a2b3c4d", "seat-5e6f7a8b"],
            "doc": {"title": words, "targets": [{"influence": 4, "position": -2}]},
        }
        said = strategy.statement(origin="riverbend.example/record", **own)
        signature = base64.b64encode(seed.sign(said)).decode()
        text = strategy.plaintext(**own, signature=signature)
        made = {**own, "statement": said.hex(), "signature": signature, "size": len(text)}
        made["sha256"] = hashlib.sha256(text).hexdigest()
        out.append(made)
    whole = strategy.plaintext(**{name: own[name] for name in own}, signature=signature)
    sealed = envelope.seal_to_all(
        whole, [keys.recipient_of(one) for one in identities], random=stream("strategy")
    )
    return {
        "buckets": strategy.BUCKETS,
        "origin": "riverbend.example/record",
        "sign_key": seed.public_key().public_bytes_raw().hex(),
        "identities": identities,
        "sealed": base64.b64encode(sealed).decode(),
        "strategies": out,
    }


def texts() -> dict[str, str]:
    """Return every vector file by name, as text."""
    made = {
        "canonical": canonical_cases(),
        "receipt": receipt_cases(),
        "typed": typed_cases(),
        "envelope": envelope_cases(),
        "keys": key_cases(),
        "points": point_cases(),
        "voice": voice_cases(),
        "marks": mark_cases(),
        "leads": leads_cases(),
        "acts": act_cases(),
        "devices": device_cases(),
        "papers": paper_cases(),
        "saved": saved_cases(),
        "strategy": strategy_cases(),
    }
    return {name: json.dumps(value, indent=1) + "\n" for name, value in made.items()}


if __name__ == "__main__":
    for name, text in texts().items():
        (OUT / f"{name}.json").write_text(text)
        sys.stdout.write(f"{name}.json {len(text)}\n")
