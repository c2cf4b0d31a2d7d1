"""What waits of sessions: how many came, once one was held."""

from django.utils.translation import gettext as _

from alongside.core.clocks import local_date
from alongside.core.sessions import Session
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.steps import Desk, Step
from alongside.work.engagements.queries import promise_of, sessions_of
from alongside.work.engagements.steps import open_ones


def steps(desk: Desk) -> list[Step]:
    """Ask a lead how many came to each session that was held. Asks nothing beside what engagements ask."""
    return [
        _uncounted(desk, held.slug, promise_of(held), one)
        for held in desk.once(open_ones)
        for one in sessions_of(held)
        if one.ends < desk.request.now and not one.cancelled and one.came is None
    ]


def _uncounted(desk: Desk, slug: str, promise: int, one: Session) -> Step:
    on = day_in_words(local_date(one.starts, desk.pack))
    return Step(
        _("Say how many came: %(what)s"),
        _("The session of %(day)s is over. Any lead who was there says it; only a range is kept.")
        % {"day": on},
        desk.to("listening:people", slug=slug, session=one.id),
        about=promise,
    )
