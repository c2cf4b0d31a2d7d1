"""Which letters to offices are due, and when: before an answer or a reply is due, where nobody holds the office, where an answer gives no reasons."""

from collections.abc import Callable, Collection
from datetime import date, timedelta

from alongside.chain.asks.actions import note_reminder
from alongside.core.clocks import reminder_dates
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.ground.programs.models import Program
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


def tell_of_marks(program: Program, today: date, send: Send) -> int:
    """Write once to the office whose answer, leads say, gives no reasons."""
    marks = Citation.objects.filter(log__program=program, kind=EntryKind.ANSWER_UNREASONED, role="answer")
    found = Standing.objects.filter(log__program=program, answer__in=marks.values("cited")).order_by("ask")
    return sum(
        send_once(program, one, one.ask, UNREASONED, today, one.office, send)
        for one in found
        if one.answered and today <= one.answered + MARKED_FOR
    )


def lists_of(program: Program) -> dict[int, int]:
    """Give the list that each question stands on: questions sent together are one letter, about their list."""
    cited = Citation.objects.filter(log__program=program, role="list", kind=EntryKind.ASK_QUESTIONED)
    return dict(cited.values_list("citing", "cited"))


def remind_above(program: Program, today: date, pack: Pack, send: Send) -> int:
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


def remind(
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
        return send_once(program, standing, about, stage, today, standing.office, send)
    return send_once(program, standing, about, f"{VACANT}-{stage}", today, pack.escalate_to, send)


def send_once(
    program: Program, standing: Standing, about: int, stage: str, today: date, to: str, send: Send
) -> int:
    """Send a letter about an ask, or about the list it stands on, once a stage and day that it is due."""
    due = standing.answer_due
    is_new = note_reminder(program=program, ask=about, due=due, stage=stage, on=today)
    if is_new:
        send(program, to, about, due, stage)
    return int(is_new)
