"""Read the leads' keys and the keys of engagements."""

import json
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from alongside.chain.voices.models import (
    CertificationRequest,
    DestructionAsked,
    EngagementKey,
    LeadKey,
    Wrap,
)
from alongside.chain.voices.queries.doors import rows_of
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.checking import SECONDS, destroyers, former_leads, of_a_lead_today, sits
from alongside.cohort.seats.queries.seats import acting, not_removed, sitting, with_standing
from alongside.core.grammar.v1.cohort import first_key, founding
from alongside.ground.gate import Asker
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Line


def key_of_seat(seat: str, program: Program) -> LeadKey | None:
    """Give the key in force of a seat, by its public id, or None."""
    keys = LeadKey.objects.filter(seat__public_id=seat, seat__cohort__program=program)
    return keys.select_related("seat").order_by("-entry").first()


def signs_in_with(seat: str, program: Program) -> LeadKey | CertificationRequest | None:
    """Give the key with which a seat signs in: the one on the record; before the set is founded also one that waits."""
    own = key_of_seat(seat, program)
    rows = rows_of(program)
    if own or (founding(rows) and not first_key(rows)):
        return own
    return (
        CertificationRequest.objects.filter(seat__public_id=seat, seat__cohort__program=program)
        .order_by("-pk")
        .first()
    )


def keys_in_force(program: Program) -> list[LeadKey]:
    """List the keys in force, one a seat, in the order in which they came on the record."""
    keys = LeadKey.objects.filter(seat__cohort__program=program).order_by("entry")
    keys = keys.select_related("seat__cohort__program", "seat__end")
    return list({key.seat_id: key for key in keys}.values())


def key_entries(program: Program) -> list[dict[str, Any]]:
    """List the entries that found or certify keys, as the reader checks them itself: index and the entry's JSON."""
    kinds = ("key.founded", "key.certified")
    lines = Line.objects.filter(log__program=program, kind__in=kinds).order_by("index")
    return [{"index": line.index, **json.loads(bytes(line.raw))} for line in lines]


def waiting_requests(program: Program) -> list[CertificationRequest]:
    """List the keyrings that wait for two leads, with who vouched so far."""
    taken = LeadKey.objects.filter(seat__cohort__program=program).values("recipient")
    requests = CertificationRequest.objects.filter(seat__cohort__program=program).exclude(recipient__in=taken)
    return list(requests.select_related("seat").prefetch_related("vouches__seat").order_by("pk"))


def keyring_of(seat_id: int) -> LeadKey | CertificationRequest | None:
    """Give the newest keyring a seat made: the one in force, or one that still waits; None where there is none."""
    key = LeadKey.objects.filter(seat=seat_id).order_by("-entry").first()
    asked = CertificationRequest.objects.filter(seat=seat_id).order_by("-pk").first()
    if asked and not LeadKey.objects.filter(recipient=asked.recipient).exists():
        return key or asked
    return key


def keyrings_today(program: Program, asker: Asker, today: date) -> list[tuple[Seat, bytes]]:
    """List the seats of a lead, the newest first, each with the sealed file of its keyring: also of earlier terms."""
    seats = Seat.objects.filter(cohort__program=program, person=asker.person_id or 0)
    found = seats.select_related("cohort__program", "end").order_by("-pk")
    made = [(one, keyring_of(one.pk)) for one in found if of_a_lead_today(one, today)]
    return [(seat, bytes(held.keyring)) for seat, held in made if held]


def may_hold_keys(program: Program, today: date) -> list[str]:
    """List the seats to whose certified key one locks today: of leads who sit, and of former ones who agreed.

    Of a lead who sits again it is the key of an earlier seat until their new one is certified.
    """
    keyed = [key.seat for key in keys_in_force(program)]
    here = {one.person_id for one in keyed if sits(one, today)}
    agreed = {one.pk for one in former_leads(program, SECONDS, today)}
    again = {
        one.person_id: one.pk for one in keyed if one.person_id not in here and of_a_lead_today(one, today)
    }
    able = agreed | set(again.values())
    return sorted(one.public_id for one in keyed if sits(one, today) or one.pk in able)


def engagement_key(program: Program, engagement: str) -> EngagementKey | None:
    """Give the key of an engagement made last, or None."""
    keys = EngagementKey.objects.filter(program=program, engagement=engagement)
    return keys.select_related("program").order_by("-pk").first()


def keys_that_leave(program: Program, seat: Seat) -> list[str]:
    """Name the engagements whose key a lead holds, and nobody who has a seat for longer than theirs. One query.

    Each lead holds what is locked to any seat of theirs that was not removed, and goes on where they serve again.
    """
    seats = Seat.objects.filter(cohort__program=program)
    longer = seats.filter(Q(end=None) | Q(end__left_on__gt=seat.until_date), until_date__gt=seat.until_date)
    opens = Wrap.objects.filter(key=OuterRef("pk"), seat__in=seats.filter(not_removed()))
    held = EngagementKey.objects.filter(program=program, destroyed=None).order_by("pk")
    leaves = held.filter(
        Exists(opens.filter(seat__person=seat.person_id)),
        ~Exists(opens.filter(seat__person__in=longer.values("person"))),
    )
    return list(leaves.values_list("engagement", flat=True))


def wraps_for(key: EngagementKey, seat: str) -> list[Wrap]:
    """List an engagement's key as it is sealed to a seat: to the seat's key in force where any is, the last sealed first."""
    wraps = list(Wrap.objects.filter(key=key, seat__public_id=seat).order_by("-pk"))
    own = key_of_seat(seat, key.program)
    return [one for one in wraps if own and one.recipient == own.recipient] or wraps


def who_destroys(key: EngagementKey, today: date) -> list[Seat]:
    """List who may ask today that a key be destroyed: leads who sit and hold it; where none does, any lead who sits."""
    program = key.program
    seated = {
        one.public_id: one
        for one in Seat.objects.filter(sitting(today), cohort__program=program).select_related("person")
    }
    weigh = with_standing(program, today)
    able = [seated[one] for one in acting(program, list(seated), today) if one in weigh]
    held = set(Wrap.objects.filter(key=key).values_list("seat__public_id", flat=True))
    return destroyers(able, held) or able


def destruction_asked(key: EngagementKey) -> DestructionAsked | None:
    """Give who asked first that a key be destroyed, where it waits for a second lead."""
    asked = DestructionAsked.objects.filter(key=key, key__destroyed=None)
    return asked.select_related("seat").order_by("pk").first()
