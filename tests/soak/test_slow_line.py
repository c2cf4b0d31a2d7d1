"""Every story on a slow line: the first third of each answer, a wait, the rest.

ALONGSIDE_TEST_SLOW is how many seconds it waits (0.4).
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.soak
ROOT = Path(__file__).parents[2]


def test_every_story_is_walked_on_a_slow_line():
    slow = {"ALONGSIDE_TEST_SLOW": "0.4", **os.environ}

    walked = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-m", "story and not soak", "tests"],
        cwd=ROOT, env=slow, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert walked.returncode == 0, walked.stdout[-10_000:] + walked.stderr
    assert " passed" in walked.stdout.splitlines()[-1]
