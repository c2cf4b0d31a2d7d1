"""What the steward types inside a course: sessions, what to take along, who came."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.cohort.training.forms.steward import language_field
from alongside.ground.look.forms import DayInput
from alongside.ground.look.tongues import listed

LARGEST = 400 * 1024
KINDS = (".pdf", ".txt", ".csv", ".docx", ".odt", ".png", ".jpg")


class SessionForm(forms.Form):
    """One dated meeting of a course."""

    on = forms.DateField(label=_("On which day?"), widget=DayInput)
    starts = forms.TimeField(label=_("When does it begin?"), widget=forms.TimeInput(attrs={"type": "time"}))
    ends = forms.TimeField(label=_("When does it end?"), widget=forms.TimeInput(attrs={"type": "time"}))
    where = forms.CharField(label=_("Where, or by which link?"), max_length=200)

    def __init__(self, *args: Any, languages: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lang"] = language_field(languages)

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the beginning."""
        cleaned: dict[str, Any] = super().clean() or {}
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", say("The end lies before the beginning; write a later time."))
        return cleaned


class MaterialForm(forms.Form):
    """A link or a file to take along."""

    title = forms.CharField(label=_("What is it called?"), max_length=140)
    href = forms.URLField(label=_("A link"), required=False, assume_scheme="https", max_length=500)
    file = forms.FileField(label=_("Or a file"), required=False, help_text=_("At most 400 KB."))

    def __init__(self, *args: Any, languages: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lang"] = language_field(languages)

    def clean_href(self) -> str:
        """Refuse a link that is no web page."""
        href: str = self.cleaned_data["href"]
        if href and urlsplit(href).scheme not in {"http", "https"}:
            raise forms.ValidationError(say("Write a link that begins with https."))
        return href

    def clean_file(self) -> Any:
        """Refuse a file that is large or of a kind that a phone may not open."""
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST:
            raise forms.ValidationError(
                say("This file is larger than 400 KB; make it smaller, or give a link.")
            )
        if file and not file.name.lower().endswith(KINDS):
            raise forms.ValidationError(
                say("Use one of these kinds: %(kinds)s") % {"kinds": listed(one[1:] for one in KINDS)}
            )
        return file

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and bool(cleaned.get("href")) == bool(cleaned.get("file")):
            self.add_error("href", say("Give either a link or a file."))
        return cleaned


class AttendanceForm(forms.Form):
    """Who came to a session."""

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"] = forms.TypedMultipleChoiceField(
            label=say("Who came?"),
            choices=people,
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
