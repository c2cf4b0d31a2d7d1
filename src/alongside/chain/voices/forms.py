"""What arrives at the public doors of this app as JSON: sealed voices, and receipts' act secrets."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from alongside.core.refusals import UnusableInputError
from alongside.ground.ui.bodies import UnreadableError, blob, read_json, words

MOST_VOICE_BODY = 96 * 1024  # the largest bucket in base64, and the two hashes
MOST_SPOKEN_BODY = 3 * 1024 * 1024  # the same of the buckets for sounds
#: All that the page sends; what came beside it would be words in the clear.
OF_A_VOICE = {"mark", "act", "sealed", "website"}


@dataclass(frozen=True)
class Sealed:
    """A sealed voice as it was sent: seal mark and act hash in hex, and the age file."""

    mark: str
    act: str
    sealed: bytes


def is_large(request: HttpRequest) -> bool:
    """Say whether more arrives than a voice without sound has."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0) > MOST_VOICE_BODY
    except ValueError:
        return False


def read_sealed(request: HttpRequest, *, sounds: bool = False) -> Sealed:
    """Read a sealed voice, with `sounds` a larger one; raise UnreadableError for anything else or more, UnusableInputError where a machine filled it in."""
    body = read_json(request, MOST_SPOKEN_BODY if sounds else MOST_VOICE_BODY)
    if body.get("website") != "":
        raise UnusableInputError(
            "hidden-field",
            _("Something filled in a hidden field. Turn off automatic filling and send it again."),
        )
    if body.keys() != OF_A_VOICE:
        raise UnreadableError
    return Sealed(words(body, "mark", 64), words(body, "act", 64), blob(body, "sealed"))


def read_act(request: HttpRequest) -> bytes:
    """Read the 32 bytes that a receipt reveals to act on its voice."""
    text = words(read_json(request, 1024), "act", 64)
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise UnreadableError from error
