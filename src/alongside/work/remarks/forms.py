"""What is typed in the room of an engagement: a comment, and what leads show of what they heard."""

from django import forms
from django.utils.translation import gettext_lazy as _

from alongside.ground.ui.forms import LONGEST, long_text, said

#: For how many days leads show a draft, at most.
FEWEST, MOST, USUAL = 1, 14, 5


class RemarkForm(forms.Form):
    """A comment to the others in the room."""

    words = long_text(_("Write a comment"), 3)


class ShowForm(forms.Form):
    """A draft of what leads heard, shown to the partner for some days."""

    words = forms.CharField(
        label=_("What you heard, as you would publish it"),
        max_length=LONGEST,
        widget=said(8),
        help_text=_("Copy it from your draft in the reader. Your draft stays there, locked."),
    )
    days = forms.IntegerField(
        label=_("For how many days?"),
        min_value=FEWEST,
        max_value=MOST,
        initial=USUAL,
        help_text=_("Publish whenever you like. You do not need to wait for an answer."),
    )
    safe = forms.BooleanField(
        label=_("It names nobody, and nobody could tell from it who spoke."),
        help_text=_("What few people said, two leads read before anyone else does. Do not show it here."),
    )
