"""Engagements: the key, the test, the frozen promise, its corrections, and the close."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from alongside.core.clocks import ANSWER_YEARS, KEPT_YEARS, latest_answer, latest_kept
from alongside.core.entries import Entry, LogView, entry_at, unit_of
from alongside.core.grammar.again import BEFORE, asks_again_with_a_reason
from alongside.core.grammar.bureaus import acts_for, answers_for, policies
from alongside.core.grammar.holds import no_hold_stands
from alongside.core.grammar.keys import founding_is_in_force, has_lost_key, is_a_key, key_of, signing_key
from alongside.core.grammar.program import is_an_office, policy, signs_for_its_unit
from alongside.core.grammar.project_rules import day_of_decision
from alongside.core.grammar.recovery import PAPERS, checks_of, recovery_of, unchecked
from alongside.core.grammar.seats import (
    can_act,
    former_leads_sat,
    is_in_force,
    leads_have_standing,
    one_sits_today,
    refuse_new_seats,
    seated,
    standing,
)
from alongside.core.grammar.shape import (
    OLD_LANGUAGES,
    SERVED,
    Cites,
    Kind,
    all_cited,
    cited,
    day,
    fail,
    fields,
    first_of,
    flag,
    hex64,
    languages,
    list_of,
    number,
    office,
    one_of,
    seat,
    since,
    slug,
    words,
)
from alongside.core.grammar.ties import stake_since, told_of, works_elsewhere
from alongside.core.kinds import EntryKind
from alongside.core.policy.pack import MOST_DAYS
from alongside.core.refusals import Named, Tongue
from alongside.core.sealing.leads import is_signed, locked_statement
from alongside.core.words import gettext_noop as _
from alongside.core.workflow.engagements import (
    PAUSES,
    TESTERS,
    EngagementStage,
    EngagementState,
    changes_of,
    course_at,
    course_of,
    side_of,
)

#: From this version on a lead to whom a key was shared tests it, too.
SHARED_TO = 5
#: Two leads destroy a key.
DESTROYERS = 2
#: Where so many leads sit, the one who wrote the report-back and whom the unit pays does not close alone.
CLOSERS = 2
CITY_GIVES = ("unit", "office", "answer_by")
DATES = ("closes", "report_back", "answer_by")
PROMISE_TEXTS = ("title", "decision", "can_change", "cannot_change", "reading", "consent")


def locks_only_to_certified_keys(entry: Entry, log: LogView) -> None:
    """Refuse a ghost: every seat the key is locked to has a key that leads certified."""
    ghosts = sorted(Named(one) for one in entry.data["wrapped_to"] if key_of(log, one) is None)
    if ghosts:
        fail("{seats} has no key that counts; two leads must vouch for it first.", seats=ghosts)


def locks_only_to_who_can_act(entry: Entry, log: LogView) -> None:
    """Refuse to lock a key to a seat that was removed or suspended, or whose term has not begun."""
    for one in entry.data["wrapped_to"]:
        can_act(entry, log, one, after_term=True)


def is_signed_by_who_locks_it(entry: Entry, log: LogView) -> None:
    """Refuse a key unless the one lead who locks it signed it, and the keys it is locked to, with their own: nobody puts another in its place (promise 2)."""
    to = entry.data.get("wrapped_to", ())
    keys = {one: own.data["recipient"] for one in to if (own := key_of(log, one))}
    for papers in all_cited(entry, "papers", log):
        keys[TO_PAPERS] = papers.data["recipient"]
    named = {name: entry.data[name] for name in ("engagement", "recipient")}
    statement = locked_statement(origin=log.origin, keys=keys, **named)
    signer, *others = entry.by
    own = signing_key(log, signer)
    if others or own is None or not is_signed(own.data["sign_key"], statement, entry.data["signature"]):
        fail(
            "the signature of {seat} does not stand under this key; ask that lead to sign it.",
            seat=Named(signer),
        )


#: Under which name leads sign that a key is locked to the recovery papers, or was opened with them.
TO_PAPERS = "papers"


def is_the_key_it_cites(entry: Entry, log: LogView) -> None:
    """Refuse to say of one key what is so of another."""
    made = cited(entry, "key", log)
    if any(made.data[name] != entry.data[name] for name in ("engagement", "recipient")):
        fail("this is another key than the one that was made; share that one.")


def locks_what_it_holds_to_papers_of_today(entry: Entry, log: LogView) -> None:
    """Let a lead who can open a key lock it to the recovery papers in force, and to no others."""
    key, papers = cited(entry, "key", log), recovery_of(log, entry.date)
    if papers is None or entry.cites["papers"] != (papers.index,):
        fail("these papers count no more; load the reader again.")
    if not set(entry.seats) <= holders_of(key.index, log):
        fail("only a lead who can open this key shares it; ask one of them.")
    told = log.citing(key.index, EntryKind.RECOVERY_LOCKED)
    if any(entry.by == one.by and entry.cites["papers"] == one.cites["papers"] for one in told):
        fail("you locked this key to these papers before; nothing more is needed.")


def was_locked_to_those_papers(entry: Entry, log: LogView) -> None:
    """Let a lead say only of a key that was locked to these papers that they opened it."""
    if not is_locked_to(cited(entry, "papers", log), entry.cites["key"][0], log):
        fail("this key was not locked to these recovery papers; use those to which it was.")


def does_not_hold_it(entry: Entry, log: LogView) -> None:
    """Refuse to say that papers gave back a key by whoever holds it: it was not lost to them."""
    last = last_locks(entry.cites["key"][0], log)
    for one in entry.seats:
        if opens_with(last, one, log):
            fail("this key is open to you already; share it with other leads instead.")


def is_recoverable(key: int, log: LogView, on: date) -> bool:
    """Say whether the leads have recovery papers on a day, checked each, that open the key of an engagement."""
    papers = recovery_of(log, on)
    return (
        papers is not None
        and not unchecked(papers, checks_of(papers, log))
        and is_locked_to(papers, key, log)
    )


def papers_were_checked(entry: Entry, log: LogView) -> None:
    """Refuse a promise before the leads have a way back to its key, and tried it: recovery papers, each checked (promise 2)."""
    papers = recovery_of(log, entry.date)
    if papers is None:
        fail(
            "the leads have no recovery papers by a lead who sits and has the same key still; two leads make some in the reader."
        )
    if left := unchecked(papers, checks_of(papers, log)):
        fail(
            "not every recovery paper is checked: {papers}. Leads who did not make them type the digits of each in the reader.",
            papers=[str(one) for one in left],
        )
    if not is_locked_to(papers, entry.cites["key"][0], log):
        fail("the key is not locked to the recovery papers; a lead who holds it does that in the reader.")


def holders_of(key: int, log: LogView) -> frozenset[str]:
    """Name the seats to which the key of an engagement is locked: who made it said so, or who shared it."""
    return frozenset(one for each in locks_of(key, log) for one in each.data["wrapped_to"])


#: By which a key that was made is locked to more leads.
LOCKS = (EntryKind.KEY_SHARED, EntryKind.KEY_RECOVERED)


def locks_of(key: int, log: LogView) -> list[Entry]:
    """List the entries that locked the key of an engagement to leads."""
    return [entry_at(key, log), *(one for kind in LOCKS for one in log.citing(key, kind))]


def last_locks(key: int, log: LogView) -> dict[str, int]:
    """Give, by seat, the last entry that locked the key of an engagement to it."""
    locked = sorted(locks_of(key, log), key=lambda one: one.index)
    return {one: each.index for each in locked for one in each.data["wrapped_to"]}


def opens_with(last: Mapping[str, int], one: str, log: LogView) -> bool:
    """Say whether what was locked last to a seat (see last_locks) opens with the key that it has."""
    own = key_of(log, one)
    return own is not None and own.index < last.get(one, 0)


def who_can_open(key: int, log: LogView, on: date) -> list[str]:
    """List the seats whose lead can sign and open an engagement on a day: they act, and hold its key under one of their own that is not lost."""
    last = last_locks(key, log)
    able = (one for one in seated(log, on) if is_in_force(log, one, on) and opens_with(last, one, log))
    return [one for one in able if not has_lost_key(log, one)]


def is_locked_to(papers: Entry, key: int, log: LogView) -> bool:
    """Say whether the key of an engagement was locked to these recovery papers."""
    return any(one.cites["papers"] == (papers.index,) for one in log.citing(key, EntryKind.RECOVERY_LOCKED))


def leads_of_today_hold(key: int, log: LogView, on: date) -> bool:
    """Say whether two leads who count on a day hold the key of an engagement, under their own keys in force, and one of them can act."""
    last = last_locks(key, log)
    left = [one for one in seated(log, on) if opens_with(last, one, log)]
    return len(left) >= TESTERS and any(is_in_force(log, one, on) for one in left)


def is_held_by_leads_of_today(entry: Entry, log: LogView) -> None:
    """Refuse a promise whose key only those hold who sit no more: nobody of today could read what people say (promises 1, 2)."""
    if not leads_of_today_hold(entry.cites["key"][0], log, entry.date):
        fail(
            "fewer than two leads of today hold this key; share it with leads of today, or make and test a new key."
        )


def is_signed_by_who_holds_its_key(entry: Entry, log: LogView) -> None:
    """Refuse a promise that only leads sign who could read nothing of what people say (promise 3)."""
    if entry.seats and holders_of(entry.cites["key"][0], log).isdisjoint(entry.seats):
        fail("no lead who signs this holds its key; ask a lead who holds it to sign.")


def one_lead_opens_it(entry: Entry, log: LogView) -> None:
    """Refuse a promise in the name of several leads, or of one who cannot open what people will say: the lead who opens it signs it (promises 1, 3)."""
    last = last_locks(entry.cites["key"][0], log)
    if len(entry.seats) > 1 or not all(opens_with(last, one, log) for one in entry.seats):
        fail("one lead opens it, who can open what people say; ask a lead who holds its key.")


def two_leads_destroy(entry: Entry, _log: LogView) -> None:
    """Refuse to destroy a key that one lead alone wants gone (promise 2)."""
    if len(entry.by) < DESTROYERS:
        fail("two leads destroy a key together; ask a second lead who holds it.")


def destroyers_hold_the_key(entry: Entry, log: LogView) -> None:
    """Refuse others than who holds the key, unless fewer than two of those are left: then others stand in for who is missing.

    Who is removed and can appeal is left: nobody empties seats to destroy what was not read.
    """
    promise = cited(entry, "engagement", log)
    holders = holders_of(promise.cites["key"][0], log)
    able = {one for one in holders if is_in_force(log, one, entry.date)}
    left = able | (holders & set(seated(log, entry.date)))
    strangers = sorted(set(entry.by) - able)
    if len(strangers) > max(0, DESTROYERS - len(left)):
        fail(
            "{seats} does not hold this key today; ask the leads who do.",
            seats=[Named(one) for one in strangers],
        )


def refuse_too_early(course: EngagementState, on: date) -> None:
    """Refuse to destroy a key before the day that was promised, or while people can speak."""
    if on < course.destroy_from:
        fail(
            "voices are kept to {day}, as promised; destroy the key on that day or later.",
            day=course.destroy_from,
        )
    # A pause of both sides moves no day until it ends: after the last day nothing else is open or paused.
    if course.is_taking(on):
        fail(
            "it is paused, and people were promised that they can speak; resume it, and they get those days."
        )


def is_the_promised_day(entry: Entry, log: LogView) -> None:
    """Refuse to destroy a key too early, or twice (promises 1, 2)."""
    course = course_at(entry.cites["engagement"][0], log)
    refuse_too_early(course, entry.date)
    if course.key_destroyed:
        fail("this key is destroyed already; nothing more is needed.")


def last_voices_are_in(entry: Entry, log: LogView) -> None:
    """Refuse to destroy a key or to close before the intake has ended on the record: nobody could open what comes then (promises 2, 7)."""
    course = course_at(entry.cites["engagement"][0], log)
    if not course.ended:
        fail(
            "the last voices are not on the public log yet; they come by themselves after the last day to speak."
        )


def keeps_voices_until_people_hear_back(entry: Entry, _log: LogView) -> None:
    """Refuse a promise that names no day to which voices are kept, or whose key goes before anyone heard back."""
    if "voices_kept_until" not in entry.data:
        fail("people are told how long voices are kept; name the day.")
    if entry.data["voices_kept_until"] < entry.data["report_back"]:
        fail("leads read the voices until people hear back; keep them to a later day.")


def is_a_key_of_its_own(entry: Entry, log: LogView) -> None:
    """Refuse what is no key, a key that opens something else too, and a key for an engagement that has its promise."""
    is_a_key(entry.data["recipient"])
    used = [
        *log.every(EntryKind.KEY_FOUNDED),
        *log.every(EntryKind.KEY_CERTIFIED),
        *log.every(EntryKind.KEY_MADE),
    ]
    if any(one.data["recipient"] == entry.data["recipient"] for one in used):
        fail("this key is on the public log already; make a new one for this engagement.")
    if log.about(EntryKind.ENGAGEMENT_PROMISED, entry.data["engagement"]):
        fail("this engagement is promised with its key; share that key instead of making another.")
    if not set(entry.seats) <= set(entry.data["wrapped_to"]):
        fail("whoever makes a key can open it; lock it to that lead too.")


def is_tested_once_each(entry: Entry, log: LogView) -> None:
    """Let each lead alone test a key, once."""
    told = [one for each in log.citing(entry.cites["key"][0], EntryKind.KEY_TESTED) for one in each.by]
    if len(entry.by) != 1 or set(entry.by) & set(told):
        fail("each lead tests a key once, and alone; ask another lead to test it.")


def shares_the_key_it_cites(entry: Entry, log: LogView) -> None:
    """Refuse to say of one key that another was shared, or to share what one cannot open."""
    made = cited(entry, "key", log)
    if any(made.data[name] != entry.data[name] for name in ("engagement", "recipient")):
        fail("this is another key than the one that was made; share that one.")
    if not set(entry.seats) <= holders_of(made.index, log):
        fail("only a lead who can open this key shares it; ask one of them.")


def is_shared_with_leads_of_today(entry: Entry, log: LogView) -> None:
    """Let a lead who holds the key by an earlier seat give it on, to leads who sit today and to no other earlier seat."""
    if any(is_in_force(log, one, entry.date) for one in entry.seats):
        return
    if not all(is_in_force(log, one, entry.date) for one in entry.data["wrapped_to"]):
        fail("a lead whose place is over shares the key with leads of today; choose only those.")


def tester_holds_the_key(entry: Entry, log: LogView) -> None:
    """Refuse a test by someone the key was not locked to."""
    made = cited(entry, "key", log)
    held = holders_of(made.index, log) if entry.v >= SHARED_TO else made.data["wrapped_to"]
    if not set(entry.seats) <= set(held):
        fail("only a lead to whom this key is locked can test it; ask one of them.")


def testers(entry: Entry, log: LogView) -> set[str]:
    """Give the seats that tested the same key: two people test, not one in two seats."""
    return {one for told in log.citing(entry.cites["key"][0], EntryKind.KEY_TESTED) for one in told.seats}


def names_the_tested_key(entry: Entry, log: LogView) -> None:
    """Refuse a promise whose key two leads have not tested (promise 1)."""
    key = entry.cites["key"][0]
    tests = all_cited(entry, "tested", log)
    testers = {one for test in tests if test.cites["key"] == (key,) for one in test.seats}
    if len(testers) < TESTERS:
        fail(
            "two leads must open a test voice with this key before people may speak; ask a second lead to test it."
        )
    made = entry_at(key, log)
    named = tuple(made.data[name] for name in ("recipient", "engagement"))
    if named != (entry.data["recipient"], entry.data["engagement"]):
        fail("the promise names another key than the one that was tested; use the tested key.")


def is_signed_by_both(entry: Entry, _log: LogView) -> None:
    """Refuse a promise without a lead, or in the city's name without the unit (promise 1)."""
    data, given = entry.data, [name for name in CITY_GIVES if name in entry.data]
    if not entry.seats:
        fail("a lead must sign the promise; ask a lead of the cohort.")
    if data["community"]:
        if given or entry.offices:
            fail(
                "a community engagement has no promise by the city; leave out the bureau, the office and the day of the answer."
            )
        return
    missing = [name for name in CITY_GIVES if name not in given]
    if missing:
        fail(
            "the promise lacks an office or the day of the answer; the bureau must give them, or open it as a community engagement."
        )
    if not any(unit_of(one) == data["unit"] for one in entry.offices):
        fail("the bureau must sign the promise; ask its manager, or open it as a community engagement.")


