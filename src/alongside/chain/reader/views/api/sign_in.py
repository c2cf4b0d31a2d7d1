"""A reader signs in with a key; offers a keyring; sees the desk; vouches for a key."""

import secrets
from typing import Any

from django.core import signing
from django.http import HttpResponseBase, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from alongside.chain.keys import actions as keys_actions
from alongside.chain.keys import queries as keys
from alongside.chain.reader.actions import spend_challenge
from alongside.chain.reader.queries import desk_of
from alongside.chain.reader.views.api.doors import Reader, reader_door
from alongside.cohort.seats.queries.seats import of_a_lead_today
from alongside.core.entries import SEAT
from alongside.core.sealing.leads import challenge_statement, is_signed
from alongside.core.workflow.engagements import EngagementStep
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.gate.tokens import ENROL, READ, for_readers, give_token, refuse
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.addresses import to
from alongside.ground.ui.bodies import UnreadableError, blob, read_json, words
from alongside.work.strategies.queries import key_entries

CHALLENGE = "alongside.reader.challenge"

CHALLENGE_SECONDS = 120


@csrf_exempt
@open_to(Role.EVERYONE)
@for_readers
@require_http_methods(["GET"])
def challenge(request: ViewerRequest) -> HttpResponseBase:
    """Give a challenge to sign, good once and for two minutes; for every seat, known or not."""
    seat = request.GET.get("seat", "")
    seat = seat if SEAT.match(seat) else ""  # PostgreSQL takes no zero in a text
    once = secrets.token_urlsafe(12)
    made = signing.dumps({"program": request.program.slug, "seat": seat, "once": once}, salt=CHALLENGE)
    return JsonResponse({"challenge": made})


@csrf_exempt
@open_to(Role.EVERYONE)
@for_readers
@require_http_methods(["POST"])
def session(request: ViewerRequest) -> HttpResponseBase:
    """Give a token for a challenge that was signed with the seat's key."""
    refused = refuse(_("This key is not on the public log yet, or it is not yours."), 401)
    try:
        body = read_json(request)
        signature, made = words(body, "signature", 100), words(body, "challenge", 400)
        seat = str(signing.loads(made, salt=CHALLENGE, max_age=CHALLENGE_SECONDS)["seat"])
    except (UnreadableError, signing.BadSignature):
        return refused
    key = keys.signs_in_with(seat, request.program)
    statement = challenge_statement(origin=request.program.origin, seat=seat, challenge=made)
    if key is None or not is_signed(key.sign_key, statement, signature):
        return refused
    if not spend_challenge(challenge=made, now=request.now):
        return refuse(_("This sign-in was used already. Unlock your key again."), 401)
    return JsonResponse({"token": give_token(program=request.program.slug, seat=seat, use=READ)})


@reader_door("POST", use=ENROL)
def keyring(request: ViewerRequest, reader: Reader) -> HttpResponseBase:
    """Take a new keyring: its sealed file and its public keys."""
    body = read_json(request)
    made = keys_actions.offer_key(
        program=request.program,
        seat=reader.seat,
        recipient=words(body, "recipient", 80),
        sign_key=words(body, "sign_key", 64),
        signature=words(body, "signature", 100),
        keyring=blob(body, "keyring"),
        now=reader.now,
    )
    return JsonResponse({"founded": made.entry is not None})


@reader_door("POST")
def device(request: ViewerRequest, reader: Reader) -> HttpResponseBase:
    """Keep a lead's keyring as it is locked to a device of theirs."""
    body = read_json(request)
    keys_actions.keep_device(
        program=request.program,
        seat=reader.seat,
        recipient=words(body, "recipient", 80),
        passkey=words(body, "passkey", 1_400),
        called=words(body, "called", 40),
        sealed=blob(body, "sealed"),
        today=request.today,
    )
    return JsonResponse({})


@reader_door("GET")
def desk(request: ViewerRequest, reader: Reader) -> HttpResponseBase:
    """Give what waits for a lead: engagements, keys on the record with their proofs, keys that wait to be vouched for."""
    today = request.today
    is_lead, rows = of_a_lead_today(reader.seat, today), RowsLog.of(request.program)
    waiting = [
        {
            "id": one.pk,
            "seat": one.seat.public_id,
            "recipient": one.recipient,
            "sign_key": one.sign_key,
            "signature": one.signature,
            "vouched": [by.seat.public_id for by in keys.vouches_that_stand(rows, one)],
        }
        for one in keys.waiting_keys(request.program)
    ]
    return JsonResponse(
        {
            "seat": reader.seat.public_id,
            "keys": key_entries(request.program),
            "able": keys.may_hold_keys(request.program, today),
            "waiting": waiting,
            "engagements": [
                one | {"room": _room(request, one) if is_lead else ""}
                for one in desk_of(request.program, get_language() or "en", reader.seat, today)
            ],
        }
    )


def _room(request: ViewerRequest, engagement: dict[str, Any]) -> str:
    """Give the address of the room of an engagement: of the place in it where this lead signs or opens it, if that is next."""
    here = any(one["what"] in {EngagementStep.SIGN, EngagementStep.START} for one in engagement["next"])
    room = to(request, "desks:engagement_room", slug=engagement["slug"])
    return f"{room}#sign-here" if here else room


@reader_door("POST")
def compare(request: ViewerRequest, reader: Reader) -> HttpResponseBase:
    """Take a lead's signature under the first founding key."""
    signature = words(read_json(request), "signature", 100)
    founded = keys_actions.compare(
        program=request.program, seat=reader.seat, signature=signature, now=reader.now
    )
    return JsonResponse({"founded": founded})


@reader_door("POST")
def vouch(request: ViewerRequest, reader: Reader, pk: int) -> HttpResponseBase:
    """Take a lead's signature under another lead's key."""
    key = next((one for one in keys.waiting_keys(request.program) if one.pk == pk), None)
    if key is None:
        return refuse(_("This key waits no longer. Load the list again."), 404)
    signature = words(read_json(request), "signature", 100)
    entry = keys_actions.vouch(
        program=request.program, key=key, seat=reader.seat, signature=signature, now=reader.now
    )
    return JsonResponse({"certified": entry is not None})
