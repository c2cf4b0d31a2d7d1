"""Answers: accepted, in part, declined or deferred, always with reasons; a contest once; the reply to it."""

from datetime import date, timedelta

from alongside.core.entries import Entry, LogView, entry_at, unit_of
from alongside.core.grammar.asks import (
    ASK,
    KEEPS_CLOCKS,
    ask_behind,
    clocks_of,
    final_answer,
    gives_all_days,
    hides_no_silence,
    is_by_no_lead_of_its_bureau,
    is_by_no_other_unit,
    is_by_the_asked_unit,
    is_not_too_far,
    is_still_owed,
    office_of,
    put_off,
    waits_for_the_learning,
    who_was_asked,
)
from alongside.core.grammar.bureaus import acts_for, answers_for
from alongside.core.grammar.keys import days_without_key
from alongside.core.grammar.program import signs_for_its_unit
from alongside.core.grammar.shape import Cites, Kind, Once, cited, day, fail, office, one_of, since
from alongside.core.grammar.suspensions import Span, idle_days, last_day, merged
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Named
from alongside.core.words import gettext_noop as _
from alongside.core.workflow.asks import ANSWERS, PROMISES, TELLS, Decision

#: What must give reasons; a lead may say that it gives none.
REASONED = (Decision.ACCEPTED_IN_PART, Decision.DECLINED, Decision.DEFERRED, Decision.TOLD_IN_PART)


def is_signed_off(entry: Entry, _log: LogView) -> None:
    """Refuse an answer that the unit's manager did not sign off."""
    if entry.data["signed_off"] not in entry.by:
        fail("an answer is final only with the manager's sign-off; name the office that signed.")


def is_signed_for_the_unit(entry: Entry, log: LogView) -> None:
    """Refuse an answer or a reply that an office signed off which does not sign for the unit that owes it (promise 4)."""
    unit = unit_of(office_of(log, ask_behind(log, entry)))
    signs_for_its_unit(unit=unit, offices=(entry.data["signed_off"],), log=log)


def reply_is_due_from_today(entry: Entry, _log: LogView) -> None:
    """Refuse a contest whose reply would be late at once."""
    if entry.data["reply_due"] < entry.date.isoformat():
        fail("the day of the reply is to come; name a day from today on.")


def names_who_owes_the_reply(entry: Entry, log: LogView) -> None:
    """Let the clock name the office that owes the reply."""
    ask = cited(cited(cited(entry, "contest", log), "answer", log), "ask", log)
    if entry.data["office"] != office_of(log, ask):
        fail("the reply is owed by {office}; name it.", office=Named(office_of(log, ask)))


def deferral_has_a_day(entry: Entry, _log: LogView) -> None:
    """Let "not yet" mean a day to come, and nothing else carry one (promise 4)."""
    until = entry.data.get("until")
    if entry.data["decision"] == Decision.DEFERRED:
        if until is None or date.fromisoformat(until) <= entry.date:
            fail("a deferral needs the day of the answer; name a day to come.")
    elif until is not None:
        fail("only a deferral carries a day; leave it out.")


def defers_once(entry: Entry, log: LogView) -> None:
    """Let "not yet" be said once: what comes next is an answer or a public "late" (promise 4)."""
    if entry.data["decision"] == Decision.DEFERRED and put_off(log, cited(entry, "ask", log)):
        fail(
            "“not yet” was said once; answer now, or the public log says on the day after that the answer is late."
        )


def tells_only_a_question(entry: Entry, log: LogView) -> None:
    """Let only a question be told: anything else is accepted or not."""
    if entry.data["decision"] in TELLS and cited(entry, "ask", log).kind != EntryKind.ASK_QUESTIONED:
        fail("only a question is told; accept this, decline it or name a day.")


def days_that_stood_still(log: LogView, asked: Entry, today: date) -> list[Span]:
    """List the times until today that count in no days to contest an answer: no lead could act, or who asked had lost their key."""
    own = [one for seat in asked.seats for one in days_without_key(log, seat, today)]
    return merged([*idle_days(log, today), *own])


def contest_is_in_time_and_once(entry: Entry, log: LogView) -> None:
    """Let leads contest an answer once, within the days of the policy; days on which no seat could act do not count."""
    answer = cited(entry, "answer", log)
    if log.citing(answer.index, EntryKind.ANSWER_CONTESTED):
        fail("this answer was contested once; that contest stands. Read its reply, or ask anew.")
    asked = cited(answer, "ask", log)
    clocks = clocks_of(log, asked, entry)
    last = last_day(answer.date, clocks["contest_days"], days_that_stood_still(log, asked, entry.date))
    if entry.date > last:
        fail("an answer can be contested until {last}; ask anew instead.", last=last)
    due = entry.date + timedelta(days=clocks["reply_days"])
    if date.fromisoformat(entry.data["reply_due"]) > due:
        fail("the reply is due by {due} at the latest; set that day.", due=due)
    gives_all_days(entry, "reply_due", due)


