"""What waits of training for the steward: letters to write, sessions to note, and the sessions that come."""

from django.utils.translation import gettext as _

from alongside.cohort.training.models import Completion
from alongside.cohort.training.queries import letters_waiting, sessions_near
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.languages import apart
from alongside.ground.ui.steps import AHEAD, THE_STEWARD, Desk, Step


def steps(desk: Desk) -> list[Step]:
    """List the letters people asked for, the sessions where nobody noted yet who came, and those ahead. Two queries."""
    program, today = desk.program, desk.today
    sessions = sessions_near(program, today, today + AHEAD)
    return [
        *(_letter(desk, asked) for asked in letters_waiting(program)),
        *(
            Step(
                _("Note who came: %(what)s") % {"what": apart(one.course.text["title"])},
                _("It was on %(day)s.") % {"day": day_in_words(one.on)},
                desk.to("training:attendance", course=one.course_id, session=one.pk),
                "city",
                owner=THE_STEWARD,
                step=_("Tick who came; their course is completed by it."),
            )
            for one in sessions
            if one.on < today
        ),
        *(
            desk.dated(
                _("Training: %(what)s") % {"what": one.course.text["title"]},
                desk.to("training:course", course=one.course_id),
                one.on,
                text=one.where,
                pen="city",
                owner=THE_STEWARD,
                step=_("Hold it, and note who came."),
            )
            for one in sessions
            if one.on >= today
        ),
    ]


def _letter(desk: Desk, asked: Completion) -> Step:
    return Step(
        _("Write a letter about a training: %(what)s") % {"what": apart(asked.track.text["title"])},
        _("Asked for on %(day)s.") % {"day": day_in_words(asked.asked_on)},
        desk.to("training:write_letter", letter=asked.pk),
        "city",
        owner=THE_STEWARD,
        step=_("Write the letter."),
    )
