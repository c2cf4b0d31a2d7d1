"""Schedule a decision on a project, move it, and say what was decided."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from alongside.core.grammar import Entry
from alongside.ground.programs.models import Office
from alongside.ground.record.actions import Draft, Text, append, translate_all
from alongside.ground.record.declared import appends
from alongside.work.projects.models import DecisionPoint, Project


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
    level: tuple[str, str] | None = None,
    asked: str = "",
) -> DecisionPoint:
    """Schedule a decision. `words` maps a language to {decision, open}; the first language is the original.

    `level` is the level of participation that is promised, as (framework, level); `asked` says whether the public was
    asked (asked, planned, not_asked), and is left out where nobody says.
    """
    lang = next(iter(words))
    more = {"level": {"framework": level[0], "level": level[1]}} if level else {}
    draft = Draft(
        kind="decision.scheduled",
        by=[by],
        data={"decision": slug, "on": on.isoformat(), "office": office.public_id}
        | more
        | ({"asked": asked} if asked else {}),
        cites={"project": [project.entry]},
        texts={name: Text(lang, words[lang][name]) for name in ("decision", "open")},
    )
    entry = append(program=project.program, drafts=[draft], now=now)[0].index
    translate_all(program=project.program, entry=entry, by=by, words=words, now=now)
    return DecisionPoint.objects.create(project=project, slug=slug, on=on, office=office, entry=entry)


@appends("decision.moved", "text.translated")
@transaction.atomic
def move_decision(
    *, point: DecisionPoint, on: date, by: str, words: Mapping[str, Mapping[str, str]], now: datetime
) -> Entry:
    """Give a decision another day, with the reason (`words` maps a language to {reason}). Raises GrammarError."""
    return _tell(point, "decision.moved", "reason", on, by, words, now)


@appends("decision.made", "text.translated")
@transaction.atomic
def make_decision(
    *, point: DecisionPoint, on: date, by: str, words: Mapping[str, Mapping[str, str]], now: datetime
) -> Entry:
    """Tell what was decided and on which day (`words` maps a language to {outcome}). Raises GrammarError."""
    return _tell(point, "decision.made", "outcome", on, by, words, now)


def _tell(
    point: DecisionPoint,
    kind: str,
    name: str,
    on: date,
    by: str,
    words: Mapping[str, Mapping[str, str]],
    now: datetime,
) -> Entry:
    lang, program = next(iter(words)), point.project.program
    draft = Draft(
        kind=kind,
        by=[by],
        data={"decision": point.slug, "on": on.isoformat()},
        cites={"decision": [point.entry]},
        texts={name: Text(lang, words[lang][name])},
    )
    (entry,) = append(program=program, drafts=[draft], now=now)
    translate_all(program=program, entry=entry.index, by=by, words=words, now=now)
    point.on = on
    point.save(update_fields=["on"])
    return entry
