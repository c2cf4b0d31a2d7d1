"""What machines read: checkpoint, tiles, entry bundles, proofs and salted texts, in the C2SP formats."""

import hashlib
import io
import json
import zipfile
from functools import cache
from pathlib import Path

from django.http import Http404, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from alongside.core.canonical import canonical
from alongside.core.ledger.hashing import LedgerError
from alongside.core.ledger.note import split_note
from alongside.core.ledger.tiles import TILE_WIDTH, encode_bundle, parse_tile_path
from alongside.core.policy.parts import parts_of
from alongside.ground.gate.limits import COSIGNED_AN_HOUR, Doorman, address_of
from alongside.ground.gate.roles import Role, ViewerRequest, open_to, or_404
from alongside.ground.programs.queries import has_adopted, pack_under
from alongside.ground.record import queries
from alongside.ground.record.actions.heads import keep_cosignatures
from alongside.ground.record.models import PublicText
from alongside.ground.record.signing import SigningKeyError, halted, vkey
from alongside.ground.record.tiles import read_bundle, read_tile

#: A cosigned head is shorter, also one with a key that quantum computers do not break; and the largest size has so many digits.
MOST_BYTES = 20_000
MOST_DIGITS = 18
DOOR = Doorman(most=COSIGNED_AN_HOUR, name="cosignatures")
FOR_EVER = "public, max-age=31536000, immutable"
A_MOMENT = "public, max-age=5"
AN_HOUR = "public, max-age=3600"
PLAIN = "text/plain; charset=utf-8"
VERIFIER = "alongside-verify.pyz"
#: The verifier as one file that anybody can take: `core` and `check`, which need Python and its package cryptography alone.
SOURCE = Path(__file__).parents[2]
#: The file begins so; a terminal runs it by name, too.
HEAD = b"#!/usr/bin/env python3\n"
MAIN = '''"""Check a public log: python3 alongside-verify.pyz record ADDRESS. Free software under the AGPL 3.0 or later."""

import sys

if sys.version_info < (3, 12):
    sys.exit("This needs Python 3.12 or newer; this is %d.%d." % sys.version_info[:2])
try:
    import cryptography
except ImportError:
    sys.exit("This needs Python's package cryptography. On Debian and Ubuntu it is python3-cryptography.")

from alongside.check.cli import main

sys.exit(main())
'''


