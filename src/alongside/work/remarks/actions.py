"""Say something in the room of an engagement, show the partner what leads heard for some days, and erase both when their day comes."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from alongside.cohort.messages.actions import notify_people
from alongside.cohort.seats.models import Seat
from alongside.core.clocks import local_date
from alongside.core.refusals import Refused
from alongside.ground.people.models import Person
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.ground.record.declared import appends
from alongside.ground.texts.actions import erase_on_its_day
from alongside.work.engagements.actions import keep_version, refuse_if_closed
from alongside.work.engagements.models import Engagement
from alongside.work.remarks.models import Remark, Shown, Unread
from alongside.work.remarks.queries import people_in, told_of


@appends()
@transaction.atomic
def say(
    *,
    engagement: Engagement,
    person: Person,
    actor: str,
    words: str,
    lang: str,
    now: datetime,
    shown: Shown | None = None,
) -> Remark:
    """Say something about a draft as it stands, or about what leads show. Whoever goes on is told that something waits, and no more."""
    pack = pack_of(engagement.program)
    today = local_date(now, pack)
    here = people_in(engagement, today)
    if (actor, person.pk) not in {(one.actor, one.person.pk) for one in here}:
        raise Refused(_("You are not in this room any more. Ask the others to let you in."))
    if shown is not None and not shown.is_open(today):
        raise Refused(_("This is not shown any more. Ask the leads to show it again."))
    is_draft = engagement.promise is None and shown is None
    said = Remark.objects.create(
        engagement=engagement,
        shown=shown,
        draft=keep_version(engagement=engagement).draft if is_draft else "",
        writer=person,
        actor=actor,
        words=words,
        lang=lang,
        written_on=today,
        erase_on=today + timedelta(days=pack.charter.message_kept_days),
    )
    others = told_of(engagement, here, person.pk, shown)
    Unread.objects.bulk_create(Unread(remark=said, person=one) for one in others)
    mark_read(engagement=engagement, person=person)
    notify_people(program=engagement.program, people=others)
    return said


@appends()
def mark_read(*, engagement: Engagement, person: Person) -> None:
    """Note that somebody read all that waits for them in the room of an engagement."""
    mine = Unread.objects.filter(person=person)
    mine.filter(Q(remark__engagement=engagement) | Q(shown__engagement=engagement)).delete()


@appends()
@transaction.atomic
def show(*, engagement: Engagement, seat: Seat, words: str, lang: str, days: int, now: datetime) -> Shown:
    """Show the partner a draft of what leads heard, for some days and for facts. Nothing waits for what the partner says.

    Raises Refused where there is no partner, or the engagement is closed.
    """
    if engagement.partner is None or engagement.promise is None:
        raise Refused(_("No bureau is your partner here, so there is nobody to show it to."))
    refuse_if_closed(engagement)
    pack = pack_of(engagement.program)
    today = local_date(now, pack)
    until = today + timedelta(days=days)
    made = Shown.objects.create(
        engagement=engagement,
        seat=seat,
        words=words,
        lang=lang,
        shown_on=today,
        until=until,
        erase_on=until + timedelta(days=pack.charter.message_kept_days),
    )
    others = [one.person for one in people_in(engagement, today) if one.signs]
    Unread.objects.bulk_create(Unread(shown=made, person=one) for one in others)
    notify_people(program=engagement.program, people=others)
    return made


@appends()
def stop_showing(*, engagement: Engagement, shown: int, now: datetime) -> None:
    """Stop showing a draft at once: the partner reads it no more."""
    today = local_date(now, pack_of(engagement.program))
    Shown.objects.filter(engagement=engagement, pk=shown, stopped_on=None).update(stopped_on=today)


@appends()
def erase_remarks(*, program: Program, today: date) -> int:
    """Erase what was said and shown in rooms once its day has come, unless a legal hold stands; give how much went."""
    rows = [model.objects.filter(engagement__program=program) for model in (Remark, Shown)]
    return erase_on_its_day(program=program, today=today, rows=rows)
