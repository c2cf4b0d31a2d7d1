"""What the leads' reader asks about findings: drafts stay sealed; only what leads publish is ever in the clear here."""

from uuid import UUID

from django.http import HttpResponseBase, JsonResponse

from alongside.chain.findings import actions, queries
from alongside.chain.findings.forms import read_driving, read_entries, read_finding
from alongside.chain.findings.models import Attestation
from alongside.chain.reader.views.api.doors import Reader, opened_door, reader_door, signed_of
from alongside.core.ledger.keys import to_base64
from alongside.core.refusals import Refused
from alongside.ground.gate.roles import ViewerRequest
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.bodies import UnreadableError, blob, read_json, words


@reader_door("GET")
def drafts(request: ViewerRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Give the sealed drafts of an engagement's findings, with the hashes that this lead and that others confirmed, and what is public."""
    promise = opened_door(request, slug, reader.seat).promise.index
    confirmed = queries.confirmed_in(request.program, promise)
    listed = [
        {
            "id": str(one.pk),
            "sealed": to_base64(one.sealed),
            "seat": one.seat.public_id,
            "own": one.seat.person_id == reader.seat.person_id,
            "yours": [each.finding for each in confirmed.get(one.pk, ()) if _is_by(each, reader)],
            "others": [each.finding for each in confirmed.get(one.pk, ()) if not _is_by(each, reader)],
        }
        for one in queries.drafts_of(request.program, promise)
    ]
    findings = queries.findings_of(request.program, promise, lang_of(request))
    return JsonResponse({"drafts": listed, "findings": findings})


def _is_by(one: Attestation, reader: Reader) -> bool:
    """Say whether the person who reads confirmed it, in this seat or another."""
    return one.seat.person_id == reader.seat.person_id


@reader_door("POST", also=(Refused,))
def keep(request: ViewerRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Keep a sealed draft, new or in place of an older one of the same lead."""
    promise = opened_door(request, slug, reader.seat).promise.index
    body = read_json(request)
    kept = actions.keep_draft(
        program=request.program,
        promise=promise,
        seat=reader.seat,
        sealed=blob(body, "sealed"),
        draft_id=_draft_id(words(body, "id", 40)),
        now=reader.now,
    )
    return JsonResponse({"id": str(kept.pk)})


def _draft_id(text: str) -> str | None:
    try:
        return str(UUID(text)) if text else None
    except ValueError as error:
        raise UnreadableError from error


@reader_door("POST")
def drop(request: ViewerRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Delete a draft of the lead's own."""
    promise = opened_door(request, slug, reader.seat).promise.index
    draft = _draft_id(words(read_json(request), "id", 40))
    actions.drop_draft(program=request.program, promise=promise, seat=reader.seat, draft_id=draft)
    return JsonResponse({"dropped": True})


@reader_door("POST")
def attest(request: ViewerRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Take a lead's word, by its hash, for a finding that another lead will publish."""
    promise = opened_door(request, slug, reader.seat).promise.index
    body = read_json(request)
    actions.attest(
        program=request.program,
        promise=promise,
        seat=reader.seat,
        finding=words(body, "finding", 64),
        draft_id=_draft_id(words(body, "draft", 40)),
        now=reader.now,
    )
    return JsonResponse({"attested": True})


@reader_door("POST")
def publish(request: ViewerRequest, reader: Reader, slug: str) -> HttpResponseBase:
    """Publish a finding, beside the findings that its writer names; say on which page it stands. Its draft goes."""
    promise = opened_door(request, slug, reader.seat).promise.index
    body = read_json(request)
    finding, draft = read_finding(body), _draft_id(words(body, "draft", 40))
    entry = actions.publish(
        program=request.program,
        promise=promise,
        seat=reader.seat,
        beside=read_entries(body, "beside"),
        driving=read_driving(body),
        answers=read_entries(body, "answers"),
        maps=read_entries(body, "maps"),
        draft_id=draft,
        signed=signed_of(body),
        now=reader.now,
        **finding,
    )
    page = f"{to(request, 'desks:thread', promise=promise)}#finding-{entry.index}"
    return JsonResponse({"entry": entry.index, "page": page})
