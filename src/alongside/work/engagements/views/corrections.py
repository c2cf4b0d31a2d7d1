"""What both sides change of a promise that is in force: its days and words, and a pause."""

from datetime import date
from typing import Any

from django.forms import Form
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from alongside.core.clocks import PAUSE_ALONE, local_date
from alongside.core.workflow.engagements import EngagementStage, side_of
from alongside.ground.gate.roles import Role, ViewerRequest, open_to, or_404
from alongside.ground.record.queries import entry_views
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.addresses import lang_of, number_in, to
from alongside.ground.ui.done import AlreadyDoneError, Done, after
from alongside.ground.ui.press import Typed, posted, press, taking
from alongside.work.engagements import actions, forms
from alongside.work.engagements.models import Correction, Engagement
from alongside.work.engagements.queries import drafts, pages, promises


def _open(request: ViewerRequest, slug: str) -> Engagement:
    return or_404(drafts.open_for(request.program, request.viewer, slug))


def corrects(request: ViewerRequest, found: Engagement) -> str:
    """Give the actor as which the viewer corrects: a seat that holds the key, or the office that signs for the partner's unit; or nothing."""
    unit, seat = found.partner.unit.slug if found.partner else "", request.viewer.seat
    today = request.today
    if seat and seat in promises.leads_to_correct(found, today):
        return seat
    return request.viewer.office_in(unit, signing=True) or ""


def _pen(request: ViewerRequest, found: Engagement) -> str:
    return or_404(corrects(request, found) or None)


@open_to(Role.LEAD, Role.MANAGER)
def correct(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Write a correction, or sign the other side's; with both signatures it goes on the record."""
    found = _open(request, slug)
    by = _pen(request, found)
    if "take_back" in request.POST:
        return _withdraw(request, found, by)
    again = promises.correction_for(found, number_in(request.GET.get("again", "")))
    form = _correction_form(request, found, again, posted(request))

    def act(_typed: Typed) -> Done:
        given = {"lang": lang_of(request), "by": by, "now": request.now, **form.said()}
        actions.propose_correction(engagement=found, person=request.user, **given)
        return Done.WAITS if promises.waiting_corrections(found) else Done.RECORDED

    here = to(request, "engagements:correct", slug=slug)
    return press(request, form, act, lambda told: after(here, told)) or _correcting(
        request, found, by, form, request.today
    )


def _correction_form(
    request: ViewerRequest, found: Engagement, again: Correction | None, typed: Any = None
) -> forms.CorrectionForm:
    """Give the form of a correction, with the words of one that is written again."""
    others = [one for one in found.languages if one != lang_of(request)]
    initial: dict[str, Any] = {}
    if again:
        words = {again.lang: again.words, **again.others}
        initial = {"about": again.about, "day": again.day, "words": words.get(lang_of(request), "")}
        initial |= {f"words-{one}": words.get(one, "") for one in others}
    return forms.CorrectionForm(typed, community=found.partner is None, others=others, initial=initial)


def _correcting(
    request: ViewerRequest, found: Engagement, by: str, form: forms.CorrectionForm, today: date
) -> HttpResponseBase:
    """Show what waits, the form, and beside it what stands now. Of the other side, only what can still be signed."""
    lasting = promises.still_to_sign(RowsLog.of(found.program), request.pack, today, engagement=found)
    waiting = [(one, not promises.is_by_ones_side(one, by)) for one in promises.waiting_corrections(found)]
    names = dict(forms.ABOUT)
    rows = [
        (one, names[one.about], is_other, one in lasting)
        for one, is_other in waiting
        if one in lasting or not is_other
    ]
    page = pages.engagement_page(request.program, lang_of(request), found.slug, today)
    stands = pages.stands_now(page, forms.ABOUT) if page else []
    context = {"form": form, "draft": found, "rows": rows, "stands": stands}
    context["days"] = promises.WAITS.days
    return render(request, "engagements/correct.html", context)


def _withdraw(request: ViewerRequest, found: Engagement, by: str) -> HttpResponseBase:
    """Take back a correction of one's own side, and show its words in the form again."""
    correction = promises.correction_for(found, number_in(request.POST["take_back"]))
    if correction is None:
        return HttpResponseRedirect(to(request, "engagements:correct", slug=found.slug))
    if not promises.is_by_ones_side(correction, by):
        raise Http404
    form = _correction_form(request, found, correction)
    actions.withdraw_correction(correction=correction, by=by)
    return _correcting(request, found, by, form, request.today)


@open_to(Role.LEAD, Role.MANAGER)
def sign_correction(request: ViewerRequest, slug: str, pk: int) -> HttpResponseBase:
    """Read the correction of the other side, or of another lead, and sign it; then it goes on the record."""
    found = _open(request, slug)
    by, page = _pen(request, found), to(request, "engagements:engagement", slug=slug)
    correction = promises.correction_for(found, pk)
    if correction is None and promises.is_entered(found, pk):
        raise AlreadyDoneError(page)
    if correction is None or promises.is_by_ones_side(correction, by):
        raise Http404
    form = Form(posted(request))
    act = taking(actions.sign_correction, correction=correction, by=by, now=request.now)
    context = {
        "form": form,
        "draft": found,
        "correction": correction,
        "about": dict(forms.ABOUT)[correction.about],
        "days": promises.WAITS.days,
    }
    written = local_date(correction.proposed_at, request.pack)
    context["moves"] = drafts.moves_of(found, lang_of(request), since=written)
    log = RowsLog.of(found.program)
    context["can_sign"] = bool(promises.still_to_sign(log, request.pack, request.today, pk=pk))
    return press(request, form, act, after(page, Done.RECORDED)) or render(
        request, "engagements/sign_correction.html", context
    )


@open_to(Role.LEAD, Role.STEWARD)
def pause(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Pause an engagement with its ground on the record, join the other side's pause, or let people speak again."""
    found = _open(request, slug)
    if found.partner is None and not request.viewer.seat:
        raise Http404
    by, now, today = request.viewer.seat or "steward", request.now, request.today
    course = promises.course_now(found)
    state = course.state(today)
    resumes = "resume" in request.POST
    form = Form(posted(request)) if resumes else forms.PauseForm(posted(request))

    def act(typed: Typed) -> Done:
        if not resumes:
            actions.pause(engagement=found, **typed, lang=lang_of(request), by=by, now=now)
            return Done.PAUSED
        if state == EngagementStage.PAUSED:
            actions.resume(engagement=found, by=by, now=now)
        return Done.RESUMED

    here = to(request, "engagements:pause", slug=slug)
    if went := press(request, form, act, lambda told: after(here, told)):
        return went
    title, _lang = drafts.title_of(found, lang_of(request))
    paused = [course.paused.index] if course.paused else []
    said = list(entry_views(request.program, paused, lang_of(request)).values())
    mine = "leads" if request.viewer.seat else "steward"
    context = {
        "form": forms.PauseForm() if resumes else form,
        "problems": form,
        "draft": found,
        "course": course,
        "state": state,
        "title": title,
        "paused": next(iter(said), None),
        "may_join": bool(course.until and course.paused and side_of(course.paused) != mine),
        "is_lead": mine == "leads",
        "days": PAUSE_ALONE.days,
        "is_used_up": found.partner is not None and mine in course.alone,
        "may_resume": mine == "leads" or not course.is_for_leads(today),
    }
    return render(request, "engagements/pause.html", context)
