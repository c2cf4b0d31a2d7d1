"""Gather a whole thread from its promise on, by following citations, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.seats import seated_today
from alongside.cohort.seats.queries.seconds import (
    CHECKS,
    Ties,
    former_leads,
    leads_since,
    ties_in,
    with_standing,
)
from alongside.core.grammar.commitments import CHECKERS, nobody_sits_to_check
from alongside.core.kinds import EntryKind
from alongside.core.workflow.asks import is_ask
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record import queries as record
from alongside.ground.record.models import Log, MilestoneStanding, Standing
from alongside.ground.record.queries import EntryView
from alongside.ground.record.rows import RowsLog

#: The longest way from a promise: finding, ask, answer, contest, reply, commitment, claim, check.
DEEPEST = 8
#: Kinds that are no step of a thread, or too many to show one by one.
UNSHOWN = (EntryKind.VOICES_PUBLISHED, EntryKind.TEXT_TRANSLATED)


@dataclass
class Gathered:
    """A thread: its promise, every entry that came of it, and where each ask and milestone stands."""

    promise: EntryView
    told: dict[int, EntryView]
    cited_by: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    standings: list[Standing] = field(default_factory=list)
    milestones: dict[int, list[MilestoneStanding]] = field(default_factory=lambda: defaultdict(list))
    #: The decision that the promise cites, and the entry that tells what was decided, where both are on the record.
    decided: tuple[EntryView, EntryView] | None = None
    #: The seats of today; and where a claim waits that too few of them can check, former leads who agreed to check.
    seats: list[Seat] = field(default_factory=list)
    former: list[Seat] = field(default_factory=list)
    #: Who paid and employed them, where a claim waits.
    ties: Ties | None = None
    #: The claims that wait while nobody is seated who could check them, as the record would tell it.
    unseated: set[int] = field(default_factory=set)
    #: The seats of today that are too new to check; and since when those sit who checked.
    too_new: set[str] = field(default_factory=set)
    since: dict[str, date] = field(default_factory=dict)

    def of_kind(self, *kinds: str) -> list[EntryView]:
        """Give the entries of some kinds, oldest first."""
        return [one for one in self.told.values() if one.entry.kind in kinds]

    def able(self, seats: Sequence[Seat], one: MilestoneStanding) -> list[Seat]:
        """List the seats among these that may check a claim that waits."""
        old = [seat for seat in seats if seat.public_id not in self.too_new]
        return [seat for seat in old if self.ties and self.ties.may_check(seat, one)]

    def tied_by_steward(self, one: MilestoneStanding) -> bool:
        """Say whether the steward alone says of a seat of today that a bureau with a stake in a claim pays or paid it."""
        ties = self.ties
        return ties is not None and any(
            ties.has_stake(seat, one) and not ties.has_stake(seat, one, firm=True) for seat in self.seats
        )

    def citing(self, index: int, *kinds: str) -> list[EntryView]:
        """Give the entries of some kinds that cite an entry, oldest first."""
        found = (self.told[one] for one in sorted(set(self.cited_by.get(index, ()))) if one in self.told)
        return [one for one in found if not kinds or one.entry.kind in kinds]


def gather(
    program: Program, promise: int, lang: str, today: date, kind: str = EntryKind.ENGAGEMENT_PROMISED
) -> Gathered | None:
    """Gather the thread of a promise, or of the brief of a consultation; None where that entry is not of this kind."""
    found = record.told(program, [promise], lang).get(promise)
    if found is None or found.entry.kind != kind:
        return None
    links = _follow(program, [promise])
    decision = found.entry.cites.get("decision", ())
    made = (
        [one[0] for one in record.indexes_citing(program, decision, [EntryKind.DECISION_MADE])]
        if decision
        else []
    )
    beside = {*decision, *made}
    told = record.told(program, {promise, *(citing for citing, _kind, _cited in links), *beside}, lang)
    near = {index: told.pop(index) for index in beside}
    gathered = Gathered(promise=found, told=told)
    if made:
        gathered.decided = near[decision[0]], near[made[0]]
    for citing, _kind, cited in links:
        gathered.cited_by[cited].append(citing)
    asks = [index for index, one in told.items() if is_ask(one.entry)]
    gathered.standings = sorted(record.standings(program, ask__in=asks), key=lambda one: one.ask)
    for one in record.milestones(program, ask__in=asks):
        gathered.milestones[one.ask].append(one)
    gathered.seats = seated_today(program, today)
    _find_checkers(program, gathered, today)
    checks = gathered.of_kind(EntryKind.DELIVERY_VERIFIED, EntryKind.DELIVERY_DISPUTED)
    if checks:
        gathered.since = leads_since(program, {seat for one in checks for seat in one.entry.seats})
    return gathered


def _find_checkers(program: Program, gathered: Gathered, today: date) -> None:
    """Find who paid and employed the leads where a claim waits; former leads too where fewer than two of today can check it."""
    waiting = [
        one for found in gathered.milestones.values() for one in found if one.is_claimed and not one.verdict
    ]
    if not waiting:
        return
    gathered.ties = ties_in(program, pack_of(program))
    gathered.too_new = {one.public_id for one in gathered.seats} - with_standing(program, today)
    few = {one.claim for one in waiting if len(gathered.able(gathered.seats, one)) < CHECKERS}
    if few:
        gathered.former = former_leads(program, CHECKS, today)
        log = RowsLog(Log.objects.get(program=program))
        gathered.unseated = {one for one in few if one is not None and nobody_sits_to_check(log, today, one)}


def _follow(program: Program, start: Collection[int]) -> list[tuple[int, str, int]]:
    """Follow citations forward, a query a step, never more than DEEPEST."""
    links: list[tuple[int, str, int]] = []
    seen, edge = set(start), list(start)
    for _step in range(DEEPEST):
        found = [one for one in record.indexes_citing(program, edge) if _belongs(one, start)] if edge else []
        links += found
        edge = sorted({citing for citing, _kind, _cited in found} - seen)
        seen.update(edge)
    return links


def _belongs(link: tuple[int, str, int], start: Collection[int]) -> bool:
    """Say whether an entry belongs to the thread: a finding that cites an answer belongs to its own engagement."""
    _citing, kind, cited = link
    return kind not in UNSHOWN and (
        kind not in {EntryKind.FINDING_PUBLISHED, EntryKind.ADVICE_PUBLISHED} or cited in start
    )
