"""The cohort as the record sees it: cohorts, seats without names, and the leads' certified keys."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from itertools import product
from typing import NoReturn

from alongside.core.entries import Entry, LogView
from alongside.core.grammar.bureaus import is_beside, policies, units_of
from alongside.core.grammar.shape import (
    ANY,
    SERVED,
    Cites,
    Kind,
    day,
    fail,
    fields,
    hex64,
    list_of,
    malformed,
    one_of,
    seat,
    since,
    slug,
    words,
)
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Named
from alongside.core.sealing.bech32 import KeyTextError
from alongside.core.sealing.keys import recipient_bytes
from alongside.core.sealing.leads import is_signed, vouch_statement
from alongside.core.words import gettext_noop as _
from alongside.core.workflow.removals import Ruling

#: How many keys found the set, and how many vouch for each later one.
FOUNDERS = 2
#: From this version on, keys found the set only when both leads have signed each other's.
COMPARED = 2
#: From this version on a tie that the steward wrote when a seat was taken is the steward's word alone.
LEADS_WORD = 2
#: Why a seat was left, as far as the public hears: no word of health, family or status.
LEFT = ("by-choice", "moved", "no-time", "not-said")
#: Who pays a seat where no unit does: somebody outside the City, or nobody.
OUTSIDE, NOBODY = "outside", "nobody"
#: What binds a lead to a unit: it pays the seat, or the lead works for it beside the seat.
TIES = ("paid_by", "works_for")
#: The entries that say that a seat is empty.
VACANCIES = (EntryKind.SEAT_LEFT, EntryKind.SEAT_REMOVED, EntryKind.VACANCY_OPENED)


def founding(log: LogView) -> tuple[Entry, ...]:
    """Give the two keys that found the set; nothing until each of the two leads has compared and signed the other's.

    Where the set was lost and founded anew, these are the newest two.
    """
    told = log.every(EntryKind.KEY_FOUNDED)
    second = next((one for one in reversed(told) if "certs" in one.data), None)
    first = log.get(second.cites["key"][0]) if second else None
    if first and second:
        return first, second
    before = [one for one in told if one.v < COMPARED]
    return tuple(before[:FOUNDERS]) if len(before) >= FOUNDERS else ()


def first_key(log: LogView) -> Entry | None:
    """Give the first founding key, which waits for a second lead to compare it; None before, and once the set is founded."""
    told, founded = log.every(EntryKind.KEY_FOUNDED), founding(log)
    return told[-1] if told and (not founded or told[-1].index > founded[-1].index) else None


def may_found(log: LogView, one: str, on: date) -> bool:
    """Say whether a seat may bring the first founding key on a day: its lead again, or another once that seat is over or waited long.

    Where a set is founded anew and a lead who has a key sits, also a suspended one, that lead brings the first one.
    """
    if first := first_key(log):
        of = str(first.data["seat"])
        return of == one or not is_in_force(log, of, on) or _waits_since(log, of) + NOT_COMPARED <= on
    able = seats_with_key(log) & set(seated(log, on))
    return not founding(log) or (is_set_lost(log, on) and (not able or one in able))


#: So long a first founding key waits to be compared; then another lead may bring one, so that nobody holds up the others.
NOT_COMPARED = timedelta(days=30)


def _waits_since(log: LogView, one: str) -> date:
    """Give the day from which the first founding key is this seat's; its lead, who made another one, begins no new wait."""
    since = date.max - NOT_COMPARED
    for key in reversed(log.every(EntryKind.KEY_FOUNDED)):
        if key.data["seat"] != one or "certs" in key.data:
            break
        since = key.date
    return since


#: So long after their last day a lead with a key still counts as one who could vouch for another key.
LOST_AFTER = timedelta(days=90)


def is_set_lost(log: LogView, on: date) -> bool:
    """Say whether fewer than two seats with a key are left that can vouch: others were removed for good, or have not sat for long."""
    left = [one for one in seats_with_key(log) if not is_gone_for_good(log, one, on)]
    return sum(sits_until(log, one) + LOST_AFTER > on for one in left) < FOUNDERS


def seats_with_key(log: LogView) -> set[str]:
    """Name the seats that have a key in force."""
    two = founding(log)
    later = [one for one in log.every(EntryKind.KEY_CERTIFIED) if two and one.index > two[-1].index]
    return {str(key.data["seat"]) for key in (*two, *later)}


