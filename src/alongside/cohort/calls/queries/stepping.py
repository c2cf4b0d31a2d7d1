"""Who takes an empty seat of a call: in order, and after a lottery with quotas the first with whom they are still met."""

from collections.abc import Mapping, Sequence

from django.db.models import Q

from alongside.cohort.calls.models import Call, Decision, Lottery, TicketFacts
from alongside.cohort.calls.queries.results import free_seats, next_in_line
from alongside.cohort.seats.models import Vacancy
from alongside.core.quotas import Quota
from alongside.core.stand_ins import steps_in

#: Whose facts count: whoever has an offer that stands, or stepped in from the list, and did not leave since.
OFFERED = Q(application__offer__isnull=False, application__offer__ground=None)
SITS = Q(application__offer__seat__left_on=None)
CALLED_UP = Q(
    application__carried__alternate__seat__isnull=False,
    application__carried__alternate__seat__left_on=None,
)


def balanced_by(call: Call) -> list[Quota]:
    """Give the quotas that alternates of a call step in under; none where they were drawn without. One query."""
    held = Lottery.objects.filter(call=call).select_related("panel_list__asked").first()
    if held is None or held.panel_list is None or not held.panel_list.alternates:
        return []
    return [Quota(**one) for one in held.panel_list.asked.quotas]


def who_is_next(call: Call, count: int | None = None) -> list[Decision]:
    """List who is offered the seats that are free, or so many seats, in turn. At most four queries."""
    line = next_in_line(call)
    free = free_seats(call) if count is None else count
    quotas = balanced_by(call)
    if not quotas:
        return line[:free]
    own = [one for one in line if one.outcome == "seat"]
    waiting = [one for one in line if one.outcome != "seat"]
    chosen, facts = own[:free], _facts(call)
    holders = [*facts["held"].values(), *(facts["every"].get(one.application_id, {}) for one in own)]
    while waiting and len(chosen) < free:
        at = steps_in(
            holders, [facts["every"].get(one.application_id, {}) for one in waiting], quotas, call.seats
        )
        chosen.append(waiting.pop(at))
        holders.append(facts["every"].get(chosen[-1].application_id, {}))
    return chosen


def _facts(call: Call) -> Mapping[str, Mapping[object, Mapping[str, str]]]:
    """Give what tickets of a call have by application: of all, and of those who hold a seat or an offer. Two queries."""
    rows = TicketFacts.objects.filter(application__call=call)
    held = rows.filter((OFFERED & SITS) | CALLED_UP)
    return {
        "every": dict(rows.values_list("application", "values")),
        "held": dict(held.values_list("application", "values")),
    }


def steps_in_later(call: Call) -> Sequence[Decision]:
    """List who steps into seats of the cohort that leads left, where quotas have a say in it. At most six queries."""
    if not balanced_by(call):
        return []
    empty = Vacancy.objects.filter(cohort__offers__call=call, filled_on=None).distinct().count()
    return who_is_next(call, empty) if empty else []
