"""What waits of reading: to open voices, and to write what was heard."""

from django.utils.translation import gettext as _

from alongside.chain.keys.steps import held
from alongside.chain.reader.queries import lists_signed
from alongside.core.workflow.engagements import EngagementStep
from alongside.core.workflow.open_steps import KEYHOLDERS
from alongside.ground.record.steps import lost_own_key
from alongside.ground.ui.steps import Desk, Step
from alongside.work.engagements.steps import UnderWay, on_their_way


def steps(desk: Desk) -> list[Step]:
    """List what waits for whoever holds a key: voices to open, a list to sign, what was heard to write. Who lost theirs writes what was heard, where their old key opened it."""
    courses = [one for one in desk.once(on_their_way) if one.next.who == KEYHOLDERS]
    mine = [one for one in courses if one.slug in desk.once(held)]
    if desk.once(lost_own_key):
        return [_to_write(desk, one) for one in mine if one.next.what != EngagementStep.OPEN]
    signed = lists_signed(desk.program, [one.promise for one in mine]) if mine else {}
    return [step for one in mine if (step := _to_read(desk, one, signed.get(one.promise)))]


def _to_read(desk: Desk, one: UnderWay, signed_by: str | None) -> Step | None:
    """Say what a lead who holds the key does next; whoever signed the list waits for a second lead."""
    if one.next.what != EngagementStep.OPEN:
        return _to_write(desk, one)
    if signed_by == desk.viewer.seat:
        return None
    text = _("The voices are in. Unlock the reader to open them.")
    if signed_by:
        text = _("Another lead opened them. Open them too, and sign the same list.")
    href = desk.to("reader:read", slug=one.slug)
    return Step(_("Open the voices: %(what)s"), text, href, about=one.promise)


def _to_write(desk: Desk, one: UnderWay) -> Step:
    text = _("The voices are open.")
    if desk.once(lost_own_key):
        text = _(
            "What your old key opened it still opens, if you find its six words. Another lead publishes."
        )
    href = desk.to("reader:read", slug=one.slug)
    return Step(_("Write what you heard: %(what)s"), text, href, about=one.promise)
