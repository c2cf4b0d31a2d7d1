"""What the site itself changes: work whose worker was killed goes back into the queue."""

from datetime import datetime, timedelta

from django_tasks_db.models import DBTaskResult

from alongside.ground.record.declared import appends

#: No work of ours takes as long; what runs longer is run by nobody.
LONGEST = timedelta(hours=1)


@appends()
def take_up_again(*, now: datetime) -> int:
    """Put work back into the queue that began an hour ago and never ended: its worker was killed. Give how much.

    All work may be done twice; at worst a letter comes twice.
    """
    left = DBTaskResult.objects.filter(status="RUNNING", started_at__lt=now - LONGEST)
    return left.update(status="READY", started_at=None)
