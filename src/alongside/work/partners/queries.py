"""Which rooms a viewer is in, who else is there, and what was said."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from alongside.cohort.messages.queries import COORDINATOR
from alongside.cohort.seats.queries.seats import leads_today, suspended
from alongside.core.entries import unit_of
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.words import as_seen
from alongside.core.workflow.levels import ASSESSED, by_quarter, first_day, last_over, quarter_of
from alongside.core.workflow.workplans import COMMUNITY
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.people.models import Person, Profile
from alongside.ground.programs.models import STEWARD, Program
from alongside.ground.programs.queries import answers_today, pack_of, posts_today, stewards_on
from alongside.ground.record.persons import BoundLead
from alongside.ground.record.queries import texts_of
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.leads import chosen_name, lead_by_name
from alongside.work.partners.models import Move, Owed, Room, Said, Unread
from alongside.work.projects.models import Project
from alongside.work.projects.queries import Above, stands_on, working_on
from alongside.work.workplans.models import Workplan
from alongside.work.workplans.queries import (
    PlanShown,
    PlanSides,
    every_plan,
    plans_without_words,
)

#: The two kinds of rooms, as they stand in addresses.
PROJECTS, WORKPLANS = "projects", "workplans"
#: What has a room, by the kind of its entry.
HAS_ROOM = {EntryKind.PROJECT_REGISTERED: PROJECTS, EntryKind.WORKPLAN_PROPOSED: WORKPLANS}


@dataclass(frozen=True)
class Place:
    """A room as its people find it: the project or the workplan that has it. Its row is made when somebody uses the room."""

    of: Project | Workplan
    saved: Room | None
    what: str
    slug: str
    units: tuple[str, ...]
    #: The entry that began it, and its day; None before both sides signed a workplan.
    entry: int
    begun: date | None
    #: The entry that names it; None before a workplan is signed by one side.
    about: int | None = None
    title: str = ""
    lang: str = ""

    @cached_property
    def room(self) -> Room:
        """Give the row of the room, as it is saved or as it would be."""
        room = self.saved or Room(program=self.of.program)
        if isinstance(self.of, Project):
            room.project = self.of
        else:
            room.workplan = self.of
        return room

    def quarter(self, today: date) -> str:
        """Name the quarter that both sides speak of today: the last one that is over; empty where this was begun later."""
        last = last_over(today)
        return last if self.begun and first_day(last) >= first_day(quarter_of(self.begun)) else ""


@dataclass(frozen=True)
class Participant:
    """Somebody who is in a room: as whom, and the account."""

    actor: str
    person: Person
    name: str

    @property
    def pen(self) -> str:
        """Give the side on whose behalf they are there."""
        return "community" if self.actor.startswith("seat-") else "city"


def places_for(
    program: Program,
    log: RowsLog,
    pack: Pack,
    viewer: Viewer,
    every: Mapping[Workplan, PlanSides] | None = None,
    signed: Sequence[PlanShown] | None = None,
) -> list[Place]:
    """List the rooms that the viewer is in: of leads and staff those of their work, of the steward those they were asked into.

    Five queries at most, and those of the log. `every` and `signed` are the workplans, and those on the record, if they are known.
    """
    rooms = list(Room.objects.filter(program=program))
    if not viewer.has(Role.LEAD, Role.STAFF) and not any(_is_asked(viewer, one) for one in rooms):
        return []
    every = every_plan(program) if every is None else every
    signed = plans_without_words(log) if signed is None else signed
    of_plans: dict[int | None, Room] = {one.workplan_id: one for one in rooms if one.workplan_id}
    return [
        *_projects(program, log, viewer, {one.project_id: one for one in rooms if one.project_id}),
        *_plans({one.slug: one for one in signed}, pack, viewer, of_plans, every),
    ]


def named(program: Program, pack: Pack, places: Sequence[Place], lang: str) -> list[Place]:
    """Give rooms with what each is called. One query."""
    texts = texts_of(program, [one.about for one in places if one.about is not None], lang)
    titles = [texts.get(-1 if one.about is None else one.about, {}).get("title") for one in places]
    return [
        replace(one, title=title.words, lang=title.lang)
        if title
        else replace(one, title=without_title(one, pack, lang))
        for one, title in zip(places, titles, strict=True)
    ]


def place_for(
    program: Program, log: RowsLog, pack: Pack, viewer: Viewer, lang: str, what: str, slug: str
) -> Place | None:
    """Give one of the viewer's rooms, or None."""
    mine = [one for one in places_for(program, log, pack, viewer) if (one.what, one.slug) == (what, slug)]
    for one in mine:
        one.of.program = program  # as is known, so that it is not read again
    return next(iter(named(program, pack, mine, lang)), None)


