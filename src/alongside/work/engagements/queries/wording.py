"""Give the words of the pack that a promise is made in: who can read, what the government is called, in which ways people speak."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from alongside.core.policy.pack import Pack
from alongside.core.policy.shapes import Route
from alongside.ground.ui.context import Language, language


def reading_words(government: str) -> str:
    """Say who can read, in the language in force, as every promise begins to say it."""
    return _("Any one of the leads chosen for this can read what you write. %(government)s cannot.") % {
        "government": government
    }


def says_who_reads(words: str, lang: str) -> bool:
    """Say whether a promise's own words begin with the rule of who reads, so that a page need not say it twice."""
    with override(lang):
        rule = reading_words("").partition(".")[0]
    return words.startswith(rule)


@dataclass(frozen=True)
class Wording:
    """What the pack says about one engagement. An empty string is something the pack no longer has."""

    #: What pages call the government at the beginning of a sentence; inside one a message says "the City" (ground/ui/governments.py).
    government: str
    unit: str = ""
    office: str = ""
    decider: str = ""
    level: str = ""
    means: str = ""
    kept: str = ""
    rule: str = ""
    rule_lang: str = ""
    languages: list[Language] = field(default_factory=list)
    #: The ways to speak without this page: by phone or on paper, and who answers.
    ways: Sequence[Route] = ()


def wording(data: Mapping[str, Any], decider: str, pack: Pack, lang: str, *, now: Pack) -> Wording:
    """Say a promise's units, level and retention as people read them. `decider` is an office, or empty.

    `pack` is the one in force when it was promised: its words are frozen with it. The ways to speak are of the one in
    force `now`, since whoever calls needs the number that rings today.
    """
    level = None if data["community"] else pack.level(data["level"])  # a level is the City's to promise
    kept = next((one for one in pack.retention if one.id == data["retention"]), None)
    rule, rule_lang = kept.rule_in(lang) if kept else ("", "")
    office = data.get("office", "")
    return Wording(
        government=government(pack, lang),
        unit=pack.unit_name(data.get("unit", ""), lang),
        office=pack.office_title(office, lang) if office else "",
        decider=pack.office_title(decider, lang) if decider else "",
        level=level.name.say(lang) if level else "",
        means=level.means.say(lang) if level and level.means else "",
        kept=kept.period.say(lang) if kept else "",
        rule=rule,
        rule_lang=rule_lang,
        languages=[language(code) for code in data["languages"]],
        ways=now.routes,
    )


def government(pack: Pack, lang: str) -> str:
    """Give what pages call the government, ready to begin a sentence."""
    return str(capfirst(pack.government.short.say(lang)))
