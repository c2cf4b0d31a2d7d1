"""What the steward types to write a call: its words, its terms, its days, what it names one by one; and a correction."""

from collections.abc import Sequence
from typing import Any, override

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.cohort.calls.forms.applying import area
from alongside.cohort.calls.queries.rules import ASKED
from alongside.core.grammar.calls import ABOUT, CALL_TEXTS
from alongside.core.policy.pack import Pack
from alongside.ground.ui.forms import DayInput
from alongside.ground.ui.languages import apart
from alongside.ground.ui.refusals import refuse

LONGEST = 4000
LABELS = {
    "title": _("What is the call called?"),
    "purpose": _("What is it for, in plain words?"),
    "doing": _("What would people do? One thing on each line."),
    "seeks": _("Whom do you seek, and who may apply?"),
    "access": _("What can people count on? Childcare, rides, interpreters, hours, places."),
    "choosing": _("How are people chosen, in a few sentences?"),
}
SELECTIONS = [
    ("panel", _("By a panel, with written reasons")),
    ("lottery", _("By a public draw")),
    ("panel-then-lottery", _("By a panel, then a public draw among those who are ready")),
]


class TextsForm(forms.Form):
    """The words of a call in the language it is first written in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in CALL_TEXTS:
            short = name == "title"
            widget = forms.TextInput() if short else area(4)
            self.fields[name] = forms.CharField(
                label=LABELS[name], max_length=140 if short else LONGEST, widget=widget
            )


class TermsForm(forms.Form):
    """Seats, pay, time and money."""

    seats = forms.IntegerField(label=_("How many seats?"), min_value=1, max_value=1000)
    alternates = forms.IntegerField(
        label=_("How many alternates?"),
        help_text=_("They step in when a seat is empty."),
        min_value=0,
        max_value=1000,
    )
    pay_amount = forms.DecimalField(
        label=_("What does it pay?"), min_value=0, max_digits=10, decimal_places=2, required=False
    )
    pay_currency = forms.RegexField(
        r"^[A-Z]{3}$", label=_("In which currency?"), help_text=_("Three letters, such as USD."), max_length=3
    )
    pay_per = forms.ChoiceField(
        label=_("Paid for each"),
        widget=forms.RadioSelect,
        choices=[("hour", _("hour")), ("month", _("month")), ("term", _("term"))],
    )
    hours_a_month = forms.IntegerField(label=_("About how many hours a month?"), min_value=1, max_value=400)
    budget = forms.DecimalField(
        label=_("Budget for the whole cohort"), min_value=0, max_digits=12, decimal_places=2
    )
    not_to_exceed = forms.DecimalField(
        label=_("The most that one agreement may cost"), min_value=0, max_digits=12, decimal_places=2
    )

    def clean_pay_amount(self) -> Any:
        """Take nothing for no pay."""
        return self.cleaned_data["pay_amount"] or None

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse an agreement that costs more than the budget."""
        cleaned = super().clean() or {}
        budget, most = cleaned.get("budget"), cleaned.get("not_to_exceed")
        if budget is not None and most is not None and most > budget:
            self.add_error("not_to_exceed", say("This is more than the whole budget; lower it."))
        return cleaned


class DatesForm(forms.Form):
    """Days, languages, and how people are chosen."""

    also = forms.MultipleChoiceField(
        label=_("Which other languages?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    opens = forms.DateField(label=_("On which day does it open?"), widget=DayInput)
    closes = forms.DateField(label=_("On which day does it close?"), widget=DayInput)
    decides_by = forms.DateField(label=_("By which day does everyone have an answer?"), widget=DayInput)
    term_from = forms.DateField(label=_("First day of the term"), widget=DayInput)
    term_until = forms.DateField(label=_("Last day of the term"), widget=DayInput)
    selection = forms.ChoiceField(
        label=_("How are people chosen?"), widget=forms.RadioSelect, choices=SELECTIONS
    )

    def __init__(self, *args: Any, langs: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["also"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = langs

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse days that come in another order."""
        cleaned = super().clean() or {}
        pairs = (("opens", "closes"), ("closes", "decides_by"), ("term_from", "term_until"))
        for first, then in pairs:
            if cleaned.get(first) and cleaned.get(then) and cleaned[then] < cleaned[first]:
                self.add_error(then, say("This day comes before the one above; choose a later day."))
        return cleaned


class PartForm(forms.Form):
    """A question, a line of the rubric or something sought. An empty row is left out."""

    words = forms.CharField(label="", max_length=400, required=False)

    def __init__(self, *args: Any, part: str, pack: Pack, lang: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part, self.pack, self.lang = part, pack, lang
        self.fields["words"].label = {
            "questions": say("The question"),
            "criteria": say("What counts"),
            "sought": say("A community or an experience"),
        }[part]
        if part == "questions":
            self.fields["below"] = forms.CharField(
                label=say("A hint below it"), max_length=400, required=False
            )
        elif part == "criteria":
            self.fields["below"] = forms.CharField(
                label=say("Full points mean"), max_length=400, required=False
            )
            self.fields["number"] = forms.IntegerField(
                label=say("Points"), min_value=1, max_value=100, required=False
            )
        else:
            self.fields["number"] = forms.IntegerField(
                label=say("How many seats at least"), min_value=0, max_value=1000, required=False
            )

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse what the pack forbids to ask; nobody can pass it."""
        cleaned = super().clean() or {}
        for name in ("words", "below") if self.part != "criteria" else ():
            refuse(self, name, self.pack, self.lang)
        return cleaned


PartRows = formset_factory(PartForm, extra=3, max_num=20)


class WordsForm(forms.Form):
    """Every text of a call in one more language, each beside its first words."""

    def __init__(self, *args: Any, first: dict[str, str], pack: Pack, lang: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pack, self.lang = pack, lang
        for name, words in first.items():
            self.fields[name] = forms.CharField(
                label=apart(" · ".join(words.splitlines())),
                max_length=LONGEST,
                required=False,
                widget=area(2),
            )
        self.fields["checked"] = forms.BooleanField(
            label=say("A person who speaks this language has checked it"), required=False
        )

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse a translation that asks for what the pack forbids."""
        cleaned = super().clean() or {}
        for name in [one for one in self.fields if one.startswith(ASKED)]:
            refuse(self, name, self.pack, self.lang)
        return cleaned


class CorrectionForm(forms.Form):
    """A dated correction, before the first application."""

    about = forms.ChoiceField(
        label=_("What is corrected?"),
        widget=forms.RadioSelect,
        choices=[
            ("closes", _("The day on which it closes")),
            ("opens", _("The day on which it opens")),
            ("decides", _("The day of the answers")),
            ("seats", _("How many seats")),
            ("alternates", _("How many alternates")),
            ("words", _("Something in the words")),
        ],
    )
    day = forms.DateField(label=_("The new day"), widget=DayInput, required=False)
    count = forms.IntegerField(label=_("The new number"), min_value=0, max_value=1000, required=False)
    words = forms.CharField(label=_("What is corrected, and why?"), max_length=LONGEST, widget=area(3))

    @override
    def clean(self) -> dict[str, Any]:
        """Ask for the new value where one is needed, and drop the other."""
        cleaned = super().clean() or {}
        about = cleaned.get("about")
        needs = {"words": "", "seats": "count", "alternates": "count"}.get(str(about), "day")
        for name in ("day", "count"):
            if name != needs:
                cleaned[name] = None
        if about in ABOUT and needs and cleaned.get(needs) is None and needs not in self.errors:
            self.add_error(needs, say("Fill in the new value."))
        return cleaned
