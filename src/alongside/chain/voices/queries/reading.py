"""Read what a lead at the reader may fetch: ciphertext, and what is public."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from alongside.chain.voices.models import (
    Intake,
    KeyDestroyed,
    OpenedList,
    SealedNote,
    SetAside,
    TestOpened,
    Voice,
    Wrap,
)
from alongside.chain.voices.queries.doors import Door, door_of, rows_of
from alongside.chain.voices.queries.keys import destruction_asked, engagement_key, keys_in_force
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.checking import awaits, of_a_lead_today, seat_as_seen, seat_today
from alongside.cohort.seats.queries.seats import suspended
from alongside.core.grammar.course import course_at
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.queries import told
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries.public import frozen_form

PAGE = 200


def voices_page(
    program: Program, promise: int, after: str, size: int = PAGE, *, aside: bool = False
) -> list[tuple[UUID, str, bytes]]:
    """List sealed voices in the order of their marks, after a mark: id, mark, sealed bytes. No date: readers need none.

    What two leads set aside is listed only where `aside` asks for it.
    """
    voices = Voice.objects.filter(program=program, promise=promise, mark__gt=after).order_by("mark")
    if not aside:
        voices = voices.exclude(pk__in=_aside(program, promise))
    return [(voice.pk, voice.mark, bytes(voice.sealed)) for voice in voices[:size]]


def _aside(program: Program, promise: int) -> QuerySet[SetAside, Any]:
    """Give the voices of an engagement that two people set aside: people, not seats."""
    said = SetAside.objects.filter(voice__program=program, voice__promise=promise).order_by().values("voice")
    return said.annotate(people=Count("seat__person", distinct=True)).filter(people__gte=2).values("voice")


def set_aside_count(program: Program, promise: int) -> int:
    """Count the voices of an engagement that readers leave out."""
    return _aside(program, promise).count()


def notebook(program: Program, promise: int) -> list[SealedNote]:
    """List the leads' sealed notes on an engagement, as they were last saved first; nothing where there are none."""
    return list(SealedNote.objects.filter(program=program, promise=promise).order_by("-revision"))


def waiting_lists(program: Program, promise: int) -> list[OpenedList]:
    """List the lists of opened voices that wait for a second lead."""
    lists = OpenedList.objects.filter(program=program, promise=promise, signed=None)
    return list(lists.select_related("seat", "program").order_by("pk"))


def reader_seat(program: Program, public_id: str, today: date) -> Seat | None:
    """Give a seat that may use the reader today, or None: it is taken, or was by who sits again, and neither seat is suspended.

    A former lead who agreed to be a second lead uses it while something waits for one.
    """
    found = Seat.objects.filter(cohort__program=program, public_id=public_id)
    seat = found.select_related("person", "cohort__program", "end").first()
    if seat is None or not seat.person.is_active:
        return None
    if suspended(program, {public_id, seat_today(seat, today).public_id}, today):
        return None
    return seat if of_a_lead_today(seat, today) or awaits(program, seat, today) else None


def desk_of(program: Program, lang: str, seat: Seat, today: date) -> list[dict[str, Any]]:
    """List every engagement as a lead's reader shows it: drafts that need a key, and those whose voices can be read."""
    engagements = Engagement.objects.filter(program=program).select_related("opening").order_by("-pk")
    recipients = {one.seat_id: one.recipient for one in keys_in_force(program)}
    return [_on_desk(program, one, lang, seat, today, recipients) for one in engagements]


def _on_desk(
    program: Program,
    engagement: Engagement,
    lang: str,
    seat: Seat,
    today: date,
    recipients: Mapping[int, str],
) -> dict[str, Any]:
    key = engagement_key(program, engagement.slug)
    opening = getattr(engagement, "opening", None)
    tested = TestOpened.objects.filter(test__key=key).values_list("seat__public_id", flat=True) if key else ()
    wraps = list(Wrap.objects.filter(key=key).select_related("seat")) if key else []
    held = [one for one in wraps if one.recipient == recipients.get(one.seat_id, one.recipient)]
    taken = Intake.objects.filter(program=program, engagement=engagement.slug).first()
    door = door_of(program, engagement.slug)
    course = course_at(door.promise.index, rows_of(program)) if door else None
    asked = destruction_asked(key) if key else None
    words: dict[str, str] = engagement.words.get(lang) or next(iter(engagement.words.values()), {})
    return {
        "slug": engagement.slug,
        "title": words.get("title") or engagement.slug,
        "promise": opening.entry if opening else None,
        "recipient": key.recipient if key else None,
        "holders": sorted({one.seat.public_id for one in held}),
        "given": sorted({one.seat.public_id for one in held if one.by_id == seat.pk}),
        "destroy_from": course.destroy_from.isoformat() if course else None,
        "may_destroy": bool(course and today >= course.destroy_from),
        "asked": {"seat": seat_as_seen(asked.seat, seat), "ground": asked.ground} if asked else None,
        "tested": sorted(tested),
        "taken": taken.taken if taken else 0,
        "cap": door.promise.data["cap"] if door else engagement.cap,
        "destroyed": bool(key and KeyDestroyed.objects.filter(key=key).exists()),
    }


def to_read(program: Program, engagement: Engagement, door: Door, lang: str) -> dict[str, Any]:
    """Give what a reader needs to open and judge the voices of one engagement; all of it is public.

    The form is the one on the record. Where that was taken down, the one it was drafted in, so that leads can still
    tell what was answered. The reader compares its hash with the promise's and shows no other.
    """
    pack = pack_of(program)
    asked = frozen_form(told(program, [door.promise.index], lang)[door.promise.index])
    published = rows_of(program).citing(door.promise.index, "voices.published")
    return {
        "slug": engagement.slug,
        "promise": door.promise.index,
        "form_hash": door.promise.data["form"],
        "form": asked or engagement.form,
        "languages": door.promise.data["languages"],
        "lang": lang,
        "k": door.promise.data["k"],
        "bands": list(pack.bands),
        "waiting": Voice.objects.filter(program=program, promise=door.promise.index).count(),
        "aside": set_aside_count(program, door.promise.index),
        "published": [mark for entry in published for mark in entry.data["marks"]],
    }


def engagement_of(program: Program, slug: str) -> Engagement | None:
    """Give an engagement of a program by its slug, or None."""
    return Engagement.objects.filter(program=program, slug=slug).first()
