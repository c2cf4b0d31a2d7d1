"""Consultations as everyone sees them: the list, the brief with its material and advice, a version, its file."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alongside.ground.gate import AskedHttpRequest, Role, for_no_one, open_to
from alongside.ground.look.addresses import lang_of, number_in
from alongside.ground.record.queries import packs_of
from alongside.work.consultations.models import Version
from alongside.work.consultations.queries import leads, public
from alongside.work.consultations.queries.guides import GUIDES, NAMES
from alongside.work.consultations.queries.showing import sheet_of
from alongside.work.consultations.views.doors import shown, today_of, unit_name


@open_to(Role.EVERYONE)
def consultations(request: AskedHttpRequest) -> HttpResponseBase:
    """List every consultation on the record."""
    found = public.every_consultation(request.program, lang_of(request))
    today = today_of(request)
    rows = [
        (
            one,
            unit_name(request.pack, one.unit, lang_of(request)),
            NAMES[one.told.entry.data["of"]],
            one.state(today),
        )
        for one in found
    ]
    may_open = request.asker.has(Role.STAFF)
    return render(request, "consultations/consultations.html", {"rows": rows, "may_open": may_open})


@open_to(Role.EVERYONE)
def consultation(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Show the frozen brief, the material in its versions, and the advice; to leads and the unit also their next step."""
    found = shown(request, slug)
    product = found.told.entry.data["of"]
    frozen = packs_of(request.program).at(found.told.index)
    context = {
        "consultation": found,
        "unit": unit_name(frozen, found.unit, lang_of(request)),
        "office": frozen.office_title(found.told.entry.data["office"], lang_of(request)),
        "product": NAMES[product],
        "guide": GUIDES[product],
        "state": found.state(today_of(request)),
        "is_unit": found.unit in request.asker.answers_for,
        "is_asked": leads.for_lead(request.program, request.asker, slug) is not None,
        "record_head": found.head,
    }
    return render(request, "consultations/consultation.html", context)


def _version(request: AskedHttpRequest, slug: str, material: str, number: int) -> Version:
    found = public.version_at(request.program, slug, material, number)
    if found is None:
        raise Http404
    return found


@open_to(Role.EVERYONE)
def material(request: AskedHttpRequest, slug: str, material: str, number: int) -> HttpResponseBase:
    """Show a version: a text or a table whole, a picture, or where to get the file; a table in pages."""
    version = _version(request, slug, material, number)
    found = shown(request, slug)
    told = next(one for one in found.versions if one.index == version.entry)
    first = request.GET.get("from", "")
    context = {
        "consultation": found,
        "version": version,
        "told": told,
        "stands": public.stands(version, told.entry),
        "others": [one for one in found.versions if one.entry.data["material"] == material],
        "sheet": sheet_of(version, number_in(first, 1)),
        "is_asked": leads.for_lead(request.program, request.asker, slug) is not None,
        "is_unit": found.unit in request.asker.answers_for,
        "salt": bytes(version.salt or b"").hex(),
        "record_head": found.head,
    }
    return render(request, "consultations/material.html", context)


@for_no_one
@open_to(Role.EVERYONE)
@require_safe
def file(request: AskedHttpRequest, slug: str, material: str, number: int) -> HttpResponseBase:
    """Give the bytes of a version as a file to keep: the same for everyone, and nothing in it may run."""
    version = _version(request, slug, material, number)
    if not version.data:
        raise Http404
    kind = version.media_type + ("; charset=utf-8" if version.media_type.startswith("text/") else "")
    response = HttpResponse(bytes(version.data), content_type=kind)
    name = f"{material}-{number}.{version.ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "public, max-age=60"
    return response
