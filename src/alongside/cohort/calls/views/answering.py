"""Take the answer of an applicant to whom a seat is offered, or who takes the application back."""

from django.utils.translation import gettext as _

from alongside.cohort.calls.actions import ending, offering
from alongside.cohort.calls.views.visit import Visit
from alongside.core.refusals import Refused
from alongside.ground.ui.refusals import refusal_text

ANSWERS = ("accept", "decline", "withdraw")


def answer(found: Visit, step: str) -> str:
    """Accept, decline or withdraw; give what stands in the way, or nothing."""
    try:
        if step == "accept":
            offering.accept(application=found.mine, now=found.now)
        elif step == "withdraw" and found.request.POST.get("sure") != "yes":
            return _("Nothing was erased. To take it back, tick “I am sure” first.")
        elif step == "withdraw":
            ending.withdraw(application=found.mine, now=found.now)
        else:
            offering.decline(application=found.mine, now=found.now)
    except Refused as error:
        return refusal_text(error)
    return ""
