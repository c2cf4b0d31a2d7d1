"""A unit says that a milestone is done; two leads look."""

from functools import partial
from typing import Any

from django.forms.models import model_to_dict
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from alongside.chain.commitments import actions, queries
from alongside.chain.commitments.forms import CheckForm, ClaimForm
from alongside.cohort.seats.actions import declare_post
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.seats import too_new
from alongside.cohort.seats.queries.seconds import new_until, ties_in
from alongside.core.entries import STEWARD
from alongside.core.grammar.commitments import ALSO_LOOKED, LOOKED
from alongside.ground.gate.roles import NotOpenToYou, Role, ViewerRequest, open_to, or_404
from alongside.ground.record.models import MilestoneStanding
from alongside.ground.record.places import page_of_ask
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.done import AlreadyDoneError, Done, after
from alongside.ground.ui.pages import ROWS, page_of
from alongside.ground.ui.press import Typed, posted, press
from alongside.work.partners.queries import Talk, people_in, places_for, rooms_above, talks_of


@open_to(Role.STAFF)
def claim(request: ViewerRequest, commitment: int, milestone: str) -> HttpResponseBase:
    """Say that a milestone is done, with words and links."""
    found = queries.to_claim(request.program, request.viewer, commitment, milestone, lang_of(request))
    office = request.viewer.office_in(found.standing.unit) if found else None
    if found is None or office is None:
        done = or_404(queries.claimed(request.program, request.viewer, commitment, milestone))
        raise AlreadyDoneError(to(request, "record:entry", index=done))
    form = ClaimForm(posted(request))

    def act(typed: Typed) -> None:
        about = {"program": request.program, "commitment": commitment, "milestone": milestone}
        said = {name: typed[name] for name in ("words", "links")}
        actions.claim_delivery(**about, office=office, **said, lang=lang_of(request), now=request.now)

    seen, days_late = found.check, found.standing.days_late(request.today)
    talk = _talk_of(request, found.standing)
    context = {
        "found": found,
        "form": form,
        "days_late": days_late,
        "talk": talk,
        **_read_by(request, talk),
        "wrote": talk.on.get(found.standing.address) if talk else None,
        "saw": [seen.texts.get(one) for one in (LOOKED, ALSO_LOOKED) if one in seen.entry.texts]
        if seen
        else [],
    }
    return press(request, form, act, after(to(request, "desks:unit"), Done.RECORDED)) or render(
        request, "commitments/claim.html", context
    )


def _talk_of(request: ViewerRequest, owed: MilestoneStanding) -> Talk | None:
    """Give the partner room where the viewer tells leads why something is or will be late; None where no project or workplan of theirs is known."""
    program, viewer = request.program, request.viewer
    log = RowsLog.at(program, request.stand.log, request.stand.size)
    rooms = places_for(program, log, request.pack, viewer)
    above = rooms_above(program, [owed.ask]) if rooms else {}
    return talks_of(above, rooms, viewer.answers_for, request.today).get(owed.ask)


def _read_by(request: ViewerRequest, talk: Talk | None) -> dict[str, int]:
    """Say how many leads read what is written in a room, and for how many days it is kept."""
    if talk is None:
        return {}
    here = people_in(talk.place.room, request.today, lang_of(request))
    leads = sum(one.pen == "community" for one in here)
    return {"leads": leads, "kept_days": request.pack.charter.message_kept_days}


@open_to(Role.PERSON)
def checks(request: ViewerRequest) -> HttpResponseBase:
    """List what waits for a check by the viewer: a lead, or someone who sat here and agreed to check."""
    program, today, body = request.program, request.today, request.viewer.body
    waiting = (
        queries.waiting_for_body(program, body, today)
        if body
        else queries.waiting_checks(program, request.viewer, today)
    )
    if waiting is None:
        raise NotOpenToYou(frozenset({Role.LEAD}))
    page = page_of(waiting, request.GET.get("page"))
    late = queries.not_done(program, today)
    shown = queries.with_words(program, [*page, *late[:ROWS]], lang_of(request))
    found, not_done = shown[: len(page)], shown[len(page) :]
    seat = queries.seat_to_check(program, request.viewer, found[0], today) if found and not body else None
    ties = ties_in(program, request.pack) if seat else None
    tied = {one.standing.claim for one in found if seat and ties and ties.keeps(seat, one.standing)}
    shows = [one.standing.claim for one in found] if seat else []
    context = {
        "found": found,
        "late": [(one, one.standing.days_late(today), _kept_at(request, one)) for one in not_done],
        "more": len(late) - len(not_done),
        "page": page,
        "today": today,
        "body": body,
        "tied": tied,
        "looked": {one.claim for one in queries.checks_of(program, seat=seat, claim__in=shows)},
    }
    return render(request, "commitments/checks.html", context | {"only_not": queries.only_not()})


