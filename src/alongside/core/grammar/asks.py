"""Asks: recommendations, questions and advice points to an office, on one clock; silence is an entry of its own."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from alongside.core.clocks import ANSWER_YEARS, MORE_TIMES, latest_answer, latest_more_time
from alongside.core.entries import Entry, LogView, entry_at, unit_of
from alongside.core.grammar.bureaus import acts_for, answers_for, in_place_of, is_in_place_of
from alongside.core.grammar.program import is_an_office, policies_on, policy, policy_for
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
    office,
    once_for,
    since,
    words,
)
from alongside.core.grammar.silence import Due, Owed, refuse_hidden, told_after
from alongside.core.grammar.ties import leave_it_to_others
from alongside.core.grammar.workplans import DRIVEN, DRIVES, answers_driving_questions
from alongside.core.kinds import EntryKind, Group
from alongside.core.refusals import Named
from alongside.core.words import gettext_noop as _
from alongside.core.words import ngettext_noop as ngettext
from alongside.core.workflow.asks import ASK_KINDS, FINAL, MOVES, Decision, answer_due
from alongside.core.workflow.engagements import PAUSES, changes_of, course_of

ASK = {"ask": Cites(ASK_KINDS)}
#: From this version of the grammar on, what was promised keeps its clocks.
KEEPS_CLOCKS = 2
#: From this version on, a reply to a contest that tells or promises is the final answer.
ENDS_IN_A_REPLY = 2
#: From this version on, an office has all the days that the rules give it, and those that a pause of people's days moved.
GIVES_ALL_DAYS = 3
#: By which role each step after an ask is about the one before it.
LEADS_BACK = ("claim", "commitment", "contest", "raise", "answer", "ask")


def due_of(log: LogView, ask: Entry) -> date:
    """Give the day by which an answer is due now: as asked, or as it was moved since."""
    moves = sorted((one for kind in MOVES for one in log.citing(ask.index, kind)), key=lambda one: one.index)
    return answer_due(date.fromisoformat(ask.data["answer_due"]), moves)


def office_of(log: LogView, ask: Entry) -> str:
    """Give the office that owes the answer now: the last one it was moved to, else the one that was asked."""
    moves = log.citing(ask.index, EntryKind.ASK_TRANSFERRED)
    return str((moves[-1] if moves else ask).data["office"])


def final_answer(log: LogView, ask: Entry, v: int = ENDS_IN_A_REPLY) -> Entry | None:
    """Give the answer that ends the clock, or None while one is owed, as the grammar of version `v` judged it."""
    for entry in log.citing(ask.index, EntryKind.ANSWER_GIVEN):
        reply = ended_in_reply(log, entry, v)
        if reply or entry.data["decision"] in FINAL:
            return reply or entry
    return told_from_above(log, ask)


def ended_in_reply(log: LogView, answer: Entry, v: int = ENDS_IN_A_REPLY) -> Entry | None:
    """Give the reply to a contest that tells or promises what the answer did not, or None."""
    if v < ENDS_IN_A_REPLY:
        return None
    replies = [
        reply
        for one in log.citing(answer.index, EntryKind.ANSWER_CONTESTED)
        for reply in log.citing(one.index, EntryKind.CONTEST_REPLIED)
    ]
    return next((one for one in replies if one.data["decision"] in FINAL), None)


def put_off(log: LogView, ask: Entry) -> bool:
    """Say whether an ask was answered with "not yet" before."""
    return any(
        one.data["decision"] == Decision.DEFERRED for one in log.citing(ask.index, EntryKind.ANSWER_GIVEN)
    )


def told_from_above(log: LogView, ask: Entry) -> Entry | None:
    """Give the reply of the office above that tells what a unit did not, or None."""
    raised = [
        reply
        for one in log.citing(ask.index, EntryKind.ASK_RAISED)
        for reply in log.citing(one.index, EntryKind.RAISE_REPLIED)
    ]
    return next((one for one in raised if one.data["decision"] == Decision.TOLD), None)


def promised_answer(log: LogView, promise: int, office: str, v: int = GIVES_ALL_DAYS) -> date | None:
    """Give the answer-by day of a promise for an office that is asked, as the grammar of version `v` judged it; None where there is none.

    It binds the unit that promised it, or the one that answers for it. It is the day as last corrected; where a pause
    moved the last day to speak past it, it is that day. An earlier version counted no pause, and bound every office.
    """
    made = entry_at(promise, log)
    if v >= GIVES_ALL_DAYS and not _binds(made, office, log):
        return None
    changes = changes_of(promise, log)
    if v < GIVES_ALL_DAYS:
        changes = [one for one in changes if one.kind not in PAUSES]
    return course_of(made, changes).answer_by


def _binds(promise: Entry, office: str, log: LogView) -> bool:
    unit = promise.data.get("unit")
    return unit is not None and answers_for(unit, log) == unit_of(office)


def answer_of_brief(brief: Mapping[str, Any], on: date, v: int = GIVES_ALL_DAYS) -> date | None:
    """Give the day by which a brief promises answers to advice of a day, as the grammar of version `v` judged it, or None.

    It binds advice that came by its own day: later advice has all days of the rules, or its office would be late in a
    night (promise 4). An earlier version bound whatever came by the day of the answers.
    """
    last = brief["advice_by"] if v >= GIVES_ALL_DAYS else brief["answer_by"]
    return date.fromisoformat(brief["answer_by"]) if on.isoformat() <= last else None


def clocks_of(log: LogView, ask: Entry, entry: Entry) -> Mapping[str, int]:
    """Give the clocks by which an entry about an ask is judged: those in force when its engagement was promised, or it was asked."""
    rules = policy(log) if entry.v < KEEPS_CLOCKS else policy_for(log, promised_at(ask))
    return dict(rules.data["clocks"])


def promised_at(ask: Entry) -> int:
    """Give the entry whose rules an ask keeps: its engagement's promise, the brief it answers, or the ask itself."""
    return min([ask.index, *ask.cites.get("engagement", ()), *ask.cites.get("consultation", ())])


