"""What waits of commitments: claims for leads to check; and for the steward what was promised for a day or has to be checked."""

from datetime import timedelta
from functools import partial

from django.db.models import Q
from django.utils.translation import gettext as _

from alongside.chain.answers.steps import briefs_of, place_of
from alongside.chain.commitments.queries import only_not, unchecked_by
from alongside.cohort.seats.steps import own_seat, seated
from alongside.core.workflow.commitments import KEPT
from alongside.ground.gate.roles import Role
from alongside.ground.record import queries as record
from alongside.ground.record.models import MilestoneStanding
from alongside.ground.record.steps import kept, lost_own_key, rows
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.steps import AHEAD, Desk, Step

#: So long a promise that was kept stands on the desks of leads.
LATELY = timedelta(days=30)
#: What is claimed, and nobody checked.
WAITS = Q(claim__isnull=False, check_entry=None)


def steps(desk: Desk) -> list[Step]:
    """List the claims this lead may check and has not, none where their key is lost, and what was kept lately; for the steward what is near, late or claimed.

    Six queries at most.
    """
    if desk.role is Role.STEWARD:
        found = [(one, _promised) for one in desk.once(open_promises)]
    else:
        seen = kept(desk, record.milestones, WAITS | Q(checked__gte=desk.today - LATELY))
        waiting, done = [one for one in seen if one.is_unchecked], [one for one in seen if one.is_kept]
        seat = None if desk.once(lost_own_key) else desk.once(own_seat)
        own = unchecked_by(desk.program, desk.pack, seat, waiting, desk.once(seated))
        look = {True: _to_say_not, False: _to_check}
        found = [(one, look[one.claim in own.only_not]) for one in own.to_check]
        found += [(one, _to_say_why) for one in own.to_say_why]
        asks = desk.once(rows).some(one.ask for one in done)
        names = briefs_of(desk, asks.values())
        found += [(one, partial(_kept, href=place_of(desk, asks[one.ask], names, one.ask))) for one in done]
    return [say(desk, one)._replace(about=one.commitment, named=one.milestone) for one, say in found]


def open_promises(desk: Desk) -> list[MilestoneStanding]:
    """List what was promised and is not kept, where its day is near or past or it waits for a check. One query."""
    near = WAITS | Q(due__lte=desk.today + AHEAD)
    return kept(desk, record.milestones, near & ~Q(completion__in=KEPT))


def _kept(desk: Desk, one: MilestoneStanding, href: str) -> Step:
    text = _("Promised by %(unit)s, and checked on %(day)s.") % {
        "unit": desk.pack.unit_name(one.unit, desk.lang),
        "day": day_in_words(one.checked),
    }
    return Step(_("Kept: %(what)s"), text, href, "city", is_news=True, came=one.checked)


def _to_check(desk: Desk, one: MilestoneStanding) -> Step:
    text = _("%(unit)s says it is done. Check by %(day)s.") % {
        "unit": desk.pack.unit_name(one.unit, desk.lang),
        "day": day_in_words(one.verify_due),
    }
    href = desk.to("commitments:check", claim=one.claim)
    return Step(_("Go and look: %(what)s"), text, href, due=one.verify_due)


def _to_say_not(desk: Desk, one: MilestoneStanding) -> Step:
    step = _to_check(desk, one)
    return step._replace(text=f"{step.text} {only_not()}")


def _to_say_why(desk: Desk, one: MilestoneStanding) -> Step:
    text = _("No lead can check this, and the public log does not know why.")
    href = desk.to("commitments:check", claim=one.claim)
    return Step(_("Say why you cannot check: %(what)s"), text, href, due=one.verify_due)


def _promised(desk: Desk, one: MilestoneStanding) -> Step:
    """Say a milestone for the office that promised it, or a claim for two leads who look."""
    is_claimed, due = one.is_unchecked, (one.step.due if one.step else None) or one.due
    heading = _("Check what was delivered: %(what)s") if is_claimed else _("Promised: %(what)s")
    return desk.dated(
        heading,
        desk.to("record:entry", index=one.commitment),
        due,
        pen="community" if is_claimed else "city",
        owner=_("Two leads") if is_claimed else desk.pack.office_title(one.office, desk.lang),
        step=_("Go and look.")
        if is_claimed
        else _disputed(one) or _("Do it, and say so with what shows it."),
    )


def _disputed(one: MilestoneStanding) -> str:
    """Say what leads saw of what the City called done; nothing where they did not dispute it."""
    if not one.is_disputed or one.checked is None:
        return ""
    text = _("Do what is missing, and say so. Those who looked on %(day)s say that it is not done.")
    return text % {"day": day_in_words(one.checked)}
