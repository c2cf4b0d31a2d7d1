"""Pages of pay: what a lead logs, what the steward decides, and what goes to finance and comes back."""

from typing import Any

from django import forms
from django.conf import settings
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from alongside.cohort.pay.actions import claims as claims_actions
from alongside.cohort.pay.actions import runs as runs_actions
from alongside.cohort.pay.actions import terms as terms_actions
from alongside.cohort.pay.forms import (
    FORMS,
    AdvanceForm,
    BackForm,
    BudgetForm,
    CorrectForm,
    CostForm,
    CountForm,
    LogForm,
    RaiseForm,
    RejectForm,
    ReturnedForm,
    SendBackForm,
    StopForm,
    StubsForm,
    TakeForm,
    TermsForm,
    row_in_words,
    unreadable_in_words,
)
from alongside.cohort.pay.models import Claim
from alongside.cohort.pay.queries import claims, totals
from alongside.cohort.pay.queries.runs import (
    came_back,
    in_finance_columns,
    judged,
    open_claims,
    payment_of,
    run_of,
    runs_of,
    to_pay,
)
from alongside.cohort.pay.queries.terms import (
    SeatTerms,
    agreement_before,
    agreement_of,
    budget_of,
    call_terms,
    proposed_now,
    proposed_to,
    seat_for,
    seat_terms,
    terms_of,
    unagreed_since,
)
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.cohorts import cohort_by_slug, names_in
from alongside.core.clocks import pay_due
from alongside.core.grammar.ties import NOBODY
from alongside.core.money import Money, sums
from alongside.core.pay_files import Judged
from alongside.core.policy.pay import THANKS
from alongside.core.refusals import Refused, UnusableInputError
from alongside.core.tables import write
from alongside.core.workflow.pay import ClaimKind, ClaimStage, Per
from alongside.ground.gate.roles import Role, ViewerRequest, by_name, from_the_record, open_to, or_404
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.addresses import lang_of, number_in, to
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.done import Done, after
from alongside.ground.ui.languages import listed
from alongside.ground.ui.pages import download
from alongside.ground.ui.press import Typed, posted, press, taking


def seat_or_404(request: ViewerRequest) -> Seat:
    """Give the seat the viewer holds or held last; there is no such page for anyone who never sat in a cohort."""
    return or_404(seat_for(request.program, request.viewer, request.today))


@open_to(Role.PERSON)
def mine(request: ViewerRequest) -> HttpResponseBase:
    """Show a lead what is owed since when, what was paid, what is left, and everything they logged."""
    pack, lang, today = request.pack, lang_of(request), request.today
    account = claims.account_of(seat_or_404(request), pack, lang, today)
    context = {"account": account, "today": today, "quick": claims.quick_of(account, pack, lang)}
    context["proposal"] = proposed_now(account.seat, account.agreement)
    context["stop"] = claims.stop_of(account.seat, today)
    context["since"] = (
        None if account.agreement else unagreed_since(account.seat, pack, today, RowsLog.of(request.program))
    )
    return render(request, "pay/mine.html", context)


@open_to(Role.PERSON)
@require_POST
def accept(request: ViewerRequest, proposal: int) -> HttpResponseBase:
    """Agree to what the steward proposes instead of what is agreed."""
    seat = seat_or_404(request)
    found = or_404(proposed_now(seat, agreement_of(seat)))
    if found.pk != proposal:
        raise Http404
    terms_actions.accept(proposal=found, now=request.now)
    return HttpResponseRedirect(to(request, "pay:mine"))


@open_to(Role.PERSON)
def log(request: ViewerRequest) -> HttpResponseBase:
    """Log work: hours, a deliverable or a month, as the agreement says."""
    return _log(request, None, "pay/log.html")


@open_to(Role.PERSON)
def advance(request: ViewerRequest) -> HttpResponseBase:
    """Ask for money for a cost before it is spent."""
    return _log(request, AdvanceForm, "pay/advance.html")


