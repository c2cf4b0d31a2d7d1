"""What waits of federal requests. A step says that one waits, never what it asks."""

from django.utils.translation import gettext as _

from alongside.ground.directory.models import FederalRequest
from alongside.ground.directory.queries import TO_DO, head_office, requests_for, steps_left, undone
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.languages import listed
from alongside.ground.ui.steps import Desk, Step


def steps(desk: Desk) -> list[Step]:
    """List the federal requests that somebody has not decided or handed on, for the offices that handle them. Two queries."""
    found = [one for one in requests_for(desk.program, desk.pack, desk.viewer) if undone(one)]
    return [_step(desk, one) for one in found]


def _step(desk: Desk, one: FederalRequest) -> Step:
    left, day = undone(one), day_in_words(one.received_on)
    if "decide" in left:
        heading = _("Decide what to do with a federal request")
        words = _("It came on %(day)s. Decide whether to decline it, and hand it on.") % {"day": day}
    else:
        heading = _("A federal request is not finished")
        what = listed(str(TO_DO[step]) for step in left)
        words = _("It came on %(day)s and was decided. Still to do: %(what)s.") % {"day": day, "what": what}
    head = head_office(desk.pack, one.unit.slug) or f"{one.unit.slug}/"
    return Step(
        heading,
        words,
        desk.to("directory:request", key=one.key),
        "city",
        owner="" if steps_left(one, desk.pack, desk.viewer) else desk.pack.office_title(head, desk.lang),
        step=_("Finish it. You see it here until it is done."),
    )
