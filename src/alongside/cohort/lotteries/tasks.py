"""What happens after a selection by itself: offers end on their day, letters tell of news; and the list of panels is made."""

from datetime import datetime

from django.conf import settings
from django.tasks import task
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from alongside.cohort.applications.tasks import lang_of_owner, reached
from alongside.cohort.lotteries.actions import (
    give_up_waiting,
    make_panels,
    mark_told,
    tell_again,
)
from alongside.cohort.lotteries.models import PanelList
from alongside.cohort.lotteries.queries import open_offer, untold
from alongside.ground.people.letters import post
from alongside.ground.programs.models import Program
from alongside.ground.ui.days import day_in_words


def tick(*, program: Program, now: datetime) -> None:
    """End offers whose day has passed, and tell applicants of news. Safe to repeat."""
    give_up_waiting(program=program, now=now)
    tell_again(program=program, now=now)
    for one in untold(program.pk):
        if mark_told(application=one, now=now):
            write_of_news.enqueue(str(one.pk))


@task
def make_list(asked: int) -> None:
    """Make the list of panels that the steward asked for; it can take minutes, so no page waits for it."""
    found = PanelList.objects.select_related("call__program").filter(pk=asked).first()
    if found is not None:
        make_panels(asked=found)


@task
def write_of_news(application_id: str) -> None:
    """Write to an applicant, in the language they applied in, that there is news, and until when it waits for an answer: not of what."""
    found = reached(application_id)
    if found is None:
        return
    call, lang, offer = found.call, lang_of_owner(found), open_offer(found)
    with translation.override(lang):
        path = reverse(
            "applications:apply", kwargs={"program": call.program.slug, "lang": lang, "slug": call.slug}
        )
        words = [
            _("There is news about what you sent to us."),
            *(
                [_("It waits for an answer from you until %(day)s.") % {"day": day_in_words(offer.answer_by)}]
                if offer
                else []
            ),
            _("Open this page and type in your code to read it:"),
            f"{settings.ALONGSIDE.address}{path}",
            _("If you lost the code, ask who runs the program."),
        ]
        post(_("There is news for you"), "\n\n".join(words) + "\n", found.contact.email)
