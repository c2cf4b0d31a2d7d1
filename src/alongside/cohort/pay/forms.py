"""What people type about pay: leads their work, stewards terms, decisions and runs, finance its answer."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any, override

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from alongside.cohort.pay.actions.claims import Work
from alongside.cohort.pay.actions.terms import Terms
from alongside.cohort.pay.models import Claim
from alongside.core.money import HOUR, Money
from alongside.core.pay_files import RefusedRow
from alongside.core.pictures import cleaned
from alongside.core.policy.pack import Pack
from alongside.core.policy.pay import THANKS, PayKind
from alongside.core.refusals import UnusableInputError
from alongside.core.workflow.pay import ClaimKind, Per
from alongside.ground.gate.limits import LARGEST_FILE, LARGEST_PAY_FILE, MEGABYTE
from alongside.ground.ui.days import day_in_words
from alongside.ground.ui.forms import WESTERN, Choices, DayInput, SumField, SumsForm, area, count_in
from alongside.ground.ui.languages import listed
from alongside.ground.ui.numbers import money as money_in_words

HOURS = re.compile(r"(\d{1,2})(?:[.,](\d{1,2})|:([0-5]\d))?\Z")
DAY = 24 * HOUR
TENTHS = 2


class HoursField(forms.CharField):
    """Hours of one day. Gives whole minutes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=8, **kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "dir": "ltr"}

    @override
    def clean(self, value: Any) -> Any:
        """Read 2, 1.5, 1,5 or 1:30."""
        match = HOURS.match(super().clean(value).translate(WESTERN).strip())
        if match is None:
            raise forms.ValidationError(say("Write the hours as 2, 1.5 or 1:30."))
        whole, part, minutes = match.groups()
        hundredths = int((part or "0").ljust(TENTHS, "0"))
        found = int(whole) * HOUR + (int(minutes) if minutes else round(hundredths * HOUR / 100))
        if not 0 < found <= DAY:
            raise forms.ValidationError(say("A day has 24 hours; write between 0:01 and 24."))
        return found


LONGEST = 1000


class LogForm(SumsForm):
    """What every piece of work and every cost has: a day, a kind, perhaps a note."""

    kind: ClaimKind
    order: tuple[str, ...] = ("on", "hours", "amount", "what", "advance", "bill", "note")
    #: Whether the server cut off what was sent, because it was too much.
    is_cut_off = False

    on = forms.DateField(label=_("On which day?"), widget=DayInput)
    note = forms.CharField(
        label=_("A note for the program coordinator"),
        max_length=LONGEST,
        required=False,
        widget=area(2),
        help_text=_("Only the program coordinator reads it. Write nothing about other people."),
    )
    again = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    past = forms.BooleanField(required=False, widget=forms.HiddenInput)
    past_stop = forms.BooleanField(required=False, widget=forms.HiddenInput)
    corrects = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, pack: Pack, lang: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        kinds = [(one.id, one.name.say(lang)) for one in self.kinds(pack)]
        self.fields["what"] = forms.ChoiceField(
            label=self.asks(),
            choices=kinds,
            widget=Choices(two=True),
            initial=kinds[0][0] if len(kinds) == 1 else None,
        )
        self.fields["on"].initial = today
        self.order_fields(self.order)

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
            past_stop=typed["past_stop"],
            corrects=corrects,
        )


class WorkForm(LogForm):
    """Hours of a day."""

    kind = ClaimKind.HOURS
    hours = HoursField(label=_("How many hours?"), help_text=_("For example 2, 1.5 or 1:30."))


class PieceForm(LogForm):
    """A deliverable: something finished."""

    kind = ClaimKind.DELIVERABLE

    def asks(self) -> str:
        """Ask for the kind."""
        return say("What did you finish?")


class MonthForm(LogForm):
    """A month of a stipend."""

    kind = ClaimKind.MONTH

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = say("Any day of the month")

    def clean_on(self) -> date:
        """Give the first day of the month."""
        return super().clean_on().replace(day=1)


