"""What a lead keeps or looks at: hours and payments as CSV, the picture of a bill."""

from django.http import Http404, HttpResponse, HttpResponseBase

from alongside.cohort.pay import queries
from alongside.cohort.pay.views.leads import seat_or_404, today_of
from alongside.core.reconcile import write
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of

KEPT = (
    "day",
    "kind",
    "what",
    "hours",
    "amount",
    "currency",
    "logged",
    "state",
    "paid_on",
    "reference",
    "note",
)


def _kept(one: queries.Shown) -> list[str]:
    claim = one.claim
    return [
        claim.on.isoformat(),
        claim.kind,
        one.called,
        one.hours,
        claim.money.plain(),
        claim.currency,
        claim.logged_on.isoformat(),
        one.state,
        one.paid_on.isoformat() if one.paid_on else "",
        one.reference,
        one.note,
    ]


@open_to(Role.PERSON)
def mine_csv(request: AskedHttpRequest) -> HttpResponseBase:
    """Give a lead their own hours and payments to keep."""
    account = queries.account_of(seat_or_404(request), request.pack, lang_of(request), today_of(request))
    return as_file(write(KEPT, [_kept(one) for one in account.claims]), "my-hours-and-payments.csv")


def as_file(text: str, name: str) -> HttpResponse:
    """Give a CSV to keep; nobody on the way may keep it."""
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@open_to(Role.PERSON)
def bill(request: AskedHttpRequest, claim: int) -> HttpResponseBase:
    """Show the picture of a bill to the lead who sent it and to the steward."""
    found = queries.bill_for(request.program, request.asker, claim)
    if found is None:
        raise Http404
    response = HttpResponse(bytes(found.content), content_type=found.media_type)
    response["Content-Disposition"] = f'inline; filename="bill-{claim}"'
    response["Cache-Control"] = "no-store"
    return response