def key_of(log: LogView, one: str) -> Entry | None:
    """Give the key entry in force for a seat, or None if the seat has none: of a set that is founded anew, no older one counts."""
    two = founding(log)
    keys = [key for key in two if key.data["seat"] == one]
    keys += [key for key in log.about(EntryKind.KEY_CERTIFIED, one) if two and key.index > two[-1].index]
    return max(keys, key=lambda entry: entry.index) if keys else None


def founds_the_set(entry: Entry, log: LogView) -> None:
    """Let only the first two keys of a program found the set, and two others once it is lost."""
    told = log.every(EntryKind.KEY_FOUNDED)
    if founding(log) and not is_set_lost(log, entry.date):
        fail("the founding keys are complete; two leads with a key must certify this one.")
    if entry.v < COMPARED and any(one.data["seat"] == entry.data["seat"] for one in told):
        fail("this seat has a key; two other leads must certify a new one.")


def founders_signed(entry: Entry, log: LogView) -> None:
    """Let a second key found the set only where each of the two leads signed the other's key as it stands now (promise 2)."""
    first, certs = first_key(log), entry.data.get("certs")
    if certs is None:
        if entry.cites or not may_found(log, entry.data["seat"], entry.date):
            fail(
                "each of the first two leads compares the other's key in person and signs it; then the second key comes in."
            )
        return
    if first is None or entry.cites.get("key") != (first.index,) or first.data["seat"] == entry.data["seat"]:
        fail(
            "the second founding key is compared with the first one as it stands now; load the reader again."
        )
    can_act(entry, log, first.data["seat"])
    signed = {one["seat"]: one["signature"] for one in certs}
    for by, of in ((first, entry), (entry, first)):
        key = {name: of.data[name] for name in ("seat", "recipient", "sign_key")}
        statement = vouch_statement(origin=log.origin, **key)
        if not is_signed(by.data["sign_key"], statement, signed.get(by.data["seat"], "")):
            fail(
                "the signature of {seat} does not stand under this key; ask that lead to sign it.",
                seat=Named(by.data["seat"]),
            )


def founding_is_in_force(_entry: Entry, log: LogView) -> None:
    """Refuse to build on founding keys that the two leads did not compare in person (promise 2)."""
    if not founding(log) or first_key(log):
        fail(
            "the leads' keys are not founded yet; each of the first two leads compares the other's fingerprint in person, and signs it."
        )


def is_vouched_for(entry: Entry, log: LogView) -> None:
    """Let a later key in only if two other seats whose keys are on the record vouch for it."""
    new = entry.data["seat"]
    vouchers = {cert["seat"] for cert in entry.data["certs"]}
    strangers = sorted(Named(one) for one in vouchers if one == new or key_of(log, one) is None)
    if strangers:
        fail("{seats} cannot vouch for a key; ask two leads whose keys are on the record.", seats=strangers)
    if len(vouchers) < FOUNDERS:
        fail("a key needs two leads to vouch for it; ask a second lead.")
    if set(entry.seats) != vouchers:
        fail("exactly the leads who vouch sign this; ask each of them to sign.")


def is_of_a_seat_in_force(entry: Entry, log: LogView) -> None:
    """Refuse a key for a seat that cannot act: its holder would read as a lead and is none."""
    can_act(entry, log, entry.data["seat"])


