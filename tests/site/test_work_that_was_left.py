"""Work whose worker was killed is done by the next."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from alongside.site.knocks import by_letter
from alongside.site.ticking import tick

pytestmark = pytest.mark.django_db


def left(clock, **ago) -> DBTaskResult:
    """Leave a letter as a worker does that was killed so long ago."""
    by_letter.enqueue(1, 1)
    row = DBTaskResult.objects.latest("enqueued_at")
    DBTaskResult.objects.filter(pk=row.pk).update(status="RUNNING", started_at=clock - timedelta(**ago))
    return row


def test_work_that_was_left_an_hour_ago_is_done_and_what_runs_is_left_alone(clock):
    old, new = left(clock, minutes=61), left(clock, minutes=59)

    tick(clock)
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)

    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.status, new.status) == ("SUCCESSFUL", "RUNNING")
