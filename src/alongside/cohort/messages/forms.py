"""What is typed to write a message, to raise an alarm, and to say what was done about it."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.cohort.messages.queries import KINDS
from alongside.cohort.seats.forms import LONGEST, Pairs, choice
from alongside.ground.ui.forms import Choices, area

NUMBER = re.compile(r"\+[0-9]{7,15}\Z")
ALL = "all"


class MessageForm(forms.Form):
    """To whom, and the words. `others` are who can be written to beside all leads."""

    words = forms.CharField(label=_("Your message"), max_length=LONGEST, widget=area(8))

    def __init__(self, *args: Any, others: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = choice(say("To whom?"), [(ALL, say("All leads")), *others])
        self.order_fields(["to", "words"])


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


class AlarmForm(forms.Form):
    """What is wrong, what it is about, and the lead's own words."""

    kind = forms.ChoiceField(label=_("What is wrong?"), choices=list(KINDS.items()), widget=Choices)
    words = forms.CharField(
        label=_("What happened"),
        max_length=LONGEST,
        widget=area(8),
        help_text=_("Leave out names of people who took part, and anyone’s immigration status."),
    )

    def __init__(self, *args: Any, about: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"] = choice(
            say("Who is it about?"),
            about,
            required=False,
            help_text=say("Nobody who works there, or is paid from there, will hear it."),
        )
        self.order_fields(["kind", "about", "words"])


class DoneForm(forms.Form):
    """What was done about an alarm."""

    done = forms.CharField(
        label=_("What you did"), max_length=LONGEST, widget=area(6), help_text=_("The lead reads it.")
    )
