"""What waits of things given to offices: a second lead's look, and the office's reply."""

from datetime import date
from functools import partial

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.chain.proposals.steps import of_others, to_confirm
from alongside.chain.referrals import queries
from alongside.chain.referrals.models import Referral
from alongside.cohort.seats.models import Seat
from alongside.core.workflow.seconds import Proposed
from alongside.ground.gate.roles import Role
from alongside.ground.record.steps import is_any
from alongside.ground.ui.days import day_in_words, days_left
from alongside.ground.ui.languages import dot
from alongside.ground.ui.steps import Desk, Step


def _given(desk: Desk) -> QuerySet[Referral]:
    return queries.seen_by(desk.program, desk.viewer)


proposed = partial(of_others, what=Proposed.OFFICE)
#: What waits seldom.
SELDOM = (_given, proposed)


def steps(desk: Desk) -> list[Step]:
    """List what an office owes a word on; for a lead, what waits for a second lead, and what came or is late."""
    found = []
    if is_any(desk, _given):
        found = queries.passed(desk.program, desk.pack, desk.viewer, desk.lang, desk.today)
    if desk.role is Role.LEAD:
        waits = to_confirm(desk, Proposed.OFFICE) if is_any(desk, proposed) else []
        confirmed = [_confirm(href, count, has_left=left) for href, count, left in waits]
        return [*confirmed, *(_told(desk, one) for one in found if _is_theirs(desk, one))]
    return [_to_reply(desk, one) for one in found if one.may_reply]


def _confirm(href: str, count: int, *, has_left: bool) -> Step:
    if has_left:
        text = _("The lead who wrote it has left. Start it again in the reader; another lead confirms it.")
        return Step(_("Start again what goes to an office"), text, href)
    text = ngettext(
        "%(n)d waits for a second lead. Unlock the reader to read it.",
        "%(n)d wait for a second lead. Unlock the reader to read them.",
        count,
    )
    return Step(_("Confirm what goes to an office"), text % {"n": count}, href)


def before_leaving(seat: Seat, _lang: str, _today: date) -> list[str]:
    """Tell a lead who leaves what of theirs waits for a second lead: after that it must be begun again. One query."""
    count = queries.written_by(seat)
    text = ngettext(
        "%(n)d text of yours that would go to an office waits for a second lead. Ask one to confirm it before you go; after that, another lead has to start it again.",
        "%(n)d texts of yours that would go to an office wait for a second lead. Ask one to confirm them before you go; after that, another lead has to start them again.",
        count,
    )
    return [text % {"n": count}] if count else []


def _is_theirs(desk: Desk, one: queries.Passed) -> bool:
    """Say whether the lead gave it, and it came back or is late."""
    mine = desk.viewer.seat_id in {one.row.first_id, one.row.second_id}
    return mine and (one.is_late or not one.waits)


def _told(desk: Desk, one: queries.Passed) -> Step:
    href = desk.to("referrals:one", key=one.row.pk)
    if one.waits:
        day = day_in_words(one.row.answer_by)
        heading = _("%(office)s did not reply") % {"office": one.office}
        text = _("Its day was %(day)s. You can make it a recommendation.") % {"day": day}
        return Step(heading, text, href, "city", "late", due=one.row.answer_by)
    heading = _("%(office)s replied to what you gave it") % {"office": one.office}
    return Step(heading, _("Read what it does."), href, "city", "", is_news=True, came=one.row.replied_on)


def _to_reply(desk: Desk, one: queries.Passed) -> Step:
    text = _("Two leads gave it to %(office)s. It is not published.") % {"office": one.office}
    left = days_left((one.row.answer_by - desk.today).days)
    text = f"{text} {left}{dot()}{day_in_words(one.row.answer_by)}"
    state, due = desk.state(one.row.answer_by), one.row.answer_by
    return Step(
        _("Say what you do about it"), text, desk.to("referrals:one", key=one.row.pk), "city", state, due=due
    )
