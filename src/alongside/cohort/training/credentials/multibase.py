"""Write bytes in base58 with the letter z before them (Multibase), and Ed25519 public keys as Multikey."""

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
#: The multicodec of an Ed25519 public key, as an unsigned varint.
ED25519_PUBLIC = b"\xed\x01"


def encode(data: bytes) -> str:
    """Give bytes in base58-btc, led by z; each leading zero byte becomes a 1."""
    number, letters = int.from_bytes(data), ""
    while number:
        number, digit = divmod(number, 58)
        letters = ALPHABET[digit] + letters
    return "z" + "1" * (len(data) - len(data.lstrip(b"\0"))) + letters


def decode(text: str) -> bytes:
    """Read base58-btc led by z. Raises ValueError for anything else."""
    if not text.startswith("z") or any(letter not in ALPHABET for letter in text[1:]):
        raise ValueError("This is not base58 led by z; take the value as it was given.")
    letters, number = text[1:], 0
    for letter in letters:
        number = number * 58 + ALPHABET.index(letter)
    zeros = len(letters) - len(letters.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def multikey(public: bytes) -> str:
    """Give the 32 bytes of an Ed25519 public key as a Multikey."""
    return encode(ED25519_PUBLIC + public)