def _is_asked(viewer: Viewer, room: Room | None) -> bool:
    return viewer.has(Role.STEWARD) and room is not None and room.steward_since is not None


def _projects(
    program: Program, log: RowsLog, viewer: Viewer, rooms: Mapping[int | None, Room]
) -> list[Place]:
    """List the projects on which a lead works that are the viewer's."""
    works = working_on(log)
    if not works:
        return []
    own = [slug for slug, seats in works.items() if viewer.seat in seats]
    theirs = Q(slug__in=own) | Q(unit__slug__in=viewer.answers_for) | Q(pk__in=[one for one in rooms if one])
    found = Project.objects.filter(theirs, program=program).select_related("unit").order_by("-pk")
    mine = []
    for one in found:
        if one.slug not in works:
            continue
        room = rooms.get(one.pk)
        if viewer.seat in works[one.slug] or one.unit.slug in viewer.answers_for or _is_asked(viewer, room):
            mine.append((one, room))
    begun = log.some(one.entry for one, _room in mine)
    return [
        Place(one, room, PROJECTS, one.slug, (one.unit.slug,), one.entry, begun[one.entry].date, one.entry)
        for one, room in mine
    ]


def _plans(
    signed: Mapping[str, PlanShown],
    pack: Pack,
    viewer: Viewer,
    rooms: Mapping[int | None, Room],
    every: Mapping[Workplan, PlanSides],
) -> list[Place]:
    """List the workplans that are the viewer's."""
    mine = []
    here: dict[str, str] = {}  # who answers today for a unit: the same few in many plans
    for one, sides in every.items():
        room, units = rooms.get(one.pk), sides.units
        is_ours = sides.cohort == viewer.cohort or viewer.answers_for.intersection(units)
        if is_ours or _is_asked(viewer, room):
            here |= {slug: answers_today(pack, slug) for slug in units if slug not in here}
            mine.append(_plan(one, room, signed.get(one.slug), {here[slug] for slug in units}))
    return mine


def _plan(plan: Workplan, room: Room | None, shown: PlanShown | None, units: Collection[str]) -> Place:
    first = shown.standing.versions[0].proposed if shown and shown.standing.in_force else None
    entry, begun = (first.index, first.date) if first else (-1, None)
    about = shown.shown.proposed.index if shown else None
    return Place(plan, room, WORKPLANS, plan.slug, tuple(sorted(units)), entry, begun, about)


def people_in(room: Room, today: date, lang: str = "en") -> list[Participant]:
    """List who is in a room today, each once: leads first, then staff, then the steward where they were asked. Seven queries at most."""
    return list({one.person.pk: one for one in reversed(pens_in(room, today, lang))}.values())[::-1]


def pens_in(room: Room, today: date, lang: str = "en") -> list[Participant]:
    """List as whom people write in a room today: somebody with two offices of its units in each. Seven queries at most."""
    program, pack = room.program, pack_of(room.program)
    asked = stewards_on(program, today) if room.steward_since else []
    units = {answers_today(pack, one) for one in units_of(room)}
    return [
        *_leads(room, today),
        *(
            Participant(one.office.public_id, one.person, pack.office_title(one.office.public_id, lang))
            for one in posts_today(program, today)
            if one.office and one.office.unit.slug in units
        ),
        *(Participant(STEWARD, one.person, str(COORDINATOR)) for one in asked),
    ]