class CostForm(LogForm):
    """A cost to be paid back, or one that an advance paid, with a picture of the bill if there is one."""

    kind = ClaimKind.COST
    #: The advances of the lead that are not accounted for.
    advances: Mapping[str, Claim] = MappingProxyType({})
    amount = SumField(label=_("How much, in %(currency)s?"))
    bill = forms.FileField(
        label=_("A picture of the bill or ticket"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
        help_text=format_lazy(
            _(
                "JPEG or PNG, up to {most} MB. Place, time and device are taken out of it. Only you and the program coordinator can see it."
            ),
            most=LARGEST_FILE // MEGABYTE,
        ),
    )

    def offer(self, advances: Sequence[Claim]) -> None:
        """Ask which advance paid the cost, where the lead has one that is not accounted for."""
        self.advances = {str(one.pk): one for one in advances}
        if advances:
            self.fields["advance"] = forms.ChoiceField(
                label=say("Who paid it?"),
                choices=[("", say("I did. Pay it back to me")), *_left(advances)],
                required=False,
                widget=Choices,
            )
            self.order_fields(self.order)

    def work(self, corrects: Claim | None = None) -> Work:
        """Give what was typed, with the advance that paid it."""
        advance = self.advances.get(self.cleaned_data.get("advance") or "")
        return replace(super().work(corrects), advance=advance)

    def kinds(self, pack: Pack) -> tuple[PayKind, ...]:
        """Give the kinds of cost; thank-you money is counted in stubs, on a page of its own."""
        return tuple(one for one in pack.pay.kinds_of_cost if one.id != THANKS)

    def asks(self) -> str:
        """Ask for the kind."""
        return say("What was it for?")

    def clean_bill(self) -> tuple[str, bytes] | None:
        """Check size and kind of the picture, and give it clean."""
        file = self.cleaned_data["bill"]
        if self.is_cut_off or (file and file.size > LARGEST_FILE):
            raise forms.ValidationError(
                say("The picture is larger than %(most)s MB; take it again with fewer details, or send none.")
                % {"most": LARGEST_FILE // MEGABYTE}
            )
        if not file:
            return None
        try:
            return cleaned(file.read())
        except UnusableInputError as error:
            raise forms.ValidationError(
                say("This file is no JPEG and no PNG picture, or it is cut off; take a photo of the bill.")
            ) from error


def _left(advances: Iterable[Claim]) -> list[tuple[str, str]]:
    words = say("From the advance of %(day)s: %(rest)s left")
    return [
        (str(one.pk), words % {"day": day_in_words(one.on), "rest": money_in_words(one.rest)})
        for one in advances
    ]


class StubsForm(LogForm):
    """The thank-you money of a session: how many stubs people exchanged, and for how much each. No name, and no list."""

    kind = ClaimKind.COST
    order = ("on", "stubs", "each", "advance", "what", "note")
    stubs = forms.IntegerField(
        label=_("How many stubs did people exchange?"),
        min_value=1,
        max_value=10_000,
        help_text=_(
            "Count them. Then give the stubs, and what is left of the money, to the program coordinator."
        ),
    )
    each = SumField(label=_("For how much each, in %(currency)s?"))

    def __init__(self, *args: Any, advances: Sequence[Claim], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.advances = {str(one.pk): one for one in advances if one.what == THANKS}
        self.fields["advance"] = forms.ChoiceField(
            label=say("From which money?"), choices=_left(self.advances.values()), widget=Choices
        )
        if len(self.advances) == 1:
            self.fields["advance"].widget = forms.HiddenInput()
            self.fields["advance"].initial = next(iter(self.advances))
        self.fields["what"].widget = forms.HiddenInput()
        self.order_fields(self.order)

    def kinds(self, pack: Pack) -> tuple[PayKind, ...]:
        """Give the one kind."""
        return tuple(one for one in pack.pay.kinds_of_cost if one.id == THANKS)

    def work(self, corrects: Claim | None = None) -> Work:
        """Give what was counted, with the advance that paid it."""
        stubs, each = self.cleaned_data["stubs"], self.cleaned_data["each"]
        advance = self.advances[self.cleaned_data["advance"]]
        money = Money(stubs * each.minor, each.currency)
        return replace(
            super().work(corrects), money=money, stubs=stubs, advance=advance, session=advance.session
        )


class CountForm(forms.Form):
    """What a second person counts of the stubs of a session."""

    stubs = forms.IntegerField(label=_("How many stubs did you count?"), min_value=0, max_value=10_000)


#: How a session is named where it is not read: engagement/session.
SESSION = re.compile(r"[a-z0-9-]{1,60}/s[0-9]{1,4}\Z")


class AdvanceForm(LogForm):
    """Money for a cost before it is spent."""

    kind = ClaimKind.ADVANCE
    order = ("amount", "what", "note")
    amount = SumField(label=_("How much, in %(currency)s?"))
    session = forms.RegexField(regex=SESSION, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].widget = forms.HiddenInput()
        self.fields["note"].label = say("For what, and by which day do you need it?")

    def work(self, corrects: Claim | None = None) -> Work:
        """Give what was asked for, with the session whose people it thanks."""
        typed = self.cleaned_data
        return replace(super().work(corrects), session=typed["session"] if typed["what"] == THANKS else "")

    def kinds(self, pack: Pack) -> tuple[PayKind, ...]:
        """Give the kinds of cost."""
        return pack.pay.kinds_of_cost

    def asks(self) -> str:
        """Ask for the kind."""
        return say("What is it for?")


class ReturnedForm(SumsForm):
    """How much of an advance came back, and when."""

    amount = SumField(label=_("How much came back, in %(currency)s?"))
    on = forms.DateField(label=_("On which day?"), widget=DayInput)


FORMS: dict[str, type[LogForm]] = {
    Per.HOUR: WorkForm,
    Per.DELIVERABLE: PieceForm,
    Per.MONTH: MonthForm,
}


def row_in_words(row: RefusedRow) -> str:
    """Say why a row of a file does not match, and what to do."""
    told = {"says": row.says, "expected": row.expected}
    words = {
        "unknown": say("No payment has this reference. Look for a typing mistake, or take the row out."),
        "twice": say("This reference stands in the file more than once. Keep the row that is right."),
        "rejected": say(
            "The bank sent this payment back. Take the row out; a later run sends it again under another reference."
        ),
        "paid-already": say("This came back before, as paid on %(expected)s. Take the row out."),
        "currency": say("The currency is %(says)s, and we asked for %(expected)s. Ask the finance office."),
        "amount": say("“%(says)s” is not an amount; write it as %(expected)s, without marks for thousands."),
        "sum": say("%(says)s was paid, and we asked for %(expected)s. Ask the finance office what happened."),
        "day": say("“%(says)s” is not a day; write it as 2026-11-24."),
        "future": say("%(says)s lies ahead; take the row out until it is paid."),
        "before": say("%(says)s lies before the run was closed on %(expected)s; correct the day."),
    }
    return words[row.why] % told


def unreadable_in_words(error: UnusableInputError) -> str:
    """Say why a file cannot be read at all, and what to do."""
    if error.about:
        return say("The first line must name these columns, each once: %(names)s.") % {
            "names": listed(error.about)
        }
    words = {
        "empty": say("The file has no rows below its first line; send the file with the payments."),
        "rows": say("The file has more than 5,000 rows; split it and send each part."),
        "columns": say("The file cannot be read as CSV; save it again as CSV."),
    }
    return words[error.why]


LONGEST_TERMS = 2000
PER = (
    (Per.HOUR, _("for each hour")),
    (Per.MONTH, _("for each month")),
    (Per.DELIVERABLE, _("for each deliverable")),
)


def _reason(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST_TERMS, widget=area(3), help_text=help_text)


class ChosenForm(forms.Form):
    """A form whose currency is chosen where there is more than one."""

    def __init__(self, *args: Any, currencies: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(currencies) > 1:
            self.fields["currency"] = forms.ChoiceField(
                label=say("Currency"), choices=[(one, one) for one in currencies]
            )
        chosen = str(self.data.get("currency") or self.initial.get("currency") or "")
        count_in(self, chosen if chosen in currencies else currencies[0])


class BudgetForm(ChosenForm):
    """What a cohort may be paid in all."""

    amount = SumField(
        label=_("Budget of this cohort for pay and costs, in %(currency)s"),
        help_text=_("It goes on the public log."),
    )


class TermsForm(ChosenForm):
    """What is agreed with one seat."""

    per = forms.ChoiceField(label=_("Paid"), choices=PER, widget=Choices)
    rate = SumField(label=_("How much, in %(currency)s"))
    limit = SumField(
        label=_("In all, not to exceed, in %(currency)s"),
        help_text=_("Nothing is paid beyond this until you raise it, with a reason."),
    )
    from_date = forms.DateField(label=_("From"), widget=DayInput)
    until_date = forms.DateField(label=_("To"), widget=DayInput)

    def __init__(self, *args: Any, currencies: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, currencies=currencies, **kwargs)
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


class StopForm(SumsForm):
    """At which sum in a month a lead wants to stop; empty for none."""

    amount = SumField(
        required=False,
        label=_("Stop me in a month at, in %(currency)s"),
        help_text=_("Leave it empty to be stopped at nothing."),
    )


class RaiseForm(SumsForm):
    """A higher sum not to exceed, and why."""

    limit = SumField(label=_("In all, not to exceed, in %(currency)s"))
    reason = _reason(_("Why?"), _("Kept with the agreement. The lead can read it."))


class SendBackForm(forms.Form):
    """Why something is sent back."""

    reason = _reason(_("Why?"), _("Say what to change. The lead reads this and logs it anew."))


class RejectForm(forms.Form):
    """Why a payment came back."""

    reason = _reason(
        _("What does the bank or the finance office say?"),
        _("The lead reads this first on their page of pay. Write what they can do, and no bank details."),
    )


class CorrectForm(SumsForm):
    """What was paid in truth, when, and why it is written otherwise."""

    paid_on = forms.DateField(label=_("Paid on"), widget=DayInput)
    amount = SumField(label=_("What was paid, in %(currency)s"))
    reason = _reason(_("Why is it corrected?"), _("The lead reads this. What was written before stays."))


class TakeForm(forms.Form):
    """The file that came back from the finance office."""

    file = forms.FileField(
        label=_("File from the finance office (CSV)"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> str:
        """Give the text of the file."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_PAY_FILE:
            raise forms.ValidationError(
                say("The file is larger than %(most)s KB; split it and send each part.")
                % {"most": LARGEST_PAY_FILE // 1000}
            )
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise forms.ValidationError(
                say("The file cannot be read; save it as CSV with the encoding UTF-8.")
            ) from error


class BackForm(forms.Form):
    """The same file again, after its preview; `only` takes in the rows that match and leaves the rest out."""

    text = forms.CharField(widget=forms.HiddenInput, strip=False, max_length=LARGEST_PAY_FILE)
    only = forms.BooleanField(required=False, widget=forms.HiddenInput)
