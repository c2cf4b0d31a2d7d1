"""What waits for a person after signing in: messages from the steward and from leads, and what they raised or hear."""

from typing import Any

from django.forms import Form
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from alongside.cohort.messages import actions, queries
from alongside.cohort.messages.forms import ALL, AlarmForm, DoneForm, MessageForm, NumberForm
from alongside.cohort.messages.models import Alarm
from alongside.cohort.seats.forms import Pairs
from alongside.cohort.seats.models import CHECKS, SECONDS, Seat
from alongside.cohort.seats.queries.cohorts import new_seat_of
from alongside.cohort.seats.queries.goodbyes import own_lists
from alongside.cohort.seats.queries.seats import leads_today, removal_of, seat_of_viewer
from alongside.cohort.seats.views import cohort_or_404, unit_names
from alongside.core.entries import STEWARD
from alongside.ground.directory.queries import waiting_for
from alongside.ground.gate.roles import NotOpenToYou, Role, ViewerRequest, by_name, open_to, or_404
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.done import Done, after, sentence
from alongside.ground.ui.leads import lead_in_words
from alongside.ground.ui.pages import page_of, page_of_many
from alongside.ground.ui.press import Typed, posted, press, taking


@by_name
@open_to(Role.PERSON)
def inbox(request: ViewerRequest) -> HttpResponseBase:
    """Show a person what was written to them, what they raised, and what they are named to hear."""
    today = request.today
    program, pack, viewer = request.program, request.pack, request.viewer
    agreed = set() if viewer.has(Role.LEAD) else {one.list for one in own_lists(program, viewer, today)}
    written = queries.messages_to(program, viewer, today)
    raised = queries.alarms_of(program, viewer)
    heard = queries.alarms_for(program, pack, viewer)
    page, shown = page_of_many(request.GET.get("page"), written, raised, heard)
    context = {
        "page": page,
        "messages": written[shown],
        "raised": [_row(request, one) for one in raised[shown]],
        "heard": [_row(request, one) for one in heard[shown]],
        "federal": waiting_for(program, pack, viewer),
        "may_check": CHECKS in agreed,
        "may_be_second": SECONDS in agreed,
        "removal": removal_of(program, viewer, today),
        "today": today,
        "new_seat": new_seat_of(program, viewer, today),
        "is_lead": viewer.has(Role.LEAD),
        "has_name": not viewer.has(Role.LEAD) and bool(request.user.known_as),
        "has_number": viewer.has(Role.LEAD) or bool(request.user.text_number),
        "may_raise": viewer.has(Role.LEAD) or queries.raises_from(program, viewer, today) is not None,
        "may_meet": viewer.has(Role.LEAD, Role.STAFF, Role.STEWARD),
        "is_steward": viewer.has(Role.STEWARD),
    }
    return render(request, "messages/inbox.html", context)


def _row(request: ViewerRequest, alarm: Alarm) -> dict[str, object]:
    """Give an alarm as a list shows it: kind, who hears it, its clock; never its words."""
    today = request.today
    return {
        "alarm": alarm,
        "kind": queries.KINDS[alarm.kind],
        "hears": queries.called(alarm.to, request.pack, lang_of(request)),
        "days": (alarm.due_on - today).days,
    }


@by_name
@open_to(Role.PERSON)
def message(request: ViewerRequest, key: str) -> HttpResponseBase:
    """Show one message to the lead it is for; a button notes, for them alone, that they read it."""
    mine = queries.messages_to(request.program, request.viewer, request.today)
    found = or_404(next((one for one in mine if one.message.key == key), None))
    if request.method == "POST":
        actions.mark_read(to=found)
        return HttpResponseRedirect(to(request, "messages:inbox"))
    answer = found.message.seat.public_id if found.message.seat else STEWARD
    context = {"message": found.message, "is_read": found.is_read, "answer": answer}
    writes = request.viewer.has(Role.LEAD, Role.STEWARD)
    return render(request, "messages/message.html", context | {"may_answer": writes})


@by_name
@open_to(Role.STEWARD, Role.LEAD)
def write(request: ViewerRequest) -> HttpResponseBase:
    """Write to one lead or to all of them; a lead can also write to the coordinator, and so answer (`?to=`).

    `?on=` names the page of this program that the message is about: the message begins with its address, and leads back to it.
    """
    own = seat_of_viewer(request.viewer) if request.viewer.has(Role.LEAD) else None
    seats = [one for one in leads_today(request.program, request.today) if one != own]
    others = [(one.public_id, _called(one, own)) for one in seats]
    if own:
        others.insert(0, (STEWARD, str(queries.COORDINATOR)))
    on, words = _about_page(request)
    initial = {"to": request.GET.get("to", ""), "words": words}
    form = MessageForm(posted(request), lists={"to": others}, initial=initial)

    def act(typed: Typed) -> None:
        actions.write_message(
            cohort=own.cohort if own else cohort_or_404(request),
            seats=[one for one in seats if typed["to"] in {ALL, one.public_id}],
            to_steward=typed["to"] == STEWARD,
            words=typed["words"],
            lang=lang_of(request),
            by=request.user,
            seat=own,
            now=request.now,
        )

    if went := press(request, form, act, after(on or to(request, "messages:write"), Done.WRITTEN)):
        return went
    names = {one.person_id: _called(one, own) for one in seats}
    unreached = () if own else queries.without_a_letter(seats)
    written = queries.messages_written(request.program, request.viewer, request.today)
    page = page_of(written, request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "written": [(one, queries.to_whom(one, names)) for one in page],
        "unreached": [_called(one, own) for one in unreached],
        "days": request.pack.charter.message_kept_days,
        "is_lead": own is not None,
        "on": on,
    }
    if request.GET.get("done") == Done.WRITTEN and written:
        context["just_done"] = f"{sentence(request)} {queries.to_whom(written[0], names)}"
    return render(request, "messages/write_message.html", context)


