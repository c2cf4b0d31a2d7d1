"""A selection that was drawn or decided, witnessed, ended, and of which the seats are offered."""

from datetime import timedelta

from alongside.cohort.calls.models import Call
from alongside.cohort.lotteries import actions as lotteries
from alongside.cohort.reviews import actions as reviews
from alongside.cohort.seats.models import Cohort
from alongside.core.workflow.applications import EventKind
from tests.cohort.calls.cast import events
from tests.cohort.reviews.choosing import Closed, closed, outsider, with_readers

SEED = "07 14 22 31 40 09"


def panel(count=4, **terms):
    """Let two readers read, and draw the line."""
    made = with_readers(closed(count=count, **terms), 2)
    made.read_all(5, 5, 5, 2)
    made.line()
    return made


def drawn(count=8, selection_="panel-then-lottery", alternates=1, **terms) -> Closed:
    """Announce and draw a lottery for two seats and some alternates."""
    made = closed(count=count, selection=selection_, seats=2, alternates=alternates, **terms)
    if selection_ != "lottery":
        with_readers(made, 2)
        made.read_all(5)
        made.line()
        for one in made.applications:
            reviews.decide(application=one, outcome="lottery", reasons="Fits.", now=made.thread.now)
        made.call = Call.objects.get(pk=made.call.pk)
    day = made.thread.now.date() + timedelta(days=3)
    held = lotteries.announce(
        call=made.call,
        seed_source="The state's evening numbers.",
        seed_day=day,
        lang="en",
        now=made.thread.now,
    )
    for number, role in ((1, "A county librarian"), (2, "A professor of statistics")):
        lotteries.name_witness(
            lottery=held,
            person=outsider(number),
            organization=f"House {number}",
            role=role,
            lang="en",
            now=made.thread.now,
        )
    made.thread.now += timedelta(days=4)
    lotteries.draw_lottery(lottery=held, seed=SEED, now=made.thread.now)
    return made


def attest(made, *agree):
    """Let the witnesses say what their own runs gave."""
    for witness, agrees in zip(made.call.invitees.witnesses().order_by("number"), agree, strict=True):
        lotteries.attest(witness=witness, agrees=agrees, now=made.thread.now)


def over(made):
    """End the selection."""
    return lotteries.close_selection(
        call=made.call, reasons="By the rubric, then by lot.", lang="en", now=made.thread.now
    )


def offered(made, days=10):
    """Offer the free seats."""
    return lotteries.make_offers(
        call=made.call,
        cohort=Cohort.objects.get(),
        answer_by=(made.thread.now + timedelta(days=days)).date(),
        now=made.thread.now,
    )


def panel_with_alternates(count=4, thread=None, **terms):
    """Let the panel give one seat and name the others alternates."""
    made = with_readers(closed(count=count, thread=thread, seats=1, alternates=count - 1, **terms), 2)
    made.read_all(5)
    made.line()
    listed = events(EventKind.SHORTLISTED).filter(application__call=made.call)
    line = [one.application for one in listed.order_by("application__reference")]
    for one, way in zip(line, ("seat", *["alternate"] * (count - 1)), strict=True):
        reviews.decide(application=one, outcome=way, reasons="Why.", now=made.thread.now)
    over(made)
    return made, line
