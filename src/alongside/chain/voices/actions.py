"""Take voices in, give them back, publish their marks; make, certify, test, share and destroy the leads' keys."""

import dataclasses
import hashlib
import os
import shutil
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from alongside.chain.voices.models import (
    Batch,
    BatchMark,
    BatchPublished,
    CertificationRequest,
    EngagementKey,
    Intake,
    KeyDestroyed,
    LeadKey,
    OpenedList,
    OpenedSigned,
    Refusal,
    SealedNote,
    TestOpened,
    TestVoice,
    Voice,
    Vouch,
    Withdrawal,
    Wrap,
)
from alongside.chain.voices.queries import (
    Door,
    door_of,
    holds_in_force,
    key_of_seat,
    keyring_of,
    last_batches,
    open_doors,
    pending_marks,
    rows_of,
    unbatched_marks,
)
from alongside.cohort.seats.models import Seat
from alongside.core.clocks import local_date
from alongside.core.disclosure import Batches, band, closed_batch, plan_batches
from alongside.core.grammar import Entry
from alongside.core.grammar.shape import HEX64
from alongside.core.grammar.v1.cohort import FOUNDERS
from alongside.core.policy import Pack
from alongside.core.sealing.envelope import SealedError, check_sealed, seal
from alongside.core.sealing.keys import KeyTextError, recipient_bytes
from alongside.core.sealing.leads import is_signed, opened_statement, vouch_statement
from alongside.core.sealing.receipt import act_hash
from alongside.core.sealing.voice import pad
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, append
from alongside.ground.record.declared import appends

AGE = b"age-encryption.org/v1\n-> "
MOST_KEYRING = 4_096  # bytes of a sealed keyring or of a wrapped key
MOST_NOTES = 400_000  # bytes of the leads' sealed notes
MARKS_A_PART = 900
OPENED_A_PART = 800
MEGABYTE = 1024 * 1024


class NotTakenInError(ValueError):
    """A voice was not taken in; the message is for the person who speaks. `reason` is what is counted."""

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)


class LegalHoldError(ValueError):
    """A legal hold is in force: nothing is erased and no key destroyed."""


class KeyRefusedError(ValueError):
    """A key, a signature or a wrap cannot be used; the message says the cure."""


class StaleNotesError(ValueError):
    """Someone else saved the notes in between."""


class OpenedListError(ValueError):
    """A list of opened voices cannot go on the record; the message says the cure."""


def take_in(
    *,
    program: Program,
    engagement: str,
    mark: str,
    act: str,
    sealed: bytes,
    now: datetime,
    pack: Pack | None = None,
) -> None:
    """Take in one sealed voice: its seal mark and act hash (64 hex digits each) and the age file.

    The same voice sent again is taken in once and raises nothing. `pack` spares a query where the caller has the
    program's pack in force. Raises NotTakenInError where the engagement is not
    open, is full, has no room, or where this is not one sealed voice. Nothing about the sender comes here.
    """
    door = door_of(program, engagement)
    if door is None:
        raise NotTakenInError("unknown", _("There is no open engagement here. Check the address."))
    today = local_date(now, pack or pack_of(program))
    _refuse_shut(door, today)
    bucket = _refuse_unsealed(mark, act, sealed)
    _refuse_without_room()
    with transaction.atomic():
        if _is_here_already(program, mark, act, sealed):
            return
        _count_in(program, door)
        Voice.objects.create(
            program=program,
            engagement=engagement,
            promise=door.promise.index,
            sealed=sealed,
            mark=mark,
            act_hash=act,
            bucket=bucket,
            date=today,
        )


