"""What a unit writes when it says that something is done, and what a lead writes after looking."""

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from alongside.core.workflow.commitments import KEPT, Completion
from alongside.ground.ui.forms import Choices, offer, said

LINKS = 20
WORDS = {
    Completion.COMPLETE: _("Complete"),
    Completion.SUBSTANTIAL: _("Substantial: nearly all of it"),
    Completion.LIMITED: _("Limited: some of it"),
    Completion.NOT_STARTED: _("Not started"),
    Completion.NO_EVIDENCE: _("No evidence that we could see"),
}


class ClaimForm(forms.Form):
    """Say that it is done, and show it."""

    words = forms.CharField(
        label=_("What was done, and where can people see it?"),
        max_length=4000,
        widget=said(5),
    )
    links = forms.CharField(
        label=_("Links, one a line"), required=False, widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr"})
    )

    def clean_links(self) -> list[str]:
        """Give the links as a list; say which line is none."""
        found = [line.strip() for line in self.cleaned_data["links"].splitlines() if line.strip()]
        check = URLValidator(schemes=["https", "http"])
        for line in found[:LINKS]:
            try:
                check(line)
            except forms.ValidationError:
                raise forms.ValidationError(
                    _("Write whole addresses that begin with https://, one a line.")
                ) from None
        return found[:LINKS]


class CheckForm(forms.Form):
    """What a lead saw."""

    completion = forms.ChoiceField(
        label=_("How much of it is done?"), widget=Choices(), choices=list(WORDS.items())
    )
    words = forms.CharField(
        label=_("What did you look at, and what did you see?"),
        max_length=2000,
        widget=said(5),
    )

    def __init__(self, *args: Any, may_confirm: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_confirm:
            left = [(one, words) for one, words in WORDS.items() if one not in KEPT]
            offer(self, "completion", left)
