"""The pages on which residents judge statements, without an account and without a script, and see where people lean; the doors of the reader for statements that people offer."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from alongside.chain.opinions import actions, queries
from alongside.chain.opinions.forms import CodeForm, VoteForm, read_decided
from alongside.chain.proposals.actions import drop as drop_proposal
from alongside.chain.reader.views.api.doors import Reader, opened_door, reader_door, signed_of
from alongside.core.canonical import canonical
from alongside.core.opinions.answers import code_hash
from alongside.core.questions import STATEMENT, number_of
from alongside.core.refusals import UnusableInputError
from alongside.core.sealing import receipt
from alongside.core.workflow.seconds import Proposed
from alongside.ground.gate.limits import VOICES_AN_HOUR, VOTES_AN_HOUR, Doorman, address_of
from alongside.ground.gate.roles import Role, ViewerRequest, by_name, open_to, or_404
from alongside.ground.texts.actions import LegalHoldError
from alongside.ground.ui import untranslated
from alongside.ground.ui.addresses import lang_of
from alongside.ground.ui.bodies import blob, read_json, words
from alongside.ground.ui.context import Carried
from alongside.ground.ui.refusals import refusal_text
from alongside.work.engagements.asking import Statement

DOOR = Doorman(most=VOTES_AN_HOUR, name="votes")
STARTS = Doorman(most=VOICES_AN_HOUR, name="vote-codes")
TOO_MANY, UNREADABLE = 429, 422


@csrf_exempt  # residents' pages set no cookie, so there is no form token; OriginMiddleware guards this door
@open_to(Role.EVERYONE)
def judge(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Say what a choice is before the first one, then ask one statement at a time.

    The code stands in the form of the page and in no address, so each answer to a press is the next page itself. Another language is a
    press, too, which takes the code along.
    """
    asked = or_404(queries.asked(request.program, slug, lang_of(request), request.stand))
    if request.method != "POST":
        return _page(request, asked, form=CodeForm())
    step = request.POST.get("step", "")
    door = STARTS if step == "start" else DOOR
    with untranslated.marking():  # what answers a press is a page, and none of its words is kept
        if door.knock(address_of(request), request.now):
            return render(request, "429.html", status=TOO_MANY)
        response = STEPS.get(step, _come_back)(request, asked)
    if response.status_code == HTTPStatus.OK:
        # A browser keeps the page until the person goes back to it; "no-store" would end there with an error, and the number lost.
        # A page that says a problem is not kept: it holds what was typed, which can be a receipt.
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def _page(request: ViewerRequest, asked: queries.Asked, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "asked": asked,
        "is_open": asked.is_open(request.today),
        "stage": asked.door.state(request.today),
    }
    page = "opinions/taking.html" if asked.taking else "opinions/judge.html"
    return render(request, page, {**context, **more}, status=status)


def _start(request: ViewerRequest, asked: queries.Asked) -> HttpResponse:
    """Make a code, which is kept nowhere, and ask the first statement under it."""
    code = queries.new_code(request.program, asked.promise.index, taken=asked.taking)
    return _next(request, asked, code, is_new=True)


def _next(
    request: ViewerRequest, asked: queries.Asked, code: bytes, *, wanted: int = 0, **more: Any
) -> HttpResponse:
    """Ask the statement that is wanted, else the next one; show what was chosen so far."""
    done = queries.chosen(request.program, asked.promise.index, code_hash(code))
    one = asked.statement(wanted) or queries.next_statement(request.program, asked, done)
    said = [
        (each, queries.ANSWERS[done[number]])
        for number, each in zip(asked.numbers, asked.statements, strict=True)
        if number in done
    ]
    told: dict[str, Any] = {
        "code": receipt.grouped(code),
        "one": one,
        "said": said,
        "answers": queries.CHOICES,
        "number_first": asked.taking and more.get("is_new", False),
        "carried": _carried(code, one, asked),
    }
    return _page(request, asked, **told, **more)


