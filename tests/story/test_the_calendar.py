"""The stories' own calendar counts in days of the program, at every hour and in every season."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from tests.soak.test_every_season import HOURS, SEASONS
from tests.story.conftest import Calendar


@pytest.mark.parametrize("season", SEASONS)
@pytest.mark.parametrize("hour", HOURS)
def test_a_day_back_is_the_day_before_in_the_program(season, hour):
    calendar, days = Calendar(datetime.fromisoformat(f"{season}T{hour}:50Z")), []
    for ago in range(131):
        calendar.ago = timedelta(days=ago)
        assert calendar.now().tzinfo == UTC
        days.append(calendar.now().astimezone(calendar.zone).date())

    assert {before - after for before, after in pairwise(days)} == {timedelta(days=1)}
