"""What kinds, pens and the texts of entries are called on pages, in plain words."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alongside.core.entries import Entry
from alongside.core.kinds import EntryKind
from alongside.ground.ui.days import day_in_words

PENS: dict[str, str | Promise] = {
    "community": _("Community"),
    "city": _("City"),
    "both": _("Both"),
    "clock": _("The clock"),
    "program": _("The program"),
}

KINDS: dict[str, str | Promise] = {
    EntryKind.PROGRAM_OPENED: _("The program began"),
    EntryKind.POLICY_ADOPTED: _("Rules of the program"),
    EntryKind.RECORD_RESUMED: _("The log goes on after a loss"),
    EntryKind.CLOCK_AGREED: _("The clock goes on after a gap"),
    EntryKind.CLOCK_FAULTED: _("The clock was wrong"),
    EntryKind.COHORT_SEATED: _("A cohort began"),
    EntryKind.COHORT_ENDED: _("A cohort ended"),
    EntryKind.SEAT_TAKEN: _("A seat was taken"),
    EntryKind.SEAT_DECLARED: _("Who pays or employs a lead"),
    EntryKind.SEAT_LEFT: _("A seat is empty"),
    EntryKind.SEAT_SUSPENDED: _("A seat was suspended"),
    EntryKind.SEAT_RESTORED: _("A seat was restored"),
    EntryKind.SEAT_REMOVED: _("A seat was removed"),
    EntryKind.REMOVAL_APPEALED: _("A removal is appealed"),
    EntryKind.REMOVAL_DECIDED: _("An appeal was decided"),
    EntryKind.VACANCY_OPENED: _("A seat waits for someone"),
    EntryKind.VACANCY_LATE: _("A seat has been empty too long"),
    EntryKind.ROLE_CHANGED: _("A role in the cohort"),
    EntryKind.CALL_PUBLISHED: _("An open call"),
    EntryKind.CALL_CORRECTED: _("A correction of a call"),
    EntryKind.LOTTERY_ANNOUNCED: _("The rules of a lottery"),
    EntryKind.LOTTERY_DRAWN: _("A lottery was drawn"),
    EntryKind.LOTTERY_ATTESTED: _("A witness ran the lottery again"),
    EntryKind.SELECTION_CLOSED: _("How people were chosen"),
    EntryKind.CHARTER_ADOPTED: _("A charter to sign"),
    EntryKind.CHARTER_SIGNED: _("The charter was signed"),
    EntryKind.MEETING_PLANNED: _("A meeting is planned"),
    EntryKind.MEETING_CHANGED: _("A meeting was moved or cancelled"),
    EntryKind.MEETING_HELD: _("Minutes of a meeting"),
    EntryKind.MEETING_DISSENTED: _("A minority position"),
    EntryKind.PAY_BUDGETED: _("What a cohort may be paid"),
    EntryKind.PAY_TOTALED: _("What a cohort was paid"),
    EntryKind.KEY_FOUNDED: _("A first key of the leads"),
    EntryKind.KEY_CERTIFIED: _("Two leads vouched for a key"),
    EntryKind.KEY_MADE: _("The leads made a key"),
    EntryKind.KEY_TESTED: _("A lead tested the key"),
    EntryKind.KEY_SHARED: _("The key was shared with one more lead"),
    EntryKind.KEY_DESTROYED: _("The leads destroyed the key"),
    EntryKind.COURSE_OFFERED: _("A course is open"),
    EntryKind.COURSE_REWORDED: _("A course in other words"),
    EntryKind.TRAINING_COMPLETED: _("Who completed training, as a range"),
    EntryKind.PROJECT_REGISTERED: _("A city project"),
    EntryKind.REGISTER_IMPORTED: _("Projects came in from a file"),
    EntryKind.PROJECT_DESCRIBED: _("What the City says of a project"),
    EntryKind.PROJECT_JOINED: _("A lead works on a project"),
    EntryKind.PROJECT_LEFT: _("A lead no longer works on a project"),
    EntryKind.HARM_NAMED: _("Harm that a community sees"),
    EntryKind.DECISION_SCHEDULED: _("A decision with a date"),
    EntryKind.DECISION_MOVED: _("A decision has another day"),
    EntryKind.DECISION_MADE: _("What was decided"),
    EntryKind.INVITATION_MADE: _("A unit asks leads for help"),
    EntryKind.INVITATION_TAKEN: _("A lead takes it"),
    EntryKind.INVITATION_DECLINED: _("Leads decline to help"),
    EntryKind.INVITATION_WITHDRAWN: _("A unit no longer asks for help"),
    EntryKind.INVITATION_UNANSWERED: _("No lead took an invitation"),
    EntryKind.WORKPLAN_PROPOSED: _("A workplan that one side signed"),
    EntryKind.WORKPLAN_SIGNED: _("The other side signed the workplan"),
    EntryKind.WORKPLAN_PROGRESSED: _("How far an activity is"),
    EntryKind.ENGAGEMENT_PROMISED: _("A promise"),
    EntryKind.ENGAGEMENT_CORRECTED: _("A correction of a promise"),
    EntryKind.ENGAGEMENT_PAUSED: _("Paused"),
    EntryKind.ENGAGEMENT_RESUMED: _("Open again"),
    EntryKind.ENGAGEMENT_CLOSED: _("Closed: people heard back"),
    EntryKind.CONSULTATION_OPENED: _("A consultation with its brief"),
    EntryKind.MATERIAL_ENTERED: _("Something to review"),
    EntryKind.CONSULTATION_WITHDRAWN: _("The unit took a consultation back"),
    EntryKind.ADVICE_PUBLISHED: _("Advice of the leads"),
    EntryKind.VOICES_PUBLISHED: _("A batch of voices"),
    EntryKind.VOICES_CLOSED: _("The last voices are in"),
    EntryKind.VOICES_OPENED: _("The leads opened voices"),
    EntryKind.FINDING_PUBLISHED: _("A finding"),
    EntryKind.ASK_RECOMMENDED: _("A recommendation"),
    EntryKind.ASK_QUESTIONED: _("A question"),
    EntryKind.ASK_ADVISED: _("A point of advice"),
    EntryKind.ASK_ACKNOWLEDGED: _("The office has it"),
    EntryKind.ASK_UNCLEAR: _("The office asks what is meant"),
    EntryKind.ASK_CLARIFIED: _("The leads say what they mean"),
    EntryKind.ASK_EXTENDED: _("More time, with a reason"),
    EntryKind.ASK_TRANSFERRED: _("Moved to another office"),
    EntryKind.ASK_SILENT: _("No answer by the date"),
    EntryKind.ASK_ESCALATED: _("The office above was told"),
    EntryKind.LEARNING_ASKED: _("A bureau asks for a learning period"),
    EntryKind.LEARNING_AGREED: _("Leads agreed to a learning period"),
    EntryKind.ASK_LISTED: _("A list of questions"),
    EntryKind.ASK_RAISED: _("A question was raised to the office above"),
    EntryKind.RAISE_REPLIED: _("The office above replied"),
    EntryKind.RAISE_SILENT: _("The office above wrote nothing by the date"),
    EntryKind.ANSWER_GIVEN: _("An answer"),
    EntryKind.ANSWER_CONTESTED: _("The leads contest the answer"),
    EntryKind.CONTEST_JOINED: _("Another lead joins the contest"),
    EntryKind.ANSWER_UNREASONED: _("The leads say: no reasons given"),
    EntryKind.CONTEST_REPLIED: _("A reply to the contest"),
    EntryKind.CONTEST_SILENT: _("No reply by the date"),
    EntryKind.COMMITMENT_MADE: _("A commitment"),
    EntryKind.COMMITMENT_LATE: _("A milestone is late"),
    EntryKind.DELIVERY_CLAIMED: _("The City says it is done"),
    EntryKind.DELIVERY_VERIFIED: _("Kept: both sides say so"),
    EntryKind.DELIVERY_DISPUTED: _("Disputed by community leads"),
    EntryKind.DELIVERY_UNCHECKED: _("Nobody has checked yet"),
    EntryKind.REPORT_PUBLISHED: _("What came of it"),
    EntryKind.TEXT_TRANSLATED: _("A translation"),
    EntryKind.TEXT_ERASED: _("A text was taken down"),
    EntryKind.ROW_ERASED: _("A row from a file was taken down"),
    EntryKind.HOLD_PLACED: _("A legal hold"),
    EntryKind.HOLD_LIFTED: _("The legal hold was lifted"),
    EntryKind.RECONSTRUCTED_PROMISE: _("From old sources: a promise"),
    EntryKind.RECONSTRUCTED_VOICES: _("From old sources: people spoke"),
    EntryKind.RECONSTRUCTED_FINDING: _("From old sources: what was heard"),
    EntryKind.RECONSTRUCTED_ASK: _("From old sources: what was asked"),
    EntryKind.RECONSTRUCTED_ANSWER: _("From old sources: an answer"),
    EntryKind.RECONSTRUCTED_COMMITMENT: _("From old sources: a commitment"),
    EntryKind.RECONSTRUCTED_DELIVERY: _("From old sources: a delivery"),
    EntryKind.RECONSTRUCTED_REPORT: _("From old sources: a report"),
    EntryKind.RECONSTRUCTED_GAP: _("From old sources: nothing was found"),
}


def is_from_sources(kind: str) -> bool:
    """Say whether an entry was reconstructed from old sources, which it names."""
    return kind.startswith("reconstructed.")


def told_from(kinds: Iterable[str]) -> str:
    """Say whence what a page tells comes, for the banner of a demonstration: "sources", "both", or "" where it is made up."""
    found = {is_from_sources(kind) for kind in kinds}
    return {frozenset({True}): "sources", frozenset({True, False}): "both"}.get(frozenset(found), "")


#: The mark that stands beside a kind: pen, state.
MARKS: dict[str, tuple[str, str]] = {
    EntryKind.ASK_SILENT: ("city", "late"),
    EntryKind.ASK_ESCALATED: ("city", "late"),
    EntryKind.CONTEST_SILENT: ("city", "late"),
    EntryKind.RAISE_SILENT: ("city", "late"),
    EntryKind.INVITATION_UNANSWERED: ("community", ""),
    EntryKind.COMMITMENT_LATE: ("city", "late"),
    EntryKind.VACANCY_LATE: ("city", "late"),
    EntryKind.DELIVERY_CLAIMED: ("city", "claimed"),
    EntryKind.DELIVERY_VERIFIED: ("both", ""),
    EntryKind.DELIVERY_DISPUTED: ("both", "disputed"),
    EntryKind.DELIVERY_UNCHECKED: ("community", "owed"),
    EntryKind.WORKPLAN_PROPOSED: ("both", "owed"),
}


def mark_of(kind: str, pen: str) -> tuple[str, str]:
    """Give the pen and the state of the mark beside a kind; entries of the clock show the city's empty place."""
    return MARKS.get(kind, ({"clock": "city", "program": "both"}.get(pen, pen), ""))


