"""What waits in the rooms of engagements: a comment to read, or what leads show of what they heard."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from alongside.ground.record.steps import is_any
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.languages import apart
from alongside.ground.ui.steps import Desk, Step
from alongside.work.engagements.queries.drafts import title_of
from alongside.work.remarks.models import Unread
from alongside.work.remarks.queries import engagement_of, unread, unread_by


def _new(desk: Desk) -> QuerySet[Unread]:
    return unread(desk.viewer)


#: What waits seldom.
SELDOM = (_new,)


def steps(desk: Desk) -> list[Step]:
    """List the rooms in which something new waits for the viewer, each once. One query at most."""
    if not is_any(desk, _new):
        return []
    waiting: dict[int, list[Unread]] = {}
    for one in unread_by(desk.program, desk.viewer, desk.today):
        waiting.setdefault(engagement_of(one).pk, []).append(one)
    return [_to_read(desk, found) for found in waiting.values()]


def _to_read(desk: Desk, found: list[Unread]) -> Step:
    engagement = engagement_of(found[0])
    shown = next((one.shown for one in found if one.shown), None)
    heading, text, due = _("Read the comments: %(what)s"), _("Somebody wrote to you about it."), None
    if shown:
        heading = _("Read what leads heard: %(what)s")
        text = _("They show you a draft until %(day)s, to check the facts.") % {
            "day": day_in_words(shown.until)
        }
        due = shown.until
    what = apart(title_of(engagement, desk.lang)[0])
    href = desk.to("desks:engagement_room", slug=engagement.slug)
    return Step(heading % {"what": what}, text, href, "both", due=due, is_own=True)
