"""Plan an engagement in six steps on a phone: leads only."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.forms import Form
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.core.clocks import local_date
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of, to
from alongside.ground.look.context import language
from alongside.ground.look.done import Done, after
from alongside.ground.look.tags.words import dated
from alongside.ground.look.tongues import listed
from alongside.work.engagements import actions
from alongside.work.engagements.forms.drafting import (
    DatesForm,
    DecisionForm,
    levels_of,
    offices_of,
    retention_of,
)
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries import drafts, preview, public
from alongside.work.engagements.queries.invited import begins_with
from alongside.work.engagements.views.before import taken
from alongside.work.engagements.views.signing import done
from alongside.work.engagements.views.steps import on_to, saved, step_page, the_draft
from alongside.work.invitations.queries import Invited

#: How long from today a new draft begins with; step 2 changes them.
CLOSES, ANSWER, REPORT_BACK = timedelta(days=30), timedelta(days=75), timedelta(days=90)
KEPT = timedelta(days=455)
TEXTS = ("title", "decision", "can_change", "cannot_change")


@open_to(Role.LEAD)
def mine(request: AskedHttpRequest) -> HttpResponseBase:
    """List the engagements that leads plan and hold."""
    found = drafts.drafts_for(request.program, request.asker)
    stands = public.standings(request.program, lang_of(request), _today(request))
    rows = [(one, *preview.title_of(one, lang_of(request)), stands.get(one.slug)) for one in found]
    own = [row for row in rows if row[0].lead_id == request.asker.seat_id]
    others = [row for row in rows if row[0].lead_id != request.asker.seat_id]
    return render(request, "engagements/mine.html", {"own": own, "others": others})


def _decision_form(
    request: AskedHttpRequest, engagement: Engagement | None, invited: Invited | None = None
) -> DecisionForm:
    lang = lang_of(request)
    initial: dict[str, Any] = {"lang": lang} | (begins_with(request.program, invited) if invited else {})
    if engagement:
        words = engagement.words.get(engagement.languages[0], {})
        initial = {name: words.get(name, "") for name in TEXTS}
        initial |= {
            "partner": engagement.partner.public_id if engagement.partner else "",
            "point": str(engagement.decision_id or ""),
            "level": f"{engagement.framework}/{engagement.level}",
        }
    return DecisionForm(
        request.POST or None,
        engagement=engagement,
        initial=initial,
        offices=offices_of(request.pack, lang),
        points=preview.decision_choices(
            request.program, lang, _today(request), engagement.decision_id if engagement else None
        ),
        levels=levels_of(request.pack, lang),
        langs=[(one.code, one.name) for one in request.pack.languages],
        pack=request.pack,
        here=lang,
    )


@open_to(Role.LEAD)
def new(request: AskedHttpRequest) -> HttpResponseBase:
    """Begin a draft with its first step."""
    invited = taken(request, _today(request))
    form = _decision_form(request, None, invited)
    if request.method == "POST" and form.is_valid():
        typed, today = form.cleaned_data, _today(request)
        made = actions.begin_draft(
            program=request.program,
            slug=drafts.free_slug(request.program, typed["title"]),
            lead=drafts.seat_of(request.asker),
            languages=[typed["lang"]],
            retention=next((one.id for one in request.pack.retention if one.verified), ""),
            words={typed["lang"]: {name: typed[name] for name in TEXTS}},
            closes=today + CLOSES,
            answer_by=today + ANSWER,
            report_back=today + REPORT_BACK,
            voices_kept_until=today + KEPT,
            invitation=invited.told.index if invited else None,
            **drafts.chosen(request.program, typed),
        )
        return on_to(request, "engagements:before", made.slug)
    return step_page(request, 1, "step_decision", form=form, draft=None)


def _today(request: AskedHttpRequest) -> date:
    return local_date(datetime.now(tz=UTC), request.pack)


@open_to(Role.LEAD)
def draft(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Show the six steps of a draft and how far each is; once it is open, go to its public page."""
    if drafts.open_for(request.program, request.asker, slug):
        return on_to(request, "engagements:engagement", slug)
    found = the_draft(request, slug)
    title, told = preview.title_of(found, lang_of(request))
    steps = _steps(request, found, preview.progress_of(found))
    return step_page(request, 0, "draft", draft=found, steps=steps, title=title, title_lang=told)