def ask_behind(log: LogView, entry: Entry) -> Entry:
    """Follow what an entry is about back to its ask."""
    while entry.kind not in ASK_KINDS:
        entry = cited(entry, next((one for one in LEADS_BACK if one in entry.cites), ""), log)
    return entry


def starts_the_clock(entry: Entry, log: LogView) -> None:
    """Refuse an ask whose clock is longer than the policy or than the engagement's own promise (promise 4), or shorter."""
    clocks = clocks_of(log, entry, entry)
    latest = entry.date + timedelta(days=clocks["answer_days"])
    for index in entry.cites.get("engagement", ()):
        promised = promised_answer(log, index, entry.data["office"], entry.v)
        if promised and promised >= entry.date:
            latest = min(latest, promised)
    for brief in all_cited(entry, "consultation", log):
        promised = answer_of_brief(brief.data, entry.date, entry.v)
        latest = min(latest, promised) if promised else latest
    if date.fromisoformat(entry.data["answer_due"]) > latest:
        fail("the answer is due by {latest} at the latest; set that day.", latest=latest)
    soonest = min(latest, entry.date + timedelta(days=clocks["acknowledge_business_days"]))
    gives_all_days(entry, "answer_due", latest)
    gives_all_days(entry, "ack_due", soonest)
    if entry.data["ack_due"] > entry.data["answer_due"]:
        fail("it must be acknowledged before the answer is due; set an earlier day for that.")


def gives_all_days(entry: Entry, name: str, given: date) -> None:
    """Refuse a day that comes sooner than the rules, a promise or a brief give it: an office would be late in a night (promise 4)."""
    if entry.v >= GIVES_ALL_DAYS and entry.data[name] < given.isoformat():
        fail("the rules give this office until {given}; set that day.", given=given)


