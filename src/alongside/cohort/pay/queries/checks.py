"""Find on the record the check of a delivery that work after the term rests on."""

from datetime import date

from alongside.cohort.seats.models import Seat
from alongside.core.grammar import Entry
from alongside.ground.record.models import Log
from alongside.ground.record.rows import RowsLog

CHECKS = ("delivery.verified", "delivery.disputed")


def check_by(seat: Seat, on: date) -> Entry | None:
    """Give the check that this person helped to write and for which they worked on a day, or None.

    Nobody looks before the city said that it is done, and the record has a check when a second lead has looked: so the
    day lies between the two. The first such check counts.
    """
    program = seat.cohort.program_id
    own = set(
        Seat.objects.filter(person=seat.person_id, cohort__program=program).values_list(
            "public_id", flat=True
        )
    )
    log = RowsLog(Log.objects.get(program=program))
    for entry in sorted((one for kind in CHECKS for one in log.every(kind)), key=lambda one: one.index):
        claimed = log.get(entry.cites["claim"][0])
        if own.intersection(entry.seats) and claimed and claimed.date <= on <= entry.date:
            return entry
    return None
