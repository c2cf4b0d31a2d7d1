"""Leads write what came of it, in every language; people read it on the page of what came of it."""

from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from alongside.chain.reports import actions, queries
from alongside.chain.reports.forms import ReportForm
from alongside.cohort.seats.queries.seats import seat_of_viewer
from alongside.ground.gate.roles import Role, ViewerRequest, open_to, or_404
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.done import AlreadyDoneError, Done, after
from alongside.ground.ui.press import posted, press
from alongside.work.projects.queries import courses_of


@open_to(Role.LEAD)
def write(request: ViewerRequest, promise: int) -> HttpResponseBase:
    """Write the report-back; publish it in every language; then close the engagement."""
    found = or_404(queries.reporting(request.program, promise, lang_of(request)))
    draft = found.draft.words if found.draft else {}
    initial = {f"words_{lang}": words for lang, words in draft.items()}
    if request.method == "POST" and not found.is_to_say and "close" not in request.POST:
        raise AlreadyDoneError(_shown(request, promise))
    stands = found.draft.saved_at.isoformat() if found.draft else ""
    form = ReportForm(posted(request), languages=found.languages, initial=initial, stands=stands)
    if went := press(request, form, lambda _typed: _act(request, found, form), str):
        return went
    (course,) = courses_of(request.program, [found.promise], request.today)
    last_day = course.course.closes if course.course.is_taking(request.today) else None
    return render(request, "reports/write.html", {"found": found, "form": form, "last_day": last_day})


def _act(request: ViewerRequest, found: queries.Reporting, form: ReportForm) -> str:
    """Do what the pressed button says; give the address that shows it."""
    now, seat, promise = request.now, seat_of_viewer(request.viewer), found.promise.index
    if "close" in request.POST:
        actions.close_engagement(program=request.program, promise=promise, seat=seat, now=now)
        return after(to(request, "desks:thread", promise=promise), Done.RECORDED)
    draft = actions.save_report(
        program=request.program, promise=promise, seat=seat, words=form.words(), now=now
    )
    form.renew(draft.saved_at.isoformat())
    if "publish" not in request.POST:
        return after(request.path, Done.KEPT)
    actions.publish_report(draft=draft, seat=seat, covers=found.covers, now=now)
    return after(_shown(request, promise), Done.RECORDED)


@open_to(Role.EVERYONE)
def report(request: ViewerRequest, promise: int) -> HttpResponseBase:
    """Lead to what came of it, where the report-back stands since."""
    or_404(or_404(queries.reporting(request.program, promise, lang_of(request))).report)
    return HttpResponseRedirect(_shown(request, promise))


def _shown(request: ViewerRequest, promise: int) -> str:
    """Give the address at which people read a report-back."""
    return f"{to(request, 'desks:thread', promise=promise)}#report"
