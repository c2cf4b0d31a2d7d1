"""What waits in partner rooms: what was written to the viewer, and the quarter of which their side has said nothing."""

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.ground.gate.roles import Role
from alongside.ground.record.steps import is_any, lost_own_key, rows
from alongside.ground.ui.steps import Desk, Step
from alongside.work.partners import queries
from alongside.work.partners.models import Owed, Unread
from alongside.work.projects.queries import WORKS, quarter_in_words
from alongside.work.workplans.steps import on_the_record, plans

#: What these steps look at.
READS = WORKS


def _new(desk: Desk) -> QuerySet[Unread]:
    return queries.unread(desk.program, desk.viewer, desk.today)


#: What waits seldom.
SELDOM = (_new,)


def steps(desk: Desk) -> list[Step]:
    """List the rooms with something new for the viewer, and those where their side owes a word on the last quarter."""
    places = desk.once(rooms)
    is_new = places and is_any(desk, _new)
    unread = queries.unread_by(desk.program, desk.viewer, desk.today) if is_new else {}
    new = [
        _to_read(desk, one, unread[one.saved.pk]) for one in places if one.saved and one.saved.pk in unread
    ]
    if desk.role is Role.STEWARD:
        return new
    return [*new, *([] if desk.once(lost_own_key) else _to_assess(desk, places))]


def meetings(desk: Desk) -> list[tuple[queries.Place, date]]:
    """List the rooms of whoever sits at a desk that meet on a day that is to come, with that day."""
    days = [(one, one.saved.meets_on) for one in desk.once(rooms) if one.saved]
    return [(one, on) for one, on in days if on and on >= desk.today]


def promised(desk: Desk) -> list[tuple[queries.Place, Owed]]:
    """List what the side of whoever sits at a desk said in its rooms it would do by a day. One query."""
    places = {one.saved.pk: one for one in desk.once(rooms) if one.saved}
    owed = queries.owed_by_side(places, desk.viewer)
    return [(places[one.room_id], one) for one in owed]


def rooms(desk: Desk) -> list[queries.Place]:
    """List the rooms that whoever sits at a desk is in."""
    log, signed = desk.once(rows), desk.once(on_the_record)
    return queries.places_for(desk.program, log, desk.pack, desk.viewer, desk.once(plans), signed)


def _to_read(desk: Desk, place: queries.Place, count: int) -> Step:
    text = ngettext("%(n)d new message.", "%(n)d new messages.", count) % {"n": count}
    href = desk.to("desks:room", what=place.what, slug=place.slug)
    return _of(desk, place, Step(_("Read in your partner room: %(what)s"), text, href, "both", is_own=True))


def _to_assess(desk: Desk, places: list[queries.Place]) -> list[Step]:
    owed = queries.quarters_owed(desk.once(rows), desk.viewer, places, desk.today)
    heading, text = (
        _("Say which level was reached: %(what)s"),
        _("One sentence on %(months)s. No day is set for it."),
    )
    quarters = {quarter for _place, quarter in owed}
    said = {one: text % {"months": quarter_in_words(one)} for one in quarters}
    return [
        _of(
            desk,
            place,
            Step(
                heading,
                said[quarter],
                desk.to("desks:room_level", what=place.what, slug=place.slug),
                "both",
            ),
        )
        for place, quarter in owed
    ]


def _of(desk: Desk, place: queries.Place, step: Step) -> Step:
    """Say of which room a step is."""
    instead = queries.without_title(place, desk.pack, desk.lang)
    return step._replace(about=-1 if place.about is None else place.about, instead=instead)
