"""The envelope: what seals, what opens, and what the server lets in."""

import functools
import hashlib
import json
import shutil
import subprocess
import zlib
from pathlib import Path

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.core.points import can_be_locked_to
from alongside.core.sealing import bech32, keys
from alongside.core.sealing.bech32 import KeyTextError
from alongside.core.sealing.envelope import check_sealed, seal
from alongside.core.sealing.header import SealedError, from_raw_base64, raw_base64
from alongside.core.sealing.kdf import hkdf
from alongside.core.sealing.opening import open_sealed
from alongside.core.sealing.voice import BUCKETS, SOUND_BUCKETS

IDENTITY = keys.identity_text(bytes(range(32)))
RECIPIENT = keys.recipient_of(IDENTITY)
OTHER = keys.identity_text(bytes(range(1, 33)))
KIT = Path(__file__).parents[3] / "shared/vectors/age-cctv"
LENGTHS = (0, 1, 63, 1024, 4096, 16384, 65535, 65536, 65537, 131072, 200_000, *SOUND_BUCKETS)


def test_hkdf_gives_the_first_block_of_rfc_5869_case_1():
    okm = hkdf(b"\x0b" * 22, salt=bytes(range(13)), info=bytes(range(0xF0, 0xFA)))
    assert okm.hex() == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"


def test_hkdf_without_salt_gives_rfc_5869_case_3():
    okm = hkdf(b"\x0b" * 22, salt=b"", info=b"")
    assert okm.hex() == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"


def test_the_key_of_the_specification_reads_and_writes():
    identity = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
    recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
    assert keys.identity_bytes(identity) == b"\x42" * 32
    assert keys.identity_text(b"\x42" * 32) == identity
    assert keys.recipient_of(identity) == recipient
    assert keys.recipient_text(keys.recipient_bytes(recipient)) == recipient


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (RECIPIENT.upper(), "The recipient begins with age1 and is in small letters; copy the right key."),
        (RECIPIENT[:-1].capitalize() + "q", "The key mixes small and capital letters; copy it whole."),
        (RECIPIENT[:-1], "A letter of the key is wrong; copy it again."),
        (IDENTITY, "The recipient begins with age1 and is in small letters; copy the right key."),
        ("", "This is not a key; copy it whole, from the first letter to the last."),
        ("age1", "This is not a key; copy it whole, from the first letter to the last."),
        (bech32.encode("age", bytes(31)), "A key is 32 bytes, this one is 31; copy it whole."),
    ],
)
def test_a_recipient_that_is_not_one_is_refused_with_the_cure(text, message):
    with pytest.raises(KeyTextError) as refusal:
        keys.recipient_bytes(text)
    assert str(refusal.value) == message


def test_every_other_spelling_of_a_recipient_is_refused():
    vectors = json.loads((Path(__file__).parents[2] / "vectors/keys.json").read_text())
    assert len(keys.recipient_bytes(vectors["good"])) == 32
    for text in vectors["bad"]:
        with pytest.raises(KeyTextError):
            keys.recipient_bytes(text)
            pytest.fail(text)


@settings(max_examples=1000)
@given(st.binary(min_size=32, max_size=32).filter(can_be_locked_to), st.integers(0, 61), st.integers(1, 31))
def test_one_wrong_letter_of_a_key_is_always_caught(raw, place, more):
    text = keys.recipient_text(raw)
    assert keys.recipient_bytes(text) == raw
    letters = bech32.LETTERS
    at = min(place, len(text) - 5) + 4
    wrong = text[:at] + letters[(letters.index(text[at]) + more) % 32] + text[at + 1 :]
    with pytest.raises(KeyTextError):
        keys.recipient_bytes(wrong)


@settings(max_examples=1000)
@given(st.binary(max_size=300))
def test_any_bytes_open_as_they_were_sealed(text):
    assert open_sealed(seal(text, RECIPIENT), [IDENTITY]) == text


@pytest.mark.parametrize("length", LENGTHS)
def test_pyrage_opens_what_we_seal_and_we_open_what_pyrage_seals(length):
    text = bytes(i % 251 for i in range(length))
    assert pyrage.decrypt(seal(text, RECIPIENT), [pyrage.x25519.Identity.from_str(IDENTITY)]) == text
    theirs = pyrage.encrypt(text, [pyrage.x25519.Recipient.from_str(RECIPIENT)])
    assert open_sealed(theirs, [OTHER, IDENTITY]) == text


