"""A cohort that was chosen already: its name, its term, and its people as rows of a table, each read before anything is written."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, override

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.cohort.calls.forms.applying import area
from alongside.core.grammar.cohort import NOBODY, OUTSIDE, TERM_DAYS
from alongside.core.policy.pack import Pack
from alongside.ground.ui.forms import DayInput

#: Says of an address why its person cannot be seated on these days, and what else is known that matters; or nothing.
type Known = Callable[[str, date, date], tuple[str, str]]

COLUMNS = ("called", "email", "language", "paid_by")
MOST_ROWS = 200
MOST_BYTES = 200_000


@dataclass(frozen=True)
class Row:
    """One person to be seated, as read from a line; `problems` says what to mend, `note` what to know first, in words."""

    number: int
    called: str
    email: str
    language: str
    paid_by: str
    problems: tuple[str, ...] = ()
    note: str = ""


def read_rows(text: str, pack: Pack) -> list[Row]:
    """Read people from CSV: a name, an email address or nothing, a language or nothing, who pays."""
    seen: dict[str, int] = {}
    rows = []
    for number, cells in enumerate(csv.reader(io.StringIO(text.lstrip("\ufeff"))), 1):
        row = dict(zip(COLUMNS, [*(cell.strip() for cell in cells), *[""] * len(COLUMNS)], strict=False))
        if not any(cell.strip() for cell in cells) or (number == 1 and row["called"].lower() == "called"):
            continue
        too_many = (
            [say("This row has more than four columns; check its commas.")]
            if len(cells) > len(COLUMNS)
            else []
        )
        found = (*too_many, *_problems(row, pack, seen, number))
        row["language"] = row["language"] or pack.languages[0].code
        rows.append(Row(number, row["called"], row["email"], row["language"], row["paid_by"], found))
    return rows


def _problems(row: Mapping[str, str], pack: Pack, seen: dict[str, int], number: int) -> list[str]:
    found = []
    if not row["called"]:
        found.append(say("Write what the person is called."))
    email = row["email"].lower()
    if email:
        try:
            validate_email(email)
        except ValidationError:
            found.append(say("%(email)s is not an email address; correct it or leave it out.") % row)
        if email in seen:
            found.append(say("This address stands in row %(row)s too; keep one.") % {"row": seen[email]})
        seen.setdefault(email, number)
    if row["language"] and pack.language(row["language"]) is None:
        found.append(say("%(language)s is no language of this program; write a code such as es.") % row)
    if not row["paid_by"]:
        found.append(say("Write who pays: the short name of a unit, outside, or nobody."))
    elif row["paid_by"] not in {OUTSIDE, NOBODY, *(unit.slug for unit in pack.units)}:
        found.append(say("%(paid_by)s is no unit of this program; write a unit, outside, or nobody.") % row)
    return found


class SeatCohortForm(forms.Form):
    """The cohort and its people."""

    name = forms.CharField(label=_("What is the cohort called?"), max_length=140)
    from_date = forms.DateField(label=_("First day of the term"), widget=DayInput)
    until_date = forms.DateField(label=_("Last day of the term"), widget=DayInput)
    people = forms.CharField(
        label=_("Its people, one on each line"),
        help_text=_(
            "Name, email address, language, who pays. Email address and language may be left out. Who pays is the short name of a "
            "unit, or outside (somebody who is no part of the City), or nobody: Ana Ruiz,ana@example.org,es,outside"
        ),
        required=False,
        max_length=MOST_BYTES,
        widget=area(8),
    )
    file = forms.FileField(
        label=_("Or a CSV file with these columns"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def __init__(self, *args: Any, pack: Pack, known: Known, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pack, self.known = pack, known
        self.rows: list[Row] = []
        self.text = ""

    @override
    def clean(self) -> dict[str, Any]:
        """Read the rows; what is wrong in one is told beside it on the next page."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("from_date"), cleaned.get("until_date")
        if first and last and last < first:
            self.add_error("until_date", say("This day comes before the one above; choose a later day."))
        elif first and last and (last - first).days + 1 < TERM_DAYS:
            self.add_error("until_date", say("A term is 90 days at least. Choose a later last day."))
        self.text = self._typed(cleaned)
        try:
            self.rows = read_rows(self.text, self.pack)
        except csv.Error:
            self.add_error("people", say("These lines cannot be read as CSV; check the quotation marks."))
        if first and last and last >= first:
            self.rows = [self._with_what_is_known(row, first, last) for row in self.rows]
        if not self.rows and not self.errors:
            self.add_error("people", say("Write at least one person, or choose a file."))
        if len(self.rows) > MOST_ROWS:
            self.add_error("people", say("These are more than 200 people; a cohort is smaller."))
        return cleaned

    def _with_what_is_known(self, row: Row, first: date, last: date) -> Row:
        """Add why a person cannot be seated then, if they cannot, and what the steward should know first."""
        problem, note = self.known(row.email, first, last) if row.email else ("", "")
        return replace(row, problems=(*row.problems, problem) if problem else row.problems, note=note)

    def _typed(self, cleaned: Mapping[str, Any]) -> str:
        sent = cleaned.get("file")
        if not sent:
            return str(cleaned.get("people", ""))
        try:
            return str(sent.read(MOST_BYTES).decode("utf-8-sig"))
        except UnicodeDecodeError:
            self.add_error("file", say("This file is not in UTF-8; save it as CSV in UTF-8."))
            return ""

    @property
    def has_problems(self) -> bool:
        """Say whether any row must be mended first."""
        return any(row.problems for row in self.rows)
