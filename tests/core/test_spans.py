"""A part of a file is what RFC 9110 says, and never a byte beyond its end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.core.spans import span


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("", None),
        ("bytes=0-", (0, 9)),
        ("bytes=2-4", (2, 4)),
        ("bytes=2-99", (2, 9)),
        ("bytes=-3", (7, 9)),
        ("bytes=-99", (0, 9)),
        ("bytes=10-", (10, 9)),
        ("bytes=4-2", None),
        ("bytes=-", None),
        ("bytes=0-1,3-4", None),
        ("lines=1-2", None),
    ],
)
def test_a_range_header_is_read_as_it_is_meant(asked, given):
    assert span(asked, 10) == given


@given(st.text(alphabet="bytes=0123456789-,", max_size=20), st.integers(1, 50))
def test_no_header_reaches_beyond_the_end(asked, size):
    found = span(asked, size)

    assert found is None or found[1] < size
