"""Partner rooms: where the leads and the staff of one project or workplan talk, and say which level a quarter reached."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from alongside.chain.commitments.queries import Step, to_claim
from alongside.ground.gate.roles import Role, ViewerRequest, by_name, open_to, or_404
from alongside.ground.programs.models import STEWARD
from alongside.ground.record.actions.entries import Text
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.addresses import lang_of, number_in, to
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.done import Done, after
from alongside.ground.ui.pages import page_of
from alongside.ground.ui.press import Typed, posted, press
from alongside.work.partners import actions, forms, queries
from alongside.work.partners.models import Room
from alongside.work.projects.actions import assess_project
from alongside.work.projects.forms import levels_of
from alongside.work.projects.queries import quarter_in_words
from alongside.work.workplans.actions import assess_plan

if TYPE_CHECKING:
    from collections.abc import Callable

#: So much of a conversation is on one page.
MESSAGES = 20


def place_of(request: ViewerRequest, what: str, slug: str) -> queries.Place:
    """Give a room that the viewer is in; to everyone else there is no such page."""
    log, lang = log_of(request), lang_of(request)
    return or_404(queries.place_for(request.program, log, request.pack, request.viewer, lang, what, slug))


def log_of(request: ViewerRequest) -> RowsLog:
    """Give the record as the rules look at it."""
    return RowsLog.at(request.program, request.stand.log, request.stand.size)


def kept(place: queries.Place) -> Room:
    """Give the row of a room, which is kept from its first use on."""
    room = place.room
    return actions.open_room(program=room.program, project=room.project, workplan=room.workplan)


def here_in(request: ViewerRequest, place: queries.Place) -> list[queries.Participant]:
    """List who is in a room, in the language of the page; the lead who reads it is "You"."""
    found = queries.people_in(place.room, request.today, lang_of(request))
    return [replace(one, name=_("You")) if one.actor == request.viewer.seat else one for one in found]


def shown_in(request: ViewerRequest, place: queries.Place, **more: Any) -> dict[str, Any]:
    """Give what every page of a room shows."""
    home = to(request, "desks:room", what=place.what, slug=place.slug)
    return {"of": place, "title": place.title, "title_lang": place.lang, "home": home, **more}


@open_to(Role.LEAD, Role.STAFF, Role.STEWARD)
def rooms(request: ViewerRequest) -> HttpResponseBase:
    """List the viewer's partner rooms, each with how much in it is new."""
    lang, pack = lang_of(request), request.pack
    unread = queries.unread_by(request.program, request.viewer, request.today)
    found = queries.places_for(request.program, log_of(request), pack, request.viewer)
    page = page_of(found, request.GET.get("page"))
    shown = queries.named(request.program, pack, list(page), lang)
    rows = [(one, one.title, unread.get(one.room.pk, 0)) for one in shown]
    return render(request, "desks/rooms.html", {"rows": rows, "page": page})


@by_name
@open_to(Role.LEAD, Role.STAFF, Role.STEWARD)
def room(request: ViewerRequest, what: str, slug: str) -> HttpResponseBase:
    """Show a room, and take in a message to everyone else in it."""
    place, promised = place_of(request, what, slug), _promised(request)
    form = forms.SayForm(posted(request), initial={"words": _about(promised)} if promised else None)
    actor, lang = queries.actor_in(place, request.viewer), lang_of(request)

    def act(typed: Typed) -> None:
        actions.write(
            room=kept(place),
            person=request.user,
            actor=actor,
            words=typed["words"],
            lang=lang,
            now=request.now,
            about=promised.standing.address if promised else "",
        )

    more = shown_in(request, place, promised=promised)
    onward = after(f"{more['home']}#said-h", Done.SAID)
    if promised:
        onward = after(to(request, "desks:unit"), Done.WRITTEN)
    return press(request, form, act, onward) or render(
        request, "desks/room.html", {**more, "form": form, **_inside(request, place)}
    )


def _promised(request: ViewerRequest) -> Step | None:
    """Give the promise of the viewer's office, late or not, from whose page they came to write. Three queries where there is one."""
    entry, _joint, milestone = request.GET.get("promise", "").partition("/")
    if not milestone:
        return None
    return to_claim(request.program, request.viewer, number_in(entry), milestone, lang_of(request))


def _about(promised: Step) -> str:
    """Begin a message with the promise that it is about, so that those who read it know."""
    about = _("About “%(what)s”, due on %(day)s:")
    return about % {"what": promised.words, "day": day_in_words(promised.standing.due)} + " "


