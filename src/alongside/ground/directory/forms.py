"""What staff choose to write a federal request down. Lists only: there is no field for a name."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.ground.directory.queries import AGENCIES, ASKED, IMMIGRATION, PAPERS, WAYS
from alongside.ground.ui.forms import Choices, DayInput


class RequestForm(forms.Form):
    """When, who, how, what and with what paper."""

    received_on = forms.DateField(label=_("When did they ask?"), widget=DayInput)
    agency = forms.ChoiceField(label=_("Who asked?"), choices=list(AGENCIES.items()), widget=Choices)
    came_by = forms.ChoiceField(label=_("How did it come?"), choices=list(WAYS.items()), widget=Choices)
    asked = forms.MultipleChoiceField(
        label=_("What did they ask for?"),
        choices=list(ASKED.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what kind of thing. Never whom it was about."),
    )
    paper = forms.ChoiceField(
        label=_("What paper did they show?"),
        choices=list(PAPERS.items()),
        widget=Choices,
        help_text=_("If you cannot tell, say so. The lawyers read it."),
    )
    immigration = forms.ChoiceField(
        label=_("Was it about immigration?"), choices=list(IMMIGRATION.items()), widget=Choices
    )

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(units) > 1:
            self.fields["unit"] = forms.ChoiceField(label=say("Which bureau was asked?"), choices=units)
            self.order_fields(["unit"])
