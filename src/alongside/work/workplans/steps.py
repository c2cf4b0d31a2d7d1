"""What waits of workplans: a version that one side signed, told to the side that has not, and to the steward."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from alongside.core.entries import unit_of
from alongside.core.workflow.workplans import CHANGES
from alongside.ground.gate.roles import Role
from alongside.ground.record.steps import kept, lost_own_key, rows
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.languages import listed
from alongside.ground.ui.steps import Desk, Step
from alongside.work.workplans import queries
from alongside.work.workplans.models import Workplan

#: What these steps look at.
READS = CHANGES


def on_the_record(desk: Desk) -> list[queries.PlanShown]:
    """List the workplans on the record, without their words, and without what was told of their activities."""
    return queries.plans_without_words(desk.once(rows), told=CHANGES)


def plans(desk: Desk) -> dict[Workplan, queries.PlanSides]:
    """Give all workplans, also those that nobody has signed, each with whose it is."""
    return queries.every_plan(desk.program)


def days_ahead(desk: Desk) -> list[tuple[queries.PlanShown, queries.PlanDay]]:
    """List the days to come of the workplans in force of the viewer's units: the last one of each, and those by which their offices do something.

    One query, and one for each workplan that has such activities.
    """
    ours = [
        one
        for one in desk.once(on_the_record)
        if one.standing.in_force and desk.viewer.answers_for & set(one.units)
    ]
    said = kept(desk, queries.days_said, tuple(one.shown.proposed.index for one in ours))
    found = []
    for plan in ours:
        ahead = [one for one in said.get(plan.shown.proposed.index, ()) if one.on >= desk.today]
        own = [one for one in ahead if {unit_of(each) for each in one.offices} & desk.viewer.answers_for]
        done = queries.done_in(desk.once(rows), plan.slug) if own else set()
        found += [(plan, one) for one in ahead if not one.activity]
        found += [(plan, one) for one in own if one.activity not in done]
    return found


def steps(desk: Desk) -> list[Step]:
    """List the versions that wait for the leads of the viewer's cohort, for their units, or for anyone. Three queries at most."""
    shown = desk.once(on_the_record)
    waiting = [one for one in shown if one.standing.one_sided]
    if desk.role is Role.STEWARD:
        return [*(_unsigned(desk, one) for one in waiting), *_drafts(desk, {one.slug for one in shown})]
    if desk.role is Role.LEAD:
        theirs = [one for one in waiting if one.cohort == desk.viewer.cohort]
        own = [one for one in theirs if "community" in _missing(one) and not desk.once(lost_own_key)]
        return [_to_sign(desk, one, "community") for one in own]
    return [
        _to_sign(desk, one, "city", in_place=not _missing(one) & desk.viewer.units)
        for one in waiting
        if _missing(one) & desk.viewer.answers_for
    ]


def _drafts(desk: Desk, shown: set[str]) -> list[Step]:
    found = []
    for one, sides in desk.once(plans).items():
        if one.slug not in shown:
            units = sides.units
            found.append(
                Step(
                    _("A workplan that nobody has signed yet, with %(units)s")
                    % {"units": _sides(desk, units)},
                    _("Begun on %(day)s. A lead or the bureau signs first.")
                    % {"day": day_in_words(one.begun_on)},
                    desk.to("workplans:plans"),
                    "both",
                    owner=_sides(desk, ["community", *units]),
                    step=_("Finish the draft, and sign it."),
                )
            )
    return found


def _missing(plan: queries.PlanShown) -> set[str]:
    return set(plan.standing.one_sided.missing) if plan.standing.one_sided else set()


def _to_sign(desk: Desk, plan: queries.PlanShown, pen: str, *, in_place: bool = False) -> Step:
    since = plan.standing.waits_since
    text = (
        _("Changed by one side on %(day)s. It does not count until you sign.")
        if plan.standing.in_force
        else _("Signed by the other side on %(day)s. It is in force when you sign too.")
    )
    if in_place:
        text = _(
            "Changed on %(day)s. Its bureau is no more: sign the next version in its place, and leads sign it too."
        )
    text %= {"day": day_in_words(since.date if since else None)}
    href = desk.to("workplans:sign", slug=plan.slug)
    return Step(_("Sign, or ask for a change: %(what)s"), text, href, pen, about=plan.shown.proposed.index)


def _unsigned(desk: Desk, plan: queries.PlanShown) -> Step:
    since, missing = plan.standing.waits_since, _missing(plan)
    who = _sides(desk, sorted(missing))
    days = (desk.today - since.date).days if since else 0
    return Step(
        _("Unsigned workplan: %(what)s"),
        _("Waits for %(who)s, day %(days)s.") % {"who": who, "days": days + 1},
        desk.to("workplans:plan", slug=plan.slug),
        "community" if missing == {"community"} else "city",
        owner=who,
        step=_("Read what changed, then sign or ask for a change."),
        about=plan.shown.proposed.index,
    )


def _sides(desk: Desk, sides: Iterable[str]) -> str:
    return listed(
        _("the community leads") if one == "community" else desk.pack.unit_name(one, desk.lang)
        for one in sides
    )
