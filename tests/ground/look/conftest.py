"""A program for the pages of the look: the neutral pack, just opened."""

from datetime import datetime
from pathlib import Path

import pytest

import alongside.ground.programs
from alongside.ground.programs.actions import open_program
from alongside.ground.programs.models import Program

PACK = Path(alongside.ground.programs.__file__).parent / "packs" / "neutral.toml"


@pytest.fixture
def delta(db: None, clock: datetime) -> Program:
    """Give a program that has just opened."""
    return open_program(
        slug="delta",
        origin="example.org/delta",
        pack=PACK.read_text(encoding="utf-8"),
        is_demonstration=True,
        on=clock.date(),
    )
