"""The check of a lesson, and what the owner of a completed track may ask for."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _


class CheckForm(forms.Form):
    """The questions of a lesson, one choice each."""

    def __init__(self, *args: Any, questions: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, question in enumerate(questions):
            self.fields[f"q{place}"] = forms.TypedChoiceField(
                label=question["ask"],
                choices=list(enumerate(question["choices"])),
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": say("Choose an answer: %(ask)s") % {"ask": question["ask"]}},
            )

    @property
    def answers(self) -> list[int]:
        """Give what was chosen, in the order of the questions."""
        return [self.cleaned_data[name] for name in self.fields]

    def tell(self, right: Sequence[bool]) -> None:
        """Say which answers are not right yet."""
        for name, is_right in zip(list(self.fields), right, strict=True):
            if not is_right:
                label = self.fields[name].label
                self.add_error(name, say("Not yet. Look once more at the text: %(ask)s") % {"ask": label})


class LetterWish(forms.Form):
    """What the letter should speak of."""

    wish = forms.CharField(
        label=_("What should the letter speak of?"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example a job you apply for. Only the steward reads this."),
    )


class CredentialForm(forms.Form):
    """Whether the credential can be matched with an email address."""

    with_mail = forms.BooleanField(
        label=_("Add a scrambled form of my email address"),
        required=False,
        help_text=_(
            "Some wallets ask for it. Who knows your address can then check that the file is yours, and who guesses it can too."
        ),
    )
