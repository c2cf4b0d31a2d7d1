"""Quotas of a call as pages and actions read them: the rules, counsel's advice, what applicants have, the list of panels."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from alongside.cohort.calls.models import (
    Application,
    Balance,
    Call,
    CounselAdvice,
    Lottery,
    PanelsAsked,
    Ticket,
    TicketFacts,
)
from alongside.core.disclosure import Band, Fewer, band
from alongside.core.policy.calls import Category
from alongside.core.policy.pack import Pack
from alongside.core.quotas import Quota, by_category
from alongside.ground.programs.models import Program

#: The value of those who would rather not say; its quota is always from nobody to everybody.
NOT_SAID = "rather-not-say"
PACKAGE = "sortition_algorithms"


def has_package() -> bool:
    """Say whether the optional package that makes lists of panels is installed."""
    return find_spec(PACKAGE) is not None


def rules_of(call: Call) -> list[Quota]:
    """Give the quotas of a call, each category with those who would rather not say."""
    return whole([Quota(**one) for one in call.quotas], call.seats)


def whole(rows: Iterable[Quota], seats: int) -> list[Quota]:
    """Add to each category the quota of those who would rather not say."""
    found = []
    for category, own in by_category(rows).items():
        found += [*(one for one in own if one.value != NOT_SAID), Quota(category, NOT_SAID, 0, seats)]
    return found


def advice_of(program: Program) -> list[CounselAdvice]:
    """List counsel's advice on quotas, newest first. One query."""
    return list(CounselAdvice.objects.filter(program=program).order_by("-on", "-pk"))


def lacks_advice(program: Program, pack: Pack, quotas: Sequence[Quota]) -> list[Category]:
    """List the protected categories of some quotas for which no advice of counsel is recorded. One query."""
    advised = {one for row in advice_of(program) for one in row.categories}
    used = [pack.calls.category(one) for one in by_category(quotas)]
    return [one for one in used if one and one.protected and one.id not in advised]


def advice_for(program: Program, pack: Pack, quotas: Sequence[Quota]) -> CounselAdvice | None:
    """Give the newest advice that covers a protected category of some quotas, or None. One query."""
    used = {one for one in by_category(quotas) if (found := pack.calls.category(one)) and found.protected}
    return next((row for row in advice_of(program) if used & set(row.categories)), None)


@dataclass(frozen=True)
class QuotaLine:
    """One value with its numbers; no words stand for those who would rather not say. `count` is how many of a pool have it."""

    value: str
    words: str
    lang: str
    least: int
    most: int
    count: Band | Fewer | None = None


@dataclass(frozen=True)
class Balanced:
    """One category as people read it: the question, and its lines."""

    id: str
    words: str
    lang: str
    lines: list[QuotaLine]


def told_quotas(
    rows: Iterable[Mapping[str, Any]],
    pack: Pack,
    lang: str,
    counts: Mapping[tuple[str, str], int] | None = None,
) -> list[Balanced]:
    """Give quotas, as an entry or a form holds them, in the words of the pack."""
    found = []
    for name, own in by_category(Quota(**one) for one in rows).items():
        category = pack.calls.category(name)
        words = {one.id: one.words for one in category.choices} if category else {}
        lines = [
            QuotaLine(
                one.value,
                words[one.value].say(lang) if one.value in words else "",
                words[one.value].lang_of(lang) if one.value in words else lang,
                one.least,
                one.most,
                None if counts is None else band(counts.get((name, one.value), 0), pack),
            )
            for one in own
        ]
        asked = category.words if category else None
        found.append(
            Balanced(name, asked.say(lang) if asked else name, asked.lang_of(lang) if asked else lang, lines)
        )
    return found


def facts_of(applications: Sequence[UUID], quotas: Sequence[Quota]) -> dict[UUID, dict[str, str]]:
    """Give what each application has of each category; who left a question open would rather not say. One query."""
    names = list(by_category(quotas))
    found = {one: dict.fromkeys(names, NOT_SAID) for one in applications}
    rows = Balance.objects.filter(application__in=applications, category__in=names)
    known = {(one.category, one.value) for one in quotas}
    for application, category, value in rows.values_list("application", "category", "value"):
        if (category, value) in known:
            found[application][category] = value
    return found


def balance_of(application: Application) -> dict[str, str]:
    """Give what an applicant said for the balance. One query."""
    return dict(Balance.objects.filter(application=application).values_list("category", "value"))


def panels_asked(call: Call) -> PanelsAsked | None:
    """Give the newest request for a list of panels, with the list if it is made. One query."""
    return PanelsAsked.objects.filter(call=call).select_related("made").order_by("-pk").first()


def panels_of(lottery: Lottery) -> tuple[list[list[str]], list[list[str]] | None]:
    """Give the list of panels of a lottery, as tickets, and the alternates of each; None in the first method. One query."""
    held = lottery.panel_list
    if held is None:
        return [], None
    numbers = dict(Ticket.objects.filter(lottery=lottery).values_list("application", "number"))
    tickets = [numbers[UUID(one)] for one in held.members]
    panels, listed = (
        [[tickets[place] for place in row] for row in rows] for rows in (held.panels, held.alternates)
    )
    return panels, listed or None


def fixed_facts(lottery: Lottery) -> tuple[dict[str, dict[str, str]], dict[str, str], dict[str, bytes]]:
    """Give by ticket what it has, its salt, and its leaf; of erased ones the leaf alone. Two queries."""
    rows = TicketFacts.objects.filter(application__ticket__lottery=lottery).select_related(
        "application__ticket"
    )
    kept = {one.application.ticket.number: one for one in rows}
    leaves = dict(Ticket.objects.filter(lottery=lottery).values_list("number", "leaf"))
    return (
        {number: one.values for number, one in kept.items()},
        {number: one.salt for number, one in kept.items()},
        {number: bytes.fromhex(leaf) for number, leaf in leaves.items()},
    )
