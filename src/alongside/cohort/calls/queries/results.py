"""What became of an application: for its owner, and who is next to be offered a seat."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower

from alongside.cohort.calls.models import Application, Call, Decision, Event, Offer, Ticket
from alongside.cohort.calls.models.applications import happened
from alongside.cohort.seats.models import Alternate
from alongside.core.workflow.applications import AGAIN, GONE, EventKind
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program

NEAR = (
    "decision",
    "ticket__lottery__panel_list",
    "call__selection_closed",
    "offer",
    "carried__alternate",
)


@dataclass(frozen=True)
class Result:
    """What the owner of an application reads. `offer` is open, accepted, declined, or empty.

    `waits` is false for an alternate who is on no list any more: called up to a seat, or taken off it. `draws_on` is the
    day of the seed, for someone in a lottery that is not decided.
    """

    outcome: str
    place: int | None
    reasons: str
    by_lottery: bool
    ticket: str
    offer: str = ""
    answer_by: date | None = None
    from_date: date | None = None
    is_balanced: bool = False
    waits: bool = True
    was_called_up: bool = False
    draws_on: date | None = None


def result_of(application: Application) -> Result | None:
    """Give what became of an application once the selection is over; before that its lottery ticket, or None. One query."""
    row = Application.objects.there().filter(pk=application.pk).select_related(*NEAR).first()
    if row is None:
        return None
    number = row.ticket.number if hasattr(row, "ticket") else ""
    if not hasattr(row.call, "selection_closed") or not hasattr(row, "decision"):
        return _waiting(row, number) if number else None
    found = row.decision
    offer = getattr(row, "offer", None)
    gone = _stood_down(row)
    return Result(
        outcome=found.outcome,
        place=found.place,
        reasons=found.reasons,
        by_lottery=found.by_lottery,
        ticket=number,
        offer=_state(offer),
        answer_by=offer.answer_by if offer else None,
        from_date=application.call.term_from if offer else None,
        is_balanced=bool(
            number and row.ticket.lottery.panel_list and row.ticket.lottery.panel_list.alternates
        ),
        waits=gone is None,
        was_called_up=gone is not None and gone.seat_id is not None,
    )


def _waiting(row: Application, number: str) -> Result:
    """Give what someone in a lottery reads before everyone has a decision."""
    return Result("waiting", None, "", by_lottery=False, ticket=number, draws_on=row.ticket.lottery.seed_day)


def _stood_down(row: Application) -> Alternate | None:
    """Give the alternate who came off the cohort's list, or None."""
    carried = getattr(row, "carried", None)
    return carried.alternate if carried and carried.alternate.stood_down_on else None


def _state(offer: Offer | None) -> str:
    if offer is None:
        return ""
    if offer.answered_on is None:
        return "open"
    return "accepted" if offer.ground is None else "declined"


def open_offer(application: Application) -> Offer | None:
    """Give the offer that an applicant can still answer, or None. One query."""
    rows = Offer.objects.open().filter(application=application)
    return rows.select_related("cohort__program", "call__program", "application__contact").first()


def has_open_offer(program: Program, person: int, day: date) -> bool:
    """Say whether a person is offered a seat and can still answer; one that the day finds answered or over counts no more. One query."""
    email = Person.objects.filter(pk=person).exclude(email=None).values("email")
    theirs = Q(typed__in=email) | Q(application__carried__alternate__person=person)
    rows = Offer.objects.open().annotate(typed=Lower("application__contact__email"))
    rows = rows.filter(theirs, call__program=program)
    return rows.filter(cohort__until_date__gte=day).exists()


def next_in_line(call: Call) -> list[Decision]:
    """List who may be offered a seat and was not yet: those with a seat first, then alternates in their order. One query.

    An alternate whom the steward took off the cohort's list, or seated from there, is not in line any more.
    """
    rows = Decision.objects.filter(call=call, outcome__in=("seat", "alternate"), application__offer=None)
    waits = rows.filter(application__carried__alternate__stood_down_on=None)
    found = waits.exclude(happened(*GONE, to="application")).select_related("application__contact")
    return sorted(found, key=lambda one: (one.place or 0, str(one.application_id)))


def free_seats(call: Call) -> int:
    """Count the seats of a call that are offered to nobody. One query."""
    return max(0, call.seats - call.offers.standing().count())


def to_carry(call: Call) -> list[Application]:
    """List the alternates of a call who are still in and on no list yet, in their order. One query."""
    waits = call.applications.there().filter(decision__outcome="alternate")
    rows = waits.filter(offer=None, carried=None)
    return list(rows.select_related("contact").order_by("decision__place"))


def offers_of(call: Call) -> list[Offer]:
    """List the offers of a call, newest last. One query."""
    near = ("application__contact", "seat", "cohort")
    return list(Offer.objects.filter(call=call).select_related(*near).order_by("pk"))


def overdue(program_id: int, today: date) -> list[tuple[Offer, str]]:
    """List the offers whose day has passed without an answer, or whose owner left, each with its ground. One query."""
    rows = Offer.objects.open().filter(call__program=program_id)
    left = happened(*GONE, to="application")
    found = rows.filter(Q(left) | Q(answer_by__lt=today)).select_related(
        "call__program", "cohort", "application"
    )
    return [(one, "no-answer" if one.answer_by < today else "taken-back") for one in found]


def untold(program_id: int) -> list[Application]:
    """List applications with a result, or an offer, that no letter told of, and that gave an address. One query."""
    rows = Application.objects.there().untold().filter(call__program=program_id)
    known = rows.filter(call__selection_closed__isnull=False, decision__isnull=False, contact__isnull=False)
    return list(known.exclude(contact__email="").select_related("call", "contact"))


def told_too_early(program_id: int) -> list[Application]:
    """List the alternates who came off the list after their last letter, by being called up or otherwise. One query."""
    rows = Application.objects.filter(call__program=program_id, offer=None)
    rows = rows.filter(events__kind=EventKind.TOLD, carried__alternate__stood_down_on__isnull=False)
    since = Event.objects.filter(application=OuterRef("pk"), kind__in=AGAIN)
    since = since.filter(on__gte=OuterRef("carried__alternate__stood_down_on"))
    return list(rows.exclude(Exists(since)).distinct())


def to_invite_again(program_id: int, today: date) -> list[Application]:
    """List applicants of calls that have closed who asked for a letter about the next one, where one is open. Two queries."""
    calls = Call.objects.filter(program=program_id, entry__isnull=False)
    if not calls.filter(opens__lte=today, closes__gte=today).exists():
        return []
    rows = Application.objects.live().filter(
        call__program=program_id, call__closes__lt=today, contact__may_write_again=True
    )
    return list(rows.exclude(contact__email="").select_related("call", "contact"))


def tickets_of(call: Call) -> list[Ticket]:
    """List the tickets of a call's lottery. One query."""
    return list(Ticket.objects.filter(lottery__call=call).order_by("number"))
