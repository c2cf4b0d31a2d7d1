"""Make, test, share and destroy the key of an engagement."""

import hashlib
import os
from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.chain.voices.actions.counting import end_intake, intake_of
from alongside.chain.voices.actions.intake import LegalHoldError
from alongside.chain.voices.actions.keyrings import AGE, MOST_KEYRING, KeyRefusedError, refuse_bad_key
from alongside.chain.voices.models import (
    DestructionAsked,
    EngagementKey,
    KeyDestroyed,
    TestOpened,
    TestVoice,
    Wrap,
)
from alongside.chain.voices.queries import (
    Door,
    door_of,
    key_of_seat,
    rows_of,
    who_destroys,
)
from alongside.cohort.seats.actions.seconds import ask_second, refuse_unless_second, second_came
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.checking import (
    SECONDS,
    agreed_to,
    body_is_second,
    may_be_second,
    of_a_lead_today,
    seat_today,
    sits,
)
from alongside.core.clocks import local_date
from alongside.core.grammar import Entry
from alongside.core.grammar.course import course_at
from alongside.core.grammar.v1.engagements import DESTROYERS, refuse_too_early
from alongside.core.sealing.envelope import seal
from alongside.core.sealing.voice import pad
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, Text, append
from alongside.ground.record.declared import appends
from alongside.ground.record.queries import is_under_hold


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
    refuse_bad_key(recipient, "0" * 64)
    if door_of(program, engagement) is not None:
        raise KeyRefusedError(
            _("This engagement is promised with its key; share that key instead of making another.")
        )
    if seat.public_id not in wraps:
        raise KeyRefusedError(_("Lock the key to your own keyring too, so that you can test it."))
    data = {"engagement": engagement, "recipient": recipient, "wrapped_to": sorted(wraps)}
    draft = Draft(kind="key.made", by=[seat.public_id], data=data)
    entry = append(program=program, drafts=[draft], now=now)[0].index
    key = EngagementKey.objects.create(
        program=program, engagement=engagement, recipient=recipient, entry=entry
    )
    _keep_wraps(key, wraps, local_date(now, pack_of(program)), by=seat)
    start_test(key=key)
    return key


def _keep_wraps(key: EngagementKey, wraps: Mapping[str, bytes], today: date, *, by: Seat) -> None:
    """Add wraps; what another lead sealed stays, so that nobody can put nonsense in its place."""
    for public_id, sealed in wraps.items():
        if not sealed.startswith(AGE + b"X25519 ") or len(sealed) > MOST_KEYRING:
            raise KeyRefusedError(_("A wrapped key is not sealed to a lead's key; make it in the reader."))
        theirs = key_of_seat(public_id, key.program)
        stays = (
            theirs is None or of_a_lead_today(theirs.seat, today) or agreed_to(theirs.seat, SECONDS, today)
        )
        if not stays:
            words = _("Seat %(id)s is over. Lock the key to leads who sit today.")
            raise KeyRefusedError(words % {"id": public_id.removeprefix("seat-")})
        if theirs is None:
            words = _("Seat %(id)s has no certified key; two leads must certify it first.")
            raise KeyRefusedError(words % {"id": public_id.removeprefix("seat-")})
        mine = {"key": key, "seat": theirs.seat, "recipient": theirs.recipient, "by": by}
        if Wrap.objects.filter(**mine).exists():
            words = _(
                "You locked this key to seat %(id)s before, and that stays. Ask another lead to share it too."
            )
            raise KeyRefusedError(words % {"id": public_id.removeprefix("seat-")})
        Wrap.objects.create(**mine, sealed=sealed)


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
        raise KeyRefusedError(_("This is not what the test voice says; open it with the engagement's key."))
    today = local_date(now, pack_of(program))
    refuse_unless_second(program=program, seat=seat, step="test", about=key.entry, today=today)
    others = {one.seat.person_id for one in TestOpened.objects.filter(test=test).select_related("seat")}
    if others:
        second_came(program=program, step="test", about=key.entry)
    else:
        ask_second(program=program, step="test", about=key.entry, seat=seat, today=today)
    draft = Draft(kind="key.tested", by=[seat.public_id], cites={"key": [key.entry]})
    (entry,) = append(program=program, drafts=[draft], now=now)
    return TestOpened.objects.create(test=test, seat=seat, entry=entry.index)


