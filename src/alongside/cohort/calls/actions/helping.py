"""Invite people of community organizations to help with a call: to type applications in, or to write recordings down."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.calls.actions.reviewing import today_of
from alongside.cohort.calls.models import Call, Invitee
from alongside.cohort.calls.models.inviting import WRITES_DOWN
from alongside.core.refusals import Refused
from alongside.ground.people.models import Person
from alongside.ground.record.declared import appends


@appends()
@transaction.atomic
def invite_helper(
    *, call: Call, person: Person, organization: str, does: Sequence[str], now: datetime
) -> list[Invitee]:
    """Let someone of a community organization help with a call. `does` is of models.inviting.HELPS.

    Raises Refused for a reader of the call who would hear voices, Refused for someone who helps already.
    """
    if WRITES_DOWN in does:
        refuse_readers(call=call, person=person)
    if call.invitees.helpers().filter(person=person, role__in=does).exists():
        raise Refused(_("This person helps with this call already; nothing more is needed."))
    given = {
        "organizations": [organization.strip()],
        "invited_on": today_of(call, now),
        "ended_on": None,
    }
    return [
        Invitee.objects.update_or_create(call=call, person=person, role=one, defaults=given)[0]
        for one in does
    ]


@appends()
def end_helping(*, helper: Invitee, now: datetime) -> None:
    """Say that a helper no longer helps with this; their desk is closed from now on."""
    Invitee.objects.filter(pk=helper.pk, ended_on=None).update(ended_on=today_of(helper.call, now))


def refuse_readers(*, call: Call, person: Person) -> None:
    """Raise Refused for someone who reads for the call."""
    if call.invitees.readers().filter(person=person).exists():
        raise Refused(
            _("Whoever reads for this call gets words and never a voice. Ask someone who does not read.")
        )
