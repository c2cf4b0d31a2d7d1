"""How people were chosen, as the record sees it: rules before the draw, the draw, its witnesses; never an applicant."""

from datetime import date, timedelta

from alongside.core import quotas
from alongside.core.entries import Entry, LogView
from alongside.core.grammar.calls import CALL, closing_day, deciding_day, places
from alongside.core.grammar.program import tells_ranges
from alongside.core.grammar.quotas import (
    ADVISED_ON,
    BALANCED,
    list_comes_with_quotas,
    picks_from_its_list,
    quotas_can_be_met,
)
from alongside.core.grammar.shape import (
    Cites,
    Kind,
    band,
    cited,
    day,
    fail,
    fields,
    flag,
    hex64,
    list_of,
    malformed,
    number,
    once_for,
    one_of,
    seed,
    since,
    slug,
    words,
)
from alongside.core.kinds import EntryKind
from alongside.core.lottery import METHOD, TICKET
from alongside.core.words import gettext_noop as _

#: So many witnesses must agree; more are named where one of the first is silent or came to another result for so long.
WITNESSES, MOST_WITNESSES = 2, 9
ANOTHER_AFTER = timedelta(days=14)
#: So long after the day of the answers, or after today where that has passed, a seed comes out at the latest.
SEED_WITHIN = timedelta(days=14)


def ticket(where: str, value: object) -> None:
    """Accept a ticket: 32 hexadecimal digits that were drawn at random and stand for nobody else."""
    if not isinstance(value, str) or not TICKET.match(value):
        malformed(f"{where} must be a ticket of 32 hexadecimal digits.")


def call_has_closed(entry: Entry, log: LogView) -> None:
    """Refuse to choose while people can still apply."""
    if entry.date.isoformat() <= closing_day(entry.cites["call"][0], log):
        fail("people can still apply; choose after the call has closed.")


def seed_is_yet_to_come(entry: Entry, _log: LogView) -> None:
    """Refuse a seed that may be known already."""
    if entry.data["seed_day"] <= entry.date.isoformat():
        fail("the seed may be known already; name a day that is still to come.")


def seed_comes_soon(entry: Entry, log: LogView) -> None:
    """Refuse a seed that keeps people waiting long after the day by which everyone was to have an answer."""
    decides = date.fromisoformat(deciding_day(entry.cites["call"][0], log))
    last = max(decides, entry.date) + SEED_WITHIN
    if entry.data["seed_day"] > last.isoformat():
        fail("people wait for the draw; name a day of the seed that is {day} at the latest.", day=last)


is_announced_once = once_for(
    "the lottery of this call is announced; its pool and its rules stand. Draw it on its day.",
    "call",
    "Refuse a second lottery of one call: its pool and rules stand.",
)


def draws_for_every_place(entry: Entry, log: LogView) -> None:
    """Refuse a lottery for other places than the call has: only where there are too few people it draws fewer alternates."""
    call = cited(entry, "call", log)
    given, wanted = entry.data, places(call, log)
    in_all, tickets = given["seats"] + given["alternates"], given["tickets"]
    are_all = tickets == "fewer" or tickets["low"] <= in_all <= tickets["high"]
    lacks = given["alternates"] < wanted["alternates"] and not are_all
    if given["seats"] != wanted["seats"] or given["alternates"] > wanted["alternates"] or lacks:
        fail(
            "the call has {seats} places and {alternates} alternates; draw for as many, or for as many alternates as people are left.",
            seats=wanted["seats"],
            alternates=wanted["alternates"],
        )


def last_draw(announced: int, log: LogView) -> Entry | None:
    """Give the draw of a lottery that counts: the last one."""
    return next(iter(log.citing(announced, EntryKind.LOTTERY_DRAWN)[-1:]), None)


def is_doubted(draw: int, log: LogView) -> bool:
    """Say whether a witness came to another result, not to the same one since, and no two others agree."""
    said = {one.data["witness"]: one.data["agrees"] for one in log.citing(draw, EntryKind.LOTTERY_ATTESTED)}
    return not all(said.values()) and sum(said.values()) < WITNESSES


def follows_its_rules(entry: Entry, log: LogView) -> None:
    """Refuse a draw before its seed, a second one that no witness asked for, and one with other numbers than were announced."""
    announced = cited(entry, "lottery", log)
    if (last := last_draw(announced.index, log)) and not is_doubted(last.index, log):
        fail("this lottery was drawn; its result stands. Read it on the public log.")
    if last and last.data["seed"] == entry.data["seed"]:
        fail("this is the seed that was drawn with; a new draw needs the seed as its source gave it.")
    if entry.date.isoformat() < announced.data["seed_day"]:
        fail("the seed does not exist yet; draw on its day or later.")
    drawn = [entry.data["seats"], entry.data["alternates"]]
    if [len(one) for one in drawn] != [announced.data["seats"], announced.data["alternates"]]:
        fail("the draw gives other numbers of places or alternates than were announced; draw by the rules.")
    if len({*drawn[0], *drawn[1]}) != len(drawn[0]) + len(drawn[1]):
        fail("a ticket is drawn twice; run the draw again.")


