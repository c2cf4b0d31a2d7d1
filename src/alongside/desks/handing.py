"""The handover: what the next cohort takes up, told from the record."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from alongside.desks import saying
from alongside.desks.queries import unit_name
from alongside.desks.queries.handing import Asked, Handover, handover_of
from alongside.desks.timeline import StandingLine
from alongside.ground.gate.roles import Role, ViewerRequest, from_the_record, open_to
from alongside.ground.record import queries as record
from alongside.ground.record.models import MilestoneStanding
from alongside.ground.ui.addresses import lang_of, to


@dataclass(frozen=True)
class Next:
    """Something the next cohort takes up, with its day where it has one."""

    what: str
    about: str
    lang: str
    href: str
    due: date | None = None
    pen: str = "city"
    state: str = "owed"


@from_the_record
@open_to(Role.EVERYONE)
def handover(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show what a cohort leaves to the next one."""
    lang, today = lang_of(request), request.today
    found = handover_of(request.program, slug, lang, today)
    if found is None:
        raise Http404
    context = {
        "found": found,
        "name": found.seated.texts.get("name"),
        "today": today,
        "is_over": found.until < today,
        "lines": [_line(request, one, today) for one in found.asked],
        "ahead": ahead(request, found, today),
        "findings": [(one, one.entry.cites["engagement"][0]) for one in found.findings],
        "record_head": record.head_of(request.program),
    }
    return render(request, "desks/handover.html", context)


def ahead(request: ViewerRequest, found: Handover, today: date) -> list[Next]:
    """List what is still to be done, by date; what has no date comes first, because it is late already."""
    rows = [row for one in found.asked for row in _of_ask(request, found, one, today)]
    for index, course in found.courses.items():
        if course.report is None:
            told = found.told[index]
            href = to(request, "desks:thread", promise=index)
            due = course.report_back
            state = "late" if due < today else "owed"
            rows.append(
                Next(
                    _("People must hear back"),
                    told.say("title"),
                    told.lang("title"),
                    href,
                    due,
                    "community",
                    state,
                )
            )
    return sorted(rows, key=lambda one: (one.due is not None, one.due or today))


def _of_ask(request: ViewerRequest, found: Handover, one: Asked, today: date) -> list[Next]:
    unit = unit_name(request.pack, one.standing.unit, lang_of(request))
    rows = [_step(request, found, one, step, unit, today) for step in one.steps if step.verdict != "verified"]
    due = one.standing.due
    if one.standing.owes and due is not None:
        is_reply = one.standing.owes_reply
        what = _("%(unit)s owes a reply") if is_reply else _("%(unit)s owes an answer")
        about, lang = one.told.say("title"), one.told.lang("title")
        state = "late" if due < today else "owed"
        rows.append(Next(what % {"unit": unit}, about, lang, _href(request, one), due, "city", state))
    return rows


def _step(
    request: ViewerRequest,
    found: Handover,
    one: Asked,
    step: MilestoneStanding,
    unit: str,
    today: date,
) -> Next:
    told = found.told[step.commitment]
    pen, state = saying.milestone_mark(step, today)
    if step.verdict == "disputed":
        what, due = _("Two leads did not agree that it is done. %(unit)s must do it and say so again"), None
    elif step.claim is not None:
        what, due = _("%(unit)s says it is done. Two leads must go and look"), step.verify_due
    else:
        what, due = _("%(unit)s promised this"), step.due
    href = _href(request, one)
    return Next(
        what % {"unit": unit}, told.say(step.milestone), told.lang(step.milestone), href, due, pen, state
    )


def _href(request: ViewerRequest, one: Asked) -> str:
    if one.promise is None:
        return to(request, "record:entry", index=one.told.index)
    return f"{to(request, 'desks:thread', promise=one.promise)}#ask-{one.told.index}"


def _line(request: ViewerRequest, one: Asked, today: date) -> StandingLine:
    due = one.standing.due
    return StandingLine(
        number=0,
        heading=one.told.say("title"),
        lang=one.told.lang("title"),
        href=_href(request, one),
        marks=saying.marks_of(one.standing, one.steps, today),
        status=saying.where_it_stands(one.standing, one.steps, today),
        is_late=bool(due and due < today),
    )