def _inside(request: ViewerRequest, place: queries.Place) -> dict[str, Any]:
    """Give what is in a room, each line with the name of whoever wrote it."""
    here, pack, lang = here_in(request, place), request.pack, lang_of(request)

    def who(actor: str, *, is_own: bool) -> str:
        return _("You") if is_own else queries.name_of(actor, here, pack, lang)

    me = queries.actor_in(place, request.viewer)
    said = queries.said_in(place.room, request.today, me)
    page = Paginator(said, MESSAGES).get_page(request.GET.get("page"))
    owed = queries.owed_in(place.room)
    return {
        "here": here,
        "room": place.room,
        "page": page,
        "said": [
            (
                one,
                who(one.actor, is_own=one.writer_id == request.viewer.person_id),
                _pen(one.actor),
                queries.move_in_words(one),
            )
            for one in page
        ],
        "owed": [(one, who(one.actor, is_own=one.actor == request.viewer.seat)) for one in owed],
        "unread": queries.unread_by(request.program, request.viewer, request.today).get(place.room.pk, 0),
        "days": pack.charter.message_kept_days,
        "is_party": me != STEWARD,
        "quarter": _owed_quarter(request, place),
    }


def _pen(actor: str) -> str:
    return "community" if actor.startswith("seat-") else "city"


def _owed_quarter(request: ViewerRequest, place: queries.Place) -> str:
    """Name the quarter of which the viewer can speak for their side; empty where there is none."""
    owed = queries.quarters_owed(log_of(request), request.viewer, [place], request.today)
    return quarter_in_words(owed[0][1]) if owed else ""


@open_to(Role.LEAD, Role.STAFF, Role.STEWARD)
def notes(request: ViewerRequest, what: str, slug: str) -> HttpResponseBase:
    """Change the next meeting and the notes that all in a room share."""
    place = place_of(request, what, slug)
    stands = {name: getattr(place.room, name) for name in ("meets_on", "meets_at", "notes")}
    form = forms.NotesForm(posted(request), stands=str(place.room.saved), initial=stands)

    def act(typed: Typed) -> None:
        actions.save_notes(room=kept(place), **{name: typed[name] for name in stands})

    more = shown_in(request, place, form=form)
    return press(request, form, act, more["home"]) or render(request, "desks/room_notes.html", more)


@by_name
@open_to(Role.LEAD, Role.STAFF, Role.STEWARD)
def owe(request: ViewerRequest, what: str, slug: str) -> HttpResponseBase:
    """Write down what somebody in a room does for the others."""
    place = place_of(request, what, slug)
    people = {one.actor: one.name for one in here_in(request, place)}
    form = forms.OwedForm(posted(request), lists={"actor": list(people.items())})

    def act(typed: Typed) -> None:
        actions.add_owed(room=kept(place), lang=lang_of(request), **typed)

    more = shown_in(request, place, form=form)
    return press(request, form, act, more["home"] + "#owed-h") or render(
        request, "desks/room_owed.html", more
    )


@require_POST
@open_to(Role.LEAD, Role.STAFF, Role.STEWARD)
def mark(request: ViewerRequest, what: str, slug: str) -> HttpResponseBase:
    """Take in one press in a room: all is read, something is done, or the steward comes or goes."""
    place, pressed = place_of(request, what, slug), request.POST
    room, done = kept(place), pressed.get("done", "")
    actor = queries.actor_in(place, request.viewer)
    moves = {"ask": actions.ask_steward, "thank": actions.thank_steward}

    def act(_typed: Typed) -> None:
        move = next((one for name, one in moves.items() if name in pressed), None)
        if done.isdecimal():
            actions.tick_off(room=room, owed=int(done), now=request.now)
        elif move:
            move(room=room, person=request.user, actor=actor, now=request.now)
        else:
            actions.mark_read(room=room, person=request.user)

    home = shown_in(request, place)["home"]
    left = "thank" in pressed and actor == STEWARD
    return or_404(press(request, Form(pressed), act, to(request, "desks:rooms") if left else home))


@open_to(Role.LEAD, Role.STAFF)
def level(request: ViewerRequest, what: str, slug: str) -> HttpResponseBase:
    """Say for the viewer's side which level of participation the last quarter reached, on the record."""
    place = place_of(request, what, slug)
    quarter = or_404(place.quarter(request.today) or None)
    form = forms.LevelForm(posted(request), levels=levels_of(request.pack, lang_of(request)))
    by, lang = queries.actor_in(place, request.viewer), lang_of(request)
    project, plan = place.room.project, place.room.workplan
    assess: Callable[..., object] = (
        partial(assess_project, project=project) if project else partial(assess_plan, plan=or_404(plan))
    )

    def act(typed: Typed) -> None:
        words = Text(lang, typed["words"])
        assess(quarter=quarter, level=typed["level"], words=words, by=by, now=request.now)

    more = shown_in(request, place, form=form, quarter=quarter_in_words(quarter))
    return press(request, form, act, more["home"]) or render(request, "desks/room_level.html", more)
