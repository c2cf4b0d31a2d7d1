"""What holds for entries about city projects: whose they are, what follows what, and that no row of a file is lost."""

from datetime import date

from alongside.core.clocks import latest_milestone
from alongside.core.entries import Entry, LogView, unit_of
from alongside.core.grammar.bureaus import answers_for, units_of
from alongside.core.grammar.program import is_an_office, signs_for
from alongside.core.grammar.seats import is_left
from alongside.core.grammar.shape import all_cited, cited, fail, first_of
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Named
from alongside.core.workflow.engagements import course_at

#: What changes the day of a decision; nothing moves one that was made.
MOVES = (EntryKind.DECISION_MOVED, EntryKind.DECISION_MADE)
COUNTED = ("added", "changed", "same", "wrong")


def says_something(entry: Entry, _log: LogView) -> None:
    """Refuse a description that tells no fact."""
    if not entry.texts and not set(entry.data) - {"project"}:
        fail("this says nothing of the project; give at least one fact.")


def is_of_its_project(entry: Entry, log: LogView) -> None:
    """Let an entry name the project that it cites, and no other."""
    project = cited(entry, "project", log)
    if project.data["project"] != entry.data["project"]:
        fail("this belongs to another project; open the page of the project itself.")


def is_by_one_seat_that_sits(entry: Entry, log: LogView) -> None:
    """Let one lead write for themselves, while they sit."""
    if len(entry.by) != 1:
        fail("one lead says it; name one place.")
    if is_left(log, entry.by[0], entry.date):
        fail("this place was left; ask a lead of the cohort today.")


def works_on(project: int, who: str, log: LogView) -> bool:
    """Say whether a seat works on a project, from what was entered about it."""
    moves = _moves(project, who, log)
    return bool(moves) and moves[-1].kind == EntryKind.PROJECT_JOINED


def _moves(project: int, who: str, log: LogView) -> list[Entry]:
    """List how a seat joined and left a project, in order."""
    kinds = (EntryKind.PROJECT_JOINED, EntryKind.PROJECT_LEFT)
    there = [one for kind in kinds for one in log.citing(project, kind) if one.data["seat"] == who]
    return sorted(there, key=lambda one: one.index)


def who_worked_on(project: int, first: date, last: date, log: LogView) -> frozenset[str]:
    """Name the seats that worked on a project on any day from `first` to `last`."""
    seats = {one.data["seat"] for one in log.citing(project, EntryKind.PROJECT_JOINED)}
    moves = {one: _moves(project, one, log) for one in seats}
    return frozenset(
        seat
        for seat, theirs in moves.items()
        for joined, left in zip(theirs[::2], [*theirs[1::2], None], strict=False)
        if joined.date <= last and (left is None or left.date >= first)
    )


def joins_once(entry: Entry, log: LogView) -> None:
    """Refuse to let a seat join what it works on, or leave what it does not."""
    if entry.data["seat"] not in entry.by:
        fail("a lead joins and leaves for themselves; name the place that says it.")
    joins = entry.kind == EntryKind.PROJECT_JOINED
    if works_on(entry.cites["project"][0], entry.data["seat"], log) is joins:
        if joins:
            fail("this place works on it already; nothing more is needed.")
        fail("this place does not work on it; nothing more is needed.")


project_is_new = first_of(
    "this project is on the public log already; describe that one, or choose another name.",
    "project",
    "Refuse to register a project twice.",
)


def decision_is_new(entry: Entry, log: LogView) -> None:
    """Refuse to schedule a decision of a project twice, or by an office that there is not: it is moved with a reason."""
    same = log.about(EntryKind.DECISION_SCHEDULED, entry.data["decision"])
    if any(one.cites["project"] == entry.cites["project"] for one in same):
        fail("this decision is on the public log already; move it, with a reason.")
    is_an_office(entry.data["office"], log)


def is_not_decided(entry: Entry, log: LogView) -> None:
    """Refuse to move or to tell a decision that was made."""
    if log.citing(entry.cites["decision"][0], EntryKind.DECISION_MADE):
        fail("this decision was made; what comes next is a decision of its own.")
    point = cited(entry, "decision", log)
    if point.data["decision"] != entry.data["decision"]:
        fail("this belongs to another decision; open the page of the decision itself.")


def day_of_decision(log: LogView, decision: Entry) -> str:
    """Give the day of a decision as it stands: the one on which it was made, else as it was moved last, else as scheduled."""
    changes = [one for kind in MOVES for one in log.citing(decision.index, kind)]
    return str((changes[-1] if changes else decision).data["on"])


def is_by_who_decides(entry: Entry, log: LogView) -> None:
    """Refuse a decision that an office schedules, moves or tells as made which is neither of the project's unit nor of the deciding one."""
    point = cited(entry, "decision", log) if "decision" in entry.cites else entry
    project = cited(point, "project", log)
    units = {answers_for(one, log) for one in (project.data["unit"], unit_of(point.data["office"]))}
    if {unit_of(one) for one in entry.offices} - units:
        fail(
            "the bureau of the project, or the one that decides, gives it a day and tells what was decided; ask {units}.",
            units=sorted(Named(one) for one in units),
        )


