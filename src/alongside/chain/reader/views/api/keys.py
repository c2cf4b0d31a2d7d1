"""The key of an engagement, as readers make, test, share and destroy it."""

from typing import Any

from django.http import HttpResponseBase, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from alongside.chain.keys import queries as keys
from alongside.chain.keys.actions import (
    confirm_test,
    destroy_key,
    keep_key,
    make_engagement_key,
    share_engagement_key,
)
from alongside.chain.reader.queries import engagement_of
from alongside.chain.reader.views.api.doors import Reader, key_of, reader_door, signed_of
from alongside.core.ledger.keys import to_base64
from alongside.ground.gate.roles import ViewerRequest
from alongside.ground.gate.tokens import refuse
from alongside.ground.record import acts
from alongside.ground.record.actions.entries import next_day
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.bodies import UnreadableError, blobs, number, read_json, words


@reader_door("POST")
def to_sign(request: ViewerRequest, reader: Reader) -> HttpResponseBase:
    """Give what a lead signs with her part of an act of one kind: its nonce, the grammar, the day, and a head that holds what she names and her key."""
    body, rows = read_json(request), RowsLog.of(request.program)
    about = words(body, "kind", 40), words(body, "about", 100), number(body, "cited"), number(body, "upon")
    try:
        told = acts.to_sign(rows, reader.seat.public_id, *about)
    except ValueError as error:
        raise UnreadableError from error
    return JsonResponse(told | {"day": next_day(request.program, reader.now).isoformat()})


@reader_door("POST")
def make_key(request: ViewerRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Take a new engagement key: its recipient, and the identity sealed to certified leads."""
    if engagement_of(request.program, slug) is None:
        return refuse(_("There is no such engagement. Load the list again."), 404)
    body = read_json(request)
    key = make_engagement_key(
        program=request.program,
        engagement=slug,
        seat=reader.seat,
        recipient=words(body, "recipient", 80),
        wraps=blobs(body, "wraps"),
        signature=words(body, "signature", 100),
        now=reader.now,
    )
    return JsonResponse({"entry": key.entry})


@reader_door("GET")
def key(request: ViewerRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Give the engagement's key as it is sealed to this lead, and the test voice."""
    made = keys.engagement_key(request.program, slug)
    wraps = keys.wraps_for(made, reader.seat.public_id) if made else []
    if made is None or not wraps:
        return refuse(_("This key is not locked to you. Ask a lead who has it to share it."), 404)
    return JsonResponse(
        {
            "wraps": [to_base64(one.sealed) for one in wraps],
            "test": to_base64(made.test),
            "recipient": made.recipient,
        }
    )


@reader_door("POST")
def test(request: ViewerRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Take what the test voice says, as proof that this lead can open the engagement's voices."""
    body, key = read_json(request), key_of(request, slug)
    given: dict[str, Any] = {"nonce": words(body, "nonce", 64), "signed": signed_of(body)}
    confirm_test(program=request.program, key=key, seat=reader.seat, now=reader.now, **given)
    return JsonResponse({"tested": True})


@reader_door("POST")
def share(request: ViewerRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Take the engagement's key sealed to more certified leads."""
    body = read_json(request)
    wraps = blobs(body, "wraps")
    share_engagement_key(
        program=request.program,
        key=key_of(request, slug),
        seat=reader.seat,
        wraps=wraps,
        signature=words(body, "signature", 100),
        now=reader.now,
    )
    return JsonResponse({"shared": sorted(wraps)})


@reader_door("POST")
def destroy(request: ViewerRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Ask that our copies of the engagement's key be destroyed; with the second lead who asks, they are. `keep` takes one's own wish back."""
    body = read_json(request)
    if body.get("keep") is True:
        keep_key(key=key_of(request, slug), seat=reader.seat)
        return JsonResponse({"destroyed": False})
    ground = words(body, "ground", 200)
    entry = destroy_key(
        program=request.program,
        key=key_of(request, slug),
        seat=reader.seat,
        ground=ground,
        lang=get_language() or "en",
        signed=signed_of(body),
        now=reader.now,
    )
    return JsonResponse({"destroyed": entry is not None})
