"""Steps 3 to 5 of a draft: the questions, the words in each language, the key."""

from datetime import UTC, datetime

from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import override

from alongside.core.clocks import local_date
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.look.addresses import lang_of
from alongside.ground.look.context import language
from alongside.work.engagements import actions
from alongside.work.engagements.forms.questions import QuestionForm, typed_of
from alongside.work.engagements.forms.words import WordsForm, initial_words
from alongside.work.engagements.queries import drafts, preview
from alongside.work.engagements.queries.public import holders_today
from alongside.work.engagements.queries.questions import arranged, free_id, questions_of
from alongside.work.engagements.queries.wording import government, reading_words
from alongside.work.engagements.views.steps import on_to, saved, step_page, the_draft


@open_to(Role.LEAD)
def questions(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Step 3: list the questions in order; move one or take one out."""
    found = the_draft(request, slug)
    if request.method == "POST":
        move, drop = request.POST.get("move", ""), request.POST.get("drop", "")
        kept = arranged(found.form.get("questions", ()), move, drop)
        try:
            actions.save_questions(engagement=found, questions=kept)
        except actions.NotADraft:
            the_draft(request, slug)  # opened just now: it leads to the public page
        return on_to(request, "engagements:questions", slug)
    first = found.languages[0]
    rows = [(one, preview.hard(one.phrase.words, first)) for one in questions_of(found.form, first, first)]
    return step_page(request, 3, "step_questions", draft=found, rows=rows)


@open_to(Role.LEAD)
def question(request: AskedHttpRequest, slug: str, question: str = "") -> HttpResponseBase:
    """Step 3: write one question. The linter's words stand at the field; no role can pass it."""
    found = the_draft(request, slug)
    asked, first = found.form.get("questions", []), found.languages[0]
    old = next((one for one in asked if one["id"] == question), None)
    if question and old is None:
        raise Http404
    given = {"pack": request.pack, "lang": lang_of(request), "engagement": found}
    form = QuestionForm(
        request.POST or None, initial=typed_of(old, first) if old else {"kind": "text"}, **given
    )
    if request.method == "POST" and form.is_valid():
        made = form.question(old, free_id(asked), first)
        kept = [made if one is old else one for one in asked]
        changes = {"form": {"v": 1, "questions": kept if old else [*asked, made]}}
        if saved(form, found, changes):
            return on_to(request, "engagements:questions", slug)
    return step_page(request, 3, "step_question", form=form, draft=found, old=old, first=language(first))


@open_to(Role.LEAD)
def words(request: AskedHttpRequest, slug: str, code: str = "") -> HttpResponseBase:
    """Step 4: the promise and the questions in one language after the other."""
    found = the_draft(request, slug)
    code = code or found.languages[0]
    if code not in found.languages:
        raise Http404
    form = WordsForm(
        request.POST or None,
        engagement=found,
        pack=request.pack,
        lang=code,
        here=lang_of(request),
        initial=initial_words(found, code, _house_words(request, code)),
    )
    if request.method == "POST" and form.is_valid():
        form_now = {**found.form, "questions": form.questions()}
        changes = {"words": {**found.words, code: form.words()}, "form": form_now}
        later = found.languages[found.languages.index(code) + 1 :]
        if saved(form, found, changes):
            if later:
                return on_to(request, "engagements:words", slug, code=later[0])
            return on_to(request, "engagements:keys", slug)
    lacking = {gap.lang for gap in drafts.gaps(found)}
    rows = [(language(one), one in lacking) for one in found.languages]
    return step_page(request, 4, "step_words", form=form, draft=found, rows=rows, here=language(code))


def _house_words(request: AskedHttpRequest, code: str) -> dict[str, str]:
    """Give the words that two texts begin with, in a language."""
    with override(code):
        named = {"government": request.pack.government.short.say(code)}
        return {
            "reading": reading_words(government(request.pack, code)),
            "consent": _(
                "What you write is used to tell %(government)s what people need, and for nothing else."
            )
            % named,
        }


@open_to(Role.LEAD)
def keys(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Step 5: the key is made and tested in the reader."""
    found = the_draft(request, slug)
    progress = preview.progress_of(found)
    today = local_date(datetime.now(tz=UTC), request.pack)
    holders, _former = holders_today(request.program, progress.holders, today)
    return step_page(request, 5, "step_keys", draft=found, progress=progress, holders=holders)
