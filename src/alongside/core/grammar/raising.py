"""Lists of questions; and a question that was refused or met with silence, raised to the office above."""

from datetime import date, timedelta

from alongside.core.entries import Entry, LogView, unit_of
from alongside.core.grammar.asks import (
    OF_A_PROJECT,
    clocks_of,
    due_of,
    final_answer,
    gives_all_days,
    happens_once,
    hides_no_silence,
    is_by_no_lead_of_its_bureau,
    names_an_office,
    office_of,
    waits_for_the_learning,
    who_hears,
    who_was_asked,
)
from alongside.core.grammar.bureaus import acts_for, answers_for
from alongside.core.grammar.program import is_an_office, policy, signs_for_its_unit
from alongside.core.grammar.shape import Cites, Kind, Once, cited, day, fail, number, office, one_of, since
from alongside.core.kinds import EntryKind, Group
from alongside.core.refusals import Named
from alongside.core.words import gettext_noop as _
from alongside.core.workflow.asks import LACKING, Decision


def was_refused_or_met_with_silence(entry: Entry, log: LogView) -> None:
    """Let leads raise a question only when it was refused, told in part, or is late."""
    ask = cited(entry, "ask", log)
    if ask.kind != EntryKind.ASK_QUESTIONED:
        fail("a question is raised; contest the answer to anything else.")
    if entry.data["office"] != office_of(log, ask):
        fail("the question is owed by {office}; name it.", office=Named(office_of(log, ask)))
    final = final_answer(log, ask, entry.v)
    if final and final.data["decision"] not in LACKING:
        fail("this question has its answer; contest the answer instead.")
    if final is None and due_of(log, ask) >= entry.date:
        fail("the answer is not late yet; wait for its day.")


def goes_to_an_office_in_time(entry: Entry, log: LogView) -> None:
    """Let a question be raised to an office that there is, with a reply due as soon as one to a contest."""
    is_an_office(entry.data["to"], log)
    latest = entry.date + timedelta(days=clocks_of(log, cited(entry, "ask", log), entry)["reply_days"])
    if date.fromisoformat(entry.data["reply_due"]) > latest:
        fail("the reply is due by {day} at the latest; set that day.", day=latest)
    gives_all_days(entry, "reply_due", latest)


def goes_up_from_today(entry: Entry, _log: LogView) -> None:
    """Refuse to raise a question to the office that owes it, or with a reply that would be late at once."""
    if entry.data["to"] == entry.data["office"]:
        fail("a question is raised to another office than the one that owes it; name that one.")
    if entry.data["reply_due"] < entry.date.isoformat():
        fail("the day of the reply is to come; name a day from today on.")


def goes_to_the_office_above(entry: Entry, log: LogView) -> None:
    """Refuse to raise a question to another office than the one that hears of silences under the policy in force."""
    told = policy(log).data
    hears = who_hears(str(entry.data["office"]), told["escalate_to"], told["signing"])
    if entry.data["to"] not in hears:
        fail("a question is raised to the office above, {office}; name that one.", office=Named(hears[0]))


def is_by_the_office_above(entry: Entry, log: LogView) -> None:
    """Let the unit to which a question was raised reply, once; the office above of today where that unit was merged away."""
    about = cited(entry, "raise", log)
    unit = unit_of(about.data["to"])
    if not acts_for(unit, entry, log):
        owes = answers_for(unit, log)
        fail("the reply is owed by {unit}; only that bureau may write it.", unit=Named(owes))
    if log.citing(about.index, EntryKind.RAISE_REPLIED):
        fail("this has its reply; read it on the public log.")


def is_signed_above(entry: Entry, log: LogView) -> None:
    """Refuse a reply by an office that does not sign for the unit above."""
    signs_for_its_unit(unit=unit_of(cited(entry, "raise", log).data["to"]), offices=entry.offices, log=log)


def names_the_office_above(entry: Entry, log: LogView) -> None:
    """Let the clock name the office to which the question was raised."""
    owes = cited(entry, "raise", log).data["to"]
    if entry.data["office"] != owes:
        fail("the reply is owed by {office}; name it.", office=Named(owes))


def is_late_above(entry: Entry, log: LogView) -> None:
    """Let the clock tell that the office above is silent only when it is, and once."""
    about = cited(entry, "raise", log)
    if entry.date <= date.fromisoformat(about.data["reply_due"]):
        fail("this reply is not late yet; wait until its day has passed.")
    if log.citing(about.index, EntryKind.RAISE_REPLIED) or log.citing(about.index, EntryKind.RAISE_SILENT):
        fail("this has its reply, or its silence is told already; nothing more is needed.")


RAISE = {"raise": Cites((EntryKind.ASK_RAISED,))}

KINDS = (
    Kind(
        name=EntryKind.ASK_LISTED,
        heading=_("A list of questions"),
        says="A list of questions that leads put to one office. The questions cite it; each has its own clock.",
        pen="community",
        by=("seat",),
        signed=4,
        data={"office": office, "questions": number(2, 500)},
        cites=OF_A_PROJECT,
        since={"cites.project": 3},
        texts=("title",),
        rules=(names_an_office,),
    ),
    Kind(
        name=EntryKind.ASK_RAISED,
        heading=_("A question was raised to the office above"),
        did=_("raised this to the office above"),
        says="Leads raise a refused or unanswered question to the office above, with the day a reply is due.",
        pen="community",
        by=("seat",),
        signed=4,
        follows=("reply_due",),
        data={"office": office, "to": office, "reply_due": day},
        cites={"ask": Cites((EntryKind.ASK_QUESTIONED,))},
        texts=("reason",),
        rules=(
            was_refused_or_met_with_silence,
            goes_to_an_office_in_time,
            happens_once,
            since(2, goes_up_from_today),
            since(2, goes_to_the_office_above),
            since(2, is_by_no_lead_of_its_bureau),
        ),
        beside=who_was_asked,
    ),
    Kind(
        name=EntryKind.RAISE_REPLIED,
        heading=_("The office above replied"),
        did=_("replied"),
        among=Group.ANSWER,
        says="The office above replies: it tells what was asked, or says why it stands as it is.",
        pen="city",
        by=("office",),
        data={"decision": one_of(Decision.TOLD, Decision.STANDS)},
        cites=RAISE,
        texts=("reply",),
        rules=(is_by_the_office_above, since(2, is_signed_above), since(2, hides_no_silence)),
    ),
    Kind(
        name=EntryKind.RAISE_SILENT,
        heading=_("The office above wrote nothing by the date"),
        did=_("says that nothing was written by the day"),
        sentence=_("The office above had written nothing by the day."),
        marked=("city", "late"),
        once=Once("raise"),
        says="The office above wrote nothing by the day. The clock enters this by itself.",
        pen="clock",
        by=("clock",),
        data={"office": office},
        cites=RAISE,
        rules=(is_late_above, since(2, waits_for_the_learning), since(2, names_the_office_above)),
    ),
)
