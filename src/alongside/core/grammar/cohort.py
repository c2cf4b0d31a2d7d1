"""The cohort as the record sees it: cohorts, seats without names, and the leads' certified keys."""

from datetime import date, timedelta

from alongside.core.entries import Entry, LogView
from alongside.core.grammar.seats import seat_is_known, seat_is_not_over
from alongside.core.grammar.shape import (
    ANY,
    Cites,
    Kind,
    cited,
    day,
    fail,
    first_of,
    malformed,
    one_of,
    seat,
    since,
    slug,
)
from alongside.core.grammar.ties import names_units_of_the_policy
from alongside.core.grammar.vacancies import VACANCIES, fills_an_open_vacancy, fills_it_for_the_term
from alongside.core.kinds import EntryKind
from alongside.core.words import gettext_noop as _

#: Why a seat was left, as far as the public hears: no word of health, family or status.
LEFT = ("by-choice", "moved", "no-time", "not-said")


def days_come_in_order(entry: Entry, _log: LogView) -> None:
    """Refuse a term that ends before it begins."""
    if entry.data["until"] < entry.data["from"]:
        fail("the term ends before it begins; move its end.")


#: How long the term of a cohort can be, and how long after it a seat can run, to check what was promised to it.
TERM, SEAT_AFTER = timedelta(days=5 * 366), timedelta(days=366)
#: How many days the term of a cohort has at least; how long before its entry it can begin, except for those with which a program begins.
TERM_DAYS, BEGAN = 90, timedelta(days=31)
#: How long after its entry a term begins at the latest: a far day is beyond what a calendar holds.
BEGINS_WITHIN = timedelta(days=2 * 365)


def term_is_within_reason(entry: Entry, log: LogView) -> None:
    """Refuse a term so long that whoever sits in it would sit for good, so short that it is made for one act, or long begun."""
    first, last = (date.fromisoformat(entry.data[name]) for name in ("from", "until"))
    if last - first > TERM:
        fail("the term of a cohort is five years at most; end it sooner, and begin a next one.")
    if (last - first).days + 1 < TERM_DAYS:
        fail("the term of a cohort is {days} days at least; end it later.", days=TERM_DAYS)
    if first > entry.date + BEGINS_WITHIN:
        fail("a term begins within two years of the day on which it is told; name a sooner day.")
    runs = any(one.date < entry.date for one in log.every(EntryKind.COHORT_SEATED))
    if runs and first < entry.date - BEGAN:
        fail(
            "a term begins {days} days before it is entered at the earliest; name a later day.",
            days=BEGAN.days,
        )


def sits_within_the_term(entry: Entry, log: LogView) -> None:
    """Refuse a seat that is not taken within the term of the cohort that it names, or is over before or long after it.

    It would be made for one act between two cohorts, act before its cohort does, or long after (promises 3, 4, 5).
    """
    cohort = cited(entry, "cohort", log)
    if cohort.data["cohort"] != entry.data["cohort"]:
        malformed("the seat is in another cohort than the one it cites; cite its own.")
    first, over = cohort.data["from"], cohort.data["until"]
    last = (date.fromisoformat(over) + SEAT_AFTER).isoformat()
    begins = max(entry.data["from"], entry.date.isoformat())
    if entry.data["from"] < first or begins > over or not over <= entry.data["until"] <= last:
        fail(
            "a place begins within the term of its cohort, lasts to its end, and ends within a year after it; name such days."
        )


cohort_is_new = first_of(
    "this cohort is on the public log already; give the next one another name.",
    "cohort",
    "Refuse to seat a cohort twice.",
)


cohort_ends_once = first_of(
    "this cohort has ended already; nothing more is needed.", "cohort", "Refuse to end a cohort twice."
)


def cohort_ends_after_its_term(entry: Entry, log: LogView) -> None:
    """Refuse to say that a cohort has ended while its term runs."""
    seated = cited(entry, "cohort", log)
    if seated.data["cohort"] != entry.data["cohort"]:
        malformed("the entry names another cohort than the one it cites; cite its own.")
    if entry.date.isoformat() <= seated.data["until"]:
        fail(
            "the term of this cohort runs until {last}; say that it ended on a later day.",
            last=date.fromisoformat(seated.data["until"]),
        )


seat_is_new = first_of(
    "this place is on the public log already; try again, and it gets a new number.",
    "seat",
    "Refuse a seat id that is taken.",
)


def leaves_their_own(entry: Entry, _log: LogView) -> None:
    """Let a lead leave their own seat, and nobody else's: whoever the steward ends it for is removed, and can appeal."""
    if entry.by != (entry.data["seat"],):
        fail(
            "only the lead leaves their own place; the program coordinator removes it, so that the lead can appeal."
        )


