"""Give a sound to a player: whole, or the part that it asks for."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from alongside.core.recordings import KINDS
from alongside.core.spans import span
from alongside.ground.ui.addresses import to

PART, CANNOT = 206, 416


def sound(request: HttpRequest, content: bytes, kind: str, *, way: str, name: str) -> HttpResponse:
    """Answer with a sound; some phones play nothing that does not come in parts. `way` is `inline` or `attachment`."""
    response = _part(content, request.headers.get("Range", ""))
    response["Content-Type"] = KINDS.get(kind, "application/octet-stream")
    response["Content-Disposition"] = f'{way}; filename="{name}.{kind}"'
    response["Accept-Ranges"] = "bytes"
    return response


def address(request: HttpRequest, about: int, digest: str, kind: str) -> str:
    """Give the whole address of a recording of words of the log, as it is sent on."""
    named = {"index": about, "digest": digest, "kind": kind}
    return f"{settings.ALONGSIDE.address}{to(request, 'texts:sound', **named)}"


def _part(content: bytes, asked: str) -> HttpResponse:
    found = span(asked, len(content))
    if found is None:
        return HttpResponse(content)
    first, last = found
    if first > last:
        return HttpResponse(status=CANNOT, headers={"Content-Range": f"bytes */{len(content)}"})
    told = {"Content-Range": f"bytes {first}-{last}/{len(content)}"}
    return HttpResponse(content[first : last + 1], status=PART, headers=told)