def is_not_signed_for_ones_employer(entry: Entry, log: LogView) -> None:
    """Refuse a promise or correction that a lead signs with the unit, or bureau, that employs them, or did since its key was made (promise 1)."""
    promise = cited(entry, "engagement", log) if "engagement" in entry.cites else entry
    works_elsewhere(entry, log, who_promised(promise, log), promise.cites["key"][0])


def who_promised(entry: Entry, log: LogView) -> set[str]:
    """Give the unit of the promise that an entry is or is about, and the one that answers for it where it was merged away."""
    promise = cited(entry, "engagement", log) if "engagement" in entry.cites else entry
    unit = promise.data.get("unit")
    return {unit, answers_for(unit, log)} if unit else set()


def dates_come_in_order(entry: Entry, _log: LogView) -> None:
    """Refuse a promise whose days contradict one another."""
    data = entry.data
    if data.get("answer_by", data["closes"]) < data["closes"]:
        fail("the answer-by date lies before the close; move it after.")
    if not entry.date.isoformat() <= data["closes"] <= data["report_back"]:
        fail("the dates must come in order: opens, closes, report back.")


def names_the_day_of_its_decision(entry: Entry, log: LogView) -> None:
    """Freeze the day of the decision as it stands, and not as it was before it moved; it is not made yet (promise 1)."""
    named, decisions = entry.data.get("decided_on"), all_cited(entry, "decision", log)
    if named and not decisions:
        fail("the promise names the day of a decision; cite the decision.")
    for decision in decisions:
        on = day_of_decision(log, decision)
        if log.citing(decision.index, EntryKind.DECISION_MADE):
            fail(
                "this was decided on {on}; ask about what can still change, or leave the decision out.",
                on=date.fromisoformat(str(on)),
            )
        if named != on:
            fail(
                "the decision is on {on}; read the promise again with that day, and sign it.",
                on=date.fromisoformat(str(on)),
            )


