"""Letters of news: the one with the link that is pressed first, and those that say that something new is on the site."""

from datetime import datetime

from django.conf import settings
from django.tasks import task
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from alongside.ground.news import actions
from alongside.ground.news.models import Subscription
from alongside.ground.news.queries import stop_key, subscription
from alongside.ground.people.letters import post
from alongside.ground.programs.models import Program
from alongside.ground.programs.queries import spoken


def tick(*, program: Program, now: datetime) -> int:
    """Delete what nobody confirmed, and queue a letter to each reader where something is new; give how many. Safe to repeat."""
    return actions.tick(program=program, now=now, write=tell.enqueue)


@task
def invite(subscription_id: str) -> None:
    """Send the letter with the link that lets letters come; nothing to an address that gets them, or got it today.

    The link is made here, so that no queue and no table ever holds it.
    """
    one = subscription(subscription_id)
    token = actions.make_link(subscription=one) if one else ""
    if one and token:
        with translation.override(one.lang):
            post(*link_letter(one, token), one.address)


def link_letter(one: Subscription, token: str) -> tuple[str, str]:
    """Give the subject and the words of the first letter, in the active language."""
    words = [
        _(
            "Somebody typed this email address to hear when something new is on the site. If it was you, open this page and press the button:"
        ),
        _page(one, "desks:news_confirm", token=token),
        _("The page works until tomorrow. If it was not you, do nothing. We then delete this address."),
    ]
    return link_subject(), "\n\n".join(words) + "\n"


def link_subject() -> str:
    """Give the subject of the first letter, in the active language. The page says for what to look in the mail."""
    return _("Please confirm: emails from %(host)s") % {"host": settings.ALONGSIDE.host}


@task
def tell(subscription_id: str) -> None:
    """Tell a reader that something new is on the site, and nothing more; nothing where they stopped the letters meanwhile."""
    one = subscription(subscription_id)
    if one:
        stop = _page(one, "desks:news_stop", key=stop_key(one))
        headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        with translation.override(one.lang):
            post(*news_letter(one, stop), one.address, headers)


def news_letter(one: Subscription, stop: str) -> tuple[str, str]:
    """Give the subject and the words of a letter, in the active language. It is the same whatever is new."""
    subject = _("Something new is on %(host)s") % {"host": settings.ALONGSIDE.host}
    words = [
        _("You asked us to write when something new is on the site. You can read it here:"),
        _page(one, "desks:follow"),
        _("We write at most once a week. To stop the emails and delete your address, open this page:"),
        stop,
    ]
    return subject, "\n\n".join(words) + "\n"


def _page(one: Subscription, name: str, **at: str) -> str:
    """Give the whole address of a page, in a language that the program speaks."""
    given = {"program": one.program.slug, "lang": spoken(one.program, one.lang), **at}
    return f"{settings.ALONGSIDE.address}{reverse(name, kwargs=given)}"
