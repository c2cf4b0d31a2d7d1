"""What waits of workplans: a version that one side signed, told to the side that has not, and to the steward."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from alongside.ground.gate.roles import Role
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.languages import apart, listed
from alongside.ground.ui.steps import Desk, Step
from alongside.work.workplans import queries


def steps(desk: Desk) -> list[Step]:
    """List the versions that wait for the leads of the viewer's cohort, for their units, or for anyone. Four queries at most."""
    shown = queries.shown_plans(desk.program, desk.lang)
    waiting = [one for one in shown if one.standing.one_sided]
    if desk.role is Role.STEWARD:
        return [*(_unsigned(desk, one) for one in waiting), *_drafts(desk, {one.slug for one in shown})]
    if desk.role is Role.LEAD:
        cohort = queries.cohort_of(desk.viewer)
        own = [one for one in waiting if "community" in _missing(one) and one.cohort == cohort]
        return [_to_sign(desk, one, "community") for one in own]
    return [
        _to_sign(desk, one, "city", in_place=not _missing(one) & desk.viewer.units)
        for one in waiting
        if _missing(one) & desk.viewer.answers_for
    ]


def _drafts(desk: Desk, shown: set[str]) -> list[Step]:
    found = []
    for one in queries.every_plan(desk.program):
        if one.slug not in shown:
            units = [unit.slug for unit in one.units.all()]
            found.append(
                Step(
                    _("A workplan that nobody has signed yet, with %(units)s")
                    % {"units": _sides(desk, units)},
                    _("Begun on %(day)s. A lead or the unit signs first.")
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
            "Changed on %(day)s. Its unit is no more: sign the next version in its place, and leads sign it too."
        )
    heading = _("Sign, or say no: %(what)s") % {"what": apart(plan.title)}
    href = desk.to("workplans:sign", slug=plan.slug)
    return Step(heading, text % {"day": day_in_words(since.date if since else None)}, href, pen)


def _unsigned(desk: Desk, plan: queries.PlanShown) -> Step:
    since, missing = plan.standing.waits_since, _missing(plan)
    who = _sides(desk, sorted(missing))
    days = (desk.today - since.date).days if since else 0
    return Step(
        _("Unsigned workplan: %(what)s") % {"what": apart(plan.title)},
        _("Waits for %(who)s, day %(days)s.") % {"who": who, "days": days + 1},
        desk.to("workplans:plan", slug=plan.slug),
        "community" if missing == {"community"} else "city",
        owner=who,
        step=_("Read what changed, then sign or say no."),
    )


def _sides(desk: Desk, sides: Iterable[str]) -> str:
    return listed(
        _("the community leads") if one == "community" else desk.pack.unit_name(one, desk.lang)
        for one in sides
    )
