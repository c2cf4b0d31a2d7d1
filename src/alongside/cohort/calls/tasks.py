"""What happens to applications by itself: offers end on their day, letters tell of news, applications are erased in the end."""

from datetime import datetime

from django.conf import settings
from django.tasks import task
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from alongside.cohort.calls.actions.ending import erase_due
from alongside.cohort.calls.actions.offering import (
    give_up_waiting,
    mark_invited_again,
    mark_told,
    tell_again,
)
from alongside.cohort.calls.actions.panels import make_panels
from alongside.cohort.calls.models import Application, PanelsAsked
from alongside.cohort.calls.queries.results import to_invite_again, untold
from alongside.core.clocks import local_date
from alongside.ground.people.tasks import post
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of


def tick(*, program: Program, now: datetime) -> None:
    """End offers whose day has passed, tell applicants of news, erase what is due. Safe to repeat."""
    give_up_waiting(program=program, now=now)
    tell_again(program=program, now=now)
    for one in untold(program.pk):
        if mark_told(application=one, now=now):
            write_of_news.enqueue(str(one.pk))
    for one in to_invite_again(program.pk, local_date(now, pack_of(program))):
        mark_invited_again(application=one, now=now)
        write_of_the_next_call.enqueue(str(one.pk))
    erase_due(program=program, now=now)


@task
def make_list(asked: int) -> None:
    """Make the list of panels that the steward asked for; it can take minutes, so no page waits for it."""
    found = PanelsAsked.objects.select_related("call__program").filter(pk=asked).first()
    if found is not None:
        make_panels(asked=found)


def _reached(application_id: str) -> Application | None:
    """Give an application whose owner can still be written to, or None."""
    found = Application.objects.select_related("call__program", "contact").filter(pk=application_id).first()
    contact = getattr(found, "contact", None)
    return found if contact is not None and contact.email else None


def _lang(found: Application) -> str:
    """Give the language they applied in, where the program still speaks it."""
    languages = pack_of(found.call.program).languages
    return found.lang if any(one.code == found.lang for one in languages) else languages[0].code


@task
def write_of_the_next_call(application_id: str) -> None:
    """Write to someone who asked for it that there is a new page to look at: not of what, and not what they sent before."""
    found = _reached(application_id)
    if found is None:
        return
    lang = _lang(found)
    with translation.override(lang):
        path = reverse("calls:calls", kwargs={"program": found.call.program.slug, "lang": lang})
        words = [
            _("You asked us to write to you when there is something new. It is here:"),
            f"{settings.ALONGSIDE.address}{path}",
            _("This is the only letter. We do not write again unless you ask for it again."),
        ]
        post(_("Something new that you asked about"), "\n\n".join(words) + "\n", found.contact.email)


@task
def write_of_news(application_id: str) -> None:
    """Write to an applicant, in the language they applied in, that there is news: not of what, and not which."""
    found = _reached(application_id)
    if found is None:
        return
    call, lang = found.call, _lang(found)
    with translation.override(lang):
        path = reverse("calls:apply", kwargs={"program": call.program.slug, "lang": lang, "slug": call.slug})
        words = [
            _("There is news about what you sent to us."),
            _("Open this page and type in your code to read it:"),
            f"{settings.ALONGSIDE.address}{path}",
            _("If you lost the code, ask who runs the program."),
        ]
        post(_("There is news for you"), "\n\n".join(words) + "\n", found.contact.email)
