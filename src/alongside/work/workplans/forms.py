"""What someone types to begin a workplan, to write in it without a script, to sign it and to tell progress."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.core.words import has_words
from alongside.core.workflow.commitments import BARE
from alongside.ground.record.labels import COMPLETION
from alongside.ground.ui.forms import Choices, DayInput, area, offer
from alongside.work.workplans import queries


class BeginForm(forms.Form):
    """Who plans together."""

    name = forms.CharField(
        label=_("What is the plan called?"),
        max_length=140,
        help_text=_(
            "Start with what it is about, such as “Bus stops: light and shade”. You can change it until both sides sign."
        ),
    )
    units = forms.MultipleChoiceField(
        label=_("With which bureaus?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "A lead signs for the leads, and a manager for every bureau that you choose. The bureaus stay the same for as long as the plan lasts."
        ),
        error_messages={"required": _("Choose at least one bureau.")},
    )

    def __init__(
        self,
        *args: Any,
        units: Sequence[tuple[str, str]],
        cohorts: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if cohorts:
            self.fields["cohort"] = forms.ChoiceField(
                label=say("With which cohort?"), choices=cohorts, widget=Choices
            )
        offer(self, "units", units)


class SignForm(forms.Form):
    """Which words were read, and a tick, so that one press alone signs nothing."""

    read = forms.CharField(widget=forms.HiddenInput, max_length=64)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    sure = forms.BooleanField(
        error_messages={"required": _("Tick the box if you read all of it and want to sign.")}
    )


class ProgressForm(forms.Form):
    """How far an activity is, and what shows it."""

    completion = forms.ChoiceField(
        label=_("How far is it?"), choices=list(COMPLETION.items()), widget=Choices
    )
    on = forms.DateField(label=_("On which day?"), widget=DayInput)
    evidence = forms.CharField(
        label=_("What shows it?"),
        required=False,
        max_length=4000,
        widget=area(4),
        help_text=_("Say what someone else can look at: a page, a list, a date. Name nobody."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_on(self) -> date:
        """Refuse a day to come."""
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(say("This day is still to come; choose today or an earlier day."))
        return on

    def clean(self) -> dict[str, Any]:
        """Ask for evidence where something is said to be under way or done."""
        typed = super().clean() or self.cleaned_data
        if typed.get("completion") not in {None, *BARE} and not has_words(typed.get("evidence", "")):
            self.add_error("evidence", say("Say what shows it, or choose “Not started” or “No evidence”."))
        return typed


LINES = {"title": 1, "words": 2, "what": 2, "why": 2, "about": 4}
MOST_BASE = 500_000


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


class SheetForm(forms.Form):
    """Every field of a draft, by its name in the draft. It only shows; what comes back is merged, never refused."""

    def __init__(
        self,
        *,
        draft: queries.Draft,
        known: Mapping[str, Sequence[str]],
        naming: queries.Naming,
        problems: Mapping[str, str],
        refused: QueryDict | None = None,
    ) -> None:
        given = typed_in(refused) if refused else {}
        super().__init__(initial={**draft.values, **given})
        # what was refused is typed over what was shown then
        self.shown = base_in(refused) if refused else None
        self.draft, self.known, self.naming = draft, known, naming
        for row in (queries.PLAN, *draft.rows):
            for name in queries.SHAPES[queries.kind_of(row) or ""].fields:
                self.fields[f"{row}.{name}"] = self._field(row, name)
        # a form without data has no problems of its own; these tell where both sides wrote at once
        self._errors = forms.utils.ErrorDict(
            {name: self.error_class([words]) for name, words in problems.items() if name in self.fields}
        )

    def _field(self, row: str, name: str) -> forms.Field:
        label = str(queries.FIELDS[queries.kind_of(row) or "", name])
        if queries.is_text(f"{row}.{name}"):
            area = forms.Textarea(attrs={"rows": LINES[name], "maxlength": queries.MOST_CHARACTERS})
            return forms.CharField(label=label, widget=area)
        if name in {"from", "until"}:
            return forms.CharField(label=label, widget=DayInput)
        if name == "amount":
            return forms.CharField(label=label, max_length=queries.MOST_CHOICE)
        return forms.ChoiceField(label=label, choices=self._choices(f"{row}.{name}", name))

    def _choices(self, whole: str, name: str) -> list[tuple[str, str]]:
        known = self.known[name.rstrip("23")]
        now = self.draft.say(whole)
        values = [*known, *([now] if now and now not in known else [])]
        return [("", say("Not chosen yet")), *((one, self.naming.choice(name, one)) for one in values)]

    @property
    def whole(self) -> list[forms.BoundField]:
        """Give the fields of the plan itself."""
        return [self[f"{queries.PLAN}.{name}"] for name in queries.WHOLE.fields]

    @property
    def sections(self) -> list[tuple[str, queries.Shape, list[RowShown]]]:
        """Give the rows by their kinds."""
        return [(kind, shape, self._rows(kind, shape)) for kind, shape in queries.KINDS.items()]

    def _rows(self, kind: str, shape: queries.Shape) -> list[RowShown]:
        return [
            RowShown(
                row,
                shape.label(n),
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
    return {
        name: str(words) for name, words in posted.items() if queries.is_text(name) or queries.is_choice(name)
    }


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