def _refuse_shut(door: Door, today: date) -> None:
    if door.is_closed or today > door.closes:
        raise NotTakenInError("closed", _("This engagement is closed and takes in no more voices."))
    if door.is_paused:
        raise NotTakenInError(
            "paused", _("This engagement is paused. Keep this page open and try again later.")
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


def _is_here_already(program: Program, mark: str, act: str, sealed: bytes) -> bool:
    """Say whether this very voice was taken in before; refuse another voice under the same receipt."""
    before = Voice.objects.filter(Q(mark=mark) | Q(act_hash=act)).first()
    ours = (program.pk, mark, act, sealed)
    if before and (before.program_id, before.mark, before.act_hash, bytes(before.sealed)) == ours:
        return True
    if before is not None or Withdrawal.objects.filter(Q(mark=mark) | Q(act_hash=act)).exists():
        message = _("This receipt was used before. Reload the page to get a new one, then send it again.")
        raise NotTakenInError("used", message)
    return False


def _count_in(program: Program, door: Door) -> None:
    """Count one more voice, or refuse it above the cap."""
    ours = {"program": program, "promise": door.promise.index}
    room = Intake.objects.filter(**ours, taken__lt=door.promise.data["cap"])
    if room.update(taken=F("taken") + 1):
        return
    Intake.objects.get_or_create(**ours, defaults={"engagement": door.promise.data["engagement"]})
    if not room.update(taken=F("taken") + 1):
        raise NotTakenInError("full", _("This engagement has taken in as many voices as the leads can read."))


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
        if holds_in_force(program):
            raise LegalHoldError(
                _("A court or an audit has asked that nothing be deleted for now. Try again later.")
            )
        Withdrawal.objects.create(
            program=program, promise=voice.promise, mark=voice.mark, act_hash=hashed, date=today
        )
        voice.delete()
    return True


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
    intake, _new = Intake.objects.select_for_update().get_or_create(
        program=program,
        promise=door.promise.index,
        defaults={"engagement": door.promise.data["engagement"]},
    )
    pack = dataclasses.replace(pack, k=door.promise.data["k"])
    last, held = last_batches(intake)
    pending = pending_marks(intake, last.until if last else None, today)
    if today > door.closes:
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
        for place, part in enumerate(_parts(marks, MARKS_A_PART), start=1)
    ]
    entries = append(program=program, drafts=drafts, now=now)
    BatchPublished.objects.create(batch=batch, entry=entries[0].index)
    return len(entries)


def _parts(marks: Sequence[str], size: int) -> list[list[str]]:
    return [list(marks[start : start + size]) for start in range(0, len(marks), size)]


def _close(
    program: Program, intake: Intake, held: Batch | None, pending: list[str], pack: Pack, now: datetime
) -> int:
    """Let the rest out as one batch and end the intake, with counts in bands; below k only that is said."""
    kept = list(held.marks.values_list("mark", flat=True)) if held else []
    told = 0
    if closed_batch(pending, kept, pack):
        last = held or _make_batch(intake, (), local_date(now, pack))
        BatchMark.objects.bulk_create(BatchMark(batch=last, mark=mark) for mark in pending)
        told = _publish(program, intake, last, now)
    withdrawn = Withdrawal.objects.filter(program=program, promise=intake.promise).count()
    data = {
        "voices": band(intake.taken - withdrawn, pack).as_data(),
        "withdrawn": band(withdrawn, pack).as_data(),
    }
    draft = Draft(kind="voices.closed", by=["clock"], data=data, cites={"engagement": [intake.promise]})
    append(program=program, drafts=[draft], now=now)
    return told + 1


@appends("key.founded")
@transaction.atomic
def offer_key(
    *, program: Program, seat: Seat, recipient: str, sign_key: str, keyring: bytes, now: datetime
) -> LeadKey | CertificationRequest:
    """Take a new keyring's public keys and its sealed file. The first two found the set; later ones wait for two leads.

    Raises KeyRefusedError where the keys or the file cannot be a keyring.
    """
    _refuse_bad_key(recipient, sign_key)
    if not keyring.startswith(AGE + b"scrypt ") or len(keyring) > MOST_KEYRING:
        raise KeyRefusedError("The keyring is not sealed with a passphrase; make it in the reader.")
    asked = keyring_of(seat.pk)
    if asked and asked.recipient == recipient:
        return asked
    mine = {"seat": seat, "recipient": recipient, "sign_key": sign_key, "keyring": keyring}
    if len(rows_of(program).every("key.founded")) < FOUNDERS and asked is None:
        data = {"seat": seat.public_id, "recipient": recipient, "sign_key": sign_key}
        draft = Draft(kind="key.founded", by=[seat.public_id], data=data)
        entry = append(program=program, drafts=[draft], now=now)[0].index
        return LeadKey.objects.create(**mine, entry=entry)
    today = local_date(now, pack_of(program))
    return CertificationRequest.objects.create(**mine, asked_on=today)


