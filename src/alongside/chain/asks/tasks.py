"""The clock of asks and of what follows them: remind before, tell silence after, escalate. Idempotent, and catches up after missed runs."""

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime, timedelta
from functools import partial

from django.db.models import Q

from alongside.chain.asks.actions import RUNS, note_reminder, tell_silence
from alongside.core.clocks import escalation_date, local_date, reminder_dates
from alongside.core.grammar.asks import who_hears
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.turns import in_turn
from alongside.core.workflow.asks import REPLY_OWED, is_past
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of, posts_today
from alongside.ground.record.actions import Draft, tell_once
from alongside.ground.record.declared import appends
from alongside.ground.record.models import Citation, Standing
from alongside.ground.record.queries import entries_at

#: Sends one reminder: program, office, ask, due day, stage.
type Send = Callable[[Program, str, int, date, str], None]
#: The stage of a letter to the office above, where nobody holds the office that owes the answer.
VACANT = "vacant"
#: That of a letter to the office above, where the record tells that no answer came.
ESCALATED = "escalated"
#: The stage of a letter to an office whose answer, leads say, gives no reasons; after so long, no run of the clock writes it.
UNREASONED, MARKED_FOR = "unreasoned", timedelta(days=366)


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
    lists = _lists(program)

    def run(standing: Standing) -> int:
        done, about = 0, lists.get(standing.ask, standing.ask)
        if is_past(standing.answer_due, standing.quiet, today):
            done += tell_silence(program=program, ask=standing.ask, now=now)
            done += _escalate(program, standing, about, today, pack, now, send)
        if standing.office not in told:
            done += _send_once(program, standing, standing.ask, VACANT, today, pack.escalate_to, send)
            told.add(standing.office)  # one letter an office, not one for each of 200 questions
        return done + _remind(program, standing, about, today, pack, held, send)

    for standing in Standing.objects.filter(RUNS, log__program=program).order_by("ask"):
        yield partial(run, standing)
    yield partial(_tell_of_marks, program, today, send)
    yield partial(_remind_above, program, today, pack, send)
    late = Q(state__in=REPLY_OWED, reply_due__lt=today) | Q(raise_reply=None, raise_due__lt=today)
    waiting = Standing.objects.filter(late, log__program=program).order_by("ask")
    for ask in waiting.values_list("ask", flat=True):
        yield partial(tell_silence, program=program, ask=ask, now=now)


def _tell_of_marks(program: Program, today: date, send: Send) -> int:
    """Write once to the office whose answer, leads say, gives no reasons."""
    marks = Citation.objects.filter(log__program=program, kind=EntryKind.ANSWER_UNREASONED, role="answer")
    found = Standing.objects.filter(log__program=program, answer__in=marks.values("cited")).order_by("ask")
    return sum(
        _send_once(program, one, one.ask, UNREASONED, today, one.office, send)
        for one in found
        if one.answered and today <= one.answered + MARKED_FOR
    )


def _lists(program: Program) -> dict[int, int]:
    """Give the list that each question stands on: questions sent together are one letter, about their list."""
    cited = Citation.objects.filter(log__program=program, role="list", kind=EntryKind.ASK_QUESTIONED)
    return dict(cited.values_list("citing", "cited"))


def _remind_above(program: Program, today: date, pack: Pack, send: Send) -> int:
    """Write to the office above when a question was raised to it, and again before its reply is due."""
    owed = Standing.objects.filter(log__program=program, raise_reply=None, raise_due__gte=today)
    done = 0
    for standing in owed.order_by("ask"):
        if standing.raised is None or standing.raise_due is None:
            continue
        raised, due = entries_at(program, [standing.raised])[standing.raised], standing.raise_due
        before = [day for day in reminder_dates(due, pack, raised.date) if day <= today]
        stage = f"raised-before-{(due - max(before)).days}" if before else "raised"
        if note_reminder(program=program, ask=standing.ask, due=due, stage=stage, on=today):
            send(program, str(raised.data["to"]), standing.ask, due, stage)
            done += 1
    return done


def _remind(
    program: Program,
    standing: Standing,
    about: int,
    today: date,
    pack: Pack,
    held: Collection[str],
    send: Send,
) -> int:
    """Send the last reminder that is due and was not sent; earlier ones that were missed are not sent late.

    Where nobody holds the office, the one above gets it.
    """
    due = [day for day in reminder_dates(standing.answer_due, pack) if day <= today <= standing.answer_due]
    if not due:
        return 0
    stage = f"before-{(standing.answer_due - max(due)).days}"
    if standing.office in held:
        return _send_once(program, standing, about, stage, today, standing.office, send)
    return _send_once(program, standing, about, f"{VACANT}-{stage}", today, pack.escalate_to, send)


def _send_once(
    program: Program, standing: Standing, about: int, stage: str, today: date, to: str, send: Send
) -> int:
    """Send a letter about an ask, or about the list it stands on, once a stage and day that it is due."""
    due = standing.answer_due
    is_new = note_reminder(program=program, ask=about, due=due, stage=stage, on=today)
    if is_new:
        send(program, to, about, due, stage)
    return int(is_new)


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
        _send_once(program, standing, about, ESCALATED, today, above, send)
    return int(told is not None)
