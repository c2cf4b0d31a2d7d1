"""Pages of keys: where a lead makes one, says that it is lost, and what opens it in a tab; where the community body destroys one."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from alongside.chain.keys import actions, queries
from alongside.chain.keys.forms import LostForm
from alongside.chain.keys.models import EngagementKey
from alongside.cohort.seats.models import SECONDS, Seat
from alongside.cohort.seats.queries.seats import chosen_names, places_of_leads
from alongside.cohort.seats.queries.seconds import awaits, seat_stepping_in
from alongside.core.clocks import REPORTED_AGAIN, STANDS_STILL
from alongside.core.grammar.keys import FOUNDERS, LOST_AFTER, has_lost_key
from alongside.core.kinds import EntryKind
from alongside.ground.gate.roles import NothingHere, NotOpenToYou, Role, ViewerRequest, open_to, or_404
from alongside.ground.gate.tokens import ENROL, give_token
from alongside.ground.people.actions import forget_half_for_tab, keep_half_for_tab
from alongside.ground.people.queries import half_for_tab
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.done import AlreadyDoneError, Done, after
from alongside.ground.ui.languages import apart, listed
from alongside.ground.ui.leads import lead_in_words
from alongside.ground.ui.press import Typed, posted, press, taking
from alongside.work.engagements.queries.drafts import title_of
from alongside.work.strategies.queries import key_entries


def reading_seat(request: ViewerRequest) -> Seat:
    """Give the viewer's seat: taken today, or a former lead's for whom something waits. Raises NotOpenToYou."""
    today = request.today
    seat = seat_stepping_in(request.program, request.viewer, today, (SECONDS,))
    if seat is None or not (request.viewer.seat_id or awaits(request.program, seat, today)):
        raise NotOpenToYou(frozenset({Role.LEAD}))
    return Seat.objects.get(pk=request.viewer.seat_id or seat.pk)


def places_named(request: ViewerRequest) -> list[tuple[str, str]]:
    """Give each place with the name that its lead chose, which leads alone see here."""
    named = chosen_names(request.program) if request.viewer.has(Role.LEAD) else {}
    return [(one, lead_in_words(one, named.get(one, ""))) for one in places_of_leads(request.program)]


def awaited_in_words(request: ViewerRequest, waits: queries.WaitingKeyring | None) -> dict[str, Any] | None:
    """Say whose vouching a keyring waits for, in the names that leads see."""
    if waits is None:
        return None
    named = dict(places_named(request))
    able, vouched = ([named.get(one, one) for one in each] for each in (waits.able, waits.vouched))
    return {
        "seat": waits.held.seat.public_id,
        "count": len(vouched),
        "vouched": listed(map(apart, vouched)),
        "able": listed(map(apart, able)),
        "is_stuck": len(able) + len(vouched) < FOUNDERS,
        "days": LOST_AFTER.days,
    }


@never_cache
@open_to(Role.LEAD)
@require_GET
def keyring(request: ViewerRequest) -> HttpResponseBase:
    """Show where a lead makes a keyring, with a token that lets the page offer it."""
    own, names = reading_seat(request), dict(places_named(request))
    seat, held, waits = own.public_id, queries.keyring_of(own.pk), queries.waiting_keyring(own.pk)
    rings = queries.keyrings_today(request.program, request.viewer, request.today)
    able = queries.can_vouch(request.program, own, request.today)
    context = {
        "token": give_token(program=request.program.slug, seat=seat, use=ENROL),
        "held": held if held != waits else None,
        "waiting": waits,
        "awaited": awaited_in_words(request, queries.keyring_that_waits(request.program, own, request.today)),
        "devices": queries.devices_of(one for _seat, one in rings),
        "is_lost": has_lost_key(RowsLog.of(request.program), seat),
        "unshared": unshared_in_words(request, own, names),
        "api": to(request, "reader:api"),
        "seat": seat,
        "entries": json.dumps(key_entries(request.program)),
        "is_early": queries.two_found(request.program, seat),
        "names": names.items(),
        "able": listed(apart(names.get(one, one)) for one in able),
        "able_seats": " ".join(able),
        "today": request.today,
    }
    return render(request, "keys/keyring.html", context)


def unshared_in_words(request: ViewerRequest, seat: Seat, names: Mapping[str, str]) -> dict[str, Any] | None:
    """Say how much of what opened before a new key opens, whom its lead asks for the rest, and what is left out of it; None where nothing is left."""
    found = queries.can_share(request.program, seat, request.today)
    if found is None:
        return None
    new, able = found
    return {
        "n": new.opened,
        "count": new.count,
        "able": listed(apart(names.get(one, one)) for one in able),
        "beside": [title_of(one, lang_of(request)) for one in new.beside],
    }


@never_cache
@open_to(Role.PERSON)
@require_GET
def keyring_file(request: ViewerRequest, seat: str) -> HttpResponseBase:
    """Give leads the sealed file of a keyring of theirs, to sign with on another device."""
    rings = queries.keyrings_today(request.program, request.viewer, request.today)
    for one, ring in rings:
        if one.public_id == seat:
            response = HttpResponse(bytes(ring.keyring), content_type="application/octet-stream")
            response["Content-Disposition"] = f'attachment; filename="{seat}.age"'
            return response
    raise NothingHere


@never_cache
@open_to(Role.LEAD)
def lost(request: ViewerRequest) -> HttpResponseBase:
    """Let a lead say that they lost their key, having read what follows from it; who said it reads since when, and what comes next."""
    form, seat = LostForm(posted(request)), request.viewer.seat or ""
    if has_lost_key(rows := RowsLog.of(request.program), seat):
        waits = queries.keyring_that_waits(request.program, reading_seat(request), request.today)
        context = {
            "since": rows.about(EntryKind.KEY_LOST, seat)[-1].date,
            "awaited": awaited_in_words(request, waits),
        }
        return render(request, "keys/lost.html", context)
    act = taking(actions.report_lost_key, program=request.program, seat=seat, now=request.now)
    return press(request, form, act, to(request, "keys:keyring")) or render(
        request, "keys/lost.html", {"form": form, "days": STANDS_STILL.days, "again": REPORTED_AGAIN.days}
    )


@open_to(Role.LEAD)
@require_POST
def forget_device(request: ViewerRequest, pk: int) -> HttpResponseBase:
    """Forget what is locked to a device of the viewer's own."""
    actions.forget_devices(person=request.viewer.person_id or 0, pk=pk)
    return HttpResponseRedirect(after(to(request, "keys:keyring"), Done.DEVICE_REMOVED))