def one_sits_today(entry: Entry, log: LogView) -> None:
    """Let leads whose term is over stand beside a lead of today, and not alone."""
    if not any(entry.date < sits_until(log, one) for one in entry.seats):
        fail("a lead who sits in the cohort today signs this too; ask one of them.")


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
    the steward and the lead differ on who pays, both count; `firm` leaves out what the steward alone said.
    """
    return {tie for tie, _told in _ties_told(told, start, names, firm=firm)}


def _ties_told(
    told: Collection[Entry], start: int, names: Collection[str], *, firm: bool
) -> set[tuple[str, int]]:
    """Give what `ties_since` gives, each with the entry that told it; outside and nobody are no ties."""
    found: set[tuple[str, int]] = set()
    for name, by_lead in product(names, (False, True)):
        track = [one for one in told if name in one.data and bool(one.seats) is by_lead]
        before = [one for one in track if one.index < start][-1:]
        since = [one for one in track if one.index > start]
        found |= {(str(one.data[name]), one.index) for one in (*before, *since) if is_firm(one) or not firm}
    return {(tie, index) for tie, index in found if tie not in {OUTSIDE, NOBODY}}


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
    return next((one for one, index in ties if is_beside(one, index, units, rules)), "")


def stands_beside_no_payer(entry: Entry, log: LogView) -> None:
    """Refuse a lead beside an office of a bureau that pays or employs them, or did since what this is about, where another lead could.

    That is one side. What the steward alone says of their pay keeps a lead from it only where another lead could of whom
    nobody says so; a lead who is suspended, or removed and can appeal, could: it waits for them.
    """
    units = {one.split("/")[0] for one in entry.offices}
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
    """Let a unit of the policy in force pay or employ a lead, or somebody outside, or nobody: a misspelled unit binds no check."""
    for name in TIES:
        by = entry.data.get(name)
        if by is not None and by not in {OUTSIDE, NOBODY, *units_of(log)}:
            fail(
                "{unit} is no unit of the policy in force; name one it has, or outside, or nobody.",
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
        fail("this says nothing of the seat; say who pays it, or for which unit its lead works.")
    is_own = entry.by == (entry.data["seat"],)
    if "works_for" in entry.data and not is_own:
        fail("only the lead of a seat says for whom they also work; ask them to say it on their own page.")
    if entry.seats and not is_own:
        fail("a lead says who pays their own seat, and no other; ask the lead of that seat, or the steward.")


def is_its_own_key(entry: Entry, _log: LogView) -> None:
    """Let a seat bring its own founding key, and no other seat's."""
    if entry.by != (entry.data["seat"],):
        fail("a lead brings their own key; ask the lead of this seat.")


def is_a_new_key(entry: Entry, log: LogView) -> None:
    """Refuse what is no key, and a key that stands on the record already, of a lead or of an engagement."""
    is_a_key(entry.data["recipient"])
    for one in [*log.every(EntryKind.KEY_FOUNDED), *log.every(EntryKind.KEY_CERTIFIED)]:
        if entry.data["recipient"] == one.data["recipient"] or entry.data["sign_key"] == one.data["sign_key"]:
            fail("this key is on the record already; make a new one.")


def is_a_key(recipient: str) -> None:
    """Refuse what nobody could lock anything to."""
    try:
        recipient_bytes(recipient)
    except KeyTextError:
        fail("this is not a whole key; make it again.")


def vouchers_signed(entry: Entry, log: LogView) -> None:
    """Refuse a certificate whose signature is not by the key in force of the lead who vouches, under exactly these keys."""
    key = {name: entry.data[name] for name in ("seat", "recipient", "sign_key")}
    statement = vouch_statement(origin=log.origin, **key)
    for cert in entry.data["certs"]:
        own = key_of(log, cert["seat"])
        if own is None or not is_signed(own.data["sign_key"], statement, cert["signature"]):
            fail(
                "the signature of {seat} does not stand under this key; ask that lead to sign it.",
                seat=Named(cert["seat"]),
            )
    if len(entry.data["certs"]) != len({cert["seat"] for cert in entry.data["certs"]}):
        fail("a lead vouches twice; once is enough.")


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
#: So soon somebody sits in an empty seat that they fill.
FILLS_WITHIN = timedelta(days=30)


def term_is_within_reason(entry: Entry, log: LogView) -> None:
    """Refuse a term so long that whoever sits in it would sit for good, so short that it is made for one act, or long begun."""
    first, last = (date.fromisoformat(entry.data[name]) for name in ("from", "until"))
    if last - first > TERM:
        fail("the term of a cohort is five years at most; end it sooner, and seat a next one.")
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
    cohort = log.get(entry.cites["cohort"][0])
    if cohort is None or cohort.data["cohort"] != entry.data["cohort"]:
        malformed("the seat is in another cohort than the one it cites; cite its own.")
    first, over = cohort.data["from"], cohort.data["until"]
    last = (date.fromisoformat(over) + SEAT_AFTER).isoformat()
    begins = max(entry.data["from"], entry.date.isoformat())
    if entry.data["from"] < first or begins > over or not over <= entry.data["until"] <= last:
        fail(
            "a seat begins within the term of its cohort, lasts to its end, and ends within a year after it; name such days."
        )


