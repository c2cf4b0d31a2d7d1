"""The letter with a code to come back. The address it goes to is not kept."""

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from alongside.cohort.calls.views.visit import Visit
from alongside.ground.ui.addresses import to


def letter(found: Visit, address: str) -> bool:
    """Send the code; say whether it went out."""
    page = f"{settings.ALONGSIDE.address}{to(found.request, 'calls:apply', slug=found.call.slug)}"
    words = [
        _("This is the code that you asked for:"),
        found.code,
        _("Type it in on this page to come back:"),
        page,
        _(
            "Whoever has the code can read and change what you wrote. If you did not ask for it, delete this letter."
        ),
    ]
    try:
        return bool(send_mail(_("Your code to come back"), "\n\n".join(words) + "\n", None, [address]))
    except OSError:
        return False
