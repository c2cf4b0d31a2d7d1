"""A unit says that a milestone is done; two leads look."""

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from alongside.chain.commitments import actions, queries
from alongside.chain.commitments.forms import CheckForm, ClaimForm
from alongside.cohort.seats.queries import ties_in
from alongside.core.entries import GrammarError
from alongside.core.refusals import Refused
from alongside.ground.gate.roles import NotOpenToYou, Role, ViewerRequest, open_to
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.done import Done, DoneAlready, after
from alongside.ground.ui.refusals import refusal_text


@open_to(Role.STAFF)
def claim(request: ViewerRequest, commitment: int, milestone: str) -> HttpResponseBase:
    """Say that a milestone is done, with words and links."""
    found = queries.to_claim(request.program, request.viewer, commitment, milestone, lang_of(request))
    office = request.viewer.office_in(found.standing.unit) if found else None
    if found is None or office is None:
        done = queries.claimed(request.program, request.viewer, commitment, milestone, lang_of(request))
        if done:
            raise DoneAlready(to(request, "record:entry", index=done.index), texts=done.texts)
        raise Http404
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {
            "program": request.program,
            "commitment": commitment,
            "milestone": milestone,
            "office": office,
        }
        typed = {name: form.cleaned_data[name] for name in ("words", "links")}
        try:
            actions.claim_delivery(**given, **typed, lang=lang_of(request), now=request.now)
        except GrammarError as error:
            form.add_error(None, refusal_text(error, request.pack))
        else:
            return HttpResponseRedirect(after(to(request, "desks:unit"), Done.RECORDED))
    return render(request, "commitments/claim.html", {"found": found, "form": form})


@open_to(Role.PERSON)
def checks(request: ViewerRequest) -> HttpResponseBase:
    """List what waits for a check by the viewer: a lead, or someone who sat here and agreed to check."""
    today = request.today
    given = (lang_of(request), today)
    if request.viewer.body:
        found: list[queries.Step] | None = queries.waiting_for_body(
            request.program, request.viewer.body, *given
        )
    else:
        found = queries.waiting_checks(request.program, request.viewer, *given)
    if found is None:
        raise NotOpenToYou(frozenset({Role.LEAD}))
    return render(
        request, "commitments/checks.html", {"found": found, "today": today, "body": request.viewer.body}
    )


@open_to(Role.PERSON)
def check(request: ViewerRequest, claim: int) -> HttpResponseBase:
    """Write down what a lead saw; a second lead who agrees puts it on the record."""
    found = queries.to_check(request.program, claim, lang_of(request))
    if found is None:
        if done := queries.checked(request.program, request.viewer, claim):
            raise DoneAlready(to(request, "record:entry", index=done.index), texts=done.texts)
        raise Http404
    today = request.today
    body = request.viewer.body
    seat = None if body else queries.seat_to_check(request.program, request.viewer, found, today)
    if seat is None and not body:
        raise NotOpenToYou(frozenset({Role.LEAD}))
    ties = ties_in(request.program, request.pack)
    keeps = ties.keeps(seat, found.standing) if seat else ""
    form = CheckForm(request.POST or None, may_confirm=keeps in {"", "tied"})
    if request.method == "POST" and form.is_valid():
        given = {"program": request.program, "claim": claim, "lang": lang_of(request)}
        data = {name: form.cleaned_data[name] for name in ("completion", "words")}
        data |= {"verdict": form.verdict, "now": request.now}
        try:
            if seat is None:
                entry: object = actions.check_as_body(**given, **data, body=body)
            else:
                entry = actions.check_delivery(**given, **data, seat=seat)
        except Refused as error:
            form.add_error(None, refusal_text(error, request.pack))
        else:
            page = "desks:week" if request.viewer.has(Role.LEAD) else "commitments:checks"
            return HttpResponseRedirect(after(to(request, page), Done.RECORDED if entry else Done.CHECKED))
    looked = queries.checks_of(request.program, claim)
    context = {
        "found": found,
        "form": form,
        "others": [one for one in looked if one.seat.person_id != request.viewer.person_id],
        "is_again": any(one.seat.person_id == request.viewer.person_id for one in looked),
        "is_paid_by_them": keeps == "tied",
        "steward_says_so": keeps == "said",
        "went_through": keeps == "passed",
        "body": request.pack.office_title(body, lang_of(request)) if body else "",
    }
    return render(request, "commitments/check.html", context)
