"""What whoever runs the program or the server did about people: days and what, for leads and the steward to read."""

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import render

from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.programs.models import STEWARD
from alongside.ground.programs.queries import acts_of
from alongside.ground.ui.addresses import lang_of
from alongside.ground.ui.pages import ROWS


@open_to(Role.LEAD, Role.STEWARD)
def acts(request: ViewerRequest) -> HttpResponseBase:
    """List what was done, the newest first, each with its day and the title of the post that it was about."""
    page = Paginator(acts_of(request.program), ROWS).get_page(request.GET.get("page"))
    lang, pack = lang_of(request), request.pack
    shown = [
        (one, pack.office_title(one.post, lang) if one.post and one.post != STEWARD else "") for one in page
    ]
    return render(request, "desks/done_about_people.html", {"shown": shown, "page": page, "steward": STEWARD})
