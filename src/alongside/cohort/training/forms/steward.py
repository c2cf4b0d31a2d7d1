"""What the steward types: tracks, courses, lessons with their check, letters."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

QUESTIONS, FEWEST_CHOICES = 5, 2
LINES = 4


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def language_field(languages: Sequence[tuple[str, str]], lang: str = "") -> forms.ChoiceField:
    """Ask for one of the program's languages."""
    return forms.ChoiceField(label=say("In which language?"), choices=languages, initial=lang or None)


class TrackForm(forms.Form):
    """What a track is called, and whose it is."""

    title = forms.CharField(label=_("What is the track called?"), max_length=140)
    audience = forms.ChoiceField(
        label=_("Who takes it?"),
        choices=[("leads", _("Community leads")), ("staff", _("City staff")), ("both", _("Both"))],
        widget=forms.RadioSelect,
    )


class TrackNameForm(forms.Form):
    """What a track is called in one language."""

    title = forms.CharField(label=_("What is the track called?"), max_length=140)

    def __init__(self, *args: Any, languages: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lang"] = language_field(languages)


class CourseForm(forms.Form):
    """What a course is called and about, in one language."""

    title = forms.CharField(label=_("What is the course called?"), max_length=140)
    about = forms.CharField(
        label=_("What does one learn, in a sentence or two?"), max_length=600, widget=_area(3)
    )
    sessions_needed = forms.IntegerField(
        label=_("How many of its sessions must one attend?"),
        min_value=0,
        max_value=50,
        initial=0,
        help_text=_("0 where lessons are enough."),
    )

    def __init__(self, *args: Any, languages: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lang"] = language_field(languages)


class ShippedForm(forms.Form):
    """One of the courses that ship with the house."""

    def __init__(self, *args: Any, courses: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.ChoiceField(label=say("Which course?"), choices=courses)


class LessonForm(forms.Form):
    """A lesson in one language, with up to five questions; a star stands before the right choice."""

    title = forms.CharField(label=_("What is the lesson called?"), max_length=140)
    body = forms.CharField(
        label=_("What does it say?"),
        max_length=8000,
        widget=_area(14),
        help_text=_(
            "150 to 300 words. An empty line parts paragraphs; lines that begin with “- ” make a list."
        ),
    )

    def __init__(self, *args: Any, languages: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lang"] = language_field(languages)
        for place in range(QUESTIONS):
            number = {"number": place + 1}
            self.fields[f"ask{place}"] = forms.CharField(
                label=say("Question %(number)s") % number, max_length=200, required=False
            )
            self.fields[f"choices{place}"] = forms.CharField(
                label=say("Choices of question %(number)s") % number,
                max_length=800,
                required=False,
                widget=_area(LINES),
                help_text=say("One a line; put * before the right one."),
            )

    def clean(self) -> dict[str, Any]:
        """Read the questions, and refuse one without choices or without exactly one right choice."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["questions"], cleaned["right"] = [], []
        for place in range(QUESTIONS):
            ask, typed = cleaned.get(f"ask{place}", ""), cleaned.get(f"choices{place}", "")
            lines = [line.strip() for line in typed.splitlines() if line.strip()]
            if not ask and not lines:
                continue
            starred = [number for number, line in enumerate(lines) if line.startswith("*")]
            if not ask:
                self.add_error(f"ask{place}", say("Write the question that these choices answer."))
            if len(lines) < FEWEST_CHOICES or len(starred) != 1:
                self.add_error(
                    f"choices{place}", say("Write at least two choices, and a * before the one right one.")
                )
                continue
            cleaned["questions"].append(
                {"ask": ask, "choices": [line.removeprefix("*").strip() for line in lines]}
            )
            cleaned["right"].append(starred[0])
        return cleaned

    def fits(self, right: Sequence[int], original: str) -> bool:
        """Say whether a translation has the check of the original; the original may change it."""
        if self.cleaned_data["lang"] == original or self.cleaned_data["right"] == list(right):
            return True
        self.add_error(
            "lang", say("A translation has the same questions as the original, with the same right choices.")
        )
        return False


def typed_lesson(
    title: str, body: str, questions: Sequence[dict[str, Any]], right: Sequence[int]
) -> dict[str, str]:
    """Give a lesson as its form would have it typed."""
    typed = {"title": title, "body": body}
    for place, (question, answer) in enumerate(zip(questions, right, strict=True)):
        typed[f"ask{place}"] = question["ask"]
        typed[f"choices{place}"] = "\n".join(
            ("* " if number == answer else "") + choice for number, choice in enumerate(question["choices"])
        )
    return typed


class LetterForm(forms.Form):
    """The letter, in the steward's words."""

    words = forms.CharField(
        label=_("The letter"),
        max_length=6000,
        widget=_area(12),
        help_text=_("What the person learned and did here. An empty line parts paragraphs."),
    )
