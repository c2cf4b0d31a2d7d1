"""Where an ask stands, from its entries alone: what was answered, what is owed, by whom and by when."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from alongside.core.entries import Entry, unit_of
from alongside.core.kinds import EntryKind
from alongside.core.workflow.open_steps import OpenStep

ASK_KINDS = (EntryKind.ASK_RECOMMENDED, EntryKind.ASK_QUESTIONED, EntryKind.ASK_ADVISED)


class Decision(StrEnum):
    """What an office decides of an ask; that its answer stands is only said in a reply."""

    ACCEPTED = "accepted"
    ACCEPTED_IN_PART = "accepted_in_part"
    DECLINED = "declined"
    DEFERRED = "deferred"
    TOLD = "told"
    TOLD_IN_PART = "told_in_part"
    STANDS = "stands"


PROMISES = (Decision.ACCEPTED, Decision.ACCEPTED_IN_PART)
#: A question is told what it asked, or a part of it; what is told binds to nothing more.
TELLS = (Decision.TOLD, Decision.TOLD_IN_PART)
FINAL = (*PROMISES, Decision.DECLINED, *TELLS)
ANSWERS = tuple(one for one in Decision if one != Decision.STANDS)
#: Answers to a question that leave something to raise.
LACKING = (Decision.DECLINED, Decision.TOLD_IN_PART)


class AskStage(StrEnum):
    """Where an ask stands; each entry about it may move it on."""

    ASKED = "asked"
    ACKNOWLEDGED = "acknowledged"
    DEFERRED = "deferred"
    ANSWERED = "answered"
    CONTESTED = "contested"
    REPLIED = "replied"


#: The stages of an ask in which an answer is owed, a reply to a contest, either, and nothing.
ANSWER_OWED = (AskStage.ASKED, AskStage.ACKNOWLEDGED, AskStage.DEFERRED)
REPLY_OWED = (AskStage.CONTESTED,)
OWED = (*ANSWER_OWED, *REPLY_OWED)
DONE = (AskStage.ANSWERED, AskStage.REPLIED)


class AskStep(StrEnum):
    """What an office owes next of an ask."""

    ANSWER = "answer"
    REPLY = "reply"


class AskState:
    """What follows from where an ask stands; of the fold, and of the rows that pages read."""

    office: str
    state: str
    decision: str | None
    answer: int | None
    answer_due: date
    reply_due: date | None
    raised: int | None
    raise_due: date | None
    raise_reply: int | None
    quiet: date | None
    missed: Mapping[str, str]
    handed: date | None
    answered: date | None
    silences: int

    @property
    def is_put_off(self) -> bool:
        """Say whether the last answer was "not yet"."""
        return self.decision == Decision.DEFERRED

    @property
    def is_answered(self) -> bool:
        """Say whether it has its answer, also one that the office above told. One that is put off to a day has none yet."""
        return (self.answer is not None or self.state in DONE) and not self.is_put_off

    @property
    def owes_answer(self) -> bool:
        """Say whether an answer is owed."""
        return self.state in ANSWER_OWED

    @property
    def owes_reply(self) -> bool:
        """Say whether a reply to a contest is owed."""
        return self.state in REPLY_OWED

    @property
    def owes(self) -> bool:
        """Say whether an answer or a reply is owed."""
        return self.state in OWED

    @property
    def runs(self) -> bool:
        """Say whether the clock of the answer runs: one is owed, or a "not yet" is contested."""
        return self.owes_answer or (self.owes_reply and self.is_put_off)

    @property
    def step(self) -> OpenStep | None:
        """Give what is owed next, or None."""
        if self.owes_answer:
            return OpenStep(AskStep.ANSWER, self.office, self.answer_due)
        return OpenStep(AskStep.REPLY, self.office, self.reply_due) if self.owes_reply else None

    @property
    def due(self) -> date | None:
        """Give the day of what is owed next, or None; where a "not yet" is contested, its own day if that comes first."""
        step = self.step
        if step is None or step.due is None:
            return None
        return min(step.due, self.answer_due) if self.runs else step.due

    @property
    def was_due(self) -> date | None:
        """Give the first day of its answer that passed, late in public, before it was moved or handed on; None where none did."""
        return min(map(date.fromisoformat, self.missed.values()), default=None)

    @property
    def let_pass_first(self) -> str:
        """Give the office that let that first day pass, or the one that has it where none did."""
        return min(self.missed, key=self.missed.__getitem__, default=self.office)

    @property
    def more_time(self) -> date | None:
        """Give the day until which time was taken of what is owed and was late by then, or None."""
        is_moved = self.runs and self.was_due is not None and self.was_due != self.answer_due
        return self.answer_due if is_moved else None

    @property
    def late_from(self) -> date:
        """Give the day of the answer by which it counts: time that is taken after it has passed undoes no lateness."""
        return self.was_due or self.answer_due

    @property
    def owes_above(self) -> bool:
        """Say whether the office above owes a reply."""
        return self.raised is not None and self.raise_reply is None

    def is_answer_past(self, today: date) -> bool:
        """Say whether the day of the answer is past in public."""
        return is_past(self.late_from, self.quiet, today)

    @property
    def came_late(self) -> int:
        """Count the days by which its answer came late in public, as the record also told where it told a silence; 0 where it came by its day."""
        if not self.is_answered or self.answered is None:
            return 0
        is_late = self.silences > 0 or self.is_answer_past(self.answered)
        return max((self.answered - self.late_from).days, 1) if is_late else 0

    def days_late(self, today: date) -> int:
        """Count the days for which what is owed is late in public; 0 where it is not. The one place where this is counted."""
        due = self._counts_from
        return (today - due).days if due is not None and is_past(due, self.quiet, today) else 0

    def late_by_office(self, today: date) -> dict[str, int]:
        """Count, of what is owed, for how many days each bureau is late in public that let a day pass, by the office that had it.

        Each counts from the first day that it let pass itself: whoever got an ask after its day counts from when it got it.
        """
        due = self.due
        if due is None:
            return {}
        days = {office: date.fromisoformat(day) for office, day in self.missed.items()} if self.runs else {}
        own = _own_day(due, self.handed)
        before = next((days.pop(one) for one in list(days) if unit_of(one) == unit_of(self.office)), own)
        days[self.office] = min(before, own)
        return {office: (today - day).days for office, day in days.items() if is_past(day, self.quiet, today)}

    @property
    def _counts_from(self) -> date | None:
        return min(self.due, self.late_from) if self.due is not None and self.runs else self.due

    def is_late(self, today: date) -> bool:
        """Say whether what is owed is late in public."""
        return self.days_late(today) > 0

    def is_learning(self, today: date) -> bool:
        """Say whether the day of what is owed is past and nothing late is told of it: its unit is in its learning period."""
        due = self._counts_from
        return due is not None and due < today and not self.is_late(today)


@dataclass(frozen=True)
class AskStanding(AskState):
    """Where one ask stands."""

    ask: int
    kind: str
    office: str
    asked: date
    ack_due: date
    answer_due: date
    state: str = AskStage.ASKED
    acknowledged: date | None = None
    decision: str | None = None
    answer: int | None = None
    answered: date | None = None
    contest: int | None = None
    reply_due: date | None = None
    reply: int | None = None
    commitment: int | None = None
    silences: int = 0
    escalated: bool = False
    unclear: int | None = None
    raised: int | None = None
    raise_due: date | None = None
    raise_reply: int | None = None
    #: The last day of its unit's learning period, until which nothing late is told in public.
    quiet: date | None = None
    #: Of each bureau, by its office then: the first day that passed, late in public, before it was moved or handed on.
    missed: Mapping[str, str] = field(default_factory=dict)
    #: The day on which the bureau that has it got it, where it was handed on.
    handed: date | None = None

    @property
    def unit(self) -> str:
        """Give the unit that owes."""
        return unit_of(self.office)


def _own_day(due: date, handed: date | None) -> date:
    """Give the day that a bureau lets pass itself: the one due, or the one on which it got what was late by then."""
    return max(due, handed or due)


def is_past(due: date | None, quiet: date | None, today: date) -> bool:
    """Say whether a day is past in public: not before the learning period of its unit is over."""
    return due is not None and due < today and (quiet is None or quiet < today)


#: What can move the day of an answer: more time, and "not yet".
MOVES = (EntryKind.ASK_EXTENDED, EntryKind.ANSWER_GIVEN)


def answer_due(due: date, moves: Iterable[Entry]) -> date:
    """Give the day by which an answer is due after entries of MOVES, oldest first: the last day that one of them names, else as before."""
    named = [one.data["until"] for one in moves if "until" in one.data]
    return date.fromisoformat(named[-1]) if named else due


def _moved(standing: AskStanding, entry: Entry) -> dict[str, Any]:
    """Move the day of an answer, and keep it where it was late in public by then."""
    due = answer_due(standing.answer_due, [entry])
    return {"answer_due": due} | ({} if due == standing.answer_due else _missed(standing, entry))


def _handed_on(standing: AskStanding, entry: Entry) -> dict[str, Any]:
    office = entry.data["office"]
    if unit_of(office) == standing.unit:
        return {"office": office}
    return {"office": office, "handed": entry.date} | _missed(standing, entry)


def _missed(standing: AskStanding, entry: Entry) -> dict[str, Any]:
    """Keep the day of the bureau that has an ask, where it is late in public now and let none pass before."""
    if standing.unit in map(unit_of, standing.missed) or not is_past(
        standing.answer_due, standing.quiet, entry.date
    ):
        return {}
    day = _own_day(standing.answer_due, standing.handed)
    return {"missed": {**standing.missed, standing.office: day.isoformat()}}


def open_ask(entry: Entry) -> AskStanding:
    """Start the standing of a new ask."""
    data = entry.data
    return AskStanding(
        ask=entry.index,
        kind=entry.kind,
        office=data["office"],
        asked=entry.date,
        ack_due=date.fromisoformat(data["ack_due"]),
        answer_due=date.fromisoformat(data["answer_due"]),
    )


def fold_ask(standing: AskStanding, entry: Entry) -> AskStanding:
    """Give the standing of an ask after one more entry about it."""
    step = STEPS.get(entry.kind)
    return replace(standing, **step(standing, entry)) if step else standing


def unfold_ask(standing: AskStanding, wrong: Entry) -> AskStanding:
    """Give the standing of an ask without what a wrong clock told of it."""
    if wrong.kind == EntryKind.ASK_SILENT:
        return replace(standing, silences=standing.silences - 1)
    return replace(standing, escalated=False) if wrong.kind == EntryKind.ASK_ESCALATED else standing


def _acknowledged(standing: AskStanding, entry: Entry) -> dict[str, Any]:
    state = AskStage.ACKNOWLEDGED if standing.state == AskStage.ASKED else standing.state
    return {"state": state, "acknowledged": entry.date}


def _answered(standing: AskStanding, entry: Entry) -> dict[str, Any]:
    # What was contested before was another answer, a "not yet": this one can be contested anew.
    anew = {"contest": None, "reply_due": None, "reply": None}
    given = {**anew, "decision": entry.data["decision"], "answer": entry.index, "answered": entry.date}
    state = AskStage.DEFERRED if entry.data["decision"] == Decision.DEFERRED else AskStage.ANSWERED
    return {**given, "state": state, **_moved(standing, entry)}


def _contested(_standing: AskStanding, entry: Entry) -> dict[str, Any]:
    due = date.fromisoformat(entry.data["reply_due"])
    return {"state": AskStage.CONTESTED, "contest": entry.index, "reply_due": due}


def _replied(standing: AskStanding, entry: Entry) -> dict[str, Any]:
    decision = standing.decision if entry.data["decision"] == Decision.STANDS else entry.data["decision"]
    if decision == Decision.DEFERRED:  # "not yet" stands, so the answer is still owed
        return {"state": AskStage.DEFERRED, "reply": entry.index}
    return {"state": AskStage.REPLIED, "reply": entry.index, "decision": decision}


def _raised(_standing: AskStanding, entry: Entry) -> dict[str, Any]:
    return {"raised": entry.index, "raise_due": date.fromisoformat(entry.data["reply_due"])}


def _replied_above(standing: AskStanding, entry: Entry) -> dict[str, Any]:
    reply: dict[str, Any] = {"raise_reply": entry.index}
    if entry.data["decision"] != Decision.TOLD:
        return reply
    # What was refused by its day stays answered on that day; what nobody had answered is answered now.
    answered = standing.answered if standing.is_answered else entry.date
    return {**reply, "state": AskStage.REPLIED, "decision": Decision.TOLD, "answered": answered}


type Step = Callable[[AskStanding, Entry], dict[str, Any]]

#: What each kind of entry changes in the standing of the ask it is about.
STEPS: dict[str, Step] = {
    EntryKind.ASK_ACKNOWLEDGED: _acknowledged,
    EntryKind.ASK_UNCLEAR: lambda _standing, entry: {"unclear": entry.index},
    EntryKind.ASK_CLARIFIED: lambda _standing, _entry: {"unclear": None},
    EntryKind.ASK_EXTENDED: _moved,
    EntryKind.ASK_TRANSFERRED: _handed_on,
    EntryKind.ASK_SILENT: lambda standing, _entry: {"silences": standing.silences + 1},
    EntryKind.ASK_ESCALATED: lambda _standing, _entry: {"escalated": True},
    EntryKind.ANSWER_GIVEN: _answered,
    EntryKind.ANSWER_CONTESTED: _contested,
    EntryKind.CONTEST_REPLIED: _replied,
    EntryKind.ASK_RAISED: _raised,
    EntryKind.RAISE_REPLIED: _replied_above,
    EntryKind.COMMITMENT_MADE: lambda _standing, entry: {"commitment": entry.index},
}


def is_ask(entry: Entry) -> bool:
    """Say whether an entry is an ask."""
    return entry.kind in ASK_KINDS