def is_about_the_last_answer(entry: Entry, log: LogView) -> None:
    """Refuse to contest what another answer took the place of: two contests of one ask would stand open."""
    answer = cited(entry, "answer", log)
    if log.citing(answer.cites["ask"][0], EntryKind.ANSWER_GIVEN)[-1].index != answer.index:
        fail("a later answer took the place of this one; contest that one.")


def contesters(entry: Entry, log: LogView) -> set[str]:
    """Give the seats that contested an answer or joined in, and who was asked: one person does it in one seat."""
    contest = entry.cites["contest"][0]
    made = [entry_at(contest, log), *log.citing(contest, EntryKind.CONTEST_JOINED)]
    return {seat for one in made for seat in one.seats} | who_was_asked(entry, log)


def joins_an_open_contest_once(entry: Entry, log: LogView) -> None:
    """Let each other lead join a contest once, alone, until its reply or a later answer takes its place."""
    contest = cited(entry, "contest", log)
    if len(entry.by) != 1 or set(entry.by) & contesters(entry, log):
        fail("you have contested this answer; each lead does it once, and alone.")
    ask = ask_behind(log, contest)
    last = final_answer(log, ask) or log.citing(ask.index, EntryKind.ANSWER_GIVEN)[-1]
    if last.index > contest.index or log.citing(contest.index, EntryKind.CONTEST_REPLIED):
        fail("this contest has its reply; read it on the public log.")


def lacks_reasons(entry: Entry, log: LogView) -> None:
    """Let a lead say once, within the days of a contest, that an answer which owes reasons gives none ("No." is none)."""
    answer = cited(entry, "answer", log)
    if answer.data["decision"] not in REASONED:
        fail("this answer owes no reasons; contest it if it is no answer.")
    if log.citing(answer.index, EntryKind.ANSWER_UNREASONED):
        fail("this was said already; it stands on the public log, and nothing more is needed.")
    asked = cited(answer, "ask", log)
    clocks = clocks_of(log, asked, entry)
    last = last_day(answer.date, clocks["contest_days"], days_that_stood_still(log, asked, entry.date))
    if entry.date > last:
        fail("this can be said until {last}; ask anew instead.", last=last)


def replies_once(entry: Entry, log: LogView) -> None:
    """Let the unit that answered reply to a contest once, signed off; the office above where that unit was merged away."""
    contest = cited(entry, "contest", log)
    if log.citing(contest.index, EntryKind.CONTEST_REPLIED):
        fail("this contest has its reply; read it on the public log.")
    answer = cited(contest, "answer", log)
    unit = unit_of(answer.offices[0])
    if entry.v >= KEEPS_CLOCKS:
        unit = unit_of(office_of(log, cited(answer, "ask", log)))
    if not acts_for(unit, entry, log):
        owes = answers_for(unit, log)
        fail("the reply is owed by {unit}; only that bureau may write it.", unit=Named(owes))
    is_signed_off(entry, log)


def is_of_the_last_answer(entry: Entry, log: LogView) -> None:
    """Refuse a reply to a contest of what another answer took the place of, or its silence: the last contest would read as replied to (promise 4)."""
    answer = cited(cited(entry, "contest", log), "answer", log)
    if log.citing(answer.cites["ask"][0], EntryKind.ANSWER_GIVEN)[-1].index != answer.index:
        fail("a later answer took the place of the one that was contested; nothing more is needed.")


def reply_tells_only_a_question(entry: Entry, log: LogView) -> None:
    """Let a reply to a contest tell what was asked, where a question was asked (since grammar 2)."""
    if entry.data["decision"] != Decision.TOLD:
        return
    answer = cited(cited(entry, "contest", log), "answer", log)
    if entry.v == 1 or cited(answer, "ask", log).kind != EntryKind.ASK_QUESTIONED:
        fail("only a question is told; accept this, or say that your answer stands.")


def reply_is_late(entry: Entry, log: LogView) -> None:
    """Let the clock tell that a reply is missing only when it is, and once."""
    contest = cited(entry, "contest", log)
    if entry.date <= date.fromisoformat(contest.data["reply_due"]):
        fail("this reply is not late yet; wait until its day has passed.")
    if log.citing(contest.index, EntryKind.CONTEST_REPLIED) or log.citing(
        contest.index, EntryKind.CONTEST_SILENT
    ):
        fail("this contest has its reply, or its silence is told already; nothing more is needed.")


