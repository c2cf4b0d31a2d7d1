"""The clock of contests: a reply that is not written by its day is told once."""

from datetime import datetime

from alongside.core.clocks import local_date
from alongside.core.grammar.standings import is_past
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, tell_once
from alongside.ground.record.declared import appends
from alongside.ground.record.models import Standing


@appends("contest.silent")
def tick(*, program: Program, now: datetime) -> int:
    """Tell every reply that is late; give how many were told."""
    today = local_date(now, pack_of(program))
    late = Standing.objects.filter(log__program=program, state="contested", reply_due__lt=today).order_by(
        "ask"
    )
    done = 0
    for standing in late:
        if standing.contest is None or not is_past(standing.reply_due, standing.quiet, today):
            continue
        draft = Draft(
            kind="contest.silent",
            by=["clock"],
            data={"office": standing.office},
            cites={"contest": [standing.contest]},
        )
        told = tell_once(program=program, about=standing.contest, stage="once", draft=draft, now=now)
        done += int(told is not None)
    return done
