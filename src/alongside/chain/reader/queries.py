"""Read what a lead opens in the reader, and saves with its key."""

import base64
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import BinaryField, Count, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from alongside.chain.keys.models import DestructionAsked, LeadKey, Wrap
from alongside.chain.keys.queries import (
    beside,
    destruction_asked,
    engagement_key,
    keys_in_force,
    tests_of,
    wraps_for,
)
from alongside.chain.reader.models import OpenedList, SealedNote
from alongside.chain.voices.models import SetAside, Voice
from alongside.chain.voices.queries import BEGINNING, Door, door_of, last_day_to_speak, taken_in
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.seats import of_a_lead_today, seat_as_seen, seat_today, suspended
from alongside.cohort.seats.queries.seconds import awaits, ties_in
from alongside.core.entries import Entry
from alongside.core.grammar.versions import VERSION
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Refused
from alongside.core.sealing.saved import Saved
from alongside.core.sealing.voice import BUCKETS
from alongside.core.workflow.engagements import course_at
from alongside.core.workflow.open_steps import KEYHOLDERS, LEADS, SIGNERS
from alongside.ground.gate.presses import is_pressed
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of, serving
from alongside.ground.record.acts import still_signs
from alongside.ground.record.models import Head, Log, LogEntry, PublicText
from alongside.ground.record.queries import entries_at, entry_views, head_at_least, latest_entry_views
from alongside.ground.record.rows import RowsLog
from alongside.work.engagements.models import Engagement
from alongside.work.engagements.queries.drafts import asked_of, title_of
from alongside.work.engagements.queries.progress import progress_of
from alongside.work.engagements.queries.promises import frozen_form
from alongside.work.strategies.queries import key_entries

MOST = 60
ABOVE = EntryKind.RAISE_REPLIED


def answers_to_cite(program: Program, lang: str) -> list[tuple[int, str, str, bool]]:
    """List the newest answers: entry, what was asked, its language, whether the office above replied. Five queries at most."""
    given = latest_entry_views(program, lang, [EntryKind.ANSWER_GIVEN, ABOVE], MOST)
    raised = entries_at(program, [one.entry.cites["raise"][0] for one in given if one.entry.kind == ABOVE])
    asks = {
        one.index: (raised[one.entry.cites["raise"][0]] if one.entry.kind == ABOVE else one.entry).cites[
            "ask"
        ][0]
        for one in given
    }
    asked = entry_views(program, asks.values(), lang)
    rows = [(one.index, asked[asks[one.index]], one.entry.kind == ABOVE) for one in given]
    return [
        (index, ask.say("title"), ask.lang("title"), above) for index, ask, above in rows if ask.say("title")
    ]


def lists_signed(program: Program, promises: Collection[int]) -> dict[int, str]:
    """Give, by promise, the seat that signed the list of what was opened, where it waits for a second lead. One query."""
    lists = OpenedList.objects.filter(program=program, promise__in=promises, entry=None).order_by("pk")
    return dict(lists.values_list("promise", "seat__public_id"))


PAGE = 200


def voices_page(
    program: Program, promise: int, after: str, size: int = PAGE, *, aside: bool = False
) -> list[tuple[str, bytes, bool]]:
    """List sealed voices in the order of their marks, after a mark: mark, sealed bytes, whether those are the beginning alone.

    No date: readers need none. What two leads set aside is listed only where `aside` asks for it.
    """
    voices = Voice.objects.filter(program=program, promise=promise, mark__gt=after).order_by("mark")
    if not aside:
        voices = voices.exclude(pk__in=left_out(program, promise))
    begins = Substr("sealed", 1, BEGINNING, output_field=BinaryField())
    rows = voices.values_list("mark", begins, "bucket")[:size]
    return [(mark, bytes(sealed), bucket > BUCKETS[-1]) for mark, sealed, bucket in rows]


def sealed_voice(program: Program, promise: int, mark: str) -> bytes:
    """Give one sealed voice, whole; nothing where none is here under this mark."""
    found = Voice.objects.filter(program=program, promise=promise, mark=mark).values_list("sealed", flat=True)
    return bytes(found.first() or b"")


def left_out(program: Program, promise: int) -> QuerySet[SetAside, Any]:
    """Give the voices of an engagement that two people set aside: people, not seats."""
    said = SetAside.objects.filter(voice__program=program, voice__promise=promise).order_by().values("voice")
    return said.annotate(people=Count("seat__person", distinct=True)).filter(people__gte=2).values("voice")


def notebook(program: Program, promise: int) -> list[SealedNote]:
    """List the leads' sealed notes on an engagement, as they were last saved first; nothing where there are none."""
    return list(SealedNote.objects.filter(program=program, promise=promise).order_by("-revision"))


def waiting_lists(program: Program, promise: int) -> list[OpenedList]:
    """List the lists of opened voices that wait for a second lead, as the first one signed them. Five queries for each."""
    rows = OpenedList.objects.filter(program=program, promise=promise, entry=None)
    lists = list(rows.select_related("seat", "program").order_by("pk"))
    rows_log = RowsLog.of(program)
    return [one for one in lists if is_pressed(one) and still_signs(rows_log, one.seat.public_id, one.signed)]


