"""What the pages of seats share: the day, the cohort asked for, who signs, and a refusal put on its form."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404

from alongside.cohort.seats import actions
from alongside.cohort.seats.models import Cohort, Seat
from alongside.cohort.seats.queries.cohorts import cohort_by_slug, cohort_now
from alongside.cohort.seats.queries.moves import seat_for
from alongside.core.clocks import local_date
from alongside.core.grammar import GrammarError
from alongside.ground.gate import AskedHttpRequest, Role
from alongside.ground.look.addresses import lang_of
from alongside.ground.look.refusals import said
from alongside.ground.programs.actions import PostRefused


def now_and_today(request: AskedHttpRequest) -> tuple[datetime, date]:
    """Give the time, and the program's local day."""
    now = datetime.now(tz=UTC)
    return now, local_date(now, request.pack)


def cohort_or_404(request: AskedHttpRequest, slug: str | None = None) -> Cohort:
    """Give the cohort of an address, or the one of today; the steward can ask for another that sits (`?cohort=`)."""
    _now, today = now_and_today(request)
    if request.asker.has(Role.STEWARD):
        slug = slug or request.GET.get("cohort")
    found = cohort_by_slug(request.program, slug) if slug else cohort_now(request.program, today)
    if found is None:
        raise Http404
    return found


def which(request: AskedHttpRequest) -> str:
    """Give what keeps the pages of the steward with the cohort that was chosen: the end of an address, or nothing."""
    chosen = request.GET.get("cohort")
    return f"?{urlencode({'cohort': chosen})}" if chosen else ""


def seat_or_404(request: AskedHttpRequest, public_id: str) -> Seat:
    """Give a seat of this program by its public id."""
    found = seat_for(request.program, public_id)
    if found is None:
        raise Http404
    return found


def own_seat(request: AskedHttpRequest) -> Seat:
    """Give the asker's own seat."""
    return seat_or_404(request, request.asker.seat or "")


def unit_names(request: AskedHttpRequest) -> list[tuple[str, str]]:
    """List the units of the rules in force by their names, for a form."""
    return [(unit.slug, unit.name.say(lang_of(request))) for unit in request.pack.units]


def pen_of(request: AskedHttpRequest) -> str:
    """Give the actor as which the asker writes: their seat, else the steward."""
    return request.asker.seat or "steward"


def done(request: AskedHttpRequest, form: Any, act: Callable[[], object]) -> bool:
    """Do something that may be refused; put the refusal, which says its cure, on the form."""
    try:
        act()
    except (*actions.REFUSALS, PostRefused, GrammarError) as error:
        form.add_error(None, said(error, request.pack))
        return False
    return True
