"""Take out of a picture what the camera wrote about place, time and device. JPEG and PNG; pure bytes in, bytes out."""

import struct
from collections.abc import Iterator

from alongside.core.refusals import UnusableInputError

PNG = b"\x89PNG\r\n\x1a\n"
#: What a PNG needs to look the same; everything else goes (text, times, EXIF, private chunks).
PNG_KEPT = (b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"IDAT", b"IEND")
SOI, EOI, SOS, APP0, APP1, APP14, COM = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xEE, 0xFE
APPS = range(APP0, 0xF0)
RESTARTS = range(0xD0, 0xD8)
ORIENTATION = 0x0112
UPRIGHT = range(2, 9)  # the seven ways in which a picture is not upright


def cleaned(data: bytes) -> tuple[str, bytes]:
    """Give the media type and the bytes of a picture without metadata; which way is up is kept. Raises UnusableInputError."""
    try:
        if data.startswith(PNG):
            return "image/png", PNG + b"".join(_png(data))
        if data.startswith(b"\xff\xd8\xff"):
            return "image/jpeg", b"".join(_jpeg(data))
    except (IndexError, struct.error) as error:
        raise UnusableInputError("picture", "The picture is cut off; send it again.") from error
    raise UnusableInputError(
        "picture", "The file is no JPEG and no PNG; send a photo or a picture of the screen."
    )


def _png(data: bytes) -> Iterator[bytes]:
    at, name = len(PNG), b""
    while name != b"IEND":
        (length,) = struct.unpack_from(">I", data, at)
        name, whole = data[at + 4 : at + 8], data[at : at + 12 + length]
        if len(whole) < 12 + length:
            raise UnusableInputError("picture", "The picture is cut off; send it again.")
        if name in PNG_KEPT:
            yield whole
        at += len(whole)


def _jpeg(data: bytes) -> Iterator[bytes]:
    yield b"\xff\xd8"
    at, is_turned = 2, False
    while True:
        if data[at] != 0xFF:  # noqa: PLR2004 -- every marker begins so
            raise UnusableInputError("picture", "The picture is cut off; send it again.")
        marker = data[at + 1]
        if marker == EOI:
            yield b"\xff\xd9"
            return  # what stands after the end, such as a second picture, goes
        (length,) = struct.unpack_from(">H", data, at + 2)
        segment, at = data[at : at + 2 + length], at + 2 + length
        if marker == APP1 and not is_turned and (turned := _turned(segment[4:])):
            is_turned = True
            yield turned
        if marker in (APP0, APP14) or (marker not in APPS and marker != COM):
            yield segment
        if marker == SOS:
            end = _end_of_scan(data, at)
            yield data[at:end]
            at = end


def _end_of_scan(data: bytes, at: int) -> int:
    """Give where the coded picture ends: at the next marker that is no restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0:
            raise UnusableInputError("picture", "The picture is cut off; send it again.")
        if data[at + 1] not in (0, 0xFF) and data[at + 1] not in RESTARTS:
            return at
        at += 1 if data[at + 1] == 0xFF else 2  # noqa: PLR2004 -- a fill byte before a marker


def _turned(exif: bytes) -> bytes:
    """Give an EXIF segment that holds nothing but which way is up, or nothing where the picture is upright."""
    way = _orientation(exif)
    if way not in UPRIGHT:
        return b""
    body = b"Exif\0\0MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHIHH", ORIENTATION, 3, 1, way, 0) + b"\0\0\0\0"
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _orientation(exif: bytes) -> int:
    order = {b"MM": ">", b"II": "<"}.get(exif[6:8])
    if not exif.startswith(b"Exif\0\0") or order is None:
        return 1
    tiff = exif[6:]
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, first)
        for place in range(count):
            tag, _kind, _n, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * place)
            if tag == ORIENTATION:
                return int(value)
    except struct.error:
        return 1
    return 1