@by_name
@open_to(Role.STEWARD)
def returned(request: ViewerRequest, claim: int) -> HttpResponseBase:
    """Write that a rest of an advance came back."""
    found = or_404(next((one for one in claims.open_advances(request.program) if one.pk == claim), None))
    form = ReturnedForm(
        posted(request),
        currency=found.currency,
        initial={"amount": found.rest.plain(), "on": request.today},
    )
    act = taking(claims_actions.note_returned, advance=found, viewer=request.viewer, now=request.now)
    return press(request, form, act, to(request, "pay:desk")) or render(
        request, "pay/returned.html", {"form": form, "advance": found}
    )


@open_to(Role.PERSON)
def cost(request: ViewerRequest) -> HttpResponseBase:
    """Log a cost to be paid back, with a picture of the bill."""
    return _log(request, CostForm, "pay/cost.html")


@open_to(Role.PERSON)
def stubs(request: ViewerRequest) -> HttpResponseBase:
    """Let the lead who had the thank-you money of a session count the stubs that people exchanged."""
    return _log(request, StubsForm, "pay/stubs.html")


@by_name
@open_to(Role.STEWARD)
def count(request: ViewerRequest, claim: int) -> HttpResponseBase:
    """Let a second person count the stubs of a session, without the number that the first counted."""
    found = or_404(claims.open_claim(request.program, claim))
    or_404(found.stubs)
    form = CountForm(posted(request))
    act = taking(claims_actions.count_again, claim=found, viewer=request.viewer, now=request.now)

    def onward(is_same: object) -> str:
        return after(to(request, "pay:desk"), Done.APPROVED if is_same else Done.SENT_BACK)

    return press(request, form, act, onward) or render(
        request, "pay/count.html", {"form": form, "claim": found}
    )


def _typed(request: ViewerRequest) -> QueryDict:
    """Give what was typed; a quick button is hours and kind in one, as "1:30 meeting"."""
    hours, _space, what = request.POST.get("quick", "").partition(" ")
    if not what:
        return request.POST
    typed = request.POST.copy()
    typed.update({"hours": hours, "what": what})
    return typed


