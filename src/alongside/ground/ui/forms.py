"""How forms are drawn (set FORM_RENDERER to `Renderer`), and the widgets and fields that Django does not have."""

import re
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date
from typing import TYPE_CHECKING, Any, cast, override
from urllib.parse import urlencode

from django import forms
from django.core.validators import EMPTY_VALUES
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext, gettext_lazy

from alongside.core.money import Money, digits
from alongside.ground.ui.refusals import sentences

if TYPE_CHECKING:
    from collections.abc import MutableMapping


class Field(forms.BoundField):
    """A bound field that leaves problems to the page, not to the browser's own bubbles."""

    @property
    def problem(self) -> str:
        """Say what is wrong here, as the list at the top says it."""
        return " ".join(sentences(self))

    @override
    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Give the control its attributes, without `required`: the browser's words are not ours."""
        built = super().build_widget_attrs(attrs, widget)
        built.pop("required", None)
        return built


class Renderer(DjangoTemplates):
    """Draw forms with the parts of the look."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    bound_field_class = Field

    OURS = {
        "django/forms/widgets/radio.html": "ui/forms/choices.html",
        "django/forms/widgets/checkbox_select.html": "ui/forms/choices.html",
    }

    @override
    def get_template(self, template_name: str) -> Any:
        """Find a template, ours where we have one of our own."""
        return super().get_template(self.OURS.get(template_name, template_name))


class SharedForm(forms.Form):
    """A form on something that colleagues write too: it refuses what was opened before somebody else saved.

    `stands` names what is saved now, and the initial values are its words: whoever typed just these, as who presses
    twice, meets no refusal. What was typed stays, and the next press saves it.
    """

    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, stands: str, **kwargs: Any) -> None:
        kwargs["initial"] = {**kwargs.get("initial", {}), "version": stands}
        super().__init__(*args, **kwargs)
        self.stands, self.is_stale = stands, False

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse a form that was opened on another version."""
        cleaned = super().clean() or {}
        is_other = "version" in self.data and cleaned.get("version") != self.stands
        if is_other and any(self._says_otherwise(name) for name in self.changed_data if name != "version"):
            self.renew(self.stands)
            self.is_stale = True
            self.add_error(
                None, gettext("Somebody saved this while your page was open. Read both, then save again.")
            )
        return cleaned

    def _says_otherwise(self, name: str) -> bool:
        """Say whether a field has other words than are saved; how lines are broken makes no other words."""
        typed, saved = (" ".join(str(one).split()) for one in (self[name].data, self[name].initial))
        return typed != saved

    def renew(self, stands: str) -> None:
        """Show the form again on what is saved now."""
        typed = cast("MutableMapping[str, Any]", copy(self.data))
        typed["version"] = stands
        self.data = typed


