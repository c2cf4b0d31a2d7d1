"""What a unit types to ask leads for help, and why something is declined or taken back."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alongside.ground.ui.forms import DayInput, SumField, SumsForm, ahead, area, offer, said
from alongside.work.projects.forms import LevelField

type Choices = Sequence[tuple[str, str]]

LONGEST = 4000


class InvitationForm(SumsForm):
    """One form: the decision, its day, the level, what is open, and what is there to pay people and interpreters."""

    title = forms.CharField(label=_("What do you want help with, in one line?"), max_length=140)
    point = forms.ChoiceField(
        label=_("Which decision on the register is it about?"),
        required=False,
        help_text=_("If it is not there yet, leave this and write the decision below."),
    )
    decision = forms.CharField(label=_("What is decided?"), max_length=LONGEST, widget=area(3))
    open = forms.CharField(
        label=_("What is still open?"),
        max_length=LONGEST,
        widget=area(3),
        help_text=_("What people say can still change this, and nothing else."),
    )
    needed_by = forms.DateField(label=_("On which day is it decided?"), widget=DayInput)
    level = LevelField(label=_("What can people’s words do?"), widget=forms.RadioSelect)
    communities = forms.MultipleChoiceField(
        label=_("Whom does it touch?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    pay = SumField(
        or_nothing=True,
        label=_("What is there to pay people for their time?"),
        help_text=_("Write 0 if there is nothing. It is public."),
    )
    interpretation = SumField(or_nothing=True, label=_("What is there for interpreters and translation?"))

    def __init__(
        self,
        *args: Any,
        points: Choices,
        levels: Choices,
        communities: Choices,
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        offer(self, "point", [("", _("None of these")), *points])
        offer(self, "level", levels)
        offer(self, "communities", communities)

    def clean_needed_by(self) -> date:
        """Refuse a day that has passed."""
        return ahead(self.cleaned_data["needed_by"], self.today)


class ReasonForm(forms.Form):
    """Why; it is public."""

    words = forms.CharField(label=_("Your reason"), max_length=LONGEST, widget=said(4))
