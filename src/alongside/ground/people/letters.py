"""Letters to people, sent so that a failure names nobody: what failed is kept with the work, and whom it was for is not."""

from collections.abc import Mapping

from django.core.mail import EmailMessage

from alongside.ground.gate.counts import FAILED, SENT, count_letter
from alongside.ground.ui.untranslated import bare


class LetterNotSentError(RuntimeError):
    """The mail server took no letter; the message is the kind of the failure, and never an address."""


def post(subject: str, body: str, address: str, headers: Mapping[str, str] | None = None) -> None:
    """Send one letter, with headers of its own where it has any. Raises LetterNotSentError where the mail server cannot be reached or refuses it."""
    try:
        EmailMessage(bare(subject), bare(body), None, [address], headers=dict(headers or {})).send()
    except OSError as error:
        kind = type(error).__name__
    else:
        count_letter(SENT)
        return
    count_letter(FAILED)
    raise LetterNotSentError(kind)
