"""Findings: what leads make of voices; a smaller group's finding stands beside the majority's."""

import hashlib

from alongside.core.disclosure import is_hidden
from alongside.core.entries import Entry, LogView
from alongside.core.grammar.engagements import ENGAGEMENT, holders_of
from alongside.core.grammar.keys import each_has_a_key
from alongside.core.grammar.seats import (
    former_leads_sat,
    is_gone_for_good,
    is_in_force,
    leads_have_standing,
    one_sits_today,
    standing,
)
from alongside.core.grammar.shape import (
    OLD_LANGUAGES,
    SERVED,
    Cites,
    Kind,
    all_cited,
    band,
    cited,
    fail,
    flag,
    hex64,
    languages,
    malformed,
    since,
)
from alongside.core.grammar.voices import published_marks
from alongside.core.grammar.workplans import DRIVEN, DRIVES, answers_driving_questions
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Named
from alongside.core.words import gettext_noop as _

ATTESTERS = 2
#: Roots that stand over no voice: all zeros, and the root of a tree without leaves.
EMPTY = ("0" * 64, hashlib.sha256().hexdigest())


def is_the_leads_own(entry: Entry, _log: LogView) -> None:
    """Refuse a finding that any office had a hand in (promise 3), or a small one that one lead attests alone."""
    if entry.offices:
        fail("only leads say what was heard; no office may sign it.")
    if entry.data["voices"] == "fewer" and len(set(entry.seats)) < ATTESTERS:
        fail("where few people said it, two leads confirm it; ask a second lead.")


def few_are_attested_with_standing(entry: Entry, log: LogView) -> None:
    """Refuse a new lead as one of the two who attest what rests on few voices."""
    if entry.data["voices"] == "fewer":
        leads_have_standing(entry, log)


def is_by_who_opens_the_voices(entry: Entry, log: LogView) -> None:
    """Refuse a finding by leads of whom none can open the voices; where none of those is left, two who sit sign it (promise 3).

    Whoever is removed and can appeal is left: nobody empties seats to speak for people, nor to keep a finding from coming out.
    """
    promise = cited(entry, "engagement", log)
    holders = holders_of(promise.cites["key"][0], log)
    if holders & set(entry.seats):
        return
    if any(not is_gone_for_good(log, one, entry.date) for one in holders):
        fail(
            "{seats} cannot open the key of this engagement; a lead who can signs what was found too.",
            seats=[Named(one) for one in entry.seats],
        )
    sitting = {one for one in standing(log, entry.date) if is_in_force(log, one, entry.date)}
    if len(sitting & set(entry.seats)) < ATTESTERS:
        fail(
            "nobody is left who can open the key of this engagement; two leads of today sign what was found. Ask a second lead."
        )


def tells_no_small_count(entry: Entry, log: LogView) -> None:
    """Refuse a band that begins below the k that was promised: it would point at people."""
    voices, promise = entry.data["voices"], cited(entry, "engagement", log)
    k = promise.data["k"]
    if voices != "fewer" and not k <= voices["low"] <= voices["high"]:
        fail("a count below {k} is told as fewer, and two leads confirm it; say fewer.", k=k)


def rests_on_voices(entry: Entry, log: LogView) -> None:
    """Refuse a finding over nothing, and a range that tells, beside the marks on the record, a small count."""
    if entry.data["root"] in EMPTY:
        malformed("this root stands over no voice; choose the voices that the finding rests on.")
    voices, promise = entry.data["voices"], cited(entry, "engagement", log)
    out, k = len(published_marks(promise.index, log)), promise.data["k"]
    if voices != "fewer" and voices["high"] > out:
        fail("only {count} voices are on the public log; say no more, or wait until more are.", count=out)
    if voices != "fewer" and not is_hidden(voices["low"], voices["high"], k, out):
        fail(
            "beside {count} voices on the public log, this range tells a small count; tell a wider one.",
            count=out,
        )
    for one in log.citing(promise.index, entry.kind):
        if one.data["root"] == entry.data["root"] and one.data["voices"] != voices:
            fail(
                "the same voices were told in another range before; two ranges tell more than one. Tell the same."
            )


def stands_beside_its_own(entry: Entry, log: LogView) -> None:
    """Let a smaller group's finding stand only beside findings of the same engagement."""
    for other in all_cited(entry, "beside", log):
        if other.cites["engagement"] != entry.cites["engagement"]:
            fail("it stands beside what was heard in the same engagement; name one of those.")


def rests_on_its_own_map(entry: Entry, log: LogView) -> None:
    """Let a finding name only the last map of its own engagement, as it was drawn."""
    for drawn in all_cited(entry, "map", log):
        if drawn.cites["engagement"] != entry.cites["engagement"]:
            fail("the map is of another engagement; name the one that was drawn of this.")


KINDS = (
    Kind(
        name=EntryKind.FINDING_PUBLISHED,
        heading=_("What the leads heard"),
        did=_("found"),
        says="What the leads heard: a banded count of voices and a salted root over their seal marks, never which.",
        pen="community",
        by=("seat",),
        data={"smaller": flag, "voices": band, "root": hex64},
        was={"may": OLD_LANGUAGES},
        may={"languages": languages, **DRIVEN},
        cites={
            **ENGAGEMENT,
            "beside": Cites((EntryKind.FINDING_PUBLISHED,), 0, 20),
            "answer": Cites((EntryKind.ANSWER_GIVEN, EntryKind.RAISE_REPLIED), 0, 20),
            "map": Cites((EntryKind.MAP_DRAWN,), 0, 1),
            **DRIVES,
        },
        since={"cites.map": 4},
        texts=("statement",),
        may_text=("quote",),
        rules=(
            is_the_leads_own,
            since(2, few_are_attested_with_standing),
            since(2, former_leads_sat),
            since(2, is_by_who_opens_the_voices),
            tells_no_small_count,
            stands_beside_its_own,
            rests_on_its_own_map,
            answers_driving_questions,
            since(2, one_sits_today),
            since(2, rests_on_voices),
            since(5, each_has_a_key),
        ),
        seats=SERVED,
        signed=5,
        apart=30,
    ),
)
