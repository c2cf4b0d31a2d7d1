"""Read where people can speak, what was taken in, and which seal marks are public."""

import os
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils.crypto import salted_hmac
from django.utils.translation import override

from alongside.chain.voices.models import Batch, BatchMark, Intake, Voice, Withdrawal
from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind
from alongside.core.questions import OFFER, STATEMENTS, asks_for_statements, may_be_spoken
from alongside.core.sealing.envelope import sealed_size
from alongside.core.sealing.marks import (
    SALT_BYTES,
    STEP,
    MarkState,
    answering,
    pack,
    pack_received,
    rows_of_the_day,
)
from alongside.core.sealing.voice import BUCKETS
from alongside.core.workflow.engagements import CHANGES, EngagementStage, EngagementState, course_of
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import every_program, spoken
from alongside.ground.record.labels import days_to_hear
from alongside.ground.record.models import Citation, Log, LogEntry
from alongside.ground.record.queries import Stand, entry_views, is_cited, stand_of, without_words
from alongside.ground.ui.days import day_in_words
from alongside.work.engagements.queries.promises import frozen_form
from alongside.work.projects.queries import EngagementShown, courses_of, decision_days, worded_courses


@dataclass(frozen=True)
class Door:
    """An engagement as its intake sees it: the promise, and where it stands."""

    promise: Entry
    course: EngagementState

    def state(self, today: date) -> str:
        """Say whether it is `open`, `paused`, `ended` or `closed` on a day."""
        return self.course.state(today)


def door_of(program: Program, engagement: str, stand: Stand | None = None) -> Door | None:
    """Give the intake of an engagement, or None where nothing is promised. One small query while the log stands still.

    The door rests on nothing but the log, so it is kept until the log goes on. `stand` spares the query where the caller
    knows where the log stands now.
    """
    now = stand or stand_of(program)
    try:
        return _door_at(engagement, now) if now else None
    except LogEntry.DoesNotExist:
        return None


@lru_cache(maxsize=256)
def _door_at(engagement: str, stand: Stand) -> Door:
    """Read a door from a log that stands there. Raises LogEntry.DoesNotExist, so that what does not exist is never kept."""
    lines = LogEntry.objects.filter(
        log=stand.log, kind=EntryKind.ENGAGEMENT_PROMISED, subject=engagement, index__lt=stand.size
    )
    return _door(lines.order_by("index")[:1].get(), stand.size)


def may_be_spoken_to(program: Program, engagement: str, stand: Stand | None = None) -> bool:
    """Say whether people may answer an engagement by voice, as its promise froze it. Asked only where something large comes."""
    door = door_of(program, engagement, stand)
    if door is None:
        return False
    lang = door.promise.data["languages"][0]
    return may_be_spoken(frozen_form(entry_views(program, [door.promise.index], lang)[door.promise.index]))


def _door(line: LogEntry, size: int) -> Door:
    """Read the promise and what was changed since, as they are in the first `size` entries."""
    promise = line.parsed
    citing = Citation.objects.filter(
        log=line.log_id, cited=line.index, kind__in=CHANGES, citing__lt=size
    ).values("citing")
    lines = LogEntry.objects.filter(log=line.log_id, index__in=citing)
    return Door(promise, course_of(promise, [one.parsed for one in lines]))


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


def taken_in(program: Program, promise: int) -> int:
    """Count what came in for a promise, also what was taken back since, so that leads see a flood. Two queries."""
    here = {"program": program, "promise": promise}
    return Voice.objects.filter(**here).count() + Withdrawal.objects.filter(**here).count()


def open_doors(program: Program) -> list[Door]:
    """List the engagements whose intake has not ended on the record, oldest first."""
    lines = LogEntry.objects.filter(log__program=program, kind=EntryKind.ENGAGEMENT_PROMISED)
    lines = lines.exclude(is_cited(program, "index", EntryKind.VOICES_CLOSED))
    size = Log.objects.get(program=program).size
    return [_door(line, size) for line in lines.order_by("index")]


