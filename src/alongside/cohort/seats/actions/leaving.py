"""Say last words, take them back, be on a list, withdraw from it. None of it is ever on the record."""

from datetime import date, datetime, timedelta

from django.db import transaction

from alongside.cohort.seats.models import InReach, LastWords, Seat
from alongside.core.clocks import local_date
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends
from alongside.ground.record.queries import is_under_hold


@appends()
@transaction.atomic
def say_last_words(
    *, seat: Seat, worked: str, did_not: str, again: str, readers: str, lang: str, now: datetime
) -> LastWords:
    """Keep what a lead says when they go. It is erased as messages are, counted from the end of the cohort's term."""
    pack = pack_of(seat.cohort.program)
    today = local_date(now, pack)
    last = max(today, seat.cohort.until_date)
    said = {
        "worked": worked,
        "did_not": did_not,
        "again": again,
        "readers": readers,
        "lang": lang,
        "said_on": today,
        "erase_on": last + timedelta(days=pack.charter.message_kept_days),
    }
    return LastWords.objects.update_or_create(seat=seat, defaults=said)[0]


@appends()
@transaction.atomic
def take_back_last_words(*, seat: Seat, today: date) -> None:
    """Erase what a lead said when they went; under a legal hold nobody reads it from now on, and it goes once that is lifted."""
    said = LastWords.objects.filter(seat=seat)
    if not is_under_hold(seat.cohort.program):
        said.delete()
        return
    for one in said:
        one.erase_on = min(one.erase_on, max(today, one.said_on + timedelta(days=1)))
        one.save(update_fields=["erase_on"])


@appends()
@transaction.atomic
def stay_in_reach(
    *, person: Person, program: Program, name: str, reach: str, offers: str, until: date, now: datetime
) -> InReach:
    """Put someone on a list until a day, as they agreed today. A new consent takes the place of the one before."""
    agreed = {
        "reach": reach,
        "offers": offers,
        "until": until,
        "consented_on": local_date(now, pack_of(program)),
    }
    return InReach.objects.update_or_create(person=person, program=program, list=name, defaults=agreed)[0]


@appends()
@transaction.atomic
def withdraw(*, person: Person, program: Program) -> None:
    """Take someone off every list of a program, at once."""
    InReach.objects.filter(person=person, program=program).delete()


@appends()
@transaction.atomic
def erase_leaving(*, program: Program, today: date) -> int:
    """Erase last words and consents whose day has come, unless a legal hold stands; give how many went."""
    if is_under_hold(program):
        return 0
    words = LastWords.objects.filter(seat__cohort__program=program, erase_on__lte=today)
    lists = InReach.objects.filter(program=program, until__lt=today)
    gone = len(words) + len(lists)
    words.delete()
    lists.delete()
    return gone
