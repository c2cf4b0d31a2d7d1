"""The steward's list of who sits and who holds an office, with codes on paper to sign in."""

from datetime import UTC, datetime

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST

from alongside.cohort.seats import queries
from alongside.core.clocks import local_date
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of
from alongside.ground.people.actions import CODE_DAYS, print_code


@open_to(Role.STEWARD)
def people(request: AskedHttpRequest) -> HttpResponseBase:
    """List the seats and posts of today."""
    today = local_date(datetime.now(tz=UTC), request.pack)
    found = queries.people_today(request.program, request.pack, lang_of(request), today)
    return render(request, "seats/people.html", {"people": found})


@open_to(Role.STEWARD)
@require_POST
def code(request: AskedHttpRequest, person: int) -> HttpResponseBase:
    """Print a code that signs one person of this program in, once."""
    now = datetime.now(tz=UTC)
    found = queries.people_today(
        request.program, request.pack, lang_of(request), local_date(now, request.pack)
    )
    wanted = next((one for one in found if one.person.pk == person), None)
    if wanted is None:
        raise Http404
    made = print_code(person=wanted.person, now=now)
    return render(request, "seats/code.html", {"wanted": wanted, "code": made, "days": CODE_DAYS})
