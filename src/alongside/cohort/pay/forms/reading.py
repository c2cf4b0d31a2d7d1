"""Read sums and times as people type them, in any language of the site."""

import re
from typing import Any, override

from django import forms
from django.utils.translation import gettext as say

from alongside.core.money import Money, MoneyError

SUM = re.compile(r"\d{1,9}([.,]\d{1,3})?\Z")
HOURS = re.compile(r"(\d{1,2})(?:[.,](\d{1,2})|:([0-5]\d))?\Z")
#: Digits of Arabic and Persian, so that a phone's own keys work.
WESTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫", "01234567890123456789.")
HOUR, DAY = 60, 24 * 60
TENTHS = 2


class SumField(forms.CharField):
    """A sum in one currency. Gives Money."""

    def __init__(self, *, currency: str, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)
        self.currency = currency
        self.widget.attrs |= {"inputmode": "decimal", "dir": "ltr"}

    @override
    def clean(self, value: Any) -> Any:
        """Read 1250, 1250.50 or 1250,50; nothing else, because 1,250 means two things."""
        text = super().clean(value)
        if not text:
            return None
        plain = text.translate(WESTERN).replace(self.currency, "").strip()
        try:
            money = Money.of(plain.replace(",", ".") if SUM.match(plain) else "", self.currency)
        except MoneyError as error:
            raise forms.ValidationError(
                say("Write the sum in digits, as 1250 or 1250.50, without a mark for thousands.")
            ) from error
        if not money.minor:
            raise forms.ValidationError(say("The sum is nothing; write how much."))
        return money


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