def _leads(room: Room, today: date) -> list[Participant]:
    """List the leads of a room, each as the page calls them."""
    seated, project = leads_today(room.program, today), room.project
    if project:
        works = working_on(RowsLog.of(room.program)).get(project.slug, set())
        seated = [one for one in seated if one.public_id in works]
    elif room.workplan:
        seated = [one for one in seated if one.cohort_id == room.workplan.cohort_id]
    stopped = suspended(room.program, [one.public_id for one in seated], today)
    shown = Profile.objects.filter(person__in=[one.person_id for one in seated], is_public=True)
    names = dict(shown.exclude(shown_name="").values_list("person", "shown_name"))
    called = {
        one: chosen_name(one.public_id) or names.get(one.person_id, "")
        for one in seated
        if one.public_id not in stopped
    }
    alike = Counter(map(as_seen, called.values()))
    return [
        Participant(
            one.public_id, one.person, lead_by_name(one.public_id, name, with_place=alike[as_seen(name)] > 1)
        )
        for one, name in called.items()
    ]


def units_of(room: Room) -> list[str]:
    """Name the units whose staff are in a room."""
    if room.workplan:
        return [one.slug for one in room.workplan.units.all()]
    return [room.project.unit.slug] if room.project else []


def actor_in(place: Place, viewer: Viewer) -> str:
    """Give as whom the viewer writes in a room they are in: their seat, their office there, or the steward."""
    offices = (viewer.office_in(unit) for unit in place.units)
    return viewer.seat or next(filter(None, offices), None) or STEWARD


def name_of(actor: str, here: Collection[Participant], pack: Pack, lang: str) -> str:
    """Name a seat, an office or the steward, also where nobody of that name is there any more."""
    names = {one.actor: one.name for one in here}
    if actor in names:
        return names[actor]
    if actor == STEWARD:
        return str(COORDINATOR)
    return pack.office_title(actor, lang) if "/" in actor else lead_by_name(actor)


def said_in(room: Room, today: date, reader: str) -> list[Said]:
    """List what was said in a room, the newest first; to the steward, what was said since they were asked in. One query."""
    found = list(Said.objects.filter(room=room.pk, erase_on__gt=today).order_by("-pk"))
    if reader != STEWARD or room.steward_since is None:
        return found
    since = [one for one in found if one.written_on >= room.steward_since]
    asked = [at for at, one in enumerate(since, 1) if one.move == Move.ASKED]
    return since[: asked[0]] if asked else since


def move_in_words(said: Said) -> str:
    """Say what stands below the name of whoever let the steward in or out; nothing for a message."""
    if said.move == Move.ASKED:
        return gettext(
            "Asked the program coordinator in. The coordinator reads what is written from here on."
        )
    if said.move == Move.LEFT:
        return (
            gettext("Left this room.")
            if said.actor == STEWARD
            else gettext("Let the program coordinator go.")
        )
    return ""


def owed_in(room: Room) -> list[Owed]:
    """List who owes what in a room: what is open first, by its day. One query."""
    found = list(Owed.objects.filter(room=room.pk).order_by("pk"))
    return sorted(found, key=lambda one: (one.ended_on is not None, one.on or date.max))


def owed_by_side(rooms: Collection[int], viewer: Viewer) -> list[Owed]:
    """List what the viewer's seat, or the offices of their units, said they would do in these rooms by a day, and have not done. One query where there are rooms."""
    if not rooms:
        return []
    found = Owed.objects.filter(room__in=rooms, ended_on=None).exclude(on=None).order_by("on")
    return [one for one in found if one.actor == viewer.seat or unit_of(one.actor) in viewer.answers_for]


