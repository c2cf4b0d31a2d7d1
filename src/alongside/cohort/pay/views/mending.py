"""A payment that the bank sent back, or that was paid otherwise than the file said: the steward writes it down."""

from datetime import UTC, datetime

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from alongside.cohort.pay import actions, queries
from alongside.cohort.pay.forms import CorrectForm, RejectForm, in_words
from alongside.cohort.pay.forms.saying import REFUSALS
from alongside.cohort.pay.models import Payment
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import to


def payment_or_404(request: AskedHttpRequest, payment: int) -> tuple[Payment, str]:
    """Give a payment of this program with who is paid."""
    found = queries.payment_of(request.program, payment)
    if found is None:
        raise Http404
    return found


@open_to(Role.STEWARD)
def reject(request: AskedHttpRequest, payment: int) -> HttpResponseBase:
    """Write that the bank sent a payment back; the next run sends it again."""
    found, who = payment_or_404(request, payment)
    form = RejectForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.reject(
                payment=found,
                reason=form.cleaned_data["reason"],
                asker=request.asker,
                now=datetime.now(tz=UTC),
            )
            return HttpResponseRedirect(to(request, "pay:run", number=found.run.number))
        except REFUSALS as error:
            form.add_error(None, in_words(error))
    return render(request, "pay/reject.html", {"form": form, "payment": found, "who": who})


@open_to(Role.STEWARD)
def correct(request: AskedHttpRequest, payment: int) -> HttpResponseBase:
    """Write what was paid in truth, and when."""
    found, who = payment_or_404(request, payment)
    came = queries.arrived(found)
    begin = {"paid_on": came.paid_on, "amount": queries.money_of(found, came).plain()} if came else {}
    typed = request.POST if request.method == "POST" else None
    form = CorrectForm(typed, initial=begin, currency=found.currency)
    if form.is_valid():
        names = ("amount", "paid_on", "reason")
        given = {name: form.cleaned_data[name] for name in names}
        try:
            actions.correct(payment=found, **given, asker=request.asker, now=datetime.now(tz=UTC))
            return HttpResponseRedirect(to(request, "pay:run", number=found.run.number))
        except REFUSALS as error:
            form.add_error(None, in_words(error))
    return render(request, "pay/correct.html", {"form": form, "payment": found, "who": who, "came": came})
