"""A letter to whoever runs the program: pay is past its day. It names no lead and no sum."""

from datetime import UTC, datetime

from django.conf import settings
from django.tasks import task
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.cohort.messages.queries import person_by_pk
from alongside.cohort.pay.queries import stewards_today
from alongside.core.clocks import local_date
from alongside.ground.people.tasks import post
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of


def tell(program: Program, count: int) -> None:
    """Queue a letter to each steward; only ids and a number wait in the queue."""
    for person in stewards_today(program, local_date(datetime.now(tz=UTC), pack_of(program))):
        tell_steward.enqueue(program.pk, person.pk, count)


@task
def tell_steward(program_id: int, person_id: int, count: int) -> None:
    """Write to a steward, in their language."""
    person = person_by_pk(person_id)
    if person is not None and person.email:
        with translation.override(person.language):
            subject, body = letter(Program.objects.get(pk=program_id), count, person.language)
            post(subject, body, person.email)


def letter(program: Program, count: int, lang: str) -> tuple[str, str]:
    """Give the subject and the words of a letter, in the active language."""
    name = pack_of(program).name.say(lang)
    subject = _("Leads wait for their pay")
    told = ngettext(
        "%(n)d piece of work is past the day on which it should be paid.",
        "%(n)d pieces of work are past the day on which they should be paid.",
        count,
    ) % {"n": count}
    next_step = _("Approve it or send it back with a reason, then close a run. The leads see how late it is.")
    path = reverse("pay:desk", kwargs={"program": program.slug, "lang": lang})
    return f"{name}: {subject}", "\n\n".join([told, next_step, f"{settings.ALONGSIDE.address}{path}"]) + "\n"
