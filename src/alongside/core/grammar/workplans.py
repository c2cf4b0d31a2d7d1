"""Workplans as the record sees them: versions that both sides sign, and how their activities come along."""

from alongside.core.entries import Entry, LogView, unit_of
from alongside.core.grammar.bureaus import in_place_of
from alongside.core.grammar.program import signs_for_its_unit
from alongside.core.grammar.seats import is_left, is_removed, leads_have_standing, seated
from alongside.core.grammar.shape import (
    Check,
    Cites,
    Kind,
    all_cited,
    cited,
    day,
    fail,
    her_words,
    hex64,
    list_of,
    number,
    one_of,
    since,
    slug,
)
from alongside.core.grammar.ties import leave_it_to_others, works_elsewhere
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Named
from alongside.core.words import gettext_noop as _
from alongside.core.workflow.commitments import BARE, Completion
from alongside.core.workflow.workplans import COMMUNITY, parties_of, sides_of


def missing_from(proposed: Entry, log: LogView) -> frozenset[str]:
    """Name the sides that have not signed a version yet; none where it is in force or was."""
    signed = sides_of(proposed)
    for one in log.citing(proposed.index, EntryKind.WORKPLAN_SIGNED):
        signed |= sides_of(one)
    return parties_of(proposed) - signed


def version_of(entry: Entry, log: LogView) -> Entry:
    """Give the version that an entry is about."""
    version = cited(entry, "version", log)
    if version.data["workplan"] != entry.data["workplan"]:
        fail("the version belongs to another workplan; cite its own.")
    return version


def is_by_one_party(entry: Entry, log: LogView) -> None:
    """Let one side write at a time, and only a side of this plan: a seat of its cohort, or an office of its units."""
    plan = version_of(entry, log) if "version" in entry.cites else entry
    if len(entry.by) != 1:
        fail("one side signs at a time; name one place or one office.")
    if not sides_of(entry) <= parties_of(plan):
        fail("only the leads of the cohort and the bureaus of the plan write in it; ask one of them.")
    for one in entry.seats:
        taken = log.about(EntryKind.SEAT_TAKEN, one)
        if not taken or taken[-1].data["cohort"] != plan.data["cohort"]:
            fail("{seat} is in another cohort; ask a lead of the plan's own cohort.", seat=Named(one))
        if is_left(log, one, entry.date):
            fail("{seat} is over; ask a lead of the cohort today.", seat=Named(one))


def is_not_by_an_employee_of_the_other_side(entry: Entry, log: LogView) -> None:
    """Refuse a lead whom a unit of the plan, or its bureau, employs, or did since the plan was first proposed (promise 6)."""
    first = next(iter(log.about(EntryKind.WORKPLAN_PROPOSED, entry.data["workplan"])), entry)
    works_elsewhere(entry, log, who_plans(entry, log), first.index)


def is_told_by_no_lead_of_its_bureau(entry: Entry, log: LogView) -> None:
    """Leave the leads' word on an activity to those whom no unit of the plan pays or employs, where another lead could say it."""
    first = log.about(EntryKind.WORKPLAN_PROPOSED, entry.data["workplan"])[0]
    leave_it_to_others(entry, log, who_plans(entry, log), first.index)


def who_plans(entry: Entry, log: LogView) -> set[str]:
    """Give the units of a plan, as it stands and as it was first proposed."""
    plan = version_of(entry, log) if "version" in entry.cites else entry
    first = next(iter(log.about(EntryKind.WORKPLAN_PROPOSED, plan.data["workplan"])), plan)
    return {*plan.data["units"], *first.data["units"]}


def is_signed_for_the_unit(entry: Entry, log: LogView) -> None:
    """Refuse a version that an office signs which does not sign for its unit (promise 6)."""
    for one in entry.offices:
        signs_for_its_unit(unit=unit_of(one), offices=entry.offices, log=log)


