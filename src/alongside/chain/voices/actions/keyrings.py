"""Found and certify the leads' own keys."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from alongside.chain.voices.models import (
    CertificationRequest,
    LeadKey,
    Vouch,
)
from alongside.chain.voices.queries import (
    key_of_seat,
    keyring_of,
    rows_of,
)
from alongside.cohort.seats.actions.seconds import ask_second, refuse_unless_second, second_came
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.seats import acting
from alongside.core.clocks import local_date
from alongside.core.grammar import Entry
from alongside.core.grammar.shape import HEX64
from alongside.core.grammar.v1.cohort import FOUNDERS, first_key, founding, may_found
from alongside.core.sealing.keys import KeyTextError, recipient_bytes
from alongside.core.sealing.leads import is_signed, vouch_statement
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, append
from alongside.ground.record.declared import appends

AGE = b"age-encryption.org/v1\n-> "

MOST_KEYRING = 4_096  # bytes of a sealed keyring or of a wrapped key


class KeyRefusedError(ValueError):
    """A key, a signature or a wrap cannot be used; the message says the cure."""


@appends("key.founded")
@transaction.atomic
def offer_key(
    *, program: Program, seat: Seat, recipient: str, sign_key: str, keyring: bytes, now: datetime
) -> LeadKey | CertificationRequest:
    """Take a new keyring's public keys and its sealed file. The first waits for a second lead, to be compared; others wait for two leads.

    Raises KeyRefusedError where the keys or the file cannot be a keyring.
    """
    refuse_bad_key(recipient, sign_key)
    if not keyring.startswith(AGE + b"scrypt ") or len(keyring) > MOST_KEYRING:
        raise KeyRefusedError(_("The keyring is not sealed with a passphrase; make it in the reader."))
    asked = keyring_of(seat.pk)
    if asked and asked.recipient == recipient:
        return asked
    mine = {"seat": seat, "recipient": recipient, "sign_key": sign_key, "keyring": keyring}
    today = local_date(now, pack_of(program))
    if may_found(rows_of(program), seat.public_id, today):
        data = {"seat": seat.public_id, "recipient": recipient, "sign_key": sign_key}
        draft = Draft(kind="key.founded", by=[seat.public_id], data=data)
        entry = append(program=program, drafts=[draft], now=now)[0].index
        return LeadKey.objects.create(**mine, entry=entry)
    made = CertificationRequest.objects.create(**mine, asked_on=today)
    ask_second(program=program, step="vouch", about=made.pk, seat=seat, today=today)
    return made


def refuse_bad_key(recipient: str, sign_key: str) -> None:
    """Raise KeyRefusedError for what is no key, or a key that another seat has on the record."""
    try:
        recipient_bytes(recipient)
    except KeyTextError as error:
        raise KeyRefusedError(_("The key is not whole; make the keyring again.")) from error
    if not HEX64.match(sign_key):
        raise KeyRefusedError(_("The signing key is not 64 hexadecimal digits; make the keyring again."))
    taken = Q(recipient=recipient) | Q(sign_key=sign_key)
    if LeadKey.objects.filter(taken).exists():
        raise KeyRefusedError(_("This key is on the record already; make a new keyring."))


@appends("key.founded")
@transaction.atomic
def compare(*, program: Program, seat: Seat, signature: str, now: datetime) -> bool:
    """Keep that a lead whose key waits compared the first founding key in person and signed it; say whether the set is founded now.

    Raises KeyRefusedError where there is nothing to compare, or the signature is not the lead's own under vouch_statement.
    """
    first, own = first_key(rows_of(program)), keyring_of(seat.pk)
    if first is None or not isinstance(own, CertificationRequest):
        raise KeyRefusedError(_("There is no first key for you to compare. Load the reader again."))
    if not is_signed(own.sign_key, _statement(program, first.data), signature):
        raise KeyRefusedError(_("The signature is not yours; unlock your keyring and vouch again."))
    _keep_vouch(own, seat, signature, local_date(now, pack_of(program)))
    return _found(program, own, now) is not None


def _statement(program: Program, key: Mapping[str, Any]) -> bytes:
    named = {name: key[name] for name in ("seat", "recipient", "sign_key")}
    return vouch_statement(origin=program.origin, **named)


def _keep_vouch(request: CertificationRequest, seat: Seat, signature: str, today: date) -> None:
    Vouch.objects.update_or_create(
        request=request, seat=seat, defaults={"signature": signature, "vouched_on": today}
    )


def _found(program: Program, request: CertificationRequest, now: datetime) -> Entry | None:
    """Found the set with a waiting key, where its lead and the first founder signed each other's keys as they are now."""
    first = first_key(rows_of(program))
    own = {"seat": request.seat.public_id, "recipient": request.recipient, "sign_key": request.sign_key}
    signed = dict(request.vouches.values_list("seat__public_id", "signature"))
    for by, of in ((first.data, own), (own, first.data)) if first else ():
        if not is_signed(by["sign_key"], _statement(program, of), signed.get(by["seat"], "")):
            return None
    if first is None:
        return None
    certs = [{"seat": one, "signature": signed[one]} for one in sorted((first.data["seat"], own["seat"]))]
    draft = Draft(
        kind="key.founded", by=[own["seat"]], data={**own, "certs": certs}, cites={"key": [first.index]}
    )
    (entry,) = append(program=program, drafts=[draft], now=now)
    _put_in_force(program, request, entry)
    return entry


