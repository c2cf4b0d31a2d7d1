"""What the City owes: open asks by unit with age and office, the two rates, and every ask as CSV."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from alongside.core.reconcile import write
from alongside.desks import queries
from alongside.ground.gate.roles import Role, ViewerRequest, from_the_record, open_to
from alongside.ground.record import queries as record
from alongside.ground.ui.addresses import lang_of


@from_the_record
@open_to(Role.EVERYONE)
def owed(request: ViewerRequest) -> HttpResponseBase:
    """Show open asks by unit with age and office, and the two rates."""
    lang, today = lang_of(request), request.today
    rates, asks, _steps = queries.rates(request.program, today)
    shown, folded = queries.folded(queries.together(queries.owed(request.program, request.pack, lang, today)))
    context = {
        "owed": shown,
        "folded": folded,
        "tallies": queries.tallies(
            asks,
            queries.lists_of(request.program, asks),
            queries.without_reasons(request.program),
            request.pack,
            lang,
            today,
        ),
        "rates": rates,
        "today": today,
    }
    return render(request, "desks/owed.html", context)


@open_to(Role.EVERYONE)
def owed_csv(request: ViewerRequest) -> HttpResponseBase:
    """Give every ask with where it stands as CSV; cells that a spreadsheet would run are made harmless."""
    names = ["ask", "kind", "unit", "office", "asked", "answer_due"]
    names += ["state", "decision", "answered", "silences"]
    values = [[getattr(one, name) for name in names] for one in record.standings(request.program)]
    text = write(names, [["" if value is None else str(value) for value in row] for row in values])
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="owed.csv"'
    return response
