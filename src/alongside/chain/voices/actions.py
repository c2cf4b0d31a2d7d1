"""Take voices in and give them back; publish their marks in batches."""

import dataclasses
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from threading import Lock
from uuid import uuid4

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from alongside.chain.voices.models import Batch, BatchMark, Intake, ReachedCount, Voice, Withdrawal
from alongside.chain.voices.queries import (
    BEGINNING,
    USED,
    Door,
    door_of,
    last_batches,
    may_be_spoken_to,
    open_doors,
    pending_marks,
    unbatched_marks,
    used_before,
)
from alongside.core.clocks import local_date
from alongside.core.disclosure import Batches, band, closed_batch, counted, plan_batches
from alongside.core.entries import Entry
from alongside.core.grammar import voices as grammar
from alongside.core.grammar.shape import HEX64
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.refusals import UnusableInputError
from alongside.core.sealing.envelope import check_sealed
from alongside.core.sealing.header import SealedError
from alongside.core.sealing.receipt import act_hash
from alongside.core.sealing.voice import SOUND_BUCKETS
from alongside.core.workflow.engagements import EngagementStage, Reached
from alongside.ground.gate.limits import has_room
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.entries import Draft, append
from alongside.ground.record.declared import appends
from alongside.ground.record.models import LogEntry
from alongside.ground.record.queries import Stand
from alongside.ground.record.rows import RowsLog
from alongside.ground.texts.actions import refuse_under_hold


def intake_of(*, program: Program, door: Door) -> Intake:
    """Give the row that says whether an engagement takes voices in; the first who asks makes it."""
    engagement = {"engagement": door.promise.data["engagement"]}
    row, _new = Intake.objects.get_or_create(program=program, promise=door.promise.index, defaults=engagement)
    return row


def end_intake(*, intake: Intake) -> None:
    """Take in no more, not even a voice that came in time and waits in line."""
    Intake.objects.filter(pk=intake.pk).update(is_closed=True)


@appends(EntryKind.VOICES_PUBLISHED, EntryKind.VOICES_CLOSED)
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
    if not door.course.is_taking(today):
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
            kind=EntryKind.VOICES_PUBLISHED,
            by=["clock"],
            data={"marks": part, "part": place},
            cites={"engagement": [intake.promise]},
        )
        for place, part in enumerate(parts(marks, grammar.MOST_PUBLISHED), start=1)
    ]
    entries = append(program=program, drafts=drafts, now=now)
    Batch.objects.filter(pk=batch.pk).update(entry=entries[0].index)
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
    out = len(grammar.published_marks(intake.promise, RowsLog.of(program)))
    data = {
        "voices": counted(out).as_data(),
        "withdrawn": band(withdrawn, pack).as_data(),
    }
    draft = Draft(
        kind=EntryKind.VOICES_CLOSED, by=["clock"], data=data, cites={"engagement": [intake.promise]}
    )
    append(program=program, drafts=[draft], now=now)
    return told + 1


#: Written out, because every voice runs it and putting the words of a query together costs more than running it. One
#: statement tells that the intake goes on and that the receipt is new, for each is a way to the database and back.
KEEP = f"""
    INSERT INTO voices_voice (id, program_id, engagement, promise, sealed, mark, act_hash, bucket, date)
    SELECT %s, program_id, engagement, promise, %s, %s, %s, %s, %s FROM voices_intake
    WHERE program_id = %s AND promise = %s AND NOT is_closed AND NOT EXISTS ({USED})
"""  # noqa: S608 -- put together of our own words


#: PostgreSQL keeps many at one moment, and an end of the intake waits for them and they for it; SQLite keeps one after another.
KEEP_BY = {
    "sqlite": KEEP + "ON CONFLICT DO NOTHING",
    "postgresql": KEEP + "FOR SHARE OF voices_intake ON CONFLICT DO NOTHING",
}


def _keep(voice: Sequence[str | bytes | int]) -> bool:
    """Insert one voice. False where its intake has not begun or is over, or its receipt was used."""
    link = transaction.get_connection()  # once, for each mention of Django's own costs a look for it
    with link.cursor() as cursor:
        cursor.execute(KEEP_BY[link.vendor], voice)
        return bool(cursor.rowcount)


