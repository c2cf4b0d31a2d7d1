"""Pages of consultations: for everyone, for the unit that asked, and for the leads who review."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as say
from django.views.decorators.http import require_POST, require_safe

from alongside.cohort.seats.models import Seat
from alongside.ground.gate.roles import Role, ViewerRequest, by_name, for_no_one, open_to, or_404
from alongside.ground.record.actions.entries import Text
from alongside.ground.record.queries import head_of, packs_of
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.addresses import free_slug, lang_of, number_in, to, to_if_there
from alongside.ground.ui.pages import page_of
from alongside.ground.ui.press import Typed, posted, press
from alongside.work.consultations import actions, forms, queries
from alongside.work.consultations.models import Comment, Consultation, Version


def shown(request: ViewerRequest, slug: str) -> queries.ConsultationView:
    """Give a consultation as everyone sees it. Raises Http404."""
    return or_404(queries.consultation_page(request.program, lang_of(request), slug))


def kept(
    request: ViewerRequest, consultation: Consultation, found: queries.ConsultationView
) -> dict[str, object]:
    """Say until when comments are kept, in the language of the page."""
    return {"kept": queries.keeping(consultation, request.pack, found.answer_by, lang_of(request))}


def as_lead(request: ViewerRequest, slug: str) -> tuple[Consultation, Seat]:
    """Give a consultation and the viewer's seat, to leads who sit. Raises Http404."""
    return or_404(queries.for_lead(request.program, request.viewer, slug))


def as_unit(request: ViewerRequest, slug: str) -> tuple[Consultation, str]:
    """Give a consultation of the viewer's unit, and the office they write as. Raises Http404."""
    return or_404(queries.for_staff(request.program, request.viewer, slug))


def _said(request: ViewerRequest, typed: Typed) -> dict[str, Any]:
    words = Text(lang_of(request), typed["words"])
    return {"words": words, "may_quote": typed["may_quote"], "now": request.now}


@by_name
@open_to(Role.LEAD)
def review(request: ViewerRequest, slug: str, material: str, number: int) -> HttpResponseBase:
    """Read a version with what the leads said of it, and comment on a place in it."""
    consultation, seat = as_lead(request, slug)
    version = or_404(queries.version_at(request.program, slug, material, number))
    sheet = queries.sheet_of(version, queries.first_row(request.GET))
    start = None if request.method == "POST" else queries.starting_at(sheet, request.GET)
    form = forms.CommentForm(posted(request), sheet=sheet, initial=start)

    def act(typed: Typed) -> Comment:
        said = _said(request, typed)
        return actions.comment(
            consultation=consultation, seat=seat, version=version, anchor=form.anchor, **said
        )

    if went := press(request, form, act, lambda made: f"{request.path}#comment-{made.pk}"):
        return went
    context = {"form": form, "seat": seat, "has_start": bool(start)}
    return render(
        request, "consultations/review.html", context | _reviewed(request, consultation, version, sheet)
    )


def _reviewed(
    request: ViewerRequest, consultation: Consultation, version: Version, sheet: queries.Sheet
) -> dict[str, object]:
    """Give a version with what leads said of it and what the program's own checks say."""
    found = shown(request, consultation.slug)
    product = queries.product_of(request.program, found.told.entry)
    told = next(one for one in found.versions if one.index == version.entry)
    said = queries.comments_of(consultation, product, material=version.material, version=version, sheet=sheet)
    return {
        **kept(request, consultation, found),
        "consultation": found,
        "version": version,
        "told": told,
        "stands": queries.stands(version, told.entry),
        "sheet": sheet,
        "noted": queries.noted(sheet, said),
        "said": said,
        "checked": queries.checked(version, sheet, request.pack, lang_of(request), product.id),
    }


