"""What the steward and witnesses type for a lottery, the end of a selection, and offers."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.cohort.calls.forms import Numbers
from alongside.cohort.reviews.forms import reasons
from alongside.cohort.seats.forms import TurnForm
from alongside.core.lottery import SEED
from alongside.core.policy.calls import Category
from alongside.ground.ui.forms import DayInput, offer


class WidenForm(Numbers):
    """The quotas as the list of panels is to meet them: as the call says, or wider with a reason."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["widened"] = reasons(
            say("If you make them wider: why?"), say("It goes on the public log. Leave it empty otherwise.")
        )
        self.fields["widened"].required = False

    def parts(self) -> list[tuple[Category, list[forms.BoundField]]]:
        """Give each category with its numbers."""
        return [(one, self.pairs(one)) for one in self.categories]


class EveryoneForm(forms.Form):
    """Why everyone in the pool gets a seat without a draw."""

    reasons = reasons(_("The reasons"), _("Everyone who gets a place reads these words."))


class AnnounceForm(forms.Form):
    """Which public value will be the seed, and on which day."""

    seed_source = reasons(
        _("Where the seed comes from"),
        _(
            "Name one public number of one future day that nobody here can move, such as a state lottery’s evening numbers or a public randomness beacon, how it is written down, and what is used if it does not appear."
        ),
    )
    seed_day = forms.DateField(label=_("The day of the seed"), widget=DayInput)


class SeedForm(forms.Form):
    """The seed as its source gave it."""

    seed = forms.CharField(
        label=_("The seed"),
        help_text=_("Exactly as announced: the same numbers in the same order."),
        max_length=300,
        validators=[
            RegexValidator(
                SEED, _("Write only digits, or the letters a to f, with spaces or punctuation between them.")
            )
        ],
    )


class WitnessForm(forms.Form):
    """Someone outside the program who runs the lottery again."""

    called = forms.CharField(label=_("What they are called"), max_length=80)
    email = forms.EmailField(
        label=_("Their email address"),
        help_text=_("Their code to sign in goes there."),
    )
    organization = forms.CharField(label=_("Their organization or office"), max_length=200)
    role = forms.CharField(
        label=_("How the public log names them"),
        help_text=_("Their role, never a name, such as: a librarian of the county."),
        max_length=200,
    )


class AttestForm(forms.Form):
    """Whether the result follows."""

    agrees = forms.ChoiceField(
        label=_("What did your own run give?"),
        widget=forms.RadioSelect,
        choices=[
            ("yes", _("The same root and the same result")),
            ("no", _("Something else than the public log says")),
        ],
    )


class CloseForm(forms.Form):
    """How people were chosen, in words for everyone."""

    reasons = reasons(
        _("How people were chosen"),
        _("Everyone reads these words. Name nobody, and nothing that points at one person."),
    )


def last_day() -> forms.DateField:
    """Make the question until when people can answer."""
    return forms.DateField(
        label=_("The last day to answer"),
        help_text=_("After it, the next person is asked. Give them a week or two."),
        widget=DayInput,
    )


class AskForm(TurnForm):
    """Which empty seat the next alternate is asked for, and until when they can answer."""

    answer_by = last_day()


class OfferForm(forms.Form):
    """In which cohort, and until when people can answer."""

    cohort = forms.ChoiceField(label=_("The cohort"), required=False)
    name = forms.CharField(
        label=_("Or a new cohort: its name"),
        help_text=_("It is as long as the term of the call, and begins with it, or today if that has begun."),
        max_length=120,
        required=False,
    )
    answer_by = last_day()

    def __init__(self, *args: Any, cohorts: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "cohort", [("", say("A new one")), *cohorts])

    def clean(self) -> dict[str, Any]:
        """Ask for a cohort or the name of a new one."""
        typed = super().clean() or {}
        if not typed.get("cohort") and not typed.get("name"):
            self.add_error("name", say("Choose a cohort, or name a new one."))
        return typed
