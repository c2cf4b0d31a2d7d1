"""Pages of applications: applying in small saved steps, typing in for someone, writing recordings down, and what came in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import send_mail
from django.http import Http404, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from alongside.cohort.applications import actions, queries
from alongside.cohort.applications.actions import (
    CallClosedError,
    IncompleteApplicationError,
    confirm_read_back,
    save_balance,
)
from alongside.cohort.applications.forms import (
    NO,
    YES,
    AboutYouForm,
    AnswerForm,
    BalanceForm,
    BringsForm,
    ComeBackForm,
    ComingForm,
    ConflictsForm,
    MailForm,
    NeedsForm,
    ReadBackForm,
    TranscriptForm,
    WhoForm,
)
from alongside.cohort.applications.models import (
    TIES,
    AccessNeeds,
    Answer,
    Application,
    ConflictForm,
    Contact,
    Recording,
)
from alongside.cohort.applications.queries import (
    Step,
    balance_of,
    counts_of,
    result_of,
    review_of,
    shown_from,
    typed_in,
    typed_in_by,
    unsaved_on,
)
from alongside.cohort.applications.visits import MOST_SENT, TRAP, InMemory, Visit, come_in, recognize, visit
from alongside.cohort.calls.models import TYPES_IN, Call
from alongside.cohort.calls.queries import (
    TYPISTS,
    call_list,
    helper_of,
    helps,
    may_type_in,
    may_write_down,
    rules_of,
)
from alongside.cohort.calls.views import call_or_404, the_call, title_of
from alongside.core.clocks import local_date
from alongside.core.disclosure import Band, band
from alongside.core.quotas import by_category
from alongside.core.refusals import Refused, UnusableInputError
from alongside.core.workflow.applications import GONE
from alongside.core.workflow.calls import CallStage
from alongside.ground.gate.limits import (
    APPLICATIONS_AN_HOUR,
    LARGEST_RECORDING,
    LETTERS_AN_HOUR,
    MEGABYTE,
    Doorman,
    address_of,
)
from alongside.ground.gate.roles import NotOpenToYou, Role, Viewer, ViewerRequest, open_to, or_404
from alongside.ground.people.models import Person
from alongside.ground.ui.addresses import lang_of, number_in, to
from alongside.ground.ui.press import Typed, posted, press, taking
from alongside.ground.ui.refusals import refusal_text


def answer(found: Visit, step: str) -> str:
    """Answer an offer, or withdraw; give what stands in the way, or nothing."""
    try:
        if step == "withdraw" and found.request.POST.get("sure") != "yes":
            return _("Nothing was erased. To withdraw it, tick “I am sure” first.")
        if step == "withdraw":
            actions.withdraw(application=found.mine, now=found.now)
        else:
            actions.ANSWERS[step](application=found.mine, now=found.now)
    except Refused as error:
        return refusal_text(error)
    return ""


def letter(request: ViewerRequest, call: Call, code: str, address: str, *, is_renewed: bool = False) -> bool:
    """Send the code; say whether it went out. `is_renewed` says that whoever runs the program made it, and the one before is shut."""
    page = f"{settings.ALONGSIDE.address}{to(request, 'applications:apply', slug=call.slug)}"
    asked = _(
        "Whoever has the code can read and change what you wrote. If you did not ask for it, delete this letter."
    )
    renewed = _(
        "Whoever runs the program made this new code; the one before it does not work any more. Nobody else was shown it. "
        "If you did not ask for it, use it all the same, and write to them."
    )
    words = [
        _("This is your new code:") if is_renewed else _("This is the code that you asked for:"),
        code,
        _("Type it in on this page to come back:"),
        page,
        renewed if is_renewed else asked,
    ]
    try:
        return bool(send_mail(_("Your code to come back"), "\n\n".join(words) + "\n", None, [address]))
    except OSError:
        return False


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
        initial = {name: said[getattr(saved, name)] for name in TIES}
        initial |= {"organizations": "\n".join(saved.organizations), "words": saved.words}
    return ConflictsForm(data, initial=initial)


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
        actions.drop_unsaved(application=visit.mine)
        return True
    if step.kind in KEEPS:
        typed = QueryDict(mutable=True)
        typed.update(form.data)
        kept = {name: typed.getlist(name) for name in form.fields if name in typed}
        if isinstance(form, AnswerForm) and "words" not in form.errors:
            kept["seen"] = [str(Answer.objects.get(application=visit.mine, section=step.name).revision)]
        problems = [(field, str(one)) for field, found in form.errors.items() for one in found]
        actions.keep_unsaved(application=visit.mine, step=step.name, typed=kept, problems=problems)
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
        actions.save_contact(values=values, **given)
    elif isinstance(form, BringsForm):
        actions.save_brings(sought=[f"sought-{key}" for key in typed["brings"]], **given)
    elif isinstance(form, AnswerForm):
        return _save_answer(visit, step, form)
    elif isinstance(form, BalanceForm):
        save_balance(values=form.values(), **given)
    elif isinstance(form, NeedsForm):
        actions.save_needs(words=typed["words"], **given)
    elif isinstance(form, ConflictsForm):
        actions.save_conflicts(values=form.values(), **given)
    elif isinstance(form, AboutYouForm):
        actions.count_about_you(chosen=form.chosen(), **given)
    return None


def _save_answer(visit: Visit, step: Step, form: AnswerForm) -> forms.Form | None:
    typed = form.cleaned_data
    given: dict[str, Any] = {"application": visit.mine, "section": step.name, "now": visit.now}
    try:
        actions.save_answer(words=typed["words"], seen=typed["seen"] or 0, **given)
    except actions.EditConflictError as error:
        return _both(form, error.saved)
    try:
        if typed["sound"]:
            actions.save_recording(content=typed["sound"].read(), **given)
        elif typed.get("drop_sound"):
            actions.drop_recording(**given)
    except (Refused, UnusableInputError) as error:
        form.add_error("sound", _said(error))
    if _was_too_large(visit):
        form.add_error("sound", _too_large())
    return form if form.errors else None


def _said(error: Exception) -> str:
    if isinstance(error, UnusableInputError):
        return (
            str(error)
            if error.why == "room"
            else _("We cannot play this file. Send MP3, M4A, WAV, OGG or AMR. Your words were saved.")
        )
    return _too_large()


def _too_large() -> str:
    words = _("This file is larger than %(most)s MB, so it was not kept. Your words were saved.")
    return words % {"most": LARGEST_RECORDING // MEGABYTE}


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


DOOR = Doorman(most=APPLICATIONS_AN_HOUR, name="applications")
LETTERS = Doorman(most=LETTERS_AN_HOUR, name="letters")
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
        # What was typed stays in this one answer, which nobody keeps: in no address, and in no row.
        return start(found, is_unknown=True) if request.POST.get("step") == "open" else found.on("unknown")
    return _answer(found)


def _refused(found: Visit) -> HttpResponseBase | None:
    """Turn away what is too large, too often or filled in by a machine; None where nothing is wrong."""
    request = found.request
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    if size > MOST_SENT:
        words = _("What you sent is too large to take in. Send a recording of up to %(most)s MB.")
        return start(found, words % {"most": LARGEST_RECORDING // MEGABYTE}, TOO_LARGE)
    if DOOR.knock(address_of(request), found.now, weight=1 + size // MEGABYTE):  # a recording counts as many
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
        response = found.show("stopped", is_open=_is_open(found))
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
    typed = found.request.POST if found.request.method == "POST" else {"code": ""}
    form = ComeBackForm(typed if is_unknown else None)
    if is_unknown and (form.is_valid() or not typed.get("code")):
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
        made = actions.begin(call=found.call, lang=lang_of(found.request), now=found.now)
    except actions.CallClosedError:
        return found.on("")
    found.application, found.code = made.application, made.code
    return found.on("code")


def _answer(found: Visit) -> HttpResponseBase:
    """Do what the form asks for, then lead on to the page that it goes to."""
    step = found.request.POST.get("step", "")
    if step == "mail":
        return _mail(found)
    if step in {*actions.ANSWERS, "withdraw"}:
        problem = answer(found, step)
        if problem:
            actions.keep_unsaved(application=found.mine, step="status", typed={}, problems=[("", problem)])
        return found.on("status", "refused" if problem else "")
    wanted = next((one for one in found.steps() if one.name == step), None)
    try:
        if step == "send":
            return _send(found)
        if wanted and wanted.name != "review" and not save_or_keep(found, wanted):
            return found.on(wanted.name)
    except actions.CallClosedError:
        typed = {"words": [found.request.POST.get("words", "")]}
        actions.keep_unsaved(application=found.mine, step="late", typed=typed, problems=[])
        return found.on("status", "late")
    return _go_on(found, found.request.POST.get("to", ""))


def _go_on(found: Visit, name: str) -> HttpResponseBase:
    if name != "stop":
        return found.on(name if any(one.name == name for one in found.steps()) else "status")
    # Nothing of the application is shown from here on: others may use this phone. The code opens it again.
    actions.close(application=found.mine)
    found.application, found.code = None, ""
    return found.on("stopped")


def _can_change(found: Visit) -> bool:
    return _is_open(found) and not any(one in found.mine.days for one in GONE)


def _is_open(found: Visit) -> bool:
    return found.page.state(local_date(found.now, found.request.pack)) == CallStage.OPEN


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
        actions.send(application=found.mine, pack=found.request.pack, now=found.now)
    except actions.IncompleteApplicationError:
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
        today=today,
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


def _me(request: ViewerRequest) -> Person:
    """Give who types; only people who signed in come here."""
    return cast("Person", request.user)


def _open(request: ViewerRequest, slug: str) -> Visit:
    found = visit(request, slug)
    if not may_type_in(found.call, request.viewer):
        raise NotOpenToYou(frozenset(TYPISTS))
    return or_404(found if found.page.state(request.today) == CallStage.OPEN else None)


def _theirs(request: ViewerRequest, slug: str, reference: str) -> Visit:
    found = _open(request, slug)
    found.application = or_404(typed_in(found.call, request.viewer, reference))
    return found


def _pages(found: Visit) -> list[Step]:
    """List the pages to type in; the one that is only counted is typed in apart."""
    return [one for one in found.steps() if one.name not in {"about-you", "review"}]


@open_to(Role.PERSON)
def choose(request: ViewerRequest) -> HttpResponseBase:
    """List the calls that are open, to type an application in: all of them, or those one was invited to help with."""
    today = request.today
    found = [
        one for one in call_list(request.program, lang_of(request)) if one.state(today) == CallStage.OPEN
    ]
    if not request.viewer.has(*TYPISTS):
        invited = {one.call.slug for one in helps(request.program, request.viewer, TYPES_IN)}
        found = [one for one in found if one.slug in invited]
    return render(request, "applications/typing_in.html", {"rows": found})


@open_to(Role.PERSON)
def begin(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Say how an application came, and begin to type it in."""
    found = _open(request, slug)
    langs = [(one.code, one.name) for one in request.pack.languages]
    helper = helper_of(found.call, request.viewer, TYPES_IN)
    form = ComingForm(
        posted(request), langs=langs, is_helper=helper is not None, initial={"lang": lang_of(request)}
    )

    def act(typed: Typed) -> Application:
        said = {"organization": helper.organization if helper else "", **typed}
        return actions.assist(call=found.call, by=_me(request), now=found.now, **said)

    def onward(made: Application) -> str:
        return to(request, "applications:assist_step", slug=slug, reference=made.reference, step="who")

    if done := press(request, form, act, onward):
        return done
    waiting = typed_in_by(found.call, request.viewer)
    return found.show(
        "assist", form=form, waiting=waiting, helper=helper, has_sheet=bool(request.pack.calls.asked)
    )