def _refuse_bad_key(recipient: str, sign_key: str) -> None:
    try:
        recipient_bytes(recipient)
    except KeyTextError as error:
        raise KeyRefusedError(str(error)) from error
    if not HEX64.match(sign_key):
        raise KeyRefusedError("The signing key is not 64 hexadecimal digits; make the keyring again.")
    taken = Q(recipient=recipient) | Q(sign_key=sign_key)
    if LeadKey.objects.filter(taken).exists():
        raise KeyRefusedError("This key is on the record already; make a new keyring.")


@appends("key.certified")
@transaction.atomic
def vouch(
    *, program: Program, request: CertificationRequest, seat: Seat, signature: str, now: datetime
) -> Entry | None:
    """Vouch that a waiting key is the key of its seat; give the entry once two leads did, None before.

    Raises KeyRefusedError where the voucher has no key on the record, vouches for itself, or the signature is not
    the voucher's own under core.sealing.leads.vouch_statement.
    """
    own = key_of_seat(seat.public_id, program)
    theirs = {"seat": request.seat.public_id, "recipient": request.recipient, "sign_key": request.sign_key}
    statement = vouch_statement(origin=program.origin, **theirs)
    if own is None or seat == request.seat:
        raise KeyRefusedError("Only another lead whose key is on the record can vouch for this key.")
    if not is_signed(own.sign_key, statement, signature):
        raise KeyRefusedError("The signature is not yours; unlock your keyring and vouch again.")
    if LeadKey.objects.filter(recipient=request.recipient).exists():
        raise KeyRefusedError("This key is on the record already; nothing more is needed.")
    today = local_date(now, pack_of(program))
    Vouch.objects.update_or_create(
        request=request, seat=seat, defaults={"signature": signature, "vouched_on": today}
    )
    return _certify(program, request, theirs, now)


def _certify(
    program: Program, request: CertificationRequest, key: dict[str, str], now: datetime
) -> Entry | None:
    vouches = list(request.vouches.select_related("seat").order_by("pk"))
    if len(vouches) < FOUNDERS:
        return None
    certs = [{"seat": one.seat.public_id, "signature": one.signature} for one in vouches]
    draft = Draft(kind="key.certified", by=[one["seat"] for one in certs], data={**key, "certs": certs})
    (entry,) = append(program=program, drafts=[draft], now=now)
    LeadKey.objects.create(
        seat=request.seat,
        recipient=request.recipient,
        sign_key=request.sign_key,
        keyring=request.keyring,
        entry=entry.index,
    )
    return entry


@appends("key.made")
@transaction.atomic
def make_engagement_key(
    *,
    program: Program,
    engagement: str,
    seat: Seat,
    recipient: str,
    wraps: Mapping[str, bytes],
    now: datetime,
) -> EngagementKey:
    """Keep a key that a lead made in the reader, sealed (age files by seat id) to certified leads only.

    Two leads at least, the maker among them, so that two can test it. Seals the test voice to it.
    Raises KeyRefusedError for anything else, GrammarError for a seat without a certified key.
    """
    _refuse_bad_key(recipient, "0" * 64)
    if door_of(program, engagement) is not None:
        raise KeyRefusedError(
            "This engagement is promised with its key; share that key instead of making another."
        )
    if seat.public_id not in wraps:
        raise KeyRefusedError("Lock the key to your own keyring too, so that you can test it.")
    data = {"engagement": engagement, "recipient": recipient, "wrapped_to": sorted(wraps)}
    draft = Draft(kind="key.made", by=[seat.public_id], data=data)
    entry = append(program=program, drafts=[draft], now=now)[0].index
    key = EngagementKey.objects.create(
        program=program, engagement=engagement, recipient=recipient, entry=entry
    )
    _keep_wraps(key, wraps)
    start_test(key=key)
    return key


