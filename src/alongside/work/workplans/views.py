"""Pages of workplans: what is in force, what is being written, what waits for a signature."""

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.http import HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from alongside.cohort.seats.queries.cohorts import names_in
from alongside.core.entries import unit_of
from alongside.core.merging import Clash
from alongside.core.refusals import Refused
from alongside.ground.gate.roles import Role, ViewerRequest, by_name, open_to, or_404
from alongside.ground.programs.queries import units_that_sign
from alongside.ground.record.queries import head_of, packs_of
from alongside.ground.record.rows import RowsLog
from alongside.ground.texts.forms import Piece
from alongside.ground.texts.views import Cut, page
from alongside.ground.ui.addresses import free_slug, lang_of, to
from alongside.ground.ui.done import Done, after
from alongside.ground.ui.earlier import Earlier, earlier_of
from alongside.ground.ui.forms import as_signer
from alongside.ground.ui.pages import page_of
from alongside.ground.ui.press import Typed, posted, press, taking
from alongside.ground.ui.refusals import refusal_text
from alongside.work.projects.queries import quarters_told
from alongside.work.workplans import actions, forms, queries
from alongside.work.workplans.actions import hash_of, is_signed_already
from alongside.work.workplans.models import Workplan


def party_to(request: ViewerRequest, slug: str) -> tuple[Workplan, str]:
    """Give a plan that the viewer is a party to, and as whom they write; else there is no such page."""
    plan = or_404(queries.plan_for(request.program, request.viewer, slug))
    return plan, or_404(queries.actor_of(request.viewer, plan))


def naming_of(request: ViewerRequest) -> queries.Naming:
    """Give what choices are called in the language of the page. Two queries."""
    lang = lang_of(request)
    return queries.Naming(request.pack, lang, queries.register_of(request.program, lang))


@by_name
@open_to(Role.EVERYONE)
def listed(request: ViewerRequest) -> HttpResponseBase:
    """List the workplans on the record; the viewer's own drafts first."""
    lang, viewer = lang_of(request), request.viewer
    naming = naming_of(request)
    may_write = viewer.has(Role.LEAD, Role.STAFF)
    mine = queries.plans_for(request.program, viewer) if may_write else []
    every = queries.plans_without_words(RowsLog.at(request.program, request.stand.log, request.stand.size))
    page, own = page_of(every, request.GET.get("page")), {one.slug for one in mine}
    shown = [*page, *(one for one in every if one.slug in own)]
    titles = {one.slug: one for one in queries.worded_plans(request.program, shown, lang)}
    listed = [titles[one.slug] for one in page]
    context = {
        "listed": [(one, queries.one_sided_of(one, naming), naming.sides(one.units)) for one in listed],
        "page": page,
        "mine": [
            (one, titles.get(one.slug), naming.sides(queries.units_of(one, request.pack))) for one in mine
        ],
        "may_begin": may_write,
    }
    return render(request, "workplans/plans.html", context)


