"""Pages that say what this site is: words alone, the same for everyone."""

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import render

from alongside.core.grammar.learning import DAYS
from alongside.ground.gate.roles import Role, View, ViewerRequest, from_the_record, open_to


def _plain(template: str, **shown: int) -> View:
    @from_the_record
    @open_to(Role.EVERYONE)
    def page(request: ViewerRequest) -> HttpResponseBase:
        return render(request, f"desks/{template}.html", shown)

    return page


keeps = _plain("keeps")
promises = _plain("promises", learning_days=DAYS)
accessibility = _plain("accessibility")


@from_the_record
@open_to(Role.EVERYONE)
def software(request: ViewerRequest) -> HttpResponseBase:
    """Say whose software this is, where its source is, and how to check the record with it."""
    return render(request, "desks/software.html", {"source": settings.ALONGSIDE.source})
