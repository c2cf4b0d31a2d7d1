"""Read what would be signed, sign it, and tell how far an activity is."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from alongside.core.grammar import GrammarError
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import to
from alongside.ground.look.refusals import said
from alongside.work.workplans import actions
from alongside.work.workplans.actions.signing import hash_of, is_signed_already
from alongside.work.workplans.forms.signing import ProgressForm, SignForm
from alongside.work.workplans.models import Workplan
from alongside.work.workplans.queries import drafting, gaps, plans, showing, versions
from alongside.work.workplans.views.doors import naming_of, now, party_to, today_of

REFUSALS = (
    actions.NotTheirs,
    actions.ChangedSinceRead,
    actions.NothingToSign,
    actions.NotComplete,
    GrammarError,
)


def _done(request: AskedHttpRequest, form: Form, act: Callable[[], object]) -> bool:
    """Do something that may be refused; put the refusal, which says its cure, on the form."""
    try:
        act()
    except REFUSALS as error:
        form.add_error(None, said(error, request.pack))
        return False
    return True


@open_to(Role.LEAD, Role.STAFF)
def sign(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Show the version that waits and the draft with its differences; a signer signs one or the other."""
    plan, _actor = party_to(request, slug)
    signer = plans.signer_of(request.asker, plan)
    form = SignForm(request.POST if request.method == "POST" else None)
    if signer and form.is_valid():
        read, version, moment = form.cleaned_data["read"], form.cleaned_data["version"], now()
        made = (
            _done(request, form, lambda: actions.propose(plan=plan, actor=signer, read=read, now=moment))
            if version is None
            else _done(
                request,
                form,
                lambda: actions.sign(plan=plan, version=version, read=read, actor=signer, now=moment),
            )
        )
        if made:
            return HttpResponseRedirect(to(request, "workplans:plan", slug=slug))
    return render(request, "workplans/sign.html", {"form": form, **_to_sign(request, plan, signer)})


def _to_sign(request: AskedHttpRequest, plan: Workplan, signer: str | None) -> dict[str, Any]:
    """Gather the version that waits, and the draft with what differs from the version in force."""
    naming = naming_of(request)
    shown = versions.shown_plan(request.program, versions.AS_WRITTEN, plan.slug)
    says = drafting.snapshot(plan, drafting.draft_of(plan))
    waiting = showing.one_sided_of(shown, naming) if shown else None
    latest = shown.standing.versions[-1] if shown else None
    in_force = shown.says(shown.standing.in_force) if shown else None
    seats = [one.public_id for one in plans.seats_of(plan, today_of(request))]
    side = ("community" if "/" not in signer else signer.split("/")[0]) if signer else ""
    waiting_says = shown.says(waiting.version) if shown and waiting else None
    return {
        "plan": plan,
        "title": says["title"],
        "signer": naming.actor(signer) if signer else "",
        "waiting": waiting,
        "waiting_sheet": showing.sheet_of(waiting_says, naming) if waiting_says else None,
        "waits_for_me": bool(waiting and side in waiting.version.missing),
        "read_waiting": waiting.version.proposed.texts["plan"]["sha256"] if waiting else "",
        "is_changed": not (shown and latest and is_signed_already(plan, latest, shown.says(latest), says)),
        "in_force": shown.standing.in_force if shown else None,
        "draft_sheet": showing.sheet_of(says, naming),
        "changes": showing.changes_told(in_force, says, naming) if in_force else [],
        "gaps": gaps.told(gaps.gaps_of(says, seats, plans.offices_of(plan), naming.register)),
        "read_draft": hash_of(says),
        "units": naming.sides(plans.units_of(plan)),
    }


@open_to(Role.LEAD, Role.STAFF)
def progress(request: AskedHttpRequest, slug: str, activity: str) -> HttpResponseBase:
    """Tell how far an activity of the plan in force is."""
    plan, actor = party_to(request, slug)
    shown = versions.shown_plan(request.program, versions.AS_WRITTEN, slug)
    says = shown.says(shown.standing.in_force) if shown else None
    row = next((one for one in says["rows"]["activity"] if one["id"] == activity), None) if says else None
    if says is None or row is None:
        raise Http404
    today = today_of(request)
    form = ProgressForm(
        request.POST if request.method == "POST" else None, today=today, initial={"on": today}
    )
    if form.is_valid():
        moment = now()
        if _done(
            request,
            form,
            lambda: actions.tell_progress(
                plan=plan, activity=activity, actor=actor, now=moment, **form.cleaned_data
            ),
        ):
            return HttpResponseRedirect(f"{to(request, 'workplans:plan', slug=slug)}#{activity}")
    return render(
        request,
        "workplans/progress.html",
        {"form": form, "plan": plan, "what": row["what"], "title": says["title"]},
    )
