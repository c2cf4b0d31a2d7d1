"""The row that counts what an engagement took in, and that says whether it takes in more."""

from alongside.chain.voices.models import Intake
from alongside.chain.voices.queries import Door
from alongside.ground.programs.models import Program


def intake_of(*, program: Program, door: Door) -> Intake:
    """Give the row that counts an engagement's voices; the first who asks makes it."""
    engagement = {"engagement": door.promise.data["engagement"]}
    row, _new = Intake.objects.get_or_create(program=program, promise=door.promise.index, defaults=engagement)
    return row


def end_intake(*, intake: Intake) -> None:
    """Take in no more, not even a voice that came in time and waits in line."""
    Intake.objects.filter(pk=intake.pk).update(is_closed=True)
