"""Plan a meeting, move or cancel it, write its minutes; leads publish them and can stand beside them."""

from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from alongside.cohort.seats import actions
from alongside.cohort.seats.forms.papers import DissentForm, MeetingForm, MinutesForm
from alongside.cohort.seats.models import Meeting, MinutesDraft, Seat
from alongside.cohort.seats.queries import meetings
from alongside.cohort.seats.queries.meetings import MeetingShown
from alongside.cohort.seats.views.asking import cohort_or_404, done, now_and_today, own_seat, pen_of
from alongside.cohort.seats.views.public import hours_of
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, to
from alongside.ground.look.days import day_in_words


def _meeting(request: AskedHttpRequest, slug: str) -> MeetingShown:
    found = meetings.meeting_for(request.program, slug, lang_of(request))
    if found is None:
        raise Http404
    return found


def _there(request: AskedHttpRequest, slug: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(to(request, "seats:meeting", meeting=slug))


@open_to(Role.LEAD, Role.STEWARD)
def plan_meeting(request: AskedHttpRequest) -> HttpResponseBase:
    """Plan a meeting; its day and agenda go on the record."""
    now, _today = now_and_today(request)
    cohort = own_seat(request).cohort if request.asker.seat else cohort_or_404(request)
    lang = lang_of(request)
    form = MeetingForm(request.POST if request.method == "POST" else None, pack=request.pack, stands="")
    if form.is_valid():
        typed = form.cleaned_data
        made = actions.plan_meeting(
            cohort=cohort,
            slug=meetings.free_slug(request.program, typed["title"], typed["on"]),
            starts_at=typed["starts_at"],
            ends_at=typed["ends_at"],
            place=typed["place"],
            words={lang: {name: typed[name] for name in ("title", "agenda")}},
            by=pen_of(request),
            now=now,
        )
        return _there(request, made.slug)
    return render(request, "seats/plan_meeting.html", {"form": form})


@open_to(Role.LEAD, Role.STEWARD)
def change_meeting(request: AskedHttpRequest, meeting: str) -> HttpResponseBase:
    """Move a meeting to another day, hour or place, or cancel it."""
    now, _today = now_and_today(request)
    found, zone = _meeting(request, meeting), ZoneInfo(request.pack.time_zone)
    row, by = found.row, pen_of(request)
    begins, ends = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)
    initial = {"on": begins.date(), "begins": begins.time(), "ends": ends.time(), "place": row.place}
    cancels = "cancel" in request.POST
    posted = request.POST if request.method == "POST" else None
    given = {"pack": request.pack, "moving": True, "initial": initial}
    form = MeetingForm(initial if cancels else posted, stands=f"{begins} {ends} {row.place}", **given)
    if request.method == "POST" and form.is_valid():
        typed = {name: form.cleaned_data[name] for name in ("starts_at", "ends_at", "place")}

        def act() -> None:
            if cancels:
                actions.cancel_meeting(meeting=row, by=by, now=now)
            else:
                actions.move_meeting(meeting=row, by=by, now=now, **typed)

        if done(request, form, act):
            return _there(request, meeting)
    context = {"form": form, "meeting": found, "on": begins.date(), "hours": hours_of(row, request.pack)}
    return render(request, "seats/change_meeting.html", context)


def _minutes_form(request: AskedHttpRequest, row: Meeting, seats: list[Seat]) -> MinutesForm:
    """Make the form of minutes as they were saved; names are asked only where a rule of the pack keeps them."""
    rule = meetings.attendance_rule(request.pack)
    draft, lang = meetings.draft_of(row), lang_of(request)
    initial: dict[str, Any] = {"came": meetings.came_to(row)}
    if draft:
        initial |= {
            "minutes": draft.minutes,
            "decisions": "\n\n".join(draft.decisions),
            "minority": "\n\n".join(draft.minority),
            "people": draft.people,
        }
    names = [(str(one.pk), one.person.called or one.public_id) for one in seats] if rule else []
    until = (
        meetings.erase_by(row.starts_at.astimezone(ZoneInfo(request.pack.time_zone)).date(), rule)
        if rule
        else None
    )
    why = (
        _("%(rule)s demands the names. They are erased on %(day)s and are never on the record.")
        % {"rule": rule.name.say(lang), "day": day_in_words(until)}
        if rule and until
        else ""
    )
    posted = request.POST if request.method == "POST" else None
    stands = draft.saved_at.isoformat() if draft else ""
    return MinutesForm(posted, could_come=names, rule=why, initial=initial, stands=stands)


@open_to(Role.LEAD, Role.STEWARD)
def write_minutes(request: AskedHttpRequest, meeting: str) -> HttpResponseBase:
    """Write the minutes of a meeting; a lead can publish them from here."""
    now, _today = now_and_today(request)
    found = _meeting(request, meeting)
    on = found.row.starts_at.astimezone(ZoneInfo(request.pack.time_zone)).date()
    seats = meetings.could_come(found.row, on)
    form = _minutes_form(request, found.row, seats)
    saved = _saved(request, found.row, form, seats) if form.is_valid() else None
    if saved:
        if "publish" not in request.POST or not request.asker.has(Role.LEAD):
            return HttpResponseRedirect(to(request, "seats:minutes", meeting=meeting))
        if done(request, form, lambda: actions.publish_minutes(draft=saved, seat=own_seat(request), now=now)):
            return _there(request, meeting)
    context = {"form": form, "meeting": found, "draft": meetings.draft_of(found.row)}
    return render(request, "seats/minutes.html", {**context, "may_publish": request.asker.has(Role.LEAD)})


def _saved(
    request: AskedHttpRequest, row: Meeting, form: MinutesForm, seats: list[Seat]
) -> MinutesDraft | None:
    """Save what was typed, and let the form go on from there; None where that is refused, and the form says why."""
    now, _today = now_and_today(request)
    typed, drafts = form.cleaned_data, []
    given = {name: typed[name] for name in ("minutes", "decisions", "minority", "people")}
    given["came"] = [one for one in seats if str(one.pk) in typed.get("came", ())]
    lang, by = lang_of(request), pen_of(request)
    act = partial(actions.save_minutes, meeting=row, lang=lang, by=by, now=now, **given)
    if not done(request, form, lambda: drafts.append(act())):
        return None
    form.renew(drafts[0].saved_at.isoformat())
    return drafts[0]


@open_to(Role.LEAD)
def dissent(request: AskedHttpRequest, meeting: str) -> HttpResponseBase:
    """State a minority position beside minutes that are public."""
    now, _today = now_and_today(request)
    found = _meeting(request, meeting)
    held = meetings.held_of(found.row)
    if held is None:
        raise Http404
    form = DissentForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and done(
        request,
        form,
        lambda: actions.dissent(
            held=held,
            seat=own_seat(request),
            words=form.cleaned_data["words"],
            lang=lang_of(request),
            now=now,
        ),
    ):
        return _there(request, meeting)
    return render(request, "seats/dissent.html", {"form": form, "meeting": found})
