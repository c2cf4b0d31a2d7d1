"""Take voices in, count what is refused, and give a voice back to whoever holds its receipt."""

import shutil
from datetime import date, datetime
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import F
from django.utils.translation import gettext as _

from alongside.chain.voices.actions.counting import intake_of
from alongside.chain.voices.models import Refusal, Voice, Withdrawal
from alongside.chain.voices.queries import (
    USED,
    Door,
    door_of,
    used_before,
)
from alongside.core.clocks import local_date
from alongside.core.grammar.shape import HEX64
from alongside.core.policy import Pack
from alongside.core.sealing.envelope import SealedError, check_sealed
from alongside.core.sealing.receipt import act_hash
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.queries import Stand, is_under_hold

MEGABYTE = 1024 * 1024
#: Written out, because every voice runs it and putting the words of a query together costs more than running it.
ONE_MORE = """
    UPDATE voices_intake SET taken = taken + 1
    WHERE program_id = %s AND promise = %s AND NOT is_closed
"""
KEEP = f"""
    INSERT INTO voices_voice (id, program_id, engagement, promise, sealed, mark, act_hash, bucket, date)
    SELECT %s, %s, %s, %s, %s, %s, %s, %s, %s WHERE NOT EXISTS ({USED}) ON CONFLICT DO NOTHING
"""


class NotTakenInError(ValueError):
    """A voice was not taken in; the message is for the person who speaks. `reason` is what is counted."""

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)


class LegalHoldError(ValueError):
    """A legal hold is in force: nothing is erased and no key destroyed."""


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
    has the program's pack in force and knows where its log stands. Raises NotTakenInError where the engagement is not
    open, there is no room, or this is not one sealed voice. More than the leads planned to read is taken in all the
    same: whoever sends a flood must not close the door for others. Nothing about the sender comes here.
    """
    today = local_date(now, pack or pack_of(program))
    door = _open_door(door_of(program, engagement, stand), today)
    bucket = _refuse_unsealed(mark, act, sealed)
    _refuse_without_room()
    with transaction.atomic(), connection.cursor() as cursor:
        if _keep(cursor, program, door, (sealed, mark, act, bucket, today.isoformat())):
            _count_in(cursor, program, door)
        else:
            _refuse_another(program, mark, act, sealed)


def _open_door(door: Door | None, today: date) -> Door:
    """Give the door back if it is open today."""
    if door is None:
        raise NotTakenInError("unknown", _("There is no open engagement here. Check the address."))
    state = door.state(today)
    if state in {"ended", "closed"}:
        raise _closed()
    if state == "paused":
        raise NotTakenInError(
            "paused", _("This engagement is paused. Keep this page open and try again later.")
        )
    return door


def _closed() -> NotTakenInError:
    return NotTakenInError(
        "closed", _("This engagement is closed and takes in no more voices. Its page tells what came of it.")
    )


def _refuse_unsealed(mark: str, act: str, sealed: bytes) -> int:
    """Give the bucket of a sealed voice, or refuse what is not one."""
    message = _("What arrived was not sealed, so we did not keep it. Reload the page and send it again.")
    if mark == act or not (HEX64.match(mark) and HEX64.match(act)):
        raise NotTakenInError("unsealed", message)
    try:
        return check_sealed(sealed)
    except SealedError:
        raise NotTakenInError("unsealed", message) from None


def _refuse_without_room() -> None:
    """Refuse before anything is acknowledged, while the disk can still take what was acknowledged."""
    free = shutil.disk_usage(settings.ALONGSIDE.data).free
    if free < settings.ALONGSIDE.health.disk_free_mb * MEGABYTE:
        message = _("There is no room for more voices right now. Keep this page open and try again tomorrow.")
        raise NotTakenInError("room", message)


def _refuse_another(program: Program, mark: str, act: str, sealed: bytes) -> None:
    """Refuse another voice under a receipt that was used before; the same one is here, and that is well."""
    if used_before(mark, act) != [(program.pk, mark, act, sealed)]:
        message = _("This receipt was used before. Reload the page to get a new one, then send it again.")
        raise NotTakenInError("used", message)


def _count_in(cursor: CursorWrapper, program: Program, door: Door) -> None:
    """Count one more voice, or refuse it where the intake ended while it waited."""
    if _one_more(cursor, program, door):
        return
    if intake_of(program=program, door=door).is_closed or not _one_more(cursor, program, door):
        raise _closed()


def _keep(
    cursor: CursorWrapper, program: Program, door: Door, voice: tuple[bytes, str, str, int, str]
) -> bool:
    """Insert one voice under a random id: its bytes, mark, act hash, bucket and day. False where its receipt was used."""
    promise, (mark, act) = door.promise, voice[1:3]
    row = [uuid4().hex, program.pk, promise.data["engagement"], promise.index, *voice]
    cursor.execute(KEEP, [*row, mark, act, mark, act])
    return bool(cursor.rowcount)


def _one_more(cursor: CursorWrapper, program: Program, door: Door) -> bool:
    """Count one more where there is a count and it goes on; say whether there was."""
    cursor.execute(ONE_MORE, [program.pk, door.promise.index])
    return bool(cursor.rowcount)


@transaction.atomic
def count_refusal(*, program: Program, engagement: str, reason: str, now: datetime) -> None:
    """Count that something was refused today, for engagements that exist. By reason, never by whom."""
    if door_of(program, engagement) is None:
        return
    row, _new = Refusal.objects.get_or_create(
        program=program, engagement=engagement, date=local_date(now, pack_of(program)), reason=reason[:40]
    )
    Refusal.objects.filter(pk=row.pk).update(count=F("count") + 1)


def withdraw(*, program: Program, act: bytes, now: datetime) -> bool:
    """Delete the voice that the 32 bytes of a receipt's act secret stand for; say whether it is gone.

    Raises LegalHoldError while a legal hold is in force.
    """
    hashed = act_hash(act).hex()
    today = local_date(now, pack_of(program))
    with transaction.atomic():
        voice = Voice.objects.select_for_update().filter(program=program, act_hash=hashed).first()
        if voice is None:
            return Withdrawal.objects.filter(program=program, act_hash=hashed).exists()
        if is_under_hold(program):
            raise LegalHoldError(
                _("A court or an audit has asked that nothing be deleted for now. Try again later.")
            )
        Withdrawal.objects.create(
            program=program, promise=voice.promise, mark=voice.mark, act_hash=hashed, date=today
        )
        voice.delete()
    return True
