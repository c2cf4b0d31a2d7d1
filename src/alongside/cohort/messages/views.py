"""What waits for a person after signing in: messages from the steward, and what they raised or hear."""

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from alongside.cohort.messages import actions
from alongside.cohort.messages import queries as messages_queries
from alongside.cohort.messages.forms import ALL, AlarmForm, DoneForm, MessageForm, NumberForm
from alongside.cohort.messages.models import Alarm
from alongside.cohort.seats import queries as seats_queries
from alongside.cohort.seats.forms import Pairs
from alongside.cohort.seats.queries import CHECKS, SECONDS, own_lists, removal_of, seated_today
from alongside.cohort.seats.views import cohort_or_404, own_seat
from alongside.core.refusals import Refused
from alongside.ground.directory import queries
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.refusals import refusal_text


@open_to(Role.PERSON)
def inbox(request: ViewerRequest) -> HttpResponseBase:
    """Show a person what was written to them, what they raised, and what they are named to hear."""
    today = request.today
    program, pack, viewer = request.program, request.pack, request.viewer
    agreed = set() if viewer.has(Role.LEAD) else {one.list for one in own_lists(program, viewer, today)}
    context = {
        "messages": messages_queries.messages_to(program, viewer, today),
        "raised": [_row(request, one) for one in messages_queries.alarms_of(program, viewer)],
        "heard": [_row(request, one) for one in messages_queries.alarms_for(program, pack, viewer)],
        "federal": queries.waiting_for(program, pack, viewer),
        "may_check": CHECKS in agreed,
        "may_be_second": SECONDS in agreed,
        "removal": removal_of(program, viewer, today),
        "today": today,
        "new_seat": seats_queries.new_seat_of(program, viewer, today),
        "is_lead": viewer.has(Role.LEAD),
        "is_steward": viewer.has(Role.STEWARD),
    }
    return render(request, "messages/inbox.html", context)


def _row(request: ViewerRequest, alarm: Alarm) -> dict[str, object]:
    """Give an alarm as a list shows it: kind, who hears it, its clock; never its words."""
    today = request.today
    return {
        "alarm": alarm,
        "kind": messages_queries.KINDS[alarm.kind],
        "hears": messages_queries.called(alarm.to, request.pack, lang_of(request)),
        "days": (alarm.due_on - today).days,
        "taken": getattr(alarm, "taken", None),
        "closed": getattr(alarm, "closed", None),
    }


@open_to(Role.PERSON)
def message(request: ViewerRequest, key: str) -> HttpResponseBase:
    """Show one message to the lead it is for; a button notes, for them alone, that they read it."""
    today = request.today
    found = messages_queries.message_to(request.program, request.viewer, key, today)
    if found is None:
        raise Http404
    if request.method == "POST":
        actions.mark_read(to=found)
        return HttpResponseRedirect(to(request, "messages:inbox"))
    context = {"to": found, "message": found.message, "is_read": hasattr(found, "read")}
    return render(request, "messages/message.html", context)


@open_to(Role.STEWARD)
def write(request: ViewerRequest) -> HttpResponseBase:
    """Write to one lead or to all of them."""
    now, today = request.now, request.today
    seats = seated_today(request.program, today)
    leads = [(one.public_id, one.person.called or one.public_id) for one in seats]
    form = MessageForm(request.POST if request.method == "POST" else None, leads=leads)
    if form.is_valid():
        typed = form.cleaned_data
        chosen = [one for one in seats if typed["to"] in {ALL, one.public_id}]
        try:
            actions.write_message(
                cohort=cohort_or_404(request),
                seats=chosen,
                words=typed["words"],
                lang=lang_of(request),
                by=request.user,  # type: ignore[arg-type]  # a steward is signed in
                now=now,
            )
            return HttpResponseRedirect(to(request, "messages:write"))
        except Refused as error:
            form.add_error(None, refusal_text(error, request.pack))
    written = messages_queries.messages_written(request.program, today)
    context = {
        "form": form,
        "written": written,
        "unreached": [one.person.called or one.public_id for one in messages_queries.without_a_letter(seats)],
        "days": request.pack.charter.message_kept_days,
    }
    return render(request, "messages/write_message.html", context)


@open_to(Role.LEAD)
def number(request: ViewerRequest) -> HttpResponseBase:
    """Let a lead give, change or erase the number for text messages."""
    person_id = request.viewer.person_id or 0
    initial = {"number": messages_queries.number_of(person_id)}
    form = NumberForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        actions.keep_number(person=own_seat(request).person, number=form.cleaned_data["number"])
        return HttpResponseRedirect(to(request, "messages:inbox"))
    return render(request, "messages/number.html", {"form": form, "saved": initial["number"]})


def _about(request: ViewerRequest) -> Pairs:
    units = [(one.slug, one.name.say(lang_of(request))) for one in request.pack.units]
    return [*units, (messages_queries.PROGRAM, request.pack.name.say(lang_of(request)))]


@open_to(Role.LEAD)
def raise_alarm(request: ViewerRequest) -> HttpResponseBase:
    """Let a lead raise an alarm; the page says beforehand who is named to hear it."""
    now, today = request.now, request.today
    seat, lang = own_seat(request), lang_of(request)
    form = AlarmForm(request.POST if request.method == "POST" else None, about=_about(request))
    if form.is_valid():
        try:
            made = actions.raise_alarm(seat=seat, lang=lang, now=now, **form.cleaned_data)
            return HttpResponseRedirect(to(request, "messages:raised", key=made.key))
        except Refused as error:
            form.add_error(None, refusal_text(error, request.pack))
    order = messages_queries.named_first(seat.cohort, request.pack, today)
    context = {
        "form": form,
        "order": [messages_queries.called(one, request.pack, lang) for one in order],
        "days": request.pack.charter.alarm_days,
        "kept": request.pack.charter.alarm_kept_days,
    }
    return render(request, "messages/raise.html", context)


@open_to(Role.PERSON)
def raised(request: ViewerRequest, key: str) -> HttpResponseBase:
    """Show an alarm to the lead who raised it and to whoever hears it, who can say that they read it, and what was done."""
    now = request.now
    found = messages_queries.alarm_for(request.program, request.pack, request.viewer, key)
    if found is None:
        raise Http404
    hears = found.seat.person_id != request.viewer.person_id
    form = DoneForm(request.POST if request.method == "POST" and "take" not in request.POST else None)
    here = HttpResponseRedirect(to(request, "messages:raised", key=key))
    person = request.user
    if request.method == "POST" and not hears:
        raise Http404
    if "take" in request.POST:
        actions.take_alarm(alarm=found, by=person, now=now)  # type: ignore[arg-type]  # a person is signed in
        return here
    if form.is_valid():
        try:
            actions.close_alarm(
                alarm=found,
                done=form.cleaned_data["done"],
                lang=lang_of(request),
                by=person,  # type: ignore[arg-type]  # as above
                now=now,
            )
        except Refused as error:
            form.add_error(None, refusal_text(error, request.pack))
        else:
            return here
    about = dict(_about(request)).get(found.about, found.about)
    context = {**_row(request, found), "form": form, "hears_it": hears, "about": about}
    return render(request, "messages/raised.html", context)