def is_left_within_its_term(entry: Entry, log: LogView) -> None:
    """Refuse a day of leaving that is no day of the seat's term: it would unmake what was done in the seat."""
    taken = log.about(EntryKind.SEAT_TAKEN, entry.data["seat"])
    on = entry.data.get("on", entry.date.isoformat())
    if taken and not taken[-1].data["from"] <= on <= taken[-1].data["until"]:
        fail("the day lies outside the term of this place; name a day within it.")
    if on < entry.date.isoformat():
        fail("a place is left from the day on which its lead says so, or a later one; name such a day.")


#: What a lead can be besides a lead.
ROLES = ("chair", "co-chair", "note-taker", "peer-coach")


def role_changes(entry: Entry, log: LogView) -> None:
    """Refuse to take a role that one holds, or to lay down one that one does not."""
    same = [
        one
        for one in log.about(EntryKind.ROLE_CHANGED, entry.data["seat"])
        if one.data["role"] == entry.data["role"]
    ]
    holds = bool(same) and same[-1].data["change"] == "takes"
    if holds == (entry.data["change"] == "takes"):
        if holds:
            fail("this place holds the role already; nothing more is needed.")
        fail("this place does not hold the role; nothing more is needed.")


def takes_their_own(entry: Entry, _log: LogView) -> None:
    """Let a lead take and lay down their own role, and the steward write it down; no lead gives one to another."""
    if entry.seats and entry.by != (entry.data["seat"],):
        fail("a lead takes and lays down their own role; ask that lead, or the program coordinator.")


KINDS = (
    Kind(
        name=EntryKind.COHORT_SEATED,
        heading=_("A cohort began"),
        says="A cohort begins its term.",
        pen="program",
        by=("steward",),
        data={"cohort": slug, "from": day, "until": day},
        texts=("name",),
        subject="cohort",
        rules=(since(2, days_come_in_order), since(2, cohort_is_new), since(2, term_is_within_reason)),
    ),
    Kind(
        name=EntryKind.COHORT_ENDED,
        heading=_("A cohort ended"),
        sentence=_("The term of a cohort is over. The next cohort watches what it asked."),
        says="A cohort has ended; what it asked is watched by the next one.",
        pen="program",
        by=("steward", "clock"),
        data={"cohort": slug},
        cites={"cohort": Cites((EntryKind.COHORT_SEATED,))},
        subject="cohort",
        rules=(since(2, cohort_ends_once), since(2, cohort_ends_after_its_term)),
    ),
    Kind(
        name=EntryKind.SEAT_TAKEN,
        heading=_("A place was taken"),
        sentence=_("Someone joined the cohort. The public log tells no name."),
        says="Someone sits in the cohort. No name: a seat has an id. Says which unit pays the seat (or outside, or nobody), and which vacancy an alternate stepped into.",
        pen="program",
        by=("steward",),
        data={"seat": seat, "cohort": slug, "from": day, "until": day},
        may={"paid_by": slug},
        cites={"cohort": Cites((EntryKind.COHORT_SEATED,)), "vacancy": Cites(VACANCIES, 0, 1)},
        subject="seat",
        rules=(
            seat_is_new,
            fills_an_open_vacancy,
            since(2, days_come_in_order),
            since(2, sits_within_the_term),
            since(2, fills_it_for_the_term),
            since(2, names_units_of_the_policy),
        ),
    ),
    Kind(
        name=EntryKind.SEAT_LEFT,
        heading=_("A place is empty"),
        sentence=_("A lead left their place."),
        says="A lead left their own seat: it is empty from a day on; why, as far as the lead wants it said, in one of a few words.",
        pen="program",
        by=("steward", "seat"),
        data={"seat": seat},
        may={"on": day, "ground": one_of(*LEFT)},
        subject="seat",
        seats=ANY,
        rules=(
            seat_is_known,
            seat_is_not_over,
            since(2, leaves_their_own),
            since(2, is_left_within_its_term),
        ),
        unsigned="free",
    ),
    Kind(
        name=EntryKind.ROLE_CHANGED,
        heading=_("A role in the cohort"),
        sentence=_("A lead took or laid down a role in the cohort."),
        says="A lead takes or lays down a role in the cohort, from this day on.",
        pen="program",
        by=("steward", "seat"),
        data={"seat": seat, "role": one_of(*ROLES), "change": one_of("takes", "lays-down")},
        subject="seat",
        rules=(seat_is_known, seat_is_not_over, role_changes, since(2, takes_their_own)),
        unsigned="plans",
    ),
)
