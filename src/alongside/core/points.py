"""Points of Curve25519 that are no keys: anybody can sign with them, or open what is locked to them. No library makes one."""

_PRIME = 2**255 - 19
#: The bits of 32 bytes that are a coordinate; the last one is none.
_COORDINATE = 2**255 - 1


def _number(little: str) -> int:
    return int.from_bytes(bytes.fromhex(little), "little")


#: y of the points of order 8 of Ed25519, and u of the same points as X25519 knows them. `vectors/points.json` lists all.
_Y8 = _number("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")
_U8 = (
    _number("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    _number("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
)
#: The coordinates of all points of small order: under such a y any signature can be made for any words, and to such a u no secret is shared.
_WEAK_Y = {0, 1, _PRIME - 1, _Y8, _PRIME - _Y8}
_WEAK_U = {0, 1, _PRIME - 1, *_U8}


def can_sign(public: bytes) -> bool:
    """Say whether 32 bytes can be an Ed25519 key: written in the one right way, and of no small order."""
    y = int.from_bytes(public, "little") & _COORDINATE
    return y < _PRIME and y not in _WEAK_Y


def can_be_locked_to(public: bytes) -> bool:
    """Say whether 32 bytes can be an X25519 key: written in the one right way, and of no small order."""
    u = int.from_bytes(public, "little")
    return u < _PRIME and u not in _WEAK_U