@appends("key.shared")
@transaction.atomic
def share_engagement_key(
    *, program: Program, key: EngagementKey, seat: Seat, wraps: Mapping[str, bytes], now: datetime
) -> None:
    """Keep an engagement's key for more certified leads, sealed to them by a lead who holds it."""
    if KeyDestroyed.objects.filter(key=key).exists():
        raise KeyRefusedError(
            _("This key was destroyed, so it cannot be shared; nobody can read with it any more.")
        )
    today = local_date(now, pack_of(program))
    if not of_a_lead_today(seat, today):
        raise KeyRefusedError(_("Your seat is over. Ask a lead who sits today to share this key."))
    if not Wrap.objects.filter(key=key, seat=seat).exists():
        raise KeyRefusedError(_("Only a lead who holds this key can share it; ask one of them."))
    data = {"engagement": key.engagement, "recipient": key.recipient, "wrapped_to": sorted(wraps)}
    draft = Draft(kind="key.shared", by=[seat.public_id], data=data, cites={"key": [key.entry]})
    _keep_wraps(key, wraps, today, by=seat)
    append(program=program, drafts=[draft], now=now)


@appends("key.destroyed")
@transaction.atomic
def destroy_key(
    *, program: Program, key: EngagementKey, seat: Seat, ground: str, now: datetime, lang: str = "en"
) -> Entry | None:
    """Ask that our copies of an engagement's key be destroyed; once two people ask, they are. Give the entry then.

    A lead who signed in with the keyring of an earlier seat asks in the seat of today.
    Raises LegalHoldError while a legal hold is in force, GrammarError before the promised day, KeyRefusedError for who may not.
    """
    today = local_date(now, pack_of(program))
    seat = seat_today(seat, today)
    door = _door_to_close(program, key, today)
    may = who_destroys(key, today)
    is_second = not sits(seat, today) and may_be_second(program, seat, "destroy", str(key.entry), today)
    if seat not in may and not is_second:
        raise KeyRefusedError(_("Only a lead who holds this key can destroy it; ask one of them."))
    DestructionAsked.objects.get_or_create(
        key=key, seat=seat, defaults={"ground": ground, "lang": lang, "asked_on": today}
    )
    asked = [
        one
        for one in DestructionAsked.objects.filter(key=key).select_related("seat").order_by("pk")
        if one.seat in may or one.seat == seat
    ]
    by = {one.seat.person_id: one.seat.public_id for one in reversed(asked)}
    if len(by) < DESTROYERS:
        ask_second(program=program, step="destroy", about=key.entry, seat=seat, today=today)
        return None
    second_came(program=program, step="destroy", about=key.entry)
    return _destroy(program, key, door, sorted(by.values()), asked[0], now)


@appends("key.destroyed")
@transaction.atomic
def destroy_key_as_body(*, program: Program, key: EngagementKey, body: str, now: datetime) -> Entry:
    """Destroy our copies of an engagement's key as the community body, second to a lead of today who asked first.

    Raises as `destroy_key`; KeyRefusedError also while leads who hold the key can be the second.
    """
    today = local_date(now, pack_of(program))
    door = _door_to_close(program, key, today)
    may = who_destroys(key, today)
    asked = DestructionAsked.objects.filter(key=key).select_related("seat").order_by("pk")
    first = next((one for one in asked if one.seat in may), None)
    if first is None or not body_is_second(program, body, "destroy", str(key.entry), today):
        raise KeyRefusedError(_("This key does not wait for the community body; leads destroy it."))
    second_came(program=program, step="destroy", about=key.entry)
    return _destroy(program, key, door, sorted([first.seat.public_id, body]), first, now)


def _door_to_close(program: Program, key: EngagementKey, today: date) -> Door:
    """Give the door of an engagement whose key can be destroyed today; hold its key against others. Raises why not."""
    if is_under_hold(program):
        raise LegalHoldError(
            _("A court or an audit has asked that nothing be deleted for now. Try again later.")
        )
    door = door_of(program, key.engagement)
    if door is None:
        raise KeyRefusedError(_("This engagement was never opened; there is nothing to destroy."))
    EngagementKey.objects.select_for_update().get(pk=key.pk)
    if KeyDestroyed.objects.filter(key=key).exists():
        raise KeyRefusedError(_("This key is destroyed already; nothing more is needed."))
    refuse_too_early(course_at(door.promise.index, rows_of(program)), today)
    return door


def _destroy(
    program: Program, key: EngagementKey, door: Door, by: list[str], asked: DestructionAsked, now: datetime
) -> Entry:
    end_intake(intake=intake_of(program=program, door=door))
    cites = {"engagement": [door.promise.index]}
    texts = {"ground": Text(asked.lang, asked.ground)}
    draft = Draft(kind="key.destroyed", by=by, cites=cites, texts=texts)
    (entry,) = append(program=program, drafts=[draft], now=now)
    KeyDestroyed.objects.create(key=key, entry=entry.index)
    Wrap.objects.filter(key=key).delete()
    return entry
