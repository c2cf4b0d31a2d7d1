"""The leads' pages: where a keyring is made, and where voices are read. What is opened there stays in the page."""

import base64
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from alongside.chain.voices.actions.keys import forget_devices, report_lost_key
from alongside.chain.voices.forms import LostForm, SignedForm
from alongside.chain.voices.queries import keys
from alongside.chain.voices.queries.reader import answers_to_cite
from alongside.cohort.seats.models import SECONDS, Seat
from alongside.cohort.seats.queries.seats import chosen_names, places_of_leads
from alongside.cohort.seats.queries.seconds import awaits, seat_stepping_in
from alongside.core.asked import form_of, legible
from alongside.core.clocks import REPORTED_AGAIN, STANDS_STILL
from alongside.core.grammar.keys import FOUNDERS, LOST_AFTER, has_lost_key
from alongside.core.kinds import EntryKind
from alongside.core.workflow.engagements import EngagementStep
from alongside.core.workflow.referrals import TO_ANSWER
from alongside.ground.gate.roles import NothingHere, NotOpenToYou, Role, ViewerRequest, open_to
from alongside.ground.gate.tokens import ENROL, give_token
from alongside.ground.people.actions import forget_half_for_tab, keep_half_for_tab
from alongside.ground.people.queries import half_for_tab
from alongside.ground.record.labels import KINDS, text_called
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.done import Done, after
from alongside.ground.ui.languages import apart, listed
from alongside.ground.ui.leads import lead_in_words
from alongside.ground.ui.pages import plays_sounds
from alongside.ground.ui.press import SIGNED, brought_back, posted, press, taking
from alongside.work.engagements.asking import TAKEN_IN
from alongside.work.engagements.queries.drafts import engagement_for, title_of
from alongside.work.engagements.queries.progress import progress_of
from alongside.work.engagements.steps import PLACES, called, said_of, takes
from alongside.work.strategies.queries import key_entries
from alongside.work.workplans.queries import driving_questions


def _seat(request: ViewerRequest) -> Seat:
    """Give the viewer's seat: taken today, or a former lead's for whom something waits. Raises NotOpenToYou."""
    today = request.today
    seat = seat_stepping_in(request.program, request.viewer, today, (SECONDS,))
    if seat is None or not (request.viewer.seat_id or awaits(request.program, seat, today)):
        raise NotOpenToYou(frozenset({Role.LEAD}))
    return Seat.objects.get(pk=request.viewer.seat_id or seat.pk)


@never_cache
@open_to(Role.PERSON)
@require_GET
@plays_sounds
def reader(request: ViewerRequest, slug: str = "") -> HttpResponseBase:
    """Show the reader to a lead who has a keyring; others go and make one."""
    seat, today = _seat(request), request.today
    own = keys.keyring_of(seat.pk)
    rings = keys.keyrings_today(request.program, request.viewer, today)
    is_former = own is not None and not rings
    if own and not rings:
        rings = [(seat, own)]  # a former lead, for whom something waits: by the six words alone
    if not rings:
        return HttpResponseRedirect(to(request, "voices:keyring"))
    waits = keys.keyring_that_waits(request.program, seat, today)
    names = _names(request)
    payers = keys.holders_shown(request.program, lang_of(request), today)
    context = {
        **keys.to_unlock(request.program, rings, waits),
        **({"devices": ""} if is_former else {}),
        "is_new": own is None,
        "may_report": own is not None and waits is None and request.viewer.has(Role.LEAD),
        "is_again": len(rings) > 1 or own is None,
        "waits": own is not None and keys.key_of_seat(seat.public_id, request.program) is None,
        "awaited": _awaited(request, waits),
        "unshared": _unshared(request, seat, dict(names)) if own and not is_former else None,
        "names": names,
        "payers": payers,
        "speakers": [one for one in payers if one.profile and one.profile.languages],
        "slug": slug,
        "wanted": _wanted(request, slug) if slug else None,
        "api": to(request, "voices:api"),
        "driving": driving_questions(request.program, lang_of(request)),
        "reply_days": TO_ANSWER.days,
        "answers": answers_to_cite(request.program, lang_of(request)),
        "ways": TAKEN_IN.items(),
    }
    return render(request, "voices/reader.html", context)


def _names(request: ViewerRequest) -> list[tuple[str, str]]:
    """Give each place with the name that its lead chose, which leads alone see here."""
    named = chosen_names(request.program) if request.viewer.has(Role.LEAD) else {}
    return [(one, lead_in_words(one, named.get(one, ""))) for one in places_of_leads(request.program)]


def _awaited(request: ViewerRequest, waits: keys.WaitingKeyring | None) -> dict[str, Any] | None:
    """Say whose vouching a keyring waits for, in the names that leads see."""
    if waits is None:
        return None
    named = dict(_names(request))
    able, vouched = ([named.get(one, one) for one in each] for each in (waits.able, waits.vouched))
    return {
        "seat": waits.held.seat.public_id,
        "count": len(vouched),
        "vouched": listed(map(apart, vouched)),
        "able": listed(map(apart, able)),
        "is_stuck": len(able) + len(vouched) < FOUNDERS,
        "days": LOST_AFTER.days,
    }


