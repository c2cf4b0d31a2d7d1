"""Keep what leads write in the reader, what they set aside, and what they sign as opened."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.chain.keys.actions import AGE
from alongside.chain.reader.models import OpenedList, SealedNote
from alongside.chain.reader.queries import left_out, waiting_lists
from alongside.chain.voices.actions import parts
from alongside.chain.voices.models import SetAside, Voice
from alongside.cohort.seats.actions import ask_second, refuse_former, refuse_unless_second, second_came
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.seats import of_a_lead_today, seat_today
from alongside.cohort.seats.queries.seconds import new_until
from alongside.core.clocks import local_date
from alongside.core.grammar.voices import MOST_OPENED, published_marks
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Refused
from alongside.ground.gate.presses import mark_of
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.entries import Draft, append, sign_ahead
from alongside.ground.record.acts import Part, nonce_about, signed_in_readers
from alongside.ground.record.declared import appends
from alongside.ground.record.rows import RowsLog
from alongside.ground.ui.actions import use_up

MOST_NOTES = 1_600_000  # bytes of the leads' sealed notes: what they heard of some hundreds of spoken voices
KEPT_NOTES = 5  # how many that one lead saved are kept


@transaction.atomic
def keep_notes(
    *, program: Program, promise: int, seat: Seat, sealed: bytes, revision: int, again: bool = False
) -> SealedNote:
    """Keep the leads' sealed notes on an engagement. `revision` is the one they were read at, 0 for the first.

    `again` puts them in the place of the lead's own last ones: a page that saves by itself saves often. The last ones that each lead saved stay, so that what one spoils the others have. Raises Refused where someone saved in between, Refused for what is not sealed.
    """
    if not sealed.startswith(AGE + b"X25519 ") or len(sealed) > MOST_NOTES:
        raise Refused(_("The notes are not sealed; save them from the reader, which seals them first."))
    ours = SealedNote.objects.filter(program=program, promise=promise)
    before = ours.select_for_update().order_by("-revision").first()
    if (before.revision if before else 0) != revision:
        raise Refused(_("Another lead saved notes in the meantime; load them, then save again."))
    new = {"program": program, "promise": promise, "seat": seat, "revision": revision + 1}
    kept = SealedNote.objects.create(**new, sealed=sealed)
    if again and before and before.seat_id == seat.pk:
        before.delete()
    old = ours.filter(seat=seat).order_by("-revision").values_list("pk", flat=True)[KEPT_NOTES:]
    ours.filter(pk__in=list(old)).delete()
    return kept


@transaction.atomic
def set_aside(*, program: Program, promise: int, seat: Seat, marks: Sequence[str], now: datetime) -> None:
    """Keep that a lead's reader could not open these voices. Once two leads of today say so of one, readers leave it out.

    The word of a seat that has no lead's weight yet is not kept.
    """
    today = local_date(now, pack_of(program))
    refuse_former(seat=seat, today=today)
    if new_until(program, seat_today(seat, today).public_id, today):
        return
    _forget_former_word(program, promise, today)
    for part in parts(marks, MOST_OPENED):
        voices = Voice.objects.filter(program=program, promise=promise, mark__in=part)
        said = [SetAside(voice_id=pk, seat=seat) for pk in voices.values_list("pk", flat=True)]
        SetAside.objects.bulk_create(said, ignore_conflicts=True)


def _forget_former_word(program: Program, promise: int, today: date) -> None:
    """Forget what one former lead alone set aside; what two leads did stays."""
    alone = SetAside.objects.filter(voice__program=program, voice__promise=promise).exclude(
        voice__in=left_out(program, promise)
    )
    said = Seat.objects.filter(pk__in=alone.values("seat")).select_related("cohort__program")
    alone.filter(seat__in=[one for one in said if not of_a_lead_today(one, today)]).delete()


@appends(EntryKind.VOICES_OPENED)
def propose_opened(
    *,
    program: Program,
    promise: int,
    seat: Seat,
    marks: Sequence[str],
    not_opened: int,
    signed: Mapping[str, Any] | None = None,
    now: datetime,
) -> OpenedList:
    """Propose the list of voices that were opened; a second lead must sign the same list. `signed` is what the lead's reader signed of it.

    Raises Refused where a mark is not on the record yet, or the list would tell of fewer than k people.
    """
    today = local_date(now, pack_of(program))
    made = OpenedList(
        program=program,
        promise=promise,
        seat=seat,
        marks=sorted(marks),
        not_opened=not_opened,
        proposed_on=today,
    )
    _refuse_unpublished(program, promise, made.marks)
    refuse_unless_second(program=program, seat=seat, step="opened", about="new", today=today)
    made.signed = _part_of_opened(made, seat, signed, now).wait()
    made.mark = mark_of(made)
    made.save()
    ask_second(program=program, step="opened", about=made.pk, seat=seat, today=today)
    return made


def _refuse_unpublished(program: Program, promise: int, marks: Sequence[str]) -> None:
    rows = RowsLog.of(program)
    told = rows.get(promise)
    if len(set(marks)) != len(marks) or not set(marks) <= set(published_marks(promise, rows)):
        raise Refused(_("Some of these voices are not on the public log yet; wait until their batch is out."))
    if told is None or len(marks) < told.data["k"]:
        raise Refused(_("So few voices would point at people; wait until more are on the public log."))


def _drafts_of_opened(one: OpenedList, by: Sequence[str]) -> list[Draft]:
    return [
        Draft(
            kind=EntryKind.VOICES_OPENED,
            by=list(by),
            data={"marks": part, "part": place},
            cites={"engagement": [one.promise]},
        )
        for place, part in enumerate(parts(one.marks, MOST_OPENED), start=1)
    ]


def _part_of_opened(one: OpenedList, seat: Seat, signed: Mapping[str, Any] | None, now: datetime) -> Part:
    """Give what a lead signs of a list of opened voices, whoever signs it beside them."""
    origin = one.program.origin
    about = hashlib.sha256("\n".join([str(one.promise), *one.marks]).encode()).hexdigest()
    with signed_in_readers(EntryKind.VOICES_OPENED, origin, about, signed):
        return sign_ahead(
            program=one.program,
            drafts=_drafts_of_opened(one, [seat.public_id]),
            nonce=nonce_about(EntryKind.VOICES_OPENED, origin, about),
            now=now,
        )


@appends(EntryKind.VOICES_OPENED)
@transaction.atomic
def sign_opened(
    *,
    program: Program,
    opened_list: OpenedList,
    seat: Seat,
    signed: Mapping[str, Any] | None = None,
    now: datetime,
) -> int:
    """Sign a proposed list as the second lead; it goes on the record under both seats. Give the entry of its first part."""
    if seat == opened_list.seat:
        raise Refused(_("You proposed this list; a second lead must sign it."))
    OpenedList.objects.select_for_update().get(pk=opened_list.pk)
    waits = next((one for one in waiting_lists(program, opened_list.promise) if one == opened_list), None)
    if waits is None:
        raise Refused(_("This list waits no longer. Load the page again."))
    today = local_date(now, pack_of(program))
    refuse_unless_second(program=program, seat=seat, step="opened", about=waits.pk, today=today)
    part = _part_of_opened(waits, seat, signed, now)
    kept = {waits.seat.public_id: waits.signed, seat.public_id: part.kept}
    drafts = _drafts_of_opened(waits, sorted(kept))
    entries = append(program=program, drafts=drafts, now=now, kept=kept, signer=part)
    second_came(program=program, step="opened", about=opened_list.pk)
    first = entries[0].index
    OpenedList.objects.filter(pk=opened_list.pk).update(second=seat, signed={}, mark="", entry=first)
    return first


@appends()
def spend_challenge(*, challenge: str, now: datetime) -> bool:
    """Use up a challenge that was answered rightly; False where it was used before."""
    sha256 = hashlib.sha256(challenge.encode()).hexdigest()
    return use_up(key=sha256, today=now.astimezone(UTC).date())
