"""Write messages, raise and close alarms, notify, remind. None of it is ever on the record: with few leads any line of it names one."""

import secrets
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.cohort.messages.models import Alarm, Message, MessageTo, Notification
from alongside.cohort.messages.queries import (
    BODY,
    AlarmRecipient,
    is_given_since,
    is_gone_for_good,
    is_past_its_day,
    is_without_hearer,
    next_to_hear,
    raised,
)
from alongside.cohort.seats.actions import note_letter
from alongside.cohort.seats.letters import Due
from alongside.cohort.seats.models import Cohort, Reminded, Seat
from alongside.core.clocks import local_date
from alongside.core.entries import unit_of
from alongside.core.policy.pack import Pack
from alongside.core.refusals import Refused
from alongside.ground.people.actions import find_or_make_person
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of, stewards_on
from alongside.ground.record.declared import appends
from alongside.ground.texts.actions import erase_on_its_day


@appends()
@transaction.atomic
def write_message(
    *,
    cohort: Cohort,
    seats: Sequence[Seat],
    to_steward: bool = False,
    words: str,
    lang: str,
    by: Person,
    seat: Seat | None = None,
    now: datetime,
) -> Message:
    """Write to leads or to the steward; each is told only that something waits. `seat` is that of the lead who writes."""
    pack = pack_of(cohort.program)
    today = local_date(now, pack)
    leads = [one.person for one in seats]
    stewards = [one.person for one in stewards_on(cohort.program, today)] if to_steward else []
    if not leads and not stewards:
        raise Refused(_("Nobody is there today to read it. Write when someone is."))
    message = Message.objects.create(
        key=secrets.token_hex(6),
        cohort=cohort,
        writer=by,
        seat=seat,
        to_steward=to_steward,
        words=words,
        lang=lang,
        written_on=today,
        erase_on=today + timedelta(days=pack.charter.message_kept_days),
    )
    MessageTo.objects.bulk_create(MessageTo(message=message, person=one) for one in leads)
    notify_people(program=cohort.program, people=[*leads, *stewards])
    return message


@appends()
def mark_read(*, to: MessageTo) -> None:
    """Note for a reader alone that they have read a message."""
    MessageTo.objects.update_or_create(message=to.message, person_id=to.person_id, defaults={"is_read": True})


@appends()
def keep_number(*, person: Person, number: str) -> None:
    """Keep the number to which text messages go; an empty one erases it."""
    Person.objects.filter(pk=person.pk).update(text_number=number)


@appends()
@transaction.atomic
def raise_alarm(*, seat: Seat, kind: str, about: str, words: str, lang: str, now: datetime) -> Alarm:
    """Let a lead raise an alarm. It goes to the first who is named and stands outside what it is about."""
    program = seat.cohort.program
    pack = pack_of(program)
    today = local_date(now, pack)
    recipient = next_to_hear(Alarm(seat=seat, about=about), pack, today)
    if recipient is None:
        raise Refused(
            _(
                "Everyone who could hear this belongs to what it is about, or is not there today. "
                "Nothing was sent or kept. Call one of the lines on the help page."
            )
        )
    alarm = Alarm.objects.create(
        key=secrets.token_hex(6),
        seat=seat,
        kind=kind,
        about=about,
        words=words,
        lang=lang,
        **_held_by(recipient),
        raised_on=today,
        due_on=today + timedelta(days=pack.charter.alarm_days),
    )
    notify_people(program=program, people=_people_of(recipient, pack))
    return alarm


def _held_by(recipient: AlarmRecipient) -> dict[str, Any]:
    """Give what an alarm keeps of whoever hears it."""
    to, _people, is_rerouted = recipient
    return {"to": to, "to_unit": unit_of(to) if "/" in to else "", "is_rerouted": is_rerouted}


@appends()
@transaction.atomic
def hand_on_alarms(*, program: Program, now: datetime) -> int:
    """Hand each open alarm whose hearer is gone for good to the first who is named and there today, and tell them and the lead.

    Where the hearer is only away, or the next office was given since, the lead alone hands it on: they are told, once a month. Where
    its day passed they can, too, and are told once.
    Whoever hears it now has not read it. Give how many went on.
    """
    pack = pack_of(program)
    today = local_date(now, pack)
    gone = 0
    for one in raised(program).filter(closed_on=None):
        is_unheard, recipient = is_without_hearer(one, pack, today), next_to_hear(one, pack, today)
        if not is_unheard and not (recipient and is_past_its_day(one, today)):
            continue
        if recipient and is_gone_for_good(one, pack, today) and not is_given_since(recipient.to, one, today):
            gone += _hand_to(one, recipient, pack, today)
            continue
        stage = f"{'next' if recipient else 'nobody'} {today:%Y-%m}" if is_unheard else f"next {one.due_on}"
        if note_letter(program=program, about=f"alarm {one.key}", stage=stage, on=today):
            notify_people(program=program, people=[one.seat.person])
    return gone