def _put_in_force(program: Program, request: CertificationRequest, entry: Entry) -> None:
    second_came(program=program, step="vouch", about=request.pk)
    LeadKey.objects.create(
        seat=request.seat,
        recipient=request.recipient,
        sign_key=request.sign_key,
        keyring=request.keyring,
        entry=entry.index,
    )


@appends("key.certified", "key.founded")
@transaction.atomic
def vouch(
    *, program: Program, request: CertificationRequest, seat: Seat, signature: str, now: datetime
) -> Entry | None:
    """Vouch that a waiting key is the key of its seat; give the entry once two leads did, None before.

    Raises KeyRefusedError where the voucher has no key on the record, vouches for itself, or the signature is not
    the voucher's own under core.sealing.leads.vouch_statement.
    """
    rows = rows_of(program)
    first = first_key(rows)
    if (first or not founding(rows)) and (first is None or first.data["seat"] != seat.public_id):
        raise KeyRefusedError(
            _("The leads’ keys are not founded yet. First the two founders compare their keys and sign them.")
        )
    own = key_of_seat(seat.public_id, program)
    theirs = {"seat": request.seat.public_id, "recipient": request.recipient, "sign_key": request.sign_key}
    statement = vouch_statement(origin=program.origin, **theirs)
    if own is None or seat.person_id == request.seat.person_id:
        raise KeyRefusedError(
            _("Only another lead whose key is on the record can vouch for this key; ask one of them.")
        )
    if not is_signed(own.sign_key, statement, signature):
        raise KeyRefusedError(_("The signature is not yours; unlock your keyring and vouch again."))
    if LeadKey.objects.filter(recipient=request.recipient).exists():
        raise KeyRefusedError(_("This key is on the record already; nothing more is needed."))
    today = local_date(now, pack_of(program))
    refuse_unless_second(program=program, seat=seat, step="vouch", about=request.pk, today=today)
    _keep_vouch(request, seat, signature, today)
    if first:
        return _found(program, request, now)
    return _certify(program, request, theirs, now)


def _certify(
    program: Program, request: CertificationRequest, key: dict[str, str], now: datetime
) -> Entry | None:
    vouches = list(request.vouches.exclude(seat=request.seat).select_related("seat").order_by("pk"))
    seats, today = [one.seat.public_id for one in vouches], local_date(now, pack_of(program))
    can = acting(program, seats, today, after_term=True)
    vouches = [one for one in vouches if one.seat.public_id in can]
    if len(vouches) < FOUNDERS:
        return None
    certs = [{"seat": one.seat.public_id, "signature": one.signature} for one in vouches]
    draft = Draft(kind="key.certified", by=[one["seat"] for one in certs], data={**key, "certs": certs})
    (entry,) = append(program=program, drafts=[draft], now=now)
    _put_in_force(program, request, entry)
    return entry