def _carried(code: bytes, one: Statement | None, asked: queries.Asked) -> Carried:
    """Give what goes along to another language: the number, and the statement that is shown."""
    shown = [("statement", one.id)] if one else []
    return Carried([("code", receipt.grouped(code)), ("step", "stay"), *shown], asked.taking)


def _stay(request: ViewerRequest, asked: queries.Asked) -> HttpResponse:
    """Show the same again in the language of this page, also where nothing was chosen yet."""
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, UNREADABLE, form=form)
    code = form.cleaned_data["code"]
    if not queries.is_known(request.program, asked.promise.index, code):
        return _unknown(request, asked)
    shown = request.POST.get("statement", "")
    return _next(request, asked, code, wanted=number_of(shown) if STATEMENT.match(shown) else 0)


def _stop(request: ViewerRequest, asked: queries.Asked) -> HttpResponse:
    """Say that what was chosen counts, and where to go on; the number is on this page no more."""
    return _page(request, asked, form=CodeForm(), is_stopped=True)


def _come_back(request: ViewerRequest, asked: queries.Asked) -> HttpResponse:
    """Go on under a code under which something was said."""
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, UNREADABLE, form=form)
    code = form.cleaned_data["code"]
    if not queries.chosen(request.program, asked.promise.index, code_hash(code)):
        return _unknown(request, asked)
    return _next(request, asked, code)


def _unknown(request: ViewerRequest, asked: queries.Asked) -> HttpResponse:
    """Say that nothing is known of a code whose digits are right."""
    form = CodeForm(request.POST)
    form.add_error(
        "code",
        _(
            "We find no choices under this number. If they were withdrawn, they are gone. If not, check each digit, or start anew."
        ),
    )
    return _page(request, asked, UNREADABLE, form=form, is_unknown=True)


def _vote(request: ViewerRequest, asked: queries.Asked) -> HttpResponse:
    """Keep one answer, and ask the next statement."""
    form = VoteForm(request.POST)
    if not form.is_valid():
        return _not_whole(request, asked)
    sent: dict[str, Any] = form.cleaned_data
    if not queries.is_known(request.program, asked.promise.index, sent["code"]):
        return _unknown(request, asked)
    given = {name: sent[name] for name in ("code", "number", "answer")}
    try:
        actions.vote(program=request.program, asked=asked, now=request.now, **given)
    except (UnusableInputError, LegalHoldError) as error:
        if getattr(error, "why", "") == "withdrawn":
            return _unknown(request, asked)
        return _next(request, asked, sent["code"], problem=refusal_text(error))
    return _next(request, asked, sent["code"])


def _not_whole(request: ViewerRequest, asked: queries.Asked) -> HttpResponse:
    """Lead on who sent what no page of ours sends."""
    problem = _("That did not arrive whole. Go on with your number.")
    return _page(request, asked, UNREADABLE, form=CodeForm(request.POST), problem=problem)


def _again(request: ViewerRequest, asked: queries.Asked) -> HttpResponse:
    """Ask a statement again that was judged."""
    form = VoteForm({**request.POST.dict(), "answer": "pass"})
    if not form.is_valid():
        return _come_back(request, asked)
    code, number = form.cleaned_data["code"], form.cleaned_data["number"]
    if number not in queries.chosen(request.program, asked.promise.index, code_hash(code)):
        return _not_whole(request, asked)
    return _next(request, asked, code, wanted=number)


def _withdraw(request: ViewerRequest, asked: queries.Asked) -> HttpResponse:
    """Delete all that was chosen under a code."""
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, UNREADABLE, form=form)
    code = form.cleaned_data["code"]
    try:
        gone = actions.withdraw(program=request.program, promise=asked.promise.index, code=code)
    except LegalHoldError as error:
        return _next(request, asked, code, problem=refusal_text(error))
    is_final = queries.is_drawn_for_good(request.program, asked.promise.index)
    page = _page(request, asked, form=CodeForm(), gone=gone, was_withdrawn=True, is_final=is_final)
    page.headers["Cache-Control"] = "private, no-store"
    page.headers["Clear-Site-Data"] = '"cache"'  # pages that show what was chosen go with it
    return page


