"""Let a lead work on a project, leave it, and name the harm that a community sees in it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from alongside.core.grammar import Entry
from alongside.ground.record.actions import Draft, Text, append, translate_all
from alongside.ground.record.declared import appends
from alongside.work.projects.models import Project


@appends("project.joined")
def join_project(*, project: Project, seat: str, now: datetime) -> Entry:
    """Say that a lead, named by the public id of the seat, works on a project. Raises GrammarError if they do already."""
    return _move(project, "project.joined", seat, now)


@appends("project.left")
def leave_project(*, project: Project, seat: str, now: datetime) -> Entry:
    """Say that a lead no longer works on a project. Raises GrammarError if they do not."""
    return _move(project, "project.left", seat, now)


def _move(project: Project, kind: str, seat: str, now: datetime) -> Entry:
    data = {"project": project.slug, "seat": seat}
    draft = Draft(kind=kind, by=[seat], data=data, cites={"project": [project.entry]})
    return append(program=project.program, drafts=[draft], now=now)[0]


@appends("harm.named", "text.translated")
@transaction.atomic
def name_harm(
    *,
    project: Project,
    seat: str,
    harms: Sequence[str],
    communities: Sequence[str],
    findings: Sequence[int],
    words: Mapping[str, Mapping[str, str]],
    now: datetime,
) -> Entry:
    """Name harm in a project: kinds of the pack by id, who it falls on, and the community's words ({words} by language).

    `findings` are the entries it rests on, if any. Raises GrammarError.
    """
    lang = next(iter(words))
    draft = Draft(
        kind="harm.named",
        by=[seat],
        data={"project": project.slug, "harms": list(harms)}
        | ({"communities": list(communities)} if communities else {}),
        cites={"project": [project.entry], "finding": list(findings)},
        texts={"words": Text(lang, words[lang]["words"])},
    )
    (entry,) = append(program=project.program, drafts=[draft], now=now)
    translate_all(program=project.program, entry=entry.index, by=seat, words=words, now=now)
    return entry
