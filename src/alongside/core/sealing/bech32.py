"""Bech32 without a length limit (BIP 173): how age writes its keys."""

LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
CHECKSUM_LETTERS = 6
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BYTE, _LETTER = 8, 5  # bits


class KeyTextError(ValueError):
    """A recipient or an identity is not written as it should be; the message says the cure."""


def encode(prefix: str, data: bytes) -> str:
    """Write `data` as lower-case Bech32 under `prefix`."""
    prefix = prefix.lower()
    values = _regroup(data, _BYTE, _LETTER, pad=True)
    check = _polymod([*_expanded(prefix), *values, *[0] * CHECKSUM_LETTERS]) ^ 1
    values += [(check >> _LETTER * (CHECKSUM_LETTERS - 1 - place)) & 31 for place in range(CHECKSUM_LETTERS)]
    return f"{prefix}1{''.join(LETTERS[value] for value in values)}"


def decode(text: str) -> tuple[str, bytes]:
    """Read the prefix, as it was written, and the bytes of a Bech32 text; raise KeyTextError where it is not one."""
    if text not in {text.lower(), text.upper()}:
        raise KeyTextError("The key mixes small and capital letters; copy it whole.")
    written, _, tail = text.rpartition("1")
    low = tail.lower()
    if not written or not written.isascii() or len(low) < CHECKSUM_LETTERS or set(low) - set(LETTERS):
        raise KeyTextError("This is not a key; copy it whole, from the first letter to the last.")
    values = [LETTERS.index(letter) for letter in low]
    if _polymod([*_expanded(written.lower()), *values]) != 1:
        raise KeyTextError("A letter of the key is wrong; copy it again.")
    return written, bytes(_regroup(values[:-CHECKSUM_LETTERS], _LETTER, _BYTE, pad=False))


def _expanded(prefix: str) -> list[int]:
    codes = [ord(letter) for letter in prefix]
    return [*[code >> _LETTER for code in codes], 0, *[code & 31 for code in codes]]


def _polymod(values: list[int]) -> int:
    """Compute the checksum polynomial of BIP 173 over 5-bit values."""
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << _LETTER ^ value
        for place, factor in enumerate(_GENERATOR):
            check ^= factor if top >> place & 1 else 0
    return check


def _regroup(values: bytes | list[int], have: int, want: int, *, pad: bool) -> list[int]:
    """Cut a row of `have`-bit values into `want`-bit values; refuse bits left over that are not padding."""
    bits, pool, out = 0, 0, []
    for value in values:
        pool = pool << have | value
        bits += have
        while bits >= want:
            bits -= want
            out.append(pool >> bits & (1 << want) - 1)
        pool &= (1 << bits) - 1
    if pad and bits:
        out.append(pool << want - bits & (1 << want) - 1)
    elif not pad and (bits >= have or pool):
        raise KeyTextError("The key ends in the middle of a letter; copy it whole.")
    return out
