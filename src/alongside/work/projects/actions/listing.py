"""Fold the lines of the register's list from the record. They can always be rebuilt."""

from django.db import transaction

from alongside.core.grammar.facts import Facts, facts_of
from alongside.ground.programs.models import Program
from alongside.ground.record.declared import appends
from alongside.ground.record.queries import entries_at, indexes_citing
from alongside.work.projects.models import Listing, Project, Touch

CHOSEN = ("sort", "stage", "impact", "asked")


@appends()
@transaction.atomic
def fold_listing(*, project: Project) -> Listing:
    """Write a project's line of the list anew from what the record says of it."""
    rows = indexes_citing(project.program, [project.entry], ["project.described"])
    described = entries_at(project.program, [citing for citing, _kind, _cited in rows])
    return _write(project, facts_of(described.values()))


def _write(project: Project, facts: Facts) -> Listing:
    listing = Listing.objects.filter(program=project.program, slug=project.slug).first()
    listing = listing or Listing(program=project.program, slug=project.slug)
    listing.project, listing.unit, listing.is_imported = project, project.unit.slug, False
    for name in CHOSEN:
        setattr(listing, name, facts.choices.get(name, ""))
    listing.save()
    listing.touches.all().delete()
    communities = dict.fromkeys(facts.choices.get("communities", ()))
    Touch.objects.bulk_create(Touch(listing=listing, community=one) for one in communities)
    return listing


@appends()
@transaction.atomic
def rebuild_listings(*, program: Program) -> None:
    """Throw away what is folded from the record and fold it again; lines of imported rows stay as they came in."""
    Listing.objects.filter(program=program, row=None).delete()
    for project in Project.objects.filter(program=program).select_related("unit", "program").order_by("pk"):
        fold_listing(project=project)
