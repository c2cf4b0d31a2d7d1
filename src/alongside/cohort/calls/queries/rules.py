"""What a call says: its texts by name in a language, its data for the record, and what is missing."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from alongside.cohort.calls.models import Call
from alongside.cohort.calls.queries.balancing import rules_of
from alongside.core.grammar.calls import CALL_TEXTS
from alongside.core.words import has_words

DAYS_A_MONTH = Decimal("30.4375")
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Part:
    """What a call names one by one: its column, and how the entry calls its words, those below, and its number."""

    column: str
    name: str
    below: str = ""
    number: str = ""

    def lines(self, call: Call) -> list[tuple[str, int]]:
        """Give the key and the number of each, 0 where there is none."""
        held = getattr(call, self.column)
        return [(one[self.name], one[self.number]) if self.number else (one, 0) for one in held]

    def names(self, key: str) -> list[str]:
        """Give the names of the texts of one."""
        return [f"{one}-{key}" for one in (self.name, self.below) if one]


PARTS = {
    "questions": Part("questions", "question", "hint"),
    "criteria": Part("rubric", "criterion", "means", "points"),
    "sought": Part("sought", "sought", "", "least"),
}
#: Texts that applicants answer to; the linter reads them.
ASKED = ("question-", "hint-", "sought-")
BELOW = ("hint-", "means-")


def asked_texts(call: Call) -> list[str]:
    """List every wording of what applicants answer to, hints too, for the linter."""
    texts = (pair for own in call.words.values() for pair in own.items())
    return [words for name, words in texts if name.startswith(ASKED)]


def names_of(call: Call) -> list[str]:
    """List the names of all texts of a call; a text below another is one of them where it was written first."""
    own = [name for part in PARTS.values() for key, _n in part.lines(call) for name in part.names(key)]
    first = call.words.get(call.first_lang, {})
    return [*CALL_TEXTS, *(one for one in own if first.get(one) or not one.startswith(BELOW))]


def texts_in(call: Call, lang: str) -> dict[str, str]:
    """Give every text of a call in a language by its name in the entry; what has no words is left out."""
    own = call.words.get(lang, {})
    return {name: str(own[name]) for name in names_of(call) if has_words(own.get(name, ""))}


def missing_words(call: Call) -> dict[str, int]:
    """Count the texts that a call lacks, by language."""
    every = len(names_of(call))
    return {lang: every - len(texts_in(call, lang)) for lang in call.languages}


def months_of(call: Call) -> Decimal:
    """Count the months of a call's term, to the nearest whole one."""
    days = (call.term_until - call.term_from).days + 1
    return max(Decimal(1), (Decimal(days) / DAYS_A_MONTH).quantize(Decimal(1)))


def most_it_can_pay(call: Call) -> Decimal:
    """Give what one lead is paid at most over the term, to the cent; 0 for a call without pay."""
    if call.pay_amount is None:
        return Decimal(0)
    times = {
        "hour": call.hours_a_month * months_of(call),
        "month": months_of(call),
        "term": Decimal(1),
    }[call.pay_per]
    return (call.pay_amount * times).quantize(CENT)


def published_data(call: Call) -> dict[str, Any]:
    """Give the rules of a call as its entry holds them. Money is a decimal in quotes."""
    data: dict[str, Any] = {
        "call": call.slug,
        "seats": call.seats,
        "alternates": call.alternates,
        "hours_a_month": call.hours_a_month,
        "term": {"from": call.term_from.isoformat(), "until": call.term_until.isoformat()},
        "languages": list(call.languages),
        "opens": call.opens.isoformat(),
        "closes": call.closes.isoformat(),
        "decides": call.decides_by.isoformat(),
        "selection": call.selection,
        "rubric": call.rubric,
        "questions": call.questions,
        "sought": call.sought,
        "budget": str(call.budget.quantize(CENT)),
        "not_to_exceed": str(call.not_to_exceed.quantize(CENT)),
        "currency": call.pay_currency,
    }
    if call.pay_amount is not None:
        amount = str(call.pay_amount.quantize(CENT))
        data["pay"] = {"amount": amount, "currency": call.pay_currency, "per": call.pay_per}
    if quotas := rules_of(call):
        data["quotas"] = [vars(one) for one in quotas]
    return data
