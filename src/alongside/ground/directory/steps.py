"""What waits of federal requests. A step says that one waits, never what it asks."""

from django.utils.translation import gettext as _

from alongside.ground.directory.queries import requests_for, steps_of
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.steps import Desk, Step


def steps(desk: Desk) -> list[Step]:
    """List the federal requests that nobody has decided, for the offices that handle them. Two queries."""
    found = requests_for(desk.program, desk.pack, desk.viewer)
    return [
        Step(
            _("Decide what to do with a federal request"),
            _("It came on %(day)s. Decline it and hand it on.") % {"day": day_in_words(one.received_on)},
            desk.to("directory:request", key=one.key),
            "city",
        )
        for one in found
        if not {"declined", "followed"} & set(steps_of(one))
    ]
