"""Read what an engagement's intake needs to know, and the keys and voices that leads may fetch."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from alongside.chain.voices.models import (
    Batch,
    BatchMark,
    CertificationRequest,
    EngagementKey,
    Intake,
    KeyDestroyed,
    LeadKey,
    OpenedList,
    SealedNote,
    TestOpened,
    Voice,
    Wrap,
)
from alongside.cohort.seats.models import Seat
from alongside.core.grammar import Entry, parse
from alongside.core.sealing.marks import MarkState, pack
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import every_program, pack_of
from alongside.ground.record.models import Citation, Line, Log
from alongside.ground.record.rows import RowsLog
from alongside.work.engagements.models import Engagement

CHANGES = (
    "engagement.corrected",
    "engagement.paused",
    "engagement.resumed",
    "engagement.closed",
    "voices.closed",
)
PAGE = 200


@dataclass(frozen=True)
class Door:
    """An engagement as its intake sees it: the promise, the day it closes as corrected, and whether it is open."""

    promise: Entry
    closes: date
    is_paused: bool
    is_closed: bool


def door_of(program: Program, engagement: str) -> Door | None:
    """Give the intake of an engagement, or None where nothing is promised. Two queries."""
    lines = Line.objects.filter(log__program=program, kind="engagement.promised", subject=engagement)
    line = lines.order_by("index").first()
    return _door(line) if line else None


def _door(line: Line) -> Door:
    promise = parse(line.index, bytes(line.raw))
    citing = Citation.objects.filter(log=line.log_id, cited=line.index, kind__in=CHANGES).values("citing")
    closes, paused, closed = date.fromisoformat(promise.data["closes"]), False, False
    for one in Line.objects.filter(log=line.log_id, index__in=citing).order_by("index"):
        change = parse(one.index, bytes(one.raw))
        if change.kind == "engagement.corrected" and "closes" in change.data:
            closes = date.fromisoformat(change.data["closes"])
        paused = {"engagement.paused": True, "engagement.resumed": False}.get(change.kind, paused)
        closed = closed or change.kind in {"engagement.closed", "voices.closed"}
    return Door(promise, closes, paused, closed)


def open_doors(program: Program) -> list[Door]:
    """List the engagements whose intake has not ended on the record, oldest first."""
    ended = Citation.objects.filter(log__program=program, kind="voices.closed").values("cited")
    lines = Line.objects.filter(log__program=program, kind="engagement.promised").exclude(index__in=ended)
    return [_door(line) for line in lines.order_by("index")]


def last_batches(intake: Intake) -> tuple[Batch | None, Batch | None]:
    """Give the last batch that was made, and the batch that is held back, if one is."""
    last = Batch.objects.filter(intake=intake).order_by("-pk").first()
    held = Batch.objects.filter(intake=intake, published=None).order_by("-pk").first()
    return last, held


def pending_marks(intake: Intake, after: date | None, before: date) -> list[str]:
    """List the seal marks of whole days after the last batch, and before today, in sorted order."""
    voices = Voice.objects.filter(program=intake.program_id, promise=intake.promise, date__lt=before)
    if after is not None:
        voices = voices.filter(date__gt=after)
    return list(voices.order_by("mark").values_list("mark", flat=True))


def unbatched_marks(intake: Intake) -> list[str]:
    """List every seal mark that is in no batch yet, in sorted order; asked once, at closing."""
    voices = Voice.objects.filter(program=intake.program_id, promise=intake.promise)
    batched = BatchMark.objects.filter(batch__intake=intake).values("mark")
    return list(voices.exclude(mark__in=batched).order_by("mark").values_list("mark", flat=True))


def key_of_seat(seat: str, program: Program) -> LeadKey | None:
    """Give the key in force of a seat, by its public id, or None."""
    keys = LeadKey.objects.filter(seat__public_id=seat, seat__cohort__program=program)
    return keys.select_related("seat").order_by("-entry").first()


def keys_in_force(program: Program) -> list[LeadKey]:
    """List the keys in force, one a seat, in the order in which they came on the record."""
    keys = LeadKey.objects.filter(seat__cohort__program=program).select_related("seat").order_by("entry")
    return list({key.seat_id: key for key in keys}.values())


def key_entries(program: Program) -> list[dict[str, Any]]:
    """List the entries that found or certify keys, as the reader checks them itself: index and the entry's JSON."""
    kinds = ("key.founded", "key.certified", "key.withdrawn")
    lines = Line.objects.filter(log__program=program, kind__in=kinds).order_by("index")
    return [{"index": line.index, **json.loads(bytes(line.raw))} for line in lines]


def waiting_requests(program: Program) -> list[CertificationRequest]:
    """List the keyrings that wait for two leads, with who vouched so far."""
    taken = LeadKey.objects.filter(seat__cohort__program=program).values("recipient")
    requests = CertificationRequest.objects.filter(seat__cohort__program=program).exclude(recipient__in=taken)
    return list(requests.select_related("seat").prefetch_related("vouches__seat").order_by("pk"))


def keyring_of(seat_id: int) -> LeadKey | CertificationRequest | None:
    """Give the newest keyring a seat made: the one in force, or one that still waits; None where there is none."""
    key = LeadKey.objects.filter(seat=seat_id).order_by("-entry").first()
    asked = CertificationRequest.objects.filter(seat=seat_id).order_by("-pk").first()
    if asked and not LeadKey.objects.filter(recipient=asked.recipient).exists():
        return key or asked
    return key


