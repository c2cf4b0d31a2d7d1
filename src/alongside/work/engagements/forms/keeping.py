"""What people type to correct a promise that is frozen, or to pause an engagement."""

from collections.abc import Sequence
from typing import Any, override

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.core.grammar.course import DATES
from alongside.ground.look.forms import DayInput
from alongside.ground.look.tongues import in_readers_words
from alongside.work.engagements.forms.drafting import offer

ABOUT: tuple[tuple[str, str | Promise], ...] = (
    ("closes", _("The last day to speak")),
    ("report_back", _("The day by which people hear back")),
    ("answer_by", _("The day by which the unit answers")),
    ("title", _("What is asked, in one line")),
    ("decision", _("What is decided")),
    ("can_change", _("What can change")),
    ("cannot_change", _("What cannot change")),
    ("reading", _("Who can read")),
    ("consent", _("What the words are used for")),
)


READ = _("A person who speaks these languages wrote or checked all of this.")


class CorrectionForm(forms.Form):
    """A dated correction: of words, or of a day. The promise itself has no field here and cannot change."""

    about = forms.ChoiceField(
        label=_("What do you correct?"),
        choices=ABOUT,
    )
    day = forms.DateField(
        label=_("The new day"), widget=DayInput, required=False, help_text=_("Only when you correct a day.")
    )
    words = forms.CharField(
        label=_("The correction, and why"),
        max_length=4000,
        widget=forms.Textarea(attrs={"class": "said", "rows": 5}),
        help_text=_("It stands beside the promise for ever. What was promised stays readable."),
    )

    def __init__(self, *args: Any, community: bool, others: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = others
        for lang in others:
            box = forms.Textarea(attrs={"class": "said", "rows": 5, "dir": "auto"})
            label = say("The same in %(language)s") % {"language": in_readers_words(lang)}
            self.fields[f"words-{lang}"] = forms.CharField(label=label, max_length=4000, widget=box)
        if others:
            self.fields["checked"] = forms.BooleanField(label=READ, required=False)
        if community:
            offer(self, "about", [one for one in ABOUT if one[0] != "answer_by"])

    def said(self) -> dict[str, Any]:
        """Give what a correction says: about what, its day, its words in every language."""
        typed = {name: self.cleaned_data[name] for name in ("about", "day", "words")}
        others = {lang: self.cleaned_data[f"words-{lang}"] for lang in self.others}
        return typed | {"others": others, "checked": bool(self.cleaned_data.get("checked"))}

    @override
    def clean(self) -> dict[str, Any]:
        """Ask for the new day where a day is corrected, and for none otherwise."""
        cleaned = super().clean() or {}
        if cleaned.get("about") in DATES and not cleaned.get("day") and "day" not in self.errors:
            self.add_error("day", say("Choose the new day."))
        if cleaned.get("about") not in DATES:
            cleaned["day"] = None
        return cleaned


class PauseForm(forms.Form):
    """Why nobody can speak for a while."""

    ground = forms.CharField(
        label=_("Why is it paused?"),
        max_length=200,
        help_text=_("It goes on the public record. Name no person."),
    )
