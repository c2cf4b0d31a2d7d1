"""Letters and text messages that say only that something waits: no topic, no sender, the same for every cause."""

from datetime import datetime

from django.conf import settings
from django.tasks import task
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from alongside.cohort.messages import actions
from alongside.cohort.messages.queries import number_of, person_by_pk
from alongside.core.clocks import local_date
from alongside.ground.people.tasks import post
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of
from alongside.site.texting import send_text


def tick(*, program: Program, now: datetime) -> int:
    """Erase what is past its day, and knock for everyone for whom something waits; give how many were knocked for."""
    actions.erase_words(program=program, today=local_date(now, pack_of(program)))
    return actions.send_knocks(program=program, knock=knock)


def knock(program_id: int, person_id: int) -> None:
    """Queue a letter and a text message; only ids wait in the queue."""
    by_letter.enqueue(program_id, person_id)
    by_text.enqueue(program_id, person_id)


@task
def by_letter(program_id: int, person_id: int) -> None:
    """Write to a person, in their language, that something waits."""
    person = person_by_pk(person_id)
    if person is not None and person.email:
        with translation.override(person.language):
            subject, body = letter(Program.objects.get(pk=program_id), person.language)
            post(subject, body, person.email)


@task
def by_text(program_id: int, person_id: int) -> None:
    """Send a text message to a person who gave a number, where a gateway is configured."""
    person, number = person_by_pk(person_id), number_of(person_id)
    if person is not None and number:
        with translation.override(person.language):
            program = Program.objects.get(pk=program_id)
            send_text(settings.ALONGSIDE.text, number, f"{_waits()} {page(program, person.language)}")


def letter(program: Program, lang: str) -> tuple[str, str]:
    """Give the subject and the words of the letter, in the active language."""
    last = _("Sign in to read it. This letter says nothing more, so that nobody learns anything from it.")
    return _waits(), "\n\n".join([_waits(), page(program, lang), last]) + "\n"


def _waits() -> str:
    return _("A message waits for you on %(host)s.") % {"host": settings.ALONGSIDE.host}


def page(program: Program, lang: str) -> str:
    """Give the whole address of the page where everything waits; it is the same for every cause."""
    path = reverse("messages:inbox", kwargs={"program": program.slug, "lang": lang})
    return f"{settings.ALONGSIDE.address}{path}"
