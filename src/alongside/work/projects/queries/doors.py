"""What the asker may put on the register, and as whom."""

from collections.abc import Iterable

from django.db.models import Q

from alongside.ground.gate import Asker, Role
from alongside.ground.look.addresses import short_name
from alongside.ground.programs.models import Office, Program, Unit
from alongside.work.projects.models import DecisionPoint, Listing, Project

#: Names that addresses of the register use themselves.
OURS = ("new", "import", "imports", "harms")


def may_write_about(asker: Asker, unit: str) -> bool:
    """Say whether the asker may write about the projects of a unit: its staff, and the steward."""
    return asker.has(Role.STEWARD) or asker.works_for(unit)


def units_for(program: Program, asker: Asker) -> list[Unit]:
    """List the units whose projects the asker may put on the register: all for the steward, else their own."""
    units = Unit.objects.filter(program=program, outside=False).order_by("slug")
    if not asker.has(Role.STEWARD):
        units = units.filter(slug__in=asker.units)
    return list(units)


def project_for(program: Program, asker: Asker, slug: str) -> Project | None:
    """Give a project that the asker may write about, or None."""
    projects = Project.objects.filter(program=program, slug=slug).select_related("unit", "program")
    if not asker.has(Role.STEWARD):
        projects = projects.filter(unit__slug__in=asker.units)
    return projects.first()


def project_of(program: Program, slug: str) -> Project | None:
    """Give a project on the record, or None."""
    return Project.objects.filter(program=program, slug=slug).select_related("unit", "program").first()


def point_for(program: Program, asker: Asker, slug: str, decision: str) -> DecisionPoint | None:
    """Give a decision that the asker may write about, or None."""
    points = DecisionPoint.objects.filter(project__program=program, project__slug=slug, slug=decision)
    if not asker.has(Role.STEWARD):
        points = points.filter(project__unit__slug__in=asker.units)
    return points.select_related("project__program", "project__unit").first()


def pen_of(asker: Asker, unit: str) -> str:
    """Give the actor as which the asker writes about a unit: their office in it, else the steward."""
    return asker.office_in(unit) or "steward"


def free_slug(taken: Iterable[str], title: str, fallback: str) -> str:
    """Find a name for an address that is not taken, from a title in any script."""
    base, used = short_name(title, 50) or fallback, {*OURS, *taken}
    names = (base, *(f"{base}-{number}" for number in range(2, len(used) + 3)))
    return next(name for name in names if name not in used)


def slugs_like(program: Program, title: str) -> list[str]:
    """List the names that projects of a program have and that begin like a title, so that a new one has another."""
    base = short_name(title, 50) or "project"
    listed = Listing.objects.filter(Q(slug=base) | Q(slug__startswith=f"{base}-"), program=program)
    return list(listed.values_list("slug", flat=True))


def decisions_of(project: Project) -> list[str]:
    """List the names of a project's decisions, which no new one may have."""
    return list(DecisionPoint.objects.filter(project=project).values_list("slug", flat=True))


def office_by_id(program: Program, public_id: str) -> Office:
    """Give an office by its unit/office id. Raises Office.DoesNotExist."""
    unit, _, slug = public_id.partition("/")
    offices = Office.objects.select_related("unit")
    return offices.get(unit__program=program, unit__slug=unit, slug=slug)
