"""The two calendars: one for everyone, one for each person at an address that only they have and can end."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from alongside.cohort.seats.actions import hash_token
from alongside.cohort.seats.queries import calendar_owner, viewer_for
from alongside.desks.feeds import write_calendar
from alongside.desks.queries.dates import own_dates, public_dates
from alongside.ground.gate.roles import Role, ViewerRequest, from_the_record, open_to
from alongside.ground.ui.addresses import lang_of, to_if_there

KIND = "text/calendar; charset=utf-8"


@from_the_record
@open_to(Role.EVERYONE)
def calendar(request: ViewerRequest) -> HttpResponseBase:
    """Give meetings, decisions and promised days of the program as an iCalendar feed."""
    lang = lang_of(request)

    def address(name: str, **kwargs: object) -> str:
        href = to_if_there(request, name, **kwargs)
        return request.build_absolute_uri(href) if href else ""

    dates = public_dates(request.program, lang, request.today, address)
    feed = write_calendar(
        name=request.pack.words("name", lang),
        product="-//Alongside//Public calendar//EN",
        origin=request.program.origin,
        lang=lang,
        dates=dates,
    )
    return HttpResponse(feed, content_type=KIND)


@open_to(Role.EVERYONE)
def private_calendar(request: ViewerRequest, token: str) -> HttpResponseBase:
    """Give one person's dates to whoever holds the address, in plain words; 404 as soon as it is ended."""
    lang, today = lang_of(request), request.today
    person = calendar_owner(request.program, hash_token(token))
    if person is None:
        raise Http404
    viewer = viewer_for(person, request.program, today)
    feed = write_calendar(
        name=_("Dates"),
        product="-//dates//dates//EN",
        origin=f"{request.program.origin}/{person.pk}",
        lang=lang,
        dates=own_dates(request.program, request.pack, lang, today, viewer),
    )
    reply = HttpResponse(feed, content_type=KIND)
    reply["Cache-Control"] = "private, no-store"
    reply["Referrer-Policy"] = "no-referrer"
    return reply
