"""What a steward types to give a person a post, and to end one."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.cohort.seats.forms.moves import Pairs, choice
from alongside.ground.look.forms import DayInput
from alongside.ground.programs.models import STEWARD


class AppointForm(forms.Form):
    """Who, to which post, and from which day on."""

    email = forms.EmailField(
        label=_("Email to sign in with"), help_text=_("If somebody here has this address, it is that person.")
    )
    called = forms.CharField(
        label=_("What do you call this person?"),
        max_length=80,
        required=False,
        help_text=_("Only you see it. It is never on the record."),
    )
    from_date = forms.DateField(label=_("First day"), widget=DayInput)

    def __init__(self, *args: Any, offices: Pairs, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        posts = [(STEWARD, say("Steward: runs the program")), *offices]
        self.fields["post"] = choice(say("What does this person do?"), posts)
        self.order_fields(["email", "called", "post", "from_date"])

    def clean_from_date(self) -> date:
        """Refuse a day that is past: nobody held the post then."""
        day: date = self.cleaned_data["from_date"]
        if day < self.today:
            raise forms.ValidationError(say("This day is past. Choose today or a later day."))
        return day


class EndForm(forms.Form):
    """The day from which a post is held no more."""

    on = forms.DateField(
        label=_("First day without this post"),
        widget=DayInput,
        help_text=_("Choose today to end it now."),
    )
