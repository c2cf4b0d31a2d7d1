"""The lottery: the steward announces and draws, outside witnesses run it again, everyone reads how it went."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render

from alongside.cohort.calls.actions import lottery as actions
from alongside.cohort.calls.actions.pool import needs_no_draw, seat_everyone
from alongside.cohort.calls.forms.selection import (
    AnnounceForm,
    AttestForm,
    EveryoneForm,
    SeedForm,
    WitnessForm,
)
from alongside.cohort.calls.models import Call, Invitee, Lottery
from alongside.cohort.calls.queries import telling
from alongside.cohort.calls.queries.balancing import Balanced, told_quotas
from alongside.cohort.calls.queries.choosing import doubts, takes_witness
from alongside.cohort.calls.queries.listing import panels_page
from alongside.cohort.calls.queries.public import call_page
from alongside.cohort.calls.views.choosing import call_or_404, done, go, someone
from alongside.core.workflow.calls import PanelsStage
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.ui.addresses import lang_of


@open_to(Role.STEWARD)
def lottery(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Announce a lottery; once announced, show where it is and draw it."""
    call = call_or_404(request, slug)
    if not hasattr(call, "lottery"):
        return _before(request, call)
    held = call.lottery
    seed = SeedForm(request.POST if request.method == "POST" else None)
    if seed.is_valid() and done(
        seed, lambda: actions.draw_lottery(lottery=held, seed=seed.cleaned_data["seed"], now=request.now)
    ):
        return go(request, "lottery", slug=slug)
    context = {
        "call": call,
        "form": seed,
        "witnesses": telling.witness_rows(call),
        "takes_witness": takes_witness(held, request.today),
        "can_draw": request.today >= held.seed_day,
        "is_drawn": hasattr(held, "drawn"),
        "is_doubted": doubts(held),
    }
    return render(request, "calls/lottery.html", context)


def _before(request: ViewerRequest, call: Call) -> HttpResponseBase:
    """Announce a lottery; where no draw is needed, give everyone a seat; where it lacks its list of panels, go there."""
    data, lang = request.POST if request.method == "POST" else None, lang_of(request)
    shown = {"call": call, "does": "announce"}
    if call.closes < request.today and needs_no_draw(call):
        every = EveryoneForm(data)
        if every.is_valid() and done(
            every, lambda: seat_everyone(call=call, now=request.now, **every.cleaned_data)
        ):
            return go(request, "close", slug=call.slug)
        return render(request, "calls/desk_form.html", {**shown, "form": every, "does": "everyone"})
    if call.quotas and panels_page(call, request.pack, lang).state != PanelsStage.MADE:
        return go(request, "panels", slug=call.slug)
    form = AnnounceForm(data)
    if form.is_valid() and done(
        form, lambda: actions.announce(call=call, lang=lang, now=request.now, **form.cleaned_data)
    ):
        return go(request, "lottery", slug=call.slug)
    return render(request, "calls/desk_form.html", {**shown, "form": form})


def _lottery(request: ViewerRequest, slug: str) -> Lottery:
    call = call_or_404(request, slug)
    if not hasattr(call, "lottery"):
        raise Http404
    return call.lottery


@open_to(Role.STEWARD)
def add_witness(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Name someone outside the program who will run the lottery again."""
    held = _lottery(request, slug)
    form = WitnessForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        typed, lang = form.cleaned_data, lang_of(request)
        named = {"organization": typed["organization"], "role": typed["role"], "lang": lang}
        if done(
            form,
            lambda: actions.name_witness(lottery=held, person=someone(typed, lang), now=request.now, **named),
        ):
            return go(request, "lottery", slug=slug)
    return render(request, "calls/desk_form.html", {"form": form, "call": held.call, "does": "witness"})


def witness_of(request: ViewerRequest, slug: str) -> Invitee:
    """Give the viewer's own place as a witness of a call's lottery, or raise Http404."""
    found = telling.witnessed_by(request.viewer.person_id, request.program)
    mine = next((one for one in found if one.call.slug == slug), None)
    if mine is None:
        raise Http404
    return mine


@open_to(Role.PERSON)
def witness(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Let a witness fetch the drawing file, run it again, and attest."""
    mine = witness_of(request, slug)
    form = AttestForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and done(
        form,
        lambda: actions.attest(witness=mine, agrees=form.cleaned_data["agrees"] == "yes", now=request.now),
    ):
        return go(request, "witness", slug=slug)
    context = {
        "mine": mine,
        "call": mine.call,
        "form": form,
        "drawn": getattr(mine.call.lottery, "drawn", None),
        "attested": getattr(mine, "attested", None),
        "has_quotas": mine.call.lottery.panel_list is not None,
    }
    return render(request, "calls/witness.html", context)


@open_to(Role.PERSON)
def witness_file(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Give a witness the drawing file, however small the pool is."""
    return as_file(telling.file_of(witness_of(request, slug).call.lottery))


@open_to(Role.EVERYONE)
def drawing(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Give everyone the drawing file, where the pool is not smaller than the policy's k."""
    call = call_or_404(request, slug)
    if not telling.may_show_file(call, request.pack):
        raise Http404
    return as_file(telling.file_of(call.lottery))


def as_file(text: str | None, name: str = "drawing.json") -> HttpResponseBase:
    """Give a file to keep, or raise Http404 where there is none yet; nobody on the way keeps it."""
    if text is None:
        raise Http404
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@open_to(Role.EVERYONE)
def selection(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show everyone how people were chosen."""
    lang = lang_of(request)
    page = call_page(request.program, lang, slug)
    if page is None:
        raise Http404
    went = telling.how_it_went(request.program, page, lang)
    context = {
        "page": page,
        "went": went,
        "has_file": telling.may_show_file(call_or_404(request, slug), request.pack),
        "quotas": _quotas(went, request, lang),
        "k": request.pack.k,
        "record_head": page.head,
    }
    return render(request, "calls/selection.html", context)


def _quotas(went: telling.HowItWent, request: ViewerRequest, lang: str) -> list[Balanced]:
    """Give the quotas of an announced lottery in words."""
    rows = went.announced.entry.data.get("quotas", []) if went.announced else []
    return told_quotas(rows, request.pack, lang)
