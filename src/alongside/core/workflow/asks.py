"""Where an ask stands, from its entries alone: what was answered, what is owed, by whom and by when."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind

ASK_KINDS = (EntryKind.ASK_RECOMMENDED, EntryKind.ASK_QUESTIONED, EntryKind.ASK_ADVISED)


PROMISES = ("accepted", "accepted_in_part")
#: The states of an ask in which an answer is owed, a reply to a contest, either, and nothing.
ANSWER_OWED = ("asked", "acknowledged", "deferred")
REPLY_OWED = ("contested",)
OWED = (*ANSWER_OWED, *REPLY_OWED)
DONE = ("answered", "replied")
#: The decision that puts an answer off to a day.
NOT_YET = "deferred"


class AskState:
    """What follows from where an ask stands; of the fold, and of the rows that pages read."""

    state: str
    decision: str | None
    answer_due: date
    reply_due: date | None
    quiet: date | None

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
        return self.owes_answer or (self.owes_reply and self.decision == NOT_YET)

    @property
    def due(self) -> date | None:
        """Give the day of what is owed next, or None."""
        if self.owes_answer:
            return self.answer_due
        return self.reply_due if self.owes_reply else None

    def is_late(self, today: date) -> bool:
        """Say whether what is owed is late in public."""
        return is_past(self.due, self.quiet, today)

    def is_learning(self, today: date) -> bool:
        """Say whether the day of what is owed is past and nothing late is told of it: its unit is in its learning period."""
        due = self.due
        return due is not None and due < today and not self.is_late(today)


@dataclass(frozen=True)
class AskStanding(AskState):
    """Where one ask stands. `state` is asked, acknowledged, deferred, answered, contested or replied."""

    ask: int
    kind: str
    office: str
    asked: date
    ack_due: date
    answer_due: date
    state: str = "asked"
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

    @property
    def unit(self) -> str:
        """Give the unit that owes."""
        return self.office.split("/", 1)[0]


def is_past(due: date | None, quiet: date | None, today: date) -> bool:
    """Say whether a day is past in public: not before the learning period of its unit is over."""
    return due is not None and due < today and (quiet is None or quiet < today)


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
    state = "acknowledged" if standing.state == "asked" else standing.state
    return {"state": state, "acknowledged": entry.date}


def _answered(_standing: AskStanding, entry: Entry) -> dict[str, Any]:
    # What was contested before was another answer, a "not yet": this one can be contested anew.
    anew = {"contest": None, "reply_due": None, "reply": None}
    given = {**anew, "decision": entry.data["decision"], "answer": entry.index, "answered": entry.date}
    if entry.data["decision"] == NOT_YET:
        return {**given, "state": "deferred", "answer_due": date.fromisoformat(entry.data["until"])}
    return {**given, "state": "answered"}


def _contested(_standing: AskStanding, entry: Entry) -> dict[str, Any]:
    due = date.fromisoformat(entry.data["reply_due"])
    return {"state": "contested", "contest": entry.index, "reply_due": due}


def _replied(standing: AskStanding, entry: Entry) -> dict[str, Any]:
    decision = standing.decision if entry.data["decision"] == "stands" else entry.data["decision"]
    if decision == NOT_YET:  # "not yet" stands, so the answer is still owed
        return {"state": "deferred", "reply": entry.index}
    return {"state": "replied", "reply": entry.index, "decision": decision}


def _raised(_standing: AskStanding, entry: Entry) -> dict[str, Any]:
    return {"raised": entry.index, "raise_due": date.fromisoformat(entry.data["reply_due"])}


def _replied_above(_standing: AskStanding, entry: Entry) -> dict[str, Any]:
    told = {"state": "replied", "decision": "told"} if entry.data["decision"] == "told" else {}
    return {"raise_reply": entry.index, **told}


type Step = Callable[[AskStanding, Entry], dict[str, Any]]

#: What each kind of entry changes in the standing of the ask it is about.
STEPS: dict[str, Step] = {
    EntryKind.ASK_ACKNOWLEDGED: _acknowledged,
    EntryKind.ASK_UNCLEAR: lambda _standing, entry: {"unclear": entry.index},
    EntryKind.ASK_CLARIFIED: lambda _standing, _entry: {"unclear": None},
    EntryKind.ASK_EXTENDED: lambda _standing, entry: {"answer_due": date.fromisoformat(entry.data["until"])},
    EntryKind.ASK_TRANSFERRED: lambda _standing, entry: {"office": entry.data["office"]},
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
