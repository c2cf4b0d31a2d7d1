"""A program for the pages of the look: the neutral pack, just opened."""

from datetime import datetime

import pytest

from alongside.ground.programs.actions import open_program
from alongside.ground.programs.models import Program
from alongside.ground.programs.pack_files import shipped_pack


@pytest.fixture
def delta(db: None, clock: datetime) -> Program:
    """Give a program that has just opened."""
    return open_program(
        slug="delta",
        origin="example.org/delta",
        pack=shipped_pack("neutral"),
        is_demonstration=True,
        on=clock.date(),
    )
