"""Offer seats, take the answer, seat whoever accepts, and call the next alternate when someone does not."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.calls.actions.carrying import carry_alternates, leave_the_list, person_of
from alongside.cohort.calls.actions.reviewing import today_of
from alongside.cohort.calls.models import (
    Application,
    Call,
    Contact,
    Event,
    Offer,
    SelectionClosed,
)
from alongside.cohort.calls.queries.results import open_offer, overdue, told_too_early
from alongside.cohort.calls.queries.stepping import who_is_next
from alongside.cohort.seats.actions import AlreadyHere, give_seat
from alongside.cohort.seats.models import Cohort, Seat
from alongside.cohort.seats.queries.seats import seat_within
from alongside.core.clocks import local_date
from alongside.core.kinds import EntryKind
from alongside.core.refusals import Refused
from alongside.core.workflow.applications import EventKind
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends
from alongside.ground.ui.days import day_in_words


def refuse_to_offer(*, call: Call, answer_by: date, now: datetime) -> date:
    """Raise Refused before the selection is over, or for a day that is no later day; give today."""
    if not SelectionClosed.objects.filter(call=call).exists():
        raise Refused(_("End the selection first; then offer the seats."))
    today = today_of(call, now)
    if answer_by <= today:
        raise Refused(_("People need time to answer. Choose a later day."))
    return today


@appends()
@transaction.atomic
def make_offers(*, call: Call, cohort: Cohort, answer_by: date, now: datetime) -> list[Offer]:
    """Offer every seat that is free, in order, and put the alternates on the cohort's list, in theirs.

    Raises Refused before the selection is over, or for a day that is no later day.
    """
    today = refuse_to_offer(call=call, answer_by=answer_by, now=now)
    Call.objects.select_for_update().get(pk=call.pk)
    carry_alternates(call=call, cohort=cohort, now=now)
    chosen = who_is_next(call)
    for one in chosen:
        _there_is_news(one.application, today)
    return [
        Offer.objects.create(
            application=one.application, call=call, cohort=cohort, made_on=today, answer_by=answer_by
        )
        for one in chosen
    ]


def _end(declined: Offer, ground: str, today: date) -> None:
    """End an offer, and offer the seat to whoever is next, with as many days to answer as the last one had."""
    Offer.objects.filter(pk=declined.pk).update(ground=ground, answered_on=today)
    leave_the_list(application=declined.application, seat=None, on=today)
    _there_is_news(declined.application, today)
    for one in who_is_next(declined.call, 1):
        days = max(1, (declined.answer_by - declined.made_on).days)
        _there_is_news(one.application, today)
        Offer.objects.create(
            application=one.application,
            call=declined.call,
            cohort=declined.cohort,
            made_on=today,
            answer_by=today + timedelta(days=days),
        )


def _open(application: Application, now: datetime) -> tuple[Offer, date]:
    offer = open_offer(application)
    if offer is None:
        raise Refused(
            _("There is no open offer here. If you think there should be, ask who runs the program.")
        )
    today = today_of(offer.call, now)
    if today > offer.answer_by:
        raise Refused(
            _("The last day to answer has passed. Ask who runs the program whether a seat is free.")
        )
    return offer, today


@appends(EntryKind.SEAT_TAKEN)
@transaction.atomic
def accept(*, application: Application, now: datetime) -> Seat:
    """Take the seat. The record hears a seat, and no name. Raises Refused, or AlreadyHere for someone who sits there, or elsewhere then."""
    Call.objects.select_for_update().get(pk=application.call_id)
    offer, today = _open(application, now)
    person = person_of(offer.application)
    if Seat.objects.filter(cohort=offer.cohort, person=person).exists():
        raise AlreadyHere(_("You have a seat in this cohort already; nothing more is needed."))
    first = max(today, offer.cohort.from_date)
    if held := seat_within(offer.cohort.program, person.pk, first, offer.cohort.until_date):
        raise AlreadyHere(
            _(
                "You have a place until %(last)s already, and one person has one place at a time. Leave that place on its own "
                "page first, or ask who runs the program to offer you this one for a later day."
            )
            % {"last": day_in_words(held.until_date)}
        )
    seat = give_seat(
        cohort=offer.cohort,
        person=person,
        paid_by=None,
        from_date=first,
        now=now,
    )
    Offer.objects.filter(pk=offer.pk).update(seat=seat, answered_on=today)
    leave_the_list(application=application, seat=seat, on=today)
    return seat


@appends()
@transaction.atomic
def decline(*, application: Application, now: datetime) -> None:
    """Say no to a seat; the next in line is offered it at once. Raises Refused."""
    Call.objects.select_for_update().get(pk=application.call_id)
    offer, today = _open(application, now)
    _end(offer, "said-no", today)


@appends()
@transaction.atomic
def give_up_waiting(*, program: Program, now: datetime) -> int:
    """End every offer whose day passed or whose owner left, and call the next in line; give how many."""
    today = local_date(now, pack_of(program))
    found = overdue(program.pk, today)
    for offer, ground in found:
        _end(offer, ground, today)
    return len(found)


@appends()
def tell_again(*, program: Program, now: datetime) -> int:
    """Let a new letter go to alternates who came off the cohort's list since the last one. Give how many."""
    found = told_too_early(program.pk)
    for one in found:
        _there_is_news(one, local_date(now, pack_of(program)))
    return len(found)


def _there_is_news(application: Application, today: date) -> None:
    """Keep that an applicant has something new to read, so that a letter goes to them."""
    number = application.events.filter(kind=EventKind.NEWS).count() + 1
    Event.objects.create(application=application, kind=EventKind.NEWS, number=number, on=today)


@appends()
def mark_invited_again(*, application: Application, now: datetime) -> None:
    """Keep that the letter about the next call goes to an applicant who asked for it: one call, one letter."""
    _ = now
    Contact.objects.filter(application=application).update(may_write_again=False)


@appends()
def mark_told(*, application: Application, now: datetime) -> bool:
    """Keep that a letter goes to an applicant, so that their news are told once; say whether this is the first."""
    news = application.events.filter(kind=EventKind.NEWS).count()
    told = {"application": application, "kind": EventKind.TOLD, "number": news}
    return Event.objects.get_or_create(**told, defaults={"on": today_of(application.call, now)})[1]
