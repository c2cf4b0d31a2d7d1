"""What kinds and pens are called on pages, in plain words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
    "cohort.seated": _("A cohort began"),
    "cohort.ended": _("A cohort ended"),
    "seat.taken": _("A seat was taken"),
    "seat.left": _("A seat is empty"),
    "seat.suspended": _("A seat was suspended"),
    "seat.restored": _("A seat was restored"),
    "key.founded": _("A first key of the leads"),
    "key.certified": _("Two leads vouched for a key"),
    "key.made": _("The leads made a key"),
    "key.tested": _("A lead tested the key"),
    "key.shared": _("The key was shared with one more lead"),
    "key.destroyed": _("The leads destroyed the key"),
    "project.registered": _("A city project"),
    "decision.scheduled": _("A decision with a date"),
    "engagement.promised": _("A promise"),
    "engagement.corrected": _("A correction of a promise"),
    "engagement.paused": _("Paused"),
    "engagement.resumed": _("Open again"),
    "engagement.closed": _("Closed: people heard back"),
    "voices.published": _("A batch of voices"),
    "voices.closed": _("The last voices are in"),
    "voices.opened": _("The leads opened voices"),
    "finding.published": _("A finding"),
    "ask.recommended": _("A recommendation"),
    "ask.questioned": _("A question"),
    "ask.acknowledged": _("The office has it"),
    "ask.unclear": _("The office asks what is meant"),
    "ask.clarified": _("The leads say what they mean"),
    "ask.extended": _("More time, with a reason"),
    "ask.transferred": _("Moved to another office"),
    "ask.silent": _("No answer by the date"),
    "ask.escalated": _("The office above was told"),
    "answer.given": _("An answer"),
    "answer.contested": _("The leads contest the answer"),
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

#: The mark that stands beside a kind: pen, state.
MARKS: dict[str, tuple[str, str]] = {
    "ask.silent": ("city", "late"),
    "ask.escalated": ("city", "late"),
    "contest.silent": ("city", "late"),
    "commitment.late": ("city", "late"),
    "delivery.claimed": ("city", "claimed"),
    "delivery.verified": ("both", ""),
    "delivery.disputed": ("both", "disputed"),
    "delivery.unchecked": ("community", "owed"),
}


def mark_of(kind: str, pen: str) -> tuple[str, str]:
    """Give the pen and the state of the mark beside a kind; entries of the clock show the city's empty place."""
    return MARKS.get(kind, ({"clock": "city", "program": "both"}.get(pen, pen), ""))