def _reply(content: bytes | str, content_type: str, caching: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Cache-Control"] = caching
    response["Access-Control-Allow-Origin"] = "*"
    return response


@open_to(Role.EVERYONE)
def checkpoint(request: ViewerRequest) -> HttpResponseBase:
    """Give the last signed head as a note; where the rules name witnesses, the last that enough of them cosigned (see `head_shown`).

    A database that was restored has an older one, which mirrors would take for a record that was cut: it waits.
    """
    if waits := _halted(request):
        return waits
    head = or_404(queries.head_shown(request.program))
    return _reply(head.note, PLAIN, A_MOMENT)


@csrf_exempt  # machines have no form token; OriginMiddleware guards this door
@open_to(Role.EVERYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def cosignatures(request: ViewerRequest) -> HttpResponseBase:
    """Give the head that a witness which comes by itself cosigns (`above`: the size that it saw last), or take in what it signed.

    Only a line that fits a head of this log, by a witness that its rules name, is kept.
    """
    if waits := _halted(request):
        return waits
    if request.method == "POST":
        return HttpResponse(*_take_in(request), headers={"Cache-Control": "no-store"})
    above = request.GET.get("above", "")
    fits = above.isascii() and above.isdigit() and len(above) <= MOST_DIGITS
    head = or_404(queries.head_waiting(request.program, int(above) if fits else 0))
    return HttpResponse(head.note, content_type=PLAIN, headers={"Cache-Control": "no-store"})


def _halted(request: ViewerRequest) -> HttpResponse | None:
    """Give what is answered in place of any head where the log may not go on; None where it may."""
    if request.stand is None or not (why := halted(request.program, request.stand.size)):
        return None
    return HttpResponse(f"{why}\n", content_type=PLAIN, status=503, headers={"Cache-Control": "no-store"})


def _take_in(request: ViewerRequest) -> tuple[str, str, int]:
    """Take in a cosigned head; give what is answered, its kind, and the status."""
    if DOOR.knock(address_of(request), request.now):
        return "This comes too often; wait an hour.\n", PLAIN, 429
    try:
        text, lines = split_note(request.read(MOST_BYTES))
    except LedgerError as error:
        return f"{error}\n", PLAIN, 400
    if queries.head_of_text(request.program, text) is None:
        return "This log signed no such head.\n", PLAIN, 404
    if keep_cosignatures(program=request.program, text=text, lines="\n".join(lines), now=request.now):
        return "Taken in.\n", PLAIN, 200
    return "No line is by a witness that the rules of this program name.\n", PLAIN, 403


@open_to(Role.EVERYONE)
def key(request: ViewerRequest) -> HttpResponseBase:
    """Give the public key line of the log."""
    try:
        return _reply(vkey(request.program) + "\n", PLAIN, A_MOMENT)
    except SigningKeyError:
        raise Http404 from None


@open_to(Role.EVERYONE)
def tile(request: ViewerRequest, where: str) -> HttpResponseBase:
    """Give a tile of hashes, or a bundle of entries, of what is signed."""
    try:
        wanted = parse_tile_path(f"tile/{where}")
    except LedgerError:
        raise Http404 from None
    log, head = queries.log_of(request.program), queries.head_of(request.program)
    level = wanted.level or 0
    if log is None or head is None or (wanted.n * TILE_WIDTH + wanted.width) << (8 * level) > head.size:
        raise Http404
    if wanted.level is None:
        return _reply(
            encode_bundle(read_bundle(log, wanted.n, wanted.width)), "application/octet-stream", FOR_EVER
        )
    return _reply(read_tile(log, level, wanted.n, wanted.width), "application/octet-stream", FOR_EVER)


@open_to(Role.EVERYONE)
def entry_json(request: ViewerRequest, index: int) -> HttpResponseBase:
    """Give one entry, verbatim. One that no head covers yet could still be lost with the disk, so nobody keeps it long."""
    line = or_404(queries.line_at(request.program, index))
    is_signed = queries.head_at_least(request.program, index) is not None
    return _reply(bytes(line.raw), "application/json", FOR_EVER if is_signed else A_MOMENT)


@open_to(Role.EVERYONE)
def proof(request: ViewerRequest, index: int) -> HttpResponseBase:
    """Give the proof that an entry stands in the signed record."""
    shown = queries.head_shown(request.program)
    head = shown if shown and shown.size > index else or_404(queries.head_at_least(request.program, index))
    response = _reply(queries.proof_file(request.program, index, head), PLAIN, A_MOMENT)
    response["Content-Disposition"] = f'attachment; filename="{index}.tlog-proof"'
    return response


@open_to(Role.EVERYONE)
def texts(request: ViewerRequest, first: int) -> HttpResponseBase:
    """Give salt and words of every text that the entries of one bundle hash; erased ones are gone."""
    return _reply(_texts(request, first, first + TILE_WIDTH), "application/json", A_MOMENT)


@open_to(Role.EVERYONE)
def words(request: ViewerRequest, index: int) -> HttpResponseBase:
    """Give salt and words of every text that one entry hashes; erased ones are gone."""
    if queries.line_at(request.program, index) is None:
        raise Http404
    response = _reply(_texts(request, index, index + 1), "application/json", A_MOMENT)
    response["Content-Disposition"] = f'attachment; filename="{index}.texts.json"'
    return response


@open_to(Role.EVERYONE)
def rules(request: ViewerRequest, sha256: str) -> HttpResponseBase:
    """Give the parts that people read of rules that the program adopted, of which the record has a hash each."""
    if not has_adopted(request.program, sha256):
        raise Http404
    return _reply(canonical(parts_of(pack_under(sha256))), "application/json", A_MOMENT)


@cache
def archive() -> bytes:
    """Give the verifier of this release as a zip application: the same code is the same bytes, so that its SHA-256 can be compared."""
    files = {"__main__.py": MAIN.encode(), "alongside/__init__.py": (SOURCE / "__init__.py").read_bytes()}
    for room in ("core", "check"):
        for file in (SOURCE / room).rglob("*"):
            if file.suffix in {".py", ".toml"}:
                files[f"alongside/{file.relative_to(SOURCE).as_posix()}"] = file.read_bytes()
    out = io.BytesIO(HEAD)
    out.seek(len(HEAD))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:  # how bytes are squeezed differs by machine
        for name in sorted(files):
            packed.writestr(zipfile.ZipInfo(name), files[name])
    return out.getvalue()


@cache
def archive_sha256() -> str:
    """Give the SHA-256 of the verifier, in hexadecimal."""
    return hashlib.sha256(archive()).hexdigest()


@open_to(Role.EVERYONE)
def verifier(_request: ViewerRequest) -> HttpResponseBase:
    """Give the program that checks a public log, as one file."""
    return _reply(archive(), "application/zip", AN_HOUR)


def _texts(request: ViewerRequest, first: int, end: int) -> str:
    rows = PublicText.objects.filter(log__program=request.program, entry__gte=first, entry__lt=end)
    content = [
        {
            "entry": row.entry,
            "name": row.name,
            "sha256": row.sha256,
            "salt": bytes(row.salt).hex(),
            "text": row.words,
        }
        for row in rows.order_by("entry", "name")
    ]
    return json.dumps(content, ensure_ascii=False)
