"""What a lead signed on another device."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alongside.core.act_files import MOST_BYTES, ActFile, read_act_file
from alongside.core.sealing.saved import SavedError


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