@appends()
@transaction.atomic
def hand_on(*, alarm: Alarm, to: str, now: datetime) -> None:
    """Hand an alarm on that nobody hears today, or that was not closed by its day, to the one of whom its lead read. Raises Refused where that is no longer so.

    Nor for a lead whose codes somebody prints: whoever does that could hand it to a friend.
    """
    pack = pack_of(alarm.seat.cohort.program)
    today = local_date(now, pack)
    is_unheard = is_without_hearer(alarm, pack, today) or is_past_its_day(alarm, today)
    recipient = next_to_hear(alarm, pack, today) if is_unheard else None
    is_theirs = alarm.seat.person.gets_codes_by_email
    if (
        not is_theirs
        or recipient is None
        or recipient.to != to
        or not _hand_to(alarm, recipient, pack, today)
    ):
        raise Refused(_("It would go to somebody else by now, or is heard again. Open the page again."))


def _hand_to(alarm: Alarm, recipient: AlarmRecipient, pack: Pack, today: date) -> int:
    """Give whoever hears it next the days of the pack, where its own are over."""
    due_on = today + timedelta(days=pack.charter.alarm_days) if today > alarm.due_on else alarm.due_on
    new = _held_by(recipient) | {"taken_by": None, "taken_on": None, "due_on": due_on}
    notify_people(program=alarm.seat.cohort.program, people=[*_people_of(recipient, pack), alarm.seat.person])
    return Alarm.objects.filter(pk=alarm.pk, to=alarm.to, closed_on=None).update(**new)


def _people_of(recipient: AlarmRecipient, pack: Pack) -> list[Person]:
    """List who hears an alarm. The community body of the pack can sign in from its first alarm on."""
    to, people, _is_rerouted = recipient
    body = pack.charter.alarm_body
    if people or to != BODY or body is None:
        return people
    return [find_or_make_person(email=body.email, called=body.name.say("en"))]


@appends()
@transaction.atomic
def take_alarm(*, alarm: Alarm, by: Person, now: datetime) -> None:
    """Tell the lead that their alarm was read."""
    _note_taken(alarm, by, local_date(now, pack_of(alarm.seat.cohort.program)))
    notify_people(program=alarm.seat.cohort.program, people=[alarm.seat.person])


@appends()
@transaction.atomic
def close_alarm(*, alarm: Alarm, done: str, lang: str, by: Person, now: datetime) -> None:
    """Tell the lead what was done. From here on the days count until all of it is erased."""
    pack = pack_of(alarm.seat.cohort.program)
    today = local_date(now, pack)
    _note_taken(alarm, by, today)
    is_open = Alarm.objects.filter(pk=alarm.pk, closed_on=None)
    erase_on = today + timedelta(days=pack.charter.alarm_kept_days)
    if not is_open.update(closed_by=by, closed_on=today, done=done, done_lang=lang, erase_on=erase_on):
        raise Refused(_("This alarm is closed. What was done stands below it."))
    notify_people(program=alarm.seat.cohort.program, people=[alarm.seat.person])


def _note_taken(alarm: Alarm, by: Person, today: date) -> None:
    Alarm.objects.filter(pk=alarm.pk, taken_on=None).update(taken_by=by, taken_on=today)


@appends()
def notify_people(*, program: Program, people: Sequence[Person]) -> None:
    """Let people be told that something waits, once until the letter is queued, and never what."""
    for one in people:
        Notification.objects.get_or_create(program=program, person=one)


#: Queues a letter to a person of whom only the id waits in the queue.
type Send = Callable[[int, int], None]


@appends()
@transaction.atomic
def send_notifications(*, program: Program, notify: Send) -> int:
    """Queue one letter for each person for whom something waits; give how many."""
    waiting = list(Notification.objects.filter(program=program).select_for_update().order_by("pk"))
    for one in waiting:
        notify(program.pk, one.person_id)
    Notification.objects.filter(pk__in=[one.pk for one in waiting]).delete()
    return len(waiting)


@appends()
@transaction.atomic
def erase_words(*, program: Program, today: date) -> int:
    """Erase messages and closed alarms whose day has come, unless a legal hold stands; give how many went."""
    messages, alarms = Message.objects.filter(cohort__program=program), raised(program)
    about = [f"alarm {one.key}" for one in alarms.filter(erase_on__lte=today)]
    gone = erase_on_its_day(program=program, today=today, rows=[messages, alarms])
    if gone:
        Reminded.objects.filter(program=program, about__in=about).delete()
    return gone


@appends()
@transaction.atomic
def remind(*, program: Program, due: Due, send: Send, now: datetime) -> int:
    """Queue a letter to everyone it is due to, unless that was done before; give how many."""
    on = local_date(now, pack_of(program))
    if not due.people or not note_letter(program=program, about=due.about, stage=due.stage, on=on):
        return 0
    for one in due.people:
        send(program.pk, one.pk)
    return len(due.people)