def _kept_at(request: ViewerRequest, one: queries.Step) -> str:
    """Give the place in its thread that tells whether something that was asked for is kept; its entry where it has none."""
    own = to(request, "record:entry", index=one.ask.index)
    return page_of_ask(partial(to, request), one.ask.entry, {}, one.standing.anchor) or own


def _from_here(request: ViewerRequest) -> str:
    """Give where whoever checked goes on: a lead's desk, or the list of checks."""
    return to(request, "desks:week" if request.viewer.has(Role.LEAD) else "commitments:checks")


def _kept_from(request: ViewerRequest, seat: Seat | None, one: MilestoneStanding) -> dict[str, Any]:
    """Say what keeps a lead from a check, for the page: a tie, also one of an earlier post that the log does not tell, or a new seat."""
    ties = ties_in(request.program, request.pack)
    keeps = ties.keeps(seat, one) if seat else ""
    first = new_until(request.program, seat.public_id, request.today) if seat else None
    served = ties.untold_post(seat, one) if seat and seat.pk == request.viewer.seat_id else ""
    return {
        "may_confirm": keeps in {"", "tied"},
        "is_paid_by_them": keeps == "tied",
        "steward_says_so": keeps == "said",
        "went_through": keeps == "passed",
        "too_new": too_new(first) if first else "",
        "served": served,
        "served_unit": "" if served in {"", STEWARD} else request.pack.unit_name(served, lang_of(request)),
    }


@open_to(Role.PERSON)
def check(request: ViewerRequest, claim: int) -> HttpResponseBase:
    """Write down what a lead saw; a second lead who agrees puts it on the record."""
    lang, body = lang_of(request), request.viewer.body
    found = queries.to_check(request.program, claim, lang)
    if found is None:
        entry = or_404(queries.checked(request.program, claim))
        raise AlreadyDoneError(to(request, "record:entry", index=entry))
    seat = None if body else queries.seat_to_check(request.program, request.viewer, found, request.today)
    if seat is None and not body:
        raise NotOpenToYou(frozenset({Role.LEAD}))
    if "take_back" in request.POST:
        actions.take_back_check(program=request.program, claim=claim, person=request.user)
        return HttpResponseRedirect(after(to(request, "commitments:check", claim=claim), Done.WITHDRAWN))
    kept = _kept_from(request, seat, found.standing)
    if seat and "served" in request.POST:
        if kept["served"]:
            declare_post(seat=seat, served=kept["served"], now=request.now)
        return HttpResponseRedirect(after(to(request, "commitments:check", claim=claim), Done.RECORDED))
    looked, me = queries.checks_of(request.program, claim=claim), request.viewer.person_id
    own = [model_to_dict(one, ["completion", "words"]) for one in looked if one.seat.person_id == me]
    form = CheckForm(posted(request), may_confirm=kept["may_confirm"], initial=own[0] if own else None)

    def act(typed: Typed) -> Done:
        given = {"program": request.program, "claim": claim, "lang": lang, "now": request.now, **typed}
        if seat is None:
            actions.check_as_body(**given, body=body)
            return Done.RECORDED
        return Done.RECORDED if actions.check_delivery(**given, seat=seat) else Done.CHECKED

    if went := press(request, form, act, lambda told: after(_from_here(request), told)):
        return went
    context = kept | {
        "found": found,
        "form": form,
        "others": [one for one in looked if one.seat.person_id != me],
        "days_late": found.standing.days_late(request.today),
        "before": queries.seen_before(request.program, found.standing, lang),
        "lost": queries.lost_check(request.program, claim, request.viewer),
        "body": request.pack.office_title(body, lang) if body else "",
    }
    return render(request, "commitments/check.html", context)
