"""Payment runs: close one, take its file, and take in the file that comes back."""

from datetime import UTC, datetime

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from alongside.cohort.pay import actions, queries
from alongside.cohort.pay.forms import BackForm, TakeForm, in_words, row_in_words, unreadable_in_words
from alongside.cohort.pay.forms.saying import REFUSALS
from alongside.cohort.pay.views.files import as_file
from alongside.cohort.pay.views.leads import today_of
from alongside.cohort.pay.views.stewards import desk_with
from alongside.core.money import sums
from alongside.core.reconcile import Judged, UnreadableFileError, judge, write
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import to


@open_to(Role.STEWARD)
def runs(request: AskedHttpRequest) -> HttpResponseBase:
    """List the runs, newest first."""
    return render(request, "pay/runs.html", {"runs": queries.runs_of(request.program)})


@open_to(Role.STEWARD)
@require_POST
def close(request: AskedHttpRequest) -> HttpResponseBase:
    """Close a run with everything approved that fits."""
    try:
        made = actions.close_run(program=request.program, asker=request.asker, now=datetime.now(tz=UTC))
    except REFUSALS as error:
        return desk_with(request, in_words(error))
    return HttpResponseRedirect(to(request, "pay:run", number=made.number))


@open_to(Role.STEWARD)
def run(request: AskedHttpRequest, number: int) -> HttpResponseBase:
    """Show a run: its payments, its file, what came back."""
    found = queries.run_of(request.program, number)
    if found is None:
        raise Http404
    return render(request, "pay/run.html", {"found": found})


@open_to(Role.STEWARD)
def run_csv(request: AskedHttpRequest, number: int) -> HttpResponseBase:
    """Give the file for the finance system."""
    found = queries.run_of(request.program, number)
    if found is None:
        raise Http404
    headings, rows = queries.in_finance_columns(found, request.pack)
    return as_file(write(headings, rows), f"{request.program.slug}-run-{number}.csv")


@open_to(Role.STEWARD)
def reconcile(request: AskedHttpRequest) -> HttpResponseBase:
    """Take in what finance says was paid: a preview first, then what matches."""
    if "text" in request.POST:
        return _confirm(request)
    is_post = request.method == "POST"
    form = TakeForm(request.POST if is_post else None, request.FILES if is_post else None)
    if form.is_valid():
        text = form.cleaned_data["file"]
        try:
            return _preview(request, text, _judged(request, text))
        except UnreadableFileError as error:
            form.add_error("file", unreadable_in_words(error))
    return render(request, "pay/reconcile.html", {"form": form})


def _judged(request: AskedHttpRequest, text: str) -> Judged:
    known = queries.expected_back(request.program)
    return judge(text, known, today_of(request), request.pack.pay.finance.back_headings)


def _preview(request: AskedHttpRequest, text: str, judged: Judged) -> HttpResponseBase:
    context = {
        "judged": judged,
        "sums": sums(one.money for one in judged.matching),
        "refused": [(one, row_in_words(one)) for one in judged.refused],
        "back": BackForm(initial={"text": text, "only": bool(judged.refused)}),
    }
    return render(request, "pay/preview.html", context)


def _confirm(request: AskedHttpRequest) -> HttpResponseBase:
    form = BackForm(request.POST)
    if not form.is_valid():
        return render(request, "pay/reconcile.html", {"form": TakeForm()})
    text = form.cleaned_data["text"]
    try:
        actions.take_file(
            program=request.program,
            text=text,
            only_matching=form.cleaned_data["only"],
            asker=request.asker,
            now=datetime.now(tz=UTC),
        )
    except actions.FileDoesNotReconcileError as error:
        return _preview(request, text, error.judged)
    except UnreadableFileError:
        return render(request, "pay/reconcile.html", {"form": TakeForm()})
    except REFUSALS as error:
        return desk_with(request, in_words(error))
    return HttpResponseRedirect(to(request, "pay:runs"))
