"""What people type of projects: to narrow their list, to tell facts, to date decisions, to name harm."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, override

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.core.policy.pack import Pack
from alongside.ground.ui.forms import DayInput, ahead, area, offer
from alongside.work.projects import queries
from alongside.work.projects.queries import SOON_DAYS
from alongside.work.registers import queries as registers

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
            list(pack.communities_in(lang).items()),
            need=False,
        )
        self.fields["words"] = forms.CharField(
            label=say("In the community’s own words"),
            max_length=LONGEST,
            widget=area(5),
            help_text=say("Anyone can read this. Name no person, and write nothing that points at one."),
        )
        if findings:
            self.fields["findings"] = _several(say("What did you hear that says so?"), findings, need=False)


def _several(
    label: str, choices: Sequence[tuple[str, str]], *, need: bool = True
) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=need, widget=forms.CheckboxSelectMultiple
    )


class NarrowForm(forms.Form):
    """The filters of the list. What cannot be read narrows nothing."""

    CHOICES = ("unit", "stage", "impact", "community")
    unit = forms.ChoiceField(label=_("Bureau"), required=False)
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    impact = forms.ChoiceField(label=_("Impact on people"), required=False)
    community = forms.ChoiceField(label=_("Whom it touches"), required=False)
    soon = forms.BooleanField(
        label=format_lazy(_("Decision in the next {days} days"), days=SOON_DAYS), required=False
    )
    unasked = forms.BooleanField(label=_("The public was never asked, as far as we know"), required=False)

    def __init__(self, *args: Any, pack: Pack, lang: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known: tuple[Mapping[str, object], ...] = (
            pack.units_in(lang),
            registers.STAGES,
            registers.IMPACTS,
            pack.communities_in(lang),
        )
        for name, choices in zip(self.CHOICES, known, strict=True):
            offer(self, name, [("", say("All")), *((one, str(words)) for one, words in choices.items())])

    @property
    def choices(self) -> list[forms.BoundField]:
        """Give the fields that choose one of several."""
        return [self[name] for name in self.CHOICES]

    @property
    def narrow(self) -> queries.Narrow:
        """Give what narrows the list."""
        self.is_valid()
        typed = self.cleaned_data
        chosen = {name: typed.get(name) or "" for name in self.CHOICES}
        return queries.Narrow(
            **chosen, is_soon=bool(typed.get("soon")), never_asked=bool(typed.get("unasked"))
        )

    @property
    def query(self) -> str:
        """Give the query of an address that keeps what narrows, without the page."""
        kept = self.data.copy() if hasattr(self.data, "copy") else {}
        kept.pop("page", None)
        return f"{kept.urlencode()}&" if kept else ""  # type: ignore[union-attr]  # the data of a bound form is a QueryDict


def _choice(label: str, choices: Sequence[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", say("Choose")), *choices])


def _maybe(
    label: str,
    choices: Sequence[tuple[str, str]],
    hint: str = "",
    field: type[forms.ChoiceField] = forms.ChoiceField,
) -> forms.ChoiceField:
    return field(label=label, choices=[("", say("Not known")), *choices], required=False, help_text=hint)


class LevelField(forms.ChoiceField):
    """A level of participation; it gives (framework, level), or None where none was chosen."""

    @override
    def clean(self, value: Any) -> tuple[str, str] | None:
        """Tell the framework and the level apart."""
        return level_chosen(super().clean(value))


def level_chosen(choice: str) -> tuple[str, str] | None:
    """Tell the framework and the level of a choice apart; None where none was chosen."""
    framework, _slash, level = choice.partition("/")
    return (framework, level) if level else None


def levels_of(pack: Pack, lang: str) -> list[tuple[str, str]]:
    """List the levels of participation that may be promised, lowest first, each with what it means, for a choice."""
    return [
        (
            f"{framework.id}/{level.id}",
            f"{level.name.say(lang)}: {level.means.say(lang)}"
            if level.means
            else say("%(level)s, on another scale: %(scale)s")
            % {"level": level.name.say(lang), "scale": framework.name.say(lang)},
        )
        for framework in pack.frameworks
        for level in framework.shown
    ]


class ProjectForm(forms.Form):
    """A policy, service or data product that is being decided."""

    title = forms.CharField(label=_("What is it called?"), max_length=140)
    summary = forms.CharField(
        label=_("What is it, in a few sentences?"),
        max_length=LONGEST,
        widget=area(4),
        help_text=_("Say what it does to people, in plain words."),
    )

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = _choice(say("Which bureau owns it?"), units)


class FactsForm(forms.Form):
    """The facts of a project. What is left as it was is not told again."""

    def __init__(self, *args: Any, pack: Pack, lang: str, standing: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = self.standing = standing
        self.fields["summary"] = forms.CharField(
            label=say("What is it, in a few sentences?"), max_length=LONGEST, widget=area(4)
        )
        self.choices = registers.choices_in(pack, lang)
        for name in queries.facts_shown(pack, standing):
            self.fields[name] = self._field(name, str(registers.FACT_WORDS[name]), pack, lang)

    def _field(self, name: str, label: str, pack: Pack, lang: str) -> forms.Field:
        if name == "communities":
            return forms.MultipleChoiceField(
                label=label,
                required=False,
                choices=list(pack.communities_in(lang).items()),
                widget=forms.CheckboxSelectMultiple,
            )
        if name in self.choices:
            return _maybe(label, [(key, str(words)) for key, words in self.choices[name].items()])
        hint = (
            say("One on a line. An address at the end of a line becomes a link.")
            if name in queries.LISTS
            else ""
        )
        return forms.CharField(
            label=label, required=False, max_length=LONGEST, widget=area(3), help_text=hint
        )

    @property
    def told(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Give what is told anew: what is chosen, and the texts. A choice cannot be taken back, only changed."""
        typed = {name: value for name, value in self.cleaned_data.items() if value or name == "communities"}
        new = {
            name: value for name, value in typed.items() if value != (self.standing.get(name) or _none(value))
        }
        chosen = {name: value for name, value in new.items() if name in self.choices or name == "communities"}
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
        return ahead(self.cleaned_data["on"], self.today)


class DecisionForm(_Ahead):
    """A decision with its day, and the office that decides."""

    decision = forms.CharField(label=_("What is decided?"), max_length=200)
    open = forms.CharField(
        label=_("What is still open?"),
        max_length=LONGEST,
        widget=area(4),
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
        hint = say("How far people take part. What you promise here is on the public log.")
        self.fields["level"] = _maybe(
            say("Which level of taking part is promised?"), levels, hint, LevelField
        )
        asked = [(key, str(words)) for key, words in registers.ASKED.items()]
        self.fields["asked"] = _maybe(say("Was the public asked?"), asked)


class MoveForm(_Ahead):
    """Another day for a decision, and why."""

    on = forms.DateField(label=_("On which day is it decided now?"), widget=DayInput)
    reason = forms.CharField(label=_("Why does it move?"), max_length=LONGEST, widget=area(3))


class MadeForm(_Dated):
    """What was decided."""

    on = forms.DateField(label=_("On which day was it decided?"), widget=DayInput)
    outcome = forms.CharField(
        label=_("What was decided?"),
        max_length=LONGEST,
        widget=area(4),
        help_text=_("Say what changed because of what people said, and what did not."),
    )

    def clean_on(self) -> date:
        """Refuse a day to come."""
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(say("This day has not come; choose today or an earlier day."))
        return on
