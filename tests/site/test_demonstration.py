"""The demonstration is built by the actions people use, and anyone can check the record it leaves."""

from datetime import UTC, datetime

from alongside.core.grammar import check_log
from alongside.ground.record.models import Line, MilestoneStanding, Standing
from alongside.site.demo import build


def test_the_demonstration_holds_a_kept_a_disputed_a_declined_and_a_late_answer(db) -> None:
    build(now=datetime.now(tz=UTC))
    for slug in ("riverbend", "portland"):
        lines = Line.objects.filter(log__program__slug=slug).order_by("index")
        assert check_log([bytes(line.raw) for line in lines]).silence_untold == []
    assert set(MilestoneStanding.objects.values_list("verdict", flat=True)) == {"verified", "disputed", None}
    assert {one.decision for one in Standing.objects.all()} == {"accepted", "declined", "deferred", None}
    assert Standing.objects.get(decision=None).silences > 0