def _keep_wraps(key: EngagementKey, wraps: Mapping[str, bytes]) -> None:
    for public_id, sealed in wraps.items():
        if not sealed.startswith(AGE + b"X25519 ") or len(sealed) > MOST_KEYRING:
            raise KeyRefusedError("A wrapped key is not sealed to a lead's key; make it in the reader.")
        theirs = key_of_seat(public_id, key.program)
        if theirs is None:
            raise KeyRefusedError(f"{public_id} has no certified key; two leads must certify it first.")
        Wrap.objects.update_or_create(key=key, seat=theirs.seat, defaults={"sealed": sealed})


def start_test(*, key: EngagementKey) -> TestVoice:
    """Seal a nonce to a key, as a voice would be; the nonce is not kept, only its hash."""
    nonce = os.urandom(32).hex()
    sealed = seal(pad(nonce.encode()), key.recipient)
    hashed = hashlib.sha256(nonce.encode()).hexdigest()
    test, _new = TestVoice.objects.get_or_create(key=key, defaults={"sealed": sealed, "nonce_hash": hashed})
    return test


@appends("key.tested")
@transaction.atomic
def confirm_test(
    *, program: Program, key: EngagementKey, seat: Seat, nonce: str, now: datetime
) -> TestOpened:
    """Note on the record that a lead opened the test voice; only the right nonce shows it."""
    test = TestVoice.objects.get(key=key)
    before = TestOpened.objects.filter(test=test, seat=seat).first()
    if before is not None:
        return before
    if hashlib.sha256(nonce.encode()).hexdigest() != test.nonce_hash:
        raise KeyRefusedError("This is not what the test voice says; open it with the engagement's key.")
    draft = Draft(kind="key.tested", by=[seat.public_id], cites={"key": [key.entry]})
    (entry,) = append(program=program, drafts=[draft], now=now)
    return TestOpened.objects.create(test=test, seat=seat, entry=entry.index)


@appends("key.shared")
@transaction.atomic
def share_engagement_key(
    *, program: Program, key: EngagementKey, seat: Seat, wraps: Mapping[str, bytes], now: datetime
) -> None:
    """Keep an engagement's key for more certified leads, sealed to them by a lead who holds it."""
    if not Wrap.objects.filter(key=key, seat=seat).exists():
        raise KeyRefusedError("Only a lead who holds this key can share it; ask one of them.")
    if KeyDestroyed.objects.filter(key=key).exists():
        raise KeyRefusedError("This key was destroyed; it cannot be shared.")
    data = {"engagement": key.engagement, "recipient": key.recipient, "wrapped_to": sorted(wraps)}
    draft = Draft(kind="key.shared", by=[seat.public_id], data=data, cites={"key": [key.entry]})
    _keep_wraps(key, wraps)
    append(program=program, drafts=[draft], now=now)


@appends("key.destroyed")
@transaction.atomic
def destroy_key(*, program: Program, key: EngagementKey, seat: Seat, ground: str, now: datetime) -> None:
    """Destroy our copies of an engagement's key: what is still sealed can never be read.

    Raises LegalHoldError while a legal hold is in force.
    """
    if holds_in_force(program):
        raise LegalHoldError(
            _("A court or an audit has asked that nothing be deleted for now. Try again later.")
        )
    door = door_of(program, key.engagement)
    if door is None:
        raise KeyRefusedError("This engagement was never opened; there is nothing to destroy.")
    Wrap.objects.filter(key=key).delete()
    draft = Draft(
        kind="key.destroyed",
        by=[seat.public_id],
        data={"ground": ground},
        cites={"engagement": [door.promise.index]},
    )
    (entry,) = append(program=program, drafts=[draft], now=now)
    KeyDestroyed.objects.create(key=key, entry=entry.index)