def test_the_age_program_opens_what_we_seal_and_we_open_what_it_seals(tmp_path):
    if not shutil.which("age"):
        pytest.skip("the age program is not here")
    key = tmp_path / "key"
    key.write_text(IDENTITY + "\n")
    for length in LENGTHS:
        text = bytes(i % 251 for i in range(length))
        ours = subprocess.run(
            ["age", "-d", "-i", key], input=seal(text, RECIPIENT), capture_output=True, check=True
        )
        assert ours.stdout == text
        theirs = subprocess.run(["age", "-r", RECIPIENT], input=text, capture_output=True, check=True)
        assert open_sealed(theirs.stdout, [IDENTITY]) == text


@pytest.mark.parametrize("bucket", BUCKETS)
def test_a_sealed_voice_of_each_bucket_is_let_in(bucket):
    assert check_sealed(seal(b" " * bucket, RECIPIENT)) == bucket


@pytest.mark.parametrize("bucket", SOUND_BUCKETS)
def test_a_sealed_voice_with_sound_is_let_in_only_where_people_may_speak(bucket):
    sealed = seal(b" " * bucket, RECIPIENT)
    assert check_sealed(sealed, sounds=True) == bucket
    with pytest.raises(SealedError, match="larger than fits"):
        check_sealed(sealed)


@pytest.mark.parametrize("more", [-1, 1, 16, 65_536])
def test_no_other_size_is_let_in_where_people_may_speak(more):
    with pytest.raises(
        SealedError, match="A sealed voice has 1224, 4296, 16584, 65736, 262392, 1049016, 2097848 bytes"
    ):
        check_sealed(seal(b" " * (SOUND_BUCKETS[0] + more), RECIPIENT), sounds=True)


def test_what_the_age_program_seals_is_let_in():
    if not shutil.which("age"):
        pytest.skip("the age program is not here")
    theirs = subprocess.run(["age", "-r", RECIPIENT], input=b" " * 1024, capture_output=True, check=True)
    assert check_sealed(theirs.stdout) == 1024


@functools.cache
def passphrase():
    return pyrage.passphrase.encrypt(b" " * 1024, "correct horse")


def two_keys():
    both = [pyrage.x25519.Recipient.from_str(keys.recipient_of(one)) for one in (IDENTITY, OTHER)]
    return pyrage.encrypt(b" " * 1024, both)


SEALED = seal(b" " * 1024, RECIPIENT)


def longer_body():
    """Give a file of the right size whose wrapped key is 33 bytes."""
    lines = SEALED.split(b"\n", 3)
    lines[2] = raw_base64(from_raw_base64(lines[2]) + b"x").encode()
    return b"\n".join(lines)[: len(SEALED)]


SIZES = "A sealed voice has 1224, 4296, 16584, 65736 bytes, not "


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "The age file ends inside its header; send it whole."),
        (
            b'{"answers":{"q1":"plain"}}\n',
            "This is not an age file of version 1; seal it in the page, or with age.",
        ),
        (two_keys(), "A voice is sealed to one key only; take out the other recipients."),
        (passphrase, "A voice is sealed to an X25519 key; use the recipient that the promise names."),
        (SEALED[:-1], SIZES + "1223; pad it with spaces, then seal it."),
        (SEALED + b"\0", SIZES + "1225; pad it with spaces, then seal it."),
        (seal(b"short", RECIPIENT), SIZES + "205; pad it with spaces, then seal it."),
        (bytes(10_000_000), "A sealed voice is larger than fits; shorten it and seal it again."),
        (
            SEALED.replace(b"-> X25519 ", b"-> X25519 x "),
            "The X25519 line does not hold one share of 32 bytes; seal it again.",
        ),
        (longer_body(), "The wrapped key is not 32 bytes; seal it again."),
        (
            SEALED.replace(b"\n", b"\r\n"),
            "This is not an age file of version 1; seal it in the page, or with age.",
        ),
    ],
    ids=[
        "empty",
        "plain",
        "two keys",
        "passphrase",
        "cut",
        "longer",
        "unpadded",
        "ten megabytes",
        "argument",
        "longer body",
        "crlf",
    ],
)
def test_what_is_not_a_sealed_voice_is_refused_with_the_cure(raw, message):
    with pytest.raises(SealedError) as refusal:
        check_sealed(raw() if callable(raw) else raw)
    assert str(refusal.value) == message


