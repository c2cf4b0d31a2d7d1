"""Read programs, their packs, units and offices."""

from datetime import date
from functools import lru_cache

from django.db.models import Q

from alongside.core.policy import Pack, load_pack
from alongside.ground.programs.models import Office, PackVersion, Post, Program, Stewardship


@lru_cache(maxsize=64)
def pack_under(sha256: str) -> Pack:
    """Give the pack under a hash, read once a process; a pack's text never changes under its hash."""
    version = PackVersion.objects.filter(sha256=sha256).first()
    if version is None:
        raise PackVersion.DoesNotExist
    return load_pack(version.text)


def pack_version(program: Program) -> PackVersion:
    """Give the pack version in force: the last one adopted."""
    version = program.packs.order_by("-pk").first()
    if version is None:
        raise PackVersion.DoesNotExist
    return version


def pack_of(program: Program) -> Pack:
    """Give the policy pack in force. One small query; the parsed pack is kept."""
    sha256 = program.packs.order_by("-pk").values_list("sha256", flat=True).first()
    if sha256 is None:
        raise PackVersion.DoesNotExist
    return pack_under(sha256)


def program_by_slug(slug: str) -> Program | None:
    """Give the program whose slug starts an address, or None."""
    return Program.objects.filter(slug=slug).first()


def every_program() -> list[Program]:
    """List all programs, oldest first."""
    return list(Program.objects.order_by("pk"))


def offices_of(program: Program) -> list[str]:
    """List the public ids of all offices of a program, sorted."""
    offices = Office.objects.filter(unit__program=program).select_related("unit")
    return sorted(office.public_id for office in offices)


def signing_office(program: Program, unit: str) -> str | None:
    """Give the office that signs for a unit, or None."""
    office = (
        Office.objects.filter(unit__program=program, unit__slug=unit, signs=True)
        .select_related("unit")
        .first()
    )
    return office.public_id if office else None


def posts_of(person_id: int, program: Program, today: date) -> list[Post]:
    """List the offices a person holds in a program today."""
    live = Q(until_date=None) | Q(until_date__gte=today)
    posts = Post.objects.filter(live, person=person_id, office__unit__program=program, from_date__lte=today)
    return list(posts.select_related("office__unit").order_by("pk"))


def is_steward(person_id: int, program: Program, today: date) -> bool:
    """Say whether a person runs a program today."""
    live = Q(until_date=None) | Q(until_date__gte=today)
    return Stewardship.objects.filter(live, person=person_id, program=program, from_date__lte=today).exists()


def holders_of(program: Program, office: str, today: date) -> list[Post]:
    """List who holds an office today, so that they can be reminded."""
    unit, slug = office.split("/", 1)
    live = Q(until_date=None) | Q(until_date__gte=today)
    posts = Post.objects.filter(
        live, office__unit__program=program, office__unit__slug=unit, office__slug=slug, from_date__lte=today
    )
    return list(posts.select_related("person"))


def posts_today(program: Program, today: date) -> list[Post]:
    """List who holds any office of a program today, with the person. One query."""
    live = Q(until_date=None) | Q(until_date__gte=today)
    posts = Post.objects.filter(live, office__unit__program=program, from_date__lte=today)
    return list(posts.select_related("person", "office__unit").order_by("pk"))
