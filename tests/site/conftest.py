"""A small place for the site's tests: one program on the neutral pack, with a steward."""

import dataclasses
from datetime import datetime
from pathlib import Path

import pytest

import alongside.ground.programs
from alongside.ground.people.actions import make_person
from alongside.ground.people.models import Person
from alongside.ground.programs.actions import make_steward
from alongside.ground.programs.models import Program
from alongside.ground.record.signing import make_key
from alongside.site.demo.acts import open_with_record

PACKS = Path(alongside.ground.programs.__file__).parent / "packs"


def opened(slug: str, now: datetime, *, is_demonstration: bool = True) -> Program:
    """Open a program on the neutral pack."""
    program = open_with_record(slug=slug, is_demonstration=is_demonstration, now=now)
    make_key(program)
    return program


@pytest.fixture
def delta(db: None, clock: datetime, settings, tmp_path: Path) -> Program:
    """Give a demonstration program that has just opened."""
    settings.ALONGSIDE = dataclasses.replace(settings.ALONGSIDE, keys=tmp_path / "keys")
    return opened("delta", clock)


@pytest.fixture
def steward(delta: Program, clock: datetime) -> Person:
    """Give the person who runs it."""
    person = make_person(email="steward@example.org", called="Sam")
    make_steward(person=person, program=delta, from_date=clock.date())
    return person
