"""Proofs, notes, age files, keyrings, acts to sign, the intake's door and a witness are given nonsense that looks like the real thing.

ALONGSIDE_SOAK_MUTANTS is how many in all (1,000,000), and as many again for a witness; ALONGSIDE_SOAK_SEED repeats a run.
"""

import json
import os
import random
from collections import Counter
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from alongside.chain.keys.queries import PASSPHRASE
from alongside.chain.voices import views as public
from alongside.chain.voices.models import Voice
from alongside.core.act_files import read_act_file, write_act_file
from alongside.core.ledger.checkpoint import Checkpoint, open_checkpoint
from alongside.core.ledger.hashing import LedgerError, leaf_hash
from alongside.core.ledger.keys import KeyKind, Signer
from alongside.core.ledger.proof import ProofFile, parse_proof, verify_proof
from alongside.core.ledger.tree import Tree
from alongside.core.ledger.witness import NotWitnessedError, format_request, judge, read_asked
from alongside.core.sealing import receipt
from alongside.core.sealing.devices import lock_to_device, open_with_device
from alongside.core.sealing.envelope import check_sealed, seal
from alongside.core.sealing.header import SealedError, parse_header
from alongside.core.sealing.keys import identity_text, recipient_of
from alongside.core.sealing.opening import open_sealed, open_with_words
from alongside.core.sealing.saved import SavedError
from alongside.core.sealing.voice import SOUND_BUCKETS, SOUNDS, pad, parse, plaintext
from alongside.core.sealing.voice import Voice as Spoken
from alongside.ground.gate.limits import Doorman
from alongside.ground.record.acts import Nobody, SignatureNeededError, signed_by
from alongside.site.demo.keys import make
from alongside.work.engagements.actions import save_questions
from tests.chain.voices.cast import say
from tests.support.thread import QUESTIONS, Thread
from tests.support.witnesses import ask, running

pytestmark = pytest.mark.soak
MUTANTS = int(os.environ.get("ALONGSIDE_SOAK_MUTANTS", "1000000"))
SEED = int(os.environ.get("ALONGSIDE_SOAK_SEED", "7"))
SIGNER = Signer("riverbend.example/record", KeyKind.ED25519, bytes(range(32)))
KEYS = [SIGNER.verifier]
IDENTITY = identity_text(X25519PrivateKey.generate().private_bytes_raw())
RECIPIENT = recipient_of(IDENTITY)
SOUND = SOUNDS["webm"][1] + random.Random(SEED).randbytes(200_000)


def mutant(draw: random.Random, good: bytes) -> bytes:
    """Change a good file in one to four ways: bits, bytes, cuts, repeats, swaps of lines."""
    raw = bytearray(good)
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(raw) + 1) if raw else 0
        way = draw.randrange(7)
        if way == 0 and at < len(raw):
            raw[at] ^= 1 << draw.randrange(8)
        elif way == 1:
            raw[at:at] = draw.randbytes(draw.randint(1, 4))
        elif way == 2:
            del raw[at : at + draw.randint(1, 40)]
        elif way == 3:
            raw[at:at] = raw[at : at + draw.randint(1, 80)]
        elif way == 4 and at < len(raw):
            raw[at] = draw.choice(b"\n \r\0-=+/>09AZaz\x7f\xc3")
        elif way == 5:
            lines = bytes(raw).split(b"\n")
            draw.shuffle(lines)
            raw = bytearray(b"\n".join(lines))
        else:
            del raw[at:]
    return bytes(raw)


def share(part: float) -> range:
    """Give the rounds that one target gets of all mutants."""
    return range(max(1, round(MUTANTS * part)))


def a_log() -> tuple[Tree, list[bytes], str]:
    """Give a small log and its signed head."""
    entries = [b"entry %d" % place for place in range(300)]
    tree = Tree()
    tree.extend(entries)
    return tree, entries, Checkpoint(SIGNER.name, 300, tree.root(300)).sign(SIGNER)


def test_no_changed_head_says_anything_else():
    draw, (_tree, _entries, note) = random.Random(SEED), a_log()
    good, _ = open_checkpoint(note, KEYS)

    for _ in share(0.2):
        try:
            head, _ = open_checkpoint(mutant(draw, note.encode()), KEYS)
        except LedgerError:
            continue
        assert head == good


