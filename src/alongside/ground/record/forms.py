"""The filter over the record, and the reasons for which something is taken down or goes on."""

from django import forms
from django.utils.translation import gettext_lazy as _

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
