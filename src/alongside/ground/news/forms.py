"""Where somebody types the address to which letters go."""

from django import forms
from django.utils.translation import gettext_lazy as _


class NewsForm(forms.Form):
    """One address, and nothing else."""

    address = forms.EmailField(
        label=_("Your email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )
