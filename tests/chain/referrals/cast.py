"""An engagement whose frozen questions ask whether leads may pass on what somebody said, and people who tick it or do not."""

import hashlib

from alongside.chain.referrals import actions, queries
from alongside.chain.voices import actions as intake
from alongside.core.questions import PASS_ON
from alongside.core.sealing.envelope import seal
from tests.chain.voices.cast import Said, form_of, say
from tests.support.remembering import this_hour
from tests.support.thread import QUESTIONS, Thread

RAMP = "The ramp at 12 Elm Street is broken. I am Ana, in the blue chair."
CLEAN = "The ramp at the Elm Street hall is broken."
OFFICE = "libraries-and-halls/manager"
PASS = {
    "id": PASS_ON,
    "kind": "several",
    "words": {"en": "May leads pass this on?", "es": "¿Pueden pasarlo?"},
    "options": [{"id": "yes", "words": {"en": "Yes", "es": "Sí"}}],
}


def asked(*, opens: bool = False) -> Thread:
    """Open an engagement that asks it."""
    thread = Thread(now=this_hour()).open_program()
    thread.draft_engagement(questions=[*QUESTIONS, PASS])
    thread.found_keys(3, opens=opens)
    return thread.make_keys().open()


def speak(thread: Thread, words: str = RAMP, *, ticked: bool = True) -> Said:
    """Let somebody say something, and tick that it may be given or not."""
    answers = {"q2": words, **({PASS_ON: ["yes"]} if ticked else {})}
    said = say(form=form_of(thread), recipient=thread.recipient, answers=answers)
    given = {"mark": said.mark, "act": said.act, "sealed": said.sealed, "now": thread.now}
    intake.take_in(program=thread.program, engagement=thread.engagement.slug, **given)
    return said


def gift(said: Said, words: str = CLEAN, office: str = OFFICE) -> dict[str, str]:
    """Give what a lead's reader would have another lead confirm."""
    return {"salt": "a" * 64, "office": office, "lang": "en", "words": words, "mark": said.mark}


def propose(thread: Thread, said: dict[str, str], seat=None):
    """Let the first lead propose it, sealed."""
    return actions.propose(
        program=thread.program,
        promise=thread.promise,
        seat=seat or thread.first_lead,
        sealed=seal(queries.content(said).ljust(4096), thread.recipient),
        digest=hashlib.sha256(queries.content(said)).hexdigest(),
        now=thread.now,
    )


def give(thread: Thread, proposal, said: dict[str, str], seat=None):
    """Let the second lead confirm it."""
    given = {"program": thread.program, "promise": thread.promise, "now": thread.now}
    return actions.give(**given, proposal=proposal.pk, seat=seat or thread.second_lead, said=said)


def given(thread: Thread, said: Said | None = None):
    """Let two leads give something to the office."""
    words = gift(said or speak(thread))
    return give(thread, propose(thread, words), words)
