"""Tell people what they have just done, on the page where they land: one word in its address stands for one sentence."""

from collections.abc import Callable
from enum import StrEnum

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.core.workflow.answer_drafts import OUTBOX_MINUTES
from alongside.ground.ui.addresses import asker_of, number_in

MOST = 9999


class Done(StrEnum):
    """What a person can have done."""

    RECORDED = "recorded"
    SIGNED = "signed"
    OPENED = "opened"
    KEPT = "kept"
    KEPT_UNSHOWN = "kept-unshown"
    SESSION_SHOWN = "session-shown"
    SESSION_CANCELLED = "session-cancelled"
    CAME_SHOWN = "came-shown"
    HAVE = "have"
    SENT = "sent"
    ASKED = "asked"
    ANSWERED = "answered"
    CHECKED = "checked"
    WAITS = "waits"
    PAUSED = "paused"
    RESUMED = "resumed"
    THROWN_AWAY = "thrown-away"
    APPOINTED = "appointed"
    POST_ENDED = "post-ended"
    REMOVED = "removed"
    LEFT = "left"
    CALLED_UP = "called-up"
    CALLED_UP_UNREACHED = "called-up-unreached"
    TURN = "turn"
    TURN_UNREACHED = "turn-unreached"
    INVITED = "invited"
    REMINDED = "reminded"
    LISTED = "listed"
    UNLISTED = "unlisted"
    IN_OUTBOX = "in-outbox"
    CALLED_BACK = "called-back"
    HANDED_BACK = "handed-back"
    DECIDED = "decided"
    APPROVED = "approved"
    APPROVED_NOT_PAID = "approved-not-paid"
    SENT_BACK = "sent-back"
    CHOSEN = "chosen"
    STANDS = "stands"
    LOGGED = "logged"
    WITHDRAWN = "withdrawn"
    WRITTEN = "written"
    SAID = "said"
    HEARD = "heard"
    UNHEARD = "unheard"
    DEVICE_REMOVED = "device-removed"
    ALREADY = "already"


class AlreadyDoneError(Exception):
    """What a page was for is done, as the page at `address` shows.

    The site leads there; whoever typed words, and somebody else was first, is shown their own (see site.pages).
    """

    def __init__(self, address: str) -> None:
        super().__init__("This is done already.")
        self.address = address


def after(address: str, what: Done, count: int = 1) -> str:
    """Give an address whose page tells what was done, `count` times."""
    page, mark, part = address.partition("#")
    joint = "&" if "?" in page else "?"
    number = f"&n={count}" if count != 1 else ""
    return f"{page}{joint}done={what}{number}{mark}{part}"


def sentence(request: HttpRequest) -> str:
    """Give the sentence that the address asks for; empty for those who are not signed in, and for any other word."""
    if asker_of(request).person_id is None:
        return ""
    asked, number = request.GET.get("done", ""), request.GET.get("n", "1")
    count = min(number_in(number, 1), MOST)
    return SENTENCES[Done(asked)](count) if asked in Done else ""


def _answered(n: int) -> str:
    return ngettext("{n} answer is on the public log.", "{n} answers are on the public log.", n).format(n=n)


def _asked(n: int) -> str:
    return ngettext("{n} question is on the public log.", "{n} questions are on the public log.", n).format(
        n=n
    )


def _sent(n: int) -> str:
    return ngettext(
        "{n} answer waits for the manager’s sign-off.", "{n} answers wait for the manager’s sign-off.", n
    ).format(n=n)


def _in_outbox(n: int) -> str:
    return ngettext(
        "{n} answer is signed. It goes on the public log in {minutes} minutes. Until then you can call it back.",
        "{n} answers are signed. They go on the public log in {minutes} minutes. Until then you can call them back.",
        n,
    ).format(n=n, minutes=OUTBOX_MINUTES)


def _approved(n: int) -> str:
    return ngettext(
        "{n} entry is approved. The next payment run pays it.",
        "{n} entries are approved. The next payment run pays them.",
        n,
    ).format(n=n)


def _approved_not_paid(n: int) -> str:
    return ngettext(
        "What you chose is approved. The next payment run does not pay {n} entry of it: its row says why.",
        "What you chose is approved. The next payment run does not pay {n} entries of it: their rows say why.",
        n,
    ).format(n=n)


def _reminded(n: int) -> str:
    return ngettext(
        "A letter goes to {n} person: something waits for them. Who has no email address gets no letter.",
        "Letters go to {n} people: something waits for them. Who has no email address gets no letter.",
        n,
    ).format(n=n)


