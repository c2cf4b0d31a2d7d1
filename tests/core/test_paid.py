"""A total of pay points at nobody."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as some

from alongside.core.money import Money
from alongside.core.paid import Quarter, band_of, days_to_tell, total_to_tell

K = 10


def seats(*minor):
    return {f"seat-{n}": Money(one, "USD") for n, one in enumerate(minor)}


def test_what_one_or_two_seats_got_is_not_told():
    assert total_to_tell(seats(), K) is None
    assert total_to_tell(seats(100), K) is None
    assert total_to_tell(seats(100, 100), K) is None
    assert total_to_tell(seats(100, 100, 0), K) is None


def test_a_total_of_which_one_seat_got_more_than_half_is_not_told():
    assert total_to_tell(seats(501, 300, 199), K) is None
    assert total_to_tell(seats(*[10] * 20, 1000), K) is None
    assert total_to_tell(seats(500, 300, 200), K) is not None


def test_a_few_seats_are_told_as_a_band_and_k_as_a_sum():
    few = total_to_tell(seats(*[40_000] * 9), K)
    many = total_to_tell(seats(*[40_000] * 10), K)

    assert (few.low, few.high, few.is_exact) == (Money(200_000, "USD"), Money(500_000, "USD"), False)
    assert (many.low, many.is_exact) == (Money(400_000, "USD"), True)


def test_what_a_seat_gave_back_lowers_the_total_and_counts_for_no_seat():
    exact = total_to_tell(seats(*[40_000] * 10, -50_000), K)

    assert (exact.low, exact.is_exact) == (Money(350_000, "USD"), True)
    assert total_to_tell(seats(*[40_000] * 9, -1), K).is_exact is False
    assert total_to_tell(seats(40_000, 40_000, -1), K) is None
    assert total_to_tell(seats(40_000, 40_000, 40_000, -40_001), K) is None, "one got more than half of it"
    assert total_to_tell(seats(100, 100, 100, -300), K) is None


@given(some.lists(some.integers(1, 10**9), min_size=3, max_size=30))
def test_what_is_told_holds_the_sum_and_gives_no_seat_away(paid):
    told, total = total_to_tell(seats(*paid), K), sum(paid)

    if told is None:
        assert 2 * max(paid) > total
    elif len(paid) >= K:
        assert told.low.minor == told.high.minor == total
    else:
        assert told.low.minor <= total < told.high.minor
        # A lead who knows their own pay learns of the rest no more than a range as wide as the total's lower edge.
        assert told.high.minor - told.low.minor >= told.low.minor


@given(some.integers(1, 10**12))
def test_the_same_band_is_told_for_every_total_in_it(total):
    low, high = band_of(total)

    assert band_of(low) == band_of(high - 1) == (low, high)


def test_days_are_told_of_k_payments_and_three_seats():
    assert days_to_tell([5] * 9, 3, K) is None
    assert days_to_tell([5] * 10, 2, K) is None
    assert days_to_tell([3] * 5 + [9] * 5, 3, K) == 3


def test_quarters_follow_one_another():
    assert str(Quarter.of(date(2026, 11, 24))) == "2026-Q4"
    assert Quarter(2026, 4).next == Quarter(2027, 1)
    assert Quarter(2026, 4).first_day == date(2026, 10, 1)