@transaction.atomic
def keep_notes(*, program: Program, promise: int, sealed: bytes, revision: int) -> SealedNote:
    """Keep the leads' sealed notes on an engagement. `revision` is the one they were read at, 0 for the first.

    Raises StaleNotesError where someone saved in between, KeyRefusedError for what is not sealed.
    """
    if not sealed.startswith(AGE + b"X25519 ") or len(sealed) > MOST_NOTES:
        raise KeyRefusedError("The notes are not sealed; save them from the reader, which seals them first.")
    ours = SealedNote.objects.select_for_update().filter(program=program, promise=promise)
    before = ours.first()
    if (before.revision if before else 0) != revision:
        raise StaleNotesError("Another lead saved notes in the meantime; load them, then save again.")
    if before is None:
        return SealedNote.objects.create(program=program, promise=promise, sealed=sealed)
    ours.update(sealed=sealed, revision=F("revision") + 1)
    before.refresh_from_db()
    return before


def propose_opened(
    *,
    program: Program,
    promise: int,
    seat: Seat,
    marks: Sequence[str],
    not_opened: int,
    signature: str,
    now: datetime,
) -> OpenedList:
    """Propose the list of voices that were opened, signed; a second lead must sign the same list.

    Raises OpenedListError where a mark is not on the record yet, or the list would tell of fewer than k people.
    """
    marks = sorted(marks)
    _refuse_unpublished(program, promise, marks)
    _refuse_unsigned(program, promise, seat, marks, not_opened, signature)
    today = local_date(now, pack_of(program))
    return OpenedList.objects.create(
        program=program,
        promise=promise,
        seat=seat,
        marks=marks,
        not_opened=not_opened,
        signature=signature,
        proposed_on=today,
    )


def _refuse_unpublished(program: Program, promise: int, marks: Sequence[str]) -> None:
    rows = rows_of(program)
    told = rows.get(promise)
    published = {mark for entry in rows.citing(promise, "voices.published") for mark in entry.data["marks"]}
    if len(set(marks)) != len(marks) or not set(marks) <= published:
        raise OpenedListError(
            "Some of these voices are not on the record yet; wait until their batch is out."
        )
    if told is None or len(marks) < told.data["k"]:
        raise OpenedListError("So few voices would point at people; wait until more are on the record.")


def _refuse_unsigned(
    program: Program, promise: int, seat: Seat, marks: Sequence[str], not_opened: int, signature: str
) -> None:
    key = key_of_seat(seat.public_id, program)
    statement = opened_statement(origin=program.origin, promise=promise, marks=marks, not_opened=not_opened)
    if key is None or not is_signed(key.sign_key, statement, signature):
        raise OpenedListError("The signature is not yours; unlock your keyring and sign again.")


@appends("voices.opened")
@transaction.atomic
def sign_opened(
    *, program: Program, opened_list: OpenedList, seat: Seat, signature: str, now: datetime
) -> OpenedSigned:
    """Sign a proposed list as the second lead; it goes on the record under both seats."""
    if seat == opened_list.seat:
        raise OpenedListError("You proposed this list; a second lead must sign it.")
    promise, marks = opened_list.promise, opened_list.marks
    _refuse_unsigned(program, promise, seat, marks, opened_list.not_opened, signature)
    pack = pack_of(program)
    by = sorted({opened_list.seat.public_id, seat.public_id})
    drafts = [
        Draft(
            kind="voices.opened",
            by=by,
            data={"marks": part, "part": place, "not_opened": band(opened_list.not_opened, pack).as_data()},
            cites={"engagement": [promise]},
        )
        for place, part in enumerate(_parts(marks, OPENED_A_PART), start=1)
    ]
    entries = append(program=program, drafts=drafts, now=now)
    return OpenedSigned.objects.create(
        opened_list=opened_list, seat=seat, signature=signature, entry=entries[0].index
    )
