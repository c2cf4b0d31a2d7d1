"""Count what the pack demands about applicants. A count has no key to an application, and no row is about a person."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from alongside.cohort.calls.actions.applying import refuse_unless_theirs_to_change
from alongside.cohort.calls.models import Application, Call, DemographicCount
from alongside.ground.record.declared import appends


@appends()
@transaction.atomic
def count_about_you(*, application: Application, chosen: Mapping[str, Sequence[str]], now: datetime) -> None:
    """Count what someone chose on the separate page, once; the application keeps only that the page is done."""
    refuse_unless_theirs_to_change(application, now)
    if Application.objects.filter(pk=application.pk, was_counted=False).update(was_counted=True):
        add_counts(call=application.call, chosen=chosen, now=now)


@appends()
@transaction.atomic
def add_counts(*, call: Call, chosen: Mapping[str, Sequence[str]], now: datetime) -> None:  # noqa: ARG001 -- every action takes the time
    """Add one to the count of each choice. No row is about a person, so nothing here can be taken back or joined."""
    for question, choices in chosen.items():
        for choice in choices:
            row, _new = DemographicCount.objects.select_for_update().get_or_create(
                call=call, question=question, choice=choice
            )
            row.count += 1
            row.save(update_fields=["count"])
