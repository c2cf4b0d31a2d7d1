"""What people type for a meeting, its minutes and a position beside them."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any, override
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.cohort.seats.forms import Pairs
from alongside.core.policy.pack import Pack
from alongside.ground.ui.context import language
from alongside.ground.ui.forms import DayInput, SharedForm, area, long_text


class MeetingForm(SharedForm):
    """A meeting with its day, hours and place. Title and agenda are public."""

    title = forms.CharField(label=_("What is it called?"), max_length=140)
    agenda = long_text(_("Agenda"), 5, _("Public. One point a line."))
    on = forms.DateField(label=_("Day"), widget=DayInput)
    begins = forms.TimeField(label=_("Begins at"), widget=forms.TimeInput(attrs={"type": "time"}))
    ends = forms.TimeField(label=_("Ends at"), widget=forms.TimeInput(attrs={"type": "time"}))
    place = forms.CharField(
        label=_("Place"),
        max_length=200,
        required=False,
        help_text=_("On the meeting’s page and in calendars, never on the public log."),
    )

    def __init__(self, *args: Any, pack: Pack, moving: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(pack.time_zone)
        if moving:
            del self.fields["title"], self.fields["agenda"]

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse an end before the beginning; give both as UTC. Of a meeting that is cancelled, neither is asked."""
        cleaned = super().clean() or {}
        if "cancel" in self.data:
            return cleaned
        begins, ends = cleaned.get("begins"), cleaned.get("ends")
        if begins and ends and ends <= begins:
            self.add_error("ends", say("The end is before the beginning; choose a later hour."))
        if begins and ends and cleaned.get("on"):
            try:
                cleaned["starts_at"], cleaned["ends_at"] = self._utc(begins), self._utc(ends)
            except OverflowError:  # the last evening of the calendar
                self.add_error("on", say("This day lies too far ahead; name a nearer day."))
        return cleaned

    def _utc(self, hour: time) -> datetime:
        return datetime.combine(self.cleaned_data["on"], hour, self.zone).astimezone(UTC)


def paragraphs(words: str) -> list[str]:
    """Split what someone wrote at its empty lines."""
    parts = words.replace("\r\n", "\n").split("\n\n")
    return [part.strip() for part in parts if part.strip()]


class MinutesForm(SharedForm):
    """What was said and decided, and how many came. Names only where a rule demands them."""

    minutes = forms.CharField(
        label=_("What was said"),
        max_length=20000,
        widget=area(10),
        help_text=_("It becomes public. Name no one who has not agreed."),
    )
    decisions = long_text(
        _("What was decided"), 5, _("Leave an empty line between two decisions."), required=False
    )
    minority = long_text(
        _("Minority positions"),
        5,
        _("They stand beside the decisions. Leave an empty line between two."),
        required=False,
    )
    people = forms.IntegerField(
        label=_("How many people came?"),
        min_value=0,
        max_value=100_000,
        help_text=_(
            "The public log says only a range. The exact number is forgotten when the minutes are public."
        ),
    )

    def __init__(
        self, *args: Any, could_come: Pairs, rule: str, languages: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.languages = languages
        if len(languages) > 1:
            named = [(one, language(one).name) for one in languages]
            self.fields["lang"] = forms.ChoiceField(
                label=say("In which language are these words?"), choices=named, initial=languages[0]
            )
        if could_come:
            self.fields["came"] = forms.MultipleChoiceField(
                label=say("Which leads came?"),
                choices=could_come,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=rule,
            )

    @override
    def clean(self) -> dict[str, Any]:
        """Give decisions and minority positions as lists."""
        cleaned = super().clean() or {}
        for name in ("decisions", "minority"):
            cleaned[name] = paragraphs(str(cleaned.get(name) or ""))
        return cleaned


class DissentForm(forms.Form):
    """What a lead says beside minutes that are public."""

    words = long_text(_("What you say"), 6, _("It becomes public, with the id of your place."))