def engagement_key(program: Program, engagement: str) -> EngagementKey | None:
    """Give the key of an engagement made last, or None."""
    keys = EngagementKey.objects.filter(program=program, engagement=engagement)
    return keys.select_related("program").order_by("-pk").first()


def wrap_for(key: EngagementKey, seat: str) -> Wrap | None:
    """Give an engagement's key as it is sealed to a seat, or None where it is not."""
    return Wrap.objects.filter(key=key, seat__public_id=seat).first()


def voices_page(
    program: Program, promise: int, after: str, size: int = PAGE
) -> list[tuple[UUID, str, bytes]]:
    """List sealed voices in the order of their marks, after a mark: id, mark, sealed bytes. No date: readers need none."""
    voices = Voice.objects.filter(program=program, promise=promise, mark__gt=after).order_by("mark")[:size]
    return [(voice.pk, voice.mark, bytes(voice.sealed)) for voice in voices]


def notebook(program: Program, promise: int) -> SealedNote | None:
    """Give the leads' sealed notes on an engagement, or None."""
    return SealedNote.objects.filter(program=program, promise=promise).first()


def waiting_lists(program: Program, promise: int) -> list[OpenedList]:
    """List the lists of opened voices that wait for a second lead."""
    lists = OpenedList.objects.filter(program=program, promise=promise, signed=None)
    return list(lists.select_related("seat", "program").order_by("pk"))


def mark_list(program: Program) -> bytes:
    """Pack every public seal mark of a program as the receipt page downloads them (core.sealing.marks)."""
    kinds = {"voices.published": MarkState.PUBLISHED, "voices.opened": MarkState.OPENED}
    rows: list[tuple[MarkState, bytes, int]] = []
    lines = Line.objects.filter(log__program=program, kind__in=[*kinds, "voices.closed"]).order_by("index")
    for line in lines.iterator():
        entry = parse(line.index, bytes(line.raw))
        if entry.kind != "voices.closed":
            rows += [(kinds[entry.kind], bytes.fromhex(mark), entry.index) for mark in entry.data["marks"]]
        elif entry.data["voices"] == "fewer":
            rows.append((MarkState.FEWER, b"", entry.index))
    return pack(rows)


def mark_lists(lang: str) -> list[dict[str, str]]:
    """Say, for every program, where its seal marks are and under which address its threads are followed."""
    return [
        {
            "program": program.slug,
            "marks": f"/{program.slug}/record/marks",
            "follow": f"/{program.slug}/{_spoken(program, lang)}/follow/",
        }
        for program in every_program()
    ]


def _spoken(program: Program, lang: str) -> str:
    """Give a language if the program speaks it, else its first."""
    codes = [one.code for one in pack_of(program).languages]
    return lang if lang in codes else codes[0]


def rows_of(program: Program) -> RowsLog:
    """Give the program's log as the rules of the grammar look at it."""
    return RowsLog(Log.objects.get(program=program))


def holds_in_force(program: Program) -> Sequence[Entry]:
    """List the legal holds that nobody lifted."""
    rows = rows_of(program)
    return [hold for hold in rows.every("hold.placed") if not rows.citing(hold.index, "hold.lifted")]


def reader_seat(program: Program, public_id: str, today: date) -> Seat | None:
    """Give a seat that may use the reader today: taken, not left, its person not suspended; None otherwise."""
    seat = (
        Seat.objects.filter(
            cohort__program=program,
            public_id=public_id,
            from_date__lte=today,
            until_date__gte=today,
            end=None,
        )
        .select_related("person", "cohort__program")
        .first()
    )
    return seat if seat and seat.person.is_active and not seat.person.is_suspended else None


def desk_of(program: Program, lang: str) -> list[dict[str, Any]]:
    """List every engagement as a lead's reader shows it: drafts that need a key, and those whose voices can be read."""
    engagements = Engagement.objects.filter(program=program).select_related("opening").order_by("-pk")
    return [_on_desk(program, one, lang) for one in engagements]


def _on_desk(program: Program, engagement: Engagement, lang: str) -> dict[str, Any]:
    key = engagement_key(program, engagement.slug)
    opening = getattr(engagement, "opening", None)
    tested = TestOpened.objects.filter(test__key=key).values_list("seat__public_id", flat=True) if key else ()
    holders = Wrap.objects.filter(key=key).values_list("seat__public_id", flat=True) if key else ()
    words = engagement.words.get(lang) or next(iter(engagement.words.values()), {})
    return {
        "slug": engagement.slug,
        "title": words.get("title") or engagement.slug,
        "promise": opening.entry if opening else None,
        "recipient": key.recipient if key else None,
        "holders": sorted(holders),
        "tested": sorted(tested),
        "destroyed": bool(key and KeyDestroyed.objects.filter(key=key).exists()),
    }


def to_read(program: Program, engagement: Engagement, door: Door, lang: str) -> dict[str, Any]:
    """Give what a reader needs to open and judge the voices of one engagement; all of it is public."""
    pack = pack_of(program)
    published = rows_of(program).citing(door.promise.index, "voices.published")
    return {
        "slug": engagement.slug,
        "promise": door.promise.index,
        "form_hash": door.promise.data["form"],
        "form": engagement.form,
        "languages": door.promise.data["languages"],
        "lang": lang,
        "k": door.promise.data["k"],
        "bands": list(pack.bands),
        "published": [mark for entry in published for mark in entry.data["marks"]],
    }


def engagement_of(program: Program, slug: str) -> Engagement | None:
    """Give an engagement of a program by its slug, or None."""
    return Engagement.objects.filter(program=program, slug=slug).first()