def cohort_is_new(entry: Entry, log: LogView) -> None:
    """Refuse to seat a cohort twice."""
    if log.about(EntryKind.COHORT_SEATED, entry.data["cohort"]):
        fail("this cohort is on the record already; give the next one another name.")


def cohort_ends_once(entry: Entry, log: LogView) -> None:
    """Refuse to end a cohort twice."""
    if log.about(EntryKind.COHORT_ENDED, entry.data["cohort"]):
        fail("this cohort has ended already; nothing more is needed.")


def cohort_ends_after_its_term(entry: Entry, log: LogView) -> None:
    """Refuse to say that a cohort has ended while its term runs."""
    seated = log.get(entry.cites["cohort"][0])
    if seated is None or seated.data["cohort"] != entry.data["cohort"]:
        malformed("the entry names another cohort than the one it cites; cite its own.")
    if entry.date.isoformat() <= seated.data["until"]:
        fail(
            "the term of this cohort runs until {last}; say that it ended on a later day.",
            last=date.fromisoformat(seated.data["until"]),
        )


def seat_is_new(entry: Entry, log: LogView) -> None:
    """Refuse a seat id that is taken."""
    if log.about(EntryKind.SEAT_TAKEN, entry.data["seat"]):
        fail("this seat is on the record already; try again, and it gets a new number.")


def is_removed(log: LogView, one: str, on: date) -> bool:
    """Say whether a seat is removed on a day, and no appeal gave it back: by its decision, or because none came in time."""
    if not (removals := log.about(EntryKind.SEAT_REMOVED, one)):
        return False
    appeals = log.citing(removals[-1].index, EntryKind.REMOVAL_APPEALED)
    if not appeals:
        return True
    decided = log.citing(appeals[-1].index, EntryKind.REMOVAL_DECIDED)
    if decided:
        return bool(decided[-1].data["decision"] == Ruling.STANDS)
    return not is_past_its_decision(appeals[-1], on)


def final_on(removal: Entry, log: LogView) -> date | None:
    """Give the first day on which a removal stands for good; None while an appeal waits, and where one gave the seat back."""
    if not (appeals := log.citing(removal.index, EntryKind.REMOVAL_APPEALED)):
        return date.fromisoformat(removal.data["appeal_by"]) + timedelta(days=1)
    decided = log.citing(appeals[-1].index, EntryKind.REMOVAL_DECIDED)
    return decided[-1].date if decided and decided[-1].data["decision"] == Ruling.STANDS else None


def is_gone_for_good(log: LogView, one: str, on: date) -> bool:
    """Say whether a seat is removed on a day, and no appeal can give it back any more."""
    if not is_removed(log, one, on):
        return False
    final = final_on(log.about(EntryKind.SEAT_REMOVED, one)[-1], log)
    return final is not None and on >= final


def is_past_its_decision(appeal: Entry, on: date) -> bool:
    """Say whether the days in which an appeal can be decided are over; before version 2 it could wait for ever."""
    return appeal.v >= ENDS_ITSELF and on > appeal.date + APPEAL_DECIDED


def sits_from(log: LogView, one: str) -> date:
    """Give the first day of a seat's term."""
    return date.fromisoformat(log.about(EntryKind.SEAT_TAKEN, one)[-1].data["from"])


def left_on(told: Entry) -> date:
    """Give the first day on which a seat is empty that its lead left."""
    return date.fromisoformat(told.data.get("on", told.date.isoformat()))


def is_left(log: LogView, one: str, on: date) -> bool:
    """Say whether a seat was left by a day: until the day that the notice names, its lead sits."""
    return any(left_on(told) <= on for told in log.about(EntryKind.SEAT_LEFT, one))


def day_after(last: str) -> date:
    """Give the day after the last one of a term; grammar 1 let terms end with the calendar."""
    return min(date.fromisoformat(last), date.max - timedelta(days=1)) + timedelta(days=1)


def sits_until(log: LogView, one: str) -> date:
    """Give the first day on which a seat is over: the day after its term, or the day on which it was left."""
    return min(
        [
            day_after(log.about(EntryKind.SEAT_TAKEN, one)[-1].data["until"]),
            *(left_on(told) for told in log.about(EntryKind.SEAT_LEFT, one)),
        ]
    )