@never_cache
@open_to(Role.PERSON)
@require_POST
def tab(request: ViewerRequest) -> HttpResponseBase:
    """Give a tab of a lead what opens the key that it holds locked: drawn anew (`keep`), again, or no more (`lock`)."""
    reading_seat(request)
    key, does = request.session.session_key or "", request.POST.get("does")
    if does == "lock":
        forget_half_for_tab(session_key=key)
    elif does == "keep":
        keep_half_for_tab(session_key=key, now=request.now)
    half = half_for_tab(session_key=key, now=request.now)
    if half is None:
        return JsonResponse({})
    left = (half[1] - request.now).total_seconds()
    return JsonResponse({"half": base64.b64encode(half[0]).decode(), "seconds": int(left)})


@open_to(Role.PERSON)
def destroy(request: ViewerRequest, entry: int) -> HttpResponseBase:
    """Let whoever acts for the community body destroy a key that one lead asked to destroy."""
    if not request.viewer.body:
        raise NotOpenToYou(frozenset({Role.LEAD}))
    key = or_404(EngagementKey.objects.filter(program=request.program, entry=entry).first())
    if key.destroyed is not None:
        raise AlreadyDoneError(to(request, "record:entry", index=key.destroyed))
    form = Form(posted(request))

    def act(_typed: Typed) -> None:
        about = {"program": request.program, "key": key, "body": request.viewer.body}
        actions.destroy_key_as_body(**about, now=request.now)

    return press(request, form, act, after(to(request, "commitments:checks"), Done.RECORDED)) or render(
        request, "keys/destroy.html", {"engagement": key.engagement, "form": form}
    )
