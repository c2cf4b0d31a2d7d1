"""Letters to people, sent so that a failure names nobody: what failed is kept with the work, and whom it was for is not."""

from django.core.mail import send_mail


class LetterNotSentError(RuntimeError):
    """The mail server took no letter; the message is the kind of the failure, and never an address."""


def post(subject: str, body: str, address: str) -> None:
    """Send one letter. Raises LetterNotSentError where the mail server cannot be reached or refuses it."""
    try:
        send_mail(subject, body, None, [address])
    except OSError as error:
        kind = type(error).__name__
    else:
        return
    raise LetterNotSentError(kind)
