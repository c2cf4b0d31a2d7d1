"""The stories that move the calendar, at eight hours of the day in three seasons.

Behind the first season lies the beginning of summer time, behind the second no change, behind the third its end.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.soak
ROOT = Path(__file__).parents[2]
SEASONS = ("2026-06-10", "2026-09-15", "2026-11-20")
HOURS = ("02", "05", "08", "11", "14", "17", "20", "23")


@pytest.mark.parametrize("season", SEASONS)
@pytest.mark.parametrize("hour", HOURS)
def test_every_story_that_moves_the_calendar_is_walked(season, hour):
    then = {**os.environ, "ALONGSIDE_TEST_NOW": f"{season}T{hour}:50Z"}

    walked = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-m", "calendar and not soak", "tests/story"],
        cwd=ROOT, env=then, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert walked.returncode == 0, walked.stdout[-10_000:] + walked.stderr
    assert " passed" in walked.stdout.splitlines()[-1]
