"""What kinds, pens and the texts of entries are called on pages, in plain words."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from alongside.core.entries import Entry, unit_of
from alongside.core.grammar.shape import UNSIGNED
from alongside.core.grammar.versions import KINDS as GRAMMAR
from alongside.core.kinds import EntryKind, is_from_sources
from alongside.core.workflow.asks import Decision
from alongside.core.workflow.commitments import Completion, MilestoneStage
from alongside.core.workflow.engagements import EngagementState
from alongside.core.workflow.levels import ASSESSED, first_day, last_day
from alongside.core.workflow.offered_statements import OfferDecision, OfferReason
from alongside.core.workflow.seat_removals import Ruling
from alongside.ground.record.models import MilestoneStanding, Standing
from alongside.ground.ui.days import day_in_words, late_by, months_in_words
from alongside.ground.ui.languages import dot
from alongside.ground.ui.numbers import counted

PENS: dict[str, str | Promise] = {
    "community": _("Community"),
    "city": _("City"),
    "both": _("Both"),
    "clock": _("The clock"),
    "program": _("The program"),
}

KINDS: dict[str, str | Promise] = {name: _(kind.heading) for name, kind in GRAMMAR.items()}

#: Which kinds of entries no key of a lead signs whose seat enters them, and why.
ENTERED_BY_SITE: dict[str, list[str | Promise]] = {
    why: [KINDS[name] for name, kind in GRAMMAR.items() if kind.unsigned == which]
    for which, why in UNSIGNED.items()
}


def called(entry: Entry) -> str:
    """Say what an entry is called: by what it cites or by its ground where its kind says so, else by its kind; with the months it tells of."""
    names = GRAMMAR[entry.kind].called
    has = {*entry.cites, str(entry.data.get("ground", ""))}
    own = next((words for name, words in names.items() if name in has), "")
    words = gettext(own) if own else str(KINDS[entry.kind])
    return f"{words}{dot()}{months}" if (months := _quarters(entry)) else words


def _quarters(entry: Entry) -> str:
    if entry.kind in ASSESSED:
        ends = (entry.data["quarter"], entry.data["quarter"])
    elif entry.kind == EntryKind.PAY_TOTALED:
        ends = (entry.data["from"], entry.data["until"])
    else:
        return ""
    return months_in_words(first_day(ends[0]), last_day(ends[1]))


def page_source(kinds: Iterable[str]) -> str:
    """Say whence what a page tells comes, for the banner of a demonstration: "sources", "both", or "" where it is made up."""
    found = {is_from_sources(kind) for kind in kinds}
    return {frozenset({True}): "sources", frozenset({True, False}): "both"}.get(frozenset(found), "")


ANSWERS: dict[str, str | Promise] = {
    Decision.ACCEPTED: _("Accepted"),
    Decision.ACCEPTED_IN_PART: _("Accepted in part"),
    Decision.DECLINED: _("Declined"),
    Decision.DEFERRED: _("Not yet"),
    Decision.TOLD: _("Told"),
    Decision.TOLD_IN_PART: _("Told in part"),
}
COMPLETION: dict[str, str | Promise] = {
    Completion.NO_EVIDENCE: _("No evidence"),
    Completion.NOT_STARTED: _("Not started"),
    Completion.LIMITED: _("Limited"),
    Completion.SUBSTANTIAL: _("Substantial"),
    Completion.COMPLETE: _("Complete"),
}
#: What an entry decided, by its kind and the word in it.
DECISIONS: dict[str, dict[str, str | Promise]] = {
    EntryKind.ANSWER_GIVEN: ANSWERS,
    EntryKind.CONTEST_REPLIED: ANSWERS | {Decision.STANDS: _("The answer stands")},
    EntryKind.REMOVAL_DECIDED: {
        Ruling.STANDS: _("The removal stands"),
        Ruling.LIFTED: _("The removal is lifted"),
    },
    EntryKind.OFFER_DECIDED: {
        OfferDecision.RELEASED: _("Others judge it"),
        OfferDecision.MERGED: _("It is put together with one that says the same"),
        OfferDecision.DECLINED: _("It stays out"),
    },
}
#: Why a statement that somebody offered stays out, as leads choose it and its author reads it.
OFFER_REASONS: dict[str, str | Promise] = {
    OfferReason.PERSON: _("It could point at a person."),
    OfferReason.THOUGHTS: _("It says more than one thing, so nobody could say what they agree with."),
    OfferReason.MATTER: _("It is about something that is not decided here."),
    OfferReason.HURTS: _("It attacks people."),
    OfferReason.UNCLEAR: _("People could not tell what it means."),
    OfferReason.LATE: _("It came too late for others to judge it."),
}
#: On what ground a seat was removed, as far as the public hears.
REMOVED: dict[str, str | Promise] = {
    "absent": _("Was away from more meetings than the group agreement allows"),
    "asked": _("The lead asked for it"),
    "charter-broken": _("Broke a rule of the group agreement"),
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


def decision_words(word: str | None) -> str:
    """Say the decision of an answer or of a reply."""
    return str(DECISIONS[EntryKind.CONTEST_REPLIED].get(word or "", ""))


def where_it_stands(standing: Standing, milestones: Sequence[MilestoneStanding], today: date) -> str:  # noqa: PLR0911 -- one return for each place an ask can stand in
    """Say in a sentence where an ask stands today."""
    due, moved = standing.late_from, moved_words(standing)
    since = None if moved else today  # what is said of more time names the day
    if standing.is_learning(today):
        return gettext("An answer is due on %(day)s. This bureau learns until %(until)s.") % {
            "day": day_in_words(standing.due),
            "until": day_in_words(standing.quiet),
        }
    if standing.owes_answer and not standing.is_put_off:
        if today > due:
            late = gettext("No answer, %(late)s.") % {"late": late_by((today - due).days, since)}
            return " ".join(filter(None, [late, moved]))
        return gettext("An answer is due on %(day)s.") % {"day": day_in_words(due)}
    if standing.owes_answer:
        if today > due:
            late = gettext("Not yet, and now %(late)s.") % {"late": late_by((today - due).days, since)}
            return " ".join(filter(None, [late, moved]))
        return gettext("Not yet. An answer is due on %(day)s.") % {"day": day_in_words(due)}
    if standing.owes_reply and standing.reply_due:
        if standing.runs and due < today <= standing.reply_due:
            return gettext("Not yet and contested, and now %(late)s. A reply is due on %(day)s.") % {
                "late": late_by((today - due).days, today),
                "day": day_in_words(standing.reply_due),
            }
        if today > standing.reply_due:
            past = late_by((today - standing.reply_due).days, today)
            return gettext("%(decision)s and contested. The reply is %(late)s.") % {
                "decision": decision_words(standing.decision),
                "late": past,
            }
        return gettext("%(decision)s and contested. A reply is due on %(day)s.") % {
            "decision": decision_words(standing.decision),
            "day": day_in_words(standing.reply_due),
        }
    return " ".join(filter(None, [f"{answer_words(standing)}.", _progress(milestones, today)]))


def answer_words(standing: Standing) -> str:
    """Say the decision of an answer, and by how many days it came late; nothing where there is none."""
    decided = decision_words(standing.decision)
    if not decided or not standing.came_late:
        return decided
    days = standing.came_late
    words = ngettext("%(said)s (answered %(days)s day late)", "%(said)s (answered %(days)s days late)", days)
    return words % {"said": decided, "days": counted(days)}


def moved_words(standing: Standing, office: str = "") -> str:
    """Say until when more time was taken of what was late by then, and if another bureau than that of this office let the day pass; nothing where none did."""
    if standing.was_due is None or not standing.runs:
        return ""
    named = {"day": day_in_words(standing.was_due), "until": day_in_words(standing.answer_due)}
    is_anothers = unit_of(standing.let_pass_first) != unit_of(office or standing.office)
    if is_anothers and standing.more_time is None:
        return gettext("Another bureau let %(day)s pass.") % named
    if is_anothers:
        return gettext("Another bureau let %(day)s pass; more time was taken until %(until)s.") % named
    return gettext("It was due %(day)s; more time was taken until %(until)s.") % named


def days_to_hear(course: EngagementState, decided: date | None, today: date) -> tuple[str, str]:
    """Say when people hear back, or that they heard; apart from it, when it is decided and the bureau answers, while these days are to come."""
    if course.report:
        back = gettext("The leads reported back on %(day)s.") % {"day": day_in_words(course.report.date)}
    elif course.report_back < today:
        back = gettext("People were to hear back by %(day)s.") % {"day": day_in_words(course.report_back)}
    else:
        back = gettext(
            "Come back on %(day)s to see what the leads heard: nobody calls or writes to you unless you ask for email."
        ) % {"day": day_in_words(course.report_back)}
    ahead = [
        gettext("The decision is on %(day)s.") % {"day": day_in_words(decided)}
        if decided and decided >= today
        else "",
        gettext("The bureau answers by %(day)s.") % {"day": day_in_words(course.answer_by)}
        if course.answer_by and course.answer_by >= today
        else "",
    ]
    return back, " ".join(filter(None, ahead))


def _progress(milestones: Sequence[MilestoneStanding], today: date) -> str:
    """Count what is kept of what was promised; of what is disputed or not done, say how many and how late, of what is not due yet, when."""
    kept = sum(1 for one in milestones if one.is_kept)
    if not milestones:
        return ""
    words = ngettext(
        "%(kept)d of %(all)d milestone kept.", "%(kept)d of %(all)d milestones kept.", len(milestones)
    ) % {"kept": kept, "all": len(milestones)}
    disputed = [one for one in milestones if one.stands_disputed]
    undone = [one for one in milestones if one.stage(today) == MilestoneStage.LATE]
    ahead = [one.due for one in milestones if one.stage(today) == MilestoneStage.OWED]
    return " ".join(
        [words, *_how_late(disputed, today), *_how_late(undone, today), *_next_day(ahead, len(milestones))]
    )


def _next_day(ahead: Sequence[date], among: int) -> list[str]:
    """Say the first day of what is not due yet, among so many milestones; nothing of none."""
    if not ahead:
        return []
    words = ngettext("Due on %(day)s.", "The next is due on %(day)s.", among)
    return [words % {"day": day_in_words(min(ahead))}]


def _how_late(found: Sequence[MilestoneStanding], today: date) -> list[str]:
    """Say how many are disputed, or not done, and by how much the one that is late longest is late; nothing of none."""
    if not found:
        return []
    n, is_disputed = len(found), found[0].stands_disputed
    longest = max((one.days_late(today) or 0 for one in found if not one.is_claimed), default=0)
    told = {"n": n, "late": late_by(longest, today)}
    if not longest:
        return [ngettext("%(n)d disputed.", "%(n)d disputed.", n) % told]
    if is_disputed:
        words = ngettext("%(n)d disputed, %(late)s.", "%(n)d disputed, the longest %(late)s.", n)
    else:
        words = ngettext("%(n)d not done, %(late)s.", "%(n)d not done, the longest %(late)s.", n)
    return [words % told]


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
    "changes": _("How this group agreement changes"),
    "check": _("What the leads saw"),
    "choosing": _("How people are chosen"),
    "claim": _("What the City says"),
    "clarification": _("Words"),
    "conduct": _("How we treat each other, and when a place ends"),
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
    "position": _("What this lead says"),
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