def is_suspended(log: LogView, one: str, on: date) -> bool:
    """Say whether a seat is suspended on a day: not restored since, nor for longer than a suspension lasts."""
    if not (stopped := log.about(EntryKind.SEAT_SUSPENDED, one)):
        return False
    if stopped[-1].v >= ENDS_ITSELF and on >= stopped[-1].date + SUSPENDED:
        return False
    restored = log.about(EntryKind.SEAT_RESTORED, one)
    return not restored or restored[-1].index < stopped[-1].index


#: How long a suspension lasts; it ends by itself. When the next one can come; how long an appeal waits for its decision.
SUSPENDED, AGAIN, APPEAL_DECIDED = timedelta(days=30), timedelta(days=365), timedelta(days=30)
#: From this version on suspensions end by themselves, and a removal falls whose appeal nobody decides.
ENDS_ITSELF = 2


def is_in_force(log: LogView, one: str, on: date) -> bool:
    """Say whether a seat is in force on a day."""
    sits = sits_from(log, one) <= on < sits_until(log, one)
    return sits and not is_removed(log, one, on) and not is_suspended(log, one, on)


#: How long a seat that its own lead did not leave still counts: nobody makes a majority by emptying seats.
STILL_COUNTS = timedelta(days=30)


def seated(log: LogView, on: date) -> list[str]:
    """List the seats that count where a majority of the leads is needed.

    Those whose term it is on this day, the suspended ones too; one that the steward says was left for thirty days more,
    and one that was removed until its appeal is over: or the City could make a majority by emptying seats.
    """
    taken = {str(one.data["seat"]) for one in log.every(EntryKind.SEAT_TAKEN)}
    return sorted(one for one in taken if _counts(log, one, on))


#: So long a new seat waits beside older ones before it has a lead's weight.
WAITS = timedelta(days=30)
#: So long after each other the seats of a cohort are taken together, and none of them waits beside the others.
TOGETHER = timedelta(days=7)


def waits_until(log: LogView, one: str, on: date) -> date | None:
    """Give the day from which a seat has a lead's weight, where it has none on a day; None where it has.

    It has at once where nobody sits who was there before it, else when it is on the record for 30 days. Nobody makes a
    majority, or somebody who agrees, by filling seats: until then the leads who were there act, and see who came.
    """
    first, elders = _beside(log, one, on)
    return first if in_term(log, on, elders) else None


def _beside(log: LogView, one: str, on: date) -> tuple[date, list[str]]:
    """Give when a seat is on the record for 30 days, and until then the older ones beside which it is new."""
    taken = log.about(EntryKind.SEAT_TAKEN, one)[-1]
    first = taken.date + WAITS
    return first, [each for each in _elders(log, taken) if _counts(log, each, on)] if on < first else []


def would_wait_until(log: LogView, first: date, on: date) -> date:
    """Give the day from which seats that are taken on a day, and begin on `first`, would have a lead's weight."""
    over = max((sits_until(log, one) for one in seated(log, on)), default=on)
    return max(first, min(on + WAITS, over))


def signs_rules_from(log: LogView, one: str, on: date) -> date | None:
    """Give the day from which a seat signs milder rules, where it does not on a day; None where it does.

    Where nobody older sits, nobody sees who came: so it is on the record for 30 days too, except with those the program began with.
    """
    taken, began = log.about(EntryKind.SEAT_TAKEN, one)[-1], log.every(EntryKind.SEAT_TAKEN)[0]
    first = taken.date + WAITS
    is_new = on < first and taken.date > began.date + TOGETHER
    return waits_until(log, one, on) or (first if is_new else None)


def _elders(log: LogView, taken: Entry) -> list[str]:
    """List the seats that a new one waits beside: those of another cohort, and of its own those that were there for over a week."""
    return [
        str(one.data["seat"])
        for one in log.every(EntryKind.SEAT_TAKEN)
        if one.index < taken.index
        and (one.data["cohort"] != taken.data["cohort"] or one.date + TOGETHER < taken.date)
    ]


def standing(log: LogView, on: date) -> list[str]:
    """List the seats that count where a majority of the leads is needed, and that have a lead's weight."""
    return [one for one in seated(log, on) if waits_until(log, one, on) is None]


