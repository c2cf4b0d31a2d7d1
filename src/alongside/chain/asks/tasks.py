"""The clock of asks and of what follows them: remind before, tell silence after, escalate. Idempotent, and catches up after missed runs."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial

from django.db.models import Q

from alongside.chain.asks.actions import RUNS, silences, tell_silence
from alongside.chain.asks.letters import (
    ESCALATED,
    Letter,
    letters_about,
    lists_of,
    marks_to_tell,
    raises_to_tell,
    unsent,
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
from alongside.ground.record.actions.entries import Draft, tell_once, untold
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
    """Give what the clock does today, ask by ask; what was told or sent before is asked for once, not ask by ask."""
    pack = pack_of(program)
    today = local_date(now, pack)
    late = Q(state__in=REPLY_OWED, reply_due__lt=today) | Q(raise_reply=None, raise_due__lt=today)
    rows = list(Standing.objects.filter(RUNS | late, log__program=program).order_by("ask"))
    silent = [(one.ask, draft) for one in rows for draft in silences(one, today, pack)]
    for ask in dict.fromkeys(untold(program=program, late=silent, on=today)):
        yield partial(tell_silence, program=program, ask=ask, now=now)
    running = [one for one in rows if one.runs]
    lists = lists_of(program)
    for standing in running:
        if not standing.escalated and standing.is_answer_past(today):
            about = lists.get(standing.ask, standing.ask)
            yield partial(_escalate, program, standing, about, today, pack, now, send)
    held = {one.public_id for one in posts_today(program, today)}

    def write(letters: Callable[[], list[Letter]]) -> int:
        fresh = unsent(program, letters())
        return sum(in_turn(partial(_send_once, program, one, today, send) for one in fresh))

    yield partial(write, partial(letters_about, running, lists, today, pack, held))
    yield partial(write, partial(marks_to_tell, program, today))
    yield partial(write, partial(raises_to_tell, program, today, pack))


def _escalate(
    program: Program, standing: Standing, about: int, today: date, pack: Pack, now: datetime, send: Send
) -> int:
    if today < escalation_date(standing.answer_due, pack):
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
    is_new = note_letter(program=program, about=letter.about, stage=letter.stage, on=today)
    if is_new:
        send(program, letter.to, letter.ask, letter.due, letter.stage)
    return int(is_new)
