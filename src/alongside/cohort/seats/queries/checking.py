"""Say who may still check a delivery when their term is over: by consent, and only what their cohort or the one before was promised."""

from datetime import date

from alongside.cohort.seats.models import Cohort, InReach, Seat
from alongside.core.grammar.v1.cohort import is_removed
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import is_steward, posts_of
from alongside.ground.record.models import Log
from alongside.ground.record.rows import RowsLog

CHECKS = "checks"


def sits(seat: Seat, today: date) -> bool:
    """Say whether a seat is taken on a day."""
    end = getattr(seat, "end", None)
    return seat.from_date <= today <= seat.until_date and (end is None or end.left_on > today)


def agreed_to_check(seat: Seat, today: date) -> bool:
    """Say whether someone who sat here agreed to check, was not removed, and serves neither a unit nor the program now.

    Five queries at most.
    """
    program = seat.cohort.program
    agreed = InReach.objects.filter(person=seat.person_id, program=program, list=CHECKS, until__gte=today)
    if not agreed.exists() or posts_of(seat.person_id, program, today):
        return False
    rows = RowsLog(Log.objects.get(program=program))
    return not is_steward(seat.person_id, program, today) and not is_removed(rows, seat.public_id)


def former_checkers(program: Program, today: date) -> list[Seat]:
    """List the last seats of those who agreed to check when their term was over. A query, and six a person at most."""
    agreed = InReach.objects.filter(program=program, list=CHECKS, until__gte=today)
    seats = Seat.objects.filter(cohort__program=program, person__in=agreed.values("person"))
    last = {
        one.person_id: one
        for one in seats.select_related("cohort__program", "end", "person", "paid_by").order_by("pk")
    }
    return [one for one in last.values() if not sits(one, today) and agreed_to_check(one, today)]


def promised_between(seat: Seat) -> tuple[date, date]:
    """Give the days of the promises that a seat's cohort checks, also after its term: its own, and those of the one before.

    From the first day of the cohort before (or its own) until, not with, the first day of the one after. One query.
    """
    cohorts = list(Cohort.objects.filter(program=seat.cohort.program_id).order_by("from_date", "pk"))
    place = next(at for at, one in enumerate(cohorts) if one.pk == seat.cohort_id)
    after = cohorts[place + 1].from_date if place + 1 < len(cohorts) else date.max
    return cohorts[max(0, place - 1)].from_date, after


def may_check_what_was_promised(seat: Seat, promised_on: date, today: date) -> bool:
    """Say whether a seat may check what was promised on a day: it is taken today, or its person agreed and it fits."""
    if sits(seat, today):
        return True
    first, after = promised_between(seat)
    return first <= promised_on < after and agreed_to_check(seat, today)
