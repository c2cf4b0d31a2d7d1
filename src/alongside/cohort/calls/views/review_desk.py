"""The steward's pages while applications are read: who reads, how far it is, and names on a page of their own."""

from django.forms import Form
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST

from alongside.cohort.calls.actions import reviewing as actions
from alongside.cohort.calls.actions.codes import replace_code
from alongside.cohort.calls.actions.spreading import spread as spread_evenly
from alongside.cohort.calls.forms.reviewing import AssignForm, ReaderForm, lines
from alongside.cohort.calls.queries import progress
from alongside.cohort.calls.views.choosing import call_or_404, done, go, people_here, someone
from alongside.cohort.calls.views.letters import letter
from alongside.core.refusals import Refused
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.ui.addresses import lang_of
from alongside.ground.ui.refusals import refusal_text


@open_to(Role.STEWARD)
def review(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show how far the reading of a call is."""
    call = call_or_404(request, slug)
    context = {
        "call": call,
        "progress": progress.progress(call),
        "lacking": progress.lacking(call),
        "is_open": request.today <= call.closes,
    }
    return render(request, "calls/review_desk.html", context)


@open_to(Role.STEWARD)
def add_reader(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Invite a reader."""
    call = call_or_404(request, slug)
    people = people_here(request)
    form = ReaderForm(request.POST if request.method == "POST" else None, people=people)
    if form.is_valid():
        typed = form.cleaned_data
        person = someone(typed, lang_of(request), people)
        named = lines(typed["organizations"])
        if done(
            form,
            lambda: actions.invite_reader(
                call=call, person=person, kind=typed["kind"], organizations=named, now=request.now
            ),
        ):
            return go(request, "review", slug=slug)
    return render(request, "calls/desk_form.html", {"form": form, "call": call, "does": "reader"})


@open_to(Role.STEWARD)
@require_POST
def spread(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Give every application two readers, evenly."""
    call = call_or_404(request, slug)
    form = Form({})
    if done(form, lambda: spread_evenly(call=call, now=request.now)):
        return go(request, "review", slug=slug)
    return render(request, "calls/desk_form.html", {"form": form, "call": call, "does": "refused"})


@open_to(Role.STEWARD)
def assign(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Give one application to one reader."""
    call = call_or_404(request, slug)
    readers = {str(row.reader.pk): row.reader for row in progress.progress(call).readers}
    form = AssignForm(
        request.POST if request.method == "POST" else None,
        initial={"application": request.GET.get("application", "")},
        readers=[(pk, one.person.called or str(one.person.email)) for pk, one in readers.items()],
    )
    if form.is_valid():
        application = progress.application_by(call, form.cleaned_data["application"].strip().upper())
        if application is None:
            form.add_error("application", _("No application of this call has this name. Check each letter."))
        elif done(
            form,
            lambda: actions.assign(
                reader=readers[form.cleaned_data["reader"]], application=application, now=request.now
            ),
        ):
            return go(request, "review", slug=slug)
    return render(request, "calls/desk_form.html", {"form": form, "call": call, "does": "assign"})


@open_to(Role.STEWARD)
def names(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Ask before names are shown, then show them; before the shortlist the record will tell that they were opened."""
    call = call_or_404(request, slug)
    if request.method != "POST":
        return render(request, "calls/names_ask.html", {"call": call})
    actions.open_names(call=call, person=request.user, now=request.now)
    rows = progress.name_page(call, request.POST.get("after", ""))
    shown = rows[: progress.PAGE]
    more = shown[-1].reference if len(rows) > len(shown) else ""
    response = render(request, "calls/names.html", {"call": call, "rows": shown, "more": more})
    response["Cache-Control"] = "no-store"
    return response


@open_to(Role.STEWARD)
@require_POST
def new_code(request: ViewerRequest, slug: str, reference: str) -> HttpResponseBase:
    """Give an applicant who lost theirs a new code: by letter, or shown once where they left no address."""
    call = call_or_404(request, slug)
    found = call.applications.live().filter(reference=reference).first()
    if found is None:
        raise Http404
    actions.open_names(call=call, person=request.user, now=request.now)
    given: dict[str, object] = {"call": call, "one": found}

    def send(code: str, address: str) -> bool:
        with override(found.lang):
            return letter(request, call, code, address, is_renewed=True)

    try:
        given["code"] = replace_code(application=found, send=send, now=request.now)
    except Refused as refused:
        given["refused"] = refusal_text(refused, request.pack)
    response = render(request, "calls/new_code.html", given)
    response["Cache-Control"] = "no-store"
    return response
