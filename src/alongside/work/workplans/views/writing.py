"""Write a workplan together: live where scripts run, as a plain form that is merged where they do not."""

import base64
import binascii
import json
from datetime import date

from django.http import HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from alongside.cohort.seats.queries.cohorts import names_in
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, to
from alongside.ground.look.refusals import said
from alongside.work.projects.queries import free_slug
from alongside.work.workplans import actions
from alongside.work.workplans.forms.signing import BeginForm
from alongside.work.workplans.forms.writing import Options, SheetForm, base_in, typed_in
from alongside.work.workplans.models import Workplan
from alongside.work.workplans.queries import drafting, plans
from alongside.work.workplans.queries.showing import sheet_of
from alongside.work.workplans.queries.wording import Naming
from alongside.work.workplans.views.doors import naming_of, now, party_to, today_of

MOST_BODY = 400_000


@open_to(Role.LEAD, Role.STAFF)
def begin(request: AskedHttpRequest) -> HttpResponseBase:
    """Begin a workplan between the cohort and some units."""
    lang = lang_of(request)
    units = {one.slug: one for one in plans.units_for(request.program, request.asker)}
    named = [(one.slug, one.name.say(lang)) for one in request.pack.units if one.slug in units]
    found = {one.slug: one for one in plans.cohorts_for(request.program, request.asker, today_of(request))}
    names = names_in(request.program, lang) if len(found) > 1 else {}
    form = BeginForm(
        request.POST if request.method == "POST" else None,
        units=named,
        cohorts=[(slug, names[one.pk][0]) for slug, one in found.items() if names],
    )
    cohort = next(iter(found.values()), None)
    if form.is_valid() and cohort:
        typed = form.cleaned_data
        cohort = found[typed["cohort"]] if names else cohort
        made = actions.begin_plan(
            program=request.program,
            slug=free_slug(plans.slugs_of(request.program), typed["name"], "workplan"),
            cohort=cohort,
            units=[units[one] for one in typed["units"]],
            lang=lang,
            on=today_of(request),
        )
        actions.merge_form(plan=made, base={}, typed={"plan.title": typed["name"]})
        return HttpResponseRedirect(to(request, "workplans:draft", slug=made.slug))
    return render(request, "workplans/begin.html", {"form": form, "cohort": cohort})


@open_to(Role.LEAD, Role.STAFF)
def draft(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Show the draft; without a script, merge what came back and tell where both sides wrote at once."""
    plan, actor = party_to(request, slug)
    clashes: list[actions.FieldClash] = []
    refused = ""
    if request.method == "POST":
        try:
            clashes = _merge(request, plan)
        except (drafting.BadUpdate, actions.NoSuchRow) as error:
            refused = said(error)
        if not clashes and not refused:
            anchor = next((f"#{name}" for name in ("add", "out", "back") if name in request.POST), "")
            return HttpResponseRedirect(to(request, "workplans:draft", slug=slug) + anchor)
    actions.be_here(plan=plan, actor=actor, now=now())
    return render(request, "workplans/draft.html", _sheet(request, plan, actor, clashes, refused))


def _merge(request: AskedHttpRequest, plan: Workplan) -> list[actions.FieldClash]:
    """Merge the fields, then do what the button says: add a row, take one out, put one back."""
    clashes = actions.merge_form(plan=plan, base=base_in(request.POST), typed=typed_in(request.POST))
    if kind := request.POST.get("add"):
        actions.add_row(plan=plan, kind=kind)
    if row := request.POST.get("out"):
        actions.take_out(plan=plan, row=row)
    if row := request.POST.get("back"):
        actions.put_back(plan=plan, row=row)
    return clashes


def _sheet(
    request: AskedHttpRequest, plan: Workplan, actor: str, clashes: list[actions.FieldClash], refused: str
) -> dict[str, object]:
    naming, found = naming_of(request), drafting.draft_of(plan)
    problems = {
        one.name: _(
            "Both sides changed this at the same time. The other side: “%(theirs)s”. You: “%(mine)s”."
        )
        % {"theirs": _said(naming, one.name, one.theirs), "mine": _said(naming, one.name, one.mine)}
        for one in clashes
    }
    form = SheetForm(
        draft=found,
        options=_options(plan, naming, today_of(request)),
        naming=naming,
        problems=problems,
        refused=request.POST if refused else None,
    )
    others = [one.actor for one in plans.present_in(plan, now()) if one.actor != actor]
    return {
        "form": form,
        "plan": plan,
        "title": found.say("plan.title"),
        "late": [one for one in sheet_of(drafting.snapshot(plan, found), naming).activities if one.is_late],
        "gone": [(row, _words_of(found, row)) for row in found.gone],
        "present": [naming.actor(one) for one in others],
        "number": plans.last_number(plan),
        "clashes": clashes,
        "refused": refused,
        "units": naming.sides(plans.units_of(plan)),
    }


def _said(naming: Naming, name: str, words: str) -> str:
    return naming.choice(name.partition(".")[2], words) or words or _("nothing")


def _words_of(found: drafting.Draft, row: str) -> str:
    return " ".join(words for name, words in found.values.items() if name.startswith(f"{row}.") and words)


def _options(plan: Workplan, naming: Naming, day: date) -> Options:
    entries = list(naming.register)
    decisions = [one for one in entries if naming.register[one].slug]
    seats = [one.public_id for one in plans.seats_of(plan, day)]
    return Options(seats, plans.offices_of(plan), decisions, entries)


@require_POST
@open_to(Role.LEAD, Role.STAFF)
def live(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Take in what the page's script sends, and give what it lacks and who is there."""
    plan, actor = party_to(request, slug)
    try:
        after, update = _read(request.body)
        taken = actions.take_update(plan=plan, update=update) if update else None
    except drafting.BadUpdate as error:
        return JsonResponse({"words": said(error)}, status=422)
    actions.be_here(plan=plan, actor=actor, now=now())
    news = plans.news_of(plan, after)
    others = [one.actor for one in plans.present_in(plan, now()) if one.actor != actor]
    naming = Naming(request.pack, lang_of(request), {})
    reply = {
        "number": news.number,
        "updates": [base64.b64encode(one).decode() for one in news.updates],
        "state": base64.b64encode(taken.state).decode() if taken else "",
        "present": [naming.actor(one) for one in others],
    }
    return JsonResponse(reply)


def _read(body: bytes) -> tuple[int, bytes]:
    """Read {after, update}; raise BadUpdate where it is anything else."""
    try:
        sent = json.loads(body if len(body) <= MOST_BODY else b"")
        after, update = int(sent["after"]), base64.b64decode(sent["update"], validate=True)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError, binascii.Error) as error:
        raise drafting.BadUpdate(_("This change could not be read; open the page again.")) from error
    return max(0, min(after, 2**53)), update
