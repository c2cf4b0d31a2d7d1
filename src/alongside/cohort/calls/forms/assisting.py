"""What someone says who types an application in for another person."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


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

    def __init__(self, *args: Any, langs: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["lang"]
        if isinstance(field, forms.ChoiceField):
            field.choices = langs
