"""Read a draft as residents will see it, sign it, open it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from alongside.core.clocks import local_date
from alongside.core.grammar import GrammarError
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, to
from alongside.ground.look.context import language
from alongside.ground.look.done import Done, after
from alongside.ground.look.refusals import said
from alongside.work.engagements import actions
from alongside.work.engagements.forms.drafting import SignForm
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries import drafts
from alongside.work.engagements.queries import preview as previews
from alongside.work.engagements.queries.wording import government, wording
from alongside.work.engagements.views.steps import refuse_if_open, the_draft

REFUSALS = (
    actions.ForbiddenTopic,
    actions.NotADraft,
    actions.NotReadyToOpen,
    actions.NotTheirs,
    actions.NotNow,
    GrammarError,
)


def done(request: AskedHttpRequest, form: Any, act: Callable[[], object]) -> bool:
    """Do something that may be refused; put the refusal, which says its cure, on the form."""
    try:
        act()
    except REFUSALS as error:
        form.add_error(None, said(error, request.pack))
        return False
    return True


def _seen(request: AskedHttpRequest, found: Engagement) -> dict[str, Any]:
    """Show a draft with the parts of the public page."""
    page = previews.preview(
        found, request.pack, lang_of(request), local_date(datetime.now(tz=UTC), request.pack)
    )
    decider = found.decision.office.public_id if found.decision else ""
    return {
        "page": page,
        "say": wording(page.data, decider, request.pack, lang_of(request), now=request.pack),
        "keyholders": ["community"] * min(page.readers, 12),
        "can_speak": False,
        "preview": True,
    }


@open_to(Role.LEAD, Role.STAFF)
def preview(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Show a draft exactly as residents will see it."""
    found = drafts.draft_for(request.program, request.asker, slug)
    if found is None:
        raise Http404
    back = "engagements:draft" if request.asker.has(Role.LEAD) else "engagements:sign"
    context = {**_seen(request, found), "back_href": to(request, back, slug=slug)}
    return render(request, "engagements/engagement.html", context)


@open_to(Role.LEAD)
def finish(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Step 6: a lead signs the draft as it stands, and opens it when everything is there."""
    found = the_draft(request, slug)
    form = SignForm(request.POST or None, engagement=found)
    now = datetime.now(tz=UTC)
    if request.method == "POST" and form.is_valid():
        if "open" in request.POST and done(
            request, form, lambda: actions.open_engagement(engagement=found, now=now)
        ):
            return HttpResponseRedirect(after(to(request, "engagements:engagement", slug=slug), Done.OPENED))
        seat = request.asker.seat or ""
        if "sign" in request.POST and done(
            request, form, lambda: actions.sign(engagement=found, actor=seat, now=now)
        ):
            return HttpResponseRedirect(after(to(request, "engagements:finish", slug=slug), Done.SIGNED))
    progress = previews.progress_of(found)
    context = {
        "form": form,
        "draft": found,
        "progress": progress,
        "late": drafts.late_days(found),
        "step": 6,
        **_says(request, found, progress),
    }
    return render(request, "engagements/step_sign.html", context)


def _says(request: AskedHttpRequest, found: Engagement, progress: previews.Progress) -> dict[str, Any]:
    """Say who partners, what lacks in which language, and whether the asker signed."""
    lang = lang_of(request)
    partner = request.pack.office_title(found.partner.public_id, lang) if found.partner else ""
    return {
        "partner": partner,
        "government": government(request.pack, lang),
        "lacking": [language(code) for code in dict.fromkeys(gap.lang for gap in progress.gaps)],
        "signed_by_me": (request.asker.seat or "") in progress.signers,
    }


@open_to(Role.STAFF, Role.MANAGER)
def waiting(request: AskedHttpRequest) -> HttpResponseBase:
    """List the drafts that wait for a signature of the asker's units."""
    found = drafts.waiting_for(request.program, request.asker)
    lang = lang_of(request)
    rows = [
        (one, any("/" in actor for actor in drafts.signers(one)), *previews.title_of(one, lang))
        for one in found
    ]
    return render(request, "engagements/waiting.html", {"rows": rows})


@open_to(Role.STAFF, Role.MANAGER)
def sign(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Read a draft whole and, as the one who signs for the unit, sign it. Not signing refuses it."""
    found = drafts.draft_to_sign(request.program, request.asker, slug)
    if found is None or found.partner is None:
        refuse_if_open(request, slug)
        raise Http404
    office = request.asker.office_in(found.partner.unit.slug, signing=True)
    form = SignForm(request.POST or None, engagement=found)
    if request.method == "POST" and office and form.is_valid():
        now = datetime.now(tz=UTC)
        if done(request, form, lambda: actions.sign(engagement=found, actor=office, now=now)):
            return HttpResponseRedirect(after(to(request, "engagements:sign", slug=slug), Done.SIGNED))
    progress = previews.progress_of(found)
    context = {"form": form, "draft": found, "progress": progress, "office": office}
    return render(
        request,
        "engagements/sign.html",
        {**context, **_seen(request, found), **_says(request, found, progress)},
    )