def is_of_the_bureau_of_its_file(entry: Entry, log: LogView) -> None:
    """Refuse to give another bureau what came in with the file of one: no bureau takes it out of the register of another."""
    for file in all_cited(entry, "import", log):
        if "unit" not in file.data:
            continue
        owner = answers_for(file.data["unit"], log)
        if answers_for(entry.data["unit"], log) != owner:
            fail("this came in with the file of {unit}; name that bureau.", unit=Named(owner))


def is_by_its_bureau(entry: Entry, log: LogView) -> None:
    """Let an office write only of what its own unit owns, and name only a unit of the policy in force; the steward writes of each."""
    told = cited(entry, "project", log) if "project" in entry.cites else entry
    if told is entry and entry.data["unit"] not in units_of(log):
        fail("{unit} is no bureau of the policy in force; name one it has.", unit=Named(entry.data["unit"]))
    mine = answers_for(told.data["unit"], log)
    if {unit_of(one) for one in entry.offices} - {mine}:
        fail("the bureau of a project says what it is; ask {unit}.", unit=Named(mine))


def is_signed_while_people_speak(entry: Entry, log: LogView) -> None:
    """Let only an office that signs for its unit make a decision, or move it to a sooner day, while people can speak on it (promise 1)."""
    point = cited(entry, "decision", log)
    if entry.kind == EntryKind.DECISION_MOVED and entry.data["on"] >= day_of_decision(log, point):
        return
    promises = [course_at(one.index, log) for one in log.citing(point.index, EntryKind.ENGAGEMENT_PROMISED)]
    days = [one.closes for one in promises if one.is_taking(entry.date) or is_made_early(entry, one.closes)]
    if days and not any(signs_for(one, log) for one in entry.offices):
        fail(
            "people can speak on this to {day}; an office that signs for its bureau decides it before then, or moves it to a sooner day. "
            "Ask its manager.",
            day=max(days),
        )


def is_made_early(entry: Entry, closes: date) -> bool:
    """Say whether an entry tells that something was decided before the last day to speak was over."""
    return entry.kind == EntryKind.DECISION_MADE and date.fromisoformat(entry.data["on"]) <= closes


def is_decided_within_reason(entry: Entry, _log: LogView) -> None:
    """Refuse a decision in a year that nobody lives to see."""
    if date.fromisoformat(entry.data["on"]) > latest_milestone(entry.date):
        fail("a decision is scheduled for a day within ten years; name a nearer one.")


def is_moved_ahead(entry: Entry, _log: LogView) -> None:
    """Refuse to move a decision to a day that is over."""
    if entry.data["on"] < entry.date.isoformat():
        fail("a decision is moved to a day from today on; if it was made already, say what was decided.")


def was_made_since(entry: Entry, log: LogView) -> None:
    """Refuse to tell a decision as made before it was scheduled, or before the day it was scheduled for where that is earlier."""
    point = cited(entry, "decision", log)
    first = min(point.date.isoformat(), str(point.data["on"]))
    if entry.data["on"] < first:
        fail(
            "this decision is not told as made before {first}, the day it was put on the public log or was scheduled for; name a later day.",
            first=date.fromisoformat(first),
        )


def was_made_by_then(entry: Entry, _log: LogView) -> None:
    """Refuse to tell today what was decided on a day to come."""
    if entry.data["on"] > entry.date.isoformat():
        fail("a decision is told once it is made; name today or an earlier day.")


def names_each_once(entry: Entry, _log: LogView) -> None:
    """Let a harm be named once in an entry."""
    if len(set(entry.data["harms"])) != len(entry.data["harms"]):
        fail("a harm is named twice; choose each one time.")


def accounts_for_every_row(entry: Entry, log: LogView) -> None:
    """Refuse an import that lost a row, or that follows another register's."""
    data = entry.data
    if data["rows"] != sum(data[name] for name in COUNTED):
        fail("the rows of the file are not all told; added, changed, same and wrong add up to them.")
    earlier = log.about(EntryKind.REGISTER_IMPORTED, data["register"])
    if entry.cites.get("before", ()) != tuple(one.index for one in earlier[-1:]):
        fail("another file came in meanwhile; look at the register again, then send yours.")


def follows_from_the_file_before(entry: Entry, log: LogView) -> None:
    """Refuse an import after which more or fewer rows stand in the list than stood there, with those that came and without those that are gone."""
    data, before = entry.data, all_cited(entry, "before", log)
    stood = sum(one.data["listed"] for one in before)
    found = data["same"] + data["changed"] + data["gone"]
    if data["listed"] != stood + data["added"] - data["gone"] or found > stood:
        fail("rows were lost or came from nowhere since the file before; count them again.")


def withdraws_the_file_before(entry: Entry, log: LogView) -> None:
    """Refuse to withdraw a file before the last one, or an entry that withdrew a file itself."""
    gone = all_cited(entry, "withdraws", log)
    if any(one.index not in entry.cites.get("before", ()) for one in gone):
        fail("only the last file of a register is withdrawn; withdraw that one first.")
    if any(one.cites.get("withdraws") for one in gone):
        fail("what withdrew a file is not withdrawn itself; bring the file in again.")
