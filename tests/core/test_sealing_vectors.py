"""The vectors that TypeScript is held to are what Python computes today."""

import unicodedata
from pathlib import Path

import pytest

from scripts.make_vectors import texts

VECTORS = Path(__file__).parents[2] / "vectors"
MADE = texts()


@pytest.mark.parametrize("name", sorted(MADE))
def test_the_vectors_on_disk_are_the_ones_python_makes(name):
    if name == "typed" and unicodedata.unidata_version != "15.1.0":
        pytest.skip("another Unicode version may know more digits than the file was made with")
    assert (VECTORS / f"{name}.json").read_text() == MADE[name]
