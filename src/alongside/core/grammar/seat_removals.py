"""Removals of seats and their appeals: who hears one, by when, and who decides."""

from collections.abc import Iterable
from datetime import date, timedelta

from alongside.core.entries import SEAT, Entry, LogView, unit_of
from alongside.core.grammar.bureaus import answers_for
from alongside.core.grammar.program import body_of, clocks_told, policy
from alongside.core.grammar.seats import (
    AGAIN,
    ENDS_ITSELF,
    is_not_past_its_term,
    is_past_its_decision,
    is_removed,
    refuse_new_seats,
    seat_is_known,
    seat_is_not_over,
    seated,
    sits_until,
    standing,
)
from alongside.core.grammar.shape import (
    ANY,
    Cites,
    Kind,
    cited,
    day,
    either,
    fail,
    office,
    one_of,
    seat,
    since,
)
from alongside.core.grammar.suspensions import suspended_until
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Named
from alongside.core.words import gettext_noop as _
from alongside.core.workflow.seat_removals import Ruling

#: From this version on a charter says who hears appeals once the leads have signed it.
NEEDS_LEADS = 2
#: The ground of a removal of which the steward says that the lead asked for it, and the lead has not said so.
ASKED = "asked"
#: Why a seat was removed, in the few words the public hears; the reasons themselves are private.
REMOVED = ("absent", ASKED, "charter-broken", "conflict-of-interest", "harm", "no-longer-eligible")


def names_the_charter_in_force(entry: Entry, log: LogView) -> None:
    """Let the charter, where there is one, say who decides an appeal and by when it can be made."""
    taken = log.about(EntryKind.SEAT_TAKEN, entry.data["seat"])
    cohort = taken[-1].data["cohort"] if taken else ""
    is_old = entry.v < NEEDS_LEADS
    charters = log.about(EntryKind.CHARTER_ADOPTED, cohort)[-1:]
    charter = next(iter(charters), None) if is_old else charter_of_leads(log, cohort, entry.date)
    named = charter.data["appeals_to"] if charter else ""
    hears = named if is_old else hears_appeal(log, entry.data["seat"], entry.date)
    if hears and hears != entry.data["appeal_to"]:
        if hears != named:
            fail(
                "whom the group agreement names cannot hear this; {who} does. Name the same.",
                who=Named(hears),
            )
        fail("the group agreement names {who} for appeals; name the same.", who=Named(hears))
    if entry.data["appeal_to"] in {*entry.by, entry.data["seat"]}:
        fail("whoever removes, or is removed, cannot decide the appeal; name someone else.")
    if entry.data["appeal_by"] <= entry.date.isoformat():
        fail("a removal leaves days to appeal; name a later day.")


def hears_appeal(log: LogView, removed: str, on: date) -> str:
    """Name who hears the appeal of a seat that is removed on a day, where the charter of its leads says so; nothing where none does.

    Where it names that seat, one that is removed or over, or an office that is gone, another stands in: an office that
    signs for the unit that answers, else the community body, else the office above, which changes only with the leads.
    """
    charter = charter_of_leads(log, log.about(EntryKind.SEAT_TAKEN, removed)[-1].data["cohort"], on)
    if charter is None:
        return ""
    named, rules = str(charter.data["appeals_to"]), policy(log).data
    is_seat = bool(SEAT.match(named))
    if _sits_yet(log, named, on) and named != removed if is_seat else named in rules["offices"]:
        return named
    above, signing = rules.get("escalate_to"), list(rules.get("signing", rules["offices"]))
    signing.sort(key=lambda one: one != above)
    answer = [] if is_seat else [one for one in signing if unit_of(one) == answers_for(unit_of(named), log)]
    return str(next(one for one in (*answer, body_of(log), above, *signing) if one))


def _sits_yet(log: LogView, one: str, on: date) -> bool:
    """Say whether a seat is neither removed nor over. A suspended one can decide in time: that ends by itself."""
    return not is_removed(log, one, on) and on < sits_until(log, one)


#: For so long a charter waits for whoever is seated soon after; then it stands until most leads sign another one.
SETTLES = timedelta(days=30)
#: So many leads at least bind those who are seated later.
BINDERS = 2