def another_waits_for_the_first(entry: Entry, log: LogView) -> None:
    """Refuse a third witness while the first two can still be waited for."""
    drawn = cited(entry, "draw", log)
    if entry.data["witness"] > WITNESSES and entry.date < drawn.date + ANOTHER_AFTER:
        fail(
            "the first two witnesses can still run it; let another one do so from {day} on, where they do not both agree.",
            day=drawn.date + ANOTHER_AFTER,
        )


def witness_speaks_once(entry: Entry, log: LogView) -> None:
    """Refuse a second word of the same witness; only a doubt can be taken back."""
    words = log.citing(entry.cites["draw"][0], EntryKind.LOTTERY_ATTESTED)
    said = [one.data["agrees"] for one in words if one.data["witness"] == entry.data["witness"]]
    if said and (True in said or not entry.data["agrees"]):
        fail("this witness has checked; another one must.")


def is_closed_once(entry: Entry, log: LogView) -> None:
    """Refuse a second end, and an end before two witnesses ran a lottery again and agree."""
    call = entry.cites["call"][0]
    if log.citing(call, EntryKind.SELECTION_CLOSED):
        fail("this selection is over; read how people were chosen on the public log.")
    for announced in log.citing(call, EntryKind.LOTTERY_ANNOUNCED):
        draw = last_draw(announced.index, log)
        words = log.citing(draw.index, EntryKind.LOTTERY_ATTESTED) if draw else []
        agree = [one for one in words if one.data["agrees"]]
        if len(agree) < WITNESSES:
            fail(
                "two witnesses must run the lottery again and agree before the selection ends; ask them first."
            )


KINDS: tuple[Kind, ...] = (
    Kind(
        name=EntryKind.LOTTERY_ANNOUNCED,
        heading=_("The rules of a lottery"),
        says="The rules of a lottery before its seed exists: the pool's root, the places, where the seed comes from and when.",
        pen="program",
        by=("steward",),
        data={
            "method": one_of(METHOD, *quotas.METHODS),
            "pool": hex64,
            "tickets": band,
            "seats": number(1, 1000),
            "alternates": number(0, 1000),
            "seed_day": day,
        },
        may={**BALANCED, **ADVISED_ON},
        cites=CALL,
        texts=("seed_source",),
        may_text=("widened", "advised_by"),
        rules=(
            call_has_closed,
            seed_is_yet_to_come,
            since(5, seed_comes_soon),
            is_announced_once,
            since(2, draws_for_every_place),
            list_comes_with_quotas,
            quotas_can_be_met,
            tells_ranges("tickets"),
        ),
    ),
    Kind(
        name=EntryKind.LOTTERY_DRAWN,
        heading=_("A lottery was drawn"),
        sentence=_("The lottery was drawn. Its tickets name nobody."),
        says="The seed as its source gave it, and the tickets that were drawn, in order. A ticket names nobody.",
        pen="program",
        by=("steward",),
        data={"seed": seed, "seats": list_of(ticket, 1, 400), "alternates": list_of(ticket, 0, 400)},
        was={"data": {"seed": words(300)}},
        may={"panel": number(0, 99_999)},
        cites={"lottery": Cites((EntryKind.LOTTERY_ANNOUNCED,))},
        rules=(follows_its_rules, picks_from_its_list),
    ),
    Kind(
        name=EntryKind.LOTTERY_ATTESTED,
        heading=_("A witness ran the lottery again"),
        says="An outside witness ran a lottery again and says whether the result follows.",
        pen="program",
        by=("steward",),
        data={"witness": number(1, MOST_WITNESSES), "agrees": flag},
        was={"data": {"witness": number(1, WITNESSES)}},
        cites={"draw": Cites((EntryKind.LOTTERY_DRAWN,))},
        texts=("role",),
        rules=(witness_speaks_once, since(2, another_waits_for_the_first)),
    ),
    Kind(
        name=EntryKind.SELECTION_CLOSED,
        heading=_("How people were chosen"),
        says="How a call was decided: counts as ranges, what was sought and whether it is met, whether the steward also read.",
        pen="program",
        by=("steward",),
        data={
            "applications": band,
            "shortlisted": band,
            "steward_read": flag,
            "names_seen": flag,
            "balance": list_of(fields({"sought": slug, "met": flag}), 0, 40),
        },
        may={"withdrawn": band},
        cites=CALL,
        texts=("reasons",),
        rules=(
            call_has_closed,
            is_closed_once,
            tells_ranges("applications", "shortlisted", "withdrawn"),
        ),
    ),
)
