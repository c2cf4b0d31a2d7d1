"""A unit asks leads for help with a decision; leads take it or decline it; silence is an entry of its own."""

from datetime import date, timedelta

from alongside.core.entries import Entry, LogView, unit_of
from alongside.core.grammar.bureaus import acts_for, answers_for
from alongside.core.grammar.pay import amount, currency
from alongside.core.grammar.program import clocks_told, is_an_office, policy
from alongside.core.grammar.seats import is_in_force
from alongside.core.grammar.shape import (
    Cites,
    Kind,
    Once,
    cited,
    day,
    fail,
    fields,
    list_of,
    malformed,
    number,
    office,
    since,
    slug,
    words,
)
from alongside.core.grammar.silence import Due, Owed
from alongside.core.grammar.ties import leave_it_to_others
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Named
from alongside.core.words import gettext_noop as _
from alongside.core.workflow.invitations import ANSWERS, InvitationStage, stage_of

#: The longest that leads may be given to answer.
LONGEST_DAYS = 366
#: So long a lead who took it holds it alone while no engagement follows.
HELD = timedelta(days=90)


def invites_for_its_own(entry: Entry, log: LogView) -> None:
    """Refuse an invitation by an office that there is not, or of another unit than it names."""
    is_an_office(entry.data["office"], log)
    if any(unit_of(one) != entry.data["unit"] for one in entry.offices):
        fail("a bureau asks for help with its own decisions; name your bureau.")
    if log.about(EntryKind.INVITATION_MADE, entry.data["invitation"]):
        fail("this is asked already; ask for something else under another name.")


def names_its_own_office(entry: Entry, _log: LogView) -> None:
    """Refuse an invitation that names an office of another unit."""
    if unit_of(entry.data["office"]) != entry.data["unit"]:
        fail("the office belongs to the bureau that asks; name one of its offices.")


def leaves_days_to_answer(entry: Entry, _log: LogView) -> None:
    """Refuse an invitation whose days contradict one another."""
    if entry.data["needed_by"] < entry.date.isoformat():
        fail("the decision is past; name a day to come.")
    latest = (entry.date + timedelta(days=LONGEST_DAYS)).isoformat()
    if not entry.date.isoformat() <= entry.data["answer_by"] <= latest:
        fail("leads answer within a year of being asked; name such a day.")


def leaves_leads_their_days(entry: Entry, log: LogView) -> None:
    """Refuse to give leads fewer days to answer than the rules do: so many working days are that many days at least."""
    days = clocks_told(policy(log).data).get("invitation_business_days", 0)
    first = entry.date + timedelta(days=days)
    if entry.data["answer_by"] < first.isoformat():
        fail("leads have until {first} at least to answer; name that day or a later one.", first=first)


def has_lapsed(made: Entry, log: LogView, today: date) -> bool:
    """Say whether the lead who took an invitation sits no more, or let it lie for 90 days: then nobody waits for that lead."""
    taken = log.citing(made.index, EntryKind.INVITATION_TAKEN)
    if not taken or log.citing(made.index, EntryKind.ENGAGEMENT_PROMISED):
        return False
    return today > taken[-1].date + HELD or not is_in_force(log, taken[-1].by[0], today)


def stage_at(made: Entry, log: LogView, today: date) -> InvitationStage:
    """Give where an invitation stands after all that was entered about it."""
    said = [kind for kind in ANSWERS if log.citing(made.index, kind)]
    return stage_of(made, said, today, has_lapsed=has_lapsed(made, log, today))


def is_still_open(entry: Entry, log: LogView) -> None:
    """Refuse to take or take back what was taken or taken back before."""
    stage = stage_at(cited(entry, "invitation", log), log, entry.date)
    if stage == InvitationStage.TAKEN:
        fail("a lead has taken this already; nothing more is needed.")
    if stage == InvitationStage.WITHDRAWN:
        fail("the bureau has withdrawn this; look for another one.")


def is_answered_by_no_lead_of_its_unit(entry: Entry, log: LogView) -> None:
    """Leave what a unit asks for to leads whom its bureau neither pays nor employs: one answers, for all (promise 3)."""
    leave_it_to_others(entry, log, who_invites(entry, log), cited(entry, "invitation", log).index)


def who_invites(entry: Entry, log: LogView) -> set[str]:
    """Give the unit that asks for help, and the one that answers for it where it was merged away."""
    unit = cited(entry, "invitation", log).data["unit"]
    return {unit, answers_for(unit, log)}


def is_not_declined(entry: Entry, log: LogView) -> None:
    """Refuse to decline twice; who changed their mind may still take it."""
    if log.citing(cited(entry, "invitation", log).index, EntryKind.INVITATION_DECLINED):
        fail("this was declined already; a lead may still take it.")


