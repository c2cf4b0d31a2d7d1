"""The leads' pages: where voices are read, and where what was signed on another device comes back. What is opened there stays in the page."""

import json
from datetime import date
from typing import Any

from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from alongside.chain.keys import queries as keys
from alongside.chain.keys.views import awaited_in_words, places_named, reading_seat, unshared_in_words
from alongside.chain.reader.forms import SignedForm
from alongside.chain.reader.queries import answers_to_cite
from alongside.core.asked import form_of, legible
from alongside.core.workflow.engagements import EngagementStep
from alongside.core.workflow.referrals import TO_ANSWER
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.record.labels import KINDS, text_called
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.pages import plays_sounds
from alongside.ground.ui.press import SIGNED, brought_back, posted
from alongside.work.engagements.asking import TAKEN_IN
from alongside.work.engagements.queries.drafts import engagement_for
from alongside.work.engagements.queries.progress import progress_of
from alongside.work.engagements.steps import PLACES, called, said_of, takes
from alongside.work.workplans.queries import driving_questions


@never_cache
@open_to(Role.PERSON)
@require_GET
@plays_sounds
def reader(request: ViewerRequest, slug: str = "") -> HttpResponseBase:
    """Show the reader to a lead who has a keyring; others go and make one."""
    seat, today = reading_seat(request), request.today
    own = keys.keyring_of(seat.pk)
    rings = keys.keyrings_today(request.program, request.viewer, today)
    is_former = own is not None and not rings
    if own and not rings:
        rings = [(seat, own)]  # a former lead, for whom something waits: by the six words alone
    if not rings:
        return HttpResponseRedirect(to(request, "keys:keyring"))
    waits = keys.keyring_that_waits(request.program, seat, today)
    names = places_named(request)
    payers = keys.holders_shown(request.program, lang_of(request), today)
    context = {
        **keys.to_unlock(request.program, rings, waits),
        **({"devices": ""} if is_former else {}),
        "is_new": own is None,
        "may_report": own is not None and waits is None and request.viewer.has(Role.LEAD),
        "is_again": len(rings) > 1 or own is None,
        "waits": own is not None and keys.key_of_seat(seat.public_id, request.program) is None,
        "awaited": awaited_in_words(request, waits),
        "unshared": unshared_in_words(request, seat, dict(names)) if own and not is_former else None,
        "names": names,
        "payers": payers,
        "speakers": [one for one in payers if one.profile and one.profile.languages],
        "slug": slug,
        "wanted": _wanted(request, slug) if slug else None,
        "api": to(request, "reader:api"),
        "driving": driving_questions(request.program, lang_of(request)),
        "reply_days": TO_ANSWER.days,
        "answers": answers_to_cite(request.program, lang_of(request)),
        "ways": TAKEN_IN.items(),
    }
    return render(request, "reader/reader.html", context)


def _wanted(request: ViewerRequest, slug: str) -> dict[str, Any] | None:
    """Say what the draft for which the viewer came needs of them here: its key, or a test of it; None where it needs neither."""
    found = engagement_for(request.program, request.viewer, slug)
    if found is None or found.promise is not None:
        return None
    progress, lang = progress_of(found, request.today), lang_of(request)
    here = [one for one in progress.state.steps if PLACES.get(EngagementStep(one.what)) == "reader:read"]
    for step in here:
        if takes(request.viewer, progress, step):
            heading, _why = said_of(step, progress, request.today, is_theirs=True)
            return {
                "heading": heading % {"what": called(found, lang)},
                "is_test": step.what == EngagementStep.TEST,
                "is_papers": step.what == EngagementStep.PAPERS,
            }
    return None


@open_to(Role.PERSON)
def signed(request: ViewerRequest) -> HttpResponseBase:
    """Take back what a lead signed on another device, show it, and lead it to where it was going, whose action judges it anew."""
    form = SignedForm(posted(request), request.FILES or None)
    if not form.is_valid():
        return render(request, "reader/signed.html", {"form": form})
    file = form.cleaned_data["file"]
    going = brought_back(request, file.form)
    if going is None:
        form.add_error(
            "file",
            _(
                "You did not save this file here. Bring a file back to the site that it came from, signed in as the same person."
            ),
        )
        return render(request, "reader/signed.html", {"form": form})
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
    response = render(request, "reader/brought.html", context)
    response.headers["Cache-Control"] = "private, no-cache"  # so that Back shows it again (decision 89)
    return response


@open_to(Role.LEAD)
@require_GET
def api(request: ViewerRequest) -> HttpResponseBase:
    """Stand at the address that the reader's doors begin with; there is nothing to see here."""
    return HttpResponseRedirect(to(request, "reader:reader"))
