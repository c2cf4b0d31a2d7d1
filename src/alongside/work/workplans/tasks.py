"""What happens to drafts by itself: their updates are put together, and who left is forgotten."""

from datetime import datetime

from alongside.ground.programs.models import Program
from alongside.work.workplans.actions import compact, forget_absent
from alongside.work.workplans.queries import worth_compacting

MOST_UPDATES = 200


def tick(*, program: Program, now: datetime) -> None:
    """Compact the drafts that have many updates, and forget who is not there any more."""
    for plan in worth_compacting(program, MOST_UPDATES):
        compact(plan=plan)
    forget_absent(now=now)
