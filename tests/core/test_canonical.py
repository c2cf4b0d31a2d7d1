"""Canonical JSON: one value, one string of bytes."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.core.canonical import NotCanonicalError, canonical

whole_text = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | whole_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(whole_text, inner, max_size=4),
    max_leaves=12,
)


def test_keys_are_sorted_and_nothing_is_spaced_or_escaped():
    assert canonical({"ñ": [1, True, None], "b": "خ", "a": {"z": -2, "y": ()}}) == (
        '{"a":{"y":[],"z":-2},"b":"خ","ñ":[1,true,null]}'.encode()
    )


def test_keys_are_sorted_by_code_point_beyond_the_first_plane():
    assert canonical({"\U00010000": 1, "\uffff": 2}) == '{"\uffff":2,"\U00010000":1}'.encode()


def test_only_quotes_backslashes_and_control_characters_are_escaped():
    assert canonical('"\\/\n\r\t\b\f\x00\x1f\x7f\u2028') == (
        b'"\\"\\\\/\\n\\r\\t\\b\\f\\u0000\\u001f\x7f\xe2\x80\xa8"'
    )


def test_strings_are_not_normalized():
    assert canonical("é") != canonical("e\u0301")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (1.0, "$ is a float; use a string, a whole number, true, false, null, a list or an object."),
        (
            {"a": [0, float("nan")]},
            "$.a[1] is a float; use a string, a whole number, true, false, null, a list or an object.",
        ),
        (2**53 + 1, "$ is beyond 2^53; write it as a string."),
        (-(2**53) - 1, "$ is beyond 2^53; write it as a string."),
        ({1: "a"}, "$ has the key 1; make every key a string."),
        (
            {"a": b"x"},
            "$.a is a bytes; use a string, a whole number, true, false, null, a list or an object.",
        ),
        ("\ud800", "$ holds half a character; send whole Unicode text."),
        ({"\ud800": 1}, "$ holds half a character; send whole Unicode text."),
    ],
)
def test_what_has_no_canonical_form_is_refused_with_the_cure(value, message):
    with pytest.raises(NotCanonicalError) as refusal:
        canonical(value)
    assert str(refusal.value) == message


def test_a_bottomless_value_is_refused():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(NotCanonicalError, match="nested too deeply"):
        canonical(deep)


@settings(max_examples=1000)
@given(values)
def test_reading_canonical_bytes_and_writing_them_again_changes_nothing(value):
    raw = canonical(value)
    assert canonical(json.loads(raw)) == raw
    assert json.loads(raw) == value
