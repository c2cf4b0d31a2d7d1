"""What waits for a second person: which step, about which engagement, since when, and where whoever can take it does."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from alongside.chain.findings.queries import promises_to_confirm
from alongside.chain.keys.models import EngagementKey
from alongside.chain.keys.queries import vouches_that_stand, waiting_keys
from alongside.chain.proposals.queries import to_confirm as proposals_to_confirm
from alongside.chain.reader.models import OpenedList
from alongside.cohort.meetings.queries import to_confirm, with_words
from alongside.cohort.seats.models import CHECKS, SECONDS
from alongside.cohort.seats.queries.goodbyes import own_lists
from alongside.cohort.seats.queries.seconds import Second, seat_stepping_in, seconds_awaited
from alongside.core.workflow.seconds import WAIT_DAYS, Proposed
from alongside.ground.gate.roles import NotOpenToYou, Role, ViewerRequest, by_name, open_to
from alongside.ground.programs.models import Program
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.leads import lead_in_words
from alongside.ground.ui.steps import AHEAD
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries.drafts import title_of


@dataclass(frozen=True)
class Row:
    """A step that waits: its heading, where the viewer takes it if it is theirs, and the community body that can."""

    one: Second
    heading: str
    href: str
    body: str
    #: How many leads vouched for a key so far; None for every other step.
    vouched: int | None = None


@by_name
@open_to(Role.PERSON)
def seconds(request: ViewerRequest) -> HttpResponseBase:
    """List the steps that one lead took and that wait for a second person; for leads, and for who agreed to step in."""
    today, body = request.today, request.viewer.body
    agreed = {CHECKS, SECONDS} & {one.list for one in own_lists(request.program, request.viewer, today)}
    if not (request.viewer.has(Role.LEAD) or agreed or body):
        raise NotOpenToYou(frozenset({Role.LEAD}))
    seat = None if body else seat_stepping_in(request.program, request.viewer, today)
    proposals = [one for what in Proposed for one in proposals_to_confirm(request.program, what, today)]
    waiting = [*seconds_awaited(request.program, today), *proposals]
    about = _about(request, waiting)
    vouched = _vouched(request.program) if any(one.step == "vouch" for one in waiting) else {}
    mine: list[Row] = []
    others: list[Row] = []
    for one in waiting:
        is_bodys = one.body == body and one.opens <= today
        is_mine = is_bodys if body else seat is not None and one.is_for(seat, today)
        found = about.get((one.step, one.about))
        href = _href(request, one, found) if is_mine else ""
        named = request.pack.office_title(one.body, lang_of(request)) if one.body else ""
        (mine if is_mine else others).append(
            Row(
                one,
                _heading(request, one, found),
                href,
                named,
                vouched.get(one.about) if one.step == "vouch" else None,
            )
        )
    own, since = request.viewer.seat, request.now - AHEAD
    minutes = (
        with_words(request.program, to_confirm(request.program, own, since), lang_of(request)) if own else []
    )
    context = {"mine": mine, "others": others, "minutes": minutes, "today": today, "days": WAIT_DAYS}
    return render(request, "desks/seconds.html", context)


def _vouched(program: Program) -> dict[str, int]:
    """Say of each key that waits, by its number, how many leads vouched for it. Two queries for each."""
    rows = RowsLog.of(program)
    return {str(one.pk): len(vouches_that_stand(rows, one)) for one in waiting_keys(program)}


def _about(request: ViewerRequest, waiting: list[Second]) -> dict[tuple[str, str], Engagement]:
    """Give the engagement that each step is about, where it is about one. Four queries."""
    promises = promises_to_confirm(request.program, [one.about for one in waiting])
    return _awaited(
        request.program,
        [(one.step, one.about) for one in waiting],
        {("finding", hashed): promise for hashed, promise in promises.items()}
        | {(one.step, one.about): int(one.about) for one in waiting if one.step in Proposed},
    )


def _awaited(
    program: Program, steps: Collection[tuple[str, str]], promised: Mapping[tuple[str, str], int]
) -> dict[tuple[str, str], Engagement]:
    """Give the engagement that each step which waits for a second lead is about: of a key, of a list, or by its promise. Three queries."""
    keyed = [(step, int(about)) for step, about in steps if step in {"test", "destroy"}]
    listed = [int(about) for step, about in steps if step == "opened"]
    keys = EngagementKey.objects.filter(program=program, entry__in=[entry for _step, entry in keyed])
    slugs = dict(keys.values_list("entry", "engagement"))
    lists = OpenedList.objects.filter(program=program, pk__in=listed).values_list("pk", "promise")
    promises = {**promised, **{("opened", str(pk)): promise for pk, promise in lists}}
    rows = Engagement.objects.filter(
        Q(slug__in=slugs.values()) | Q(promise__in=promises.values()), program=program
    )
    every = list(rows)
    by_slug, by_promise = {one.slug: one for one in every}, {one.promise: one for one in every}
    found = {(step, str(entry)): by_slug.get(slugs.get(entry, "")) for step, entry in keyed}
    found |= {what: by_promise.get(promise) for what, promise in promises.items()}
    return {what: one for what, one in found.items() if one}


def _heading(request: ViewerRequest, one: Second, found: Engagement | None) -> str:
    if one.step == "vouch":
        about = lead_in_words(one.first.public_id)
    else:
        about = title_of(found, lang_of(request))[0] if found else ""
    return _("%(step)s: %(what)s") % {"step": one.what, "what": about} if about else str(one.what)


def _href(request: ViewerRequest, one: Second, found: Engagement | None) -> str:
    if one.step == "check":
        return to(request, "commitments:check", claim=int(one.about))
    if request.viewer.body:
        return to(request, "keys:body_destroys", entry=int(one.about))
    if one.step == "vouch":
        return f"{to(request, 'reader:reader')}#vouch-{one.first.public_id}"
    return to(request, "reader:read", slug=found.slug) if found else to(request, "reader:reader")
