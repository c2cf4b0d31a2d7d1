"""A visit of an applicant: the code that came along or the pass in the address, and where to go next."""

import base64
import json
import os
from binascii import Error
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, override
from urllib.parse import urlencode, urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.crypto import salted_hmac

from alongside.cohort.applications.actions import hash_code, in_groups
from alongside.cohort.applications.models import Application
from alongside.cohort.applications.queries import Step, application_by_code, steps_of
from alongside.cohort.calls.models import Call
from alongside.cohort.calls.queries import CallPage, call_page, published_call
from alongside.ground.gate.limits import LARGEST_RECORDING
from alongside.ground.gate.roles import ViewerRequest, or_404
from alongside.ground.ui.addresses import lang_of, to

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


#: A hidden field that people never see; what fills it in is a machine.
TRAP = "website"
ROOM_FOR_WORDS = 512 * 1024
#: More than this is not even read.
MOST_SENT = 4 * LARGEST_RECORDING


class InMemory(MemoryFileUploadHandler):
    """Keeps a recording in memory, so that no temporary file of a voice is left on a disk; drops one that is too large."""

    was_dropped = False

    @override
    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        """Take part only where the whole request is small enough."""
        self.activated = content_length <= LARGEST_RECORDING + ROOM_FOR_WORDS

    @override
    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Remember that a file came along and is too large."""
        if not self.activated:
            self.was_dropped = True
        super().new_file(*args, **kwargs)


@dataclass
class Visit:
    """One request of an applicant. `code` came in the body; it is in no address, no cookie and no log."""

    request: ViewerRequest
    call: Call
    page: CallPage
    now: datetime
    application: Application | None = None
    code: str = ""
    #: A word in the address for what was just done, such as "sent".
    just: str = ""

    @property
    def mine(self) -> Application:
        """Give the application. Only asked where there is one."""
        return or_404(self.application)

    def steps(self) -> list[Step]:
        """List the pages of the application."""
        return steps_of(self.mine, self.request.pack)

    def show(self, template: str, status: int = 200, **context: Any) -> HttpResponseBase:
        """Show a page that nobody keeps: it holds the code."""
        given = {"page": self.page, "code": self.code, "call": self.call, "trap": TRAP, **context}
        response = render(self.request, f"applications/{template}.html", given, status=status)
        response["Cache-Control"] = "no-store"
        return response

    def on(self, at: str, just: str = "") -> HttpResponseBase:
        """Lead on to a page by an address of its own, so that Back and a reload show it."""
        asked = {"at": at, "just": just}
        if self.application is not None:
            asked["visit"] = pass_for(self.application, self.code, self.now)
        query = urlencode({name: said for name, said in asked.items() if said})
        response = HttpResponseRedirect(
            f"{to(self.request, 'applications:apply', slug=self.call.slug)}?{query}"
        )
        response["Cache-Control"] = "no-store"
        return response


def visit(request: ViewerRequest, slug: str) -> Visit:
    """Find the call, or raise Http404."""
    page = or_404(call_page(request.program, lang_of(request), slug))
    call = or_404(published_call(request.program, slug))
    return Visit(request, call, page, request.now)


def recognize(found: Visit) -> Visit:
    """Find the application that the code in the body leads to."""
    found.code = in_groups(str(found.request.POST.get("code", "")))
    if found.code:
        found.application = application_by_code(found.call, hash_code(found.code))
    return found


def come_in(found: Visit) -> Visit:
    """Find the application that the pass in the address opens, for whom a page of this site led there."""
    found.just = found.request.GET.get("just", "")
    if not is_led_here(found.request):
        return found
    found.application, found.code = opened_by(found.call, found.request.GET.get("visit", ""), found.now)
    return found
