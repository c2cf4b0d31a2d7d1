"""Pages of reviews: what is a reader's own, the panel, and the steward's desk while applications are read and decided."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST

from alongside.cohort.applications.actions import note_listener, replace_code
from alongside.cohort.applications.views import letter
from alongside.cohort.calls.forms import as_listed
from alongside.cohort.calls.models import Call, Invitee
from alongside.cohort.calls.queries import PAGE
from alongside.cohort.calls.views import call_or_404, desk_form, people_here, someone
from alongside.cohort.reviews import actions, queries
from alongside.cohort.reviews.forms import (
    DecideForm,
    ReaderForm,
    RecuseForm,
    ScoreForm,
    ShortlistForm,
    lines,
)
from alongside.cohort.reviews.models import Reading
from alongside.cohort.seats.queries.people import Someone
from alongside.core.refusals import Refused
from alongside.core.workflow.calls import Selection
from alongside.ground.gate.roles import Role, ViewerRequest, by_name, open_to, or_404
from alongside.ground.ui import sounds
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.done import Done, after
from alongside.ground.ui.languages import apart
from alongside.ground.ui.press import Typed, posted, press, taking
from alongside.ground.ui.refusals import refusal_text


@open_to(Role.PERSON)
def panel_one(request: ViewerRequest, slug: str, reference: str) -> HttpResponseBase:
    """Show one application of the shortlist to the panel and the steward: who, what was said, and its recordings to hear."""
    call = call_or_404(request, slug)
    found = or_404(queries.listed(call, reference))
    or_404(queries.may_see(found, request.viewer) or None)
    context = {"call": call, "one": found, "said": queries.said_in(found, lang_of(request))}
    return render(request, "reviews/panel_one.html", context)


@open_to(Role.PERSON)
def sound(request: ViewerRequest, slug: str, pk: int) -> HttpResponseBase:
    """Give the sound of a recording to whoever may hear it now; nobody on the way keeps it, and its name names nobody."""
    call = call_or_404(request, slug)
    found = or_404(queries.heard_recording(call, request.viewer, pk))
    note_listener(call=call, person=request.user, now=request.now)
    way = "attachment" if "save" in request.GET else "inline"
    response = sounds.sound(
        request, bytes(found.bytes.content), found.kind, way=way, name=f"recording-{found.pk}"
    )
    response["Cache-Control"] = "no-store"
    return response


@open_to(Role.PERSON)
def readings(request: ViewerRequest) -> HttpResponseBase:
    """List what the viewer has to read; a person who reads for no call has an empty list."""
    try:
        after = UUID(request.GET["after"]) if "after" in request.GET else None
    except ValueError:
        after = None
    found, more = queries.queues(request.viewer.person_id, request.program, after)
    return render(request, "reviews/readings.html", {"queues": found, "more": more, "lang": lang_of(request)})


def _mine(request: ViewerRequest, pk: UUID) -> Reading:
    return or_404(queries.reading_of(request.viewer.person_id, request.program, pk))


@open_to(Role.PERSON)
def reading(request: ViewerRequest, pk: UUID) -> HttpResponseBase:
    """Read one application without names, and judge it."""
    mine = _mine(request, pk)
    seen = queries.blind(mine, lang_of(request))
    form = ScoreForm(posted(request), rubric=seen.rubric, notes=mine.notes)

    def act(typed: Typed) -> None:
        actions.score(reading=mine, given=form.given(), notes=typed["notes"], now=request.now)

    if done := press(request, form, act, to(request, "reviews:readings")):
        return done
    context: dict[str, Any] = {
        "seen": seen,
        "form": form,
        "pairs": [(form[f"points-{one.key}"], form[f"words-{one.key}"]) for one in seen.rubric],
        "is_over": mine.reader.call.line_on is not None,
        "pk": pk,
    }
    return render(request, "reviews/reading.html", context)


@open_to(Role.PERSON)
def recuse(request: ViewerRequest, pk: UUID) -> HttpResponseBase:
    """Lay an application down because of a conflict."""
    mine = _mine(request, pk)
    form, there = RecuseForm(posted(request)), to(request, "reviews:readings")
    done = press(request, form, taking(actions.recuse, reading=mine, now=request.now), there)
    return done or render(request, "reviews/recuse.html", {"form": form, "pk": pk})


@open_to(Role.PERSON)
def panel(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show the shortlist with names to those who read for the call, once it is made."""
    call = call_or_404(request, slug)
    mine = or_404(queries.on_the_panel(call, request.viewer))
    page = paged(queries.shortlist_page(call, request.GET.get("after", "")))
    page["rows"] = queries.without_conflicts(mine, page["rows"])
    return render(request, "reviews/panel.html", {"call": call, **page})


def paged(rows: list[queries.Listed]) -> dict[str, Any]:
    """Give a page of rows and where the next one begins."""
    shown = rows[:PAGE]
    return {"rows": shown, "more": shown[-1].application.reference if len(rows) > len(shown) else ""}