def freezes_its_questions(entry: Entry, _log: LogView) -> None:
    """Refuse a promise without the words of the questions that people are asked; verifiers compare them with its hash (promise 1)."""
    if "form" not in entry.texts:
        fail("the promise lacks its questions; put their words on the public log as the text form.")


def is_written_in_its_languages(entry: Entry, _log: LogView) -> None:
    """Refuse a promise that is first written in a language in which it is not held, or in several."""
    held, first = entry.data["languages"], {text["lang"] for text in entry.texts.values()}
    if len(set(held)) != len(held) or len(first) != 1 or not first <= set(held):
        fail("a promise is first written in one of its languages; name each of them once, that one too.")


def days_are_near(entry: Entry, _log: LogView) -> None:
    """Refuse a promise whose days are so far off that nobody would ever hear back."""
    latest = latest_answer(entry.date).isoformat()
    if any(entry.data.get(name, "") > latest for name in DATES):
        fail(
            "a day of the promise lies more than {years} years ahead; name a nearer one.", years=ANSWER_YEARS
        )
    if entry.data.get("voices_kept_until", "") > latest_kept(entry.date).isoformat():
        fail("voices are kept for {years} years at most; name a nearer day.", years=KEPT_YEARS)


def hides_as_the_policy_does(entry: Entry, log: LogView) -> None:
    """Refuse a promise that would show smaller groups than the policy does."""
    k = policy(log).data["k"]
    if entry.data["k"] < k:
        fail("the policy shows no group below {k}; promise no less.", k=k)