ANSWERS: dict[str, str | Promise] = {
    "accepted": _("Accepted"),
    "accepted_in_part": _("Accepted in part"),
    "declined": _("Declined"),
    "deferred": _("Not yet"),
    "told": _("Told"),
    "told_in_part": _("Told in part"),
}
#: What an entry decided, by its kind and the word in it.
DECISIONS: dict[str, dict[str, str | Promise]] = {
    EntryKind.ANSWER_GIVEN: ANSWERS,
    EntryKind.CONTEST_REPLIED: ANSWERS | {"stands": _("The answer stands")},
    EntryKind.REMOVAL_DECIDED: {"stands": _("The removal stands"), "lifted": _("The removal is lifted")},
}
#: On what ground a seat was removed, as far as the public hears.
REMOVED: dict[str, str | Promise] = {
    "absent": _("Was away from more meetings than the charter allows"),
    "asked": _("The lead asked for it"),
    "charter-broken": _("Broke a rule of the charter"),
    "conflict-of-interest": _("Had a conflict of interest"),
    "harm": _("Someone was harmed or put at risk"),
    "no-longer-eligible": _("No longer meets what the call asked"),
}


def decided(entry: Entry) -> list[tuple[str, str]]:
    """Say what an entry decided, by when an answer that was put off will come, or its ground; nothing for other entries."""
    words = DECISIONS.get(entry.kind, {}).get(str(entry.data.get("decision", "")))
    if words is None:
        ground = str(entry.data.get("ground", ""))
        return [(gettext("On what ground"), str(REMOVED.get(ground, ground)))] if ground else []
    return [(gettext("Decision"), str(words)), (gettext("Answer by"), day_in_words(entry.data.get("until")))]