def _languages(found: Engagement) -> str:
    return listed(language(code).name for code in found.languages)


def _steps(
    request: AskedHttpRequest, found: Engagement, progress: preview.Progress
) -> list[tuple[int, str, str, bool, str]]:
    """List the six steps: number, address, words, whether it is done, and where it stands."""
    asked = len(found.form.get("questions", ()))
    rows = (
        ("decision", _("What is decided, and what can change"), True, ""),
        ("dates", _("Dates and languages"), found.closes >= _today(request), dated(found.closes)),
        (
            "questions",
            _("Questions"),
            asked > 0,
            ngettext("%(n)s question", "%(n)s questions", asked) % {"n": asked},
        ),
        ("first_words", _("Words in each language"), progress.is_written, _languages(found)),
        ("keys", _("The key, and a test"), progress.is_tested, _("Two leads open a test voice.")),
        ("finish", _("Sign and open"), progress.can_open, _("A lead signs, and the unit if it promises.")),
    )
    return [
        (number, to(request, f"engagements:{name}", slug=found.slug), words, done, more)
        for number, (name, words, done, more) in enumerate(rows, 1)
    ]


@open_to(Role.LEAD)
def throw_away(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Ask whether a draft goes, and throw it away where nobody signed it; a second press finds it gone."""
    gone = HttpResponseRedirect(after(to(request, "engagements:mine"), Done.THROWN_AWAY))
    if request.method == "POST" and not drafts.is_there(request.program, slug):
        return gone
    found = the_draft(request, slug)
    form = Form(request.POST if request.method == "POST" else None)
    if form.is_valid() and done(request, form, lambda: actions.throw_away(engagement=found)):
        return gone
    title, told = preview.title_of(found, lang_of(request))
    context = {"form": form, "draft": found, "title": title, "title_lang": told}
    return render(request, "engagements/throw_away.html", context)


@open_to(Role.LEAD)
def decision(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Step 1: what is decided, who answers, what can change."""
    found = the_draft(request, slug)
    form = _decision_form(request, found)
    if request.method == "POST" and form.is_valid():
        first, typed = found.languages[0], form.cleaned_data
        words = {**found.words.get(first, {}), **{name: typed[name] for name in TEXTS}}
        changes = {**drafts.chosen(request.program, typed), "words": {**found.words, first: words}}
        if changes["partner"] and not found.answer_by:
            changes["answer_by"] = found.report_back
        if saved(form, found, changes):
            return on_to(request, "engagements:before", slug)
    return step_page(request, 1, "step_decision", form=form, draft=found)


@open_to(Role.LEAD)
def dates(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Step 2: dates and languages."""
    found = the_draft(request, slug)
    names = ("closes", "report_back", "answer_by", "retention", "voices_kept_until", "cap")
    form = DatesForm(
        request.POST or None,
        engagement=found,
        initial={**{name: getattr(found, name) for name in names}, "also": found.languages[1:]},
        langs=[(one.code, one.name) for one in request.pack.languages if one.code != found.languages[0]],
        retention=retention_of(request.pack, lang_of(request)),
        open_ended={one.id for one in request.pack.retention if one.years is None},
        today=_today(request),
    )
    if request.method == "POST" and form.is_valid():
        typed = {name: form.cleaned_data[name] for name in names if name in form.cleaned_data}
        typed["languages"] = [found.languages[0], *form.cleaned_data["also"]]
        if saved(form, found, typed):
            return on_to(request, "engagements:questions", slug)
    return step_page(request, 2, "step_dates", form=form, draft=found, first=language(found.languages[0]))
