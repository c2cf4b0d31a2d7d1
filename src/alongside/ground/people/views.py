"""Print a code on paper, and sign in with it."""

from collections.abc import Callable
from typing import Any

from allauth.account.utils import perform_login
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from alongside.core.refusals import Refused
from alongside.ground.gate.limits import PRINTED_CODES_AN_HOUR, Doorman, address_of
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.people.actions import CODE_DAYS, print_code, use_code
from alongside.ground.people.forms import PrintedCodeForm
from alongside.ground.people.models import ON_PAPER, Person
from alongside.ground.ui.addresses import to
from alongside.ground.ui.links import desk_of
from alongside.ground.ui.press import posted
from alongside.ground.ui.refusals import refusal_text

DOOR = Doorman(most=PRINTED_CODES_AN_HOUR, name="printed codes")


@open_to(Role.EVERYONE)
def printed_code(request: ViewerRequest) -> HttpResponseBase:
    """Take in a printed code and sign the person in, once; lead whoever is signed in to their own desk."""
    if request.method != "POST" and request.viewer.has(Role.PERSON):
        return HttpResponseRedirect(to(request, desk_of(request.viewer) or "desks:home"))
    form = PrintedCodeForm(posted(request))
    if form.is_valid():
        now = request.now
        try:
            if DOOR.knock(address_of(request), now):
                raise Refused(_("Too many tries from here. Wait an hour, or ask the program coordinator."))  # noqa: TRY301 -- one way out for every refusal
            person = use_code(code=form.cleaned_data["code"], now=now)
        except Refused as error:
            form.add_error("code", refusal_text(error))
        else:
            request.session[ON_PAPER] = True
            # Whoever has a passkey is asked for it now. The next request knows whose desk it is.
            signed_in: HttpResponseBase = perform_login(request, person, redirect_url=request.path)
            return signed_in
    return render(request, "people/printed_code.html", {"form": form, "days": CODE_DAYS})


def on_paper(
    request: ViewerRequest, template: str, *, person: Person, tell: Callable[[], object], **shown: Any
) -> HttpResponseBase:
    """Print a code for a person and show it on a page, or say there how they get one instead; `tell` notes that it was printed."""
    code, problem = "", ""
    try:
        code = print_code(person=person, now=request.now, tell=tell)
    except Refused as error:
        problem = refusal_text(error)
    return render(request, template, {**shown, "code": code, "problem": problem, "days": CODE_DAYS})
