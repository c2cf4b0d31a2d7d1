"""What waits of federal requests. A step says that one waits, never what it asks."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from alongside.ground.directory.models import FederalRequest
from alongside.ground.directory.queries import (
    head_office,
    left_in_words,
    requests_for,
    seen_by,
    steps_left,
    undone,
)
from alongside.ground.record.steps import is_any
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.languages import listed
from alongside.ground.ui.steps import Desk, Step


def _seen(desk: Desk) -> QuerySet[FederalRequest]:
    return seen_by(desk.program, desk.pack, desk.viewer)


#: What waits seldom.
SELDOM = (_seen,)


def steps(desk: Desk) -> list[Step]:
    """List the federal requests that somebody has not decided or handed on, for the offices that handle them. Two queries."""
    if not is_any(desk, _seen):
        return []
    found = [one for one in requests_for(desk.program, desk.pack, desk.viewer) if undone(one)]
    return [_step(desk, one) for one in found]


def _step(desk: Desk, one: FederalRequest) -> Step:
    heading = (
        _("Answer a federal request today")
        if "decide" in undone(one)
        else _("A federal request is not finished")
    )
    words = _("It came on %(day)s. Still to do: %(what)s.") % {
        "day": day_in_words(one.received_on),
        "what": listed(left_in_words(one, desk.viewer)),
    }
    head = head_office(desk.pack, one.unit.slug) or f"{one.unit.slug}/"
    return Step(
        heading,
        words,
        desk.to("directory:request", key=one.key),
        "city",
        desk.state(one.recorded_on),
        owner="" if steps_left(one, desk.pack, desk.viewer) else desk.pack.office_title(head, desk.lang),
        step=_("Finish it. You see it here until it is done."),
        # Nobody takes longer than a day to hand it on.
        due=one.recorded_on,
    )
