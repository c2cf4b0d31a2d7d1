"""Which letters to offices are due, and when: before an answer or a reply is due, where nobody holds the office, where an answer gives no reasons."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from alongside.cohort.seats.models import Reminded
from alongside.core.clocks import reminder_dates
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Citation, Standing
from alongside.ground.record.queries import entries_at, is_cited

#: The stage of a letter to the office above, where nobody holds the office that owes the answer.
VACANT = "vacant"
#: That of a letter to the office above, where the record tells that no answer came.
ESCALATED = "escalated"
#: The stage of a letter to an office whose answer, leads say, gives no reasons; after so long, no run of the clock writes it.
UNREASONED, MARKED_FOR = "unreasoned", timedelta(days=366)


@dataclass(frozen=True)
class Letter:
    """A letter that is due: to which office, about which ask or list, the day it names, and which of its letters."""

    to: str
    ask: int
    due: date
    stage: str

    @property
    def about(self) -> str:
        """Name what it is about, as letters that went out are noted."""
        return f"ask {self.ask} {self.due}"


def marks_to_tell(program: Program, today: date) -> list[Letter]:
    """List the letters to offices whose answer, leads say, gives no reasons."""
    marked = is_cited(program, "answer", EntryKind.ANSWER_UNREASONED)
    found = Standing.objects.filter(marked, log__program=program).order_by("ask")
    return [
        Letter(one.office, one.ask, one.answer_due, UNREASONED)
        for one in found
        if one.answered and today <= one.answered + MARKED_FOR
    ]


def raises_to_tell(program: Program, today: date, pack: Pack) -> list[Letter]:
    """List the letters to the office above when a question was raised to it, and again before its reply is due."""
    owed = Standing.objects.filter(log__program=program, raise_reply=None, raise_due__gte=today)
    raised = [(one.ask, one.raised, one.raise_due) for one in owed.order_by("ask")]
    entries = entries_at(program, [index for _, index, _ in raised if index is not None])
    found = []
    for ask, index, due in raised:
        if index is None or due is None:
            continue
        before = [day for day in reminder_dates(due, pack, entries[index].date) if day <= today]
        stage = f"raised-before-{(due - max(before)).days}" if before else "raised"
        found.append(Letter(str(entries[index].data["to"]), ask, due, stage))
    return found


def letters_about(
    running: Iterable[Standing], lists: Mapping[int, int], today: date, pack: Pack, held: Collection[str]
) -> list[Letter]:
    """List the letters about answers that are owed: one for each office that nobody holds, and reminders before the day."""
    found, vacant = [], set(held)
    for standing in running:
        if standing.office not in vacant:
            vacant.add(standing.office)  # one letter an office, not one for each of 200 questions
            found.append(Letter(pack.escalate_to, standing.ask, standing.answer_due, VACANT))
        letter = reminder_of(standing, lists.get(standing.ask, standing.ask), today, pack, held)
        found += [letter] if letter else []
    return found


def unsent(program: Program, letters: Iterable[Letter]) -> list[Letter]:
    """List those letters that were not sent yet, each once. One query."""
    due = list(dict.fromkeys(letters))
    rows = Reminded.objects.filter(program=program, about__in={one.about for one in due})
    sent = set(rows.values_list("about", "stage"))
    return [one for one in due if (one.about, one.stage) not in sent]


def reminder_of(
    standing: Standing, about: int, today: date, pack: Pack, held: Collection[str]
) -> Letter | None:
    """Give the last reminder that is due before an answer; earlier ones that were missed are not sent late.

    Where nobody holds the office, the one above gets it.
    """
    due = [day for day in reminder_dates(standing.answer_due, pack) if day <= today <= standing.answer_due]
    if not due:
        return None
    stage = f"before-{(standing.answer_due - max(due)).days}"
    if standing.office in held:
        return Letter(standing.office, about, standing.answer_due, stage)
    return Letter(pack.escalate_to, about, standing.answer_due, f"{VACANT}-{stage}")


def lists_of(program: Program) -> dict[int, int]:
    """Give the list that each question stands on: questions sent together are one letter, about their list."""
    cited = Citation.objects.filter(log__program=program, role="list", kind=EntryKind.ASK_QUESTIONED)
    return dict(cited.values_list("citing", "cited"))
