"""What a call says: its texts by name in a language, its data for the record, and what is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from alongside.cohort.calls.models import Call, Criterion, Question, Sought
from alongside.cohort.calls.queries.balancing import rules_of
from alongside.core.grammar.calls import CALL_TEXTS
from alongside.core.words import has_words

DAYS_A_MONTH = Decimal("30.4375")
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Gap:
    """Words that a call lacks in a language."""

    lang: str
    name: str


def asked_texts(one: Question | Criterion | Sought) -> list[str]:
    """List every wording of a question or of what is sought, hints too, for the linter."""
    return [*one.words.values(), *(one.hint.values() if isinstance(one, Question) else ())]


def _named(call: Call) -> Iterator[tuple[str, dict[str, str], bool]]:
    """Give the name in the entry, the wordings, and whether they must be there, of every part of a call."""
    for question in call.questions.all():
        yield f"question-{question.key}", question.words, True
        yield f"hint-{question.key}", question.hint, bool(question.hint.get(call.first_lang))
    for criterion in call.criteria.all():
        yield f"criterion-{criterion.key}", criterion.words, True
        yield f"means-{criterion.key}", criterion.means, bool(criterion.means.get(call.first_lang))
    for sought in call.sought.all():
        yield f"sought-{sought.key}", sought.words, True


def names_of(one: Question | Criterion | Sought) -> dict[str, str]:
    """Give the names that the texts of a part have in the entry, each with the column it is kept in."""
    if isinstance(one, Question):
        return {f"question-{one.key}": "words", f"hint-{one.key}": "hint"}
    if isinstance(one, Criterion):
        return {f"criterion-{one.key}": "words", f"means-{one.key}": "means"}
    return {f"sought-{one.key}": "words"}


def texts_in(call: Call, lang: str) -> dict[str, str]:
    """Give every text of a call in a language by its name in the entry; what has no words is left out. Three queries."""
    own = call.words.get(lang, {})
    texts = {name: str(own.get(name, "")) for name in CALL_TEXTS}
    texts |= {name: words.get(lang, "") for name, words, _must in _named(call)}
    return {name: words for name, words in texts.items() if has_words(words)}


def gaps(call: Call) -> list[Gap]:
    """List the words that a call lacks, in each of its languages."""
    must = [*CALL_TEXTS, *(name for name, _words, is_needed in _named(call) if is_needed)]
    there = {lang: texts_in(call, lang) for lang in call.languages}
    return [Gap(lang, name) for lang in call.languages for name in must if name not in there[lang]]


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
        "rubric": [{"criterion": one.key, "points": one.points} for one in call.criteria.all()],
        "questions": [one.key for one in call.questions.all()],
        "sought": [{"sought": one.key, "least": one.least} for one in call.sought.all()],
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


def words_of(words: dict[str, str], lang: str, first: str) -> tuple[str, str]:
    """Give words of a call in a language, else as first written, with the language that they are in."""
    told = lang if words.get(lang) else first
    return words.get(told, ""), told
