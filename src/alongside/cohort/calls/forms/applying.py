"""What applicants type, a page at a time. Every page can be saved half done; the last one says what is missing."""

from collections.abc import Sequence
from typing import Any, override

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST = 6000


class Later(forms.CharField):
    """Words that may be missing while an application is written, but not when it is sent."""

    @override
    def validate(self, value: Any) -> None:
        """Let an empty field pass; the last page says what is missing."""


class LaterChoice(forms.ChoiceField):
    """A choice that may be open while an application is written."""

    @override
    def validate(self, value: Any) -> None:
        """Refuse only what is no choice."""
        if value:
            super().validate(value)


def area(rows: int) -> forms.Textarea:
    """Make a text area of so many rows, which no browser fills in by itself."""
    return forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})


class ComeBackForm(forms.Form):
    """The code that leads back to an application."""

    code = forms.CharField(
        label=_("Your code"),
        help_text=_("16 letters and digits, as you wrote them down."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class MailForm(forms.Form):
    """Where the code may be sent."""

    address = forms.EmailField(
        label=_("Your email address"),
        help_text=_("We send the code once and do not keep the address."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class WhoForm(forms.Form):
    """Who applies and how to reach them, as they like."""

    sender = LaterChoice(
        label=_("Who applies?"),
        widget=forms.RadioSelect,
        choices=[("person", _("I do, as a person")), ("organization", _("An organization"))],
    )
    name = Later(
        label=_("What should we call you?"),
        help_text=_("Any name you go by. For an organization: who speaks for it."),
        max_length=200,
    )
    organization = forms.CharField(
        label=_("Name of the organization"),
        help_text=_("Only if an organization applies."),
        max_length=200,
        required=False,
    )
    phone = forms.CharField(label=_("Phone number"), max_length=40, required=False)
    email = forms.EmailField(label=_("Email address"), required=False)
    other = forms.CharField(
        label=_("Another way to reach you"),
        help_text=_("A friend, a place, an app, good hours. Whatever works for you."),
        max_length=400,
        required=False,
    )
    may_write_again = forms.BooleanField(
        label=_("You may write to me when the next call opens"), required=False
    )


class BringsForm(forms.Form):
    """Which of the things that the call seeks the applicant brings."""

    brings = forms.MultipleChoiceField(
        label=_("Tick what fits you"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["brings"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = choices


class AnswerForm(forms.Form):
    """An answer in words, or a recording of it."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    words = Later(max_length=LONGEST, widget=area(9))
    sound = forms.FileField(
        label=_("Or send a recording"),
        help_text=_(
            "Up to 8 MB, about 8 minutes: MP3, M4A, WAV, OGG or AMR. Readers get it written down, without your voice."
        ),
        required=False,
        widget=forms.FileInput(attrs={"accept": "audio/*,.m4a,.amr,.ogg"}),
    )
    drop_sound = forms.BooleanField(label=_("Delete the recording I sent"), required=False)

    def __init__(self, *args: Any, asked: str, hint: str, has_sound: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label, self.fields["words"].help_text = asked, hint
        if not has_sound:
            del self.fields["drop_sound"]


class NeedsForm(forms.Form):
    """What the applicant needs in order to take part."""

    words = forms.CharField(
        label=_("What would you need to take part?"),
        help_text=_(
            "Childcare, rides, an interpreter, captions, large print, a quiet room, certain hours. It has no part in who is chosen."
        ),
        max_length=LONGEST,
        required=False,
        widget=area(5),
    )