def names_an_office(entry: Entry, log: LogView) -> None:
    """Let an ask go only to an office that there is, so that someone owes the answer (promise 4)."""
    is_an_office(entry.data["office"], log)


def rests_on_findings(entry: Entry, _log: LogView) -> None:
    """Refuse a recommendation that rests on nothing."""
    if entry.kind == EntryKind.ASK_RECOMMENDED and not entry.cites.get("finding"):
        fail("a recommendation names nothing that was heard; name what it is based on.")


def is_a_point_of_its_advice(entry: Entry, log: LogView) -> None:
    """Let an advice point stand only with its own advice, under the same seats, to the office that the brief names."""
    advice, brief = cited(entry, "advice", log), cited(entry, "consultation", log)
    if advice.cites["consultation"] != entry.cites["consultation"]:
        fail("the advice belongs to another consultation; cite its own.")
    if advice.by != entry.by:
        fail("a point is made by the leads who signed its advice; sign both alike.")
    if not is_in_place_of(brief.data["office"], entry, log):
        fail(
            "the brief says that {office} answers; address the point to it.",
            office=Named(brief.data["office"]),
        )


def follows_up_once(entry: Entry, log: LogView) -> None:
    """Let a question follow up on an answered one of the same unit, once."""
    for before in all_cited(entry, "follows", log):
        if not any(log.citing(before.index, kind) for kind in (EntryKind.ANSWER_GIVEN, EntryKind.ASK_RAISED)):
            fail("a question follows up on an answer; wait for it.")
        asked = log.citing(before.index, EntryKind.ASK_QUESTIONED)
        if any(before.index in one.cites.get("follows", ()) for one in asked):
            fail("this was followed up once; ask a question of its own.")
        if in_place_of(unit_of(office_of(log, before)), entry, log) != unit_of(entry.data["office"]):
            fail("a follow-up goes to the bureau that answered; ask another bureau a question of its own.")


def stands_on_a_list_of_its_office(entry: Entry, log: LogView) -> None:
    """Let a question stand only on a list to the office that it asks, by the same lead."""
    for listed in all_cited(entry, "list", log):
        if (listed.data["office"], listed.by) != (entry.data["office"], entry.by):
            fail("the list is another one; cite the list of this office and this lead.")


def is_still_owed(entry: Entry, log: LogView) -> None:
    """Refuse to move or remind of an ask that has its final answer."""
    if final_answer(log, cited(entry, "ask", log), entry.v):
        fail("this has its answer; read it on the public log.")


def is_by_the_asked_unit(entry: Entry, log: LogView) -> None:
    """Let only the unit that owes the answer act on an ask."""
    unit = unit_of(office_of(log, cited(entry, "ask", log)))
    if not any(unit_of(one) == unit for one in entry.offices):
        fail("{unit} owes this answer; only that bureau may do this.", unit=Named(unit))


def is_by_no_other_unit(entry: Entry, log: LogView) -> None:
    """Refuse an answer or a reply under which an office of another unit stands: it would speak for who owes it (promise 4)."""
    unit = answers_for(unit_of(office_of(log, ask_behind(log, entry))), log)
    if any(unit_of(one) != unit for one in entry.offices):
        fail("the answer is owed by {unit}; only that bureau may write it.", unit=Named(unit))


def is_handed_on_by_who_may(entry: Entry, log: LogView) -> None:
    """Let the unit that owes the answer hand an ask on, and the office above where that unit was merged away (promise 4)."""
    unit = unit_of(office_of(log, cited(entry, "ask", log)))
    if not acts_for(unit, entry, log):
        fail("{unit} owes this answer; only that bureau may do this.", unit=Named(answers_for(unit, log)))


