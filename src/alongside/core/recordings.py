"""What a sound file is, told from its bytes, and the file without what a phone wrote into it about its owner."""

import struct
from collections.abc import Callable

from alongside.core.refusals import UnusableInputError

#: Kind to media type. What is not here is not taken in.
KINDS = {"mp3": "audio/mpeg", "m4a": "audio/mp4", "wav": "audio/wav", "ogg": "audio/ogg", "amr": "audio/amr"}
#: Boxes of an MP4 file that hold words, places and pictures.
WORDY = (b"udta", b"meta", b"uuid")
#: Boxes of an MP4 file that hold other boxes.
NESTS = (b"moov", b"trak", b"mdia")
#: Boxes of an MP4 file that begin with the times at which it was made and changed.
DATED = (b"mvhd", b"tkhd", b"mdhd")
OPUS, VORBIS = b"OpusTags", b"\x03vorbis"


def kind_of(content: bytes) -> str:
    """Tell what a sound file is from its first bytes; its name is not asked. Raises UnusableInputError."""
    if content[:3] == b"ID3" or (len(content) > 1 and content[0] == 0xFF and content[1] & 0xE6 == 0xE2):  # noqa: PLR2004 -- the sync word of MPEG layer III
        return "mp3"
    if content[4:8] == b"ftyp":
        return "m4a"
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return "wav"
    if content[:4] == b"OggS":
        return "ogg"
    if content[:5] == b"#!AMR":
        return "amr"
    raise UnusableInputError(
        "sound", "This is no sound file that we can play. Send MP3, M4A, WAV, OGG or AMR."
    )


def cleaned(content: bytes) -> tuple[str, bytes]:
    """Give the kind of a sound file and its bytes without titles, places, pictures, devices and times.

    The sound itself is not touched: a voice stays a voice. Raises UnusableInputError where the file is not what it says it is.
    """
    kind = kind_of(content)
    try:
        return kind, CLEAN[kind](content)
    except (struct.error, IndexError) as error:
        raise UnusableInputError(
            "sound", "This sound file is cut off or broken. Record it again, then send it."
        ) from error


def _mp3(content: bytes) -> bytes:
    """Drop ID3v2 tags at the front, and ID3v1, its extension and APE tags at the end."""
    while content[:3] == b"ID3":
        size = 0
        for byte in content[6:10]:
            size = size << 7 | byte & 0x7F
        content = content[10 + size + (10 if content[5] & 0x10 else 0) :]
    while True:
        if content[-128:-125] == b"TAG":
            content = content[:-128]
        elif content[-32:-24] == b"APETAGEX":
            size = struct.unpack("<I", content[-20:-16])[0]
            header = 32 if content[-9] & 0x80 else 0
            content = content[: max(0, len(content) - size - header)]
        else:
            break
    if not (len(content) > 1 and content[0] == 0xFF):  # noqa: PLR2004 -- as above
        raise UnusableInputError("sound", "This MP3 file holds no sound. Record it again, then send it.")
    return content


def _wav(content: bytes) -> bytes:
    """Keep the format and the sound; drop every other chunk."""
    kept, place = [], 12
    while place + 8 <= len(content):
        name, size = content[place : place + 4], struct.unpack("<I", content[place + 4 : place + 8])[0]
        body = content[place + 8 : place + 8 + size]
        if name in {b"fmt ", b"data", b"fact"}:
            kept.append(name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2))
        place += 8 + size + size % 2
    sound = b"".join(kept)
    if b"data" not in [one[:4] for one in kept]:
        raise UnusableInputError("sound", "This WAV file holds no sound. Record it again, then send it.")
    return b"RIFF" + struct.pack("<I", 4 + len(sound)) + b"WAVE" + sound


def _m4a(content: bytes) -> bytes:
    """Blank, in place, every box that holds words, and the times in the others; offsets into the sound stay true."""
    made = bytearray(content)
    _blank(made, 0, len(made), 0)
    return bytes(made)


def _blank(made: bytearray, place: int, end: int, depth: int) -> None:
    while place + 8 <= end:
        size, name = struct.unpack(">I", made[place : place + 4])[0], bytes(made[place + 4 : place + 8])
        head = 8
        if size == 1:
            size, head = struct.unpack(">Q", made[place + 8 : place + 16])[0], 16
        size = size or end - place
        if size < head or place + size > end:
            raise UnusableInputError(
                "sound", "This sound file is cut off or broken. Record it again, then send it."
            )
        if name in WORDY or name in {b"free", b"skip"}:
            made[place + 4 : place + 8] = b"free"
            made[place + head : place + size] = bytes(size - head)
        elif name in DATED:
            wide = 8 if made[place + head] == 1 else 4
            made[place + head + 4 : place + head + 4 + 2 * wide] = bytes(2 * wide)
        elif name == b"hdlr":
            made[place + head + 24 : place + size] = bytes(max(0, size - head - 24))
        elif name in NESTS and depth < len(NESTS):
            _blank(made, place + head, place + size, depth + 1)
        place += size


def _ogg(content: bytes) -> bytes:
    """Blank the words of the comment page, which is the second one, and sum its bytes anew.

    Only a comment that ends on its own page is blanked; one that runs on is refused, as it holds a picture.
    """
    made, place = bytearray(content), 0
    while place + 27 <= len(made) and made[place : place + 4] == b"OggS":
        parts = made[place + 26]
        lengths = made[place + 27 : place + 27 + parts]
        start = place + 27 + parts
        end = start + sum(lengths)
        head = next((one for one in (OPUS, VORBIS) if made[start : start + len(one)] == one), None)
        if head:
            first = next((n for n, size in enumerate(lengths) if size < 255), None)  # noqa: PLR2004 -- a packet ends on a short lacing value
            if first is None:
                raise UnusableInputError(
                    "sound", "This OGG file holds a picture. Record the sound alone, then send it."
                )
            _blank_comments(made, start + len(head), start + sum(lengths[: first + 1]), head)
            made[place + 22 : place + 26] = bytes(4)
            made[place + 22 : place + 26] = struct.pack("<I", _ogg_sum(bytes(made[place:end])))
        place = end
    return bytes(made)


def _blank_comments(made: bytearray, start: int, end: int, head: bytes) -> None:
    """Say that there is no vendor and no comment, in as many bytes; Vorbis ends with a bit that frames it."""
    made[start:end] = bytes(end - start)
    if head == VORBIS:
        # One comment of nothing but blanks fills the room, so that the framing bit stays last.
        struct.pack_into("<II", made, start, 0, 1)
        struct.pack_into("<I", made, start + 8, end - start - 13)
        made[end - 1] = 1


def _ogg_sum(page: bytes) -> int:
    """Sum a page as Ogg does: CRC-32 with polynomial 0x04c11db7, nothing turned round (RFC 3533, section 6)."""
    total = 0
    for byte in page:
        total ^= byte << 24
        for _bit in range(8):
            total = (total << 1 ^ 0x04C11DB7 if total & 0x80000000 else total << 1) & 0xFFFFFFFF
    return total


#: AMR has a head of six bytes and room for no words.
CLEAN: dict[str, Callable[[bytes], bytes]] = {
    "mp3": _mp3,
    "m4a": _m4a,
    "wav": _wav,
    "ogg": _ogg,
    "amr": bytes,
}
