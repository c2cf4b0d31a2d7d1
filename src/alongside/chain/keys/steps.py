"""What waits of keys: to vouch for one, share it before its holder leaves, destroy it."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from alongside.chain.keys.models import EngagementKey, LeadKey, Wrap
from alongside.chain.keys.queries import (
    ToDestroy,
    held_by,
    kept_long,
    keyring_that_waits,
    keys_that_leave,
    keys_to_destroy,
    keys_to_share_again,
    keys_to_vouch_for,
    new_keys,
    shut_out,
    uncertified,
    waiting_keyring,
)
from alongside.cohort.seats.models import Seat
from alongside.cohort.seats.queries.cohorts import NEW
from alongside.cohort.seats.steps import leaving, own_seat
from alongside.core.grammar.keys import has_lost_key
from alongside.ground.record.queries import titles_of
from alongside.ground.record.steps import is_any, lost_own_key, rows
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.leads import lead_in_words
from alongside.ground.ui.numbers import counted
from alongside.ground.ui.steps import Desk, Step


def _uncertified(desk: Desk) -> QuerySet[LeadKey]:
    return uncertified(desk.program)


def _kept_long(desk: Desk) -> QuerySet[EngagementKey]:
    return kept_long(desk.program, desk.today)


def _shut_out(desk: Desk) -> QuerySet[Wrap]:
    return shut_out(desk.program)


def _keyless(desk: Desk) -> QuerySet[Seat] | None:
    """Give the viewer's seat in its first weeks, where it never made a key."""
    if not desk.viewer.seat_id:
        return None
    return Seat.objects.filter(pk=desk.viewer.seat_id, from_date__gt=desk.today - NEW, lead_keys=None)


#: What waits seldom.
SELDOM = (_uncertified, _kept_long, _shut_out, _keyless)


def held(desk: Desk) -> set[str]:
    """Name the engagements whose key is locked to the viewer. One query."""
    return held_by(desk.program, desk.viewer)


def steps(desk: Desk) -> list[Step]:
    """List the keys to make, to vouch for and to share, and those whose holder goes or whose last day has come. Who lost theirs signs none of that: another lead does it."""
    own = [*_own_key(desk), *_own_key_waits(desk)]
    if desk.once(lost_own_key):
        return own
    to_destroy = (
        keys_to_destroy(desk.program, desk.viewer, desk.request.stand, desk.today)
        if is_any(desk, _kept_long)
        else []
    )
    return [
        *own,
        *_to_vouch(desk),
        *_to_share_again(desk),
        *_keys(desk),
        *(_to_destroy(desk, one) for one in to_destroy),
    ]


def _to_vouch(desk: Desk) -> list[Step]:
    """List the keyrings of other leads that wait for the viewer."""
    if not is_any(desk, _uncertified):
        return []
    again = _(
        "This lead lost the key before; the new one takes its place. Meet or call, compare the digits with their paper, and sign."
    )
    first = _("Meet or call this lead, compare the digits with their paper, and sign.")
    reader = desk.to("reader:reader")
    seats = [one.seat.public_id for one in keys_to_vouch_for(desk.program, desk.viewer, desk.today)]
    return [
        Step(
            _("Vouch for a lead’s key: %(who)s") % {"who": lead_in_words(one)},
            again if has_lost_key(desk.once(rows), one) else first,
            f"{reader}#vouch-{one}",
        )
        for one in seats
    ]


def _own_key(desk: Desk) -> list[Step]:
    """Tell a lead in her first weeks who has no key to make it."""
    if not is_any(desk, _keyless):
        return []
    text = _("With it you read what people say. Two leads then vouch for it.")
    return [Step(_("Make your key"), text, desk.to("keys:keyring"), is_first=True, is_own=True)]


def _own_key_waits(desk: Desk) -> list[Step]:
    """Tell a lead that their new key waits for two leads, and then for one who shares; one who lost theirs, to make another. Before all else: without it they read nothing."""
    seat = desk.once(own_seat)
    waits = (
        keyring_that_waits(desk.program, seat, desk.today) if seat and is_any(desk, _uncertified) else None
    )
    if waits:
        text = _(
            "Leads who vouched for it: %(n)s of two. Meet or call another, who compares its digits with your paper."
        )
        said = text % {"n": counted(len(waits.vouched))}
        return [
            Step(
                _("Your new key waits for two leads"),
                said,
                desk.to("keys:keyring"),
                is_first=True,
                is_own=True,
            )
        ]
    if seat and desk.once(lost_own_key) and not waiting_keyring(seat.pk):
        text = _("You said that you lost yours. Two other leads then vouch for the new one.")
        return [Step(_("Make a new key"), text, desk.to("keys:keyring"), is_first=True, is_own=True)]
    left = new_keys(desk.program, seat=seat.pk) if seat and is_any(desk, _shut_out) else []
    for one in left:
        heading, text = (
            _("Your new key opens nothing yet"),
            _("Two leads vouched for it. Now ask one to share keys with you: it stands on their desks."),
        )
        if one.opened:
            heading, text = (
                _("Your new key opens %(n)s of %(count)s questions"),
                _("Ask a lead to share the rest with you: it stands on their desks."),
            )
        counts = {"n": counted(one.opened), "count": counted(one.count)}
        if one.beside:
            out = _("Left out, because the bureau that is asked pays or employs you: %(n)s.")
            text = f"{text} {out % {'n': counted(len(one.beside))}}"
        return [Step(heading % counts, text, desk.to("keys:keyring"), is_first=True, is_own=True)]
    return []


def _to_share_again(desk: Desk) -> list[Step]:
    """List the leads with whose new key the viewer can share what it does not open yet."""
    if not is_any(desk, _shut_out):
        return []
    none = _("This lead has a new key. It opens nothing until you share keys with it.")
    some = _("This lead’s new key opens %(n)s of %(count)s questions. Share those that you can open.")
    reader = desk.to("reader:reader")
    return [
        Step(
            _("Share your keys with a lead: %(who)s") % {"who": lead_in_words(one.seat.public_id)},
            some % {"n": counted(one.opened), "count": counted(one.count)} if one.opened else none,
            f"{reader}#share-{one.seat.public_id}",
        )
        for one in keys_to_share_again(desk.program, desk.viewer, desk.today)
    ]


def _keys(desk: Desk) -> list[Step]:
    seat = desk.once(leaving)
    keys = keys_that_leave(desk.program, seat) if seat else []
    titles = titles_of(desk.program, keys, desk.lang) if keys else {}
    text, href = _("Nobody who stays can open its voices yet."), desk.to("reader:reader")
    return [
        Step(
            _("Share the key: %(what)s") % {"what": titles[one].words if one in titles else one},
            text,
            href,
            is_own=True,
        )
        for one in keys
    ]


def _to_destroy(desk: Desk, one: ToDestroy) -> Step:
    """Ask for what people were promised: that their words are kept until a day, and no longer."""
    course, said = one.door.course, []
    if late := course.overdue_since(desk.today):
        text = _(
            "What people said should be unreadable since %(day)s. Two leads must see to it, and have not."
        )
        said.append(text % {"day": day_in_words(late)})
    if one.asked_on:
        asked = _("Another lead asked for it on %(day)s. It is destroyed when you ask too.")
        said.append(asked % {"day": day_in_words(one.asked_on)})
    return Step(
        _("Destroy the key: %(what)s"),
        " ".join(said)
        or _("People were promised that their words are kept to this day. Two leads destroy the key."),
        desk.to("reader:read", slug=one.slug),
        due=course.destroy_from,
        about=one.door.promise.index,
    )