def reader_seat(program: Program, public_id: str, today: date) -> Seat | None:
    """Give a seat that may use the reader today, or None: it is taken, or was by who sits again, neither is suspended, and its lead holds no post.

    A former lead who agreed to be a second lead uses it while something waits for one.
    """
    found = Seat.objects.filter(cohort__program=program, public_id=public_id)
    seat = found.select_related("person", "cohort__program").first()
    if seat is None or not seat.person.is_active:
        return None
    if suspended(program, {public_id, seat_today(seat, today).public_id}, today):
        return None
    if serving(program, {seat.person_id}, today):
        return None
    return seat if of_a_lead_today(seat, today) or awaits(program, seat, today) else None


def desk_of(program: Program, lang: str, seat: Seat, today: date) -> list[dict[str, Any]]:
    """List every engagement as a lead's reader shows it: drafts that need a key, and those whose voices can be read."""
    engagements = Engagement.objects.filter(program=program).select_related("partner__unit").order_by("-pk")
    keys = keys_in_force(program)
    recipients = {one.seat_id: one.recipient for one in keys}
    made = {entry.index: entry for entry in RowsLog.of(program).every(EntryKind.KEY_MADE)}
    ties, size = ties_in(program, pack_of(program)), Log.objects.get(program=program).size
    return [
        _on_desk(program, one, lang, seat, today, recipients, made)
        | {"beside": beside(one, [key.seat for key in keys], ties, size), "next": _next(one, lang, today)}
        for one in engagements
    ]


def _next(engagement: Engagement, lang: str, today: date) -> list[dict[str, Any]]:
    """Give what opens a draft next, each step with who takes it: seats, or the name of the unit that signs; nothing where any lead does."""
    if engagement.promise is not None:
        return []
    progress, partner = progress_of(engagement, today), engagement.partner
    unit = pack_of(engagement.program).unit_name(partner.unit.slug, lang) if partner else ""
    pools = {SIGNERS: [unit], LEADS: []}
    return [
        {
            "what": step.what,
            "who": progress.keyholders(step) if step.who == KEYHOLDERS else pools.get(step.who, [step.who]),
        }
        for step in progress.state.steps
    ]


def _on_desk(
    program: Program,
    engagement: Engagement,
    lang: str,
    seat: Seat,
    today: date,
    recipients: Mapping[int, str],
    made: Mapping[int, Entry],
) -> dict[str, Any]:
    key = engagement_key(program, engagement.slug)
    tested = [one.seats[0] for one in tests_of(key)] if key else []
    wraps = list(Wrap.objects.filter(key=key).select_related("seat")) if key else []
    held = [one for one in wraps if one.recipient == recipients.get(one.seat_id, one.recipient)]
    door = door_of(program, engagement.slug)
    if door is None and not any(of_a_lead_today(one.seat, today) for one in held):
        key, held, tested = None, [], []  # Nobody of today can share it, so leads make another.
    course = course_at(door.promise.index, RowsLog.of(program)) if door else None
    asked = destruction_asked(key) if key else None
    return {
        "slug": engagement.slug,
        "title": title_of(engagement, lang)[0],
        "promise": engagement.promise,
        "recipient": key.recipient if key else None,
        "made": _as_sent(made[key.entry]) if key else None,
        "holders": sorted({one.seat.public_id for one in held}),
        "given": sorted({one.seat.public_id for one in held if one.by_id == seat.pk}),
        "destroy_from": course.destroy_from.isoformat() if course else None,
        "may_destroy": bool(course and today >= course.destroy_from and not course.is_taking(today)),
        "asked": _asked_to_destroy(asked, seat) if asked else None,
        "tested": sorted(tested),
        "taken": taken_in(program, door.promise.index) if door else 0,
        "cap": door.promise.data["cap"] if door else engagement.cap,
        "destroyed": bool(key and key.destroyed is not None),
        "until": last_day_to_speak(course, today) if course else "",
    }


def _asked_to_destroy(asked: DestructionAsked, seat: Seat) -> dict[str, Any]:
    """Give who asked that a key be destroyed, why, and what their reader signed of it."""
    kept = asked.signed
    signed = kept.get("signed", {}).get(asked.seat.public_id)
    part = {"v": VERSION, "nonce": kept["nonce"], "seed": kept["seed"], "signed": signed} if signed else None
    said = {"seat": seat_as_seen(asked.seat, seat), "ground": asked.ground, "lang": asked.lang}
    return said | {"by": asked.seat.public_id, "part": part}


def _as_sent(made: Entry) -> dict[str, Any]:
    """Give the entry of a key as the reader judges it: who signed what."""
    return {"index": made.index, "by": list(made.by), "data": made.data}


def form_asked(program: Program, engagement: Engagement, door: Door) -> Mapping[str, Any]:
    """Give the form on the record. Where that was taken down, the one it was drafted in, so that leads can still tell what was answered.

    The reader compares its hash with the promise's and shows no other.
    """
    at = door.promise.index
    return frozen_form(entry_views(program, [at], door.promise.data["languages"][0])[at]) or asked_of(
        engagement
    )


