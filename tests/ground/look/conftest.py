"""A program for the pages of the look: the neutral pack, just opened."""

from datetime import datetime

import pytest

from alongside.ground.programs.models import Program
from alongside.site.demo.acts import open_with_record


@pytest.fixture
def delta(db: None, clock: datetime) -> Program:
    """Give a program that has just opened."""
    return open_with_record(slug="delta", now=clock)
