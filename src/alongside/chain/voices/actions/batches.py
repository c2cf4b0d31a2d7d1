"""Publish seal marks one batch behind, and end an intake on the record."""

import dataclasses
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from alongside.chain.voices.actions.counting import end_intake, intake_of
from alongside.chain.voices.models import (
    Batch,
    BatchMark,
    BatchPublished,
    Intake,
    Withdrawal,
)
from alongside.chain.voices.queries import (
    Door,
    last_batches,
    open_doors,
    pending_marks,
    rows_of,
    unbatched_marks,
)
from alongside.core.clocks import local_date
from alongside.core.disclosure import Batches, band, closed_batch, counted, plan_batches
from alongside.core.grammar.v1 import voices as grammar
from alongside.core.policy import Pack
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, append
from alongside.ground.record.declared import appends


@appends("voices.published", "voices.closed")
def publish_batches(*, program: Program, now: datetime) -> int:
    """Publish what may be published today, one batch behind; give how many entries went on the record.

    Safe to repeat. Once an engagement is past its day, the rest goes out as one batch and the intake is closed on the
    record, with counts in bands.
    """
    pack = pack_of(program)
    today = local_date(now, pack)
    return sum(_move_on(program, door, pack, today, now) for door in open_doors(program))


@transaction.atomic
def _move_on(program: Program, door: Door, pack: Pack, today: date, now: datetime) -> int:
    intake = Intake.objects.select_for_update().get(pk=intake_of(program=program, door=door).pk)
    pack = dataclasses.replace(pack, k=door.promise.data["k"])
    last, held = last_batches(intake)
    pending = pending_marks(intake, last.until if last else None, today)
    if door.state(today) in {"ended", "closed"}:
        return _close(program, intake, held, unbatched_marks(intake), pack, now)
    kept = tuple(held.marks.values_list("mark", flat=True)) if held else ()
    before = Batches(tuple(pending), kept)
    after = plan_batches(before, pack)
    if after == before:
        return 0
    _make_batch(intake, pending, today - timedelta(days=1))
    return _publish(program, intake, held, now) if held and after.published else 0


def _make_batch(intake: Intake, marks: Sequence[str], until: date) -> Batch:
    batch = Batch.objects.create(intake=intake, until=until)
    BatchMark.objects.bulk_create(BatchMark(batch=batch, mark=mark) for mark in marks)
    return batch


def _publish(program: Program, intake: Intake, batch: Batch, now: datetime) -> int:
    """Enter a batch in sorted order, in as many parts as an entry can hold."""
    marks = sorted(batch.marks.values_list("mark", flat=True))
    drafts = [
        Draft(
            kind="voices.published",
            by=["clock"],
            data={"marks": part, "part": place},
            cites={"engagement": [intake.promise]},
        )
        for place, part in enumerate(parts(marks, grammar.MOST_PUBLISHED), start=1)
    ]
    entries = append(program=program, drafts=drafts, now=now)
    BatchPublished.objects.create(batch=batch, entry=entries[0].index)
    return len(entries)


def parts(marks: Sequence[str], size: int) -> list[list[str]]:
    """Cut marks into parts that fit an entry."""
    return [list(marks[start : start + size]) for start in range(0, len(marks), size)]


def _close(
    program: Program, intake: Intake, held: Batch | None, pending: list[str], pack: Pack, now: datetime
) -> int:
    """Let the rest out as one batch and end the intake: the marks on the record are counted, withdrawals told in a range."""
    end_intake(intake=intake)
    kept = list(held.marks.values_list("mark", flat=True)) if held else []
    told = 0
    if closed_batch(pending, kept, pack):
        last = held or _make_batch(intake, (), local_date(now, pack))
        BatchMark.objects.bulk_create(BatchMark(batch=last, mark=mark) for mark in pending)
        told = _publish(program, intake, last, now)
    withdrawn = Withdrawal.objects.filter(program=program, promise=intake.promise).count()
    out = len(grammar.published_marks(intake.promise, rows_of(program)))
    data = {
        "voices": counted(out).as_data(),
        "withdrawn": band(withdrawn, pack).as_data(),
    }
    draft = Draft(kind="voices.closed", by=["clock"], data=data, cites={"engagement": [intake.promise]})
    append(program=program, drafts=[draft], now=now)
    return told + 1