def engagements_sealed_to(
    program: Program, rings: Sequence[tuple[Seat, LeadKey]], lang: str
) -> list[tuple[str, str]]:
    """List the engagements that are promised and whose key is there for one of these seats: slug and title, the newest first. Two queries."""
    seats = [seat for seat, _ring in rings]
    wraps = Wrap.objects.filter(key__program=program, key__destroyed=None, seat__in=seats)
    found = Engagement.objects.filter(program=program, slug__in=wraps.values("key__engagement"))
    return [(one.slug, title_of(one, lang)[0]) for one in found.exclude(promise=None).order_by("-promise")]


def sealed_to(program: Program, rings: Sequence[tuple[Seat, LeadKey]], slug: str) -> Saved | None:
    """Give the first line of the file of what people sealed, for the first of these seats that has its key; None where none does.

    Raises Refused while no signed head holds all that the file rests on.
    """
    door, key = door_of(program, slug), engagement_key(program, slug)
    held = [(seat, ring, wraps) for seat, ring in rings if key and (wraps := wraps_for(key, seat.public_id))]
    engagement = engagement_of(program, slug)
    if door is None or key is None or engagement is None or not held:
        return None
    seat, ring, wraps = held[0]
    at, act = door.promise.index, _act_of(door.promise)
    titled = PublicText.objects.filter(log__program=program, entry__in=act, about=at, name="title")
    titles = {
        one.entry: {"lang": one.lang, "salt": bytes(one.salt).hex(), "words": one.words}
        for one in titled.order_by("entry")
    }
    head, entries = _under_a_head(program, {*act, key.entry, *(one["index"] for one in key_entries(program))})
    return Saved(
        origin=program.origin,
        seat=seat.public_id,
        keyring=base64.b64encode(ring.keyring).decode(),
        wraps=[base64.b64encode(one.sealed).decode() for one in wraps],
        head=head.note,
        vkey=head.log.vkey,
        entries=entries,
        made=key.entry,
        promise=at,
        form=form_asked(program, engagement, door),
        title=titles.pop(at, {}),
        titles=[*titles.values()],
    )


def _act_of(entry: Entry) -> range:
    """Give the places of what leads signed together with an entry, which stands first among them."""
    return range(entry.index, entry.index + entry.act.get("of", 1))


def _under_a_head(program: Program, indices: Collection[int]) -> tuple[Head, list[dict[str, Any]]]:
    """Give entries of the log with the way from each to the root of a signed head, and that head; raise Refused while none holds them all."""
    head = head_at_least(program, max(indices))
    if head is None:
        raise Refused(
            _("The public log has not signed yet what this file is based on. Save it again in half an hour.")
        )
    rows = RowsLog.of(program)
    lines = LogEntry.objects.filter(log__program=program, index__in=indices).order_by("index")
    entries = [
        {
            "index": line.index,
            "entry": bytes(line.raw).decode(),
            "path": [step.hex() for step in rows.path(line.index, head.size)],
        }
        for line in lines
    ]
    return head, entries


def every_voice(program: Program, promise: int) -> Iterator[tuple[str, bytes]]:
    """Give each sealed voice, whole, in the order of their marks; not what two leads set aside. A file of them is written as it is read."""
    voices = Voice.objects.filter(program=program, promise=promise).order_by("mark")
    rows = voices.exclude(pk__in=left_out(program, promise)).values_list("mark", "sealed")
    for mark, sealed in rows.iterator(chunk_size=VOICES_AT_ONCE):
        yield mark, bytes(sealed)


#: One with sound has two megabytes.
VOICES_AT_ONCE = 20


def to_read(program: Program, engagement: Engagement, door: Door, lang: str, today: date) -> dict[str, Any]:
    """Give what a reader needs to open and judge the voices of one engagement; all of it is public, and what was promised stands in what leads signed."""
    pack = pack_of(program)
    act = _act_of(door.promise)
    lines = LogEntry.objects.filter(log__program=program, index__in=act).order_by("index")
    published = RowsLog.of(program).citing(door.promise.index, EntryKind.VOICES_PUBLISHED)
    return {
        "slug": engagement.slug,
        "promise": door.promise.index,
        "signed": [{"index": one.index, "entry": bytes(one.raw).decode()} for one in lines],
        "form": form_asked(program, engagement, door),
        "lang": lang,
        "bands": list(pack.bands),
        "until": last_day_to_speak(door.course, today),
        "waiting": Voice.objects.filter(program=program, promise=door.promise.index).count(),
        "aside": left_out(program, door.promise.index).count(),
        "published": [mark for entry in published for mark in entry.data["marks"]],
        "map": next(
            (one.index for one in RowsLog.of(program).citing(door.promise.index, EntryKind.MAP_DRAWN)), None
        ),
    }


def engagement_of(program: Program, slug: str) -> Engagement | None:
    """Give an engagement of a program by its slug, or None."""
    return Engagement.objects.filter(program=program, slug=slug).first()