@dataclasses.dataclass(slots=True)
class _Brought:
    """A voice that waits to be kept, and what became of it."""

    voice: Sequence[str | bytes | int]
    was_kept: bool | None = None
    error: BaseException | None = None


class Together:
    """Keeps what several threads bring at one moment in one transaction, so that one way to the disk serves them all."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._waiting = deque[_Brought]()

    def keep(self, voice: Sequence[str | bytes | int]) -> bool:
        """Keep a voice as `_keep` does. Whoever's turn it is keeps all that wait; raises for each what kept them from it."""
        mine = _Brought(voice)
        self._waiting.append(mine)
        with self._turn:
            if mine.was_kept is None and mine.error is None:
                self._keep_all()
        if mine.error is not None:
            raise mine.error
        return bool(mine.was_kept)

    def _keep_all(self) -> None:
        brought = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            with transaction.atomic():
                told = [_keep(one.voice) for one in brought]
        except BaseException as error:  # noqa: BLE001 -- each is told; nobody waits for what ended
            for one in brought:
                one.error = error
            return
        for one, was_kept in zip(brought, told, strict=True):
            one.was_kept = was_kept


TOGETHER = Together()


def take_in(
    *,
    program: Program,
    engagement: str,
    mark: str,
    act: str,
    sealed: bytes,
    now: datetime,
    pack: Pack | None = None,
    stand: Stand | None = None,
) -> None:
    """Take in one sealed voice: its seal mark and act hash (64 hex digits each) and the age file.

    The same voice sent again is taken in once and raises nothing. `pack` and `stand` spare queries where the caller
    has the program's pack in force and knows where its log stands. Raises UnusableInputError where the engagement is not
    open, there is no room, or this is not one sealed voice. More than the leads planned to read is taken in all the
    same: whoever sends a flood must not close the door for others. Nothing about the sender comes here.
    """
    today = local_date(now, pack or pack_of(program))
    door = _open_door(door_of(program, engagement, stand), today)
    bucket = _refuse_unsealed(mark, act, sealed, sounds=_is_spoken(program, engagement, stand, sealed))
    _refuse_without_room(len(sealed) if bucket in SOUND_BUCKETS else 0)
    voice: list[str | bytes | int] = [uuid4().hex, sealed, mark, act, bucket, today.isoformat()]
    voice += [program.pk, door.promise.index, mark, act, mark, act]
    link = transaction.get_connection()
    in_line = link.vendor == "sqlite" and not link.in_atomic_block
    keep = TOGETHER.keep if in_line else _keep
    if keep(voice):
        return
    intake_of(program=program, door=door)
    if not keep(voice) and not _is_here(program, mark, act, sealed):
        raise _closed()


def _open_door(door: Door | None, today: date) -> Door:
    """Give the door back if it is open today."""
    if door is None:
        raise UnusableInputError("unknown", _("There is no open engagement here. Check the address."))
    if not door.course.is_taking(today):
        raise _closed()
    if door.state(today) == EngagementStage.PAUSED:
        raise UnusableInputError(
            "paused", _("This engagement is paused. Keep this page open and try again later.")
        )
    return door


def _closed() -> UnusableInputError:
    return UnusableInputError(
        "closed", _("This engagement is closed and takes in no more voices. Its page tells what came of it.")
    )


def _is_spoken(program: Program, engagement: str, stand: Stand | None, sealed: bytes) -> bool:
    """Say whether sounds may be in it: it is large, and people were told that they can speak. No query for what is small."""
    return len(sealed) > BEGINNING and may_be_spoken_to(program, engagement, stand)


def _refuse_unsealed(mark: str, act: str, sealed: bytes, *, sounds: bool) -> int:
    """Give the bucket of a sealed voice, or refuse what is not one."""
    try:
        if mark != act and HEX64.match(mark) and HEX64.match(act):
            return check_sealed(sealed, sounds=sounds)
    except SealedError:
        pass  # refused below
    message = _("What arrived was not locked, so we did not keep it. Reload the page and send it again.")
    raise UnusableInputError("unsealed", message)


def _refuse_without_room(size: int) -> None:
    """Refuse before anything is acknowledged, while the disk can still take what was acknowledged; sounds leave room for words."""
    if not has_room(size):
        message = _("There is no room for more voices right now. Keep this page open and try again tomorrow.")
        raise UnusableInputError("room", message)


