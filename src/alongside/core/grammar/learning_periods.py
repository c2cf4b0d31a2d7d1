"""A unit's learning period: the first days of its bureau with asks, asked for by the unit and agreed to by a lead, once."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from alongside.core.entries import Entry, LogView, unit_of
from alongside.core.grammar.asks import owed_to
from alongside.core.grammar.bureaus import policies, were_one_bureau
from alongside.core.grammar.commitments import deliveries_owed
from alongside.core.grammar.seats import leads_have_standing, one_sat_before_any_change_of_cohorts
from alongside.core.grammar.shape import Cites, Kind, cited, day, fail, slug
from alongside.core.grammar.silence import refuse_hidden
from alongside.core.grammar.ties import refuse_ties
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Named
from alongside.core.words import gettext_noop as _
from alongside.core.workflow.asks import ASK_KINDS

#: How long a unit may learn, from the first thing its bureau was asked, or from the day of the agreement where nothing was.
DAYS = 90
#: From this version of the grammar on, what was raised to a bureau and what it promised to an ask begins its days, too.
COUNTS_ALL = 3
#: What comes to an office of an ask, or leads back to one, and by which role it cites what is before it.
_LEADS_ON = (
    (EntryKind.ASK_TRANSFERRED, "ask"),
    (EntryKind.ASK_RAISED, "ask"),
    (EntryKind.ANSWER_GIVEN, "ask"),
    (EntryKind.ANSWER_CONTESTED, "answer"),
    (EntryKind.CONTEST_REPLIED, "contest"),
    (EntryKind.COMMITMENT_MADE, "answer"),
    (EntryKind.DELIVERY_CLAIMED, "commitment"),
)
#: What an office writes also in the place of a unit that was merged away.
_IN_PLACE = (EntryKind.CONTEST_REPLIED, EntryKind.DELIVERY_CLAIMED)
_HAD = (EntryKind.ASK_TRANSFERRED, EntryKind.ASK_RAISED, EntryKind.COMMITMENT_MADE, *_IN_PLACE)


def _of_each_ask(log: LogView, unit: str) -> Iterator[tuple[list[Entry], list[Entry]]]:
    """Give, of each ask, by which entries an office had it, and those of them by which one of this unit's bureau did.

    An ask is asked, handed on, raised and promised to; and an office replies and claims for one that was merged away.
    """
    rules = policies(log)
    is_own = cache(lambda one: were_one_bureau(one, unit, rules))
    behind = {ask.index: [ask] for kind in ASK_KINDS for ask in log.every(kind)}
    every = list(behind.values())
    for kind, role in _LEADS_ON:
        for one in log.every(kind):
            behind[one.index] = behind[one.cites[role][0]]
            if kind in _HAD:
                behind[one.index].append(one)
    for had in every:
        yield had, [one for one in had if is_own(_unit_that_had(one))]


def _unit_that_had(one: Entry) -> str:
    return unit_of(one.offices[0] if one.kind in _IN_PLACE else one.data.get("to", one.data["office"]))


def latest_end(log: LogView, unit: str, today: date, v: int = COUNTS_ALL) -> date:
    """Give the last day that a learning period of a unit can have: the first 90 days of its bureau, and no later ones."""
    had = [
        one.date
        for _had, own in _of_each_ask(log, unit)
        for one in own
        if v >= COUNTS_ALL or one.kind in {*ASK_KINDS, EntryKind.ASK_TRANSFERRED}
    ]
    return min([today, *had]) + timedelta(days=DAYS)


def is_by_its_own_unit(entry: Entry, _log: LogView) -> None:
    """Let only the unit itself ask to learn."""
    if {unit_of(one) for one in entry.offices} != {entry.data["unit"]}:
        fail("a bureau asks for its own learning period; sign for your own.")


def has_learned(log: LogView, unit: str) -> bool:
    """Say whether a unit has its learning period, or another one of its bureau: a bureau has one."""
    learned = {one.data["unit"] for one in log.every(EntryKind.LEARNING_AGREED)}
    return any(were_one_bureau(one, unit, policies(log)) for one in learned)


def learns_once(entry: Entry, log: LogView) -> None:
    """Let a bureau have one learning period, in one of its units."""
    unit = entry.data["unit"]
    if log.about(entry.kind, unit) or has_learned(log, unit):
        fail("this was done already; a bureau has one learning period.")


def keeps_to_the_first_days(entry: Entry, log: LogView) -> None:
    """Let a learning period end within the first days of the bureau whose unit asked for it, and not before today."""
    asked, unit = cited(entry, "asked", log), entry.data["unit"]
    if asked.data["unit"] != unit:
        fail("{unit} did not ask for this; its own office asks first.", unit=Named(unit))
    until, latest = date.fromisoformat(entry.data["until"]), latest_end(log, unit, entry.date, entry.v)
    if not entry.date <= until <= latest:
        fail("a learning period ends by {latest}; it is for the first days of a bureau.", latest=latest)


def is_agreed_by_a_lead_of_no_tie(entry: Entry, log: LogView) -> None:
    """Refuse a learning period that a lead agrees to whom the bureau pays or employs, or did since it asked."""
    refuse_ties(entry, log, [entry.data["unit"]], entry.cites["asked"][0])


def hides_nothing_late(entry: Entry, log: LogView) -> None:
    """Refuse a learning period while the record keeps silent about what is late of an ask that its bureau had; nothing would ever tell it (promise 4)."""
    # Not even on the day after: what the clock would tell that day, it would never tell then.
    none = timedelta()
    for had, own in _of_each_ask(log, entry.data["unit"]):
        if own:
            refuse_hidden(owed_to(log, had[0]), entry, none)
            for made in (one for one in had if one.kind == EntryKind.COMMITMENT_MADE):
                refuse_hidden(deliveries_owed(log, made), entry, none)


def who_learns(entry: Entry, _log: LogView) -> set[str]:
    """Give the unit that asked."""
    return {entry.data["unit"]}


KINDS = (
    Kind(
        name=EntryKind.LEARNING_ASKED,
        heading=_("A bureau asks for a learning period"),
        sentence=_(
            "A bureau that is new here asks for its first 90 days to learn. It counts only if a lead agrees."
        ),
        says="A unit asks leads for a learning period: its first days with asks, in which clocks run and nothing late is told.",
        pen="city",
        by=("office",),
        data={"unit": slug},
        subject="unit",
        rules=(is_by_its_own_unit, learns_once),
        first=2,
    ),
    Kind(
        name=EntryKind.LEARNING_AGREED,
        heading=_("Leads agreed to a learning period"),
        sentence=_(
            "A lead agreed that a bureau may learn. Its clocks run; what is late is told after its last day."
        ),
        says="A lead agrees to the learning period of a unit, to a day. After it, what is late is told as always.",
        pen="community",
        by=("seat",),
        signed=4,
        data={"unit": slug, "until": day},
        cites={"asked": Cites((EntryKind.LEARNING_ASKED,))},
        subject="unit",
        rules=(
            learns_once,
            keeps_to_the_first_days,
            leads_have_standing,
            one_sat_before_any_change_of_cohorts,
            is_agreed_by_a_lead_of_no_tie,
            hides_nothing_late,
        ),
        beside=who_learns,
        first=2,
    ),
)
