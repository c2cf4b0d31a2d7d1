"""The level of participation that was reached in a quarter, as leads and bureau each see it: two sentences, and no average."""

from typing import Any

from alongside.core.entries import Entry, LogView
from alongside.core.grammar.bureaus import acts_for, answers_for
from alongside.core.grammar.project_rules import is_of_its_project, who_worked_on, works_on
from alongside.core.grammar.seats import seated
from alongside.core.grammar.shape import Cites, Kind, cited, fail, fields, malformed, slug
from alongside.core.grammar.ties import leave_it_to_others
from alongside.core.grammar.workplans import PARTIES, VERSION, is_by_one_party, missing_from, version_of
from alongside.core.kinds import EntryKind
from alongside.core.words import gettext_noop as _
from alongside.core.workflow.levels import ASSESSED, first_day, is_over, last_day, quarter_of, side_of
from alongside.core.workflow.workplans import COMMUNITY


def quarter(where: str, value: Any) -> None:
    """Accept a quarter as YYYY-Q1 to YYYY-Q4."""
    try:
        first_day(value)
    except (TypeError, ValueError):
        malformed(f"{where} must be a quarter written as 2026-Q3.")


def _units(entry: Entry, log: LogView) -> list[str]:
    """List the units beside whom leads work on what an entry is about."""
    if entry.kind == EntryKind.WORKPLAN_ASSESSED:
        return list(version_of(entry, log).data["units"])
    return [cited(entry, "project", log).data["unit"]]


def _subject(entry: Entry) -> str:
    return str(entry.data["workplan" if entry.kind == EntryKind.WORKPLAN_ASSESSED else "project"])


def _begun(entry: Entry, log: LogView) -> Entry:
    """Give the entry that began what this is about."""
    is_plan = entry.kind == EntryKind.WORKPLAN_ASSESSED
    kind = EntryKind.WORKPLAN_PROPOSED if is_plan else EntryKind.PROJECT_REGISTERED
    return log.about(kind, _subject(entry))[0]


def is_by_who_works_on_it(entry: Entry, log: LogView) -> None:
    """Let one lead who works on the project say it, or one office of the unit that owns it."""
    at, (unit,) = entry.cites["project"][0], _units(entry, log)
    if len(entry.by) != 1:
        fail("one side says it at a time; name one place or one office.")
    if not acts_for(unit, entry, log) and not any(works_on(at, one, log) for one in entry.seats):
        fail("a lead who works on the project says it, or an office of its bureau; ask one of them.")


def is_by_who_worked_on_it_then(entry: Entry, log: LogView) -> None:
    """Leave the leads' word on a quarter to those who worked on the project in it, where one of them does still, and sits."""
    at, days = entry.cites["project"][0], (first_day(entry.data["quarter"]), last_day(entry.data["quarter"]))
    then = who_worked_on(at, *days, log)
    is_new = all(works_on(at, one, log) for one in entry.seats) and not then & set(entry.seats)
    still = [one for one in then.intersection(seated(log, entry.date)) if works_on(at, one, log)]
    if entry.seats and is_new and still:
        fail("leads who worked on the project in that quarter say it; ask one of them.")


def is_in_force(entry: Entry, log: LogView) -> None:
    """Let it be said only of a plan that both sides signed."""
    if missing_from(version_of(entry, log), log):
        fail("both sides have not signed this version; a level is told of a plan in force.")


def is_of_a_quarter_that_is_over(entry: Entry, log: LogView) -> None:
    """Refuse a quarter that is not over, or that was over before this was begun."""
    if not is_over(entry.data["quarter"], entry.date):
        fail("this quarter is not over; say it once it is.")
    if is_over(entry.data["quarter"], first_day(quarter_of(_begun(entry, log).date))):
        fail("this was begun later; name a quarter since.")


def _side(entry: Entry, log: LogView) -> str:
    """Name a side, by who answers for a unit today."""
    side = side_of(entry)
    return side if side == COMMUNITY else answers_for(side, log)


def is_said_once_by_each_side(entry: Entry, log: LogView) -> None:
    """Refuse a second word of one side on one quarter: nobody smooths afterward what they said."""
    for one in _of_the_quarter(entry, log):
        if _side(one, log) == _side(entry, log):
            fail("this side has said it for this quarter; the next quarter is said by itself.")


def is_said_by_no_lead_of_its_bureau(entry: Entry, log: LogView) -> None:
    """Leave the word of the leads to those whom the bureau neither pays nor employs, where another lead could say it."""
    leave_it_to_others(entry, log, _units(entry, log), _begun(entry, log).index)


def _of_the_quarter(entry: Entry, log: LogView) -> list[Entry]:
    told = log.about(entry.kind, _subject(entry))
    return [one for one in told if one.data["quarter"] == entry.data["quarter"]]


def the_other_side(entry: Entry, log: LogView) -> set[str]:
    """Give the seats and offices that said it of the same quarter, and the units beside whom leads work."""
    return {actor for one in _of_the_quarter(entry, log) for actor in one.by} | set(_units(entry, log))


DATA = {"quarter": quarter, "level": fields({"framework": slug, "level": slug})}
RULES = (is_of_a_quarter_that_is_over, is_said_once_by_each_side, is_said_by_no_lead_of_its_bureau)
ON_A_PROJECT, IN_A_PLAN = ASSESSED

KINDS = (
    Kind(
        name=ON_A_PROJECT,
        heading=_("How leads and bureau worked together on a project"),
        says="Which level of participation was reached on a project in a quarter, as one side sees it, with one sentence. The other side says its own; nothing is averaged.",
        pen="both",
        by=PARTIES,
        data={"project": slug, **DATA},
        cites={"project": Cites((EntryKind.PROJECT_REGISTERED,))},
        texts=("words",),
        subject="project",
        rules=(is_of_its_project, is_by_who_works_on_it, is_by_who_worked_on_it_then, *RULES),
        beside=the_other_side,
        first=3,
        signed=5,
        alone=True,
    ),
    Kind(
        name=IN_A_PLAN,
        heading=_("How leads and bureau worked together on a workplan"),
        says="Which level of participation was reached in a workplan in a quarter, as one side sees it, with one sentence. The other side says its own; nothing is averaged.",
        pen="both",
        by=PARTIES,
        data={"workplan": slug, **DATA},
        cites=VERSION,
        texts=("words",),
        subject="workplan",
        rules=(is_by_one_party, is_in_force, *RULES),
        beside=the_other_side,
        first=3,
        signed=5,
        alone=True,
    ),
)
