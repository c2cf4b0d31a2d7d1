"""Seats that are empty: who steps in, and what is told while nobody does."""

from datetime import date, timedelta

from alongside.core.entries import Entry, LogView, entry_at
from alongside.core.grammar.program import policies_on
from alongside.core.grammar.seats import is_past_its_decision, is_removed
from alongside.core.grammar.shape import (
    Cites,
    Kind,
    Once,
    all_cited,
    cited,
    day,
    fail,
    names_a_stage,
    number,
    since,
    slug,
)
from alongside.core.grammar.silence import Due, Owed
from alongside.core.kinds import EntryKind
from alongside.core.words import gettext_noop as _
from alongside.core.words import ngettext_noop as ngettext

#: The entries that say that a seat is empty.
VACANCIES = (EntryKind.SEAT_LEFT, EntryKind.SEAT_REMOVED, EntryKind.VACANCY_OPENED)
#: So soon somebody sits in an empty seat that they fill.
FILLS_WITHIN = timedelta(days=30)


def fills_an_open_vacancy(entry: Entry, log: LogView) -> None:
    """Let one person step into a vacancy of their own cohort, one into each seat; a removal first, when its appeal is over."""
    for vacancy in all_cited(entry, "vacancy", log):
        if any(entry.v < FILLED_WHILE_SAT or entry.date <= _last_day(one) for one in fillers(vacancy, log)):
            fail("someone has stepped into this vacancy already; name another one.")
        if cohort_of(vacancy, log) != entry.data["cohort"]:
            fail("this vacancy is in another cohort; name one of this cohort.")
        if vacancy.kind == EntryKind.SEAT_REMOVED:
            removal_is_final(vacancy, entry, log)
        elif vacancy.kind == EntryKind.SEAT_LEFT and is_removed(log, vacancy.data["seat"], entry.date):
            removal_is_final(log.about(EntryKind.SEAT_REMOVED, vacancy.data["seat"])[-1], entry, log)


def fills_it_for_the_term(entry: Entry, log: LogView) -> None:
    """Refuse to fill an empty seat with somebody who sits much later, or not to the end of the term: it would stay empty."""
    cohort = cited(entry, "cohort", log)
    if "vacancy" not in entry.cites:
        return
    latest = min((entry.date + FILLS_WITHIN).isoformat(), cohort.data["until"])
    if entry.data["from"] > latest or entry.data["until"] < cohort.data["until"]:
        fail(
            "who fills an empty place begins within 30 days and lasts to the end of the term; name such days."
        )


#: From this version on an empty seat is filled only while somebody sits in it.
FILLED_WHILE_SAT = 2


def is_filled(vacancy: Entry, log: LogView, on: date) -> bool:
    """Say whether somebody sits on a day who stepped into an empty seat; where they left it, that is a vacancy of its own."""
    return any(
        one.v < FILLED_WHILE_SAT or date.fromisoformat(one.data["from"]) <= on <= _last_day(one)
        for one in fillers(vacancy, log)
    )


def _last_day(taken: Entry) -> date:
    return date.fromisoformat(taken.data["until"])


def fillers(vacancy: Entry, log: LogView) -> list[Entry]:
    """List who stepped into an empty seat, whether they were told that its lead left it or that it was removed."""
    told = [vacancy]
    if "seat" in vacancy.data:
        told = [
            one
            for kind in (EntryKind.SEAT_LEFT, EntryKind.SEAT_REMOVED)
            for one in log.about(kind, vacancy.data["seat"])
        ]
    return [each for one in told for each in log.citing(one.index, EntryKind.SEAT_TAKEN)]


def cohort_of(vacancy: Entry, log: LogView) -> str | None:
    """Give the cohort in which a seat is empty."""
    if "cohort" in vacancy.data:
        return str(vacancy.data["cohort"])
    taken = log.about(EntryKind.SEAT_TAKEN, str(vacancy.data["seat"]))
    return str(taken[-1].data["cohort"]) if taken else None


def removal_is_final(removal: Entry, entry: Entry, log: LogView) -> None:
    """Keep a removed seat free until the days of appeal are over, or the appeal is decided."""
    if not (appeals := log.citing(removal.index, EntryKind.REMOVAL_APPEALED)):
        last = date.fromisoformat(removal.data["appeal_by"])
        if entry.date <= last:
            fail("an appeal is possible until {last}; fill the place after that day.", last=last)
        return
    decided = log.citing(appeals[-1].index, EntryKind.REMOVAL_DECIDED)
    if not decided and not is_past_its_decision(appeals[-1], entry.date):
        fail("an appeal waits for its decision; fill the place when it is decided.")
    if not decided or decided[-1].data["decision"] == "lifted":
        fail("the removal was lifted and the place given back; choose a place that is empty.")


