"""What leads type: a comment on a place, a reply, and answers to the headings of a guide."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.core.anchors import NoSuchPlace, anchor_cells, anchor_words
from alongside.core.words import has_words
from alongside.work.consultations.queries.guides import Guide
from alongside.work.consultations.queries.showing import Sheet
from alongside.work.consultations.queries.wording import REGIONS

LONGEST = 4000
PROBLEMS: dict[str, str | Promise] = {
    "words": _("These words are not in this version. Copy a sentence or two, as they are."),
    "row": _("This version has no such row; choose one that it has."),
    "column": _("This version has no such column; choose one that it has."),
}
FIELDS = {
    "text": ("quote", "near"),
    "table": ("row", "column"),
    "pdf": ("page", "region"),
    "picture": ("region",),
    "link": ("where",),
}


class SayForm(forms.Form):
    """A few sentences of a lead, and whether advice may quote them."""

    words = forms.CharField(
        label=_("What do you want to say?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"class": "said", "rows": 4}),
    )
    may_quote = forms.BooleanField(
        label=_("Advice may quote these words in public, under the number of my seat"), required=False
    )


class CommentForm(SayForm):
    """A comment on a place in a version; with no place named, on the whole of it."""

    quote = forms.CharField(
        label=_("Which words do you mean?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Copy them from the text. Leave it empty to speak of the whole."),
    )
    near = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    row = forms.IntegerField(
        label=_("Which row?"), required=False, min_value=1, help_text=_("The number at its start.")
    )
    column = forms.TypedChoiceField(label=_("Which column?"), required=False, coerce=int, empty_value=None)
    page = forms.IntegerField(label=_("On which page?"), required=False, min_value=1, max_value=500)
    region = forms.ChoiceField(label=_("Where on the page?"), required=False)
    where = forms.CharField(label=_("Which part of it?"), max_length=200, required=False)
    field_order = ("quote", "near", "row", "column", "page", "region", "where", "words", "may_quote")

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet, self.anchor = sheet, {}
        for name in {one for many in FIELDS.values() for one in many} - set(FIELDS[sheet.shown]):
            del self.fields[name]
        whole = [("", say("The whole of it"))]
        if "column" in self.fields:
            named = [(str(place), f"{place}. {name}") for place, name in sheet.columns]
            self.fields["column"].choices = whole + named  # type: ignore[attr-defined]  # a choice field
        if "region" in self.fields:
            if sheet.shown == "picture":
                self.fields["region"].label = say("Where in the picture?")
            self.fields["region"].choices = whole + [(one, REGIONS[one]) for one in REGIONS]  # type: ignore[attr-defined]  # a choice field

    anchor: dict[str, Any]

    def clean(self) -> None:
        """Make the anchor of the place that was named."""
        typed = self.cleaned_data
        try:
            self.anchor = self._anchor(typed)
        except NoSuchPlace as error:
            self.add_error({"words": "quote"}.get(error.part, error.part), str(PROBLEMS[error.part]))

    def _anchor(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        if typed.get("quote"):
            return anchor_words(self.sheet.text, typed["quote"], near=typed.get("near") or 0)
        if typed.get("row") or typed.get("column"):
            return anchor_cells(self.sheet.head, self.sheet.rows, typed.get("row"), typed.get("column"))
        if typed.get("page") or typed.get("region"):
            return {"kind": "page", "page": typed.get("page"), "region": typed.get("region") or ""}
        return {"kind": "where", "where": typed["where"]} if typed.get("where") else {}


class GuideForm(forms.Form):
    """The headings of a guide, each with room for an answer; any may stay empty."""

    def __init__(self, *args: Any, guide: Guide, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in guide.headings:
            self.fields[one.id] = forms.CharField(
                label=str(one.name),
                help_text=str(one.asks),
                max_length=LONGEST,
                required=False,
                widget=forms.Textarea(attrs={"class": "said", "rows": 3}),
            )
        self.fields["may_quote"] = forms.BooleanField(
            label=SayForm.base_fields["may_quote"].label, required=False
        )

    def clean(self) -> None:
        """Ask for at least one answer."""
        if not self.said() and not self.errors:
            self.add_error(next(iter(self.fields)), say("Write under one heading at least."))

    def said(self) -> dict[str, str]:
        """Give what was written, by heading."""
        return {
            name: words
            for name, words in self.cleaned_data.items()
            if name != "may_quote" and has_words(words)
        }
