"""Read where an open engagement stands, and the corrections that wait for the other side."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from alongside.core.grammar import Entry
from alongside.core.grammar.course import CHANGES, Course, course_of
from alongside.core.grammar.v1.engagements import leads_who_correct
from alongside.core.policy import Pack
from alongside.ground.record.models import Log
from alongside.ground.record.rows import RowsLog
from alongside.work.engagements.models import Correction, CorrectionEntered, Engagement

#: For so long the other side can sign a correction; then it says what its writer wanted once.
WAITS = timedelta(days=14)


def rows_of(engagement: Engagement) -> RowsLog:
    """Give the log on whose record an engagement is."""
    return RowsLog(Log.objects.get(program=engagement.program))


def _promise(engagement: Engagement, rows: RowsLog) -> Entry:
    promise = rows.get(engagement.opening.entry)
    if promise is None:
        raise LookupError(f"Entry {engagement.opening.entry} is not in the log; check the record.")
    return promise


def leads_to_correct(engagement: Engagement, today: date) -> set[str]:
    """Name the seats that correct an open engagement: those that hold its key, or where too few do, any lead."""
    rows = rows_of(engagement)
    return leads_who_correct(_promise(engagement, rows), rows, today)


def is_by_ones_side(correction: Correction, by: str) -> bool:
    """Say whether a pen's own side wrote a correction; of a community engagement, that lead."""
    if correction.engagement.partner_id is None:
        return by == correction.by
    return ("/" in by) == ("/" in correction.by)


def course_now(engagement: Engagement) -> Course:
    """Say where an open engagement stands, from the record."""
    rows = rows_of(engagement)
    promise = _promise(engagement, rows)
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
