"""What the leads' reader asks of recovery papers: hashes, signatures and ciphertext; never a digit of a paper."""

from django.http import HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _

from alongside.chain.reader.views.api.doors import Reader, key_of, reader_door
from alongside.chain.recovery import actions, queries
from alongside.ground.gate.roles import ViewerRequest
from alongside.ground.gate.tokens import refuse
from alongside.ground.ui.bodies import blob, blobs, number, read_json, strings, words


@reader_door("GET", "POST")
def papers(request: ViewerRequest, reader: Reader) -> HttpResponseBase:
    """Give where the papers stand, with all signatures; or take new ones, for a second lead to sign."""
    if request.method == "POST":
        body = read_json(request)
        actions.propose_papers(
            program=request.program,
            seat=reader.seat,
            recipient=words(body, "recipient", 80),
            needed=number(body, "needed"),
            papers=strings(body, "papers"),
            signature=words(body, "signature", 100),
            now=reader.now,
        )
    return JsonResponse(queries.to_judge(request.program, request.today))


@reader_door("POST")
def sign(request: ViewerRequest, reader: Reader) -> HttpResponseBase:
    """Take a second lead's signature under the papers that wait, and one for each paper that was typed: in their order, empty for the others."""
    asked = queries.papers_asked(request.program, request.today)
    if asked is None:
        return refuse(_("These papers wait no longer. Load the list again."), 404)
    body = read_json(request)
    entry = actions.sign_papers(
        program=request.program,
        asked=asked,
        seat=reader.seat,
        signature=words(body, "signature", 100),
        checked={one + 1: signed for one, signed in enumerate(strings(body, "checked")) if signed},
        now=reader.now,
    )
    return JsonResponse({"entry": entry.index})


@reader_door("POST")
def drop(request: ViewerRequest, reader: Reader) -> HttpResponseBase:
    """Take out the papers that wait for a second lead."""
    actions.drop_papers(program=request.program)
    return JsonResponse({"dropped": True})


@reader_door("POST")
def check(request: ViewerRequest, reader: Reader) -> HttpResponseBase:
    """Take that a lead typed the digits of a paper, and that they are right."""
    body = read_json(request)
    entry = actions.check_paper(
        program=request.program,
        seat=reader.seat,
        paper=number(body, "paper"),
        signature=words(body, "signature", 100),
        now=reader.now,
    )
    return JsonResponse({"entry": entry.index})


@reader_door("GET")
def keys(request: ViewerRequest, reader: Reader) -> HttpResponseBase:
    """Give every key as it is sealed to recovery papers, which enough of them open."""
    return JsonResponse(queries.to_recover(request.program))


@reader_door("POST")
def lock(request: ViewerRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Take an engagement's key as a lead sealed it to the recovery key."""
    body = read_json(request)
    entry = actions.lock_to_papers(
        program=request.program,
        key=key_of(request, slug),
        seat=reader.seat,
        papers=number(body, "papers"),
        sealed=blob(body, "sealed"),
        signature=words(body, "signature", 100),
        now=reader.now,
    )
    return JsonResponse({"entry": entry.index})


@reader_door("POST")
def recover(request: ViewerRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Take an engagement's key that papers opened, sealed to certified leads, with what its test voice says."""
    body = read_json(request)
    entry = actions.recover_key(
        program=request.program,
        key=key_of(request, slug),
        seat=reader.seat,
        papers=number(body, "papers"),
        wraps=blobs(body, "wraps"),
        signature=words(body, "signature", 100),
        nonce=words(body, "nonce", 64),
        now=reader.now,
    )
    return JsonResponse({"entry": entry.index})
