"""What staff type to put a project on the register, and a dated decision on it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.ground.look.forms import DayInput

LONGEST = 4000


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _choice(label: str, choices: Sequence[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", say("Choose")), *choices])


class ProjectForm(forms.Form):
    """A policy, service or data product that is being decided."""

    title = forms.CharField(label=_("What is it called?"), max_length=140)
    summary = forms.CharField(
        label=_("What is it, in a few sentences?"),
        max_length=LONGEST,
        widget=_area(4),
        help_text=_("Say what it does to people, in plain words."),
    )

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = _choice(say("Which unit owns it?"), units)


class DecisionForm(forms.Form):
    """A decision with its day, and the office that decides."""

    decision = forms.CharField(label=_("What is decided?"), max_length=200)
    open = forms.CharField(
        label=_("What is still open?"),
        max_length=LONGEST,
        widget=_area(4),
        help_text=_("What people say can still change this, and nothing else."),
    )
    on = forms.DateField(label=_("On which day is it decided?"), widget=DayInput)

    def __init__(self, *args: Any, offices: Sequence[tuple[str, str]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["office"] = _choice(say("Which office decides?"), offices)

    def clean_on(self) -> date:
        """Refuse a day that has passed."""
        on: date = self.cleaned_data["on"]
        if on < self.today:
            raise forms.ValidationError(say("This day has passed; choose today or a later day."))
        return on