def keeps_its_parties(entry: Entry, log: LogView) -> None:
    """Refuse a version that leaves out a side, which then could not say no; who answers for a merged unit stands in its place (promise 6)."""
    for first in log.about(EntryKind.WORKPLAN_PROPOSED, entry.data["workplan"])[:1]:
        was = first.data["units"]
        today = [in_place_of(one, entry, log) for one in was]
        units = was if today == was else sorted(set(today))
        if (entry.data["cohort"], entry.data["units"]) != (first.data["cohort"], units):
            fail("a workplan keeps its cohort and its bureaus; begin another workplan for others.")
    if len(set(entry.data["units"])) != len(entry.data["units"]) or COMMUNITY in entry.data["units"]:
        fail("each bureau is named once, and none may be called community; choose each one time.")


def counts_on(entry: Entry, log: LogView) -> None:
    """Let versions follow one another by number, each citing the one before."""
    earlier = log.about(EntryKind.WORKPLAN_PROPOSED, entry.data["workplan"])
    if entry.data["version"] != len(earlier) + 1:
        fail("the next version is number {number}; say that number.", number=len(earlier) + 1)
    if entry.cites.get("before", ()) != tuple(one.index for one in earlier[-1:]):
        fail("a version follows the one before it; read the latest version and sign again.")


def new_leads_change_no_plan(entry: Entry, log: LogView) -> None:
    """Refuse a version after the first, and its signature, by a lead whose seat is new beside older ones (promise 6)."""
    plan = version_of(entry, log) if "version" in entry.cites else entry
    if plan.data["version"] > 1:
        leads_have_standing(entry, log)


def signs_the_latest(entry: Entry, log: LogView) -> None:
    """Refuse a signature on a version that was changed since (promise 6)."""
    version = version_of(entry, log)
    latest = log.about(EntryKind.WORKPLAN_PROPOSED, entry.data["workplan"])[-1]
    if latest.index != version.index:
        fail("a newer version was signed since; read that one and sign it.")


def signs_the_same_text(entry: Entry, log: LogView) -> None:
    """Refuse a signature over another hash than the one that the first side signed (promise 6)."""
    if entry.data["plan"] != version_of(entry, log).texts["plan"]["sha256"]:
        fail("these are not the words of the version; read the version again and sign what it says.")


def is_the_other_side(entry: Entry, log: LogView) -> None:
    """Refuse a second signature of one side in place of the other's (promise 6)."""
    version = version_of(entry, log)
    if not sides_of(entry) <= missing_from(version, log):
        fail("this side has signed this version; the other side signs it.")


def its_leads_still_stand(entry: Entry, log: LogView) -> None:
    """Refuse an office that completes what a removed lead signed, or what a cohort signed of whom nobody sits any more (promise 6)."""
    version = version_of(entry, log)
    signed = [version, *log.citing(version.index, EntryKind.WORKPLAN_SIGNED)]
    for one in [seat for told in signed for seat in told.seats]:
        if is_removed(log, one, entry.date):
            fail(
                "{seat} signed this and was removed; let another lead sign a newer version.", seat=Named(one)
            )
    cohorts = {log.about(EntryKind.SEAT_TAKEN, one)[-1].data["cohort"] for one in seated(log, entry.date)}
    if version.data["cohort"] not in cohorts:
        fail("this cohort has no lead today; begin a workplan with the leads of today.")


def is_an_activity_in_force(entry: Entry, log: LogView) -> None:
    """Let progress be told only of an activity in a version that both sides signed."""
    version = version_of(entry, log)
    if missing_from(version, log):
        fail("both sides have not signed this version; progress is told of a plan in force.")
    if entry.data["activity"] not in version.data["activities"]:
        fail("the plan in force has no such activity; name one that it has.")


def shows_how_far(entry: Entry, _log: LogView) -> None:
    """Refuse progress without evidence, or from a day to come."""
    if entry.data["completion"] not in BARE and "evidence" not in entry.texts:
        fail("say what shows it; only what is not started needs no evidence.")
    if entry.data["on"] > entry.date.isoformat():
        fail("progress is told once it is there; name today or an earlier day.")