def hands_on_in_time(entry: Entry, log: LogView) -> None:
    """Refuse to hand to another unit what is late, or due before that unit had the days to say that it has it (promise 4).

    Whoever had the days answers for them. A unit that was merged away can take no more time, so of it the office above hands on.
    """
    ask = cited(entry, "ask", log)
    unit = unit_of(office_of(log, ask))
    if unit_of(entry.data["office"]) == unit or answers_for(unit, log) != unit:
        return
    days, due = clocks_of(log, ask, entry)["acknowledge_business_days"], due_of(log, ask)
    if due < entry.date + timedelta(days=days):
        fail(
            "the answer is due by {due}, which leaves another bureau fewer than {days} days; take more time first, then hand it on.",
            due=due,
            days=days,
        )


def moves_the_date_on(entry: Entry, log: LogView) -> None:
    """Let more time mean later, and only after a reason."""
    if date.fromisoformat(entry.data["until"]) <= due_of(log, cited(entry, "ask", log)):
        fail("more time means a later day; name a day after the one that stands.")


def moves_to_a_day_to_come(entry: Entry, _log: LogView) -> None:
    """Refuse more time until a day that is past, which the record would call late at once (promise 4)."""
    if entry.data["until"] <= entry.date.isoformat():
        fail("more time means a day to come; name a day after today.")


def takes_no_time_after_a_deferral(entry: Entry, log: LogView) -> None:
    """Let "not yet" be said once: more time after it would be another one (promise 4)."""
    if put_off(log, cited(entry, "ask", log)):
        fail("“not yet” was said once; answer by its day, or the public log says that the answer is late.")


def takes_little_more_time(entry: Entry, log: LogView) -> None:
    """Let more time be taken twice, to a day within a year of the one first due: a clock that moves on for ever is none."""
    ask = cited(entry, "ask", log)
    if len(log.citing(ask.index, entry.kind)) >= MORE_TIMES:
        fail(
            "more time was taken twice; answer by the day that stands, or the public log says that the answer is late."
        )
    latest = latest_more_time(date.fromisoformat(ask.data["answer_due"]))
    if date.fromisoformat(entry.data["until"]) > latest:
        fail(
            "more time ends by {latest}, a year after the day first due; name a day until then.",
            latest=latest,
        )


happens_once = once_for(
    "this was done already; it stands on the public log, and nothing more is needed.",
    "ask",
    "Refuse to do the same step of an ask twice.",
)


def is_not_born_late(entry: Entry, _log: LogView) -> None:
    """Refuse an ask that is late on the day it is asked."""
    if not entry.date.isoformat() <= entry.data["ack_due"]:
        fail("these days are over; name days from today on.")


def rests_on_one_thread(entry: Entry, log: LogView) -> None:
    """Let an ask cite the engagement that its findings are of, whose promise binds its clock, and no other."""
    of = {found.cites["engagement"] for found in all_cited(entry, "finding", log)}
    own = entry.cites.get("engagement")
    if (of or own) and own not in of:
        fail("this was heard in another engagement; name that one.")


def is_not_too_far(entry: Entry, _log: LogView) -> None:
    """Refuse a day so far off that the clock would end with it (promise 4)."""
    if entry.data.get("until", "") > latest_answer(entry.date).isoformat():
        fail("that day is too far off; name one within {years} years.", years=ANSWER_YEARS)


def clarifies_what_was_unclear(entry: Entry, log: LogView) -> None:
    """Let leads clear up only what was asked of this ask."""
    unclear = cited(entry, "unclear", log)
    if unclear.cites["ask"] != entry.cites["ask"]:
        fail("this was asked of something else; cite what was asked of this.")


def goes_to_another_office(entry: Entry, log: LogView) -> None:
    """Refuse to move an ask to the office that has it."""
    if entry.data["office"] == office_of(log, cited(entry, "ask", log)):
        fail("this office has it already; name another one.")


