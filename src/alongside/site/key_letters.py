"""Letters about signing in: the code that someone asked for, that keys were changed, and that they were taken away."""

from datetime import UTC, datetime

from django.conf import settings
from django.contrib.sessions.models import Session
from django.tasks import task
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from alongside.cohort.messages.queries import person_by_pk
from alongside.ground.people.tasks import post
from alongside.site.sessions import SessionStore


@task
def send_code(kept: str, lang: str) -> None:
    """Send the code that waits in a session, named by what the database keeps of its key; nothing where there is none.

    So the page does the same for an address that is known and for one that is not, and the queue names nobody.
    """
    now = datetime.now(tz=UTC)
    row = Session.objects.filter(session_key=kept, expire_date__gt=now).first()
    login = SessionStore().decode(row.session_data).get("account_login", {}) if row else {}
    asked = login.get("state", {}).get("stages", {}).get("login_by_code", {}).get("data", {})
    if not asked.get("code") or now.timestamp() - asked["at"] > settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT:
        return
    with translation.override(lang):
        subject = render_to_string("account/email/login_code_subject.txt").strip()
        body = render_to_string("account/email/login_code_message.txt", {"code": asked["code"]}).strip()
        post(subject, body, asked["email"])


@task
def tell_of_lost_keys(person_id: int) -> None:
    """Tell a person that their keys were taken away, so that nobody does it behind their back."""
    person = person_by_pk(person_id)
    if person is not None and person.email:
        with translation.override(person.language):
            first = _(
                "Whoever runs %(host)s took your passkeys and spare codes away, as for someone who lost them."
            )
            last = _("If you did not ask for this, tell the other leads or your office today.")
            body = "\n\n".join([first % {"host": settings.ALONGSIDE.host}, last]) + "\n"
            post(_("Your passkeys and spare codes were taken away"), body, person.email)


@task
def tell_of_changed_keys(person_id: int) -> None:
    """Tell a person that a passkey came or went or spare codes were made, so that nobody else keeps a way in."""
    person = person_by_pk(person_id)
    if person is not None and person.email:
        with translation.override(person.language):
            first = _(
                "Somebody who was signed in as you at %(host)s added or removed a passkey, or made new spare codes."
            )
            last = _(
                "If it was you, there is nothing to do. If it was not you, ask whoever runs the server today to take these keys away, and tell the other leads or your office."
            )
            body = "\n\n".join([first % {"host": settings.ALONGSIDE.host}, last]) + "\n"
            post(_("Your passkeys or spare codes were changed"), body, person.email)
