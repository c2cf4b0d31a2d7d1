"""The register as files for other programs, narrowed as the list is, streamed however long it is."""

import csv
import json
from collections.abc import Iterator

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse

from alongside.core.reconcile import harmless
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of
from alongside.work.projects import queries
from alongside.work.projects.forms.narrowing import NarrowForm
from alongside.work.projects.queries.exporting import HEADINGS, Exported, exported
from alongside.work.projects.queries.proving import row_proof
from alongside.work.projects.views.doors import today_of


def _lines(request: AskedHttpRequest) -> Iterator[Exported]:
    form = NarrowForm(request.GET, pack=request.pack, lang=lang_of(request))
    return exported(request.program, lang_of(request), form.narrow, today_of(request))


class _Echo:
    """What a CSV writer writes to, so that each row can be sent on at once."""

    @staticmethod
    def write(line: str) -> str:
        """Give the line back."""
        return line


def _cell(value: object) -> str:
    return harmless(" ".join(map(str, value)) if isinstance(value, list) else str(value))


@open_to(Role.EVERYONE)
def projects_csv(request: AskedHttpRequest) -> HttpResponseBase:
    """Give the register as CSV; cells that a spreadsheet would run are made harmless."""
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield writer.writerow(HEADINGS)
        for one in _lines(request):
            yield writer.writerow([_cell(one.get(name, "")) for name in HEADINGS])

    return _file(lines(), "text/csv; charset=utf-8", "projects.csv")


@open_to(Role.EVERYONE)
def projects_json(request: AskedHttpRequest) -> HttpResponseBase:
    """Give the register as JSON, imported projects with everything their file says, without email addresses."""

    def parts() -> Iterator[str]:
        yield '{"projects": ['
        for place, one in enumerate(_lines(request)):
            yield f"{',' if place else ''}\n{json.dumps(one, ensure_ascii=False)}"
        yield "\n]}\n"

    return _file(parts(), "application/json", "projects.json")


def _file(parts: Iterator[str], content_type: str, name: str) -> HttpResponseBase:
    reply = StreamingHttpResponse(parts, content_type=content_type)
    reply["Content-Disposition"] = f'attachment; filename="{name}"'
    reply["Access-Control-Allow-Origin"] = "*"
    return reply


@open_to(Role.EVERYONE)
def row_json(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Give one row of a file with its salt, and the proof that it stands under the root in the record."""
    listing = queries.listing_of(request.program, slug)
    found = row_proof(request.program, listing.row) if listing and listing.row else None
    if found is None:
        raise Http404
    reply = HttpResponse(found.text, content_type="application/json")
    reply["Content-Disposition"] = f'attachment; filename="{slug}.row-proof.json"'
    reply["Cache-Control"] = "public, max-age=5"
    reply["Access-Control-Allow-Origin"] = "*"
    return reply
