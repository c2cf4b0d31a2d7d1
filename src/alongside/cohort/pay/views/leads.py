"""A lead's own pay: what is owed and since when, what was paid, and logging in two taps."""

from datetime import UTC, date, datetime

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST

from alongside.cohort.pay import actions, queries
from alongside.cohort.pay.forms import CostForm, form_for, in_words
from alongside.cohort.pay.forms.logging import _LogForm
from alongside.cohort.pay.forms.saying import REFUSALS
from alongside.cohort.seats.models import Seat
from alongside.core.clocks import local_date
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, number_in, to


def today_of(request: AskedHttpRequest) -> date:
    """Give the program's local day."""
    return local_date(datetime.now(tz=UTC), request.pack)


def seat_or_404(request: AskedHttpRequest) -> Seat:
    """Give the seat the asker holds or held last; there is no such page for anyone who never sat in a cohort."""
    seat = queries.seat_for(request.program, request.asker, today_of(request))
    if seat is None:
        raise Http404
    return seat


@open_to(Role.PERSON)
def mine(request: AskedHttpRequest) -> HttpResponseBase:
    """Show a lead what is owed since when, what was paid, what is left, and everything they logged."""
    pack, lang, today = request.pack, lang_of(request), today_of(request)
    account = queries.account_of(seat_or_404(request), pack, lang, today)
    context = {"account": account, "today": today, "quick": queries.quick_of(account, pack, lang)}
    proposal = queries.proposed_now(account.seat, account.agreement)
    context["proposal"], context["limit"] = (
        proposal,
        queries.limit_of(proposal.agreement) if proposal else None,
    )
    return render(request, "pay/mine.html", context)


@open_to(Role.PERSON)
@require_POST
def accept(request: AskedHttpRequest, proposal: int) -> HttpResponseBase:
    """Agree to what the steward proposes instead of what is agreed."""
    seat = seat_or_404(request)
    found = queries.proposed_now(seat, queries.agreement_of(seat))
    if found is None or found.pk != proposal:
        raise Http404
    actions.accept(proposal=found, now=datetime.now(tz=UTC))
    return HttpResponseRedirect(to(request, "pay:mine"))


@open_to(Role.PERSON)
def log(request: AskedHttpRequest) -> HttpResponseBase:
    """Log work: hours, a deliverable or a month, as the agreement says."""
    seat = seat_or_404(request)
    agreement = queries.agreement_of(seat) or queries.agreement_before(seat)
    if agreement is None:
        return render(request, "pay/nothing_agreed.html")
    form = form_for(agreement.per)(
        _typed(request) if request.method == "POST" else None,
        initial=_before(request, seat),
        pack=request.pack,
        lang=lang_of(request),
        today=today_of(request),
        currency=agreement.currency,
    )
    return _log(request, seat, form, "pay/log.html")


def _typed(request: AskedHttpRequest) -> QueryDict:
    """Give what was typed; a quick button is hours and kind in one, as "1:30 meeting"."""
    hours, _space, what = request.POST.get("quick", "").partition(" ")
    if not what:
        return request.POST
    typed = request.POST.copy()
    typed.update({"hours": hours, "what": what})
    return typed


@open_to(Role.PERSON)
def cost(request: AskedHttpRequest) -> HttpResponseBase:
    """Log a cost to be paid back, with a picture of the bill."""
    seat = seat_or_404(request)
    agreement = queries.agreement_of(seat) or queries.agreement_before(seat)
    if agreement is None:
        return render(request, "pay/nothing_agreed.html")
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    is_post = request.method == "POST"
    form = CostForm(
        request.POST if is_post else None,
        request.FILES if is_post else None,
        initial=_before(request, seat),
        pack=request.pack,
        lang=lang_of(request),
        today=today_of(request),
        currency=agreement.currency,
        is_cut_off=length > settings.FILE_UPLOAD_MAX_MEMORY_SIZE,
    )
    return _log(request, seat, form, "pay/cost.html")


def _before(request: AskedHttpRequest, seat: Seat) -> dict[str, object]:
    """Begin a correction with what was sent back."""
    number = request.GET.get("corrects", "")
    claim = queries.correctable(seat, number_in(number))
    if claim is None:
        return {}
    minutes = claim.minutes or 0
    hours = f"{minutes // 60}:{minutes % 60:02}" if minutes else ""
    found = {"corrects": claim.pk, "on": claim.on, "what": claim.what, "hours": hours}
    return found | {"amount": claim.money.plain(), "note": claim.note.words if hasattr(claim, "note") else ""}


def _log(request: AskedHttpRequest, seat: Seat, form: _LogForm, page: str) -> HttpResponseBase:
    if not form.is_valid():
        return render(request, page, {"form": form})
    corrects = queries.correctable(seat, form.cleaned_data["corrects"])
    seat = queries.seat_for(request.program, request.asker, form.day) or seat
    try:
        made = actions.log(seat=seat, work=form.work(corrects), now=datetime.now(tz=UTC))
    except actions.LoggedTwiceError as error:
        return _sure(
            request, form, {"twice": error}, {"again": error.count, "past": form.cleaned_data["past"]}
        )
    except actions.PastTheLimitError as error:
        return _sure(request, form, {"past": error}, {"again": form.cleaned_data["again"], "past": True})
    except REFUSALS as error:
        form.add_error(None, in_words(error))
        return render(request, page, {"form": form})
    return HttpResponseRedirect(f"{to(request, 'pay:mine')}#claim-{made.pk}")


def _sure(
    request: AskedHttpRequest, form: _LogForm, why: dict[str, object], flags: dict[str, object]
) -> HttpResponseBase:
    """Ask once more, saying why; what was typed goes along."""
    typed = form.data
    kept = [(name, typed.get(name, "")) for name in form.fields if name not in {"again", "past", "bill"}] + [
        (name, value) for name, value in flags.items() if value
    ]
    bill = form["bill"] if isinstance(form.fields.get("bill"), forms.FileField) else None
    context = {"kept": kept, "bill": bill, "is_month": form.kind == "month", **why}
    return render(request, "pay/sure.html", context)


@open_to(Role.PERSON)
@require_POST
def take_back(request: AskedHttpRequest, claim: int) -> HttpResponseBase:
    """Take back what the steward has not decided on."""
    found = queries.claim_of(seat_or_404(request), claim)
    if found is None:
        raise Http404
    actions.take_back(claim=found, now=datetime.now(tz=UTC))
    return HttpResponseRedirect(f"{to(request, 'pay:mine')}#claim-{found.pk}")
