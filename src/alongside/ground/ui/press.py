"""The press of a button: do once what a filled-in form asks for and go on from there, or say in the form what was refused."""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.utils.crypto import salted_hmac
from django.utils.html import format_html
from django.utils.translation import gettext as _

from alongside.core.refusals import Refused
from alongside.ground.gate.roles import ViewerRequest
from alongside.ground.ui.actions import do_once
from alongside.ground.ui.addresses import asker_of
from alongside.ground.ui.models import Press
from alongside.ground.ui.refusals import refusal_text

#: What was typed into a form, cleaned.
type Typed = dict[str, Any]

#: The field that tells one drawing of a form from another.
NONCE = "nonce"
#: What a lead's device adds where it signed what the form asks for: which act it is, and what was signed of it.
ACT, SIGNED = "act", "signed"
#: What is sent by whoever, asked to sign, wants to see the form again with what they typed.
CHANGE = "change_it"
#: What is sent by whoever, asked to sign, takes it to another device as a file.
SAVE = "save_it"
#: Which lead signs beside one who lost their key.
BESIDE = "beside"
#: In which language whoever is asked to sign reads that page; what they wrote is in that of the address.
SHOWN = "shown_in"
#: What is no word of whoever sends a form.
OURS = frozenset({NONCE, "csrfmiddlewaretoken", ACT, SIGNED, CHANGE, SAVE, BESIDE, SHOWN})
_CARRIED = "alongside.form-on-its-way"


def posted(request: HttpRequest) -> QueryDict | None:
    """Give what was sent, to fill a form in with; None where the page is only opened."""
    return request.POST if request.method == "POST" else None


def press[R](
    request: ViewerRequest,
    form: BaseForm,
    act: Callable[[Typed], R],
    onward: str | Callable[[R], str],
    *,
    at: str | None = None,
) -> HttpResponseRedirect | None:
    """Do what a form asks for and lead to `onward`; None where the page is to be shown, with what it has to say.

    `act` takes what was typed. What it refuses is told in the form: at the field that the refusal names, else at `at`,
    else above all fields; at several fields where it raises Django's ValidationError. `onward` is an address, or makes
    one of what `act` gave. A view ends with `return press(...) or render(...)`. Where the form has a nonce and was sent
    before, nothing is done again: the same leads to the same place, and with other words the page says so.
    """
    if not form.is_valid() or CHANGE in request.POST:
        return None

    def do() -> str:
        try:
            made = act(form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        except Refused as error:
            field = error.field if error.field in form.fields else at
            form.add_error(field, refusal_text(error, request.pack))
        else:
            return onward if isinstance(onward, str) else onward(made)
        return ""

    key, is_other = key_of(request), False
    if key:
        there, is_other = do_once(key=key, body=_body_of(request), today=request.today, act=do)
    else:
        there = do()
    if is_other:
        link = format_html('<a href="{}">{}</a>', there, _("see what came of it"))
        words = _(
            "You sent this form before, with other words: %(link)s. To send these words too, press the button again."
        )
        form.add_error(None, format_html(words.replace("%(link)s", "{}"), link))
        there = ""
    return HttpResponseRedirect(there) if there else None


def taking[R](action: Callable[..., R], **given: object) -> Callable[[Typed], R]:
    """Give what a press does: an action, with what the page gives it and what was typed under the names of its arguments."""
    return lambda typed: action(**{**given, **typed})


def led_before(request: HttpRequest) -> str:
    """Give where this very form led, sent with the same words by the same person; empty where it was not sent before."""
    key = key_of(request)
    found = Press.objects.filter(key=key, body=_body_of(request)).first() if key else None
    return found.led_to if found else ""


def carried(request: HttpRequest, sent: Iterable[tuple[str, str]]) -> str:
    """Give what a form held as text that leaves the site: marked, so that it comes back as it went, from the same person."""
    whole = [asker_of(request).person_id, request.get_full_path(), list(sent)]
    return signing.dumps(whole, salt=_CARRIED, compress=True)


def brought_back(request: HttpRequest, form: str) -> tuple[str, list[tuple[str, str]]] | None:
    """Give the page of a form that was carried away, and what it held; None where another person or another site carried it away."""
    try:
        person, page, sent = signing.loads(form, salt=_CARRIED)
    except signing.BadSignature:
        return None
    return (page, [(name, value) for name, value in sent]) if person == asker_of(request).person_id else None


def new_nonce(request: HttpRequest) -> str:
    """Draw a nonce for a form of whoever is signed in; empty for everyone else, whose pages are the same for all."""
    return secrets.token_urlsafe(16) if asker_of(request).person_id else ""


def key_of(request: HttpRequest) -> str:
    """Name a press: by the nonce of its form, whoever pressed, and the page; empty where the form has no nonce."""
    nonce, person = request.POST.get(NONCE, ""), asker_of(request).person_id
    whole = f"{person} {request.get_full_path()} {nonce}"
    return salted_hmac("alongside.press", whole, algorithm="sha256").hexdigest() if nonce and person else ""


def _body_of(request: HttpRequest) -> str:
    """Hash what was sent, files too, so that nobody who has the database can guess it."""
    words = sorted((name, sent) for name, sent in request.POST.lists() if name not in OURS)
    files = sorted((name, [_hash_of(one) for one in sent]) for name, sent in request.FILES.lists())
    return salted_hmac("alongside.press.body", json.dumps([words, files]), algorithm="sha256").hexdigest()


def _hash_of(file: Any) -> str:
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()
