"""Apply in small saved steps. The code travels in the body of each form: no cookie, and nothing in an address."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from alongside.cohort.calls.actions import applying
from alongside.cohort.calls.forms.applying import ComeBackForm, MailForm
from alongside.cohort.calls.queries.applying import Step
from alongside.cohort.calls.queries.results import result_of
from alongside.cohort.calls.queries.reviewing import review_of
from alongside.cohort.calls.views.answering import ANSWERS, answer
from alongside.cohort.calls.views.letters import letter
from alongside.cohort.calls.views.saving import form_of, save
from alongside.cohort.calls.views.visit import MOST_SENT, TRAP, InMemory, Visit, recognize, visit
from alongside.core.clocks import local_date
from alongside.ground.gate import AskedHttpRequest, Role, open_to
from alongside.ground.gate.limits import Doorman, address_of
from alongside.ground.look.addresses import lang_of

#: Generous: a library's computers share one address.
DOOR = Doorman(most=600, name="applications")
MEGABYTE = 1024 * 1024  # of recordings, each counts as one more
#: Letters are not: nobody's mailbox is to be filled from here.
LETTERS = Doorman(most=20, name="letters")
TOO_MANY, TOO_LARGE, UNREADABLE = 429, 413, 422


@csrf_exempt  # these pages set no cookie, so there is no form token; OriginMiddleware guards this door
@open_to(Role.EVERYONE)
def apply(request: AskedHttpRequest, slug: str) -> HttpResponseBase:
    """Begin an application, come back to it, save a page, send it, or take it back."""
    found = visit(request, slug)
    if request.method != "POST":
        return start(found)
    if refused := _refused(found):
        return refused
    if request.POST.get("step") == "begin":
        return _begin(found)
    if recognize(found).application is None:
        return _unknown(found)
    return _answer(found)


def _refused(found: Visit) -> HttpResponseBase | None:
    """Turn away what is too large, too often or filled in by a machine; None where nothing is wrong."""
    request = found.request
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    if size > MOST_SENT:
        return start(
            found, _("What you sent is too large to take in. Send a recording of up to 8 MB."), TOO_LARGE
        )
    if DOOR.knock(address_of(request), found.now, weight=1 + size // MEGABYTE):
        return render(request, "429.html", status=TOO_MANY)
    request.upload_handlers = [InMemory(request)]
    if request.POST.get(TRAP):
        return start(
            found,
            _("Something filled in a hidden field. Turn off automatic filling and try again."),
            UNREADABLE,
        )
    return None


def start(found: Visit, problem: str = "", status: int = 200) -> HttpResponseBase:
    """Show the first page: begin, or come back with a code."""
    state = found.page.state(local_date(found.now, found.request.pack))
    form = ComeBackForm()
    response = render(
        found.request,
        "calls/start.html",
        {"page": found.page, "state": state, "form": form, "trap": TRAP, "problem": problem},
        status=status,
    )
    response["Cache-Control"] = "no-store"  # what was typed must not come back with Back
    return response


def _unknown(found: Visit) -> HttpResponseBase:
    form = ComeBackForm(found.request.POST)
    if form.is_valid():
        form.add_error("code", _("This code leads to no application here. Check each letter, and try again."))
    state = found.page.state(local_date(found.now, found.request.pack))
    return found.show("start", form=form, state=state)


def _begin(found: Visit) -> HttpResponseBase:
    try:
        made = applying.begin(call=found.call, lang=lang_of(found.request), now=found.now)
    except applying.CallIsNotOpen:
        return start(found)
    found.application, found.code = made.application, made.code
    return found.show("code", form=MailForm(), first=found.steps()[0].name)


def _answer(found: Visit) -> HttpResponseBase:
    """Do what the form asks for, then show the page it goes on to."""
    step = found.request.POST.get("step", "")
    if step == "mail":
        return _mail(found)
    if step in ANSWERS:
        return status(recognize(found), problem=answer(found, step))
    wanted = next((one for one in found.steps() if one.name == step), None)
    try:
        if step == "send":
            return _send(found)
        if wanted and wanted.name != "review" and (form := save(found, wanted)):
            return show_step(found, wanted, form)
    except applying.CallIsNotOpen:
        return status(found, is_late=True)
    return _go_on(found, found.request.POST.get("to", ""))


def _go_on(found: Visit, name: str) -> HttpResponseBase:
    if name == "stop":
        return _stop(found)
    wanted = next((one for one in found.steps() if one.name == name), None)
    if wanted is None or not _can_change(found):
        return status(found)
    return show_step(found, wanted, None if wanted.name == "review" else form_of(found, wanted))


def _stop(found: Visit) -> HttpResponseBase:
    """Show nothing of the application: others may use this phone. The code opens it again."""
    found.application, found.code = None, ""
    return found.show("stopped")


def _can_change(found: Visit) -> bool:
    today = local_date(found.now, found.request.pack)
    gone = hasattr(found.mine, "withdrawn") or hasattr(found.mine, "erased")
    return found.page.state(today) == "open" and not gone


def show_step(found: Visit, step: Step, form: object | None) -> HttpResponseBase:
    """Show one page of the application, with the ways on and back."""
    steps = found.steps()
    names = [one.name for one in steps]
    place = names.index(step.name)
    context: dict[str, Any] = {
        "step": step,
        "number": place + 1,
        "count": len(steps),
        "before": names[place - 1] if place else "status",
        "after": names[place + 1] if place + 1 < len(names) else "status",
        "form": form,
        "has_sound": step.question is not None
        and found.mine.recordings.filter(question=step.question).exists(),
    }
    if step.name == "review":
        context["rows"] = review_of(found.mine, steps, lang_of(found.request), found.request.pack)
        context["missing"] = [one for one in context["rows"] if one.is_missing]
    return found.show("review" if step.name == "review" else "step", **context)


def _send(found: Visit) -> HttpResponseBase:
    try:
        applying.send(application=found.mine, pack=found.request.pack, now=found.now)
    except applying.SomethingIsMissing:
        return _go_on(found, "review")
    return status(recognize(found), just_sent=True)


def status(
    found: Visit, *, just_sent: bool = False, is_late: bool = False, problem: str = ""
) -> HttpResponseBase:
    """Show where an application stands, and what its owner can do."""
    today = local_date(found.now, found.request.pack)
    steps = found.steps()
    done = {one.name for one in steps if one.is_done}
    following = next((one.name for one in steps if one.name not in done), "review")
    return found.show(
        "status",
        application=found.mine,
        rows=review_of(found.mine, steps, lang_of(found.request), found.request.pack),
        state=found.page.state(today),
        can_change=_can_change(found),
        following=following,
        just_sent=just_sent,
        is_late=is_late,
        result=result_of(found.mine),
        problem=problem,
        typed=found.request.POST.get("words", "") if is_late else "",
        erased_after=found.page.closes + timedelta(days=found.request.pack.calls.unsent_kept_days),
    )


def _mail(found: Visit) -> HttpResponseBase:
    """Send the code to an address that is not kept."""
    form = MailForm(found.request.POST)
    told = ""
    if form.is_valid():
        too_many = LETTERS.knock(address_of(found.request), found.now)
        told = _("It is on its way.") if not too_many and letter(found, form.cleaned_data["address"]) else ""
        if not told:
            form.add_error("address", _("We could not send it. Write the code down instead."))
    return found.show("code", form=form, first=found.steps()[0].name, told=told)