def test_no_changed_proof_proves_another_entry():
    draw, (tree, entries, note) = random.Random(SEED), a_log()
    proof = ProofFile(123, tuple(tree.inclusion(123, 300)), checkpoint=note, extra=entries[123]).text.encode()
    leaf = leaf_hash(entries[123])

    for _ in share(0.2):
        try:
            parsed = parse_proof(mutant(draw, proof))
            verify_proof(parsed, leaf_hash(entries[124]), KEYS)
        except LedgerError:
            continue
        pytest.fail(f"entry 124 is proved by {parsed}")
    assert verify_proof(parse_proof(proof), leaf, KEYS).root == tree.root(300)


GROWTHS = ((0, 300), (256, 300), (100, 300), (299, 300), (300, 300))


def requests(tree: Tree) -> list[tuple[Checkpoint | None, bytes, str]]:
    """Give requests to a witness with the head that it saw before, and the text of the head that may be cosigned."""
    other = Signer("library.example/witness", KeyKind.COSIGNATURE, bytes(range(1, 33)))
    found = []
    for old, size in GROWTHS:
        seen = Checkpoint(SIGNER.name, old, tree.root(old)) if old else None
        head = Checkpoint(SIGNER.name, size, tree.root(size))
        note = head.sign(SIGNER, other, timestamp=1_800_000_000)
        found.append((seen, format_request(old, tree.consistency(old, size), note).encode(), head.text))
    return found


def test_no_changed_request_makes_a_witness_cosign_another_head():
    draw, (tree, _entries, _note) = random.Random(SEED), a_log()
    targets, known = requests(tree), {key.name: key for key in KEYS}
    refused: Counter[int] = Counter()

    for turn in range(MUTANTS):
        seen, good, text = targets[turn % len(targets)]
        at = draw.choice([0, draw.randrange(len(good))])
        changed = good[:at] + mutant(draw, good[at : at + 300]) + good[at + 300 :]
        try:
            asked = read_asked(changed, known.get)
            judge(asked, seen)
        except NotWitnessedError as error:
            refused[error.status.value] += 1
            continue
        assert (asked.opened.text, asked.head.text) == (text, text)
    assert set(refused) == {400, 403, 404, 409, 422}


def test_a_witness_answers_every_request_and_stays_at_the_head_it_saw(tmp_path):
    draw, (tree, _entries, _note) = random.Random(SEED), a_log()
    _seen, good, _text = requests(tree)[2]
    with running(tmp_path, *KEYS) as witness:
        first = format_request(0, [], Checkpoint(SIGNER.name, 100, tree.root(100)).sign(SIGNER))
        assert ask(witness.server_port, first.encode())[0] == 200
        for _ in share(0.002):
            status, _type, _said = ask(witness.server_port, mutant(draw, good) or b"x")
            head = witness.witness.seen(SIGNER.name)
            assert (status, head.size) in {
                (one, at) for one in (400, 403, 404, 409, 422, 413) for at in (100, 300)
            } | {(200, 300)}
            assert head.root == tree.root(head.size)


def test_what_is_let_in_as_sealed_is_one_age_file_for_one_key():
    draw, good = random.Random(SEED), seal(pad(b"{}"), RECIPIENT)

    for _ in share(0.3673):
        changed = (mutant(draw, good[:200]) + good[200:] + bytes(99))[
            : len(good)
        ]  # a wrong size is too easy to refuse
        try:
            bucket = check_sealed(changed)
        except SealedError:
            continue
        header = parse_header(changed)
        assert [stanza.args[0] for stanza in header.stanzas] == ["X25519"]
        assert len(changed) == 200 + bucket


def test_a_header_is_read_or_refused_and_nothing_else():
    draw, good = random.Random(SEED), seal(pad(b"{}"), RECIPIENT)[:200]

    for _ in share(0.01):
        try:
            header = parse_header(mutant(draw, good))
        except SealedError:
            continue
        assert header.stanzas


def test_no_changed_keyring_opens_with_a_device():
    draw, given = random.Random(SEED), bytes(range(32))
    about = {"origin": SIGNER.name, "seat": "seat-1a2b3c4d", "recipient": RECIPIENT}
    good = lock_to_device(b'{"v": 1, "seed": "' + b"7f" * 32 + b'"}', given, **about)

    for _ in share(0.15):
        changed = mutant(draw, good)
        assert changed == good or open_with_device(changed, given, **about) is None
    assert open_with_device(good, given, **about) is not None


def test_no_changed_keyring_opens_with_its_words():
    draw, ring = random.Random(SEED), make()
    good = ring.sealed()

    for _ in share(0.0002):
        at = draw.choice([0, draw.randrange(len(good))])
        changed = good[:at] + mutant(draw, good[at:])
        try:
            opened = open_with_words(changed, PASSPHRASE)
        except SealedError:
            continue
        assert (changed, opened) == (good, open_with_words(good, PASSPHRASE))