@by_name
@open_to(Role.EVERYONE)
def plan(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show the version in force with its progress and what answers its questions; printable."""
    lang = lang_of(request)
    found = or_404(queries.shown_plan(request.program, lang, slug))
    naming = naming_of(request)
    written = queries.shown_plan(request.program, queries.AS_WRITTEN, slug) or found
    says = found.says(found.shown)
    answers = queries.answers_to(request.program, found, lang)
    progress = queries.progress_in_its_words(found, written)
    is_party = queries.plan_for(request.program, request.viewer, slug) is not None
    context = {
        "plan": found,
        "sheet": queries.sheet_of(says, naming, answers, progress) if says else None,
        "sheet_lang": found.original(found.shown),
        "shown_plan": found.told[found.shown.proposed.index].texts.get("plan"),
        "signatures": queries.signatures_of(found, found.shown, naming),
        "one_sided": queries.one_sided_of(written, naming),
        "units": naming.sides(found.units),
        "quarters": quarters_told(
            found.told.values(), found.units, packs_of(request.program), request.pack, lang
        ),
        "is_party": is_party,
        "record_head": head_of(request.program),
    }
    return render(request, "workplans/plan.html", context)


@by_name
@open_to(Role.EVERYONE)
def changes(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show, version by version, what was changed and who signed it; the newest first."""
    found = or_404(queries.shown_plan(request.program, queries.AS_WRITTEN, slug))
    naming = naming_of(request)
    steps = []
    for before, newer in zip((None, *found.standing.versions), found.standing.versions, strict=False):
        old, new = found.says(before), found.says(newer)
        told = queries.changes_told(old, new, naming) if old and new else []
        steps.append((newer, told, queries.signatures_of(found, newer, naming), naming.sides(newer.missing)))
    named = queries.shown_plan(request.program, lang_of(request), slug) or found
    context = {
        "plan": found,
        "named": named,
        "steps": steps[::-1],
        "record_head": head_of(request.program),
    }
    return render(request, "workplans/changes.html", context)


@by_name
@open_to(Role.LEAD, Role.STAFF)
def sign(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show the version that waits and the draft with its differences; a signer signs one or the other."""
    plan, _actor = party_to(request, slug)
    signer = queries.actor_of(request.viewer, plan, signing=True)
    form = forms.SignForm(posted(request) if signer else None)

    def act(typed: Typed) -> None:
        given = {"plan": plan, "actor": signer or "", "read": typed["read"], "now": request.now}
        if typed["version"] is None:
            actions.propose(**given)
        else:
            actions.sign(version=typed["version"], **given)

    there = after(to(request, "workplans:plan", slug=slug), Done.SIGNED)
    return press(request, form, act, there) or render(
        request, "workplans/sign.html", {"form": form, **_to_sign(request, plan, signer)}
    )


def _to_sign(request: ViewerRequest, plan: Workplan, signer: str | None) -> dict[str, Any]:
    """Gather the version that waits, and the draft with what differs from the version in force."""
    naming = naming_of(request)
    shown = queries.shown_plan(request.program, queries.AS_WRITTEN, plan.slug)
    says = queries.snapshot(plan, queries.draft_of(plan))
    waiting = queries.one_sided_of(shown, naming) if shown else None
    latest = shown.standing.versions[-1] if shown else None
    in_force = shown.says(shown.standing.in_force) if shown else None
    side = ("community" if "/" not in signer else unit_of(signer)) if signer else ""
    waiting_says = shown.says(waiting.version) if shown and waiting else None
    return {
        "plan": plan,
        "title": says["title"],
        "signer": naming.actor(signer) if signer else "",
        "waiting": waiting,
        "waiting_sheet": queries.sheet_of(waiting_says, naming) if waiting_says else None,
        "waits_for_me": bool(waiting and side in waiting.version.missing),
        "read_waiting": waiting.version.proposed.texts["plan"]["sha256"] if waiting else "",
        "is_changed": not (shown and latest and is_signed_already(plan, latest, shown.says(latest), says)),
        "in_force": shown.standing.in_force if shown else None,
        "draft_sheet": queries.sheet_of(says, naming),
        "changes": queries.changes_told(in_force, says, naming) if in_force else [],
        "gaps": queries.gaps_of(plan, says, naming.register, request.today),
        "read_draft": hash_of(says),
        "units": naming.sides(queries.units_of(plan)),
    }


@by_name
@open_to(Role.LEAD, Role.STAFF)
def progress(request: ViewerRequest, slug: str, activity: str) -> HttpResponseBase:
    """Tell how far an activity of the plan in force is."""
    plan, actor = party_to(request, slug)
    shown = queries.shown_plan(request.program, queries.AS_WRITTEN, slug)
    says = or_404(shown.says(shown.standing.in_force) if shown else None)
    row = or_404(next((one for one in says["rows"]["activity"] if one["id"] == activity), None))
    form = forms.ProgressForm(posted(request), today=request.today, initial={"on": request.today})
    act = taking(actions.tell_progress, plan=plan, activity=activity, actor=actor, now=request.now)
    context = {"form": form, "plan": plan, "what": row["what"], "title": says["title"]}
    onward = f"{to(request, 'workplans:plan', slug=slug)}#{activity}"
    return press(request, form, act, onward) or render(request, "workplans/progress.html", context)


@open_to(Role.EVERYONE)
def translations(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show the translations of the version that stands; leads, staff and the steward add one."""
    found = or_404(queries.shown_plan(request.program, queries.AS_WRITTEN, slug))
    return page(request, found.shown.proposed.index, BY_ROW)


def _held(says: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, str], str]]:
    """Give every text of a snapshot that holds words: its name, its label, the row that holds it, and the field."""
    for field in queries.WHOLE.texts:
        if says[field]:
            yield f"{queries.PLAN}.{field}", str(queries.FIELDS[queries.PLAN, field]), says, field
    for kind, shape in queries.KINDS.items():
        for number, row in enumerate(says["rows"][kind], 1):
            for field in shape.texts:
                if row[field]:
                    yield f"{row['id']}.{field}", shape.label(number), row, field


