"""What comes of calls: the last day to apply, the draw, its witnesses, the day everyone has an answer."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alongside.cohort.lotteries.queries import next_steps
from alongside.core.workflow.calls import CallStep
from alongside.ground.ui.steps import AHEAD, THE_STEWARD, Desk, Step

STEPS: Mapping[str, Promise] = {
    CallStep.CLOSE: gettext_lazy(
        "Invite people to apply until then; then give every application its readers."
    ),
    CallStep.DRAW: gettext_lazy("Draw on that day, with the seed as its source gave it."),
    CallStep.WITNESS: gettext_lazy("Let both witnesses run the draw again, and end the selection by then."),
    CallStep.DECIDE: gettext_lazy("Choose by the rules of the call, and end the selection by then."),
}
PAGES: Mapping[str, str] = {
    CallStep.CLOSE: "calls:steward_call",
    CallStep.DRAW: "lotteries:lottery",
    CallStep.WITNESS: "lotteries:lottery",
    CallStep.DECIDE: "reviews:review",
}


def steps(desk: Desk) -> list[Step]:
    """List the next step of each call that is due soon, or late. One query."""
    return [
        desk.dated(
            _("A call: %(what)s") % {"what": call.title or call.slug},
            desk.to(PAGES[step.what], slug=call.slug),
            step.due,
            pen="city",
            owner=THE_STEWARD,
            step=STEPS[step.what],
        )
        for call, step in next_steps(desk.program, desk.today)
        if step.due and step.due <= desk.today + AHEAD
    ]
