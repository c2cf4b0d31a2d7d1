"""Seat a cohort that was chosen already: type or send its people, look at what was read, then confirm."""

from functools import partial

from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from alongside.cohort.calls.actions.seating import seat_people
from alongside.cohort.calls.forms.seating import SeatCohortForm
from alongside.cohort.seats.queries import beside_whom, cohorts_of, known_of
from alongside.core.entries import GrammarError
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.ui.addresses import free_slug, lang_of, to
from alongside.ground.ui.refusals import refusal_text


@open_to(Role.STEWARD)
def seat(request: ViewerRequest) -> HttpResponseBase:
    """Read the people first; write nothing before the steward has seen every row and confirmed."""
    posted = request.POST if request.method == "POST" else None
    sent = request.FILES if posted is not None else None
    form = SeatCohortForm(
        posted,
        sent,
        pack=request.pack,
        known=partial(known_of, request.program, request.pack, lang_of(request)),
    )
    if posted is None or not form.is_valid():
        return render(request, "calls/seat_cohort.html", {"form": form})
    typed, lang, now = form.cleaned_data, lang_of(request), request.now
    if form.has_problems or posted.get("confirmed") != "yes":
        beside = beside_whom(request.program, lang, typed["from_date"], request.today)
        return render(request, "calls/seat_preview.html", {"form": form, "beside": beside})
    try:
        seat_people(
            program=request.program,
            slug=free_slug([one.slug for one in cohorts_of(request.program)], typed["name"], "cohort"),
            lang=lang,
            name=typed["name"],
            from_date=typed["from_date"],
            until_date=typed["until_date"],
            people=form.rows,
            now=now,
        )
    except GrammarError as error:
        form.add_error(None, refusal_text(error, request.pack))
        return render(request, "calls/seat_cohort.html", {"form": form})
    return HttpResponseRedirect(to(request, "seats:people"))
