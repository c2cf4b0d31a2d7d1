"""What waits about pay: for a lead what was sent back or is late, for the steward what is not approved or not paid."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.cohort.pay import queries
from alongside.cohort.pay.queries import Account
from alongside.desks import saying
from alongside.desks.waiting import Item
from alongside.ground.gate.roles import ViewerRequest
from alongside.ground.ui.addresses import lang_of, to


def account(request: ViewerRequest, today: date) -> Account | None:
    """Give the viewer's own account of pay. Four queries."""
    seat = queries.seat_for(request.program, request.viewer, today)
    return queries.account_of(seat, request.pack, lang_of(request), today) if seat else None


def for_lead(request: ViewerRequest, found: Account | None) -> list[Item]:
    """List what a lead looks at: what was sent back, and that pay is late. Asks nothing."""
    if found is None:
        return []
    href = to(request, "pay:mine")
    items = [
        Item(_("Correct what you logged: %(what)s") % {"what": one.called}, one.reason, href)
        for one in found.sent_back
    ]
    if found.late:
        text = _("Owed to you since %(day)s. The steward was told.") % {"day": saying.day(found.since)}
        items.append(Item(_("Your pay is late"), text, href, "city", "late"))
    return items


def for_steward(request: ViewerRequest, today: date) -> list[Item]:
    """List what the steward does about pay: agree, approve, close a run. Seven queries."""
    due = queries.to_pay(request.program, request.pack)
    rows = queries.open_claims(request.program, request.pack, lang_of(request), today, due)
    waiting = [one for one in rows if one.shown.state == "waiting"]
    ready = [one for one in rows if one.shown.state == "approved" and one.fits]
    items = []
    if waiting:
        text = ngettext(
            "%(n)d piece of work or cost waits for you.",
            "%(n)d pieces of work or costs wait for you.",
            len(waiting),
        ) % {"n": len(waiting)}
        late, step = any(r.shown.is_late for r in waiting), _("Approve each, or send it back with a reason.")
        items.append(_item(request, _("Approve unpaid hours"), text, step, late=late))
    if ready or due.again:
        text = _("What you approved is in no payment run yet.")
        if due.again:
            text = _("A payment did not arrive, or not whole; the next run sends it again.")
        late, step = any(r.shown.is_late for r in ready), _("Close the run, and give its file to finance.")
        items.append(_item(request, _("Close a payment run"), text, step, late=late))
    return [*_agreements(request, today), *items]


def _agreements(request: ViewerRequest, today: date) -> list[Item]:
    """Tell of leads who can log nothing, because no pay is agreed with them. One query."""
    count = queries.without_agreement(request.program, today)
    if not count:
        return []
    text = ngettext(
        "%(n)d lead can log no hours before it is written.",
        "%(n)d leads can log no hours before it is written.",
        count,
    ) % {"n": count}
    href, step = to(request, "pay:agreements"), _("Write what is paid, and the sum not to exceed.")
    return [Item(_("Agree on pay"), text, href, "city", owner=saying.steward(), step=step)]


def _item(request: ViewerRequest, heading: str, text: str, step: str, *, late: bool) -> Item:
    if late:
        text = f"{text} {_('It is past the day on which it should be paid.')}"
    href, state = to(request, "pay:desk"), "late" if late else "owed"
    return Item(heading, text, href, "city", state, owner=saying.steward(), step=step)
