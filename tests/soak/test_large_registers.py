"""A register of 200 MB streams by in bounded memory, and says how far it is. ALONGSIDE_SOAK_REGISTER is its size in MB."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.soak
MEGABYTES = int(os.environ.get("ALONGSIDE_SOAK_REGISTER", "200"))
#: What reading may add to the process, whatever the size of the file.
MOST_GROWTH = 60
ROOT = Path(__file__).parents[2]


def test_a_large_file_streams_in_bounded_memory_with_progress():
    done = subprocess.run(
        [sys.executable, "-m", "bench.register", "stream", str(MEGABYTES)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}/src:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])

    assert (told["trouble"], told["rows"]) == ("", told["expected"])
    assert abs(told["megabytes"] - MEGABYTES) <= MEGABYTES * 0.05
    assert told["grew_megabytes"] < MOST_GROWTH
    assert told["rises"] is True
    assert told["progress"] >= told["rows"] / 500
