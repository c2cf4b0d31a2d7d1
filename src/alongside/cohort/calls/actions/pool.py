"""Who is in the pool of a lottery: everyone who applied, or whom the panel let in; and what to do where no draw is needed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.calls.actions.reviewing import refuse_before_it_closed
from alongside.cohort.calls.actions.selection import refuse_without
from alongside.cohort.calls.models import Admitted, Call, Decision
from alongside.cohort.calls.queries.choosing import sums
from alongside.core.refusals import Refused
from alongside.ground.record.declared import appends


def pool_of(call: Call) -> list[UUID]:
    """Give the applications that go into the pool. Raises Refused, or Refused where there is nothing to draw."""
    found = _pool_of(call)
    if len(found) <= call.seats:
        raise Refused(
            _(
                "The pool is not larger than the seats, so there is nothing to draw. Give everyone in it a seat, or end the selection, and write why."
            )
        )
    return found


def needs_no_draw(call: Call) -> bool:
    """Say whether those in the pool are as many as the seats or fewer, and none of them has a decision."""
    try:
        found = _pool_of(call)
    except Refused:
        return False
    return 0 < len(found) <= call.seats and not Decision.objects.filter(application__in=found).exists()


@appends()
@transaction.atomic
def seat_everyone(*, call: Call, reasons: str, now: datetime) -> int:
    """Give everyone in the pool a seat, where they are no more than the seats; give how many. They read the reasons.

    Raises Refused, Refused where a draw must decide, Refused.
    """
    today = refuse_before_it_closed(call, now)
    refuse_without(reasons)
    Call.objects.select_for_update().get(pk=call.pk)
    if not needs_no_draw(call):
        raise Refused(_("More people are in the pool than there are seats, or they have a decision. Draw."))
    made = [
        Decision(application_id=one, call=call, outcome="seat", reasons=reasons, on=today)
        for one in _pool_of(call)
    ]
    return len(Decision.objects.bulk_create(made))


def _pool_of(call: Call) -> list[UUID]:
    if call.selection == "panel":
        raise Refused(_("The rules of this call name no lottery; choose people as its rules say."))
    if call.selection == "lottery":
        return list(call.applications.live().values_list("pk", flat=True))
    if sums(call).open or not hasattr(call, "shortlist"):
        raise Refused(_("The panel is not done. Make the shortlist and decide each application on it first."))
    admitted = Admitted.objects.filter(call=call, application__in=call.applications.live())
    return list(admitted.values_list("application", flat=True))
