"""What the leads' reader asks of the server: only by its token, only JSON, only ciphertext and public keys."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.core import signing
from django.http import HttpResponseBase, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from alongside.chain.voices import actions, queries
from alongside.chain.voices.forms import UnreadableError, blob, blobs, number, read_json, strings, words
from alongside.chain.voices.models import EngagementKey, LeadKey, OpenedList, TestVoice
from alongside.cohort.seats.models import Seat
from alongside.core.clocks import local_date
from alongside.core.grammar import GrammarError
from alongside.core.sealing.leads import challenge_statement, is_signed
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.gate.tokens import ENROL, READ, for_readers, give_token, refuse, seat_of

CHALLENGE = "alongside.reader.challenge"
CHALLENGE_SECONDS = 120
REFUSALS = (
    actions.KeyRefusedError,
    actions.LegalHoldError,
    actions.OpenedListError,
    actions.StaleNotesError,
    GrammarError,
)


@dataclass(frozen=True)
class Reader:
    """A lead at the reader: the seat whose key signed in, and the time of the request."""

    seat: Seat
    now: datetime


type Door = Callable[..., HttpResponseBase]


def reader_door(*methods: str, use: str = READ) -> Callable[[Door], Door]:
    """Open a view to a reader's token: hands it the seat and the time; turns refusals into sentences."""

    def mark(view: Door) -> Door:
        @csrf_exempt
        @open_to(Role.EVERYONE)  # to everyone who has the token; cookies open nothing here
        @for_readers
        @require_http_methods(methods)
        @wraps(view)
        def asked(request: AskedHttpRequest, **kwargs: Any) -> HttpResponseBase:
            now = datetime.now(tz=UTC)
            held = seat_of(request, request.program.slug, use)
            today = local_date(now, request.pack)
            seat = queries.reader_seat(request.program, held, today) if held else None
            if seat is None:
                return refuse(_("Your time is up. Unlock your keyring again."), 401)
            try:
                return view(request, Reader(seat, now), **kwargs)
            except UnreadableError:
                return refuse(_("Reload the page and try again."), 400)
            except REFUSALS as error:
                return refuse(getattr(error, "message", str(error)), 409)

        return asked

    return mark


@csrf_exempt
@open_to(Role.EVERYONE)
@for_readers
@require_http_methods(["GET"])
def challenge(request: AskedHttpRequest) -> HttpResponseBase:
    """Give a challenge to sign, good for two minutes; the same for every seat, known or not."""
    seat = request.GET.get("seat", "")[:20]
    made = signing.dumps({"program": request.program.slug, "seat": seat}, salt=CHALLENGE)
    return JsonResponse({"challenge": made})


@csrf_exempt
@open_to(Role.EVERYONE)
@for_readers
@require_http_methods(["POST"])
def session(request: AskedHttpRequest) -> HttpResponseBase:
    """Give a token for a challenge that was signed with the seat's key."""
    refused = refuse(_("This keyring is not on the record yet, or it is not yours."), 401)
    try:
        body = read_json(request)
        signature, made = words(body, "signature", 100), words(body, "challenge", 400)
        seat = str(signing.loads(made, salt=CHALLENGE, max_age=CHALLENGE_SECONDS)["seat"])
    except (UnreadableError, signing.BadSignature):
        return refused
    key = queries.key_of_seat(seat, request.program)
    statement = challenge_statement(origin=request.program.origin, seat=seat, challenge=made)
    if key is None or not is_signed(key.sign_key, statement, signature):
        return refused
    return JsonResponse({"token": give_token(program=request.program.slug, seat=seat, use=READ)})


@reader_door("POST", use=ENROL)
def keyring(request: AskedHttpRequest, reader: Reader) -> HttpResponseBase:
    """Take a new keyring: its sealed file and its public keys."""
    body = read_json(request)
    made = actions.offer_key(
        program=request.program,
        seat=reader.seat,
        recipient=words(body, "recipient", 80),
        sign_key=words(body, "sign_key", 64),
        keyring=blob(body, "keyring"),
        now=reader.now,
    )
    return JsonResponse({"founded": isinstance(made, LeadKey)})


@reader_door("GET")
def desk(request: AskedHttpRequest, reader: Reader) -> HttpResponseBase:
    """Give what waits for a lead: engagements, keys on the record with their proofs, keys that wait to be vouched for."""
    waiting = [
        {
            "id": one.pk,
            "seat": one.seat.public_id,
            "recipient": one.recipient,
            "sign_key": one.sign_key,
            "vouched": [vouch.seat.public_id for vouch in one.vouches.all()],
        }
        for one in queries.waiting_requests(request.program)
    ]
    return JsonResponse(
        {
            "seat": reader.seat.public_id,
            "keys": queries.key_entries(request.program),
            "waiting": waiting,
            "engagements": queries.desk_of(request.program, get_language() or "en"),
        }
    )


@reader_door("POST")
def vouch(request: AskedHttpRequest, reader: Reader, pk: int) -> HttpResponseBase:
    """Take a lead's signature under another lead's key."""
    asked = next((one for one in queries.waiting_requests(request.program) if one.pk == pk), None)
    if asked is None:
        return refuse(_("This key waits no longer. Load the list again."), 404)
    signature = words(read_json(request), "signature", 100)
    entry = actions.vouch(
        program=request.program, request=asked, seat=reader.seat, signature=signature, now=reader.now
    )
    return JsonResponse({"certified": entry is not None})