@by_name
@open_to(Role.LEAD)
def remarks(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Read everything the leads said of a consultation, and say something of the whole."""
    consultation, seat = as_lead(request, slug)
    form = forms.SayForm(posted(request))

    def act(typed: Typed) -> Comment:
        return actions.comment(consultation=consultation, seat=seat, **_said(request, typed))

    if went := press(request, form, act, lambda made: f"{request.path}#comment-{made.pk}"):
        return went
    found = shown(request, slug)
    context = {
        **kept(request, consultation, found),
        "consultation": found,
        "said": queries.comments_of(consultation, queries.product_of(request.program, found.told.entry)),
        "form": form,
        "seat": seat,
    }
    return render(request, "consultations/remarks.html", context)


@by_name
@open_to(Role.LEAD)
def reply(request: ViewerRequest, slug: str, number: int) -> HttpResponseBase:
    """Reply to a comment."""
    consultation, seat = as_lead(request, slug)
    parent = or_404(queries.comment_of(consultation, number))
    form, there = forms.SayForm(posted(request)), to(request, "consultations:remarks", slug=slug)

    def act(typed: Typed) -> Comment:
        return actions.comment(consultation=consultation, seat=seat, parent=parent, **_said(request, typed))

    if went := press(request, form, act, lambda made: f"{there}#comment-{made.pk}"):
        return went
    found = shown(request, slug)
    context = {"consultation": found, "parent": parent, "form": form}
    return render(request, "consultations/reply.html", context | kept(request, consultation, found))


@open_to(Role.PERSON)
@require_POST
def withdraw_comment(request: ViewerRequest, slug: str, number: int) -> HttpResponseBase:
    """Take a comment of one's own back, also as a lead of before."""
    own = queries.own_comments(request.program, request.viewer)
    found = or_404(next((one for one in own if (one.consultation.slug, one.pk) == (slug, number)), None))
    actions.withdraw_comment(comment=found, by=request.user, now=request.now)
    there = f"{to(request, 'consultations:remarks', slug=slug)}#comment-{number}"
    is_lead = request.viewer.has(Role.LEAD)
    return HttpResponseRedirect(there if is_lead else to_if_there(request, "desks:others"))


@open_to(Role.LEAD)
def guide(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Answer the headings of the guide for this kind of product; each answer is a comment."""
    consultation, seat = as_lead(request, slug)
    found = shown(request, slug)
    product = queries.product_of(request.program, found.told.entry)
    form = forms.GuideForm(posted(request), product=product, lang=lang_of(request))

    def act(typed: Typed) -> None:
        for heading, words in form.said().items():
            said = _said(request, {**typed, "words": words})
            actions.comment(consultation=consultation, seat=seat, heading=heading, **said)

    if went := press(request, form, act, to(request, "consultations:remarks", slug=slug)):
        return went
    done = queries.answered(queries.comments_of(consultation, product))
    rows = [(form[one.id], one.id in done) for one in product.headings]
    context = {"consultation": found, "form": form, "rows": rows, "name": product.name}
    context |= {"sources": product.sources, **kept(request, consultation, found)}
    return render(request, "consultations/guide.html", context)


@open_to(Role.EVERYONE)
def consultations(request: ViewerRequest) -> HttpResponseBase:
    """List every consultation on the record."""
    today = request.today
    every = queries.every_consultation(RowsLog.at(request.program, request.stand.log, request.stand.size))
    page = page_of(every, request.GET.get("page"))
    found, packs = (
        queries.with_words(request.program, list(page), lang_of(request)),
        packs_of(request.program),
    )
    rows = [
        (
            one,
            request.pack.unit_name(one.unit, lang_of(request)),
            packs.at(one.told.index).purpose.product(one.told.entry.data["of"]).name,
            one.state(today),
        )
        for one in found
    ]
    may_open = request.viewer.has(Role.STAFF)
    context = {"rows": rows, "page": page, "may_open": may_open}
    return render(request, "consultations/consultations.html", context)


@by_name
@open_to(Role.EVERYONE)
def consultation(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show the frozen brief, the material in its versions, and the advice; to leads and the unit also their next step."""
    found = shown(request, slug)
    frozen = packs_of(request.program).at(found.told.index)
    context = {
        "consultation": found,
        "unit": frozen.unit_name(found.unit, lang_of(request)),
        "office": frozen.office_title(found.told.entry.data["office"], lang_of(request)),
        "product": frozen.purpose.product(found.told.entry.data["of"]),
        "state": found.state(request.today),
        "is_unit": found.unit in request.viewer.answers_for,
        "is_asked": queries.for_lead(request.program, request.viewer, slug) is not None,
        "record_head": head_of(request.program),
    }
    return render(request, "consultations/consultation.html", context)


def _version(request: ViewerRequest, slug: str, material: str, number: int) -> Version:
    return or_404(queries.version_at(request.program, slug, material, number))


@open_to(Role.EVERYONE)
def material(request: ViewerRequest, slug: str, material: str, number: int) -> HttpResponseBase:
    """Show a version: a text or a table whole, a picture, or where to get the file; a table in pages."""
    version = _version(request, slug, material, number)
    found = shown(request, slug)
    told = next(one for one in found.versions if one.index == version.entry)
    first = request.GET.get("from", "")
    context = {
        "consultation": found,
        "version": version,
        "told": told,
        "stands": queries.stands(version, told.entry),
        "others": [one for one in found.versions if one.entry.data["material"] == material],
        "sheet": queries.sheet_of(version, number_in(first, 1)),
        "is_asked": queries.for_lead(request.program, request.viewer, slug) is not None,
        "is_unit": found.unit in request.viewer.answers_for,
        "salt": bytes(version.salt or b"").hex(),
        "record_head": head_of(request.program),
    }
    return render(request, "consultations/material.html", context)


@for_no_one
@open_to(Role.EVERYONE)
@require_safe
def file(request: ViewerRequest, slug: str, material: str, number: int) -> HttpResponseBase:
    """Give the bytes of a version as a file to keep: the same for everyone, and nothing in it may run."""
    version = _version(request, slug, material, number)
    if not version.data:
        raise Http404
    kind = version.media_type + ("; charset=utf-8" if version.media_type.startswith("text/") else "")
    response = HttpResponse(bytes(version.data), content_type=kind)
    name = f"{material}-{number}.{version.ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "public, max-age=60"
    return response


@open_to(Role.STAFF)
def open_one(request: ViewerRequest) -> HttpResponseBase:
    """Write the brief, with what was said on the subject before in sight; sending it freezes it."""
    lang, sent = lang_of(request), posted(request)
    offered = queries.offered(request.program, request.pack, request.viewer, lang)
    named = (sent or request.GET).get("project", "")
    form = forms.BriefForm(
        sent,
        products=[(one.id, one.name.say(lang)) for one in request.pack.purpose.products],
        projects=offered.projects,
        points=offered.points,
        offices=offered.offices,
        today=request.today,
        initial={"project": named, "office": next((one for one, _title in offered.offices), "")},
    )
    project = offered.project(named)
    before = queries.asked_before(project, request.POST.get("title", ""), lang) if project else []
    if form.is_valid() and before and (project is None or form.data.get("shown") != project.slug):
        form.add_error(
            None,
            say(
                "Communities spoke of this before. Read on this page what they said, then send the brief again."
            ),
        )
    context = {"form": form, "offered": offered, "before": before, "project": project}
    return press(
        request,
        form,
        lambda _typed: _open(request, form, offered),
        lambda made: to(request, "consultations:bring", slug=made.slug),
    ) or render(request, "consultations/open.html", context)


def _open(request: ViewerRequest, form: forms.BriefForm, offered: queries.Offered) -> Consultation:
    typed = form.cleaned_data
    project = or_404(offered.project(typed["project"]))
    return actions.open_consultation(
        project=project,
        slug=free_slug(queries.slugs_of(request.program), typed["title"], "consultation"),
        of=typed["of"],
        office=typed["office"],
        by=request.viewer.office_in(project.unit.slug) or "",
        days=(typed["advice_by"], typed["answer_by"]),
        words={lang_of(request): form.words()},
        decision=offered.by_place.get(typed["point"]),
        now=request.now,
    )


@open_to(Role.STAFF)
def bring(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Bring something to review."""
    consultation, office = as_unit(request, slug)
    form = _material_form(request, is_first=True)

    def act(typed: Typed) -> Version:
        taken = [*queries.materials_of(consultation), "new"]
        return _enter(request, consultation, free_slug(taken, typed["title"], "material"), office, form)

    context = {"form": form, "consultation": consultation, "is_first": True}
    return press(request, form, act, lambda made: _page_of(request, made)) or render(
        request, "consultations/bring.html", context
    )


@open_to(Role.STAFF)
def renew(request: ViewerRequest, slug: str, material: str) -> HttpResponseBase:
    """Bring a new version; comments stay with the one that they are about."""
    consultation, office = as_unit(request, slug)
    newest = or_404(queries.newest_of(consultation, material))
    form = _material_form(request, is_first=False)
    context = {"form": form, "consultation": consultation, "newest": newest}
    return press(
        request,
        form,
        lambda _typed: _enter(request, consultation, material, office, form),
        lambda made: _page_of(request, made),
    ) or render(request, "consultations/bring.html", context)


def _material_form(request: ViewerRequest, *, is_first: bool) -> forms.MaterialForm:
    return forms.MaterialForm(
        posted(request),
        request.FILES if request.method == "POST" else None,
        languages=[(one.code, one.name) for one in request.pack.languages],
        is_first=is_first,
        is_cut_off=queries.is_cut_off(request.headers.get("Content-Length", "")),
        initial={"lang": lang_of(request)},
    )


def _enter(
    request: ViewerRequest, consultation: Consultation, name: str, office: str, form: forms.MaterialForm
) -> Version:
    typed = form.cleaned_data
    return actions.enter_material(
        consultation=consultation,
        material=name,
        by=office,
        paper=form.paper,
        form=form.form,
        link=typed["link"],
        texts={one: Text(typed["lang"], typed[one]) for one in ("title", "changes") if typed.get(one)},
        now=request.now,
    )


@open_to(Role.STAFF)
def withdraw(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Take a consultation back, with a public reason."""
    consultation, office = as_unit(request, slug)
    form = forms.WithdrawForm(posted(request))

    def act(typed: Typed) -> None:
        reason = Text(lang_of(request), typed["reason"])
        actions.withdraw(consultation=consultation, by=office, reason=reason, now=request.now)

    onward = to(request, "consultations:consultation", slug=slug)
    return press(request, form, act, onward) or render(
        request, "consultations/withdraw.html", {"form": form, "consultation": consultation}
    )


def _page_of(request: ViewerRequest, version: Version) -> str:
    where = {"slug": version.consultation.slug, "material": version.material, "number": version.number}
    return to(request, "consultations:material", **where)
