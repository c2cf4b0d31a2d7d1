"""Who pays or employs a lead, as the record tells it, and what such a lead leaves to others."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import product

from alongside.core.entries import STEWARD, Entry, LogView, unit_of
from alongside.core.grammar.bureaus import EVER, bureaus_in, is_beside, policies, units_of
from alongside.core.grammar.seats import is_in_force, seat_is_known, standing
from alongside.core.grammar.shape import ANY, Kind, fail, her_words, seat, slug
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Named
from alongside.core.words import gettext_noop as _

#: From this version on a tie that the steward wrote when a seat was taken is the steward's word alone.
LEADS_WORD = 2
#: Who pays a seat where no unit does: somebody outside the City, or nobody.
OUTSIDE, NOBODY = "outside", "nobody"
#: What binds a lead to a unit for good: they had an office of it here, or, as the steward, ran the program.
SERVED = "served"
#: What binds a lead to a unit: it pays the seat, the lead works for it beside the seat, or served it.
TIES = ("paid_by", "works_for", SERVED)


def told_of(log: LogView, one: str) -> list[Entry]:
    """List what tells who pays and employs the lead of a seat, oldest first."""
    return [*log.about(EntryKind.SEAT_TAKEN, one), *log.about(EntryKind.SEAT_DECLARED, one)]


def said(told: Iterable[Entry], name: str, *, by_lead: bool) -> str:
    """Give what the lead of a seat, or the steward, last said of a tie; nothing where they did not say."""
    found = [str(one.data[name]) for one in told if name in one.data and bool(one.seats) is by_lead]
    return found[-1] if found else ""


def is_payer_told(told: Iterable[Entry]) -> bool:
    """Say whether anybody said who pays a seat."""
    return any("paid_by" in one.data for one in told)


def is_firm(entry: Entry) -> bool:
    """Say whether the lead of a seat told a tie, or confirmed it: the word of the steward alone silences nobody.

    What the steward wrote when the seat was taken counted as the lead's word in grammar 1.
    """
    return bool(entry.seats) or (entry.kind == EntryKind.SEAT_TAKEN and entry.v < LEADS_WORD)


def ties_since(
    told: Collection[Entry], start: int, *, names: Collection[str] = TIES, firm: bool = False
) -> set[str]:
    """Give who paid or employed the lead of a seat when the entry `start` was made, and all who were said to since.

    `told` is what `told_of` lists. Nobody unsays a tie for a day: it counts against all that was begun before its end. Where
    the steward and the lead differ on who pays, both count; `firm` leaves out what the steward alone said. Whom a lead served
    counts whenever it was told.
    """
    return {tie for tie, _since in _ties_told(told, start, names, firm=firm)}


def _ties_told(
    told: Collection[Entry], start: int, names: Collection[str], *, firm: bool
) -> set[tuple[str, int]]:
    """Give what `ties_since` gives, each with the entry since which its bureau counts: when it was told, or `start` if that was before.

    Outside and nobody are no ties.
    """
    found: set[tuple[str, int]] = set()
    for name, by_lead in product(names, (False, True)):
        track = [one for one in told if name in one.data and bool(one.seats) is by_lead]
        before = [one for one in track if one.index < start][-1:]
        since = [one for one in track if one.index > start]
        if name == SERVED:
            found |= {(str(one.data[name]), EVER) for one in track}
            continue
        counted = [one for one in (*before, *since) if is_firm(one) or not firm]
        found |= {(str(one.data[name]), min(one.index, start)) for one in counted}
    return {one for one in found if one[0] not in {OUTSIDE, NOBODY}}


def stake_since(
    told: Collection[Entry],
    start: int,
    units: Iterable[str],
    rules: Sequence[Entry],
    *,
    names: Collection[str] = TIES,
    firm: bool = False,
) -> str:
    """Give who, of a bureau of these units, paid or employed the lead of a seat at any time since the entry `start`; else nothing.

    `rules` are the policies adopted, oldest first; the rest is as for `ties_since`.
    """
    units, ties = set(units), sorted(_ties_told(told, start, names, firm=firm))
    return next((one for one, since in ties if is_beside(one, since, units, rules)), "")


def stands_beside_no_payer(entry: Entry, log: LogView) -> None:
    """Refuse a lead beside an office of a bureau that pays or employs them, or did since what this is about, where another lead could.

    That is one side. What the steward alone says of their pay keeps a lead from it only where another lead could of whom
    nobody says so; a lead who is suspended, or removed and can appeal, could: it waits for them.
    """
    units = {unit_of(one) for one in entry.offices}
    begun = min((one for cited in entry.cites.values() for one in cited), default=entry.index)
    for firm in (False, True):
        if another_could(log, standing(log, entry.date), units, begun, firm=firm):
            refuse_ties(entry, log, units, begun, firm=firm)


def another_could(
    log: LogView, seats: Iterable[str], units: Iterable[str], start: int, *, firm: bool = True
) -> bool:
    """Say whether one of these seats is of a lead whom no bureau of these units paid or employed since; `firm` is as for `ties_since`."""
    units, rules = set(units), policies(log)
    return any(not stake_since(told_of(log, one), start, units, rules, firm=firm) for one in seats)


def left_to_others(log: LogView, one: str, on: date, units: Iterable[str], start: int) -> str:
    """Give who paid or employed the lead of a seat since, where another lead can do that day what leads do once beside a bureau; else nothing.

    What the steward alone says of their pay silences nobody, nor does a lead who is suspended or removed: the days run.
    """
    units = set(units)
    theirs = stake_since(told_of(log, one), start, units, policies(log), firm=True)
    able = (each for each in standing(log, on) if is_in_force(log, each, on))
    return theirs if theirs and another_could(log, able, units, start) else ""


def leave_it_to_others(entry: Entry, log: LogView, units: Iterable[str], start: int) -> None:
    """Refuse what leads do once beside a bureau, by a lead whom it paid or employed since, where another lead could (promises 4, 7)."""
    units = set(units)
    for one in entry.seats:
        if theirs := left_to_others(log, one, entry.date, units, start):
            fail(
                "{seat} is or was paid or employed by {unit}, whose bureau this is about; another lead does this.",
                seat=Named(one),
                unit=Named(theirs),
            )


def refuse_ties(entry: Entry, log: LogView, units: Iterable[str], start: int, *, firm: bool = False) -> None:
    """Refuse a seat that signs and that a bureau of these units paid or employed at any time since the entry `start`."""
    for one in entry.seats:
        if theirs := stake_since(told_of(log, one), start, units, policies(log), firm=firm):
            fail(
                "{seat} is paid or employed by {unit}, or beside it, and does not stand for the community beside it; ask another lead.",
                seat=Named(one),
                unit=Named(theirs),
            )


def names_units_of_the_policy(entry: Entry, log: LogView) -> None:
    """Let a unit of the policy in force pay or employ a lead, or somebody outside, or nobody: a misspelled unit binds no check.

    Whom a lead once served may be gone since.
    """
    for name in TIES:
        by = entry.data.get(name)
        others = {OUTSIDE, NOBODY, *units_of(log)}
        if name == SERVED:
            others = {STEWARD, *(unit for one in policies(log) for unit in bureaus_in(one.data))}
        if by is not None and by not in others:
            fail(
                "{unit} is no bureau of the policy in force; name one it has, or outside, or nobody.",
                unit=Named(by),
            )


def works_elsewhere(entry: Entry, log: LogView, units: Iterable[str], start: int) -> None:
    """Refuse a lead who worked for one of these units, or for its bureau, at any time since the entry `start` began this."""
    units, rules = list(units), policies(log)
    for one in entry.seats:
        told = told_of(log, one)
        if employer := stake_since(told, entry.index, units, rules, names=("works_for",)):
            fail(
                "{seat} works for {unit}, or beside it, and cannot sign with it for the community; ask another lead.",
                seat=Named(one),
                unit=Named(employer),
            )
        if employer := stake_since(told, start, units, rules, names=("works_for",)):
            fail(
                "{seat} worked for {unit}, or beside it, since this was begun and cannot sign with it for the community; ask another lead.",
                seat=Named(one),
                unit=Named(employer),
            )


def declares_something_own(entry: Entry, _log: LogView) -> None:
    """Let the lead of a seat alone say for whom they work, and them and the steward who pays it: each knows it."""
    if not set(TIES) & set(entry.data):
        fail("this says nothing of the place; say who pays it, or for which bureau its lead works.")
    is_own = entry.by == (entry.data["seat"],)
    if {"works_for", SERVED} & set(entry.data) and not is_own:
        fail("only the lead of a place says for whom they also work; ask them to say it on their own page.")
    if entry.seats and not is_own:
        fail(
            "a lead says who pays their own place, and no other; ask the lead of that place, or the program coordinator."
        )


KINDS = (
    Kind(
        name=EntryKind.SEAT_DECLARED,
        heading=_("Who pays or employs a lead"),
        sentence=_("Who pays a place, or which bureau its lead works for or once served, was told anew."),
        says="Who pays a seat from now on, as the steward or its lead says, or for which unit its lead works beside it, as the lead says: a unit, outside or nobody. Or, as the lead says, which unit they once held an office of, or steward where they ran the program: that binds them for good. What each said of who pays stands beside what the other said.",
        pen="program",
        by=("steward", "seat"),
        data={"seat": seat},
        may={"paid_by": slug, "works_for": slug, SERVED: slug},
        since={f"data.{SERVED}": 3},
        subject="seat",
        seats=ANY,
        rules=(seat_is_known, declares_something_own, names_units_of_the_policy),
        before=her_words("seat", EntryKind.SEAT_DECLARED),
        first=2,
        signed=5,
        alone=True,
    ),
)