def signers(entry: Entry, log: LogView) -> set[str]:
    """Give the seats and offices that signed the same version, and the units of the plan."""
    version = version_of(entry, log)
    told = (version, *log.citing(version.index, EntryKind.WORKPLAN_SIGNED))
    return {one for each in told for one in each.by} | who_plans(entry, log)


#: What a finding or an ask carries to say which driving question of a plan it answers. Older entries have neither.
DRIVES = {"workplan": Cites((EntryKind.WORKPLAN_PROPOSED,), 0, 1)}
DRIVEN: dict[str, Check] = {"driving_questions": list_of(slug, 1, 20)}


def answers_driving_questions(entry: Entry, log: LogView) -> None:
    """Let a driving question be cited only by its id in a version that both sides signed."""
    named = entry.data.get("driving_questions", ())
    if bool(entry.cites.get("workplan")) != bool(named):
        fail("a driving question is cited by its workplan and its id together; give both or neither.")
    for version in all_cited(entry, "workplan", log):
        if missing_from(version, log):
            fail("both sides have not signed this version; cite a workplan in force.")
        if not set(named) <= set(version.data["questions"]) or len(set(named)) != len(named):
            fail("the workplan has no such driving question; name one that it has, once.")


VERSION = {"version": Cites((EntryKind.WORKPLAN_PROPOSED,))}
PARTIES = ("seat", "office")

KINDS = (
    Kind(
        name=EntryKind.WORKPLAN_PROPOSED,
        heading=_("A workplan that one side signed"),
        marked=("both", "owed"),
        says="A version of a workplan, signed by one side. It is in force once every side has signed the same hash.",
        pen="both",
        by=PARTIES,
        data={
            "workplan": slug,
            "cohort": slug,
            "units": list_of(slug, 1, 12),
            "version": number(1, 10_000),
            "questions": list_of(slug, 1, 60),
            "activities": list_of(slug, 1, 200),
        },
        cites={
            "before": Cites((EntryKind.WORKPLAN_PROPOSED,), 0, 1),
            "project": Cites((EntryKind.PROJECT_REGISTERED,), 0, 60),
            "decision": Cites((EntryKind.DECISION_SCHEDULED,), 0, 60),
        },
        texts=("title", "plan"),
        subject="workplan",
        rules=(
            is_by_one_party,
            keeps_its_parties,
            counts_on,
            since(2, new_leads_change_no_plan),
            since(2, is_not_by_an_employee_of_the_other_side),
            since(2, is_signed_for_the_unit),
        ),
        beside=who_plans,
        signed=5,
        alone=True,
    ),
    Kind(
        name=EntryKind.WORKPLAN_SIGNED,
        heading=_("The other side signed the workplan"),
        sentence=_("The other side signed the same words of a workplan."),
        says="The other side signs the same hash of a workplan's version.",
        pen="both",
        by=PARTIES,
        data={"workplan": slug, "plan": hex64},
        cites=VERSION,
        subject="workplan",
        rules=(
            is_by_one_party,
            signs_the_latest,
            signs_the_same_text,
            is_the_other_side,
            since(2, its_leads_still_stand),
            since(2, new_leads_change_no_plan),
            since(2, is_not_by_an_employee_of_the_other_side),
            since(2, is_signed_for_the_unit),
        ),
        beside=signers,
        signed=5,
        alone=True,
    ),
    Kind(
        name=EntryKind.WORKPLAN_PROGRESSED,
        heading=_("How far an activity is"),
        sentence=_("One side says how far an activity of a workplan is."),
        says="How far an activity of a workplan in force is, in the OGP words, and what shows it.",
        pen="both",
        by=PARTIES,
        data={"workplan": slug, "activity": slug, "completion": one_of(*Completion), "on": day},
        cites=VERSION,
        may_text=("evidence",),
        subject="workplan",
        rules=(
            is_by_one_party,
            is_an_activity_in_force,
            shows_how_far,
            since(3, is_told_by_no_lead_of_its_bureau),
        ),
        beside=who_plans,
        before=her_words("workplan", EntryKind.WORKPLAN_PROGRESSED),
        signed=5,
        alone=True,
    ),
)
