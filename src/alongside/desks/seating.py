"""What waits about seats, the charter and meetings: for a lead, for the steward, for an office that hears appeals."""

from datetime import date
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from alongside.cohort.meetings import queries as meetings_queries
from alongside.cohort.seats import queries
from alongside.cohort.seats import queries as seats_queries
from alongside.desks import saying
from alongside.desks.waiting import Item
from alongside.ground.gate.roles import Role, ViewerRequest
from alongside.ground.ui.addresses import lang_of, to


def for_lead(request: ViewerRequest, today: date) -> list[Item]:
    """List what a lead does for the cohort: begin, sign the charter, publish minutes, decide an appeal. Fixed queries."""
    charter = _charter(request, request.viewer.seat or "", today)
    return [
        *_called(request, today),
        *_rules(request, today),
        *charter,
        *_minutes(request, today),
        *appeals(request),
    ]


def for_steward(request: ViewerRequest, today: date) -> list[Item]:
    """List what the steward does for the cohort: fill seats, sign the charter, write minutes. Fixed queries."""
    items = []
    for one in seats_queries.vacancies(request.program, request.pack, today):
        said = {"day": saying.day(one.vacancy.from_date), "due": saying.day(one.due)}
        text = (
            _("Empty since %(day)s. The alarm was due on %(due)s.")
            if one.is_late
            else _("Empty since %(day)s. Fill it by %(due)s.")
        ) % said
        state = "late" if one.is_late else "owed"
        step = _("Give it to an alternate, or open a call.")
        owner = saying.steward()
        href = f"{to(request, 'seats:seats')}?cohort={one.vacancy.cohort.slug}"
        if one.is_kept_free:
            items.append(_kept_free(one, href, owner))
            continue
        items.append(Item(_("Fill an empty seat"), text, href, "city", state, owner=owner, step=step))
    return [*items, *_charter(request, "steward", today), *_minutes(request, today)]


def _kept_free(one: seats_queries.Empty, href: str, owner: str) -> Item:
    """Say that nobody can take an empty seat yet: its lead was removed, and can appeal or did."""
    if one.appeal_by:
        text = _("The lead who was removed can appeal until %(day)s. Nobody else can take the seat before.")
        text %= {"day": saying.day(one.appeal_by)}
    else:
        text = _("The lead who was removed appealed. Nobody else can take the seat before that is decided.")
    step = _("Wait. There is nothing that you can do.")
    return Item(_("A seat is kept free"), text, href, "city", "owed", owner=owner, step=step)


def appeals(request: ViewerRequest) -> list[Item]:
    """List the appeals that wait for the viewer's office or seat. One query."""
    return [
        Item(
            _("Decide an appeal"),
            _("Made on %(day)s. You are named to decide it.") % {"day": saying.day(one.made_on)},
            to(request, "seats:decide", pk=one.pk),
        )
        for one in seats_queries.appeals_for(request.program, request.viewer)
    ]


def _called(request: ViewerRequest, today: date) -> list[Item]:
    """Tell a lead who was called up lately that they sit. One query."""
    seat = queries.new_seat_of(request.program, request.viewer, today)
    if seat is None:
        return []
    text = _("You were called up. Your seat is yours until %(day)s. See who sits with you.")
    said = {"day": saying.day(seat.until_date)}
    return [Item(_("You have a seat now"), text % said, to(request, "seats:cohort"), "both")]


def _rules(request: ViewerRequest, today: date) -> list[Item]:
    """Ask a lead who has not said yes to milder rules that are proposed."""
    found = seats_queries.proposed_rules(request.program, today, lang_of(request))
    if found is None or request.viewer.seat in found.agreed:
        return []
    text = _("Read what would change. It holds only if more than half of you agree.")
    return [Item(_("Milder rules are proposed"), text, to(request, "seats:rules"), "city")]


def _charter(request: ViewerRequest, by: str, today: date) -> list[Item]:
    cohort = seats_queries.cohort_for(request.viewer, request.program, today)
    charter = seats_queries.charter_now(cohort, lang_of(request)) if cohort else None
    if cohort is None or charter is None or by in charter.signed:
        return []
    text = _("The rules of your cohort are in force when all have signed.")
    href = to(request, "seats:sign_charter", cohort=cohort.slug)
    owner = saying.steward() if by == "steward" else ""
    return [Item(_("Sign the charter"), text, href, owner=owner, step=_("Read it, and sign."))]


def _minutes(request: ViewerRequest, today: date) -> list[Item]:
    """List the meetings of the past that have no public minutes."""
    zone, items = ZoneInfo(request.pack.time_zone), []
    for one in meetings_queries.meetings_of(request.program, lang_of(request)):
        on = one.row.starts_at.astimezone(zone).date()
        if on < today and one.held is None and not one.is_cancelled:
            text = _("Held on %(day)s. Leads publish the minutes.") % {"day": saying.day(on)}
            what = {"what": one.planned.say("title")}
            href = to(request, "meetings:minutes", meeting=one.slug)
            step = _("Write the minutes; a lead publishes them.")
            owner = saying.leads() if request.viewer.has(Role.STEWARD) else ""
            items.append(Item(_("Minutes: %(what)s") % what, text, href, owner=owner, step=step))
    return items
