"""The door of the reader: opened by a token alone, JSON in and out, refusals in sentences."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from alongside.chain.keys import queries as keys
from alongside.chain.keys.models import EngagementKey
from alongside.chain.reader import queries as reader
from alongside.chain.voices import queries as intake
from alongside.cohort.seats.models import Seat
from alongside.core.refusals import Refused
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.gate.tokens import READ, for_readers, refuse, seat_of
from alongside.ground.record.acts import OutdatedSignatureError, SignatureNeededError, read_signed
from alongside.ground.ui.bodies import UnreadableError
from alongside.ground.ui.refusals import refusal_text


@dataclass(frozen=True)
class Reader:
    """A lead at the reader: the seat whose key signed in, and the time of the request."""

    seat: Seat
    now: datetime


type View = Callable[..., HttpResponseBase]


def reader_door(
    *methods: str, use: str = READ, also: tuple[type[Exception], ...] = ()
) -> Callable[[View], View]:
    """Open a view to a reader's token: hands it the seat and the time; turns refusals into sentences.

    `also` names further errors whose message is a sentence for the lead.
    """
    refusals: tuple[type[Exception], ...] = (Refused, *also)

    def mark(view: View) -> View:
        @csrf_exempt
        @open_to(Role.EVERYONE)  # to everyone who has the token; cookies open nothing here
        @for_readers
        @require_http_methods(methods)
        @wraps(view)
        def asked(request: ViewerRequest, **kwargs: Any) -> HttpResponseBase:
            now = request.now
            held = seat_of(request, request.program.slug, use)
            today = request.today
            seat = reader.reader_seat(request.program, held, today) if held else None
            if seat is None:
                return refuse(_("Your time is up. Unlock your key again."), 401)
            try:
                return view(request, Reader(seat, now), **kwargs)
            except UnreadableError:
                return refuse(_("Reload the page and try again."), 400)
            except SignatureNeededError as waits:
                return refuse(_unsigned(request, waits, seat), 409)
            except refusals as error:
                return refuse(refusal_text(error, request.pack), 409)

        return asked

    return mark


def _unsigned(request: ViewerRequest, waits: SignatureNeededError, seat: Seat) -> str:
    """Say whose signature does not stand under what would go on the public log: the lead's own, or who signs it again."""
    lacking = waits.act.keys.keys() - waits.sigs.keys()
    if seat.public_id in lacking:
        return _("What you signed is not what would go on the public log now. Load the page again.")
    return refusal_text(OutdatedSignatureError(lacking), request.pack)


def signed_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Take what leads signed in their readers of what goes on the public log with this."""
    try:
        return read_signed(body.get("act"))
    except ValueError as error:
        raise UnreadableError from error


def opened_door(request: ViewerRequest, slug: str, seat: Seat) -> intake.Door:
    """Give an engagement that is promised and whose key this lead holds."""
    door = intake.door_of(request.program, slug)
    if door is None:
        raise Refused(_("This engagement is not open yet, so there is nothing to read."))
    if not keys.wraps_for(key_of(request, slug), seat.public_id):
        raise Refused(_("This key is not locked to you. Ask a lead who has it to share it."))
    return door


def key_of(request: ViewerRequest, slug: str) -> EngagementKey:
    """Give the key of an engagement; refuse in words where there is none."""
    made = keys.engagement_key(request.program, slug)
    if made is None:
        raise Refused(_("This engagement has no key yet. Make one first."))
    return made
