"""The clock that tests pass to actions."""

from datetime import UTC, datetime

import pytest

NOON = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)  # a Monday; noon where the first pack's clocks run


@pytest.fixture
def clock() -> datetime:
    """Give the one moment at which a test happens, unless it says otherwise."""
    return NOON
