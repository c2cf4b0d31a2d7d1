"""What a steward types to move people: a vacancy, an alternate, a role, an end; and what a lead types about their own."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.cohort.seats.queries.saying import LEFT, ROLES
from alongside.core.grammar.v1.cohort import NOBODY, OUTSIDE
from alongside.ground.look.forms import Choices, DayInput
from alongside.ground.record.labels import REMOVED

LONGEST = 4000
type Pairs = Sequence[tuple[str, str]]


def choice(
    label: str, choices: Pairs, *, required: bool = True, first: str = "", help_text: str = ""
) -> forms.ChoiceField:
    """Make a list to choose from that begins with nothing chosen, in the words of `first`."""
    nothing = first or (say("Choose") if required else say("None"))
    return forms.ChoiceField(
        label=label,
        choices=[("", nothing), *choices],
        required=required,
        help_text=help_text,
        error_messages={"invalid_choice": say("This is not in the list. Choose from the list.")},
    )


def area(rows: int) -> forms.Textarea:
    """Make room for some lines."""
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


def otherwise() -> list[tuple[str, str]]:
    """List who pays a seat that no unit pays."""
    return [
        (OUTSIDE, say("Somebody who is no part of the City")),
        (NOBODY, say("Nobody: it is not paid")),
    ]


def payers(units: Pairs) -> forms.ChoiceField:
    """Make the question who pays a seat: a unit, somebody outside the City, or nobody."""
    return choice(
        say("Who pays this seat?"),
        [*units, *otherwise()],
        help_text=say(
            "A lead whom a bureau pays cannot check what that bureau promised before it stops paying. The record tells who pays."
        ),
    )


class PayerForm(forms.Form):
    """Who pays a seat from now on."""

    def __init__(self, *args: Any, units: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paid_by"] = payers(units)


class OwnTiesForm(forms.Form):
    """For which unit a lead also works from now on, and who pays their seat, as they say themselves; `steward` says it beside."""

    def __init__(self, *args: Any, units: Pairs, steward: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_said = bool(self.initial.get("paid_by"))
        self.fields["works_for"] = choice(
            say("Which bureau do you also work for?"), [*units, (NOBODY, say("None of them"))]
        )
        beside = say("The steward says: %(payer)s.") if steward else say("The steward has not said it.")
        self.fields["paid_by"] = choice(
            say("Who pays your seat?"),
            [*units, *otherwise()],
            required=is_said,
            first="" if is_said else say("I have not said it"),
            help_text=beside % {"payer": steward},
        )


class VacancyForm(forms.Form):
    """The day from which a seat is empty that nobody has taken."""

    on = forms.DateField(label=_("Empty since"), widget=DayInput)


class AlternateForm(forms.Form):
    """Someone who waits to step in."""

    called = forms.CharField(
        label=_("What do you call this person?"),
        max_length=80,
        help_text=_("Only you see it. It is never on the record."),
    )
    email = forms.EmailField(
        label=_("Email to sign in with"),
        required=False,
        help_text=_("Without one, you print a sign-in code."),
    )

    def clean_email(self) -> str | None:
        """Give None where there is no address."""
        return self.cleaned_data["email"] or None


class CallUpForm(forms.Form):
    """Which alternate steps into which empty seat, who pays it, and that the alternate said yes."""

    def __init__(self, *args: Any, vacancies: Pairs, alternates: Pairs, units: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["vacancy"] = choice(say("Which seat?"), vacancies)
        self.fields["alternate"] = choice(say("Who steps in?"), alternates)
        self.fields["paid_by"] = payers(units)
        self.fields["asked"] = forms.BooleanField(
            label=say("I asked this person, and they want the seat now"),
            error_messages={"required": say("Ask the alternate first. Nobody gets a seat without a yes.")},
        )


class RoleForm(forms.Form):
    """A role to take, or to lay down."""

    role = forms.ChoiceField(label=_("Role"), choices=list(ROLES.items()), widget=Choices)
    change = forms.ChoiceField(
        label=_("What changes?"),
        choices=[("takes", _("Takes the role today")), ("lays-down", _("Lays it down today"))],
        widget=Choices,
    )


class LeaveForm(forms.Form):
    """When and why a lead leaves. The ground is public, the reason is not; one press alone ends nothing."""

    on = forms.DateField(label=_("The first day on which the seat is empty"), widget=DayInput)
    ground = forms.ChoiceField(
        label=_("What the record may say"), choices=list(LEFT.items()), widget=Choices, initial="not-said"
    )
    reason = forms.CharField(
        label=_("Reason, for the program alone"),
        max_length=200,
        required=False,
        help_text=_("It is never on the record."),
    )
    sure = forms.BooleanField(
        label=_("I want to leave my seat. I have read what it still holds."),
        error_messages={"required": _("Tick the box if you want to leave your seat.")},
    )

    def said(self) -> dict[str, Any]:
        """Give what was said, without the tick."""
        return {name: value for name, value in self.cleaned_data.items() if name != "sure"}


class RemoveForm(forms.Form):
    """Why a seat is removed, and who hears the appeal where no charter says so."""

    ground = forms.ChoiceField(
        label=_("What the record will say"), choices=list(REMOVED.items()), widget=Choices
    )
    reasons = forms.CharField(
        label=_("Your reasons, in full"),
        max_length=LONGEST,
        widget=area(6),
        help_text=_("The lead and whoever decides an appeal read them. They are never on the record."),
    )
    sure = forms.BooleanField(
        error_messages={"required": _("Tick the box if this is the seat that you want to remove.")}
    )

    def __init__(self, *args: Any, who: str, hears: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if hears:
            self.fields["appeal_to"] = choice(say("Which office decides an appeal?"), hears)
        sure = say("I want to remove this lead today: %(who)s. I have read what the seat still holds.")
        self.fields["sure"].label = sure % {"who": who}
        self.order_fields([one for one in self.fields if one != "sure"])

    def said(self) -> dict[str, Any]:
        """Give what was said, without the tick."""
        return {name: value for name, value in self.cleaned_data.items() if name != "sure"}


class AppealForm(forms.Form):
    """Why the removal is wrong."""

    words = forms.CharField(
        label=_("Why should you keep your seat?"),
        max_length=LONGEST,
        widget=area(8),
        help_text=_("Whoever decides reads it. It is never on the record."),
    )


class DecideForm(forms.Form):
    """What comes of an appeal, with reasons for the lead."""

    decision = forms.ChoiceField(
        label=_("Your decision"),
        choices=[
            ("lifted", _("The removal is lifted: the lead has the seat back")),
            ("stands", _("The removal stands")),
        ],
        widget=Choices,
    )
    reasons = forms.CharField(
        label=_("Your reasons, for the lead"),
        max_length=LONGEST,
        widget=area(6),
        help_text=_("They are never on the record."),
    )
