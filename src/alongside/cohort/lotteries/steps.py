"""What comes of calls: the last day to apply, the draw, its witnesses, the day everyone has an answer."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alongside.cohort.lotteries.queries import NextStep, next_steps
from alongside.ground.ui.days import late_by
from alongside.ground.ui.steps import AHEAD, THE_STEWARD, Desk, Step

STEPS: Mapping[str, Promise] = {
    "closes": gettext_lazy("Invite people to apply until then; then give every application its readers."),
    "draw": gettext_lazy("Draw on that day, with the seed as its source gave it."),
    "witness": gettext_lazy("Let both witnesses run the draw again, and end the selection by then."),
    "decide": gettext_lazy("Choose by the rules of the call, and end the selection by then."),
}
PAGES = {
    "closes": "calls:steward_call",
    "draw": "lotteries:lottery",
    "witness": "lotteries:lottery",
    "decide": "reviews:review",
}


def steps(desk: Desk) -> list[Step]:
    """List the next step of each call that is due soon, or late. One query."""
    found = next_steps(desk.program, desk.today)
    return [_step(desk, one) for one in found if one.due <= desk.today + AHEAD]


def _step(desk: Desk, one: NextStep) -> Step:
    is_late = one.due < desk.today
    return Step(
        _("A call: %(what)s") % {"what": one.call.title or one.call.slug},
        late_by((desk.today - one.due).days) if is_late else "",
        desk.to(PAGES[one.name], slug=one.call.slug),
        "city",
        "late" if is_late else "owed",
        owner=THE_STEWARD,
        step=str(STEPS[one.name]),
        due=one.due,
        waits=False,
    )
