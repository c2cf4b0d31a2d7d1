"""Opinion maps: which votes were drawn, by what, and the hash of what came out; and what became of statements that people offered."""

from alongside.core.entries import Entry, LogView
from alongside.core.grammar.engagements import ENGAGEMENT, who_promised
from alongside.core.grammar.findings import is_by_who_opens_the_voices
from alongside.core.grammar.keys import each_has_a_key
from alongside.core.grammar.releases import name
from alongside.core.grammar.seats import former_leads_sat, leads_have_standing, one_sits_today
from alongside.core.grammar.shape import (
    SERVED,
    Cites,
    Kind,
    cited,
    fail,
    fields,
    hex64,
    malformed,
    one_of,
    since,
)
from alongside.core.kinds import EntryKind
from alongside.core.questions import STATEMENT, number_of
from alongside.core.words import gettext_noop as _
from alongside.core.workflow.engagements import course_at
from alongside.core.workflow.offered_statements import OfferDecision, OfferReason, decided_of, released

#: Two leads decide of a statement that somebody offered.
DECIDERS = 2
#: So many offered statements are released in one engagement at most.
MOST_RELEASED = 200
GROUND = "ground"


def is_drawn_after_the_last_day(entry: Entry, log: LogView) -> None:
    """Refuse the last map of an engagement while people can still choose, and a second one: nobody draws until it pleases."""
    promise = entry.cites["engagement"][0]
    course = course_at(promise, log)
    if course.is_taking(entry.date):
        fail("people can judge statements to {day}; the map is drawn the day after.", day=course.closes)
    if log.citing(promise, EntryKind.MAP_DRAWN):
        fail("the map of this engagement is drawn already; nothing more is needed.")


def is_drawn_of_all_that_was_released(entry: Entry, log: LogView) -> None:
    """Refuse a last map that leaves out a statement which leads released, or names another one: what people judged is what was drawn."""
    told = [one.index for one in released(decided_of(entry.cites["engagement"][0], log))]
    if list(entry.cites.get("offer", ())) != told:
        fail("the map is drawn of all statements that people judged; name each one that leads released.")


def statement_id(where: str, value: object) -> None:
    """Accept the id of a statement."""
    if not isinstance(value, str) or not STATEMENT.match(value):
        malformed(f"{where} must be the id of a statement, such as s9.")


def two_leads_decide(entry: Entry, _log: LogView) -> None:
    """Refuse one lead alone: nobody keeps a statement out, or words it otherwise, without a second one who reads the same."""
    if len(set(entry.seats)) < DECIDERS:
        fail("two leads decide what becomes of a statement; ask a second lead.")


def is_decided_once(entry: Entry, log: LogView) -> None:
    """Refuse to decide of a statement again: its author read what was decided."""
    told = decided_of(entry.cites["engagement"][0], log)
    if any(one.data["offer"] == entry.data["offer"] for one in told):
        fail("this statement is decided already; nothing more is needed.")
    if any(one.data["statement"] == entry.data.get("statement") for one in released(told)) and _is(
        entry, OfferDecision.RELEASED
    ):
        fail("another statement has this number already; load the page again.")
    if len(released(told)) >= MOST_RELEASED and _is(entry, OfferDecision.RELEASED):
        fail(
            "{most} statements are released, and people tire of more; merge it, or say why not.",
            most=MOST_RELEASED,
        )


def has_the_next_number(entry: Entry, log: LogView) -> None:
    """Refuse a released statement with another number than the one after the last: nobody signs it, so nobody chooses it."""
    told = released(decided_of(entry.cites["engagement"][0], log))
    last = max((number_of(one.data["statement"]) for one in told), default=None)
    if last and _is(entry, OfferDecision.RELEASED) and number_of(entry.data["statement"]) != last + 1:
        malformed(f"the statement that is released after s{last} is s{last + 1}.")


