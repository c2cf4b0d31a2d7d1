"""Read where an open engagement stands, and the corrections that wait for the other side."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from alongside.core.grammar.course import CHANGES, Course, course_of
from alongside.core.policy import Pack
from alongside.ground.record.models import Log
from alongside.ground.record.rows import RowsLog
from alongside.work.engagements.models import Correction, CorrectionEntered, Engagement

#: For so long the other side can sign a correction; then it says what its writer wanted once.
WAITS = timedelta(days=14)


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


def still_to_sign(pack: Pack, today: date) -> QuerySet[Correction]:
    """Give the corrections that can be signed: of the last two weeks, and of a part that was not corrected since."""
    since = datetime.combine(today - WAITS, time.min, ZoneInfo(pack.time_zone))
    newer = CorrectionEntered.objects.filter(
        correction__engagement=OuterRef("engagement"),
        correction__about=OuterRef("about"),
        entry__gt=OuterRef("beside"),
    )
    return Correction.objects.filter(~Exists(newer), entered=None, proposed_at__gte=since)


def last_corrected(engagement: Engagement, about: str) -> int:
    """Give the entry of the last correction of a part of a promise; 0 where it was never corrected."""
    rows = CorrectionEntered.objects.filter(correction__engagement=engagement, correction__about=about)
    return max(rows.values_list("entry", flat=True), default=0)


def is_entered(engagement: Engagement, pk: int) -> bool:
    """Say whether a correction of an engagement is on the record."""
    return Correction.objects.filter(engagement=engagement, pk=pk).exclude(entered=None).exists()


def correction_for(engagement: Engagement, pk: int) -> Correction | None:
    """Give a correction of an engagement that waits for the other side, or None."""
    rows = Correction.objects.filter(engagement=engagement, entered=None, pk=pk)
    return rows.select_related("engagement__program", "engagement__opening", "engagement__partner").first()
