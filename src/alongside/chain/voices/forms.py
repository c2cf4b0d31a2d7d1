"""What arrives at the public doors of this app as JSON: sealed voices, and receipts' act secrets; and what a lead signed on another device."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alongside.cohort.seats.forms import Sure
from alongside.core.act_files import MOST_BYTES, ActFile, read_act_file
from alongside.core.refusals import UnusableInputError
from alongside.core.sealing.saved import SavedError
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


class SignedForm(forms.Form):
    """A file that was signed on another device."""

    file = forms.FileField(
        label=gettext_lazy("The signed file"),
        widget=forms.ClearableFileInput(attrs={"accept": ".json"}),
        help_text=gettext_lazy("Its name ends in .signed.json."),
    )

    def clean_file(self) -> ActFile:
        """Give what the file holds, where its place signed it."""
        try:
            found = read_act_file(self.cleaned_data["file"].read(MOST_BYTES + 1))
        except SavedError as error:
            raise ValidationError(
                _(
                    "This is not a file that was saved here, or it was changed. Save it again, and sign it again."
                )
            ) from error
        if not found.is_signed:
            raise ValidationError(
                _(
                    "This file is not signed yet. Sign it on the other device, then choose the file that it made."
                )
            )
        return found


class LostForm(Sure):
    """A lead says that their key is lost: nothing brings it back."""

    sure = forms.BooleanField(
        label=gettext_lazy("My six words are lost. This key is over for good."),
        error_messages={"required": gettext_lazy("Tick the box if your six words are lost.")},
    )
