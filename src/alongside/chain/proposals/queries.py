"""Read what waits for a second lead."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from alongside.chain.keys.models import Wrap
from alongside.chain.proposals.models import Proposal
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.seats import acting, of_a_lead_today, seated_today
from alongside.cohort.seats.queries.seconds import Second, with_standing
from alongside.core.grammar.keys import seats_without
from alongside.core.ledger.keys import to_base64
from alongside.core.workflow.seconds import Proposed
from alongside.ground.gate.presses import is_pressed
from alongside.ground.programs.models import Program
from alongside.ground.record.rows import RowsLog
from alongside.work.engagements.models import Engagement


def proposed(program: Program, what: Proposed) -> QuerySet[Proposal]:
    """Give what waits for a second lead, oldest first, with the seats of its writers."""
    found = Proposal.objects.filter(program=program, what=what, dropped_on=None)
    return found.select_related("seat__cohort__program").order_by("proposed_on", "pk")


def of_others(program: Program, what: Proposed, person_id: int) -> QuerySet[Proposal]:
    """Give what other leads proposed."""
    return proposed(program, what).exclude(seat__person=person_id)


def waiting(
    program: Program, what: Proposed, person_id: int, seated: Iterable[Seat], today: date
) -> dict[tuple[int, bool], int]:
    """Give how much of other leads waits in each engagement: by its promise, and whether its writer has left, so that it is begun again.

    One query where all writers are among those `seated` today, else two, and two for each writer whose place is over.
    """
    found = Proposal.objects.filter(pk__in=of_others(program, what, person_id).order_by().values("pk"))
    written = list(found.values_list("promise", "seat").annotate(n=Count("pk")).order_by("promise", "seat"))
    others = {seat for _promise, seat, _n in written} - {one.pk for one in seated}
    writers = Seat.objects.filter(pk__in=others).select_related("cohort__program") if others else ()
    gone = {one.pk for one in writers if not of_a_lead_today(one, today)}
    counts = Counter[tuple[int, bool]]()
    for promise, seat, n in written:
        counts[promise, seat in gone] += n
    return counts


def to_confirm(program: Program, what: Proposed, today: date) -> list[Second]:
    """List what waits for a second lead, oldest first, each with the leads of today who can: they hold the key, and did not lose their own.

    What a lead wrote who has left is not among it: nobody can confirm that. Twelve queries at most, and two for each of those;
    some more for each key that was reported lost.
    """
    waiting = [one for one in proposed(program, what) if is_pressed(one) and not has_left(one, today)]
    if not waiting:
        return []
    weigh, seated = with_standing(program, today), seated_today(program, today)
    able = weigh.intersection(acting(program, [one.public_id for one in seated], today))
    promises = {one.promise for one in waiting}
    courses = Engagement.objects.filter(program=program, promise__in=promises)
    slugs = dict(courses.values_list("promise", "slug"))
    wraps = Wrap.objects.filter(key__program=program, key__engagement__in=slugs.values())
    holders = set(wraps.values_list("key__engagement", "seat__person"))

    def can(one: Proposal, seat: Seat) -> bool:
        holds = (slugs.get(one.promise), seat.person_id) in holders
        return holds and seat.public_id in able and seat.person_id != one.seat.person_id

    lost = seats_without(RowsLog.of(program))
    found = []
    for one in waiting:
        others = [seat for seat in seated if can(one, seat)]
        leads = [seat for seat in others if seat.public_id not in lost]
        without = [seat for seat in others if seat not in leads]
        on, gone = one.proposed_on, one.erase_on
        found.append(Second(what, str(one.promise), one.seat, on, leads, [], on, lost=without, gone_on=gone))
    return found


def has_left(one: Proposal, today: date) -> bool:
    """Say whether the lead who wrote what waits is a lead no more: then nobody confirms it, and any lead starts it again."""
    return not of_a_lead_today(one.seat, today)


def may_drop(one: Proposal, seat: Seat, today: date) -> bool:
    """Say whether a lead takes out what waits for a second lead: its writer does; others once the writer is a lead no more."""
    return one.seat.person_id == seat.person_id or has_left(one, today)


def as_sent(program: Program, what: Proposed, promise: int, seat: Seat, today: date) -> list[dict[str, Any]]:
    """Give what waits in an engagement, as its writers pressed it, as the reader of a seat takes it."""
    return [
        {
            "id": str(one.pk),
            "sealed": to_base64(one.sealed),
            "seat": one.seat.public_id,
            "yours": one.seat.person_id == seat.person_id,
            "may_drop": may_drop(one, seat, today),
            "has_left": has_left(one, today),
        }
        for one in proposed(program, what).filter(promise=promise)
        if is_pressed(one)
    ]
