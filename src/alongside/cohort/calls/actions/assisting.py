"""Type an application in for someone who called, came by or wrote on paper; read it back, then send it."""

from datetime import datetime

from django.db import transaction

from alongside.cohort.calls.actions.applying import begin, refuse_unless_theirs_to_change, send
from alongside.cohort.calls.actions.codes import renew_code
from alongside.cohort.calls.models import Application, Call, Event
from alongside.core.clocks import local_date
from alongside.core.policy.pack import Pack
from alongside.core.workflow.applications import EventKind
from alongside.ground.people.models import Organization, Person
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends


@appends()
@transaction.atomic
def assist(
    *, call: Call, by: Person, came_by: str, organization: str, lang: str, now: datetime
) -> Application:
    """Begin an application that `by` types in. `came_by` is phone, paper or visit. Raises CallIsNotOpen."""
    made = begin(call=call, lang=lang, now=now).application
    named = organization.strip()
    helps_for = Organization.objects.get_or_create(name=named)[0] if named else None
    today = local_date(now, pack_of(call.program))
    typed_in = {"kind": EventKind.ASSISTED, "by": by, "organization": helps_for, "choice": came_by}
    Event.objects.create(application=made, **typed_in, on=today)
    return made


@appends()
@transaction.atomic
def confirm_read_back(*, application: Application, by: Person, pack: Pack, now: datetime) -> str:
    """Say that it was read back and agreed to, send it, and give the code to hand to the applicant.

    Raises SomethingIsMissing or CallIsNotOpen.
    """
    today = refuse_unless_theirs_to_change(application, now)
    Event.objects.create(application=application, kind=EventKind.READ_BACK, by=by, on=today)
    send(application=application, pack=pack, now=now)
    return renew_code(application=application, now=now)
