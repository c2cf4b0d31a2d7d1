"""Apply in small saved steps. The code travels in the body of each form: no cookie, and nothing in an address."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from alongside.cohort.calls.actions import applying
from alongside.cohort.calls.forms.applying import ComeBackForm, MailForm
from alongside.cohort.calls.queries.applying import Step, unsaved_on
from alongside.cohort.calls.queries.results import result_of
from alongside.cohort.calls.queries.reviewing import review_of
from alongside.cohort.calls.views.answering import ANSWERS, answer
from alongside.cohort.calls.views.letters import letter
from alongside.cohort.calls.views.saving import save_or_keep, shown_again
from alongside.cohort.calls.views.visit import MOST_SENT, TRAP, InMemory, Visit, come_in, recognize, visit
from alongside.core.clocks import local_date
from alongside.core.workflow.applications import GONE
from alongside.core.workflow.calls import CallStage
from alongside.ground.gate.limits import Doorman, address_of
from alongside.ground.gate.roles import Role, ViewerRequest, open_to
from alongside.ground.ui.addresses import lang_of

#: Generous: a library's computers share one address.
DOOR = Doorman(most=600, name="applications")
MEGABYTE = 1024 * 1024  # of recordings, each counts as one more
#: Letters are not: nobody's mailbox is to be filled from here.
LETTERS = Doorman(most=20, name="letters")
TOO_MANY, TOO_LARGE, UNREADABLE = 429, 413, 422


@csrf_exempt  # these pages set no cookie, so there is no form token; OriginMiddleware guards this door
@open_to(Role.EVERYONE)
def apply(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Begin an application, come back to it, save a page, send it, or take it back.

    Every form leads on to an address, so that Back and a reload show a page.
    """
    found = visit(request, slug)
    if request.method != "POST":
        return _page(found, request.GET.get("at", ""))
    if refused := _refused(found):
        return refused
    if request.POST.get("step") == "begin":
        return _begin(found)
    if recognize(found).application is None:
        return found.on("unknown")
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


def _page(found: Visit, at: str) -> HttpResponseBase:
    """Show the page at an address; where its pass opens nothing any more, the way in, and why."""
    if at == "stopped":
        response = found.show("stopped")
        response["Clear-Site-Data"] = '"cache"'  # and so of pages that a browser holds ready for Back
        return response
    if not found.request.GET.get("visit"):
        return start(found, is_unknown=at == "unknown")
    if come_in(found).application is None:
        return start(found, is_closed=True)
    if at == "code":
        return _code(found)
    wanted = next((one for one in found.steps() if one.name == at), None)
    if wanted is None or not _can_change(found):
        return status(found)
    return show_step(found, wanted, None if wanted.name == "review" else shown_again(found, wanted))


def start(
    found: Visit, problem: str = "", status: int = 200, *, is_closed: bool = False, is_unknown: bool = False
) -> HttpResponseBase:
    """Show the first page: begin, or come back with a code."""
    form = ComeBackForm({"code": ""} if is_unknown else None)
    if is_unknown:
        form.errors.clear()
        form.add_error("code", _("This code leads to no application here. Check each letter, and try again."))
    return found.show(
        "start",
        status,
        state=found.page.state(local_date(found.now, found.request.pack)),
        form=form,
        problem=problem,
        is_closed=is_closed,
    )


def _begin(found: Visit) -> HttpResponseBase:
    try:
        made = applying.begin(call=found.call, lang=lang_of(found.request), now=found.now)
    except applying.CallIsNotOpen:
        return found.on("")
    found.application, found.code = made.application, made.code
    return found.on("code")


def _answer(found: Visit) -> HttpResponseBase:
    """Do what the form asks for, then lead on to the page that it goes to."""
    step = found.request.POST.get("step", "")
    if step == "mail":
        return _mail(found)
    if step in ANSWERS:
        problem = answer(found, step)
        if problem:
            applying.keep_unsaved(application=found.mine, step="status", typed={}, problems=[("", problem)])
        return found.on("status", "refused" if problem else "")
    wanted = next((one for one in found.steps() if one.name == step), None)
    try:
        if step == "send":
            return _send(found)
        if wanted and wanted.name != "review" and not save_or_keep(found, wanted):
            return found.on(wanted.name)
    except applying.CallIsNotOpen:
        typed = {"words": [found.request.POST.get("words", "")]}
        applying.keep_unsaved(application=found.mine, step="late", typed=typed, problems=[])
        return found.on("status", "late")
    return _go_on(found, found.request.POST.get("to", ""))


def _go_on(found: Visit, name: str) -> HttpResponseBase:
    if name != "stop":
        return found.on(name if any(one.name == name for one in found.steps()) else "status")
    # Nothing of the application is shown from here on: others may use this phone. The code opens it again.
    applying.close(application=found.mine)
    found.application, found.code = None, ""
    return found.on("stopped")


def _can_change(found: Visit) -> bool:
    today = local_date(found.now, found.request.pack)
    return found.page.state(today) == CallStage.OPEN and not any(one in found.mine.days for one in GONE)


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
        "has_sound": step.is_question and found.mine.recordings.filter(section=step.name).exists(),
    }
    if step.name == "review":
        context["rows"] = review_of(found.mine, steps, lang_of(found.request), found.request.pack)
        context["missing"] = [one for one in context["rows"] if one.is_missing]
    return found.show("review" if step.name == "review" else "step", **context)


def _send(found: Visit) -> HttpResponseBase:
    try:
        applying.send(application=found.mine, pack=found.request.pack, now=found.now)
    except applying.SomethingIsMissing:
        return found.on("review")
    return found.on("status", "sent")


def status(found: Visit) -> HttpResponseBase:
    """Show where an application stands, and what its owner can do."""
    today = local_date(found.now, found.request.pack)
    steps = found.steps()
    done = {one.name for one in steps if one.is_done}
    following = next((one.name for one in steps if one.name not in done), "review")
    late = unsaved_on(found.mine, "late") if found.just == "late" else None
    refused = unsaved_on(found.mine, "status") if found.just == "refused" else None
    return found.show(
        "status",
        application=found.mine,
        rows=review_of(found.mine, steps, lang_of(found.request), found.request.pack),
        state=found.page.state(today),
        can_change=_can_change(found),
        following=following,
        just_sent=found.just == "sent",
        is_late=found.just == "late",
        result=result_of(found.mine),
        problem=refused.problems[0][1] if refused else "",
        typed=late.typed["words"][0] if late else "",
        erased_after=found.page.closes + timedelta(days=found.request.pack.calls.unsent_kept_days),
    )


def _code(found: Visit) -> HttpResponseBase:
    """Show the code, and whether it was sent by email. The address it goes to is in no address of a page."""
    form = MailForm({"address": ""} if found.just == "not-mailed" else None)
    if found.just == "not-mailed":
        form.errors.clear()
        form.add_error("address", _("We could not send it. Write the code down instead."))
    told = _("It is on its way.") if found.just == "mailed" else ""
    return found.show("code", form=form, first=found.steps()[0].name, told=told)


def _mail(found: Visit) -> HttpResponseBase:
    """Send the code to an address that is not kept."""
    form = MailForm(found.request.POST)
    if not form.is_valid() or LETTERS.knock(address_of(found.request), found.now):
        return found.on("code", "not-mailed")
    return found.on(
        "code",
        "mailed"
        if letter(found.request, found.call, found.code, form.cleaned_data["address"])
        else "not-mailed",
    )
