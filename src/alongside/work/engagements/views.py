"""Pages of engagements: for residents, for those who draft, for those who sign and who keep them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from http import HTTPStatus
from importlib import resources
from typing import Any, NoReturn

from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from alongside.cohort.seats.queries.seats import seat_of_viewer
from alongside.core.clocks import PAUSE_ALONE, local_date
from alongside.core.grammar.ties import NOBODY
from alongside.core.policy.pack import Pack
from alongside.core.questions import OFFER, OURS, STATEMENTS, asks_to_pass_on, may_be_spoken
from alongside.core.refusals import Refused
from alongside.core.sealing.leads import key_digits
from alongside.core.sealing.voice import Way
from alongside.core.sessions import Method, Session, is_planned, ways_planned
from alongside.core.workflow.engagements import EngagementStage, EngagementStep, side_of
from alongside.ground.gate.roles import Role, ViewerRequest, by_name, from_the_record, open_to, or_404
from alongside.ground.programs.queries import units_that_sign
from alongside.ground.record.labels import days_to_hear
from alongside.ground.record.queries import entry_views, head_of, packs_of
from alongside.ground.record.rows import RowsLog
from alongside.ground.texts.queries import sounds_by_language
from alongside.ground.ui.addresses import asked_in, lang_of, number_in, to, to_if_there
from alongside.ground.ui.context import language
from alongside.ground.ui.done import Done, DoneAlready, after
from alongside.ground.ui.earlier import carried_words, earlier_of
from alongside.ground.ui.pages import download, in_policy, page_of_many, plays_sounds
from alongside.ground.ui.press import Typed, posted, press
from alongside.work.engagements import actions, asking, forms, queries, steps
from alongside.work.engagements.models import Correction, Engagement
from alongside.work.invitations.queries import Invited, invitation
from alongside.work.projects.forms import levels_of

#: So many tables a note-taker can name.
MOST_TABLES = 12
#: What no browser shows as a page of this site, but saves.
FILE = "application/octet-stream"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def the_draft(request: ViewerRequest, slug: str) -> Engagement:
    """Give the draft, or raise Http404 where the viewer does not work on one of this name; DoneAlready once it is open."""
    found = queries.draft_for(request.program, request.viewer, slug)
    if found is None:
        open_or_404(request, slug)
    return found


def open_or_404(request: ViewerRequest, slug: str) -> NoReturn:
    """Raise DoneAlready where the promise of this name is frozen and the viewer works on it, else Http404."""
    if queries.open_for(request.program, request.viewer, slug):
        raise DoneAlready(to(request, "engagements:engagement", slug=slug))
    raise Http404


def room_of(request: ViewerRequest, slug: str) -> str:
    """Give the address of the room of an engagement, where everything about it is found."""
    return to(request, "desks:engagement_room", slug=slug)


def onward(request: ViewerRequest, found: Engagement, code: str = "") -> str:
    """Give the page where what a draft lacks is written next: its questions, its words in a language, from `code` on; else its room."""
    found = or_404(queries.draft_for(request.program, request.viewer, found.slug))
    if not found.form.get("questions"):
        return to(request, "engagements:questions", slug=found.slug)
    langs = found.languages[found.languages.index(code) :] if code else found.languages
    lacking = [one.lang for one in queries.gaps(found) if one.lang in langs]
    if lacking:
        return to(request, "engagements:words", slug=found.slug, code=lacking[0])
    return room_of(request, found.slug)


def step_page(request: ViewerRequest, template: str, **context: Any) -> HttpResponseBase:
    """Show a step with what every step's page needs."""
    draft = context.get("draft")
    named = {
        "late": queries.late_days(draft) if draft else {},
        "signed": len(queries.signers(draft, request.today)) if draft else 0,
    }
    return render(request, f"engagements/{template}.html", {**named, **context})


def taken(request: ViewerRequest, today: date) -> Invited | None:
    """Give the invitation that the viewer took and begins a draft for, or None."""
    slug = request.GET.get("invitation", "")
    found = invitation(request.program, request.pack, lang_of(request), today, slug) if slug else None
    mine = (
        found is not None
        and found.taken is not None
        and found.is_held
        and found.taken.entry.by[0] == request.viewer.seat
    )
    return found if mine else None


