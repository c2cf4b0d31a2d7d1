"""What the six steps of a draft share: the draft that the asker works on, the next step, the page of a step."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from alongside.ground.gate import AskedHttpRequest
from alongside.ground.look.addresses import lang_of, to
from alongside.ground.look.done import Done, DoneAlready
from alongside.ground.look.refusals import said
from alongside.work.engagements import actions
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries import drafts
from alongside.work.engagements.queries.wording import government


def the_draft(request: AskedHttpRequest, slug: str) -> Engagement:
    """Give the draft, or raise Http404 where the asker does not work on one of this name; DoneAlready once it is open."""
    found = drafts.draft_for(request.program, request.asker, slug)
    if found is None:
        refuse_if_open(request, slug)
        raise Http404
    return found


def refuse_if_open(request: AskedHttpRequest, slug: str) -> None:
    """Raise DoneAlready where the promise of this name is frozen and the asker works on it."""
    if drafts.open_for(request.program, request.asker, slug):
        raise DoneAlready(to(request, "engagements:engagement", slug=slug), Done.OPENED)


def on_to(request: AskedHttpRequest, name: str, slug: str, **more: object) -> HttpResponseRedirect:
    """Go to a page of the same draft."""
    return HttpResponseRedirect(to(request, name, slug=slug, **more))


def saved(form: forms.Form, draft: Engagement, changes: Mapping[str, Any]) -> bool:
    """Save a draft; where the linter finds what the form did not see, or it was opened just now, say so in the form."""
    try:
        actions.save_draft(engagement=draft, changes=changes)
    except (actions.ForbiddenTopic, actions.NotADraft) as error:
        form.add_error(None, said(error))
        return False
    return True


def step_page(request: AskedHttpRequest, step: int, template: str, **context: Any) -> HttpResponseBase:
    """Show a step with what every step's page needs."""
    draft = context.get("draft")
    named = {
        "step": step,
        "government": government(request.pack, lang_of(request)),
        "late": drafts.late_days(draft) if draft else {},
    }
    return render(request, f"engagements/{template}.html", {**named, **context})
