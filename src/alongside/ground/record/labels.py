"""What kinds, pens and the texts of entries are called on pages, in plain words."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alongside.core.entries import Entry
from alongside.ground.ui.days import day_in_words

PENS: dict[str, str | Promise] = {
    "community": _("Community"),
    "city": _("City"),
    "both": _("Both"),
    "clock": _("The clock"),
    "program": _("The program"),
}

KINDS: dict[str, str | Promise] = {
    "program.opened": _("The program began"),
    "policy.adopted": _("Rules of the program"),
    "record.resumed": _("The log goes on after a loss"),
    "clock.agreed": _("The clock goes on after a gap"),
    "clock.faulted": _("The clock was wrong"),
    "cohort.seated": _("A cohort began"),
    "cohort.ended": _("A cohort ended"),
    "seat.taken": _("A seat was taken"),
    "seat.declared": _("Who pays or employs a lead"),
    "seat.left": _("A seat is empty"),
    "seat.suspended": _("A seat was suspended"),
    "seat.restored": _("A seat was restored"),
    "seat.removed": _("A seat was removed"),
    "removal.appealed": _("A removal is appealed"),
    "removal.decided": _("An appeal was decided"),
    "vacancy.opened": _("A seat waits for someone"),
    "vacancy.late": _("A seat has been empty too long"),
    "role.changed": _("A role in the cohort"),
    "call.published": _("An open call"),
    "call.corrected": _("A correction of a call"),
    "lottery.announced": _("The rules of a lottery"),
    "lottery.drawn": _("A lottery was drawn"),
    "lottery.attested": _("A witness ran the lottery again"),
    "selection.closed": _("How people were chosen"),
    "charter.adopted": _("A charter to sign"),
    "charter.signed": _("The charter was signed"),
    "meeting.planned": _("A meeting is planned"),
    "meeting.changed": _("A meeting was moved or cancelled"),
    "meeting.held": _("Minutes of a meeting"),
    "meeting.dissented": _("A minority position"),
    "pay.budgeted": _("What a cohort may be paid"),
    "pay.totaled": _("What a cohort was paid"),
    "key.founded": _("A first key of the leads"),
    "key.certified": _("Two leads vouched for a key"),
    "key.made": _("The leads made a key"),
    "key.tested": _("A lead tested the key"),
    "key.shared": _("The key was shared with one more lead"),
    "key.destroyed": _("The leads destroyed the key"),
    "course.offered": _("A course is open"),
    "course.reworded": _("A course in other words"),
    "training.completed": _("Who completed training, as a range"),
    "project.registered": _("A city project"),
    "register.imported": _("Projects came in from a file"),
    "project.described": _("What the City says of a project"),
    "project.joined": _("A lead works on a project"),
    "project.left": _("A lead no longer works on a project"),
    "harm.named": _("Harm that a community sees"),
    "decision.scheduled": _("A decision with a date"),
    "decision.moved": _("A decision has another day"),
    "decision.made": _("What was decided"),
    "invitation.made": _("A unit asks leads for help"),
    "invitation.taken": _("A lead takes it"),
    "invitation.declined": _("Leads decline to help"),
    "invitation.withdrawn": _("A unit no longer asks for help"),
    "invitation.unanswered": _("No lead took an invitation"),
    "workplan.proposed": _("A workplan that one side signed"),
    "workplan.signed": _("The other side signed the workplan"),
    "workplan.progressed": _("How far an activity is"),
    "engagement.promised": _("A promise"),
    "engagement.corrected": _("A correction of a promise"),
    "engagement.paused": _("Paused"),
    "engagement.resumed": _("Open again"),
    "engagement.closed": _("Closed: people heard back"),
    "consultation.opened": _("A consultation with its brief"),
    "material.entered": _("Something to review"),
    "consultation.withdrawn": _("The unit took a consultation back"),
    "advice.published": _("Advice of the leads"),
    "voices.published": _("A batch of voices"),
    "voices.closed": _("The last voices are in"),
    "voices.opened": _("The leads opened voices"),
    "finding.published": _("A finding"),
    "ask.recommended": _("A recommendation"),
    "ask.questioned": _("A question"),
    "ask.advised": _("A point of advice"),
    "ask.acknowledged": _("The office has it"),
    "ask.unclear": _("The office asks what is meant"),
    "ask.clarified": _("The leads say what they mean"),
    "ask.extended": _("More time, with a reason"),
    "ask.transferred": _("Moved to another office"),
    "ask.silent": _("No answer by the date"),
    "ask.escalated": _("The office above was told"),
    "learning.asked": _("A bureau asks for a learning period"),
    "learning.agreed": _("Leads agreed to a learning period"),
    "ask.listed": _("A list of questions"),
    "ask.raised": _("A question was raised to the office above"),
    "raise.replied": _("The office above replied"),
    "raise.silent": _("The office above wrote nothing by the date"),
    "answer.given": _("An answer"),
    "answer.contested": _("The leads contest the answer"),
    "contest.joined": _("Another lead joins the contest"),
    "answer.unreasoned": _("The leads say: no reasons given"),
    "contest.replied": _("A reply to the contest"),
    "contest.silent": _("No reply by the date"),
    "commitment.made": _("A commitment"),
    "commitment.late": _("A milestone is late"),
    "delivery.claimed": _("The City says it is done"),
    "delivery.verified": _("Kept: both sides say so"),
    "delivery.disputed": _("Disputed by community leads"),
    "delivery.unchecked": _("Nobody has checked yet"),
    "report.published": _("What came of it"),
    "text.translated": _("A translation"),
    "text.erased": _("A text was taken down"),
    "row.erased": _("A row from a file was taken down"),
    "hold.placed": _("A legal hold"),
    "hold.lifted": _("The legal hold was lifted"),
    "reconstructed.promise": _("From old sources: a promise"),
    "reconstructed.voices": _("From old sources: people spoke"),
    "reconstructed.finding": _("From old sources: what was heard"),
    "reconstructed.ask": _("From old sources: what was asked"),
    "reconstructed.answer": _("From old sources: an answer"),
    "reconstructed.commitment": _("From old sources: a commitment"),
    "reconstructed.delivery": _("From old sources: a delivery"),
    "reconstructed.report": _("From old sources: a report"),
    "reconstructed.gap": _("From old sources: nothing was found"),
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
    "ask.silent": ("city", "late"),
    "ask.escalated": ("city", "late"),
    "contest.silent": ("city", "late"),
    "raise.silent": ("city", "late"),
    "invitation.unanswered": ("community", ""),
    "commitment.late": ("city", "late"),
    "vacancy.late": ("city", "late"),
    "delivery.claimed": ("city", "claimed"),
    "delivery.verified": ("both", ""),
    "delivery.disputed": ("both", "disputed"),
    "delivery.unchecked": ("community", "owed"),
    "workplan.proposed": ("both", "owed"),
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
    "answer.given": ANSWERS,
    "contest.replied": ANSWERS | {"stands": _("The answer stands")},
    "removal.decided": {"stands": _("The removal stands"), "lifted": _("The removal is lifted")},
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
