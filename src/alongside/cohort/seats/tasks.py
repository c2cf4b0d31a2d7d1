"""The clock of a cohort: tell a seat that is empty too long, end what lasts too long, erase last words and lists when their day has come."""

from datetime import date, datetime
from functools import partial

from alongside.cohort.seats.actions import erase_leaving, let_removals_fall
from alongside.cohort.seats.models import Vacancy
from alongside.cohort.seats.queries.cohorts import empty_seats
from alongside.core.clocks import local_date, vacancy_stages
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.core.turns import in_turn
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions.entries import Draft, tell_once, untold
from alongside.ground.record.declared import appends


@appends(EntryKind.VACANCY_LATE, EntryKind.REMOVAL_DECIDED)
def tick(*, program: Program, now: datetime) -> int:
    """Tell what is due today, once each, also after missed runs; give how many vacancies were told."""
    pack = pack_of(program)
    today = local_date(now, pack)
    erase_leaving(program=program, today=today)
    let_removals_fall(program=program, now=now)
    late = [(draft, draft) for one in empty_seats(program, today) if (draft := _empty(one, pack, today))]
    fresh = untold(program=program, late=late, on=today)
    turns = (partial(tell_once, program=program, draft=one, now=now) for one in fresh)
    return sum(entry is not None for entry in in_turn(turns))


def _empty(vacancy: Vacancy, pack: Pack, today: date) -> Draft | None:
    """Say how long a seat is empty, at the latest stage that has come; after missed runs one entry tells it as it is today."""
    stages = vacancy_stages(vacancy.from_date, pack, today)
    if not stages:
        return None
    data = {"days": (today - vacancy.from_date).days, "stage": stages[-1].label}
    return Draft(kind=EntryKind.VACANCY_LATE, by=["clock"], data=data, cites={"vacancy": [vacancy.entry]})
