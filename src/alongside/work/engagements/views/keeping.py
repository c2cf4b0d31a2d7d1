"""Keep an engagement that is open: correct its promise beside what was promised, pause it, resume it."""

from datetime import UTC, date, datetime
from typing import Any

from django.forms import Form
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from alongside.core.clocks import local_date
from alongside.core.grammar.course import side_of
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, number_in, to
from alongside.ground.look.done import Done, DoneAlready, after
from alongside.ground.record.queries import told
from alongside.work.engagements import actions
from alongside.work.engagements.forms.keeping import ABOUT, CorrectionForm, PauseForm
from alongside.work.engagements.models import Correction, Engagement
from alongside.work.engagements.queries import drafts, keeping, public
from alongside.work.engagements.queries.preview import title_of
from alongside.work.engagements.views.signing import done


def _open(request: AskedHttpRequest, slug: str) -> Engagement:
    found = drafts.open_for(request.program, request.asker, slug)
    if found is None:
        raise Http404
    return found


def corrects(request: AskedHttpRequest, found: Engagement) -> str:
    """Give the actor as which the asker corrects: a seat that holds the key, or the office that signs for the partner's unit; or nothing."""
    unit, seat = found.partner.unit.slug if found.partner else "", request.asker.seat
    today = local_date(datetime.now(tz=UTC), request.pack)
    if seat and seat in keeping.leads_to_correct(found, today):
        return seat
    return request.asker.office_in(unit, signing=True) or ""


def _pen(request: AskedHttpRequest, found: Engagement) -> str:
    actor = corrects(request, found)
    if not actor:
        raise Http404
    return actor


@open_to(Role.LEAD, Role.MANAGER)
def correct(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Write a correction, or sign the other side's; with both signatures it goes on the record."""
    found = _open(request, slug)
    by, now = _pen(request, found), datetime.now(tz=UTC)
    lang, today = lang_of(request), local_date(now, request.pack)
    if "take_back" in request.POST:
        return _take_back(request, found, by)
    again = keeping.correction_for(found, number_in(request.GET.get("again", "")))
    form = _correction_form(request, found, again, request.POST or None)
    if form.is_valid() and done(
        request,
        form,
        lambda: actions.propose_correction(engagement=found, lang=lang, by=by, now=now, **form.said()),
    ):
        told = Done.WAITS if keeping.waiting_corrections(found) else Done.RECORDED
        return HttpResponseRedirect(after(to(request, "engagements:correct", slug=slug), told))
    return _correcting(request, found, by, form, today)


def _correction_form(
    request: AskedHttpRequest, found: Engagement, again: Correction | None, typed: Any = None
) -> CorrectionForm:
    """Give the form of a correction, with the words of one that is written again."""
    others = [one for one in found.languages if one != lang_of(request)]
    initial: dict[str, Any] = {}
    if again:
        words = {again.lang: again.words, **again.others}
        initial = {"about": again.about, "day": again.day, "words": words.get(lang_of(request), "")}
        initial |= {f"words-{one}": words.get(one, "") for one in others}
    return CorrectionForm(typed, community=found.partner is None, others=others, initial=initial)


def _correcting(
    request: AskedHttpRequest, found: Engagement, by: str, form: CorrectionForm, today: date
) -> HttpResponseBase:
    """Show what waits, the form, and beside it what stands now. Of the other side, only what can still be signed."""
    lasting = set(keeping.still_to_sign(request.pack, today).filter(engagement=found))
    waiting = [(one, not keeping.is_by_ones_side(one, by)) for one in keeping.waiting_corrections(found)]
    names = dict(ABOUT)
    rows = [
        (one, names[one.about], is_other, one in lasting)
        for one, is_other in waiting
        if one in lasting or not is_other
    ]
    page = public.engagement_page(request.program, lang_of(request), found.slug, today)
    stands = public.stands_now(page, ABOUT) if page else []
    context = {"form": form, "draft": found, "rows": rows, "stands": stands}
    return render(request, "engagements/correct.html", context)


def _take_back(request: AskedHttpRequest, found: Engagement, by: str) -> HttpResponseBase:
    """Take back a correction of one's own side, and show its words in the form again."""
    correction = keeping.correction_for(found, number_in(request.POST["take_back"]))
    if correction is None:
        return HttpResponseRedirect(to(request, "engagements:correct", slug=found.slug))
    if not keeping.is_by_ones_side(correction, by):
        raise Http404
    form = _correction_form(request, found, correction)
    done(request, form, lambda: actions.take_back_correction(correction=correction, by=by))
    return _correcting(request, found, by, form, local_date(datetime.now(tz=UTC), request.pack))


@open_to(Role.LEAD, Role.MANAGER)
def sign_correction(request: AskedHttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """Read the correction of the other side, or of another lead, and sign it; then it goes on the record."""
    found = _open(request, slug)
    by, now = _pen(request, found), datetime.now(tz=UTC)
    correction = keeping.correction_for(found, pk)
    if correction is None and keeping.is_entered(found, pk):
        raise DoneAlready(to(request, "engagements:engagement", slug=slug))
    if correction is None or keeping.is_by_ones_side(correction, by):
        raise Http404
    form = Form(request.POST if request.method == "POST" else None)
    if form.is_valid() and done(
        request, form, lambda: actions.sign_correction(correction=correction, by=by, now=now)
    ):
        return HttpResponseRedirect(after(to(request, "engagements:engagement", slug=slug), Done.RECORDED))
    context = {"form": form, "draft": found, "correction": correction, "about": dict(ABOUT)[correction.about]}
    lasting = keeping.still_to_sign(request.pack, local_date(now, request.pack))
    context["can_sign"] = lasting.filter(pk=pk).exists()
    return render(request, "engagements/sign_correction.html", context)


@open_to(Role.LEAD, Role.STEWARD)
def pause(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Pause an engagement with its ground on the record, join the other side's pause, or let people speak again."""
    found = _open(request, slug)
    if found.partner is None and not request.asker.seat:
        raise Http404
    by, now = request.asker.seat or "steward", datetime.now(tz=UTC)
    course = keeping.course_now(found)
    today = local_date(now, request.pack)
    state = course.state(today)
    again = request.method == "POST" and "resume" in request.POST
    form = Form({}) if again else PauseForm(request.POST if request.method == "POST" else None)
    if again and (
        state != "paused" or done(request, form, lambda: actions.resume(engagement=found, by=by, now=now))
    ):
        return HttpResponseRedirect(after(to(request, "engagements:pause", slug=slug), Done.RESUMED))
    if form.is_valid() and done(
        request,
        form,
        lambda: actions.pause(engagement=found, **form.cleaned_data, lang=lang_of(request), by=by, now=now),
    ):
        return HttpResponseRedirect(after(to(request, "engagements:pause", slug=slug), Done.PAUSED))
    title, _lang = title_of(found, lang_of(request))
    paused = [course.paused.index] if course.paused else []
    said = list(told(request.program, paused, lang_of(request)).values())
    context = {"form": PauseForm() if again else form, "problems": form, "draft": found, "course": course}
    context |= {"state": state, "title": title}
    context["paused"] = next(iter(said), None)
    mine = "leads" if request.asker.seat else "steward"
    context["may_join"] = bool(course.until and course.paused and side_of(course.paused) != mine)
    context["is_lead"] = mine == "leads"
    context["is_used_up"] = found.partner is not None and mine in course.alone
    context["may_resume"] = mine == "leads" or not course.is_for_leads(today)
    return render(request, "engagements/pause.html", context)