def charter_of_leads(log: LogView, cohort: str, on: date) -> Entry | None:
    """Give the last charter of a cohort that more than half of its leads signed; None where there is none.

    That is more than half of those who are seated on the day, or who were seated 30 days after a signature: from then on
    nobody unmakes it by filling seats, and until then the first leads do not decide for those who are seated next.
    """
    own = {seat for seat in seated(log, on) if _is_of(log, seat, cohort)}
    seats = own & set(standing(log, on)) or own
    for charter in reversed(log.about(EntryKind.CHARTER_ADOPTED, cohort)):
        told = [one for one in log.citing(charter.index, EntryKind.CHARTER_SIGNED) if one.seats]
        signed = {seat for one in told for seat in one.seats}
        if 2 * len(signed & seats) > len(seats) or any(
            _is_settled(log, cohort, told, one.date + SETTLES) for one in told if one.date + SETTLES <= on
        ):
            return charter
    return None


def _is_settled(log: LogView, cohort: str, told: Iterable[Entry], on: date) -> bool:
    """Say whether more than half of who was seated in a cohort on a day, and on the record by then, had signed."""
    own = {
        seat
        for seat in seated(log, on)
        if _is_of(log, seat, cohort) and log.about(EntryKind.SEAT_TAKEN, seat)[-1].date <= on
    }
    signed = own & {seat for one in told if one.date <= on for seat in one.seats}
    return len(signed) >= BINDERS and 2 * len(signed) > len(own)


def _is_of(log: LogView, seat: str, cohort: str) -> bool:
    return bool(log.about(EntryKind.SEAT_TAKEN, seat)[-1].data["cohort"] == cohort)


def is_not_removed_again(entry: Entry, log: LogView) -> None:
    """Refuse to remove a seat again within a year after a removal that fell: a lead could be kept out so for good."""
    before = log.about(entry.kind, entry.data["seat"])
    if before and entry.date < before[-1].date + AGAIN:
        fail("this place was removed within the last year, and that fell; a suspension ends by itself.")


def someone_decides_the_appeal(entry: Entry, log: LogView) -> None:
    """Refuse a removal whose appeal nobody could decide: an office or the community body of the policy, or a seat on the record, does."""
    to = entry.data["appeal_to"]
    known = (
        log.about(EntryKind.SEAT_TAKEN, to)
        if SEAT.match(to)
        else to in (*policy(log).data["offices"], body_of(log))
    )
    if not known:
        fail("nobody could decide the appeal; name an office of the policy or a place.")


def is_heard_by_no_new_seat(entry: Entry, log: LogView) -> None:
    """Refuse a seat that is new beside older ones as the one that hears the appeal, unless the charter of the leads names it."""
    to = entry.data["appeal_to"]
    if SEAT.match(to) and hears_appeal(log, entry.data["seat"], entry.date) != to:
        refuse_new_seats(log, [to], entry.date)


def is_in_time_and_own(entry: Entry, log: LogView) -> None:
    """Let the removed lead alone appeal, once, until the day the removal names."""
    removal = cited(entry, "removal", log)
    if entry.by != (removal.data["seat"],):
        fail("only the lead whose place was removed can appeal; ask that lead.")
    if entry.date.isoformat() > removal.data["appeal_by"]:
        fail(
            "the last day to appeal was {last}; ask the program coordinator what is still possible.",
            last=date.fromisoformat(removal.data["appeal_by"]),
        )
    if log.citing(removal.index, EntryKind.REMOVAL_APPEALED):
        fail(
            "this removal was appealed; one appeal is decided once. Wait for its decision, or read it on the public log."
        )


def decided_by_someone_else(entry: Entry, log: LogView) -> None:
    """Let only whom the removal names decide its appeal, once, and never whoever removed."""
    appeal = cited(entry, "appeal", log)
    removal = cited(appeal, "removal", log)
    is_late = entry.by == ("clock",) and entry.data["decision"] == "lifted"
    if not is_late and (entry.by != (removal.data["appeal_to"],) or set(entry.by) & set(removal.by)):
        fail("{who} decides this appeal, and nobody else; ask there.", who=Named(removal.data["appeal_to"]))
    if log.citing(appeal.index, EntryKind.REMOVAL_DECIDED):
        fail("this appeal is decided; read the decision on the public log.")
    if entry.v >= ENDS_ITSELF and is_past_its_decision(appeal, entry.date) is not ("clock" in entry.by):
        if "clock" in entry.by:
            fail("the appeal can still be decided; wait for its last day.")
        fail("the days to decide this appeal are over, and the removal has fallen; nothing more is needed.")


