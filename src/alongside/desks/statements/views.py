"""The Public Involvement Statement as a page, a PDF, a DOCX and a file of proofs; each at an address of its own that stays."""

from http import HTTPStatus

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from alongside.core.kinds import EntryKind
from alongside.desks.pdf import BusyError, MissingGlyphError, busy_words, set_paper, turn
from alongside.desks.statements import binding
from alongside.desks.statements.blocks import Paper, to_data
from alongside.desks.statements.docx import docx_of
from alongside.desks.statements.shelf import Key, Shelf
from alongside.desks.statements.wording import Origin, statement_of
from alongside.desks.thread_entries import (
    FROM_SOURCES,
    begins_at,
    head_of_size,
    last_taken_down,
    thread_of_project,
    thread_of_sources,
)
from alongside.ground.gate.roles import Role, ViewerRequest, from_the_record, open_to, or_404
from alongside.ground.record import queries as record
from alongside.ground.record.models import Head
from alongside.ground.record.signing import vkey_if_any
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.pages import download

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
}
SHELF = Shelf()
GATHER = {"project": thread_of_project, "past": thread_of_sources}
BEGINS = {"project": (EntryKind.PROJECT_REGISTERED,), "past": FROM_SOURCES}


@open_to(Role.EVERYONE)
def latest(request: ViewerRequest, what: str, slug: str) -> HttpResponseBase:
    """Lead to the statement under the last signed head; ask to come back while no head holds what it is about."""
    begins = or_404(begins_at(request.program, slug, *BEGINS[what]))
    head = record.head_at_least(request.program, begins)
    if head is None:
        return render(request, "desks/statement_later.html")
    return HttpResponseRedirect(to(request, f"desks:{what}_statement_of", slug=slug, size=head.size))


@from_the_record
@open_to(Role.EVERYONE)
def page(request: ViewerRequest, what: str, slug: str, size: int) -> HttpResponseBase:
    """Show the statement under a signed head."""
    return _page(request, what, slug, size)


@from_the_record
@open_to(Role.EVERYONE)
def file(request: ViewerRequest, what: str, slug: str, size: int, form: str) -> HttpResponseBase:
    """Give the statement as PDF, DOCX, or its proofs as ZIP; the page instead where a letter has no font here."""
    try:
        content = _kept(request, what, slug, size, form)
    except BusyError:
        response = _page(request, what, slug, size, note=busy_words())
        response.status_code, response["Retry-After"] = HTTPStatus.SERVICE_UNAVAILABLE, "60"
        return response
    except MissingGlyphError:
        cure = _(
            "Some letters cannot be set in a PDF here. Take the Word file, or print this page and choose “Save as PDF”."
        )
        return _page(request, what, slug, size, note=cure)
    return download(content, f"statement-{slug}-{size}.{form}", TYPES[form])


def _kept(request: ViewerRequest, what: str, slug: str, size: int, form: str) -> bytes:
    """Give a file, as it was kept or made in turn. Raises Http404, BusyError or MissingGlyphError."""
    head = or_404(head_of_size(request.program, size))
    key = _rests_on(request, what, slug, head, form)
    found = SHELF.take(key, request.pack)
    if found is not None:
        return found
    with turn():
        found = SHELF.take(key, request.pack)
        found = found or _content(request, _paper(request, what, slug, head), head, form)
        SHELF.put(key, request.pack, found)
    return found


def _rests_on(request: ViewerRequest, what: str, slug: str, head: Head, form: str) -> Key:
    """Give all that a file rests on, beside the policy pack and the release: the head, and what was taken down since."""
    origin, site = (
        f"{request.program.origin} {vkey_if_any(request.program)}",
        f"{request.scheme}://{request.get_host()}",
    )
    taken_down = last_taken_down(request.program)
    return (request.program.pk, origin, what, slug, head.note, taken_down, form, lang_of(request), site)


def _page(request: ViewerRequest, what: str, slug: str, size: int, *, note: str = "") -> HttpResponse:
    head = or_404(head_of_size(request.program, size))
    context = {
        "paper": _paper(request, what, slug, head),
        "what": what,
        "page_source": "sources" if what == "past" else "",
        "slug": slug,
        "latest": f"desks:{what}_statement",
        "files": {
            form: to(request, f"desks:{what}_statement_download_{form}", slug=slug, size=size)
            for form in TYPES
        },
        "note": note,
        "record_head": record.head_of(request.program),
    }
    return render(request, "desks/statement.html", context)


def _paper(request: ViewerRequest, what: str, slug: str, head: Head) -> Paper:
    thread = or_404(GATHER[what](request.program, slug, head, lang_of(request)))

    def whole(name: str, **about: object) -> str:
        return request.build_absolute_uri(to(request, name, **about))

    origin = Origin(
        head=head,
        packs=record.packs_of(request.program),
        origin=request.program.origin,
        vkey=vkey_if_any(request.program),
        base=f"{request.scheme}://{request.get_host()}",
        entry_page=lambda index: to(request, "record:entry", index=index),
        entry=lambda index: whole("record:entry", index=index),
        proof=lambda index: whole("log:proof", index=index),
        bundle=whole(f"desks:{what}_statement_download_zip", slug=slug, size=head.size),
        key=whole("log:vkey"),
        here=whole(f"desks:{what}_statement_of", slug=slug, size=head.size),
        questions=lambda unit: f"{to(request, 'desks:questions')}?unit={unit}",
    )
    return statement_of(thread, origin, lang_of(request))


def _content(request: ViewerRequest, paper: Paper, head: Head, form: str) -> bytes:
    if form == "pdf":
        return set_paper("paper.typ", to_data(paper))
    if form == "docx":
        return docx_of(paper)
    found, key = binding.bound(paper.cited, head, lang_of(request)), vkey_if_any(request.program)
    told = binding.readme(paper.name, request.program.origin, key, found.indexes)
    return binding.bundle(found, key, told)
