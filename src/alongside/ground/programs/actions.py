"""Open programs, adopt packs, and give people offices. What the public may know is entered by ground.record."""

import hashlib
from datetime import date

from django.db import transaction

from alongside.core.policy import Pack, load_pack
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Office, PackVersion, Post, Program, Stewardship, Unit


class NotAnOffice(ValueError):  # noqa: N818 -- the name is a sentence
    """The pack has no such office."""


@transaction.atomic
def open_program(*, slug: str, origin: str, pack: str, is_demonstration: bool, on: date) -> Program:
    """Open a program on a policy pack (TOML text), with the pack's units and offices.

    Raises PackError where the pack is bad. Call record.actions.open_log next.
    """
    load_pack(pack)
    program = Program.objects.create(
        slug=slug, origin=origin, is_demonstration=is_demonstration, opened_on=on
    )
    adopt_pack(program=program, text=pack, on=on)
    return program


@transaction.atomic
def adopt_pack(*, program: Program, text: str, on: date) -> PackVersion:
    """Adopt a policy pack from now on; make the units and offices it names. Nothing is taken away."""
    pack = load_pack(text)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    version = PackVersion.objects.create(program=program, sha256=sha256, text=text, adopted_on=on)
    _make_units(program, pack)
    return version


def _make_units(program: Program, pack: Pack) -> None:
    made: dict[str, Unit] = {}
    for unit in pack.units:
        made[unit.slug], _new = Unit.objects.get_or_create(program=program, slug=unit.slug)
        for office in unit.offices:
            Office.objects.update_or_create(
                unit=made[unit.slug], slug=office.slug, defaults={"signs": office.is_manager}
            )
    for unit in pack.units:
        if unit.parent:
            Unit.objects.filter(pk=made[unit.slug].pk).update(parent=made[unit.parent])


def give_office(*, person: Person, program: Program, office: str, from_date: date) -> Post:
    """Let a person hold an office, named as unit/office, from a day on."""
    unit, _, slug = office.partition("/")
    found = Office.objects.filter(unit__program=program, unit__slug=unit, slug=slug).first()
    if found is None:
        raise NotAnOffice(f"The pack has no office {office}; add it to the pack and adopt it first.")
    return Post.objects.create(person=person, office=found, from_date=from_date)


def take_office(*, post: Post, until_date: date) -> None:
    """End a post after a day."""
    Post.objects.filter(pk=post.pk).update(until_date=until_date)


def make_steward(*, person: Person, program: Program, from_date: date) -> Stewardship:
    """Let a person run a program from a day on."""
    return Stewardship.objects.create(person=person, program=program, from_date=from_date)
