"""Suspend a lead, with the ground on the record, and restore them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.management.base import CommandError

from alongside.cohort.seats.actions import restore_seat, suspend_seat
from alongside.cohort.seats.models import Seat
from alongside.site.operating import ProgramCommand, program_of

SEAT = {"help": "the seat's public id, as seat-1a2b3c4d"}


class Command(ProgramCommand):
    """What the operator does to a seat."""

    help = __doc__ or ""
    words = {
        "suspend": (
            "Stop a lead from acting.",
            {"seat": SEAT, "ground": {"help": "why; the record tells it"}},
        ),
        "restore": ("Let a suspended lead act again.", {"seat": SEAT}),
    }

    def do_suspend(self, options: Mapping[str, Any], now: datetime) -> str:
        """Suspend; the record tells seat and ground, never the name."""
        suspend_seat(seat=_seat(options), ground=options["ground"], now=now)
        return f"{options['seat']} is suspended. The record says so."

    def do_restore(self, options: Mapping[str, Any], now: datetime) -> str:
        """Restore; the record tells it."""
        restore_seat(seat=_seat(options), now=now)
        return f"{options['seat']} is restored. The record says so."


def _seat(options: Mapping[str, Any]) -> Seat:
    """Give the seat that the command names."""
    seat = Seat.objects.filter(cohort__program=program_of(options), public_id=options["seat"]).first()
    if seat is None:
        raise CommandError(f"There is no {options['seat']} in this program. The record lists the seats.")
    return seat
