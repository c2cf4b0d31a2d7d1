"""Make the list of panels of a lottery with quotas, with the optional package; look that every panel meets them."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.calls.actions.balancing import refuse_unadvised
from alongside.cohort.calls.actions.pool import pool_of
from alongside.cohort.calls.actions.reviewing import refuse_before_it_closed
from alongside.cohort.calls.models import Call, Lottery, PanelList, PanelsAsked
from alongside.cohort.calls.queries.balancing import facts_of, rules_of
from alongside.core.quotas import PANELS, Quota, by_category, contradictions, short_of, unmet
from alongside.core.refusals import Refused
from alongside.core.stand_ins import choose_alternates
from alongside.core.words import has_words
from alongside.core.workflow.calls import PanelsStage
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends

#: Why there is no list; the page says it in words.
type Facts = Mapping[str, Mapping[str, str]]
#: Finds panels: who has what, the quotas, how many seats, how many panels.
type Find = Callable[[Facts, Sequence[Quota], int, int], Sequence[Sequence[str]]]


class NoPanelMeetsThem(ValueError):  # noqa: N818 -- the name is a sentence
    """The package found no panel that meets every quota; the message is its own suggestion, if it has one."""


def with_package(facts: Facts, quotas: Sequence[Quota], seats: int, panels: int) -> Sequence[Sequence[str]]:
    """Find panels with sortition-algorithms, so that the smallest chance of anyone is as large as it can be.

    Raises NoPanelMeetsThem. The package is an optional extra, `quotas`.
    """
    import sortition_algorithms as package  # noqa: PLC0415 -- optional, and slow to load

    names = list(by_category(quotas))
    rows = [
        {"feature": one.category, "value": one.value, "min": str(one.least), "max": str(one.most)}
        for one in quotas
    ]
    features, _feature, _value = package.read_in_features(["feature", "value", "min", "max"], rows, seats)
    settings = package.Settings(id_column="id", columns_to_keep=[])
    body = [{"id": one, **values} for one, values in facts.items()]
    people, _report = package.read_in_people(["id", *names], body, features, settings)
    try:
        found, _report = package.find_random_sample(features, people, seats, [], number_selections=panels)
    except package.SortitionBaseError as error:
        raise NoPanelMeetsThem(str(error)) from error
    return [sorted(one) for one in found]


@appends()
@transaction.atomic
def ask_for_panels(*, call: Call, quotas: Sequence[Quota], widened: str, now: datetime) -> PanelsAsked:
    """Ask for the list of panels. Quotas may be wider than the call says, with a reason that goes on the record.

    Raises Refused, Refused, Refused, Refused, Refused.
    """
    today = refuse_before_it_closed(call, now)
    if Lottery.objects.filter(call=call).exists():
        raise Refused(_("The lottery is announced; its pool and its rules stand."))
    refuse_unadvised(call.program, pack_of(call.program), quotas)
    rules = {(one.category, one.value): one for one in rules_of(call)}
    for one in quotas:
        rule = rules[one.category, one.value]
        if one.least > rule.least or one.most < rule.most:
            raise Refused(
                _("A quota can only be made wider than the call says. Lower the least, or raise the most.")
            )
    if contradictions(quotas, call.seats):
        raise Refused(_("These numbers cannot be met with the seats of the call. Change them."))
    if list(quotas) != list(rules.values()) and not has_words(widened):
        raise Refused(_("Write why the quotas are wider than the call says. The record tells it."))
    pool_of(call)
    kept = [vars(one) for one in quotas]
    return PanelsAsked.objects.create(call=call, quotas=kept, widened=widened.strip(), on=today)


@appends()
def make_panels(*, asked: PanelsAsked, find: Find = with_package) -> PanelList:
    """Make the list that was asked for, once, with the alternates of each panel. Where none meets the quotas, keep why."""
    there = PanelList.objects.filter(asked=asked).first()
    if there:
        return there
    call, quotas = asked.call, [Quota(**one) for one in asked.quotas]
    members = sorted(pool_of(call), key=str)
    facts = {str(one): values for one, values in facts_of(members, quotas).items()}
    panels, problem = _found(facts, quotas, call.seats, find)
    after = [choose_alternates(one, facts, quotas, call.alternates, secrets.choice) for one in panels]
    places = {str(one): place for place, one in enumerate(members)}
    return PanelList.objects.create(
        asked=asked,
        members=list(places),
        panels=[[places[one] for one in panel] for panel in panels],
        alternates=[[places[one] for one in those] for those in after],
        salt=secrets.token_hex(32),
        problem=problem,
    )


def _found(
    facts: Facts, quotas: Sequence[Quota], seats: int, find: Find
) -> tuple[Sequence[Sequence[str]], str]:
    if short_of(quotas, facts, seats):
        return [], PanelsStage.SHORT
    try:
        panels = find(facts, quotas, seats, PANELS)
    except NoPanelMeetsThem:
        return [], PanelsStage.NONE
    if any(len(set(one)) != seats or unmet(one, facts, quotas) for one in panels):
        return [], PanelsStage.WRONG
    return panels, ""


def fitting_list(call: Call, pool: Sequence[UUID]) -> PanelList:
    """Give the list of panels to announce a lottery with. Raises Refused where none is made, or the pool changed since."""
    asked = PanelsAsked.objects.filter(call=call).select_related("made").order_by("-pk").first()
    made: PanelList | None = getattr(asked, "made", None)
    if made is None or not made.panels:
        raise Refused(_("This lottery has quotas. Make the list of panels first."))
    if made.members != sorted(str(one) for one in pool):
        raise Refused(_("Someone left the pool since the list of panels was made. Make the list again."))
    return made
