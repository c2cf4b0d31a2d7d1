"""What happens by itself: when a cohort's term is over, the record hears how many completed each track."""

from datetime import datetime

from alongside.cohort.seats.models import Cohort
from alongside.cohort.training.actions import tell_completed
from alongside.cohort.training.models import Track
from alongside.core.clocks import local_date
from alongside.core.kinds import EntryKind
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends


@appends(EntryKind.TRAINING_COMPLETED)
def tick(*, program: Program, now: datetime) -> int:
    """Tell what was completed in every cohort whose term is over; run it as often as you like."""
    pack = pack_of(program)
    over = list(Cohort.objects.filter(program=program, until_date__lt=local_date(now, pack)))
    tracks = list(Track.objects.filter(program=program)) if over else []
    return sum(
        tell_completed(cohort=cohort, track=track, pack=pack, now=now) for cohort in over for track in tracks
    )