def _apart(texts: dict[str, str]) -> list[Piece]:
    says = json.loads(texts["plan"]) if "plan" in texts else None
    return [Piece(name, label, row[field]) for name, label, row, field in _held(says)] if says else []


def _together(texts: dict[str, str], typed: dict[str, str]) -> dict[str, str]:
    says = json.loads(texts["plan"])
    for name, _label, row, field in _held(says):
        row[field] = typed[name]
    return {"title": says["title"], "plan": json.dumps(says, ensure_ascii=False)}


BY_ROW = Cut(_apart, _together)


MOST_BODY = 400_000


@open_to(Role.LEAD, Role.STAFF)
def begin(request: ViewerRequest) -> HttpResponseBase:
    """Begin a workplan between the cohort and some units, empty or from an earlier one."""
    lang = lang_of(request)
    units = {one.slug: one for one in queries.units_for(request.program, request.viewer)}
    signing = units_that_sign(request.program, request.today)
    named = [
        (one.slug, as_signer(one.name.say(lang), signs=one.slug in signing))
        for one in request.pack.units
        if one.slug in units
    ]
    found = {one.slug: one for one in queries.cohorts_for(request.program, request.viewer, request.today)}
    names = names_in(request.program, lang) if len(found) > 1 else {}
    cohort = next(iter(found.values()), None)
    earlier = _earlier(request, lang)
    before = queries.draft_of(earlier.chosen).say("plan.title") if earlier.chosen else ""
    form = forms.BeginForm(
        posted(request) if cohort else None,
        initial={
            "name": before,
            "units": [one.slug for one in earlier.chosen.units.all()] if earlier.chosen else [],
        },
        units=named,
        cohorts=[(slug, names[one.pk][0]) for slug, one in found.items() if names],
    )

    def act(typed: Typed) -> str:
        made = actions.begin_plan(
            program=request.program,
            slug=free_slug(queries.slugs_of(request.program), typed["name"], "workplan"),
            cohort=found[typed["cohort"]] if names else next(iter(found.values())),
            units=[units[one] for one in typed["units"]],
            lang=lang,
            on=request.today,
            earlier=earlier.chosen,
        )
        actions.merge_form(plan=made, base={"plan.title": before}, typed={"plan.title": typed["name"]})
        return to(request, "workplans:draft", slug=made.slug)

    return press(request, form, act, str) or render(
        request, "workplans/begin.html", {"form": form, "cohort": cohort, "earlier": earlier}
    )


def _earlier(request: ViewerRequest, lang: str) -> Earlier[Workplan]:
    """Give the workplans that the viewer is a party to, to begin a new one with."""
    known = queries.plans_for(request.program, request.viewer)
    slugs = {one.slug for one in known}
    log = RowsLog.at(request.program, request.stand.log, request.stand.size)
    every = [one for one in queries.plans_without_words(log) if one.slug in slugs]
    titles = {one.slug: one.title for one in queries.worded_plans(request.program, every, lang)}
    return earlier_of(request, ((one.slug, titles.get(one.slug, one.slug), one) for one in known))


