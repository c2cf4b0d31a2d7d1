"""Sealed voices, sealed notes and the list of what was opened."""

from typing import Any

from django.http import HttpResponseBase, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from alongside.chain.reader.actions import keep_notes, propose_opened, set_aside, sign_opened
from alongside.chain.reader.models import OpenedList
from alongside.chain.reader.queries import (
    PAGE,
    engagement_of,
    left_out,
    notebook,
    sealed_voice,
    to_read,
    voices_page,
    waiting_lists,
)
from alongside.chain.reader.views.api.doors import Reader, opened_door, reader_door, signed_of
from alongside.core.grammar.voices import MOST_OPENED
from alongside.core.ledger.keys import to_base64
from alongside.ground.gate.roles import ViewerRequest
from alongside.ground.gate.tokens import refuse
from alongside.ground.ui.bodies import blob, number, read_json, strings


@reader_door("GET")
def engagement(request: ViewerRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Give the form and the promise that the voices of an engagement are judged by."""
    door = opened_door(request, slug, reader.seat)
    draft = engagement_of(request.program, slug)
    assert draft is not None  # noqa: S101 -- a promised engagement was drafted
    lang = get_language() or "en"
    return JsonResponse(to_read(request.program, draft, door, lang, request.today))


@reader_door("GET")
def voices(request: ViewerRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Give a page of sealed voices in the order of their marks, which tells nothing; of one with sounds its beginning, or all of the one that is named."""
    door = opened_door(request, slug, reader.seat)
    if mark := request.GET.get("whole", ""):
        return JsonResponse(
            {"sealed": to_base64(sealed_voice(request.program, door.promise.index, mark[:64]))}
        )
    after = request.GET.get("after", "")[:64]
    aside = request.GET.get("aside") == "1"
    page = voices_page(request.program, door.promise.index, after, aside=aside)
    listed = [{"mark": mark, "sealed": to_base64(sealed), "spoken": spoken} for mark, sealed, spoken in page]
    return JsonResponse({"voices": listed, "next": page[-1][0] if len(page) == PAGE else None})


@reader_door("POST")
def aside(request: ViewerRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Take the marks of voices that did not open at a lead's reader; say how many readers leave out now."""
    promise = opened_door(request, slug, reader.seat).promise.index
    marks = strings(read_json(request), "marks")
    set_aside(program=request.program, promise=promise, seat=reader.seat, marks=marks, now=reader.now)
    return JsonResponse({"aside": left_out(request.program, promise).count()})


@reader_door("GET", "POST")
def notes(request: ViewerRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Take the leads' sealed notes, or give them, with the numbers of earlier ones; `revision` asks for one of those."""
    door = opened_door(request, slug, reader.seat)
    if request.method == "POST":
        body = read_json(request, 3 * 1024 * 1024)
        kept = keep_notes(
            program=request.program,
            promise=door.promise.index,
            seat=reader.seat,
            sealed=blob(body, "sealed"),
            revision=number(body, "revision"),
            again=body.get("again") is True,
        )
        return JsonResponse({"revision": kept.revision})
    held = notebook(request.program, door.promise.index)
    asked = request.GET.get("revision", "")
    shown = (
        next((one for one in held if str(one.revision) == asked), None) if asked else next(iter(held), None)
    )
    return JsonResponse(
        {
            "sealed": to_base64(shown.sealed) if shown else None,
            "revision": held[0].revision if held else 0,
            "earlier": [one.revision for one in held[1:]],
        }
    )


@reader_door("GET", "POST")
def opened(request: ViewerRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Give the lists of opened voices that wait for a second lead, or take a new one."""
    door = opened_door(request, slug, reader.seat)
    if request.method == "POST":
        body = read_json(request, 8 * 1024 * 1024)
        propose_opened(
            program=request.program,
            promise=door.promise.index,
            seat=reader.seat,
            marks=strings(body, "marks"),
            not_opened=number(body, "not_opened"),
            signed=signed_of(body),
            now=reader.now,
        )
    waiting = waiting_lists(request.program, door.promise.index)
    return JsonResponse({"waiting": [_listed(one) for one in waiting], "most": MOST_OPENED})


def _listed(one: OpenedList) -> dict[str, Any]:
    return {"id": one.pk, "seat": one.seat.public_id, "marks": one.marks, "not_opened": one.not_opened}


@reader_door("POST")
def sign(request: ViewerRequest, reader: Reader, slug: str, pk: int) -> HttpResponseBase:
    """Take a second lead's signature under a list of opened voices."""
    door = opened_door(request, slug, reader.seat)
    waiting = waiting_lists(request.program, door.promise.index)
    one = next((one for one in waiting if one.pk == pk), None)
    if one is None:
        return refuse(_("This list waits no longer. Load the page again."), 404)
    signed = signed_of(read_json(request))
    given = {"program": request.program, "opened_list": one, "now": reader.now}
    entry = sign_opened(seat=reader.seat, signed=signed, **given)
    return JsonResponse({"entry": entry})
