"""The printed code, as someone types it in."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PrintedCodeForm(forms.Form):
    """Twelve letters and digits on paper from the steward."""

    code = forms.CharField(
        label=_("The code on your paper"),
        max_length=40,
        help_text=_("Twelve letters and digits. Large or small letters, with or without hyphens."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "dir": "ltr"}),
    )
