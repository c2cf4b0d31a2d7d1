"""What waits in workplans: a version that one side signed, told to the side that has not, and to the steward."""

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext as _

from alongside.desks import queries, saying
from alongside.desks.waiting import Item
from alongside.ground.gate.roles import ViewerRequest
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.languages import apart, listed
from alongside.work.workplans.queries import PlanShown, cohort_of, every_plan, shown_plans


def waiting_plans(request: ViewerRequest) -> list[PlanShown]:
    """List the workplans with a version that some side has not signed. Two queries."""
    return [one for one in shown_plans(request.program, lang_of(request)) if one.standing.one_sided]


def for_lead(request: ViewerRequest) -> list[Item]:
    """List the versions that wait for the leads of the viewer's own cohort. Three queries."""
    cohort = cohort_of(request.viewer)
    found = [one for one in waiting_plans(request) if "community" in _missing(one)]
    return [_to_sign(request, one, "community") for one in found if one.cohort == cohort]


def for_unit(request: ViewerRequest) -> list[Item]:
    """List the versions that wait for a signature of the viewer's units. Two queries."""
    viewer = request.viewer
    return [
        _to_sign(request, one, "city", in_place=not _missing(one) & viewer.units)
        for one in waiting_plans(request)
        if _missing(one) & viewer.answers_for
    ]


def for_steward(request: ViewerRequest, today: date) -> list[Item]:
    """List the workplans that some side has not signed, each with who signs next. Four queries."""
    shown = shown_plans(request.program, lang_of(request))
    there = {one.slug for one in shown}
    drafts = [
        Item(
            _("A workplan that nobody has signed yet, with %(units)s")
            % {"units": _sides(request, [unit.slug for unit in one.units.all()])},
            _("Begun on %(day)s. A lead or the unit signs first.") % {"day": saying.day(one.begun_on)},
            to(request, "workplans:plans"),
            pen="both",
            owner=_sides(request, ["community", *(unit.slug for unit in one.units.all())]),
            step=_("Finish the draft, and sign it."),
        )
        for one in every_plan(request.program)
        if one.slug not in there
    ]
    return [*(_unsigned(request, one, today) for one in shown if one.standing.one_sided), *drafts]


def _missing(plan: PlanShown) -> set[str]:
    return set(plan.standing.one_sided.missing) if plan.standing.one_sided else set()


def _to_sign(request: ViewerRequest, plan: PlanShown, pen: str, *, in_place: bool = False) -> Item:
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
    href = to(request, "workplans:sign", slug=plan.slug)
    return Item(heading, text % {"day": saying.day(since.date if since else None)}, href, pen=pen)


def _unsigned(request: ViewerRequest, plan: PlanShown, today: date) -> Item:
    since = plan.standing.waits_since
    days = (today - since.date).days if since else 0
    text = _("Waits for %(who)s, day %(days)s.") % {
        "who": _sides(request, sorted(_missing(plan))),
        "days": days + 1,
    }
    pen = "community" if _missing(plan) == {"community"} else "city"
    heading = _("Unsigned workplan: %(what)s") % {"what": apart(plan.title)}
    owner, href = _sides(request, sorted(_missing(plan))), to(request, "workplans:plan", slug=plan.slug)
    step = _("Read what changed, then sign or say no.")
    return Item(heading, text, href, pen=pen, owner=owner, step=step)


def _sides(request: ViewerRequest, sides: Collection[str]) -> str:
    lang = lang_of(request)
    return listed(
        _("the community leads") if one == "community" else queries.unit_name(request.pack, one, lang)
        for one in sides
    )