def signing_office_signed(entry: Entry, log: LogView) -> None:
    """Refuse a promise, or its correction, that an office signed which does not sign for the unit; name the office that answers."""
    promise = cited(entry, "engagement", log) if "engagement" in entry.cites else entry
    unit = promise.data.get("unit")
    if unit:
        signs_for_its_unit(unit=unit, offices=entry.offices, log=log)
    for named in [entry.data["office"]] if "office" in entry.data else []:
        is_an_office(named, log)
        if unit_of(named) != unit:
            fail("the office that will answer belongs to the bureau that signs; name one of its offices.")


def moves_a_day_within_reason(entry: Entry, log: LogView) -> None:
    """Refuse a corrected day that is past, beyond reach, out of order, or that opens an intake again that has ended."""
    about = entry.data["about"]
    course = course_at(entry.cites["engagement"][0], log)
    if (about in DATES) != (about in entry.data):
        fail(
            "a correction of a day names the new day, and no other correction does; write it, or leave it out."
        )
    if about not in DATES:
        return
    if about == "answer_by" and course.answer_by is None:
        fail("the city has promised no answer here; there is no such day to correct.")
    if not entry.date.isoformat() <= entry.data[about] <= latest_answer(entry.date).isoformat():
        fail(
            "a corrected day lies between today and {years} years from now; name such a day.",
            years=ANSWER_YEARS,
        )
    if about == "closes" and (course.ended or not course.is_taking(entry.date)):
        fail("the last voices are in; open a new engagement to hear more.")
    after = course_of(course.promise, [*changes_of(course.promise.index, log), entry])
    if min(after.report_back, after.answer_by or after.report_back) < after.closes:
        fail("people hear back, and have the answer, after the last day to speak; name such a day.")


