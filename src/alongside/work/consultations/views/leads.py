"""What leads do among themselves: comment on a place, answer a guide, reply, take back. Only leads who sit come here."""

from typing import Any

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, to
from alongside.ground.record.actions import Text
from alongside.work.consultations import actions
from alongside.work.consultations.forms.leads import CommentForm, GuideForm, SayForm
from alongside.work.consultations.models import Consultation, Version
from alongside.work.consultations.queries import leads, public, reviewing
from alongside.work.consultations.queries.guides import GUIDES, NAMES
from alongside.work.consultations.queries.showing import Sheet, sheet_of, starting_at
from alongside.work.consultations.views.doors import as_lead, kept, now, shown


def _said(request: AskedHttpRequest, form: Any, name: str = "words") -> Text:
    return Text(lang_of(request), form.cleaned_data[name])


@open_to(Role.LEAD)
def review(request: AskedHttpRequest, slug: str, material: str, number: int) -> HttpResponseBase:
    """Read a version with what the leads said of it, and comment on a place in it."""
    consultation, seat = as_lead(request, slug)
    version = public.version_at(request.program, slug, material, number)
    if version is None:
        raise Http404
    sheet = sheet_of(version, reviewing.first_row(request.GET))
    start = None if request.method == "POST" else starting_at(sheet, request.GET)
    form = CommentForm(request.POST if request.method == "POST" else None, sheet=sheet, initial=start)
    if request.method == "POST" and form.is_valid():
        made = actions.comment(
            consultation=consultation,
            seat=seat,
            version=version,
            anchor=form.anchor,
            words=_said(request, form),
            may_quote=form.cleaned_data["may_quote"],
            now=now(),
        )
        return HttpResponseRedirect(f"{request.path}#comment-{made.pk}")
    context = {"form": form, "seat": seat, "has_start": bool(start)}
    return render(
        request, "consultations/review.html", context | _reviewed(request, consultation, version, sheet)
    )


def _reviewed(
    request: AskedHttpRequest, consultation: Consultation, version: Version, sheet: Sheet
) -> dict[str, object]:
    """Give a version with what leads said of it and what the program's own checks say."""
    found = shown(request, consultation.slug)
    product = found.told.entry.data["of"]
    told = next(one for one in found.versions if one.index == version.entry)
    said = leads.comments_of(consultation, product, material=version.material, version=version, sheet=sheet)
    return {
        **kept(request, consultation, found),
        "consultation": found,
        "version": version,
        "told": told,
        "stands": public.stands(version, told.entry),
        "sheet": sheet,
        "noted": reviewing.noted(sheet, said),
        "said": said,
        "checked": reviewing.checked(version, sheet, request.pack, lang_of(request), product),
    }


@open_to(Role.LEAD)
def remarks(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Read everything the leads said of a consultation, and say something of the whole."""
    consultation, seat = as_lead(request, slug)
    form = SayForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = actions.comment(
            consultation=consultation,
            seat=seat,
            words=_said(request, form),
            may_quote=form.cleaned_data["may_quote"],
            now=now(),
        )
        return HttpResponseRedirect(f"{request.path}#comment-{made.pk}")
    found = shown(request, slug)
    context = {
        **kept(request, consultation, found),
        "consultation": found,
        "said": leads.comments_of(consultation, found.told.entry.data["of"]),
        "form": form,
        "seat": seat,
    }
    return render(request, "consultations/remarks.html", context)


@open_to(Role.LEAD)
def reply(request: AskedHttpRequest, slug: str, number: int) -> HttpResponseBase:
    """Reply to a comment."""
    consultation, seat = as_lead(request, slug)
    parent = leads.comment_of(consultation, number)
    if parent is None:
        raise Http404
    form = SayForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = actions.comment(
            consultation=consultation,
            seat=seat,
            parent=parent,
            words=_said(request, form),
            may_quote=form.cleaned_data["may_quote"],
            now=now(),
        )
        return HttpResponseRedirect(f"{to(request, 'consultations:remarks', slug=slug)}#comment-{made.pk}")
    found = shown(request, slug)
    context = {"consultation": found, "parent": parent, "form": form}
    return render(request, "consultations/reply.html", context | kept(request, consultation, found))


@open_to(Role.LEAD)
@require_POST
def take_back(request: AskedHttpRequest, slug: str, number: int) -> HttpResponseBase:
    """Take a comment of one's own back."""
    consultation, seat = as_lead(request, slug)
    found = leads.comment_of(consultation, number)
    if found is None or found.seat_id != seat.pk:
        raise Http404
    actions.take_back(comment=found, seat=seat, now=now())
    return HttpResponseRedirect(f"{to(request, 'consultations:remarks', slug=slug)}#comment-{number}")


@open_to(Role.LEAD)
def guide(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Answer the headings of the guide for this kind of product; each answer is a comment."""
    consultation, seat = as_lead(request, slug)
    found = shown(request, slug)
    product = found.told.entry.data["of"]
    form = GuideForm(request.POST if request.method == "POST" else None, guide=GUIDES[product])
    if request.method == "POST" and form.is_valid():
        for heading, words in form.said().items():
            actions.comment(
                consultation=consultation,
                seat=seat,
                heading=heading,
                words=Text(lang_of(request), words),
                may_quote=form.cleaned_data["may_quote"],
                now=now(),
            )
        return HttpResponseRedirect(to(request, "consultations:remarks", slug=slug))
    done = leads.answered(leads.comments_of(consultation, product))
    rows = [(one, form[one.id], one.id in done) for one in GUIDES[product].headings]
    context = {"consultation": found, "form": form, "rows": rows, "name": NAMES[product]}
    context |= {"sources": GUIDES[product].sources, **kept(request, consultation, found)}
    return render(request, "consultations/guide.html", context)
