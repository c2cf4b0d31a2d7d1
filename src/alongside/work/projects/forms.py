"""What people type on the register: to narrow its list, to tell facts, to date decisions, to name harm, to bring files in."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.core.policy.pack import Pack
from alongside.core.registers.choices import folded
from alongside.core.registers.mapping import COMMUNITIES, DROP, KEEP, KEY, Plan, unknown_values
from alongside.core.registers.mapping import FACTS as MAPPED_FACTS
from alongside.ground.ui.forms import DayInput
from alongside.work.projects import queries

MOST_BYTES = 256 * 1024 * 1024
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
        help_text=_("CSV or JSON, up to 256 megabytes. Nothing changes before you say yes."),
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
            label=say("Which unit is it about?"),
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
            self.add_error("unit", say("Choose the unit that it is about."))
        file = typed.get("file")
        if file is not None and file.size > MOST_BYTES:
            self.add_error("file", say("This file is larger than 256 megabytes; cut it in parts."))
        return typed


class MappingForm(forms.Form):
    """For each column what it is, and for each word that we do not know what it means."""

    def __init__(
        self,
        *args: Any,
        sample: queries.Sample,
        plan: Plan,
        unknown: Mapping[str, Mapping[str, int]],
        communities: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sample, self.plan = sample, plan
        self.communities = communities
        self.words: dict[str, tuple[str, str]] = {}
        for place, heading in enumerate(sample.headings):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=heading,
                choices=columns_can_be(),
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
        known = [(key, str(words)) for key, words in queries.CHOICES.get(name, {}).items()]
        known = list(self.communities) if name == COMMUNITIES else known
        label = say("%(fact)s: “%(value)s” means") % {
            "fact": queries.FACT_WORDS[name],
            "value": value[:SHORT],
        }
        self.fields[field] = forms.ChoiceField(
            label=label, choices=[("", say("Not known")), *known], required=False
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


def columns_can_be() -> list[tuple[str, str]]:
    """List what a column can be, as people read it."""
    facts = [(one, str(queries.CALLED.get(one) or queries.FACT_WORDS[one])) for one in MAPPED_FACTS]
    first = [(KEEP, say("Keep it as it is")), (DROP, say("Leave it out")), (KEY, say("Its own id"))]
    return [*first, *facts]


def _examples(sample: queries.Sample, heading: str) -> str:
    told = dict.fromkeys(one.cells.get(heading, "").strip()[:SHORT] for one in sample.rows)
    return " · ".join([one for one in told if one][:EXAMPLES])


LONGEST = 4000


class HarmForm(forms.Form):
    """Kinds of harm, whom they fall on, and the community's own words."""

    def __init__(
        self, *args: Any, pack: Pack, lang: str, findings: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["harms"] = _several(
            say("What kinds of harm do people see?"),
            [(one.id, f"{one.name.say(lang)}. {one.means.say(lang)}") for one in pack.harms],
        )
        self.fields["communities"] = _several(
            say("Whom does it fall on?"),
            [(one.id, one.name.say(lang)) for one in pack.communities],
            need=False,
        )
        self.fields["words"] = forms.CharField(
            label=say("In the community’s own words"),
            max_length=LONGEST,
            widget=forms.Textarea(attrs={"rows": 5}),
            help_text=say("Anyone can read this. Name no person, and write nothing that points at one."),
        )
        if findings:
            self.fields["findings"] = _several(say("Which findings say so?"), findings, need=False)


def _several(
    label: str, choices: Sequence[tuple[str, str]], *, need: bool = True
) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=need, widget=forms.CheckboxSelectMultiple
    )


