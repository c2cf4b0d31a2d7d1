"""Finds the shared vectors that stand beside the checkout."""

from pathlib import Path

import pytest

VECTORS = Path(__file__).parents[2] / "../shared/vectors"


def vectors(name: str) -> Path:
    """Give a folder or file of vectors, or skip where they are not at hand."""
    path = VECTORS / name
    if not path.exists():
        pytest.skip(f"{name} is not here: ../shared is not here")
    return path
