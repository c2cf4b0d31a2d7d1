"""Pages of meetings: what everyone sees, planning, minutes, and a position beside them."""

from collections.abc import Callable
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.forms import Form
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from alongside.cohort.meetings import actions, queries
from alongside.cohort.meetings.forms import DissentForm, MeetingForm, MinutesForm
from alongside.cohort.meetings.models import Meeting
from alongside.cohort.meetings.queries import MeetingShown
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.seats import seat_of_viewer
from alongside.cohort.seats.views import cohort_or_404, pen_of
from alongside.core.clocks import local_date
from alongside.core.entries import Entry
from alongside.core.grammar.meetings import may_move
from alongside.core.policy.pack import Pack
from alongside.ground.gate.roles import Role, ViewerRequest, by_name, from_the_record, open_to, or_404
from alongside.ground.record.queries import head_of
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.pages import page_of_many
from alongside.ground.ui.press import Typed, posted, press, taking


def hours_of(row: Meeting, pack: Pack) -> str:
    """Say from when to when a meeting takes place, in the program's own time."""
    zone = ZoneInfo(pack.time_zone)
    begins, ends = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)
    return f"{time_format(begins.time())} – {time_format(ends.time())} ({begins.tzname()})"


@from_the_record
@open_to(Role.EVERYONE)
def all_meetings(request: ViewerRequest) -> HttpResponseBase:
    """List meetings: those to come, then those held with what was decided."""
    program, pack, found = request.program, request.pack, queries.every_meeting(request.program)
    is_open = [one for one in found if one.minutes is None and one.cancelled_on is None]
    ahead = [one for one in reversed(is_open) if local_date(one.starts_at, pack) >= request.today]
    past = [one for one in found if one not in ahead]
    page, shown = page_of_many(request.GET.get("page"), ahead, past)
    rows = [
        (one, local_date(one.row.starts_at, pack), hours_of(one.row, pack))
        for one in queries.with_words(program, [*ahead[shown], *past[shown]], lang_of(request))
    ]
    context = {
        "page": page,
        "ahead": rows[: len(ahead[shown])],
        "past": rows[len(ahead[shown]) :],
        "may_plan": request.viewer.has(Role.LEAD, Role.STEWARD),
        "record_head": head_of(request.program),
    }
    return render(request, "meetings/meetings.html", context)


@from_the_record
@by_name
@open_to(Role.EVERYONE)
def meeting(request: ViewerRequest, meeting: str) -> HttpResponseBase:
    """Show one meeting: agenda, and once a lead publishes them, minutes and decisions, and what other leads say of them."""
    found = _meeting(request, meeting)
    may_write = request.viewer.has(Role.LEAD, Role.STEWARD)
    context = {
        "meeting": found,
        "on": local_date(found.row.starts_at, request.pack),
        "hours": hours_of(found.row, request.pack),
        "may_write": may_write,
        "left": queries.left_of(found.row, request.pack) if may_write else None,
        "may_change": may_write and may_move(found.planned.entry, [pen_of(request)]),
        "is_lead": request.viewer.has(Role.LEAD),
        "may_confirm": found.may_be_confirmed_by(request.viewer.seat),
        "k": request.pack.k,
        "record_head": head_of(request.program),
    }
    return render(request, "meetings/meeting.html", context)


def _meeting(request: ViewerRequest, slug: str) -> MeetingShown:
    return or_404(queries.meeting_for(request.program, slug, lang_of(request)))


def _there(request: ViewerRequest, slug: str) -> str:
    return to(request, "meetings:meeting", meeting=slug)


@open_to(Role.LEAD, Role.STEWARD)
def plan_meeting(request: ViewerRequest) -> HttpResponseBase:
    """Plan a meeting; its day and agenda go on the record."""
    cohort = seat_of_viewer(request.viewer).cohort if request.viewer.seat else cohort_or_404(request)
    form = MeetingForm(posted(request), pack=request.pack, stands="")

    def act(typed: Typed) -> str:
        made = actions.plan_meeting(
            cohort=cohort,
            slug=queries.slug_for(request.program, typed["title"], typed["on"]),
            starts_at=typed["starts_at"],
            ends_at=typed["ends_at"],
            place=typed["place"],
            words={lang_of(request): {name: typed[name] for name in ("title", "agenda")}},
            by=pen_of(request),
            now=request.now,
        )
        return _there(request, made.slug)

    return press(request, form, act, str) or render(request, "meetings/plan_meeting.html", {"form": form})