class NarrowForm(forms.Form):
    """The filters of the list. What cannot be read narrows nothing."""

    unit = forms.ChoiceField(label=_("Unit"), required=False)
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    impact = forms.ChoiceField(label=_("Impact on people"), required=False)
    community = forms.ChoiceField(label=_("Whom it touches"), required=False)
    soon = forms.BooleanField(label=_("Decision in the next 90 days"), required=False)
    unasked = forms.BooleanField(label=_("The public was never asked, as far as we know"), required=False)

    def __init__(self, *args: Any, pack: Pack, lang: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices("unit", [(one.slug, one.name.say(lang)) for one in pack.units])
        self._choices("stage", [(one, str(words)) for one, words in queries.STAGES.items()])
        self._choices("impact", [(one, str(words)) for one, words in queries.IMPACTS.items()])
        self._choices("community", [(one.id, one.name.say(lang)) for one in pack.communities])

    def _choices(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", say("All")), *choices]

    def _value(self, name: str) -> Any:
        self.is_valid()
        return self.cleaned_data.get(name) or ""

    @property
    def choices(self) -> list[forms.BoundField]:
        """Give the fields that choose one of several."""
        return [self[name] for name in ("unit", "stage", "impact", "community")]

    @property
    def narrow(self) -> queries.Narrow:
        """Give what narrows the list."""
        return queries.Narrow(
            unit=self._value("unit"),
            stage=self._value("stage"),
            impact=self._value("impact"),
            community=self._value("community"),
            is_soon=bool(self._value("soon")),
            never_asked=bool(self._value("unasked")),
        )

    @property
    def query(self) -> str:
        """Give the query of an address that keeps what narrows, without the page."""
        kept = self.data.copy() if hasattr(self.data, "copy") else {}
        kept.pop("page", None)
        return f"{kept.urlencode()}&" if kept else ""  # type: ignore[union-attr]  # the data of a bound form is a QueryDict


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _choice(label: str, choices: Sequence[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", say("Choose")), *choices])


def _maybe(label: str, choices: Sequence[tuple[str, str]], hint: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[("", say("Not known")), *choices], required=False, help_text=hint
    )


class ProjectForm(forms.Form):
    """A policy, service or data product that is being decided."""

    title = forms.CharField(label=_("What is it called?"), max_length=140)
    summary = forms.CharField(
        label=_("What is it, in a few sentences?"),
        max_length=LONGEST,
        widget=_area(4),
        help_text=_("Say what it does to people, in plain words."),
    )

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = _choice(say("Which unit owns it?"), units)


class FactsForm(forms.Form):
    """The facts of a project. What is left as it was is not told again."""

    def __init__(self, *args: Any, pack: Pack, lang: str, standing: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = self.standing = standing
        self.fields["summary"] = forms.CharField(
            label=say("What is it, in a few sentences?"), max_length=LONGEST, widget=_area(4)
        )
        for name, label in queries.FACT_WORDS.items():
            self.fields[name] = self._field(name, str(label), pack, lang)

    @staticmethod
    def _field(name: str, label: str, pack: Pack, lang: str) -> forms.Field:
        if name == "communities":
            return forms.MultipleChoiceField(
                label=label,
                required=False,
                choices=[(one.id, one.name.say(lang)) for one in pack.communities],
                widget=forms.CheckboxSelectMultiple,
            )
        if name in queries.CHOICES:
            return _maybe(label, [(key, str(words)) for key, words in queries.CHOICES[name].items()])
        hint = (
            say("One on a line. An address at the end of a line becomes a link.")
            if name in queries.LISTS
            else ""
        )
        return forms.CharField(
            label=label, required=False, max_length=LONGEST, widget=_area(3), help_text=hint
        )

    @property
    def told(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Give what is told anew: what is chosen, and the texts. A choice cannot be taken back, only changed."""
        typed = {name: value for name, value in self.cleaned_data.items() if value or name == "communities"}
        new = {
            name: value for name, value in typed.items() if value != (self.standing.get(name) or _none(value))
        }
        chosen = {
            name: value for name, value in new.items() if name in queries.CHOICES or name == "communities"
        }
        return chosen, {name: value for name, value in new.items() if name not in chosen}


def _none(value: Any) -> Any:
    return [] if isinstance(value, list) else ""


class _Dated(forms.Form):
    """Something with a day, seen from the program's today."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today


class _Ahead(_Dated):
    """A day that must not have passed."""

    def clean_on(self) -> date:
        """Refuse a day that has passed."""
        on: date = self.cleaned_data["on"]
        if on < self.today:
            raise forms.ValidationError(say("This day has passed; choose today or a later day."))
        return on


class DecisionForm(_Ahead):
    """A decision with its day, and the office that decides."""

    decision = forms.CharField(label=_("What is decided?"), max_length=200)
    open = forms.CharField(
        label=_("What is still open?"),
        max_length=LONGEST,
        widget=_area(4),
        help_text=_("What people say can still change this, and nothing else."),
    )
    on = forms.DateField(label=_("On which day is it decided?"), widget=DayInput)

    def __init__(
        self,
        *args: Any,
        offices: Sequence[tuple[str, str]],
        levels: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"] = _choice(say("Which office decides?"), offices)
        hint = say("How far people take part. What you promise here is on the record.")
        self.fields["level"] = _maybe(say("Which level of taking part is promised?"), levels, hint)
        asked = [(key, str(words)) for key, words in queries.ASKED.items()]
        self.fields["asked"] = _maybe(say("Was the public asked?"), asked)


class MoveForm(_Ahead):
    """Another day for a decision, and why."""

    on = forms.DateField(label=_("On which day is it decided now?"), widget=DayInput)
    reason = forms.CharField(label=_("Why does it move?"), max_length=LONGEST, widget=_area(3))


class MadeForm(_Dated):
    """What was decided."""

    on = forms.DateField(label=_("On which day was it decided?"), widget=DayInput)
    outcome = forms.CharField(
        label=_("What was decided?"),
        max_length=LONGEST,
        widget=_area(4),
        help_text=_("Say what changed because of what people said, and what did not."),
    )

    def clean_on(self) -> date:
        """Refuse a day to come."""
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(say("This day has not come; choose today or an earlier day."))
        return on
