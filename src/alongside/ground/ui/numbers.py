"""How numbers and sums of money are written: in the digits and groups of the reader's language."""

from collections.abc import Iterable

from django.utils.formats import number_format
from django.utils.translation import get_language_bidi

from alongside.core.money import Money, digits

FIRST_STRONG, POP = "\u2068", "\u2069"


def counted(number: int) -> str:
    """Write a whole number the way the reader's language groups its digits."""
    return number_format(number, use_l10n=True, force_grouping=True)


def money(value: Money) -> str:
    """Write a sum as 1,250.00 USD; kept together, and in its own direction where the page runs right to left."""
    number = number_format(
        value.amount, decimal_pos=digits(value.currency), use_l10n=True, force_grouping=True
    )
    words = f"{number}\u00a0{value.currency}"
    return f"{FIRST_STRONG}\u200e{words}{POP}" if get_language_bidi() else words


def sums(values: Iterable[Money]) -> str:
    """Write sums of several currencies one after another; 0 where there is none."""
    return " + ".join(money(one) for one in values) or "0"