def who_had(ask: Entry, log: LogView) -> set[str]:
    """Give the units that were asked, owe the answer or gave one, and those that answer for one that was merged away.

    Through which units the City only handed an ask does not matter, nor which one said “not yet” and handed it on: it cannot
    tie leads to it by that.
    """
    given = [
        each
        for each in log.citing(ask.index, EntryKind.ANSWER_GIVEN)
        if each.data["decision"] != Decision.DEFERRED
    ]
    gave = [one for each in given for one in each.offices]
    had = {unit_of(one) for one in (ask.data["office"], office_of(log, ask), *gave)}
    return had | {answers_for(unit, log) for unit in had}


def asked_in(entry: Entry, log: LogView) -> Entry | None:
    """Give the ask of which leads say something once for all of them; None where they ask something new."""
    role = next((one for one in ("follows", "ask", "answer", "contest") if entry.cites.get(one)), "")
    return ask_behind(log, cited(entry, role, log)) if role else None


def who_was_asked(entry: Entry, log: LogView) -> set[str]:
    """Give the units that were asked, owe the answer or gave one, and those that answer for one that was merged away."""
    ask = asked_in(entry, log)
    return set() if ask is None else who_had(ask, log)


def offices_asked(ask: Entry, log: LogView) -> set[str]:
    """Give the offices that were asked, owe the answer or gave one."""
    given = [one for each in log.citing(ask.index, EntryKind.ANSWER_GIVEN) for one in each.offices]
    return {str(ask.data["office"]), office_of(log, ask), *given}


def who_asked(ask: Entry, log: LogView) -> set[str]:
    """Give the seats whose leads asked, raised it, contested an answer or joined in: none of them answers it for the City."""
    given = log.citing(ask.index, EntryKind.ANSWER_GIVEN)
    contests = [one for each in given for one in log.citing(each.index, EntryKind.ANSWER_CONTESTED)]
    joined = [one for each in contests for one in log.citing(each.index, EntryKind.CONTEST_JOINED)]
    said = (ask, *log.citing(ask.index, EntryKind.ASK_RAISED), *contests, *joined)
    return {seat for one in said for seat in one.seats}


def is_by_no_lead_of_its_bureau(entry: Entry, log: LogView) -> None:
    """Leave what leads say once of an ask to leads whom no bureau that was asked, owes it or answered pays or employs, or did since (promise 4)."""
    ask = asked_in(entry, log)
    if ask is not None:
        leave_it_to_others(entry, log, who_had(ask, log), ask.index)


def names_who_owes(entry: Entry, log: LogView) -> None:
    """Let the clock name the office that owes the answer."""
    owes = office_of(log, cited(entry, "ask", log))
    if entry.data["office"] != owes:
        fail("the answer is owed by {office}; name it.", office=Named(owes))


def who_hears(silent: str, above: str, signing: Iterable[str]) -> list[str]:
    """Name the office above, which hears that an office is silent; where that is the silent one itself, the others that sign."""
    others = [one for one in signing if one != silent] if silent == above else []
    return others or [above]


def tells_the_office_above(entry: Entry, log: LogView) -> None:
    """Let the clock tell a silence only once there is one, and to the office above of a policy in force that day (promise 4)."""
    is_an_office(entry.data["to"], log)
    if due_of(log, cited(entry, "ask", log)) >= entry.date:
        fail("this answer is not late yet; wait until its day has passed.")
    rules = [one.data for one in policies_on(log, entry.date) if "escalate_to" in one.data]
    hear = [
        one for told in rules for one in who_hears(entry.data["office"], told["escalate_to"], told["signing"])
    ]
    if hear and entry.data["to"] not in hear:
        fail("the office above hears of this silence; name it: {office}.", office=Named(hear[-1]))


def is_late(entry: Entry, log: LogView) -> None:
    """Let the clock tell silence only after the day, and each stage once of the day that stands."""
    ask = cited(entry, "ask", log)
    due = due_of(log, ask)
    late = (entry.date - due).days
    if late < 1:
        fail("this answer is not late yet; wait until its day has passed.")
    if entry.data["days"] != late:
        fail("the answer is late by {late} days; say that number.", late=late)
    told = told_after(log.citing(ask.index, EntryKind.ASK_SILENT), due)
    if any(one.data["stage"] == entry.data["stage"] for one in told):
        fail("this silence is told already; nothing more is needed.")