def in_term(log: LogView, on: date, seats: Iterable[str]) -> dict[str, list[str]]:
    """Give these seats by cohort, without those that outlast the term of their cohort: they check, and make no rules."""
    found: dict[str, list[str]] = {}
    for one in seats:
        cohort = str(log.about(EntryKind.SEAT_TAKEN, one)[-1].data["cohort"])
        told = log.about(EntryKind.COHORT_SEATED, cohort)
        if not told or on.isoformat() <= told[-1].data["until"]:
            found.setdefault(cohort, []).append(one)
    return found


def majority_lacks(log: LogView, on: date, agreed: Collection[str]) -> dict[str, int]:
    """Give, by cohort, how many more seats agree until more than half of each cohort does; nothing where they do.

    More than half of all, for new ones shall see what others make of the rules before they can sign; and of those that have a
    lead's weight, so that seats which are filled make no majority.
    """
    lacks: dict[str, int] = {}
    for counted in (seated(log, on), standing(log, on)):
        for cohort, seats in in_term(log, on, counted).items():
            lacking = len(seats) // 2 + 1 - sum(one in agreed for one in seats)
            lacks[cohort] = max(lacking, lacks.get(cohort, 0))
    return {cohort: count for cohort, count in lacks.items() if count > 0}


def leads_have_standing(entry: Entry, log: LogView) -> None:
    """Refuse a lead whose seat is new beside older ones, where what is signed needs a lead's weight."""
    refuse_new_seats(log, entry.seats, entry.date)


def was_held_briefly(log: LogView, one: str, on: date) -> bool:
    """Say whether a seat is over on a day and was held for less time than makes a former lead.

    Those with whom the program began may have sat before its record.
    """
    taken, began = log.about(EntryKind.SEAT_TAKEN, one)[-1], log.every(EntryKind.SEAT_TAKEN)[0]
    first, over = sits_from(log, one), sits_until(log, one)
    begun = first if taken.date <= began.date + TOGETHER else max(first, taken.date)
    return over <= on and over - begun < WAITS


def former_leads_sat(entry: Entry, log: LogView) -> None:
    """Refuse whoever held a seat that is over for fewer than thirty days: a seat of a day makes nobody a lead (promise 5)."""
    for one in entry.seats:
        if was_held_briefly(log, one, entry.date):
            fail(
                "{seat} was held for fewer than {days} days; ask somebody who sat for longer.",
                seat=Named(one),
                days=WAITS.days,
            )


def one_sat_before(entry: Entry, log: LogView, cohort: str = "") -> None:
    """Refuse leads all of whose seats are new beside older ones, while one of those can act: of one cohort, where it is named."""
    first = [waits_until(log, one, entry.date) for one in entry.seats]
    if not first or first[0] is None or None in first:
        return
    for one in standing(log, entry.date):
        is_of_it = not cohort or log.about(EntryKind.SEAT_TAKEN, one)[-1].data["cohort"] == cohort
        if is_of_it and is_in_force(log, one, entry.date):
            fail_too_new(entry.seats[0], first[0])


def one_sat_before_any_change_of_cohorts(entry: Entry, log: LogView) -> None:
    """Refuse leads all of whose seats are new beside older ones, also where those sit on past the term of their cohort (promises 3, 5)."""
    beside = [_beside(log, one, entry.date) for one in entry.seats]
    if beside and all(elders for _first, elders in beside):
        fail_too_new(entry.seats[0], beside[0][0])


#: What a lead whose seat is new signs alone beside older ones, for it harms nobody: what is their own, what they ask, and
#: what another lead mends. Of what they ask, a follow-up is not open to them: each question has one. What is bound to one cohort is left to that one (v1.charter); so is an appeal to whom it goes.
OPEN_TO_NEW = frozenset(
    {
        EntryKind.SEAT_DECLARED,
        EntryKind.SEAT_LEFT,
        EntryKind.ROLE_CHANGED,
        EntryKind.REMOVAL_APPEALED,
        EntryKind.REMOVAL_DECIDED,
        EntryKind.CHARTER_SIGNED,
        EntryKind.MEETING_PLANNED,
        EntryKind.MEETING_CHANGED,
        EntryKind.MEETING_HELD,
        EntryKind.MEETING_DISSENTED,
        EntryKind.PROJECT_JOINED,
        EntryKind.PROJECT_LEFT,
        EntryKind.HARM_NAMED,
        EntryKind.CONTEST_JOINED,
        EntryKind.ASK_QUESTIONED,
        EntryKind.ASK_LISTED,
        EntryKind.WORKPLAN_PROPOSED,
        EntryKind.TEXT_TRANSLATED,
    }
)


