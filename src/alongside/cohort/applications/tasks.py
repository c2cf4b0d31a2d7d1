"""What happens to applications by itself: letters of the next call, and that they are erased in the end."""

from datetime import datetime

from django.conf import settings
from django.tasks import task
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from alongside.cohort.applications.actions import erase_due, mark_invited_again
from alongside.cohort.applications.models import Application
from alongside.cohort.applications.queries import to_invite_again
from alongside.core.clocks import local_date
from alongside.ground.people.letters import post
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of


def tick(*, program: Program, now: datetime) -> None:
    """Write of the next call to those who asked for it, and erase what is due. Safe to repeat."""
    for one in to_invite_again(program.pk, local_date(now, pack_of(program))):
        mark_invited_again(application=one, now=now)
        write_of_the_next_call.enqueue(str(one.pk))
    erase_due(program=program, now=now)


def reached(application_id: str) -> Application | None:
    """Give an application whose owner can still be written to, or None."""
    found = Application.objects.select_related("call__program", "contact").filter(pk=application_id).first()
    contact = getattr(found, "contact", None)
    return found if contact is not None and contact.email else None


def lang_of_owner(found: Application) -> str:
    """Give the language they applied in, where the program still speaks it."""
    languages = pack_of(found.call.program).languages
    return found.lang if any(one.code == found.lang for one in languages) else languages[0].code


@task
def write_of_the_next_call(application_id: str) -> None:
    """Write to someone who asked for it that there is a new page to look at: not of what, and not what they sent before."""
    found = reached(application_id)
    if found is None:
        return
    lang = lang_of_owner(found)
    with translation.override(lang):
        path = reverse("calls:calls", kwargs={"program": found.call.program.slug, "lang": lang})
        words = [
            _("You asked us to write to you when there is something new. It is here:"),
            f"{settings.ALONGSIDE.address}{path}",
            _("This is the only letter. We do not write again unless you ask for it again."),
        ]
        post(_("Something new that you asked about"), "\n\n".join(words) + "\n", found.contact.email)
