"""Propose something about what people sealed, take it out, and confirm it as a second lead."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.chain.keys.actions import AGE
from alongside.chain.proposals.models import Proposal
from alongside.chain.proposals.queries import may_drop
from alongside.cohort.seats.actions import refuse_former
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.seats import of_a_lead_today, seat_today, suspended, too_new
from alongside.cohort.seats.queries.seconds import new_until
from alongside.core.clocks import local_date
from alongside.core.grammar.shape import HEX64
from alongside.core.refusals import Refused
from alongside.core.workflow.seconds import Proposed
from alongside.ground.gate.presses import is_pressed, mark_of
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends
from alongside.ground.record.queries import is_under_hold
from alongside.ground.texts.actions import erase_on_its_day

MOST = 80_000  # bytes that are sealed: a statement of 200 letters in many languages, or 4,000 letters to an office


@appends()
@transaction.atomic
def propose(
    *,
    program: Program,
    what: Proposed,
    promise: int,
    seat: Seat,
    sealed: bytes,
    digest: str,
    now: datetime,
) -> Proposal:
    """Keep, sealed to the leads, what one lead would do; a second lead confirms it."""
    pack = pack_of(program)
    today = local_date(now, pack)
    _refuse_without_weight(program, seat, today)
    if not sealed.startswith(AGE + b"X25519 ") or len(sealed) > MOST or not HEX64.match(digest):
        raise Refused(_("This is not sealed. Load the page again, and write it in the reader."))
    made = Proposal(
        program=program,
        promise=promise,
        what=what,
        seat=seat,
        sealed=sealed,
        digest=digest,
        proposed_on=today,
        erase_on=today + timedelta(days=pack.charter.message_kept_days),
    )
    made.mark = mark_of(made)
    made.save()
    return made


def _refuse_without_weight(program: Program, seat: Seat, today: date) -> None:
    refuse_former(seat=seat, today=today)
    if first := new_until(program, seat_today(seat, today).public_id, today):
        raise Refused(too_new(first))


@appends()
def drop(
    *, program: Program, what: Proposed, promise: int, proposal: UUID, seat: Seat, now: datetime
) -> None:
    """Take out what waits for a second lead: its writer alone, while they are a lead. Under a legal hold it stays, and nobody confirms it."""
    today = local_date(now, pack_of(program))
    found = Proposal.objects.filter(program=program, what=what, promise=promise, pk=proposal)
    waits = found.select_related("seat__cohort__program").first()
    if waits is not None and waits.seat.person_id != seat.person_id:
        refuse_former(seat=seat, today=today)
        if not may_drop(waits, seat, today):
            raise Refused(_("Only the lead who wrote this takes it out. Leave it, and talk to that lead."))
    if is_under_hold(program):
        found.update(dropped_on=today)
    else:
        found.delete()


@appends()
def take(
    *, program: Program, what: Proposed, promise: int, proposal: UUID, seat: Seat, digest: str, today: date
) -> Proposal:
    """Take, as the second lead, exactly what another lead proposed, in the caller's transaction: it waits no longer.

    `digest` is of what the second lead confirms. Raises Refused where its writer confirms, where it is not what was proposed,
    and where one of the two is no lead, is suspended, or is too new.
    """
    found = Proposal.objects.select_for_update(of=("self",)).filter(
        program=program, what=what, promise=promise, pk=proposal, dropped_on=None
    )
    waits = found.select_related("seat__cohort__program").first()
    if waits is None or not is_pressed(waits):
        raise Refused(_("This waits no longer. Load the page again."))
    if waits.seat.person_id == seat.person_id:
        raise Refused(_("You wrote this. Another lead reads it and confirms it."))
    if digest != waits.digest:
        raise Refused(_("These are not the words that the other lead wrote. Load the page again."))
    if suspended(program, {waits.seat.public_id, seat_today(waits.seat, today).public_id}, today):
        raise Refused(_("The lead who wrote this is suspended. Write it again; another lead confirms it."))
    if not of_a_lead_today(waits.seat, today):
        raise Refused(_("Whoever wrote this is a lead no more. Write it again; another lead confirms it."))
    for one in (seat, waits.seat):
        _refuse_without_weight(program, one, today)
    waits.delete()
    return waits


@appends()
def erase_old(*, program: Program, today: date) -> int:
    """Erase what no second lead confirmed once its day has come, unless a legal hold stands; give how much."""
    rows = [Proposal.objects.filter(program=program)]
    return erase_on_its_day(program=program, today=today, rows=rows)
