"""Fold entries into the rows that pages read: citations, standings, milestones. They can always be rebuilt."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from django.db.models import Q

from alongside.core.entries import Entry
from alongside.core.grammar.asks import ask_behind, clocks_of, quiet_until
from alongside.core.grammar.commitments import units_behind, units_bound
from alongside.core.kinds import EntryKind
from alongside.core.workflow.asks import AskStanding, fold_ask, is_ask, open_ask, unfold_ask
from alongside.core.workflow.commitments import CHANGES, MilestoneStanding, fold_milestone, open_milestones
from alongside.ground.record import models
from alongside.ground.record.rows import RowsLog

#: What makes late in public what was quiet before: a hand-over to a unit that does not learn, and a silence that is told.
ENDS_A_QUIET = (EntryKind.ASK_TRANSFERRED, EntryKind.ASK_SILENT, EntryKind.COMMITMENT_LATE)


def fold(log: models.Log, rows: RowsLog, entry: Entry) -> None:
    """Write what one new entry changes: its citations, and the standing of the ask or milestone it is about."""
    models.Citation.objects.bulk_create(
        models.Citation(log=log, citing=entry.index, kind=entry.kind, role=role, cited=index)
        for role, cited in entry.cites.items()
        for index in cited
    )
    if entry.kind == EntryKind.CLOCK_FAULTED:
        for index in entry.cites["wrong"]:
            _unfold(log, rows, index)
        return
    if entry.kind == EntryKind.LEARNING_AGREED:
        _learn(log, rows, entry.data["unit"])
        return
    if is_ask(entry):
        standing = open_ask(entry)
        _write_ask(log, replace(standing, quiet=quiet_until(rows, entry)))
        return
    ask = _ask_of(rows, entry)
    if ask is not None:
        row = models.Standing.objects.get(log=log, ask=ask)
        _write_ask(log, fold_ask(_read_ask(row), entry))
        if entry.kind in ENDS_A_QUIET:
            _set_quiet(log, rows, ask)
    if entry.kind == EntryKind.COMMITMENT_MADE and ask is not None:
        units = units_behind(entry, rows)
        behind, passed = (" ".join(sorted(one)) for one in (units, units - units_bound(entry, rows)))
        quiet = quiet_until(rows, ask_behind(rows, entry), entry)
        for milestone in open_milestones(entry, ask):
            _write_milestone(log, replace(milestone, quiet=quiet, behind=behind, passed=passed))
    elif entry.kind in CHANGES:
        _fold_milestone(log, rows, entry)


def _learn(log: models.Log, rows: RowsLog, unit: str) -> None:
    """Write the quiet of what a unit that learns from now on has, and of what was handed on: it may have had that."""
    moved = models.Citation.objects.filter(log=log, kind=EntryKind.ASK_TRANSFERRED, role="ask").values(
        "cited"
    )
    had = models.Standing.objects.filter(Q(unit=unit) | Q(ask__in=moved), log=log)
    for ask in list(had.values_list("ask", flat=True)):
        _set_quiet(log, rows, ask)


def _set_quiet(log: models.Log, rows: RowsLog, ask: int) -> None:
    """Write until when nothing late is told of an ask, and of what was promised to it."""
    asked = rows.get(ask)
    if asked is None:
        return
    models.Standing.objects.filter(log=log, ask=ask).update(quiet=quiet_until(rows, asked))
    promised = models.MilestoneStanding.objects.filter(log=log, ask=ask)
    for index in set(promised.values_list("commitment", flat=True)):
        promised.filter(commitment=index).update(quiet=quiet_until(rows, asked, rows.get(index)))


def _unfold(log: models.Log, rows: RowsLog, index: int) -> None:
    """Let what a wrong clock told count for nothing: it cites nothing any more, and its ask stands as if it were not there."""
    wrong = rows.get(index)
    if wrong is None:
        return
    models.Citation.objects.filter(log=log, citing=index).delete()
    rows.forget()
    ask = _ask_of(rows, wrong)
    if ask is not None:
        row = models.Standing.objects.get(log=log, ask=ask)
        _write_ask(log, unfold_ask(_read_ask(row), wrong))
        _set_quiet(log, rows, ask)


def _ask_of(rows: RowsLog, entry: Entry) -> int | None:
    """Follow citations back to the ask an entry is about, or None."""
    for role in ("ask", "answer", "contest", "raise", "commitment"):
        if role in entry.cites:
            other = rows.get(entry.cites[role][0])
            if other is None or is_ask(other):
                return other.index if other else None
            return _ask_of(rows, other)
    return None


def _read_ask(row: models.Standing) -> AskStanding:
    return AskStanding(**{name: getattr(row, name) for name in AskStanding.__dataclass_fields__})


def _write_ask(log: models.Log, standing: AskStanding) -> None:
    values = {**asdict(standing), "unit": standing.unit}
    models.Standing.objects.bulk_create([models.Standing(log=log, **values)], **_over(values, "ask"))


def _over(values: Mapping[str, Any], *place: str) -> dict[str, Any]:
    """Say that a row is written over the one in its place."""
    told = [one for one in values if one not in place]
    return {"update_conflicts": True, "unique_fields": ["log", *place], "update_fields": told}


def _fold_milestone(log: models.Log, rows: RowsLog, entry: Entry) -> None:
    claim = entry if entry.kind == EntryKind.DELIVERY_CLAIMED else rows.get(entry.cites["claim"][0])
    if claim is None:
        return
    row = models.MilestoneStanding.objects.get(
        log=log, commitment=claim.cites["commitment"][0], milestone=entry.data["milestone"]
    )
    days = clocks_of(rows, ask_behind(rows, claim), entry)["verify_days"]
    _write_milestone(log, fold_milestone(_read_milestone(row), entry, days))


def _read_milestone(row: models.MilestoneStanding) -> MilestoneStanding:
    return MilestoneStanding(**{name: getattr(row, name) for name in MilestoneStanding.__dataclass_fields__})


def _write_milestone(log: models.Log, standing: MilestoneStanding) -> None:
    values = {**asdict(standing), "unit": standing.unit}
    row = models.MilestoneStanding(log=log, **values)
    models.MilestoneStanding.objects.bulk_create([row], **_over(values, "commitment", "milestone"))
