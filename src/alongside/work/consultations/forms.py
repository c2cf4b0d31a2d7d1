"""What staff type for a brief and its material, and what leads type of it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.core.anchors import anchor_cells, anchor_words
from alongside.core.entries import unit_of
from alongside.core.materials import Paper, taken_in
from alongside.core.policy.purpose import Product
from alongside.core.refusals import UnusableInputError
from alongside.core.registers.cells import holds_people
from alongside.core.tables import DELIMITERS, looks_like_a_table, read_table
from alongside.core.words import has_words
from alongside.ground.gate.limits import LARGEST_FILE, MEGABYTE
from alongside.ground.ui.forms import DayInput, ahead, area, offer, said
from alongside.work.consultations import queries

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
        widget=said(4),
    )
    may_quote = forms.BooleanField(
        label=_("Advice may quote these words in public, under the number of my place"), required=False
    )


class CommentForm(SayForm):
    """A comment on a place in a version; with no place named, on the whole of it."""

    quote = forms.CharField(
        label=_("Which words do you mean?"),
        max_length=2000,
        required=False,
        widget=area(2),
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

    def __init__(self, *args: Any, sheet: queries.Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet, self.anchor = sheet, {}
        for name in {one for many in FIELDS.values() for one in many} - set(FIELDS[sheet.shown]):
            del self.fields[name]
        whole = [("", say("The whole of it"))]
        if "column" in self.fields:
            named = [(str(place), f"{place}. {name}") for place, name in sheet.columns]
            offer(self, "column", whole + named)
        if "region" in self.fields:
            if sheet.shown == "picture":
                self.fields["region"].label = say("Where in the picture?")
            offer(self, "region", whole + [(one, queries.REGIONS[one]) for one in queries.REGIONS])

    anchor: dict[str, Any]

    def clean(self) -> None:
        """Make the anchor of the place that was named."""
        typed = self.cleaned_data
        try:
            self.anchor = self._anchor(typed)
        except UnusableInputError as error:
            self.add_error({"words": "quote"}.get(error.why, error.why), str(PROBLEMS[error.why]))

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

    def __init__(self, *args: Any, product: Product, lang: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in product.headings:
            self.fields[one.id] = forms.CharField(
                label=one.name.say(lang),
                help_text=one.asks.say(lang),
                max_length=LONGEST,
                required=False,
                widget=said(3),
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


MOST_TEXT = 200_000
SHOWN_ROWS, MOST_SAMPLES = 5, 2000
type Pairs = Sequence[tuple[str, str]]

REFUSED: dict[str, str | Promise] = {
    "nothing": _("The file is empty; choose another."),
    "office": _("Office files keep names and old wordings that we cannot take out. Save it as PDF or CSV."),
    "locked": _("This PDF is locked. Save it without a password, then send it."),
    "pages": _("This PDF has more than 500 pages. Send the part that leads should review."),
    "broken": _("This PDF is cut off or broken. Save it again, then send it."),
    "picture": _("This picture is cut off. Save it again, then send it."),
    "text": _("This file is not of a kind that can be shown here. Send a PDF, PNG, JPEG, CSV or text file."),
    "quotes": _("The quotes in this table do not match. Save it as CSV again, then send it."),
    "empty": _("The table is empty. The first row names the columns."),
    "columns": _("The table has more than 500 columns. Send the part that leads should review."),
}


class BriefForm(forms.Form):
    """What leads are asked to review, for which decision, by when, what can change, and who answers."""

    title = forms.CharField(label=_("What is this consultation called?"), max_length=140)
    of = forms.ChoiceField(label=_("What is reviewed?"))
    project = forms.ChoiceField(label=_("Which project does it belong to?"))
    what = forms.CharField(
        label=_("What should the leads look at?"),
        max_length=LONGEST,
        widget=area(4),
        help_text=_("Say what it is, whom it touches, and what you want to know."),
    )
    decision = forms.CharField(
        label=_("Which decision will their advice feed?"), max_length=LONGEST, widget=area(2)
    )
    point = forms.ChoiceField(
        label=_("Is that decision on the register?"),
        required=False,
        help_text=_("Then people can follow it from the decision’s own page."),
    )
    can_change = forms.CharField(label=_("What can still change?"), max_length=LONGEST, widget=area(3))
    cannot_change = forms.CharField(label=_("What cannot change?"), max_length=LONGEST, widget=area(3))
    advice_by = forms.DateField(label=_("By when do you need the advice?"), widget=DayInput)
    answer_by = forms.DateField(
        label=_("By when will you answer each point?"),
        widget=DayInput,
        help_text=_("The answer is due by this day, or sooner if the program’s own clock ends sooner."),
    )
    office = forms.ChoiceField(label=_("Which office will answer?"))

    asked_again = forms.CharField(
        label=_("If it was asked before and has no answer: why do you ask again?"),
        max_length=LONGEST,
        required=False,
        widget=area(2),
        help_text=_(
            "What was said before stands at the side once you have chosen the project. The reason is public."
        ),
    )

    def __init__(
        self,
        *args: Any,
        products: Pairs,
        projects: Pairs,
        points: Pairs,
        offices: Pairs,
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        first = ("", say("Choose"))
        given = {"of": products, "project": projects, "office": offices}
        for name, choices in given.items():
            offer(self, name, [first, *choices])
        offer(self, "point", [("", say("No")), *points])

    def clean_advice_by(self) -> date:
        """Refuse a day that has passed."""
        return ahead(self.cleaned_data["advice_by"], self.today)

    def clean(self) -> None:
        """Refuse days out of order, and an office or a decision of another unit or project."""
        typed = self.cleaned_data
        project, unit = (typed.get("project") or ":").split(":", 1)
        if typed.get("advice_by") and typed.get("answer_by") and typed["answer_by"] < typed["advice_by"]:
            self.add_error("answer_by", say("Choose a day after the advice is due."))
        if typed.get("office") and project and unit_of(typed["office"]) != unit:
            self.add_error("office", say("Choose an office of the bureau that owns the project."))
        if typed.get("point") and project and typed["point"].split("/", 1)[0] != project:
            self.add_error(
                "point", say("This decision is on another project; choose one on the same project.")
            )

    def words(self) -> dict[str, str]:
        """Give the texts of the brief."""
        names = ("title", "what", "decision", "can_change", "cannot_change", "asked_again")
        return {name: self.cleaned_data[name] for name in names}


@dataclass(frozen=True)
class Preview:
    """The first rows of a table, the headings that look like people by their places, its hash, and its words where they fit a form."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    people: Mapping[int, str]
    seen: str
    kept: str


