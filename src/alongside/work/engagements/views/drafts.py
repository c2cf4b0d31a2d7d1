"""Where leads write an engagement step by step, and a bureau signs it."""

from datetime import date
from typing import Any, NoReturn

from django.forms import Form
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import override

from alongside.cohort.seats.queries.seats import seat_of_viewer
from alongside.core.grammar.ties import NOBODY
from alongside.core.questions import OFFER, OURS, PASS_ON, STATEMENTS, asks_to_pass_on, may_be_spoken
from alongside.core.refusals import Refused
from alongside.core.workflow.engagements import EngagementStep
from alongside.ground.gate.roles import Role, ViewerRequest, by_name, open_to, or_404
from alongside.ground.programs.queries import units_that_sign
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.context import language
from alongside.ground.ui.done import AlreadyDoneError, Done, after
from alongside.ground.ui.earlier import carried_words, earlier_of
from alongside.ground.ui.pages import page_of_many
from alongside.ground.ui.press import Typed, posted, press, taking
from alongside.work.engagements import actions, asking, forms, steps
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries import drafts, pages, wording
from alongside.work.engagements.queries.progress import Progress, employer_beside, progress_of, signers
from alongside.work.engagements.queries.sessions import sessions_of
from alongside.work.engagements.views.public import promise_shown, sessions_said, xlsform_file
from alongside.work.invitations.queries import Invited, invitation


def the_draft(request: ViewerRequest, slug: str) -> Engagement:
    """Give the draft, or raise Http404 where the viewer does not work on one of this name; AlreadyDoneError once it is open."""
    found = drafts.draft_for(request.program, request.viewer, slug)
    if found is None:
        open_or_404(request, slug)
    return found


def open_or_404(request: ViewerRequest, slug: str) -> NoReturn:
    """Raise AlreadyDoneError where the promise of this name is frozen and the viewer works on it, else Http404."""
    if drafts.open_for(request.program, request.viewer, slug):
        raise AlreadyDoneError(to(request, "engagements:engagement", slug=slug))
    raise Http404


def room_of(request: ViewerRequest, slug: str) -> str:
    """Give the address of the room of an engagement, where everything about it is found."""
    return to(request, "desks:engagement_room", slug=slug)


def onward(request: ViewerRequest, found: Engagement, code: str = "") -> str:
    """Give the page where what a draft lacks is written next: its questions, its words in a language, from `code` on; else its room."""
    found = or_404(drafts.draft_for(request.program, request.viewer, found.slug))
    if not found.form.get("questions"):
        return to(request, "engagements:questions", slug=found.slug)
    langs = found.languages[found.languages.index(code) :] if code else found.languages
    lacking = [one.lang for one in drafts.gaps(found) if one.lang in langs]
    if lacking:
        return to(request, "engagements:words", slug=found.slug, code=lacking[0])
    return room_of(request, found.slug)


def step_page(request: ViewerRequest, template: str, **context: Any) -> HttpResponseBase:
    """Show a step with what every step's page needs."""
    draft = context.get("draft")
    named = {
        "late": drafts.late_days(draft) if draft else {},
        "signed": len(signers(draft, request.today)) if draft else 0,
    }
    return render(request, f"engagements/{template}.html", {**named, **context})


def taken(request: ViewerRequest, today: date) -> Invited | None:
    """Give the invitation that the viewer took and begins a draft for, or None."""
    slug = request.GET.get("invitation", "")
    found = invitation(request.program, request.pack, lang_of(request), today, slug) if slug else None
    if found is None or found.taken is None or not found.is_held:
        return None
    return found if found.taken.entry.by[0] == request.viewer.seat else None


