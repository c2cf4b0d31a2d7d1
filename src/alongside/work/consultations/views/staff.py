"""What the unit does: open a consultation, bring material and new versions, take it back."""

from collections.abc import Sequence

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as say

from alongside.core.grammar import GrammarError
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, to
from alongside.ground.look.refusals import said
from alongside.ground.record.actions import Text
from alongside.ground.record.queries import SaidBefore
from alongside.work.consultations import actions
from alongside.work.consultations.forms.staff import BriefForm, MaterialForm, WithdrawForm
from alongside.work.consultations.models import Consultation
from alongside.work.consultations.queries import opening, public
from alongside.work.consultations.views.doors import as_unit, now, today_of
from alongside.work.projects.models import Project
from alongside.work.projects.queries import free_slug


@open_to(Role.STAFF)
def open_one(request: AskedHttpRequest) -> HttpResponseBase:
    """Write the brief, with what was said on the subject before in sight; sending it freezes it."""
    lang, posted = lang_of(request), request.POST if request.method == "POST" else None
    offered = opening.offered(request.program, request.pack, request.asker, lang)
    named = (posted or request.GET).get("project", "")
    form = BriefForm(
        posted,
        projects=offered.projects,
        points=offered.points,
        offices=offered.offices,
        today=today_of(request),
        initial={"project": named, "office": next((one for one, _title in offered.offices), "")},
    )
    project = offered.project(named)
    before = opening.asked_before(project, request.POST.get("title", ""), lang) if project else []
    if posted is not None and form.is_valid() and _has_seen(form, project, before):
        try:
            made = _open(request, form, offered)
        except actions.AskedBefore as error:
            form.add_error("asked_again", said(error, request.pack))
        except (actions.NobodyToAsk, GrammarError) as error:
            form.add_error(None, said(error, request.pack))
        else:
            return HttpResponseRedirect(to(request, "consultations:bring", slug=made.slug))
    context = {"form": form, "offered": offered, "before": before, "project": project}
    return render(request, "consultations/open.html", context)


def _has_seen(form: BriefForm, project: Project | None, before: Sequence[SaidBefore]) -> bool:
    """Say whether what was said on the project before stood beside the brief; else ask to read it first."""
    if not before or (project is not None and form.data.get("shown") == project.slug):
        return True
    words = say(
        "Communities spoke of this before. Read on this page what they said, then send the brief again."
    )
    form.add_error(None, words)
    return False


def _open(request: AskedHttpRequest, form: BriefForm, offered: opening.Offered) -> Consultation:
    typed = form.cleaned_data
    project = offered.project(typed["project"])
    if project is None:
        raise Http404
    return actions.open_consultation(
        project=project,
        slug=free_slug(public.slugs_of(request.program), typed["title"], "consultation"),
        of=typed["of"],
        office=typed["office"],
        by=request.asker.office_in(project.unit.slug) or "",
        days=(typed["advice_by"], typed["answer_by"]),
        words={lang_of(request): form.words()},
        decision=offered.point(typed["point"]),
        now=now(),
    )


@open_to(Role.STAFF)
def bring(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Bring something to review."""
    consultation, office = as_unit(request, slug)
    form = _material_form(request, is_first=True)
    if request.method == "POST" and form.is_valid():
        taken = [*public.materials_of(consultation), "new"]
        name = free_slug(taken, form.cleaned_data["title"], "material")
        if (reply := _enter(request, consultation, name, office, form)) is not None:
            return reply
    context = {"form": form, "consultation": consultation, "is_first": True}
    return render(request, "consultations/bring.html", context)


@open_to(Role.STAFF)
def renew(request: AskedHttpRequest, slug: str, material: str) -> HttpResponseBase:
    """Bring a new version; comments stay with the one that they are about."""
    consultation, office = as_unit(request, slug)
    newest = public.newest_of(consultation, material)
    if newest is None:
        raise Http404
    form = _material_form(request, is_first=False)
    if request.method == "POST" and form.is_valid():
        reply = _enter(request, consultation, material, office, form)
        if reply is not None:
            return reply
    context = {"form": form, "consultation": consultation, "newest": newest}
    return render(request, "consultations/bring.html", context)


def _material_form(request: AskedHttpRequest, *, is_first: bool) -> MaterialForm:
    posted = request.method == "POST"
    lang = lang_of(request)
    return MaterialForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        languages=[(one.code, one.name) for one in request.pack.languages],
        is_first=is_first,
        is_cut_off=opening.is_cut_off(request.headers.get("Content-Length", "")),
        initial={"lang": lang},
    )


def _enter(
    request: AskedHttpRequest, consultation: Consultation, name: str, office: str, form: MaterialForm
) -> HttpResponseBase | None:
    typed = form.cleaned_data
    texts = {one: Text(typed["lang"], typed[one]) for one in ("title", "changes") if typed.get(one)}
    try:
        made = actions.enter_material(
            consultation=consultation,
            material=name,
            by=office,
            paper=form.paper,
            form=form.form,
            link=typed["link"],
            texts=texts,
            now=now(),
        )
    except GrammarError as error:
        form.add_error(None, said(error, request.pack))
        return None
    where = {"slug": consultation.slug, "material": name, "number": made.number}
    return HttpResponseRedirect(to(request, "consultations:material", **where))


@open_to(Role.STAFF)
def withdraw(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Take a consultation back, with a public reason."""
    consultation, office = as_unit(request, slug)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = Text(lang_of(request), form.cleaned_data["reason"])
        try:
            actions.withdraw(consultation=consultation, by=office, reason=reason, now=now())
        except GrammarError as error:
            form.add_error(None, said(error, request.pack))
        else:
            return HttpResponseRedirect(to(request, "consultations:consultation", slug=slug))
    return render(request, "consultations/withdraw.html", {"form": form, "consultation": consultation})
