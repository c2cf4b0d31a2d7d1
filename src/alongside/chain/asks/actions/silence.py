"""Tell what is late of an ask: each night, and before anybody ends or moves a clock that has run out (promise 4)."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from alongside.core.clocks import silence_stages
from alongside.core.grammar.standings import is_past
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, day_of, tell_once
from alongside.ground.record.declared import appends
from alongside.ground.record.models import Log, Standing
from alongside.ground.record.queries import entries_at, learns

OWING = ("asked", "acknowledged", "deferred")
#: What still runs toward an answer: what is owed, and a "not yet" that is contested.
RUNS = Q(state__in=OWING) | Q(state="contested", decision="deferred")
type Silence = tuple[int, str, Draft]


@appends("ask.silent", "contest.silent", "raise.silent")
@transaction.atomic
def tell_silence(*, program: Program, ask: int, now: datetime) -> int:
    """Tell all that is late of an ask and was not told: its answer, a reply, that of the office above; give how much.

    After missed runs of the clock one entry tells the silence as it is today, at the latest stage that is due.
    """
    log = Log.objects.select_for_update().get(program=program)
    standing = Standing.objects.filter(log=log, ask=ask).first()
    if standing is None:
        return 0
    today = day_of(program, log, now)
    drafts = [
        *_answer_silence(program, standing, today),
        *_reply_silence(standing, today),
        *_silence_above(program, standing, today),
    ]
    told = [
        tell_once(program=program, about=about, stage=stage, draft=draft, now=now)
        for about, stage, draft in drafts
    ]
    return sum(one is not None for one in told)


def _answer_silence(program: Program, standing: Standing, today: date) -> list[Silence]:
    if not is_past(standing.answer_due, standing.quiet, today):
        return []
    if not Standing.objects.filter(RUNS, pk=standing.pk).exists():
        return []
    stages = silence_stages(standing.answer_due, pack_of(program), today)
    if not stages:
        return []
    label, late = stages[-1].label, (today - standing.answer_due).days
    data = {"office": standing.office, "days": late, "stage": label}
    draft = Draft(kind="ask.silent", by=["clock"], data=data, cites={"ask": [standing.ask]})
    return [(standing.ask, f"{standing.answer_due.isoformat()} {label}", draft)]


def _reply_silence(standing: Standing, today: date) -> list[Silence]:
    owes = standing.state == "contested" and is_past(standing.reply_due, standing.quiet, today)
    if not owes or standing.contest is None:
        return []
    data, cites = {"office": standing.office}, {"contest": [standing.contest]}
    return [(standing.contest, "once", Draft(kind="contest.silent", by=["clock"], data=data, cites=cites))]


def _silence_above(program: Program, standing: Standing, today: date) -> list[Silence]:
    raised, due = standing.raised, standing.raise_due
    if raised is None or standing.raise_reply is not None or not is_past(due, None, today):
        return []
    above = str(entries_at(program, [raised])[raised].data["to"])
    if learns(program, above.split("/", 1)[0], today):
        return []
    draft = Draft(kind="raise.silent", by=["clock"], data={"office": above}, cites={"raise": [raised]})
    return [(raised, "once", draft)]