def one_of_them_sat_before(entry: Entry, log: LogView) -> None:
    """Refuse what speaks for the community, or takes something of it, by leads alone whose seats are new beside older ones."""
    if entry.kind not in OPEN_TO_NEW or "follows" in entry.cites:
        one_sat_before(entry, log)


def refuse_new_seats(log: LogView, seats: Iterable[str], on: date) -> None:
    """Refuse seats that have no lead's weight on a day."""
    for one in seats:
        if first := waits_until(log, one, on):
            fail_too_new(one, first)


def fail_too_new(one: str, first: date) -> NoReturn:
    """Refuse a seat that does not sign something before a day."""
    fail(
        "{seat} signs this from {first} on; ask a lead who has sat for longer.", seat=Named(one), first=first
    )


def _counts(log: LogView, one: str, on: date) -> bool:
    until = date.fromisoformat(log.about(EntryKind.SEAT_TAKEN, one)[-1].data["until"])
    if not sits_from(log, one) <= on <= until:
        return False
    for told in log.about(EntryKind.SEAT_LEFT, one):
        counts_until = left_on(told) if one in told.by else max(told.date, left_on(told)) + STILL_COUNTS
        if on >= counts_until:
            return False
    return not is_gone_for_good(log, one, on)


def can_act(entry: Entry, log: LogView, one: str, *, after_term: bool = False) -> None:
    """Refuse a seat that is not in force on the day of an entry; `after_term` lets in who served the term."""
    if is_removed(log, one, entry.date):
        fail("{seat} was removed; ask a lead who sits in the cohort today.", seat=Named(one))
    if is_suspended(log, one, entry.date):
        fail("{seat} is suspended; ask another lead, or the steward to restore the seat.", seat=Named(one))
    first, over = sits_from(log, one), sits_until(log, one)
    if entry.date < first:
        fail("the term of {seat} begins on {first}; ask a lead who sits today.", seat=Named(one), first=first)
    if entry.date >= over and not after_term:
        fail("{seat} is over; ask a lead who sits in the cohort today.", seat=Named(one))


def seat_is_not_over(entry: Entry, log: LogView) -> None:
    """Refuse to end a seat twice, or to act in one that is over: removed, or left by the day that its lead named."""
    one = entry.data["seat"]
    is_told = entry.kind == EntryKind.SEAT_LEFT and log.about(EntryKind.SEAT_LEFT, one)
    if is_told or is_left(log, one, entry.date) or is_removed(log, one, entry.date):
        fail("this seat is over already; there is nothing more to end or change in it.")


def is_not_past_its_term(entry: Entry, log: LogView) -> None:
    """Refuse to stop a former lead: nobody is kept from checking what was promised to them (promise 5)."""
    if entry.date >= sits_until(log, entry.data["seat"]):
        fail("the term of this seat is over; nothing more is needed.")


def replaces_no_key_without_a_lead_of_today(entry: Entry, log: LogView) -> None:
    """Refuse another key for a lead who has one, by former leads alone (promise 2)."""
    if key_of(log, entry.data["seat"]) is not None:
        one_sits_today(entry, log)


def leaves_their_own(entry: Entry, _log: LogView) -> None:
    """Let a lead leave their own seat, and nobody else's: whoever the steward ends it for is removed, and can appeal."""
    if entry.by != (entry.data["seat"],):
        fail("only the lead leaves their own seat; the steward removes it, so that the lead can appeal.")


def is_left_within_its_term(entry: Entry, log: LogView) -> None:
    """Refuse a day of leaving that is no day of the seat's term: it would unmake what was done in the seat."""
    taken = log.about(EntryKind.SEAT_TAKEN, entry.data["seat"])
    on = entry.data.get("on", entry.date.isoformat())
    if taken and not taken[-1].data["from"] <= on <= taken[-1].data["until"]:
        fail("the day lies outside the term of this seat; name a day within it.")
    if on < entry.date.isoformat():
        fail("a seat is left from the day on which its lead says so, or a later one; name such a day.")


