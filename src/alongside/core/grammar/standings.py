"""Where an ask and a milestone stand: folded from entries alone, so that anyone can fold them again."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from alongside.core.grammar.shape import Entry
from alongside.core.grammar.v1.asks import ASK_KINDS

PROMISES = ("accepted", "accepted_in_part")


@dataclass(frozen=True)
class AskStanding:
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

    @property
    def unit(self) -> str:
        """Give the unit that owes."""
        return self.office.split("/", 1)[0]

    @property
    def owes_answer(self) -> bool:
        """Say whether an answer is owed."""
        return self.state in {"asked", "acknowledged", "deferred"}

    @property
    def owes_reply(self) -> bool:
        """Say whether a reply to a contest is owed."""
        return self.state == "contested"

    @property
    def due(self) -> date | None:
        """Give the day of what is owed next, or None."""
        if self.owes_answer:
            return self.answer_due
        return self.reply_due if self.owes_reply else None


@dataclass(frozen=True)
class MilestoneStanding:
    """Where one milestone stands. `completion` is one of the five OGP words."""

    commitment: int
    milestone: str
    ask: int
    office: str
    due: date
    completion: str = "not_started"
    claim: int | None = None
    claimed: date | None = None
    verify_due: date | None = None
    check: int | None = None
    verdict: str | None = None
    checked: date | None = None


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


def fold_ask(standing: AskStanding, entry: Entry) -> AskStanding:  # noqa: PLR0911 -- one return for each kind of step reads best
    """Give the standing of an ask after one more entry about it."""
    data = entry.data
    match entry.kind:
        case "ask.acknowledged":
            return replace(standing, state="acknowledged", acknowledged=entry.date)
        case "ask.unclear":
            return replace(standing, unclear=entry.index)
        case "ask.clarified":
            return replace(standing, unclear=None)
        case "ask.extended":
            return replace(standing, answer_due=date.fromisoformat(data["until"]))
        case "ask.transferred":
            return replace(standing, office=data["office"])
        case "ask.silent":
            return replace(standing, silences=standing.silences + 1)
        case "ask.escalated":
            return replace(standing, escalated=True)
        case "answer.given":
            return _answered(standing, entry)
        case "answer.contested":
            due = date.fromisoformat(data["reply_due"])
            return replace(standing, state="contested", contest=entry.index, reply_due=due)
        case "contest.replied":
            decision = standing.decision if data["decision"] == "stands" else data["decision"]
            return replace(standing, state="replied", reply=entry.index, decision=decision)
        case "commitment.made":
            return replace(standing, commitment=entry.index)
        case _:
            return standing


def _answered(standing: AskStanding, entry: Entry) -> AskStanding:
    given = replace(standing, decision=entry.data["decision"], answer=entry.index, answered=entry.date)
    if entry.data["decision"] == "deferred":
        return replace(given, state="deferred", answer_due=date.fromisoformat(entry.data["until"]))
    return replace(given, state="answered")


def open_milestones(entry: Entry, ask: int) -> list[MilestoneStanding]:
    """Start the standing of each milestone of a commitment."""
    return [
        MilestoneStanding(
            commitment=entry.index,
            milestone=one["id"],
            ask=ask,
            office=entry.data["office"],
            due=date.fromisoformat(one["due"]),
        )
        for one in entry.data["milestones"]
    ]


def fold_milestone(standing: MilestoneStanding, entry: Entry, verify_days: int) -> MilestoneStanding:
    """Give the standing of a milestone after one more entry about it."""
    match entry.kind:
        case "delivery.claimed":
            return replace(
                standing,
                claim=entry.index,
                claimed=entry.date,
                verify_due=entry.date + timedelta(days=verify_days),
                completion="no_evidence",
                check=None,
                verdict=None,
                checked=None,
            )
        case "delivery.verified":
            completion = entry.data["completion"]
            return replace(
                standing, check=entry.index, verdict="verified", completion=completion, checked=entry.date
            )
        case "delivery.disputed":
            completion = entry.data["completion"]
            return replace(
                standing, check=entry.index, verdict="disputed", completion=completion, checked=entry.date
            )
        case _:
            return standing


def is_ask(entry: Entry) -> bool:
    """Say whether an entry is an ask."""
    return entry.kind in ASK_KINDS
