"""Read strategies as their own leads may: ciphertext, who is in them, and who writes. For anyone else there are none."""

import json
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.seats import (
    ends_on,
    of_a_lead_today,
    seated_today,
    seats_of_leads,
    suspended,
    viewer_for,
)
from alongside.core.grammar.keys import seats_with_key
from alongside.core.grammar.seats import final_on, is_removed, sits_until
from alongside.core.kinds import EntryKind
from alongside.ground.gate.roles import Role, Viewer
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import posts_today, stewards_on
from alongside.ground.record.models import LogEntry
from alongside.ground.record.rows import RowsLog
from alongside.work.strategies.models import Member, SideVersion, Strategy

#: How long it counts that a lead asked to destroy a strategy, for another one to agree.
WISH = timedelta(days=30)

#: How long the last lead of a strategy waits between asking to destroy it and doing so.
ALONE = timedelta(days=14)
#: Whoever works for the city finds no strategy here, even with a seat.
CITY = (Role.STAFF, Role.MANAGER, Role.STEWARD, Role.OPERATOR)


def may_hold_strategies(viewer: Viewer) -> bool:
    """Say whether someone is a lead and works for the city in nothing."""
    return viewer.has(Role.LEAD) and not viewer.has(*CITY)


def strategist(program: Program, seat: str | None, today: date) -> Seat | None:
    """Give the seat (by its public id) of a lead who sits today and works for the city in nothing, or None.

    An earlier seat of theirs is given too: what is sealed to its key, they open, save, share and end as before.
    """
    if seat is None:
        return None
    seats = Seat.objects.filter(cohort__program=program, public_id=seat)
    found = seats.select_related("person", "cohort__program").first()
    if found is None or not of_a_lead_today(found, today) or suspended(program, [seat], today):
        return None
    return found if may_hold_strategies(viewer_for(found.person, program, today)) else None


def strategies_of(seat: Seat) -> list[Strategy]:
    """List the strategies a lead is in, without their text, the one saved last first. One query."""
    mine = Strategy.objects.filter(members__seat=seat).defer("sealed")
    return list(mine.order_by("-saved_on", "pk"))


def strategy_of(seat: Seat, strategy: UUID) -> Strategy | None:
    """Give a strategy to a lead who is in it; None to anyone else, as if it were not there."""
    mine = Strategy.objects.filter(pk=strategy, members__seat=seat)
    return mine.select_related("pen", "pen_asked", "end_asked").first()


def writer_of(strategy: Strategy, now: datetime) -> Seat | None:
    """Give who writes now, or None where nobody does or their time is over."""
    return strategy.pen if strategy.pen_until and strategy.pen_until > now else None


def members_of(strategy: Strategy) -> list[str]:
    """List the public ids of the seats in a strategy, in their order."""
    seats = Member.objects.filter(strategy=strategy).values_list("seat__public_id", flat=True)
    return sorted(seats)


def others_in(strategy: Strategy, seat: Seat, today: date) -> list[str]:
    """List the seats of other leads of a strategy who have a seat today and could agree or not, by their public ids."""
    able = seats_with_keys(strategy.program, today)
    return [one for one in members_of(strategy) if one in able and able[one].person_id != seat.person_id]


def may_end_alone(strategy: Strategy, seat: Seat, today: date) -> bool:
    """Say whether the lead who asked to destroy a strategy is the last one in it, and waited."""
    waited = strategy.end_asked_on is not None and today >= strategy.end_asked_on + ALONE
    return waited and not others_in(strategy, seat, today)


def wish_to_end(strategy: Strategy, seat: Seat, today: date) -> Seat | None:
    """Give who asked to destroy a strategy, where that still counts for the lead of `seat`; else None.

    It counts for WISH days, of a lead who still is one; the last lead's own counts without an end, for they wait ALONE.
    """
    asked, on = strategy.end_asked, strategy.end_asked_on
    if asked is None or on is None:
        return None
    is_own = asked.person_id == seat.person_id
    if is_own and not others_in(strategy, seat, today):
        return asked
    is_lead = is_own or strategist(strategy.program, asked.public_id, today) is not None
    return asked if is_lead and today <= on + WISH else None


