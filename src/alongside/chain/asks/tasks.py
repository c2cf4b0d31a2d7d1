"""The clock of asks and of what follows them: remind before, tell silence after, escalate. Idempotent, and catches up after missed runs."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial

from django.db.models import Q

from alongside.chain.asks.actions import RUNS, tell_silence
from alongside.chain.asks.letters import (
    ESCALATED,
    VACANT,
    Letter,
    lists_of,
    marks_to_tell,
    raises_to_tell,
    reminder_of,
)
from alongside.cohort.seats.actions import note_letter
from alongside.core.clocks import escalation_date, local_date
from alongside.core.grammar.asks import who_hears
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.turns import in_turn
from alongside.core.workflow.asks import REPLY_OWED
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of, posts_today
from alongside.ground.record.actions import Draft, tell_once
from alongside.ground.record.declared import appends
from alongside.ground.record.models import Standing

#: Sends one reminder: program, office, ask, due day, stage.
type Send = Callable[[Program, str, int, date, str], None]


@appends(EntryKind.ASK_SILENT, EntryKind.ASK_ESCALATED, EntryKind.CONTEST_SILENT, EntryKind.RAISE_SILENT)
def tick(*, program: Program, now: datetime, send: Send) -> int:
    """Do for every open ask what its clock demands today; give how many things were told or sent.

    What fails for one ask stops no other: raises ExceptionGroup once each had its turn.
    """
    return sum(in_turn(_turns(program, now, send)))


def _turns(program: Program, now: datetime, send: Send) -> Iterator[Callable[[], int]]:
    """Give what the clock does today, ask by ask."""
    pack = pack_of(program)
    today = local_date(now, pack)
    held = {one.public_id for one in posts_today(program, today)}
    told = set(held)
    lists = lists_of(program)

    def run(standing: Standing) -> int:
        done, about = 0, lists.get(standing.ask, standing.ask)
        if standing.is_answer_past(today):
            done += tell_silence(program=program, ask=standing.ask, now=now)
            done += _escalate(program, standing, about, today, pack, now, send)
        if standing.office not in told:
            vacant = Letter(pack.escalate_to, standing.ask, standing.answer_due, VACANT)
            done += _send_once(program, vacant, today, send)
            told.add(standing.office)  # one letter an office, not one for each of 200 questions
        letter = reminder_of(standing, about, today, pack, held)
        return done + (_send_once(program, letter, today, send) if letter else 0)

    def write(letters: Callable[[], list[Letter]]) -> int:
        return sum(_send_once(program, one, today, send) for one in letters())

    for standing in Standing.objects.filter(RUNS, log__program=program).order_by("ask"):
        yield partial(run, standing)
    yield partial(write, partial(marks_to_tell, program, today))
    yield partial(write, partial(raises_to_tell, program, today, pack))
    late = Q(state__in=REPLY_OWED, reply_due__lt=today) | Q(raise_reply=None, raise_due__lt=today)
    waiting = Standing.objects.filter(late, log__program=program).order_by("ask")
    for ask in waiting.values_list("ask", flat=True):
        yield partial(tell_silence, program=program, ask=ask, now=now)


def _escalate(
    program: Program, standing: Standing, about: int, today: date, pack: Pack, now: datetime, send: Send
) -> int:
    if standing.escalated or today < escalation_date(standing.answer_due, pack):
        return 0
    above = who_hears(standing.office, pack.escalate_to, pack.signing_offices)[0]
    data = {"office": standing.office, "to": above}
    draft = Draft(kind=EntryKind.ASK_ESCALATED, by=["clock"], data=data, cites={"ask": [standing.ask]})
    told = tell_once(program=program, draft=draft, now=now)
    if told is not None:
        _send_once(program, Letter(above, about, standing.answer_due, ESCALATED), today, send)
    return int(told is not None)


def _send_once(program: Program, letter: Letter, today: date, send: Send) -> int:
    """Send a letter that is due, once a stage and day that it names."""
    about = f"ask {letter.ask} {letter.due}"
    is_new = note_letter(program=program, about=about, stage=letter.stage, on=today)
    if is_new:
        send(program, letter.to, letter.ask, letter.due, letter.stage)
    return int(is_new)
