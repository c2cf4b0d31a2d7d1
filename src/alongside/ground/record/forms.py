"""The filter over the record, and the reasons for which something is taken down or goes on."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alongside.ground.programs.models import Program
from alongside.ground.record import take_down_codes
from alongside.ground.record.labels import KINDS, PENS
from alongside.ground.ui.forms import NarrowForm


class FilterForm(NarrowForm):
    """Narrow the record by pen, kind and day; nothing is required."""

    pen = forms.ChoiceField(label=_("Written by"), required=False, choices=[("", _("All")), *PENS.items()])
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *KINDS.items()])
    since = forms.DateField(label=_("Since"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    before = forms.IntegerField(
        label=_("Before entry"), required=False, widget=forms.HiddenInput, min_value=0
    )

    def problems(self) -> str:
        """Say what does not fit, a line each, in the words that stand at the fields of the page."""
        named = [(self[name].label, words) for name, all_words in self.errors.items() for words in all_words]
        return "".join(f"{label}: {words}\n" for label, words in named)


LONGEST_GROUND = 300


class GroundForm(forms.Form):
    """The law or order for which something is taken down."""

    ground = forms.CharField(
        label=_("The law or order"),
        help_text=_("It goes on the public log. Name no person."),
        max_length=LONGEST_GROUND,
    )


class ResumeForm(forms.Form):
    """Why a record goes on without entries that were signed and are lost."""

    reason = forms.CharField(
        label=_("Why is it lost, and where did you look for a copy?"),
        help_text=_("It goes on the public log. Name no person."),
        max_length=LONGEST_GROUND,
    )


class FaultForm(forms.Form):
    """How the clock came to be wrong."""

    reason = forms.CharField(
        label=_("How did the clock come to be wrong?"),
        help_text=_("It goes on the public log. Name no person."),
        max_length=LONGEST_GROUND,
    )


class DistrustForm(forms.Form):
    """The new key of the log, as the machine that signs made it, and why the old one is not trusted."""

    key = forms.CharField(
        label=_("The new key"),
        help_text=_("Whoever runs the site makes it, and gives you this line."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}),
        max_length=1_000,
    )
    reason = forms.CharField(
        label=_("What happened?"),
        help_text=_("It goes on the public log. Name no person."),
        max_length=LONGEST_GROUND,
    )

    def __init__(self, *args: Any, program: Program, **kwargs: Any) -> None:
        """Take the key of one program."""
        super().__init__(*args, **kwargs)
        self._program = program

    def clean_key(self) -> str:
        """Read the key; refuse what no machine of this site made for this log."""
        return take_down_codes.new_key(self._program, self.cleaned_data["key"].strip())