def unread(program: Program, viewer: Viewer, today: date) -> QuerySet[Unread]:
    """Give what was said in rooms and the viewer has not said that they read."""
    return Unread.objects.filter(
        person=viewer.person_id or 0, said__room__program=program, said__erase_on__gt=today
    )


def unread_by(program: Program, viewer: Viewer, today: date) -> dict[int, int]:
    """Give how much in each room the viewer has not said that they read. One query."""
    found = unread(program, viewer, today)
    return dict(found.values_list("said__room").annotate(count=Count("pk")).order_by())


@dataclass(frozen=True)
class Talk:
    """The room where a bureau speaks of what it promised, and the day on which its staff wrote there last of each that is late."""

    place: Place
    on: Mapping[str, date]


def rooms_above(program: Program, asks: Sequence[int]) -> dict[int, list[Above]]:
    """Give on which projects and workplans each of these asks is. One query."""
    return stands_on(program, asks, tuple(HAS_ROOM))


def talks_of(
    above: Mapping[int, Sequence[Above]], places: Sequence[Place], units: Collection[str], today: date
) -> dict[int, Talk]:
    """Give where staff of some units speak with leads of what was asked, by the ask, of these rooms: a project's, else a workplan's.

    One query.
    """
    there = {(one.what, one.slug): one for one in places}
    own = {}
    for ask, found in above.items():
        named = [(HAS_ROOM[EntryKind(one.kind)], one.slug) for one in found]
        own[ask] = next(filter(None, map(there.get, sorted(named, key=lambda one: one[0]))), None)
    rooms = [one.saved.pk for one in own.values() if one and one.saved]
    said = Said.objects.filter(room__in=rooms, erase_on__gt=today, actor__contains="/").exclude(about="")
    on: dict[int, dict[str, date]] = {}
    for room, about, actor, day in said.order_by("pk").values_list("room", "about", "actor", "written_on"):
        if unit_of(actor) in units:
            on.setdefault(room, {})[about] = day
    return {ask: Talk(one, on.get(one.saved.pk, {}) if one.saved else {}) for ask, one in own.items() if one}


def quarters_owed(
    log: RowsLog, viewer: Viewer, places: Collection[Place], today: date
) -> list[tuple[Place, str]]:
    """List the rooms where the viewer can say for their side which level the last quarter reached, each with the quarter.

    A lead whom the bureau pays or employs leaves it to another one.
    """
    due = [(one, quarter) for one in places if (quarter := one.quarter(today)) and _has_side(one, viewer)]
    if due:
        log.read(*ASSESSED)
    due = [(one, quarter) for one, quarter in due if not _is_said(one, log, quarter, viewer)]
    if not viewer.seat:
        return due
    lead = BoundLead(log, viewer, today)
    return [(one, quarter) for one, quarter in due if not lead.leaves(set(one.units), one.entry)]


def _has_side(place: Place, viewer: Viewer) -> bool:
    return bool(viewer.seat or viewer.answers_for.intersection(place.units))


def _is_said(place: Place, log: RowsLog, quarter: str, viewer: Viewer) -> bool:
    """Say whether the viewer's side has said which level was reached in a quarter. No queries."""
    kind = EntryKind.PROJECT_ASSESSED if place.what == PROJECTS else EntryKind.WORKPLAN_ASSESSED
    here = by_quarter(log.about(kind, place.slug)).get(quarter, {})
    return COMMUNITY in here if viewer.seat else bool(viewer.answers_for & here.keys())


def without_title(place: Place, pack: Pack, lang: str) -> str:
    """Name a room whose project or workplan has no words: by its units, or a project by its own name."""
    units = ", ".join(pack.unit_name(one, lang) for one in place.units)
    return place.slug if place.what == PROJECTS else gettext("A draft with %(units)s") % {"units": units}
