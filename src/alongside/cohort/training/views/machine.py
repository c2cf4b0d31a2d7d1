"""What machines ask: the document of the program's did:web, with the key that signs credentials."""

import json

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase

from alongside.cohort.training.credentials import NoCredentialKey, controller_document, did_of, read_key
from alongside.ground.gate import AskedHttpRequest, Role, open_to


@open_to(Role.EVERYONE)
def did(request: AskedHttpRequest) -> HttpResponseBase:
    """Give the program's DID document (did:web method, section 3.2: a path is followed by /did.json)."""
    name = did_of(settings.ALONGSIDE.address, request.program.slug)
    try:
        document = controller_document(name, read_key(request.program))
    except NoCredentialKey:
        raise Http404 from None
    response = HttpResponse(json.dumps(document, indent=2), content_type="application/did+json")
    response["Cache-Control"] = "public, max-age=300"
    response["Access-Control-Allow-Origin"] = "*"
    return response