def learning_until(log: LogView, unit: str) -> date | None:
    """Give the last day of a unit's learning period, or None where it has none."""
    agreed = log.about(EntryKind.LEARNING_AGREED, unit)
    return date.fromisoformat(agreed[0].data["until"]) if agreed else None


def all_learn(ends: Iterable[date | None]) -> date | None:
    """Give the day until which all of these units learn, or None where one of them does not."""
    days = list(ends)
    return None if None in days else min(one for one in days if one)


def quiet_until(log: LogView, ask: Entry, commitment: Entry | None = None) -> date | None:
    """Give the last day on which nothing late is told of an ask, or of what was promised to it; None where it is told at once.

    Every unit that had the ask learns until then, the one that was asked first among them: an ask keeps its clock where it
    is handed to a bureau that learns. And what was told once does not become quiet.
    """
    made = [commitment] if commitment else []
    if log.citing(ask.index, EntryKind.ASK_SILENT) or any(
        log.citing(one.index, EntryKind.COMMITMENT_LATE) for one in made
    ):
        return None
    had = [one.data["office"] for one in (ask, *log.citing(ask.index, EntryKind.ASK_TRANSFERRED), *made)]
    return all_learn(learning_until(log, unit) for unit in {unit_of(one) for one in had})


def waits_for_the_learning(entry: Entry, log: LogView) -> None:
    """Let the clock tell nothing late while all who had an ask learn, and nothing late was told of it."""
    unit = unit_of(entry.data["office"])
    if entry.kind == EntryKind.RAISE_SILENT:
        until = learning_until(log, unit)
    else:
        until = quiet_until(log, ask_behind(log, entry), _commitment(log, entry))
    if until and entry.date <= until:
        fail("{unit} learns until {until}; nothing late is told of it before.", unit=Named(unit), until=until)


def _commitment(log: LogView, entry: Entry) -> Entry | None:
    return cited(entry, "commitment", log) if "commitment" in entry.cites else None


def owed_to(log: LogView, ask: Entry) -> list[Owed]:
    """List what is owed to an ask now: its answer, the reply to a contest, and that of the office above."""
    return [*_answer_owed(log, ask), *_replies_owed(log, ask), *_replies_above_owed(log, ask)]


def _answer_owed(log: LogView, ask: Entry) -> list[Owed]:
    if final_answer(log, ask):
        return []
    due = due_of(log, ask)
    told = told_after(log.citing(ask.index, EntryKind.ASK_SILENT), due)
    return [Owed(ask.index, due, told, max(due, quiet_until(log, ask) or due))]


def _replies_owed(log: LogView, ask: Entry) -> list[Owed]:
    """List the reply to a contest that is owed: one that came, or a later answer to the ask, ends it."""
    answers = log.citing(ask.index, EntryKind.ANSWER_GIVEN)
    last = told_from_above(log, ask)
    ends = max([one.index for one in answers] + ([last.index] if last else []), default=-1)
    found = []
    for contest in (
        one for answer in answers for one in log.citing(answer.index, EntryKind.ANSWER_CONTESTED)
    ):
        if contest.index > ends and not log.citing(contest.index, EntryKind.CONTEST_REPLIED):
            due = date.fromisoformat(contest.data["reply_due"])
            told = told_after(log.citing(contest.index, EntryKind.CONTEST_SILENT), due)
            quiet = max(due, quiet_until(log, ask) or due)
            found.append(Owed(contest.index, due, told, quiet, Due.REPLY))
    return found