def _wanted(request: ViewerRequest, slug: str) -> dict[str, Any] | None:
    """Say what the draft for which the viewer came needs of them here: its key, or a test of it; None where it needs neither."""
    found = engagement_for(request.program, request.viewer, slug)
    if found is None or found.promise is not None:
        return None
    progress, lang = progress_of(found, request.today), lang_of(request)
    here = [one for one in progress.state.steps if PLACES.get(EngagementStep(one.what)) == "voices:read"]
    for step in here:
        if takes(request.viewer, progress, step):
            heading, _why = said_of(step, progress, request.today, is_theirs=True)
            return {
                "heading": heading % {"what": called(found, lang)},
                "is_test": step.what == EngagementStep.TEST,
                "is_papers": step.what == EngagementStep.PAPERS,
            }
    return None


@never_cache
@open_to(Role.LEAD)
@require_GET
def keyring(request: ViewerRequest) -> HttpResponseBase:
    """Show where a lead makes a keyring, with a token that lets the page offer it."""
    own, names = _seat(request), dict(_names(request))
    seat, held, waits = own.public_id, keys.keyring_of(own.pk), keys.waiting_keyring(own.pk)
    rings = keys.keyrings_today(request.program, request.viewer, request.today)
    able = keys.can_vouch(request.program, own, request.today)
    context = {
        "token": give_token(program=request.program.slug, seat=seat, use=ENROL),
        "held": held if held != waits else None,
        "waiting": waits,
        "awaited": _awaited(request, keys.keyring_that_waits(request.program, own, request.today)),
        "devices": keys.devices_of(one for _seat, one in rings),
        "is_lost": has_lost_key(RowsLog.of(request.program), seat),
        "unshared": _unshared(request, own, names),
        "api": to(request, "voices:api"),
        "seat": seat,
        "entries": json.dumps(key_entries(request.program)),
        "is_early": keys.two_found(request.program, seat),
        "names": names.items(),
        "able": listed(apart(names.get(one, one)) for one in able),
        "able_seats": " ".join(able),
        "today": request.today,
    }
    return render(request, "voices/keyring.html", context)


def _unshared(request: ViewerRequest, seat: Seat, names: Mapping[str, str]) -> dict[str, Any] | None:
    """Say how much of what opened before a new key opens, whom its lead asks for the rest, and what is left out of it; None where nothing is left."""
    found = keys.can_share(request.program, seat, request.today)
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
    rings = keys.keyrings_today(request.program, request.viewer, request.today)
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
        waits = keys.keyring_that_waits(request.program, _seat(request), request.today)
        context = {
            "since": rows.about(EntryKind.KEY_LOST, seat)[-1].date,
            "awaited": _awaited(request, waits),
        }
        return render(request, "voices/lost.html", context)
    act = taking(report_lost_key, program=request.program, seat=seat, now=request.now)
    return press(request, form, act, to(request, "voices:keyring")) or render(
        request, "voices/lost.html", {"form": form, "days": STANDS_STILL.days, "again": REPORTED_AGAIN.days}
    )


@open_to(Role.PERSON)
def signed(request: ViewerRequest) -> HttpResponseBase:
    """Take back what a lead signed on another device, show it, and lead it to where it was going, whose action judges it anew."""
    form = SignedForm(posted(request), request.FILES or None)
    if not form.is_valid():
        return render(request, "voices/signed.html", {"form": form})
    file = form.cleaned_data["file"]
    going = brought_back(request, file.form)
    if going is None:
        form.add_error(
            "file",
            _(
                "You did not save this file here. Bring a file back to the site that it came from, signed in as the same person."
            ),
        )
        return render(request, "voices/signed.html", {"form": form})
    page, sent = going
    words = [(text_called(name), legible(said), form_of(said)) for _place, name, _salt, said in file.said]
    context = {
        "page": page,
        "sent": [*sent, (SIGNED, json.dumps(file.signed))],
        "shown": [KINDS[one["kind"]] for one in file.parsed["drafts"]],
        "words": words,
        "day": date.fromisoformat(file.head["day"]),
        "until": file.good_until,
    }
    response = render(request, "voices/brought.html", context)
    response.headers["Cache-Control"] = "private, no-cache"  # so that Back shows it again (decision 89)
    return response


@open_to(Role.LEAD)
@require_POST
def forget_device(request: ViewerRequest, pk: int) -> HttpResponseBase:
    """Forget what is locked to a device of the viewer's own."""
    forget_devices(person=request.viewer.person_id or 0, pk=pk)
    return HttpResponseRedirect(after(to(request, "voices:keyring"), Done.DEVICE_REMOVED))


@never_cache
@open_to(Role.PERSON)
@require_POST
def tab(request: ViewerRequest) -> HttpResponseBase:
    """Give a tab of a lead what opens the key that it holds locked: drawn anew (`keep`), again, or no more (`lock`)."""
    _seat(request)
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


@open_to(Role.LEAD)
@require_GET
def api(request: ViewerRequest) -> HttpResponseBase:
    """Stand at the address that the reader's doors begin with; there is nothing to see here."""
    return HttpResponseRedirect(to(request, "voices:reader"))
