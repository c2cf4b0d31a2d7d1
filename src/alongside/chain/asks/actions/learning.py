"""A unit asks for a learning period of its first days; a lead agrees."""

from datetime import datetime

from alongside.core.clocks import local_date
from alongside.core.grammar import Entry
from alongside.core.grammar.v1.learning import latest_end
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.actions import Draft, append_once
from alongside.ground.record.declared import appends
from alongside.ground.record.models import Log
from alongside.ground.record.rows import RowsLog


@appends("learning.asked")
def ask_to_learn(*, program: Program, office: str, now: datetime) -> Entry:
    """Ask leads for a learning period of the unit of this office; once a unit."""
    unit = office.split("/", 1)[0]
    draft = Draft(kind="learning.asked", by=[office], data={"unit": unit})
    return append_once(program=program, drafts=[draft], now=now).entries[0]


@appends("learning.agreed")
def agree_to_learn(*, program: Program, asked: int, unit: str, seat: str, now: datetime) -> Entry:
    """Agree to the learning period that a unit asked for, to its last possible day; once a unit."""
    today = local_date(now, pack_of(program))
    until = latest_end(RowsLog(Log.objects.get(program=program)), unit, today)
    data = {"unit": unit, "until": until.isoformat()}
    draft = Draft(kind="learning.agreed", by=[seat], data=data, cites={"asked": [asked]})
    return append_once(program=program, drafts=[draft], now=now).entries[0]
