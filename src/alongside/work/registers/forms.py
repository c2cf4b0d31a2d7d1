"""What people type to bring a register in: the file, what its columns are, and what its words mean."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.core.registers.choices import folded
from alongside.core.registers.mapping import BODY, DROP, KEEP, KEY, Plan, unknown_values
from alongside.core.registers.mapping import FACTS as MAPPED_FACTS
from alongside.ground.gate.limits import LARGEST_REGISTER, MEGABYTE
from alongside.work.registers import queries

MOST_VALUES = 30

EXAMPLES = 3

SHORT = 90


class FileForm(forms.Form):
    """A file, and the register it is for: one that is there, or a new one."""

    title = forms.CharField(
        label=_("What is the new register called?"),
        max_length=140,
        required=False,
        help_text=_("Leave this empty for a register that is there."),
    )
    source = forms.CharField(
        label=_("Where is it published?"), max_length=300, required=False, help_text=_("For a new register.")
    )
    license = forms.CharField(
        label=_("Under which license?"), max_length=120, required=False, help_text=_("For a new register.")
    )
    file = forms.FileField(
        label=_("The file"),
        help_text=format_lazy(
            _("CSV or JSON, up to {most} megabytes. Nothing changes before you say yes."),
            most=LARGEST_REGISTER // MEGABYTE,
        ),
    )
    field_order = ("register", "title", "unit", "source", "license", "file")

    def __init__(
        self,
        *args: Any,
        registers: Sequence[tuple[str, str]],
        units: Sequence[tuple[str, str]],
        needs_unit: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        known = [("", say("A new register")), *registers]
        self.fields["register"] = forms.ChoiceField(
            label=say("Which register?"), choices=known, required=False
        )
        none = [] if needs_unit else [("", say("None: the file names its own bodies"))]
        self.fields["unit"] = forms.ChoiceField(
            label=say("Which bureau is it about?"),
            choices=[*none, *units],
            required=False,
            help_text=say("For a new register."),
        )
        self.needs_unit = needs_unit
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """Refuse a new register without a name, and a file that is too large."""
        typed = super().clean() or {}
        if not typed.get("register") and not typed.get("title"):
            self.add_error("title", say("Give the new register a name, or choose one that is there."))
        if not typed.get("register") and self.needs_unit and not typed.get("unit"):
            self.add_error("unit", say("Choose the bureau that it is about."))
        file = typed.get("file")
        if file is not None and file.size > LARGEST_REGISTER:
            words = say("This file is larger than %(most)s megabytes; cut it in parts.")
            self.add_error("file", words % {"most": LARGEST_REGISTER // MEGABYTE})
        return typed


class MappingForm(forms.Form):
    """For each column what it is, and for each word that we do not know what it means."""

    def __init__(
        self,
        *args: Any,
        sample: queries.Sample,
        plan: Plan,
        unknown: Mapping[str, Mapping[str, int]],
        facts: Collection[str],
        meanings: Mapping[str, queries.Named],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sample, self.plan = sample, plan
        self.given = meanings
        self.words: dict[str, tuple[str, str]] = {}
        for place, heading in enumerate(sample.headings):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=heading,
                choices=columns_can_be(facts),
                required=False,
                initial=plan.columns.get(heading, KEEP),
                help_text=_examples(sample, heading),
            )
        for name, values in unknown.items():
            for value in sorted(values, key=lambda one: -values[one])[:MOST_VALUES]:
                self._word(name, value)

    def _word(self, name: str, value: str) -> None:
        field = f"word-{len(self.words)}"
        self.words[field] = (name, value)
        known = [(key, str(words)) for key, words in self.given.get(name, {}).items()]
        label = say("%(fact)s: “%(value)s” means") % {
            "fact": queries.CALLED.get(name) or queries.FACT_WORDS[name],
            "value": value[:SHORT],
        }
        self.fields[field] = forms.ChoiceField(
            label=label,
            choices=[("", say("None of our bureaus") if name == BODY else say("Not known")), *known],
            required=False,
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a mapping without a name."""
        typed = super().clean() or {}
        if "name" not in [typed.get(f"column-{place}") for place in range(len(self.sample.headings))]:
            raise forms.ValidationError(say("Choose the column with the name of each project."))
        return typed

    @property
    def columns(self) -> list[forms.BoundField]:
        """Give the fields of the columns."""
        return [self[name] for name in self.fields if name.startswith("column-")]

    @property
    def meanings(self) -> list[forms.BoundField]:
        """Give the fields of words that are not known."""
        return [self[name] for name in self.words]

    @property
    def meets_words(self) -> bool:
        """Say whether words that are not known stand in columns that were mapped just now, so that nobody was asked of them."""
        asked = {name for name, _value in self.words.values()}
        return bool(set(unknown_values(self.mapped, self.sample.rows)) - asked)

    @property
    def mapped(self) -> Plan:
        """Give the mapping as it was typed."""
        typed = self.cleaned_data
        columns = {
            heading: typed.get(f"column-{place}") or KEEP
            for place, heading in enumerate(self.sample.headings)
        }
        values = {name: dict(known) for name, known in self.plan.values.items()}
        for field, (name, value) in self.words.items():
            if typed.get(field):
                values.setdefault(name, {})[folded(value)] = typed[field]
        return Plan(columns, values)


def columns_can_be(told: Collection[str]) -> list[tuple[str, str]]:
    """List what a column can be, as people read it: of the facts of a project those that bureaus tell."""
    words = {**queries.CALLED, **{name: queries.FACT_WORDS[name] for name in told}}
    facts = [(one, str(words[one])) for one in MAPPED_FACTS if one in words]
    first = [(KEEP, say("Keep it as it is")), (DROP, say("Leave it out")), (KEY, say("Its own id"))]
    return [*first, *facts]


def _examples(sample: queries.Sample, heading: str) -> str:
    told = dict.fromkeys(one.cells.get(heading, "").strip()[:SHORT] for one in sample.rows)
    return " · ".join([one for one in told if one][:EXAMPLES])
