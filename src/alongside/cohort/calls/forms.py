"""What the steward types to write a call, to balance it, and to invite people to help with it."""

from collections.abc import Mapping, Sequence
from itertools import count, islice
from typing import Any, override

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.cohort.calls.models import TYPES_IN, WRITES_DOWN, Call
from alongside.cohort.calls.queries import ASKED, PARTS
from alongside.cohort.seats.queries.people import Someone
from alongside.core.grammar.calls import ABOUT, CALL_TEXTS
from alongside.core.policy.calls import Category
from alongside.core.policy.pack import Pack
from alongside.core.quotas import Quota
from alongside.core.workflow.calls import Selection
from alongside.core.workflow.pay import Per
from alongside.ground.ui.forms import DayInput, area, offer
from alongside.ground.ui.languages import apart, listed
from alongside.ground.ui.leads import lead_in_words
from alongside.ground.ui.refusals import refuse


def as_listed(one: Someone) -> str:
    """Name somebody by what the coordinator and leads call them and by their offices, nothing of it twice."""
    titles = [title for _post, title, to_come in one.posts if not to_come]
    return listed(dict.fromkeys(filter(None, (one.called, *map(lead_in_words, one.seats), *titles))))


class InvitedForm(forms.Form):
    """A person from the list or a new one; what they are to do, the forms made of this ask."""

    person = forms.ChoiceField(label=_("Someone who signs in already"), required=False)
    called = forms.CharField(label=_("Or someone new: what they are called"), max_length=80, required=False)
    email = forms.EmailField(
        label=_("Their email address"),
        help_text=_("Leave it empty for a sign-in code on paper."),
        required=False,
    )

    def __init__(self, *args: Any, people: Mapping[str, Someone], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listing = [(pk, as_listed(one)) for pk, one in people.items()]
        offer(self, "person", [("", say("Nobody from this list")), *listing])

    def clean(self) -> dict[str, Any]:
        """Ask for a person from the list or a new one."""
        typed = super().clean() or {}
        if not typed.get("person") and not typed.get("called"):
            self.add_error("called", say("Choose someone from the list, or write what they are called."))
        return typed


class HelperForm(InvitedForm):
    """Who of a community organization helps, and with what."""

    organization = forms.CharField(
        label=_("Their organization"),
        help_text=_("A reader who belongs to it gets none of the applications that they type in."),
        max_length=200,
    )
    does = forms.MultipleChoiceField(
        label=_("What do they help with?"),
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (TYPES_IN, _("Type in applications that come by phone, on paper or in person")),
            (WRITES_DOWN, _("Listen to recordings and write down what they say")),
        ],
    )


LONGEST = 4000
NOT_SAID_WORDS = _("I would rather not say")


LABELS = {
    "title": _("What is the call called?"),
    "purpose": _("What is it for, in plain words?"),
    "doing": _("What would people do? One thing on each line."),
    "seeks": _("Whom do you seek, and who may apply?"),
    "access": _("What can people count on? Childcare, rides, interpreters, hours, places."),
    "choosing": _("How are people chosen, in a few sentences?"),
}
SELECTIONS = [
    (Selection.PANEL, _("By a panel, with written reasons")),
    (Selection.LOTTERY, _("By a public draw")),
    (Selection.PANEL_THEN_LOTTERY, _("By a panel, then a public draw among those who are ready")),
]


class TextsForm(forms.Form):
    """The words of a call in the language it is first written in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in CALL_TEXTS:
            short = name == "title"
            widget = forms.TextInput() if short else area(4, autocomplete="off")
            self.fields[name] = forms.CharField(
                label=LABELS[name], max_length=140 if short else LONGEST, widget=widget
            )


class TermsForm(forms.Form):
    """Seats, pay, time and money."""

    seats = forms.IntegerField(label=_("How many places?"), min_value=1, max_value=1000)
    alternates = forms.IntegerField(
        label=_("How many alternates?"),
        help_text=_("They step in when a place is empty."),
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
        choices=[(Per.HOUR, _("hour")), (Per.MONTH, _("month")), (Per.TERM, _("term"))],
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
        offer(self, "also", langs)

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse days that come in another order."""
        cleaned = super().clean() or {}
        pairs = (("opens", "closes"), ("closes", "decides_by"), ("term_from", "term_until"))
        for first, then in pairs:
            if cleaned.get(first) and cleaned.get(then) and cleaned[then] < cleaned[first]:
                self.add_error(then, say("This day comes before the one above; choose a later day."))
        return cleaned


