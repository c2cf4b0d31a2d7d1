"""Whom the steward invites to help with a call: someone who signs in already, or someone new."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.cohort.seats.queries.people import Someone
from alongside.ground.ui.languages import listed
from alongside.ground.ui.templatetags.ui import as_seat


class InvitedForm(forms.Form):
    """A person from the list or a new one; what they are to do, the forms made of this ask."""

    person = forms.ChoiceField(label=_("Someone who signs in already"), required=False)
    called = forms.CharField(label=_("Or someone new: what they are called"), max_length=80, required=False)
    email = forms.EmailField(
        label=_("Their email address"),
        help_text=_("Leave it empty for a sign-in code on paper."),
        required=False,
    )

    def __init__(self, *args: Any, people: Mapping[str, Someone], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                ("", say("Nobody from this list")),
                *((pk, listed([one.called, as_seat(one.does)])) for pk, one in people.items()),
            ]

    def clean(self) -> dict[str, Any]:
        """Ask for a person from the list or a new one."""
        typed = super().clean() or {}
        if not typed.get("person") and not typed.get("called"):
            self.add_error("called", say("Choose someone from the list, or write what they are called."))
        return typed
