"""Put a project on the register, say what it is, date its decisions, work on it, and name harm."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from alongside.core.entries import Entry
from alongside.core.grammar.projects import facts_of
from alongside.core.kinds import EntryKind
from alongside.core.registers.mapping import COMMUNITIES
from alongside.ground.programs.models import Office, Program, Unit
from alongside.ground.record.actions.entries import Draft, Text, append
from alongside.ground.record.declared import appends
from alongside.ground.record.queries import entries_at, indexes_citing
from alongside.ground.texts.actions import translate_all
from alongside.work.projects.models import DecisionPoint, Project
from alongside.work.projects.queries import level_data
from alongside.work.registers import actions as registers
from alongside.work.registers.models import Listing, Touch
from alongside.work.registers.queries import CHOSEN


@appends(EntryKind.DECISION_SCHEDULED, EntryKind.TEXT_TRANSLATED)
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
    data: dict[str, Any] = {"decision": slug, "on": on.isoformat(), "office": office.public_id}
    if level:
        data["level"] = {"framework": level[0], "level": level[1]}
    if asked:
        data["asked"] = asked
    cites = {"project": [project.entry]}
    entry = _enter(project.program, EntryKind.DECISION_SCHEDULED, by, data, cites, words, now).index
    return DecisionPoint.objects.create(project=project, slug=slug, on=on, office=office, entry=entry)


@appends(EntryKind.DECISION_MOVED, EntryKind.TEXT_TRANSLATED)
@transaction.atomic
def move_decision(
    *, point: DecisionPoint, on: date, by: str, words: Mapping[str, Mapping[str, str]], now: datetime
) -> Entry:
    """Give a decision another day, with the reason (`words` maps a language to {reason}). Raises GrammarError."""
    data, cites = {"decision": point.slug, "on": on.isoformat()}, {"decision": [point.entry]}
    entry = _enter(point.project.program, EntryKind.DECISION_MOVED, by, data, cites, words, now)
    point.on = on
    point.save(update_fields=["on"])
    return entry


@appends(EntryKind.DECISION_MADE, EntryKind.TEXT_TRANSLATED)
@transaction.atomic
def make_decision(
    *, point: DecisionPoint, on: date, by: str, words: Mapping[str, Mapping[str, str]], now: datetime
) -> Entry:
    """Tell what was decided and on which day (`words` maps a language to {outcome}). Raises GrammarError."""
    data, cites = {"decision": point.slug, "on": on.isoformat()}, {"decision": [point.entry]}
    entry = _enter(point.project.program, EntryKind.DECISION_MADE, by, data, cites, words, now)
    point.on = on
    point.save(update_fields=["on"])
    return entry


@appends()
@transaction.atomic
def days_again(*, program: Program, entries: Sequence[Entry]) -> None:
    """Keep the days to which these entries moved decisions, or on which they say that they were made."""
    for entry in entries:
        points = DecisionPoint.objects.filter(project__program=program, entry__in=entry.cites["decision"])
        points.update(on=date.fromisoformat(entry.data["on"]))


def _enter(
    program: Program,
    kind: str,
    by: str,
    data: Mapping[str, Any],
    cites: Mapping[str, Sequence[int]],
    words: Mapping[str, Mapping[str, str]],
    now: datetime,
) -> Entry:
    """Put an entry on the record with its words in the language that stands first, then their translations."""
    lang = next(iter(words), "en")
    texts = {name: Text(lang, said) for name, said in words.get(lang, {}).items()}
    draft = Draft(kind=kind, by=[by], data=data, cites=cites, texts=texts)
    (entry,) = append(program=program, drafts=[draft], now=now)
    translate_all(program=program, entry=entry.index, by=by, words=words, now=now)
    return entry


@appends(EntryKind.PROJECT_JOINED)
def join_project(*, project: Project, seat: str, now: datetime) -> Entry:
    """Say that a lead, named by the public id of the seat, works on a project. Raises GrammarError if they do already."""
    return _move(project, EntryKind.PROJECT_JOINED, seat, now)


@appends(EntryKind.PROJECT_LEFT)
def leave_project(*, project: Project, seat: str, now: datetime) -> Entry:
    """Say that a lead no longer works on a project. Raises GrammarError if they do not."""
    return _move(project, EntryKind.PROJECT_LEFT, seat, now)


def _move(project: Project, kind: str, seat: str, now: datetime) -> Entry:
    data = {"project": project.slug, "seat": seat}
    draft = Draft(kind=kind, by=[seat], data=data, cites={"project": [project.entry]})
    return append(program=project.program, drafts=[draft], now=now)[0]


@appends(EntryKind.HARM_NAMED, EntryKind.TEXT_TRANSLATED)
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
    data: dict[str, Any] = {"project": project.slug, "harms": list(harms)}
    if communities:
        data["communities"] = list(communities)
    cites = {"project": [project.entry], "finding": list(findings)}
    return _enter(project.program, EntryKind.HARM_NAMED, seat, data, cites, words, now)


@appends(EntryKind.PROJECT_ASSESSED)
def assess_project(
    *, project: Project, quarter: str, level: tuple[str, str], words: Text, by: str, now: datetime
) -> Entry:
    """Say for one side which level of participation, as (framework, level), was reached in a quarter. Raises Refused."""
    draft = Draft(
        kind=EntryKind.PROJECT_ASSESSED,
        by=[by],
        data={"project": project.slug, "quarter": quarter, "level": level_data(project.program, level)},
        cites={"project": [project.entry]},
        texts={"words": words},
    )
    return append(program=project.program, drafts=[draft], now=now)[0]


@appends()
@transaction.atomic
def fold_listing(*, project: Project) -> Listing:
    """Write a project's line of the list anew from what the record says of it."""
    rows = indexes_citing(project.program, [project.entry], [EntryKind.PROJECT_DESCRIBED])
    described = entries_at(project.program, [citing for citing, _kind, _cited in rows])
    facts = facts_of(described.values()).choices
    listing = Listing.objects.filter(program=project.program, slug=project.slug).first()
    listing = listing or Listing(program=project.program, slug=project.slug)
    listing.entry, listing.unit, listing.is_imported = project.entry, project.unit.slug, False
    for name in CHOSEN:
        setattr(listing, name, facts.get(name, ""))
    listing.save()
    listing.touches.all().delete()
    communities = dict.fromkeys(facts.get(COMMUNITIES, ()))
    Touch.objects.bulk_create(Touch(listing=listing, community=one) for one in communities)
    return listing