@by_name
@open_to(Role.LEAD, Role.STAFF)
def draft(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show the draft; without a script, merge what came back and tell where both sides wrote at once."""
    plan, actor = party_to(request, slug)
    clashes: list[tuple[str, Clash]] = []
    refused = ""
    if request.method == "POST":
        try:
            clashes = _merge(request, plan)
        except Refused as error:
            refused = refusal_text(error)
        if not clashes and not refused:
            anchor = next((f"#{name}" for name in ("add", "out", "back") if name in request.POST), "")
            return HttpResponseRedirect(to(request, "workplans:draft", slug=slug) + anchor)
    actions.be_here(plan=plan, actor=actor, now=request.now)
    return render(request, "workplans/draft.html", _sheet(request, plan, actor, clashes, refused))


def _merge(request: ViewerRequest, plan: Workplan) -> list[tuple[str, Clash]]:
    """Merge the fields, then do what the button says: add a row, take one out, put one back."""
    clashes = actions.merge_form(
        plan=plan, base=forms.base_in(request.POST), typed=forms.typed_in(request.POST)
    )
    if kind := request.POST.get("add"):
        actions.add_row(plan=plan, kind=kind)
    if row := request.POST.get("out"):
        actions.take_out(plan=plan, row=row)
    if row := request.POST.get("back"):
        actions.put_back(plan=plan, row=row)
    return clashes


def _sheet(
    request: ViewerRequest, plan: Workplan, actor: str, clashes: list[tuple[str, Clash]], refused: str
) -> dict[str, object]:
    naming, found = naming_of(request), queries.draft_of(plan)
    problems = {
        name: _("Both sides changed this at the same time. The other side: “%(theirs)s”. You: “%(mine)s”.")
        % {"theirs": _said(naming, name, one.theirs), "mine": _said(naming, name, one.mine)}
        for name, one in clashes
    }
    form = forms.SheetForm(
        draft=found,
        known=_known(plan, naming, request.today),
        naming=naming,
        problems=problems,
        refused=request.POST if refused else None,
    )
    others = [one.actor for one in queries.present_in(plan, request.now) if one.actor != actor]
    sheet = queries.sheet_of(queries.snapshot(plan, found), naming)
    return {
        "form": form,
        "plan": plan,
        "title": found.say("plan.title"),
        "late": sheet["late"],
        "gone": [(row, _words_of(found, row)) for row in found.gone],
        "present": [naming.actor(one) for one in others],
        "number": queries.last_number(plan),
        "clashes": clashes,
        "refused": refused,
        "units": naming.sides(queries.units_of(plan)),
        "unsigned": naming.sides(
            sorted(set(queries.units_of(plan)) - units_that_sign(request.program, request.today))
        ),
    }


def _said(naming: queries.Naming, name: str, words: str) -> str:
    return naming.choice(name.partition(".")[2], words) or words or _("nothing")


def _words_of(found: queries.Draft, row: str) -> str:
    return " ".join(words for name, words in found.values.items() if name.startswith(f"{row}.") and words)


def _known(plan: Workplan, naming: queries.Naming, day: date) -> dict[str, Sequence[str]]:
    """Give what can be chosen: seats of the cohort, offices of the units, entries of the register, kinds of support."""
    return {
        "seat": ["leads", *queries.seats_of(plan, day)],
        "office": queries.offices_of(plan),
        "decision": [index for index, one in naming.register.items() if one.slug],
        "entry": list(naming.register),
        "kind": list(queries.SUPPORT),
    }


@require_POST
@open_to(Role.LEAD, Role.STAFF)
def live(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Take in what the page's script sends, and give what it lacks and who is there."""
    plan, actor = party_to(request, slug)
    try:
        after, update = _read(request.body)
        state = actions.take_update(plan=plan, update=update) if update else b""
    except Refused as error:
        return JsonResponse({"words": refusal_text(error)}, status=422)
    actions.be_here(plan=plan, actor=actor, now=request.now)
    news = queries.updates_of(plan, after)
    others = [one.actor for one in queries.present_in(plan, request.now) if one.actor != actor]
    naming = queries.Naming(request.pack, lang_of(request), {})
    reply = {
        "number": news[-1][0] if news else after,
        "updates": [base64.b64encode(data).decode() for _number, data in news],
        "state": base64.b64encode(state).decode(),
        "present": [naming.actor(one) for one in others],
    }
    return JsonResponse(reply)


def _read(body: bytes) -> tuple[int, bytes]:
    """Read {after, update}; raise Refused where it is anything else."""
    try:
        sent = json.loads(body if len(body) <= MOST_BODY else b"")
        after, update = int(sent["after"]), base64.b64decode(sent["update"], validate=True)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError, binascii.Error) as error:
        raise Refused(_("This change could not be read; open the page again.")) from error
    return max(0, min(after, 2**53)), update