@open_to(Role.PERSON)
def step(request: ViewerRequest, slug: str, reference: str, step: str) -> HttpResponseBase:
    """Type one page in."""
    found = _theirs(request, slug, reference)
    pages = _pages(found)
    names = [one.name for one in pages]
    or_404(step if step in names else None)
    place = names.index(step)
    form = save(found, pages[place]) if request.method == "POST" else form_of(found, pages[place])
    if form is None:
        return _next(request, slug, reference, names[place + 1 :])
    context: dict[str, Any] = {
        "step": pages[place],
        "form": form,
        "number": place + 1,
        "count": len(pages) + 1,
    }
    return found.show("assist_step", application=found.mine, **context)


def _next(request: ViewerRequest, slug: str, reference: str, left: list[str]) -> HttpResponseBase:
    place = {"slug": slug, "reference": reference}
    if left:
        return HttpResponseRedirect(to(request, "applications:assist_step", step=left[0], **place))
    return HttpResponseRedirect(to(request, "applications:read_back", **place))


@open_to(Role.PERSON)
def read_back(request: ViewerRequest, slug: str, reference: str) -> HttpResponseBase:
    """Show what was typed in, to be read back; once the applicant agrees, send it and print the code."""
    found = _theirs(request, slug, reference)
    form = ReadBackForm(posted(request))
    if form.is_valid():
        try:
            code = confirm_read_back(
                application=found.mine, by=_me(request), pack=request.pack, now=found.now
            )
        except (IncompleteApplicationError, CallClosedError):
            form.add_error(None, _("Some pages must be filled in first. They are marked “Still missing”."))
        else:
            return found.show("slip", application=found.mine, slip=code)
    rows = review_of(found.mine, _pages(found), lang_of(request), request.pack)
    return found.show("read_back", application=found.mine, rows=rows, form=form)


