"""What a learner answers, and what the steward writes."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.ground.gate.limits import KILOBYTE, LARGEST_HANDOUT
from alongside.ground.ui.forms import DayInput, area
from alongside.ground.ui.languages import listed


class CheckForm(forms.Form):
    """The questions of a lesson, one choice each."""

    def __init__(self, *args: Any, questions: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, question in enumerate(questions):
            self.fields[f"q{place}"] = forms.TypedChoiceField(
                label=question["ask"],
                choices=list(enumerate(question["choices"])),
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": say("Choose an answer: %(ask)s") % {"ask": question["ask"]}},
            )

    @property
    def answers(self) -> list[int]:
        """Give what was chosen, in the order of the questions."""
        return [self.cleaned_data[name] for name in self.fields]

    def tell(self, right: Sequence[bool]) -> None:
        """Say which answers are not right yet."""
        for name, is_right in zip(list(self.fields), right, strict=True):
            if not is_right:
                label = self.fields[name].label
                self.add_error(name, say("Not yet. Look once more at the text: %(ask)s") % {"ask": label})


class LetterWish(forms.Form):
    """What the letter should speak of."""

    wish = forms.CharField(
        label=_("What should the letter speak of?"),
        max_length=400,
        required=False,
        widget=area(3),
        help_text=_("For example a job you apply for. Only the program coordinator reads this."),
    )


class CredentialForm(forms.Form):
    """Whether the credential can be matched with an email address."""

    with_mail = forms.BooleanField(
        label=_("Add a scrambled form of my email address"),
        required=False,
        help_text=_(
            "Some wallets ask for it. Who knows your address can then check that the file is yours, and who guesses it can too."
        ),
    )


QUESTIONS, FEWEST_CHOICES = 5, 2
LINES = 4


class InALanguage(forms.Form):
    """Something in one of the program's languages."""

    def __init__(self, *args: Any, languages: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lang"] = forms.ChoiceField(label=say("In which language?"), choices=languages)


class TrackForm(forms.Form):
    """What a track is called, and whose it is."""

    title = forms.CharField(label=_("What is the track called?"), max_length=140)
    audience = forms.ChoiceField(
        label=_("Who takes it?"),
        choices=[("leads", _("Community leads")), ("staff", _("City staff")), ("both", _("Both"))],
        widget=forms.RadioSelect,
    )


class TrackNameForm(InALanguage):
    """What a track is called in one language."""

    title = forms.CharField(label=_("What is the track called?"), max_length=140)


class CourseForm(InALanguage):
    """What a course is called and about, in one language."""

    title = forms.CharField(label=_("What is the course called?"), max_length=140)
    about = forms.CharField(
        label=_("What does one learn, in a sentence or two?"), max_length=600, widget=area(3)
    )
    sessions_needed = forms.IntegerField(
        label=_("How many of its sessions must one attend?"),
        min_value=0,
        max_value=50,
        initial=0,
        help_text=_("0 where lessons are enough."),
    )


class ShippedForm(forms.Form):
    """One of the courses that ship with the house."""

    def __init__(self, *args: Any, courses: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.ChoiceField(label=say("Which course?"), choices=courses)


class LessonForm(InALanguage):
    """A lesson in one language, with up to five questions; a star stands before the right choice."""

    title = forms.CharField(label=_("What is the lesson called?"), max_length=140)
    body = forms.CharField(
        label=_("What does it say?"),
        max_length=8000,
        widget=area(14),
        help_text=_(
            "150 to 300 words. An empty line parts paragraphs; lines that begin with “- ” make a list."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in range(QUESTIONS):
            number = {"number": place + 1}
            self.fields[f"ask{place}"] = forms.CharField(
                label=say("Question %(number)s") % number, max_length=200, required=False
            )
            self.fields[f"choices{place}"] = forms.CharField(
                label=say("Choices of question %(number)s") % number,
                max_length=800,
                required=False,
                widget=area(LINES),
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

    @property
    def said(self) -> dict[str, Any]:
        """Give what was typed as a lesson keeps it: {title, body, questions}."""
        return {name: self.cleaned_data[name] for name in ("title", "body", "questions")}

    def fits(self, right: Sequence[int], original: str) -> bool:
        """Say whether a translation has the check of the original; the original may change it."""
        if self.cleaned_data["lang"] == original or self.cleaned_data["right"] == list(right):
            return True
        self.add_error(
            "lang", say("A translation has the same questions as the original, with the same right choices.")
        )
        return False


def typed_lesson(said: Mapping[str, Any], right: Sequence[int]) -> dict[str, str]:
    """Give a lesson as its form would have it typed."""
    typed = {"title": said["title"], "body": said["body"]}
    for place, (question, answer) in enumerate(zip(said["questions"], right, strict=True)):
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
        widget=area(12),
        help_text=_("What the person learned and did here. An empty line parts paragraphs."),
    )


KINDS = (".pdf", ".txt", ".csv", ".docx", ".odt", ".png", ".jpg")


class SessionForm(InALanguage):
    """One dated meeting of a course."""

    on = forms.DateField(label=_("On which day?"), widget=DayInput)
    starts = forms.TimeField(label=_("When does it begin?"), widget=forms.TimeInput(attrs={"type": "time"}))
    ends = forms.TimeField(label=_("When does it end?"), widget=forms.TimeInput(attrs={"type": "time"}))
    where = forms.CharField(label=_("Where, or by which link?"), max_length=200)

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the beginning."""
        cleaned: dict[str, Any] = super().clean() or {}
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", say("The end lies before the beginning; write a later time."))
        return cleaned


class MaterialForm(InALanguage):
    """A link or a file to take along."""

    title = forms.CharField(label=_("What is it called?"), max_length=140)
    href = forms.URLField(label=_("A link"), required=False, assume_scheme="https", max_length=500)
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        help_text=format_lazy(_("At most {most} KB."), most=LARGEST_HANDOUT // KILOBYTE),
    )

    def clean_href(self) -> str:
        """Refuse a link that is no web page."""
        href: str = self.cleaned_data["href"]
        if href and urlsplit(href).scheme not in {"http", "https"}:
            raise forms.ValidationError(say("Write a link that begins with https."))
        return href

    def clean_file(self) -> Any:
        """Refuse a file that is large or of a kind that a phone may not open."""
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST_HANDOUT:
            raise forms.ValidationError(
                say("This file is larger than %(most)s KB; make it smaller, or give a link.")
                % {"most": LARGEST_HANDOUT // KILOBYTE}
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
