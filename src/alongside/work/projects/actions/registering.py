"""Register a project, by itself or from a row of an imported register, and say what it is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from alongside.core.grammar import Entry
from alongside.ground.programs.models import Program, Unit
from alongside.ground.record.actions import Draft, Text, append, translate_all
from alongside.ground.record.declared import appends
from alongside.work.projects.actions.finding import lose_lines
from alongside.work.projects.actions.listing import fold_listing
from alongside.work.projects.models import Listing, Project


@appends("project.registered", "text.translated")
@transaction.atomic
def register_project(
    *,
    program: Program,
    slug: str,
    unit: Unit,
    by: str,
    words: Mapping[str, Mapping[str, str]],
    now: datetime,
    listing: Listing | None = None,
) -> Project:
    """Register a project. `words` maps a language to {title, summary}; the first language is the original.

    Give `listing` where the project came in from a file, and now stands on the record by itself under the same address.
    """
    lang = next(iter(words))
    row = listing.row if listing else None
    draft = Draft(
        kind="project.registered",
        by=[by],
        data={"project": slug, "unit": unit.slug},
        cites={"import": [row.came_with.entry] if row and row.came_with.entry is not None else []},
        texts={name: Text(lang, words[lang][name]) for name in ("title", "summary")},
    )
    entry = append(program=program, drafts=[draft], now=now)[0].index
    translate_all(program=program, entry=entry, by=by, words=words, now=now)
    project = Project.objects.create(program=program, slug=slug, unit=unit, entry=entry)
    fold_listing(project=project)
    if listing:
        lose_lines(program=program, listings=[listing.pk])
    return project


@appends("project.described", "text.translated")
@transaction.atomic
def describe_project(
    *,
    project: Project,
    by: str,
    choices: Mapping[str, Any],
    words: Mapping[str, Mapping[str, str]],
    now: datetime,
) -> Entry:
    """Tell facts of a project; each replaces what was told of it before. Raises GrammarError where none is told.

    `choices` holds what is chosen (stage, impact, communities, ...); `words` maps a language to texts, the first
    language being the original.
    """
    lang = next(iter(words), "en")
    draft = Draft(
        kind="project.described",
        by=[by],
        data={"project": project.slug, **choices},
        cites={"project": [project.entry]},
        texts={name: Text(lang, said) for name, said in words.get(lang, {}).items()},
    )
    (entry,) = append(program=project.program, drafts=[draft], now=now)
    translate_all(program=project.program, entry=entry.index, by=by, words=words, now=now)
    fold_listing(project=project)
    return entry
