"""What a lead types to name harm in a project."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as say

from alongside.core.policy import Pack

LONGEST = 4000


class HarmForm(forms.Form):
    """Kinds of harm, whom they fall on, and the community's own words."""

    def __init__(
        self, *args: Any, pack: Pack, lang: str, findings: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["harms"] = _several(
            say("What kinds of harm do people see?"),
            [(one.id, f"{one.name.say(lang)}. {one.means.say(lang)}") for one in pack.harms],
        )
        self.fields["communities"] = _several(
            say("Whom does it fall on?"),
            [(one.id, one.name.say(lang)) for one in pack.communities],
            need=False,
        )
        self.fields["words"] = forms.CharField(
            label=say("In the community’s own words"),
            max_length=LONGEST,
            widget=forms.Textarea(attrs={"rows": 5}),
            help_text=say("Anyone can read this. Name no person, and write nothing that points at one."),
        )
        if findings:
            self.fields["findings"] = _several(say("Which findings say so?"), findings, need=False)


def _several(
    label: str, choices: Sequence[tuple[str, str]], *, need: bool = True
) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=need, widget=forms.CheckboxSelectMultiple
    )