def last_batches(intake: Intake) -> tuple[Batch | None, Batch | None]:
    """Give the last batch that was made, and the batch that is held back, if one is."""
    last = Batch.objects.filter(intake=intake).order_by("-pk").first()
    held = Batch.objects.filter(intake=intake, entry=None).order_by("-pk").first()
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
    kinds: dict[str, MarkState] = {
        EntryKind.VOICES_PUBLISHED: MarkState.PUBLISHED,
        EntryKind.VOICES_OPENED: MarkState.OPENED,
    }
    rows: list[tuple[MarkState, bytes, int]] = []
    lines = LogEntry.objects.filter(
        log__program=program, kind__in=[*kinds, EntryKind.VOICES_CLOSED]
    ).order_by("index")
    for line in lines.iterator():
        entry = line.parsed
        if entry.kind != EntryKind.VOICES_CLOSED:
            rows += [(kinds[entry.kind], bytes.fromhex(mark), entry.index) for mark in entry.data["marks"]]
        elif entry.data["voices"] == "fewer":
            rows.append((MarkState.FEWER, b"", entry.index))
    return pack(rows)


def received_list(program: Program, today: date) -> bytes:
    """Pack what is here and not yet published, so that only whoever has a receipt finds their own (core.sealing.marks).

    Its length tells neither how many wait nor when one comes: edges are of the server's secret and the day, and who took a
    voice back today still counts.
    """
    published = BatchMark.objects.filter(
        batch__intake__program=program, batch__entry__isnull=False, mark=OuterRef("mark")
    )
    waiting = Voice.objects.filter(~Exists(published), program=program)
    rows = list(waiting.values_list("act_hash", "promise", "date"))
    back = Withdrawal.objects.filter(~Exists(published), program=program, date=today).count()
    before = sum(on < today for _act, _promise, on in rows)

    def shift(edge: int) -> int:
        said = f"{program.slug} {today} {edge}"
        return int(salted_hmac("alongside/received/v1", said, algorithm="sha256").hexdigest(), 16) % STEP

    length = rows_of_the_day(before, len(rows) + back, shift)
    told = (answering(bytes.fromhex(act), promise) for act, promise, _on in rows)
    return pack_received(os.urandom(SALT_BYTES), told, pad_to=length)


def mark_lists(lang: str, today: date) -> list[dict[str, Any]]:
    """Say, for every program, where its seal marks are, where its threads are followed, what became of offered statements, and what people were asked."""
    return [
        {
            "program": program.slug,
            "marks": f"/{program.slug}/record/marks",
            "follow": f"/{program.slug}/{code}/follow/",
            "asked": _asked(program, code, today),
            "offers": f"/{program.slug}/{code}/offers.json",
        }
        for program in every_program()
        for code in [spoken(program, lang)]
    ]


def _asked(program: Program, lang: str, today: date) -> list[dict[str, Any]]:
    """Name every engagement of a program and say when its people hear back, and where statements are judged. Five queries."""
    promises = without_words(program, kinds=(EntryKind.ENGAGEMENT_PROMISED,))
    shown = worded_courses(program, courses_of(program, promises, today), lang)
    decided = decision_days(program, promises)
    with override(lang):
        return [
            {
                "promise": one.told.index,
                "title": one.told.say("title"),
                "lang": one.told.lang("title"),
                "days": " ".join(days_to_hear(one.course, decided.get(one.told.index), today)).strip(),
                **_judged_at(program, lang, one),
            }
            for one in shown
        ]


def _judged_at(program: Program, lang: str, one: EngagementShown) -> dict[str, Any]:
    """Give where statements of an engagement are judged, where their map is, and, where people offer some, where; nothing where it has none."""
    form, here = frozen_form(one.told), f"/{program.slug}/{lang}/engagements/{one.slug}/"
    if not form.get(STATEMENTS):
        return {}
    found: dict[str, Any] = {"map": f"{here}map/", "offers": asks_for_statements(form)}
    if one.state == EngagementStage.OPEN:
        found["judge"] = f"{here}statements/"
        found |= {"say": f"{here}#question-{OFFER}"} if found["offers"] else {}
    return found


#: So many bytes of each voice are listed: all of one without sound, and the text of one with it.
BEGINNING = sealed_size(BUCKETS[-1])


def last_day_to_speak(course: EngagementState, today: date) -> str:
    """Give the last day to speak as people read it; nothing where nobody can speak any more."""
    return day_in_words(course.closes_if_resumed(today)) if course.is_taking(today) else ""
