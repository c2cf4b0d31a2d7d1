"""What people type about the balance of a lottery: quotas of a call, counsel's advice, and what an applicant says for it."""

from collections.abc import Mapping, Sequence
from typing import Any, override

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.cohort.calls.forms.applying import LaterChoice
from alongside.cohort.calls.forms.declaring import NOT_SAID, NOT_SAID_WORDS
from alongside.cohort.calls.forms.selection import LONGEST, reasons
from alongside.core.policy.calls import Category
from alongside.core.quotas import Quota
from alongside.ground.ui.forms import DayInput


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
                    say("%(what)s: seats at least") % named, seats
                )
                self.fields[f"most-{one.id}-{value.id}"] = _number(
                    say("%(what)s: seats at most") % named, seats
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


class WidenForm(Numbers):
    """The quotas as the list of panels is to meet them: as the call says, or wider with a reason."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["widened"] = reasons(
            say("If you make them wider: why?"), say("It goes on the record. Leave it empty otherwise.")
        )
        self.fields["widened"].required = False

    def parts(self) -> list[tuple[Category, list[forms.BoundField]]]:
        """Give each category with its numbers."""
        return [(one, self.pairs(one)) for one in self.categories]


class AdviceForm(forms.Form):
    """Who of counsel advised, when, what, and on which categories."""

    office = forms.CharField(
        label=_("Which office gave the advice?"),
        help_text=_(
            "An office, never a name, such as: the City Attorney. The record names it with the lottery."
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
        field = self.fields["categories"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = protected


class BalanceForm(forms.Form):
    """What an applicant says for the balance of the draw; every question has a way not to say."""

    def __init__(self, *args: Any, categories: Sequence[Category], lang: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in categories:
            choices = [(each.id, each.words.say(lang)) for each in one.choices]
            self.fields[one.id] = LaterChoice(
                label=one.words.say(lang),
                choices=[*choices, (NOT_SAID, NOT_SAID_WORDS)],
                widget=forms.RadioSelect,
            )

    def values(self) -> Mapping[str, str]:
        """Give what was chosen, by category."""
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}
