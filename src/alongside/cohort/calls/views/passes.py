"""A pass: what stands in the address of a page of an application. It opens that page for half an hour, or until it is closed.

Only a page of this site leads through it: whoever is sent the address does not type into another person's application.
"""

import base64
import json
import os
from binascii import Error
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from alongside.cohort.calls.actions.codes import hash_code
from alongside.cohort.calls.models import Application, Call
from alongside.cohort.calls.queries.applying import application_by_code

#: As long as Back and a reload show the page again. A form can be sent later too: it holds the code itself.
LASTS = timedelta(minutes=30)
NONCE, LONGEST = 12, 400


def pass_for(application: Application, code: str, now: datetime) -> str:
    """Make a pass: the code and the time, sealed so that only this site reads them; nothing of it is kept."""
    words = json.dumps([code, application.times_closed, int(now.timestamp())])
    nonce = os.urandom(NONCE)
    sealed = nonce + _cipher().encrypt(nonce, words.encode(), application.call.slug.encode())
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def opened_by(call: Call, text: str, now: datetime) -> tuple[Application | None, str]:
    """Give the application that a pass opens, and its code; None once it is too old or the application was closed."""
    try:
        sealed = base64.urlsafe_b64decode(text[:LONGEST] + "=" * (-len(text) % 4))
        words = _cipher().decrypt(sealed[:NONCE], sealed[NONCE:], call.slug.encode())
    except (Error, ValueError, InvalidTag):
        return None, ""
    code, closed, made = json.loads(words)
    found = application_by_code(call, hash_code(code))
    if found is None or found.times_closed != closed or now.timestamp() - made > LASTS.total_seconds():
        return None, ""
    return found, code


def is_led_here(request: HttpRequest) -> bool:
    """Say whether a page of this site led to this one, as the browser tells it; Back and a reload tell what they told first."""
    site = request.headers.get("Sec-Fetch-Site", "none")
    if site != "none":
        return site == "same-origin"
    try:
        return urlsplit(request.headers.get("Referer", "")).netloc == request.get_host()
    except ValueError:
        return False


def _cipher() -> ChaCha20Poly1305:
    return ChaCha20Poly1305(salted_hmac("alongside.calls.pass", "", algorithm="sha256").digest())
