"""The receipt: digits a person can copy, and what comes from them."""

import hashlib
import hmac
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.core.refusals import UnusableInputError
from alongside.core.sealing import receipt

secrets = st.binary(min_size=12, max_size=12)
many = settings(max_examples=2000)


def test_a_receipt_is_thirty_digits_in_six_groups_of_five():
    assert receipt.grouped(bytes(12)) == "00000 00000 00000 00000 00000 00000"
    assert receipt.grouped(b"\xff" * 12) == "79228 16251 42643 37593 54395 03351"


def test_the_check_digit_is_damms():
    assert receipt.damm("572") == 4
    assert receipt.damm("5724") == 0


def test_a_new_receipt_takes_twelve_bytes_of_randomness():
    asked = []
    assert receipt.make(lambda size: asked.append(size) or b"r" * size) == b"r" * 12
    assert asked == [12]
    assert receipt.make() != receipt.make()


@many
@given(secrets)
def test_what_is_shown_reads_back(secret):
    assert receipt.parse(receipt.grouped(secret)) == secret
    assert receipt.parse(receipt.digits(secret)) == secret


@many
@given(secrets, st.integers(0, 29), st.integers(1, 9))
def test_one_wrong_digit_is_always_caught(secret, place, more):
    row = receipt.digits(secret)
    wrong = row[:place] + str((int(row[place]) + more) % 10) + row[place + 1 :]
    with pytest.raises(UnusableInputError, match="One of the digits"):
        receipt.parse(wrong)


@many
@given(secrets, st.integers(0, 28))
def test_two_digits_that_changed_places_are_always_caught(secret, place):
    row = receipt.digits(secret)
    swapped = row[:place] + row[place + 1] + row[place] + row[place + 2 :]
    if swapped != row:
        with pytest.raises(UnusableInputError, match="One of the digits"):
            receipt.parse(swapped)


@many
@given(
    secrets,
    st.sampled_from("0٠۰०০๐０𞥐"),
    st.sampled_from([" ", "-", "–", "\u00a0", " - ", "\u200f", ".", "\n"]),
)
def test_any_script_and_any_spacing_reads_back(secret, zero, between):
    row = "".join(chr(ord(zero) + int(digit)) for digit in receipt.digits(secret))
    typed = between.join(row[start : start + 5] for start in range(0, 30, 5))
    assert receipt.parse(f" {typed} ") == secret


@settings(max_examples=5000)
@given(st.text(max_size=60) | st.text("0123456789٣ -", max_size=60))
def test_whatever_is_typed_gives_a_receipt_or_a_sentence(typed):
    try:
        secret = receipt.parse(typed)
    except UnusableInputError as refusal:
        assert str(refusal)[-1] == "."
    else:
        assert receipt.digits(secret) == "".join(
            str(unicodedata.decimal(x)) for x in receipt.BETWEEN.sub("", typed)
        )


def beyond():
    number = str(1 << 96)
    return number + str(receipt.damm(number))


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("1" * 28, "Write the digits of your receipt: there are 30, you wrote 28."),
        ("", "Write the digits of your receipt: there are 30, you wrote 0."),
        ("12345 x", "A receipt has only digits; take out “x”."),
        ("²" * 30, "A receipt has only digits; take out “²”."),
        (
            "0" * 29 + "1",
            "One of the digits is different from your receipt; compare them, group by group.",
        ),
        (
            beyond(),
            "One of the digits is different from your receipt; compare them, group by group.",
        ),
    ],
)
def test_a_mistake_is_told_with_its_cure(typed, message):
    with pytest.raises(UnusableInputError) as refusal:
        receipt.parse(typed)
    assert str(refusal.value) == message


def test_a_receipt_of_another_size_is_refused():
    with pytest.raises(ValueError, match="A receipt is 12 bytes, not 11; make a new one."):
        receipt.digits(bytes(11))


def test_the_four_values_are_what_the_design_says():
    secret = bytes(range(12))
    extracted = hmac.digest(bytes(32), secret, "sha256")
    read = hmac.digest(extracted, b"alongside/read/v1\x01", "sha256")
    act = hmac.digest(extracted, b"alongside/act/v1\x01", "sha256")
    assert receipt.read_secret(secret) == read
    assert receipt.act_secret(secret) == act
    assert receipt.seal_mark(read) == hashlib.sha256(b"alongside/seal-mark/v1\n" + read).digest()
    assert receipt.act_hash(act) == hashlib.sha256(b"alongside/act-hash/v1\n" + act).digest()