def is_by_its_unit(entry: Entry, log: LogView) -> None:
    """Let only the unit that asked take an invitation back; the office above where that unit was merged away."""
    unit = cited(entry, "invitation", log).data["unit"]
    if not acts_for(unit, entry, log):
        fail("{unit} asked for this; only that bureau may withdraw it.", unit=Named(unit))


def help_owed(log: LogView) -> list[Owed]:
    """List the invitations to which no lead has said anything; once that is told, nobody waits any more."""
    ends = (*ANSWERS, EntryKind.INVITATION_UNANSWERED)
    return [
        Owed(one.index, due, (), due, Due.HELP)
        for one in log.every(EntryKind.INVITATION_MADE)
        for due in [date.fromisoformat(one.data["answer_by"])]
        if not any(log.citing(one.index, kind) for kind in ends)
    ]


def nobody_answered(entry: Entry, log: LogView) -> None:
    """Let the clock tell that no lead took it once, after the day, without days and stages: leads are not an institution.

    In grammar 1 the clock told it in stages, each with the days since.
    """
    made = cited(entry, "invitation", log)
    told = log.citing(made.index, entry.kind)
    late = (entry.date - date.fromisoformat(made.data["answer_by"])).days
    if entry.v == 1:
        if late < 1 or entry.data.get("days") != late:
            fail("leads are late by {days} days; say that number.", days=max(late, 0))
        told = [one for one in told if one.data.get("stage") == entry.data.get("stage")]
    else:
        if entry.data:
            malformed("no lead is late; leave out the days and the stage.")
        if late < 1:
            fail("leads can still answer; wait until their day has passed.")
    if log.citing(made.index, EntryKind.INVITATION_TAKEN):
        fail("a lead has taken this already; nothing more is needed.")
    is_still_open(entry, log)
    is_not_declined(entry, log)
    if told:
        fail("this silence is told already; nothing more is needed.")


INVITATION = {"invitation": Cites((EntryKind.INVITATION_MADE,))}

KINDS = (
    Kind(
        name=EntryKind.INVITATION_MADE,
        heading=_("A bureau asks leads for help"),
        says="A unit asks leads for help: for which decision, by when, at which level, what is open, and with what budget.",
        pen="city",
        by=("office",),
        data={
            "invitation": slug,
            "unit": slug,
            "office": office,
            "needed_by": day,
            "answer_by": day,
            "level": fields({"framework": slug, "level": slug}),
            "pay": amount,
            "interpretation": amount,
            "currency": currency,
        },
        may={"communities": list_of(slug, 1, 40)},
        cites={
            "project": Cites((EntryKind.PROJECT_REGISTERED,), 0, 1),
            "decision": Cites((EntryKind.DECISION_SCHEDULED,), 0, 1),
        },
        texts=("title", "decision", "open"),
        subject="invitation",
        rules=(
            invites_for_its_own,
            leaves_days_to_answer,
            since(2, names_its_own_office),
            since(2, leaves_leads_their_days),
        ),
    ),
    Kind(
        name=EntryKind.INVITATION_TAKEN,
        heading=_("A lead takes it"),
        sentence=_("Leads said yes to a bureau that asked for help."),
        says="A lead takes it: an engagement or an activity of a workplan follows.",
        pen="community",
        by=("seat",),
        cites=INVITATION,
        rules=(is_still_open, since(2, is_answered_by_no_lead_of_its_unit)),
        beside=who_invites,
        signed=5,
    ),
    Kind(
        name=EntryKind.INVITATION_DECLINED,
        heading=_("Leads decline to help"),
        says="Leads decline, with their reason.",
        pen="community",
        by=("seat",),
        cites=INVITATION,
        texts=("reason",),
        rules=(is_still_open, is_not_declined, since(3, is_answered_by_no_lead_of_its_unit)),
        beside=who_invites,
        signed=5,
    ),
    Kind(
        name=EntryKind.INVITATION_WITHDRAWN,
        heading=_("A bureau no longer asks for help"),
        says="The unit takes it back, with its reason.",
        pen="city",
        by=("office",),
        cites=INVITATION,
        texts=("reason",),
        rules=(is_by_its_unit, is_still_open),
    ),
    Kind(
        name=EntryKind.INVITATION_UNANSWERED,
        heading=_("No lead took an invitation"),
        sentence=_("No lead took it by its day. A lead may still take it."),
        marked=("community", ""),
        once=Once("invitation", lambda data, _on: data.get("stage", "once")),
        says="No lead took it by the day. The clock enters this by itself, once; a lead may still take it.",
        pen="clock",
        by=("clock",),
        may={"days": number(1, 36500), "stage": words(20)},
        cites=INVITATION,
        rules=(nobody_answered,),
    ),
)