def _before(request: ViewerRequest, claim: Claim | None) -> dict[str, object]:
    """Begin a correction with what was logged, but no hours and no sum that were sent back; and with the advance that the address names."""
    if claim is None:
        begun = ("advance", "session", "what", "each", "amount", "note")
        return {name: request.GET[name] for name in begun if name in request.GET}
    is_refused = claim.verdict == ClaimStage.SENT_BACK
    hours, amount = ("", "") if is_refused else (claim.hours, claim.money.plain())
    found = {"corrects": claim.pk, "on": claim.on, "what": claim.what, "hours": hours}
    found |= {"advance": str(claim.advance_id or ""), "session": claim.session}
    if claim.stubs:
        found["each"] = Money(claim.minor // claim.stubs, claim.currency).plain()
    return found | {"amount": amount, "note": claim.note}


def _log(request: ViewerRequest, form_class: type[LogForm] | None, page: str) -> HttpResponseBase:
    """Log with a form, or with the one for how the lead is paid."""
    seat = seat_or_404(request)
    agreement = agreement_of(seat) or agreement_before(seat)
    if agreement is None:
        return render(request, "pay/nothing_agreed.html")
    before = claims.correctable(seat, number_in(request.GET.get("corrects", "")))
    given = {
        "initial": _before(request, before),
        "pack": request.pack,
        "lang": lang_of(request),
        "today": request.today,
        "currency": agreement.currency,
    }
    is_cost = form_class in {CostForm, StubsForm}
    advances = claims.open_advances(request.program, request.viewer.person_id) if is_cost else []
    if form_class is StubsForm:
        given["advances"] = or_404([one for one in advances if one.what == THANKS])
    typed = _typed(request) if request.method == "POST" else None
    form = (form_class or FORMS[agreement.per])(typed, request.FILES or None, **given)
    if isinstance(form, CostForm):
        form.offer([one for one in advances if one.what != THANKS])
    form.is_cut_off = int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE

    def act(typed: Typed) -> str:
        corrects = claims.correctable(seat, typed["corrects"])
        held = seat_for(request.program, request.viewer, form.day) or seat
        made = claims_actions.log(seat=held, work=form.work(corrects), now=request.now)
        return after(f"{to(request, 'pay:mine')}#claim-{made.pk}", Done.LOGGED)

    try:
        return press(request, form, act, str) or render(request, page, _shown(request, form, before))
    except claims_actions.ConfirmationNeededError as error:
        return _sure(request, form, error.why)


def _shown(request: ViewerRequest, form: LogForm, before: Claim | None) -> dict[str, object]:
    """Give what the page of a form shows: of a correction, what was sent back and why, too."""
    called = request.pack.pay.called(before.what, lang_of(request)) if before else ""
    day = day_in_words(before.on) if before else ""
    found: dict[str, object] = {"form": form, "before": before, "called": called, "day": day}
    if isinstance(form, AdvanceForm):
        found["by"] = pay_due(request.today, request.pack)
        found["account"] = claims.account_of(
            seat_or_404(request), request.pack, lang_of(request), request.today
        )
    return found


#: What a lead was asked about before, and said yes to.
ASKED = ("again", "past", "past_stop")


def _sure(request: ViewerRequest, form: LogForm, why: dict[str, Any]) -> HttpResponseBase:
    """Ask once more, saying why; what was typed goes along, with what was said yes to before."""
    typed, known = form.data, {name: form.cleaned_data[name] for name in ASKED}
    there = claims.shown(why.get("twice", ()), request.pack, lang_of(request), request.today)
    yes = {"again": len(there), "past": "past" in why, "past_stop": "stopped" in why}
    kept = [(name, typed.get(name, "")) for name in form.fields if name not in {*ASKED, "bill"}] + [
        (name, yes[name] or known[name]) for name in ASKED if yes[name] or known[name]
    ]
    bill = form["bill"] if isinstance(form.fields.get("bill"), forms.FileField) else None
    context = {"kept": kept, "bill": bill, "is_month": form.kind == ClaimKind.MONTH, **why, "twice": there}
    context["typed"] = typed.get("hours") or typed.get("amount")
    return render(request, "pay/sure.html", context)


@open_to(Role.PERSON)
def stop(request: ViewerRequest) -> HttpResponseBase:
    """Let a lead say at which sum in a month they want to be stopped. Nobody else is shown it."""
    seat = seat_or_404(request)
    agreement = agreement_of(seat) or agreement_before(seat)
    if agreement is None:
        return render(request, "pay/nothing_agreed.html")
    found = claims.stop_of(seat, request.today)
    initial = {"amount": found.at.plain()} if found else {}
    form = StopForm(posted(request), initial=initial, currency=agreement.currency)
    act = taking(claims_actions.stop_at, seat=seat)
    return press(request, form, act, to(request, "pay:mine")) or render(
        request, "pay/stop.html", {"form": form, "stop": found}
    )


@open_to(Role.PERSON)
@require_POST
def withdraw(request: ViewerRequest, claim: int) -> HttpResponseBase:
    """Take back what the steward has not decided on."""
    found = or_404(claims.claim_of(seat_or_404(request), claim))
    claims_actions.withdraw(claim=found, now=request.now)
    return HttpResponseRedirect(after(f"{to(request, 'pay:mine')}#claim-{found.pk}", Done.WITHDRAWN))


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


def _kept(one: claims.ClaimView) -> list[str]:
    claim = one.claim
    return [
        claim.on.isoformat(),
        claim.kind,
        one.called,
        claim.hours,
        claim.money.plain(),
        claim.currency,
        claim.logged_on.isoformat(),
        one.state,
        one.paid_on.isoformat() if one.paid_on else "",
        one.reference,
        claim.note,
    ]


@open_to(Role.PERSON)
def mine_csv(request: ViewerRequest) -> HttpResponseBase:
    """Give a lead their own hours and payments to keep."""
    account = claims.account_of(seat_or_404(request), request.pack, lang_of(request), request.today)
    return as_file(write(KEPT, [_kept(one) for one in account.claims]), "my-hours-and-payments.csv")


def as_file(text: str, name: str) -> HttpResponseBase:
    """Give a CSV to keep; nobody on the way may keep it."""
    response = download(text, name)
    response["Cache-Control"] = "no-store"
    return response


@open_to(Role.PERSON)
def bill(request: ViewerRequest, claim: int) -> HttpResponseBase:
    """Show the picture of a bill to the lead who sent it and to the steward."""
    found = or_404(claims.bill_for(request.program, request.viewer, claim))
    response = HttpResponse(bytes(found.bill or b""), content_type=found.media_type)
    response["Content-Disposition"] = f'inline; filename="bill-{claim}"'
    response["Cache-Control"] = "no-store"
    return response


@by_name
@open_to(Role.STEWARD)
def reject(request: ViewerRequest, payment: int) -> HttpResponseBase:
    """Write that the bank sent a payment back; a later run sends it again."""
    found = or_404(payment_of(request.program, payment))
    form = RejectForm(posted(request))
    act = taking(runs_actions.reject, payment=found, viewer=request.viewer, now=request.now)
    return press(request, form, act, to(request, "pay:run", number=found.run.number)) or render(
        request, "pay/reject.html", {"form": form, "payment": found}
    )


@by_name
@open_to(Role.STEWARD)
def correct(request: ViewerRequest, payment: int) -> HttpResponseBase:
    """Write what was paid in truth, and when."""
    found = or_404(payment_of(request.program, payment))
    came = found.arrived
    begin = {"paid_on": came.paid_on, "amount": came.money.plain()} if came else {}
    form = CorrectForm(posted(request), initial=begin, currency=found.currency)
    act = taking(runs_actions.correct, payment=found, viewer=request.viewer, now=request.now)
    return press(request, form, act, to(request, "pay:run", number=found.run.number)) or render(
        request, "pay/correct.html", {"form": form, "payment": found}
    )


@from_the_record
@open_to(Role.EVERYONE)
def public(request: ViewerRequest) -> HttpResponseBase:
    """Show budget, totals of whole quarters and median days to pay, from the record."""
    pack, lang = request.pack, lang_of(request)
    context = {
        "cohorts": totals.public_pay(request.program, lang, request.today),
        "days": pack.clocks.pay_business_days,
        "costs": listed(pack.pay.called(one.id, lang) for one in pack.pay.kinds_of_cost),
    }
    return render(request, "pay/public.html", context)


@by_name
@open_to(Role.STEWARD)
def desk(request: ViewerRequest) -> HttpResponseBase:
    """List what waits for approval and what a run would pay."""
    return desk_with(request, Form())


def desk_with(request: ViewerRequest, form: Form, page: str = "pay/desk.html") -> HttpResponseBase:
    """Show the list, with what was refused if something was; or another page of what waits."""
    program, pack = request.program, request.pack
    rows, due = open_claims(program, pack, lang_of(request), request.today, came_back(program))
    waiting = [one for one in rows if one.state == ClaimStage.WAITING]
    first = {one.claim.payment: one.days for one in reversed(rows) if one.claim.payment}
    again = [(payment, money, first[payment]) for payment, money in due.again]
    held = [one for one in rows if one.is_held and one.state == ClaimStage.APPROVED]
    context = {
        "waiting": [one for one in waiting if one.claim.stubs is None],
        "to_count": [one for one in waiting if one.claim.stubs is not None],
        "unapproved": sums(one.claim.money for one in waiting),
        "approved": [one for one in rows if one.state == ClaimStage.APPROVED],
        "again": again,
        "by_payee": [
            (
                [each for each in again if each[0].seat_id == seat],
                [one for one in held if one.claim.seat_id == seat],
            )
            for seat in dict.fromkeys(payment.seat_id for payment, _money, _days in again)
        ],
        "held": held,
        "advances": claims.open_advances(program),
        "sums": due.sums,
        "whole": due.whole,
        "form": form,
        "today": request.today,
    }
    return render(request, page, context)


@by_name
@open_to(Role.STEWARD)
@require_POST
def approve(request: ViewerRequest) -> HttpResponseBase:
    """Approve the claims that were chosen."""

    def act(_typed: Typed) -> str:
        chosen = [claims.open_claim(request.program, number_in(one)) for one in request.POST.getlist("claim")]
        found = [one for one in chosen if one]
        if not found:
            raise Refused(_("Nothing was chosen. Tick what you approve, then press the button."))
        for claim in found:
            claims_actions.approve(claim=claim, viewer=request.viewer, now=request.now)
        left_out = to_pay(request.program, request.pack).left_out
        if many := sum(one in left_out for one in found):
            return after(to(request, "pay:desk"), Done.APPROVED_NOT_PAID, many)
        return after(to(request, "pay:desk"), Done.APPROVED, len(found))

    form = Form(posted(request))
    return press(request, form, act, str) or desk_with(request, form)


@by_name
@open_to(Role.STEWARD)
def send_back(request: ViewerRequest, claim: int) -> HttpResponseBase:
    """Send a claim back with a reason."""
    found = or_404(claims.open_claim(request.program, claim))
    form = SendBackForm(posted(request))
    act = taking(claims_actions.send_back, claim=found, viewer=request.viewer, now=request.now)
    called = request.pack.pay.called(found.what, lang_of(request))
    return press(request, form, act, after(to(request, "pay:desk"), Done.SENT_BACK)) or render(
        request, "pay/send_back.html", {"form": form, "claim": found, "called": called}
    )


@open_to(Role.STEWARD)
def runs(request: ViewerRequest) -> HttpResponseBase:
    """List the runs, newest first."""
    return render(request, "pay/runs.html", {"runs": runs_of(request.program)})


@by_name
@open_to(Role.STEWARD)
def close(request: ViewerRequest) -> HttpResponseBase:
    """Show what a run would pay, and close it with everything approved that fits, and what is ticked to be sent again."""

    def act(_typed: Typed) -> str:
        again = request.POST.getlist("again")
        made = runs_actions.close_run(
            program=request.program, again=again, viewer=request.viewer, now=request.now
        )
        return to(request, "pay:run", number=made.number)

    form = Form(posted(request))
    return press(request, form, act, str) or desk_with(request, form, "pay/close.html")


@by_name
@open_to(Role.STEWARD)
def run(request: ViewerRequest, number: int) -> HttpResponseBase:
    """Show a run: its payments, its file, what came back."""
    found = or_404(run_of(request.program, number))
    return render(request, "pay/run.html", {"run": found})


@open_to(Role.STEWARD)
def run_csv(request: ViewerRequest, number: int) -> HttpResponseBase:
    """Give the file for the finance system."""
    found = or_404(run_of(request.program, number))
    headings, rows = in_finance_columns(found, request.pack)
    return as_file(write(headings, rows), f"{request.program.slug}-run-{number}.csv")


@by_name
@open_to(Role.STEWARD)
def reconcile(request: ViewerRequest) -> HttpResponseBase:
    """Take in what finance says was paid: a preview first, then what matches."""
    if "text" in request.POST:
        return _confirm(request)
    is_post = request.method == "POST"
    form = TakeForm(request.POST if is_post else None, request.FILES if is_post else None)
    if form.is_valid():
        text = form.cleaned_data["file"]
        try:
            return _preview(request, text, judged(request.program, text, request.pack, request.today))
        except UnusableInputError as error:
            form.add_error("file", unreadable_in_words(error))
    return render(request, "pay/reconcile.html", {"form": form})


def _preview(request: ViewerRequest, text: str, found: Judged) -> HttpResponseBase:
    context = {
        "judged": found,
        "sums": sums(one.money for one in found.matching),
        "refused": [(one, row_in_words(one)) for one in found.refused],
        "back": BackForm(initial={"text": text, "only": bool(found.refused)}),
    }
    return render(request, "pay/preview.html", context)


def _confirm(request: ViewerRequest) -> HttpResponseBase:
    form = BackForm(posted(request))

    def act(typed: Typed) -> None:
        runs_actions.take_file(
            program=request.program,
            text=typed["text"],
            only_matching=typed["only"],
            viewer=request.viewer,
            now=request.now,
        )

    try:
        went = press(request, form, act, to(request, "pay:runs"))
    except runs_actions.UnreconciledFileError as error:
        return _preview(request, form.cleaned_data["text"], error.judged)
    except UnusableInputError:
        return render(request, "pay/reconcile.html", {"form": TakeForm()})
    if went or form.non_field_errors():
        return went or desk_with(request, form)
    return render(request, "pay/reconcile.html", {"form": TakeForm()})


@by_name
@open_to(Role.STEWARD)
def agreements(request: ViewerRequest) -> HttpResponseBase:
    """List cohorts with their budget and what is agreed with each seat."""
    names = names_in(request.program, lang_of(request))
    rows = [(*row, *names[row[0].pk]) for row in terms_of(request.program, request.today)]
    return render(request, "pay/agreements.html", {"cohorts": rows})


@open_to(Role.STEWARD)
def budget(request: ViewerRequest, cohort: str) -> HttpResponseBase:
    """Set what a cohort may be paid in all."""
    found = or_404(cohort_by_slug(request.program, cohort))
    form = BudgetForm(posted(request), currencies=request.pack.pay.currencies)

    def act(typed: Typed) -> None:
        terms_actions.set_budget(cohort=found, amount=typed["amount"], viewer=request.viewer, now=request.now)

    if went := press(request, form, act, to(request, "pay:agreements"), at="amount"):
        return went
    name, lang = names_in(request.program, lang_of(request))[found.pk]
    context = {"form": form, "name": name, "lang": lang, "budget": budget_of(found)}
    return render(request, "pay/budget.html", context)


@by_name
@open_to(Role.STEWARD)
def agreement(request: ViewerRequest, seat: str) -> HttpResponseBase:
    """Write what is agreed with a seat; it begins with what is in force, else with the terms of the call, if anybody pays it."""
    found = or_404(seat_terms(request.program, seat))
    call, is_unpaid = call_terms(request.program, found.seat), _is_unpaid(found)
    begins = _begins(found, {} if is_unpaid else call)
    form = TermsForm(posted(request), initial=begins, currencies=request.pack.pay.currencies)

    def act(_typed: Typed) -> None:
        entry = call.get("call")
        terms = form.terms(entry if isinstance(entry, int) else None)
        terms_actions.agree(seat=found.seat, terms=terms, viewer=request.viewer, now=request.now)

    if went := press(request, form, act, to(request, "pay:agreements")):
        return went
    context = {"form": form, "terms": found, "is_unpaid": is_unpaid}
    context["call"] = None if is_unpaid else call.get("call")
    context["proposal"] = proposed_to(found.seat, found.agreement)
    return render(request, "pay/agreement.html", context)


def _is_unpaid(found: SeatTerms) -> bool:
    """Say whether the steward said that nobody pays a seat, and nothing is agreed."""
    return found.agreement is None and found.seat.payer == NOBODY


def _begins(found: SeatTerms, call: dict[str, object]) -> dict[str, object]:
    seat, agreed = found.seat, found.agreement
    begins = {"per": Per.HOUR, "from_date": seat.from_date, "until_date": seat.until_date, **call}
    if agreed:
        begins |= {"per": agreed.per, "rate": agreed.money.plain(), "limit": agreed.limit.plain()}
        begins |= {
            "from_date": agreed.from_date,
            "until_date": agreed.until_date,
            "currency": agreed.currency,
        }
    return begins


@by_name
@open_to(Role.STEWARD)
def raised(request: ViewerRequest, seat: str) -> HttpResponseBase:
    """Raise the sum that is not to be exceeded."""
    found = or_404(seat_terms(request.program, seat))
    agreed = or_404(found.agreement)
    form = RaiseForm(posted(request), currency=agreed.currency)
    act = taking(terms_actions.raise_limit, agreement=agreed, viewer=request.viewer, now=request.now)
    return press(request, form, act, to(request, "pay:agreements"), at="limit") or render(
        request, "pay/raise.html", {"form": form, "terms": found}
    )