@by_name
@open_to(Role.STEWARD)
def review(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Show how far the reading of a call is."""
    call = call_or_404(request, slug)
    progress, people = queries.progress(call), people_here(request)
    named = [(row, called_here(row.reader, people)) for row in progress.readers]
    context = {
        "call": call,
        "progress": progress,
        "readers": named,
        "left": left_to_read(progress, people),
        "late": queries.not_read(call, request.today).count(),
        "is_open": request.today <= call.closes,
        "reminded": queries.reminded_on(call),
        "today": request.today,
    }
    if request.GET.get("done") == Done.INVITED and named:
        _row, who = max(named, key=lambda one: one[0].reader.pk)
        context["just_done"] = invited_in_words(call, who, request.today)
    return render(request, "reviews/review_desk.html", context)


def left_to_read(progress: queries.Progress, people: Mapping[str, Someone]) -> list[str]:
    """Name who has still to read, each with how much."""
    waits = [one for one in progress.readers if one.left]
    return [f"{apart(called_here(one.reader, people))} ({one.left})" for one in waits]


def called_here(reader: Invitee, people: Mapping[str, Someone]) -> str:
    """Give what a reader is called in the list from which they were chosen, else what they were called when they were invited."""
    one = people.get(str(reader.person_id))
    return as_listed(one) if one else reader.person.called or str(reader.person.email)


def invited_in_words(call: Call, who: str, today: date) -> str:
    """Say who was invited to read, that no letter tells them, and from when they read."""
    said = {"who": apart(who), "day": day_in_words(call.closes + timedelta(days=1))}
    words = _(
        "%(who)s is invited. No letter goes out, so tell them. They read once applications are given out."
    )
    if today <= call.closes:
        words = _(
            "%(who)s is invited. No letter goes out, so tell them. They read from %(day)s on, once applications are given out."
        )
    return words % said


@by_name
@open_to(Role.STEWARD)
def add_reader(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Invite a reader."""
    call, people = call_or_404(request, slug), people_here(request)
    form = ReaderForm(posted(request), people=people)

    def act(typed: Typed) -> None:
        person = someone(typed, lang_of(request), people)
        given = {"kind": typed["kind"], "organizations": lines(typed["organizations"])}
        actions.invite_reader(call=call, person=person, now=request.now, **given)

    there = after(to(request, "reviews:review", slug=slug), Done.INVITED)
    return press(request, form, act, there) or desk_form(request, form, call, "reader")


@open_to(Role.STEWARD)
@require_POST
def spread(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Give every application two readers, evenly."""
    call, form, there = call_or_404(request, slug), Form({}), to(request, "reviews:review", slug=slug)
    done = press(request, form, taking(actions.spread, call=call, now=request.now), there)
    return done or desk_form(request, form, call, "refused")


@open_to(Role.STEWARD)
@require_POST
def remind(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Let who has still to read be told by letter that something waits."""
    call, form, there = call_or_404(request, slug), Form({}), to(request, "reviews:review", slug=slug)
    act = taking(actions.remind_readers, call=call, now=request.now)
    done = press(request, form, act, lambda count: after(there, Done.REMINDED, count))
    return done or desk_form(request, form, call, "refused")


@open_to(Role.STEWARD)
def names(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Ask before names are shown, then show them; before the shortlist the record will tell that they were opened."""
    call = call_or_404(request, slug)
    if request.method != "POST":
        return render(request, "reviews/names_ask.html", {"call": call})
    actions.open_names(call=call, person=request.user, now=request.now)
    rows = queries.name_page(call, request.POST.get("after", ""))
    shown = rows[:PAGE]
    more = shown[-1].reference if len(rows) > len(shown) else ""
    response = render(request, "reviews/names.html", {"call": call, "rows": shown, "more": more})
    response["Cache-Control"] = "no-store"
    return response


@open_to(Role.STEWARD)
@require_POST
def new_code(request: ViewerRequest, slug: str, reference: str) -> HttpResponseBase:
    """Give an applicant who lost theirs a new code: by letter, or shown once where they left no address."""
    call = call_or_404(request, slug)
    found = or_404(call.applications.live().filter(reference=reference).first())
    actions.open_names(call=call, person=request.user, now=request.now)
    given: dict[str, object] = {"call": call, "one": found}

    def send(code: str, address: str) -> bool:
        with override(found.lang):
            return letter(request, call, code, address, is_renewed=True)

    try:
        given["code"] = replace_code(application=found, send=send, now=request.now)
    except Refused as refused:
        given["refused"] = refusal_text(refused, request.pack)
    response = render(request, "reviews/new_code.html", given)
    response["Cache-Control"] = "no-store"
    return response


@by_name
@open_to(Role.STEWARD)
def shortlist(request: ViewerRequest, slug: str) -> HttpResponseBase:
    """Draw the line; with the line drawn, list the shortlist and what is decided of it."""
    call = call_or_404(request, slug)
    if call.line_on:
        rows = queries.shortlist_page(call, request.GET.get("after", ""))
        context = {"call": call, "sums": queries.sums(call), **paged(rows)}
        return render(request, "reviews/shortlist.html", context)
    form, progress = ShortlistForm(posted(request), initial={"percent": 60}), queries.progress(call)

    def act(typed: Typed) -> None:
        given = {"share": 10 * typed["percent"], "reasons": typed["reasons"], "by": request.user}
        actions.make_shortlist(call=call, now=request.now, **given)

    done = press(request, form, act, to(request, "reviews:shortlist", slug=slug))
    left = left_to_read(progress, people_here(request)) if progress.unread else []
    return done or desk_form(request, form, call, "shortlist", progress=progress, left=left)


@open_to(Role.STEWARD)
def decide(request: ViewerRequest, slug: str, reference: str) -> HttpResponseBase:
    """Write down what the panel decided of one application on the shortlist."""
    call = call_or_404(request, slug)
    found = or_404(queries.listed(call, reference))
    form = DecideForm(posted(request), with_lottery=call.selection == Selection.PANEL_THEN_LOTTERY)
    there = to(request, "reviews:shortlist", slug=slug)
    given: Typed = {"application": found, "now": request.now}
    return press(request, form, taking(actions.decide, **given), there) or render(
        request,
        "reviews/decide.html",
        {"form": form, "call": call, "one": found, "readings": queries.readings_of(found)},
    )
