"""The steward approves what a lead logged, or sends it back with a reason. Never the unit that was asked."""

from datetime import datetime

from django.db import IntegrityError, transaction

from alongside.cohort.pay.models import Claim, Decision
from alongside.cohort.pay.queries import asked_units
from alongside.core.clocks import local_date
from alongside.ground.gate import Asker, Role
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends


class OnlyTheStewardError(ValueError):
    """Somebody else than the steward would decide on pay; ask the steward."""


class TheAskedUnitError(ValueError):
    """A steward works for a unit that leads asked something; another steward decides on pay."""


class NotYourOwnError(ValueError):
    """A steward would decide on their own pay; another steward decides."""


class AlreadyDecidedError(ValueError):
    """The claim was approved, sent back or taken back already; look at the list again."""


def steward_of(program: Program, asker: Asker) -> int:
    """Give the person id of a steward who works for no asked unit: nobody else decides on money.

    Raises OnlyTheStewardError or TheAskedUnitError.
    """
    if asker.person_id is None or not asker.has(Role.STEWARD):
        raise OnlyTheStewardError("Only the steward decides on pay; ask the steward of the program.")
    if own := sorted(asker.units & asked_units(program)):
        raise TheAskedUnitError(
            f"You work for {', '.join(own)}, which leads have asked; another steward decides on their pay."
        )
    return asker.person_id


@appends()
def approve(*, claim: Claim, asker: Asker, now: datetime) -> Decision:
    """Approve a claim; the next run pays it. Raises OnlyTheSteward-, TheAskedUnit-, NotYourOwn-, AlreadyDecidedError."""
    return _decide(claim, asker, "approved", "", now)


@appends()
def send_back(*, claim: Claim, reason: str, asker: Asker, now: datetime) -> Decision:
    """Send a claim back with a reason, so that the lead can correct it. Raises as `approve` does."""
    return _decide(claim, asker, "sent-back", reason, now)


def _decide(claim: Claim, asker: Asker, verdict: str, reason: str, now: datetime) -> Decision:
    program = claim.seat.cohort.program
    by = steward_of(program, asker)
    if claim.seat.person_id == by:
        raise NotYourOwnError("This is your own work; another steward decides on it.")
    try:
        with transaction.atomic():
            return Decision.objects.create(
                claim=claim,
                verdict=verdict,
                reason=reason,
                by_id=by,
                on=local_date(now, pack_of(program)),
            )
    except IntegrityError as error:
        raise AlreadyDecidedError("This was decided already; look at the list again.") from error
