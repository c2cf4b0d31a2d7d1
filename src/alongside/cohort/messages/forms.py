"""What is typed to write a message, to raise an alarm, and to say what was done about it."""

import re

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.cohort.messages.queries import KINDS
from alongside.cohort.seats.forms import choice
from alongside.ground.ui.forms import Choices, ListForm, long_text

NUMBER = re.compile(r"\+[0-9]{7,15}\Z")
ALL = "all"


class MessageForm(ListForm):
    """To whom, and the words."""

    to = choice(_("To whom?"), [(ALL, _("All leads"))])
    words = long_text(_("Your message"), 8)


class NumberForm(forms.Form):
    """The number to which text messages go."""

    number = forms.CharField(
        label=_("Phone number for text messages"),
        max_length=30,
        required=False,
        help_text=_("With the country’s number first, as +1 503 555 0100. Leave it empty to erase it."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", "dir": "ltr"}),
    )

    def clean_number(self) -> str:
        """Take spaces, dots and hyphens out."""
        number = re.sub(r"[\s().-]", "", self.cleaned_data["number"])
        if number and not NUMBER.match(number):
            raise forms.ValidationError(
                say("Write the number with + and the country’s number first, as +1 503 555 0100.")
            )
        return number


class AlarmForm(ListForm):
    """What is wrong, what it is about, and the lead's own words."""

    kind = forms.ChoiceField(label=_("What is wrong?"), choices=list(KINDS.items()), widget=Choices)
    about = choice(
        _("Who is it about?"),
        required=False,
        help_text=_("Nobody who works there, or is paid from there, will hear it."),
    )
    words = long_text(
        _("What happened"), 8, _("Leave out names of people who took part, and anyone’s immigration status.")
    )


class DoneForm(forms.Form):
    """What was done about an alarm."""

    done = long_text(_("What you did"), 6, _("The lead reads it."))