def left_by_all(program: Program, today: date) -> list[UUID]:
    """List the strategies whose leads have all left their seats, the last one longer ago than they stay.

    A lead who sits again has not left: they open what is sealed to their earlier seat. Two queries where a lead of each still sits, and a few more for each lead who left of the others.
    """
    rows = Member.objects.filter(strategy__program=program)
    gone = Q(seat__until_date__lt=today) | Q(seat__left_on__lt=today)
    stays = rows.exclude(pk__in=rows.filter(gone)).values("strategy")
    found = Strategy.objects.filter(program=program).exclude(pk__in=stays).defer("sealed")
    record = RowsLog.of(program)
    found = found.prefetch_related("members__seat__cohort")
    return [
        one.pk
        for one in found.prefetch_related("members__seat__person__seats__cohort")
        if _is_over(one, record, today)
    ]


def _is_over(strategy: Strategy, record: RowsLog, today: date) -> bool:
    """Say whether all leads of a strategy have left for good, and its days after that are over."""
    left = [_gone_on(one.seat, record, today) for one in strategy.members.all()]
    return all(day is not None and today > day + timedelta(days=strategy.days_kept) for day in left)


def _gone_on(seat: Seat, record: RowsLog, today: date) -> date | None:
    """Give the last day on which a lead opens what is sealed to a seat: in it, or in any other since; None before it is known."""
    if is_removed(record, seat.public_id, today):
        return _left_on(seat, record, today)
    seats = [one for one in seat.person.seats.all() if one.cohort.program_id == seat.cohort.program_id]
    days = [_left_on(one, record, today) for one in seats]
    return None if None in days else max(day for day in days if day is not None)


def _left_on(seat: Seat, record: RowsLog, today: date) -> date | None:
    """Give the day on which a lead has left for good: of a removed one when no appeal can give the seat back; None before."""
    if removals := record.about(EntryKind.SEAT_REMOVED, seat.public_id):
        is_out = is_removed(record, seat.public_id, today)
        return final_on(removals[-1], record) if is_out else sits_until(record, seat.public_id)
    return ends_on(seat)


def side_versions_of(strategy: Strategy) -> list[SideVersion]:
    """List the versions that are kept beside, the oldest first."""
    return list(strategy.side_versions.order_by("kept_on", "pk"))


def key_entries(program: Program) -> list[dict[str, Any]]:
    """List the entries that found or certify leads' keys, so that the page can judge them itself."""
    kinds = (EntryKind.KEY_FOUNDED, EntryKind.KEY_CERTIFIED)
    lines = LogEntry.objects.filter(log__program=program, kind__in=kinds).order_by("index")
    return [{"index": line.index, **json.loads(bytes(line.raw))} for line in lines]


def seats_with_keys(program: Program, today: date) -> dict[str, Seat]:
    """Give the leads who may be in a strategy, by public id: seated today, a key on the record, not of the city.

    Of a lead who sits again, every seat with a key counts. Eight queries, however many leads there are; one more and two for each that was ever suspended.
    """
    rows = RowsLog.of(program)
    keyed = seats_with_key(rows)
    never = {post.person_id for post in (*posts_today(program, today), *stewards_on(program, today))}
    seats = seats_of_leads(program, today)
    stopped = suspended(program, [seat.public_id for seat in seats], today)
    taken: dict[int, str] = {}
    for seat in seats:  # the one of today comes first
        taken.setdefault(seat.person_id, seat.public_id)
    never |= {person for person, one in taken.items() if one in stopped}
    able = [seat for seat in seats if seat.public_id in keyed - stopped and seat.person_id not in never]
    return {seat.public_id: seat for seat in able if seat.person.is_active}


def names_of(program: Program, today: date) -> dict[str, str]:
    """Say what leads are called among leads, by the public id of their seat; of an earlier one, that it is."""
    names = {
        seat.public_id: seat.person.known_as or seat.person.called for seat in seated_today(program, today)
    }
    for seat in seats_of_leads(program, today):
        earlier = _("%(who)s (earlier place)") % {
            "who": seat.person.known_as or seat.person.called or seat.public_id
        }
        names.setdefault(seat.public_id, earlier)
    return names