#: What a text of an entry is called beside its translation; a number follows where there are several.
TEXTS: dict[str, str | Promise] = {
    "about": _("What it is about"),
    "access": _("What you can count on"),
    "advised_by": _("Words"),
    "advice": _("What the leads advise"),
    "agenda": _("Agenda"),
    "appeal": _("How to object"),
    "ask": _("What was asked"),
    "asked_again": _("Why we ask again"),
    "can_change": _("What can change"),
    "cannot_change": _("What cannot change"),
    "changes": _("How this charter changes"),
    "check": _("What the leads saw"),
    "choosing": _("How people are chosen"),
    "claim": _("What the City says"),
    "clarification": _("Words"),
    "conduct": _("How we treat each other, and when a seat ends"),
    "consent": _("What their words are used for"),
    "consultation": _("How the public was asked"),
    "contest": _("Words"),
    "correction": _("The correction, and why"),
    "data_used": _("What data it uses"),
    "datasets": _("Datasets"),
    "decision": _("Decision"),
    "decisions": _("How we decide"),
    "documents": _("Documents"),
    "doing": _("What you would do"),
    "evidence": _("Evidence"),
    "file": _("The file"),
    "form": _("The questions"),
    "ground": _("On what ground"),
    "license": _("License"),
    "link": _("Where it stands"),
    "links": _("Links"),
    "meetings": _("How we meet"),
    "minority": _("Minority position"),
    "minutes": _("Minutes"),
    "name": _("Name"),
    "open": _("What is still open"),
    "outcome": _("What was decided"),
    "oversight": _("Who watches over it"),
    "people_in_data": _("What it knows of people"),
    "plan": _("The workplan"),
    "position": _("Minority position"),
    "purpose": _("What it is for"),
    "question": _("The question"),
    "quote": _("Words"),
    "reading": _("Who can read what you write"),
    "reason": _("The reason"),
    "reasons": _("Reasons"),
    "reply": _("Words"),
    "role": _("Words"),
    "seed_source": _("Where the seed comes from"),
    "seeks": _("Whom the call seeks"),
    "source": _("Where the file comes from"),
    "sources": _("Source"),
    "statement": _("What we heard"),
    "summary": _("What it is about"),
    "title": _("In one line"),
    "vendors": _("Who sells or runs it"),
    "what": _("What the leads should look at"),
    "widened": _("The reason"),
    "words": _("Words"),
}


#: What a text is called in an entry from old sources, where nobody here heard or said it.
FROM_SOURCES: dict[str, str | Promise] = {"statement": _("What the source says")}


def text_called(name: str, kind_of_entry: str = "") -> str:
    """Say what a text of an entry is called, such as `minutes` or `decision-2`; its own name where we have no words."""
    if is_from_sources(kind_of_entry) and name in FROM_SOURCES:
        return str(FROM_SOURCES[name])
    kind, _dash, number = name.rpartition("-") if name.rpartition("-")[2].isdecimal() else (name, "", "")
    return f"{TEXTS[kind]} {number}".strip() if kind in TEXTS else name