@open_to(Role.PERSON)
def sheet(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Type in a separate sheet about someone: it is counted, and tied to no application."""
    found = _open(request, slug)
    asked = or_404(request.pack.calls.asked or None)
    form = AboutYouForm(posted(request), demographics=asked, lang=lang_of(request))

    def act(_typed: Typed) -> None:
        actions.add_counts(call=found.call, chosen=form.chosen(), now=found.now)

    there = to(request, "applications:assist", slug=slug)
    return press(request, form, act, there) or found.show("sheet", form=form)


def call_where(request: ViewerRequest, slug: str, may: Callable[[Call, Viewer], bool]) -> Call:
    """Give the call where the viewer may do this there. A steward who reads is told why not; to others it is not here."""
    call = call_or_404(request, slug)
    if may(call, request.viewer):
        return call
    if request.viewer.has(Role.STEWARD) and may is may_write_down:
        raise PermissionDenied(
            _(
                "You read for this call, so you get words and never a voice. Ask a helper to write recordings down."
            )
        )
    raise Http404


@open_to(Role.PERSON)
def recordings(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """List the recordings that nobody has written down."""
    call = call_where(request, slug, may_write_down)
    context = {
        "call": call,
        "rows": queries.recordings_of(call),
        "is_steward": request.viewer.has(Role.STEWARD),
    }
    return render(request, "applications/recordings.html", context)


@open_to(Role.PERSON)
def write_down(request: ViewerRequest, slug: str, pk: int) -> HttpResponseBase:
    """Listen to a recording and write down what it says."""
    call = call_where(request, slug, may_write_down)
    found = or_404(queries.recording_by(call, pk))
    form, there = TranscriptForm(posted(request)), to(request, "applications:recordings", slug=slug)
    given: Typed = {
        "recording": found,
        "lang": found.application.lang,
        "by": request.user,
        "now": request.now,
    }
    if done := press(request, form, taking(actions.transcribe, **given), there):
        return done
    asked, told = call.say(found.section, lang_of(request))
    context = {"form": form, "call": call, "recording": found, "asked": asked, "asked_lang": told}
    return render(request, "applications/write_down.html", context)


@open_to(Role.STEWARD)
def applications(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """List what came in, without names, in an order that tells nothing."""
    found = the_call(request, slug)
    asked = request.GET.get("page", "1")
    page = queries.applications_of(found, number_in(asked, 1))
    withdrawn = band(page.counts["withdrawn"], request.pack)
    context = {
        "call": found,
        "title": title_of(found),
        "found": page,
        "k": request.pack.k,
        "withdrawn": withdrawn if isinstance(withdrawn, Band) else None,
    }
    return render(request, "applications/applications.html", context)


@open_to(Role.STEWARD)
def counts(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show what the pack demands to be counted about applicants, as ranges, once the call has closed; never joined to anything."""
    found, today = the_call(request, slug), request.today
    context = {
        "call": found,
        "rows": counts_of(found, request.pack, lang_of(request), today),
        "is_asked": bool(request.pack.calls.asked),
        "shown_from": shown_from(found),
        "k": request.pack.k,
    }
    return render(request, "applications/counts.html", context)
