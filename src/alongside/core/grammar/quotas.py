"""Quotas of a lottery, as the call and the announcement hold them; what tickets have is never on the record."""

from collections.abc import Mapping, Sequence
from typing import Any

from alongside.core.entries import Entry, LogView
from alongside.core.grammar.shape import Check, cited, day, fail, fields, hex64, list_of, number, slug
from alongside.core.quotas import METHODS, Quota, contradictions
from alongside.core.workflow.calls import Selection

QUOTAS = list_of(
    fields({"category": slug, "value": slug, "least": number(0, 1000), "most": number(0, 1000)}), 1, 60
)
#: What an announcement carries beside the plain rules where the lottery has quotas.
BALANCED: Mapping[str, Check] = {
    "quotas": QUOTAS,
    "facts": hex64,
    "panels": hex64,
    "panel_count": number(1, 100_000),
}
ADVISED_ON = {"advised_on": day}


def quotas_of(data: Mapping[str, Any]) -> list[Quota]:
    """Read the quotas that an entry holds; none where it holds none."""
    return [Quota(**one) for one in data.get("quotas", [])]


def quotas_can_be_met(entry: Entry, _log: LogView) -> None:
    """Refuse quotas that nobody could meet, whoever applies, and quotas of a call without a lottery."""
    found = quotas_of(entry.data)
    if found and entry.data.get("selection") == Selection.PANEL:
        fail("this call has no lottery, so there is nothing to balance; take the quotas out.")
    if wrong := contradictions(found, entry.data["seats"]):
        fail("the numbers for {category} cannot be met with these places; change them.", category=wrong[0])


def list_comes_with_quotas(entry: Entry, log: LogView) -> None:
    """Refuse a list of panels without its quotas and roots, quotas without it, and quotas narrower than the call's."""
    there = [name for name in BALANCED if name in entry.data]
    wanted = len(BALANCED) if entry.data["method"] in METHODS else 0
    if len(there) != wanted:
        fail(
            "a lottery with quotas names its quotas, its list of panels and both roots; a plain one names none."
        )
    rules = quotas_of(cited(entry, "call", log).data)
    _refuse_narrower(rules, quotas_of(entry.data))
    if quotas_of(entry.data) != rules and "widened" not in entry.texts:
        fail("the quotas are wider than the call says; write down why.")


def _refuse_narrower(rules: Sequence[Quota], given: Sequence[Quota]) -> None:
    if [(one.category, one.value) for one in rules] != [(one.category, one.value) for one in given]:
        fail("the lottery is balanced by other things than the call says; keep to the call.")
    for rule, one in zip(rules, given, strict=True):
        if one.least > rule.least or one.most < rule.most:
            fail("a quota is narrower than the call says; it can only be made wider.")


def picks_from_its_list(entry: Entry, log: LogView) -> None:
    """Refuse a draw that names no place on the list it was announced with, or names one without a list."""
    count = cited(entry, "lottery", log).data.get("panel_count", 0)
    place = entry.data.get("panel")
    if (place is None) != (count == 0) or (place is not None and place >= count):
        fail(
            "the draw names the place of its panel on the list that was announced, and only then; draw by the rules."
        )
