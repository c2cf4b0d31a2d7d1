"""Where recovery papers stand: what the record tells of them, which wait for a second lead, and which keys they open."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from alongside.chain.recovery.models import PapersAsked
from alongside.chain.voices.models import EngagementKey
from alongside.core.entries import Entry, LogView
from alongside.core.grammar.recovery import checks_of, recovery_of, unchecked
from alongside.core.kinds import EntryKind
from alongside.core.ledger.keys import to_base64
from alongside.core.sealing.papers import KEYS_FILE
from alongside.ground.programs.models import Program
from alongside.ground.record.rows import RowsLog

#: What is read of the record to tell where the papers stand.
KINDS = (
    EntryKind.KEY_FOUNDED,
    EntryKind.RECOVERY_MADE,
    EntryKind.RECOVERY_CHECKED,
    EntryKind.RECOVERY_LOCKED,
)


@dataclass(frozen=True)
class Papers:
    """The recovery papers in force: the entry that made them, the checks of them, and which of them nobody has checked."""

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


def papers_in(log: LogView) -> Papers | None:
    """Give the recovery papers in force, or None before there are any."""
    made = recovery_of(log)
    if made is None:
        return None
    checks = checks_of(made, log)
    return Papers(made, checks, unchecked(made, checks))


def papers_of(program: Program) -> Papers | None:
    """Give the recovery papers of a program in force. One query."""
    return papers_in(RowsLog.of(program).read(*KINDS))


def papers_asked(program: Program) -> PapersAsked | None:
    """Give the papers that wait for a second lead, or None. One query."""
    return PapersAsked.objects.filter(program=program).select_related("seat").first()


def to_judge(program: Program) -> dict[str, Any]:
    """Give what a reader needs to judge the papers itself: every entry that made some, the checks, which keys are locked to which, and what waits."""
    log = RowsLog.of(program).read(*KINDS)
    asked = papers_asked(program)
    return {
        "made": [{"index": one.index, "data": dict(one.data)} for one in log.every(EntryKind.RECOVERY_MADE)],
        "checked": [
            {"papers": one.cites["papers"][0], "paper": one.data["paper"], "seat": one.by[0]}
            for one in log.every(EntryKind.RECOVERY_CHECKED)
        ],
        "locked": [
            {"papers": one.cites["papers"][0], "key": one.cites["key"][0]}
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