@settings(max_examples=3000)
@given(st.integers(0, 167), st.integers(0, 255))
def test_a_changed_header_is_refused_or_does_not_open(place, byte):
    changed = SEALED[:place] + bytes([byte]) + SEALED[place + 1 :]
    try:
        assert check_sealed(changed) == 1024
        text = open_sealed(changed, [IDENTITY])
    except SealedError:
        assert changed != SEALED
    else:
        assert (changed, text) == (SEALED, b" " * 1024)


@settings(max_examples=1000)
@given(st.integers(168, len(SEALED) - 1), st.integers(1, 255))
def test_a_changed_payload_does_not_open(place, change):
    changed = SEALED[:place] + bytes([SEALED[place] ^ change]) + SEALED[place + 1 :]
    assert check_sealed(changed) == 1024
    with pytest.raises(SealedError, match="changed after sealing"):
        open_sealed(changed, [IDENTITY])


@settings(max_examples=3000)
@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda tail: SEALED[:100] + tail))
def test_random_bytes_are_never_let_in_and_never_crash(raw):
    with pytest.raises(SealedError):
        check_sealed(raw)
    with pytest.raises(SealedError):
        open_sealed(raw, [IDENTITY])


def test_another_key_does_not_open():
    with pytest.raises(SealedError, match="No key given here opens this file"):
        open_sealed(SEALED, [OTHER])


def test_a_file_locked_with_a_passphrase_is_not_opened_even_beside_a_key():
    lines = SEALED.split(b"\n", 1)
    beside = (
        lines[0]
        + b"\n-> scrypt ajMFur+EJLGaohv/dLRGnw 18\n8SHBz/ldWnjyGFQqfjat6uNBarWqqEMDS7W8X7+Xq5Q\n"
        + lines[1]
    )
    for locked in (passphrase(), beside):
        with pytest.raises(SealedError) as refusal:
            open_sealed(locked, [IDENTITY])
        assert str(refusal.value) == "This file is locked with a passphrase; open it with age."


def cctv():
    """List the files of the age test kit that are plain binary: name, fields, identities, body."""
    if not KIT.is_dir():
        return []
    files = []
    for path in sorted(KIT.iterdir()):
        if path.name.startswith("_"):
            continue
        head, _, body = path.read_bytes().partition(b"\n\n")
        pairs = [line.split(": ", 1) for line in head.decode().split("\n")]
        fields = dict(pairs)
        body = zlib.decompress(body) if fields.get("compressed") else body
        files.append((path.name, fields, [value for name, value in pairs if name == "identity"], body))
    return files


def test_the_age_test_kit_opens_or_fails_as_it_says():
    if not KIT.is_dir():
        pytest.skip("the age test kit in ../shared is not here")
    opened, failed = 0, 0
    for name, fields, identities, body in cctv():
        if "passphrase" in fields or "armored" in fields or any("-PQ-" in one for one in identities):
            continue
        try:
            text = open_sealed(body, identities)
        except (SealedError, KeyTextError):
            assert fields["expect"] != "success", name
            failed += 1
        else:
            assert (fields["expect"], hashlib.sha256(text).hexdigest()) == ("success", fields["payload"]), (
                name
            )
            opened += 1
    assert (opened, failed) == (14, 53)


def test_the_header_of_every_file_in_the_test_kit_that_must_open_parses():
    if not KIT.is_dir():
        pytest.skip("the age test kit in ../shared is not here")
    from alongside.core.sealing.header import parse_header

    good = [
        body for _, fields, _, body in cctv() if fields["expect"] == "success" and "armored" not in fields
    ]
    assert len([parse_header(body) for body in good]) == len(good) > 12


def test_of_the_test_kit_only_files_of_one_full_chunk_pass_for_a_sealed_voice():
    if not KIT.is_dir():
        pytest.skip("the age test kit in ../shared is not here")
    passed = []
    for name, _, _, body in cctv():
        try:
            check_sealed(body)
        except SealedError:
            continue
        passed.append(name)
    assert passed == [
        "stream_last_chunk_full",
        "stream_no_final_full",
    ]  # 64 KiB each; without the key both look whole
