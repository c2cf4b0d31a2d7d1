"""What applicants type and declare, a page at a time; each can be saved half done. And what those who help them type."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.cohort.applications.actions import CODE_LENGTH, plain_code
from alongside.cohort.applications.models import TIES
from alongside.cohort.calls.forms import NOT_SAID_WORDS
from alongside.cohort.calls.queries import NOT_SAID, declared
from alongside.core.policy.calls import Category, Demographic
from alongside.ground.gate.limits import LARGEST_RECORDING, MEGABYTE
from alongside.ground.people.actions import ALPHABET
from alongside.ground.ui.forms import LaterChoice, LaterWords, area, offer

LONGEST = 6000


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

    def clean_code(self) -> str:
        """Give the code as typed; say which letters no code has, or how many a code has."""
        code: str = self.cleaned_data["code"]
        letters = plain_code(code)
        if strange := "".join(dict.fromkeys(one for one in letters if one not in ALPHABET)):
            raise ValidationError(
                say("No code has these: %(letters)s. Look at your code again."),
                params={"letters": " ".join(strange)},
            )
        if len(letters) != CODE_LENGTH:
            text = say("A code has 16 letters and digits. You typed %(n)d.")
            raise ValidationError(text, params={"n": len(letters)})
        return code


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
    name = LaterWords(
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
        offer(self, "brings", choices)


class AnswerForm(forms.Form):
    """An answer in words, or a recording of it."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    words = LaterWords(max_length=LONGEST, widget=area(9, autocomplete="off"))
    sound = forms.FileField(
        label=_("Or send a recording"),
        help_text=format_lazy(
            _(
                "Up to {most} MB, about 8 minutes: MP3, M4A, WAV, OGG or AMR. Readers get it written down, without your voice."
            ),
            most=LARGEST_RECORDING // MEGABYTE,
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
        widget=area(5, autocomplete="off"),
    )


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
        offer(self, "lang", langs)


class BalanceForm(forms.Form):
    """What an applicant says for the balance of the draw; every question has a way not to say."""

    def __init__(self, *args: Any, categories: Sequence[Category], lang: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in categories:
            choices = [(each.id, each.words.say(lang)) for each in one.choices]
            self.fields[one.id] = LaterChoice(
                label=one.words.say(lang),
                choices=[*choices, (NOT_SAID, NOT_SAID_WORDS)],
                widget=forms.RadioSelect,
            )

    def values(self) -> Mapping[str, str]:
        """Give what was chosen, by category."""
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}


YES, NO = "yes", "no"


def _yes_no(label: Any) -> LaterChoice:
    return LaterChoice(label=label, widget=forms.RadioSelect, choices=[(YES, _("Yes")), (NO, _("No"))])


class ConflictsForm(forms.Form):
    """What could pull the applicant two ways. A yes shuts nobody out."""

    works_for_government = _yes_no("")
    earns_from_it = _yes_no("")
    close_to_staff = _yes_no("")
    organizations = forms.CharField(
        label=_("Which organizations do you work or volunteer with?"),
        help_text=_("One on each line. A reader from the same one will not read your application."),
        max_length=LONGEST,
        required=False,
        widget=area(3, autocomplete="off"),
    )
    words = forms.CharField(
        label=_("Anything else we should know about this?"),
        max_length=LONGEST,
        required=False,
        widget=area(3, autocomplete="off"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in zip(TIES, declared(), strict=True):
            self.fields[name].label = words

    def values(self) -> dict[str, Any]:
        """Give the columns of models.ConflictForm."""
        said = {YES: True, NO: False}
        lines = [one.strip() for one in self.cleaned_data["organizations"].splitlines()]
        return {
            **{name: said.get(self.cleaned_data[name]) for name in TIES},
            "organizations": [one for one in lines if one],
            "words": self.cleaned_data["words"],
        }


class AboutYouForm(forms.Form):
    """What the pack demands to be counted. Every question may be left open."""

    def __init__(self, *args: Any, demographics: Sequence[Demographic], lang: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in demographics:
            choices = [(each.id, each.words.say(lang)) for each in one.choices]
            self.fields[one.id] = forms.ChoiceField(
                label=one.words.say(lang),
                help_text=say("The rule that asks for it: %(rule)s") % {"rule": one.rule},
                choices=[*choices, (NOT_SAID, NOT_SAID_WORDS)],
                required=False,
                widget=forms.RadioSelect,
            )

    def chosen(self) -> dict[str, list[str]]:
        """Give what was chosen, by question; one that was left open counts as not said."""
        return {name: [self.cleaned_data.get(name) or NOT_SAID] for name in self.fields}


class ReadBackForm(forms.Form):
    """Whether the person heard what was typed in for them, and agrees."""

    agreed = forms.BooleanField(
        label=_("I read it back, and the person agrees to it"),
        error_messages={
            "required": _("Read it back first. Tick the box when the person has heard it and agrees.")
        },
    )


class TranscriptForm(forms.Form):
    """What a recording says."""

    words = forms.CharField(
        label=_("What the recording says"),
        help_text=_("Leave out names and places that show who speaks; write [name] instead."),
        max_length=20000,
        widget=area(12, autocomplete="off"),
    )
