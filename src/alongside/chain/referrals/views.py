"""The doors of the reader for what goes to an office, the office's page, and the list by which a receipt finds its own."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from alongside.chain.proposals.actions import drop as drop_proposal
from alongside.chain.proposals.queries import as_sent
from alongside.chain.reader.views.api.doors import Reader, opened_door, reader_door
from alongside.chain.referrals import actions, queries
from alongside.chain.referrals.forms import ReplyForm, read_said
from alongside.core.workflow.seconds import Proposed
from alongside.ground.gate.roles import Role, ViewerRequest, by_name, open_to, or_404
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.bodies import blob, read_json, words
from alongside.ground.ui.press import Typed, posted, press


@reader_door("GET", "POST")
def waiting(request: ViewerRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Give what waits for a second lead, of which voices something was given, and the offices; or take a proposal."""
    promise = opened_door(request, slug, reader.seat).promise.index
    if request.method == "POST":
        body = read_json(request)
        actions.propose(
            program=request.program,
            promise=promise,
            seat=reader.seat,
            sealed=blob(body, "sealed"),
            digest=words(body, "digest", 64),
            now=reader.now,
        )
    listed = as_sent(request.program, Proposed.OFFICE, promise, reader.seat, request.today)
    offices = queries.offices_held(request.program, request.pack, lang_of(request), request.today)
    given = queries.given_marks(request.program, promise)
    return JsonResponse({"waiting": listed, "given": given, "offices": offices})


@reader_door("POST")
def give(request: ViewerRequest, reader: Reader, slug: str, key: UUID) -> HttpResponseBase:
    """Take a second lead's word: now the office has it."""
    promise = opened_door(request, slug, reader.seat).promise.index
    given = {"program": request.program, "promise": promise, "proposal": key, "seat": reader.seat}
    said = read_said(read_json(request))
    made = actions.give(**given, said=said, now=reader.now)
    return JsonResponse({"answer_by": made.answer_by.isoformat()})


@reader_door("POST")
def drop(request: ViewerRequest, reader: Reader, slug: str, key: UUID) -> HttpResponseBase:
    """Take out what waits for a second lead."""
    promise = opened_door(request, slug, reader.seat).promise.index
    given = {"program": request.program, "promise": promise, "proposal": key, "seat": reader.seat}
    drop_proposal(what=Proposed.OFFICE, now=reader.now, **given)
    return JsonResponse({"dropped": True})


@by_name
@open_to(Role.LEAD, Role.STAFF)
def every(request: ViewerRequest) -> HttpResponseBase:
    """List what offices were given: to leads all of it, to staff what their bureau was given."""
    found = queries.passed(request.program, request.pack, request.viewer, lang_of(request), request.today)
    return render(request, "referrals/every.html", {"found": found})


@by_name
@open_to(Role.LEAD, Role.STAFF)
def one(request: ViewerRequest, key: UUID) -> HttpResponseBase:
    """Show what an office was given, and take in its reply."""
    lang = lang_of(request)
    given = (request.program, request.pack, request.viewer, lang, request.today)
    found = or_404(queries.passed_one(*given, key))
    form = ReplyForm(posted(request) if found.may_reply else None)

    def act(typed: Typed) -> None:
        actions.reply(
            referral=found.row, person=request.user, words=typed["words"], lang=lang, now=request.now
        )

    there = to(request, "referrals:one", key=key)
    return press(request, form, act, there) or render(
        request, "referrals/one.html", {"one": found, "form": form}
    )


@open_to(Role.EVERYONE)
@require_GET
def given(request: ViewerRequest) -> HttpResponseBase:
    """Give of which voices something was given, hashed anew for every answer; the browser looks for its own."""
    response = HttpResponse(queries.given_list(request.program), content_type="application/octet-stream")
    response["Cache-Control"] = "no-store"
    return response
