"""Save one page of an application: make its form, read it, call one action."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from alongside.cohort.calls.actions import applying, counting, recordings
from alongside.cohort.calls.actions.balancing import save_balance
from alongside.cohort.calls.forms.applying import AnswerForm, BringsForm, NeedsForm, WhoForm
from alongside.cohort.calls.forms.balancing import BalanceForm
from alongside.cohort.calls.forms.declaring import NO, YES, AboutYouForm, ConflictsForm
from alongside.cohort.calls.models import AccessNeeds, Answer, ConflictForm, Contact, Recording
from alongside.cohort.calls.queries.applying import Step, unsaved_on
from alongside.cohort.calls.queries.balancing import balance_of, rules_of
from alongside.cohort.calls.views.visit import Visit
from alongside.core.quotas import by_category
from alongside.core.recordings import NotASound
from alongside.core.refusals import Refused
from alongside.ground.ui.addresses import lang_of

CONTACT = ("sender", "name", "organization", "phone", "email", "other", "may_write_again")


def _who(visit: Visit, _step: Step, data: Any) -> forms.Form:
    saved = Contact.objects.filter(application=visit.mine).first()
    initial = {name: getattr(saved, name) for name in CONTACT} if saved else {"sender": "person"}
    return WhoForm(data, initial=initial)


def _brings(visit: Visit, _step: Step, data: Any) -> forms.Form:
    keys, lang = [one["sought"] for one in visit.call.sought], lang_of(visit.request)
    there = set(visit.mine.answers.brought().values_list("section", flat=True))
    ticked = [key for key in keys if f"sought-{key}" in there]
    choices = [(key, visit.call.say(f"sought-{key}", lang)[0]) for key in keys]
    return BringsForm(data, initial={"brings": ticked}, choices=choices)


def _question(visit: Visit, step: Step, data: Any) -> forms.Form:
    lang = lang_of(visit.request)
    saved = Answer.objects.filter(application=visit.mine, section=step.name).first()
    return AnswerForm(
        data,
        visit.request.FILES if data is not None else None,
        initial={"words": saved.words if saved else "", "seen": saved.revision if saved else 0},
        asked=visit.call.say(step.name, lang)[0],
        hint=visit.call.say(step.name.replace("question", "hint", 1), lang)[0],
        has_sound=Recording.objects.filter(application=visit.mine, section=step.name).exists(),
    )


def _needs(visit: Visit, _step: Step, data: Any) -> forms.Form:
    saved = AccessNeeds.objects.filter(application=visit.mine).first()
    return NeedsForm(data, initial={"words": saved.words if saved else ""})


def _conflicts(visit: Visit, _step: Step, data: Any) -> forms.Form:
    saved = ConflictForm.objects.filter(application=visit.mine).first()
    initial: dict[str, Any] = {}
    if saved:
        said = {True: YES, False: NO, None: ""}
        names = ("works_for_government", "earns_from_it", "close_to_staff")
        initial = {name: said[getattr(saved, name)] for name in names}
        initial |= {"organizations": "\n".join(saved.organizations), "words": saved.words}
    government = visit.request.pack.words("government.short", lang_of(visit.request))
    return ConflictsForm(data, initial=initial, government=government)


def _about_you(visit: Visit, _step: Step, data: Any) -> forms.Form:
    asked = visit.request.pack.calls.asked
    return AboutYouForm(data, demographics=asked, lang=lang_of(visit.request))


def _balance(visit: Visit, _step: Step, data: Any) -> forms.Form:
    lang, pack = lang_of(visit.request), visit.request.pack
    found = [pack.calls.category(one) for one in by_category(rules_of(visit.call))]
    return BalanceForm(
        data,
        categories=[one for one in found if one],
        lang=lang,
        initial=balance_of(visit.mine),
    )


MAKE: dict[str, Callable[[Visit, Step, Any], forms.Form]] = {
    "who": _who,
    "brings": _brings,
    "question": _question,
    "balance": _balance,
    "needs": _needs,
    "conflicts": _conflicts,
    "about-you": _about_you,
}


def form_of(visit: Visit, step: Step, data: Any = None) -> forms.Form:
    """Make the form of a page: filled with what is saved, or with what was sent."""
    return MAKE[step.kind](visit, step, data)


#: Pages that are only counted, or that witnesses see, leave nothing behind that was not saved.
KEEPS = frozenset({"who", "question", "needs", "conflicts"})


def shown_again(visit: Visit, step: Step) -> forms.Form:
    """Make the form of a page with what is saved; or with what could not be saved, and why."""
    kept = unsaved_on(visit.mine, step.name)
    if kept is None:
        return form_of(visit, step)
    typed = QueryDict(mutable=True)
    for name, said in kept.typed.items():
        typed.setlist(name, said)
    form = form_of(visit, step, typed)
    for field, problem in kept.problems:
        if problem not in form.errors.get(field, ()):
            form.add_error(field or None, problem)
    return form


def save_or_keep(visit: Visit, step: Step) -> bool:
    """Save a page of an application; False where something stands in the way, which is kept with what was typed."""
    form = save(visit, step)
    if form is None:
        applying.drop_unsaved(application=visit.mine)
        return True
    if step.kind in KEEPS:
        typed = QueryDict(mutable=True)
        typed.update(form.data)
        kept = {name: typed.getlist(name) for name in form.fields if name in typed}
        if isinstance(form, AnswerForm) and "words" not in form.errors:
            kept["seen"] = [str(Answer.objects.get(application=visit.mine, section=step.name).revision)]
        problems = [(field, str(one)) for field, found in form.errors.items() for one in found]
        applying.keep_unsaved(application=visit.mine, step=step.name, typed=kept, problems=problems)
    return False


def save(visit: Visit, step: Step) -> forms.Form | None:
    """Save a page of an application; None where it was saved, else the form with what stands in the way."""
    form = form_of(visit, step, visit.request.POST)
    if not form.is_valid():
        return form
    given: dict[str, Any] = {"application": visit.mine, "now": visit.now}
    typed = form.cleaned_data
    if isinstance(form, WhoForm):
        values = {name: typed[name] for name in CONTACT} | {"sender": typed["sender"] or "person"}
        applying.save_contact(values=values, **given)
    elif isinstance(form, BringsForm):
        applying.save_brings(sought=[f"sought-{key}" for key in typed["brings"]], **given)
    elif isinstance(form, AnswerForm):
        return _save_answer(visit, step, form)
    elif isinstance(form, BalanceForm):
        save_balance(values=form.values(), **given)
    elif isinstance(form, NeedsForm):
        applying.save_needs(words=typed["words"], **given)
    elif isinstance(form, ConflictsForm):
        applying.save_conflicts(values=form.values(), **given)
    elif isinstance(form, AboutYouForm):
        counting.count_about_you(chosen=form.chosen(), **given)
    return None


def _save_answer(visit: Visit, step: Step, form: AnswerForm) -> forms.Form | None:
    typed = form.cleaned_data
    given: dict[str, Any] = {"application": visit.mine, "section": step.name, "now": visit.now}
    try:
        applying.save_answer(words=typed["words"], seen=typed["seen"] or 0, **given)
    except applying.AnswerChangedMeanwhile as error:
        return _both(form, error.saved)
    try:
        if typed["sound"]:
            recordings.save_recording(content=typed["sound"].read(), **given)
        elif typed.get("drop_sound"):
            recordings.drop_recording(**given)
    except (Refused, NotASound) as error:
        form.add_error("sound", _said(error))
    if _was_too_large(visit):
        form.add_error(
            "sound", _("This file is larger than 8 MB, so it was not kept. Your words were saved.")
        )
    return form if form.errors else None


def _said(error: Exception) -> str:
    if isinstance(error, NotASound):
        return _("We cannot play this file. Send MP3, M4A, WAV, OGG or AMR. Your words were saved.")
    return _("This file is larger than 8 MB, so it was not kept. Your words were saved.")


def _was_too_large(visit: Visit) -> bool:
    """Say whether a recording came along and was dropped unread, because all that was sent is too large."""
    handlers = getattr(visit.request, "upload_handlers", ())
    return any(getattr(one, "was_dropped", False) for one in handlers)


def _both(form: AnswerForm, saved: Answer) -> AnswerForm:
    """Give both texts in one field, the saved one first, so that the person can bring them together."""
    data = {name: form.data.get(name, "") for name in form.fields}
    data["words"] = f"{saved.words}\n\n{form.cleaned_data['words']}"
    data["seen"] = str(saved.revision)
    made = AnswerForm(
        data,
        asked=str(form.fields["words"].label),
        hint=str(form.fields["words"].help_text),
        has_sound="drop_sound" in form.fields,
    )
    made.is_valid()
    words = _(
        "This answer was changed on another page. Both texts are here, one below the other. Keep what you want, then save."
    )
    made.add_error("words", words)
    return made