@pytest.mark.django_db
def test_an_act_to_sign_is_read_or_refused_and_no_signature_stands_under_another():
    thread = Thread(now=datetime.now(tz=UTC)).open_program().found_keys()
    with signed_by(Nobody()), pytest.raises(SignatureNeededError) as waits:
        thread.question()
    seat, draw = thread.first_lead.public_id, random.Random(SEED)
    file = waits.value.file(seat, "form")
    file = file.with_signature(thread.keyrings[seat].sign(file.statement))
    good = write_act_file(file)

    for _ in share(0.05):
        try:
            read = read_act_file(mutant(draw, good))
        except SavedError:
            continue
        if read.is_signed:
            assert (read.statement, read.key) == (file.statement, file.key)


def recording(sound: bytes) -> Spoken:
    """Give a voice with a sound, and one typed word."""
    told = {"bytes": len(sound), "kind": "webm", "seconds": 42, "words": "y más"}
    agreed = {"notice": "0f" * 32, "how": "screen", "on": "2026-12-01"}
    read = receipt.read_secret(b"twelve bytes").hex()
    answers = {"q1": "daily", "q2": told}
    return Spoken("library-computers", "0" * 64, read, "es", True, answers, "self", agreed, {"q2": sound})


def test_no_changed_recording_opens():
    draw, good = random.Random(SEED), seal(plaintext(recording(SOUND)), RECIPIENT)

    for _ in share(0.01):
        at = draw.choice([0, draw.randrange(len(good) - 600)])  # the header, or somewhere in the sound
        changed = good[:at] + mutant(draw, good[at : at + 600]) + good[at + 600 :]
        if changed == good:
            continue
        try:
            opened = open_sealed(changed, [IDENTITY])
        except SealedError:
            continue
        pytest.fail(f"{len(opened)} bytes open from a file that was changed at {at}")
    assert parse(open_sealed(good, [IDENTITY])) == recording(SOUND)


def test_a_recording_is_read_or_refused_and_nothing_else():
    draw, good = random.Random(SEED), plaintext(recording(SOUND)).rstrip(b" ")
    seen = {True: 0, False: 0}

    for _ in share(0.01):
        changed = (mutant(draw, good[:900]) + good[900:]).ljust(SOUND_BUCKETS[0])[: SOUND_BUCKETS[0]]
        try:
            read = parse(changed)
        except SealedError:
            seen[False] += 1
            continue
        seen[True] += 1
        (sound,) = read.sounds.values()
        assert changed.count(sound) == 1
        assert sound.startswith(SOUNDS["webm"][1])
        assert parse(plaintext(read)) == read
    assert seen[False] > seen[True]


@pytest.mark.django_db
def test_the_door_takes_in_no_recording_but_a_sealed_one(monkeypatch, client):
    monkeypatch.setattr(public, "DOOR", Doorman(most=10**9))
    walked = Thread(now=datetime.now(tz=UTC)).open_program().draft_engagement()
    save_questions(engagement=walked.engagement, questions=QUESTIONS, spoken=True)
    walked.make_keys().open()
    draw, seen = random.Random(SEED), {200, 404, 409, 422}
    good = say(plain=plaintext(recording(SOUND))).body().encode()

    for _ in share(0.0005):
        at = draw.choice([0, draw.randrange(len(good) - 600), len(good) - 600])
        body = good[:at] + mutant(draw, good[at : at + 600]) + good[at + 600 :]
        reply = client.post(
            "/riverbend/en/engagements/library-computers/voices/",
            body,
            "application/json",
            headers={"Origin": "http://testserver"},
        )
        assert reply.status_code in seen
        assert set(json.loads(reply.content)) <= {"taken", "words"}

    for voice in Voice.objects.all():
        assert check_sealed(bytes(voice.sealed), sounds=True) == voice.bucket


@pytest.mark.django_db
def test_the_door_takes_in_nothing_but_sealed_voices(monkeypatch, client):
    monkeypatch.setattr(public, "DOOR", Doorman(most=10**9))
    Thread(now=datetime.now(tz=UTC)).to_open_engagement()
    draw, seen = random.Random(SEED), {200, 404, 409, 422}
    good = say().body().encode()

    for _ in share(0.002):
        reply = client.post(
            "/riverbend/en/engagements/library-computers/voices/",
            mutant(draw, good),
            "application/json",
            headers={"Origin": "http://testserver"},
        )
        assert reply.status_code in seen
        assert set(json.loads(reply.content)) <= {"taken", "words"}

    for voice in Voice.objects.all():
        assert check_sealed(bytes(voice.sealed)) == voice.bucket
