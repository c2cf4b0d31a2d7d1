"""What a lead types: hours, a deliverable, a month, a cost."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.cohort.pay.actions import Work
from alongside.cohort.pay.forms.reading import HoursField, SumField
from alongside.cohort.pay.models import Claim
from alongside.core.pictures import NotAPictureError, cleaned
from alongside.core.policy import Pack
from alongside.core.policy.pay import PayKind
from alongside.ground.look.forms import Choices, DayInput

LONGEST = 1000


class _LogForm(forms.Form):
    """What every piece of work and every cost has: a day, a kind, perhaps a note."""

    kind = ""

    on = forms.DateField(label=_("On which day?"), widget=DayInput)
    note = forms.CharField(
        label=_("A note for the steward"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only the steward reads it. Write nothing about other people."),
    )
    again = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    past = forms.BooleanField(required=False, widget=forms.HiddenInput)
    corrects = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, pack: Pack, lang: str, today: date, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.currency = today, currency
        kinds = [(one.id, one.name.say(lang)) for one in self.kinds(pack)]
        self.fields["what"] = forms.ChoiceField(
            label=self.asks(), choices=kinds, widget=Choices(two=True), initial=kinds[0][0]
        )
        self.fields["on"].initial = today
        self.order_fields(["on", "hours", "month", "amount", "what", "bill", "note"])

    def kinds(self, pack: Pack) -> tuple[PayKind, ...]:
        """Give the kinds to choose from."""
        return pack.pay.kinds_of_work

    def asks(self) -> str:
        """Ask for the kind."""
        return say("What kind of work?")

    def clean_on(self) -> date:
        """Refuse a day that lies ahead."""
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(say("This day lies ahead; log the work when it is done."))
        self.day = on
        return on

    def work(self, corrects: Claim | None = None) -> Work:
        """Give what was typed as the action takes it."""
        typed = self.cleaned_data
        return Work(
            kind=self.kind,
            what=typed["what"],
            on=typed["on"],
            minutes=typed.get("hours"),
            money=typed.get("amount"),
            note=typed["note"],
            bill=typed.get("bill"),
            again=typed["again"] or 0,
            past=typed["past"],
            corrects=corrects,
        )


class WorkForm(_LogForm):
    """Hours of a day."""

    kind = "hours"
    hours = HoursField(label=_("How many hours?"), help_text=_("For example 2, 1.5 or 1:30."))


class PieceForm(_LogForm):
    """A deliverable: something finished."""

    kind = "deliverable"

    def asks(self) -> str:
        """Ask for the kind."""
        return say("What did you finish?")


class MonthForm(_LogForm):
    """A month of a stipend."""

    kind = "month"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = say("Any day of the month")

    def clean_on(self) -> date:
        """Give the first day of the month."""
        return super().clean_on().replace(day=1)


class CostForm(_LogForm):
    """A cost to be paid back, with a picture of the bill if there is one."""

    kind = "cost"
    bill = forms.FileField(
        label=_("A picture of the bill or ticket"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
        help_text=_(
            "JPEG or PNG, up to 5 MB. Place, time and device are taken out of it. Only you and the steward can see it."
        ),
    )

    def __init__(self, *args: Any, is_cut_off: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_cut_off = is_cut_off
        self.fields["amount"] = SumField(
            currency=self.currency, label=say("How much, in %(currency)s?") % {"currency": self.currency}
        )
        self.order_fields(["on", "amount", "what", "bill", "note"])

    def kinds(self, pack: Pack) -> tuple[PayKind, ...]:
        """Give the kinds of cost."""
        return pack.pay.kinds_of_cost

    def asks(self) -> str:
        """Ask for the kind."""
        return say("What was it for?")

    def clean_bill(self) -> tuple[str, bytes] | None:
        """Check size and kind of the picture, and give it clean."""
        file = self.cleaned_data["bill"]
        if self.is_cut_off or (file and file.size > settings.BILL_MOST_BYTES):
            raise forms.ValidationError(
                say("The picture is larger than 5 MB; take it again with fewer details, or send none.")
            )
        if not file:
            return None
        try:
            return cleaned(file.read())
        except NotAPictureError as error:
            raise forms.ValidationError(
                say("This file is no JPEG and no PNG picture, or it is cut off; take a photo of the bill.")
            ) from error


FORMS: dict[str, type[_LogForm]] = {"hour": WorkForm, "deliverable": PieceForm, "month": MonthForm}


def form_for(per: str) -> type[_LogForm]:
    """Give the form for work that is paid per hour, deliverable or month."""
    return FORMS[per]
