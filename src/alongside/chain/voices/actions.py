"""Take voices in and give them back, publish their marks; make, certify, test, share and destroy the leads' keys."""

import dataclasses
import hashlib
import os
import re
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from alongside.chain.voices.models import (
    Batch,
    BatchMark,
    DestructionAsked,
    Device,
    EngagementKey,
    Intake,
    LeadKey,
    OpenedList,
    PaperWrap,
    ReachedCount,
    SealedNote,
    SetAside,
    Voice,
    Vouch,
    Withdrawal,
    Wrap,
)
from alongside.chain.voices.queries import (
    BEGINNING,
    USED,
    Door,
    door_of,
    key_of_seat,
    keyring_of,
    last_batches,
    left_out,
    may_be_spoken_to,
    open_doors,
    pending_marks,
    signs_in_with,
    tests_of,
    unbatched_marks,
    used_before,
    vouches_that_stand,
    waiting_lists,
    who_asked,
    who_destroys,
)
from alongside.cohort.seats.actions import ask_second, refuse_former, refuse_unless_second, second_came
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.seats import acting, of_a_lead_today, seat_today, sits
from alongside.cohort.seats.queries.seconds import (
    SECONDS,
    agreed_to,
    body_is_second,
    may_be_second,
    new_until,
)
from alongside.core.clocks import local_date
from alongside.core.disclosure import Batches, band, closed_batch, counted, plan_batches
from alongside.core.entries import Entry
from alongside.core.grammar import voices as grammar
from alongside.core.grammar.engagements import DESTROYERS, refuse_too_early
from alongside.core.grammar.keys import FOUNDERS, first_key, founding, last_key, may_found
from alongside.core.grammar.shape import HEX64
from alongside.core.grammar.voices import MOST_OPENED, published_marks
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.refusals import NotTakenIn, Refused
from alongside.core.sealing.bech32 import KeyTextError
from alongside.core.sealing.envelope import check_sealed, seal
from alongside.core.sealing.header import SealedError
from alongside.core.sealing.keys import recipient_bytes
from alongside.core.sealing.leads import is_signed, vouch_statement
from alongside.core.sealing.receipt import act_hash
from alongside.core.sealing.voice import SOUND_BUCKETS, pad
from alongside.core.workflow.engagements import EngagementStage, Reached, course_at
from alongside.ground.gate.limits import has_room
from alongside.ground.gate.presses import mark_of
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, Text, append, sign_ahead
from alongside.ground.record.acts import Part, nonce_about, signed_in_readers
from alongside.ground.record.declared import appends
from alongside.ground.record.models import LogEntry
from alongside.ground.record.queries import Stand
from alongside.ground.record.rows import RowsLog
from alongside.ground.texts.actions import refuse_under_hold
from alongside.ground.ui.actions import use_up


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
    has the program's pack in force and knows where its log stands. Raises NotTakenIn where the engagement is not
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
        raise NotTakenIn("unknown", _("There is no open engagement here. Check the address."))
    if not door.course.is_taking(today):
        raise _closed()
    if door.state(today) == EngagementStage.PAUSED:
        raise NotTakenIn("paused", _("This engagement is paused. Keep this page open and try again later."))
    return door