def pauses_and_resumes_in_turn(entry: Entry, log: LogView) -> None:
    """Refuse to pause what is paused or over, and to resume what is not; the other side may join a pause."""
    course = course_at(entry.cites["engagement"][0], log)
    state = course.state(entry.date)
    if entry.kind == EntryKind.ENGAGEMENT_RESUMED:
        if state != EngagementStage.PAUSED:
            fail("it is not paused: people can speak, and nothing more is needed.")
        return
    joins = course.paused and course.until and side_of(course.paused) != side_of(entry)
    if state == EngagementStage.PAUSED and not joins:
        fail("it is paused already; resume it first.")
    if state == EngagementStage.ENDED:
        fail("the last day to speak is over; there is nothing to pause.")


def is_paused_by_who_may(entry: Entry, log: LogView) -> None:
    """Leave a community engagement to leads; let one side pause another one alone for some days, and once, where leads end their own (promises 1, 3)."""
    course = course_at(entry.cites["engagement"][0], log)
    side = side_of(entry)
    if course.promise.data["community"]:
        if side != "leads":
            fail("the City has promised nothing here; the leads pause this, and let people speak again.")
    elif (
        entry.kind == EntryKind.ENGAGEMENT_PAUSED
        and side in course.alone
        and course.state(entry.date) == EngagementStage.OPEN
    ):
        fail(
            "your side has paused this once; the other side pauses it now, and then you can join it.",
        )
    elif entry.kind == EntryKind.ENGAGEMENT_RESUMED and side == "steward" and course.is_for_leads(entry.date):
        fail(
            "leads paused this; until {day} only a lead lets people speak again.",
            day=course.paused_alone_until,
        )


def lasts_by_no_new_lead(entry: Entry, log: LogView) -> None:
    """Refuse a pause of both sides by a lead whose seat is new beside older ones: no day ends it (promise 1)."""
    course = course_at(entry.cites["engagement"][0], log)
    if course.promise.data["community"]:
        return
    joined = course.paused if course.state(entry.date) == EngagementStage.PAUSED else None
    if joined or side_of(entry) == "both":
        refuse_new_seats(log, (*entry.seats, *(joined.seats if joined else ())), entry.date)


def intake_is_over(entry: Entry, log: LogView) -> None:
    """Refuse to report back and to close while people were promised that they can speak (promise 7)."""
    course = course_at(entry.cites["engagement"][0], log)
    if course.is_taking(entry.date):
        fail(
            "people can speak to {day}; wait until then, or correct the last day of the promise first.",
            day=course.closes,
        )


is_promised_once = first_of(
    "this engagement is promised already; correct it with a dated correction.",
    "engagement",
    "Refuse a second promise for one engagement.",
)


def is_open(entry: Entry, log: LogView) -> None:
    """Refuse to act on an engagement that is closed."""
    if log.citing(entry.cites["engagement"][0], EntryKind.ENGAGEMENT_CLOSED):
        fail("this engagement is closed; open a new one to hear more.")


def heard_back(entry: Entry, log: LogView) -> None:
    """Refuse to close before a report-back in every language that was promised (promise 7)."""
    promise = cited(entry, "engagement", log)
    report = cited(entry, "report", log)
    if report.cites["engagement"] != entry.cites["engagement"]:
        fail("the report-back belongs to another engagement; cite its own.")
    lacking = sorted(set(promise.data["languages"]) - set(report.data["languages"]))
    if lacking:
        fail(
            "the report-back lacks {languages}; write it in every language of the engagement.",
            languages=[Tongue(one) for one in lacking],
        )
    is_open(entry, log)


