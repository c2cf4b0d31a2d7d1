"""What is locked to a device opens for that device, seat, keyring and record, and for nothing else."""

import os

import pytest

from alongside.core.sealing.devices import device_salt, lock_to_device, open_with_device

WHOSE = {"origin": "riverbend.example/record", "seat": "seat-1a2b3c4d", "recipient": "age1one"}
GIVEN = bytes(range(32))


def test_what_is_locked_opens_again_and_never_looks_the_same():
    one, other = (lock_to_device(b"a keyring", GIVEN, **WHOSE) for _ in range(2))
    assert one != other
    assert [open_with_device(sealed, GIVEN, **WHOSE) for sealed in (one, other)] == [b"a keyring"] * 2


@pytest.mark.parametrize("name", sorted(WHOSE))
def test_it_is_of_one_record_seat_and_keyring(name):
    sealed = lock_to_device(b"a keyring", GIVEN, **WHOSE)
    assert open_with_device(sealed, GIVEN, **{**WHOSE, name: WHOSE[name] + "x"}) is None


def test_another_device_or_another_byte_opens_nothing():
    sealed = lock_to_device(b"a keyring", GIVEN, **WHOSE)
    assert open_with_device(sealed, os.urandom(32), **WHOSE) is None
    for at in range(len(sealed)):
        changed = bytes(byte ^ (place == at) for place, byte in enumerate(sealed))
        assert open_with_device(changed, GIVEN, **WHOSE) is None
    for short in (b"", sealed[:16], sealed[:-1]):
        assert open_with_device(short, GIVEN, **WHOSE) is None


def test_each_seat_asks_its_device_with_something_else():
    named = [("a", "b"), ("a", "c"), ("c", "b"), ("a\n", "b")]
    assert len({device_salt(origin=origin, seat=seat) for origin, seat in named}) == len(named)