class DayInput(forms.DateInput):
    """The browser's own date control; its value is always an ISO day."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class Scale(forms.RadioSelect):
    """A row of numbers; the first and the last label stand in words below it, every label is heard."""

    template_name = "ui/forms/scale.html"


class Choices(forms.RadioSelect):
    """One of a few, as rows; `two` sets them in two columns where there is room.

    `needs` names, by the choice, which other fields it needs: the look hides those that the chosen one does not.
    """

    def __init__(
        self, *args: Any, two: bool = False, needs: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.two, self.needs = two, needs or {}

    @override
    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Mark what a choice needs."""
        option = super().create_option(name, value, *args, **kwargs)
        if needed := self.needs.get(str(value)):
            option["attrs"]["data-needs"] = needed
        return option

    @override
    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Tell the template whether to set two columns."""
        context = super().get_context(name, value, attrs)
        context["widget"]["two"] = self.two
        return context


class _Later(forms.Field):
    """May be empty while something is a draft; what it lacks is judged when it is sent, signed or handed in."""

    @override
    def validate(self, value: Any) -> None:
        """Refuse only what was typed and is wrong."""
        if value not in EMPTY_VALUES:
            super().validate(value)


class LaterWords(_Later, forms.CharField):
    """Words of a draft."""


class LaterChoice(_Later, forms.ChoiceField):
    """A choice of a draft; a first option that sends nothing is a choice as well."""


class LaterDay(_Later, forms.DateField):
    """A day of a draft."""


SUM = re.compile(r"\d{1,9}(?:([.,])(\d+))?\Z")
#: Digits of Arabic and Persian, so that a phone's own keys work.
WESTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫", "01234567890123456789.")
THOUSANDS = 3  # a comma before three digits may mark them


class SumField(forms.CharField):
    """A sum in the currency of its form, which its label can name as %(currency)s. Gives Money."""

    currency = ""

    def __init__(self, *, or_nothing: bool = False, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)
        self.or_nothing = or_nothing
        self.widget.attrs |= {"inputmode": "decimal", "dir": "ltr"}

    @override
    def clean(self, value: Any) -> Money | None:
        """Read 1250, 1250.50 or 1250,50; nothing else, because 1,250 means two things."""
        text = super().clean(value)
        if not text:
            return None
        plain = text.translate(WESTERN).replace(self.currency, "").strip()
        found = SUM.match(plain)
        mark, coins = found.groups("") if found else ("", "")
        if not found or len(coins) > digits(self.currency) or (mark == "," and len(coins) == THOUSANDS):
            raise forms.ValidationError(
                gettext("Write the sum in digits, as 1250 or 1250.50, without a mark for thousands.")
            )
        money = Money.of(plain.replace(",", "."), self.currency)
        if not money.minor and not self.or_nothing:
            raise forms.ValidationError(gettext("The sum is nothing; write how much."))
        return money


class SumsForm(forms.Form):
    """A form whose sums are all in one currency."""

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        count_in(self, currency)


def count_in(form: forms.Form, currency: str) -> None:
    """Let all sums of a form be in a currency, and their labels name it."""
    for field in form.fields.values():
        if isinstance(field, SumField):
            field.currency = currency
            field.label = str(field.label) % {"currency": currency}


#: What says where in a list somebody is, and narrows nothing.
PLACES = ("page", "before")


class NarrowForm(forms.Form):
    """What narrows a list; nothing is required."""

    def wanted(self) -> dict[str, Any]:
        """Give what was chosen; what does not fit is left out, and the form says so."""
        if not self.is_bound:
            return {}
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value is not False}
        return {name: value for name, value in chosen.items() if value not in ("", None)}

    def as_query(self) -> str:
        """Give what was chosen as the tail of an address, without the page."""
        return urlencode({name: value for name, value in self.wanted().items() if name not in PLACES})


def area(rows: int, **attrs: str) -> forms.Textarea:
    """Make room for some lines, which run as the words that are typed run."""
    return forms.Textarea(attrs={"dir": "auto", **attrs, "rows": rows})


#: So many letters at most somebody writes in a field of some lines.
LONGEST = 4000


def long_text(label: Any, rows: int, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    """Make the field for words of some lines."""
    return forms.CharField(
        label=label, max_length=LONGEST, widget=area(rows), help_text=help_text, required=required
    )


def said(rows: int) -> forms.Textarea:
    """Make room for some lines of words that are shown as somebody's."""
    return area(rows, **{"class": "said"})


PASSED = gettext_lazy("This day has passed; choose today or a later day.")


def ahead(day: date, today: date) -> date:
    """Give a day that was typed; refuse one that has passed."""
    if day < today:
        raise forms.ValidationError(PASSED)
    return day


def offer(form: forms.Form, name: str, choices: Sequence[tuple[str, Any]]) -> None:
    """Set the choices of a field."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


class ListForm(forms.Form):
    """A form whose lists to choose from a page fills in: `lists` gives what each offers, below what it begins with."""

    def __init__(self, *args: Any, lists: Mapping[str, Sequence[tuple[str, Any]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in lists.items():
            begins = cast("forms.ChoiceField", self.fields[name]).choices
            offer(self, name, [*cast("Sequence[tuple[str, Any]]", begins), *offered])


def as_signer(name: str, *, signs: bool) -> str:
    """Name a bureau, or an office of one, as a choice of who signs: it says where nobody can today."""
    return name if signs else gettext("%(name)s (nobody can sign for it today)") % {"name": name}
