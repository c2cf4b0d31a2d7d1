"""What is a lead's own: their profile, their calendar, their other job, leaving, and the appeal against a removal."""

from django.forms import Form
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from alongside.cohort.seats import actions
from alongside.cohort.seats.forms.moves import AppealForm, DecideForm, LeaveForm, OwnTiesForm, otherwise
from alongside.cohort.seats.forms.profiles import ProfileForm
from alongside.cohort.seats.queries import cohorts, leaving, moves, saying
from alongside.cohort.seats.queries.seats import offices_held, said_of, seat_of
from alongside.cohort.seats.views.asking import done, now_and_today, own_seat, seat_or_404, unit_names
from alongside.ground.gate import AskedHttpRequest, NotOpenToYou, Role, open_to
from alongside.ground.look.addresses import lang_of, to, to_if_there
from alongside.ground.look.done import Done, after
from alongside.ground.look.tongues import listed
from alongside.ground.people.models import Profile
from alongside.ground.record.labels import REMOVED


@open_to(Role.PERSON)
def profile(request: AskedHttpRequest) -> HttpResponseBase:
    """Let a lead write what everyone may see of them; warn of what could be used against them, and let them decide.

    Who wrote one and is a lead no more takes it down here, and writes nothing.
    """
    saved = cohorts.profile_of(request.asker.person_id or 0)
    if not request.asker.has(Role.LEAD):
        if saved is None or request.method == "POST":
            raise NotOpenToYou(frozenset({Role.LEAD}))
        return render(request, "seats/profile.html", {"saved": saved, "is_held": _is_held(saved)})
    seat = own_seat(request)
    initial = (
        {
            "shown_name": saved.shown_name,
            "about": saved.about,
            "languages": saved.languages,
            "links": "\n".join(saved.links),
        }
        if saved
        else {}
    )
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=initial)
    warnings = form.sensitive(request.pack) if form.is_valid() else []
    if form.is_valid() and (not warnings or "anyway" in request.POST):
        actions.show_profile(person=seat.person, lang=lang_of(request), **form.cleaned_data)
        return HttpResponseRedirect(to(request, "seats:lead", seat=seat.public_id))
    lang = lang_of(request)
    context = {
        "form": form,
        "seat": seat,
        "saved": saved,
        "is_held": _is_held(saved),
        "warnings": [(one.name.say(lang), one.found) for one in warnings],
    }
    return render(request, "seats/profile.html", context)


def _is_held(saved: Profile | None) -> bool:
    return saved is not None and cohorts.is_profile_held(saved.person_id)


@open_to(Role.PERSON)
@require_POST
def take_down(request: AskedHttpRequest) -> HttpResponseBase:
    """Take a profile down everywhere, at once; also for those whose seat is over."""
    actions.take_down_profile(person=request.user, erase="erase" in request.POST)  # type: ignore[arg-type]  # a person is signed in
    is_kept = cohorts.profile_of(request.asker.person_id or 0) is not None
    back = "seats:profile" if is_kept or request.asker.has(Role.LEAD) else "seats:cohort"
    return HttpResponseRedirect(to(request, back))


@open_to(Role.PERSON)
def calendar(request: AskedHttpRequest) -> HttpResponseBase:
    """Make or revoke the address of one's own calendar; it is shown once."""
    _now, today = now_and_today(request)
    person, token = request.user, ""
    if request.method == "POST" and "revoke" in request.POST:
        actions.revoke_calendar_key(person=person, program=request.program)  # type: ignore[arg-type]  # a person is signed in
    elif request.method == "POST":
        token = actions.make_calendar_key(person=person, program=request.program, on=today)  # type: ignore[arg-type]  # as above
    href = to_if_there(request, "desks:private_calendar", token=token) if token else ""
    context = {
        "form": Form(),
        "address": request.build_absolute_uri(href) if href else "",
        "key": cohorts.calendar_key_of(request.asker.person_id or 0, request.program),
        "public": request.build_absolute_uri(to_if_there(request, "desks:calendar")),
    }
    return render(request, "seats/calendar.html", context)


