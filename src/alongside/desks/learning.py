"""What waits about training for the steward: letters people asked for, and sessions where nobody noted yet who came."""

from datetime import date

from django.utils.translation import gettext as _

from alongside.cohort.training import queries
from alongside.desks import saying
from alongside.desks.waiting import Item
from alongside.ground.gate.roles import ViewerRequest
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.languages import apart


def for_steward(request: ViewerRequest, today: date) -> list[Item]:
    """List the letters to write and the sessions to note. Four queries."""
    lang = lang_of(request)
    letters = [
        Item(
            _("Write a letter: %(what)s") % {"what": apart(text.title)},
            _("Asked for on %(day)s.") % {"day": saying.day(asked.asked_on)},
            to(request, "training:write_letter", letter=asked.pk),
            "city",
            lang=text.lang,
            owner=saying.steward(),
            step=_("Write the letter."),
        )
        for asked, text in queries.letters_waiting(request.program, lang)
    ]
    sessions = [
        Item(
            _("Note who came: %(what)s") % {"what": apart(text.title)},
            _("It was on %(day)s.") % {"day": saying.day(session.on)},
            to(request, "training:attendance", course=session.course_id, session=session.pk),
            "city",
            lang=text.lang,
            owner=saying.steward(),
            step=_("Tick who came; their course is completed by it."),
        )
        for session, text in queries.sessions_to_note(request.program, lang, today)
    ]
    return [*letters, *sessions]
