"""Read what an engagement's intake needs to know, and what of it is public."""

import os
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db import connection
from django.db.models import Exists, OuterRef

from alongside.chain.voices.models import (
    Batch,
    BatchMark,
    Intake,
    Voice,
)
from alongside.core.grammar import Entry, parse
from alongside.core.grammar.course import CHANGES, Course, course_of
from alongside.core.sealing.marks import SALT_BYTES, MarkState, pack, pack_received
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import every_program, pack_of
from alongside.ground.record.models import Citation, Line, Log
from alongside.ground.record.queries import Stand, stand_of
from alongside.ground.record.rows import RowsLog


@dataclass(frozen=True)
class Door:
    """An engagement as its intake sees it: the promise, and where it stands."""

    promise: Entry
    course: Course

    def state(self, today: date) -> str:
        """Say whether it is `open`, `paused`, `ended` or `closed` on a day."""
        return self.course.state(today)


class _NothingPromisedError(LookupError):
    """The engagement has no promise; raised so that what does not exist is never kept."""


def door_of(program: Program, engagement: str, stand: Stand | None = None) -> Door | None:
    """Give the intake of an engagement, or None where nothing is promised. One small query while the log stands still.

    The door rests on nothing but the log, so it is kept until the log goes on. `stand` spares the query where the caller
    knows where the log stands now.
    """
    now = stand or stand_of(program)
    try:
        return _door_at(engagement, now) if now else None
    except _NothingPromisedError:
        return None


@lru_cache(maxsize=256)
def _door_at(engagement: str, stand: Stand) -> Door:
    """Read a door from a log that stands there."""
    lines = Line.objects.filter(
        log=stand.log, kind="engagement.promised", subject=engagement, index__lt=stand.size
    )
    line = lines.order_by("index").first()
    if line is None:
        raise _NothingPromisedError
    return _door(line, stand.size)


def _door(line: Line, size: int) -> Door:
    """Read the promise and what was changed since, as they are in the first `size` entries."""
    promise = parse(line.index, bytes(line.raw))
    citing = Citation.objects.filter(
        log=line.log_id, cited=line.index, kind__in=CHANGES, citing__lt=size
    ).values("citing")
    lines = Line.objects.filter(log=line.log_id, index__in=citing)
    return Door(promise, course_of(promise, [parse(one.index, bytes(one.raw)) for one in lines]))


#: Voices and withdrawals under a seal mark or an act hash. Written out, because every voice asks it.
USED = """
    SELECT program_id, mark, act_hash, sealed FROM voices_voice WHERE mark = %s OR act_hash = %s
    UNION ALL
    SELECT NULL, mark, act_hash, NULL FROM voices_withdrawal WHERE mark = %s OR act_hash = %s
"""


def used_before(mark: str, act: str) -> list[tuple[int | None, str, str, bytes]]:
    """List what was taken in or withdrawn under either hash: program (None where withdrawn), mark, act, bytes. One query."""
    with connection.cursor() as cursor:
        cursor.execute(USED, [mark, act, mark, act])
        rows = cursor.fetchall()
    return [(program, row_mark, row_act, bytes(sealed or b"")) for program, row_mark, row_act, sealed in rows]


def open_doors(program: Program) -> list[Door]:
    """List the engagements whose intake has not ended on the record, oldest first."""
    ended = Citation.objects.filter(log__program=program, kind="voices.closed").values("cited")
    lines = Line.objects.filter(log__program=program, kind="engagement.promised").exclude(index__in=ended)
    size = Log.objects.get(program=program).size
    return [_door(line, size) for line in lines.order_by("index")]


def last_batches(intake: Intake) -> tuple[Batch | None, Batch | None]:
    """Give the last batch that was made, and the batch that is held back, if one is."""
    last = Batch.objects.filter(intake=intake).order_by("-pk").first()
    held = Batch.objects.filter(intake=intake, published=None).order_by("-pk").first()
    return last, held


def pending_marks(intake: Intake, after: date | None, before: date) -> list[str]:
    """List the seal marks of whole days after the last batch, and before today, in sorted order."""
    voices = Voice.objects.filter(program=intake.program_id, promise=intake.promise, date__lt=before)
    if after is not None:
        voices = voices.filter(date__gt=after)
    return list(voices.order_by("mark").values_list("mark", flat=True))


def unbatched_marks(intake: Intake) -> list[str]:
    """List every seal mark that is in no batch yet, in sorted order; asked once, at closing."""
    voices = Voice.objects.filter(program=intake.program_id, promise=intake.promise)
    batched = BatchMark.objects.filter(batch__intake=intake).values("mark")
    return list(voices.exclude(mark__in=batched).order_by("mark").values_list("mark", flat=True))


def mark_list(program: Program) -> bytes:
    """Pack every public seal mark of a program as the receipt page downloads them (core.sealing.marks)."""
    kinds = {"voices.published": MarkState.PUBLISHED, "voices.opened": MarkState.OPENED}
    rows: list[tuple[MarkState, bytes, int]] = []
    lines = Line.objects.filter(log__program=program, kind__in=[*kinds, "voices.closed"]).order_by("index")
    for line in lines.iterator():
        entry = parse(line.index, bytes(line.raw))
        if entry.kind != "voices.closed":
            rows += [(kinds[entry.kind], bytes.fromhex(mark), entry.index) for mark in entry.data["marks"]]
        elif entry.data["voices"] == "fewer":
            rows.append((MarkState.FEWER, b"", entry.index))
    return pack(rows)


def received_list(program: Program) -> bytes:
    """Pack what is here and not yet published, so that only whoever has a receipt finds their own (core.sealing.marks)."""
    published = BatchMark.objects.filter(
        batch__intake__program=program, batch__published__isnull=False, mark=OuterRef("mark")
    )
    waiting = Voice.objects.filter(~Exists(published), program=program).values_list("act_hash", flat=True)
    return pack_received(os.urandom(SALT_BYTES), (bytes.fromhex(act) for act in waiting.iterator()))


def mark_lists(lang: str) -> list[dict[str, str]]:
    """Say, for every program, where its seal marks are and under which address its threads are followed."""
    return [
        {
            "program": program.slug,
            "marks": f"/{program.slug}/record/marks",
            "follow": f"/{program.slug}/{_spoken(program, lang)}/follow/",
        }
        for program in every_program()
    ]


def _spoken(program: Program, lang: str) -> str:
    """Give a language if the program speaks it, else its first."""
    codes = [one.code for one in pack_of(program).languages]
    return lang if lang in codes else codes[0]


def rows_of(program: Program) -> RowsLog:
    """Give the program's log as the rules of the grammar look at it."""
    return RowsLog(Log.objects.get(program=program))
