"""Invite people of community organizations to help with a call: to type applications in, or to write recordings down."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.calls.actions.reviewing import today_of
from alongside.cohort.calls.models import Call, Helper, HelperEnded, Reader
from alongside.core.refusals import Refused
from alongside.ground.people.models import Organization, Person
from alongside.ground.record.declared import appends

WRITES_DOWN = "writes-down"


@appends()
@transaction.atomic
def invite_helper(
    *, call: Call, person: Person, organization: str, does: Sequence[str], now: datetime
) -> list[Helper]:
    """Let someone of a community organization help with a call. `does` is of models.helping.HELPS.

    Raises Refused for a reader of the call who would hear voices, Refused for someone who helps already.
    """
    if WRITES_DOWN in does:
        refuse_readers(call=call, person=person)
    if Helper.objects.filter(call=call, person=person, does__in=does, ended=None).exists():
        raise Refused(_("This person helps with this call already; nothing more is needed."))
    house = Organization.objects.get_or_create(name=organization.strip())[0]
    today = today_of(call, now)
    HelperEnded.objects.filter(helper__call=call, helper__person=person, helper__does__in=does).delete()
    return [
        Helper.objects.update_or_create(
            call=call, person=person, does=one, defaults={"organization": house, "invited_on": today}
        )[0]
        for one in does
    ]


@appends()
def end_helping(*, helper: Helper, now: datetime) -> HelperEnded:
    """Say that a helper no longer helps with this; their desk is closed from now on."""
    found, _new = HelperEnded.objects.get_or_create(
        helper=helper, defaults={"on": today_of(helper.call, now)}
    )
    return found


def refuse_readers(*, call: Call, person: Person) -> None:
    """Raise Refused for someone who reads for the call."""
    if Reader.objects.filter(call=call, person=person).exists():
        raise Refused(
            _("Whoever reads for this call gets words and never a voice. Ask someone who does not read.")
        )