def promised(entry: Entry) -> bool:
    """Say whether this entry promises something, so that a commitment must follow at once."""
    return (
        entry.kind in {EntryKind.ANSWER_GIVEN, EntryKind.CONTEST_REPLIED}
        and entry.data["decision"] in PROMISES
    )


KINDS = (
    Kind(
        name=EntryKind.ANSWER_GIVEN,
        heading=_("An answer"),
        did=_("answered"),
        says="The city's answer with its reasons. Accepted, in whole or in part, is followed at once by a commitment.",
        pen="city",
        by=("office",),
        data={"decision": one_of(*ANSWERS), "signed_off": office},
        may={"until": day},
        cites=ASK,
        texts=("reasons",),
        rules=(
            is_still_owed,
            is_by_the_asked_unit,
            is_signed_off,
            deferral_has_a_day,
            tells_only_a_question,
            since(2, defers_once),
            since(2, is_signed_for_the_unit),
            since(2, is_by_no_other_unit),
            since(2, is_not_too_far),
            since(2, hides_no_silence),
        ),
    ),
    Kind(
        name=EntryKind.ANSWER_CONTESTED,
        heading=_("The leads contest the answer"),
        did=_("contested"),
        says="The leads say that this is not an answer to what was asked. Once per answer.",
        pen="community",
        by=("seat",),
        signed=4,
        follows=("reply_due",),
        data={"reply_due": day},
        cites={"answer": Cites((EntryKind.ANSWER_GIVEN,))},
        texts=("contest",),
        rules=(
            contest_is_in_time_and_once,
            since(2, reply_is_due_from_today),
            since(2, is_about_the_last_answer),
            since(2, is_by_no_lead_of_its_bureau),
        ),
        beside=who_was_asked,
    ),
    Kind(
        name=EntryKind.CONTEST_JOINED,
        heading=_("Another lead joins the contest"),
        did=_("contested it, too"),
        says="Another lead adds words of their own to a contest, until it has its reply. Once a lead.",
        pen="community",
        by=("seat",),
        signed=4,
        cites={"contest": Cites((EntryKind.ANSWER_CONTESTED,))},
        texts=("contest",),
        rules=(joins_an_open_contest_once, is_by_no_lead_of_its_bureau),
        beside=contesters,
        first=2,
    ),
    Kind(
        name=EntryKind.ANSWER_UNREASONED,
        heading=_("The leads say: no reasons given"),
        did=_("say: no reasons given"),
        sentence=_("The leads say that this answer gives no reasons."),
        says="A lead says that the answer gives no reasons. Once per answer; the office may give them in the reply to a contest.",
        pen="community",
        by=("seat",),
        signed=4,
        cites={"answer": Cites((EntryKind.ANSWER_GIVEN,))},
        rules=(lacks_reasons, since(2, is_by_no_lead_of_its_bureau)),
        beside=who_was_asked,
        first=2,
    ),
    Kind(
        name=EntryKind.CONTEST_REPLIED,
        heading=_("A reply to the contest"),
        did=_("replied"),
        says="The city replies to the contest: its answer stands, it tells a question after all, or it promises after all.",
        pen="city",
        by=("office",),
        data={"decision": one_of(Decision.STANDS, Decision.TOLD, *PROMISES), "signed_off": office},
        cites={"contest": Cites((EntryKind.ANSWER_CONTESTED,))},
        texts=("reply",),
        rules=(
            replies_once,
            since(2, is_of_the_last_answer),
            reply_tells_only_a_question,
            since(2, is_signed_for_the_unit),
            since(2, is_by_no_other_unit),
            since(2, hides_no_silence),
        ),
    ),
    Kind(
        name=EntryKind.CONTEST_SILENT,
        heading=_("No reply by the date"),
        did=_("says that nothing was written by the day"),
        sentence=_("The leads contested an answer. No reply had come by the day."),
        marked=("city", "late"),
        once=Once("contest"),
        says="No reply to the contest was written by the day. The clock enters this by itself.",
        pen="clock",
        by=("clock",),
        data={"office": office},
        cites={"contest": Cites((EntryKind.ANSWER_CONTESTED,))},
        rules=(
            reply_is_late,
            since(2, is_of_the_last_answer),
            since(2, waits_for_the_learning),
            since(2, names_who_owes_the_reply),
        ),
    ),
)
