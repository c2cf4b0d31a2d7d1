"""What is typed in a partner room: a message, the notes, what somebody owes, and the level that a quarter reached."""

from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.cohort.seats.forms import Pairs, choice
from alongside.ground.ui.forms import Choices, DayInput, ListForm, SharedForm, area, long_text
from alongside.work.projects.forms import LevelField

#: About one sentence.
SENTENCE = 300


class SayForm(forms.Form):
    """A message to everyone else in the room."""

    words = long_text(_("Write to everyone here"), 4)


class NotesForm(SharedForm):
    """The next meeting, and the notes that all share."""

    meets_on = forms.DateField(label=_("Day of the next meeting"), required=False, widget=DayInput)
    meets_at = forms.CharField(label=_("Hour and place"), max_length=200, required=False)
    notes = long_text(_("Notes"), 8, required=False)


class OwedForm(ListForm):
    """What somebody here does for the others."""

    what = forms.CharField(label=_("What will be done?"), max_length=SENTENCE)
    actor = choice(_("Who does it?"))
    on = forms.DateField(
        label=_("By when"),
        required=False,
        widget=DayInput,
        help_text=_("If you agreed on a day. Nothing happens by itself when it has passed."),
    )


class LevelForm(forms.Form):
    """Which level of participation a quarter reached, and why, in one sentence."""

    words = forms.CharField(
        label=_("Why? One sentence"),
        max_length=SENTENCE,
        widget=area(3),
        help_text=_("It becomes public. Name no one."),
    )

    def __init__(self, *args: Any, levels: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"] = LevelField(
            label=say("Which level was reached?"), choices=levels, widget=Choices
        )
        self.order_fields(["level", "words"])
