"""The specimen of every part, for people who build and people who check."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from alongside.ground.gate.roles import Role, open_to
from alongside.ground.ui.specimen import specimen as everything


@open_to(Role.EVERYONE)
def specimen(request: HttpRequest) -> HttpResponse:
    """Show every part in all its states."""
    return render(request, "ui/specimen.html", everything())
