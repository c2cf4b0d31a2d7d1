"""Blanks in any clothes say nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.core.words import has_words

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