STEPS = {
    "start": _start,
    "vote": _vote,
    "again": _again,
    "stay": _stay,
    "stop": _stop,
    "withdraw": _withdraw,
    "back": _come_back,
}


@by_name
@open_to(Role.LEAD)
def take(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Let a lead read statements aloud and press for one person after the other, each under a number of their own; they are counted apart."""
    asked = or_404(queries.asked(request.program, slug, lang_of(request), request.stand))
    asked = replace(asked, taking=True)
    if request.method != "POST":
        return _page(request, asked, form=CodeForm())
    if DOOR.knock(f"{request.program.pk}/{request.viewer.seat}", request.now):
        return render(request, "429.html", status=TOO_MANY)
    return STEPS.get(request.POST.get("step", ""), _come_back)(request, asked)


@open_to(Role.EVERYONE)
@require_GET
def map_page(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show where people lean, in a picture and in the same words."""
    asked = or_404(queries.asked(request.program, slug, lang_of(request), request.stand))
    found = queries.last_map(request.program, asked.promise.index)
    context = {
        "asked": asked,
        "is_open": asked.is_open(request.today),
        "until": found.until if found else None,
        "entry": found.entry if found else None,
        "shown": queries.shown(found.data["result"], asked) if found else None,
        "can_draw": queries.can_draw(),
        "offers": queries.offers_of(asked) if asked.takes_offers else None,
    }
    return render(request, "opinions/map.html", context)


@open_to(Role.EVERYONE)
@require_GET
def map_file(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Give all that is told of the newest map, with its hashes, as a file."""
    asked = or_404(queries.asked(request.program, slug, lang_of(request), request.stand))
    found = or_404(queries.last_map(request.program, asked.promise.index))
    return HttpResponse(canonical(queries.data_of(found)), content_type="application/json")


@open_to(Role.EVERYONE)
@require_GET
def offers_file(request: ViewerRequest) -> HttpResponseBase:
    """Give what was decided of all statements that people offered; the browser looks for its own."""
    response = JsonResponse(queries.offers_listed(request.program, lang_of(request)), safe=False)
    response["Cache-Control"] = "no-store"
    return response


def _offered(request: ViewerRequest, reader: Reader, slug: str) -> queries.Asked:
    """Give an engagement with statements, to a lead who holds its key."""
    opened_door(request, slug, reader.seat)
    return or_404(queries.asked(request.program, slug, lang_of(request)))


@reader_door("GET", "POST")
def offers(request: ViewerRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Give what waits for a second lead and what is decided; or take what a lead would decide."""
    asked = _offered(request, reader, slug)
    if request.method == "POST":
        body = read_json(request)
        actions.propose_offer(
            program=request.program,
            asked=asked,
            seat=reader.seat,
            sealed=blob(body, "sealed"),
            digest=words(body, "digest", 64),
            now=reader.now,
        )
    return JsonResponse(queries.reader_offers(request.program, asked, reader.seat, request.today))


@reader_door("POST")
def decide(request: ViewerRequest, reader: Reader, slug: str, key: UUID) -> HttpResponseBase:
    """Take a second lead's word: now it is decided, on the public log."""
    _offered(request, reader, slug)
    body = read_json(request)
    given = {"program": request.program, "slug": slug, "proposal": key, "seat": reader.seat}
    given |= {"said": read_decided(body), "signed": signed_of(body), "now": reader.now}
    return JsonResponse({"entry": actions.decide_offer(**given).index})


@reader_door("POST")
def drop(request: ViewerRequest, reader: Reader, slug: str, key: UUID) -> HttpResponseBase:
    """Take out what waits for a second lead."""
    promise = _offered(request, reader, slug).promise.index
    given = {"program": request.program, "promise": promise, "proposal": key, "seat": reader.seat}
    drop_proposal(what=Proposed.OFFER, now=reader.now, **given)
    return JsonResponse({"dropped": True})
