"""What someone says who types an application in for another person."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alongside.cohort.calls.forms.inviting import InvitedForm


class ComingForm(forms.Form):
    """How the application came, in which language, and for which organization the typist helps."""

    came_by = forms.ChoiceField(
        label=_("How did it come?"),
        widget=forms.RadioSelect,
        choices=[("phone", _("By phone")), ("paper", _("On paper")), ("visit", _("In person"))],
    )
    lang = forms.ChoiceField(label=_("In which language does the applicant want to hear back?"))
    organization = forms.CharField(
        label=_("For which organization do you help?"),
        help_text=_("Leave it empty if you help as a lead or as staff."),
        max_length=200,
        required=False,
    )

    def __init__(
        self, *args: Any, langs: list[tuple[str, str]], is_helper: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if is_helper:
            del self.fields["organization"]
        field = self.fields["lang"]
        if isinstance(field, forms.ChoiceField):
            field.choices = langs


class HelperForm(InvitedForm):
    """Who of a community organization helps, and with what."""

    organization = forms.CharField(
        label=_("Their organization"),
        help_text=_("A reader who belongs to it gets none of the applications that they type in."),
        max_length=200,
    )
    does = forms.MultipleChoiceField(
        label=_("What do they help with?"),
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("types-in", _("Type in applications that come by phone, on paper or in person")),
            ("writes-down", _("Listen to recordings and write down what they say")),
        ],
    )
