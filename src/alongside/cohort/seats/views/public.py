"""What everyone sees of a cohort: its seats and empty seats, its charter, its meetings, the profiles leads show."""

from datetime import date
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.formats import time_format

from alongside.cohort.seats.models import Meeting
from alongside.cohort.seats.queries import charters, cohorts, meetings, moves, saying
from alongside.cohort.seats.queries.cohorts import SeatShown
from alongside.cohort.seats.views.asking import cohort_or_404, now_and_today, pen_of, seat_or_404
from alongside.core.grammar.v1.charter import may_move
from alongside.core.policy import Pack
from alongside.ground.gate import AskedHttpRequest, Role, from_the_record, open_to
from alongside.ground.look.addresses import lang_of
from alongside.ground.record.queries import head_of

type SeatRow = tuple[SeatShown, list[tuple[str, date]]]


def _never_kept(response: HttpResponse) -> HttpResponse:
    """Let no browser and no relay keep a page with a profile, so that taking it down works at once."""
    response["Cache-Control"] = "no-store"
    return response


def _rows(seats: list[SeatShown]) -> list[SeatRow]:
    return [(one, [(str(saying.ROLES[held.role]), held.from_date) for held in one.roles]) for one in seats]


@from_the_record
@open_to(Role.EVERYONE)
def cohort(request: AskedHttpRequest, slug: str | None = None) -> HttpResponseBase:
    """Show a cohort: who sits by seat, until when, which seats are empty and for how long."""
    lang, (_now, today) = lang_of(request), now_and_today(request)
    if slug is None and cohorts.cohort_now(request.program, today) is None:
        return render(request, "seats/nobody.html", {"before": cohorts.cohort_names(request.program, lang)})
    found = cohort_or_404(request, slug)
    shown = cohorts.show_cohort(found, request.pack, lang, today)
    context = {
        "cohort": shown,
        "sitting": _rows(shown.sitting),
        "over": shown.over,
        "others": [one for one in cohorts.cohort_names(request.program, lang) if one[0].pk != found.pk],
        "charter": charters.charter_now(found, lang),
        "founding": cohorts.founding_of(request.program),
        "removal": moves.removal_of(request.program, request.asker, today)
        if request.asker.person_id
        else None,
        "today": today,
        "has_sat": bool(request.asker.person_id) and moves.has_sat(request.program, request.asker),
        "vacancy_days": request.pack.clocks.vacancy_days,
        "record_head": head_of(request.program),
    }
    return _never_kept(render(request, "seats/cohort.html", context))


@from_the_record
@open_to(Role.EVERYONE)
def lead(request: AskedHttpRequest, seat: str) -> HttpResponseBase:
    """Show the profile that a lead made public; there is no page for those who show none."""
    lang, (_now, today) = lang_of(request), now_and_today(request)
    found = seat_or_404(request, seat)
    shown = cohorts.show_cohort(found.cohort, request.pack, lang, today)
    row = next((one for one in _rows(shown.seats) if one[0].public_id == seat), None)
    if row is None or row[0].profile is None:
        raise Http404
    context = {"seat": row[0], "roles": row[1], "cohort": shown}
    return _never_kept(render(request, "seats/lead.html", context))


@from_the_record
@open_to(Role.EVERYONE)
def charter(request: AskedHttpRequest, cohort: str) -> HttpResponseBase:
    """Show a cohort's charter with who signed it, to read or to print."""
    lang, (_now, today) = lang_of(request), now_and_today(request)
    found = cohort_or_404(request, cohort)
    standing = charters.charter_now(found, lang)
    seats = cohorts.seats_in(found, today)
    waits = [one for one in [*seats, "steward"] if standing and one not in standing.signed]
    signed = standing.signed.items() if standing else ()
    data = standing.told.entry.data if standing else {}
    context = {
        "cohort": found,
        "charter": standing,
        "parts": [(saying.PARTS[name], one) for name, one in standing.parts] if standing else [],
        "signed": [(saying.who(by, request.pack, lang), index, on) for by, (index, on) in signed],
        "waits": [saying.who(one, request.pack, lang) for one in waits],
        "hears": {
            name: saying.who(who, request.pack, lang)
            for name, who in data.items()
            if who and name != "cohort"
        },
        "in_force": standing is not None and standing.is_in_force(seats),
        "may_sign": (request.asker.seat in waits) or (request.asker.has(Role.STEWARD) and "steward" in waits),
        "record_head": head_of(request.program),
    }
    return render(request, "seats/charter.html", context)


def hours_of(row: Meeting, pack: Pack) -> str:
    """Say from when to when a meeting takes place, in the program's own time."""
    zone = ZoneInfo(pack.time_zone)
    begins, ends = row.starts_at.astimezone(zone), row.ends_at.astimezone(zone)
    return f"{time_format(begins.time())} – {time_format(ends.time())} ({begins.tzname()})"


@from_the_record
@open_to(Role.EVERYONE)
def all_meetings(request: AskedHttpRequest) -> HttpResponseBase:
    """List meetings: those to come, then those held with what was decided."""
    lang, (_now, today) = lang_of(request), now_and_today(request)
    found = meetings.meetings_of(request.program, lang)
    zone = ZoneInfo(request.pack.time_zone)
    rows = [
        (one, one.row.starts_at.astimezone(zone).date(), hours_of(one.row, request.pack)) for one in found
    ]
    ahead = [row for row in rows if row[1] >= today and not row[0].is_cancelled and not row[0].held]
    context = {
        "ahead": ahead[::-1],
        "past": [row for row in rows if row not in ahead],
        "may_plan": request.asker.has(Role.LEAD, Role.STEWARD),
        "record_head": head_of(request.program),
    }
    return render(request, "seats/meetings.html", context)


@from_the_record
@open_to(Role.EVERYONE)
def meeting(request: AskedHttpRequest, meeting: str) -> HttpResponseBase:
    """Show one meeting: agenda, and once leads publish them, minutes, decisions and minority positions."""
    found = meetings.meeting_for(request.program, meeting, lang_of(request))
    if found is None:
        raise Http404
    zone, may_write = ZoneInfo(request.pack.time_zone), request.asker.has(Role.LEAD, Role.STEWARD)
    context = {
        "meeting": found,
        "on": found.row.starts_at.astimezone(zone).date(),
        "hours": hours_of(found.row, request.pack),
        "may_write": may_write,
        "may_change": may_write and may_move(found.planned.entry, [pen_of(request)]),
        "is_lead": request.asker.has(Role.LEAD),
        "k": request.pack.k,
        "record_head": head_of(request.program),
    }
    return render(request, "seats/meeting.html", context)
