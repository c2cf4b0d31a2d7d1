"""Keep the leads' sealed notes, and the list of what they opened."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.chain.voices.actions.batches import parts
from alongside.chain.voices.actions.keyrings import AGE, KeyRefusedError
from alongside.chain.voices.models import (
    OpenedList,
    OpenedSigned,
    SealedNote,
    SetAside,
    Voice,
)
from alongside.chain.voices.queries import (
    key_of_seat,
    rows_of,
)
from alongside.cohort.seats.actions.seconds import ask_second, refuse_unless_second, second_came
from alongside.cohort.seats.models import Seat
from alongside.core.clocks import local_date
from alongside.core.grammar.v1.voices import MOST_OPENED, published_marks
from alongside.core.sealing.leads import is_signed, opened_statement
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, append
from alongside.ground.record.declared import appends

MOST_NOTES = 400_000  # bytes of the leads' sealed notes
KEPT_NOTES = 5  # how many that one lead saved are kept


class StaleNotesError(ValueError):
    """Someone else saved the notes in between."""


class OpenedListError(ValueError):
    """A list of opened voices cannot go on the record; the message says the cure."""


@transaction.atomic
def keep_notes(*, program: Program, promise: int, seat: Seat, sealed: bytes, revision: int) -> SealedNote:
    """Keep the leads' sealed notes on an engagement. `revision` is the one they were read at, 0 for the first.

    The last ones that each lead saved stay, so that what one spoils the others have. Raises StaleNotesError where someone saved in between, KeyRefusedError for what is not sealed.
    """
    if not sealed.startswith(AGE + b"X25519 ") or len(sealed) > MOST_NOTES:
        raise KeyRefusedError(
            _("The notes are not sealed; save them from the reader, which seals them first.")
        )
    ours = SealedNote.objects.filter(program=program, promise=promise)
    before = ours.select_for_update().order_by("-revision").first()
    if (before.revision if before else 0) != revision:
        raise StaleNotesError(_("Another lead saved notes in the meantime; load them, then save again."))
    new = {"program": program, "promise": promise, "seat": seat, "revision": revision + 1}
    kept = SealedNote.objects.create(**new, sealed=sealed)
    old = ours.filter(seat=seat).order_by("-revision").values_list("pk", flat=True)[KEPT_NOTES:]
    ours.filter(pk__in=list(old)).delete()
    return kept


@transaction.atomic
def set_aside(*, program: Program, promise: int, seat: Seat, marks: Sequence[str]) -> None:
    """Keep that a lead's reader could not open these voices. Once two people say so of one, readers leave it out."""
    for part in parts(marks, MOST_OPENED):
        voices = Voice.objects.filter(program=program, promise=promise, mark__in=part)
        said = [SetAside(voice_id=pk, seat=seat) for pk in voices.values_list("pk", flat=True)]
        SetAside.objects.bulk_create(said, ignore_conflicts=True)


def propose_opened(
    *,
    program: Program,
    promise: int,
    seat: Seat,
    marks: Sequence[str],
    not_opened: int,
    signature: str,
    now: datetime,
) -> OpenedList:
    """Propose the list of voices that were opened, signed; a second lead must sign the same list.

    Raises OpenedListError where a mark is not on the record yet, or the list would tell of fewer than k people.
    """
    marks = sorted(marks)
    _refuse_unpublished(program, promise, marks)
    _refuse_unsigned(program, promise, seat, marks, not_opened, signature)
    today = local_date(now, pack_of(program))
    refuse_unless_second(program=program, seat=seat, step="opened", about="new", today=today)
    made = OpenedList.objects.create(
        program=program,
        promise=promise,
        seat=seat,
        marks=marks,
        not_opened=not_opened,
        signature=signature,
        proposed_on=today,
    )
    ask_second(program=program, step="opened", about=made.pk, seat=seat, today=today)
    return made


def _refuse_unpublished(program: Program, promise: int, marks: Sequence[str]) -> None:
    rows = rows_of(program)
    told = rows.get(promise)
    if len(set(marks)) != len(marks) or not set(marks) <= set(published_marks(promise, rows)):
        raise OpenedListError(
            _("Some of these voices are not on the record yet; wait until their batch is out.")
        )
    if told is None or len(marks) < told.data["k"]:
        raise OpenedListError(_("So few voices would point at people; wait until more are on the record."))


def _refuse_unsigned(
    program: Program, promise: int, seat: Seat, marks: Sequence[str], not_opened: int, signature: str
) -> None:
    key = key_of_seat(seat.public_id, program)
    statement = opened_statement(origin=program.origin, promise=promise, marks=marks, not_opened=not_opened)
    if key is None or not is_signed(key.sign_key, statement, signature):
        raise OpenedListError(_("The signature is not yours; unlock your keyring and sign again."))


@appends("voices.opened")
@transaction.atomic
def sign_opened(
    *, program: Program, opened_list: OpenedList, seat: Seat, signature: str, now: datetime
) -> OpenedSigned:
    """Sign a proposed list as the second lead; it goes on the record under both seats."""
    if seat == opened_list.seat:
        raise OpenedListError(_("You proposed this list; a second lead must sign it."))
    today = local_date(now, pack_of(program))
    refuse_unless_second(program=program, seat=seat, step="opened", about=opened_list.pk, today=today)
    promise, marks = opened_list.promise, opened_list.marks
    _refuse_unsigned(program, promise, seat, marks, opened_list.not_opened, signature)
    by = sorted({opened_list.seat.public_id, seat.public_id})
    drafts = [
        Draft(
            kind="voices.opened",
            by=by,
            data={"marks": part, "part": place},
            cites={"engagement": [promise]},
        )
        for place, part in enumerate(parts(marks, MOST_OPENED), start=1)
    ]
    entries = append(program=program, drafts=drafts, now=now)
    second_came(program=program, step="opened", about=opened_list.pk)
    return OpenedSigned.objects.create(
        opened_list=opened_list, seat=seat, signature=signature, entry=entries[0].index
    )