def _is_here(program: Program, mark: str, act: str, sealed: bytes) -> bool:
    """Say whether this voice was taken in before. Raises UnusableInputError where its receipt was used for another."""
    used = used_before(mark, act)
    if used and used != [(program.pk, mark, act, sealed)]:
        message = _("This receipt was used before. Reload the page to get a new one, then send it again.")
        raise UnusableInputError("used", message)
    return bool(used)


@transaction.atomic
def count_refusal(*, program: Program, engagement: str, lang: str, reason: str) -> None:
    """Count that something was refused, for engagements whose key is not destroyed. By language and reason, never by whom or when."""
    door = door_of(program, engagement)
    if door is not None and not door.course.key_destroyed:
        _add_up(program, engagement, lang, Reached.REFUSED, 1, why=reason[:40])


@transaction.atomic
def count_reached(*, program: Program, counted: Mapping[tuple[str, str, str], int], now: datetime) -> None:
    """Add up how often people came so far, by language, engagement and how far, where people can speak.

    The first page names no engagement and counts for each that is open.
    """
    today = local_date(now, pack_of(program))
    doors = [door for door in open_doors(program) if door.course.is_taking(today)]
    slugs = [str(door.promise.data["engagement"]) for door in doors]
    for (lang, engagement, reached), count in counted.items():
        for slug in slugs:
            if engagement in {slug, ""}:
                _add_up(program, slug, lang, Reached(reached), count)


def _add_up(
    program: Program, engagement: str, lang: str, reached: Reached, count: int, why: str = ""
) -> None:
    row, _new = ReachedCount.objects.get_or_create(
        program=program, engagement=engagement, lang=lang, reached=reached, why=why
    )
    ReachedCount.objects.filter(pk=row.pk).update(count=F("count") + count)


def withdraw(*, program: Program, act: bytes, now: datetime) -> date | None:
    """Delete the voice that the 32 bytes of a receipt's act secret stand for; give the day on which it went, None where none did.

    Raises LegalHoldError while a legal hold is in force.
    """
    hashed = act_hash(act).hex()
    today = local_date(now, pack_of(program))
    with transaction.atomic():
        voice = Voice.objects.select_for_update().filter(program=program, act_hash=hashed).first()
        if voice is None:
            gone = Withdrawal.objects.filter(program=program, act_hash=hashed).first()
            return gone.date if gone else None
        refuse_under_hold(program)
        Withdrawal.objects.create(
            program=program, promise=voice.promise, mark=voice.mark, act_hash=hashed, date=today
        )
        voice.delete()
    return today


@appends()
def batches_again(*, program: Program, entries: Sequence[Entry]) -> None:
    """Note as published what these entries publish, whether or not its voices came back with the backup."""
    for entry in entries:
        promise = entry.cites["engagement"][0]
        line = LogEntry.objects.get(log__program=program, index=promise)
        intake, _new = Intake.objects.get_or_create(
            program=program, promise=promise, defaults={"engagement": line.subject}
        )
        _published(intake, entry)


def _published(intake: Intake, entry: Entry) -> None:
    """Note one part of a batch. At the close, a part may hold marks of the batch held back and marks of none."""
    first = entry.index - entry.data["part"] + 1
    marks = entry.data["marks"]
    Batch.objects.filter(intake=intake, marks__mark__in=marks, entry=None).update(entry=first)
    known = set(BatchMark.objects.filter(mark__in=marks).values_list("mark", flat=True))
    rest = [mark for mark in marks if mark not in known]
    if rest:
        there = Batch.objects.filter(intake=intake, entry=first).order_by("pk").first()
        batch = there if there is not None else _made(intake, entry, first)
        BatchMark.objects.bulk_create(BatchMark(batch=batch, mark=mark) for mark in rest)


def _made(intake: Intake, entry: Entry, first: int) -> Batch:
    """Make a batch anew that was made after the backup; it ends with the last day of its voices that are here."""
    voices = Voice.objects.filter(program=intake.program_id, mark__in=entry.data["marks"])
    until = voices.order_by("-date").values_list("date", flat=True).first()
    last = Batch.objects.filter(intake=intake).order_by("-pk").values_list("until", flat=True).first()
    until = until or last or entry.date - timedelta(days=2)
    return Batch.objects.create(intake=intake, until=until, entry=first)
