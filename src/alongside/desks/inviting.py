"""What waits between units and leads: help that a unit asks for, and questions that were raised to an office."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.chain.answers.queries import questions_to_answer
from alongside.chain.asks.queries import learnings, raised_to
from alongside.desks import queries, saying
from alongside.desks.waiting import Item
from alongside.ground.gate.roles import ViewerRequest
from alongside.ground.ui.addresses import lang_of, to
from alongside.ground.ui.languages import apart
from alongside.work.invitations.queries import Invited, invitations, sorted_for, worked_on

#: From so many questions on, a unit is offered to answer them together.
MANY = 2


def for_lead(request: ViewerRequest, today: date) -> list[Item]:
    """List what units ask leads to help with and nobody answered: what is about the lead's own projects first."""
    found = [one for one in _all(request, today) if one.waits]
    mine = worked_on(request.program, request.viewer) if found else set()
    items = [_item(request, one, "community") for one in sorted_for(found, mine)]
    return [*items, *_to_agree(request)]


def _to_agree(request: ViewerRequest) -> list[Item]:
    """List the bureaus that asked for a learning period to which no lead agreed."""
    text = _("Its clocks run as always. In its first days, this site tells nothing late about it in public.")
    return [
        Item(
            _("Agree to a learning period, or leave it: %(unit)s")
            % {"unit": queries.unit_name(request.pack, one.unit, lang_of(request))},
            text,
            to(request, "asks:learning"),
        )
        for one in learnings(request.program)
        if one.until is None
    ]


def for_unit(request: ViewerRequest, today: date) -> list[Item]:
    """List what was raised to the viewer's units, questions to answer together, and help they asked for that no lead took."""
    lang, units = lang_of(request), sorted(request.viewer.units)
    items = []
    for standing, told, _why in raised_to(request.program, lang, units):
        text = _("Raised to your office. A reply is due on %(day)s.") % {
            "day": saying.day(standing.raise_due)
        }
        href = to(request, "asks:reply_above", ask=standing.ask)
        state = "late" if standing.raise_due and today > standing.raise_due else "owed"
        items.append(
            Item(_("Reply: %(what)s") % {"what": apart(told.say("title"))}, text, href, "city", state)
        )
    # questions of a list have a line of their own among what is owed
    waiting = questions_to_answer(request.program, request.viewer, lang)
    owed = sum(1 for one in waiting if one.listed is None)
    if owed >= MANY:
        words = ngettext("%(n)d question waits", "%(n)d questions wait", owed) % {"n": owed}
        text = _("Answer many at once, each on its own line of the record.")
        items.append(Item(words, text, to(request, "answers:many"), "city"))
    own = [one for one in _all(request, today) if one.is_over and one.told.entry.data["unit"] in units]
    return [*items, *(_item(request, one, "city") for one in own if one.needed_by >= today)]


def _all(request: ViewerRequest, today: date) -> list[Invited]:
    return invitations(request.program, request.pack, lang_of(request), today)


def _item(request: ViewerRequest, one: Invited, pen: str) -> Item:
    heading = _("A unit asks for help: %(what)s") % {"what": apart(one.told.say("title") or one.slug)}
    by = _("Leads answer by %(day)s.") % {"day": saying.day(one.answer_by)}
    text = _("No lead took this. Ask again, or take it back.") if one.is_over else by
    return Item(heading, text, to(request, "invitations:invitation", slug=one.slug), pen)
