"""What everyone may know of pay: budgets, totals that point at nobody, and how many days it took."""

from django.http import HttpResponseBase
from django.shortcuts import render

from alongside.cohort.pay import queries
from alongside.ground.gate import AskedHttpRequest, Role, from_the_record, open_to
from alongside.ground.look.addresses import lang_of


@from_the_record
@open_to(Role.EVERYONE)
def public(request: AskedHttpRequest) -> HttpResponseBase:
    """Show budget, totals of whole quarters and median days to pay, from the record."""
    cohorts = queries.public_pay(request.program, lang_of(request))
    days = request.pack.clocks.pay_business_days
    return render(request, "pay/public.html", {"cohorts": cohorts, "days": days})
