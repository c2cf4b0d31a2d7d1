"""Money as a whole number of its smallest coin, in one currency. Never a float, never two currencies in one sum."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

CURRENCY = re.compile(r"[A-Z]{3}\Z")
PLAIN = re.compile(r"[0-9]{1,12}(\.[0-9]+)?\Z")
#: How many digits the smallest coin takes where it is not two (ISO 4217).
DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX"), 0),
    **dict.fromkeys(("UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
HOUR = 60


class MoneyError(ValueError):
    """A sum of money cannot be read or worked with; the message says the cure."""


@dataclass(frozen=True)
class Money:
    """A sum: `minor` smallest coins of a `currency`."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise MoneyError("A sum is not a whole number of coins; use Money.of with a Decimal.")
        if not CURRENCY.match(self.currency):
            raise MoneyError(f"{self.currency!r} is not a currency; write three capitals, as USD.")

    @classmethod
    def of(cls, amount: Decimal | str, currency: str) -> "Money":
        """Make a sum from an exact amount. Raises MoneyError for a float, or for parts of the smallest coin."""
        if not isinstance(amount, Decimal | str):
            raise MoneyError(f"{amount!r} is not exact; pass a Decimal or text.")
        try:
            coins = Decimal(amount).scaleb(digits(currency))
        except InvalidOperation as error:
            raise MoneyError(f"{amount!r} is not an amount; write it as 1234.50.") from error
        if not coins.is_finite() or coins != coins.to_integral_value():
            raise MoneyError(f"{amount} has more digits than {currency} has; round it first.")
        return cls(int(coins), currency)

    @property
    def amount(self) -> Decimal:
        """Give the exact amount, with as many digits as the currency has."""
        return Decimal(self.minor).scaleb(-digits(self.currency))

    def plain(self) -> str:
        """Write the amount for machines: digits and a point, as 1234.50."""
        return f"{self.amount:f}"

    def __str__(self) -> str:
        return f"{self.plain()} {self.currency}"

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._same(other)

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise MoneyError(f"{self} and {other} are two currencies; sum each by itself.")
        return other.minor


def digits(currency: str) -> int:
    """Give how many digits of an amount stand after the point in a currency."""
    return DIGITS.get(currency, 2)


def read_plain(text: str, currency: str) -> Money:
    """Read an amount as a machine writes it: 1234.50, no sign and no commas. Raises MoneyError."""
    if not PLAIN.match(text):
        raise MoneyError(f"{text!r} is not an amount; write digits and a point, as 1234.50.")
    return Money.of(text, currency)


def sums(given: Iterable[Money]) -> list[Money]:
    """Add sums up, each currency by itself, in the order of their names."""
    found: dict[str, int] = {}
    for one in given:
        found[one.currency] = found.get(one.currency, 0) + one.minor
    return [Money(minor, currency) for currency, minor in sorted(found.items())]


def for_time(minutes: int, rate: Money) -> Money:
    """Give what some minutes are worth at a rate an hour; half a coin goes up."""
    coins = (Decimal(rate.minor) * minutes / HOUR).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return Money(int(coins), rate.currency)


def in_hours(minutes: int) -> str:
    """Write minutes as hours and minutes, as 1:30."""
    return f"{minutes // HOUR}:{minutes % HOUR:02}"
