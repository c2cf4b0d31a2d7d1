"""A sound file is told by its bytes, and loses what a phone wrote into it; its sound stays byte for byte."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.core.recordings import _ogg_sum, cleaned, kind_of
from alongside.core.refusals import UnusableInputError

SECRET = b"Rosa's phone, 45.5231 -122.6765"
SOUND = bytes(range(200))


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + name + body


def mp4() -> bytes:
    dated = b"\0\0\0\0" + struct.pack(">II", 3_900_000_000, 3_900_000_001) + b"\0" * 20
    track = box(b"trak", box(b"tkhd", dated) + box(b"mdia", box(b"mdhd", dated)) + box(b"udta", SECRET))
    movie = box(b"moov", box(b"mvhd", dated) + track + box(b"udta", box(b"meta", SECRET)))
    return box(b"ftyp", b"M4A \0\0\0\0") + movie + box(b"free", SECRET) + box(b"mdat", SOUND)


def ogg_page(body: bytes, number: int) -> bytes:
    lacing = bytes([255] * (len(body) // 255) + [len(body) % 255])
    head = b"OggS\0\0" + b"\0" * 8 + b"ABCD" + struct.pack("<I", number) + b"\0\0\0\0" + bytes([len(lacing)])
    page = head + lacing + body
    return page[:22] + struct.pack("<I", _ogg_sum(page)) + page[26:]


def ogg() -> bytes:
    words = b"OpusTags" + struct.pack("<I", len(SECRET)) + SECRET + struct.pack("<I", 0)
    return ogg_page(b"OpusHead" + b"\1" * 11, 0) + ogg_page(words, 1) + ogg_page(SOUND, 2)


def wav() -> bytes:
    form = b"fmt " + struct.pack("<I", 16) + b"\1" * 16
    words = b"LIST" + struct.pack("<I", len(SECRET)) + SECRET + b"\0" * (len(SECRET) % 2)
    body = b"WAVE" + form + words + b"data" + struct.pack("<I", len(SOUND)) + SOUND
    return b"RIFF" + struct.pack("<I", len(body)) + body


def mp3() -> bytes:
    size = bytes(len(SECRET) >> 7 * place & 0x7F for place in (3, 2, 1, 0))
    tail = b"TAG" + SECRET.ljust(125, b"\0")
    ape = SECRET + b"APETAGEX" + struct.pack("<IIII", 2000, len(SECRET) + 32, 1, 0) + b"\0" * 8
    return b"ID3\4\0\0" + size + SECRET + b"\xff\xfb" + SOUND + ape + tail


FILES = {"m4a": mp4(), "ogg": ogg(), "wav": wav(), "mp3": mp3()}


@pytest.mark.parametrize("kind", FILES)
def test_what_a_phone_wrote_about_its_owner_is_gone_and_the_sound_is_there(kind):
    assert FILES[kind].count(SECRET) >= 1

    found, clean = cleaned(FILES[kind])

    assert (found, clean.count(SECRET), clean.count(SOUND)) == (kind, 0, 1)


def test_the_times_in_an_mp4_file_are_blank_and_nothing_in_it_moved():
    clean = cleaned(mp4())[1]

    assert clean.count(struct.pack(">I", 3_900_000_000)) == 0
    assert (len(clean), clean.index(SOUND)) == (len(mp4()), mp4().index(SOUND))


def test_a_cleaned_ogg_page_has_the_right_sum():
    clean = cleaned(ogg())[1]
    start = clean.index(b"OpusTags") - 27 - 1
    page = clean[start : clean.index(b"OggS", start + 4)]

    assert struct.unpack("<I", page[22:26])[0] == _ogg_sum(page[:22] + b"\0" * 4 + page[26:])
    assert clean.count(b"OpusTags" + b"\0" * 8) == 1


def test_the_sum_of_ogg_is_the_one_of_the_standard():
    # CRC-32/MPEG-2 of "123456789" is 0x0376E6E7 with all bits set at first; from zero and not turned it is this.
    assert _ogg_sum(b"123456789") == 0x89A1897F


@pytest.mark.parametrize("kind", FILES)
def test_cleaning_twice_changes_nothing_more(kind):
    once = cleaned(FILES[kind])[1]

    assert cleaned(once)[1] == once


@pytest.mark.parametrize(
    "content", [b"", b"<!doctype html>", b"%PDF-1.7", b"\x89PNG\r\n", b"\x1aE\xdf\xa3webm", b"ID3"]
)
def test_what_is_no_sound_is_refused(content):
    with pytest.raises(UnusableInputError):
        cleaned(content)


@given(
    st.binary(max_size=300),
    st.sampled_from([b"ID3", b"\0\0\0\x14ftyp", b"RIFF\0\0\0\0WAVE", b"OggS", b"#!AMR"]),
)
def test_a_broken_file_is_refused_or_cleaned_and_never_runs_on(rest, head):
    try:
        kind, _clean = cleaned(head + rest)
    except UnusableInputError:
        return
    assert kind == kind_of(head + rest)
