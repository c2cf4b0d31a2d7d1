"""What comes before a draft goes on: the invitation that it begins with, and what communities said already."""

from datetime import date

from django.http import HttpResponseBase

from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of
from alongside.ground.look.context import language
from alongside.work.engagements import actions
from alongside.work.engagements.forms.drafting import AgainForm
from alongside.work.engagements.queries.before import asked_before
from alongside.work.engagements.views.steps import on_to, step_page, the_draft
from alongside.work.invitations.queries import Invited, invitation


def taken(request: AskedHttpRequest, today: date) -> Invited | None:
    """Give the invitation that the asker took and begins a draft for, or None."""
    slug = request.GET.get("invitation", "")
    found = invitation(request.program, request.pack, lang_of(request), today, slug) if slug else None
    mine = found is not None and found.taken is not None and found.taken.entry.by[0] == request.asker.seat
    return found if mine else None


@open_to(Role.LEAD)
def before(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Step 1, before going on: what communities said already, what has no answer, and why it is asked again."""
    found, lang = the_draft(request, slug), lang_of(request)
    said = asked_before(found, lang)
    first = found.languages[0]
    words = found.words.get(first, {})
    initial = {"asked_again": words.get("asked_again", "")}
    form = AgainForm(request.POST or None, engagement=found, must=bool(said.unanswered), initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["asked_again"]
        actions.save_reason(engagement=found, words=typed)
        return on_to(request, "engagements:dates", slug)
    return step_page(request, 1, "step_before", form=form, draft=found, said=said, first=language(first))