def fills_an_open_vacancy(entry: Entry, log: LogView) -> None:
    """Let one person step into a vacancy of their own cohort, one into each seat; a removal first, when its appeal is over."""
    for index in entry.cites.get("vacancy", ()):
        vacancy = log.get(index)
        if vacancy is None:
            return
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
    cohort = log.get(entry.cites["cohort"][0])
    if "vacancy" not in entry.cites or cohort is None:
        return
    latest = min((entry.date + FILLS_WITHIN).isoformat(), cohort.data["until"])
    if entry.data["from"] > latest or entry.data["until"] < cohort.data["until"]:
        fail(
            "who fills an empty seat begins within 30 days and lasts to the end of the term; name such days."
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
            fail("an appeal is possible until {last}; fill the seat after that day.", last=last)
        return
    decided = log.citing(appeals[-1].index, EntryKind.REMOVAL_DECIDED)
    if not decided and not is_past_its_decision(appeals[-1], entry.date):
        fail("an appeal waits for its decision; fill the seat when it is decided.")
    if not decided or decided[-1].data["decision"] == "lifted":
        fail("the removal was lifted and the seat given back; choose a seat that is empty.")


def seat_is_known(entry: Entry, log: LogView) -> None:
    """Refuse to speak of a seat that nobody took."""
    if not log.about(EntryKind.SEAT_TAKEN, entry.data["seat"]):
        fail("this seat is not on the record; enter who took it first.")


def founders(entry: Entry, log: LogView) -> set[str]:
    """Give the other seats that bring founding keys: two people found the set, not one in two seats."""
    return {
        one
        for told in log.every(EntryKind.KEY_FOUNDED)
        for one in told.seats
        if is_in_force(log, one, entry.date)
    }


def whose_key(entry: Entry, _log: LogView) -> set[str]:
    """Give the seat that others vouch for: nobody vouches for themselves."""
    return {entry.data["seat"]}


CERT = fields({"seat": seat, "signature": words(200)})
KEY = {"seat": seat, "recipient": words(80), "sign_key": hex64}

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
        heading=_("A seat was taken"),
        sentence=_("Someone sits in the cohort. The record tells no name."),
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
        name=EntryKind.SEAT_DECLARED,
        heading=_("Who pays or employs a lead"),
        sentence=_("Who pays a seat, or for which bureau its lead works beside it, was told anew."),
        says="Who pays a seat from now on, as the steward or its lead says, or for which unit its lead works beside it, as the lead says: a unit, outside or nobody. What each said of who pays stands beside what the other said.",
        pen="program",
        by=("steward", "seat"),
        data={"seat": seat},
        may={"paid_by": slug, "works_for": slug},
        subject="seat",
        seats=ANY,
        rules=(seat_is_known, declares_something_own, names_units_of_the_policy),
        first=2,
    ),
    Kind(
        name=EntryKind.SEAT_LEFT,
        heading=_("A seat is empty"),
        sentence=_("A lead left their seat."),
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
    ),
    Kind(
        name=EntryKind.KEY_FOUNDED,
        heading=_("A first key of the leads"),
        sentence=_("A lead brought one of the two first keys of the leads."),
        says="One of the two keys that found the leads' set. The second holds what each of the two leads signed, after comparing the other's key in person.",
        pen="community",
        by=("seat",),
        data=KEY,
        may={"certs": list_of(CERT, 2, 2)},
        cites={"key": Cites((EntryKind.KEY_FOUNDED,), 0, 1)},
        subject="seat",
        rules=(
            seat_is_known,
            founds_the_set,
            since(2, leads_have_standing),
            since(2, is_its_own_key),
            since(2, is_a_new_key),
            since(2, founders_signed),
        ),
        beside=founders,
        since={"data.certs": 2, "cites.key": 2},
    ),
    Kind(
        name=EntryKind.KEY_CERTIFIED,
        heading=_("Two leads vouched for a key"),
        sentence=_("Two leads say that this is the key of this seat."),
        says="Two leads vouch that this key is the key of this seat. Readers lock only to such keys.",
        pen="community",
        by=("seat",),
        data={**KEY, "certs": list_of(CERT, 2, 10)},
        subject="seat",
        rules=(
            seat_is_known,
            since(2, founding_is_in_force),
            since(2, leads_have_standing),
            is_vouched_for,
            since(2, replaces_no_key_without_a_lead_of_today),
            since(2, is_of_a_seat_in_force),
            since(2, is_a_new_key),
            since(2, vouchers_signed),
        ),
        beside=whose_key,
        seats=SERVED,
    ),
)
