"""What waits of sessions: to hold one on its day, and to say how many came, once it was held."""

from datetime import timedelta

from django.utils.translation import gettext as _

from alongside.core.clocks import local_date
from alongside.core.sessions import Session
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.steps import Desk, Step
from alongside.work.engagements.queries.promises import promise_of
from alongside.work.engagements.queries.sessions import SessionShown, sessions_of, sessions_shown
from alongside.work.engagements.steps import open_ones


def steps(desk: Desk) -> list[Step]:
    """Tell a lead the sessions of today, and ask how many came to each that was held. Asks nothing beside what engagements ask."""
    found, near = [], desk.request.now + timedelta(days=1)
    for held in desk.once(open_ones):
        begun = (one for one in sessions_of(held) if one.starts < near)
        stands = [one for one in begun if not one.cancelled and one.came is None]
        for one in sessions_shown(stands, desk.pack, desk.today):
            if one.of.ends < desk.request.now:
                found.append(_uncounted(desk, held.slug, promise_of(held), one.of))
            elif one.on == desk.today:
                found.append(_today(desk, held.slug, promise_of(held), one))
    return found


def _today(desk: Desk, slug: str, promise: int, one: SessionShown) -> Step:
    return Step(
        _("Hold the session: %(what)s"),
        _("It is today, %(hours)s. Its plan leads to the note-taker’s page.") % {"hours": one.hours},
        f"{desk.to('listening:plan', slug=slug)}#{one.of.id}",
        is_first=True,
        about=promise,
    )


def _uncounted(desk: Desk, slug: str, promise: int, one: Session) -> Step:
    on = day_in_words(local_date(one.starts, desk.pack))
    return Step(
        _("Say how many came: %(what)s"),
        _("The session of %(day)s is over. Any lead who was there says it; only a range is kept.")
        % {"day": on},
        desk.to("listening:people", slug=slug, session=one.id),
        about=promise,
    )
