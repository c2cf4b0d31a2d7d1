"""What waits of statements that people offered: a second lead's look."""

from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.chain.proposals.steps import of_others, to_confirm
from alongside.core.workflow.seconds import Proposed
from alongside.ground.record.steps import is_any
from alongside.ground.ui.steps import Desk, Step

proposed = partial(of_others, what=Proposed.OFFER)
#: What waits seldom.
SELDOM = (proposed,)


def steps(desk: Desk) -> list[Step]:
    """List what waits for a second lead, where this one holds the key to read it. Three queries at most."""
    waits = to_confirm(desk, Proposed.OFFER) if is_any(desk, proposed) else []
    return [_confirm(href, count, has_left=left) for href, count, left in waits]


def _confirm(href: str, count: int, *, has_left: bool) -> Step:
    if has_left:
        text = _("The lead who wrote it has left. Start it again in the reader; another lead confirms it.")
        return Step(_("Start again what becomes of an offered statement"), text, href)
    text = ngettext(
        "%(n)d decision waits for a second lead. Unlock the reader to read it beside what its author wrote.",
        "%(n)d decisions wait for a second lead. Unlock the reader to read them beside what their authors wrote.",
        count,
    )
    return Step(_("Decide what becomes of an offered statement"), text % {"n": count}, href)
