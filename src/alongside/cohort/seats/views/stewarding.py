"""The steward's page of seats: empty ones with their clock, alternates, roles, who leaves and who is removed."""

from django.forms import Form
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from alongside.cohort.seats import actions
from alongside.cohort.seats.forms.moves import (
    AlternateForm,
    CallUpForm,
    PayerForm,
    RemoveForm,
    RoleForm,
    VacancyForm,
    otherwise,
)
from alongside.cohort.seats.models import Alternate, Cohort, Seat
from alongside.cohort.seats.queries import called, charters, leaving, moves, saying
from alongside.cohort.seats.queries.cohorts import cohorts_now, names_in, show_cohort
from alongside.cohort.seats.queries.seats import offices_held, said_of
from alongside.cohort.seats.views.asking import (
    cohort_or_404,
    done,
    now_and_today,
    seat_or_404,
    unit_names,
    which,
)
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, to
from alongside.ground.look.days import day_in_words
from alongside.ground.look.done import Done, after
from alongside.ground.look.tags.words import as_seat
from alongside.ground.look.tongues import apart, listed


@open_to(Role.STEWARD)
def seats(request: AskedHttpRequest) -> HttpResponseBase:
    """Show the seats of a cohort with everything a steward can do about them, and the way to the others that sit."""
    cohort, (_now, today) = cohort_or_404(request), now_and_today(request)
    shown = show_cohort(cohort, request.pack, lang_of(request), today)
    others = [one for one in cohorts_now(request.program, today) if one.pk != cohort.pk]
    titles = names_in(request.program, lang_of(request)) if others else {}
    calls, names = called.called_up_in(cohort, today), moves.names_of(cohort)
    context = {
        "cohort": shown,
        "rows": [
            (
                one,
                names.get(one.public_id, ""),
                listed(str(saying.ROLES[held.role]) for held in one.roles),
                calls.get(one.public_id),
            )
            for one in shown.sitting
        ],
        "alternates": moves.alternates_of(cohort),
        "can_call_up": any(not one.is_kept_free for one in shown.empty),
        "charter": charters.charter_now(cohort, lang_of(request)),
        "today": today,
        "which": which(request),
        "called": titles.get(cohort.pk),
        "others": [(one.slug, titles[one.pk]) for one in others],
    }
    return render(request, "seats/seats.html", context)


def called_as(seat: Seat) -> str:
    """Name a seat and its lead, for the steward, who seats and removes people and not numbers."""
    return listed(filter(None, (as_seat(seat.public_id), seat.person.called and apart(seat.person.called))))


def _page(request: AskedHttpRequest, form: Form, **more: object) -> HttpResponseBase:
    return render(request, "seats/move.html", {"form": form, "which": which(request), **more})


def _back(request: AskedHttpRequest, what: Done = Done.RECORDED) -> HttpResponseRedirect:
    return HttpResponseRedirect(after(to(request, "seats:seats") + which(request), what))


@open_to(Role.STEWARD)
def open_vacancy(request: AskedHttpRequest) -> HttpResponseBase:
    """Say that a seat is empty which nobody has taken."""
    now, today = now_and_today(request)
    cohort = cohort_or_404(request)
    form = VacancyForm(request.POST if request.method == "POST" else None, initial={"on": today})
    if form.is_valid() and done(
        request, form, lambda: actions.open_vacancy(cohort=cohort, on=form.cleaned_data["on"], now=now)
    ):
        return _back(request)
    return _page(request, form, does="vacancy", days=request.pack.clocks.vacancy_days)


@open_to(Role.STEWARD)
def add_alternate(request: AskedHttpRequest) -> HttpResponseBase:
    """Put someone on the list of those who step in."""
    now, _today = now_and_today(request)
    cohort = cohort_or_404(request)
    form = AlternateForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and done(
        request,
        form,
        lambda: actions.add_alternate(cohort=cohort, language=lang_of(request), now=now, **form.cleaned_data),
    ):
        return _back(request, Done.LISTED)
    return _page(request, form, does="alternate")


@open_to(Role.STEWARD)
@require_POST
def stand_down(request: AskedHttpRequest, pk: int) -> HttpResponseBase:
    """Take an alternate from the list."""
    _now, today = now_and_today(request)
    found = next((one for one in moves.alternates_of(cohort_or_404(request)) if one.pk == pk), None)
    if found is None:
        raise Http404
    actions.stand_down(alternate=found, on=today)
    return _back(request, Done.UNLISTED)


