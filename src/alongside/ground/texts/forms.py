"""A translation of a text, a recording of one, and agreeing that a text is taken down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from alongside.ground.gate.limits import LARGEST_FILE, MEGABYTE
from alongside.ground.record.forms import GroundForm
from alongside.ground.record.labels import text_called
from alongside.ground.ui.forms import Choices, offer

MOST = 12_000  # letters; of a longer text twice as many as it has
MADE_BY = (("person", _("A person")), ("machine", _("A machine, or a person from a machine's draft")))


class AgreeForm(GroundForm):
    """Which text of an entry is taken down, and for which law or order."""

    name = forms.ChoiceField(label=_("Which text?"), widget=Choices)
    field_order = ("name", "ground")

    def __init__(self, *args: Any, names: Sequence[str], kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "name", [(one, text_called(one, kind)) for one in names])


@dataclass(frozen=True)
class Piece:
    """A text to translate: its name in the form, what it is called, and its words as first written."""

    name: str
    label: str
    words: str


class TranslationForm(forms.Form):
    """A field for each piece, in another language; who made it, and whether a person read both."""

    made_by = forms.ChoiceField(
        label=_("Who translated it?"), choices=MADE_BY, widget=Choices, initial="person"
    )
    is_reviewed = forms.BooleanField(
        label=_("A person who speaks both languages read it beside the original: it says the same."),
        required=False,
    )

    def __init__(self, *args: Any, pieces: Sequence[Piece], given: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pieces = pieces
        for one in pieces:
            rows = min(16, 2 + one.words.count("\n") + len(one.words) // 60)
            self.fields[f"words-{one.name}"] = forms.CharField(
                label=one.label,
                max_length=max(MOST, 2 * len(one.words)),
                initial=given.get(one.name, ""),
                widget=forms.Textarea(attrs={"rows": rows, "dir": "auto", "class": "said"}),
            )

    @property
    def pairs(self) -> list[tuple[Piece, forms.BoundField]]:
        """Give each piece with its field."""
        return [(one, self[f"words-{one.name}"]) for one in self.pieces]

    def words(self) -> dict[str, str]:
        """Give what was typed, by the name of the piece."""
        return {one.name: str(self.cleaned_data[f"words-{one.name}"]) for one in self.pieces}


class SoundForm(forms.Form):
    """A recording of words of the log."""

    sound = forms.FileField(
        label=_("Your recording"),
        help_text=format_lazy(
            _("Up to {most} MB: MP3, M4A, WAV or OGG. Titles, places and times are taken out of the file."),
            most=LARGEST_FILE // MEGABYTE,
        ),
        widget=forms.FileInput(attrs={"accept": "audio/*,.m4a,.ogg"}),
    )
    agreed = forms.BooleanField(
        label=_(
            "It is my own voice, and it says these words. I know that everyone can hear it, may recognize me, and may keep it."
        )
    )
