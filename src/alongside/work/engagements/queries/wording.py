"""The words of the policy pack that a page of an engagement needs, in the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from alongside.core.policy import Pack, Route
from alongside.ground.look.context import Language, language
from alongside.work.projects.queries import EngagementShown


def reading_words(government: str) -> str:
    """Say who can read, in the language in force, as every promise begins to say it."""
    return _("Any one lead who holds the key can read what you write. %(government)s has no key.") % {
        "government": government
    }


def says_who_reads(words: str, lang: str) -> bool:
    """Say whether a promise's own words begin with the rule of who reads, so that a page need not say it twice."""
    with override(lang):
        rule = reading_words("").partition(".")[0]
    return words.startswith(rule)


@dataclass(frozen=True)
class Way:
    """Another way to speak: by phone or on paper, and who answers."""

    kind: str
    words: str
    answered_by: str
    tel: str
    tel_shown: str


@dataclass(frozen=True)
class Wording:
    """What the pack says about one engagement. An empty string is something the pack no longer has."""

    #: What pages call the government: at the beginning of a sentence, and inside one.
    government: str
    named: str
    unit: str = ""
    office: str = ""
    decider: str = ""
    level: str = ""
    means: str = ""
    kept: str = ""
    rule: str = ""
    rule_lang: str = ""
    languages: list[Language] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)


def wording(data: Mapping[str, Any], decider: str, pack: Pack, lang: str, *, now: Pack) -> Wording:
    """Say a promise's units, level and retention as people read them. `decider` is an office, or empty.

    `pack` is the one in force when it was promised: its words are frozen with it. The ways to speak are of the one in
    force `now`, since whoever calls needs the number that rings today.
    """
    level, means = _level(data["level"], pack, lang)
    kept = next((one for one in pack.retention if one.id == data["retention"]), None)
    rule, rule_lang = kept.rule_in(lang) if kept else ("", "")
    office = data.get("office", "")
    return Wording(
        government=government(pack, lang),
        named=pack.government.short.say(lang),
        unit=unit_words(pack, data.get("unit", ""), lang),
        office=pack.office_title(office, lang) if office else "",
        decider=pack.office_title(decider, lang) if decider else "",
        level=level,
        means=means,
        kept=kept.period.say(lang) if kept else "",
        rule=rule,
        rule_lang=rule_lang,
        languages=[language(code) for code in data["languages"]],
        ways=ways_of(now, lang),
    )


def government(pack: Pack, lang: str) -> str:
    """Give what pages call the government, ready to begin a sentence."""
    return str(capfirst(pack.government.short.say(lang)))


def unit_words(pack: Pack, unit: str, lang: str) -> str:
    """Give a unit as people read it; its slug where the pack no longer has it."""
    found = next((one for one in pack.units if one.slug == unit), None)
    return found.name.say(lang) if found else unit


def ways_of(pack: Pack, lang: str) -> list[Way]:
    """List the pack's ways to speak without this page."""
    return [_way(one, lang) for one in pack.routes]


def _way(route: Route, lang: str) -> Way:
    return Way(
        route.kind,
        route.words.say(lang),
        route.answered_by.say(lang),
        route.tel or "",
        route.tel_shown or route.tel or "",
    )


def _level(named: Mapping[str, str], pack: Pack, lang: str) -> tuple[str, str]:
    framework = pack.framework(named["framework"])
    found = next((one for one in framework.shown if one.id == named["level"]), None) if framework else None
    if found is None:
        return "", ""
    return found.name.say(lang), found.means.say(lang) if found.means else ""


@dataclass(frozen=True)
class Item:
    """One engagement of a list: its promise, the unit that promised (empty where none did), and days left to speak."""

    shown: EngagementShown
    unit: str
    days: int
    languages: list[Language]


def items_of(found: Iterable[EngagementShown], pack: Pack, lang: str, today: date) -> list[Item]:
    """Word a list of engagements for a page."""
    return [
        Item(
            shown=one,
            unit=unit_words(pack, one.told.entry.data.get("unit", ""), lang),
            days=one.course.days_left(today),
            languages=[language(code) for code in one.told.entry.data["languages"]],
        )
        for one in found
    ]