def taken_down(report: Entry, log: LogView) -> list[str]:
    """List the languages of a report-back whose words were taken down."""
    return [
        lang
        for lang, text in report.texts.items()
        if any(one.cites["of"] == (report.index,) for one in log.about(EntryKind.TEXT_ERASED, text["sha256"]))
    ]


def words_of_it_stand(entry: Entry, log: LogView) -> None:
    """Refuse to close with a report-back whose words were taken down in a language (promise 7)."""
    report = cited(entry, "report", log)
    if gone := taken_down(report, log):
        fail(
            "the words of the report-back in {languages} were taken down; publish it anew in every language.",
            languages=[Tongue(one) for one in gone],
        )


def is_closed_by_no_one_lead_of_the_unit(entry: Entry, log: LogView) -> None:
    """Refuse a close by the lead who wrote the report-back, where the unit pays or employs them and another lead could close that day."""
    promise, report = cited(entry, "engagement", log), cited(entry, "report", log)
    signed = {*entry.seats, *report.seats}
    able = [one for one in standing(log, entry.date) if is_in_force(log, one, entry.date)]
    if "unit" not in promise.data or len(signed) > 1 or len(able) < CLOSERS:
        return
    if all(
        stake_since(told_of(log, one), promise.index, who_promised(promise, log), policies(log))
        for one in signed
    ):
        fail(
            "the bureau pays or employs the lead who wrote the report-back, or did since the promise; another lead closes this."
        )


def both_sides_correct(entry: Entry, log: LogView) -> None:
    """Refuse a correction that one side wants alone: whoever signed the promise signs its correction, and the office above for a unit that was merged away (promise 1)."""
    promise = cited(entry, "engagement", log)
    unit = promise.data.get("unit", "")
    if not entry.seats or (unit and not acts_for(unit, entry, log)):
        fail(
            "a lead and the bureau that signed the promise sign its correction together; ask the other side."
        )
    if {name for name in DATES if name in entry.data} - {entry.data["about"]}:
        fail("a correction changes the one thing that it is about; write another for another day.")


#: So many leads correct a community engagement.
CORRECTORS = 2
#: A day that is corrected to a sooner one leaves people so long from the correction on.
SOONER = timedelta(days=7)


def holders_left(promise: Entry, log: LogView, on: date) -> set[str]:
    """Name the seats with a lead's weight that hold the key of a promise on a day, also who is suspended or can appeal a removal."""
    return set(standing(log, on)) & holders_of(promise.cites["key"][0], log)


def leads_who_correct(promise: Entry, log: LogView, on: date) -> set[str]:
    """Name the seats that correct a promise on a day: those that hold its key, or where fewer than two of them are left, any lead."""
    sitting = {one for one in standing(log, on) if is_in_force(log, one, on)}
    left = holders_left(promise, log, on)
    return sitting & left if len(left) >= CORRECTORS else sitting


def leads_who_hold_its_key_correct(entry: Entry, log: LogView) -> None:
    """Refuse a correction by leads who do not hold the key, and that of a community engagement by one of them alone (promise 1)."""
    promise = cited(entry, "engagement", log)
    may = leads_who_correct(promise, log, entry.date)
    if strangers := sorted(Named(one) for one in set(entry.seats) - may):
        fail("{seats} does not hold the key of this engagement; ask the leads who do.", seats=strangers)
    least = min(CORRECTORS, max(len(may), len(holders_left(promise, log, entry.date))))
    if promise.data["community"] and len(set(entry.seats)) < least:
        fail("two leads correct a community engagement together; ask a second lead who holds its key.")


def leaves_people_a_week(entry: Entry, log: LogView) -> None:
    """Refuse a sooner day that comes within a week of its correction: nobody would hear of it in time (promise 1)."""
    about, course = entry.data["about"], course_at(entry.cites["engagement"][0], log)
    now = getattr(course, about) if about in DATES else None
    if now is None or about not in entry.data:
        return
    if about == "closes":
        now = course.closes_if_resumed(
            entry.date
        )  # or the days of a pause were lost in a correction that is signed in it
    to, first = date.fromisoformat(entry.data[about]), entry.date + SOONER
    if to < now and to < first:
        fail("a day that comes sooner leaves people a week; name {first} or a later day.", first=first)


ENGAGEMENT = {"engagement": Cites((EntryKind.ENGAGEMENT_PROMISED,))}


def corrected_before(value: Mapping[str, Any], log: LogView) -> list[Entry]:
    """Give what corrected this part of a promise before: who signs another correction of it has seen the last."""
    told = log.citing(value["cites"]["engagement"][0], EntryKind.ENGAGEMENT_CORRECTED)
    return [one for one in told if one.data["about"] == value["data"]["about"]]


def paused_before(value: Mapping[str, Any], log: LogView) -> list[Entry]:
    """Give what paused and resumed an engagement before: who signs the next has seen the last."""
    promise = value["cites"]["engagement"][0]
    return [one for kind in PAUSES for one in log.citing(promise, kind)]


