"""Read where an open engagement stands, and the corrections that wait for the other side."""

from alongside.core.grammar.course import CHANGES, Course, course_of
from alongside.ground.record.models import Log
from alongside.ground.record.rows import RowsLog
from alongside.work.engagements.models import Correction, Engagement


def course_now(engagement: Engagement) -> Course:
    """Say where an open engagement stands, from the record."""
    rows = RowsLog(Log.objects.get(program=engagement.program))
    promise = rows.get(engagement.opening.entry)
    if promise is None:
        raise LookupError(f"Entry {engagement.opening.entry} is not in the log; check the record.")
    return course_of(promise, [one for kind in CHANGES for one in rows.citing(promise.index, kind)])


def waiting_corrections(engagement: Engagement) -> list[Correction]:
    """List the corrections that wait for the other side, oldest first."""
    return list(Correction.objects.filter(engagement=engagement, entered=None).order_by("pk"))


def is_entered(engagement: Engagement, pk: int) -> bool:
    """Say whether a correction of an engagement is on the record."""
    return Correction.objects.filter(engagement=engagement, pk=pk).exclude(entered=None).exists()


def correction_for(engagement: Engagement, pk: int) -> Correction | None:
    """Give a correction of an engagement that waits for the other side, or None."""
    rows = Correction.objects.filter(engagement=engagement, entered=None, pk=pk)
    return rows.select_related("engagement__program", "engagement__opening", "engagement__partner").first()
