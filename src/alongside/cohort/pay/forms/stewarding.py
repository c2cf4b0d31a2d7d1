"""What the steward types: budgets, agreements, reasons, and the file that comes back."""

from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.cohort.pay.actions import Terms
from alongside.cohort.pay.forms.reading import SumField
from alongside.ground.look.forms import Choices, DayInput

LONGEST = 2000
MOST_BYTES = 400_000
PER = (
    ("hour", _("for each hour")),
    ("month", _("for each month")),
    ("deliverable", _("for each deliverable")),
)


def _reason(label: Any, help_text: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=LONGEST, widget=area, help_text=help_text)


def _currencies(form: forms.Form, currencies: tuple[str, ...]) -> str:
    """Add a choice of currency where there is more than one; give the one that counts for this form."""
    if len(currencies) > 1:
        form.fields["currency"] = forms.ChoiceField(
            label=say("Currency"), choices=[(one, one) for one in currencies]
        )
    chosen = str(form.data.get("currency") or form.initial.get("currency") or currencies[0])
    return chosen if chosen in currencies else currencies[0]


class BudgetForm(forms.Form):
    """What a cohort may be paid in all."""

    def __init__(self, *args: Any, currencies: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currency = _currencies(self, currencies)
        label = say("Budget of this cohort for pay and costs, in %(currency)s") % {"currency": currency}
        self.fields["amount"] = SumField(
            currency=currency, label=label, help_text=say("It goes on the public record.")
        )


class TermsForm(forms.Form):
    """What is agreed with one seat."""

    per = forms.ChoiceField(label=_("Paid"), choices=PER, widget=Choices)
    from_date = forms.DateField(label=_("From"), widget=DayInput)
    until_date = forms.DateField(label=_("To"), widget=DayInput)

    def __init__(self, *args: Any, currencies: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currency = _currencies(self, currencies)
        given = {"currency": currency}
        self.fields["rate"] = SumField(currency=currency, label=say("How much, in %(currency)s") % given)
        self.fields["limit"] = SumField(
            currency=currency,
            label=say("In all, not to exceed, in %(currency)s") % given,
            help_text=say("Nothing is paid beyond this until you raise it, with a reason."),
        )
        self.order_fields(["currency", "per", "rate", "limit", "from_date", "until_date"])

    def clean(self) -> dict[str, Any]:
        """Refuse dates and sums that cannot be."""
        typed = super().clean() or {}
        first, last = typed.get("from_date"), typed.get("until_date")
        if first and last and last < first:
            self.add_error("until_date", say("This ends before it begins; choose a later day."))
        rate, limit = typed.get("rate"), typed.get("limit")
        if rate and limit and rate > limit:
            self.add_error("limit", say("This would not pay for one; write a larger sum."))
        return typed

    def terms(self, call: int | None) -> Terms:
        """Give what was typed as the action takes it."""
        typed = self.cleaned_data
        return Terms(
            per=typed["per"],
            rate=typed["rate"],
            limit=typed["limit"],
            from_date=typed["from_date"],
            until_date=typed["until_date"],
            call=call,
        )


class RaiseForm(forms.Form):
    """A higher sum not to exceed, and why."""

    reason = _reason(_("Why?"), _("Kept with the agreement. The lead can read it."))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = say("In all, not to exceed, in %(currency)s") % {"currency": currency}
        self.fields["limit"] = SumField(currency=currency, label=label)
        self.order_fields(["limit", "reason"])


class SendBackForm(forms.Form):
    """Why something is sent back."""

    reason = _reason(_("Why?"), _("Say what to change. The lead reads this and logs it anew."))


class RejectForm(forms.Form):
    """Why a payment came back."""

    reason = _reason(
        _("What does the bank or the finance office say?"), _("The lead reads this. Write no bank details.")
    )


class CorrectForm(forms.Form):
    """What was paid in truth, when, and why it is written otherwise."""

    paid_on = forms.DateField(label=_("Paid on"), widget=DayInput)
    reason = _reason(_("Why is it corrected?"), _("The lead reads this. What was written before stays."))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = say("What was paid, in %(currency)s") % {"currency": currency}
        self.fields["amount"] = SumField(currency=currency, label=label)
        self.order_fields(["paid_on", "amount", "reason"])


class TakeForm(forms.Form):
    """The file that came back from the finance office."""

    file = forms.FileField(
        label=_("File from the finance office (CSV)"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> str:
        """Give the text of the file."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(say("The file is larger than 400 KB; split it and send each part."))
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise forms.ValidationError(
                say("The file cannot be read; save it as CSV with the encoding UTF-8.")
            ) from error


class BackForm(forms.Form):
    """The same file again, after its preview; `only` takes in the rows that match and leaves the rest out."""

    text = forms.CharField(widget=forms.HiddenInput, strip=False, max_length=MOST_BYTES)
    only = forms.BooleanField(required=False, widget=forms.HiddenInput)