@open_to(Role.PERSON)
def other_job(request: AskedHttpRequest) -> HttpResponseBase:
    """Let a lead say which bureau employs them and who pays their seat; also who sat here, because they may still check."""
    now, today = now_and_today(request)
    seat = (
        own_seat(request) if request.asker.seat else leaving.last_seat(request.program, request.asker, today)
    )
    if seat is None:
        raise Http404
    said, names = said_of(seat), dict([*unit_names(request), *otherwise()])
    form = OwnTiesForm(
        request.POST if request.method == "POST" else None,
        units=unit_names(request),
        steward=names.get(said.steward, said.steward),
        initial={"works_for": said.employer, "paid_by": said.payer},
    )
    if form.is_valid():
        units, typed = moves.units_of(request.program), form.cleaned_data
        given = {
            "works_for": units.get(typed["works_for"]),
            "paid_by": units.get(typed["paid_by"], typed["paid_by"]),
        }
        if done(request, form, lambda: actions.declare_own(seat=seat, **given, now=now)):
            return HttpResponseRedirect(after(to(request, "seats:other_job"), Done.RECORDED))
    government = request.pack.words("government.short", lang_of(request))
    context = {"form": form, "does": "other-job", "seat": seat, "government": government}
    context["offices"] = offices_held(seat.person_id, request.program, request.pack, lang_of(request))
    return render(request, "seats/move.html", context)


@open_to(Role.PERSON)
def leave(request: AskedHttpRequest) -> HttpResponseBase:
    """Leave one's seat, also one that is suspended, saying as much as one wants to."""
    now, today = now_and_today(request)
    seat = seat_of(request.asker.person_id or 0, request.program, today)
    if seat is None:
        raise NotOpenToYou(frozenset({Role.LEAD}))
    form = LeaveForm(
        request.POST if request.method == "POST" else None, initial={"on": today, "ground": "not-said"}
    )
    if form.is_valid() and done(request, form, lambda: actions.leave_seat(seat=seat, now=now, **form.said())):
        return HttpResponseRedirect(to(request, "seats:goodbye"))
    held = leaving.held_by(seat, lang_of(request), today)
    context = {
        "form": form,
        "does": "leave-own",
        "seat": seat,
        "keys": held.keys,
        "serves_again": held.serves_again,
        "roles": listed(str(saying.ROLES[one]) for one in held.roles),
    }
    return render(request, "seats/move.html", context)


@open_to(Role.PERSON)
def appeal(request: AskedHttpRequest) -> HttpResponseBase:
    """Let a lead whose seat was removed read why, and appeal."""
    now, today = now_and_today(request)
    found = moves.removal_of(request.program, request.asker, today)
    if found is None:
        raise Http404
    made = getattr(found, "appeal", None)
    form = AppealForm(request.POST if request.method == "POST" and made is None else None)
    if form.is_valid() and done(
        request, form, lambda: actions.appeal(removal=found, words=form.cleaned_data["words"], now=now)
    ):
        return HttpResponseRedirect(to(request, "seats:appeal"))
    context = {
        "form": form,
        "removal": found,
        "ground": REMOVED[found.ground],
        "hears": saying.who(found.appeal_to, request.pack, lang_of(request)),
        "appeal": made,
        "decision": getattr(made, "decision", None),
        "has_profile": cohorts.profile_of(request.asker.person_id or 0) is not None,
        "is_open": made is None and today <= found.appeal_by,
        "has_fallen": moves.has_fallen(found),
    }
    return render(request, "seats/appeal.html", context)


@open_to(Role.LEAD, Role.STAFF)
def decide(request: AskedHttpRequest, pk: int) -> HttpResponseBase:
    """Let the office or lead that the charter names decide an appeal."""
    now, _today = now_and_today(request)
    found = next((one for one in moves.appeals_for(request.program, request.asker) if one.pk == pk), None)
    if found is None:
        raise Http404
    form = DecideForm(request.POST if request.method == "POST" else None)
    person = request.user
    if form.is_valid() and done(
        request,
        form,
        lambda: actions.decide_appeal(appeal=found, by=person, now=now, **form.cleaned_data),  # type: ignore[arg-type]  # a person is signed in
    ):
        return HttpResponseRedirect(to(request, "seats:cohort"))
    seat = seat_or_404(request, found.removal.seat.public_id)
    context = {"form": form, "appeal": found, "seat": seat, "ground": REMOVED[found.removal.ground]}
    context["decide_by"] = found.decide_by
    return render(request, "seats/decide.html", context)
