"""What leads type to advise on a data product."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class AdviceForm(forms.Form):
    """Advice in a few sentences, the comments and answers it cites, and its points; no draft of it is kept on the server."""

    POINTS = 8

    advice = forms.CharField(
        label=_("What do you advise, in a few sentences?"),
        max_length=8000,
        widget=forms.Textarea(attrs={"class": "said", "rows": 6}),
        help_text=_("Write for your neighbors as well as for the City."),
    )
    smaller = forms.BooleanField(
        label=_("This is what a smaller group of us advises"),
        required=False,
        help_text=_("It then stands beside the advice of the others, just as large."),
    )
    comments = forms.MultipleChoiceField(
        label=_("Which comments does it rest on?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only those whose writers agreed. Each is quoted under the number of its writer’s seat."),
    )
    answers = forms.MultipleChoiceField(
        label=_("Which answers of the City does it look at?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    driving = forms.ChoiceField(
        label=_("Which driving question of a workplan does it answer?"), required=False
    )

    def __init__(
        self,
        *args: Any,
        comments: Sequence[tuple[str, str]],
        answers: Sequence[tuple[str, str]] = (),
        driving: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["comments"].choices = comments  # type: ignore[attr-defined]  # a choice field
        self.fields["answers"].choices = answers  # type: ignore[attr-defined]  # a choice field
        self.fields["driving"].choices = [("", _("None")), *driving]  # type: ignore[attr-defined]  # a choice field
        for name, choices in (("comments", comments), ("answers", answers), ("driving", driving)):
            if not choices:
                del self.fields[name]
        for place in range(1, self.POINTS + 1):
            label = _("Point %(n)d: what should change?") % {"n": place}
            self.fields[f"title_{place}"] = forms.CharField(label=label, max_length=140, required=False)
            self.fields[f"ask_{place}"] = forms.CharField(
                label=_("Point %(n)d: in your words") % {"n": place},
                max_length=4000,
                required=False,
                widget=forms.Textarea(attrs={"class": "said", "rows": 3}),
            )

    @property
    def points(self) -> list[tuple[int, forms.BoundField, forms.BoundField]]:
        """Give each point's number and fields."""
        places = range(1, self.POINTS + 1)
        return [(place, self[f"title_{place}"], self[f"ask_{place}"]) for place in places]

    def clean(self) -> None:
        """Ask for one point at least, and for both halves of each."""
        typed = self.cleaned_data
        for place in range(1, self.POINTS + 1):
            if bool(typed.get(f"title_{place}")) != bool(typed.get(f"ask_{place}")):
                lacking = f"ask_{place}" if typed.get(f"title_{place}") else f"title_{place}"
                self.add_error(lacking, _("A point needs both: one line, and your words."))
        if not self.said() and not any(name.endswith("_1") for name in self.errors):
            self.add_error("title_1", _("Write one point at least: each gets an answer of its own."))

    def said(self) -> list[tuple[str, str]]:
        """Give the points that were written."""
        pairs = [
            (self.cleaned_data.get(f"title_{place}", ""), self.cleaned_data.get(f"ask_{place}", ""))
            for place in range(1, self.POINTS + 1)
        ]
        return [(title, ask) for title, ask in pairs if title and ask]
