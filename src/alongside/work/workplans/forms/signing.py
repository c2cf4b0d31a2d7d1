"""What someone types to begin a workplan, to sign one, and to tell how far an activity is."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.core.words import has_words
from alongside.ground.look.forms import Choices, DayInput
from alongside.work.workplans.queries.wording import COMPLETION

BARE = ("no_evidence", "not_started")


class BeginForm(forms.Form):
    """Who plans together."""

    name = forms.CharField(
        label=_("What is the plan called?"),
        max_length=140,
        help_text=_("Start with what it is about. You can change it until both sides sign."),
    )
    units = forms.MultipleChoiceField(
        label=_("With which units?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Every unit that you choose must sign. The units stay the same for as long as the plan lasts."
        ),
        error_messages={"required": _("Choose at least one unit.")},
    )

    def __init__(
        self,
        *args: Any,
        units: Sequence[tuple[str, str]],
        cohorts: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if cohorts:
            self.fields["cohort"] = forms.ChoiceField(
                label=say("With which cohort?"), choices=cohorts, widget=Choices
            )
        self.fields["units"].choices = units  # type: ignore[attr-defined]  # a choice field


class SignForm(forms.Form):
    """Which words were read."""

    read = forms.CharField(widget=forms.HiddenInput, max_length=64)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)


class ProgressForm(forms.Form):
    """How far an activity is, and what shows it."""

    completion = forms.ChoiceField(
        label=_("How far is it?"), choices=list(COMPLETION.items()), widget=Choices
    )
    on = forms.DateField(label=_("On which day?"), widget=DayInput)
    evidence = forms.CharField(
        label=_("What shows it?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Say what someone else can look at: a page, a list, a date. Name nobody."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_on(self) -> date:
        """Refuse a day to come."""
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(say("This day is still to come; choose today or an earlier day."))
        return on

    def clean(self) -> dict[str, Any]:
        """Ask for evidence where something is said to be under way or done."""
        typed = super().clean() or self.cleaned_data
        if typed.get("completion") not in {None, *BARE} and not has_words(typed.get("evidence", "")):
            self.add_error("evidence", say("Say what shows it, or choose “Not started” or “No evidence”."))
        return typed
