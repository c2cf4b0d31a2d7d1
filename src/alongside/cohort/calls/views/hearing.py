"""Recordings: written down by whoever does not read for the call; heard by the panel and the steward after the shortlist."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from alongside.cohort.calls.actions.recordings import transcribe
from alongside.cohort.calls.forms.reviewing import TranscriptForm
from alongside.cohort.calls.models import Call, Recording
from alongside.cohort.calls.queries import choosing, helping, progress
from alongside.cohort.calls.views.choosing import call_or_404, done, go
from alongside.core.recordings import KINDS
from alongside.core.spans import span
from alongside.ground.gate.roles import Role, Viewer, ViewerRequest, open_to
from alongside.ground.ui.addresses import lang_of

PART, CANNOT = 206, 416


def _call(request: ViewerRequest, slug: str, may: Callable[[Call, Viewer], bool]) -> Call:
    """Give the call where the viewer may do this there. A steward who reads is told why not; to others it is not here."""
    call = call_or_404(request, slug)
    if may(call, request.viewer):
        return call
    if request.viewer.has(Role.STEWARD) and may is helping.may_write_down:
        raise PermissionDenied(
            _(
                "You read for this call, so you get words and never a voice. Ask a helper to write recordings down."
            )
        )
    raise Http404


@open_to(Role.PERSON)
def recordings(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """List the recordings that nobody has written down."""
    call = _call(request, slug, helping.may_write_down)
    context = {
        "call": call,
        "rows": progress.recordings_of(call),
        "is_steward": request.viewer.has(Role.STEWARD),
    }
    return render(request, "calls/recordings.html", context)


@open_to(Role.PERSON)
def write_down(request: ViewerRequest, slug: str, pk: int) -> HttpResponseBase:
    """Listen to a recording and write down what it says."""
    call = _call(request, slug, helping.may_write_down)
    found = progress.recording_by(call, pk)
    if found is None:
        raise Http404
    form = TranscriptForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and done(form, lambda: _keep(request, found, form.cleaned_data["words"])):
        return go(request, "recordings", slug=slug)
    asked, told = call.say(found.section, lang_of(request))
    context = {"form": form, "call": call, "recording": found, "asked": asked, "asked_lang": told}
    return render(request, "calls/write_down.html", context)


def _keep(request: ViewerRequest, found: Recording, words: str) -> None:
    lang = found.application.lang
    transcribe(recording=found, words=words, lang=lang, by=request.user, now=request.now)


@open_to(Role.PERSON)
def panel_one(request: ViewerRequest, slug: str, reference: str) -> HttpResponseBase:
    """Show one application of the shortlist to the panel and the steward: who, what was said, and its recordings to hear."""
    call = _call(request, slug, helping.may_hear)
    found = choosing.listed(call, reference)
    if found is None:
        raise Http404
    context = {"call": call, "one": found, "said": choosing.said_in(found, lang_of(request))}
    return render(request, "calls/panel_one.html", context)


@open_to(Role.PERSON)
def sound(request: ViewerRequest, slug: str, pk: int) -> HttpResponseBase:
    """Give the sound of a recording to whoever may hear it now; nobody on the way keeps it, and its name names nobody."""
    found = helping.heard_recording(call_or_404(request, slug), request.viewer, pk)
    if found is None:
        raise Http404
    response = _part(bytes(found.bytes.content), request.headers.get("Range", ""))
    response["Content-Type"] = KINDS.get(found.kind, "application/octet-stream")
    way = "attachment" if "save" in request.GET else "inline"
    response["Content-Disposition"] = f'{way}; filename="recording-{found.pk}.{found.kind}"'
    response["Cache-Control"] = "no-store"
    response["Accept-Ranges"] = "bytes"
    return response


def _part(content: bytes, asked: str) -> HttpResponse:
    """Answer with the whole sound, or with the part that a player asks for; some phones play nothing else."""
    found = span(asked, len(content))
    if found is None:
        return HttpResponse(content)
    first, last = found
    if first > last:
        return HttpResponse(status=CANNOT, headers={"Content-Range": f"bytes */{len(content)}"})
    told = {"Content-Range": f"bytes {first}-{last}/{len(content)}"}
    return HttpResponse(content[first : last + 1], status=PART, headers=told)