def _alternate(request: AskedHttpRequest, one: Alternate) -> str:
    """Name an alternate, with the offices that would keep them from signing beside them."""
    offices = offices_held(one.person_id, request.program, request.pack, lang_of(request))
    named = f"{one.place}. {one.person.called}"
    return (
        f"{named} ({_('holds or held an office: %(offices)s') % {'offices': offices}})" if offices else named
    )


def _call_up_form(request: AskedHttpRequest, cohort: Cohort) -> CallUpForm:
    _now, today = now_and_today(request)
    empty = moves.vacancies(request.program, request.pack, today, cohort)
    return CallUpForm(
        request.POST if request.method == "POST" else None,
        vacancies=[
            (str(one.vacancy.pk), day_in_words(one.vacancy.from_date))
            for one in empty
            if not one.is_kept_free
        ],
        alternates=[(str(one.pk), _alternate(request, one)) for one in moves.alternates_of(cohort)],
        units=unit_names(request),
    )


@open_to(Role.STEWARD)
def call_up(request: AskedHttpRequest) -> HttpResponseBase:
    """Seat an alternate in an empty seat."""
    now, today = now_and_today(request)
    cohort = cohort_or_404(request)
    form = _call_up_form(request, cohort)
    if form.is_valid():
        typed = form.cleaned_data
        vacancy = moves.vacancy_for(request.program, int(typed["vacancy"]), today)
        alternate = next(one for one in moves.alternates_of(cohort) if str(one.pk) == typed["alternate"])
        paid_by = moves.units_of(request.program).get(typed["paid_by"], typed["paid_by"])
        if vacancy and done(
            request,
            form,
            lambda: actions.call_up(alternate=alternate, vacancy=vacancy, paid_by=paid_by, now=now),
        ):
            return _back(request)
    return _page(request, form, does="call-up")


@open_to(Role.STEWARD)
def note_payer(request: AskedHttpRequest, seat: str) -> HttpResponseBase:
    """Write down who pays a seat."""
    now, _today = now_and_today(request)
    found = seat_or_404(request, seat)
    form = PayerForm(
        request.POST if request.method == "POST" else None,
        units=unit_names(request),
        initial={"paid_by": found.payer},
    )
    if form.is_valid():
        typed = form.cleaned_data["paid_by"]
        payer = moves.units_of(request.program).get(typed, typed)
        if done(request, form, lambda: actions.declare_payer(seat=found, paid_by=payer, now=now)):
            return _back(request)
    names, said = dict([*unit_names(request), *otherwise()]), said_of(found)
    employer = found.works_for.slug if found.works_for else ""
    works_for = names.get(employer, employer)
    return _page(
        request,
        form,
        does="payer",
        seat=found,
        works_for=works_for,
        said=names.get(said.payer, said.payer),
    )


@open_to(Role.STEWARD)
def change_role(request: AskedHttpRequest, seat: str) -> HttpResponseBase:
    """Let a lead take a role, or lay one down."""
    now, _today = now_and_today(request)
    found = seat_or_404(request, seat)
    form = RoleForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        role, takes = form.cleaned_data["role"], form.cleaned_data["change"] == "takes"
        if done(
            request,
            form,
            lambda: actions.change_role(seat=found, role=role, takes=takes, by="steward", now=now),
        ):
            return _back(request)
    return _page(request, form, does="role", seat=found)


@open_to(Role.STEWARD)
def remove(request: AskedHttpRequest, seat: str) -> HttpResponseBase:
    """Remove a seat, with reasons; the lead can appeal to whom the charter names."""
    now, today = now_and_today(request)
    found, lang = seat_or_404(request, seat), lang_of(request)
    named, stands_in = charters.hears_appeal(found, today)
    hears = [] if named else [(one, request.pack.office_title(one, lang)) for one in request.pack.offices]
    form = RemoveForm(request.POST if request.method == "POST" else None, who=called_as(found), hears=hears)
    if form.is_valid():
        typed = {"appeal_to": named, **form.said()}
        person = request.user
        if done(request, form, lambda: actions.remove_seat(seat=found, by=person, now=now, **typed)):  # type: ignore[arg-type]  # a steward is signed in
            return _back(request, Done.REMOVED)
    who = saying.who(named, request.pack, lang) if named else ""
    held = leaving.held_by(found, lang, today)
    more = {"keys": held.keys, "roles": listed(str(saying.ROLES[one]) for one in held.roles)}
    days = request.pack.clocks.appeal_days
    return _page(request, form, does="remove", seat=found, hears=who, stands_in=stands_in, days=days, **more)