@open_to(Role.LEAD, Role.STEWARD)
def change_meeting(request: ViewerRequest, meeting: str) -> HttpResponseBase:
    """Move a meeting to another day, hour or place, or cancel it."""
    found, zone = _meeting(request, meeting), ZoneInfo(request.pack.time_zone)
    row, by, now = found.row, pen_of(request), request.now
    begins, ends = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)
    initial = {"on": begins.date(), "begins": begins.time(), "ends": ends.time(), "place": row.place}
    cancels = "cancel" in request.POST
    form = MeetingForm(
        {**initial, "cancel": "1"} if cancels else posted(request),
        stands=f"{begins} {ends} {row.place}",
        pack=request.pack,
        moving=True,
        initial=initial,
    )

    def act(typed: Typed) -> None:
        if cancels:
            actions.cancel_meeting(meeting=row, by=by, now=now)
        else:
            moved = {name: typed[name] for name in ("starts_at", "ends_at", "place")}
            actions.move_meeting(meeting=row, by=by, now=now, **moved)

    context = {"form": form, "meeting": found, "on": begins.date(), "hours": hours_of(row, request.pack)}
    return press(request, form, act, _there(request, meeting)) or render(
        request, "meetings/change_meeting.html", context
    )


def _minutes_form(request: ViewerRequest, row: Meeting, seats: list[Seat]) -> MinutesForm:
    """Make the form of minutes as they were saved; names are asked only where a rule of the pack keeps them."""
    rule = queries.attendance_rule(request.pack)
    draft, lang = queries.draft_of(row), lang_of(request)
    initial: dict[str, Any] = {"came": queries.came_to(row)}
    if draft:
        lists = {name: "\n\n".join(getattr(draft, name)) for name in ("decisions", "minority")}
        initial |= {**vars(draft), **lists}
    names = [(str(one.pk), one.person.called or one.public_id) for one in seats] if rule else []
    why = ""
    if rule:
        until = queries.erase_by(local_date(row.starts_at, request.pack), rule)
        why = _("%(rule)s demands the names. They are erased on %(day)s and are never on the public log.")
        why %= {"rule": rule.name.say(lang), "day": day_in_words(until)}
    stands = draft.saved_at.isoformat() if draft else ""
    languages = list(dict.fromkeys([*([draft.lang] if draft else []), lang]))
    return MinutesForm(
        posted(request), could_come=names, rule=why, languages=languages, initial=initial, stands=stands
    )


@open_to(Role.LEAD, Role.STEWARD)
def write_minutes(request: ViewerRequest, meeting: str) -> HttpResponseBase:
    """Write the minutes of a meeting; a lead can publish them from here."""
    found = _meeting(request, meeting)
    seats = queries.could_come(found.row, local_date(found.row.starts_at, request.pack))
    form = _minutes_form(request, found.row, seats)
    publishes = "publish" in request.POST and request.viewer.has(Role.LEAD)

    def act(typed: Typed) -> str:
        given = {name: typed[name] for name in ("minutes", "decisions", "minority", "people")}
        given["came"] = [one for one in seats if str(one.pk) in typed.get("came", ())]
        lang, by, now = typed.get("lang") or form.languages[0], pen_of(request), request.now
        saved = actions.save_minutes(meeting=found.row, lang=lang, by=by, now=now, **given)
        form.renew(saved.saved_at.isoformat())
        if not publishes:
            return to(request, "meetings:minutes", meeting=meeting)
        actions.publish_minutes(draft=saved, seat=seat_of_viewer(request.viewer), now=now)
        return _there(request, meeting)

    if went := press(request, form, act, str):
        return went
    context = {"form": form, "meeting": found, "draft": queries.draft_of(found.row)}
    return render(request, "meetings/minutes.html", {**context, "may_publish": request.viewer.has(Role.LEAD)})


@open_to(Role.LEAD)
def dissent(request: ViewerRequest, meeting: str) -> HttpResponseBase:
    """Say something beside minutes that are public."""
    action = partial(actions.dissent, lang=lang_of(request))
    return _beside(request, meeting, DissentForm(posted(request)), action, "meetings/dissent.html")


@open_to(Role.LEAD)
def confirm(request: ViewerRequest, meeting: str) -> HttpResponseBase:
    """Confirm minutes that another lead published."""
    return _beside(request, meeting, Form(posted(request)), actions.confirm, "meetings/confirm.html")


def _beside(
    request: ViewerRequest, slug: str, form: Form, action: Callable[..., Entry], page: str
) -> HttpResponseBase:
    """Let a lead enter something beside minutes that are public."""
    found = _meeting(request, slug)
    minutes, seat = or_404(found.row.minutes), seat_of_viewer(request.viewer)
    act = taking(action, program=request.program, minutes=minutes, seat=seat, now=request.now)
    return press(request, form, act, _there(request, slug)) or render(
        request, page, {"form": form, "meeting": found}
    )
