"""Let a search find lines of the register that came in from a file; the record's own projects it finds by their entries."""

from collections.abc import Sequence

from django.db import transaction

from alongside.core.registers.choices import CHOICES
from alongside.core.registers.mapping import COMMUNITIES
from alongside.ground.programs.models import Program
from alongside.ground.record.declared import appends
from alongside.ground.record.indexing import Thing, index_things
from alongside.ground.record.models import Log, SearchDoc
from alongside.work.projects.models import Listing

SOURCE = "listing"
AT_ONCE = 500
#: Facts whose words are not looked in: the name is the heading, and of the rest the filters of the register know.
UNSAID = ("name", COMMUNITIES, *CHOICES)


@appends()
@transaction.atomic
def find_lines(*, program: Program, listings: Sequence[Listing]) -> None:
    """Put lines into what a search looks in; those that stand on the record by themselves are taken out of it."""
    log = Log.objects.select_for_update().get(program=program)
    shown = [one for one in listings if one.project_id is None and one.row is not None]
    gone = [one.pk for one in listings if one.project_id is not None or one.row is None]
    index_things(log, SOURCE, [_thing(one) for one in shown], gone=gone)


@appends()
@transaction.atomic
def lose_lines(*, program: Program, listings: Sequence[int]) -> None:
    """Take lines that are gone out of what a search looks in."""
    index_things(Log.objects.select_for_update().get(program=program), SOURCE, [], gone=listings)


@appends()
def find_lines_anew(*, program: Program) -> None:
    """Throw away what a search knows of imported lines, and make it again from the lines."""
    known = SearchDoc.objects.filter(log__program=program, source=SOURCE).values_list("about", flat=True)
    lose_lines(program=program, listings=list(known))
    rows = Listing.objects.filter(program=program, project=None).select_related("row").order_by("pk")
    last = 0
    while some := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        find_lines(program=program, listings=some)
        last = some[-1].pk


def _thing(listing: Listing) -> Thing:
    facts = listing.row.facts if listing.row else {}
    return Thing(
        about=listing.pk,
        group="project",
        unit=listing.unit,
        headings=[str(facts.get("name", ""))],
        texts=[str(value) for name, value in facts.items() if name not in UNSAID],
    )