@open_to(Role.LEAD)
def before(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show what communities said already, what has no answer, and why it is asked again."""
    found, lang = the_draft(request, slug), lang_of(request)
    said = queries.asked_before(found, lang)
    words = found.words.get(found.languages[0], {})
    initial = {"asked_again": words.get("asked_again", "")}
    form = forms.AgainForm(posted(request), engagement=found, must=bool(said.unanswered), initial=initial)

    def act(typed: Typed) -> None:
        actions.save_reason(engagement=found, words=typed["asked_again"])

    there = to(request, "engagements:questions", slug=slug)
    return press(request, form, act, there) or step_page(
        request, "step_before", form=form, draft=found, said=said, onward=there
    )


def _seen(request: ViewerRequest, found: Engagement) -> dict[str, Any]:
    """Show a draft with the parts of the public page."""
    page = queries.preview(found, request.pack, lang_of(request), request.today)
    return {
        **_promise(request, page, request.pack),
        **_sessions(request, queries.sessions_of(found)),
        "preview": True,
    }


def _sessions(request: ViewerRequest, found: Sequence[Session]) -> dict[str, Any]:
    """Give the sessions that people may come to, and those of which leads said how many came."""
    shown = queries.sessions_shown(found, request.pack, request.today)
    return {"sessions": queries.to_come_to(shown), "held": queries.came_to(shown)}


def _promise(request: ViewerRequest, page: queries.Page, pack: Pack) -> dict[str, Any]:
    """Give a promise, or a draft of one, in the words of the pack that is in force with it."""
    decider = str(page.decision.entry.data["office"]) if page.decision else ""
    return {
        "page": page,
        "late": queries.late_words(page.unanswered, pack, lang_of(request), request.today),
        "put_off": queries.put_off_words(page.put_off, pack, lang_of(request)),
        "say": queries.wording(page.data, decider, pack, lang_of(request), now=request.pack),
        "keyholders": ["community"] * min(page.readers, 12),
    }


@open_to(Role.LEAD, Role.STAFF)
def show_preview(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show a draft exactly as residents will see it."""
    found = or_404(queries.draft_for(request.program, request.viewer, slug))
    context = {**_seen(request, found), "back_href": room_of(request, slug)}
    return render(request, "engagements/engagement.html", context)


@by_name
@open_to(Role.LEAD)
def finish(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Take in a lead's signature under the draft as it stands, or open it when everything is there; else lead to its room."""
    found, now = the_draft(request, slug), request.now
    form = forms.SignForm(posted(request), engagement=found)
    opens, signs = "open" in request.POST, "sign" in request.POST

    def act(_typed: Typed) -> str:
        if opens:
            actions.open_engagement(engagement=found, by=request.viewer.seat or "", now=now)
            return after(to(request, "engagements:engagement", slug=slug), Done.OPENED)
        actions.sign(engagement=found, actor=request.viewer.seat or "", now=now)
        return after(_after_signing(request, found), Done.SIGNED)

    if not (opens or signs):
        return HttpResponseRedirect(room_of(request, slug))
    if went := press(request, form, act, str):
        return went
    progress = queries.progress_of(found, request.today)
    return step_page(
        request,
        "step_sign",
        form=form,
        draft=found,
        progress=progress,
        every_word=queries.in_each_language(found),
        **_says(request, found, progress),
    )


def _after_signing(request: ViewerRequest, found: Engagement) -> str:
    """Lead a lead who makes the key next to the reader, where it is made; else to the room."""
    progress = queries.progress_of(found, request.today)
    waits = any(
        one.what == EngagementStep.KEY and steps.takes(request.viewer, progress, one)
        for one in progress.steps(request.today)
    )
    return (
        to(request, steps.PLACES[EngagementStep.KEY], slug=found.slug)
        if waits
        else room_of(request, found.slug)
    )


def _says(request: ViewerRequest, found: Engagement, progress: queries.Progress) -> dict[str, Any]:
    """Say who partners, what lacks in which language, and whether the viewer signed."""
    lang = lang_of(request)
    partner = request.pack.office_title(found.partner.public_id, lang) if found.partner else ""
    employer = queries.employer_beside(found, request.viewer.seat) if request.viewer.seat else ""
    return {
        "partner": partner,
        "lacking": [language(code) for code in dict.fromkeys(gap.lang for gap in progress.gaps)],
        "moves": queries.moves_of(found, lang),
        "signed_by": steps.signed_by(progress),
        "signed_by_me": (request.viewer.seat or "") in progress.signers,
        "employer": employer,
        "opens": (request.viewer.seat or "") in progress.openers,
    }


@open_to(Role.STAFF, Role.MANAGER)
def waiting(request: ViewerRequest) -> HttpResponseBase:
    """List the drafts that wait for a signature of the viewer's units."""
    found = queries.waiting_for(request.program, request.viewer)
    lang = lang_of(request)
    rows = [
        (
            one,
            any("/" in actor for actor in queries.signers(one, request.today)),
            *queries.title_of(one, lang),
        )
        for one in found
    ]
    return render(request, "engagements/waiting.html", {"rows": rows})


@open_to(Role.STAFF, Role.MANAGER)
def sign(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Read a draft whole and, as the one who signs for the unit, sign it. Not signing refuses it."""
    found = queries.draft_to_sign(request.program, request.viewer, slug)
    if found is None or found.partner is None:
        open_or_404(request, slug)
    office = request.viewer.office_in(found.partner.unit.slug, signing=True)
    if office and "take_back" in request.POST:
        actions.take_back(engagement=found, actor=office)
        return HttpResponseRedirect(after(to(request, "engagements:sign", slug=slug), Done.WITHDRAWN))
    form = forms.SignForm(posted(request) if office else None, engagement=found)

    def act(_typed: Typed) -> None:
        actions.sign(engagement=found, actor=office or "", person=request.user, now=request.now)

    if went := press(request, form, act, after(to(request, "engagements:sign", slug=slug), Done.SIGNED)):
        return went
    progress = queries.progress_of(found, request.today)
    seen = _seen(request, found)
    shown = seen["page"].texts["title"].lang
    context = {"form": form, "draft": found, "progress": progress, "office": office} | {
        "every_word": queries.in_each_language(found, but=shown),
        "signs": bool(office) and office not in progress.signers,
    }
    return render(
        request,
        "engagements/sign.html",
        {**context, **seen, **_says(request, found, progress)},
    )


TEXTS = ("title", "decision", "can_change", "cannot_change")


@open_to(Role.LEAD)
def mine(request: ViewerRequest) -> HttpResponseBase:
    """List the engagements that leads plan and hold."""
    own, others = queries.rows_for(request.program, request.viewer)
    page, shown = page_of_many(request.GET.get("page"), own, others)
    rows = [
        (one, *queries.title_of(one, lang_of(request)), stands)
        for one, stands in queries.planned(request.program, [*own[shown], *others[shown]], request.today)
    ]
    many = len(own[shown])
    context = {"own": rows[:many], "others": rows[many:], "page": page}
    return render(request, "engagements/mine.html", context)


def _decision_form(
    request: ViewerRequest,
    engagement: Engagement | None,
    invited: Invited | None = None,
    earlier: Engagement | None = None,
) -> forms.DecisionForm:
    lang = lang_of(request)
    points = queries.decision_choices(
        request.program, lang, request.today, engagement.decision_id if engagement else None
    )
    initial: dict[str, Any] = {"lang": lang} | (
        queries.begins_with(request.program, invited) if invited else {}
    )
    if begun := engagement or earlier:
        words = begun.words.get(begun.languages[0], {})
        initial = {name: words.get(name, "") for name in TEXTS} | {"lang": begun.languages[0]}
        initial |= {
            "partner": begun.partner.public_id if begun.partner else NOBODY,
            "point": str(begun.decision_id) if str(begun.decision_id) in dict(points) else "",
            "level": f"{begun.framework}/{begun.level}",
            "also": engagement.languages[1:] if engagement else [],
        }
    return forms.DecisionForm(
        posted(request),
        engagement=engagement,
        initial=initial,
        offices=forms.offices_of(request.pack, lang, units_that_sign(request.program, request.today)),
        points=points,
        levels=levels_of(request.pack, lang),
        langs=[(one.code, one.name) for one in request.pack.languages],
        pack=request.pack,
        here=lang,
    )


@open_to(Role.LEAD)
def new(request: ViewerRequest) -> HttpResponseBase:
    """Begin a draft with its first step, empty, for an invitation, or from an earlier one."""
    invited, today = taken(request, request.today), request.today
    known = [] if invited else queries.drafts_for(request.program, request.viewer)
    earlier = earlier_of(
        request, ((one.slug, queries.title_of(one, lang_of(request))[0], one) for one in known)
    )
    before = earlier.chosen
    form = _decision_form(request, None, invited, before)

    def act(typed: Typed) -> str:
        chosen = queries.chosen(request.program, typed)
        first = {name: typed[name] for name in TEXTS}
        words = carried_words(before.words if before else {}, form.languages(), first)
        words[typed["lang"]] = _house_words(request, typed["lang"]) | words[typed["lang"]]
        made = actions.begin_draft(
            program=request.program,
            slug=queries.slug_for(request.program),
            lead=seat_of_viewer(request.viewer),
            languages=form.languages(),
            words=words if before else {typed["lang"]: words[typed["lang"]]},
            questions=before.form["questions"] if before else (),
            spoken=before is not None and may_be_spoken(before.form),
            invitation=invited.told.index if invited else None,
            **chosen,
            **queries.first_days(request.pack, chosen["decision"], today),
        )
        asks_again = queries.asked_before(made, lang_of(request)).said
        return to(request, f"engagements:{'before' if asks_again else 'questions'}", slug=made.slug)

    return press(request, form, act, str) or step_page(
        request, "step_decision", form=form, draft=None, earlier=earlier
    )


@open_to(Role.LEAD)
def draft(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Lead to the room of an engagement, where its draft is."""
    or_404(queries.engagement_for(request.program, request.viewer, slug))
    return HttpResponseRedirect(room_of(request, slug))


@open_to(Role.LEAD)
def throw_away(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Ask whether a draft goes, and throw it away where nobody signed it."""
    gone = after(to(request, "engagements:mine"), Done.THROWN_AWAY)
    found = the_draft(request, slug)
    form = Form(posted(request))
    title, told = queries.title_of(found, lang_of(request))
    context = {"form": form, "draft": found, "title": title, "title_lang": told}

    def act(_typed: Typed) -> None:
        actions.throw_away(engagement=found, by=request.viewer.person_id, today=request.today)

    return press(request, form, act, gone) or render(request, "engagements/throw_away.html", context)


@open_to(Role.LEAD)
def decision(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Write what is decided, who answers, what can change, and in which languages."""
    found = the_draft(request, slug)
    form = _decision_form(request, found)

    def act(typed: Typed) -> None:
        first = found.languages[0]
        words = {**found.words.get(first, {}), **{name: typed[name] for name in TEXTS}}
        changes = {**queries.chosen(request.program, typed), "words": {**found.words, first: words}}
        if changes["partner"] and not found.answer_by:
            changes["answer_by"] = found.report_back
        actions.save_draft(engagement=found, changes={**changes, "languages": form.languages()})

    def then(_done: object) -> str:
        now = the_draft(request, slug)
        lacks = queries.asked_before(now, lang_of(request)).lacks_reason
        if lacks:
            return to(request, "engagements:before", slug=slug)
        return room_of(request, slug) if now.form.get("questions") else onward(request, now)

    return press(request, form, act, then) or step_page(request, "step_decision", form=form, draft=found)


@open_to(Role.LEAD)
def dates(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Choose the days of a draft, and how long voices are kept."""
    found = the_draft(request, slug)
    names = ("closes", "report_back", "answer_by", "retention", "voices_kept_until", "cap")
    form = forms.DatesForm(
        posted(request),
        engagement=found,
        initial={name: getattr(found, name) for name in names},
        retention=forms.retention_of(request.pack, lang_of(request)),
        kept_for={one.id: one.years for one in request.pack.retention},
        today=request.today,
    )

    def act(typed: Typed) -> None:
        actions.save_draft(engagement=found, changes={name: typed[name] for name in names if name in typed})

    return press(request, form, act, after(room_of(request, slug), Done.KEPT)) or step_page(
        request, "step_dates", form=form, draft=found
    )


def _open(request: ViewerRequest, slug: str) -> Engagement:
    return or_404(queries.open_for(request.program, request.viewer, slug))


def corrects(request: ViewerRequest, found: Engagement) -> str:
    """Give the actor as which the viewer corrects: a seat that holds the key, or the office that signs for the partner's unit; or nothing."""
    unit, seat = found.partner.unit.slug if found.partner else "", request.viewer.seat
    today = request.today
    if seat and seat in queries.leads_to_correct(found, today):
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
    again = queries.correction_for(found, number_in(request.GET.get("again", "")))
    form = _correction_form(request, found, again, posted(request))

    def act(_typed: Typed) -> Done:
        given = {"lang": lang_of(request), "by": by, "now": request.now, **form.said()}
        actions.propose_correction(engagement=found, person=request.user, **given)
        return Done.WAITS if queries.waiting_corrections(found) else Done.RECORDED

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
    lasting = queries.still_to_sign(RowsLog.of(found.program), request.pack, today, engagement=found)
    waiting = [(one, not queries.is_by_ones_side(one, by)) for one in queries.waiting_corrections(found)]
    names = dict(forms.ABOUT)
    rows = [
        (one, names[one.about], is_other, one in lasting)
        for one, is_other in waiting
        if one in lasting or not is_other
    ]
    page = queries.engagement_page(request.program, lang_of(request), found.slug, today)
    stands = queries.stands_now(page, forms.ABOUT) if page else []
    context = {"form": form, "draft": found, "rows": rows, "stands": stands}
    context["days"] = queries.WAITS.days
    return render(request, "engagements/correct.html", context)


def _withdraw(request: ViewerRequest, found: Engagement, by: str) -> HttpResponseBase:
    """Take back a correction of one's own side, and show its words in the form again."""
    correction = queries.correction_for(found, number_in(request.POST["take_back"]))
    if correction is None:
        return HttpResponseRedirect(to(request, "engagements:correct", slug=found.slug))
    if not queries.is_by_ones_side(correction, by):
        raise Http404
    form = _correction_form(request, found, correction)
    actions.withdraw_correction(correction=correction, by=by)
    return _correcting(request, found, by, form, request.today)


@open_to(Role.LEAD, Role.MANAGER)
def sign_correction(request: ViewerRequest, slug: str, pk: int) -> HttpResponseBase:
    """Read the correction of the other side, or of another lead, and sign it; then it goes on the record."""
    found = _open(request, slug)
    by, page = _pen(request, found), to(request, "engagements:engagement", slug=slug)
    correction = queries.correction_for(found, pk)
    if correction is None and queries.is_entered(found, pk):
        raise DoneAlready(page)
    if correction is None or queries.is_by_ones_side(correction, by):
        raise Http404
    form = Form(posted(request))

    def act(_typed: Typed) -> None:
        actions.sign_correction(correction=correction, by=by, now=request.now)

    context = {
        "form": form,
        "draft": found,
        "correction": correction,
        "about": dict(forms.ABOUT)[correction.about],
        "days": queries.WAITS.days,
    }
    written = local_date(correction.proposed_at, request.pack)
    context["moves"] = queries.moves_of(found, lang_of(request), since=written)
    log = RowsLog.of(found.program)
    context["can_sign"] = bool(queries.still_to_sign(log, request.pack, request.today, pk=pk))
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
    course = queries.course_now(found)
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
    title, _lang = queries.title_of(found, lang_of(request))
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


@open_to(Role.EVERYONE)
def open_list(request: ViewerRequest) -> HttpResponseBase:
    """List what people can take part in, what comes to a close, and what is over."""
    today, lang = request.today, lang_of(request)
    page = queries.listing(request.program, lang, today, request.GET.get("page"))
    groups: dict[str, list[queries.Item]] = {name: [] for name in queries.GROUPS}
    for one in queries.items_of(page, request.pack, lang, today):
        groups[queries.group_of(one.shown, today)].append(one)
    more = {"government": queries.government(request.pack, lang), "record_head": head_of(request.program)}
    return render(request, "engagements/open.html", {**groups, **more, "page": page})


@from_the_record
@open_to(Role.EVERYONE)
def engagement(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show the promise first, then the form, on one page."""
    page, heard_in = _with_sounds(request, _promised(request, slug))
    sessions = queries.sessions_by_slug(request.program, slug=slug).get(slug, [])
    context = {
        **_shown(request, page),
        **_sessions(request, sessions),
        "correct_href": _correction(request, page),
        "heard_in": heard_in,
    }
    hears = context["can_speak"] and page.spoken
    response = (hear if hears else render)(request, "engagements/engagement.html", context)
    if page.state == EngagementStage.OPEN:
        # What was typed must not come back with Back; a cache in front may still keep the page (RFC 9213).
        response["Cache-Control"] = "no-store"
        if request.viewer.person_id is None:
            response["CDN-Cache-Control"] = "public, max-age=60"
    return response


def _with_sounds(request: ViewerRequest, page: queries.Page) -> tuple[queries.Page, Collection[str]]:
    """Give a promise with what leads say aloud of its questions, while people can speak; and the languages they say it in."""
    if page.entry is None or page.state != EngagementStage.OPEN:
        return page, ()
    every = sounds_by_language(request.program, page.entry)
    said = every.get(lang_of(request), {})
    return replace(page, questions=[replace(one, said=said.get(one.id)) for one in page.questions]), every


@plays_sounds
def hear(request: ViewerRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """Show a page that may use the microphone, and play what it recorded."""
    response = render(request, template, context)
    response["Permissions-Policy"] = "microphone=(self)"
    return response


@from_the_record
@open_to(Role.EVERYONE)
def paper(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show the form for print, with its promise."""
    return render(request, "engagements/paper.html", _on_paper(request, _speaking(request, slug)))


@open_to(Role.LEAD)
def stubs(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Let a lead print forms of which each has the digits of a receipt, on the form and on a stub."""
    page = _speaking(request, slug)
    context = {**_on_paper(request, page), "counts": (10, 1, 5, 20, 40), "address": _look_up(request)}
    return render(request, "engagements/stubs.html", context)


@open_to(Role.LEAD)
def worker(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Give the script that keeps the page of `in_person` on a lead's phone; it works for addresses beside its own alone."""
    _promised(request, slug)
    script = resources.files("alongside.ground.ui") / "static/dist/kit.js"
    return HttpResponse(
        script.read_bytes(), content_type="text/javascript", headers={"Cache-Control": "no-cache"}
    )


@open_to(Role.LEAD)
def in_person(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Let a lead write down, and lock, what somebody wrote on paper or said; where nobody can speak, say what waits on the device."""
    page = _promised(request, slug)
    if page.state != EngagementStage.OPEN:
        return _waits_here(request, page)
    show = hear if page.spoken else render
    response = show(request, "engagements/in_person.html", _taking(request, page))
    response["Cache-Control"] = "no-store"
    return response


def _taking(request: ViewerRequest, page: queries.Page) -> dict[str, Any]:
    """Give what the page of a lead who takes in what people say shows."""
    methods, found = queries.listening_in(request.program, page.slug)
    stands = [one for one in found if not one.cancelled]
    shown = [one for one in queries.sessions_shown(stands, request.pack, request.today) if not one.is_over]
    context = _shown(request, page)
    # Who hands in a paper that the program takes from anyone is heard, too, whatever the leads planned.
    taken = ways_planned(methods) | {one.kind for one in request.pack.routes}
    return {
        **context,
        "prints": is_planned(Method.PAPER, methods),
        "key_digits": key_digits(page.data["recipient"]),
        "address": _look_up(request),
        "sessions": shown,
        "asked_in_words": [one for one in page.questions if one.kind == "text" and Way.SESSION in taken],
        "tables": range(1, MOST_TABLES + 1),
        "followed": f"{request.get_host()}{to(request, 'engagements:engagement', slug=page.slug)}",
        "ways": [(way, words) for way, words in asking.TAKEN_IN.items() if way in taken],
        "learned": asking.LEARNED.items(),
    }


@open_to(Role.LEAD)
def kit(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Give the page of `in_person` in every language as one file, for a computer without a connection.

    Its policy lets the script and the style alone run whose hashes the log names, and lets nothing be sent: what is locked leaves it as a file.
    """
    page = _speaking(request, slug)
    files = resources.files("alongside.ground.ui") / "static"
    named = "dist/hearing.js" if page.spoken else "dist/taking.js"
    script, style = ((files / name).read_bytes() for name in (named, "ui/alongside.css"))
    codes = [one.code for one in request.pack.languages if one.code in page.data["languages"]]
    context = {
        "page": page,
        "bodies": [(language(code), _kit_in(request, slug, code)) for code in codes],
        "script": script.decode(),
        "style": style.decode(),
        "script_hash": in_policy(script),
        "style_hash": in_policy(style),
    }
    response = render(request, "engagements/kit.html", context, content_type=FILE)
    response["Content-Disposition"] = f'attachment; filename="{slug}.html"'
    response["Cache-Control"] = "no-store"
    return response


def _kit_in(request: ViewerRequest, slug: str, code: str) -> str:
    asked = asked_in(request, code)
    with override(code):
        context = {**_taking(asked, _speaking(asked, slug)), "alone": True}
        return render_to_string("engagements/parts/kit_body.html", context, asked)


def _waits_here(request: ViewerRequest, page: queries.Page) -> HttpResponseBase:
    """Tell a lead what still waits on the device, with the status that a voice gets now: a page that was kept there stays."""
    is_paused = page.state == EngagementStage.PAUSED
    status = HTTPStatus.LOCKED if is_paused else HTTPStatus.GONE
    response = render(request, "engagements/waits_here.html", {"page": page}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _promised(request: ViewerRequest, slug: str) -> queries.Page:
    return or_404(queries.engagement_page(request.program, lang_of(request), slug, request.today))


def _speaking(request: ViewerRequest, slug: str) -> queries.Page:
    """Give the promise of an engagement where people can speak now, or answer that there is no page."""
    page = _promised(request, slug)
    return or_404(page if page.state == EngagementStage.OPEN else None)


def _on_paper(request: ViewerRequest, page: queries.Page) -> dict[str, Any]:
    """Give what a form for print shows."""
    reading = page.texts.get("reading")
    says = reading is not None and queries.says_who_reads(reading.words, reading.lang)
    return {**_shown(request, page), "says_who_reads": says}


def _look_up(request: ViewerRequest) -> str:
    """Give the address at which a receipt is looked up, as people type it."""
    return f"{request.get_host()}/r"


def _shown(request: ViewerRequest, page: queries.Page) -> dict[str, Any]:
    """Give what the page of a promise needs beside the promise itself."""
    frozen = packs_of(request.program).at(page.entry or 0)
    post = to_if_there(request, "voices:take_in", slug=page.slug)
    return {
        **_promise(request, page, frozen),
        "post_href": post,
        "can_speak": bool(post and page.questions) and page.state == EngagementStage.OPEN,
        "days": days_to_hear(page.course, page.decision_day, request.today) if page.course else None,
        "neutral_href": _neutral(lang_of(request)),
        "thread_href": to_if_there(request, "desks:thread", promise=page.entry),
        "record_head": head_of(request.program),
        "today": request.today,
    }


def _correction(request: ViewerRequest, page: queries.Page) -> str:
    """Give the address of the form that corrects a promise to whoever may sign a correction; else an empty string."""
    if page.state == EngagementStage.CLOSED or not request.viewer.roles & {Role.LEAD, Role.MANAGER}:
        return ""
    found = queries.open_for(request.program, request.viewer, page.slug)
    return to(request, "engagements:correct", slug=page.slug) if found and corrects(request, found) else ""


def _neutral(lang: str) -> str:
    """Give the address of the receipt page, which names no program; a tab that loads it again speaks as before."""
    try:
        return reverse("receipts:follow", args=[lang])
    except NoReverseMatch:
        return "/r"


@open_to(Role.LEAD)
def questions(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Write the questions on one page, change their words, move one or take one out; each press saves what was typed."""
    found = the_draft(request, slug)
    first, move, drop = found.languages[0], request.POST.get("move", ""), request.POST.get("drop", "")
    form = forms.QuestionsForm(
        posted(request), engagement=found, pack=request.pack, lang=lang_of(request), drop=drop
    )
    if "file" in request.POST and not (form.asked or form.is_written):
        return HttpResponseRedirect(to(request, "engagements:from_file", slug=slug))

    def act(_typed: Typed) -> None:
        kept = asking.arranged(form.questions(first), move, drop)
        if "pass" in request.POST:
            kept = asking.to_pass_on({"questions": kept}, found.languages)
        if "offer" in request.POST:
            kept = asking.to_offer({"questions": kept}, found.languages)
        spoken = request.POST["speak"] == "1" if "speak" in request.POST else None
        spoken = spoken and any(one["kind"] == "text" for one in kept)
        try:
            actions.save_questions(engagement=found, questions=kept, spoken=spoken)
        except Refused:
            the_draft(request, slug)  # opened just now: it leads to the public page
            raise

    had = bool(form.asked)
    if went := press(request, form, act, lambda _done: _after_questions(request, found, had=had)):
        return went
    written = zip(found.form.get("questions", ()), asking.questions_of(found.form, first, first), strict=True)
    rows = [
        (one, form[f"{one.id}-words"] if one.id not in OURS else None, queries.remarks_on(kept, first))
        for kept, one in written
    ]
    more = {
        "first": language(first),
        "may_pass": not asks_to_pass_on(found.form),
        "may_offer": STATEMENTS in found.form and all(one.id != OFFER for one, *_rest in rows),
        "may_speak": any(one.kind == "text" for one, *_rest in rows),
        "speaks": may_be_spoken(found.form),
        "statements": asking.statements_of(found.form, first, first),
    }
    return step_page(request, "step_questions", draft=found, rows=rows, form=form, **more)


def _after_questions(request: ViewerRequest, found: Engagement, *, had: bool) -> str:
    """Lead where the press says; from the first questions on to what lacks, and later to the room, which names it."""
    there = {"slug": found.slug}
    if request.POST.keys() & {"move", "drop", "pass", "offer", "speak"}:
        return to(request, "engagements:questions", **there)
    changed = request.POST.get("change", "")
    if any(one["id"] == changed for one in found.form["questions"]):
        return to(request, "engagements:question", **there, question=changed)
    if request.POST.keys() & {"more", "file"}:
        return to(
            request, f"engagements:{'new_question' if 'more' in request.POST else 'from_file'}", **there
        )
    return room_of(request, found.slug) if had else onward(request, found)


@open_to(Role.LEAD)
def from_file(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Read a file of another tool, show what is in it in every language, and put its questions behind those of the draft."""
    found = the_draft(request, slug)
    given: dict[str, Any] = {"engagement": found, "pack": request.pack, "here": lang_of(request)}
    if forms.BringForm.is_as_it_was_read(request.POST.get("found", "")):
        return _bring(request, found, forms.BringForm(request.POST, **given))
    form = forms.FormFileForm(posted(request), request.FILES if request.method == "POST" else None)
    if form.is_valid():
        return _brought(request, found, forms.BringForm(found=form.cleaned_data["file"], **given))
    return step_page(request, "step_from_file", form=form, draft=found)


def _bring(request: ViewerRequest, found: Engagement, form: forms.BringForm) -> HttpResponseBase:
    """Put the questions that were chosen into the draft; show them again where something else was pressed, or is to be mended."""
    asked = found.form.get("questions", ())

    def act(_typed: Typed) -> None:
        actions.save_questions(engagement=found, questions=form.questions(asked))

    there = after(to(request, "engagements:questions", slug=found.slug), Done.KEPT)
    went = press(request, form, act, there) if "bring" in request.POST else None
    return went or _brought(request, found, form)


def _brought(request: ViewerRequest, found: Engagement, form: forms.BringForm) -> HttpResponseBase:
    whole, partly = form.left()
    fit = [one for one in form.brought if not one.problems]
    unfit = [one for one in form.brought if one.problems]
    more = {
        "first": language(found.languages[0]),
        "fit": fit,
        "unfit": unfit,
        "whole": whole,
        "partly": partly,
    }
    return step_page(request, "step_brought", form=form, draft=found, **more)


@open_to(Role.LEAD)
def draft_xlsform(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Give the questions of a draft as an XLSForm, to take along."""
    found = the_draft(request, slug)
    title, _lang = queries.title_of(found, found.languages[0])
    return _xlsform(queries.asked_of(found), found.languages, slug, title)


@from_the_record
@open_to(Role.EVERYONE)
def xlsform(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Give the questions that were promised as an XLSForm, to take along."""
    form, languages, title = or_404(queries.promised_questions(request.program, slug))
    return _xlsform(form, languages, slug, title)


def _xlsform(form: Mapping[str, Any], languages: Sequence[str], slug: str, title: str) -> HttpResponseBase:
    or_404(form.get("questions"))
    data = asking.as_xlsform(form, languages, slug=slug, title=title)
    return download(data, f"{slug}.xlsx", XLSX)


@open_to(Role.LEAD)
def question(request: ViewerRequest, slug: str, question: str = "") -> HttpResponseBase:
    """Write one question. The linter's words stand at the field; no role can pass it."""
    found = the_draft(request, slug)
    asked, first = found.form.get("questions", []), found.languages[0]
    old = next((one for one in asked if one["id"] == question and question not in OURS), None)
    if question:
        or_404(old)
    given = {"pack": request.pack, "lang": lang_of(request), "engagement": found}
    form = forms.QuestionForm(
        posted(request), initial=forms.typed_of(old, first) if old else {"kind": "text"}, **given
    )

    def act(_typed: Typed) -> None:
        made = form.question(old, asking.free_id(asked), first)
        kept = [made if one is old else one for one in asked] if old else [*asked, made]
        actions.save_questions(engagement=found, questions=kept)

    return press(request, form, act, to(request, "engagements:questions", slug=slug)) or step_page(
        request, "step_question", form=form, draft=found, old=old, first=language(first)
    )


@open_to(Role.LEAD)
def words(request: ViewerRequest, slug: str, code: str = "") -> HttpResponseBase:
    """Write the promise and the questions in one language after the other."""
    found = the_draft(request, slug)
    code = code or found.languages[0]
    or_404(code if code in found.languages else None)
    form = forms.WordsForm(
        posted(request),
        engagement=found,
        pack=request.pack,
        lang=code,
        here=lang_of(request),
        initial=forms.initial_words(found, code, _house_words_of(request, found, code)),
    )

    def act(typed: Typed) -> None:
        form_now = {**found.form, "questions": form.questions()}
        if STATEMENTS in form_now:
            form_now[STATEMENTS] = form.statements()
        changes = {"words": {**found.words, code: form.words()}, "form": form_now}
        before = queries.said_in(found, code)
        actions.save_draft(engagement=found, changes=changes)
        actions.note_words(
            engagement=found,
            lang=code,
            by=request.viewer.seat or "",
            on=request.today,
            is_read=bool(typed.get("checked")),
            is_new=queries.said_in(found, code) != before,
        )

    if "drop" in request.POST and code != found.languages[0]:
        kept = [one for one in found.languages if one != code]
        actions.save_draft(engagement=found, changes={"languages": kept})
        return HttpResponseRedirect(room_of(request, slug))
    if went := press(request, form, act, lambda _done: after(onward(request, found, code), Done.KEPT)):
        return went
    lacking = {gap.lang for gap in queries.gaps(found)}
    rows = [(language(one), one in lacking) for one in found.languages]
    lacks = form.empty if code in lacking else 0
    more = {"lacks": lacks, "waits": code in lacking and code != found.languages[0]}
    return step_page(request, "step_words", form=form, draft=found, rows=rows, here=language(code), **more)


def _house_words_of(request: ViewerRequest, found: Engagement, code: str) -> dict[str, str]:
    """Give our words for what a draft says in ours in its first language too: where leads wrote their own, ours say something else."""
    first = found.languages[0]
    ours, said = _house_words(request, first), found.words.get(first, {})
    return {
        name: text
        for name, text in _house_words(request, code).items()
        if said.get(name, ours[name]) == ours[name]
    }


def _house_words(request: ViewerRequest, code: str) -> dict[str, str]:
    """Give the words that two texts begin with, in a language."""
    with override(code):
        return {
            "reading": queries.reading_words(queries.government(request.pack, code)),
            "consent": _("What you write is used to tell the City what people need, and for nothing else."),
        }
