"""Recovery papers: so many of them give the key back, fewer tell nothing, and whoever types one is told which row is wrong."""

import json
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.core.sealing.recovery_papers import (
    MOST,
    ROW_DIGITS,
    SHARE_BYTES,
    PaperError,
    combine,
    parse,
    rows,
    split,
)

CUT = json.loads((Path(__file__).parents[2] / "vectors" / "shamir.json").read_text())["cut"]
SECRETS = st.binary(min_size=32, max_size=32)
SHARES = st.binary(min_size=SHARE_BYTES, max_size=SHARE_BYTES)


def some(shares, count):
    """Give the first hundred ways to choose so many."""
    return [one for _at, one in zip(range(100), combinations(shares, count), strict=False)]


@pytest.mark.parametrize("cut", CUT, ids=lambda cut: f"{cut['needed']} of {len(cut['shares'])}")
def test_what_the_library_of_the_reader_cut_comes_back_here(cut):
    shares = [bytes.fromhex(one) for one in cut["shares"]]
    for few in some(shares, cut["needed"]):
        assert combine(few).hex() == cut["secret"]
    for fewer in some(shares, cut["needed"] - 1) if cut["needed"] > 2 else ():
        assert combine(fewer).hex() != cut["secret"]


@given(SECRETS, st.integers(2, 6), st.integers(0, 4), st.randoms(use_true_random=False))
def test_any_papers_that_are_enough_give_the_key_back(secret, needed, more, dice):
    shares = split(secret, needed + more, needed, dice.randbytes)
    assert combine(dice.sample(shares, needed)) == secret
    assert combine(shares) == secret


@settings(max_examples=10)
@given(SECRETS, st.integers(0, 31), st.integers(0, 255), st.randoms(use_true_random=False))
def test_papers_that_are_one_too_few_fit_any_key(secret, place, byte, dice):
    first, second, third = split(secret, 3, 3, dice.randbytes)
    others = [third[:place] + bytes([one]) + third[place + 1 :] for one in range(256)]
    assert byte in {combine([first, second, one])[place] for one in others}


@given(SHARES)
def test_a_paper_is_read_as_it_was_written(share):
    assert parse("\n".join(rows(share))) == share


@given(SHARES, st.integers(0, 4 * (ROW_DIGITS + 1) - 1), st.integers(1, 9))
def test_a_wrong_digit_is_found_in_its_row(share, at, more):
    row = "".join(rows(share)).replace(" ", "")
    typed = row[:at] + str((int(row[at]) + more) % 10) + row[at + 1 :]
    with pytest.raises(PaperError, match=f"row {at // (ROW_DIGITS + 1) + 1} is wrong"):
        parse(typed)


@given(SHARES, st.permutations(range(4)))
def test_rows_in_another_order_are_no_paper(share, order):
    written = rows(share)
    typed = [written[at] for at in order]
    if typed == written:
        assert parse("".join(typed)) == share
    else:
        try:
            assert parse("".join(typed)) != share
        except PaperError as error:
            assert "wrong" in str(error) or "no paper" in str(error)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "84 digits, you wrote 0"),
        ("12a", "only digits"),
        ("9" * 84, "row 1 is wrong"),
    ],
)
def test_who_types_something_else_is_told_the_cure(typed, says):
    with pytest.raises(PaperError, match=says):
        parse(typed)


def test_one_paper_twice_is_refused_and_no_paper_alone_opens():
    first, second, _third = split(bytes(32), 3, 2)
    for few in ([first, first], [first], [], [first, second[:-1]]):
        with pytest.raises(PaperError, match="each paper once"):
            combine(few)


@pytest.mark.parametrize(("papers", "needed"), [(1, 1), (3, 1), (2, 3), (MOST + 1, 2)])
def test_no_key_is_cut_so_that_one_paper_opens_or_all_do_not(papers, needed):
    with pytest.raises(PaperError, match="choose other numbers"):
        split(bytes(32), papers, needed)