def goes_into_one_that_people_judge(entry: Entry, log: LogView) -> None:
    """Refuse to merge into a number that no statement has: those that were released follow on those that were promised.

    How many were promised stands in the words of the promise alone, so the verifier compares that.
    """
    if not _is(entry, OfferDecision.MERGED):
        return
    numbers = {
        number_of(one.data["statement"]) for one in released(decided_of(entry.cites["engagement"][0], log))
    }
    into = number_of(entry.data["statement"])
    if numbers and into not in numbers and into > min(numbers):
        fail("no statement here has this number; name one that people judge.")


def _is(entry: Entry, decision: OfferDecision) -> bool:
    return bool(entry.data["decision"] == decision)


def is_decided_in_full(entry: Entry, log: LogView) -> None:
    """Refuse a release that lacks a language of the promise or comes when nobody can judge, a merge that names no statement, and a no without a reason."""
    promise = cited(entry, "engagement", log)
    worded = {code for code in entry.texts if code != GROUND}
    if any(entry.texts[code]["lang"] != code for code in worded):
        malformed("a statement says each language in that language.")
    if _is(entry, OfferDecision.RELEASED):
        if worded != set(promise.data["languages"]):
            fail("people judge one statement in every language of the promise; write it in each.")
        if not course_at(promise.index, log).is_taking(entry.date):
            fail("nobody can judge statements any more; say so as the reason why it stays out.")
    elif worded:
        malformed("only a statement that is released has words of its own.")
    if ("statement" in entry.data) == _is(entry, OfferDecision.DECLINED):
        malformed("a statement that is released or merged has a number, and no other.")
    if not _is(entry, OfferDecision.RELEASED) and GROUND not in entry.texts:
        fail("tell its author why it does not stand as it was offered; add a sentence.")
    if ("reason" in entry.data) != _is(entry, OfferDecision.DECLINED):
        malformed("what stays out has a reason, and nothing else has.")


KINDS = (
    Kind(
        name=EntryKind.OFFER_DECIDED,
        heading=_("A statement that somebody offered"),
        did=_("decided of an offered statement"),
        says="What two leads decided of a statement that somebody offered: released, in every language of the promise; merged into one that stands; or declined, with a reason. `offer` is a hash that only its author and the leads can compute, so it names no voice.",
        pen="community",
        by=("seat",),
        data={"offer": hex64, "decision": one_of(*OfferDecision)},
        may={"statement": statement_id, "reason": one_of(*OfferReason)},
        cites=ENGAGEMENT,
        may_text=(GROUND,),
        any_text=r"[a-z]{2,3}(-[a-zA-Z]{2,4})?",
        rules=(
            two_leads_decide,
            is_decided_once,
            is_decided_in_full,
            goes_into_one_that_people_judge,
            leads_have_standing,
            former_leads_sat,
            one_sits_today,
            is_by_who_opens_the_voices,
            since(5, has_the_next_number),
            since(5, each_has_a_key),
        ),
        seats=SERVED,
        beside=who_promised,
        first=4,
        signed=5,
        apart=90,
        follows=("statement",),
        follows_where={"decision": OfferDecision.RELEASED},
    ),
    Kind(
        name=EntryKind.MAP_DRAWN,
        heading=_("The opinion map"),
        did=_("judged statements"),
        sentence=_(
            "The map of what people agreed and disagreed with was drawn after the last day. Its page shows it, in a picture and in words. Who keeps the choices can compute it again, and compare."
        ),
        says="The last map of an engagement: hashes of the votes (with a salt that stays with them), of the parameters and of the result, and what computed it.",
        pen="community",
        by=("clock",),
        data={
            "votes": hex64,
            "parameters": hex64,
            "result": hex64,
            "computed_by": fields({"method": name, "numpy": name, "scipy": name}),
        },
        cites={**ENGAGEMENT, "offer": Cites((EntryKind.OFFER_DECIDED,), 0, MOST_RELEASED)},
        rules=(is_drawn_after_the_last_day, is_drawn_of_all_that_was_released),
        first=3,
        since={"cites.offer": 4},
    ),
)
