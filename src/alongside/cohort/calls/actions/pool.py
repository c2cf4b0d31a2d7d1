"""Who is in the pool of a lottery: everyone who applied, or whom the panel let in."""

from uuid import UUID

from django.utils.translation import gettext as _

from alongside.cohort.calls.actions.reviewing import NotNow
from alongside.cohort.calls.actions.selection import NoPlaceLeft
from alongside.cohort.calls.models import Admitted, Call
from alongside.cohort.calls.queries.choosing import sums
from alongside.cohort.calls.queries.progress import in_it


def pool_of(call: Call) -> list[UUID]:
    """Give the applications that go into the pool. Raises NotNow, or NoPlaceLeft where there is nothing to draw."""
    found = _pool_of(call)
    if len(found) <= call.seats + call.alternates:
        raise NoPlaceLeft(
            _("The pool is not larger than the seats and alternates together, so there is nothing to draw.")
        )
    return found


def _pool_of(call: Call) -> list[UUID]:
    if call.selection == "panel":
        raise NotNow(_("The rules of this call name no lottery; choose people as its rules say."))
    if call.selection == "lottery":
        return list(in_it(call).values_list("pk", flat=True))
    if sums(call).open or not hasattr(call, "shortlist"):
        raise NotNow(_("The panel is not done. Make the shortlist and decide each application on it first."))
    admitted = Admitted.objects.filter(call=call, application__in=in_it(call))
    return list(admitted.values_list("application", flat=True))