class AskedForm(forms.Form):
    """Texts of a call by their names in the entry. What applicants answer to may not ask for what the pack forbids."""

    def __init__(self, *args: Any, pack: Pack, lang: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pack, self.lang = pack, lang

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse what the pack forbids to ask; nobody can pass it."""
        cleaned = super().clean() or {}
        for name in [one for one in self.fields if one.startswith(ASKED)]:
            refuse(self, name, self.pack, self.lang)
        return cleaned


#: What the words of a part are called, those below them, and the number of each, with the least and the most it may be.
ASKS: dict[str, tuple[list[Any], Any, int, int]] = {
    "questions": ([_("The question"), _("A hint below it")], "", 0, 0),
    "criteria": ([_("What counts"), _("Full points mean")], _("Points"), 1, 100),
    "sought": ([_("A community or an experience")], _("How many places at least"), 0, 1000),
}
#: How many more lines than there are a page has room for.
ROOM = 3


class PartForm(AskedForm):
    """The questions, the lines of the rubric or what is sought, with room for more. A line without words is left out."""

    def __init__(self, *args: Any, call: Call, part: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of, first, held = PARTS[part], call.words[call.first_lang], dict(PARTS[part].lines(call))
        labels, number, least, most = ASKS[part]
        free = (key for n in count(1) if (key := f"{part[0]}{n}") not in held)
        self.keys = [*held, *islice(free, ROOM)]
        for key in self.keys:
            for name, label in zip(self.of.names(key), labels, strict=True):
                self.fields[name] = forms.CharField(
                    label=label, max_length=400, required=False, initial=first.get(name, "")
                )
            if self.of.number:
                self.fields[f"{self.of.number}-{key}"] = forms.IntegerField(
                    label=number, min_value=least, max_value=most, required=False, initial=held.get(key)
                )

    def rows(self) -> list[list[forms.BoundField]]:
        """Give the fields of each line."""
        return [[one for one in self if one.name.endswith(f"-{key}")] for key in self.keys]

    def lines(self) -> list[Any]:
        """Give the lines as the entry holds them."""
        typed, of = self.cleaned_data, self.of
        return [
            of.line(key, typed.get(f"{of.number}-{key}")) for key in self.keys if typed[f"{of.name}-{key}"]
        ]


class WordsForm(AskedForm):
    """Every text of a call in one more language, each beside its first words."""

    #: The first words that the page showed; those of a call may change while it is open.
    first = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, first: dict[str, str], changed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in first.items():
            self.fields[name] = forms.CharField(
                label=apart(" · ".join(words.splitlines())),
                max_length=LONGEST,
                required=False,
                widget=area(2, autocomplete="off"),
            )
        self.fields["checked"] = forms.BooleanField(
            label=say("A person who speaks this language has checked it"),
            required=False,
            help_text=say(
                "The first words changed since a person checked these. Read them beside the new ones."
            )
            if changed
            else "",
        )


class CorrectionForm(forms.Form):
    """A dated correction, before the first application."""

    about = forms.ChoiceField(
        label=_("What is corrected?"),
        widget=forms.RadioSelect,
        choices=[
            ("closes", _("The day on which it closes")),
            ("opens", _("The day on which it opens")),
            ("decides", _("The day of the answers")),
            ("seats", _("How many places")),
            ("alternates", _("How many alternates")),
            ("words", _("Something in the words")),
        ],
    )
    day = forms.DateField(label=_("The new day"), widget=DayInput, required=False)
    count = forms.IntegerField(label=_("The new number"), min_value=0, max_value=1000, required=False)
    words = forms.CharField(
        label=_("What is corrected, and why?"), max_length=LONGEST, widget=area(3, autocomplete="off")
    )

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


def _number(label: str, seats: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=seats, required=False)


class Numbers(forms.Form):
    """At least and at most so many seats, for each value of some categories."""

    def __init__(
        self, *args: Any, categories: Sequence[Category], seats: int, lang: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.categories, self.seats = categories, seats
        for one in categories:
            for value in one.choices:
                named = {"what": value.words.say(lang)}
                self.fields[f"least-{one.id}-{value.id}"] = _number(
                    say("%(what)s: places at least") % named, seats
                )
                self.fields[f"most-{one.id}-{value.id}"] = _number(
                    say("%(what)s: places at most") % named, seats
                )

    def pairs(self, category: Category) -> list[forms.BoundField]:
        """Give the fields of one category."""
        return [
            self[f"{end}-{category.id}-{one.id}"] for one in category.choices for end in ("least", "most")
        ]

    def quotas(self, used: Sequence[Category]) -> list[Quota]:
        """Give what was typed; a number left out asks for nobody, or allows everybody."""
        typed = self.cleaned_data
        found = []
        for one in used:
            for value in one.choices:
                least = typed.get(f"least-{one.id}-{value.id}") or 0
                most = typed.get(f"most-{one.id}-{value.id}")
                found.append(Quota(one.id, value.id, least, self.seats if most is None else most))
        return found

    @override
    def clean(self) -> dict[str, Any]:
        """Refuse more at least than at most."""
        cleaned = super().clean() or {}
        for one in self.categories:
            for value in one.choices:
                least, most = (cleaned.get(f"{end}-{one.id}-{value.id}") for end in ("least", "most"))
                if least is not None and most is not None and most < least:
                    self.add_error(
                        f"most-{one.id}-{value.id}", say("This is less than the number at least; raise it.")
                    )
        return cleaned


def numbers_of(quotas: Sequence[Quota]) -> dict[str, Any]:
    """Give quotas as their form shows them."""
    found: dict[str, Any] = {f"use-{one.category}": True for one in quotas}
    for one in quotas:
        found |= {
            f"least-{one.category}-{one.value}": one.least,
            f"most-{one.category}-{one.value}": one.most,
        }
    return found


class QuotasForm(Numbers):
    """Which categories of the pack a lottery is balanced by, with their numbers."""

    def __init__(self, *args: Any, lang: str, **kwargs: Any) -> None:
        super().__init__(*args, lang=lang, **kwargs)
        for one in self.categories:
            self.fields[f"use-{one.id}"] = forms.BooleanField(
                label=say("Balance the draw by this"), required=False
            )

    def parts(self) -> list[tuple[Category, forms.BoundField, list[forms.BoundField]]]:
        """Give each category with its tick and its numbers."""
        return [(one, self[f"use-{one.id}"], self.pairs(one)) for one in self.categories]

    def chosen(self) -> list[Quota]:
        """Give the quotas of the categories that are ticked."""
        return self.quotas([one for one in self.categories if self.cleaned_data.get(f"use-{one.id}")])


class AdviceForm(forms.Form):
    """Who of counsel advised, when, what, and on which categories."""

    office = forms.CharField(
        label=_("Which office gave the advice?"),
        help_text=_(
            "An office, never a name, such as: the City Attorney. The public log names it with the lottery."
        ),
        max_length=120,
    )
    on = forms.DateField(label=_("On which day?"), widget=DayInput)
    words = forms.CharField(
        label=_("What was advised?"),
        help_text=_("It stays here, for those who run the program."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    categories = forms.MultipleChoiceField(
        label=_("For which questions may quotas be set?"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, protected: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "categories", protected)