#: So many days to appeal the steward can give beyond those of the rules.
MORE_DAYS = 30


def leaves_no_days_beyond_the_rules(entry: Entry, log: LogView) -> None:
    """Refuse days of appeal that keep a seat empty, and what it could open unread, long beyond those that the policy gives."""
    days = clocks_told(policy(log).data).get("appeal_days", 1) + MORE_DAYS
    last = appeals_from(log, entry.data["seat"], entry.date) + timedelta(days=days)
    if entry.data["appeal_by"] > last.isoformat():
        fail("an appeal is made by {last} at the latest; name that day or a sooner one.", last=last)


def appeals_from(log: LogView, one: str, on: date) -> date:
    """Give the day after which the days to appeal a removal count: the last one of a suspension, where the seat is suspended."""
    until = suspended_until(log, one, on)
    return max(on, until - timedelta(days=1)) if until else on


def leaves_the_days_of_the_rules(entry: Entry, log: LogView) -> None:
    """Refuse fewer days to appeal than the policy in force gives; days on which the seat is suspended do not count."""
    days = clocks_told(policy(log).data).get("appeal_days", 1)
    first = appeals_from(log, entry.data["seat"], entry.date) + timedelta(days=days)
    if entry.data["appeal_by"] < first.isoformat():
        fail("the rules give {days} days to appeal; name {first} or a later day.", days=days, first=first)


KINDS = (
    Kind(
        name=EntryKind.SEAT_REMOVED,
        heading=_("A place was removed"),
        sentence=_("A place was removed. The lead can appeal."),
        called={ASKED: _("A lead is said to have asked to leave")},
        on_ground={
            ASKED: _(
                "The program coordinator says that a lead asked to leave. If that is not so, the lead can object."
            )
        },
        says="A seat was removed, on a ground from a short list (that its lead asked for it, the lead can deny); who decides an appeal, and the last day to make one.",
        pen="program",
        by=("steward",),
        data={
            "seat": seat,
            "ground": one_of(*REMOVED),
            "appeal_to": either(office, seat),
            "appeal_by": day,
        },
        subject="seat",
        rules=(
            seat_is_known,
            seat_is_not_over,
            since(2, is_not_past_its_term),
            names_the_charter_in_force,
            since(2, someone_decides_the_appeal),
            since(2, is_heard_by_no_new_seat),
            since(2, leaves_no_days_beyond_the_rules),
            since(2, leaves_the_days_of_the_rules),
            since(2, is_not_removed_again),
        ),
    ),
    Kind(
        name=EntryKind.REMOVAL_APPEALED,
        heading=_("A removal is appealed"),
        sentence=_("The lead whose place was removed appeals. Why is not on the public log."),
        says="The lead whose place was removed appeals. Why is not on the public log.",
        pen="community",
        by=("seat",),
        cites={"removal": Cites((EntryKind.SEAT_REMOVED,))},
        rules=(is_in_time_and_own,),
        seats=ANY,
        unsigned="free",
    ),
    Kind(
        name=EntryKind.REMOVAL_DECIDED,
        heading=_("An appeal was decided"),
        sentence=_("The appeal of a removal is decided."),
        says="The appeal is decided by whom the removal names, an office, a seat or the community body, as the charter says or who stands in: the removal stands, or is lifted. Where nobody decides within thirty days, the removal falls, and the clock writes it.",
        pen="program",
        by=("office", "seat", "clock", "body"),
        data={"decision": one_of(*Ruling)},
        cites={"appeal": Cites((EntryKind.REMOVAL_APPEALED,))},
        rules=(decided_by_someone_else,),
        since={"by.clock": 2, "by.body": 2},
        unsigned="faults",
    ),
)
