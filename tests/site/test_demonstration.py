"""The demonstration is built by the actions people use, and anyone can check the record it leaves."""

from datetime import UTC, datetime, time, timedelta

import pytest

from alongside.cohort.calls.models import Call
from alongside.cohort.lotteries.models import Offer
from alongside.cohort.lotteries.queries import owes_places
from alongside.cohort.seats.models import Seat
from alongside.core.grammar.log import check_log
from alongside.ground.gate.presses import is_pressed
from alongside.ground.programs.models import Program
from alongside.ground.record.actions.folded import differing
from alongside.ground.record.models import Log, LogEntry, MilestoneStanding, PublicText, Standing
from alongside.site.demo.programs import build
from alongside.work.engagements.models import Signature
from tests.support.thread import silence_untold


def test_the_demonstration_holds_a_kept_a_disputed_a_declined_and_a_late_answer(demonstration) -> None:
    for slug in ("riverbend", "portland"):
        lines = LogEntry.objects.filter(log__program__slug=slug).order_by("index")
        origin = Program.objects.get(slug=slug).origin
        summary = check_log([bytes(line.raw) for line in lines], origin=origin)
        assert (silence_untold(summary), summary.hidden) == ([], [])
    assert {(one.is_kept, one.is_disputed) for one in MilestoneStanding.objects.all()} == {
        (True, False),
        (False, True),
        (False, False),
    }
    assert {one.decision for one in Standing.objects.all()} == {
        "accepted",
        "declined",
        "deferred",
        "told",
        None,
    }
    assert Standing.objects.filter(decision=None, silences__gt=0).count() == 1


def test_what_is_folded_of_the_demonstration_says_what_its_entries_say(demonstration) -> None:
    asks = Standing.objects.count()
    assert [differing(log=log) for log in Log.objects.order_by("pk")] == [
        ([], log.size) for log in Log.objects.order_by("pk")
    ]
    assert Standing.objects.count() == asks


#: What carries its languages in itself: the pack's name of a program, the form of an engagement, a report in each language.
SPEAKS_FOR_ITSELF = {"name", "form", "en"}


def test_everything_the_demonstration_says_in_english_is_told_in_the_other_languages_as_unreviewed(
    demonstration,
) -> None:
    told = {(one.log_id, one.about, one.name, one.lang): one for one in PublicText.objects.all()}
    untold = sorted(
        (one.words, lang)
        for one in PublicText.objects.filter(is_original=True, lang="en")
        for lang in ("es", "vi", "ar")
        if (one.log_id, one.about, one.name, lang) not in told and one.name not in SPEAKS_FOR_ITSELF
    )
    assert untold == []
    later = PublicText.objects.filter(is_original=False)
    assert set(later.values_list("made_by", "is_reviewed")) == {("machine", False)}


@pytest.mark.soak
@pytest.mark.parametrize("hour", ["00:10", "05:50", "06:10", "12:00", "23:50"])
def test_the_demonstration_can_be_built_at_any_hour(db, hour) -> None:
    """At 00:10 UTC it is still yesterday in the made-up city; the actions judge by its own day."""
    now = datetime.combine(datetime.now(tz=UTC).date(), time.fromisoformat(hour), UTC)
    assert build(now=now - timedelta(days=1)).program.slug == "riverbend"


def test_what_was_pressed_in_the_demonstration_counts_wherever_it_is_copied_to(settings, request) -> None:
    settings.SECRET_KEY = "of a worker who did not build it"
    request.getfixturevalue("demonstration")
    signed = Signature.objects.all()
    assert signed and [one for one in signed if not is_pressed(one)] == []


def test_leads_of_the_demonstration_took_the_places_that_its_selection_offered(demonstration) -> None:
    call = Call.objects.get(slug="first-cohort")
    seats = Seat.objects.filter(cohort__slug="first-cohort").values_list("pk", flat=True)
    taken = Offer.objects.filter(call=call).values_list("seat", flat=True)
    assert (set(taken), owes_places(call)) == (set(seats), False)