def _replies_above_owed(log: LogView, ask: Entry) -> list[Owed]:
    found = []
    for raised in log.citing(ask.index, EntryKind.ASK_RAISED):
        if not log.citing(raised.index, EntryKind.RAISE_REPLIED):
            due = date.fromisoformat(raised.data["reply_due"])
            told = told_after(log.citing(raised.index, EntryKind.RAISE_SILENT), due)
            quiet = max(due, learning_until(log, unit_of(raised.data["to"])) or due)
            found.append(Owed(raised.index, due, told, quiet, Due.REPLY_ABOVE))
    return found


def hides_no_silence(entry: Entry, log: LogView) -> None:
    """Refuse what ends or moves a clock that has run out, unless an entry told before that nothing came (promise 4)."""
    refuse_hidden(owed_to(log, ask_behind(log, entry)), entry)


def _the_day_and_its_stage(data: Mapping[str, Any], on: date) -> str:
    """Name the day that passed, too: after more time was given, the same stages are told again."""
    return f"{on - timedelta(days=data['days'])} {data['stage']}"


ACTS_FOR_UNIT = (is_still_owed, is_by_the_asked_unit, since(3, is_by_no_other_unit))
CLOCK = ("ack_due", "answer_due")
OWED = {"office": office, "ack_due": day, "answer_due": day}
RESTS = {
    "finding": Cites((EntryKind.FINDING_PUBLISHED,), 0, 50),
    "engagement": Cites((EntryKind.ENGAGEMENT_PROMISED,), 0, 1),
    "before": Cites(ASK_KINDS, 0, 50),
    **DRIVES,
}
#: A question, or a list of them, may say which project it is about.
OF_A_PROJECT = {"project": Cites((EntryKind.PROJECT_REGISTERED,), 0, 1)}

