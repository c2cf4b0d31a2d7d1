"""The page that says who may open a page, and the specimen of every part for people who build."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alongside.ground.gate import NotOpenToYou, Role, open_to
from alongside.ground.look.specimen import specimen as everything

WHO: dict[Role, str | Promise] = {
    Role.LEAD: _("community leads"),
    Role.STAFF: _("staff of a unit"),
    Role.MANAGER: _("people who sign for a unit"),
    Role.STEWARD: _("the steward of the program"),
    Role.OPERATOR: _("the people who run this site"),
    Role.PERSON: _("people who are signed in"),
}


@open_to(Role.EVERYONE)
def refused(request: HttpRequest, exception: PermissionDenied | None = None) -> HttpResponse:
    """Say who can open the page and how to sign in (Django's handler403)."""
    roles = exception.roles if isinstance(exception, NotOpenToYou) else frozenset()
    who = ", ".join(str(words) for role, words in WHO.items() if role in roles)
    return render(request, "403.html", {"open_to": who}, status=403)


@open_to(Role.EVERYONE)
def specimen(request: HttpRequest) -> HttpResponse:
    """Show every part in all its states, for those who build and those who check."""
    return render(request, "look/specimen.html", everything())
