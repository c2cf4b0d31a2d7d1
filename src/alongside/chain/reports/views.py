"""Leads write what came of it, in every language; people read it on one page."""

from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from alongside.chain.reports import actions, queries
from alongside.chain.reports.forms import ReportForm
from alongside.core.refusals import Refused
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.done import Done, DoneAlready, after
from alongside.ground.ui.refusals import refusal_text
from alongside.work.projects.queries import courses_of


@open_to(Role.LEAD)
def write(request: ViewerRequest, promise: int) -> HttpResponseBase:
    """Write the report-back; publish it in every language; then close the engagement."""
    found = queries.reporting(request.program, promise, lang_of(request))
    if found is None:
        raise Http404
    draft = found.draft.words if found.draft else {}
    initial = {f"words_{lang}": words for lang, words in draft.items()}
    if request.method == "POST" and found.report and "close" not in request.POST:
        texts = [shown.words for shown in found.report.texts.values()]
        raise DoneAlready(to(request, "reports:report", promise=promise), texts=texts)
    stands = found.draft.saved_at.isoformat() if found.draft else ""
    form = ReportForm(request.POST or None, languages=found.languages, initial=initial, stands=stands)
    if request.method == "POST" and form.is_valid():
        reply = _act(request, found, form)
        if reply is not None:
            return reply
    today = request.today
    (course,) = courses_of(request.program, [found.promise], today)
    last_day = course.course.closes if course.state in {"open", "paused"} else None
    return render(request, "reports/write.html", {"found": found, "form": form, "last_day": last_day})


def _act(request: ViewerRequest, found: queries.Reporting, form: ReportForm) -> HttpResponseBase | None:
    now, seat = request.now, queries.seat_of(request.viewer)
    promise = found.promise.index
    try:
        if "close" in request.POST:
            actions.close_engagement(program=request.program, promise=promise, seat=seat, now=now)
            return HttpResponseRedirect(after(to(request, "desks:thread", promise=promise), Done.RECORDED))
        draft = actions.save_report(
            program=request.program, promise=promise, seat=seat, words=form.words(), now=now
        )
        form.renew(draft.saved_at.isoformat())
        if "publish" in request.POST:
            actions.publish_report(draft=draft, seat=seat, covers=found.covers, now=now)
            return HttpResponseRedirect(after(to(request, "reports:report", promise=promise), Done.RECORDED))
    except actions.LacksALanguage as error:
        for lang in error.lacking:
            form.add_error(f"words_{lang}", _("Write it in this language too: people were asked in it."))
        return None
    except Refused as error:
        form.add_error(None, refusal_text(error, request.pack))
        return None
    return HttpResponseRedirect(after(request.path, Done.KEPT))


@open_to(Role.EVERYONE)
def report(request: ViewerRequest, promise: int) -> HttpResponseBase:
    """Show what came of it, on one page that prints well."""
    lang = lang_of(request)
    found = queries.reporting(request.program, promise, lang)
    if found is None or found.report is None:
        raise Http404
    own = found.report.texts.get(lang) or next(iter(found.report.texts.values()), None)
    return render(request, "reports/report.html", {"found": found, "own": own})