@open_to(Role.LEAD)
def before(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show what communities said already, what has no answer, and why it is asked again."""
    found, lang = the_draft(request, slug), lang_of(request)
    said = drafts.asked_before(found, lang)
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
    page = pages.preview(found, request.pack, lang_of(request), request.today)
    return {
        **promise_shown(request, page, request.pack),
        **sessions_said(request, sessions_of(found)),
        "preview": True,
    }


@open_to(Role.LEAD, Role.STAFF)
def show_preview(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show a draft exactly as residents will see it."""
    found = or_404(drafts.draft_for(request.program, request.viewer, slug))
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
    progress = progress_of(found, request.today)
    return step_page(
        request,
        "step_sign",
        form=form,
        draft=found,
        signed=0,
        progress=progress,
        every_word=drafts.in_each_language(found),
        **_says(request, found, progress),
    )


def _after_signing(request: ViewerRequest, found: Engagement) -> str:
    """Lead a lead who makes the key next to the reader, where it is made; else to the room."""
    progress = progress_of(found, request.today)
    key = next((one for one in progress.state.steps if one.what == EngagementStep.KEY), None)
    if key and steps.takes(request.viewer, progress, key):
        return to(request, steps.PLACES[EngagementStep.KEY], slug=found.slug)
    return room_of(request, found.slug)


def _says(request: ViewerRequest, found: Engagement, progress: Progress) -> dict[str, Any]:
    """Say who partners, what lacks in which language, and whether the viewer signed."""
    lang = lang_of(request)
    partner = request.pack.office_title(found.partner.public_id, lang) if found.partner else ""
    employer = employer_beside(found, request.viewer.seat) if request.viewer.seat else ""
    return {
        "partner": partner,
        "lacking": [language(code) for code in progress.lacking],
        "moves": drafts.moves_of(found, lang),
        "signed_by": steps.signed_by(progress),
        "signed_by_me": (request.viewer.seat or "") in progress.signers,
        "employer": employer,
        "opens": (request.viewer.seat or "") in progress.openers,
    }


@open_to(Role.STAFF, Role.MANAGER)
def waiting(request: ViewerRequest) -> HttpResponseBase:
    """List the drafts that wait for a signature of the viewer's units."""
    found = drafts.waiting_for(request.program, request.viewer)
    lang = lang_of(request)
    rows = [
        (
            one,
            any("/" in actor for actor in signers(one, request.today)),
            *drafts.title_of(one, lang),
        )
        for one in found
    ]
    return render(request, "engagements/waiting.html", {"rows": rows})


@open_to(Role.STAFF, Role.MANAGER)
def sign(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Read a draft whole and, as the one who signs for the unit, sign it. Not signing refuses it."""
    found = next(iter(drafts.waiting_for(request.program, request.viewer, slug=slug)), None)
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
    progress = progress_of(found, request.today)
    seen = _seen(request, found)
    shown = seen["page"].texts["title"].lang
    context = {"form": form, "draft": found, "progress": progress, "office": office} | {
        "every_word": drafts.in_each_language(found, but=shown),
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
    own, others = drafts.rows_for(request.program, request.viewer)
    page, shown = page_of_many(request.GET.get("page"), own, others)
    rows = [
        (one, *drafts.title_of(one, lang_of(request)), stands)
        for one, stands in drafts.planned(request.program, [*own[shown], *others[shown]], request.today)
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
    points = drafts.decision_choices(
        request.program, lang, request.today, engagement.decision_id if engagement else None
    )
    initial: dict[str, Any] = {"lang": lang} | (
        drafts.begins_with(request.program, invited) if invited else {}
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
        points=points,
        signing=units_that_sign(request.program, request.today),
        pack=request.pack,
        here=lang,
    )


@open_to(Role.LEAD)
def new(request: ViewerRequest) -> HttpResponseBase:
    """Begin a draft with its first step, empty, for an invitation, or from an earlier one."""
    invited, today = taken(request, request.today), request.today
    known = [] if invited else drafts.drafts_for(request.program, request.viewer)
    earlier = earlier_of(
        request, ((one.slug, drafts.title_of(one, lang_of(request))[0], one) for one in known)
    )
    before = earlier.chosen
    form = _decision_form(request, None, invited, before)

    def act(typed: Typed) -> str:
        chosen = drafts.chosen(request.program, typed)
        first = {name: typed[name] for name in TEXTS}
        words = carried_words(before.words if before else {}, form.languages(), first)
        words[typed["lang"]] = _house_words(request, typed["lang"]) | words[typed["lang"]]
        made = actions.begin_draft(
            program=request.program,
            slug=drafts.slug_for(request.program),
            lead=seat_of_viewer(request.viewer),
            languages=form.languages(),
            words=words if before else {typed["lang"]: words[typed["lang"]]},
            questions=before.form["questions"] if before else (),
            spoken=before is not None and may_be_spoken(before.form),
            invitation=invited.told.index if invited else None,
            **chosen,
            **drafts.first_days(request.pack, chosen["decision"], today),
        )
        asks_again = drafts.asked_before(made, lang_of(request)).said
        return to(request, f"engagements:{'before' if asks_again else 'questions'}", slug=made.slug)

    return press(request, form, act, str) or step_page(
        request, "step_decision", form=form, draft=None, earlier=earlier
    )


@open_to(Role.LEAD)
def draft(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Lead to the room of an engagement, where its draft is."""
    or_404(drafts.engagement_for(request.program, request.viewer, slug))
    return HttpResponseRedirect(room_of(request, slug))


@open_to(Role.LEAD)
def throw_away(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Ask whether a draft goes, and throw it away where nobody signed it."""
    gone = after(to(request, "engagements:mine"), Done.THROWN_AWAY)
    found = the_draft(request, slug)
    form = Form(posted(request))
    title, told = drafts.title_of(found, lang_of(request))
    context = {"form": form, "draft": found, "title": title, "title_lang": told}
    act = taking(actions.throw_away, engagement=found, by=request.viewer.person_id, today=request.today)
    return press(request, form, act, gone) or render(request, "engagements/throw_away.html", context)


@open_to(Role.LEAD)
def decision(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Write what is decided, who answers, what can change, and in which languages."""
    found = the_draft(request, slug)
    form = _decision_form(request, found)

    def act(typed: Typed) -> None:
        first = found.languages[0]
        words = {**found.words.get(first, {}), **{name: typed[name] for name in TEXTS}}
        changes = {**drafts.chosen(request.program, typed), "words": {**found.words, first: words}}
        if changes["partner"] and not found.answer_by:
            changes["answer_by"] = found.report_back
        actions.save_draft(engagement=found, changes={**changes, "languages": form.languages()})

    def then(_done: object) -> str:
        now = the_draft(request, slug)
        lacks = drafts.asked_before(now, lang_of(request)).lacks_reason
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
        pack=request.pack,
        here=lang_of(request),
        today=request.today,
    )

    def act(typed: Typed) -> None:
        actions.save_draft(engagement=found, changes={name: typed[name] for name in names if name in typed})

    return press(request, form, act, after(room_of(request, slug), Done.KEPT)) or step_page(
        request, "step_dates", form=form, draft=found
    )


@open_to(Role.LEAD)
def questions(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Write the questions on one page, change their words, move one or take one out; each press saves what was typed."""
    found = the_draft(request, slug)
    first, move, drop = found.languages[0], request.POST.get("move", ""), request.POST.get("drop", "")
    form = forms.QuestionsForm(
        posted(request), engagement=found, pack=request.pack, here=lang_of(request), drop=drop
    )
    if "file" in request.POST and not (form.asked or form.is_written):
        return HttpResponseRedirect(to(request, "engagements:from_file", slug=slug))

    def act(_typed: Typed) -> None:
        kept = asking.arranged(form.questions(first), move, drop)
        for button, ours in (("pass", PASS_ON), ("offer", OFFER)):
            if button in request.POST:
                kept = asking.with_ours(kept, ours, found.languages)
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
        (one, form[f"{one.id}-words"] if one.id not in OURS else None, drafts.remarks_on(kept, first))
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
    title, _lang = drafts.title_of(found, found.languages[0])
    return xlsform_file(drafts.asked_of(found), found.languages, slug, title)


@open_to(Role.LEAD)
def question(request: ViewerRequest, slug: str, question: str = "") -> HttpResponseBase:
    """Write one question. The linter's words stand at the field; no role can pass it."""
    found = the_draft(request, slug)
    asked, first = found.form.get("questions", []), found.languages[0]
    old = next((one for one in asked if one["id"] == question and question not in OURS), None)
    if question:
        or_404(old)
    form = forms.QuestionForm(
        posted(request),
        initial=forms.typed_of(old, first) if old else {},
        engagement=found,
        pack=request.pack,
        here=lang_of(request),
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

    def act(_typed: Typed) -> None:
        said = {"words": form.words(), "form": form.asked_now()}
        by = request.viewer.seat or ""
        actions.save_words(engagement=found, lang=code, **said, by=by, on=request.today)

    if "drop" in request.POST and code != found.languages[0]:
        kept = [one for one in found.languages if one != code]
        actions.save_draft(engagement=found, changes={"languages": kept})
        return HttpResponseRedirect(room_of(request, slug))
    if went := press(request, form, act, lambda _done: after(onward(request, found, code), Done.KEPT)):
        return went
    lacking = {gap.lang for gap in drafts.gaps(found)}
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
            "reading": wording.reading_words(wording.government(request.pack, code)),
            "consent": _("What you write is used to tell the City what people need, and for nothing else."),
        }
