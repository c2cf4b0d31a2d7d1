"""Open a room, write in it, keep its notes and who owes what. None of it is on the record: it is a paper of the City."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.messages.actions import notify_people
from alongside.core.clocks import local_date
from alongside.core.refusals import Refused
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends
from alongside.ground.texts.actions import erase_on_its_day
from alongside.work.partners.models import Move, Owed, Room, Said, Unread
from alongside.work.partners.queries import pens_in, people_in
from alongside.work.projects.models import Project
from alongside.work.workplans.models import Workplan


@appends()
def open_room(*, program: Program, project: Project | None = None, workplan: Workplan | None = None) -> Room:
    """Give the room of a project or of a workplan; it is kept from its first use on."""
    return Room.objects.get_or_create(program=program, project=project, workplan=workplan)[0]


@appends()
@transaction.atomic
def write(
    *, room: Room, person: Person, actor: str, words: str, lang: str, now: datetime, about: str = ""
) -> Said:
    """Write to everyone else in a room. A letter tells each of them that something waits, and no more.

    `about` names the late promise of which an office writes, as addresses name it.
    """
    said = _tell(room, person, actor, now, words=words, lang=lang, about=about)
    mark_read(room=room, person=person)
    return said


def _tell(room: Room, person: Person, actor: str, now: datetime, **said: str) -> Said:
    """Put words, or that the steward came or goes, before everyone else in a room, and tell each of them by a letter."""
    pack = pack_of(room.program)
    today = local_date(now, pack)
    here = pens_in(room, today)
    if (actor, person.pk) not in {(one.actor, one.person.pk) for one in here}:
        raise Refused(_("You are not in this room any more. Ask the others to let you in."))
    told = Said.objects.create(
        room=room,
        writer=person,
        actor=actor,
        written_on=today,
        erase_on=today + timedelta(days=pack.charter.message_kept_days),
        **said,
    )
    others = list({one.person.pk: one.person for one in here if one.person.pk != person.pk}.values())
    Unread.objects.bulk_create(Unread(said=told, person=one) for one in others)
    notify_people(program=room.program, people=others)
    return told


@appends()
def mark_read(*, room: Room, person: Person) -> None:
    """Note that somebody read all that was said in a room."""
    Unread.objects.filter(said__room=room, person=person).delete()


@appends()
@transaction.atomic
def save_notes(*, room: Room, meets_on: date | None, meets_at: str, notes: str) -> None:
    """Keep the next meeting and the notes that all in a room share."""
    kept = Room.objects.select_for_update().get(pk=room.pk)
    kept.meets_on, kept.meets_at, kept.notes, kept.saved = meets_on, meets_at, notes, kept.saved + 1
    kept.save(update_fields=["meets_on", "meets_at", "notes", "saved"])


@appends()
def add_owed(*, room: Room, actor: str, what: str, lang: str, on: date | None = None) -> Owed:
    """Write down what a seat or an office does for the others, and by when where somebody said so."""
    return Owed.objects.create(room=room, actor=actor, what=what, lang=lang, on=on)


@appends()
def tick_off(*, room: Room, owed: int, now: datetime) -> None:
    """Say that something in a room is done; it is erased as messages are."""
    pack = pack_of(room.program)
    today = local_date(now, pack)
    erase_on = today + timedelta(days=pack.charter.message_kept_days)
    Owed.objects.filter(room=room, pk=owed, ended_on=None).update(ended_on=today, erase_on=erase_on)


@appends()
@transaction.atomic
def ask_steward(*, room: Room, person: Person, actor: str, now: datetime) -> None:
    """Let the steward read what is said from here on, and write, because somebody in the room asked. Everyone in it is told."""
    kept = Room.objects.select_for_update().get(pk=room.pk)
    if kept.steward_since is None:
        kept.steward_since = local_date(now, pack_of(room.program))
        kept.save(update_fields=["steward_since"])
        _tell(kept, person, actor, now, move=Move.ASKED)


@appends()
@transaction.atomic
def thank_steward(*, room: Room, person: Person, actor: str, now: datetime) -> None:
    """Let the steward go from a room, or leave it as the steward. Everyone in it is told."""
    kept = Room.objects.select_for_update().get(pk=room.pk)
    if kept.steward_since is not None:
        _tell(kept, person, actor, now, move=Move.LEFT)
        kept.steward_since = None
        kept.save(update_fields=["steward_since"])
        here = people_in(kept, local_date(now, pack_of(room.program)))
        gone = Unread.objects.filter(said__room=kept).exclude(person__in=[one.person for one in here])
        gone.delete()


@appends()
def erase_old(*, program: Program, today: date) -> int:
    """Erase what was said in rooms, and what is done, once its day has come, unless a legal hold stands; give how much went."""
    rows = [model.objects.filter(room__program=program) for model in (Said, Owed)]
    return erase_on_its_day(program=program, today=today, rows=rows)
