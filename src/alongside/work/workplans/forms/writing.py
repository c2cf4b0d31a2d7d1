"""The draft of a workplan as one plain form: a field for every text and choice of every row."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as say

from alongside.ground.look.forms import DayInput
from alongside.work.workplans.queries.drafting import Draft
from alongside.work.workplans.queries.shape import (
    KINDS,
    MOST_CHARACTERS,
    MOST_CHOICE,
    PLAN,
    SUPPORTS,
    WHOLE,
    Shape,
    is_choice,
    is_text,
    kind_of,
)
from alongside.work.workplans.queries.wording import ADD, FIELDS, HINTS, SECTIONS, Naming, row_label

LINES = {"title": 1, "words": 2, "what": 2, "why": 2, "about": 4}
MOST_BASE = 500_000


@dataclass(frozen=True)
class Options:
    """What can be chosen: seats of the cohort, offices of the units, entries of the register."""

    seats: Sequence[str]
    offices: Sequence[str]
    decisions: Sequence[str]
    entries: Sequence[str]


@dataclass(frozen=True)
class RowShown:
    """A row of the form with its bound fields."""

    id: str
    label: str
    fields: Sequence[forms.BoundField]
    more: Sequence[forms.BoundField] = ()

    @property
    def has_more(self) -> bool:
        """Say whether something is chosen among what is seldom needed."""
        return any(one.value() for one in self.more)


@dataclass(frozen=True)
class Section:
    """All rows of one kind."""

    kind: str
    title: str
    hint: str
    add: str
    rows: Sequence[RowShown]


class SheetForm(forms.Form):
    """Every field of a draft, by its name in the draft. It only shows; what comes back is merged, never refused."""

    def __init__(
        self,
        *,
        draft: Draft,
        options: Options,
        naming: Naming,
        problems: Mapping[str, str],
        refused: QueryDict | None = None,
    ) -> None:
        given = typed_in(refused) if refused else {}
        super().__init__(initial={**draft.values, **given})
        self.shown = (
            base_in(refused) if refused else None
        )  # what was refused is typed over what was shown then
        self.draft, self.options, self.naming = draft, options, naming
        for row in (PLAN, *draft.rows):
            for name in (WHOLE if row == PLAN else KINDS[kind_of(row) or ""]).fields:
                self.fields[f"{row}.{name}"] = self._field(row, name)
        # a form without data has no problems of its own; these tell where both sides wrote at once
        self._errors = forms.utils.ErrorDict(
            {name: self.error_class([words]) for name, words in problems.items() if name in self.fields}
        )

    def _field(self, row: str, name: str) -> forms.Field:
        label = str(FIELDS[kind_of(row) or "", name])
        if is_text(f"{row}.{name}"):
            area = forms.Textarea(attrs={"rows": LINES[name], "maxlength": MOST_CHARACTERS})
            return forms.CharField(label=label, widget=area)
        if name in {"from", "until"}:
            return forms.CharField(label=label, widget=DayInput)
        if name == "amount":
            return forms.CharField(label=label, max_length=MOST_CHOICE)
        return forms.ChoiceField(label=label, choices=self._choices(f"{row}.{name}", name))

    def _choices(self, whole: str, name: str) -> list[tuple[str, str]]:
        known = {
            "seat": ["leads", *self.options.seats],
            "office": self.options.offices,
            "decision": self.options.decisions,
            "entry": self.options.entries,
            "kind": SUPPORTS,
        }[name.rstrip("23")]
        now = self.draft.say(whole)
        values = [*known, *([now] if now and now not in known else [])]
        return [("", say("Not chosen yet")), *((one, self.naming.choice(name, one)) for one in values)]

    @property
    def whole(self) -> list[forms.BoundField]:
        """Give the fields of the plan itself."""
        return [self[f"{PLAN}.{name}"] for name in WHOLE.fields]

    @property
    def sections(self) -> list[Section]:
        """Give the rows by their kinds."""
        return [
            Section(kind, str(SECTIONS[kind]), str(HINTS[kind]), str(ADD[kind]), self._rows(kind, shape))
            for kind, shape in KINDS.items()
        ]

    def _rows(self, kind: str, shape: Shape) -> list[RowShown]:
        return [
            RowShown(
                row,
                row_label(kind, n),
                [self[f"{row}.{name}"] for name in shape.texts + shape.firsts],
                [self[f"{row}.{name}"] for name in shape.more],
            )
            for n, row in enumerate(self.draft.of(kind), 1)
        ]

    @property
    def base(self) -> str:
        """Give what the page shows, so that a merge knows what was changed since."""
        shown = self.shown if self.shown is not None else {name: self.draft.say(name) for name in self.fields}
        return json.dumps(shown, ensure_ascii=False)


def typed_in(posted: QueryDict) -> dict[str, str]:
    """Take the fields of a draft out of what was posted."""
    return {name: str(words) for name, words in posted.items() if is_text(name) or is_choice(name)}


def base_in(posted: QueryDict) -> dict[str, str]:
    """Take what the page showed out of what was posted; nothing where it cannot be read."""
    raw = posted.get("base", "")
    try:
        found = json.loads(raw) if len(raw) <= MOST_BASE else {}
        json.dumps(found, ensure_ascii=False).encode()  # half of a pair of surrogates is no text
    except (ValueError, RecursionError):
        return {}
    return (
        {name: one for name, one in found.items() if isinstance(one, str)} if isinstance(found, dict) else {}
    )
