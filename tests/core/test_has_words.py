"""Blanks in any clothes say nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.core.words import as_seen, has_words

UNSEEN = st.characters(categories=["Cf", "Cc", "Zs", "Zl", "Zp"]) | st.sampled_from(
    "\u2800\u3164\u115f\u1160\uffa0\u034f\ufe0f\u17b4\u180b"
)


@given(st.text(UNSEEN))
def test_what_nobody_can_see_says_nothing(text):
    assert not has_words(text)


@given(st.text(UNSEEN), st.sampled_from("aÑ1٣한ي你👍$"), st.text(UNSEEN))
def test_one_letter_number_or_symbol_says_something(before, one, after):
    assert has_words(before + one + after)


@pytest.mark.parametrize("text", ["", ".", " - ", "…", "?!", "\u0301", "\u200f\u2800\n"])
def test_signs_between_words_and_marks_without_a_letter_say_nothing(text):
    assert not has_words(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Yes", "yes."),
        ("No", "N\u043e"),
        ("More  buses", "more buses!"),
        ("\u00abYes\u00bb", "Yes"),
        ("Yes", "Y\u200bes\ufe0f"),
        ("No", "N\u17b4o\U000e0101"),
        ("\u0646\u0639\u0645", "\u0646\u0640\u0639\u0645"),
    ],
)
def test_two_answers_that_people_cannot_tell_apart_read_alike(one, other):
    assert as_seen(one) == as_seen(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("S\u00ed", "Si"),
        ("< 5", "> 5"),
        ("-5", "5"),
        ("1.5", "15"),
        ("1\u20132", "12"),
        ("5%", "5"),
        ("+", "-1"),
        ("\U0001f642", "\U0001f641"),
        ("B\u00e0", "B\u00e1"),
        ("\u0110i", "Di"),
        ("C", "C++"),
        ("Once a day", "Once a week"),
    ],
)
def test_answers_that_people_can_tell_apart_do_not_read_alike(one, other):
    assert as_seen(one) != as_seen(other)