SENTENCES: dict[Done, Callable[[int], str]] = {
    Done.RECORDED: lambda _n: _("It is on the public log."),
    Done.SIGNED: lambda _n: _("You signed it."),
    Done.OPENED: lambda _n: _("The promise is on the public log, and people can speak."),
    Done.KEPT: lambda _n: _("Your draft is kept."),
    Done.KEPT_UNSHOWN: lambda _n: _("It is kept. No public page shows it."),
    Done.SESSION_SHOWN: lambda _n: _(
        "The session is public now: it is on the page of the question and in the calendar."
    ),
    Done.SESSION_CANCELLED: lambda _n: _(
        "The session is cancelled. The page of the question and the calendar say so."
    ),
    Done.CAME_SHOWN: lambda _n: _(
        "How many came is public now, as a range: it is on the page of the question."
    ),
    Done.HAVE: lambda _n: _("The public log says that you have it. Your draft is kept."),
    Done.SENT: _sent,
    Done.ASKED: _asked,
    Done.ANSWERED: _answered,
    Done.CHECKED: lambda _n: _("What you saw is written down. It counts when two leads who looked agree."),
    Done.WAITS: lambda _n: _("The other side can read it and sign it now. Then it is on the public log."),
    Done.PAUSED: lambda _n: _("It is paused, and the public log says why."),
    Done.RESUMED: lambda _n: _("People can speak again."),
    Done.THROWN_AWAY: lambda _n: _("The draft is gone."),
    Done.APPOINTED: lambda _n: _("This person is appointed, from the day that you chose."),
    Done.POST_ENDED: lambda _n: _(
        "This post is ended, from the day that you chose. What stands on the public log stays."
    ),
    Done.ALREADY: lambda _n: _("This was done before you opened the page. Here you see what came of it."),
    Done.REMOVED: lambda _n: _("The place is removed, and the lead can read your reasons and appeal."),
    Done.LEFT: lambda _n: _(
        "The place is over. The public log says that the lead asked to leave, and the lead can object."
    ),
    Done.CALLED_UP: lambda _n: _(
        "The alternate has the place, and a letter tells them. Agree on their pay now: before that they can log nothing."
    ),
    Done.CALLED_UP_UNREACHED: lambda _n: _(
        "The alternate has the place. We have no address of theirs, so no letter goes: tell them, and print a sign-in code for them (People). Agree on their pay now: before that they can log nothing."
    ),
    Done.TURN: lambda _n: _(
        "They are asked, and a letter goes to them. If they say no, or their last day passes, the site asks the next person."
    ),
    Done.TURN_UNREACHED: lambda _n: _(
        "They are asked, but no letter can go: we have no address of theirs. Tell them now that their answer is awaited on the page of their application."
    ),
    Done.INVITED: lambda _n: _("This person is invited."),
    Done.LISTED: lambda _n: _("This person is on the list of alternates."),
    Done.IN_OUTBOX: _in_outbox,
    Done.CALLED_BACK: lambda _n: _("The answer is a draft again. Nobody outside your bureau saw it."),
    Done.HANDED_BACK: lambda _n: _("The draft is handed back, with your note."),
    Done.CHOSEN: lambda _n: _("Your choice is kept. You can change it on your desk."),
    Done.STANDS: lambda _n: _(
        "You let this answer stand. Until its last day you can change that: your desk has it under “Set aside”."
    ),
    Done.APPROVED: _approved,
    Done.APPROVED_NOT_PAID: _approved_not_paid,
    Done.REMINDED: _reminded,
    Done.SENT_BACK: lambda _n: _("It is sent back. The lead reads your reason and can correct it."),
    Done.DECIDED: lambda _n: _("Your decision is on the public log. The lead can read it."),
    Done.LOGGED: lambda _n: _(
        "It is logged. You can withdraw it below until the program coordinator decides."
    ),
    Done.WITHDRAWN: lambda _n: _("It is withdrawn."),
    Done.WRITTEN: lambda _n: _("Your message is sent."),
    Done.SAID: lambda _n: _("It is sent. Everyone in this room can read it."),
    Done.HEARD: lambda _n: _("Everyone can hear it now."),
    Done.UNHEARD: lambda _n: _("Nobody hears it here any more."),
    Done.DEVICE_REMOVED: lambda _n: _("That device does not open your key any more. Your six words do."),
    Done.UNLISTED: lambda _n: _(
        "This person is no longer on the list of alternates. Was it a mistake? Add them with the same email address, and they wait at their old place again."
    ),
}
