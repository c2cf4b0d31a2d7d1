"""A picture of a bill says nothing about where, when and with what it was taken."""

import struct
import zlib

import pytest

from alongside.core.pictures import cleaned
from alongside.core.refusals import UnusableInputError

SECRET = b"GPS 45.5152 N 122.6784 W"
TINY = bytes.fromhex("ffdb0043000101") + b"\x01" * 64  # a table of the coder, as every JPEG has


def jpeg(*segments, scan=b"\x12\xff\x00\x34\xff\xd0\x56", after=b""):
    start = b"\xff\xda" + struct.pack(">H", 4) + b"\x01\x00"
    return b"\xff\xd8" + b"".join(segments) + TINY[:69] + start + scan + b"\xff\xd9" + after


def segment(marker, body):
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def exif(orientation, order="<"):
    head = b"II*\0" if order == "<" else b"MM\0*"
    tags = struct.pack(f"{order}HHIH", 0x0112, 3, 1, orientation) + b"\0\0"
    tiff = head + struct.pack(f"{order}IH", 8, 1) + tags + struct.pack(f"{order}I", 0) + SECRET
    return segment(0xE1, b"Exif\0\0" + tiff)


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


@pytest.mark.parametrize("marker", [0xE1, 0xE2, 0xED, 0xFE])
def test_a_jpeg_loses_what_the_camera_wrote(marker):
    kind, clean = cleaned(jpeg(segment(0xE0, b"JFIF\0"), segment(marker, SECRET)))

    assert (kind, clean) == ("image/jpeg", jpeg(segment(0xE0, b"JFIF\0")))


def test_a_second_picture_after_the_end_goes_too():
    assert cleaned(jpeg(after=SECRET))[1] == jpeg()


@pytest.mark.parametrize("order", ["<", ">"])
def test_which_way_is_up_stays_and_nothing_else(order):
    clean = cleaned(jpeg(exif(6, order)))[1]

    assert SECRET not in clean
    assert cleaned(clean)[1] == clean
    assert struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0) in clean
    assert cleaned(jpeg(exif(1, order)))[1] == jpeg()


def test_a_png_loses_its_words_and_times():
    parts = [chunk(b"IHDR", bytes(13)), chunk(b"IDAT", b"x"), chunk(b"IEND", b"")]
    noisy = [
        parts[0],
        chunk(b"tEXt", SECRET),
        chunk(b"eXIf", SECRET),
        parts[1],
        chunk(b"tIME", b"1"),
        parts[2],
    ]
    head = b"\x89PNG\r\n\x1a\n"

    assert cleaned(head + b"".join(noisy) + SECRET) == ("image/png", head + b"".join(parts))


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7", b"GIF89a", b"<svg/>", jpeg()[:40], jpeg()[:-2], b"\x89PNG\r\n\x1a\n\0\0"]
)
def test_what_is_no_whole_picture_is_refused(data):
    with pytest.raises(UnusableInputError):
        cleaned(data)
