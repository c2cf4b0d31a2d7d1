"""What comes of calls: the last day to apply, the draw, its witnesses, the day everyone has an answer."""

from collections.abc import Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alongside.cohort.calls.models import Call
from alongside.cohort.lotteries.queries import next_steps
from alongside.core.workflow.calls import CallStep
from alongside.core.workflow.steps import OpenStep
from alongside.ground.ui.days import late_by
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
    found = next_steps(desk.program, desk.today)
    return [
        _step(desk, call, step, step.due)
        for call, step in found
        if step.due and step.due <= desk.today + AHEAD
    ]


def _step(desk: Desk, call: Call, step: OpenStep, due: date) -> Step:
    is_late = due < desk.today
    return Step(
        _("A call: %(what)s") % {"what": call.title or call.slug},
        late_by((desk.today - due).days) if is_late else "",
        desk.to(PAGES[step.what], slug=call.slug),
        "city",
        "late" if is_late else "owed",
        owner=THE_STEWARD,
        step=str(STEPS[step.what]),
        due=due,
        waits=False,
    )
