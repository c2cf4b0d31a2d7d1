"""The clock of a cohort: tell a seat that is empty too long, end what lasts too long, erase last words and lists when their day has come."""

from datetime import datetime

from alongside.cohort.seats.actions import erase_leaving, let_removals_fall
from alongside.cohort.seats.models import Vacancy
from alongside.cohort.seats.queries.cohorts import empty_seats
from alongside.core.clocks import local_date, vacancy_stages
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import Pack
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, tell_once
from alongside.ground.record.declared import appends


@appends(EntryKind.VACANCY_LATE, EntryKind.REMOVAL_DECIDED)
def tick(*, program: Program, now: datetime) -> int:
    """Tell what is due today, once each, also after missed runs; give how many vacancies were told."""
    pack = pack_of(program)
    today = local_date(now, pack)
    erase_leaving(program=program, today=today)
    let_removals_fall(program=program, now=now)
    return sum(_tell(program, one, pack, now) for one in empty_seats(program, today))


def _tell(program: Program, vacancy: Vacancy, pack: Pack, now: datetime) -> int:
    """Tell the latest stage that has come; after missed runs one entry tells it as it is today."""
    today = local_date(now, pack)
    stages = vacancy_stages(vacancy.from_date, pack, today)
    if not stages:
        return 0
    label = stages[-1].label
    data = {"days": (today - vacancy.from_date).days, "stage": label}
    draft = Draft(kind=EntryKind.VACANCY_LATE, by=["clock"], data=data, cites={"vacancy": [vacancy.entry]})
    told = tell_once(program=program, draft=draft, now=now)
    return int(told is not None)
