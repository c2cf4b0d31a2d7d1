"""Fold entries into the rows that pages read: citations, standings, milestones. They can always be rebuilt."""

from dataclasses import asdict, replace
from datetime import date

from alongside.core.grammar import Entry
from alongside.core.grammar.standings import (
    AskStanding,
    MilestoneStanding,
    fold_ask,
    fold_milestone,
    is_ask,
    open_ask,
    open_milestones,
    unfold_ask,
)
from alongside.core.grammar.v1.asks import ask_behind, clocks_of, learning_until
from alongside.core.grammar.v1.commitments import units_behind
from alongside.ground.record import models
from alongside.ground.record.rows import RowsLog

ASK_FIELDS = [name for name in AskStanding.__dataclass_fields__ if name != "ask"]
#: The database calls a milestone's check `check_entry`, because a model's `check` is Django's own.
RENAMED = {"check": "check_entry"}


def fold(log: models.Log, rows: RowsLog, entry: Entry) -> None:
    """Write what one new entry changes: its citations, and the standing of the ask or milestone it is about."""
    models.Citation.objects.bulk_create(
        models.Citation(log=log, citing=entry.index, kind=entry.kind, role=role, cited=index)
        for role, cited in entry.cites.items()
        for index in cited
    )
    if entry.kind == "clock.faulted":
        for index in entry.cites["wrong"]:
            _unfold(log, rows, index)
        return
    if entry.kind == "learning.agreed":
        until = date.fromisoformat(entry.data["until"])
        models.Standing.objects.filter(log=log, unit=entry.data["unit"]).update(quiet=until)
        models.MilestoneStanding.objects.filter(log=log, unit=entry.data["unit"]).update(quiet=until)
        return
    if is_ask(entry):
        standing = open_ask(entry)
        _write_ask(log, replace(standing, quiet=learning_until(rows, standing.unit)))
        return
    ask = _ask_of(rows, entry)
    if ask is not None:
        row = models.Standing.objects.get(log=log, ask=ask)
        standing = fold_ask(_read_ask(row), entry)
        if standing.unit != row.unit:
            standing = replace(standing, quiet=learning_until(rows, standing.unit))
        _write_ask(log, standing)
    if entry.kind == "commitment.made" and ask is not None:
        behind = " ".join(sorted(units_behind(entry, rows)))
        for milestone in open_milestones(entry, ask):
            unit = milestone.office.split("/", 1)[0]
            _write_milestone(log, replace(milestone, quiet=learning_until(rows, unit), behind=behind))
    elif entry.kind in {"delivery.claimed", "delivery.verified", "delivery.disputed"}:
        _fold_milestone(log, rows, entry)


def _unfold(log: models.Log, rows: RowsLog, index: int) -> None:
    """Let what a wrong clock told count for nothing: it cites nothing any more, and its ask stands as if it were not there."""
    wrong = rows.get(index)
    if wrong is None:
        return
    models.Citation.objects.filter(log=log, citing=index).delete()
    ask = _ask_of(rows, wrong)
    if ask is not None:
        row = models.Standing.objects.get(log=log, ask=ask)
        _write_ask(log, unfold_ask(_read_ask(row), wrong))


def _ask_of(rows: RowsLog, entry: Entry) -> int | None:
    """Follow citations back to the ask an entry is about, or None."""
    for role in ("ask", "answer", "contest", "raise"):
        if role in entry.cites:
            other = rows.get(entry.cites[role][0])
            if other is None or is_ask(other):
                return other.index if other else None
            return _ask_of(rows, other)
    return None


def _read_ask(row: models.Standing) -> AskStanding:
    return AskStanding(ask=row.ask, **{name: getattr(row, name) for name in ASK_FIELDS})


def _write_ask(log: models.Log, standing: AskStanding) -> None:
    values = asdict(standing)
    ask = values.pop("ask")
    values["unit"] = standing.unit
    models.Standing.objects.update_or_create(log=log, ask=ask, defaults=values)


def _fold_milestone(log: models.Log, rows: RowsLog, entry: Entry) -> None:
    claim = entry if entry.kind == "delivery.claimed" else rows.get(entry.cites["claim"][0])
    if claim is None:
        return
    row = models.MilestoneStanding.objects.get(
        log=log, commitment=claim.cites["commitment"][0], milestone=entry.data["milestone"]
    )
    days = clocks_of(rows, ask_behind(rows, claim), entry)["verify_days"]
    _write_milestone(log, fold_milestone(_read_milestone(row), entry, days))


def _read_milestone(row: models.MilestoneStanding) -> MilestoneStanding:
    names = MilestoneStanding.__dataclass_fields__
    return MilestoneStanding(**{name: getattr(row, RENAMED.get(name, name)) for name in names})


def _write_milestone(log: models.Log, standing: MilestoneStanding) -> None:
    values = {RENAMED.get(name, name): value for name, value in asdict(standing).items()}
    key = {"commitment": values.pop("commitment"), "milestone": values.pop("milestone")}
    values["unit"] = standing.office.split("/", 1)[0]
    models.MilestoneStanding.objects.update_or_create(log=log, **key, defaults=values)
