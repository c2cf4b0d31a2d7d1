"""The letter with a code to come back. The address it goes to is not kept."""

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from alongside.cohort.calls.models import Call
from alongside.ground.gate.roles import ViewerRequest
from alongside.ground.ui.addresses import to


def letter(request: ViewerRequest, call: Call, code: str, address: str, *, is_renewed: bool = False) -> bool:
    """Send the code; say whether it went out. `is_renewed` says that whoever runs the program made it, and the one before is shut."""
    page = f"{settings.ALONGSIDE.address}{to(request, 'calls:apply', slug=call.slug)}"
    asked = _(
        "Whoever has the code can read and change what you wrote. If you did not ask for it, delete this letter."
    )
    renewed = _(
        "Whoever runs the program made this new code; the one before it does not work any more. Nobody else was shown it. "
        "If you did not ask for it, use it all the same, and write to them."
    )
    words = [
        _("This is your new code:") if is_renewed else _("This is the code that you asked for:"),
        code,
        _("Type it in on this page to come back:"),
        page,
        renewed if is_renewed else asked,
    ]
    try:
        return bool(send_mail(_("Your code to come back"), "\n\n".join(words) + "\n", None, [address]))
    except OSError:
        return False
