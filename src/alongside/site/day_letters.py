"""Letters about a coming day, an alarm that waits, a check for a former lead, a seat that was given or removed. They never say about what."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.tasks import task
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from alongside.chain.commitments.queries import checks_to_tell
from alongside.cohort.messages.actions import remind
from alongside.cohort.messages.queries import (
    alarms_to_tell,
    called_up_to_tell,
    meetings_to_tell,
    person_by_pk,
    removals_to_tell,
)
from alongside.cohort.training.queries import sessions_to_tell
from alongside.core.clocks import local_date
from alongside.ground.look.days import day_in_words
from alongside.ground.people.tasks import post
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.site.knocks import knock


def tick(*, program: Program, now: datetime) -> int:
    """Queue the letters that are due today, once each, also after missed runs; give how many."""
    pack = pack_of(program)
    coming = [*meetings_to_tell(program, pack, now), *sessions_to_tell(program, pack, now)]
    sent = 0
    for due, begins in coming:
        send = partial(_queue, begins.isoformat())
        sent += remind(program=program, due=due, send=send, now=now)
    today = local_date(now, pack)
    waiting = [*alarms_to_tell(program, pack, today), *checks_to_tell(program, today)]
    seats = [*called_up_to_tell(program, today), *removals_to_tell(program, today)]
    for due in [*waiting, *seats]:
        sent += remind(program=program, due=due, send=knock, now=now)
    return sent


def _queue(begins: str, program_id: int, person_id: int) -> None:
    about_a_day.enqueue(program_id, person_id, begins)


@task
def about_a_day(program_id: int, person_id: int, begins: str) -> None:
    """Write to a person, in their language, on which day and at what hour we meet."""
    person = person_by_pk(person_id)
    if person is not None and person.email:
        with translation.override(person.language):
            program = Program.objects.get(pk=program_id)
            subject, body = letter(program, datetime.fromisoformat(begins), person.language)
            post(subject, body, person.email)


def letter(program: Program, begins: datetime, lang: str) -> tuple[str, str]:
    """Give the subject and the words of the letter, in the active language."""
    pack = pack_of(program)
    local = begins.astimezone(ZoneInfo(pack.time_zone))
    told = {"day": day_in_words(local.date()), "hour": f"{local:%H:%M}"}
    subject = _("We meet on %(day)s at %(hour)s") % told
    last = _("Where, and what it is about, is on the site. Sign in to read it.")
    path = reverse("messages:inbox", kwargs={"program": program.slug, "lang": lang})
    name = pack.name.say(lang)
    return f"{name}: {subject}", "\n\n".join(
        [f"{subject}.", last, f"{settings.ALONGSIDE.address}{path}"]
    ) + "\n"