@appends()
@transaction.atomic
def rebuild_listings(*, program: Program) -> None:
    """Throw away what is folded from the record and fold it again; lines of imported rows stay as they came in."""
    Listing.objects.filter(program=program, row=None).delete()
    for project in Project.objects.filter(program=program).select_related("unit", "program").order_by("pk"):
        fold_listing(project=project)


@appends(EntryKind.PROJECT_REGISTERED, EntryKind.TEXT_TRANSLATED)
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
    row = listing.row if listing else None
    cites = {"import": [row.came_with.entry] if row and row.came_with.entry is not None else []}
    data = {"project": slug, "unit": unit.slug}
    entry = _enter(program, EntryKind.PROJECT_REGISTERED, by, data, cites, words, now).index
    project = Project.objects.create(program=program, slug=slug, unit=unit, entry=entry)
    fold_listing(project=project)
    if listing:
        registers.lose_lines(program=program, listings=[listing.pk])
    return project


@appends(EntryKind.PROJECT_DESCRIBED, EntryKind.TEXT_TRANSLATED)
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
    data, cites = {"project": project.slug, **choices}, {"project": [project.entry]}
    entry = _enter(project.program, EntryKind.PROJECT_DESCRIBED, by, data, cites, words, now)
    fold_listing(project=project)
    return entry