def _is_table(paper: Paper) -> bool:
    """Say whether a paper is a table, or words that were pasted from one, or that a text file holds; rather once too often."""
    if paper.shown != "text":
        return paper.shown == "table"
    text = paper.data.decode()
    try:
        return looks_like_a_table(text, "", DELIMITERS) and bool(read_table(text).rows)
    except UnusableInputError:
        return False


def preview_of(paper: Paper) -> Preview:
    """Show what a table holds. Many more rows are looked at for people than are shown."""
    text = paper.data.decode()
    table = read_table(text)
    cells = [[row[place] for row in table.rows[:MOST_SAMPLES]] for place in range(len(table.head))]
    people = {
        place: name or "–"
        for place, (name, told) in enumerate(zip(table.head, cells, strict=True))
        if holds_people(name, told)
    }
    kept = text if len(text) <= MOST_TEXT else ""
    return Preview(table.head, table.rows[:SHOWN_ROWS], people, hashlib.sha256(paper.data).hexdigest(), kept)


class MaterialForm(forms.Form):
    """One version: a file, words typed in here, or a link."""

    title = forms.CharField(label=_("What is it called?"), max_length=140)
    file = forms.FileField(
        label=_("A file"),
        required=False,
        help_text=format_lazy(
            _(
                "PDF, PNG, JPEG, CSV, TSV or plain text, up to {most} MB. We take out names, places and times that programs"
                " hide in files. Look at it afterwards: we cannot see what is written on a page."
            ),
            most=LARGEST_FILE // MEGABYTE,
        ),
    )
    page = forms.CharField(
        label=_("Or words, typed or pasted here"), max_length=MOST_TEXT, required=False, widget=area(6)
    )
    link = forms.URLField(
        label=_("Or a link"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("What stands behind a link can change without anyone seeing it. A file is better."),
    )
    changes = forms.CharField(label=_("What is new in this version?"), max_length=LONGEST, widget=area(2))
    lang = forms.ChoiceField(label=_("In which language is it?"))

    def __init__(
        self, *args: Any, languages: Pairs, is_first: bool, is_cut_off: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.is_cut_off, self.paper = is_cut_off, None
        offer(self, "lang", languages)
        self.fields["file"].widget.attrs["accept"] = ".pdf,.png,.jpg,.jpeg,.csv,.tsv,.txt,.md"
        if is_first:
            del self.fields["changes"]

    paper: Paper | None
    #: A table is shown before it is public: its first rows, and which columns look like people.
    preview: Preview | None = None
    #: The boxes below the table: name, label, and whether it was ticked for the table as it is shown.
    ticks: Sequence[tuple[str, str, bool]] = ()

    def clean_file(self) -> object:
        """Check the size and the bytes of a file, and keep it clean."""
        file = self.cleaned_data["file"]
        if self.is_cut_off or (file and file.size > LARGEST_FILE):
            raise forms.ValidationError(
                say("The file is larger than %(most)s MB. Send a part of it, or a link.")
                % {"most": LARGEST_FILE // MEGABYTE}
            )
        if file:
            self.paper = self._taken(file.read(), file.name)
        return file

    def _taken(self, data: bytes, name: str) -> Paper:
        try:
            return taken_in(data, name)
        except UnusableInputError as error:
            raise forms.ValidationError(str(REFUSED[error.why])) from error

    def clean(self) -> None:
        """Ask for exactly one of the three."""
        typed = self.cleaned_data
        given = [name for name in ("file", "page", "link") if typed.get(name)]
        if not given and self.kept and "file" not in self.errors:
            self.paper, given = self._taken(self.kept.encode(), "table.csv"), ["file"]
        if len(given) != 1 and "file" not in self.errors:
            self.add_error("file", say("Give one of the three: a file, words, or a link."))
        elif given == ["page"]:
            text = typed["page"].replace("\r\n", "\n")
            self.paper = Paper("text", "text/plain", "txt", text.encode())
        if self.paper and _is_table(self.paper):
            self._ask_to_look(self.paper)

    def _ask_to_look(self, paper: Paper) -> None:
        """Let nothing go public that nobody looked at here: the ticks count only for the very table that was shown.

        One is for the whole table, and one more for each column that looks like people.
        """
        self.preview = preview_of(paper)
        ticks = {"looked": say("I looked at every column. None of them tells who a person is.")}
        for place, name in self.preview.people.items():
            label = say("The column “%(column)s” tells nobody who a person is.") % {"column": name}
            ticks[f"nobody-{place}"] = label
        is_shown = self.data.get("seen") == self.preview.seen
        for name, label in ticks.items():
            self.fields[name] = forms.BooleanField(label=label, required=False)
        self.ticks = [(name, label, is_shown and name in self.data) for name, label in ticks.items()]
        lacking = next((name for name, _label, is_ticked in self.ticks if not is_ticked), None)
        if lacking:
            words = say(
                "Nothing is public yet. Look at the table at the end of this page, tick every box there, and send it again."
            )
            self.add_error(lacking, words)

    @property
    def asked(self) -> list[forms.BoundField]:
        """Give the fields that stand above the table; its ticks stand below it."""
        return [self[name] for name in self.fields if name not in {one for one, *_rest in self.ticks}]

    @property
    def kept(self) -> str:
        """Give the table that was shown and came back with the form."""
        return str(self.data.get("kept", "")).replace("\r\n", "\n")[:MOST_TEXT]

    @property
    def form(self) -> str:
        """Say in which form it came."""
        return next((name for name in ("file", "page", "link") if self.cleaned_data.get(name)), "file")


class WithdrawForm(forms.Form):
    """Why a consultation is taken back."""

    reason = forms.CharField(
        label=_("Why do you withdraw it?"),
        max_length=LONGEST,
        widget=area(4),
        help_text=_("It is public. The leads may still give advice, and each point still needs its answer."),
    )
