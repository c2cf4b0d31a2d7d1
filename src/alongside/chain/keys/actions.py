"""Make, vouch for, test, share and destroy the keys of leads and of engagements."""

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from alongside.chain.keys.models import (
    DestructionAsked,
    Device,
    EngagementKey,
    LeadKey,
    PaperWrap,
    Vouch,
    Wrap,
)
from alongside.chain.keys.queries import (
    key_of_seat,
    keyring_of,
    signs_in_with,
    tests_of,
    vouches_that_stand,
    who_asked,
    who_destroys,
)
from alongside.chain.voices.actions import end_intake, intake_of
from alongside.chain.voices.models import ReachedCount
from alongside.chain.voices.queries import Door, door_of
from alongside.cohort.seats.actions import ask_second, refuse_unless_second, second_came
from alongside.cohort.seats.models import SECONDS, Seat
from alongside.cohort.seats.queries.seats import acting, of_a_lead_today, seat_today, sits
from alongside.cohort.seats.queries.seconds import agreed_to, body_is_second, may_be_second
from alongside.core.clocks import local_date
from alongside.core.entries import Entry
from alongside.core.grammar.engagements import DESTROYERS, refuse_too_early
from alongside.core.grammar.keys import FOUNDERS, first_key, founding, last_key, may_found
from alongside.core.grammar.shape import HEX64
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Refused
from alongside.core.sealing.bech32 import KeyTextError
from alongside.core.sealing.envelope import seal
from alongside.core.sealing.keys import recipient_bytes
from alongside.core.sealing.leads import is_signed, vouch_statement
from alongside.core.sealing.voice import pad
from alongside.core.workflow.engagements import course_at
from alongside.ground.gate.presses import mark_of
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.entries import Draft, Text, append, sign_ahead
from alongside.ground.record.acts import Part, nonce_about, signed_in_readers
from alongside.ground.record.declared import appends
from alongside.ground.record.models import LogEntry
from alongside.ground.record.rows import RowsLog
from alongside.ground.texts.actions import refuse_under_hold
from alongside.ground.ui.leads import place_in_words

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
            raise Refused(words % {"id": place_in_words(public_id)})
        if theirs is None:
            words = _("Place %(id)s has no key that counts. Two leads must vouch for it first.")
            raise Refused(words % {"id": place_in_words(public_id)})
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
