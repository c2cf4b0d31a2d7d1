"""Give every application its readers: evenly, and never to one with a conflict. Nothing goes on the record."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from alongside.cohort.calls.actions.reviewing import (
    refuse_after_the_shortlist,
    refuse_before_it_closed,
)
from alongside.cohort.calls.models import Call, Invitee, Reading
from alongside.cohort.calls.queries import conflicts
from alongside.cohort.calls.queries.progress import LEAST
from alongside.ground.record.declared import appends


@dataclass
class Hands:
    """Who holds how much, who had what, and how many still hold each application."""

    load: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    had: dict[object, set[int]] = field(default_factory=lambda: defaultdict(set))
    live: dict[object, int] = field(default_factory=lambda: defaultdict(int))

    @classmethod
    def of(cls, call: Call) -> "Hands":
        """Count what is assigned. One query."""
        found = cls()
        rows = Reading.objects.filter(reader__call=call).values_list(
            "application_id", "reader_id", "recused_on"
        )
        for application, reader, gone in rows:
            found.had[application].add(reader)
            found.live[application] += gone is None
            found.load[reader] += gone is None
        return found

    def choose(
        self, pk: object, readers: Sequence[conflicts.ReaderFacts], facts: conflicts.Facts, each: int
    ) -> list[Invitee]:
        """Choose the readers with the least to do who may read an application and never had it."""
        free = [
            one.reader
            for one in readers
            if one.reader.pk not in self.had[pk] and not conflicts.conflict(one, facts)
        ]
        free.sort(key=lambda one: (self.load[one.pk], one.pk))
        chosen = free[: max(0, each - self.live[pk])]
        for one in chosen:
            self.load[one.pk] += 1
        self.live[pk] += len(chosen)
        return chosen


@appends()
@transaction.atomic
def spread(*, call: Call, now: datetime, each: int = LEAST) -> int:
    """Give every application `each` readers without a conflict, evenly; give how many applications still lack one."""
    today = refuse_before_it_closed(call, now)
    refuse_after_the_shortlist(call)
    Call.objects.select_for_update().get(pk=call.pk)
    hands, readers = Hands.of(call), conflicts.readers_of(call)
    applications = list(call.applications.live().with_ties().order_by("pk"))
    facts = conflicts.facts_of(applications)
    Reading.objects.bulk_create(
        Reading(reader=reader, application=one, assigned_on=today)
        for one in applications
        for reader in hands.choose(one.pk, readers, facts[one.pk], each)
    )
    return sum(hands.live[one.pk] < each for one in applications)
