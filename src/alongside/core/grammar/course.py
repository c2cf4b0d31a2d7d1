"""Where an engagement stands on a day, told from its promise and from what was entered since."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from alongside.core.grammar.shape import Entry

#: What may change where an engagement stands; each cites the promise as its engagement.
CHANGES = (
    "engagement.corrected",
    "engagement.paused",
    "engagement.resumed",
    "engagement.closed",
    "voices.closed",
    "key.destroyed",
    "report.published",
)
DATES = ("closes", "report_back", "answer_by")


@dataclass(frozen=True)
class Course:
    """An engagement with its dates as corrected. `paused`, `ended`, `closed` and `report` are the entries that say so."""

    promise: Entry
    closes: date
    report_back: date
    answer_by: date | None
    corrections: tuple[Entry, ...] = ()
    paused: Entry | None = None
    ended: Entry | None = None
    closed: Entry | None = None
    report: Entry | None = None
    key_destroyed: Entry | None = None
    #: The last day on which voices are kept, where the promise names one.
    kept_until: date | None = None

    @property
    def destroy_from(self) -> date:
        """Give the first day on which leads may destroy the key: the promised one, else when people hear back; never before the close."""
        return max(self.kept_until or self.report_back, self.closes + timedelta(days=1))

    @property
    def as_promised(self) -> dict[str, date]:
        """Give the days as they were first promised, by their names, where a correction has changed them."""
        now = {"closes": self.closes, "report_back": self.report_back, "answer_by": self.answer_by}
        was = {name: self.promise.data.get(name) for name in DATES}
        told = {name: date.fromisoformat(str(day)) for name, day in was.items() if day}
        return {name: day for name, day in told.items() if day != now[name]}

    def overdue_since(self, today: date) -> date | None:
        """Give the promised day on which the key should have been destroyed, if that has passed and nobody did it."""
        late = self.kept_until is not None and self.key_destroyed is None and today > self.destroy_from
        return self.kept_until if late else None

    def state(self, today: date) -> str:
        """Say where it stands: `open`, `paused`, `ended` (no more voices) or `closed` (people heard back)."""
        if self.closed:
            return "closed"
        if self.ended or self.key_destroyed or today > self.closes:
            return "ended"
        return "paused" if self.paused else "open"

    def days_left(self, today: date) -> int:
        """Count the days on which people can still speak, 0 on the last one; below 0 after it."""
        return (self.closes - today).days


def course_of(promise: Entry, changes: Iterable[Entry]) -> Course:
    """Fold what was entered about a promise, oldest first, into where the engagement stands."""
    days = {name: promise.data.get(name) for name in DATES}
    kept = promise.data.get("voices_kept_until")
    last: dict[str, Entry | None] = {}
    corrections: list[Entry] = []
    for change in sorted(changes, key=lambda one: one.index):
        if change.kind == "engagement.corrected":
            corrections.append(change)
            days |= {name: change.data[name] for name in DATES if name in change.data}
        elif change.kind == "engagement.resumed":
            last["engagement.paused"] = None
        else:
            last[change.kind] = change
    return Course(
        promise=promise,
        closes=date.fromisoformat(str(days["closes"])),
        report_back=date.fromisoformat(str(days["report_back"])),
        answer_by=date.fromisoformat(str(days["answer_by"])) if days["answer_by"] else None,
        corrections=tuple(corrections),
        paused=last.get("engagement.paused"),
        ended=last.get("voices.closed"),
        closed=last.get("engagement.closed"),
        report=last.get("report.published"),
        key_destroyed=last.get("key.destroyed"),
        kept_until=date.fromisoformat(kept) if kept else None,
    )
