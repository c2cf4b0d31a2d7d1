"""The yearly report: the list of years, the page of one, and the same as CSV."""

from collections.abc import Sequence

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render

from alongside.core.reconcile import write
from alongside.desks.failing import FailureLine, told_lines
from alongside.desks.queries.lines import years_of
from alongside.desks.queries.years import Year, year_of
from alongside.desks.sheets import HEADINGS, sheet
from alongside.ground.gate.roles import Role, ViewerRequest, from_the_record, open_to
from alongside.ground.record import queries as record
from alongside.ground.ui.addresses import lang_of
from alongside.ground.ui.context import language


@from_the_record
@open_to(Role.EVERYONE)
def years(request: ViewerRequest) -> HttpResponseBase:
    """List the years of the program."""
    return render(request, "desks/years.html", {"years": years_of(request.program, request.today)})


@from_the_record
@open_to(Role.EVERYONE)
def year(request: ViewerRequest, year: int) -> HttpResponseBase:
    """Show one year: whom it reached, what came of it, what failed."""
    found = _year(request, year)
    lines = told_lines(request, found.failures)
    context = {
        "year": found,
        "name": str(found.number),
        "heard": [(one, [language(code) for code in one.languages]) for one in found.heard],
        "tongues": [language(code) for code in found.languages],
        "findings": [(one, found.promises[one.index]) for one in found.smaller],
        "failed": _grouped(lines),
        "rates": found.rates,
        "record_head": record.head_of(request.program),
    }
    return render(request, "desks/year.html", context)


@from_the_record
@open_to(Role.EVERYONE)
def year_csv(request: ViewerRequest, year: int) -> HttpResponseBase:
    """Give a year as CSV; cells that a spreadsheet would run are made harmless."""
    found = _year(request, year)
    response = HttpResponse(write(HEADINGS, sheet(found)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{request.program.slug}-{found.number}.csv"'
    return response


def _year(request: ViewerRequest, number: int) -> Year:
    today = request.today
    if number not in years_of(request.program, today):
        raise Http404
    return year_of(request.program, lang_of(request), number, today)


def _grouped(lines: Sequence[FailureLine]) -> list[tuple[str, list[FailureLine]]]:
    """Put failures of one sort together, in the order in which they come."""
    found: dict[str, list[FailureLine]] = {}
    for one in lines:
        found.setdefault(one.heading, []).append(one)
    return list(found.items())
