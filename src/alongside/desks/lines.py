"""Entries as they stand in the log, by kind, and the ways that lead from one to another; for pages that count."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, QuerySet

from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind
from alongside.core.workflow.engagements import CHANGES as TURNS
from alongside.core.workflow.engagements import EngagementState, course_of
from alongside.core.workflow.workplans import CHANGES as VERSIONS
from alongside.core.workflow.workplans import PlanStanding, standing_of
from alongside.ground.programs.models import Program
from alongside.ground.record.models import Citation, LogEntry
from alongside.ground.record.queries import entries_in


@dataclass(frozen=True)
class Lines:
    """Entries of some kinds up to a day, by number, oldest first."""

    by_index: Mapping[int, Entry] = field(default_factory=dict)

    def of(self, *kinds: str) -> list[Entry]:
        """Give the entries of some kinds, oldest first."""
        found = (one for kind in kinds for one in self._by_kind.get(kind, ()))
        return sorted(found, key=lambda one: one.index)

    @cached_property
    def _by_kind(self) -> Mapping[str, Sequence[Entry]]:
        found: dict[str, list[Entry]] = {}
        for one in self.by_index.values():
            found.setdefault(one.kind, []).append(one)
        return found

    def cited(self, entry: Entry, role: str) -> Entry | None:
        """Give the first entry that another cites in a role, or None."""
        return next((self.by_index[one] for one in entry.cites.get(role, ()) if one in self.by_index), None)

    def promise_of(self, entry: Entry) -> Entry | None:
        """Give the promise of the engagement that an entry belongs to, by itself or by a finding it rests on."""
        if entry.kind == EntryKind.ENGAGEMENT_PROMISED:
            return entry
        own = self.cited(entry, "engagement")
        finding = self.cited(entry, "finding")
        return own or (self.cited(finding, "engagement") if finding else None)

    def courses(self) -> dict[int, EngagementState]:
        """Say where each engagement stood on the last day, by the number of its promise, as corrected."""
        turns: dict[int, list[Entry]] = {}
        for one in self.of(*TURNS):
            for cited in one.cites.get("engagement", ()):
                turns.setdefault(cited, []).append(one)
        return {
            one.index: course_of(one, turns.get(one.index, ()))
            for one in self.of(EntryKind.ENGAGEMENT_PROMISED)
        }

    def plans(self) -> dict[str, PlanStanding]:
        """Say where each workplan stood on the last day, by its name."""
        by_plan: dict[str, list[Entry]] = {}
        for one in self.of(*VERSIONS):
            by_plan.setdefault(str(one.data["workplan"]), []).append(one)
        return {name: standing_of(found) for name, found in by_plan.items()}

    def last_by(self, kind: str, role: str, entries: Iterable[Entry] | None = None) -> dict[int, Entry]:
        """Give the last entry of a kind for each entry it cites in a role."""
        found = self.of(kind) if entries is None else [one for one in entries if one.kind == kind]
        return {cited: one for one in found for cited in one.cites.get(role, ())}


def lines_of(program: Program, kinds: Sequence[str], until: date) -> Lines:
    """Give the entries of some kinds up to a day, without their words and without what a wrong clock told. One query."""
    rows = _standing(program, kinds).filter(date__lte=until)
    return Lines({one.index: one for one in entries_in(rows.order_by("index"))})


def counts_of(program: Program, kinds: Sequence[str], first: date, until: date) -> dict[str, int]:
    """Count the entries of some kinds between two days, by kind as templates name it. One query."""
    rows = _standing(program, kinds).filter(date__gte=first, date__lte=until).values_list("kind")
    count = dict(rows.annotate(Count("pk")).order_by())
    return {kind.replace(".", "_"): count.get(kind, 0) for kind in kinds}


def _standing(program: Program, kinds: Sequence[str]) -> QuerySet[LogEntry]:
    """Give the lines of some kinds, without what a wrong clock told."""
    wrong = Citation.objects.filter(
        log=OuterRef("log"), cited=OuterRef("index"), kind=EntryKind.CLOCK_FAULTED
    )
    return LogEntry.objects.filter(~Exists(wrong), log__program=program, kind__in=kinds)


def years_of(program: Program, today: date) -> list[int]:
    """List the years of which there is a report, the newest first: from the first entry to today. One query."""
    first = (
        LogEntry.objects.filter(log__program=program).order_by("index").values_list("date", flat=True).first()
    )
    return list(range(today.year, first.year - 1, -1)) if first else []