KINDS = (
    Kind(
        name=EntryKind.ASK_RECOMMENDED,
        heading=_("A recommendation"),
        did=_("recommended"),
        says="What the city should do, addressed to one office, with the day an answer is due.",
        pen="community",
        by=("seat",),
        signed=4,
        follows=CLOCK,
        data=OWED,
        may=DRIVEN,
        cites=RESTS,
        texts=("title", "ask"),
        rules=(
            names_an_office,
            rests_on_findings,
            starts_the_clock,
            answers_driving_questions,
            since(2, is_not_born_late),
            since(2, rests_on_one_thread),
        ),
    ),
    Kind(
        name=EntryKind.ASK_QUESTIONED,
        heading=_("A question"),
        did=_("asked"),
        says="What the city must tell, addressed to one office, with the day an answer is due.",
        pen="community",
        by=("seat",),
        signed=4,
        follows=CLOCK,
        data=OWED,
        may=DRIVEN,
        cites={
            **RESTS,
            **OF_A_PROJECT,
            "list": Cites((EntryKind.ASK_LISTED,), 0, 1),
            "follows": Cites((EntryKind.ASK_QUESTIONED,), 0, 1),
        },
        texts=("title", "ask"),
        since={"cites.project": 3},
        rules=(
            names_an_office,
            starts_the_clock,
            answers_driving_questions,
            follows_up_once,
            stands_on_a_list_of_its_office,
            since(2, is_not_born_late),
            since(2, rests_on_one_thread),
            since(2, is_by_no_lead_of_its_bureau),
        ),
        beside=who_was_asked,
    ),
    Kind(
        name=EntryKind.ASK_ADVISED,
        heading=_("A point of advice"),
        did=_("advised"),
        says="One point of the leads' advice on a data product, with the day an answer is due.",
        pen="community",
        by=("seat",),
        signed=4,
        follows=CLOCK,
        data=OWED,
        cites={
            "advice": Cites((EntryKind.ADVICE_PUBLISHED,)),
            "consultation": Cites((EntryKind.CONSULTATION_OPENED,)),
            "before": Cites(ASK_KINDS, 0, 50),
        },
        texts=("title", "ask"),
        rules=(names_an_office, is_a_point_of_its_advice, starts_the_clock, since(2, is_not_born_late)),
    ),
    Kind(
        name=EntryKind.ASK_ACKNOWLEDGED,
        heading=_("The office has it"),
        did=_("received this"),
        sentence=_("The office says that it has this and will see to it."),
        says="The office says that it has the ask and who will see to it, as an office.",
        pen="city",
        by=("office",),
        cites=ASK,
        rules=(*ACTS_FOR_UNIT, happens_once),
    ),
    Kind(
        name=EntryKind.ASK_UNCLEAR,
        heading=_("The office asks what is meant"),
        did=_("asked what is meant"),
        among=Group.ANSWER,
        says="The office asks the leads what they mean. The clock goes on.",
        pen="city",
        by=("office",),
        cites=ASK,
        texts=("question",),
        rules=ACTS_FOR_UNIT,
    ),
    Kind(
        name=EntryKind.ASK_CLARIFIED,
        heading=_("The leads say what they mean"),
        did=_("said what they mean"),
        says="The leads say what they mean.",
        pen="community",
        by=("seat",),
        signed=4,
        cites={**ASK, "unclear": Cites((EntryKind.ASK_UNCLEAR,))},
        texts=("clarification",),
        rules=(
            is_still_owed,
            since(2, clarifies_what_was_unclear),
            since(2, is_by_no_lead_of_its_bureau),
        ),
        beside=who_was_asked,
    ),
    Kind(
        name=EntryKind.ASK_EXTENDED,
        heading=_("More time, with a reason"),
        did=_("took more time"),
        among=Group.ANSWER,
        says="The office takes more time, with a reason and a new day.",
        pen="city",
        by=("office",),
        data={"until": day},
        cites=ASK,
        texts=("reason",),
        rules=(
            *ACTS_FOR_UNIT,
            moves_the_date_on,
            since(2, moves_to_a_day_to_come),
            since(2, takes_no_time_after_a_deferral),
            since(2, is_not_too_far),
            since(2, takes_little_more_time),
            since(2, hides_no_silence),
        ),
    ),
    Kind(
        name=EntryKind.ASK_TRANSFERRED,
        heading=_("Moved to another office"),
        did=_("moved this to another bureau"),
        among=Group.ANSWER,
        says="The ask went to the wrong unit; it moves to another office, with a reason. The clock goes on, so days are left to that office.",
        pen="city",
        by=("office",),
        data={"office": office},
        cites=ASK,
        texts=("reason",),
        rules=(
            is_still_owed,
            is_handed_on_by_who_may,
            names_an_office,
            since(2, goes_to_another_office),
            since(2, hides_no_silence),
            since(3, hands_on_in_time),
        ),
    ),
    Kind(
        name=EntryKind.ASK_SILENT,
        heading=_("No answer by the date"),
        did=_("says that nothing was written by the day"),
        counted=ngettext(
            "An answer was due on %(day)s. %(n)d day later, none had come.",
            "An answer was due on %(day)s. %(n)d days later, none had come.",
        ),
        marked=("city", "late"),
        once=Once("ask", _the_day_and_its_stage),
        says="Nothing was written by the day. The clock enters this by itself, the day after and then in steps.",
        pen="clock",
        by=("clock",),
        data={"office": office, "days": number(1, 36500), "stage": words(20)},
        cites=ASK,
        rules=(
            is_still_owed,
            is_late,
            since(2, waits_for_the_learning),
            since(2, names_a_stage),
            since(2, names_who_owes),
        ),
    ),
    Kind(
        name=EntryKind.ASK_ESCALATED,
        heading=_("The office above was told"),
        did=_("told the office above"),
        sentence=_("No answer had come by the day, so the office above was told."),
        marked=("city", "late"),
        once=Once("ask"),
        says="The silence was told to the office above.",
        pen="clock",
        by=("clock",),
        data={"office": office, "to": office},
        cites=ASK,
        rules=(
            is_still_owed,
            happens_once,
            since(2, waits_for_the_learning),
            since(2, names_who_owes),
            since(2, tells_the_office_above),
        ),
    ),
)
