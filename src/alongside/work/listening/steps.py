"""What waits of sessions: how many came, once one was held."""

from django.utils.translation import gettext as _

from alongside.core.clocks import local_date
from alongside.core.sessions import Session
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.steps import Desk, Step
from alongside.work.engagements.queries import sessions_by_slug
from alongside.work.engagements.steps import on_their_way


def steps(desk: Desk) -> list[Step]:
    """Ask a lead how many came to each session that was held. One query more where engagements are under way."""
    found = {one.slug: one for one in desk.once(on_their_way)}
    if not found:
        return []
    held = sessions_by_slug(desk.program, slug__in=found)
    return [
        _uncounted(desk, slug, found[slug].promise, one)
        for slug, every in held.items()
        for one in every
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