def is_empty(vacancy: Entry, log: LogView, on: date) -> bool:
    """Say whether on a day nobody has stepped into a vacancy, and no appeal ended it.

    Where a seat was removed whose lead had given notice, the removal alone tells that it is empty.
    """
    seat = vacancy.data.get("seat", "")
    told_otherwise = bool(seat) and is_removed(log, seat, on) is not (vacancy.kind == EntryKind.SEAT_REMOVED)
    return not told_otherwise and not is_filled(vacancy, log, on)


def is_still_empty(entry: Entry, log: LogView) -> None:
    """Refuse to call a vacancy late that someone has stepped into, or that an appeal ended."""
    vacancy = cited(entry, "vacancy", log)
    if not is_empty(vacancy, log, entry.date):
        fail("someone has this place; it is not empty. Choose another one.")


def is_within_its_term(entry: Entry, log: LogView) -> None:
    """Refuse a day on which the cohort does not sit: a clock that begins later tells nothing."""
    cohort = cited(entry, "cohort", log)
    if not cohort.data["from"] <= entry.data["from"] <= cohort.data["until"]:
        fail("the day lies outside the term of this cohort; name a day within it.")


def empty_since(vacancy: Entry) -> date:
    """Give the day from which a seat is empty."""
    named = vacancy.data.get("from") or vacancy.data.get("on")
    return date.fromisoformat(named) if named else vacancy.date


def leads_owed(log: LogView, on: date) -> list[Owed]:
    """List the seats that are empty on a day in a term that is not over; the clock tells each on the day of its alarm."""
    clocks = [one.data.get("cohort_clocks", {}) for one in policies_on(log, on)]
    if not clocks or not all(clocks):
        return []
    longest = timedelta(days=max(one["vacancy_days"] for one in clocks))
    found = []
    for vacancy in (one for kind in VACANCIES for one in log.every(kind)):
        cohort = log.about(EntryKind.COHORT_SEATED, cohort_of(vacancy, log) or "")
        if cohort and is_empty(vacancy, log, on) and on.isoformat() <= cohort[-1].data["until"]:
            empty, told = empty_since(vacancy), tuple(log.citing(vacancy.index, EntryKind.VACANCY_LATE))
            due = empty + longest
            found.append(Owed(vacancy.index, due, told, due - timedelta(days=1), Due.LEAD, empty=empty))
    return found


def is_filled_by(owed: Owed, log: LogView, on: date) -> bool:
    """Say whether somebody sits on a day in a place that was empty the day before."""
    return owed.what is Due.LEAD and not is_empty(entry_at(owed.index, log), log, on)


def counts_the_days(entry: Entry, log: LogView) -> None:
    """Let the clock tell each stage of an empty seat once, with the true number of days."""
    vacancy = cited(entry, "vacancy", log)
    days = (entry.date - empty_since(vacancy)).days
    if entry.data["days"] != days:
        fail("the place is empty for {days} days; say that number.", days=days)
    if any(one.data["stage"] == entry.data["stage"] for one in log.citing(vacancy.index, entry.kind)):
        fail("this is told already; nothing more is needed.")


KINDS = (
    Kind(
        name=EntryKind.VACANCY_OPENED,
        heading=_("A place waits for someone"),
        sentence=_("A place that nobody has taken is empty."),
        says="A seat that nobody has taken is empty from this day on.",
        pen="program",
        by=("steward",),
        data={"cohort": slug, "from": day},
        cites={"cohort": Cites((EntryKind.COHORT_SEATED,))},
        subject="cohort",
        rules=(since(2, is_within_its_term),),
    ),
    Kind(
        name=EntryKind.VACANCY_LATE,
        heading=_("A place has been empty too long"),
        counted=ngettext(
            "A place was empty from %(day)s on. %(n)d day later, nobody had it.",
            "A place was empty from %(day)s on. %(n)d days later, nobody had it.",
        ),
        marked=("city", "late"),
        once=Once("vacancy", lambda data, _on: data["stage"]),
        says="A seat has been empty for longer than the policy allows. The clock writes it by itself.",
        pen="clock",
        by=("clock",),
        data={"days": number(1, 9999), "stage": slug},
        cites={"vacancy": Cites(VACANCIES)},
        rules=(is_still_empty, since(2, names_a_stage), since(2, counts_the_days)),
    ),
)
