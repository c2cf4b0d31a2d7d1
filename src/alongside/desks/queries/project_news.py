"""What happened on a project: every entry that leads to it by citations, newest first."""

from collections.abc import Sequence

from alongside.ground.programs.models import Program
from alongside.ground.record.queries import Told, indexes_citing, told
from alongside.work.projects.models import Project

#: From a project over decision, promise, finding, ask, answer, commitment, claim, check: nine steps and one to spare.
STEPS = 10
MOST = 2000
SHOWN = 50
UNTOLD = ("text.translated",)


def news_of(project: Project, lang: str) -> Sequence[Told]:
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
