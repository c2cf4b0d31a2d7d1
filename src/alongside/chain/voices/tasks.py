"""The clock of voices: publishes what may be published, one batch behind. Idempotent."""

from datetime import datetime

from alongside.chain.voices.actions import publish_batches
from alongside.core.kinds import EntryKind
from alongside.ground.programs.models import Program
from alongside.ground.record.declared import appends


@appends(EntryKind.VOICES_PUBLISHED, EntryKind.VOICES_CLOSED)
def tick(*, program: Program, now: datetime) -> int:
    """Publish batches of seal marks and end intakes that are past their day; give how many entries were made."""
    return publish_batches(program=program, now=now)
