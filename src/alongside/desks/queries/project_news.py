"""What happened on a project: every entry that leads to it by citations, newest first."""

from collections.abc import Sequence

from alongside.core.kinds import EntryKind
from alongside.ground.programs.models import Program
from alongside.ground.record.queries import EntryView, indexes_citing, told
from alongside.work.projects.models import Project, Row
from alongside.work.projects.queries import listing_of

#: From a project over decision, promise, finding, ask, answer, commitment, claim, check: nine steps and one to spare.
STEPS = 10
MOST = 2000
SHOWN = 50
#: How a row of a file stands that came in with it.
CAME = ("new", "changed")
UNTOLD = (EntryKind.TEXT_TRANSLATED,)


def news_of(project: Project, lang: str) -> Sequence[EntryView]:
    """Give the newest entries on a project with their words. Twelve queries at most, however much there is."""
    seen, frontier = {project.entry}, {project.entry}
    for _step in range(STEPS):
        rows = indexes_citing(project.program, frontier)
        frontier = {citing for citing, kind, _cited in rows if kind not in UNTOLD} - seen
        if not frontier or len(seen) > MOST:
            break
        seen |= frontier
    newest = sorted(seen | frontier, reverse=True)[:SHOWN]
    return list(told(project.program, newest, lang).values())[::-1]


def project_named(program: Program, slug: str) -> Project | None:
    """Give a project on the record, or None."""
    return Project.objects.filter(program=program, slug=slug).select_related("program").first()


def news_of_row(program: Program, slug: str, lang: str) -> Sequence[EntryView]:
    """Give the entries of the files by which an imported project came in and changed, newest first. Four queries at most."""
    listing = listing_of(program, slug)
    row = listing.row if listing else None
    if row is None:
        return []
    same = Row.objects.filter(
        register=row.register_id, key=row.key, state__in=CAME, came_with__entry__isnull=False
    )
    came = {one for one in same.values_list("came_with__entry", flat=True) if one is not None}
    entries = sorted(came, reverse=True)[:SHOWN]
    return list(told(program, entries, lang).values())[::-1]


def name_of_row(program: Program, slug: str) -> str:
    """Give what an imported project is called, or an empty string. One query."""
    listing = listing_of(program, slug)
    return str(listing.row.facts.get("name", "")) if listing and listing.row else ""
