"""Where an engagement stands: its days after corrections and pauses, and its state on a day."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from alongside.core.clocks import PAUSE_ALONE
from alongside.core.entries import Entry, LogView, entry_at
from alongside.core.kinds import EntryKind
from alongside.core.workflow.open_steps import KEYHOLDERS, LEADS, SIGNERS, OpenStep

PAUSES = (EntryKind.ENGAGEMENT_PAUSED, EntryKind.ENGAGEMENT_RESUMED)
#: What may change where an engagement stands; each cites the promise as its engagement.
CHANGES = (
    EntryKind.ENGAGEMENT_CORRECTED,
    *PAUSES,
    EntryKind.ENGAGEMENT_CLOSED,
    EntryKind.VOICES_CLOSED,
    EntryKind.KEY_DESTROYED,
    EntryKind.REPORT_PUBLISHED,
)
DATES = ("closes", "report_back", "answer_by")
#: From this version on a pause gives back its days, and one side alone does not pause for good.
GIVES_BACK = 2


class EngagementStage(StrEnum):
    """Where an engagement stands: people speak, cannot for now, can no more, or have heard back."""

    OPEN = "open"
    PAUSED = "paused"
    ENDED = "ended"
    CLOSED = "closed"


class EngagementStep(StrEnum):
    """What is done next, in the order in which it comes: a draft is written, its key made and tested, signed, opened; people are heard, and hear back."""

    WRITE = "write"
    KEY = "make-key"
    TEST = "test-key"
    PAPERS = "check-papers"
    SIGN = "sign"
    SIGN_FOR_UNIT = "sign-for-unit"
    START = "start"
    LISTEN = "listen"
    OPEN = "open-voices"
    FIND = "find"
    REPORT = "report"
    CLOSE = "close"


class EngagementPart(StrEnum):
    """The parts of the way of an engagement, as one line shows it."""

    PLAN = "plan"
    SPEAK = "speak"
    READ = "read"
    HEAR_BACK = "hear-back"
    OVER = "over"


class Reached(StrEnum):
    """How far people come, as far as their browser asks for a page anyway: the first page, the questions, an answer that came or was not taken in."""

    FRONT = "front"
    QUESTIONS = "questions"
    SENT = "sent"
    REFUSED = "refused"


#: Two leads must have opened a test voice.
TESTERS = 2


@dataclass(frozen=True)
class DraftState:
    """How far a draft is: the seat that began it, what it lacks, who tested its key, and which sides signed it as it stands."""

    lead: str
    #: The lead who signs first, as the one who began it or any.
    signer: str
    #: Every first word is there, and its last day is to come; and every word in every language.
    is_begun: bool
    is_written: bool
    has_key: bool
    #: Whether leads of today can open what people would say.
    is_held: bool
    testers: int
    #: Whether the recovery papers are checked, and open this key too.
    is_recoverable: bool
    lead_signed: bool
    #: Nobody needs to sign for a unit where leads ask on their own.
    unit_signed: bool

    @property
    def is_tested(self) -> bool:
        """Say whether two leads opened a test voice."""
        return self.testers >= TESTERS

    @property
    def is_left(self) -> bool:
        """Say whether there is a key, and two leads of today do not hold it any more."""
        return self.has_key and not self.is_held

    @property
    def steps(self) -> tuple[OpenStep, ...]:
        """Give what is open, first what the words wait for; the unit reads once a lead signed, so that it reads once.

        What lacks behind the first words any lead writes. A key that is made can be tested while words are still missing,
        as long as leads of today hold it.
        """
        found = []
        if not self.is_written:
            found.append(OpenStep(EngagementStep.WRITE, LEADS if self.is_begun else self.lead, None))
        elif not self.lead_signed:
            found.append(OpenStep(EngagementStep.SIGN, self.signer, None))
        elif not self.unit_signed:
            found.append(OpenStep(EngagementStep.SIGN_FOR_UNIT, SIGNERS, None))
        if self.has_key and self.is_held:
            if not self.is_tested:
                found.append(OpenStep(EngagementStep.TEST, KEYHOLDERS, None))
            if not self.is_recoverable:
                found.append(OpenStep(EngagementStep.PAPERS, LEADS, None))
        elif self.is_begun:
            found.append(OpenStep(EngagementStep.KEY, self.lead, None))
        return tuple(found) or (OpenStep(EngagementStep.START, KEYHOLDERS, None),)


@dataclass(frozen=True)
class EngagementState:
    """An engagement with its dates as corrected. `ended`, `closed` and `report`, the first one, are the entries that say so.

    `closes` is moved by the days on which it was paused, and people hear back no sooner.
    """

    promise: Entry
    closes: date
    report_back: date
    answer_by: date | None
    corrections: tuple[Entry, ...] = ()
    #: The entry that paused it, where it was not resumed since; and the day on which that ends by itself, where it does.
    paused: Entry | None = None
    until: date | None = None
    #: How many days pauses have added to the last day; and who has begun one alone: the steward, leads.
    given_back: int = 0
    alone: frozenset[str] = frozenset()
    ended: Entry | None = None
    closed: Entry | None = None
    report: Entry | None = None
    key_destroyed: Entry | None = None
    #: The last day on which voices are kept, where the promise names one.
    kept_until: date | None = None
    #: From which day on a pause that nobody has ended counts for the last day, once it ends.
    adds_from: date | None = None

    @property
    def destroy_from(self) -> date:
        """Give the first day on which leads may destroy the key: the promised one, else when people hear back; never before the close."""
        return max(self.kept_until or self.report_back, self.closes + timedelta(days=1))

    @property
    def backups_until(self) -> date | None:
        """Give the day by which the last copies in backups are gone, counted from when the key is destroyed or should be; None where none is promised."""
        days = self.promise.data.get("backup_days")
        gone = self.key_destroyed.date if self.key_destroyed else self.destroy_from
        return gone + timedelta(days=days) if days else None

    def closes_if_resumed(self, today: date) -> date:
        """Give the last day to speak, if a pause that nobody has ended ended on this day."""
        return self.closes + (today - self.adds_from) if self.adds_from else self.closes

    @property
    def as_promised(self) -> dict[str, date]:
        """Give the days as they were first promised, by their names, where a correction or a pause has changed them."""
        now = {"closes": self.closes, "report_back": self.report_back, "answer_by": self.answer_by}
        was = {name: self.promise.data.get(name) for name in DATES}
        told = {name: date.fromisoformat(str(day)) for name, day in was.items() if day}
        return {name: day for name, day in told.items() if day != now[name]}

    @property
    def paused_alone_until(self) -> date:
        """Give the day up to which whoever paused it alone can, whether the other side joined or not."""
        return self.paused.date + PAUSE_ALONE if self.paused else date.min

    def is_for_leads(self, today: date) -> bool:
        """Say whether only a lead lets people speak again: the leads paused it, and their days are not over."""
        paused = self.paused
        if paused is None or paused.v < GIVES_BACK or side_of(paused) != "leads":
            return False
        return bool(self.promise.data["community"]) or today < self.paused_alone_until

    def is_to_be_destroyed(self, today: date) -> bool:
        """Say whether the promised day to destroy its key has come, nobody did it, and nobody can speak any more."""
        is_promised = self.kept_until is not None and self.key_destroyed is None
        return is_promised and today >= self.destroy_from and not self.is_taking(today)

    def overdue_since(self, today: date) -> date | None:
        """Give the promised day on which the key should have been destroyed, if that has passed and nobody did it."""
        is_late = today > self.destroy_from and self.is_to_be_destroyed(today)
        return self.kept_until if is_late else None

    def state(self, today: date) -> EngagementStage:
        """Say where it stands on a day."""
        if self.closed:
            return EngagementStage.CLOSED
        if self.ended or self.key_destroyed:
            return EngagementStage.ENDED
        is_paused = self.paused is not None and (self.until is None or today < self.until)
        gives_back = self.paused is not None and self.paused.v >= GIVES_BACK
        if today > self.closes and not (is_paused and gives_back):
            return EngagementStage.ENDED
        return EngagementStage.PAUSED if is_paused else EngagementStage.OPEN

    def is_taking(self, today: date) -> bool:
        """Say whether people can speak, or will again."""
        return self.state(today) in {EngagementStage.OPEN, EngagementStage.PAUSED}

    @property
    def report_owed(self) -> OpenStep | None:
        """Give the report-back that its leads owe, or None once people have heard back."""
        return None if self.report else OpenStep(EngagementStep.REPORT, LEADS, self.report_back)

    def next_step(self, today: date, *, is_opened: bool, has_findings: bool = True) -> OpenStep:
        """Say what its leads do next; `is_opened` says whether they opened voices. It stays so once the engagement is closed."""
        if not is_opened and self.key_destroyed is None:
            if self.is_taking(today):
                return OpenStep(EngagementStep.LISTEN, LEADS, self.closes)
            return OpenStep(EngagementStep.OPEN, KEYHOLDERS, self.closes)
        if not has_findings and self.report is None and self.key_destroyed is None:
            return OpenStep(EngagementStep.FIND, KEYHOLDERS, self.report_back)
        return self.report_owed or OpenStep(EngagementStep.CLOSE, LEADS, None)

    def days_left(self, today: date) -> int:
        """Count the days on which people can still speak, 0 on the last one; below 0 after it."""
        return (self.closes - today).days


def kept_until_at_most(today: date) -> date:
    """Give the last promised day of voices whose key can be destroyed today: `destroy_from` never comes before that day."""
    return today


def side_of(entry: Entry) -> str:
    """Say who writes an entry that pauses: `steward`, `leads`, or `both`."""
    sides = {"leads" if one in entry.seats else "steward" for one in entry.by}
    return sides.pop() if len(sides) == 1 else "both"


@dataclass
class _Pauses:
    """Count the days on which an engagement was paused. The leads of a community engagement pause it for good."""

    is_communitys: bool
    entry: Entry | None = None
    since: date = date.min
    until: date | None = None
    days: int = 0
    alone: set[str] = field(default_factory=set)

    def turn(self, change: Entry) -> None:
        """Fold an entry that pauses or resumes."""
        self._end(self.until, by=change.date)
        if change.kind == EntryKind.ENGAGEMENT_RESUMED:
            self._end(change.date, by=change.date)
        elif self.entry is None:
            self.entry, self.since, side = change, change.date, side_of(change)
            if change.v >= GIVES_BACK and not self.is_communitys and side != "both":
                self.until = change.date + PAUSE_ALONE
                self.alone.add(side)
        elif side_of(change) != side_of(self.entry):
            self.until = None

    def forget(self, on: date) -> None:
        """Begin to count anew: the last day was corrected, and that day stands as it was corrected."""
        self._end(self.until, by=on)
        self.days, self.since = 0, on

    def _end(self, on: date | None, *, by: date) -> None:
        """End a pause that ended on a day, if that day has come."""
        if self.entry is None or on is None or on > by:
            return
        if self.entry.v >= GIVES_BACK:
            self.days += (on - self.since).days
        self.entry = self.until = None

    def gives_back_without_end(self) -> bool:
        """Say whether a pause stands that ends only when somebody resumes."""
        return self.entry is not None and self.until is None and self.entry.v >= GIVES_BACK

    def given_back(self) -> int:
        """Count the days up to where a pause of one side ends by itself."""
        ahead = (self.until - self.since).days if self.until else 0
        return self.days + ahead


def course_of(promise: Entry, changes: Iterable[Entry]) -> EngagementState:
    """Fold what was entered about a promise, oldest first, into where the engagement stands."""
    days = {name: promise.data.get(name) for name in DATES}
    kept = promise.data.get("voices_kept_until")
    last: dict[str, Entry | None] = {}
    corrections: list[Entry] = []
    pauses = _Pauses(promise.data["community"])
    for change in sorted(changes, key=lambda one: one.index):
        if change.kind == EntryKind.ENGAGEMENT_CORRECTED:
            corrections.append(change)
            days |= {name: change.data[name] for name in DATES if name in change.data}
            if "closes" in change.data:
                pauses.forget(change.date)
        elif change.kind in PAUSES:
            pauses.turn(change)
        elif change.kind == EntryKind.REPORT_PUBLISHED:
            last.setdefault(change.kind, change)
        else:
            last[change.kind] = change
    given_back = pauses.given_back()
    closes = date.fromisoformat(str(days["closes"])) + timedelta(days=given_back)
    report_back = date.fromisoformat(str(days["report_back"]))
    answer_by = date.fromisoformat(str(days["answer_by"])) if days["answer_by"] else None
    return EngagementState(
        promise=promise,
        closes=closes,
        report_back=max(report_back, closes) if given_back else report_back,
        answer_by=max(answer_by, closes) if given_back and answer_by else answer_by,
        corrections=tuple(corrections),
        paused=pauses.entry,
        until=pauses.until,
        given_back=given_back,
        alone=frozenset(pauses.alone),
        ended=last.get(EntryKind.VOICES_CLOSED),
        closed=last.get(EntryKind.ENGAGEMENT_CLOSED),
        report=last.get(EntryKind.REPORT_PUBLISHED),
        key_destroyed=last.get(EntryKind.KEY_DESTROYED),
        kept_until=date.fromisoformat(kept) if kept else None,
        adds_from=pauses.since if pauses.gives_back_without_end() else None,
    )


def course_at(promise: int, log: LogView) -> EngagementState:
    """Give where an engagement stands after all that was entered about it."""
    return course_of(entry_at(promise, log), changes_of(promise, log))


def changes_of(promise: int, log: LogView) -> list[Entry]:
    """List what was entered about an engagement that may change where it stands."""
    return [one for kind in CHANGES for one in log.citing(promise, kind)]


#: In which part of the way a step is taken.
PARTS = {
    EngagementStep.LISTEN: EngagementPart.SPEAK,
    EngagementStep.OPEN: EngagementPart.READ,
    EngagementStep.FIND: EngagementPart.READ,
    EngagementStep.REPORT: EngagementPart.HEAR_BACK,
    EngagementStep.CLOSE: EngagementPart.OVER,
}


def part_of(step: StrEnum) -> EngagementPart:
    """Say in which part of the way a step is taken; whatever comes before people speak is the plan."""
    return PARTS.get(EngagementStep(step), EngagementPart.PLAN)