@reader_door("POST")
def make_key(request: AskedHttpRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Take a new engagement key: its recipient, and the identity sealed to certified leads."""
    if queries.engagement_of(request.program, slug) is None:
        return refuse(_("There is no such engagement. Load the list again."), 404)
    body = read_json(request)
    key = actions.make_engagement_key(
        program=request.program,
        engagement=slug,
        seat=reader.seat,
        recipient=words(body, "recipient", 80),
        wraps=blobs(body, "wraps"),
        now=reader.now,
    )
    return JsonResponse({"entry": key.entry})


@reader_door("GET")
def key(request: AskedHttpRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Give the engagement's key as it is sealed to this lead, and the test voice."""
    made = queries.engagement_key(request.program, slug)
    wrap = queries.wrap_for(made, reader.seat.public_id) if made else None
    if made is None or wrap is None:
        return refuse(_("This key is not locked to you. Ask a lead who has it to share it."), 404)
    test = TestVoice.objects.get(key=made)
    return JsonResponse({"wrap": _text(wrap.sealed), "test": _text(test.sealed), "recipient": made.recipient})


def _text(raw: bytes | memoryview) -> str:
    return base64.b64encode(bytes(raw)).decode()


def _key(request: AskedHttpRequest, slug: str) -> EngagementKey:
    made = queries.engagement_key(request.program, slug)
    if made is None:
        raise actions.KeyRefusedError(_("This engagement has no key yet. Make one first."))
    return made


@reader_door("POST")
def test(request: AskedHttpRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Take what the test voice says, as proof that this lead can open the engagement's voices."""
    nonce = words(read_json(request), "nonce", 64)
    actions.confirm_test(
        program=request.program, key=_key(request, slug), seat=reader.seat, nonce=nonce, now=reader.now
    )
    return JsonResponse({"tested": True})


@reader_door("POST")
def share(request: AskedHttpRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Take the engagement's key sealed to more certified leads."""
    wraps = blobs(read_json(request), "wraps")
    actions.share_engagement_key(
        program=request.program, key=_key(request, slug), seat=reader.seat, wraps=wraps, now=reader.now
    )
    return JsonResponse({"shared": sorted(wraps)})


@reader_door("POST")
def destroy(request: AskedHttpRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Destroy our copies of the engagement's key."""
    ground = words(read_json(request), "ground", 200)
    actions.destroy_key(
        program=request.program, key=_key(request, slug), seat=reader.seat, ground=ground, now=reader.now
    )
    return JsonResponse({"destroyed": True})


def _opened_door(request: AskedHttpRequest, slug: str, seat: Seat) -> queries.Door:
    """Give an engagement that is promised and whose key this lead holds."""
    door = queries.door_of(request.program, slug)
    if door is None:
        raise actions.KeyRefusedError(_("This engagement is not open yet, so there is nothing to read."))
    if queries.wrap_for(_key(request, slug), seat.public_id) is None:
        raise actions.KeyRefusedError(_("This key is not locked to you. Ask a lead who has it to share it."))
    return door


@reader_door("GET")
def engagement(request: AskedHttpRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Give the form and the promise that the voices of an engagement are judged by."""
    door = _opened_door(request, slug, reader.seat)
    draft = queries.engagement_of(request.program, slug)
    assert draft is not None  # noqa: S101 -- a promised engagement was drafted
    return JsonResponse(queries.to_read(request.program, draft, door, get_language() or "en"))


@reader_door("GET")
def voices(request: AskedHttpRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Give a page of sealed voices in the order of their marks, which tells nothing."""
    door = _opened_door(request, slug, reader.seat)
    after = request.GET.get("after", "")[:64]
    page = queries.voices_page(request.program, door.promise.index, after)
    listed = [{"mark": mark, "sealed": _text(sealed)} for _id, mark, sealed in page]
    return JsonResponse({"voices": listed, "next": page[-1][1] if len(page) == queries.PAGE else None})


@reader_door("GET", "POST")
def notes(request: AskedHttpRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Give or take the leads' sealed notes."""
    door = _opened_door(request, slug, reader.seat)
    ours: dict[str, Any] = {"program": request.program, "promise": door.promise.index}
    if request.method == "POST":
        body = read_json(request)
        kept = actions.keep_notes(**ours, sealed=blob(body, "sealed"), revision=number(body, "revision"))
        return JsonResponse({"revision": kept.revision})
    held = queries.notebook(request.program, door.promise.index)
    return JsonResponse(
        {"sealed": _text(held.sealed) if held else None, "revision": held.revision if held else 0}
    )


@reader_door("GET", "POST")
def opened(request: AskedHttpRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Give the lists of opened voices that wait for a second lead, or take a new one."""
    door = _opened_door(request, slug, reader.seat)
    if request.method == "POST":
        body = read_json(request, 8 * 1024 * 1024)
        actions.propose_opened(
            program=request.program,
            promise=door.promise.index,
            seat=reader.seat,
            marks=strings(body, "marks"),
            not_opened=number(body, "not_opened"),
            signature=words(body, "signature", 100),
            now=reader.now,
        )
    waiting = queries.waiting_lists(request.program, door.promise.index)
    return JsonResponse({"waiting": [_listed(one) for one in waiting]})


def _listed(one: OpenedList) -> dict[str, Any]:
    return {"id": one.pk, "seat": one.seat.public_id, "marks": one.marks, "not_opened": one.not_opened}


@reader_door("POST")
def sign(request: AskedHttpRequest, reader: Reader, slug: str, pk: int) -> HttpResponseBase:
    """Take a second lead's signature under a list of opened voices."""
    door = _opened_door(request, slug, reader.seat)
    waiting = queries.waiting_lists(request.program, door.promise.index)
    one = next((one for one in waiting if one.pk == pk), None)
    if one is None:
        return refuse(_("This list waits no longer. Load the page again."), 404)
    signature = words(read_json(request), "signature", 100)
    signed = actions.sign_opened(
        program=request.program, opened_list=one, seat=reader.seat, signature=signature, now=reader.now
    )
    return JsonResponse({"entry": signed.entry})
