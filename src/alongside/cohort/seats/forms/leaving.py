"""What is typed when a lead goes: last words, and the consent to stay in reach."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alongside.cohort.seats.forms.moves import LONGEST, area
from alongside.core.clocks import plus_months
from alongside.ground.look.forms import Choices, DayInput

MONTHS = 24


class LastWordsForm(forms.Form):
    """Three questions, and who may read the answers."""

    worked = forms.CharField(label=_("What worked?"), max_length=LONGEST, required=False, widget=area(4))
    did_not = forms.CharField(
        label=_("What did not work?"), max_length=LONGEST, required=False, widget=area(4)
    )
    again = forms.ChoiceField(
        label=_("Would you do it again?"),
        choices=[("yes", _("Yes")), ("no", _("No")), ("unsure", _("I am not sure"))],
        widget=Choices,
    )
    readers = forms.ChoiceField(
        label=_("Who may read this?"),
        choices=[
            ("steward", _("The steward alone")),
            ("next", _("The steward, and the leads of the next cohort")),
        ],
        widget=Choices,
        initial="steward",
    )

    def clean(self) -> dict[str, Any]:
        """Ask for words on one of the two questions at least."""
        given = super().clean() or self.cleaned_data
        if not (given.get("worked") or given.get("did_not")):
            self.add_error("worked", gettext("Write what worked, or what did not. One of the two is enough."))
        return given


class InReachForm(forms.Form):
    """For what, until when, and how to reach the person."""

    name = forms.ChoiceField(
        label=_("What may we ask you for?"),
        choices=[
            ("alumni", _("To meet the next leads, and to be told what came of my work")),
            ("checks", _("To check, for pay, what was delivered of what my cohort asked")),
            (
                "seconds",
                _(
                    "To be the second where only one lead can: to compare keys, and to sign lists and findings"
                ),
            ),
            ("consultants", _("To give paid advice")),
        ],
        widget=Choices,
    )
    reach = forms.CharField(
        label=_("How to reach you"),
        max_length=200,
        help_text=_("A phone number or an email address. Only the steward sees it."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    offers = forms.CharField(label=_("What you know well"), max_length=400, required=False, widget=area(2))
    until = forms.DateField(label=_("The last day on which we may ask you"), widget=DayInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["until"].initial = plus_months(today, 12)

    def clean_until(self) -> date:
        """Let consent end after today and within two years, so that it is given anew."""
        until: date = self.cleaned_data["until"]
        if until <= self.today:
            raise forms.ValidationError(gettext("Choose a day after today."))
        if until > plus_months(self.today, MONTHS):
            raise forms.ValidationError(gettext("Choose a day within two years. You can agree anew then."))
        return until