def _about_page(request: ViewerRequest) -> tuple[str, str]:
    """Give the page of this program that the address names, and its whole address; empty where it names another."""
    on = request.GET.get("on", "")
    if not on.startswith(to(request, "desks:home")) or "?" in on:
        return "", ""
    return on, request.build_absolute_uri(on)


def _called(seat: Seat, own: Seat | None) -> str:
    """Give what a lead is called in the list: to other leads only the name they chose, to the steward also the one they gave."""
    return (not own and seat.person.called) or lead_in_words(seat.public_id)


@open_to(Role.PERSON)
def number(request: ViewerRequest) -> HttpResponseBase:
    """Let a lead give, change or erase the number for text messages; whoever gave one can do so as long as it is kept."""
    initial = {"number": request.user.text_number}
    if not request.viewer.has(Role.LEAD) and not initial["number"]:
        raise NotOpenToYou(frozenset({Role.LEAD}))
    form = NumberForm(posted(request), initial=initial)

    act = taking(actions.keep_number, person=request.user)
    return press(request, form, act, to(request, "messages:inbox")) or render(
        request, "messages/number.html", {"form": form, "saved": initial["number"]}
    )


def _about(request: ViewerRequest) -> Pairs:
    return [*unit_names(request), (queries.PROGRAM, request.pack.name.say(lang_of(request)))]


@open_to(Role.PERSON)
def raise_alarm(request: ViewerRequest) -> HttpResponseBase:
    """Let a lead raise an alarm, also one who is suspended or was removed; the page says beforehand who is named to hear it."""
    seat = queries.raises_from(request.program, request.viewer, request.today)
    if seat is None:
        raise NotOpenToYou(frozenset({Role.LEAD}))
    lang = lang_of(request)
    form = AlarmForm(posted(request), lists={"about": _about(request)})

    act = taking(actions.raise_alarm, seat=seat, lang=lang, now=request.now)
    if went := press(request, form, act, lambda made: to(request, "messages:raised", key=made.key)):
        return went
    order = queries.named_first(seat.cohort, request.pack, request.today)
    context = {
        "form": form,
        "order": [queries.called(one, request.pack, lang) for one in order],
        "days": request.pack.charter.alarm_days,
        "kept": request.pack.charter.alarm_kept_days,
    }
    return render(request, "messages/raise.html", context)


@by_name
@open_to(Role.PERSON)
def raised(request: ViewerRequest, key: str) -> HttpResponseBase:
    """Show an alarm to the lead who raised it and to whoever hears it, who can say that they read it, and what was done."""
    found = or_404(queries.alarm_for(request.program, request.pack, request.viewer, key))
    hears = found.seat.person_id != request.viewer.person_id
    context = {**_row(request, found), "hears_it": hears, **({} if hears else _unheard(request, found))}
    context["shows_words"] = hears or request.user.gets_codes_by_email
    lang = lang_of(request)
    is_short = not hears or "take" in request.POST
    form = Form(posted(request)) if is_short else DoneForm(posted(request))
    given: dict[str, Any] = {"alarm": found, "now": request.now}

    def act(typed: Typed) -> None:
        if not hears:
            actions.hand_on(to=request.POST.get("to", ""), **given)
        elif is_short:
            actions.take_alarm(by=request.user, **given)
        else:
            actions.close_alarm(done=typed["done"], lang=lang, by=request.user, **given)

    if went := press(request, form, act, to(request, "messages:raised", key=key)):
        return went
    about = dict(_about(request)).get(found.about, found.about)
    raises = None if hears else queries.raises_from(request.program, request.viewer, request.today)
    context["may_raise"] = raises is not None
    return render(request, "messages/raised.html", context | {"form": form, "about": about})


def _unheard(request: ViewerRequest, alarm: Alarm) -> dict[str, object]:
    """Give whether nobody hears an alarm today, and to whom its lead can hand it on, also one whose day has passed."""
    pack, today = request.pack, request.today
    nobody, hands_on = queries.is_without_hearer(alarm, pack, today), request.user.gets_codes_by_email
    if hands_on and not (nobody or queries.is_past_its_day(alarm, today)):
        return {"nobody": nobody, "goes_on": alarm.to in queries.order_of(alarm, pack, today)[:-1]}
    recipient = queries.next_to_hear(alarm, pack, today) if hands_on else None
    if recipient is None:
        return {"nobody": nobody}
    name = queries.called(recipient.to, pack, lang_of(request))
    is_new = queries.is_given_since(recipient.to, alarm, today)
    return {"nobody": nobody, "next": recipient.to, "next_name": name, "is_new": is_new}
