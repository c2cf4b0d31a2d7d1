"""What a lead confirms who lost a key."""

from django import forms
from django.utils.translation import gettext_lazy

from alongside.cohort.seats.forms import Sure


class LostForm(Sure):
    """A lead says that their key is lost: nothing brings it back."""

    sure = forms.BooleanField(
        label=gettext_lazy("My six words are lost. This key is over for good."),
        error_messages={"required": gettext_lazy("Tick the box if your six words are lost.")},
    )
