"""Read commitments and claims for those who claim and those who check."""

from dataclasses import dataclass

from alongside.chain.commitments.models import Check
from alongside.cohort.seats.models import Seat
from alongside.ground.gate import Asker
from alongside.ground.programs.models import Program
from alongside.ground.record import queries as record
from alongside.ground.record.models import MilestoneStanding
from alongside.ground.record.queries import Told


@dataclass(frozen=True)
class Step:
    """A milestone with its commitment's words, the ask behind it, and the claim if there is one."""

    standing: MilestoneStanding
    commitment: Told
    ask: Told
    claim: Told | None

    @property
    def words(self) -> str:
        """Say what will be done."""
        return self.commitment.say(self.standing.milestone)


def _step(program: Program, standing: MilestoneStanding, lang: str) -> Step:
    wanted = [one for one in (standing.commitment, standing.ask, standing.claim) if one is not None]
    told = record.told(program, wanted, lang)
    claim = told.get(standing.claim) if standing.claim is not None else None
    return Step(standing, told[standing.commitment], told[standing.ask], claim)


def to_claim(program: Program, asker: Asker, commitment: int, milestone: str, lang: str) -> Step | None:
    """Give a milestone that the asker's unit promised and has not delivered, or None. Three queries."""
    rows = MilestoneStanding.objects.filter(log__program=program, unit__in=sorted(asker.units))
    standing = rows.filter(commitment=commitment, milestone=milestone).first()
    if standing is None or standing.verdict == "verified":
        return None
    if standing.claim is not None and standing.verdict is None:
        return None
    return _step(program, standing, lang)


def to_check(program: Program, claim: int, lang: str) -> Step | None:
    """Give a claim that is not checked yet, or None. Three queries."""
    standing = MilestoneStanding.objects.filter(log__program=program, claim=claim, verdict=None).first()
    return _step(program, standing, lang) if standing else None


def seat_of(asker: Asker) -> Seat:
    """Give the asker's seat, with who pays it. One query."""
    return Seat.objects.select_related("paid_by", "cohort__program").get(pk=asker.seat_id or 0)


def checks_of(program: Program, claim: int) -> list[Check]:
    """List the checks of a claim so far. One query."""
    return list(Check.objects.filter(program=program, claim=claim).select_related("seat").order_by("pk"))
