"""What applicants declare: what could pull them two ways, and, where the pack demands it, what they are counted by."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.cohort.calls.forms.applying import LONGEST, LaterChoice, area
from alongside.core.policy.calls import Demographic

YES, NO = "yes", "no"
NOT_SAID = "rather-not-say"
NOT_SAID_WORDS = _("I would rather not say")


def _yes_no(label: Any) -> LaterChoice:
    return LaterChoice(label=label, widget=forms.RadioSelect, choices=[(YES, _("Yes")), (NO, _("No"))])


class ConflictsForm(forms.Form):
    """What could pull the applicant two ways. A yes shuts nobody out."""

    works_for_government = _yes_no("")
    earns_from_it = _yes_no("")
    close_to_staff = _yes_no(_("Are you family, or close, to someone who works in this program?"))
    organizations = forms.CharField(
        label=_("Which organizations do you work or volunteer with?"),
        help_text=_("One on each line. A reader from the same one will not read your application."),
        max_length=LONGEST,
        required=False,
        widget=area(3),
    )
    words = forms.CharField(
        label=_("Anything else we should know about this?"),
        max_length=LONGEST,
        required=False,
        widget=area(3),
    )

    def __init__(self, *args: Any, government: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = {"government": government}
        self.fields["works_for_government"].label = say("Do you work for %(government)s?") % named
        self.fields["earns_from_it"].label = (
            say(
                "Do you, or does someone you live with, earn money from a contract or grant of %(government)s?"
            )
            % named
        )

    def values(self) -> dict[str, Any]:
        """Give the columns of models.ConflictForm."""
        said = {YES: True, NO: False}
        names = ("works_for_government", "earns_from_it", "close_to_staff")
        lines = [one.strip() for one in self.cleaned_data["organizations"].splitlines()]
        return {
            **{name: said.get(self.cleaned_data[name]) for name in names},
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
