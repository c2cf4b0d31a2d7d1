"""What waits for a second person, and who that can be."""

from dataclasses import dataclass

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alongside.cohort.seats.queries.checking import Second, seconds_awaited
from alongside.cohort.seats.queries.leaving import last_seat, own_lists
from alongside.cohort.seats.views.asking import now_and_today
from alongside.ground.gate import AskedHttpRequest, NotOpenToYou, Role, open_to
from alongside.ground.look.addresses import lang_of, to_if_there

STEPS: dict[str, str | Promise] = {
    "check": _("Look whether something was delivered"),
    "destroy": _("Destroy a key"),
    "finding": _("Confirm a finding that rests on few voices"),
    "opened": _("Sign the list of what was opened"),
    "test": _("Open a test voice with a new key"),
    "vouch": _("Vouch for a lead’s key"),
}


@dataclass(frozen=True)
class Row:
    """A step as the page shows it: what it is, where it is taken, who can take it, and whether the asker can."""

    what: str | Promise
    href: str
    second: Second
    seats: list[str]
    is_mine: bool
    is_open: bool
    body: str


@open_to(Role.PERSON)
def seconds(request: AskedHttpRequest) -> HttpResponseBase:
    """List the steps that one lead took and that wait for a second person; for leads, and for who agreed to step in."""
    _now, today = now_and_today(request)
    agreed = {"checks", "seconds"} & {one.list for one in own_lists(request.program, request.asker, today)}
    body = request.asker.body
    if not (request.asker.has(Role.LEAD) or agreed or body):
        raise NotOpenToYou(frozenset({Role.LEAD}))
    seat = None if body else last_seat(request.program, request.asker, today)
    rows = [
        Row(
            what=STEPS[one.step],
            href=_href(request, one),
            second=one,
            seats=[each.public_id for each in one.leads],
            is_mine=one.body == body and one.opens <= today
            if body
            else seat is not None and one.is_for(seat, today),
            body=request.pack.office_title(one.body, lang_of(request)) if one.body else "",
            is_open=one.opens <= today,
        )
        for one in seconds_awaited(request.program, today)
    ]
    return render(request, "seats/seconds.html", {"rows": rows, "today": today})


def _href(request: AskedHttpRequest, one: Second) -> str:
    if one.step == "check":
        return to_if_there(request, "commitments:check", claim=int(one.about)) or ""
    if request.asker.body:
        return to_if_there(request, "voices:body_destroys", entry=int(one.about)) or ""
    return to_if_there(request, "voices:reader") or ""
