"""The outbox of an office, ten minutes later."""

from datetime import UTC, datetime

from alongside.chain.answers import actions
from alongside.core.workflow.answer_drafts import OUTBOX
from alongside.ground.programs.models import Program


def send_out(program: Program, now: datetime | None = None) -> int:
    """Let ten minutes pass and the clock run once; give how many answers went on the record."""
    return actions.send_out(program=program, now=(now or datetime.now(tz=UTC)) + OUTBOX)
