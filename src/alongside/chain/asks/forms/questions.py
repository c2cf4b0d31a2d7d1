"""Many questions in one go, a follow-up, raising a question, and the reply of the office above."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

#: What fits into the one line of a question, and into its words.
LINE, WORDS = 140, 4000
MOST = 200


class ManyForm(forms.Form):
    """A list of questions to one office: one question on a line."""

    office = forms.ChoiceField(label=_("Which office should answer?"))
    title = forms.CharField(
        label=_("What are the questions about, in one line?"),
        max_length=LINE,
        help_text=_("The list is shown under this name."),
    )
    questions = forms.CharField(
        label=_("Your questions, one on each line"),
        max_length=MOST * 400,
        widget=forms.Textarea(attrs={"class": "said", "rows": 14}),
        help_text=_("You can paste them from anywhere. A number in front of a question is left out."),
    )

    def __init__(self, *args: Any, offices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = [("", _("Choose an office")), *offices]  # type: ignore[attr-defined]  # a choice field

    def clean_questions(self) -> list[tuple[str, str]]:
        """Give each question as its one line and its words. What was typed stays where something is wrong."""
        found = [one for line in self.cleaned_data["questions"].splitlines() if (one := _unnumbered(line))]
        if len(found) != len(set(found)):
            twice = next(one for one in found if found.count(one) > 1)
            raise forms.ValidationError(
                say("This question is there twice; take one out: %(words)s") % {"words": twice[:LINE]}
            )
        if not 2 <= len(found) <= MOST:  # noqa: PLR2004 -- one question alone is no list
            words = say("Write 2 to %(most)d questions; you wrote %(n)d.")
            raise forms.ValidationError(words % {"most": MOST, "n": len(found)})
        long = [one for one in found if len(one) > WORDS]
        if long:
            words = ngettext(
                "%(n)d question is longer than %(most)d letters. Make it shorter, or make two of it.",
                "%(n)d questions are longer than %(most)d letters. Make them shorter, or make two of each.",
                len(long),
            )
            raise forms.ValidationError(words % {"n": len(long), "most": WORDS})
        return [(shortened(one), one) for one in found]


def _unnumbered(line: str) -> str:
    """Take a number, a letter or a dash off the front of a pasted line."""
    words = " ".join(line.split())
    head, _space, rest = words.partition(" ")
    is_number = head.rstrip(".):").isdigit() and head[-1:] in ".):"
    return rest if rest and (is_number or head in {"-", "–", "•", "*"}) else words


def shortened(words: str) -> str:
    """Make one line of a question: the whole of it where it fits, else its beginning."""
    if len(words) <= LINE:
        return words
    return words[: LINE - 1].rsplit(" ", 1)[0].rstrip(",;: ") + "…"


class FollowUpForm(forms.Form):
    """A question that follows up on an answer; it goes to the same office."""

    title = forms.CharField(label=_("In one line"), max_length=LINE, help_text=_("What is still missing."))
    ask = forms.CharField(
        label=_("In your words"),
        max_length=WORDS,
        widget=forms.Textarea(attrs={"class": "said", "rows": 6}),
        help_text=_("Say what the answer left out. You can follow up once on each question."),
    )


class RaiseForm(forms.Form):
    """Why a question is raised to the office above."""

    words = forms.CharField(
        label=_("Why does the office above need to see this?"),
        max_length=WORDS,
        widget=forms.Textarea(attrs={"class": "said", "rows": 5}),
    )


class ReplyAboveForm(forms.Form):
    """What the office above says to a question that was raised to it."""

    decision = forms.ChoiceField(
        label=_("Your reply"),
        choices=[("told", _("We tell it: here is the answer")), ("stands", _("It stands as it is, and why"))],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In words your neighbor would use"),
        max_length=WORDS,
        widget=forms.Textarea(attrs={"class": "said", "rows": 6}),
    )


class StateForm(forms.Form):
    """Narrow the list of questions; nothing is required."""

    STATES = (
        ("", _("All")),
        ("waiting", _("Not answered yet")),
        ("late", _("Late")),
        ("told", _("Told, all or in part")),
        ("refused", _("Refused")),
        ("raised", _("Raised to the office above")),
    )
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    state = forms.ChoiceField(label=_("Where it stands"), required=False, choices=STATES)
    list = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0)
    page = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", _("All")), *units]  # type: ignore[attr-defined]  # a choice field

    def wanted(self) -> dict[str, Any]:
        """Give what was chosen; what does not fit is left out."""
        if not self.is_bound:
            return {}
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
