"""What happens to applications by itself: offers end on their day, letters tell of news, applications are erased in the end."""

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.tasks import task
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from alongside.cohort.calls.actions.ending import erase_due
from alongside.cohort.calls.actions.offering import give_up_waiting, mark_told, tell_again
from alongside.cohort.calls.actions.panels import make_panels
from alongside.cohort.calls.models import Application, PanelsAsked
from alongside.cohort.calls.queries.results import untold
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import pack_of


def tick(*, program: Program, now: datetime) -> None:
    """End offers whose day has passed, tell applicants of news, erase what is due. Safe to repeat."""
    give_up_waiting(program=program, now=now)
    tell_again(program=program, now=now)
    for one in untold(program.pk):
        if mark_told(application=one, now=now):
            write_of_news.enqueue(str(one.pk))
    erase_due(program=program, now=now)


@task
def make_list(asked: int) -> None:
    """Make the list of panels that the steward asked for; it can take minutes, so no page waits for it."""
    found = PanelsAsked.objects.select_related("call__program").filter(pk=asked).first()
    if found is not None:
        make_panels(asked=found)


@task
def write_of_news(application_id: str) -> None:
    """Write to an applicant, in the language they applied in, that there is news: not of what, and not which."""
    found = Application.objects.select_related("call__program", "contact").filter(pk=application_id).first()
    contact = getattr(found, "contact", None)
    if found is None or contact is None or not contact.email:
        return
    call = found.call
    pack = pack_of(call.program)
    lang = found.lang if any(one.code == found.lang for one in pack.languages) else pack.languages[0].code
    with translation.override(lang):
        path = reverse("calls:apply", kwargs={"program": call.program.slug, "lang": lang, "slug": call.slug})
        words = [
            _("There is news about what you sent to us."),
            _("Open this page and type in your code to read it:"),
            f"{settings.ALONGSIDE.address}{path}",
            _("If you lost the code, ask who runs the program."),
        ]
        send_mail(_("There is news for you"), "\n\n".join(words) + "\n", None, [contact.email])
