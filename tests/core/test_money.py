"""Money is exact, and is never summed over two currencies."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from alongside.core.money import Money, MoneyError, for_time, read_plain, sums

MONEY = some.builds(Money, some.integers(1, 10**11), some.sampled_from(["USD", "JPY", "KWD", "EUR"]))


def test_a_float_is_no_money():
    with pytest.raises(MoneyError, match="not exact"):
        Money.of(0.1, "USD")
    with pytest.raises(MoneyError, match="whole number of coins"):
        Money(1.0, "USD")


def test_a_part_of_the_smallest_coin_is_refused():
    assert Money.of("12.345", "KWD").minor == 12345
    for amount, currency in (("0.001", "USD"), ("1.5", "JPY"), ("NaN", "USD"), ("ten", "USD")):
        with pytest.raises(MoneyError):
            Money.of(amount, currency)


def test_two_currencies_are_not_added():
    with pytest.raises(MoneyError, match="two currencies"):
        Money(1, "USD") + Money(1, "EUR")


@given(MONEY)
def test_what_is_written_for_machines_reads_back_the_same(money):
    assert read_plain(money.plain(), money.currency) == money
    assert Money.of(money.amount, money.currency) == money


@given(some.lists(MONEY))
def test_sums_are_exact_and_apart_by_currency(given):
    for total in sums(given):
        assert total.amount == sum((m.amount for m in given if m.currency == total.currency), Decimal(0))
    assert [one.currency for one in sums(given)] == sorted({m.currency for m in given})


@given(some.lists(some.integers(1, 1440), max_size=20), some.integers(1, 10**7))
def test_hours_logged_one_by_one_differ_from_all_at_once_by_half_a_coin_each_at_most(minutes, rate):
    each = sum(for_time(one, Money(rate, "USD")).minor for one in minutes)

    assert abs(each - Decimal(rate) * sum(minutes) / 60) <= Decimal(len(minutes)) / 2


def test_half_a_coin_goes_up():
    assert for_time(1, Money(30, "USD")) == Money(1, "USD")
    assert for_time(90, Money.of("45.00", "USD")) == Money.of("67.50", "USD")


@pytest.mark.parametrize("text", ["1,250.00", "-5", "+5", "1e3", "", "5 USD", "٥"])
def test_an_amount_for_machines_has_no_sign_and_no_commas(text):
    with pytest.raises(MoneyError):
        read_plain(text, "USD")
