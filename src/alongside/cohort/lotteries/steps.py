"""What comes of calls: the last day to apply, the draw, its witnesses, the day everyone has an answer; and what leads and staff were asked to do."""

from collections.abc import Mapping

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alongside.cohort.applications.queries import to_write_down
from alongside.cohort.calls.models import WRITES_DOWN, Call, Invitee
from alongside.cohort.calls.queries import helping
from alongside.cohort.lotteries.queries import next_steps
from alongside.cohort.reviews.models import Reading
from alongside.cohort.reviews.queries import count_to_read, still_reading, to_read, without_readers
from alongside.core.workflow.calls import CallStep
from alongside.core.workflow.open_steps import OpenStep
from alongside.ground.gate.roles import Role
from alongside.ground.record.steps import is_any
from alongside.ground.ui.numbers import counted
from alongside.ground.ui.steps import AHEAD, THE_STEWARD, Desk, Step

STEPS: Mapping[str, Promise] = {
    CallStep.CLOSE: gettext_lazy(
        "Invite people to apply until then; then give every application its readers."
    ),
    CallStep.DRAW: gettext_lazy("Draw on that day, with the seed as its source gave it."),
    CallStep.WITNESS: gettext_lazy("Let both witnesses run the draw again, and end the selection by then."),
    CallStep.DECIDE: gettext_lazy("Choose by the rules of the call, and end the selection by then."),
    CallStep.OFFER: gettext_lazy("Offer the places by then: whoever was chosen waits for it."),
}
PAGES: Mapping[str, str] = {
    CallStep.CLOSE: "calls:steward_call",
    CallStep.DRAW: "lotteries:lottery",
    CallStep.WITNESS: "lotteries:lottery",
    CallStep.DECIDE: "reviews:review",
    CallStep.OFFER: "lotteries:offers",
}


def _to_read(desk: Desk) -> QuerySet[Reading] | None:
    return None if desk.role is Role.STEWARD else to_read(desk.program, desk.viewer)


def _writes_down(desk: Desk) -> QuerySet[Invitee] | None:
    return None if desk.role is Role.STEWARD else helping(desk.program, desk.viewer, WRITES_DOWN)


#: What waits seldom.
SELDOM = (_to_read, _writes_down)


def steps(desk: Desk) -> list[Step]:
    """List for the steward the next step of each call that is due soon, or late; for others what they were asked to do.

    Four queries.
    """
    return [*_unread(desk), *_half_read(desk), *_coming(desk)] if desk.role is Role.STEWARD else _asked(desk)


def _asked(desk: Desk) -> list[Step]:
    """List what the viewer reads or writes down for a call, as whoever has no desk finds it among what waits."""
    readings = count_to_read(desk.program, desk.viewer) if is_any(desk, _to_read) else 0
    found = []
    if readings:
        heading = ngettext("%(n)s application to read", "%(n)s applications to read", readings)
        text = _("You read without names, by the rubric of the call.")
        found.append(Step(heading % {"n": counted(readings)}, text, desk.to("reviews:readings"), is_own=True))
    writes = to_write_down(desk.program, desk.viewer) if is_any(desk, _writes_down) else ()
    for one, waiting in writes:
        if waiting:
            heading = ngettext("%(n)s recording to write down", "%(n)s recordings to write down", waiting)
            href = desk.to("applications:recordings", slug=one.call.slug)
            found.append(Step(heading % {"n": counted(waiting)}, _title(one.call), href, is_own=True))
    return found


def _title(call: Call) -> str:
    return call.title or call.slug


def _open(desk: Desk) -> list[tuple[Call, OpenStep]]:
    return next_steps(desk.program, desk.today)


def _unread(desk: Desk) -> list[Step]:
    """List the calls whose applications fewer than two were invited to read. One query."""
    return [
        Step(
            _("Invite readers: %(what)s") % {"what": _title(call)},
            ngettext(
                "%(n)s application, and fewer than two readers.",
                "%(n)s applications, and fewer than two readers.",
                n,
            )
            % {"n": counted(n)},
            desk.to("reviews:review", slug=call.slug),
            "city",
            owner=THE_STEWARD,
            step=_("Invite at least two readers."),
        )
        for call, n in without_readers(call for call, _step in desk.once(_open))
    ]


def _half_read(desk: Desk) -> list[Step]:
    """List the calls that wait for who has still to read. One query."""
    return [
        Step(
            _("Remind who has still to read: %(what)s") % {"what": _title(call)},
            ngettext(
                "%(n)s person has not read all that they were given.",
                "%(n)s people have not read all that they were given.",
                n,
            )
            % {"n": counted(n)},
            desk.to("reviews:review", slug=call.slug),
            "city",
            owner=THE_STEWARD,
            step=_("See who it is, and remind them by a press."),
        )
        for call, n in still_reading((call for call, _step in desk.once(_open)), desk.today)
    ]


def _coming(desk: Desk) -> list[Step]:
    return [
        desk.dated(
            _("A call: %(what)s") % {"what": _title(call)},
            desk.to(PAGES[step.what], slug=call.slug),
            step.due,
            pen="city",
            owner=THE_STEWARD,
            step=STEPS[step.what],
        )
        for call, step in desk.once(_open)
        if step.due and step.due <= desk.today + AHEAD
    ]
