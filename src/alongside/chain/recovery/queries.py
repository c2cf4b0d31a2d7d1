"""Where recovery papers stand: what the record tells of them, which wait for a second lead, and which keys they open."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from alongside.chain.keys.models import EngagementKey
from alongside.chain.keys.queries import key_of_seat
from alongside.chain.recovery.models import PapersAsked
from alongside.cohort.seats.queries.seats import of_a_lead_today
from alongside.core.entries import Entry, LogView
from alongside.core.grammar.recovery import READS, checks_of, recovery_of, unchecked
from alongside.core.kinds import EntryKind
from alongside.core.ledger.keys import to_base64
from alongside.core.sealing.leads import is_signed, papers_statement
from alongside.core.sealing.recovery_papers import KEYS_FILE
from alongside.ground.programs.models import Program
from alongside.ground.record.persons import people_in
from alongside.ground.record.rows import RowsLog

#: What is read of the record to tell where the papers stand.
KINDS = (*READS, EntryKind.RECOVERY_LOCKED)


@dataclass(frozen=True)
class Papers:
    """The recovery papers that count today: the entry that made them, the checks of them, and which of them nobody has checked."""

    entry: Entry
    checks: list[Entry]
    unchecked: list[int]

    @property
    def needed(self) -> int:
        """Give how many together open what the leads can open."""
        return int(self.entry.data["needed"])

    @property
    def count(self) -> int:
        """Give how many there are."""
        return len(self.entry.data["papers"])


def papers_in(log: LogView, today: date) -> Papers | None:
    """Give the recovery papers that count today, or None."""
    made = recovery_of(log, today)
    if made is None:
        return None
    checks = checks_of(made, log)
    return Papers(made, checks, unchecked(made, checks))


def papers_asked(program: Program, today: date) -> PapersAsked | None:
    """Give the papers that wait for a second lead, or None; where their maker left or has another key, nobody can sign them."""
    asked = PapersAsked.objects.filter(program=program).select_related("seat").first()
    return asked if asked and can_be_signed(asked, today) else None


def can_be_signed(asked: PapersAsked, today: date) -> bool:
    """Say whether the lead who made papers that wait sits today, with the key under which that lead signed them."""
    own = key_of_seat(asked.seat.public_id, asked.program)
    said = {name: getattr(asked, name) for name in ("recipient", "needed", "papers")}
    statement = papers_statement(origin=asked.program.origin, **said)
    is_theirs = own is not None and is_signed(own.sign_key, statement, asked.signature)
    return is_theirs and of_a_lead_today(asked.seat, today)


def is_maker(papers: Papers, person: int) -> bool:
    """Say whether a person made these papers, in whatever place: who did checks none of them."""
    return people_in([papers.entry.data["maker"]]).get(papers.entry.data["maker"]) == person


def to_judge(program: Program, today: date) -> dict[str, Any]:
    """Give what a reader needs to judge the papers itself: every entry that made some, the checks, which keys are locked to which, and what waits."""
    log = RowsLog.of(program).read(*KINDS)
    asked, counts = papers_asked(program, today), recovery_of(log, today)
    return {
        "counts": counts.index if counts else None,
        "made": [{"index": one.index, "data": dict(one.data)} for one in log.every(EntryKind.RECOVERY_MADE)],
        "checked": [
            {"papers": one.cites["papers"][0], "paper": one.data["paper"], "seat": one.by[0]}
            for one in log.every(EntryKind.RECOVERY_CHECKED)
        ],
        "locked": [
            {"papers": one.cites["papers"][0], "key": one.cites["key"][0], "seat": one.by[0]}
            for one in log.every(EntryKind.RECOVERY_LOCKED)
        ],
        "asked": _as_sent(asked) if asked else None,
    }


def _as_sent(asked: PapersAsked) -> dict[str, Any]:
    said = {name: getattr(asked, name) for name in ("id", "recipient", "needed", "papers", "signature")}
    return {**said, "seat": asked.seat.public_id}


def to_recover(program: Program) -> dict[str, Any]:
    """Give the keys that are sealed to recovery papers, each as it was sealed, with its test voice; and by what papers are known."""
    log = RowsLog.of(program).read(EntryKind.RECOVERY_MADE)
    made = [one.data for one in log.every(EntryKind.RECOVERY_MADE)]
    said = [{name: one[name] for name in ("recipient", "needed", "papers")} for one in made]
    return {"kind": KEYS_FILE, "origin": program.origin, "made": said, "keys": _sealed_keys(program)}


def _sealed_keys(program: Program) -> list[dict[str, Any]]:
    keys = EngagementKey.objects.filter(program=program, destroyed=None).order_by("-pk")
    found = keys.prefetch_related("paper_wraps")
    return [
        {
            "slug": key.engagement,
            "key": key.entry,
            "recipient": key.recipient,
            "test": to_base64(bytes(key.test)),
            "wraps": [
                {"recipient": one.recipient, "sealed": to_base64(bytes(one.sealed))}
                for one in key.paper_wraps.all()
            ],
        }
        for key in found
    ]


def to_lock(program: Program, papers: Papers, person: int) -> QuerySet[EngagementKey]:
    """Give the keys that a person holds, are not destroyed, and are not sealed to these papers."""
    keys = EngagementKey.objects.filter(program=program, destroyed=None, wraps__seat__person=person)
    return keys.exclude(paper_wraps__recipient=papers.entry.data["recipient"])
