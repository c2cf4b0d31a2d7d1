"""After a restore: know again which seal marks are on the record, so that none is published twice, and which keys are gone."""

from collections.abc import Sequence
from datetime import timedelta

from alongside.chain.voices.models import (
    Batch,
    BatchMark,
    BatchPublished,
    EngagementKey,
    Intake,
    KeyDestroyed,
    Voice,
    Wrap,
)
from alongside.core.grammar import Entry
from alongside.ground.programs.models import Program
from alongside.ground.record.declared import appends
from alongside.ground.record.models import Line


@appends()
def batches_again(*, program: Program, entries: Sequence[Entry]) -> None:
    """Note as published what these entries publish, whether or not its voices came back with the backup."""
    for entry in entries:
        promise = entry.cites["engagement"][0]
        line = Line.objects.get(log__program=program, index=promise)
        intake, _new = Intake.objects.get_or_create(
            program=program, promise=promise, defaults={"engagement": line.subject}
        )
        _published(intake, entry)


def _published(intake: Intake, entry: Entry) -> None:
    """Note one part of a batch. At the close, a part may hold marks of the batch held back and marks of none."""
    first = entry.index - entry.data["part"] + 1
    marks = entry.data["marks"]
    batches = Batch.objects.filter(intake=intake, marks__mark__in=marks, published=None).distinct()
    for batch in batches.order_by("pk"):
        BatchPublished.objects.create(batch=batch, entry=first)
    known = set(BatchMark.objects.filter(mark__in=marks).values_list("mark", flat=True))
    rest = [mark for mark in marks if mark not in known]
    if rest:
        there = Batch.objects.filter(intake=intake, published__entry=first).order_by("pk").first()
        batch = there if there is not None else _made(intake, entry, first)
        BatchMark.objects.bulk_create(BatchMark(batch=batch, mark=mark) for mark in rest)


def _made(intake: Intake, entry: Entry, first: int) -> Batch:
    """Make a batch anew that was made after the backup; it ends with the last day of its voices that are here."""
    voices = Voice.objects.filter(program=intake.program_id, mark__in=entry.data["marks"])
    until = voices.order_by("-date").values_list("date", flat=True).first()
    last = Batch.objects.filter(intake=intake).order_by("-pk").values_list("until", flat=True).first()
    batch = Batch.objects.create(intake=intake, until=until or last or entry.date - timedelta(days=2))
    BatchPublished.objects.create(batch=batch, entry=first)
    return batch


@appends()
def destroyed_again(*, program: Program, entries: Sequence[Entry]) -> None:
    """Destroy again the keys that were destroyed since the backup: the one made last of each entry's engagement."""
    lines = Line.objects.filter(log__program=program)
    for entry in entries:
        engagement = lines.get(index=entry.cites["engagement"][0]).subject
        made = lines.filter(kind="key.made", subject=engagement, index__lt=entry.index).order_by("-index")
        key = EngagementKey.objects.filter(program=program, entry__in=made.values("index")[:1]).first()
        if key is not None:
            KeyDestroyed.objects.get_or_create(key=key, defaults={"entry": entry.index})
            Wrap.objects.filter(key=key).delete()