def _closed() -> NotTakenIn:
    return NotTakenIn(
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
    raise NotTakenIn("unsealed", message)


def _refuse_without_room(size: int) -> None:
    """Refuse before anything is acknowledged, while the disk can still take what was acknowledged; sounds leave room for words."""
    if not has_room(size):
        message = _("There is no room for more voices right now. Keep this page open and try again tomorrow.")
        raise NotTakenIn("room", message)


def _is_here(program: Program, mark: str, act: str, sealed: bytes) -> bool:
    """Say whether this voice was taken in before. Raises NotTakenIn where its receipt was used for another."""
    used = used_before(mark, act)
    if used and used != [(program.pk, mark, act, sealed)]:
        message = _("This receipt was used before. Reload the page to get a new one, then send it again.")
        raise NotTakenIn("used", message)
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


AGE = b"age-encryption.org/v1\n-> "

MOST_KEYRING = 4_096  # bytes of a sealed keyring or of a wrapped key


@appends(EntryKind.KEY_FOUNDED)
@transaction.atomic
def offer_key(
    *,
    program: Program,
    seat: Seat,
    recipient: str,
    sign_key: str,
    signature: str,
    keyring: bytes,
    now: datetime,
) -> LeadKey:
    """Take a new keyring's public keys and its sealed file. The first waits for a second lead, to be compared; others wait for two leads.

    Raises Refused where the keys or the file cannot be a keyring, or the new key did not sign itself.
    """
    refuse_bad_key(recipient, sign_key)
    own = {"seat": seat.public_id, "recipient": recipient, "sign_key": sign_key}
    is_own = is_signed(sign_key, _statement(program, own), signature)
    if not is_own or not keyring.startswith(AGE + b"scrypt ") or len(keyring) > MOST_KEYRING:
        raise _not_made()
    asked = keyring_of(seat.pk)
    if asked and asked.recipient == recipient:
        return asked
    own["signature"] = signature
    mine = {**own, "seat": seat, "keyring": keyring}
    today = local_date(now, pack_of(program))
    if may_found(RowsLog.of(program), seat.public_id, today):
        draft = Draft(kind=EntryKind.KEY_FOUNDED, by=[seat.public_id], data=own)
        entry = append(program=program, drafts=[draft], now=now)[0].index
        return LeadKey.objects.create(**mine, entry=entry)
    made = LeadKey.objects.create(**mine)
    ask_second(program=program, step="vouch", about=made.pk, seat=seat, today=today)
    return made


@appends(EntryKind.KEY_LOST)
def report_lost_key(*, program: Program, seat: str, now: datetime) -> Entry:
    """Say in public that a lead lost the key of their seat: it signs nothing from now on. Raises GrammarError where none is in force, or one was reported lately."""
    key = last_key(RowsLog.of(program), seat)
    cites = {"key": [key.index]} if key else {}
    draft = Draft(kind=EntryKind.KEY_LOST, by=[seat], data={"seat": seat}, cites=cites)
    return append(program=program, drafts=[draft], now=now)[0]


def _not_made() -> Refused:
    """Give what is said of a key that only a broken page can send."""
    return Refused(_("This page could not make the key. Load it again, and try again."))


def refuse_bad_key(recipient: str, sign_key: str) -> None:
    """Raise Refused for what is no key, or a key that another seat has on the record."""
    try:
        recipient_bytes(recipient)
    except KeyTextError as error:
        raise _not_made() from error
    if not HEX64.match(sign_key):
        raise _not_made()
    taken = Q(recipient=recipient) | Q(sign_key=sign_key)
    if LeadKey.objects.filter(taken).exclude(entry=None).exists():
        raise Refused(_("This key is on the public log already. Make a new key."))


@appends(EntryKind.KEY_FOUNDED)
@transaction.atomic
def compare(*, program: Program, seat: Seat, signature: str, now: datetime) -> bool:
    """Keep that a lead whose key waits compared the first founding key in person and signed it; say whether the set is founded now.

    Raises Refused where there is nothing to compare, or the signature is not the lead's own under vouch_statement.
    """
    first, own = first_key(RowsLog.of(program)), keyring_of(seat.pk)
    if first is None or own is None or own.entry is not None:
        raise Refused(_("There is no first key for you to compare. Load the reader again."))
    if not is_signed(own.sign_key, _statement(program, first.data), signature):
        raise Refused(_("The signature is not yours. Unlock your key and vouch again."))
    _keep_vouch(own, seat, signature, local_date(now, pack_of(program)))
    return _found(program, own, now) is not None


def _statement(program: Program, key: Mapping[str, Any]) -> bytes:
    named = {name: key[name] for name in ("seat", "recipient", "sign_key")}
    return vouch_statement(origin=program.origin, **named)


def _as_entered(key: LeadKey) -> dict[str, str]:
    """Give what the record holds of a key."""
    return {
        "seat": key.seat.public_id,
        "recipient": key.recipient,
        "sign_key": key.sign_key,
        "signature": key.signature,
    }


def _keep_vouch(key: LeadKey, seat: Seat, signature: str, today: date) -> None:
    Vouch.objects.update_or_create(key=key, seat=seat, defaults={"signature": signature, "vouched_on": today})


def _found(program: Program, key: LeadKey, now: datetime) -> Entry | None:
    """Found the set with a waiting key, where its lead and the first founder signed each other's keys as they are now."""
    first = first_key(RowsLog.of(program))
    own = _as_entered(key)
    signed = dict(key.vouches.values_list("seat__public_id", "signature"))
    for by, of in ((first.data, own), (own, first.data)) if first else ():
        if not is_signed(by["sign_key"], _statement(program, of), signed.get(by["seat"], "")):
            return None
    if first is None:
        return None
    certs = [{"seat": one, "signature": signed[one]} for one in sorted((first.data["seat"], own["seat"]))]
    draft = Draft(
        kind=EntryKind.KEY_FOUNDED,
        by=[own["seat"]],
        data={**own, "certs": certs},
        cites={"key": [first.index]},
    )
    (entry,) = append(program=program, drafts=[draft], now=now)
    _put_in_force(program, key, entry)
    return entry


def _put_in_force(program: Program, key: LeadKey, entry: Entry) -> None:
    second_came(program=program, step="vouch", about=key.pk)
    key.entry = entry.index
    key.save(update_fields=["entry"])
    Device.objects.filter(seat=key.seat_id).exclude(recipient=key.recipient).delete()


MOST_DEVICES, MOST_LOCKED = 8, 1_024  # of one keyring; bytes of what is locked to a device
PASSKEY = re.compile(r"[A-Za-z0-9_-]{2,1400}")


@appends()
@transaction.atomic
def keep_device(
    *, program: Program, seat: Seat, recipient: str, passkey: str, called: str, sealed: bytes, today: date
) -> None:
    """Keep a lead's keyring as it is locked to a device of theirs. Raises Refused where it is not the keyring with which the seat signs in."""
    Seat.objects.select_for_update().get(pk=seat.pk)
    own = signs_in_with(seat.public_id, program)
    if own is None or own.recipient != recipient:
        raise Refused(_("You have another key now. Load the page again and unlock that one."))
    if not PASSKEY.fullmatch(passkey) or not called.strip() or not 0 < len(sealed) <= MOST_LOCKED:
        raise Refused(_("Say what you call this device, and try again."))
    others = Device.objects.filter(seat=seat).exclude(passkey=passkey)
    if others.count() >= MOST_DEVICES:
        raise Refused(_("Your key is on many devices. Remove one that you no longer use, on “My key”."))
    held = {"recipient": recipient, "called": called.strip(), "sealed": sealed, "kept_on": today}
    Device.objects.update_or_create(seat=seat, passkey=passkey, defaults=held)


@appends()
def forget_devices(*, person: int, pk: int | None = None) -> None:
    """Forget what is locked to one device of a person, or to all of them; their six words open the keyring as before."""
    which = {} if pk is None else {"pk": pk}
    Device.objects.filter(seat__person=person, **which).delete()


@appends(EntryKind.KEY_CERTIFIED, EntryKind.KEY_FOUNDED)
@transaction.atomic
def vouch(*, program: Program, key: LeadKey, seat: Seat, signature: str, now: datetime) -> Entry | None:
    """Vouch that a waiting key is the key of its seat; give the entry once two leads did, None before.

    Raises Refused where the voucher has no key on the record, vouches for itself, or the signature is not
    the voucher's own under core.sealing.leads.vouch_statement.
    """
    rows = RowsLog.of(program)
    first = first_key(rows)
    if (first or not founding(rows)) and (first is None or first.data["seat"] != seat.public_id):
        raise Refused(
            _(
                "The first two keys do not count yet. First those two leads meet, compare the digits of both keys, and sign each other’s."
            )
        )
    own = key_of_seat(seat.public_id, program)
    theirs = _as_entered(key)
    statement = _statement(program, theirs)
    if own is None or seat.person_id == key.seat.person_id:
        raise Refused(
            _("Only another lead whose key is on the public log can vouch for this key; ask one of them.")
        )
    if not is_signed(own.sign_key, statement, signature):
        raise Refused(_("The signature is not yours. Unlock your key and vouch again."))
    if LeadKey.objects.filter(pk=key.pk).exclude(entry=None).exists():
        raise Refused(_("This key is on the public log already; nothing more is needed."))
    today = local_date(now, pack_of(program))
    refuse_unless_second(program=program, seat=seat, step="vouch", about=key.pk, today=today)
    _keep_vouch(key, seat, signature, today)
    if first:
        return _found(program, key, now)
    return _certify(program, key, theirs, now)


def _certify(program: Program, key: LeadKey, theirs: dict[str, str], now: datetime) -> Entry | None:
    vouches = [one for one in vouches_that_stand(RowsLog.of(program), key) if one.seat != key.seat]
    seats, today = [one.seat.public_id for one in vouches], local_date(now, pack_of(program))
    can = acting(program, seats, today, after_term=True)
    vouches = [one for one in vouches if one.seat.public_id in can]
    if len(vouches) < FOUNDERS:
        return None
    certs = [{"seat": one.seat.public_id, "signature": one.signature} for one in vouches]
    draft = Draft(
        kind=EntryKind.KEY_CERTIFIED, by=[one["seat"] for one in certs], data={**theirs, "certs": certs}
    )
    (entry,) = append(program=program, drafts=[draft], now=now)
    _put_in_force(program, key, entry)
    return entry


@appends(EntryKind.KEY_MADE)
@transaction.atomic
def make_engagement_key(
    *,
    program: Program,
    engagement: str,
    seat: Seat,
    recipient: str,
    wraps: Mapping[str, bytes],
    signature: str,
    now: datetime,
) -> EngagementKey:
    """Keep a key that a lead made in the reader and signed, sealed (age files by seat id) to certified leads only.

    Two leads at least, the maker among them, so that two can test it. Seals the test voice to it.
    Raises Refused for anything else, GrammarError for a seat without a certified key, and for a signature that is not
    the maker's under core.sealing.leads.locked_statement.
    """
    refuse_bad_key(recipient, "0" * 64)
    if door_of(program, engagement) is not None:
        raise Refused(
            _("This engagement is promised with its key; share that key instead of making another.")
        )
    if seat.public_id not in wraps:
        raise Refused(_("Lock the key of this engagement to yourself, too, so that you can test it."))
    data = {
        "engagement": engagement,
        "recipient": recipient,
        "wrapped_to": sorted(wraps),
        "signature": signature,
    }
    draft = Draft(kind=EntryKind.KEY_MADE, by=[seat.public_id], data=data)
    entry = append(program=program, drafts=[draft], now=now)[0].index
    nonce = os.urandom(32).hex()  # Only its hash is kept, and itself sealed as a voice would be.
    key = EngagementKey.objects.create(
        program=program,
        engagement=engagement,
        recipient=recipient,
        entry=entry,
        test=seal(pad(nonce.encode()), recipient),
        nonce_hash=hashlib.sha256(nonce.encode()).hexdigest(),
    )
    keep_wraps(key=key, wraps=wraps, today=local_date(now, pack_of(program)), by=seat)
    return key


def refuse_no_wrap(sealed: bytes) -> None:
    """Raise Refused for what is no key that was sealed to another one."""
    if not sealed.startswith(AGE + b"X25519 ") or len(sealed) > MOST_KEYRING:
        raise Refused(_("This page could not lock the key. Load it again, and try again."))


def keep_wraps(*, key: EngagementKey, wraps: Mapping[str, bytes], today: date, by: Seat) -> None:
    """Add wraps; what a lead sealed stays, also what the same one did, so that nobody can put nonsense in its place."""
    for public_id, sealed in wraps.items():
        refuse_no_wrap(sealed)
        theirs = key_of_seat(public_id, key.program)
        stays = (
            theirs is None or of_a_lead_today(theirs.seat, today) or agreed_to(theirs.seat, SECONDS, today)
        )
        if not stays:
            words = _("Place %(id)s is over. Lock the key to leads of today.")
            raise Refused(words % {"id": public_id.removeprefix("seat-")})
        if theirs is None:
            words = _("Place %(id)s has no key that counts. Two leads must vouch for it first.")
            raise Refused(words % {"id": public_id.removeprefix("seat-")})
        mine = {"key": key, "seat": theirs.seat, "recipient": theirs.recipient, "by": by}
        Wrap.objects.get_or_create(**mine, defaults={"sealed": sealed})


@appends(EntryKind.KEY_TESTED)
@transaction.atomic
def confirm_test(
    *,
    program: Program,
    key: EngagementKey,
    seat: Seat,
    nonce: str,
    signed: Mapping[str, Any] | None = None,
    now: datetime,
) -> Entry:
    """Note on the record that a lead opened the test voice; only the right nonce shows it. `signed` is what their reader signed of it."""
    others = tests_of(key)
    if before := next((one for one in others if seat.public_id in one.by), None):
        return before
    if not key.is_told(nonce):
        raise Refused(_("This is not what the test voice says; open it with the engagement's key."))
    today = local_date(now, pack_of(program))
    refuse_unless_second(program=program, seat=seat, step="test", about=key.entry, today=today)
    if others:
        second_came(program=program, step="test", about=key.entry)
    else:
        ask_second(program=program, step="test", about=key.entry, seat=seat, today=today)
    draft = Draft(kind=EntryKind.KEY_TESTED, by=[seat.public_id], cites={"key": [key.entry]})
    with signed_in_readers(draft.kind, program.origin, f"{key.entry} {seat.public_id}", signed):
        return append(program=program, drafts=[draft], now=now)[0]


@appends(EntryKind.KEY_SHARED)
@transaction.atomic
def share_engagement_key(
    *,
    program: Program,
    key: EngagementKey,
    seat: Seat,
    wraps: Mapping[str, bytes],
    signature: str,
    now: datetime,
) -> None:
    """Keep an engagement's key for more certified leads, sealed to them by a lead who holds it and signs that."""
    if EngagementKey.objects.filter(pk=key.pk).exclude(destroyed=None).exists():
        raise Refused(_("This key was destroyed, so it cannot be shared; nobody can read with it any more."))
    today = local_date(now, pack_of(program))
    if not of_a_lead_today(seat, today):
        raise Refused(_("Your place is over. Ask a lead of today to share this key."))
    if not Wrap.objects.filter(key=key, seat=seat).exists():
        raise Refused(_("Only a lead who holds this key can share it; ask one of them."))
    data = {
        "engagement": key.engagement,
        "recipient": key.recipient,
        "wrapped_to": sorted(wraps),
        "signature": signature,
    }
    draft = Draft(kind=EntryKind.KEY_SHARED, by=[seat.public_id], data=data, cites={"key": [key.entry]})
    keep_wraps(key=key, wraps=wraps, today=today, by=seat)
    append(program=program, drafts=[draft], now=now)


@appends(EntryKind.KEY_DESTROYED)
@transaction.atomic
def destroy_key(
    *,
    program: Program,
    key: EngagementKey,
    seat: Seat,
    ground: str,
    now: datetime,
    lang: str = "en",
    signed: Mapping[str, Any] | None = None,
) -> Entry | None:
    """Ask that our copies of an engagement's key be destroyed; once two people ask, they are. Give the entry then.

    A lead who signed in with the keyring of an earlier seat asks in the seat of today. `signed` is what their reader signed.
    Raises LegalHoldError while a legal hold is in force, GrammarError before the promised day, Refused for who may not.
    """
    today = local_date(now, pack_of(program))
    held, seat = seat, seat_today(seat, today)
    if signed and held != seat and key_of_seat(seat.public_id, program):
        raise Refused(_("Your place of today has a key of its own. Unlock the reader with its six words."))
    door = _door_to_close(program, key, today)
    may = who_destroys(key, today)
    is_second = not sits(seat, today) and may_be_second(program, seat, "destroy", str(key.entry), today)
    if seat not in may and not is_second:
        raise Refused(_("Only a lead who holds this key can destroy it; ask one of them."))
    said = {"ground": ground, "lang": lang, "asked_on": today}
    mine, _new = DestructionAsked.objects.update_or_create(key=key, seat=seat, defaults=said)
    asked = [one for one in who_asked(key) if one.seat in may or one.seat == seat]
    first = next((one for one in asked if one != mine), mine)
    part = _part_of_destroying(program, door, first, seat, signed, now)
    mine.signed = part.wait() | {"seed": (signed or {}).get("seed", "")}
    mine.mark = mark_of(mine)
    mine.save(update_fields=["mark", "signed"])
    both = {one.seat.person_id: one for one in (mine, first)}
    if len(both) < DESTROYERS:
        ask_second(program=program, step="destroy", about=key.entry, seat=seat, today=today)
        return None
    second_came(program=program, step="destroy", about=key.entry)
    return _destroy(program, key, door, [first, mine], now, signer=part)


def _draft_of_destroying(door: Door, by: Sequence[str], first: DestructionAsked) -> Draft:
    return Draft(
        kind=EntryKind.KEY_DESTROYED,
        by=list(by),
        cites={"engagement": [door.promise.index]},
        texts={"ground": Text(first.lang, first.ground)},
    )


def _part_of_destroying(
    program: Program,
    door: Door,
    first: DestructionAsked,
    seat: Seat,
    signed: Mapping[str, Any] | None,
    now: datetime,
) -> Part:
    """Give what a lead signs who asks that a key be destroyed, for the reason that the first one gave."""
    draft, about = _draft_of_destroying(door, [seat.public_id], first), str(door.promise.index)
    with signed_in_readers(draft.kind, program.origin, about, signed):
        return sign_ahead(
            program=program,
            drafts=[draft],
            nonce=nonce_about(draft.kind, program.origin, about),
            salts=first.signed.get("salts", {}) if first.seat != seat else {},
            now=now,
        )


@appends()
@transaction.atomic
def keep_key(*, key: EngagementKey, seat: Seat) -> None:
    """Take a lead's own wish to destroy a key back; another lead's stands."""
    DestructionAsked.objects.filter(key=key, seat__person=seat.person_id).delete()
    second_came(program=key.program, step="destroy", about=key.entry)
    for one in who_asked(key)[:1]:
        ask_second(program=key.program, step="destroy", about=key.entry, seat=one.seat, today=one.asked_on)


@appends(EntryKind.KEY_DESTROYED)
@transaction.atomic
def destroy_key_as_body(*, program: Program, key: EngagementKey, body: str, now: datetime) -> Entry:
    """Destroy our copies of an engagement's key as the community body, second to a lead of today who asked first.

    Raises as `destroy_key`; Refused also while leads who hold the key can be the second.
    """
    today = local_date(now, pack_of(program))
    door = _door_to_close(program, key, today)
    may = who_destroys(key, today)
    first = next((one for one in who_asked(key) if one.seat in may), None)
    if first is None or not body_is_second(program, body, "destroy", str(key.entry), today):
        raise Refused(_("This key does not wait for the community body; leads destroy it."))
    second_came(program=program, step="destroy", about=key.entry)
    return _destroy(program, key, door, [first], now, beside=[body])


def _door_to_close(program: Program, key: EngagementKey, today: date) -> Door:
    """Give the door of an engagement whose key can be destroyed today; hold its key against others. Raises why not."""
    refuse_under_hold(program)
    door = door_of(program, key.engagement)
    if door is None:
        raise Refused(_("This engagement was never opened; there is nothing to destroy."))
    if EngagementKey.objects.select_for_update().get(pk=key.pk).destroyed is not None:
        raise Refused(_("This key is destroyed already; nothing more is needed."))
    refuse_too_early(course_at(door.promise.index, RowsLog.of(program)), today)
    return door


def _destroy(
    program: Program,
    key: EngagementKey,
    door: Door,
    asked: Sequence[DestructionAsked],
    now: datetime,
    *,
    beside: Sequence[str] = (),
    signer: Part | None = None,
) -> Entry:
    end_intake(intake=intake_of(program=program, door=door))
    kept = {one.seat.public_id: one.signed for one in asked}
    draft = _draft_of_destroying(door, sorted([*kept, *beside]), asked[0])
    (entry,) = append(program=program, drafts=[draft], now=now, kept=kept, signer=signer)
    _take_wraps(key, entry)
    ReachedCount.objects.filter(program=program, engagement=key.engagement).delete()
    return entry


def _take_wraps(key: EngagementKey, destroyed: Entry) -> None:
    """Take away our copies of a key; the database lets them go once the key names the entry that destroyed it."""
    EngagementKey.objects.filter(pk=key.pk, destroyed=None).update(destroyed=destroyed.index)
    Wrap.objects.filter(key=key).delete()
    PaperWrap.objects.filter(key=key).delete()


MOST_NOTES = 1_600_000  # bytes of the leads' sealed notes: what they heard of some hundreds of spoken voices
KEPT_NOTES = 5  # how many that one lead saved are kept


@transaction.atomic
def keep_notes(
    *, program: Program, promise: int, seat: Seat, sealed: bytes, revision: int, again: bool = False
) -> SealedNote:
    """Keep the leads' sealed notes on an engagement. `revision` is the one they were read at, 0 for the first.

    `again` puts them in the place of the lead's own last ones: a page that saves by itself saves often. The last ones that each lead saved stay, so that what one spoils the others have. Raises Refused where someone saved in between, Refused for what is not sealed.
    """
    if not sealed.startswith(AGE + b"X25519 ") or len(sealed) > MOST_NOTES:
        raise Refused(_("The notes are not sealed; save them from the reader, which seals them first."))
    ours = SealedNote.objects.filter(program=program, promise=promise)
    before = ours.select_for_update().order_by("-revision").first()
    if (before.revision if before else 0) != revision:
        raise Refused(_("Another lead saved notes in the meantime; load them, then save again."))
    new = {"program": program, "promise": promise, "seat": seat, "revision": revision + 1}
    kept = SealedNote.objects.create(**new, sealed=sealed)
    if again and before and before.seat_id == seat.pk:
        before.delete()
    old = ours.filter(seat=seat).order_by("-revision").values_list("pk", flat=True)[KEPT_NOTES:]
    ours.filter(pk__in=list(old)).delete()
    return kept


@transaction.atomic
def set_aside(*, program: Program, promise: int, seat: Seat, marks: Sequence[str], now: datetime) -> None:
    """Keep that a lead's reader could not open these voices. Once two leads of today say so of one, readers leave it out.

    The word of a seat that has no lead's weight yet is not kept.
    """
    today = local_date(now, pack_of(program))
    refuse_former(seat=seat, today=today)
    if new_until(program, seat_today(seat, today).public_id, today):
        return
    _forget_former_word(program, promise, today)
    for part in parts(marks, MOST_OPENED):
        voices = Voice.objects.filter(program=program, promise=promise, mark__in=part)
        said = [SetAside(voice_id=pk, seat=seat) for pk in voices.values_list("pk", flat=True)]
        SetAside.objects.bulk_create(said, ignore_conflicts=True)


def _forget_former_word(program: Program, promise: int, today: date) -> None:
    """Forget what one former lead alone set aside; what two leads did stays."""
    alone = SetAside.objects.filter(voice__program=program, voice__promise=promise).exclude(
        voice__in=left_out(program, promise)
    )
    said = Seat.objects.filter(pk__in=alone.values("seat")).select_related("cohort__program")
    alone.filter(seat__in=[one for one in said if not of_a_lead_today(one, today)]).delete()


@appends(EntryKind.VOICES_OPENED)
def propose_opened(
    *,
    program: Program,
    promise: int,
    seat: Seat,
    marks: Sequence[str],
    not_opened: int,
    signed: Mapping[str, Any] | None = None,
    now: datetime,
) -> OpenedList:
    """Propose the list of voices that were opened; a second lead must sign the same list. `signed` is what the lead's reader signed of it.

    Raises Refused where a mark is not on the record yet, or the list would tell of fewer than k people.
    """
    today = local_date(now, pack_of(program))
    made = OpenedList(
        program=program,
        promise=promise,
        seat=seat,
        marks=sorted(marks),
        not_opened=not_opened,
        proposed_on=today,
    )
    _refuse_unpublished(program, promise, made.marks)
    refuse_unless_second(program=program, seat=seat, step="opened", about="new", today=today)
    made.signed = _part_of_opened(made, seat, signed, now).wait()
    made.mark = mark_of(made)
    made.save()
    ask_second(program=program, step="opened", about=made.pk, seat=seat, today=today)
    return made


def _refuse_unpublished(program: Program, promise: int, marks: Sequence[str]) -> None:
    rows = RowsLog.of(program)
    told = rows.get(promise)
    if len(set(marks)) != len(marks) or not set(marks) <= set(published_marks(promise, rows)):
        raise Refused(_("Some of these voices are not on the public log yet; wait until their batch is out."))
    if told is None or len(marks) < told.data["k"]:
        raise Refused(_("So few voices would point at people; wait until more are on the public log."))


def _drafts_of_opened(one: OpenedList, by: Sequence[str]) -> list[Draft]:
    return [
        Draft(
            kind=EntryKind.VOICES_OPENED,
            by=list(by),
            data={"marks": part, "part": place},
            cites={"engagement": [one.promise]},
        )
        for place, part in enumerate(parts(one.marks, MOST_OPENED), start=1)
    ]


def _part_of_opened(one: OpenedList, seat: Seat, signed: Mapping[str, Any] | None, now: datetime) -> Part:
    """Give what a lead signs of a list of opened voices, whoever signs it beside them."""
    origin = one.program.origin
    about = hashlib.sha256("\n".join([str(one.promise), *one.marks]).encode()).hexdigest()
    with signed_in_readers(EntryKind.VOICES_OPENED, origin, about, signed):
        return sign_ahead(
            program=one.program,
            drafts=_drafts_of_opened(one, [seat.public_id]),
            nonce=nonce_about(EntryKind.VOICES_OPENED, origin, about),
            now=now,
        )


@appends(EntryKind.VOICES_OPENED)
@transaction.atomic
def sign_opened(
    *,
    program: Program,
    opened_list: OpenedList,
    seat: Seat,
    signed: Mapping[str, Any] | None = None,
    now: datetime,
) -> int:
    """Sign a proposed list as the second lead; it goes on the record under both seats. Give the entry of its first part."""
    if seat == opened_list.seat:
        raise Refused(_("You proposed this list; a second lead must sign it."))
    OpenedList.objects.select_for_update().get(pk=opened_list.pk)
    waits = next((one for one in waiting_lists(program, opened_list.promise) if one == opened_list), None)
    if waits is None:
        raise Refused(_("This list waits no longer. Load the page again."))
    today = local_date(now, pack_of(program))
    refuse_unless_second(program=program, seat=seat, step="opened", about=waits.pk, today=today)
    part = _part_of_opened(waits, seat, signed, now)
    kept = {waits.seat.public_id: waits.signed, seat.public_id: part.kept}
    drafts = _drafts_of_opened(waits, sorted(kept))
    entries = append(program=program, drafts=drafts, now=now, kept=kept, signer=part)
    second_came(program=program, step="opened", about=opened_list.pk)
    first = entries[0].index
    OpenedList.objects.filter(pk=opened_list.pk).update(second=seat, signed={}, mark="", entry=first)
    return first


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


@appends()
def destroyed_again(*, program: Program, entries: Sequence[Entry]) -> None:
    """Destroy again the keys that were destroyed since the backup: the one made last of each entry's engagement."""
    lines = LogEntry.objects.filter(log__program=program)
    for entry in entries:
        engagement = lines.get(index=entry.cites["engagement"][0]).subject
        made = lines.filter(kind=EntryKind.KEY_MADE, subject=engagement, index__lt=entry.index).order_by(
            "-index"
        )
        key = EngagementKey.objects.filter(program=program, entry__in=made.values("index")[:1]).first()
        if key is not None:
            _take_wraps(key, entry)


@appends()
def spend_challenge(*, challenge: str, now: datetime) -> bool:
    """Use up a challenge that was answered rightly; False where it was used before."""
    sha256 = hashlib.sha256(challenge.encode()).hexdigest()
    return use_up(key=sha256, today=now.astimezone(UTC).date())
