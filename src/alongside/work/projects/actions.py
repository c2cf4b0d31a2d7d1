"""Register a project and schedule a decision on it."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from alongside.ground.programs.models import Office, Program, Unit
from alongside.ground.record.actions import Draft, Text, append, translate_all
from alongside.ground.record.declared import appends
from alongside.work.projects.models import DecisionPoint, Project


@appends("project.registered", "text.translated")
@transaction.atomic
def register_project(
    *, program: Program, slug: str, unit: Unit, by: str, words: Mapping[str, Mapping[str, str]], now: datetime
) -> Project:
    """Register a project. `words` maps a language to {title, summary}; the first language is the original."""
    lang = next(iter(words))
    draft = Draft(
        kind="project.registered",
        by=[by],
        data={"project": slug, "unit": unit.slug},
        texts={name: Text(lang, words[lang][name]) for name in ("title", "summary")},
    )
    entry = append(program=program, drafts=[draft], now=now)[0].index
    translate_all(program=program, entry=entry, by=by, words=words, now=now)
    return Project.objects.create(program=program, slug=slug, unit=unit, entry=entry)


@appends("decision.scheduled", "text.translated")
@transaction.atomic
def schedule_decision(
    *,
    project: Project,
    slug: str,
    on: date,
    office: Office,
    by: str,
    words: Mapping[str, Mapping[str, str]],
    now: datetime,
) -> DecisionPoint:
    """Schedule a decision. `words` maps a language to {decision, open}; the first language is the original."""
    lang = next(iter(words))
    draft = Draft(
        kind="decision.scheduled",
        by=[by],
        data={"decision": slug, "on": on.isoformat(), "office": office.public_id},
        cites={"project": [project.entry]},
        texts={name: Text(lang, words[lang][name]) for name in ("decision", "open")},
    )
    entry = append(program=project.program, drafts=[draft], now=now)[0].index
    translate_all(program=project.program, entry=entry, by=by, words=words, now=now)
    return DecisionPoint.objects.create(project=project, slug=slug, on=on, office=office, entry=entry)
