"""By what the list of the register is narrowed. Everything is in the address, so that a narrowed list can be shared."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.core.policy import Pack
from alongside.work.projects.queries import Narrow
from alongside.work.projects.queries.wording import IMPACTS, STAGES


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
        self._choices("stage", [(one, str(words)) for one, words in STAGES.items()])
        self._choices("impact", [(one, str(words)) for one, words in IMPACTS.items()])
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
    def narrow(self) -> Narrow:
        """Give what narrows the list."""
        return Narrow(
            unit=self._value("unit"),
            stage=self._value("stage"),
            impact=self._value("impact"),
            community=self._value("community"),
            is_soon=bool(self._value("soon")),
            never_asked=bool(self._value("unasked")),
        )

    @property
    def number(self) -> int:
        """Give which page is asked for; the first where it cannot be read."""
        asked = str(self.data.get("page", "1"))
        return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1  # noqa: PLR2004 -- no list has a hundred million pages

    @property
    def query(self) -> str:
        """Give the query of an address that keeps what narrows, without the page."""
        kept = self.data.copy() if hasattr(self.data, "copy") else {}
        kept.pop("page", None)
        return f"{kept.urlencode()}&" if kept else ""  # type: ignore[union-attr]  # the data of a bound form is a QueryDict