KINDS = (
    Kind(
        name=EntryKind.KEY_MADE,
        heading=_("The leads made a key"),
        sentence=_("The leads made the key with which they open voices."),
        says="Leads made the key of an engagement; it is locked only to certified keys of leads. The lead who made it signed it, with the keys that it is locked to.",
        pen="community",
        by=("seat",),
        data={
            "engagement": slug,
            "recipient": words(80),
            "wrapped_to": list_of(seat, 2, 60),
            "signature": words(200),
        },
        subject="engagement",
        rules=(
            since(2, founding_is_in_force),
            locks_only_to_certified_keys,
            since(2, locks_only_to_who_can_act),
            since(2, is_a_key_of_its_own),
            since(3, is_signed_by_who_locks_it),
        ),
        since={"data.signature": 3},
        unsigned="own",
    ),
    Kind(
        name=EntryKind.KEY_TESTED,
        heading=_("A lead tested the key"),
        sentence=_("A lead opened a test voice with the key."),
        says="A lead opened a test voice with the key of an engagement.",
        pen="community",
        by=("seat",),
        cites={"key": Cites((EntryKind.KEY_MADE,))},
        rules=(
            tester_holds_the_key,
            since(2, is_tested_once_each),
            since(2, leads_have_standing),
            since(2, former_leads_sat),
        ),
        beside=testers,
        seats=SERVED,
        signed=5,
        alone=True,
    ),
    Kind(
        name=EntryKind.KEY_SHARED,
        heading=_("The key was shared with one more lead"),
        sentence=_("One more lead can open voices with the key."),
        says="The key of an engagement was locked to one more certified lead.",
        pen="community",
        by=("seat",),
        data={
            "engagement": slug,
            "recipient": words(80),
            "wrapped_to": list_of(seat, 1, 60),
            "signature": words(200),
        },
        cites={"key": Cites((EntryKind.KEY_MADE,))},
        subject="engagement",
        rules=(
            since(2, founding_is_in_force),
            locks_only_to_certified_keys,
            since(2, locks_only_to_who_can_act),
            since(2, shares_the_key_it_cites),
            since(2, is_shared_with_leads_of_today),
            since(3, is_signed_by_who_locks_it),
        ),
        seats=SERVED,
        since={"data.signature": 3},
        unsigned="own",
    ),
    Kind(
        name=EntryKind.RECOVERY_LOCKED,
        heading=_("The key was locked to the recovery papers"),
        sentence=_("Enough recovery papers together open voices with this key, should leads lose theirs."),
        says="A lead who holds the key of an engagement locked it to the recovery papers, and signed that.",
        pen="community",
        by=("seat",),
        data={"engagement": slug, "recipient": words(80), "signature": words(200)},
        cites={"key": Cites((EntryKind.KEY_MADE,)), "papers": PAPERS},
        subject="engagement",
        rules=(
            founding_is_in_force,
            is_the_key_it_cites,
            locks_what_it_holds_to_papers_of_today,
            is_signed_by_who_locks_it,
        ),
        first=5,
        unsigned="own",
    ),
    Kind(
        name=EntryKind.KEY_RECOVERED,
        heading=_("A lead opened the key with recovery papers"),
        sentence=_("Recovery papers gave the key back. It is locked to leads again."),
        says="A lead opened the key of an engagement with recovery papers, and locked it to certified leads. The lead signed it, with the keys that it is locked to.",
        pen="community",
        by=("seat",),
        data={
            "engagement": slug,
            "recipient": words(80),
            "wrapped_to": list_of(seat, 1, 60),
            "signature": words(200),
        },
        cites={"key": Cites((EntryKind.KEY_MADE,)), "papers": PAPERS},
        subject="engagement",
        rules=(
            founding_is_in_force,
            locks_only_to_certified_keys,
            locks_only_to_who_can_act,
            is_the_key_it_cites,
            was_locked_to_those_papers,
            does_not_hold_it,
            is_signed_by_who_locks_it,
        ),
        first=5,
        unsigned="own",
    ),
    Kind(
        name=EntryKind.KEY_DESTROYED,
        heading=_("The leads destroyed the key"),
        sentence=_("The leads destroyed the key. What is still sealed can never be read."),
        says="Two leads, or a lead and the community body of the policy, destroyed the key, not before the promised day: what is still sealed can never be read. The last copies of the key in backups, which stay sealed, are gone as many days later as the promise says.",
        pen="community",
        by=("seat", "body"),
        cites=ENGAGEMENT,
        texts=("ground",),
        rules=(
            no_hold_stands,
            since(2, two_leads_destroy),
            since(2, leads_have_standing),
            since(2, former_leads_sat),
            since(2, one_sits_today),
            since(2, is_the_promised_day),
            since(2, destroyers_hold_the_key),
            since(3, last_voices_are_in),
        ),
        seats=SERVED,
        since={"by.body": 2, "texts.ground": 2},
        was={"data": {"ground": words(200)}},
        signed=5,
        apart=90,
    ),
    Kind(
        name=EntryKind.ENGAGEMENT_PROMISED,
        heading=_("What was promised with a question"),
        says="The promise, frozen, signed by the lead who opens it and by the unit. Without a unit the government has promised nothing. Copies of what is destroyed are gone from backups so many days later (`backup_days`).",
        pen="both",
        by=("seat", "office"),
        data={
            "engagement": slug,
            "community": flag,
            "level": fields({"framework": slug, "level": slug}),
            "languages": languages,
            "readers": one_of("any-lead-with-the-key"),
            "retention": slug,
            "closes": day,
            "report_back": day,
            "k": number(2, 1000),
            "cap": number(1, 10**6),
            "recipient": words(80),
            "form": hex64,
            "backup_days": number(1, MOST_DAYS["backup_days"]),
        },
        may={"unit": slug, "office": office, "answer_by": day, "voices_kept_until": day, "decided_on": day},
        cites={
            "key": Cites((EntryKind.KEY_MADE,)),
            "tested": Cites((EntryKind.KEY_TESTED,), 2, 20),
            "decision": Cites((EntryKind.DECISION_SCHEDULED,), 0, 1),
            "invitation": Cites((EntryKind.INVITATION_MADE,), 0, 1),
            **BEFORE,
        },
        texts=PROMISE_TEXTS,
        may_text=("form", "asked_again"),
        subject="engagement",
        rules=(
            names_the_tested_key,
            since(2, is_held_by_leads_of_today),
            since(5, papers_were_checked),
            is_signed_by_both,
            since(3, is_signed_by_who_holds_its_key),
            since(5, one_lead_opens_it),
            dates_come_in_order,
            since(2, keeps_voices_until_people_hear_back),
            since(2, names_the_day_of_its_decision),
            is_promised_once,
            since(2, is_written_in_its_languages),
            asks_again_with_a_reason,
            since(2, is_not_signed_for_ones_employer),
            since(2, days_are_near),
            since(2, hides_as_the_policy_does),
            since(2, signing_office_signed),
            since(2, freezes_its_questions),
        ),
        since={"data.decided_on": 2, "data.backup_days": 5},
        was={"data": OLD_LANGUAGES},
        signed=5,
        alone=True,
    ),
    Kind(
        name=EntryKind.ENGAGEMENT_CORRECTED,
        heading=_("A correction of a promise"),
        did=_("corrected the promise"),
        says="A dated correction of a promise; it stands beside what was promised. A lead who holds the key and the unit sign it, or two such leads where the government has promised nothing.",
        pen="both",
        by=("seat", "office"),
        data={"about": one_of(*PROMISE_TEXTS, "closes", "report_back", "answer_by")},
        may={"closes": day, "report_back": day, "answer_by": day},
        cites=ENGAGEMENT,
        texts=("correction",),
        rules=(
            is_open,
            both_sides_correct,
            since(2, leads_have_standing),
            since(2, is_not_signed_for_ones_employer),
            since(2, signing_office_signed),
            since(2, moves_a_day_within_reason),
            since(2, leads_who_hold_its_key_correct),
            since(2, leaves_people_a_week),
        ),
        signed=5,
        apart=14,
        before=corrected_before,
    ),
    Kind(
        name=EntryKind.ENGAGEMENT_PAUSED,
        heading=_("Paused"),
        sentence=_("Nobody can speak here until it is open again."),
        says="Nobody can speak in this engagement until it is resumed; the ground is told. The last day to speak moves by as many days. Where one side pauses alone, it is resumed by itself after seven days, unless the other joins.",
        pen="program",
        by=("steward", "seat"),
        cites=ENGAGEMENT,
        texts=("ground",),
        rules=(
            is_open,
            since(2, pauses_and_resumes_in_turn),
            since(2, is_paused_by_who_may),
            since(2, lasts_by_no_new_lead),
        ),
        since={"texts.ground": 2},
        was={"data": {"ground": words(200)}},
        before=paused_before,
        signed=5,
    ),
    Kind(
        name=EntryKind.ENGAGEMENT_RESUMED,
        heading=_("Open again"),
        sentence=_("People can speak again."),
        says="People can speak again.",
        pen="program",
        by=("steward", "seat"),
        cites=ENGAGEMENT,
        rules=(
            is_open,
            since(2, pauses_and_resumes_in_turn),
            since(2, is_paused_by_who_may),
        ),
        before=paused_before,
        signed=5,
    ),
    Kind(
        name=EntryKind.ENGAGEMENT_CLOSED,
        heading=_("Closed: people heard back"),
        sentence=_("It is closed: people have heard back in every language."),
        says="The engagement is closed: people have heard back in every language.",
        pen="community",
        by=("seat",),
        cites={**ENGAGEMENT, "report": Cites((EntryKind.REPORT_PUBLISHED,))},
        rules=(
            heard_back,
            since(2, words_of_it_stand),
            since(2, leads_have_standing),
            since(2, is_closed_by_no_one_lead_of_the_unit),
            since(2, intake_is_over),
            since(3, last_voices_are_in),
        ),
        beside=who_promised,
        signed=5,
    ),
)
