"""What someone writes to ask, and what a unit writes before it answers."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from alongside.ground.look.days import day_in_words
from alongside.ground.look.forms import DayInput
from alongside.ground.record.queries import Told


class AskForm(forms.Form):
    """An ask in a title and a few sentences, to one office."""

    office = forms.ChoiceField(label=_("Which office should answer?"))
    title = forms.CharField(
        label=_("In one line"),
        max_length=140,
        help_text=_("What should be done. Start with a verb."),
    )
    ask = forms.CharField(
        label=_("In your words"),
        max_length=4000,
        widget=forms.Textarea(attrs={"class": "said", "rows": 6}),
        help_text=_("Say it so that someone can check later whether it happened."),
    )
    driving = forms.ChoiceField(
        label=_("Which driving question of a workplan does it answer?"),
        required=False,
        help_text=_("It then stands beside the question on the workplan’s page."),
    )

    def __init__(
        self,
        *args: Any,
        offices: Sequence[tuple[str, str]],
        driving: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = [("", _("Choose an office")), *offices]  # type: ignore[attr-defined]  # a choice field
        self.fields["driving"].choices = [("", _("None")), *driving]  # type: ignore[attr-defined]  # a choice field
        if not driving:
            del self.fields["driving"]

    @property
    def driven(self) -> tuple[int, str] | None:
        """Give the driving question that was chosen: the entry of its workplan's version, and its id."""
        return driven_by(self.cleaned_data)


def driven_by(typed: Mapping[str, Any]) -> tuple[int, str] | None:
    """Read which driving question was chosen in a form: the entry of its workplan's version, and its id."""
    entry, _colon, question = typed.get("driving", "").partition(":")
    return (int(entry), question) if question else None


class QuestionForm(AskForm):
    """A question to an office: something that it must tell."""

    field_order = ("office", "title", "ask")
    title = forms.CharField(
        label=_("In one line"), max_length=140, help_text=_("What you want to know, as a question.")
    )
    ask = forms.CharField(
        label=_("In your words"),
        max_length=4000,
        widget=forms.Textarea(attrs={"class": "said", "rows": 6}),
        help_text=_("Say what the answer must tell, so that anyone can see whether it does."),
    )


class RecommendForm(AskForm):
    """A recommendation rests on findings."""

    findings = forms.MultipleChoiceField(
        label=_("Which findings does it rest on?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one finding that this rests on.")},
    )
    field_order = ("findings", "office", "title", "ask")

    def __init__(self, *args: Any, findings: Sequence[Told], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.index), Truncator(one.say("statement")).chars(160)) for one in findings]
        self.fields["findings"].choices = choices  # type: ignore[attr-defined]  # a choice field


class WordsForm(forms.Form):
    """A few sentences."""

    words = forms.CharField(
        label=_("Your words"), max_length=4000, widget=forms.Textarea(attrs={"class": "said", "rows": 5})
    )


class MoreTimeForm(WordsForm):
    """More time, with a reason and a new day."""

    until = forms.DateField(label=_("You will answer by"), widget=DayInput)
    field_order = ("until", "words")

    def __init__(self, *args: Any, due: date, latest: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.due, self.latest, self.today = due, latest, today

    def clean_until(self) -> date:
        """Ask for a day to come, after the one that stands, and not so far off that the clock ends with it."""
        until: date = self.cleaned_data["until"]
        if until <= self.due:
            words = _("Choose a day after %(day)s: that is the day by which you answer now.")
            raise forms.ValidationError(words % {"day": day_in_words(self.due)})
        if until <= self.today:
            raise forms.ValidationError(_("Choose a day after today."))
        if until > self.latest:
            words = _("Look at the year: choose a day no later than %(day)s.")
            raise forms.ValidationError(words % {"day": day_in_words(self.latest)})
        return until


class TransferForm(WordsForm):
    """The office that can answer, with a reason."""

    office = forms.ChoiceField(label=_("Which office can answer?"))
    field_order = ("office", "words")

    def __init__(self, *args: Any, offices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = [("", _("Choose an office")), *offices]  # type: ignore[attr-defined]  # a choice field
