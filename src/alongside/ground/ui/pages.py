"""Part a list that has no end into pages, what a page may do in a browser, and files to take along."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from hashlib import sha256
from typing import Any, cast

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.csp import CSP, build_policy

#: So many rows a page of a list shows, and so many of each where several lists stand on it.
ROWS, ROWS_OF_EACH = 50, 20

#: What a page may load that plays what it holds in its memory.
WITH_SOUNDS = build_policy(
    cast("dict[str, list[str]]", settings.SECURE_CSP) | {"media-src": [CSP.SELF, "blob:"]}
)


def plays_sounds[**P](view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """Mark a view whose page plays what it holds in its memory."""

    @wraps(view)
    def playing(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(*args, **kwargs)
        response[CSP.HEADER_ENFORCE.value] = WITH_SOUNDS
        return response

    return playing


CSV, PDF, JSON = "text/csv; charset=utf-8", "application/pdf", "application/json"


def download(content: bytes | str | Iterator[str], name: str, kind: str = CSV) -> HttpResponseBase:
    """Answer with a file that a browser saves; one that comes in parts is sent as it comes."""
    whole = isinstance(content, bytes | str)
    response: HttpResponseBase
    response = HttpResponse(content, kind) if whole else StreamingHttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def in_policy(file: bytes) -> str:
    """Give the SHA-256 of a script or a style as the policy of a page that holds it names it."""
    return f"sha256-{b64encode(sha256(file).digest()).decode()}"


def page_of[T](found: Sequence[T], number: str | None, rows: int = ROWS) -> Page[T]:
    """Give the page of a list that an address names by its number; the first one, where it names none."""
    return Paginator(found, rows).get_page(number)


def page_of_many(number: str | None, *parts: Sequence[Any]) -> tuple[Page[Any], slice]:
    """Page several lists that stand on one page together, by the longest; give what to show of each, too."""
    page = page_of(max(parts, key=len), number, ROWS_OF_EACH)
    return page, slice(max(page.start_index() - 1, 0), page.end_index())
